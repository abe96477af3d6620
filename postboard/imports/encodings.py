"""Bytes of a text file -> text. Spreadsheet programs still write a dozen encodings."""

import codecs
import re
from typing import IO, Final

import charset_normalizer

from postboard.imports.refusals import NotATable

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: the mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 64 * 1024
_PIECE_BYTES: Final = 1024 * 1024
_NO_TEXT: Final = "This file is not text. A plan is a CSV or XLSX file."
_LATIN: Final = ["cp1252", "cp1250", "cp1254", "mac_roman"]
_OTHER_SCRIPTS: Final = [
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
    *("big5", "shift_jis", "euc_kr", "gb18030"),
]
# Two bytes of the common Chinese characters, as GB 2312 orders them.
_COMMON_HAN: Final = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(content: bytes) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that encoding was a guess worth a warning.

    NotATable for bytes that are no text.
    """
    text, encoding, guessed = _decode(content)
    sample = text[:_SAMPLE_BYTES]
    if len(_CONTROL.findall(sample)) * 50 > len(sample):
        raise NotATable(_NO_TEXT)
    return text, encoding, guessed


def encoding_of(file: IO[bytes]) -> tuple[str, bool]:
    """As `decode` finds it, but never holding more than a piece of the file."""
    head = file.read(_SAMPLE_BYTES)
    encoding, guessed = _encoding_of(head, file)
    sample = head.decode(encoding, errors="replace")
    if len(_CONTROL.findall(sample)) * 50 > len(sample):
        raise NotATable("This file is not text. Export the figures as CSV or XLSX.")
    return encoding, guessed


def _encoding_of(head: bytes, file: IO[bytes]) -> tuple[str, bool]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, False
    if encoding := _unmarked_utf16(head):
        return encoding, False
    broken, beyond_ascii = _read_as_utf8(head, file)
    if broken * 100 <= beyond_ascii:
        return "utf-8", broken > 0
    if _is_chinese(head):
        return "gb18030", False
    return _likeliest(head), True


def _read_as_utf8(head: bytes, file: IO[bytes]) -> tuple[int, int]:
    """Characters that could not be read, and characters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = beyond_ascii = 0
    piece = head
    while piece:
        following = file.read(_PIECE_BYTES)
        text = decoder.decode(piece, final=not following)
        if not text.isascii():
            broken += text.count("�")
            beyond_ascii += len(text) - len(text.encode("ascii", errors="ignore"))
        piece = following
    return broken, beyond_ascii


def _decode(content: bytes) -> tuple[str, str, bool]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark) and (text := _strictly(content, encoding)) is not None:
            return text, encoding.removesuffix("-sig"), False
    if encoding := _unmarked_utf16(content):
        text = _strictly(content, encoding)
        if text is not None:
            return text, encoding, False
    if (text := _strictly(content, "utf-8")) is not None:
        return text, "utf-8", False
    return _legacy(content)


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(content: bytes) -> str:
    """Mostly Latin text in UTF-16 has a zero in every second byte."""
    sample = content[:2000]
    half = len(sample) // 2
    if not half:
        return ""
    if sample[1::2].count(0) * 2 > half:
        return "utf-16-le"
    if sample[0::2].count(0) * 2 > half:
        return "utf-16-be"
    return ""


def _legacy(content: bytes) -> tuple[str, str, bool]:
    damaged = content.decode("utf-8", errors="replace")
    broken = damaged.count("�")
    if broken * 100 <= sum(1 for character in damaged if ord(character) > 0x7F):  # noqa: PLR2004
        return damaged, "utf-8", True
    sample = content[:_SAMPLE_BYTES]
    if _is_chinese(sample):
        return content.decode("gb18030", errors="replace"), "gb18030", False
    encoding = _likeliest(sample)
    return content.decode(encoding, errors="replace"), encoding, True


def _is_chinese(sample: bytes) -> bool:
    """True when nearly all high bytes pair up to common characters, as no Western text does."""
    high = len(_HIGH.findall(sample))
    paired = 2 * len(_COMMON_HAN.findall(sample))
    return high > 3 and paired >= 0.9 * high  # noqa: PLR2004


def _likeliest(sample: bytes) -> str:
    """Western European unless another encoding reads clearly better.

    In Latin script letters with accents stand alone; in any other script whole words are high
    bytes. The guess is made within the one or the other.
    """
    runs = _HIGH_RUN.findall(sample)
    latin = 2 * sum(len(run) for run in runs if len(run) > 2) < sum(map(len, runs))  # noqa: PLR2004
    isolated = _LATIN if latin else _OTHER_SCRIPTS
    matches = charset_normalizer.from_bytes(sample, cp_isolation=isolated, threshold=0.5)
    best = matches.best()
    if best is None:
        return "cp1252"
    equal = [match.encoding for match in matches if match.chaos <= best.chaos]
    return "cp1252" if "cp1252" in equal else best.encoding
