"""One pass over a table before its rows are used: how it is read, what to ask, what to warn of."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from postboard.imports.metric_cells import is_rounded_id, read_yearless, shortened, text_of
from postboard.imports.metric_format import Holds
from postboard.imports.metric_headers import POINTS_GROUP, language_of
from postboard.imports.metric_reader import Identity, RowReader, Settled
from postboard.imports.metric_rows import Asks, MetricChoices, MetricWarning, Question
from postboard.imports.metric_table import FoundTable
from postboard.imports.metric_text import TextSource
from postboard.imports.plan_dates import OrderFound, order_of, read_moment
from postboard.imports.refusals import METRIC_LIMITS, TableTooLarge
from postboard.imports.workbook import Cell
from postboard.locale import N_

# The numbers stand apart, so that the sentences need no plural.
_ROUNDED: Final = N_(
    "Ids that a spreadsheet program has rounded: {count}, such as {example}. These posts are known "
    "by their links, words and days instead; better import the file as it was downloaded."
)
_SHORT: Final = N_("Rows with fewer cells than the header: {count}. What they lack is not known.")
_LONG: Final = N_("Rows with more cells than the header: {count}.")
_TWICE: Final = N_("Columns named “{column}”: {count}. The first one counts, all are kept.")
_UNREAD: Final = N_(
    "Cells of “{column}” that are no count: {count}, such as “{example}”. They are not known."
)
_INSTEAD: Final = N_("“{column}” counts in the place of “{other}”, as somebody said.")
_SHARED_LINKS: Final = N_(
    "Rows with a link: {rows}, different links: {links}. The links do not tell the posts apart; "
    "their words and days do."
)
_REPEATED: Final = N_("Rows about posts of this file: {rows}, different posts: {posts}.")
_NO_DATES: Final = N_("Days that cannot be read: {count}, such as “{example}”.")
_PERIOD: Final = N_(
    "The figures are of the period chosen for the export, which the file does not name."
)
_TOP_ONLY: Final = N_("LinkedIn lists no more than the 50 top posts of a profile.")

_TIME_BEHIND: Final = re.compile(r"[T ,]+\d{1,2}:\d\d.*$")
_OWN_ZONE: Final = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_NAMES_A_YEAR: Final = re.compile(r"\d{4}|\d\s*[-/.]\s*\d")
_SPREADSHEET_ID: Final = re.compile(r"\d{14,}00")
_LEAP_YEAR: Final = 2000
_DAYS_OF_A_YEAR: Final = 366
_DISTINCT_DAYS: Final = 20_000
_LEAST_ROWS: Final = 3
_LEAST_DISTINCT: Final = 0.5


@dataclass(slots=True)
class Glance:
    """What was seen of one table. Of every row only a number is kept that tells it from others."""

    table: FoundTable
    choices: MetricChoices
    points_group: bool
    rows: int = 0
    short: int = 0
    long: int = 0
    first_day: str = ""
    last_day: str = ""
    without_day: int = 0
    distinct: set[int] = field(default_factory=set[int])
    days: Counter[str] = field(default_factory=Counter[str])
    unread: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])
    said: Counter[str] = field(default_factory=Counter[str])
    """Cells with a value, of columns that somebody says the meaning of."""
    links: set[int] = field(default_factory=set[int])
    with_link: int = 0
    with_id: int = 0
    rounded: int = 0
    id_example: str = ""
    ending_in_zeros: int = 0
    unzoned: str = ""
    yearless: str = ""
    rises: int = 0
    falls: int = 0
    backwards: int = 0
    nameless: int = 0
    no_network: int = 0
    skipped: int = 0
    last_yearless: tuple[int, int] | None = None

    def reader(self) -> RowReader:
        return RowReader(
            self.table, self.choices, points_group=self.points_group, settled=self.settled
        )

    @property
    def settled(self) -> Settled:
        wraps = self.rises if self.falling else self.falls
        year = self.choices.year
        if year is not None:
            year += wraps if self.falling else -wraps
        return Settled(
            order=self.choices.order or (None if self.order.assumed else self.order.order),
            first_year=year,
            falling=self.falling,
            ids_trusted=not self._all_ids_rounded,
            links_identify=not self._links_repeat,
        )

    @property
    def falling(self) -> bool:
        """Whether days without a year run backwards: from one to the next is no half year."""
        return self.backwards > 0

    @property
    def unfit(self) -> Iterator[tuple[str, str]]:
        """Columns that hold mostly something else than they are said to count, with a cell."""
        for name, (count, example) in self.unread.items():
            if 2 * count > self.said[name] > 0:
                yield name, example

    @property
    def order(self) -> OrderFound:
        return order_of(self.days, self.table.format.order)

    @property
    def _all_ids_rounded(self) -> bool:
        """A spreadsheet keeps 15 digits of a number; it is not by chance that all end in zeros."""
        return self.with_id >= _LEAST_ROWS and self.ending_in_zeros == self.with_id

    @property
    def _links_repeat(self) -> bool:
        few = len(self.links) < _LEAST_DISTINCT * self.with_link
        return not self.with_id and self.with_link >= _LEAST_ROWS and few

    def questions(self) -> Iterator[Question]:
        order, holds_posts = self.order, self.table.format.holds is Holds.POSTS
        if not self.choices.order and order.assumed:
            yield Question(Asks.ORDER, order.example)
        if self.yearless and self.choices.year is None:
            yield Question(Asks.YEAR, self.yearless)
        if self.unzoned and self.choices.zone is None and holds_posts:
            yield Question(Asks.ZONE, self.unzoned)
        if self.nameless and not self.choices.account:
            yield Question(Asks.ACCOUNT)
        if self.no_network and not self.choices.network:
            yield Question(Asks.NETWORK)

    def warnings(self) -> Iterator[MetricWarning]:
        numbered = (re.fullmatch(r"(.+)#\d+", name) for name in self.table.names)
        for column, count in Counter(one[1] for one in numbered if one).items():
            if count > 1:
                yield MetricWarning(_TWICE, {"column": column, "count": count})
        if self.rounded or self._all_ids_rounded:
            facts = {"count": self.rounded or self.with_id, "example": self.id_example}
            yield MetricWarning(_ROUNDED, facts)
        if self.short:
            yield MetricWarning(_SHORT, {"count": self.short})
        if self.long:
            yield MetricWarning(_LONG, {"count": self.long})
        yield from self._warnings_of_cells()
        yield from self._warnings_of_posts()

    def _warnings_of_cells(self) -> Iterator[MetricWarning]:
        for column, other in self.reader().instead.items():
            yield MetricWarning(_INSTEAD, {"column": shortened(column), "other": other})
        for column, (count, example) in self.unread.items():
            yield MetricWarning(_UNREAD, {"column": column, "count": count, "example": example})
        order = self.settled.order
        unread = {
            day: times
            for day, times in self.days.items()
            if not read_moment(day, order) and not read_yearless(day)
        }
        if unread and not self.order.assumed:
            facts = {"count": sum(unread.values()), "example": next(iter(unread))}
            yield MetricWarning(_NO_DATES, facts)

    def _warnings_of_posts(self) -> Iterator[MetricWarning]:
        if self.table.format.holds is not Holds.POSTS:
            return
        if self._links_repeat:
            facts = {"rows": self.with_link, "links": len(self.links)}
            yield MetricWarning(_SHARED_LINKS, facts)
        elif self.rows - self.skipped > len(self.distinct):
            facts = {"rows": self.rows - self.skipped, "posts": len(self.distinct)}
            yield MetricWarning(_REPEATED, facts)
        if self.table.format.key == "linkedin_personal_posts":
            yield MetricWarning(_TOP_ONLY)
        elif self.table.format.window == "period":
            yield MetricWarning(_PERIOD)


def glance_at(table: FoundTable, choices: MetricChoices) -> Glance:
    """TableTooLarge for more rows than one import takes."""
    glance = Glance(table, choices, language_of(table.names) in POINTS_GROUP)
    reader = glance.reader()
    for _, cells in table.body():
        glance.rows += 1
        if glance.rows > METRIC_LIMITS.rows:
            raise TableTooLarge("This file has more than {limit} rows.", limit=METRIC_LIMITS.rows)
        _look(glance, reader, cells)
    return glance


def _look(glance: Glance, reader: RowReader, cells: Sequence[Cell]) -> None:
    width = len(glance.table.names)
    glance.long += any(cells[width:])
    # A sheet has no width of its own: where a row ends says nothing.
    glance.short += len(cells) < width and isinstance(glance.table.source, TextSource)
    if reader.reason_to_skip(cells):
        glance.skipped += 1
        return
    cell = reader.cell(cells, reader.posted_at)
    _look_at_day(glance, cell, text_of(reader.cell(cells, reader.exported_at) or cell))
    _look_at_figures(glance, reader, cells)
    if glance.table.format.holds is Holds.POSTS:
        _look_at_post(glance, reader.identity(cells), cells)
    else:
        glance.distinct.add(hash(glance.last_day))
        glance.nameless = 1
        glance.no_network = not reader.network_of_days


def _look_at_day(glance: Glance, cell: Cell, of_year: str) -> None:
    """`of_year` is the day whose year has to be said where days name none."""
    text = shortened(text_of(cell))
    if not text:
        glance.without_day += 1
        return
    glance.first_day = glance.first_day or text
    glance.last_day = text
    day = _TIME_BEHIND.sub("", text)
    if day != text and not _OWN_ZONE.search(text) and not _is_midnight(cell):
        glance.unzoned = glance.unzoned or text
    if len(glance.days) < _DISTINCT_DAYS or day in glance.days:
        glance.days[day] += 1
    if not _NAMES_A_YEAR.search(text) and (yearless := read_yearless(text)):
        glance.yearless = of_year
        if glance.last_yearless:
            glance.rises += yearless > glance.last_yearless
            glance.falls += yearless < glance.last_yearless
            ahead = (_ordinal(yearless) - _ordinal(glance.last_yearless)) % _DAYS_OF_A_YEAR
            glance.backwards += (ahead > _DAYS_OF_A_YEAR / 2) - (0 < ahead < _DAYS_OF_A_YEAR / 2)
        glance.last_yearless = yearless


def _ordinal(day: tuple[int, int]) -> int:
    return date(_LEAP_YEAR, *day).toordinal()


def _is_midnight(cell: Cell) -> bool:
    return isinstance(cell, datetime) and cell.time() == time()


def _look_at_figures(glance: Glance, reader: RowReader, cells: Sequence[Cell]) -> None:
    for metric, terms in reader.figures.items():
        for term in terms:
            text = text_of(reader.cell(cells, term.at))
            if not text:
                continue
            name = glance.table.names[term.at]
            if name in glance.choices.columns:
                glance.said[name] += 1
            if not reader.reads_as(text, metric):
                count, example = glance.unread.get(name, (0, shortened(text)))
                glance.unread[name] = (count + 1, example)


def _look_at_post(glance: Glance, who: Identity, cells: Sequence[Cell]) -> None:
    if who.link:
        glance.with_link += 1
        glance.links.add(hash(who.link))
    if who.written_id:
        glance.with_id += 1
        glance.ending_in_zeros += _SPREADSHEET_ID.fullmatch(who.written_id) is not None
        rounded = is_rounded_id(who.written_id)
        if rounded or not glance.id_example:
            glance.id_example = who.written_id
        glance.rounded += rounded
    glance.distinct.add(hash(who.written_id or who.link or tuple(cells)))
    glance.nameless += not who.account
    glance.no_network += not who.network
