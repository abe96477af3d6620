"""Rows of a plan -> posts, with the columns already known."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import known_zones
from postboard.imports import plan_cells
from postboard.imports.plan_columns import Columns, network_starting
from postboard.imports.plan_dates import DateOrder
from postboard.imports.plan_times import When, as_text, planned_when
from postboard.imports.planned_post import (
    PlannedPost,
    PlanWarning,
    SkippedRow,
    content_digest,
    identity,
)
from postboard.imports.refusals import LIMITS, REPEATED_HEADER, TOO_LONG
from postboard.imports.tabular import Row
from postboard.imports.workbook import Cell
from postboard.locale import N_

EMPTY_ROW: Final = N_("No words, title or media.")
SAME_AS: Final = N_("The same as row {row}.")
HEADING: Final = N_("A heading, not a post: “{text}”.")

# The numbers stand apart, so that the sentences need no plural.
_NO_DATE: Final = N_(
    "Dates not understood: {count}, such as “{example}” in row {row}. "
    "A date needs day, month and year; these posts come in as ideas without one."
)
_NO_TIME: Final = N_("Times of day not understood: {count}, such as “{example}” in row {row}.")
_UNTIMED: Final = N_(
    "Posts with a day and no time of day: {count}, such as row {row}. They get 09:00."
)
_NO_NETWORK: Final = N_("Posts that name no network: {count}, such as row {row}.")
_UNKNOWN_NETWORK: Final = N_("Networks not known here: {count}, such as “{example}” in row {row}.")
_NO_ADDRESS: Final = N_("Links that are no web address: {count}, such as “{example}” in row {row}.")
_MORE_LINKS: Final = N_("Posts with several links: {count}, such as row {row}. The first is kept.")
_NO_MEDIA: Final = N_("Media cells that name no file: {count}, such as “{example}” in row {row}.")
_WIDE_ROW: Final = N_("Rows with more cells than the header: {count}, such as row {row}.")
_SHORT_ROW: Final = N_("Rows with fewer cells than the header: {count}, such as row {row}.")

_BAND: Final = re.compile(
    r"(?:week|wk|woche|kw|semana|semaine)\b|第.{1,3}[周週]|[^\W\d_]+\s+20\d\d$", re.IGNORECASE
)
_SEVERAL_COMMENTS: Final = re.compile(r"\|\|")
_EXAMPLE_CHARACTERS: Final = 60
_LONGEST_VERSION: Final = 10
_PROGRESS_EVERY: Final = 500


@dataclass(slots=True)
class Notes:
    """Counts what happens in many posts, with the first row it happened in as the example.

    What is added counts only once its row is kept: a row left out is reported on its own.
    """

    _pending: list[tuple[str, int, str]] = field(default_factory=list[tuple[str, int, str]])
    _counts: dict[str, int] = field(default_factory=dict[str, int])
    _examples: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])

    def add(self, message_id: str, row: int, example: str = "") -> None:
        self._pending.append((message_id, row, example))

    def settle(self, *, kept: bool) -> None:
        for message_id, row, example in self._pending if kept else ():
            self._counts[message_id] = self._counts.get(message_id, 0) + 1
            self._examples.setdefault(message_id, {"row": row, "example": shortened(example)})
        self._pending.clear()

    def warnings(self) -> list[PlanWarning]:
        return [
            PlanWarning(message_id, {"count": count, **self._examples[message_id]})
            for message_id, count in self._counts.items()
        ]


def shortened(text: str) -> str:
    line = " ".join(text.split())
    short = len(line) <= _EXAMPLE_CHARACTERS
    return line if short else line[: _EXAMPLE_CHARACTERS - 1] + "…"


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one plan in order; what it learns on the way is in `notes`.

    `complete` says that every row should have a cell for every column, as in a CSV.
    """

    columns: Columns
    zone: ZoneInfo
    order: DateOrder | None
    default_networks: tuple[str, ...]
    complete: bool = False
    notes: Notes = field(default_factory=Notes)
    _digests: dict[tuple[str, ...], dict[str, int]] = field(
        default_factory=dict[tuple[str, ...], dict[str, int]]
    )

    def read(
        self, rows: Sequence[Row], progress: Callable[[int], None] | None
    ) -> tuple[list[PlannedPost], list[SkippedRow]]:
        posts: list[PlannedPost] = []
        skipped: list[SkippedRow] = []
        for done, row in enumerate(rows, start=1):
            result = self._skipped(row)
            result = replace(result, cell=row.place) if result else self._numbered(self._post(row))
            self.notes.settle(kept=isinstance(result, PlannedPost))
            if isinstance(result, PlannedPost):
                posts.append(result)
            else:
                skipped.append(result)
            if progress and (done % _PROGRESS_EVERY == 0 or done == len(rows)):
                progress(done)
        return posts, skipped

    # --- rows that are no post ---

    def _skipped(self, row: Row) -> SkippedRow | None:
        return heading(row) or self._repeated_header(row) or self._too_long(row) or self._bare(row)

    def _repeated_header(self, row: Row) -> SkippedRow | None:
        filled = [(at, cell) for at, cell in enumerate(row.cells) if cell != ""]
        if len(filled) > 1 and all(self._is_own_name(at, cell) for at, cell in filled):
            return SkippedRow(row.number, REPEATED_HEADER)
        return None

    def _is_own_name(self, at: int, cell: Cell) -> bool:
        names = self.columns.names
        return at < len(names) and isinstance(cell, str) and cell.casefold() == names[at].casefold()

    def _too_long(self, row: Row) -> SkippedRow | None:
        for at, cell in enumerate(row.cells):
            if isinstance(cell, str) and len(cell) > LIMITS.cell_characters:
                names = self.columns.names
                facts: dict[str, object] = {
                    "column": names[at] if at < len(names) else str(at + 1),
                    "characters": len(cell),
                    "limit": LIMITS.cell_characters,
                }
                return SkippedRow(row.number, TOO_LONG, facts)
        return None

    def _bare(self, row: Row) -> SkippedRow | None:
        carries = self._text(row, "caption") or self._text(row, "title") or self._media(row)[0]
        return None if carries else SkippedRow(row.number, EMPTY_ROW)

    def _numbered(self, post: PlannedPost) -> PlannedPost | SkippedRow:
        """Rows that identify alike get a running number; a mere repetition is left out."""
        alike = self._digests.setdefault(identity(post), {})
        digest = content_digest(post)
        if digest in alike:
            return SkippedRow(post.row, SAME_AS, {"row": alike[digest]}, post.cell)
        alike[digest] = post.row
        return post if len(alike) == 1 else replace(post, occurrence=len(alike))

    # --- the post of a row ---

    def _post(self, row: Row) -> PlannedPost:
        self._note_width(row)
        when = self._when(row)
        networks = self._networks(row)
        media, alt_texts = self._media(row)
        if not media:
            self._note_descriptions(row)
        comments = self._comments(row)
        post_type, placement = self._post_type(row, networks)
        return PlannedPost(
            row=row.number,
            caption=self._text(row, "caption"),
            planned_at=when.at,
            timed=when.timed,
            networks=networks,
            link=self._link(row),
            media_urls=media,
            title=self._text(row, "title"),
            first_comment="".join(comments[:1]),
            further_comments=tuple(comments[1:]),
            hashtags=plan_cells.read_hashtags(" ".join(self._texts(row, "hashtags"))),
            labels=plan_cells.read_labels(self._texts(row, "labels")),
            placement=placement,
            post_type=post_type,
            language=self._text(row, "language"),
            alt_texts=alt_texts,
            file_status=self._status(row),
            reference=self._text(row, "reference"),
            planned_on=when.on,
            campaign=self._text(row, "campaign"),
            pillar=self._text(row, "pillar"),
            cell=row.place,
            version=self._version(row),
        )

    def _note_width(self, row: Row) -> None:
        if len(row.cells) > len(self.columns.names):
            self.notes.add(_WIDE_ROW, row.number)
        elif self.complete and row.written < len(self.columns.names):
            self.notes.add(_SHORT_ROW, row.number)

    def _when(self, row: Row) -> When:
        date_cells, time_cells = self._cells(row, "date"), self._cells(row, "time")
        date_cell = date_cells[0] if date_cells else ""
        time_cell = time_cells[0] if time_cells else ""
        when = planned_when(date_cell, time_cell, self._zone(row), self.order)
        when = self._told_exactly(row, when)
        if when.unread_date:
            self.notes.add(_NO_DATE, row.number, when.unread_date)
        if when.unread_time:
            self.notes.add(_NO_TIME, row.number, when.unread_time)
        if when.at and not when.timed:
            self.notes.add(_UNTIMED, row.number)
        return when

    def _zone(self, row: Row) -> ZoneInfo:
        """The row's own, in a file that was exported from here."""
        name = self._text(row, "zone")
        return ZoneInfo(name) if name in known_zones() else self.zone

    def _told_exactly(self, row: Row, when: When) -> When:
        """Which of the two it is, of an hour that the clock shows twice."""
        told = planned_when(self._text(row, "instant"), "", self.zone, None).at
        if told is None or when.at is None:
            return when
        zone = self._zone(row)
        same = told.astimezone(zone).replace(tzinfo=None, fold=0, second=0, microsecond=0)
        shown = when.at.astimezone(zone).replace(tzinfo=None, fold=0)
        return replace(when, at=told) if same == shown else when

    def _version(self, row: Row) -> int:
        text = self._text(row, "version")
        return int(text) if text.isdecimal() and len(text) < _LONGEST_VERSION else 0

    def _networks(self, row: Row) -> tuple[str, ...]:
        flagged = [key for at, key in self.columns.flags.items() if self._is_flagged(row, at)]
        found = plan_cells.read_networks(", ".join(self._texts(row, "networks")))
        for name in found.unknown[:1]:
            self.notes.add(_UNKNOWN_NETWORK, row.number, name)
        keys = tuple(dict.fromkeys([*flagged, *found.keys]))
        if not keys and (found.everywhere or not found.unknown):
            keys = self.default_networks
        if not keys and not found.unknown:
            self.notes.add(_NO_NETWORK, row.number)
        return keys

    def _is_flagged(self, row: Row, at: int) -> bool:
        return plan_cells.says_yes(as_text(row.cells[at])) if at < len(row.cells) else False

    def _link(self, row: Row) -> str:
        written = [part for text in self._texts(row, "link") for part in text.split()]
        found = [link for link in map(plan_cells.web_address, written) if link]
        if written and not found:
            self.notes.add(_NO_ADDRESS, row.number, written[0])
        if len(found) > 1:
            self.notes.add(_MORE_LINKS, row.number)
        return found[0] if found else ""

    def _media(self, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Media with their alt texts: column by column, or both as lists in one cell each."""
        media = [plan_cells.read_media(text) for text in self._texts(row, "media")]
        alt_texts = self._texts(row, "alt_texts")
        if len(alt_texts) == 1:
            listed = [part.strip() for part in alt_texts[0].split("||")]
        else:
            listed = [alt for alt, files in zip(alt_texts, media, strict=False) if files]
        while listed and not listed[-1]:
            listed.pop()
        return tuple(one for files in media for one in files), tuple(listed)

    def _note_descriptions(self, row: Row) -> None:
        described = next(filter(None, self._texts(row, "media")), "")
        if described:
            self.notes.add(_NO_MEDIA, row.number, described)

    def _comments(self, row: Row) -> list[str]:
        texts = self._texts(row, "first_comment")
        parts = (part.strip() for text in texts for part in _SEVERAL_COMMENTS.split(text))
        return [part for part in parts if part]

    def _post_type(self, row: Row, networks: tuple[str, ...]) -> tuple[str, str]:
        """The words for the type, and the placement they name.

        `Instagram Post Type` says nothing about a row that goes to Facebook only.
        """
        places = self.columns.by_field.get("post_type", ())
        owners = [network_starting(self.columns.names[at]) for at in places]
        words = [
            text
            for text, owner in zip(self._texts(row, "post_type"), owners, strict=True)
            if text and (owner is None or owner in networks)
        ]
        placements = filter(None, map(plan_cells.placement_of, words))
        return " / ".join(dict.fromkeys(words)), next(placements, "")

    def _status(self, row: Row) -> str:
        draft = plan_cells.says_yes(self._text(row, "draft"))
        return self._text(row, "status") or ("Draft" if draft else "")

    # --- cells ---

    def _cells(self, row: Row, meaning: str) -> list[Cell]:
        """One cell for each column of that meaning; "" where the row says nothing."""
        places = self.columns.by_field.get(meaning, ())
        return [_present(row.cells[at]) if at < len(row.cells) else "" for at in places]

    def _texts(self, row: Row, meaning: str) -> list[str]:
        return [as_text(cell) for cell in self._cells(row, meaning)]

    def _text(self, row: Row, meaning: str) -> str:
        return next(filter(None, self._texts(row, meaning)), "")


def heading(row: Row) -> SkippedRow | None:
    """A band across the table, such as “Week 2: 9 to 13 November”."""
    filled = [cell for cell in row.cells if cell != ""]
    if len(filled) == 1 and isinstance(filled[0], str) and _BAND.match(filled[0]):
        return SkippedRow(row.number, HEADING, {"text": shortened(filled[0])})
    return None


def _present(cell: Cell) -> Cell:
    return "" if isinstance(cell, str) and plan_cells.is_missing(cell) else cell
