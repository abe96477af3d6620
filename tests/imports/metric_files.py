"""Short ways to write a metric export in a test, and to read it."""

import csv
import io
import struct
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from postboard.domain.figures import Figures
from postboard.imports.metrics import (
    NOTHING_SAID,
    DayRow,
    MeasuredRow,
    MetricChoices,
    MetricsFile,
    NotMetrics,
    SkippedRow,
    open_metrics,
)

Row = MeasuredRow | DayRow | SkippedRow

INSTAGRAM = [
    *("Post ID", "Account ID", "Account username", "Account name", "Description"),
    *("Duration (sec)", "Publish time", "Permalink", "Post type", "Data comment", "Date"),
    *("Views", "Reach", "Likes", "Shares", "Comments", "Saves", "Follows"),
]


def written(*rows: Sequence[object], delimiter: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def opened(
    folder: Path, content: str | bytes, choices: MetricChoices = NOTHING_SAID
) -> MetricsFile:
    path = folder / "export"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_metrics(path, choices)


def rows_of(folder: Path, content: str | bytes, choices: MetricChoices = NOTHING_SAID) -> list[Row]:
    return list(opened(folder, content, choices).rows())


def figures_of(metrics: MetricsFile) -> list[Figures]:
    return [row.figures for row in metrics.rows() if isinstance(row, MeasuredRow)]


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(NotMetrics) as caught:
        list(opened(folder, content).rows())
    return str(caught.value)


def asked(metrics: MetricsFile) -> list[tuple[str, str]]:
    return [(one.asks.value, one.example) for one in metrics.questions]


def warned(metrics: MetricsFile) -> list[str]:
    return [one.text for one in metrics.warnings]


def instagram(**cells: object) -> list[object]:
    """A row of an Instagram export; a name is a header, its blanks written as `_`."""
    return [cells.get(header.replace(" ", "_").lower(), "") for header in INSTAGRAM]


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def spreadsheet_xml(name: str, rows: Sequence[Sequence[object]]) -> str:
    """The XML that Excel 2003 wrote, which networks called .xls."""
    lines = [
        "".join(
            f'<Cell ss:Index="{at}"><Data ss:Type="{_xml_type(cell)}">'
            f"{escape(str(cell))}</Data></Cell>"
            for at, cell in enumerate(row, start=1)
            if cell != ""
        )
        for row in rows
    ]
    body = "".join(f"<Row>{line}</Row>" for line in lines)
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="{name}"><Table>{body}</Table></Worksheet></Workbook>'
    )


def _xml_type(cell: object) -> str:
    return "String" if isinstance(cell, str) else "Number"


def old_workbook(name: str, rows: Sequence[Sequence[object]]) -> bytes:
    """A sheet as Excel 97 stored it, BIFF 8; no library writes these any more."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet_start = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    sheet = _record(0x0809, sheet_start)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet += _old_cell(row, column, cell)
    sheet += _record(0x000A)
    title = name.encode("latin-1")
    listed = struct.pack("<IHBB", 0, 0, len(title), 0) + title
    begins_at = len(_record(0x0809, start) + _record(0x0085, listed) + _record(0x000A))
    listed = struct.pack("<IHBB", begins_at, 0, len(title), 0) + title
    book = _record(0x0809, start) + _record(0x0085, listed) + _record(0x000A) + sheet
    return _compound(book)


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _old_cell(row: int, column: int, cell: object) -> bytes:
    if cell == "":
        return b""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", cell))


def _compound(book: bytes) -> bytes:
    """One stream named Workbook in the container of old Office files, sectors of 512 bytes."""
    book = book.ljust(max(4096, -(-len(book) // 512) * 512), b"\0")
    sectors = len(book) // 512
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table, end, *range(3, sectors + 2), end]
    assert len(chain) <= 128
    allocation = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    directory = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 2, len(book))
    directory += bytes(256)
    return header + allocation + directory + book


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    entry = title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(16 + 4 + 16)
    return entry + struct.pack("<IQ", start, size)
