"""Every export of figures that is read. A new one is a row of this table."""

from collections.abc import Sequence
from typing import Final

from postboard.imports.metric_format import Format, Holds, new_format
from postboard.imports.metric_headers import english_key, header_key
from postboard.imports.plan_dates import DateOrder
from postboard.imports.workbook import Cell
from postboard.locale import N_


def format_of(cells: Sequence[Cell]) -> Format | None:
    """The format these cells are the header of; the one that asks most of a header wins."""
    keys = {english_key(cell) for cell in cells if isinstance(cell, str) and cell}
    fitting = [one for one in FORMATS if _fits(one, keys)]
    return max(fitting, key=lambda one: len(one.needs), default=None)


def header_score(cells: Sequence[Cell]) -> int:
    """How many columns of known formats these cells name; it settles a file's delimiter."""
    keys = {english_key(cell) for cell in cells if isinstance(cell, str) and cell}
    return len(keys & _KNOWN)


def _fits(one: Format, keys: set[str]) -> bool:
    return (
        all(needed.keys & keys for needed in one.needs)
        and not one.lacks & keys
        and not (one.nothing_else and keys - one.known)
    )


_META_POST: Final = {
    "id": "Post ID | Video asset ID",
    "link": "Permalink",
    "text": "Description | Title",
    "type": "Post type",
    "network": "Platform",
    "posted": "Publish time | Date",
    "window": "Date",
    "impressions": "Views | Impressions",
    "reach": "Reach",
    "comments": "Comments",
    "shares": "Shares",
    "saves": "Saves",
    "follows": "Follows",
    "duration_s": "Duration (sec)",
}
_META_ALSO: Final = (
    "Page ID; Account ID; Account username; Account name; Universal video ID; Title; Caption type;"
    " Is crosspost; Is share; Languages; Custom labels; Funded content status; Data comment;"
    " Reactions, Comments and Shares; Total clicks; 1-minute video views; 3-second viewers;"
    " 1-minute viewers; 3-second video views from Boosted posts;"
    " 3-second video views from Organic posts; Reach from Organic posts; Reach from Boosted posts;"
    " Negative feedback from users; Unique negative feedback from users;"
    " Negative feedback from users: Hide all; IMPRESSION:UNIQUE_USERS; Average Seconds viewed;"
    " Estimated earnings (USD); Ad impressions"
)
_META_FACEBOOK: Final = {
    **_META_POST,
    "account": "Page name | Account name",
    "likes": "Reactions | Likes",
    "video_views": "3-second video views | Video views",
    "link_clicks": "Link clicks",
    "other_clicks": "Other clicks + Matched Audience Targeting Consumption (Photo Click)",
    "watch_seconds": "Seconds viewed",
}
_X_POST: Final = {
    "id": "Post id",
    "link": "Post link | Link",
    "text": "Post text",
    "posted": "Date",
    "impressions": "Impressions",
    "likes": "Likes",
    "comments": "Replies",
    "shares": "Reposts",
    "saves": "Bookmarks",
    "link_clicks": "URL clicks",
    "other_clicks": "Profile visits + Detail expands + Hashtag clicks + Permalink clicks",
    "follows": "New follows",
    "engagements": "Engagements",
}
_X_LEGACY_PARTS: Final = (
    *("engagements", "engagement rate", "retweets", "replies", "likes", "user profile clicks"),
    *("url clicks", "hashtag clicks", "detail expands", "permalink clicks", "app opens"),
    *("app installs", "follows", "email tweet", "dial phone", "media views", "media engagements"),
)
_X_LEGACY_ALSO: Final = ";".join(
    (*_X_LEGACY_PARTS, "promoted impressions", *(f"promoted {part}" for part in _X_LEGACY_PARTS))
)
_TIKTOK_POST: Final = {
    "link": "Video link",
    "text": "Video title",
    "posted": "Post time",
    "exported": "Time",
    "impressions": "Total views | Video views",
    "video_views": "Total views | Video views",
    "likes": "Total likes | Likes",
    "comments": "Total comments | Comments",
    "shares": "Total shares | Shares",
    "saves": "Add to favorites",
}
_TIKTOK_DAY: Final = {
    "day": "Date",
    "impressions": "Video views",
    "reach": "Reached audience | Total viewers",
    "profile_visits": "Profile views",
    "followers": "Followers",
    "follower_delta": "Net growth | Difference in followers from previous day",
    "new_followers": "New followers",
}

