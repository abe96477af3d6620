"""Made posts for a big demo: sentences of each brand put together, and a fate for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from postboard.demo.agency import ACME, BOREALIS, MUSEUM, XINGHE, Brand
from postboard.demo.story import Change, Story
from postboard.domain.platforms import limits_of
from postboard.domain.workflow import Approval, ChangeTag, State

POSTS_A_DAY = 8
FATES: Mapping[State, int] = {
    State.PUBLISHED: 880,
    State.CANCELLED: 24,
    State.SCHEDULED: 26,
    State.DRAFT: 14,
    State.CLIENT_REVIEW: 14,
    State.IN_PRODUCTION: 10,
    State.INTERNAL_REVIEW: 8,
    State.APPROVED: 8,
    State.READY_FOR_CLIENT: 5,
    State.INTERNAL_REWORK: 4,
    State.CLIENT_REWORK: 4,
    State.ON_HOLD: 2,
    State.PUBLISH_FAILED: 1,
}
"""Of a thousand posts of a busy agency: most are out, some dozens are in work."""

BEHIND = frozenset({State.PUBLISHED, State.CANCELLED})
"""States of posts whose time has passed."""
NEEDS_CLIENT = frozenset({State.READY_FOR_CLIENT, State.CLIENT_REVIEW, State.CLIENT_REWORK})


@dataclass(frozen=True, slots=True)
class Voice:
    """What a brand's made posts are put together from."""

    openings: Sequence[tuple[str, str]]
    """A title and a first sentence."""
    details: Sequence[str]
    closings: Sequence[str]
    pictures: Sequence[str]
    networks: Sequence[tuple[str, ...]]
    requests: Sequence[tuple[str, ChangeTag]]
    hold: str
    cancel: str
    failure: str


def made_stories() -> Iterator[tuple[Brand, Story]]:
    """Without end; each one depends on its number only."""
    for number in count():
        chance = Random(f"made {number}")  # noqa: S311 - the same world for everybody
        (brand,) = chance.choices((ACME, BOREALIS, XINGHE, MUSEUM), (3, 3, 3, 2))
        yield brand, _story(brand, VOICES[brand.name], number, chance)


def _story(brand: Brand, voice: Voice, number: int, chance: Random) -> Story:
    title, opening = chance.choice(voice.openings)
    detail = chance.choice(voice.details)
    closings = chance.sample(voice.closings, k=4)
    state = _state(brand, chance)
    requests = chance.sample(voice.requests, k=3)
    changes = [
        Change(text, (tag,), before, after)
        for (text, tag), before, after in zip(requests, closings, closings[1:], strict=False)
    ]
    internal = 1 if state is State.INTERNAL_REWORK else chance.choices((0, 1), (8, 2))[0]
    client = chance.choices((0, 1, 2), (76, 20, 4))[0]
    client = max(client, state is State.CLIENT_REWORK)
    networks = chance.choice(voice.networks)
    pictures = max(chance.choices((0, 1, 2), (1, 6, 1))[0], _asks_for_media(networks))
    return Story(
        f"{opening}\n{detail}\n\n{closings[0]}",
        state,
        networks,
        title=title if chance.random() < 0.8 else "",  # noqa: PLR2004
        pictures=tuple(chance.sample(voice.pictures, k=pictures)),
        campaign=chance.choice(("", *(name for name, _, _ in brand.campaigns))),
        day=_day(state, number, chance),
        hour=chance.choice((7.5, 8, 9, 10, 11.5, 12, 13, 15, 16.5, 17, 18)),
        quiet_h=_quiet_h(state, number, chance),
        in_production=state is State.IN_PRODUCTION or chance.random() < 0.3,  # noqa: PLR2004
        internal=tuple(changes[:internal]),
        client=tuple(changes[internal : internal + client]),
        reason=_reason(state, voice),
    )


def _asks_for_media(networks: Sequence[str]) -> bool:
    return any(limit.min for name in networks for limit in limits_of(name).get("media", ()))


