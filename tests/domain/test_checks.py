from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.checks import Neighbour, findings
from postboard.domain.content import (
    NETWORKS,
    Media,
    MediaKind,
    Placement,
    Utm,
    Variant,
    Words,
)
from postboard.domain.limit_checks import lacks_media
from postboard.domain.platforms import limits_of
from postboard.domain.rules import SENTENCES, Finding, Rule, Severity
from postboard.locale.typography import holes

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
PICTURE = Media("https://images.example/buns.jpg", "A tray of buns")
JPEG = Media(
    "/media/1/large", "Buns", "1", "d1", MediaKind.IMAGE, "image/jpeg", 900_000, 1080, 1080
)
CLIP = Media(
    "/media/2/large",
    asset="2",
    digest="d2",
    kind=MediaKind.VIDEO,
    type="video/mp4",
    size=9_000_000,
    width=1080,
    height=1920,
    duration_ms=20_000,
)


def found(words: Words, planned_at: datetime | None = LATER, *neighbours: Neighbour):
    """Rule, severity, network and place of each."""
    return [
        (one.rule, one.severity, one.network, one.place)
        for one in findings(words, now=NOW, planned_at=planned_at, neighbours=neighbours)
    ]


def rules(words: Words, planned_at: datetime | None = LATER, *neighbours: Neighbour) -> list[Rule]:
    return [rule for rule, *_ in found(words, planned_at, *neighbours)]


def on(*networks: str, **words: object) -> Words:
    return replace(Words("Fresh buns from six.", networks=networks), **words)


def reel(network: str, *media: Media, placement: Placement = Placement.REEL) -> Words:
    return on(network, media=media, variants=(Variant(network, placements=(placement,)),))


def test_a_good_post_passes_everywhere() -> None:
    for network in NETWORKS:
        media = (CLIP,) if network == "youtube" else (JPEG,)
        planned = on(network, title="Morning buns", media=media)
        sure = [one for one in findings(planned, now=NOW, planned_at=LATER) if one.blocks]
        assert sure == [], network
    assert found(on("instagram", "linkedin", media=(PICTURE,))) == []


def test_without_a_network_nothing_goes_out() -> None:
    assert found(on()) == [(Rule.NO_NETWORK, Severity.BLOCKS, "", "networks")]


@pytest.mark.parametrize(
    ("network", "fits", "over"),
    [
        ("x", "茶" * 140, "茶" * 141),
        (
            "x",
            "a" * 256 + " https://acme.example/" + "b" * 200,
            "a" * 258 + " https://acme.example",
        ),
        ("bluesky", "👨‍👩‍👧‍👦" * 300, "👨‍👩‍👧‍👦" * 301),
        ("mastodon", "a" * 500, "a" * 501),
        ("threads", "a" * 500, "a" * 497 + "☕☕"),
        ("youtube", "茶" * 1666, "茶" * 1667),
        ("linkedin", "a" * 3000, "a" * 3001),
        ("google_business", "a" * 1500, "a" * 1501),
    ],
)
def test_text_is_held_to_what_the_network_counts(network: str, fits: str, over: str) -> None:
    def too_long(text: str) -> bool:
        return Rule.TEXT_TOO_LONG in rules(on(network, caption=text))

    assert (too_long(fits), too_long(over)) == (False, True)


def test_a_finding_names_rule_place_source_and_day() -> None:
    (one,) = findings(on("x", caption="a" * 312), now=NOW)
    (limit,) = limits_of("x")["text"]
    assert one == Finding(
        Rule.TEXT_TOO_LONG,
        Severity.BLOCKS,
        "caption@x",
        "x",
        Placement.FEED,
        {"value": 312, "limit": 280},
        limit.source,
        limit.checked_on,
        "a" * 312,
    )


