"""What two versions of a post's words have in common, and what not."""

from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from postboard.domain.content import Focus, Media, Placement, Utm, Variant, Words
from postboard.domain.differences import (
    Comparison,
    ListChange,
    Mark,
    MediaChange,
    Segment,
    TextChange,
    compare,
    segments,
)

SAME, ADDED, REMOVED = Mark.SAME, Mark.ADDED, Mark.REMOVED
LONGEST = 64_000
PIECES = st.sampled_from(
    [
        *("bun", "bread", " ", "  ", "\n", ". ", ",", "3.50", "don’t", "<b>", "&amp;", "#a", "@b"),
        *(
            "早上",
            "六点",
            "。",
            "，",
            "かな",
            "한국어",
            "ไทยน้ำ",
            "क्षि",
            "e\u0301",
            "\u0301",
            "\u200d",
        ),
        *("👩‍👩‍👧", "🇩🇪", "🇫🇷", "🏳️‍🌈", "👍🏽", "1️⃣", "\u202e", "\u2066", "\U000f0000", "\U0010fffd"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join)

BUNS = Media("https://images.example/buns.jpg", "A tray of buns")
CUP = Media("https://images.example/cup.jpg", "A cup")
DOOR = Media("https://images.example/door.jpg", "A door")


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(
    before: str, after: str
) -> None:
    found = segments(before, after)

    assert "".join(s.text for s in found if s.mark is not ADDED) == before
    assert "".join(s.text for s in found if s.mark is not REMOVED) == after
    assert all(segment.text for segment in found)
    assert [a.mark for a, b in pairwise(found) if a.mark is b.mark] == []


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_no_grapheme_is_ever_split(before: str, after: str) -> None:
    found = segments(before, after)

    for text, left_out in ((before, ADDED), (after, REMOVED)):
        parts = [s.text for s in found if s.mark is not left_out]
        assert _ends(parts) - _ends(regex.findall(r"\X", text)) == set()


@given(TEXTS)
def test_a_text_that_did_not_change_is_one_piece(text: str) -> None:
    assert segments(text, text) == ((Segment(SAME, text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "Fresh buns from six.",
            "Fresh rolls from six.",
            ((SAME, "Fresh "), (REMOVED, "buns"), (ADDED, "rolls"), (SAME, " from six.")),
            id="whole words",
        ),
        pytest.param(
            "早上六点开门。",
            "早上七点开门。",
            ((SAME, "早上"), (REMOVED, "六"), (ADDED, "七"), (SAME, "点开门。")),
            id="single signs of Chinese",
        ),
        pytest.param(
            "一杯 Acme 咖啡",
            "一杯 Borealis 咖啡",
            ((SAME, "一杯 "), (REMOVED, "Acme"), (ADDED, "Borealis"), (SAME, " 咖啡")),
            id="a brand in Chinese",
        ),
        pytest.param(
            "For us 👩‍👩‍👧",
            "For us 👩‍👩‍👦",
            ((SAME, "For us "), (REMOVED, "👩‍👩‍👧"), (ADDED, "👩‍👩‍👦")),
            id="a whole emoji",
        ),
        pytest.param(
            "Only 3.50, go",
            "Only 3.75, go",
            ((SAME, "Only "), (REMOVED, "3.50"), (ADDED, "3.75"), (SAME, ", go")),
            id="a whole figure",
        ),
        pytest.param(
            "a big red door",
            "a small blue door",
            ((SAME, "a "), (REMOVED, "big red"), (ADDED, "small blue"), (SAME, " door")),
            id="the space between two changes is no island",
        ),
        pytest.param("", "new", ((ADDED, "new"),), id="from nothing"),
        pytest.param("old", "", ((REMOVED, "old"),), id="to nothing"),
        pytest.param(
            "<b>x</b>",
            "<script>x</b>",
            ((SAME, "<"), (REMOVED, "b"), (ADDED, "script"), (SAME, ">x</b>")),
            id="HTML is text like any other",
        ),
    ],
)
def test_a_difference_reads_like(
    before: str, after: str, expected: tuple[tuple[Mark, str], ...]
) -> None:
    assert tuple((s.mark, s.text) for s in segments(before, after)) == expected


def test_the_longest_caption_is_compared_sentence_by_sentence() -> None:
    sentences = [f"Sentence {n} says something else again." for n in range(1_500)]
    changed = [*sentences]
    changed[800] = "Sentence 800 says nothing."
    before, after = "\n".join(sentences), "\n".join(changed)
    assert LONGEST * 0.9 < len(before) < LONGEST

    found = segments(before, after)

    assert [(s.mark, s.text) for s in found if s.mark is not SAME] == [
        (REMOVED, "something else again"),
        (ADDED, "nothing"),
    ]


@pytest.mark.parametrize("sign", ["好", "word ", "😀", "e\u0301"])
def test_two_texts_without_anything_in_common_do_not_keep_anybody_waiting(sign: str) -> None:
    before = (sign * LONGEST)[:LONGEST]
    after = "".join(chr(0x4E00 + n % 20_000) for n in range(LONGEST))
    found = segments(before, after)

    assert "".join(s.text for s in found if s.mark is not ADDED) == before


def test_equal_words_have_no_difference() -> None:
    words = Words(caption="Buns", media=(BUNS,), variants=(Variant("x", "Buns!"),))

    assert compare(words, words) == Comparison()
    assert compare(words, words).is_empty


def test_each_text_says_where_it_stands() -> None:
    before = Words(
        caption="Buns",
        title="Morning",
        variants=(Variant("x", caption="Buns!"), Variant("weibo", title="早安")),
    )
    after = Words(
        caption="Rolls",
        title="Morning",
        first_comment="Ask us",
        variants=(Variant("linkedin", caption="Buns"), Variant("weibo", title="晚安")),
    )

    assert compare(before, after) == Comparison(
        texts=(
            TextChange("caption", "", _swapped("Buns", "Rolls")),
            TextChange("first_comment", "", (Segment(ADDED, "Ask us"),)),
            TextChange(
                "caption",
                "x",
                (Segment(REMOVED, "Buns!"), Segment(ADDED, "Rolls")),
                own=(True, False),
            ),
            TextChange(
                "title",
                "weibo",
                (Segment(REMOVED, "早"), Segment(ADDED, "晚"), Segment(SAME, "安")),
            ),
            TextChange("caption", "linkedin", (Segment(SAME, "Buns"),), own=(False, True)),
        ),
        fields=("caption", "first_comment", "variants"),
    )


def test_lists_say_what_joined_and_what_left() -> None:
    before = Words(
        link="https://acme.example/a",
        networks=("x", "instagram"),
        hashtags=("buns", "morning"),
        mentions=("acme", "ben"),
        utm=Utm(source="{network}", medium="social"),
        variants=(Variant("instagram", placements=(Placement.FEED, Placement.STORY)),),
    )
    after = Words(
        link="https://acme.example/b",
        networks=("instagram", "weibo"),
        hashtags=("buns", "rolls"),
        mentions=("ben", "acme"),
        utm=Utm(source="{network}", medium="paid"),
        variants=(Variant("instagram", placements=(Placement.REEL,)),),
    )

    assert compare(before, after).lists == (
        ListChange("link", "", ("https://acme.example/b",), ("https://acme.example/a",)),
        ListChange("utm", "", ("utm_medium=paid",), ("utm_medium=social",)),
        ListChange("hashtags", "", ("rolls",), ("morning",)),
        ListChange("mentions", "", (), ()),
        ListChange("networks", "", ("weibo",), ("x",)),
        ListChange("placements", "instagram", ("reel",), ("feed", "story")),
    )


def test_pictures_are_paired_by_what_they_are_then_by_their_turn() -> None:
    retold = Media(BUNS.url, "A tray of rolls", focus=(Focus(0.5, 0.1),))
    before = Words(media=(BUNS, CUP))
    after = Words(media=(DOOR, retold))

    found = compare(before, after)

    assert found.media == (
        MediaChange(CUP, DOOR, _swapped_end("A ", "cup", "door")),
        MediaChange(
            BUNS,
            retold,
            (Segment(SAME, "A tray of "), Segment(REMOVED, "buns"), Segment(ADDED, "rolls")),
            focus=True,
        ),
    )
    assert [change.replaced for change in found.media] == [True, False]
    assert not found.media_reordered


def test_pictures_come_and_go_and_change_places() -> None:
    assert compare(Words(media=(BUNS,)), Words(media=(BUNS, CUP))).media == (
        MediaChange(None, CUP),
    )
    assert compare(Words(media=(BUNS, CUP)), Words(media=(CUP,))).media == (
        MediaChange(BUNS, None),
    )
    turned = compare(Words(media=(BUNS, CUP)), Words(media=(CUP, BUNS)))
    assert (turned.media, turned.media_reordered, turned.fields) == ((), True, ("media",))


def test_a_picture_shown_twice_counts_twice() -> None:
    assert compare(Words(media=(BUNS, BUNS)), Words(media=(BUNS,))).media == (
        MediaChange(BUNS, None),
    )


def test_changed_fields_are_named_in_the_order_of_words() -> None:
    assert Words(caption="c").changed_since(Words(caption="a", link="b")) == ["caption", "link"]


def _swapped(old: str, new: str) -> tuple[Segment, ...]:
    return (Segment(REMOVED, old), Segment(ADDED, new))


def _swapped_end(kept: str, old: str, new: str) -> tuple[Segment, ...]:
    return (Segment(SAME, kept), *_swapped(old, new))


def _ends(parts: list[str]) -> set[int]:
    ends, at = set[int](), 0
    for part in parts:
        at += len(part)
        ends.add(at)
    return ends
