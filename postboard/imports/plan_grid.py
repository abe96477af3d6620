"""A month drawn as a grid, weekdays side by side, and the words beneath each day -> plain rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Final, TypeAlias

from openpyxl.utils import get_column_letter

from postboard.domain.content import TITLE_MAX
from postboard.imports.plan_cells import read_networks, web_address
from postboard.imports.plan_choices import Choices, GridNotes, GridWords
from postboard.imports.plan_columns import Columns, field_named, header_key, network_named
from postboard.imports.plan_dates import read_clock, read_month
from postboard.imports.plan_times import as_text
from postboard.imports.planned_post import SkippedRow
from postboard.imports.tabular import Row, Table
from postboard.imports.workbook import Cell
from postboard.locale import N_

NO_DAY: Final = N_("No day number stands above it: “{text}”.")
NOTE: Final = N_("It names no network, so it was taken for a note: “{text}”.")
BESIDE: Final = N_("Not part of the grid: “{text}”.")
STRETCHES: Final = N_(
    "Cells that stretch over several days: {count}, such as {example}. "
    "The post stands on the first of them."
)
OTHER_WEEKDAY: Final = N_(
    "In {month} the days of the sheet “{sheet}” fall on other weekdays. Check its month."
)

_NAMES: Final = (
    "mon monday montag mo lunes lundi 星期一 周一 一",
    "tue tues tuesday dienstag di martes mardi 星期二 周二 二",
    "wed wednesday mittwoch mi miercoles mercredi 星期三 周三 三",
    "thu thur thurs thursday donnerstag do jueves jeudi 星期四 周四 四",
    "fri friday freitag fr viernes vendredi 星期五 周五 五",
    "sat saturday samstag sonnabend sa sabado samedi 星期六 周六 六",
    "sun sunday sonntag so domingo dimanche 星期日 星期天 周日 周天 日",
)
_WEEKDAY: Final = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
_LEAST_WEEKDAYS: Final = 5
_DAYS_IN_A_WEEK: Final = 7
_HEADER_NAME: Final = 40
_FIELDS_OF_A_TABLE: Final = 3
_TITLE_WITHIN: Final = 4
_LATE_IN_A_MONTH: Final = 20
_DAY: Final = re.compile(
    r"(?P<day>[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th|er|\.(?!\d)|日|号)?"
    r"(?:\s*[\n:：–—-]\s*|\s+|$)(?P<words>.*)",
    re.DOTALL,
)
_CLOCK: Final = re.compile(
    r"(?P<clock>\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?|uhr|h)?)(?=[\s,;–—-]|$)[\s,;–—-]*",
    re.IGNORECASE,
)
_NETWORK_FIRST: Final = re.compile(
    r"(?P<name>[^:：\n]{1,40})[:：]\s*(?!//)(?P<words>.+)", re.DOTALL
)
_NETWORK_LAST: Final = re.compile(
    r"(?P<words>.+)[(\[（【](?P<name>[^()\[\]（）【】]{1,60})[)\]）】]"
)
"""Greedy, and without the space between: a lazy one takes a minute for a cell full of spaces."""

FIELDS: Final = (
    "date",
    "time",
    "title",
    "caption",
    "networks",
    "link",
    "hashtags",
    "media",
    "alt_texts",
    "first_comment",
    "labels",
    "campaign",
    "pillar",
    "post_type",
    "status",
)
COLUMNS: Final = Columns(FIELDS, {name: (at,) for at, name in enumerate(FIELDS)}, {})
_LABELS: Final = frozenset(FIELDS) - {"date"}

_LONGEST_NETWORKS: Final = 80
_BETWEEN_WORDS: Final = re.compile(r"[\s,;/|&+()、，；·和与-]+")
_BESIDE_WORDS: Final = """
    post posts reel reels story stories feed carousel short shorts page and y und et in linked
    google my business profile tik tok you tube video image 图文 视频"""
_BESIDE_NETWORKS: Final = frozenset(_BESIDE_WORDS.split())

Said: TypeAlias = dict[str, str]
_Numbered: TypeAlias = tuple[int, date | None, str]
"""A day's number, the whole date if the cell holds one, and the words behind it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One month of a sheet. `columns` are the first column and the ISO weekday of each day of the
    week; `month` is what the sheet says, or the person, like 2026-11.
    """

    sheet: str
    head: Row
    columns: tuple[tuple[int, int], ...]
    body: tuple[Row, ...]
    month: str
    table: Table

    @property
    def weekdays(self) -> list[int]:
        return [weekday for _, weekday in self.columns]


@dataclass(frozen=True, slots=True)
class Read:
    """A grid as rows of `FIELDS`, each with the cell it stands in."""

    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...]
    stretching: tuple[str, ...]
    fits: bool
    unnamed: int
    """Cells that name no network; nothing where none does."""


def grids_in(tables: Sequence[Table], choices: Choices) -> list[Grid]:
    return [grid for table in tables for grid in _grids_of(table, choices)]


def is_head(row: Row) -> bool:
    return len(_weekdays(row)) >= _LEAST_WEEKDAYS


def read_grid(grid: Grid, choices: Choices) -> Read:
    """Every cell with words is a post on the day above it."""
    found, skipped = _cells(grid)
    said = [(cell, one) for cell in found for one in _posts(cell, choices)]
    unnamed = [cell for cell, one in said if not one.get("networks")]
    mixed = 0 < len(unnamed) < len(said)
    as_notes = mixed and choices.notes is GridNotes.NOTES
    rows: list[Row] = []
    for cell, one in said:
        if as_notes and not one.get("networks"):
            text = _short(one.get("title") or one.get("caption", ""))
            skipped.append(SkippedRow(cell.row, NOTE, {"text": text}, cell.place))
        else:
            rows.append(_row(cell, one))
    return Read(
        rows=tuple(rows),
        skipped=tuple(skipped),
        stretching=tuple(cell.reach for cell in found if cell.reach),
        fits=all(cell.fits for cell in found),
        unnamed=len(unnamed) if mixed else 0,
    )


# --- finding grids ---


def _grids_of(table: Table, choices: Choices) -> Iterator[Grid]:
    heads = [at for at, row in enumerate(table.rows) if is_head(row)]
    several = len(heads) > 1
    for number, (at, end) in enumerate(pairwise([*heads, len(table.rows)])):
        columns = _weekdays(table.rows[at])
        body = table.rows[at + 1 : end]
        if number + 1 < len(heads):  # the title of the next month stands above its weekdays
            body = tuple(row for row in body if _month_title(row) is None)
        name = f"{table.sheet or ''} ({number + 1})".strip() if several else table.sheet or ""
        yield Grid(
            sheet=name,
            head=table.rows[at],
            columns=tuple(columns),
            body=body,
            month=choices.months.get(name) or _month(table, at, body, columns),
            table=table,
        )


def _weekdays(row: Row) -> list[tuple[int, int]]:
    """Columns and weekdays, where they follow one another as in a week."""
    named = [
        (at, _WEEKDAY[header_key(cell)])
        for at, cell in enumerate(row.cells)
        if isinstance(cell, str) and header_key(cell) in _WEEKDAY
    ][:_DAYS_IN_A_WEEK]
    in_order = all(
        after % _DAYS_IN_A_WEEK == (before + 1) % _DAYS_IN_A_WEEK
        for (_, before), (_, after) in pairwise(named)
    )
    return named if in_order else []


def _month(table: Table, head: int, body: Sequence[Row], columns: Sequence[tuple[int, int]]) -> str:
    """What the sheet says: whole dates for days, a title above the weekdays, or its name."""
    for row in body:
        for at, _ in columns:
            cell = row.cells[at] if at < len(row.cells) else ""
            if isinstance(cell, datetime):
                return f"{cell:%Y-%m}"
    titles = table.rows[max(0, head - _TITLE_WITHIN) : head]
    said: list[Cell] = [cell for row in reversed(titles) for cell in row.cells if cell != ""]
    year = month = None
    for cell in [*said, table.sheet or ""]:
        its_year, its_month = read_month(cell)
        year, month = year or its_year, month or its_month
        if year and month:
            return f"{year:04}-{month:02}"
    return ""


def _month_title(row: Row) -> tuple[int, int] | None:
    filled = [cell for cell in row.cells if cell != ""]
    year, month = read_month(filled[0]) if len(filled) == 1 else (None, None)
    return (year, month) if year and month else None


# --- days and what stands beneath them ---


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    place: str
    words: str
    day: date | None
    fits: bool
    label: str = ""
    reach: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def _cells(grid: Grid) -> tuple[list[_Cell], list[SkippedRow]]:
    found: list[_Cell] = []
    skipped: list[SkippedRow] = []
    days: dict[int, date | None] = {}
    calendar = _Days(grid.month)
    drawn = {(row, first): last for row, first, _, last in grid.table.merged}
    week: list[_Cell] = []
    ended = False
    for row in grid.body:
        numbers = {} if ended else _day_numbers(grid, row)
        if numbers:
            found += _together(week)
            week, days = [], calendar.of(numbers)
        elif days and _begins_a_table(row):
            ended = True
        label = _label(grid, row)
        for at, weekday, column, text in _texts(grid, row):
            words = numbers[at][2] if at in numbers else text
            place = f"{get_column_letter(column + 1)}{row.number}"
            if ended:
                skipped.append(SkippedRow(row.number, BESIDE, {"text": _short(words)}, place))
                break  # one line for the whole row is enough
            if at not in days:
                facts = {"text": _short(words)}
                skipped += [SkippedRow(row.number, NO_DAY, facts, place)] if words else []
            elif words:
                day = days[at]
                fits = day is None or day.isoweekday() == weekday
                reach = _reach(grid, row.number, column, drawn.get((row.number, column + 1), 0))
                week.append(_Cell(row.number, place, words, day, fits, label, reach))
    return found + _together(week), skipped


@dataclass(slots=True)
class _Days:
    """Which month the days of a row are of: a grid begins and ends with those of its neighbours."""

    month: str
    shift: int = 0
    last: int = 0

    def of(self, numbers: Mapping[int, _Numbered]) -> dict[int, date | None]:
        """By place in the week; None where the month is not known, or has no such day."""
        found: dict[int, date | None] = {}
        row = [n for _, (n, _, _) in sorted(numbers.items())]
        if not self.last and row[0] > _LATE_IN_A_MONTH and row[-1] < row[0]:
            self.shift = -1
        for at, (number, whole, _) in sorted(numbers.items()):
            self.shift += number < self.last
            self.last = number
            found[at] = whole or self._day(number)
        return found

    def _day(self, number: int) -> date | None:
        if not self.month:
            return None
        months = int(self.month[:4]) * 12 + int(self.month[5:7]) - 1 + self.shift
        try:
            return date(months // 12, months % 12 + 1, number)
        except ValueError:
            return None


def _day_numbers(grid: Grid, row: Row) -> dict[int, _Numbered]:
    """Of a row that numbers its days, by place in the week; nothing where they do not count on."""
    found: dict[int, _Numbered] = {}
    others = 0
    for at, (column, _) in enumerate(grid.columns):
        cell = row.cells[column] if column < len(row.cells) else ""
        numbered = _numbered(cell)
        if numbered:
            found[at] = numbered
        else:
            others += cell != ""
    bare = any(not words for _, _, words in found.values())
    if not found or not _counts_on(found):
        return {}
    return found if bare or (len(found) > 1 and not others) else {}


def _numbered(cell: Cell) -> _Numbered | None:
    if isinstance(cell, datetime):
        return cell.day, cell.date(), ""
    if not isinstance(cell, str):
        return None
    found = _DAY.fullmatch(cell)
    return (int(found["day"]), None, found["words"].strip()) if found else None


def _counts_on(numbers: Mapping[int, _Numbered]) -> bool:
    """One more for each column, but for one jump back to the first days of a month."""
    starts = [n - at for at, (n, _, _) in sorted(numbers.items())]
    jumps = [(before, after) for before, after in pairwise(starts) if after != before]
    return not jumps or (len(jumps) == 1 and jumps[0][1] < jumps[0][0] - _LATE_IN_A_MONTH)


def _texts(grid: Grid, row: Row) -> Iterator[tuple[int, int, int, str]]:
    """Of each cell under a weekday: the place in the week, the weekday, the column, its words."""
    first = grid.columns[0][0]
    starts = [column for column, _ in grid.columns]
    width = min((b - a for a, b in pairwise(starts)), default=1)
    end = starts[-1] + width
    for column in range(first, min(end, len(row.cells))):
        text = as_text(row.cells[column])
        if text:
            at = max(i for i, start in enumerate(starts) if start <= column)
            yield at, grid.columns[at][1], column, text


def _label(grid: Grid, row: Row) -> str:
    """What stands left of the week: a network, or what the row holds."""
    left = (as_text(cell) for cell in row.cells[: grid.columns[0][0]])
    return next(filter(None, left), "")


def _begins_a_table(row: Row) -> bool:
    """Below the month a table may follow, with a header of its own."""
    names = [cell for cell in row.cells if isinstance(cell, str) and "\n" not in cell]
    fields = {field_named(name) for name in names} - {None}
    wordy = sum(len(name) <= _HEADER_NAME for name in names)
    return wordy > _DAYS_IN_A_WEEK or len(fields) >= _FIELDS_OF_A_TABLE


def _together(week: Sequence[_Cell]) -> list[_Cell]:
    """Where rows are labelled with what they hold, those of a day make one post."""
    if not any(_field_of(cell.label) for cell in week):
        return list(week)
    by_day: dict[date | None, list[_Cell]] = {}
    for cell in week:
        by_day.setdefault(cell.day, []).append(cell)
    return [
        replace(
            cells[0],
            label="",
            fields=tuple((_field_of(cell.label) or "caption", cell.words) for cell in cells),
        )
        for _, cells in sorted(by_day.items(), key=lambda one: one[1][0].place)
    ]


def _field_of(label: str) -> str | None:
    field = field_named(label) if label else None
    return field if field in _LABELS else None


def _reach(grid: Grid, row: int, column: int, last: int) -> str:
    """`B6:D6` for a cell that is drawn over several days, up to the column `last`."""
    if not any(column < start <= last - 1 for start, _ in grid.columns):
        return ""
    return f"{get_column_letter(column + 1)}{row}:{get_column_letter(last)}{row}"


# --- the words of a cell ---


def _posts(cell: _Cell, choices: Choices) -> list[Said]:
    if cell.fields:
        joined: dict[str, str] = {}
        for field, words in cell.fields:
            joined[field] = f"{joined[field]}\n{words}" if field in joined else words
        return [joined]
    lines = [line.strip() for line in cell.words.split("\n") if line.strip()]
    each = [_named_first(line) for line in lines]
    if len(lines) > 1 and all(each):
        return [_said([words], choices) | {"networks": name} for name, words in filter(None, each)]
    said = _said(lines, choices)
    if cell.label and _is_networks(cell.label):
        said = {"networks": cell.label} | said
    return [said]


def _said(lines: Sequence[str], choices: Choices) -> Said:
    said: Said = {}
    networks: list[str] = []
    words: list[str] = []
    for line in lines:
        rest = line
        if _is_networks(rest):
            networks.append(rest)
            continue
        if (
            "time" not in said
            and (clock := _CLOCK.match(rest))
            and read_clock(clock["clock"].strip())
        ):
            said["time"], rest = clock["clock"].strip(), rest[clock.end() :]
        if named := _named_first(rest):
            networks.append(named[0])
            rest = named[1]
        if (last := _NETWORK_LAST.fullmatch(rest)) and _is_networks(last["name"]):
            networks.append(last["name"])
            rest = last["words"].rstrip()
        if "link" not in said and (link := web_address(rest)):
            said["link"] = link
        elif rest:
            words.append(rest)
    if networks:
        said["networks"] = ", ".join(networks)
    return said | _title_and_caption(words, choices.words or GridWords.TITLE_FIRST)


def _title_and_caption(words: Sequence[str], taken: GridWords) -> Said:
    if not words:
        return {}
    if taken is GridWords.CAPTION or len(words[0]) > TITLE_MAX:
        return {"caption": "\n".join(words)}
    return {"title": words[0]} | ({"caption": "\n".join(words[1:])} if len(words) > 1 else {})


def _named_first(line: str) -> tuple[str, str] | None:
    """`IG: The oven at night` -> the network and the words."""
    found = _NETWORK_FIRST.fullmatch(line)
    return (found["name"], found["words"]) if found and _is_networks(found["name"]) else None


def _is_networks(text: str) -> bool:
    """Names of networks, perhaps with a format, and nothing else: not a sentence about one."""
    if len(text) > _LONGEST_NETWORKS or not read_networks(text).keys:
        return False
    words = [word for word in _BETWEEN_WORDS.split(text) if word]
    return all(network_named(word) or header_key(word) in _BESIDE_NETWORKS for word in words)


def _row(cell: _Cell, said: Said) -> Row:
    at: Cell = datetime.combine(cell.day, datetime.min.time()) if cell.day else ""
    cells: list[Cell] = [at, *(said.get(name, "") for name in FIELDS[1:])]
    return Row(cell.row, tuple(cells), len(cells), cell.place)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004
