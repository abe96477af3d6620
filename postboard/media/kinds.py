"""What a file is, told by its first bytes; its name and what a browser says of it count nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from postboard.domain.errors import BadInput

HEAD: Final = 4096
"""So many first bytes are enough to tell."""


class EmptyFile(BadInput):
    sentence = "This file is empty."


class NotMedia(BadInput):
    sentence = (
        "This is neither a picture nor a video that can be shown here."
        " Use JPEG, PNG, GIF, WebP, MP4, MOV or WebM."
    )


class Program(BadInput):
    sentence = "This is a program, not a picture or a video."


class Drawing(BadInput):
    sentence = "SVG drawings can carry scripts, so they stay out. Export it as PNG and add that."


class NotForWeb(BadInput):
    sentence = "Most browsers and networks cannot show {format}. Save it as JPEG and add that."


class Damaged(BadInput):
    sentence = "This file is damaged or cut off. Save it anew and add that."


class CutOff(BadInput):
    sentence = "This video ends too early: a part of the file is missing. Export it once more."


class NoPicture(BadInput):
    sentence = "This video has no picture that browsers can show. Export it as MP4 with H.264."


class TooManyPixels(BadInput):
    sentence = "This has {millions} million pixels; at most {limit} million fit. Save it smaller."


class TooHeavy(BadInput):
    sentence = "Reading this file takes too long or too much memory. Save it smaller and add that."


REFUSALS: Final = {
    one.__name__: one for one in (Damaged, CutOff, NoPicture, TooManyPixels, TooHeavy)
}
"""What may turn out while a file is decoded."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken; `decoder` is its name in Pillow or, of a video, in FFmpeg."""

    mime: str
    decoder: str
    is_video: bool = False


JPEG: Final = FileType("image/jpeg", "JPEG")
PNG: Final = FileType("image/png", "PNG")
GIF: Final = FileType("image/gif", "GIF")
WEBP: Final = FileType("image/webp", "WEBP")
MP4: Final = FileType("video/mp4", "mov", is_video=True)
MOV: Final = FileType("video/quicktime", "mov", is_video=True)
WEBM: Final = FileType("video/webm", "matroska", is_video=True)

_MARKS: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_PROGRAMS: Final = (
    b"\x7fELF",
    b"MZ",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\0asm",
)
_STILLS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_OLD_MOVIE: Final = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def type_of(head: bytes) -> FileType:
    """The type of a file that begins like this.

    Raises:
        EmptyFile, Program, Drawing, NotForWeb, NotMedia: it is not taken.
    """
    if not head:
        raise EmptyFile
    for mark, found in _MARKS:
        if head.startswith(mark):
            return found
    for look in _LOOKS:
        found = look(head)
        if found:
            return found
    raise NotMedia


def _webp(head: bytes) -> FileType | None:
    return WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _movie(head: bytes) -> FileType | None:
    if head[4:8] != b"ftyp":
        return MOV if head[4:8] in _OLD_MOVIE else None
    brand = head[8:12]
    if brand in _STILLS:
        raise NotForWeb(format="HEIC")
    if brand in {b"avif", b"avis"}:
        raise NotForWeb(format="AVIF")
    return MOV if brand == b"qt  " else MP4


def _webm(head: bytes) -> FileType | None:
    """Matroska at large is not shown by browsers; its kind is named in its header."""
    return WEBM if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64] else None


def _refused(head: bytes) -> FileType | None:
    if head.startswith(_PROGRAMS):
        raise Program
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<") and b"<svg" in text:
        raise Drawing
    if head[:4] in {b"II*\0", b"MM\0*"}:
        raise NotForWeb(format="TIFF")
    return None


_LOOKS: Final[tuple[Callable[[bytes], FileType | None], ...]] = (_webp, _movie, _webm, _refused)