def _state(brand: Brand, chance: Random) -> State:
    asks_client = brand.policy.approval is Approval.INTERNAL_AND_CLIENT
    open_to = [state for state in FATES if asks_client or state not in NEEDS_CLIENT]
    return chance.choices(open_to, [FATES[state] for state in open_to])[0]


def _day(state: State, number: int, chance: Random) -> int | None:
    if state in BEHIND:
        return -_days_ago(number, chance)
    if state is State.PUBLISH_FAILED:
        return -chance.randint(1, 3)
    if state is State.DRAFT and chance.random() < 0.4:  # noqa: PLR2004 - ideas
        return None
    # One in eight of the others is late; a scheduled one never is.
    return chance.randint(1 if state is State.SCHEDULED or number % 8 else -4, 24)


def _quiet_h(state: State, number: int, chance: Random) -> float:
    if state in BEHIND:
        return 24.0 * (_days_ago(number, chance) + 1)
    return round(chance.triangular(1, 160, 20), 2)


def _days_ago(number: int, chance: Random) -> int:
    return 1 + number // POSTS_A_DAY + chance.randint(0, 5)


def _reason(state: State, voice: Voice) -> str:
    reasons = {
        State.ON_HOLD: voice.hold,
        State.CANCELLED: voice.cancel,
        State.PUBLISH_FAILED: voice.failure,
    }
    return reasons.get(state, "")