def test_an_unsure_limit_warns_and_the_sure_one_behind_it_blocks() -> None:
    severities = [
        [severity for rule, severity, *_ in found(on("facebook", caption="a" * length))]
        for length in (16_192, 16_193, 63_206, 63_207)
    ]
    assert severities == [[], [Severity.WARNS], [Severity.WARNS], [Severity.BLOCKS]]


def test_each_network_judges_its_own_words() -> None:
    words = on("x", "threads", caption="a" * 400, variants=(Variant("x", caption="Short."),))
    assert found(words) == []
    assert found(replace(words, variants=())) == [
        (Rule.TEXT_TOO_LONG, Severity.BLOCKS, "x", "caption@x")
    ]


def test_marks_that_are_appended_count() -> None:
    words = on("x", caption="a" * 276, hashtags=("buns",))
    assert rules(words) == [Rule.TEXT_TOO_LONG]
    assert rules(replace(words, caption="a" * 270 + " #buns")) == []


def test_hashtags_and_mentions_are_counted_in_any_script() -> None:
    tags = " ".join(f"#面包{n}" for n in range(31))
    people = " ".join(f"@ben{n}" for n in range(21))
    assert rules(on("instagram", caption=tags, media=(JPEG,))) == [Rule.TOO_MANY_HASHTAGS]
    assert rules(on("instagram", caption=people, media=(JPEG,))) == [Rule.TOO_MANY_MENTIONS]
    mails = " ".join(f"ben{n}@acme.example" for n in range(21))
    assert rules(on("instagram", caption=f"#1 {mails}", media=(JPEG,))) == []
    assert found(on("threads", caption="#a #b")) == [
        (Rule.TOO_MANY_HASHTAGS, Severity.WARNS, "threads", "caption@threads")
    ]


def test_titles_are_asked_for_and_held_to_their_length() -> None:
    video = on("youtube", media=(CLIP,))
    assert rules(video) == [Rule.TITLE_MISSING]
    assert rules(replace(video, title="b" * 101)) == [Rule.TITLE_TOO_LONG]
    assert found(on("xiaohongshu", title="茶" * 21, media=(JPEG,)))[0] == (
        Rule.TITLE_TOO_LONG,
        Severity.BLOCKS,
        "xiaohongshu",
        "title@xiaohongshu",
    )
    assert Rule.TITLE_TOO_LONG in rules(on("tiktok", title="b" * 91, media=(JPEG,)))
    assert Rule.TITLE_TOO_LONG not in rules(on("tiktok", title="b" * 91, media=(CLIP,)))


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (on("instagram"), Rule.MEDIA_MISSING),
        (on("tiktok"), Rule.MEDIA_MISSING),
        (on("youtube", title="Buns"), Rule.VIDEO_MISSING),
        (reel("instagram", JPEG), Rule.VIDEO_MISSING),
        (on("instagram", media=(JPEG,) * 11), Rule.TOO_MANY_MEDIA),
        (on("x", media=(JPEG,) * 5), Rule.TOO_MANY_IMAGES),
        (on("x", media=(replace(JPEG, type="image/gif"), JPEG)), Rule.TOO_MANY_GIFS),
        (on("bluesky", media=(CLIP, CLIP)), Rule.TOO_MANY_VIDEOS),
        (on("google_business", media=(CLIP,)), Rule.VIDEO_NOT_TAKEN),
        (on("facebook", media=(JPEG, CLIP)), Rule.MIXED_MEDIA),
        (on("instagram", media=(replace(JPEG, type="image/png"),)), Rule.IMAGE_TYPE),
        (on("instagram", media=(replace(JPEG, size=9_000_000),)), Rule.IMAGE_BYTES),
        (on("bluesky", media=(replace(JPEG, size=1_000_001),)), Rule.IMAGE_BYTES),
        (on("google_business", media=(replace(JPEG, size=9_000),)), Rule.IMAGE_BYTES),
        (on("instagram", media=(replace(JPEG, width=300, height=300),)), Rule.IMAGE_SIZE),
        (on("google_business", media=(replace(JPEG, width=240),)), Rule.IMAGE_SIZE),
        (on("bluesky", media=(replace(JPEG, height=2001),)), Rule.IMAGE_SIZE),
        (on("linkedin", media=(replace(JPEG, width=7000, height=7000),)), Rule.IMAGE_PIXELS),
        (on("instagram", media=(replace(JPEG, height=1920),)), Rule.IMAGE_RATIO),
        (on("linkedin", media=(replace(CLIP, type="video/webm"),)), Rule.VIDEO_TYPE),
        (on("x", media=(replace(CLIP, size=600 << 20),)), Rule.VIDEO_BYTES),
        (on("x", media=(replace(CLIP, duration_ms=140_100),)), Rule.VIDEO_SECONDS),
        (on("instagram", media=(replace(CLIP, duration_ms=2_900),)), Rule.VIDEO_SECONDS),
        (on("tiktok", media=(replace(CLIP, width=300),)), Rule.VIDEO_SIZE),
        (reel("facebook", replace(CLIP, height=1080)), Rule.VIDEO_RATIO),
        (reel("facebook", replace(CLIP, duration_ms=91_000)), Rule.VIDEO_SECONDS),
        (
            reel("instagram", replace(CLIP, duration_ms=61_000), placement=Placement.STORY),
            Rule.VIDEO_SECONDS,
        ),
        (on("bluesky", media=(replace(JPEG, alt=""),)), Rule.ALT_MISSING),
        (on("x", media=(replace(JPEG, alt="a" * 1001),)), Rule.ALT_TOO_LONG),
    ],
)
def test_files_are_held_to_what_the_network_takes(words: Words, rule: Rule) -> None:
    assert rules(words) == [rule]


