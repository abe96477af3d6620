"""A plan to print or send: landscape A4, month by month and day by day, in either language."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, SimpleDocTemplate, Spacer, Table

from postboard import names
from postboard.db.queries.plan_export import PlanRow
from postboard.locale import Language, format_day, text
from postboard.services.plan_export import state_name
from postboard.services.record_type import RULE, STYLES, Lines, Numbered, register_fonts

_PAGE: Final = landscape(A4)
_MARGIN: Final = 14 * mm
_WIDTHS: Final = (13 * mm, 22 * mm, 34 * mm, 34 * mm, 118 * mm, 48 * mm)
_WORDS_MAX: Final = 400
_LINES_MAX: Final = 6
_ROOM_FOR_A_MONTH: Final = 45 * mm


def as_pdf(
    rows: Sequence[PlanRow],
    language: Language,
    *,
    of_client: bool,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
) -> bytes:
    """The pages; what is longer than a few lines is cut, as the other files have it whole."""
    register_fonts()
    pages = BytesIO()
    document: Any = SimpleDocTemplate(
        pages,
        pagesize=_PAGE,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=text(language).gettext("Plan"),
        creator="Postboard",
        lang=language,
    )
    writer = _Writer(language, of_client=of_client)
    keys = sorted({row.client_key for row in rows})
    name = keys[0] if len(keys) == 1 else "Postboard"
    number = partial(Numbered, name, _PAGE[0] - _MARGIN, _MARGIN / 2)
    document.build(writer.story(rows, since, until, now), canvasmaker=number)
    return pages.getvalue()


class _Writer:
    def __init__(self, language: Language, *, of_client: bool) -> None:
        self._text, self._of_client = text(language), of_client
        self._language: Language = language
        self._lacking = False

    def story(
        self, rows: Sequence[PlanRow], since: date | None, until: date | None, now: datetime
    ) -> list[Flowable]:
        parts = [*self._head(rows, since, until, now)]
        for month, of_month in groupby(rows, key=_month):
            parts += [Spacer(0, 5 * mm), CondPageBreak(_ROOM_FOR_A_MONTH)]
            parts.append(self._lines(self._month_name(month), "title"))
            for day, of_day in groupby(of_month, key=_day):
                parts += [Spacer(0, 2.5 * mm), self._table(day, [*of_day])]
        if not rows:
            parts.append(
                self._lines(self._text.gettext("Nothing is planned in this time."), "body")
            )
        if self._lacking:
            note = self._text.gettext("Signs that the fonts of this file lack stand as □.")
            parts += [Spacer(0, 6 * mm), self._lines(note, "quiet")]
        return parts

    def _head(
        self, rows: Sequence[PlanRow], since: date | None, until: date | None, now: datetime
    ) -> Iterator[Flowable]:
        t = self._text
        clients = list(dict.fromkeys(row.client for row in rows))
        yield self._lines(" · ".join([t.gettext("Plan"), *clients[:6]]), "title")
        days = " – ".join(format_day(day, self._language) for day in (since, until) if day)
        zones = ", ".join(dict.fromkeys(row.zone for row in rows)) or "UTC"
        zone = ZoneInfo(rows[0].zone) if rows else ZoneInfo("UTC")
        facts = [
            days,
            t.ngettext("{n} post", "{n} posts", len(rows)),
            t.gettext("Times are those of {zone}.", zone=zones),
            t.gettext("As of {when}.", when=f"{self._day_time(now, zone)}"),
        ]
        parted = (fact.rstrip("。.") for fact in facts if fact)
        yield self._lines(" · ".join(parted), "quiet")

    def _table(self, day: date | None, rows: Sequence[PlanRow]) -> Table:
        """The day stands above its posts, and again where they go on on the next page."""
        name = format_day(day, self._language) if day else "–"
        head = [[[self._lines(name, "heading")], *[""] * (len(_WIDTHS) - 1)]]
        table = Table(
            [*head, *(self._cells(row) for row in rows)],
            colWidths=_WIDTHS,
            hAlign="LEFT",
            repeatRows=1,
        )
        table.setStyle(
            [
                ("SPAN", (0, 0), (-1, 0)),
                ("NOSPLIT", (0, 0), (-1, 1)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
        return table

    def _cells(self, row: PlanRow) -> list[list[Flowable]]:
        t, state = self._text, state_name(row, of_client=self._of_client)
        beside = [row.campaign, row.pillar, "" if self._of_client else row.who]
        said = [row.title, row.caption]
        return [
            [self._lines(f"{row.local:%H:%M}" if row.local else "–", "body")],
            [self._lines(row.key, "quiet")],
            [self._lines(t.gettext(state), "body")],
            [self._lines(self._and(t.gettext(names.NETWORKS[n]) for n in row.networks), "body")],
            [self._lines(_cut(one), "body") for one in said if one],
            [self._lines("\n".join(filter(None, beside)), "quiet")],
        ]

    def _and(self, named: Iterable[str]) -> str:
        return ("、" if self._language == "zh-CN" else ", ").join(named)

    def _lines(self, said: str, style: str) -> Lines:
        lines = Lines(said, STYLES[style])
        self._lacking |= not lines.is_whole
        return lines

    def _month_name(self, month: str) -> str:
        from babel.dates import format_skeleton

        if not month:
            return self._text.gettext("Without a date")
        locale = "zh_Hans_CN" if self._language == "zh-CN" else "en"
        return format_skeleton("yMMMM", datetime.fromisoformat(f"{month}-01"), locale=locale)

    def _day_time(self, at: datetime, zone: ZoneInfo) -> str:
        local = at.astimezone(zone)
        return f"{format_day(local, self._language, zone)} {local:%H:%M}"


def _month(row: PlanRow) -> str:
    return f"{row.local:%Y-%m}" if row.local else ""


def _day(row: PlanRow) -> date | None:
    return row.local.date() if row.local else None


def _cut(said: str) -> str:
    lines = said.splitlines()
    short = "\n".join(lines[:_LINES_MAX])[:_WORDS_MAX]
    return short if short == "\n".join(lines) else f"{short.rstrip()} …"
