"""CSV as it comes: encodings, delimiters, line ends, quotation marks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.imports import plan_own
from tests.imports.reading import post, read_fixture, read_rows, read_sheet, read_text, reasons

PLAN = "Date,Platform,Caption\n2026-11-03 10:00,Threads,Grüße — ñandú\n"
POSTS = (post(2, "Grüße — ñandú", "2026-11-03 09:00", "threads"),)


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_recognised(encoding, read_as):
    plan = read_text(PLAN, encoding)
    assert (plan.encoding, plan.posts) == (read_as, POSTS)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Свежий хлеб каждое утро с шести"),
        ("cp1253", "Φρέσκο ψωμί κάθε πρωί από τις έξι"),
        ("cp1250", "Świeży chleb: żytni, też ze słonecznikiem"),
        ("gb18030", "清晨六点的第一炉面包"),
    ],
)
def test_encodings_without_any_mark_are_told_by_their_letters(encoding, words):
    plan = read_text(f'Date,Platform,Caption\n2026-11-03 10:00,Threads,"{words}"\n', encoding)
    assert (plan.encoding, plan.posts[0].caption) == (encoding, words)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter, line_end):
    text = PLAN.replace(",", delimiter).replace("\n", line_end)
    plan = read_text(text)
    assert (plan.delimiter, plan.posts) == (delimiter, POSTS)


def test_a_line_break_inside_a_cell_stays_and_does_not_count_as_a_row():
    plan = read_rows(["Date", "Caption"], ["", "One\r\nline\rmore"], [], ["", "Second"])
    assert plan.posts == (post(2, "One\nline\nmore", None), post(4, "Second", None))


def test_files_saved_again_with_one_cell_a_line_are_unwrapped():
    assert [one.caption for one in read_fixture("every_line_one_cell.csv").posts] == [
        "Salt, pepper",
        'Say "cheese"',
    ]
    assert read_fixture("line_ends_of_old_macs.csv").posts[0].caption == "One line\nand another"


@pytest.mark.parametrize("nothing", ["", " ", "-", "—", "NAN", "undefined", "null", "N/A"])
def test_words_for_nothing_are_nothing(nothing):
    plan = read_rows(["Date", "Caption", "Status"], [nothing, "Words", nothing], ["", nothing])
    assert (plan.posts, plan.warnings[1:]) == ((post(2, "Words", None),), ())


def test_control_characters_are_dropped_and_formulas_stay_words():
    plan = read_rows(
        ["Date", "Caption"],
        ["", "A\x00 quiet\x07 day" + " of rain" * 20],
        ["", '=HYPERLINK("https://x.example")'],
    )
    assert [one.caption for one in plan.posts] == [
        "A quiet day" + " of rain" * 20,
        '=HYPERLINK("https://x.example")',
    ]


def test_a_formula_of_a_workbook_is_never_worked_out():
    plan = read_sheet(["Date", "Caption", "Platform"], [None, "=1+1", "X"], [None, "Words", "X"])
    assert plan.posts == (post(3, "Words", None, "x"),)
    assert reasons(plan) == [(2, "No words, title or media.")]


def test_ids_keep_all_their_digits():
    rows = (["ID", "Caption"], [122158000000017, "A"], ["00017", "B"])
    assert [one.reference for one in read_sheet(*rows).posts] == ["122158000000017", "00017"]


def test_only_web_addresses_become_links_and_only_files_become_media():
    plan = read_rows(
        ["Caption", "Link", "Media"],
        ["a", "javascript:alert(1)", "data:text/html,x"],
        ["b", "www.shop.example", "a photo of the team"],
        ["c", "https://shop.example/?a=1,2", "Photo 1.png | https://img.example/a,b.jpg"],
    )
    assert [(one.link, one.media_urls) for one in plan.posts] == [
        ("", ()),
        ("https://www.shop.example", ()),
        ("https://shop.example/?a=1,2", ("Photo 1.png", "https://img.example/a,b.jpg")),
    ]


def test_hashtags_with_and_without_their_mark():
    plan = read_rows(
        ["Caption", "Hashtags"],
        ["a", "#one #two,#one"],
        ["b", "fresh bread, rye"],
        ["c", "#面包# ＃秋天"],
        ["d", "one two"],
    )
    assert [one.hashtags for one in plan.posts] == [
        ("#one", "#two"),
        ("#freshbread", "#rye"),
        ("#面包", "#秋天"),
        ("#one", "#two"),
    ]


@given(st.text(alphabet="=+-@＝'\";\t\n a,", max_size=12))
def test_words_made_harmless_for_a_spreadsheet_come_back_as_they_were(words: str) -> None:
    assert plan_own.restored(plan_own.neutral(words)) == words
    told = re.split(r"[;\t\r\n]", plan_own.neutral(words))
    assert [cell for cell in told if cell.strip('" ')[:1] in {*"=+-@＝"}] == []