def test_a_file_is_named_by_its_place() -> None:
    words = on("x", media=(JPEG, replace(JPEG, size=6 << 20)))
    (one,) = findings(words, now=NOW)
    assert (one.place, one.facts) == ("media:1", {"value": "6.0 MB", "limit": "5 MB", "n": 2})


def test_of_a_picture_elsewhere_nothing_is_found_but_what_is_said_of_it() -> None:
    assert found(on(*NETWORKS[:4], media=(PICTURE,))) == []
    assert found(on("x", media=(replace(PICTURE, alt=""),))) == [
        (Rule.ALT_MISSING, Severity.WARNS, "", "media:0")
    ]


def test_feed_and_reel_of_one_network_say_the_same_once() -> None:
    both = Variant("facebook", placements=(Placement.FEED, Placement.REEL))
    words = on("facebook", media=(CLIP, CLIP), variants=(both,))
    assert rules(words) == [Rule.TOO_MANY_VIDEOS, Rule.TOO_MANY_VIDEOS]
    too_heavy = replace(words, media=(replace(CLIP, size=11 << 30),))
    assert rules(too_heavy) == [Rule.VIDEO_BYTES]


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("More at www.acme.example.", ["www.acme.example"]),
        ("See acme.com/menu, please", ["acme.com/menu"]),
        ("菜单在acme.com看", ["acme.com"]),
        ("See https://acme.com/menu and HTTPS://acme.de", []),
        ("Mail ben@acme.com, version 1.5.2, o.k.", []),
    ],
)
def test_links_without_a_scheme_are_named(caption: str, shown: list[str]) -> None:
    warned = findings(on("linkedin", caption=caption), now=NOW)
    assert [(one.rule, one.facts["link"], one.severity) for one in warned] == [
        (Rule.LINK_WITHOUT_SCHEME, link, Severity.WARNS) for link in shown
    ]


@pytest.mark.parametrize(
    "caption", ["Go to https:// acme.com now", "http: //acme.example", "www. acme.example"]
)
def test_a_space_in_a_link_is_seen(caption: str) -> None:
    assert rules(on("linkedin", caption=caption)) == [Rule.LINK_WITH_SPACE]


