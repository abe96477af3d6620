"""What is no plan is refused with a sentence that says what was found."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from postboard.imports.plan import LIMITS, NotAPlan, PlanTooLarge, parse_plan
from tests.imports.reading import FIXTURES, MADRID, read_rows, read_text, reasons, workbook_bytes


def refusal(content: bytes, name: str = "plan.csv") -> str:
    with pytest.raises(NotAPlan) as caught:
        parse_plan(content, name, MADRID)
    return str(caught.value)


def zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


OTHER = "This is a {} file, not a table. Save the plan as CSV or XLSX."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b" \r\n\n", "This file is empty."),
        (b"\xef\xbb\xbf", "This file is empty."),
        (b"%PDF-1.7 x", OTHER.format("PDF")),
        (b"\x89PNG\r\n\x1a\n\x00", OTHER.format("PNG")),
        (b"\xff\xd8\xff\xe0", OTHER.format("JPEG")),
        (b"\x00\x00\x00\x18ftypmp42", OTHER.format("MP4/HEIC")),
        (b"<!DOCTYPE html><html>", OTHER.format("HTML")),
        (b'{"posts": []}', OTHER.format("JSON")),
        (zipped("a.txt"), OTHER.format("ZIP")),
        (zipped("word/document.xml"), OTHER.format("DOCX")),
        (
            OLE + b"\x00" * 600,
            "This is an old Excel file (.xls). Save it as XLSX or CSV and import it again.",
        ),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "This Excel file is locked with a password. Save it without one.",
        ),
        (zipped("xl/workbook.xml"), "This Excel file is damaged and cannot be read."),
        (b"PK\x03\x04 cut off", "This file is damaged: it begins like an Excel file."),
        (bytes(range(256)) * 4, "This file is not text. A plan is a CSV or XLSX file."),
        (
            b"name,age\nAna,40\n",
            (
                "No content plan was found. The first row reads “name | age”. "
                "A plan names its columns, such as date, platform and caption."
            ),
        ),
        (
            b'Date,Caption\n2026-11-03,"never closed\n2026-11-04,more\n',
            "The cell that begins at line 2 never ends: a quotation mark is missing.",
        ),
        (
            b"Date,Caption,Platform\n,,X\n",
            (
                "The columns Date, Caption, Platform were found, but none of the 1 rows has words, "
                "a title or media."
            ),
        ),
        (
            b"Date,Views\n2026-11-03,8\n",
            "This looks like a table of results (Views), not a content plan.",
        ),
        (
            b"Date,Caption,Platform\n,Words,X\nTitle,Link,Status\nA,,\n",
            "Row 3 begins a second table with other columns. Save each table as a file of its own.",
        ),
    ],
)
def test_files_of_another_kind(content, sentence):
    assert refusal(content) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "instagram_results.csv",
            "This looks like an Instagram metrics export, not a content plan.",
        ),
        (
            "geography.csv",
            "This looks like a table of views by place or audience, not a content plan.",
        ),
        (
            "blog.csv",
            (
                "This looks like a calendar of blog articles (Blog title, Target keyword, "
                "Word count), not of social posts."
            ),
        ),
        (
            "no_words.csv",
            (
                "The columns Date, Platform, Status were found, but none with the words, title or "
                "media of the posts."
            ),
        ),
    ],
)
def test_tables_of_another_kind(name, sentence):
    assert refusal((FIXTURES / name).read_bytes(), name) == sentence


def test_a_file_is_what_its_bytes_are_whatever_its_name():
    workbook = (FIXTURES / "weeks.xlsx").read_bytes()
    assert len(parse_plan(workbook, "plan.csv", MADRID).posts) == 3


def too_large(content: bytes) -> str:
    with pytest.raises(PlanTooLarge) as caught:
        parse_plan(content, "plan", MADRID)
    assert caught.value.status == 413
    return str(caught.value)


def test_limits_of_a_file():
    header = b"Date,Caption\n"
    assert too_large(header + b"x" * LIMITS.file_bytes) == (
        "This file has 20 MB; one import takes 20 MB."
    )
    assert too_large(header + b",Words\n" * (LIMITS.rows + 1)) == (
        "This plan has more than 20000 rows."
    )
    assert too_large(header + b"\r\n" * 1_000_001) == (
        "This file has 1000002 lines; one import takes 1000000."
    )
    assert too_large(header + b"," * LIMITS.columns + b"x\n") == (
        "Row 2 has 513 columns; one import takes 512."
    )


def test_a_small_workbook_that_unpacks_to_a_huge_one_is_refused_unopened():
    written = io.BytesIO(workbook_bytes(Workbook()))
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 64 * 1024 * 1024)
    assert too_large(written.getvalue()) == (
        "This Excel file unpacks to 64 MB, more than one import takes."
    )


def test_a_cell_beyond_all_measure_costs_the_file():
    assert refusal(b"Date,Caption\n," + b"x" * 140_000) == (
        "The cell that begins at line 2 has more than 131072 characters; "
        "perhaps a quotation mark is missing."
    )


def test_a_cell_that_is_too_long_costs_its_row_only():
    plan = read_rows(["Date", "Caption"], ["", "x" * 20_001], ["", "Words"])

    assert [one.row for one in plan.posts] == [3]
    assert reasons(plan) == [(2, "The cell “Caption” has 20001 characters; 20000 are possible.")]


def test_long_runs_of_blanks_and_dashes_cost_no_more_than_other_text():
    header = ["Date", "Time", "Platform", "Media", "Hashtags", "Link", "Type", "Caption"]
    started = time.process_time()
    for filler in (" ", "\n", "-", "a.", "#", "("):
        cell = "1" + filler * (19_000 // len(filler)) + "z"
        read_rows(header, *([cell] * 7 + [f"Words {n}"] for n in range(5)))
    assert time.process_time() - started < 5


def test_progress_is_told_to_the_end():
    heard: list[int] = []
    read_text(
        "Date,Caption\n" + "".join(f",Words {n}\n" for n in range(1200)), progress=heard.append
    )
    assert heard == [500, 1000, 1200]
