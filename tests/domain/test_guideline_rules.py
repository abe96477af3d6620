"""Rules of a guideline: what their forms take, what they find, which ones contradict each other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.checks import Guided, findings
from postboard.domain.content import Media, Placement, Utm, Variant, Words
from postboard.domain.errors import BadInput
from postboard.domain.guideline_checks import Asked, Judging, unkept
from postboard.domain.guideline_rules import FORMS, UTM, WEEK, AtField, GuidelineRule, Input
from postboard.domain.guideline_rules import RuleKind as Kind
from postboard.domain.guideline_words import EMOJI, emoji_in, folded, lix, says
from postboard.domain.guidelines import (
    Guideline,
    Section,
    Topic,
    Work,
    beside,
    changes,
    excerpt,
    guideline_as_json,
    guideline_from_json,
    rank,
    together,
)
from postboard.domain.rules import SENTENCES, Passage, Rule, Severity
from postboard.locale.typography import holes

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PASSAGE = Passage("tone", "Tone", 3, "Acme")
PICTURE = Media("/media/1/large", "A tray of buns", "1", "d1", size=2_500_000, width=1080)
TALL = replace(PICTURE, height=1350)


def rule(kind: Kind, **values: object) -> GuidelineRule:
    return GuidelineRule(kind, values=values).checked()


def found(one: GuidelineRule, words: Words, **more: object) -> list[tuple[Rule, str, str, dict]]:
    judged = Judging(words, NOW, zone=BERLIN, **more)
    told = unkept([Asked(one, PASSAGE)], judged)
    return [(each.rule, each.place, each.network, dict(each.facts)) for each in told]


def on(*networks: str, caption: str = "Fresh buns from six.", **more: object) -> Words:
    return Words(caption, networks=networks, **more)


def section(key: str, *rules: GuidelineRule, **more: object) -> Section:
    return Section(key, Topic.TONE, key.title(), rules=rules, **more)


def refused(*sections: Section, agency: Guideline | None = None) -> tuple[str, str]:
    with pytest.raises(AtField) as no:
        Guideline(sections).checked(agency)
    return no.value.place, str(no.value)


CASES = {
    "too short, counted as a reader counts": (
        rule(Kind.LENGTH, min=3, max=9),
        on("x", caption="👨‍👩‍👧‍👦茶"),
        [(Rule.GUIDE_SHORT, "caption", "", {"value": 2, "limit": 3})],
    ),
    "only the network with words of its own is too long": (
        rule(Kind.LENGTH, max=9),
        on("x", "linkedin", caption="Short.", variants=(Variant("linkedin", "Not so short."),)),
        [(Rule.GUIDE_LONG, "caption@linkedin", "linkedin", {"value": 13, "limit": 9})],
    ),
    "a hashtag in the first comment counts": (
        rule(Kind.REQUIRED, words="#acme\nbuns"),
        on("x", first_comment="#Acme"),
        [],
    ),
    "a hashtag is not the beginning of another": (
        rule(Kind.REQUIRED, words="#acme"),
        on("x", hashtags=("acmeshop",)),
        [(Rule.GUIDE_WORD_MISSING, "caption", "", {"word": "#acme"})],
    ),
    "one of several is enough": (rule(Kind.REQUIRED, words="tea\nbuns", how="one"), on("x"), []),
    "none of several": (
        rule(Kind.REQUIRED, words="tea\ncoffee", how="one"),
        on("x"),
        [(Rule.GUIDE_WORDS_MISSING, "caption", "", {"words": "tea / coffee"})],
    ),
    "a forbidden word as a whole": (
        rule(Kind.FORBIDDEN, words="bun\nFRESH"),
        on("x"),
        [(Rule.GUIDE_WORD_UNWANTED, "caption", "", {"word": "FRESH"})],
    ),
    "a Chinese word is found inside a sentence, in full width too": (
        rule(Kind.FORBIDDEN, words="最佳\nvip"),
        on("weibo", caption="城里最佳的面包，ＶＩＰ价"),
        [
            (Rule.GUIDE_WORD_UNWANTED, "caption", "", {"word": "最佳"}),
            (Rule.GUIDE_WORD_UNWANTED, "caption", "", {"word": "vip"}),
        ],
    ),
    "an ad says so": (
        rule(Kind.DISCLOSURE, words="#ad\n广告", when="ads"),
        on("x", "facebook", variants=(Variant("facebook", placements=(Placement.AD,)),)),
        [(Rule.GUIDE_UNDISCLOSED, "caption", "", {"words": "#ad / 广告"})],
    ),
    "… and others need not": (rule(Kind.DISCLOSURE, words="#ad", when="ads"), on("x"), []),
    "… early enough": (
        rule(Kind.DISCLOSURE, words="#ad", within=20),
        on("x", caption="Fresh buns from six. #ad"),
        [(Rule.GUIDE_DISCLOSED_LATE, "caption", "", {"word": "#ad", "limit": 20})],
    ),
    "a first comment discloses too late": (
        rule(Kind.DISCLOSURE, words="#ad"),
        on("x", first_comment="#ad"),
        [(Rule.GUIDE_UNDISCLOSED, "caption", "", {"words": "#ad"})],
    ),
    "a family, a flag and a key are three emoji": (
        rule(Kind.EMOJI, max=2),
        on("x", caption="👨‍👩‍👧‍👦 🇩🇪 1️⃣ 123"),
        [(Rule.GUIDE_EMOJI, "caption", "", {"value": 3, "limit": 2})],
    ),
    "hard to read": (
        rule(Kind.READING, lix=40),
        on(
            "linkedin", caption="Considerable organisational responsibilities notwithstanding " * 10
        ),
        [(Rule.GUIDE_HARD, "caption", "", {"value": 140, "limit": 40})],
    ),
    "too short to judge": (rule(Kind.READING, lix=20), on("x"), []),
    "a long Chinese sentence": (
        rule(Kind.READING, sentence=8),
        on("weibo", caption="面包好吃。今天早上六点钟我们开门了！"),
        [(Rule.GUIDE_SENTENCE, "caption", "", {"value": 12, "limit": 8})],
    ),
    "a tone": (
        rule(Kind.TONE, words="cheap => good value\nguys"),
        on("x", caption="Cheap, guys!"),
        [
            (Rule.GUIDE_TONE_INSTEAD, "caption", "", {"word": "cheap", "instead": "good value"}),
            (Rule.GUIDE_TONE, "caption", "", {"word": "guys"}),
        ],
    ),
    "no link": (
        rule(Kind.LINK, link="required"),
        on("x"),
        [(Rule.GUIDE_LINK_MISSING, "link", "", {})],
    ),
    "no link wanted": (
        rule(Kind.LINK, link="refused"),
        on("x", link="https://acme.com"),
        [(Rule.GUIDE_LINK_UNWANTED, "link", "", {})],
    ),
    "a part of the site is the site": (
        rule(Kind.LINK, hosts="acme.com", utm=("source",)),
        on("x", link="https://shop.acme.com", utm=Utm(source="{network}")),
        [],
    ),
    "another site that ends alike, without its parameters": (
        rule(Kind.LINK, hosts="acme.com", utm=("source", "medium")),
        on("x", link="https://notacme.com?utm_source=x&utm_medium="),
        [
            (Rule.GUIDE_LINK_ELSEWHERE, "link", "", {"value": "notacme.com", "limit": "acme.com"}),
            (Rule.GUIDE_UTM_MISSING, "link", "", {"value": "utm_medium"}),
        ],
    ),
    "proportions, to the pixel": (
        rule(Kind.IMAGE_RATIO, ratios="4:5\n1.91:1"),
        on("x", media=(TALL, replace(PICTURE, height=566), replace(PICTURE, height=1080))),
        [(Rule.GUIDE_RATIO, "media:2", "", {"n": 3, "value": "1.00:1", "limit": "4:5 / 1.91:1"})],
    ),
    "a picture elsewhere has no size that we know": (
        rule(Kind.IMAGE_RATIO, ratios="4:5"),
        on("x", media=(Media("https://images.example/buns.jpg"),)),
        [],
    ),
    "small and heavy": (
        rule(Kind.IMAGE_SIZE, width=1200, megabytes=2),
        on("x", media=(TALL,)),
        [
            (
                Rule.GUIDE_PICTURE_SMALL,
                "media:0",
                "",
                {"n": 1, "value": "1080 × 1350", "limit": "1200 × …"},
            ),
            (Rule.GUIDE_FILE_LARGE, "media:0", "", {"n": 1, "value": "2.5", "limit": 2}),
        ],
    ),
    "alternative texts": (
        rule(Kind.ALT, min=20, max=30),
        on("x", media=(replace(TALL, alt=""), TALL, replace(TALL, alt="a" * 31))),
        [
            (Rule.GUIDE_ALT_MISSING, "media:0", "", {"n": 1}),
            (Rule.GUIDE_ALT_SHORT, "media:1", "", {"n": 2, "value": 14, "limit": 20}),
            (Rule.GUIDE_ALT_LONG, "media:2", "", {"n": 3, "value": 31, "limit": 30}),
        ],
    ),
}


@pytest.mark.parametrize(("one", "words", "expected"), CASES.values(), ids=CASES)
def test_a_rule_finds_what_is_not_kept(one: GuidelineRule, words: Words, expected: list) -> None:
    assert found(one, words) == expected


def test_posting_hours_are_the_clients_own() -> None:
    hours = rule(Kind.HOURS, days=("mon", "tue"), **{"from": "09:00", "until": "18:00"})
    at = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
    assert found(hours, on("x"), planned_at=at - timedelta(hours=1)) == []
    assert found(hours, on("x"), planned_at=at + timedelta(days=1)) == [
        (Rule.GUIDE_DAY, "planned_at", "", {"value": "2026-03-04"}),
        (Rule.GUIDE_HOUR, "planned_at", "", {"value": "18:30", "limit": "09:00–18:00"}),
    ]
    assert found(hours, on("x")) == []


def test_a_post_keeps_its_lead_time_while_it_waits() -> None:
    lead = rule(Kind.LEAD, hours=48)
    at = NOW + timedelta(hours=47)
    late = [(Rule.GUIDE_LEAD, "planned_at", "", {"limit": 48})]
    assert found(lead, on("x"), planned_at=at) == late
    assert found(lead, on("x"), planned_at=at, ready_at=NOW - timedelta(hours=1)) == []


def test_a_rule_of_one_network_says_nothing_elsewhere() -> None:
    short = replace(rule(Kind.LENGTH, max=5), networks=("linkedin",))
    assert found(short, on("x")) == []
    assert found(short, on()) == []
    assert found(short, on("x", "linkedin")) == [
        (Rule.GUIDE_LONG, "caption", "linkedin", {"value": 20, "limit": 5})
    ]


def test_a_finding_names_where_it_is_asked_for_and_blocks_as_set() -> None:
    stops = replace(rule(Kind.FORBIDDEN, words="buns"), severity=Severity.BLOCKS)
    guided = Guided((Asked(stops, PASSAGE),))
    first = findings(on("x"), now=NOW, guided=guided)[0]
    assert (first.rule, first.passage, first.blocks) == (Rule.GUIDE_WORD_UNWANTED, PASSAGE, True)


def test_a_newer_version_leaves_a_finding_as_it_is_and_another_section_does_not() -> None:
    def key(passage: Passage) -> str:
        judged = Judging(on("x"), NOW)
        return next(unkept([Asked(rule(Kind.FORBIDDEN, words="buns"), passage)], judged)).key

    assert key(replace(PASSAGE, version=4)) == key(PASSAGE)
    assert key(replace(PASSAGE, section="brand")) != key(PASSAGE)
    assert key(replace(PASSAGE, client="")) != key(PASSAGE)


REFUSED_FIELDS = {
    "a range that ends before it begins": (Kind.LENGTH, {"min": 9, "max": 3}, "max"),
    "an empty range": (Kind.LENGTH, {}, "max"),
    "a word for a number": (Kind.LENGTH, {"max": "nine"}, "max"),
    "a number past its bounds": (Kind.LENGTH, {"max": "99999999"}, "max"),
    "no words": (Kind.REQUIRED, {"words": " \n "}, "words"),
    "a choice that is none": (Kind.REQUIRED, {"words": "a", "how": "most"}, "how"),
    "a word too long": (Kind.FORBIDDEN, {"words": "a" * 121}, "words"),
    "words without end": (Kind.FORBIDDEN, {"words": "\n".join(map(str, range(61)))}, "words"),
    "a tone without the word": (Kind.TONE, {"words": "=> nice"}, "words"),
    "a tone instead of itself": (Kind.TONE, {"words": "nice => Nice"}, "words"),
    "an address for a site": (Kind.LINK, {"hosts": "https://acme.com/shop"}, "hosts"),
    "asking more of no link": (Kind.LINK, {"link": "refused", "utm": ("source",)}, "utm"),
    "asking nothing of a link": (Kind.LINK, {}, "link"),
    "a parameter that is none": (Kind.LINK, {"utm": ("id",)}, "utm"),
    "half a proportion": (Kind.IMAGE_RATIO, {"ratios": "4:"}, "ratios"),
    "a proportion of nothing": (Kind.IMAGE_RATIO, {"ratios": "4:0"}, "ratios"),
    "no emoji limit": (Kind.EMOJI, {}, "max"),
    "half a day": (Kind.HOURS, {"from": "09:00"}, "until"),
    "a day that ends before it begins": (
        Kind.HOURS,
        {"from": "18:00", "until": "09:00"},
        "until",
    ),
    "a time that is none": (Kind.HOURS, {"from": "9", "until": "18:00"}, "from"),
    "no lead": (Kind.LEAD, {}, "hours"),
}


@pytest.mark.parametrize(("kind", "values", "place"), REFUSED_FIELDS.values(), ids=REFUSED_FIELDS)
def test_a_form_says_which_field_does_not_fit(kind: Kind, values: dict, place: str) -> None:
    with pytest.raises(AtField) as no:
        rule(kind, **values)
    assert no.value.place == place


NEEDS = rule(Kind.REQUIRED, words="#acme\nbest buns")
CONTRADICTIONS = {
    "lengths": (rule(Kind.LENGTH, max=50), rule(Kind.LENGTH, min=51), "b:0:min"),
    "lengths, the other way": (rule(Kind.LENGTH, min=51), rule(Kind.LENGTH, max=50), "b:0:max"),
    "a forbidden part of what is asked": (
        NEEDS,
        rule(Kind.FORBIDDEN, words="best"),
        "b:0:words",
    ),
    "asked for after it was forbidden": (rule(Kind.TONE, words="best"), NEEDS, "b:0:words"),
    "a disclosure that nobody may write": (
        rule(Kind.FORBIDDEN, words="#ad\n#sponsored"),
        rule(Kind.DISCLOSURE, words="#ad\n#sponsored"),
        "b:0:words",
    ),
    "words longer than the text": (NEEDS, rule(Kind.LENGTH, max=8), "b:0:max"),
    "an emoji asked for and none wanted": (
        rule(Kind.EMOJI, max=0),
        rule(Kind.REQUIRED, words="🥐"),
        "b:0:words",
    ),
    "a link and none": (
        rule(Kind.LINK, link="required"),
        rule(Kind.LINK, link="refused"),
        "b:0:link",
    ),
    "sites": (
        rule(Kind.LINK, link="required", hosts="acme.com"),
        rule(Kind.LINK, hosts="borealis.com"),
        "b:0:hosts",
    ),
    "proportions": (
        rule(Kind.IMAGE_RATIO, ratios="4:5"),
        rule(Kind.IMAGE_RATIO, ratios="1:1"),
        "b:0:ratios",
    ),
    "alternative texts": (rule(Kind.ALT, max=10), rule(Kind.ALT, min=11), "b:0:min"),
    "days": (
        rule(Kind.HOURS, days=("mon",)),
        rule(Kind.HOURS, days=("tue",)),
        "b:0:days",
    ),
    "hours": (
        rule(Kind.HOURS, **{"from": "08:00", "until": "10:00"}),
        rule(Kind.HOURS, **{"from": "11:00", "until": "12:00"}),
        "b:0:until",
    ),
}


@pytest.mark.parametrize(("one", "two", "place"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_rules_that_no_post_can_keep_are_refused_at_the_field(
    one: GuidelineRule, two: GuidelineRule, place: str
) -> None:
    where, sentence = refused(section("a", one), section("b", two))
    assert (where, "“A”" in sentence) == (place, True)
    apart = (replace(one, networks=("x",)), replace(two, networks=("linkedin",)))
    both = Guideline((section("a", apart[0]), section("b", apart[1])))
    assert both.checked() == both


def test_a_client_contradicts_the_agency_at_its_own_field_unless_it_takes_its_place() -> None:
    agency = Guideline((section("a", rule(Kind.LENGTH, max=50)),))
    own = section("b", rule(Kind.LENGTH, min=51))
    assert refused(own, agency=agency) == (
        "b:0:min",
        "No text is that long and that short: see the agency’s “A”, 50 characters.",
    )
    instead = Guideline((replace(own, instead_of="a"),))
    assert instead.checked(agency) == instead
    assert together(agency, instead) == [(instead.sections[0], False)]


def test_a_text_longer_than_its_network_takes_is_refused() -> None:
    long = replace(rule(Kind.LENGTH, min=70_000 // 2), networks=("bluesky",))
    assert refused(section("a", long))[0] == "a:0:min"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_form_and_its_sentences_their_facts(kind: Kind) -> None:
    assert FORMS[kind]
    for one, words, _ in CASES.values():
        for rule_, *_, facts in found(one, words):
            assert holes(SENTENCES[rule_]) <= set(facts)


def value_of(form) -> st.SearchStrategy:
    words = st.text(st.sampled_from("ab #茶🥐=>:19."), max_size=12)
    return {
        Input.NUMBER: st.integers(-2, 300) | st.sampled_from(["", "7", "x"]),
        Input.CHOICE: st.sampled_from(["", "nonsense", *form.choices]),
        Input.SEVERAL: st.lists(st.sampled_from(["x", *form.choices, *UTM, *WEEK])).map(tuple),
        Input.LINES: st.lists(words, max_size=4).map("\n".join),
        Input.CLOCK: st.sampled_from(["", "09:00", "18:00", "24:00", "9"]),
    }[form.input]


@st.composite
def any_rule(draw) -> GuidelineRule:
    kind = draw(st.sampled_from(Kind))
    values = {form.name: draw(value_of(form)) for form in FORMS[kind]}
    networks = draw(st.lists(st.sampled_from(["x", "linkedin", "weibo"]), unique=True))
    return GuidelineRule(kind, draw(st.sampled_from(Severity)), tuple(networks), values)


WRITING = st.builds(
    Words,
    caption=st.text(st.sampled_from("ab #茶🥐=>:19.\n"), max_size=60),
    networks=st.lists(st.sampled_from(["x", "linkedin", "weibo"]), unique=True).map(tuple),
    media=st.lists(st.sampled_from([TALL, replace(PICTURE, height=0, alt="")])).map(tuple),
    link=st.sampled_from(["", "https://a.com", "https://[", "http://b.com?utm_source=1"]),
)


@given(any_rule(), WRITING)
def test_a_form_takes_a_rule_or_names_a_field_of_its_own_and_a_taken_one_stays(
    written: GuidelineRule, words: Words
) -> None:
    if (place := _refused_at(written)) is not None:
        assert place in {form.name for form in FORMS[written.kind]}
        return
    taken = written.checked()
    assert taken.checked() == taken
    for one in unkept([Asked(taken, PASSAGE)], Judging(words, NOW, NOW)):
        assert (one.severity, one.passage) == (taken.severity, PASSAGE)
        assert holes(SENTENCES[one.rule]) <= set(one.facts)
        assert not one.network or not taken.networks or one.network in taken.networks


@given(st.lists(any_rule(), max_size=5))
def test_a_guideline_that_is_taken_reads_back_and_stays_taken_in_any_order(rules: list) -> None:
    whole = [one.checked() for one in rules if _refused_at(one) is None]
    guideline = Guideline(tuple(section(f"s{n}", one) for n, one in enumerate(whole)))
    try:
        taken = guideline.checked()
    except AtField:
        with pytest.raises(AtField):
            Guideline(guideline.sections[::-1]).checked()
        return
    assert Guideline(guideline.sections[::-1]).checked().sections == taken.sections[::-1]
    assert guideline_from_json(guideline_as_json(taken)) == taken


ENDLESS = {
    "rules": (
        [(GuidelineRule(Kind.LENGTH, values={"max": 50}),) * 20] * 11,
        "A guideline takes at most 200 rules.",
    ),
    "words": (
        [
            (GuidelineRule(Kind.FORBIDDEN, values={"words": tuple(f"w{n}" for n in range(60))}),)
            * 20,
            (GuidelineRule(Kind.FORBIDDEN, values={"words": ("one more",)}),),
        ],
        "The rules of a guideline take at most 1200 words and other lines.",
    ),
}


@pytest.mark.parametrize(("rules", "sentence"), ENDLESS.values(), ids=ENDLESS)
def test_rules_that_every_post_would_wait_for_are_refused(
    rules: list[tuple[GuidelineRule, ...]], sentence: str
) -> None:
    sections = tuple(section(f"s{n}", *some) for n, some in enumerate(rules))
    with pytest.raises(BadInput) as no:
        Guideline(sections).checked()
    assert str(no.value) == sentence


@pytest.mark.parametrize("key", ["\0", "\ud800", "a" * 33, "a b"])
def test_a_section_stands_instead_of_one_that_could_be(key: str) -> None:
    with pytest.raises(AtField) as no:
        Guideline((replace(section("a"), instead_of=key),)).checked()
    assert no.value.place == "a:instead_of"


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300), st.integers(1, 300))
def test_lengths_are_taken_together_exactly_if_some_text_keeps_both(
    a: int, b: int, c: int, d: int
) -> None:
    first = GuidelineRule(Kind.LENGTH, values={"min": min(a, b), "max": max(a, b)})
    second = GuidelineRule(Kind.LENGTH, values={"min": min(c, d), "max": max(c, d)})
    asked = [Asked(first, PASSAGE), Asked(second, PASSAGE)]
    keeps = any(
        not list(unkept(asked, Judging(on("linkedin", caption="a" * size), NOW)))
        for size in {a, b, c, d}
    )
    try:
        Guideline((section("a", first), section("b", second))).checked()
    except AtField:
        assert not keeps
    else:
        assert keeps


@given(st.text(max_size=40), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6))
def test_a_word_is_said_by_the_text_that_has_it(around: str, word: str) -> None:
    assert says(folded(f"{around} {word} {around}"), word)


@given(st.lists(st.sampled_from(["👨‍👩‍👧‍👦", "🇩🇪", "🥐", "👍🏽", "1️⃣", "❤️"])))
def test_each_emoji_counts_once(emoji: list[str]) -> None:
    assert emoji_in("a".join(emoji)) == len(emoji)
    assert EMOJI.sub("", "".join(emoji)) == ""


def test_lix_is_words_per_sentence_and_percent_of_long_words() -> None:
    sentence = "We bake our bread in the morning and you can buy it at noon. "
    assert lix(sentence * 3) == round(14 + 100 * 3 / 42)
    assert lix(sentence * 3 + "https://acme.example/a-very-long-address #hashtagging") == 21


def test_the_sections_that_matter_stand_beside_the_work() -> None:
    tone = Section("a", Topic.TONE, "Tone", "Warm.")
    reels = Section("b", Topic.GRAPHICS, "Reels", "9:16.", networks=("instagram",))
    empty = Section("c", Topic.LENGTH, "Length")
    report = Section("d", Topic.REPORT, "Report", "Monthly.")
    every = [tone, reels, empty, report]
    assert beside(every, ["x"], Work.WRITING) == [tone]
    assert beside(every, ["instagram"], Work.PICTURES) == [reels]
    assert beside(every, [], Work.PICTURES) == []
    assert beside(every, ["instagram"], Work.REVIEWING) == [tone, reels]


def test_a_search_finds_words_in_both_languages_and_titles_first() -> None:
    names = ["Tone", "语气"]
    english = Section("a", Topic.TONE, "How we sound", "Warm, never **loud**.")
    chinese = Section("b", Topic.TONE, "说话方式", "亲切，不大声。ＶＩＰ客户也一样。")
    assert [rank(one, names, "语气") for one in (english, chinese)] == [3, 3]
    assert [rank(one, names, "LOUD") for one in (english, chinese)] == [1, 0]
    assert [rank(one, names, "大声 vip") for one in (english, chinese)] == [0, 1]
    assert rank(english, names, "sound") == 5
    assert rank(english, names, "  ") == 0
    assert excerpt(chinese.text, "大声", 2) == "… ，不大声。Ｖ …"
    words = "Nobody shouts at the guests here, and nobody sells them anything."
    assert excerpt(words, "guests", 9) == "… at the guests here, and …"


def test_changes_tell_what_came_went_and_reads_otherwise() -> None:
    tone = Section("a", Topic.TONE, "Tone", "Warm.")
    warmer = replace(tone, text="Warm and short.", rules=(NEEDS,))
    brand = Section("b", Topic.BRAND, "Brand")
    links = Section("c", Topic.LINKS, "Links")
    told = changes(Guideline((tone, brand)), Guideline((links, warmer)))
    assert [(one.key, one.mark and one.mark.value, one.rules_added) for one in told] == [
        ("c", "added", ()),
        ("a", None, (NEEDS,)),
        ("b", "removed", ()),
    ]
    assert "".join(part.text for part in told[1].segments if part.mark != "removed") == (
        "Tone\n\nWarm and short."
    )


def _refused_at(one: GuidelineRule) -> str | None:
    try:
        one.checked()
    except AtField as no:
        return no.place
    return None
