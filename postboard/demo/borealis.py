"""Borealis Outdoor: plain words, weather, and gear that lasts."""

from postboard.demo.agency import Part
from postboard.demo.story import Change, Story, Wish
from postboard.domain.workflow import ChangeTag as Tag
from postboard.domain.workflow import State

SLEEP, REPAIR = "Sleep higher", "Repair, not replace"

STORIES = (
    Story(
        "Northern lights forecast for the weekend: strong, and the sky stays clear above 1,500"
        " metres.\n\nPack warm, switch the headlamp to red, and let the others sleep. They will"
        " forgive you. 🌌",
        State.PUBLISHED,
        ("instagram", "threads"),
        title="Aurora weekend",
        pictures=("borealis-peaks",),
        campaign=SLEEP,
        day=-8,
        hour=17,
    ),
    Story(
        "We slept eleven nights in the new Aurora 2 before we let anybody photograph it.\n"
        "1,480 g with pegs. Pitches in one go, fly first, so that the inside stays dry while you"
        " curse the rain.\n\nThe field notes, condensation included, are on the blog.",
        State.PUBLISH_FAILED,
        ("instagram", "x", "pinterest"),
        title="Aurora 2: field notes",
        pictures=("borealis-tent",),
        link="https://borealis.example/journal/aurora-2",
        campaign=SLEEP,
        day=-1,
        hour=10,
        reason="X refused the post: the access to @borealis_out has expired. Connect the account"
        " again, then retry.",
        client=(
            Change(
                "Weight without pegs is 1,480 g; with pegs it is 1,620. Our customers weigh"
                " everything.",
                (Tag.FACTS,),
                "1,480 g with pegs",
                "1,620 g with pegs",
            ),
        ),
    ),
    Story(
        "Sunday reset: one pass, two sandwiches, no signal.",
        State.SCHEDULED,
        ("instagram", "threads"),
        pictures=("borealis-trail",),
        day=3,
        hour=8,
        quiet_h=8,
    ),
    Story(
        "Your jacket is not dead, it is thirsty.\n"
        "Wash, dry, re-proof: forty minutes, two products, three more seasons. Ruth from our"
        " repair bench shows how.\n\n#repairnotreplace",
        State.APPROVED,
        ("instagram", "threads"),
        title="Repair bench 1: re-proofing",
        pictures=("borealis-tent",),
        first_comment="Chapters: 0:40 washing, 3:10 drying, 5:25 re-proofing.",
        campaign=REPAIR,
        day=6,
        hour=16,
        quiet_h=28,
        internal=(
            Change(
                "The still shows the tent. Take one where fabric and hands can be seen, or the"
                " trail until the shoot is in.",
                (Tag.IMAGE,),
                picture="borealis-trail",
            ),
        ),
    ),
    Story(
        "Tag the friend who says “just one more ridge”.",
        State.APPROVED,
        ("instagram", "x", "threads"),
        pictures=("borealis-peaks",),
        day=-2,
        hour=12,
        quiet_h=70,
    ),
    Story(
        "A sleeping bag’s temperature number is not a promise.\n\n"
        "Comfort is where most people sleep. Limit is where a strong sleeper curls up. Extreme is"
        " where you survive, and remember it.\n\n"
        "If you sleep cold, take ten degrees off and a hot bottle with you.",
        State.CLIENT_REVIEW,
        ("instagram", "pinterest"),
        title="Reading a sleeping bag label",
        pictures=("borealis-tent", "borealis-peaks"),
        campaign=SLEEP,
        day=5,
        hour=9,
        quiet_h=30,
        client=(
            Change(
                "Ten degrees sounds like a rule. Say five and add that it is our experience.",
                (Tag.FACTS, Tag.LEGAL),
                "take ten degrees off",
                "in our experience, take five degrees off",
            ),
        ),
    ),
    Story(
        "Trail work Saturday, Mile 14 to the footbridge.\n"
        "We bring tools, gloves and soup. You bring boots and a friend. 9 am, rain or shine.",
        State.CLIENT_REVIEW,
        ("instagram", "threads", "x"),
        title="Trail work day",
        pictures=("borealis-trail",),
        day=1,
        hour=7,
        quiet_h=52,
    ),
    Story(
        "The best campsite in the park? We will not say it here.\n"
        "Write to us, tell us your worst night out, and we send you the coordinates.",
        State.CLIENT_REWORK,
        ("instagram", "threads"),
        title="Secret campsite",
        pictures=("borealis-tent",),
        campaign=SLEEP,
        day=-3,
        hour=18,
        quiet_h=27,
        client=(
            Change(
                "Park rangers asked us not to push people to unmarked places. Make it about"
                " marked sites.",
                (Tag.LEGAL, Tag.BRAND),
                "The best campsite in the park? We will not say it here.",
                "The best marked campsite in the park? Everybody has an opinion.",
            ),
            Change(
                "Better. But “coordinates” still sounds like a secret place.",
                (Tag.COPY,),
                "and we send you the coordinates.",
                "and we send you a map of all 41 sites.",
            ),
            Change(
                "It is 38 sites since the flood. And could the picture show a wooden platform?"
                " Ours look like that.",
                (Tag.FACTS, Tag.IMAGE),
            ),
        ),
    ),
    Story(
        "Zips fail first. That is why ours come out with four stitches and go back in at any"
        " tailor’s.",
        State.CLIENT_REWORK,
        ("instagram", "x"),
        title="Zips",
        pictures=("borealis-peaks",),
        campaign=REPAIR,
        day=4,
        hour=13,
        quiet_h=19,
        client=(
            Change(
                "Only the Ridge and Fjell jackets have this zip. Name them, or people will bring"
                " us ten-year-old parkas.",
                (Tag.FACTS,),
            ),
        ),
    ),
    Story(
        "Three knots, one rope, no app.\nSave it before you lose signal. 🪢",
        State.READY_FOR_CLIENT,
        ("pinterest", "instagram"),
        title="Three knots",
        pictures=("borealis-trail",),
        day=8,
        hour=11,
        quiet_h=21,
    ),
    Story(
        "New in Vancouver: rent the tent before you buy it. Two nights, 30 dollars, taken off the"
        " price if you keep it.",
        State.INTERNAL_REVIEW,
        ("instagram", "threads"),
        title="Rent before you buy",
        pictures=("borealis-tent",),
        campaign=SLEEP,
        day=7,
        hour=10,
        quiet_h=4,
    ),
    Story(
        "Our 2019 shell against our 2026 shell, in the same storm, with the same grumpy tester.",
        State.INTERNAL_REWORK,
        ("instagram", "threads"),
        title="Old shell, new shell",
        pictures=("borealis-peaks",),
        campaign=REPAIR,
        day=10,
        hour=15,
        quiet_h=44,
        internal=(
            Change(
                "A good idea hidden in a shrug. Say what came out: which one leaked, where, after"
                " how long.",
                (Tag.COPY, Tag.FACTS),
            ),
        ),
    ),
    Story(
        "Packing list for a hut weekend in shoulder season, on one page, tested by people who"
        " forget socks.",
        State.IN_PRODUCTION,
        ("pinterest", "instagram"),
        title="Hut weekend packing list",
        campaign=SLEEP,
        day=13,
        hour=9,
        quiet_h=31,
        holder=Part.DESIGNER,
        wish=Wish(
            "One tall picture with the list on it, readable on a phone at arm’s length.",
            day=5,
            hour=12,
            also=Part.WRITER,
            taken=True,
        ),
    ),
    Story(
        "What does 600 fill power mean? A feather, a ruler and two minutes.",
        State.DRAFT,
        ("youtube", "threads"),
        title="Down, explained",
        finished=True,
        day=15,
        hour=10,
        quiet_h=18,
    ),
)
