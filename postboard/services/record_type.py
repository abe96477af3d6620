"""How the record's pages are set: each sign in a font that has it, lines broken as one reads them.

Latin is set in a font that goes with the file; Chinese, Japanese and Korean in the fonts that every
reader of PDF brings. What none of them has, such as emoji, stands as □.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Final, NamedTuple

import regex
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

LATIN, BOLD, CHINESE, KOREAN = "Vera", "VeraBd", "STSong-Light", "HYSMyeongJo-Medium"
INK, QUIET, RULE = (HexColor(colour) for colour in ("#28251f", "#6f6a63", "#dedad5"))
LACKING: Final = "□"
_GRAPHEME: Final = regex.compile(r"\X")
_BLANKS_MAX: Final = 3
_CROWDED: Final = regex.compile(rf"\n(?:[^\S\n]*\n){{{_BLANKS_MAX},}}")
_NEVER_FIRST: Final = frozenset("，。、；：？！）》」』】”’…,.;:?!)%]}")
_NEVER_LAST: Final = frozenset("（《「『【“‘([{")


class Sign(NamedTuple):
    """A grapheme as it is set; `width` at a size of 1 pt. `whole`: nothing of it is lost."""

    font: str
    shown: str
    width: float
    whole: bool

    @property
    def stands_alone(self) -> bool:
        """Lines may break on both sides of it."""
        return self.font not in {LATIN, BOLD}


@dataclass(frozen=True, slots=True)
class Style:
    size: float
    leading: float
    colour: Any = INK
    bold: bool = False
    indent: float = 0
    leads: bool = False
    """It stands above something and must not end a page."""


STYLES: Final[Mapping[str, Style]] = {
    "title": Style(17, 23, bold=True),
    "heading": Style(11, 18, bold=True, leads=True),
    "label": Style(7.5, 11, QUIET, leads=True),
    "body": Style(9, 13.5),
    "said": Style(8.5, 12.5, indent=10),
    "quiet": Style(7.5, 11, QUIET),
}


class Lines(Flowable):
    """Text of any length, which breaks over lines and pages."""

    def __init__(self, said: str, style: Style) -> None:
        super().__init__()
        register_fonts()
        self._style = style
        self._signs = [
            [_set(one, style.bold) for one in _GRAPHEME.findall(line)]
            for line in _CROWDED.sub("\n" * (_BLANKS_MAX + 1), _plain(said)).split("\n")
        ]
        self._lines: list[list[Sign]] = []
        self.keepWithNext = style.leads

    @property
    def is_whole(self) -> bool:
        return all(sign.whole for line in self._signs for sign in line)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: ARG002, N803 - its names
        if not self._lines:
            room = (aW - self._style.indent) / self._style.size
            self._lines = [part for line in self._signs for part in _broken(line, room)]
        return aW, len(self._lines) * self._style.leading

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803 - reportlab's names
        self.wrap(aW, aH)
        fitting = int(aH // self._style.leading)
        if not 0 < fitting < len(self._lines):
            return []
        return [self._part(self._lines[:fitting]), self._part(self._lines[fitting:])]

    def draw(self) -> None:
        canvas: Any = getattr(self, "canv")  # noqa: B009 - reportlab puts it there
        style, text = self._style, canvas.beginText()
        text.setFillColor(style.colour)
        top = len(self._lines) * style.leading
        for number, line in enumerate(self._lines, 1):
            text.setTextOrigin(
                style.indent, top - number * style.leading + (style.leading - style.size) * 0.6
            )
            for font, run in groupby(line, key=lambda sign: sign.font):
                text.setFont(font, style.size)
                text.textOut("".join(sign.shown for sign in run))
        canvas.drawText(text)

    def _part(self, lines: list[list[Sign]]) -> "Lines":
        part = Lines("", self._style)
        part._signs = part._lines = lines
        return part


class Numbered(Canvas):
    """Knows how many pages there are before it writes the number on any, after what they are of."""

    _startPage: Callable[[], None]  # noqa: N815 - reportlab's name

    def __init__(self, name: str, right: float, bottom: float, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # pyright: ignore[reportUnknownMemberType]
        self._name, self._right, self._bottom = name, right, bottom
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont(LATIN, 8)
            self.setFillColor(QUIET)
            where = f"{self._name} · {number}/{len(self._kept)}"
            self.drawRightString(self._right, self._bottom, where)
            super().showPage()
        super().save()


@cache
def register_fonts() -> None:
    fonts: Any = pdfmetrics
    for name in (LATIN, BOLD):
        fonts.registerFont(TTFont(name, f"{name}.ttf"))
    for name in (CHINESE, KOREAN):
        fonts.registerFont(UnicodeCIDFont(name))


def _broken(line: list[Sign], room: float) -> Iterator[list[Sign]]:
    """Parts that fit: between words, else between signs."""
    start, used, break_at = 0, 0.0, 0
    for at, sign in enumerate(line):
        if at > start and _may_break(line[at - 1], sign):
            break_at = at
        if used + sign.width > room and at > start and sign.shown != " ":
            end = break_at if break_at > start else at
            yield line[start:end]
            start, used = end, sum(one.width for one in line[end:at])
        used += sign.width
    yield line[start:]


def _may_break(before: Sign, after: Sign) -> bool:
    if before.shown == " ":
        return after.shown != " "
    if not (before.stands_alone or after.stands_alone):
        return False
    return after.shown not in _NEVER_FIRST and before.shown not in _NEVER_LAST


def _plain(said: str) -> str:
    """Composed, and without what cannot be seen."""
    return unicodedata.normalize("NFC", said).replace("\t", " ")


@lru_cache(20_000)
def _set(grapheme: str, bold: bool) -> Sign:
    latin = BOLD if bold else LATIN
    seen = "".join(filter(_is_seen, grapheme))
    if _has(latin, seen):
        return _sign(latin, seen)
    for font, charset in ((CHINESE, "gbk"), (KOREAN, "euc_kr")):
        if _fits(seen, charset):
            return _sign(font, seen)
    # A letter without its accent is better than none.
    letter = unicodedata.normalize("NFD", seen)[0]
    if letter.isalpha() and _has(latin, letter):
        return _sign(latin, letter, whole=False)
    return _sign(CHINESE, LACKING, whole=False)


def _sign(font: str, shown: str, *, whole: bool = True) -> Sign:
    fonts: Any = pdfmetrics
    return Sign(font, shown, fonts.stringWidth(shown, font, 1), whole)


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _has(latin: str, signs: Iterable[str]) -> bool:
    font: Any = pdfmetrics.getFont(latin)
    return all(ord(sign) in font.face.charToGlyph for sign in signs)


def _fits(signs: str, charset: str) -> bool:
    try:
        signs.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
