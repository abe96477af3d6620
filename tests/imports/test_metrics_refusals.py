"""What is no export of figures is refused with a sentence that says what was found."""

import io
import random
import re
import zipfile
from dataclasses import replace

import pytest

from postboard.imports import metric_sheets
from postboard.imports.metrics import MetricsTooLarge, NotMetrics, open_metrics
from postboard.imports.refusals import METRIC_LIMITS
from tests.imports.metric_files import (
    INSTAGRAM,
    instagram,
    old_workbook,
    opened,
    refusal,
    spreadsheet_xml,
    workbook,
    written,
)

OTHER = "This is a {} file, not an export of figures. Export them as CSV or XLSX."
DAMAGED = "This Excel file is damaged and cannot be read."
EMPTY = "This file is empty."
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
YOUTUBE = (
    "This is YouTube's table by {}, not by video. In YouTube Studio choose the tab Content before "
    "you export."
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", EMPTY),
        (b" \r\n\n", EMPTY),
        (b"\xef\xbb\xbf", EMPTY),
        (b"sep=,\r\n", EMPTY),
        (workbook(Sheet=[]), EMPTY),
        (b"%PDF-1.7 Post ID,Permalink", OTHER.format("PDF")),
        (b"\x89PNG\r\n\x1a\n\x00", OTHER.format("PNG")),
        (b"<!DOCTYPE html><html><table>", OTHER.format("HTML")),
        (b'{"posts": []}', OTHER.format("JSON")),
        (b"PK\x03\x04 cut off", "This file is damaged: it begins like an Excel file."),
        (bytes(range(256)) * 4, "This file is not text. Export the figures as CSV or XLSX."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DAMAGED),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "This Excel file is locked with a password. Save it without one.",
        ),
        (
            b"name,age\nAna,40\n",
            (
                "No export of figures was recognised. The first row reads “name | age”. Exports of "
                "Meta Business Suite, Facebook Page Insights, X, LinkedIn, TikTok, YouTube Studio "
                "and Publer are read, in English; those of Meta in German too."
            ),
        ),
        (
            b"Geography,Views,Watch time (hours)\nTotal,9,1\nES,9,1\n",
            YOUTUBE.format("country"),
        ),
        (
            b"Subscription status,Views,Watch time (hours)\nTotal,9,1\n",
            YOUTUBE.format("subscription status"),
        ),
        (b"Traffic source,Views\nTotal,9\n", YOUTUBE.format("traffic source")),
        (
            b"Date,Content,Video title,Video publish time,Duration,Views\n2026-01-01,a,b,,1,2\n",
            (
                "This is YouTube's chart data: each video day by day. Import Table data.csv of the "
                "same export."
            ),
        ),
        (
            b"Date,Caption,Platform\n2026-11-03,Nuts,X\n",
            "This looks like a content plan, not an export of figures: Date, Caption, Platform.",
        ),
        (
            written(INSTAGRAM, instagram(post_id="1")) + '2,"never closed\r\n3,more\r\n',
            "The cell that begins at line 3 never ends: a quotation mark is missing.",
        ),
    ],
)
def test_files_of_another_kind(tmp_path, content, sentence):
    assert refusal(tmp_path, content) == sentence


def test_a_header_without_rows_is_an_export_of_nothing(tmp_path):
    metrics = opened(tmp_path, written(INSTAGRAM))
    assert (metrics.format, metrics.row_count, list(metrics.rows())) == (
        *("meta_instagram_content", 0, []),
    )


def test_a_file_that_unpacks_to_a_huge_one_is_refused_unopened(tmp_path):
    saved = io.BytesIO(workbook(Sheet=[INSTAGRAM]))
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 64 * 1024 * 1024)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(saved.getvalue())
    with pytest.raises(MetricsTooLarge) as caught:
        open_metrics(path)
    assert str(caught.value) == "This Excel file unpacks to 64 MB, more than one import takes."
    assert caught.value.status == 413


def test_a_text_that_many_cells_show_is_not_written_out_for_each(tmp_path, monkeypatch):
    few = replace(METRIC_LIMITS, unpacked_bytes=2_000_000)
    monkeypatch.setattr(metric_sheets, "METRIC_LIMITS", few)
    shown = "".join(random.choices("abcdef", k=20_000))  # noqa: S311 - any text that packs badly
    path = tmp_path / "shared.xlsx"
    path.write_bytes(_sharing(shown, workbook(Sheet=[INSTAGRAM, *[["shared"] * 18] * 20])))
    with pytest.raises(MetricsTooLarge) as caught:
        open_metrics(path)
    assert str(caught.value) == "This file is too large."


def test_rows_of_xml_that_are_blank_but_for_their_end_are_counted(tmp_path):
    far = '<Row><Cell ss:Index="512"><Data ss:Type="String">x</Data></Cell></Row>'
    wide = spreadsheet_xml("Key Metrics", [INSTAGRAM]).replace(
        "</Table>", f"{far * 20_000}</Table>"
    )
    assert refusal(tmp_path, wide) == "This file is too large."


def test_a_file_beyond_all_measure_is_not_opened(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(METRIC_LIMITS.file_bytes + 1)
    with pytest.raises(MetricsTooLarge) as caught:
        open_metrics(path)
    assert str(caught.value) == "This file has 256 MB; one import takes 256 MB."


def test_more_columns_than_one_import_takes(tmp_path):
    wide = ",".join(["x"] * 513)
    assert refusal(tmp_path, f"{wide}\n") == "Row 1 has 513 columns; one import takes 512."


def test_xml_that_would_unfold_is_refused(tmp_path):
    bomb = spreadsheet_xml("Key Metrics", [["&lol;"]]).replace(
        "<Workbook", '<!DOCTYPE x [<!ENTITY lol "lol">]><Workbook', 1
    )
    assert refusal(tmp_path, bomb) == DAMAGED
    assert refusal(tmp_path, spreadsheet_xml("Key Metrics", [["a"]])[:-20]) == DAMAGED


@pytest.mark.parametrize(
    "whole",
    [
        old_workbook("All posts", [["Post title", "Post link", "Created date", "Impressions"]]),
        workbook(Sheet=[INSTAGRAM, instagram(post_id="1")]),
        written(INSTAGRAM, instagram(post_id="1")).encode("utf-16"),
        spreadsheet_xml("Key Metrics", [INSTAGRAM, instagram(post_id="1")]).encode(),
    ],
)
def test_a_damaged_file_is_read_or_refused_and_breaks_nothing(tmp_path, whole):
    chance = random.Random(6)  # noqa: S311 - the same damage each time
    said: set[str] = set()
    for _ in range(150):
        damaged = bytearray(
            whole[: chance.randrange(1, len(whole))] if chance.random() < 0.3 else whole
        )
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            list(opened(tmp_path, bytes(damaged)).rows())
        except NotMetrics as refused:
            said.add(str(refused))
    assert said


def _sharing(text: str, book: bytes) -> bytes:
    """The workbook with the text written once, in the place of each “shared”."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            part = re.sub(r't="inlineStr"><is><t>shared</t></is>', 't="s"><v>0</v>', part)
            override = (
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHARED}"/></Types>'
            )
            new.writestr(name, part.replace("</Types>", override))
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}"><si><t>{text}</t></si></sst>')
    return saved.getvalue()
