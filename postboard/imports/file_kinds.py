"""Which kind of file some bytes are, told by the bytes and never by the name."""

import io
import re
import zipfile
from typing import Final

from postboard.imports.refusals import NotATable

OTHER_FILE: Final = "This is a {kind} file, not a table. Save the plan as CSV or XLSX."
OLD_EXCEL: Final = "This is an old Excel file (.xls). Save it as XLSX or CSV and import it again."
LOCKED_EXCEL: Final = "This Excel file is locked with a password. Save it without one."

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KIND_BY_START: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"PK\x05\x06", "ZIP"),
    (b"PK\x07\x08", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"RIFF", "WEBP/WAV/AVI"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\x00", "SQLite"),
)
# A media file names its family from the fifth byte on.
_MEDIA_MARK: Final = b"ftyp"
_KIND_BY_ZIP_PART: Final = (
    ("word/", "DOCX"),
    ("ppt/", "PPTX"),
    ("Index/", "Numbers/Pages"),
    ("content.xml", "ODS/ODT"),
    ("xl/workbook.bin", "XLSB"),
)
_MARKUP: Final = (
    (re.compile(rb"<!doctype\s+html|<html|<head|<body|<table", re.IGNORECASE), "HTML"),
    (re.compile(rb"<\?xml|<rss|<feed|<svg", re.IGNORECASE), "XML"),
    (re.compile(rb'\{\s*"|\[\s*[\[{"]|\{\s*\}'), "JSON"),
)


def is_workbook(content: bytes) -> bool:
    """True for an .xlsx or .xlsm; NotATable for every other kind that is known and no text."""
    if content.startswith(_COMPOUND):
        raise NotATable(LOCKED_EXCEL if _utf16("EncryptedPackage") in content else OLD_EXCEL)
    if content.startswith(_ZIP):
        return _zip_is_workbook(content)
    _refuse_known_start(content)
    _refuse_markup(content)
    return False


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _zip_is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise NotATable("This file is damaged: it begins like an Excel file.") from fault
    if any(name.lower().replace("\\", "/") == "xl/workbook.xml" for name in names):
        return True
    for part, kind in _KIND_BY_ZIP_PART:
        if any(name.startswith(part) for name in names):
            raise NotATable(OTHER_FILE, kind=kind)
    raise NotATable(OTHER_FILE, kind="ZIP")


def _refuse_known_start(content: bytes) -> None:
    if content[4:8] == _MEDIA_MARK:
        raise NotATable(OTHER_FILE, kind="MP4/HEIC")
    for start, kind in _KIND_BY_START:
        # A plain word may begin with the same two letters; then the next bytes are text.
        if content.startswith(start) and (len(start) > 2 or b"\x00" in content[:64]):  # noqa: PLR2004
            raise NotATable(OTHER_FILE, kind=kind)


def _refuse_markup(content: bytes) -> None:
    head = content[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise NotATable(OLD_EXCEL)
    for pattern, kind in _MARKUP:
        if pattern.match(head):
            raise NotATable(OTHER_FILE, kind=kind)
