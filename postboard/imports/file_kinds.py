"""Which kind of file some bytes are, told by the bytes and never by the name."""

import io
import re
import zipfile
from enum import Enum
from typing import IO, Final

from postboard.imports.refusals import NotATable

OTHER_FILE: Final = "This is a {kind} file, not a table. Save the plan as CSV or XLSX."
OLD_EXCEL: Final = "This is an old Excel file (.xls). Save it as XLSX or CSV and import it again."
LOCKED_EXCEL: Final = "This Excel file is locked with a password. Save it without one."

_HEAD_BYTES: Final = 64 * 1024
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
    if _is_spreadsheet_xml(content):
        raise NotATable(OLD_EXCEL)
    if kind := _known_start(content) or _markup(content):
        raise NotATable(OTHER_FILE, kind=kind)
    return False


class Kind(Enum):
    """What a file of figures can be. `OLD` is what Excel wrote until 2003."""

    TEXT = "text"
    WORKBOOK = "xlsx"
    OLD_WORKBOOK = "xls"
    XML_WORKBOOK = "xml"


def kind_of(file: IO[bytes], other: str) -> Kind:
    """Told by the first bytes and, of a ZIP file, by its list of parts.

    Raises:
        NotATable: `other`, with its {kind}, for every other kind that is known.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if head.startswith(_COMPOUND):
        if _utf16("EncryptedPackage") in head:
            raise NotATable(LOCKED_EXCEL)
        return Kind.OLD_WORKBOOK
    if head.startswith(_ZIP):
        if kind := _kind_of_zip(file):
            raise NotATable(other, kind=kind)
        return Kind.WORKBOOK
    if _is_spreadsheet_xml(head):
        return Kind.XML_WORKBOOK
    if kind := _known_start(head) or _markup(head):
        raise NotATable(other, kind=kind)
    return Kind.TEXT


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _zip_is_workbook(content: bytes) -> bool:
    if kind := _kind_of_zip(io.BytesIO(content)):
        raise NotATable(OTHER_FILE, kind=kind)
    return True


def _kind_of_zip(file: IO[bytes]) -> str:
    """Empty for a workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise NotATable("This file is damaged: it begins like an Excel file.") from fault
    if any(name.lower().replace("\\", "/") == "xl/workbook.xml" for name in names):
        return ""
    for part, kind in _KIND_BY_ZIP_PART:
        if any(name.startswith(part) for name in names):
            return kind
    return "ZIP"


def _known_start(content: bytes) -> str:
    if content[4:8] == _MEDIA_MARK:
        return "MP4/HEIC"
    for start, kind in _KIND_BY_START:
        # A plain word may begin with the same two letters; then the next bytes are text.
        if content.startswith(start) and (len(start) > 2 or b"\x00" in content[:64]):  # noqa: PLR2004
            return kind
    return ""


def _is_spreadsheet_xml(content: bytes) -> bool:
    return b"urn:schemas-microsoft-com:office:spreadsheet" in _head(content)


def _markup(content: bytes) -> str:
    head = _head(content)
    return next((kind for pattern, kind in _MARKUP if pattern.match(head)), "")


def _head(content: bytes) -> bytes:
    return content[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
