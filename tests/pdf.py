"""What a PDF of ours says, read by the rules of the format and not by the library that wrote it."""

import base64
import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F[\d+]+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj|(Tm)|(ET)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, a line for each line."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        name.decode(): objects[int(number)]
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+(?:\+\d+)?) (\d+) 0 R", body)
    }
    signs = {name: _signs_of(font, objects) for name, font in fonts.items()}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return [
        "".join(_text(_content(objects[_number(rb"/Contents (\d+)", page)]), signs))
        for page in pages
    ]


def _signs_of(font: bytes, objects: dict[int, bytes]) -> dict[int, str] | None:
    """What each code of an embedded font stands for; None where the codes are UTF-16."""
    if b"/ToUnicode" not in font:
        return None
    cmap = _content(objects[_number(rb"/ToUnicode (\d+)", font)])
    pairs = re.findall(rb"^<(\w\w)> <(\w{4,})>$", cmap, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs}


def _text(content: bytes, signs: dict[str, dict[int, str] | None]) -> Iterator[str]:
    known: dict[int, str] | None = None
    for font, shown, line, end in _SHOWN.findall(content):
        if font:
            known = signs[font.decode()]
        elif line or end:
            yield "\n"
        else:
            codes = _ESCAPE.sub(lambda found: _plain(found[1]), shown)
            if known is None:
                yield codes.decode("utf-16-be")
            else:
                yield "".join(known.get(code, "\N{REPLACEMENT CHARACTER}") for code in codes)


def _plain(escaped: bytes) -> bytes:
    if escaped.isdigit():
        return bytes([int(escaped, 8)])
    return _SIGNS.get(escaped, escaped)


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found, "no stream"
    raw = found[1]
    if b"/ASCII85Decode" in body:
        raw = base64.a85decode(raw.strip().removesuffix(b"~>"))
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body else raw


def _number(pattern: bytes, body: bytes) -> int:
    found = re.search(pattern, body)
    assert found, pattern
    return int(found[1])