FORMATS: Final = (
    new_format(
        "meta_facebook_content",
        N_("Facebook posts of Meta Business Suite"),
        Holds.POSTS,
        "facebook",
        "Post ID; Page name | Page ID; Publish time | Date",
        lacks="Account username; Platform",
        columns=_META_FACEBOOK,
        also=_META_ALSO,
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "meta_facebook_videos",
        N_("Facebook videos of Meta Business Suite"),
        Holds.POSTS,
        "facebook",
        "Video asset ID; Page name | Page ID; Publish time",
        columns=_META_FACEBOOK,
        also=_META_ALSO,
        order=DateOrder.MONTH_FIRST,
        post_type="video",
    ),
    new_format(
        "meta_content",
        N_("Posts of several networks, with the columns of Meta Business Suite"),
        Holds.POSTS,
        "",
        "Post ID; Platform; Page name | Page ID; Publish time | Date",
        columns=_META_FACEBOOK,
        also=_META_ALSO,
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "meta_instagram_content",
        N_("Instagram posts of Meta Business Suite"),
        Holds.POSTS,
        "instagram",
        "Post ID; Account username | Account name; Account ID | Account username; Publish time",
        lacks="Page ID",
        columns={**_META_POST, "account": "Account username | Account name", "likes": "Likes"},
        also=_META_ALSO,
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "meta_daily",
        N_("Day by day chart of Meta Business Suite"),
        Holds.ACCOUNT_DAYS,
        "",
        "Date; Primary",
        columns={"day": "Date", "primary": "Primary"},
        sections=True,
    ),
    new_format(
        "facebook_insights",
        N_("Posts of Facebook Page Insights"),
        Holds.POSTS,
        "facebook",
        "Post ID; Permalink; Posted; "
        "Lifetime Post Total Reach | post_impressions_unique:lifetime "
        "| Lifetime Post Total Impressions | post_impressions:lifetime",
        columns={
            "id": "Post ID",
            "link": "Permalink",
            "text": "Post Message",
            "type": "Type",
            "posted": "Posted",
            "impressions": "Lifetime Post Total Impressions | post_impressions:lifetime",
            "paid_impressions": "Lifetime Post Paid Impressions | post_impressions_paid:lifetime",
            "reach": "Lifetime Post Total Reach | post_impressions_unique:lifetime",
            "likes": "stories: like",
            "comments": "stories: comment",
            "shares": "stories: share",
            "link_clicks": "consumptions: link clicks",
            "other_clicks": "consumptions: other clicks + consumptions: photo view"
            " + consumptions: video play",
            "video_views": "Lifetime Organic Video Views + Lifetime Paid Video Views"
            " | post_video_views_organic:lifetime + post_video_views_paid:lifetime",
            "duration_s": "Lifetime Video length | post_video_length:lifetime",
        },
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "x_legacy_posts",
        N_("Posts of the former Twitter Analytics"),
        Holds.POSTS,
        "x",
        "Tweet id; Tweet text; time; impressions",
        columns={
            "id": "Tweet id",
            "link": "Tweet permalink",
            "text": "Tweet text",
            "posted": "time",
            "impressions": "impressions",
            "paid_impressions": "promoted impressions",
            "video_views": "media views",
            "likes": "likes",
            "comments": "replies",
            "shares": "retweets",
            "link_clicks": "url clicks",
            "other_clicks": "user profile clicks + hashtag clicks + detail expands"
            " + permalink clicks",
            "follows": "follows",
            "engagements": "engagements",
        },
        also=_X_LEGACY_ALSO,
    ),
    new_format(
        "x_legacy_days",
        N_("Day by day figures of the former Twitter Analytics"),
        Holds.ACCOUNT_DAYS,
        "x",
        "Date; Tweets published; impressions",
        columns={
            "day": "Date",
            "impressions": "impressions",
            "profile_visits": "user profile clicks",
            "new_followers": "follows",
        },
        also=_X_LEGACY_ALSO,
    ),
    new_format(
        "x_posts",
        N_("Posts of X Analytics"),
        Holds.POSTS,
        "x",
        "Post id; Date; Post text; Impressions; Engagements | Likes",
        columns=_X_POST,
        also="Share; Shares",
    ),
    new_format(
        "x_days",
        N_("Day by day figures of X Analytics"),
        Holds.ACCOUNT_DAYS,
        "x",
        "Date; Impressions; Engagements; New follows; Create Post | Unfollows",
        columns={
            "day": "Date",
            "impressions": "Impressions",
            "profile_visits": "Profile visits",
            "new_followers": "New follows",
            "follower_delta": "New follows - Unfollows",
        },
        also="Likes; Bookmarks; Shares; Replies; Reposts; Video views; Media views; Create Post",
    ),
    new_format(
        "linkedin_page_posts",
        N_("Posts of a LinkedIn page"),
        Holds.POSTS,
        "linkedin",
        "Post title; Post link; Created date; Impressions",
        columns={
            "link": "Post link",
            "text": "Post title",
            "type": "Content Type",
            "posted": "Created date",
            "impressions": "Impressions",
            "video_views": "Views",
            "likes": "Likes",
            "comments": "Comments",
            "shares": "Reposts",
            "other_clicks": "Clicks",
            "follows": "Follows",
        },
        also="Post type; Campaign name; Posted by; Campaign start date; Campaign end date;"
        " Audience; Offsite Views; Click through rate (CTR); Engagement rate",
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "linkedin_page_days",
        N_("Day by day figures of a LinkedIn page"),
        Holds.ACCOUNT_DAYS,
        "linkedin",
        "Date; Impressions (total) | Impressions (organic); Clicks (total) | Clicks (organic)",
        columns={
            "day": "Date",
            "impressions": "Impressions (total) | Impressions (organic)",
            "reach": "Unique impressions (organic)",
        },
        also=";".join(
            f"{counted} ({paid})"
            for counted in (
                *("Impressions", "Clicks", "Reactions", "Comments", "Reposts", "Engagement rate"),
            )
            for paid in ("organic", "sponsored", "total")
        ),
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "linkedin_personal_posts",
        N_("Top posts of a LinkedIn profile"),
        Holds.POSTS,
        "linkedin",
        "Post URL; Post publish date; Impressions | Engagements",
        columns={
            "link": "Post URL",
            "posted": "Post publish date",
            "impressions": "Impressions",
            "engagements": "Engagements",
        },
        order=DateOrder.MONTH_FIRST,
        window="period",
    ),
    new_format(
        "linkedin_personal_days",
        N_("Day by day figures of a LinkedIn profile"),
        Holds.ACCOUNT_DAYS,
        "linkedin",
        "Date; Impressions; Engagements",
        nothing_else=True,
        columns={"day": "Date", "impressions": "Impressions"},
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "linkedin_personal_followers",
        N_("Followers of a LinkedIn profile, day by day"),
        Holds.ACCOUNT_DAYS,
        "linkedin",
        "Date; New followers",
        nothing_else=True,
        columns={"day": "Date", "new_followers": "New followers", "followers": "Total followers"},
        order=DateOrder.MONTH_FIRST,
    ),
    new_format(
        "tiktok_posts",
        N_("Videos of TikTok Analytics"),
        Holds.POSTS,
        "tiktok",
        "Video link; Post time; Total views",
        columns=_TIKTOK_POST,
        post_type="video",
    ),
    new_format(
        "tiktok_business_posts",
        N_("Videos of TikTok's Business Center"),
        Holds.POSTS,
        "tiktok",
        "Video link; Post time; Video views; Likes",
        columns=_TIKTOK_POST,
        post_type="video",
    ),
    new_format(
        "tiktok_days",
        N_("Day by day overview of TikTok Analytics"),
        Holds.ACCOUNT_DAYS,
        "tiktok",
        "Date; Video views; Profile views",
        lacks="Net growth; Reached audience",
        columns=_TIKTOK_DAY,
        also="Likes; Comments; Shares",
    ),
    new_format(
        "tiktok_viewers",
        N_("Viewers of TikTok Analytics, day by day"),
        Holds.ACCOUNT_DAYS,
        "tiktok",
        "Date; Total viewers; New viewers",
        columns=_TIKTOK_DAY,
        also="Returning Viewers",
    ),
    new_format(
        "tiktok_followers",
        N_("Followers of TikTok Analytics, day by day"),
        Holds.ACCOUNT_DAYS,
        "tiktok",
        "Date; Followers; Difference in followers from previous day",
        columns=_TIKTOK_DAY,
    ),
    new_format(
        "tiktok_business_days",
        N_("Day by day figures of TikTok's Business Center"),
        Holds.ACCOUNT_DAYS,
        "tiktok",
        "Date; Video views; Net growth | Reached audience",
        columns=_TIKTOK_DAY,
        also="Likes; Comments; Shares; Lost followers",
    ),
    new_format(
        "youtube_posts",
        N_("Videos of YouTube Studio"),
        Holds.POSTS,
        "youtube",
        "Content; Video title; Video publish time",
        lacks="Date",
        columns={
            "id": "Content",
            "text": "Video title",
            "posted": "Video publish time",
            "impressions": "Views",
            "video_views": "Views",
            "reach": "Unique viewers",
            "likes": "Likes",
            "comments": "Comments added",
            "shares": "Shares",
            "follows": "Subscribers",
            "watch_seconds": "Watch time (hours)",
            "duration_s": "Duration",
        },
        also="Impressions; Impressions click-through rate (%); Engaged views; Dislikes;"
        " YouTube Premium views; Regular viewers; Casual viewers; New viewers;"
        " Average views per viewer; Stayed to watch (%); Average view duration;"
        " Average percentage viewed (%); Likes (vs. dislikes) (%); Estimated revenue (USD)",
        window="period",
        post_type="video",
        total="Total",
    ),
    new_format(
        "youtube_days",
        N_("Day by day totals of YouTube Studio"),
        Holds.ACCOUNT_DAYS,
        "youtube",
        "Date; Views | Watch time (hours) | Subscribers",
        nothing_else=True,
        columns={
            "day": "Date",
            "impressions": "Views",
            "reach": "Unique viewers",
            "follower_delta": "Subscribers",
        },
        also="Watch time (hours); Impressions; Impressions click-through rate (%); Engaged views;"
        " Likes; Dislikes; Comments added; Shares; Subscribers gained; Subscribers lost;"
        " Average view duration; Estimated revenue (USD)",
        total="Total",
    ),
    new_format(
        "publer_posts",
        N_("Post insights of Publer"),
        Holds.POSTS,
        "",
        "Date; Social account; Social network; Post link",
        columns={
            "link": "Post link",
            "text": "Post text",
            "account": "Social account",
            "network": "Social network",
            "type": "Post type",
            "posted": "Date",
            "reach": "Reach",
            "video_views": "Video views",
            "likes": "Reactions | Likes",
            "comments": "Comments",
            "shares": "Shares",
            "link_clicks": "Link clicks",
        },
        also="Reach rate (%); Engagement rate (%); Click through rate (%); Action",
    ),
    new_format(
        "publer_overview",
        N_("Overview of Publer"),
        Holds.POSTS,
        "",
        "Post; Post Text; Reach; Engagement rate",
        sections=True,
        also="Reach rate; Post clicks; Click through rate",
        columns={
            "link": "Post",
            "text": "Post Text",
            "reach": "Reach",
            "video_views": "Video views",
            "likes": "Likes",
            "comments": "Comments",
            "shares": "Shares",
            "link_clicks": "Link clicks",
        },
    ),
)
SCALES: Final = {
    header_key("Watch time (hours)"): 3600,
    header_key("Lifetime Video length"): 0.001,
    header_key("post_video_length:lifetime"): 0.001,
}
"""What a value is multiplied by to be in seconds."""
CHART_TITLES: Final = {
    "reach": "reach",
    "views": "impressions",
    "impressions": "impressions",
    "visits": "profile_visits",
    "instagram profile visits": "profile_visits",
    "facebook visits": "profile_visits",
    "instagram follows": "new_followers",
    "facebook follows": "new_followers",
    "follows": "new_followers",
    "net follows": "follower_delta",
}
"""What Meta's charts of one number a day show, by the title above them."""

_KNOWN: Final = frozenset[str]().union(*(one.known for one in FORMATS))
