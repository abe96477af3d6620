"""One row of a table of figures -> a post, a day of an account, or why it is neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from postboard.domain.clock import to_utc
from postboard.domain.figures import METRICS, Figures
from postboard.imports.metric_cells import (
    LARGEST,
    Number,
    id_of,
    is_rounded_id,
    read_number,
    read_seconds,
    read_yearless,
    shortened,
    text_of,
)
from postboard.imports.metric_format import Column, Holds
from postboard.imports.metric_formats import CHART_TITLES, SCALES
from postboard.imports.metric_headers import bare_key, header_key
from postboard.imports.metric_links import Address, read_address, youtube_link
from postboard.imports.metric_rows import DayRow, MeasuredRow, MetricChoices, SkippedRow
from postboard.imports.metric_table import FoundTable
from postboard.imports.plan_columns import network_named
from postboard.imports.plan_dates import YEARS, DateOrder, Moment, read_moment
from postboard.imports.refusals import METRIC_LIMITS, REPEATED_HEADER, TOO_LONG
from postboard.imports.workbook import Cell
from postboard.locale import N_

DAY_METRICS: Final = (
    "followers",
    "follower_delta",
    "new_followers",
    "impressions",
    "reach",
    "profile_visits",
)
_SECONDS: Final = frozenset({"watch_seconds", "duration_s"})
_FRACTIONS: Final = frozenset({*_SECONDS, "spend"})
# Whoever unfollows counts as less than nobody; no other figure can be negative.
_SIGNED: Final = frozenset({"follows", "follower_delta", "new_followers"})
_FORMAT_WORDS: Final = (
    ("story", ("story", "stories")),
    ("reel", ("reel", "reels", "short", "shorts")),
    ("carousel", ("carousel", "album", "document", "multi", "karussell", "carrusel")),
    ("video", ("video", "videos", "sharedvideo", "live")),
    ("image", ("image", "images", "photo", "photos", "foto", "fotos", "bild", "picture")),
    ("link", ("link", "links", "article")),
    ("text", ("text", "texts", "status")),
)
_X_FORMATS: Final = frozenset({"x_posts", "x_legacy_posts"})
# Elsewhere an address has another id than the export.
_ID_IS_IN_LINK: Final = frozenset({"x", "tiktok"})
_LIFETIME: Final = "lifetime"

_TOTAL: Final = N_("This row is the total of the file.")
_DESCRIBES: Final = N_("This row describes the columns.")
_NOBODYS: Final = N_("This row has no id, link or words, so nothing says which post it is about.")
_NO_DAY: Final = N_("The day “{cell}” cannot be read.")
_NO_YEAR: Final = N_("The day “{cell}” names no year; say which year the last row is of.")
_A_REPLY: Final = N_("This post answers somebody else, and replies are left out.")


@dataclass(frozen=True, slots=True)
class Settled:
    """What only the whole table shows: how its days are read, and whether it names its posts.

    `first_year` is that of the first row of days without a year, `falling` their order.
    """

    order: DateOrder | None = None
    first_year: int | None = None
    falling: bool = False
    ids_trusted: bool = True
    links_identify: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """What says which post a row is about, before anything of it is trusted."""

    written_id: str
    link: str
    address: Address
    network: str
    account: str


@dataclass(frozen=True, slots=True)
class _Term:
    sign: int
    at: int
    scale: float


class RowReader:
    """Made anew for each pass over a table: days without a year are read in their order."""

    def __init__(
        self, table: FoundTable, choices: MetricChoices, *, points_group: bool, settled: Settled
    ) -> None:
        self.table = table
        self.format = table.format
        self.choices = choices
        self.settled = settled
        self._points_group = points_group
        self._at_by_key = _first_places(table.names)
        self.instead: dict[str, str] = {}
        """Columns that count as somebody said, each with the one that would count otherwise."""
        self.figures = self._figure_columns()
        self.posted_at = self._place("day" if self.format.holds is Holds.ACCOUNT_DAYS else "posted")
        self.exported_at = self._place("exported")
        window = self._place("window")
        self._window_at = None if window == self.posted_at else window
        self._places = {
            meaning: self._places_of(meaning)
            for meaning in ("id", "link", "text", "account", "network", "type")
        }
        self._year = settled.first_year
        self._last: tuple[int, int] | None = None

    @property
    def meanings(self) -> dict[str, tuple[str, ...]]:
        """What each recognised column is read as, by its name; one may be read as several."""
        found: dict[str, tuple[str, ...]] = {}
        places = [(at, meaning) for meaning, all_at in self._places.items() for at in all_at]
        places += [(term.at, meaning) for meaning, terms in self.figures.items() for term in terms]
        places += [
            (at, meaning)
            for at, meaning in (
                (self.posted_at, "posted"),
                (self.exported_at, "exported"),
                (self._window_at, "window"),
            )
            if at is not None
        ]
        for at, meaning in sorted(places):
            name = self.table.names[at]
            found[name] = (*found.get(name, ()), meaning)
        return found

    @property
    def network_of_days(self) -> str:
        return self.format.network or _network_in(self.table.title) or self.choices.network

    def read(self, number: int, cells: Sequence[Cell]) -> MeasuredRow | DayRow | SkippedRow:
        if reason := self.reason_to_skip(cells):
            message_id, facts = reason
            return SkippedRow(number, message_id, facts, self.table.source.name)
        if self.format.holds is Holds.ACCOUNT_DAYS:
            return self._day_row(number, cells)
        return self._post_row(number, cells)

    def reason_to_skip(self, cells: Sequence[Cell]) -> tuple[str, Mapping[str, object]] | None:
        first = cells[0]
        if first and first == self.format.total:
            return _TOTAL, {}
        if (
            first
            and first == self.table.names[0]
            and tuple(cells) == self.table.names[: len(cells)]
        ):
            return REPEATED_HEADER, {}
        for at, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > METRIC_LIMITS.cell_characters:
                return TOO_LONG, {
                    "column": self.table.names[at] if at < len(self.table.names) else f"#{at + 1}",
                    "characters": len(cell),
                    "limit": METRIC_LIMITS.cell_characters,
                }
        return self._reason_of_no_post(cells) if self.format.holds is Holds.POSTS else None

    def identity(self, cells: Sequence[Cell]) -> Identity:
        written_id = id_of(self._first(cells, "id"))
        link = text_of(self._first(cells, "link"))
        address = read_address(link) if link else Address()
        named = network_named(text_of(self._first(cells, "network")))
        network = named or self.format.network or address.network or self.choices.network
        account = text_of(self._first(cells, "account")) or address.account
        return Identity(written_id, link, address, network, account or self.choices.account)

    def figure(self, cells: Sequence[Cell], metric: str) -> Number | None:
        """None where the file does not say it, or says something that is no number."""
        terms = self.figures.get(metric, ())
        number = (
            self._value(cells, terms[0], metric)
            if len(terms) == 1
            else self._sum_of(cells, terms, metric)
        )
        if number is None or abs(number) > LARGEST:
            return None
        return round(number, 3) if metric in _FRACTIONS else number

    def reads_as(self, text: str, metric: str) -> bool:
        """Whether a cell with a value is a number that this metric can be."""
        return self._number(text, metric) is not None

    def moment(self, cells: Sequence[Cell]) -> Moment | None:
        """When a row is of; None where it does not say, or not so that it can be read."""
        cell = self.cell(cells, self.posted_at)
        found = read_moment(cell, self.settled.order)
        if found is None and (yearless := read_yearless(cell)):
            return self._yearless_moment(cells, yearless)
        return found

    @staticmethod
    def cell(cells: Sequence[Cell], at: int | None) -> Cell:
        return cells[at] if at is not None and at < len(cells) else ""

    def raw(self, cells: Sequence[Cell]) -> dict[str, str]:
        """Every cell with a value but the words of the post, by its header."""
        words = self._places["text"]
        names = self.table.names
        found: dict[str, str] = {}
        for at, cell in enumerate(cells):
            if at not in words and (text := text_of(cell)):
                found[(names[at] if at < len(names) else "") or f"#{at + 1}"] = text
        return found

    def _reason_of_no_post(self, cells: Sequence[Cell]) -> tuple[str, Mapping[str, object]] | None:
        if any(text_of(self._first(cells, meaning)) for meaning in ("id", "link", "text")):
            return None
        counts = any(self.figure(cells, metric) is not None for metric in self.figures)
        return (_NOBODYS if counts else _DESCRIBES), {}

    def _day_row(self, number: int, cells: Sequence[Cell]) -> DayRow | SkippedRow:
        sheet = self.table.source.name
        moment = self.moment(cells)
        if moment is None:
            cell = self.cell(cells, self.posted_at)
            sentence = _NO_YEAR if read_yearless(cell) and not self._year else _NO_DAY
            return SkippedRow(
                number, sentence, {"cell": shortened(text_of(cell))}, sheet, has_figures=True
            )
        counts = {metric: _whole(self.figure(cells, metric)) for metric in DAY_METRICS}
        return DayRow(
            number=number,
            day=moment.day,
            network=self.network_of_days,
            account=self.choices.account,
            raw=self._day_raw(cells),
            sheet=sheet,
            **counts,
        )

    def _day_raw(self, cells: Sequence[Cell]) -> dict[str, str]:
        """A chart's one number goes by the chart's title."""
        raw = self.raw(cells)
        if self.table.title and "Primary" in raw:
            raw[self.table.title] = raw.pop("Primary")
        return raw

    def _post_row(self, number: int, cells: Sequence[Cell]) -> MeasuredRow | SkippedRow:
        sheet = self.table.source.name
        who = self.identity(cells)
        text = text_of(self._first(cells, "text"))
        moment = self.moment(cells)
        if not self.choices.replies and self.format.key in _X_FORMATS and text.startswith("@"):
            return SkippedRow(number, _A_REPLY, sheet=sheet, has_figures=True)
        platform_id, link = self._trusted(who)
        return MeasuredRow(
            number=number,
            platform_id=platform_id,
            permalink=link,
            text=text,
            network=who.network,
            account=who.account,
            format=self.format.post_type or _format_named(text_of(self._first(cells, "type"))),
            posted_on=moment.day if moment else None,
            posted_time=moment.clock if moment else None,
            posted_at=self._instant(moment),
            window=self._window(cells),
            figures=Figures(**{one: self.figure(cells, one) for one in self.figures}),  # pyright: ignore[reportArgumentType] - counts are whole
            raw=self.raw(cells),
            sheet=sheet,
        )

    def _trusted(self, who: Identity) -> tuple[str, str]:
        """Id and link, each empty where it cannot tell this post from another."""
        link = who.link if self.settled.links_identify else ""
        trusted = self.settled.ids_trusted and not is_rounded_id(who.written_id)
        if who.written_id and trusted:
            platform_id = who.written_id
        elif who.written_id and who.network not in _ID_IS_IN_LINK:
            platform_id = ""
        else:
            platform_id = who.address.post_id if link else ""
        if not link and platform_id and who.network == "youtube":
            link = youtube_link(platform_id)
        return platform_id, link

    def _instant(self, moment: Moment | None) -> datetime | None:
        if moment is None or moment.clock is None:
            return None
        wall = datetime.combine(moment.day, moment.clock)
        if moment.offset is not None:
            return wall.replace(tzinfo=moment.offset)
        return to_utc(wall, self.choices.zone) if self.choices.zone else None

    def _window(self, cells: Sequence[Cell]) -> str:
        if self._window_at is None:
            return self.format.window
        day = read_moment(self.cell(cells, self._window_at), self.settled.order)
        return day.day.isoformat() if day else _LIFETIME

    def _yearless_moment(self, cells: Sequence[Cell], day: tuple[int, int]) -> Moment | None:
        if self.format.holds is Holds.POSTS:
            exported = read_yearless(self.cell(cells, self.exported_at))
            if self.choices.year is None or exported is None:
                return None
            return _moment(self.choices.year - (day > exported), day)
        if self._year is None:
            return None
        if self._last:
            wrapped = day > self._last if self.settled.falling else day < self._last
            self._year += (-1 if self.settled.falling else 1) * wrapped
        self._last = day
        return _moment(self._year, day)

    def _sum_of(self, cells: Sequence[Cell], terms: Sequence[_Term], metric: str) -> Number | None:
        """Of what is known; a difference needs both."""
        values = [self._value(cells, term, metric) for term in terms]
        known = [value for value in values if value is not None]
        halved = len(known) < len(values) and any(term.sign < 0 for term in terms)
        return None if not known or halved else sum(known)

    def _value(self, cells: Sequence[Cell], term: _Term, metric: str) -> Number | None:
        text = text_of(self.cell(cells, term.at))
        number = self._number(text, metric) if text else None
        if number is None or term.scale == 1:
            return number and term.sign * number
        return term.sign * term.scale * number

    def _number(self, text: str, metric: str) -> Number | None:
        read = read_seconds if metric in _SECONDS else read_number
        try:
            number = read(text, points_group=self._points_group)
        except ValueError:
            return None
        whole = isinstance(number, int) or metric in _FRACTIONS
        return number if whole and (number >= 0 or metric in _SIGNED) else None

    def _first(self, cells: Sequence[Cell], meaning: str) -> Cell:
        """The first cell with a value, of the columns that may hold it."""
        for at in self._places[meaning]:
            cell = self.cell(cells, at)
            if text_of(cell):
                return cell
        return ""

    def _figure_columns(self) -> dict[str, tuple[_Term, ...]]:
        wanted = DAY_METRICS if self.format.holds is Holds.ACCOUNT_DAYS else METRICS
        found = {
            metric: terms
            for metric in wanted
            if metric in self.format.columns and (terms := self._terms(self.format.columns[metric]))
        }
        chart = CHART_TITLES.get(header_key(self.table.title))
        if "primary" in self.format.columns and chart:
            found[chart] = self._terms(self.format.columns["primary"])
        names = {name: at for at, name in reversed(list(enumerate(self.table.names)))}
        for name, metric in self.choices.columns.items():
            if name in names and metric in wanted:
                if metric in found and (own := found[metric][0].at) != names[name]:
                    self.instead[name] = self.table.names[own]
                found[metric] = (_Term(1, names[name], 1),)
        return found

    def _terms(self, column: Column) -> tuple[_Term, ...]:
        for way in column.ways:
            terms = tuple(
                _Term(sign, self._at_by_key[key], SCALES.get(key, 1))
                for sign, key in way
                if key in self._at_by_key
            )
            if terms and (len(terms) == len(way) or all(sign > 0 for sign, _ in way)):
                return terms
        return ()

    def _place(self, meaning: str) -> int | None:
        places = self._places_of(meaning)
        return places[0] if places else None

    def _places_of(self, meaning: str) -> tuple[int, ...]:
        column = self.format.columns.get(meaning)
        if column is None:
            return ()
        keys = [key for way in column.ways for _, key in way]
        return tuple(self._at_by_key[key] for key in keys if key in self._at_by_key)


def _first_places(names: Sequence[str]) -> dict[str, int]:
    """Where each header stands first; of Views#1 and Views#2 the first counts."""
    places: dict[str, int] = {}
    for at, name in enumerate(names):
        places.setdefault(bare_key(name), at)
    return places


def _moment(year: int, day: tuple[int, int]) -> Moment | None:
    if year not in YEARS:
        return None
    try:
        return Moment(date(year, *day))
    except ValueError:
        return None


def _whole(number: Number | None) -> int | None:
    return number if isinstance(number, int) else None


def _format_named(words: str) -> str:
    said = set(words.casefold().replace("_", " ").split())
    return next((key for key, names in _FORMAT_WORDS if said.intersection(names)), "")


def _network_in(title: str) -> str:
    """“Instagram follows” names it; “Reach” does not."""
    return network_named(title.split(maxsplit=1)[0]) or "" if title else ""
