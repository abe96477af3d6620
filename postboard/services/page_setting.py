"""How a post's record and its certificate are set: A4 pages of headings, fields and lines."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, SimpleDocTemplate, Spacer

from postboard.locale import Language, format_day, text
from postboard.services.record_type import LATIN, QUIET, RULE, STYLES, Lines, Numbered

_MARGIN: Final = 20 * mm
WIDTH: Final = A4[0] - 2 * _MARGIN


def document(
    pages: BytesIO, *, title: str, author: str, subject: str, language: Language, **options: Any
) -> Any:
    """Reportlab's, still empty, with the margins of every page."""
    return SimpleDocTemplate(
        pages,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        author=author,
        subject=subject,
        creator="Postboard",
        lang=language,
        **options,
    )


def numbered(name: str) -> Any:
    """A canvas that writes the name and the page's number at the foot of each."""
    return partial(Numbered, name, A4[0] - _MARGIN, _MARGIN / 2)


def write_foot(canvas: Any, said: str) -> None:
    """In the page's lower right corner."""
    canvas.setFont(LATIN, 8)
    canvas.setFillColor(QUIET)
    canvas.drawRightString(A4[0] - _MARGIN, _MARGIN / 2, said)


class PageWriter:
    """Sets what is said in one language and on one clock; notes whether a font lacked a sign."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self._text, self._zone = text(language), zone
        self._lacking = False

    def _heading(self, name: str) -> Iterator[Flowable]:
        yield Spacer(0, 7 * mm)
        yield HRFlowable(width="100%", thickness=0.5, color=RULE, spaceAfter=3 * mm)
        yield self._lines(name, "heading")

    def _field(self, name: str, value: str) -> Iterator[Flowable]:
        if value:
            yield self._lines(name, "label")
            yield self._lines(value, "body")
            yield Spacer(0, 1.5 * mm)

    def _lines(self, said: str, kind: str) -> Flowable:
        lines = Lines(said, STYLES[kind])
        self._lacking |= not lines.is_whole
        return lines

    def _when(self, at: str | None) -> str:
        if not at:
            return ""
        local = datetime.fromisoformat(at).astimezone(self._zone)
        return f"{format_day(local, self._text.language, self._zone)} {local:%H:%M}"