VOICES: Mapping[str, Voice] = {
    ACME.name: Voice(
        openings=(
            ("Monday cup", "Monday is easier from the second cup on."),
            ("Guest grinder", "A guest brought their grandmother’s hand grinder to the counter."),
            ("Milk school", "Oat, cow or pea: each one wants another temperature."),
            ("Roast day", "Roast day. The whole street smells of toast and cherries."),
            ("Single origin", "New on the second grinder: a washed Sidama, light as tea."),
            ("Cake of the week", "Cake of the week: rye brownie with sour cherries."),
            ("Opening hours", "Open through the holidays, from eight to four."),
            ("Filter hour", "Between three and four, filter coffee is poured at the table."),
            ("Tasting notes", "Bergamot, apricot, brown sugar, and it really tastes of them."),
            ("Staff pick", "Staff pick: Jonas drinks cortado, and only cortado."),
            ("Subscription", "A bag every fortnight, roasted the day before it leaves."),
            ("Espresso tonic", "Espresso, tonic, a slice of grapefruit, plenty of ice."),
        ),
        details=(
            "Brewed slowly, so that you can do the rest of the day fast.",
            "We tried nineteen recipes and kept the one nobody wanted to share.",
            "Ask for it at the counter, it is not on the board.",
            "The grower’s name is on the bag, and so is the price we paid.",
            "It goes well with rain, bad films and good company.",
            "250 grams make about fifteen cups, or nine generous ones.",
            "Only until the sack is empty, and it is a small sack.",
            "If you like it darker, say so; we have an answer for that too.",
            "It took us three weeks of mornings to get this right.",
        ),
        closings=(
            "See you at the counter. ☕",
            "Bring your own cup, save fifty cents.",
            "Save this for Saturday.",
            "In all three cafés from tomorrow.",
            "Tell us how you take yours.",
            "Beans and brewing guide through the link in our bio.",
            "#acmecoffee #slowmornings",
        ),
        pictures=("acme-cup", "acme-beans", "acme-terrace"),
        networks=(("instagram",), ("instagram", "facebook"), ("facebook", "linkedin"), ("tiktok",)),
        requests=(
            ("The last line is the same as last week’s. Give us another ending.", ChangeTag.COPY),
            ("We do not do this in every café. Keep it general.", ChangeTag.FACTS),
            ("Too cosy for this product; end on something practical.", ChangeTag.BRAND),
            ("The offer ends before this goes out. Take it off.", ChangeTag.TIMING),
        ),
        hold="The beans are late at the port. Wait until the date is sure.",
        cancel="The café dropped the offer.",
        failure="Instagram did not take the picture. Try again, or post it by hand.",
    ),
    BOREALIS.name: Voice(
        openings=(
            ("Wind", "Wind from the north-west, forty knots on the ridge."),
            ("Boot care", "Boots like to dry slowly. So do their owners."),
            ("First snow", "First snow above 1,800 metres, and the passes are still open."),
            ("Map night", "Paper map, red pencil, kitchen table: the trip starts here."),
            ("Stove test", "Four stoves, one litre of water, minus six degrees."),
            ("Hut etiquette", "Boots off, voices down, and the last one up sweeps the floor."),
            ("Layering", "Start cold. You will be warm before the first bend."),
            ("Dawn start", "The alarm says 3:40. The stars say the same."),
            ("Patch kit", "A hole the size of a coin is not the end of a jacket."),
            ("Bear bell", "Talk, sing, clap at blind corners. Bears dislike surprises too."),
            ("Dog pack", "Yes, the dog carries his own food now."),
            ("River crossing", "Unbuckle the hip belt, face upstream, take your time."),
        ),
        details=(
            "We learned it the wet way, so that you need not.",
            "Tested for a season by people who are hard on things.",
            "It weighs less than your water bottle and lasts longer than your phone.",
            "If in doubt, turn round. The mountain keeps.",
            "Nothing here needs to be new; most of it can be mended.",
            "Tell somebody where you go and when you are back.",
            "Ruth at the repair bench has seen worse, and fixed it.",
            "Two minutes at home save an hour in the rain.",
            "We print the weight that our own scales show.",
        ),
        closings=(
            "Save it before you lose signal.",
            "Who are you taking along?",
            "More in the journal, link in bio.",
            "See you out there. 🏔️",
            "Free checks at every shop until Sunday.",
            "Leave it as you found it.",
            "#sleephigher",
        ),
        pictures=("borealis-peaks", "borealis-tent", "borealis-trail"),
        networks=(("instagram", "threads"), ("instagram",), ("x", "threads"), ("pinterest",)),
        requests=(
            ("That ending sends people off the path. Choose another.", ChangeTag.LEGAL),
            ("We used this line in the newsletter. Something else, short.", ChangeTag.COPY),
            ("Not true for the shop in Whistler.", ChangeTag.FACTS),
            ("Less slogan, more use.", ChangeTag.BRAND),
        ),
        hold="Avalanche level 4 this week. We do not want to send anybody up there.",
        cancel="The product is sold out.",
        failure="Threads answered with an error three times. Nothing was posted.",
    ),
    XINGHE.name: Voice(
        openings=(
            ("早安茶", "早上第一泡，别急着说话。"),
            ("岩茶", "岩骨花香，说的是石头也会开花。"),
            ("茶点", "绿豆糕配单丛，甜和香各让一步。"),
            ("产地来信", "福鼎来信：今年的白毫银针晒了三个晴天。"),
            ("茶器", "一只公道杯，先把浓淡分匀，再把人心分匀。"),
            ("门店", "新店开在老弄堂口，门前有一棵桂花树。"),
            ("冷泡", "冷水泡茶，慢一点，甜一点。"),
            ("夜饮", "夜里十点以后，我们只推荐低咖啡因的老茶。"),
            ("节气", "谷雨过后，茶叶开始有了力气。"),
            ("茶艺师", "茶艺师阿远说，水声变低的时候就该提壶了。"),
            ("读者来信", "有读者问：茶渣还能做什么？"),
            ("拼配", "三座山的红茶，拼成一杯不高不低的甜。"),
        ),
        details=(
            "水温 90 ℃，快进快出，前三泡都很香。",
            "每批不到两百盒，卖完就等下一季。",
            "坐窗边的位置，下午四点的光最好。",
            "我们试了十一种配比，留下最安静的一种。",
            "茶农的名字写在罐底，翻过来就能看到。",
            "不加糖，也不用解释。",
            "适合一个人，也适合两个不太说话的人。",
            "喝到第五泡，味道才真正打开。",
            "干茶 5 克，水 120 毫升，静置 15 秒。",
        ),
        closings=(
            "今天，你泡哪一款？",
            "门店和小程序同步上架。",
            "收藏起来，周末试试。🍵",
            "评论区告诉我们你的喝法。",
            "愿你今晚也看得见星河。✨",
            "到店报暗号“星河”，送一份茶点。",
            "#星河茶 #今日一泡",
        ),
        pictures=("xinghe-leaves", "xinghe-gaiwan", "xinghe-river"),
        networks=(
            ("wechat", "weibo"),
            ("xiaohongshu",),
            ("weibo", "xiaohongshu"),
            ("wechat",),
            ("xiaohongshu", "instagram"),
        ),
        requests=(
            ("结尾和上周那条重复了，换一句。", ChangeTag.COPY),
            ("活动只在上海门店，不要写得像全国都有。", ChangeTag.FACTS),
            ("语气太热闹，收一收。", ChangeTag.BRAND),
            ("发布那天活动已经结束，请改掉。", ChangeTag.TIMING),
        ),
        hold="包装还在送检，结果出来再排期。",
        cancel="这一批茶已经售完。",
        failure="微博接口超时三次，没有发出。",
    ),
    MUSEUM.name: Voice(
        openings=(
            ("Object of the week", "A ship in a bottle, and the bottle was full when he began."),
            ("From the archive", "A letter from 1911 asks for the return of one oar."),
            ("Conservation", "Three months, one brush, and the figurehead smiles again."),
            ("Tide table", "Spring tide today: the old slipway shows for an hour."),
            ("Family Sunday", "Family Sunday: draw a fish, name it, take it home."),
            ("Volunteers", "Joan has opened our doors every Tuesday since 1998."),
            ("Photograph", "Twelve women, four hundred crates, one photograph."),
            ("Sound", "Listen: the foghorn was last blown in 1984."),
            ("Shop", "New in the shop: postcards of the harbour before the wall."),
            ("Talk", "On Wednesday a diver tells what lies off the point."),
            ("Model boats", "This model took eleven winters and one marriage."),
            ("Café", "The café window has the best seat for the ferry."),
        ),
        details=(
            "It came to us in a biscuit tin, wrapped in a newspaper.",
            "You can see it on the first floor, next to the compass.",
            "We still do not know who made it; perhaps you do.",
            "Look closely at the lower left corner.",
            "Our conservator used cotton, patience and spit, which is a proper method.",
            "It is smaller than you think and heavier than it looks.",
            "Bring somebody who remembers it.",
            "The label is new, the object is 140 years old.",
            "It leaves the store for the first time since 1962.",
        ),
        closings=(
            "Open daily except Mondays, ten to five.",
            "Free for members and everybody under 18.",
            "Read the whole story on our site.",
            "Tell us what you see.",
            "Step-free access through the yard.",
            "Come and say hello.",
            "#littleharbour",
        ),
        pictures=("museum-arch", "museum-boat", "museum-lamp"),
        networks=(
            ("facebook", "instagram"),
            ("mastodon", "bluesky"),
            ("facebook",),
            ("instagram", "bluesky"),
        ),
        requests=(
            ("Check the opening hours, the yard closes earlier in winter.", ChangeTag.FACTS),
            ("Say it more plainly; our visitors are eight or eighty.", ChangeTag.COPY),
            ("The lender wants to be named or the line left out.", ChangeTag.LEGAL),
            ("Too chatty for a grave subject.", ChangeTag.BRAND),
        ),
        hold="The lender has not signed yet.",
        cancel="The event was called off.",
        failure="Mastodon’s server was being updated. Nothing was posted.",
    ),
}