def test_the_link_itself_must_lead_somewhere() -> None:
    assert found(on("linkedin", link="https://acme.example/a b")) == [
        (Rule.LINK_WITH_SPACE, Severity.BLOCKS, "", "link")
    ]
    assert found(on("linkedin", link="acme.example")) == [
        (Rule.LINK_WITHOUT_SCHEME, Severity.BLOCKS, "", "link")
    ]
    long = on("pinterest", link="https://acme.example/" + "a" * 2010, media=(JPEG,))
    assert Rule.LINK_TOO_LONG not in rules(long)
    assert Rule.LINK_TOO_LONG in rules(replace(long, utm=Utm(source="{network}")))


def test_a_comment_that_no_network_posts_is_said() -> None:
    words = on("tiktok", "linkedin", first_comment="Grinder settings", media=(JPEG,))
    assert found(words) == [
        (Rule.FIRST_COMMENT_LOST, Severity.WARNS, "tiktok", "first_comment@tiktok")
    ]


def test_a_time_that_has_passed_warns() -> None:
    assert found(on("x"), NOW) == [(Rule.TIME_PASSED, Severity.WARNS, "", "planned_at")]
    assert found(on("x"), NOW + timedelta(minutes=1)) == []
    assert found(on("x"), None) == []


def neighbour(key: str, caption: str, *networks: str, at: datetime | None = None) -> Neighbour:
    return Neighbour(key, Words(caption, networks=networks), at)


def test_two_posts_on_one_network_clash_within_the_hour() -> None:
    def at(minutes: int, *networks: str) -> list[tuple[Rule, str]]:
        near = neighbour("ACME-2", "Soup", *networks, at=LATER + timedelta(minutes=minutes))
        found = findings(on("x", "threads"), now=NOW, planned_at=LATER, neighbours=[near])
        return [(one.rule, one.network) for one in found]

    assert at(59, "x") == at(-59, "x") == [(Rule.CLASH, "x")]
    assert at(60, "x") == at(0, "linkedin") == []
    assert at(0, "x", "threads") == [(Rule.CLASH, "x"), (Rule.CLASH, "threads")]


def test_the_same_words_are_found_however_they_are_written() -> None:
    old = "Fresh buns from six, every single morning of the week!"
    earlier = neighbour("ACME-7", old, "x", at=LATER - timedelta(days=20))

    def said(caption: str) -> list[tuple[Rule, dict[str, object]]]:
        found = findings(on("x", caption=caption), now=NOW, neighbours=[earlier])
        return [(one.rule, dict(one.facts)) for one in found]

    seven = {"post": "ACME-7"}
    assert said("FRESH buns from six — every single morning of the week 🥐") == [
        (Rule.REPEATED, seven)
    ]
    assert said(old.replace("single", "") + " Come early.") == [(Rule.NEARLY_REPEATED, seven)]
    assert said("Soup from noon, every single day.") == []


def test_chinese_is_compared_by_characters() -> None:
    old = neighbour("TEA-1", "春茶上市，头采明前，一芽一叶，限量三百罐。", "weibo")
    near = on("wechat", caption="春茶上市：头采明前，一芽一叶，限量五百罐！")
    other = on("wechat", caption="秋天的第一泡，从一只盖碗开始，慢慢来。")
    assert rules(near, None, old) == [Rule.NEARLY_REPEATED]
    assert rules(other, None, old) == []


def test_weibo_refuses_the_same_text_twice_in_a_row() -> None:
    words = on("weibo", caption="早安")
    before = neighbour("TEA-1", "早安！", "weibo", at=LATER - timedelta(days=2))
    between = neighbour("TEA-2", "晚安", "weibo", at=LATER - timedelta(days=1))
    elsewhere = neighbour("TEA-3", "晚安", "wechat", at=LATER - timedelta(days=1))

    assert found(words, LATER, before) == found(words, LATER, elsewhere, before)
    assert found(words, LATER, before)[0] == (
        Rule.REPEATED_AT_ONCE,
        Severity.BLOCKS,
        "weibo",
        "caption@weibo",
    )
    assert rules(words, LATER, between, before) == [Rule.REPEATED]


