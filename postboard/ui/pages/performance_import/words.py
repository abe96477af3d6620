"""What the page calls the figures, and the states of an import."""

from typing import Final

from postboard.db.queries.measured import ImportState
from postboard.locale import N_

METRICS: Final = {
    "impressions": N_("Impressions"),
    "reach": N_("Reach"),
    "video_views": N_("Video views"),
    "likes": N_("Likes"),
    "comments": N_("Comments"),
    "shares": N_("Shares"),
    "saves": N_("Saves"),
    "link_clicks": N_("Link clicks"),
    "other_clicks": N_("Other clicks"),
    "profile_actions": N_("Profile actions"),
    "follows": N_("New followers"),
    "watch_seconds": N_("Seconds watched"),
    "duration_s": N_("Length in seconds"),
    "paid_impressions": N_("Paid impressions"),
    "spend": N_("Money spent"),
    "engagements": N_("Engagements, as the network sums them"),
}

DAY_FIGURES: Final = {
    "followers": N_("Followers"),
    "follower_delta": N_("Followers won or lost"),
    "impressions": METRICS["impressions"],
    "reach": METRICS["reach"],
    "profile_visits": N_("Profile visits"),
}

STATES: Final = {
    ImportState.AT_WORK.value: N_("Coming in"),
    ImportState.STOPPED.value: N_("Stopped in the middle. The same file goes on from there."),
    ImportState.DONE.value: N_("Imported"),
    ImportState.UNDONE.value: N_("Undone"),
}
