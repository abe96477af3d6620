"""What importing a network's export would do, told from its rows without writing any."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import MetricImport
from postboard.domain.figures import METRICS
from postboard.domain.matching import LinkedBy
from postboard.imports.metrics import (
    Asks,
    MetricWarning,
    Question,
    SkippedRow,
    UnknownColumn,
    UnknownColumns,
)
from postboard.locale import N_
from postboard.services import metric_posts
from postboard.services.metric_choices import Said
from postboard.services.metric_files import Taken
from postboard.services.metric_matching import Match, Matcher
from postboard.services.metric_rows import DaySeen, Seen, Sighting

SHOWN: Final = 100
SUGGESTED_MAX: Final = 500

SAME_AS_ANOTHER: Final = N_("Another row of the file is of the same post.")


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row as the preview shows it: `post` is the key of the post of ours that it speaks of."""

    number: int
    text: str
    network: str
    account: str
    published_on: date | None
    is_new: bool
    post: str = ""
    linked_by: LinkedBy | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An import of the very same file for the same account."""

    at: datetime
    who: str
    rows_done: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `rows_read` = new + updated + skipped.

    `asks` are the questions still open. `linked` counts rows by how they were found to be ours;
    those by words come in `suggested` and count once confirmed, by their row numbers. `sums` are
    of each metric: the sum, and how many rows say it. `columns` are those whose meaning is open,
    or that `said.columns` gives one. The lists hold the first rows only.
    """

    client_id: UUID
    client: str
    zone: str
    filename: str
    digest: str
    format: str
    format_name: str
    kind: str
    network: str
    questions: tuple[Question, ...]
    asks: tuple[Asks, ...]
    warnings: tuple[MetricWarning, ...]
    said: Said
    remembered: Said
    rows_read: int = 0
    new: int = 0
    updated: int = 0
    skipped: int = 0
    first_on: date | None = None
    last_on: date | None = None
    linked: Mapping[LinkedBy, int] = field(default_factory=dict[LinkedBy, int])
    to_confirm: int = 0
    external: int = 0
    sums: Mapping[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    rows: tuple[RowSeen, ...] = ()
    suggested: tuple[RowSeen, ...] = ()
    left_out: tuple[SkippedRow, ...] = ()
    columns: tuple[UnknownColumn, ...] = ()
    earlier: Earlier | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values beside the survey of the file: what an import makes of it."""
        return {
            "id": "",
            "client": self.client,
            "zone": self.zone,
            "new": self.new,
            "updated": self.updated,
            "skipped": self.skipped,
            "linked": {how.value: count for how, count in self.linked.items()},
            "to_confirm": self.to_confirm,
            "external": self.external,
            "asks": [one.value for one in self.asks],
            "suggested": [{"row": one.number, "post": one.post} for one in self.suggested],
            "left_out": [{"row": one.number, "reason": one.reason} for one in self.left_out],
            "columns": [self._column(one) for one in self.columns],
            "earlier": self.earlier.at.isoformat() if self.earlier else "",
        }

    def _column(self, column: UnknownColumn) -> dict[str, Any]:
        counts = self.said.columns.get(column.header, "")
        sums = {"sum": column.total, "known": column.known}
        return {"column": column.header, **sums, "counts": counts}


class Told:
    """What a preview has heard so far."""

    def __init__(self, session: Session, taken: Taken) -> None:
        self._taken = taken
        self._matcher = Matcher(session, taken.whose.id, taken.zone)
        self._columns = UnknownColumns(taken.file)
        self._counts: Counter[str] = Counter()
        self._linked: Counter[LinkedBy] = Counter()
        self._sums: dict[str, tuple[float, int]] = {}
        self._days: tuple[date, date] | None = None
        self._met: set[UUID] = set()
        self._heard: set[tuple[str, str, date]] = set()
        self._rows: list[RowSeen] = []
        self._suggested: list[RowSeen] = []
        self._left_out: list[SkippedRow] = []

    def add(self, session: Session, batch: Sequence[Seen]) -> None:
        self._skip([row for row in batch if isinstance(row, SkippedRow)])
        posts = [row for row in batch if isinstance(row, Sighting)]
        days = [row for row in batch if isinstance(row, DaySeen)]
        if posts:
            found = metric_posts.known(session, self._taken.whose.id, posts)
            for row in posts:
                there = found.of(row)
                if there and there.id in self._met:
                    self._skip([SkippedRow(row.number, SAME_AS_ANOTHER)])
                    continue
                self._met |= {there.id} if there else set()
                self._add_post(row, there, self._matcher.find(session, row))
        if days:
            known = metric_posts.known_days(session, self._taken.whose.id, days)
            for row in days:
                day = (row.network, row.account, row.row.day)
                self._add_day(row, day not in known and day not in self._heard)
                self._heard.add(day)

    def preview(self, earlier: Earlier | None) -> Preview:
        taken, counts = self._taken, self._counts
        first, last = self._days or (None, None)
        return Preview(
            client_id=self._taken.whose.id,
            client=self._taken.whose.name,
            zone=taken.zone.key,
            filename=taken.given.name,
            digest=taken.given.digest,
            format=taken.file.format,
            format_name=taken.file.name,
            kind=taken.file.kind,
            network=taken.file.network or taken.said.network,
            questions=taken.file.questions,
            asks=taken.asks,
            warnings=taken.file.warnings,
            said=taken.said,
            remembered=taken.remembered,
            rows_read=counts["new"] + counts["updated"] + counts["skipped"],
            new=counts["new"],
            updated=counts["updated"],
            skipped=counts["skipped"],
            first_on=first,
            last_on=last,
            linked=dict(self._linked),
            to_confirm=counts["suggested"],
            external=counts["external"],
            sums=self._sums,
            rows=tuple(self._rows),
            suggested=tuple(self._suggested),
            left_out=tuple(self._left_out),
            columns=self._columns.found(),
            earlier=earlier,
        )

    def _skip(self, rows: list[SkippedRow]) -> None:
        self._counts["skipped"] += len(rows)
        self._left_out += rows[: SHOWN - len(self._left_out)]

    def _add_post(
        self, row: Sighting, known: metric_posts.Known | None, match: Match | None
    ) -> None:
        if known and known.linked_by is LinkedBy.PERSON and known.post_id is None:
            match = None  # somebody said that it is none of ours
        self._counts["updated" if known else "new"] += 1
        self._note_day(row.published_on)
        self._columns.add(row.raw)
        for name in METRICS:
            if (value := getattr(row.figures, name)) is not None:
                total, times = self._sums.get(name, (0, 0))
                self._sums[name] = (total + value, times + 1)
        seen = RowSeen(
            number=row.number,
            text=row.text,
            network=row.network,
            account=row.account,
            published_on=row.published_on,
            is_new=known is None,
            post=match.ours.key if match else "",
            linked_by=match.by if match else known.linked_by if known else None,
        )
        if match and match.is_sure:
            self._linked[match.by] += 1
        elif known and known.linked_by and known.post_id:
            self._linked[known.linked_by] += 1
        elif match:
            self._counts["suggested"] += 1
            self._suggested += [seen][: SUGGESTED_MAX - len(self._suggested)]
        else:
            self._counts["external"] += 1
        self._rows += [seen][: max(0, SHOWN - len(self._rows))]

    def _add_day(self, row: DaySeen, is_new: bool) -> None:
        self._counts["new" if is_new else "updated"] += 1
        self._note_day(row.row.day)
        self._columns.add(row.row.raw)

    def _note_day(self, day: date | None) -> None:
        if day:
            first, last = self._days or (day, day)
            self._days = min(first, day), max(last, day)


def earlier(session: Session, taken: Taken) -> Earlier | None:
    """The import of the very same file that is here or was stopped."""
    row: Any = session.execute(
        select(
            col(MetricImport.created_at),
            col(MetricImport.person_name),
            col(MetricImport.rows_done),
            col(MetricImport.finished_at),
        ).where(col(MetricImport.key) == taken.key)
    ).one_or_none()
    return Earlier(row[0], row[1], row[2], row[3] is not None) if row else None
