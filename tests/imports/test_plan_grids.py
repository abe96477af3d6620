"""Months drawn as grids, and files whose columns a person has to name."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.cell_range import CellRange

from postboard.imports.plan import NotAPlan, ParsedPlan, outline_of, parse_plan
from postboard.imports.plan_choices import Choices, GridNotes, GridWords, from_json
from postboard.imports.plan_dates import DateOrder
from tests.imports.reading import (
    MADRID,
    read_rows,
    read_sheet,
    reasons,
    warnings,
    workbook_bytes,
)

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def told(plan: ParsedPlan) -> list[tuple[str, date | None, tuple[str, ...], str]]:
    return [(p.cell, p.planned_on, p.networks, p.title or p.caption) for p in plan.posts]


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def test_a_month_with_numbers_and_words_beneath():
    plan = read_sheet(
        ["November 2026"],
        WEEK,
        [26, 27, 28, 29, 30, 31, 1],
        ["Rolls\nIG", "", "", "", "", "", "17:30 Open day\nInstagram, Facebook\nCome by."],
        [2, 3, 4, 5, 6, 7, 8],
        ["", "IG: The oven\nFB: The shop", "https://bakery.example\nRye (LinkedIn)"],
        [30, 1, 2, 3, 4, 5, 6],
        ["Last day\nX", "Advent\nX"],
    )
    assert told(plan) == [
        ("A4", day(26, 10), ("instagram",), "Rolls"),
        ("G4", day(1), ("instagram", "facebook"), "Open day"),
        ("B6", day(3), ("instagram",), "The oven"),
        ("B6", day(3), ("facebook",), "The shop"),
        ("C6", day(4), ("linkedin",), "Rye"),
        ("A8", day(30), ("x",), "Last day"),
        ("B8", day(1, 12), ("x",), "Advent"),
    ]
    assert (plan.layout, plan.header_row, plan.rows_read) == ("grid", 2, 7)
    assert (plan.posts[1].timed, plan.posts[1].caption) == (True, "Come by.")
    assert plan.posts[4].link == "https://bakery.example"
    assert [(one.sheet, one.month) for one in plan.outline.months] == [("Sheet", "2026-11")]
    assert not plan.outline.asks


def test_numbers_and_words_may_share_a_cell_and_a_csv_may_hold_the_grid():
    plan = read_rows(
        ["2026年11月", *[""] * 6],
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        ["2\n早上六点\n小红书", "3", "4 日更\n微博", "5", "6", "7", "8"],
        ["9日 面包\n微信公众号", "10日", "11日", "12日", "13日", "14日", "15日"],
    )
    assert told(plan) == [
        ("A3", day(2), ("xiaohongshu",), "早上六点"),
        ("C3", day(4), ("weibo",), "日更"),
        ("A4", day(9), ("wechat",), "面包"),
    ]


def test_ten_ways_to_bake_is_no_tenth_day():
    plan = read_sheet(["Nov 2026"], WEEK, [9, 10, 11, 12, 13, 14, 15], ["10 ways to bake\nX"])
    assert told(plan) == [("A4", day(9), ("x",), "10 ways to bake")]


def test_rows_that_say_what_they_hold_make_one_post_a_day():
    plan = read_sheet(
        ["", "November 2026"],
        ["", *WEEK],
        ["", 2, 3, 4, 5, 6, 7, 8],
        ["Platform", "IG", "FB"],
        ["Topic", "The oven", "The shop"],
        ["Time", "10:00", ""],
        ["Caption", "At night.", "From six."],
    )
    assert [(p.cell, p.networks, p.title, p.caption, p.timed) for p in plan.posts] == [
        ("B4", ("instagram",), "The oven", "At night.", True),
        ("C4", ("facebook",), "The shop", "From six.", False),
    ]


def test_a_row_may_be_a_network():
    plan = read_sheet(
        ["", "November 2026"],
        ["", *WEEK],
        ["", 2, 3, 4, 5, 6, 7, 8],
        ["Instagram", "The oven", "", "Rye"],
        ["LinkedIn", "", "Jobs"],
    )
    assert told(plan) == [
        ("B4", day(2), ("instagram",), "The oven"),
        ("D4", day(4), ("instagram",), "Rye"),
        ("C5", day(3), ("linkedin",), "Jobs"),
    ]


def grid_of(month: str = "November 2026") -> list[list[object]]:
    return [[month], WEEK, [2, 3, 4, 5, 6, 7, 8], ["The oven\nIG", "Holiday", "Rye\nIG"]]


def test_which_month_it_is_is_asked_where_nothing_says_it():
    plan = read_sheet(*grid_of("Our plan"))
    assert plan.outline.asks
    assert [post.planned_at for post in plan.posts] == [None] * 3
    assert warnings(plan)[0].startswith("The file does not say which month it draws.")
    said = read_sheet(*grid_of("Our plan"), choices=Choices(months={"Sheet": "2026-11"}))
    assert [post.planned_on for post in said.posts] == [day(2), day(3), day(4)]


@pytest.mark.parametrize("title", ["November", "2026"])
def test_half_a_month_is_asked_too(title):
    assert [one.month for one in read_sheet(*grid_of(title)).outline.months] == [""]


def test_a_month_that_its_weekdays_contradict_is_warned_of():
    plan = read_sheet(*grid_of("October 2026"))
    assert warnings(plan)[0] == (
        "In 2026-10 the days of the sheet “Sheet” fall on other weekdays. Check its month."
    )


def test_cells_without_a_network_among_others_are_asked_about():
    assert read_sheet(*grid_of()).outline.asks_notes == 1
    notes = read_sheet(*grid_of(), choices=Choices(notes=GridNotes.NOTES))
    assert [post.cell for post in notes.posts] == ["A4", "C4"]
    assert [(row.cell, row.reason) for row in notes.skipped] == [
        ("B4", "It names no network, so it was taken for a note: “Holiday”.")
    ]
    posts = read_sheet(*grid_of(), choices=Choices(notes=GridNotes.POSTS))
    assert [post.cell for post in posts.posts] == ["A4", "B4", "C4"]
    assert not posts.outline.asks


def test_all_of_a_cell_may_be_the_words():
    plan = read_sheet(
        ["November 2026"],
        WEEK,
        [2, 3, 4, 5, 6, 7, 8],
        ["One\nTwo\nIG"],
        choices=Choices(words=GridWords.CAPTION),
    )
    assert [(post.title, post.caption) for post in plan.posts] == [("", "One\nTwo")]


def test_merged_cells_over_several_days_and_weekdays_over_two_columns():
    book = Workbook()
    sheet = book.active
    sheet.title = "Nov 2026"
    for at, name in enumerate(WEEK):
        sheet.merge_cells(start_row=1, end_row=1, start_column=1 + 2 * at, end_column=2 + 2 * at)
        sheet.cell(1, 1 + 2 * at, name)
        sheet.cell(2, 1 + 2 * at, 2 + at)
    sheet["A3"] = "The oven\nIG"
    sheet["B3"] = "Beside it\nFB"
    sheet["E3"] = "Sale\nIG"
    sheet.merge_cells("E3:J3")
    plan = parse_plan(workbook_bytes(book), "plan.xlsx", MADRID)
    assert told(plan) == [
        ("A3", day(2), ("instagram",), "The oven"),
        ("B3", day(2), ("facebook",), "Beside it"),
        ("E3", day(4), ("instagram",), "Sale"),
    ]
    assert warnings(plan)[0] == (
        "Cells that stretch over several days: 1, such as E3:J3. "
        "The post stands on the first of them."
    )


def test_words_that_stand_on_no_day_are_left_out_and_so_is_a_table_below():
    plan = read_sheet(
        ["November 2026"],
        WEEK,
        ["", "", "", "", "", "", 1],
        ["Early", "", "", "", "", "", "The oven\nIG"],
        ["Date", "Caption", "Platform", "Status"],
        ["2026-11-01", "At night", "Instagram", "open"],
    )
    assert [post.cell for post in plan.posts] == ["G4"]
    assert [(row.cell, row.reason) for row in plan.skipped] == [
        ("A4", "No day number stands above it: “Early”."),
        ("A5", "Not part of the grid: “Date”."),
        ("A6", "Not part of the grid: “2026-11-01”."),
    ]


def test_a_grid_without_words_says_so():
    with pytest.raises(NotAPlan) as caught:
        read_sheet(["November 2026"], WEEK, [2, 3, 4, 5, 6, 7, 8])
    assert str(caught.value) == (
        "This is a calendar drawn as a grid, and no words were found beneath the days of it."
    )


# --- columns that a person names ---

UNNAMED = ["When?", "Voice", "Where to"], ["2026-11-03 10:00", "The oven at night", "Instagram"]


def csv_of(*rows: list[str]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def test_columns_that_nobody_knows_can_be_named():
    content = csv_of(*UNNAMED)
    with pytest.raises(NotAPlan):
        parse_plan(content, "plan.csv", MADRID)
    asked = outline_of(content)
    assert [(one.name, one.meaning, one.example) for one in asked.columns] == [
        ("When?", "", "2026-11-03 10:00"),
        ("Voice", "", "The oven at night"),
        ("Where to", "", "Instagram"),
    ]
    choices = Choices({0: "date", 1: "caption", 2: "networks"})
    plan = parse_plan(content, "plan.csv", MADRID, choices=choices)
    assert [(p.row, p.caption, p.networks, p.timed) for p in plan.posts] == [
        (2, "The oven at night", ("instagram",), True)
    ]
    assert plan.outline.signature == asked.signature


def test_a_file_without_any_header_can_be_named_too():
    content = csv_of(
        ["03.11.2026", "10:00", "Rye is back"],
        ["04.11.2026", "11:00", "Rolls, 7 kinds".replace(",", "")],
    )
    asked = outline_of(content)
    assert (asked.header, asked.header_is_open) == (False, True)
    choices = Choices({0: "date", 1: "time", 2: "title"})
    plan = parse_plan(content, "plan.csv", MADRID, choices=choices)
    assert [(p.row, p.title, p.timed) for p in plan.posts] == [
        (1, "Rye is back", True),
        (2, "Rolls 7 kinds", True),
    ]


def test_a_recognised_column_can_be_taken_otherwise_and_left_out():
    rows = ["Date", "Caption", "Copy", "Tags"], ["2026-11-03", "Internal name", "The words", "a"]
    assert read_rows(*rows).posts[0].caption == "Internal name"
    plan = read_rows(*rows, choices=Choices({1: "title", 2: "caption", 3: ""}))
    assert [(p.title, p.caption, p.labels) for p in plan.posts] == [
        ("Internal name", "The words", ())
    ]
    moved = read_rows(*rows, choices=Choices({2: "caption"}))
    assert [p.caption for p in moved.posts] == ["The words"]
    assert moved.ignored == ("Caption",)


def test_the_order_of_a_date_is_asked_where_it_can_be_either():
    rows = ["Date", "Caption"], ["03/04/2026", "The oven"]
    asked = read_rows(*rows).outline
    assert (asked.asks_order, asked.order, asked.asks) == ("03/04/2026", "day-first", True)
    plan = read_rows(*rows, choices=Choices(order=DateOrder.MONTH_FIRST))
    assert (plan.posts[0].planned_on, plan.outline.asks) == (date(2026, 3, 4), False)
    sure = read_rows(["Date", "Caption"], ["13/04/2026", "The oven"])
    assert (sure.outline.asks_order, sure.outline.asks) == ("", False)


def test_campaign_and_pillar_have_columns_of_their_own():
    plan = read_rows(
        ["Date", "Caption", "Campaign", "Content pillar"], ["", "The oven", "Winter", "Craft"]
    )
    assert [(p.campaign, p.pillar, p.labels) for p in plan.posts] == [("Winter", "Craft", ())]


def test_choices_are_kept_but_for_the_months():
    choices = Choices(
        {1: "title", 3: ""},
        header=False,
        order=DateOrder.DAY_FIRST,
        words=GridWords.CAPTION,
        notes=GridNotes.NOTES,
        months={"Sheet": "2026-11"},
    )
    assert from_json(choices.as_json()) == choices.lasting
    assert Choices({1: "caption"}).over(choices).columns == {1: "caption", 3: ""}


def test_several_networks_one_column_each_with_a_cross_or_a_tick():
    plan = read_rows(
        ["Date", "Caption", "IG", "FB", "TikTok"],
        ["2026-11-03", "The oven", "x", "", "✓"],
        ["2026-11-04", "The shop", "", "TRUE", "FALSE"],
    )
    assert [p.networks for p in plan.posts] == [("instagram", "tiktok"), ("facebook",)]
    assert reasons(plan) == []


# Made to keep a server busy: each of these took minutes.


def test_cells_full_of_spaces_and_brackets_are_read_as_they_stand():
    hostile = [
        "a" + " " * 19_000 + "b",
        "1" + " " * 19_000 + "b",
        "(" * 19_000,
        "[" + " " * 19_000,
        "a[" * 9_000,
        "9:" + " " * 19_000 + "Rye (IG)",
        "IG:" + "/" * 19_000,
    ]
    plan = read_sheet(["November 2026"], WEEK, [2, 3, 4, 5, 6, 7, 8], *[hostile] * 12)
    assert plan.rows_read == 12 * len(hostile)
    plan = read_sheet(["November 2026"], WEEK, [2], ["The oven at night   (IG)"])
    assert [(one.title, one.networks) for one in plan.posts] == [
        ("The oven at night", ("instagram",))
    ]


def test_a_sheet_with_very_many_merged_cells_is_read_once():
    book = Workbook()
    sheet = book.active
    for row in (["November 2026"], WEEK, [2, 3, 4, 5, 6, 7, 8]):
        sheet.append(row)
    for number in range(300):
        sheet.append([f"Post {number} {name}" for name in WEEK])
    sheet.merged_cells.ranges |= {
        CellRange(min_row=row, max_row=row, min_col=20, max_col=21) for row in range(1, 20_000)
    } | {CellRange(min_row=4, max_row=4, min_col=1, max_col=2)}
    plan = parse_plan(workbook_bytes(book), "plan.xlsx", MADRID)
    assert len(plan.posts) == 2_100


@pytest.mark.parametrize("words", ["<v>1</v>", ""])
def test_a_sheet_of_very_wide_rows_is_refused_before_all_are_read(words: str):
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}">{words}</c></row>'
        for n in range(1, 20_000)
    )
    with pytest.raises(NotAPlan) as caught:
        parse_plan(with_rows(rows), "plan.xlsx", MADRID)
    assert str(caught.value) in {
        "Row 1 has 16384 columns; one import takes 512.",
        "This file is too large.",
    }


def with_rows(rows: str) -> bytes:
    """A workbook whose only sheet is written by hand."""
    name = "xl/worksheets/sheet1.xml"
    begin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes(Workbook()))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, f"{begin}<sheetData>{rows}</sheetData></worksheet>")
    return written.getvalue()
