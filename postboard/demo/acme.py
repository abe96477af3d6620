"""Acme Coffee: warm, precise about coffee, never loud."""

from postboard.demo.agency import Part
from postboard.demo.story import Change, OwnChain, StageOf, Story, Wish
from postboard.domain.chains import Rule, Side
from postboard.domain.workflow import ChangeTag as Tag
from postboard.domain.workflow import State

SPRING, SUMMER = "New season blend", "Café summer"

STORIES = (
    Story(
        "The new season blend is here.\n"
        "Two farms in Huila, one in Sidama: red apple first, cocoa last, honey in between.\n\n"
        "In all our cafés from this morning, and in 250 g bags to take home. ☕",
        State.PUBLISHED,
        ("instagram", "facebook"),
        title="New season blend: launch",
        pictures=("acme-cup",),
        campaign=SPRING,
        day=-12,
        hour=8,
        internal=(
            Change(
                "“First apple, then honey” reads like a recipe. Start with the fruit and end on"
                " the cocoa, as on the tasting card.",
                (Tag.COPY,),
                "red apple first, cocoa last, honey in between",
                "red apple, then honey, then a long cocoa finish",
            ),
        ),
    ),
    Story(
        "Meet Lucía, who grows a third of the new blend at 1,750 metres above Pitalito.\n"
        "She picks in three passes, so that only ripe cherries leave the hill. We pay her 42 %"
        " above the market price and print the price on the bag.\n\n"
        "The whole conversation is on our site, in Spanish and in German.",
        State.PUBLISHED,
        ("linkedin", "facebook"),
        title="Growers: Lucía",
        pictures=("acme-beans",),
        link="https://acme-coffee.example/growers/lucia",
        campaign=SPRING,
        day=-5,
        hour=11.5,
        client=(
            Change(
                "The premium is 38 % for this harvest, 42 was last year. Legal needs the"
                " right one.",
                (Tag.FACTS, Tag.LEGAL),
                "42 %",
                "38 %",
            ),
        ),
    ),
    Story(
        "Rain outside, beans inside.\nTell us what you read with the second cup. 📖",
        State.SCHEDULED,
        ("instagram", "facebook"),
        pictures=("acme-beans",),
        campaign=SPRING,
        day=2,
        hour=9.5,
    ),
    Story(
        "Three ways to brew the new blend, none of them wrong:\n"
        "1. V60, 15 g to 250 g, 93 °C, three minutes\n"
        "2. Moka pot, pre-heated water, off the flame at the first gurgle\n"
        "3. Cold, 60 g to a litre, overnight in the fridge\n\n"
        "Save this for Saturday. #brewathome #acmecoffee",
        State.APPROVED,
        ("instagram", "tiktok"),
        title="Three ways to brew",
        pictures=("acme-cup", "acme-beans"),
        first_comment="Grinder settings for the usual hand grinders are in our bio link.",
        campaign=SPRING,
        day=5,
        hour=10,
        quiet_h=6,
        client=(
            Change(
                "We say 94 °C in the cafés. Use the same here, otherwise the baristas get"
                " questions.",
                (Tag.FACTS,),
                "93 °C",
                "94 °C",
            ),
        ),
    ),
    Story(
        "Free refill all Friday at the Naschmarkt café: bring your own cup, pay for the first"
        " one, stay as long as you like.",
        State.ON_HOLD,
        ("instagram", "facebook"),
        title="Refill Friday",
        pictures=("acme-terrace",),
        day=8,
        hour=8,
        quiet_h=30,
        waived="Lena has agreed to the terms, they hang in the café. Only this Friday.",
        reason="The café may be closed that Friday for the new counter. I will know on Monday;"
        " please keep the slot.",
    ),
    Story(
        "The terrace opens on Thursday at seven.\n"
        "Same espresso, more sky. First twenty guests get a cardamom bun on the house. 🌞",
        State.CLIENT_REVIEW,
        ("instagram", "facebook"),
        title="Terrace opening",
        pictures=("acme-terrace",),
        campaign=SUMMER,
        day=6,
        hour=7,
        quiet_h=22,
        chain=OwnChain(
            (
                StageOf(Side.INTERNAL, "", ("cora", "iris")),
                StageOf(Side.CLIENT, "Brand and law", ("cleo", "lena"), Rule.ALL, due_hours=24),
            ),
            "A free bun is a promotion: the client’s lawyer has to agree.",
            yes="lena",
        ),
    ),
    Story(
        "What is a “washed” coffee, and why does it taste so clean?\n"
        "Swipe through: cherry, pulp, tank, patio, sack. Ten days in five pictures.",
        State.CLIENT_REVIEW,
        ("instagram", "linkedin"),
        title="Coffee school 1: washed",
        planned_back=True,
        pictures=("acme-terrace", "acme-cup"),
        day=3,
        hour=12,
        quiet_h=75,
        internal=(
            Change(
                "The terrace has nothing to do with washing: lead with the beans, the cup comes"
                " at the end.",
                (Tag.IMAGE,),
                picture="acme-beans",
            ),
        ),
        client=(
            Change(
                "Ten days is too precise, it depends on the weather. And please no “swipe”, half"
                " of our people read this on LinkedIn.",
                (Tag.COPY, Tag.FACTS),
                "Swipe through: cherry, pulp, tank, patio, sack. Ten days in five pictures.",
                "Cherry, pulp, tank, patio, sack: a week or two, in two pictures.",
            ),
        ),
    ),
    Story(
        "Our baristas vote: the best cake to go with a flat white is the plum crumble.\n"
        "We did not expect 11 to 2 either.",
        State.CLIENT_REWORK,
        ("instagram", "facebook"),
        title="Cake vote",
        planned_back=True,
        pictures=("acme-terrace",),
        day=4,
        hour=14.5,
        quiet_h=5,
        client=(
            Change(
                "Lovely, but the picture shows the terrace and no cake. We have new ones from"
                " Tuesday’s shoot, folder “Crumble”. And the vote was 11 to 3.",
                (Tag.IMAGE, Tag.FACTS),
                "11 to 2",
                "11 to 3",
            ),
        ),
    ),
    Story(
        "We roast on Mondays and Wednesdays, and you can watch.\n"
        "Ten places, ninety minutes, as many questions as you like. Book by sending “roast” as a"
        " message.",
        State.READY_FOR_CLIENT,
        ("facebook", "instagram"),
        title="Roastery visits",
        planned_back=True,
        pictures=("acme-beans",),
        day=9,
        hour=17,
        quiet_h=3,
    ),
    Story(
        "Decaf that does not apologise.\n"
        "Sugar-cane process, caramel and mandarin, and you sleep at night.",
        State.INTERNAL_REVIEW,
        ("instagram", "threads"),
        title="Decaf relaunch",
        planned_back=True,
        pictures=("acme-cup",),
        campaign=SPRING,
        day=7,
        hour=16,
        quiet_h=27,
    ),
    Story(
        "Iced filter is back!!! The ultimate summer drink you NEED to try!!!",
        State.INTERNAL_REWORK,
        ("instagram", "tiktok"),
        title="Iced filter",
        pictures=("acme-cup",),
        campaign=SUMMER,
        day=-1,
        hour=15,
        quiet_h=26,
        internal=(
            Change(
                "Too loud for Acme: no capitals, one exclamation mark at most, and say what is in"
                " the glass. See page 4 of the guideline.",
                (Tag.BRAND, Tag.COPY),
            ),
        ),
    ),
    Story(
        "Behind the counter with Mira, head barista: her first coffee, her worst latte art and"
        " the one question she would rather not hear again.",
        State.IN_PRODUCTION,
        ("tiktok", "instagram"),
        title="Reel: Mira",
        planned_back=True,
        day=11,
        hour=18,
        quiet_h=100,
        holder=Part.DESIGNER,
        wish=Wish(
            "Cut the interview to 40 seconds. Open on the latte art that went wrong, and burn the"
            " subtitles in: most people watch without sound.",
            day=-1,
            links=("https://drive.example/mira-interview",),
            urgent=True,
            also=Part.WRITER,
            taken=True,
            returned="Mira has not agreed to the second answer yet. Ask her first, then I write"
            " the caption around it.",
        ),
    ),
    Story(
        "Careers: we look for a roastery assistant, 30 hours, Vienna. Early mornings, no night"
        " shifts, and all the coffee you can taste.",
        State.IN_PRODUCTION,
        ("linkedin", "facebook"),
        title="Job: roastery assistant",
        planned_back=True,
        link="https://acme-coffee.example/jobs",
        day=3,
        hour=9,
        quiet_h=9,
        wish=Wish(
            "Two sentences on what a morning there is like, then the facts. No “dynamic team”.",
            day=1,
            hour=15,
            links=("https://acme-coffee.example/guideline#tone",),
        ),
    ),
    Story(
        "Idea: ask guests for the oldest Acme cup they have at home. Small prize, big archive.",
        State.DRAFT,
        ("instagram",),
        title="Oldest cup",
        in_production=False,
        quiet_h=120,
    ),
    Story(
        "1 April: we introduce the square cup. Corners for every mood.",
        State.CANCELLED,
        ("instagram", "x"),
        title="April fool",
        in_production=False,
        quiet_h=300,
        reason="Cleo is not in the mood for jokes during the price round. Not this year.",
    ),
)
