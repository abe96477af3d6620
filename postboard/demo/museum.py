"""Little Harbour Museum: small stories of objects; the agency approves on its own."""

from postboard.demo.agency import Part
from postboard.demo.story import Change, Story
from postboard.domain.workflow import ChangeTag as Tag
from postboard.domain.workflow import State

TIDES = "Tides and Trades"

STORIES = (
    Story(
        "This ledger lists every barrel of herring that left the harbour in 1887.\n"
        "On the last page somebody has drawn a cat. We do not know who. We have looked.",
        State.PUBLISHED,
        ("mastodon", "bluesky", "facebook"),
        title="Object of the week: the ledger",
        pictures=("museum-arch",),
        campaign=TIDES,
        day=-6,
        hour=10,
    ),
    Story(
        "Thank you. 412 of you walked through the new gallery on Saturday, and one of you"
        " proposed under the whale. (Yes.) 💙",
        State.PUBLISHED,
        ("instagram", "facebook"),
        title="Opening weekend",
        pictures=("museum-boat",),
        campaign=TIDES,
        day=-10,
        hour=12.5,
        reason="Facebook did not answer for an hour. Nothing was posted.",
        published_link="https://facebook.example/littleharbourmuseum/posts/2214",
    ),
    Story(
        "Half-term: knots, nets and noise.\n"
        "Drop-in workshops from Monday to Friday, 11 to 3, free with your ticket. For ages five"
        " and up, and for grandparents.",
        State.SCHEDULED,
        ("facebook", "instagram"),
        title="Half-term workshops",
        pictures=("museum-boat",),
        day=1,
        hour=9,
        quiet_h=46,
    ),
    Story(
        "Late opening on Thursday: the galleries by lamplight, a shanty or two, and the bar in"
        " the old sail loft. Doors at six.",
        State.SCHEDULED,
        ("instagram", "bluesky"),
        title="Museum late",
        pictures=("museum-lamp",),
        campaign=TIDES,
        day=4,
        hour=16,
        quiet_h=25,
        internal=(
            Change(
                "The lift is off on Thursday evening. Visitors have to know that before they come.",
                (Tag.FACTS,),
                "Doors at six.",
                "Doors at six. The lift is being repaired that evening; write to us, and we find"
                " a way.",
            ),
        ),
    ),
    Story(
        "She kept the light for 31 years and was paid as his assistant.\n\n"
        "Grace Penrose trimmed the lamp, wrote the log and rowed out twice in a gale. Her name is"
        " on no plaque. From Friday it is on ours.",
        State.APPROVED,
        ("facebook", "mastodon", "bluesky"),
        title="Grace Penrose",
        pictures=("museum-lamp",),
        link="https://littleharbour.example/stories/grace-penrose",
        campaign=TIDES,
        day=5,
        hour=8.5,
        quiet_h=7,
        internal=(
            Change(
                "The log says 31 years, the census 29. Ask the archive which one we can stand for.",
                (Tag.FACTS,),
                "for 31 years",
                "for nearly thirty years",
            ),
            Change(
                "“His assistant”: whose? Name the husband or leave him out.",
                (Tag.COPY,),
                "was paid as his assistant",
                "was paid as an assistant",
            ),
        ),
    ),
    Story(
        "Members see it first: the restored lifeboat comes home on Sunday’s high tide, 7.42 in"
        " the morning. Bring a flask.",
        State.INTERNAL_REVIEW,
        ("facebook", "instagram"),
        title="Lifeboat returns",
        pictures=("museum-boat",),
        campaign=TIDES,
        day=6,
        hour=17,
        quiet_h=23,
    ),
    Story(
        "What is this? Oak, iron, as long as your arm, and found in a chimney.\n"
        "Guesses below; the answer is up on Friday.",
        State.INTERNAL_REVIEW,
        ("mastodon", "bluesky", "instagram"),
        title="What is this?",
        pictures=("museum-arch",),
        day=-1,
        hour=13,
        quiet_h=55,
    ),
    Story(
        "Volunteers wanted!! Fun team, great vibes, free tea.",
        State.INTERNAL_REWORK,
        ("facebook",),
        title="Volunteers",
        pictures=("museum-arch",),
        day=8,
        hour=11,
        quiet_h=20,
        internal=(
            Change(
                "Not the museum’s voice. Say what a morning at the desk is like, how many hours,"
                " and whom to ring.",
                (Tag.BRAND, Tag.COPY),
            ),
        ),
    ),
    Story(
        "How do you move a whale? Slowly, and through the window. Time-lapse in forty seconds.",
        State.IN_PRODUCTION,
        ("instagram", "facebook"),
        title="Moving the whale",
        campaign=TIDES,
        day=9,
        hour=18,
        quiet_h=29,
        holder=Part.DESIGNER,
    ),
    Story(
        "Sea shanty of the month. We need a voice, a verse and permission for the recording.",
        State.DRAFT,
        ("instagram", "mastodon"),
        title="Shanty of the month",
        in_production=False,
        quiet_h=200,
    ),
    Story(
        "Everything in the shop that is made within ten miles: rope soap, oyster spoons, and a"
        " very small brass anchor.",
        State.DRAFT,
        ("facebook", "instagram"),
        title="Shop: made nearby",
        finished=True,
        day=12,
        hour=10,
        quiet_h=6,
    ),
)
