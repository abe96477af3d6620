from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postboard.domain import fields
from postboard.domain.content import Placement, Utm, Variant, Words
from postboard.domain.errors import BadInput, NotFound

WORDS = Words(
    caption="Fresh buns from six.",
    networks=("instagram", "x"),
    variants=(Variant("x", caption="Buns. Six."),),
    utm=Utm(source="{network}"),
)
NAMES = sorted(fields.marks_of(WORDS))
TEXTS = st.sampled_from(["", "Buns", "Rolls", "包子"])
SOME_WORDS = st.builds(
    Words,
    caption=TEXTS,
    title=TEXTS,
    variants=st.builds(lambda text: (Variant("x", caption=text),), TEXTS),
)


def test_a_field_is_read_and_written_by_its_name():
    values = {
        "caption": "Rolls from six.",
        "networks": ["weibo"],
        "hashtags": ["buns"],
        "utm": {"source": "", "medium": "social", "campaign": "", "term": "", "content": ""},
        "caption@x": "Rolls.",
        "title@youtube": "How we bake",
        "placements@instagram": ["feed", "story"],
    }
    words = WORDS
    for name, value in values.items():
        words = fields.with_value(words, name, value)
    assert {name: fields.value_of(words, name) for name in values} == values
    assert words.checked() == Words(
        caption="Rolls from six.",
        networks=("weibo",),
        hashtags=("buns",),
        utm=Utm(medium="social"),
        variants=(
            Variant("instagram", placements=(Placement.FEED, Placement.STORY)),
            Variant("x", caption="Rolls."),
            Variant("youtube", title="How we bake"),
        ),
    )


def test_a_variant_without_words_of_its_own_is_forgotten():
    assert fields.with_value(WORDS, "caption@x", None).checked() == replace(WORDS, variants=())


@pytest.mark.parametrize("name", ["", "x", "variants", "caption@", "caption@myspace", "link@x"])
def test_other_names_name_nothing(name: str):
    with pytest.raises(NotFound):
        fields.value_of(WORDS, name)
    with pytest.raises(NotFound):
        fields.with_value(WORDS, name, "x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("caption", None),
        ("caption", ["x"]),
        ("networks", "x"),
        ("media", [{"alt": "no address"}]),
        ("placements@instagram", ["billboard"]),
        ("utm", {"source": 1}),
    ],
)
def test_a_value_of_another_shape_is_refused(name: str, value: object):
    with pytest.raises(BadInput):
        fields.with_value(WORDS, name, value)


@settings(deadline=None)
@given(SOME_WORDS, SOME_WORDS)
def test_equal_marks_mean_equal_values(one: Words, other: Words):
    marks, others = fields.marks_of(one), fields.marks_of(other)
    for name in NAMES:
        same = fields.value_of(one, name) == fields.value_of(other, name)
        assert (marks[name] == others[name]) == same
        assert marks[name] == fields.mark_of(one, name)


@settings(deadline=None)
@given(SOME_WORDS, SOME_WORDS, SOME_WORDS)
def test_merging_keeps_mine_where_both_changed_and_each_change_where_one_did(
    base: Words, mine: Words, theirs: Words
):
    words, clashes = fields.merged(base, mine, theirs)
    for name in NAMES:
        old, own, other = (fields.value_of(each, name) for each in (base, mine, theirs))
        both = old not in (own, other) and own != other
        assert (name in clashes) == both
        assert fields.value_of(words, name) == (other if own == old else own)