def test_what_blocks_stands_first() -> None:
    words = on("instagram", "x", caption="See www.acme.example " + "a" * 300)
    assert [severity for _, severity, *_ in found(words)] == [
        Severity.BLOCKS,
        Severity.BLOCKS,
        Severity.WARNS,
    ]


def test_a_key_holds_for_exactly_one_finding() -> None:
    def key(words: Words) -> str:
        (one,) = findings(words, now=NOW)
        return one.key

    long = on("x", caption="a" * 300)
    assert key(long) == key(replace(long, title="Another title"))
    others = [
        key(replace(long, caption="b" * 300)),
        key(replace(long, caption="a" * 301)),
        key(on("bluesky", caption="a" * 301)),
        key(on("x", media=(JPEG,) * 5)),
        key(on("x", media=(*(JPEG,) * 4, replace(JPEG, digest="d9")))),
    ]
    assert len({key(long), *others}) == 6
    assert {len(one) for one in others} == {64}


def test_every_rule_has_a_sentence_that_its_facts_fill() -> None:
    assert set(SENTENCES) == set(Rule)
    samples = [
        on(),
        on("instagram", caption="#a " * 31 + "@b " * 21, media=(JPEG,) * 11),
        on("x", caption="a" * 300 + " www.acme.example https:// acme.com", media=(JPEG,) * 5),
        on("bluesky", media=(replace(JPEG, alt="", size=2 << 20, width=4000),)),
        reel("facebook", replace(CLIP, height=1080, duration_ms=1000, size=11 << 30)),
        on("youtube", title="b" * 101, hashtags=("b" * 90,) * 6),
    ]
    for words in samples:
        for one in findings(words, now=NOW, planned_at=NOW):
            assert holes(SENTENCES[one.rule]) <= set(one.facts), one


WRITING = st.builds(
    Words,
    caption=st.text(st.sampled_from("aä 茶👨‍👩‍👧‍👦#@./\nwww.acme.com"), max_size=320),
    title=st.text(st.sampled_from("a茶 "), max_size=120),
    networks=st.lists(st.sampled_from(NETWORKS), unique=True, max_size=5).map(tuple),
    media=st.lists(st.sampled_from([PICTURE, JPEG, CLIP]), max_size=6).map(tuple),
)


@given(words=WRITING, data=st.data())
def test_a_post_finds_no_more_when_a_network_is_taken_away(
    words: Words, data: st.DataObject
) -> None:
    if len(words.networks) < 2:
        return
    gone = data.draw(st.sampled_from(words.networks))
    fewer = replace(words, networks=tuple(one for one in words.networks if one != gone))
    before = {one.key for one in findings(words, now=NOW)}
    assert {one.key for one in findings(fewer, now=NOW)} <= before


@given(words=WRITING)
def test_any_words_are_judged_the_same_each_time(words: Words) -> None:
    once, again = (findings(words, now=NOW) for _ in range(2))
    assert once == again
    assert len({one.key for one in once}) == len(once)


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        (Words("Buns", networks=("instagram",)), True),
        (Words("Buns", networks=("linkedin", "tiktok")), True),
        (Words("Buns", networks=("youtube",)), True),
        (Words("Buns", networks=("linkedin", "x")), False),
        (Words("Buns", networks=("instagram",), media=(Media("https://a.example/b.jpg"),)), False),
        (Words("Buns", networks=("facebook",)), False),
        (
            Words(
                "Buns",
                networks=("facebook",),
                variants=(Variant("facebook", placements=(Placement.REEL,)),),
            ),
            True,
        ),
        (Words("Buns"), False),
    ],
)
def test_a_post_lacks_media_where_a_network_takes_nothing_without(
    words: Words, *, lacks: bool
) -> None:
    assert lacks_media(words) is lacks
