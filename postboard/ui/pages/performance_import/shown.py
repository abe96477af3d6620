"""What the page shows of a preview and of past imports: plain values, the first rows of lists."""

from dataclasses import dataclass, field
from typing import Final

from postboard.db.queries.instants import stamp
from postboard.db.queries.linking import Outside
from postboard.db.queries.measured import ImportSeen
from postboard.domain.figures import METRICS
from postboard.imports.metrics import Holds, UnknownColumn
from postboard.services.metric_choices import Said
from postboard.services.metric_preview import Preview, RowSeen
from postboard.ui.components.importing import Remark, remark

TEXT_MAX: Final = 160
SHOWN_ROWS: Final = 50


@dataclass(frozen=True)
class MeasuredShown:
    row: int
    text: str
    day: str
    network: str
    account: str
    is_new: bool
    post: str


@dataclass(frozen=True)
class SumShown:
    metric: str
    total: str
    known: int


@dataclass(frozen=True)
class ColumnShown:
    """A column that no export is known to have; `total` is "" where `example` is no number.

    `counts` is the figure that it is read as, "" as none.
    """

    header: str
    of_days: bool
    total: str
    known: int
    example: str
    counts: str


@dataclass(frozen=True)
class Asked:
    """One question: what it asks and a cell of the file that it is about."""

    asks: str
    example: str = ""


@dataclass(frozen=True)
class Shown:
    """The preview. `earlier` is the instant at which the very same file came in, or ""."""

    client: str = ""
    filename: str = ""
    format: str = ""
    network: str = ""
    zone: str = ""
    first_day: str = ""
    last_day: str = ""
    rows_read: int = 0
    new: int = 0
    updated: int = 0
    skipped: int = 0
    ours: int = 0
    external: int = 0
    to_confirm: int = 0
    asks: list[str] = field(default_factory=list[str])
    sums: list[SumShown] = field(default_factory=list[SumShown])
    rows: list[MeasuredShown] = field(default_factory=list[MeasuredShown])
    suggested: list[MeasuredShown] = field(default_factory=list[MeasuredShown])
    columns: list[ColumnShown] = field(default_factory=list[ColumnShown])
    more_columns: int = 0
    left_out: list[Remark] = field(default_factory=list[Remark])
    warnings: list[Remark] = field(default_factory=list[Remark])
    earlier: str = ""
    earlier_by: str = ""
    stopped_at: int = 0
    """Rows that came in before the same file was stopped in the middle."""


@dataclass(frozen=True)
class OutsideShown:
    """A post of the import that came in, `key` where somebody said which of ours it is."""

    id: str
    text: str
    network: str
    at: str
    zone: str
    key: str


@dataclass(frozen=True)
class PastImport:
    id: str
    client: str
    filename: str
    format: str
    account: str
    who: str
    at: str
    captured_at: str
    new: int
    updated: int
    skipped: int
    rows: int
    state: str
    may_undo: bool


def shown(preview: Preview) -> Shown:
    earlier = preview.earlier
    done = earlier is not None and earlier.is_finished
    return Shown(
        client=preview.client,
        filename=preview.filename,
        format=preview.format_name,
        network=preview.network,
        zone=preview.zone,
        first_day=preview.first_on.isoformat() if preview.first_on else "",
        last_day=preview.last_on.isoformat() if preview.last_on else "",
        rows_read=preview.rows_read,
        new=preview.new,
        updated=preview.updated,
        skipped=preview.skipped,
        ours=sum(preview.linked.values()),
        external=preview.external,
        to_confirm=preview.to_confirm,
        asks=[one.value for one in preview.asks],
        sums=[_sum(name, *preview.sums[name]) for name in METRICS if name in preview.sums],
        rows=[_row(one) for one in preview.rows[:SHOWN_ROWS]],
        suggested=[_row(one) for one in preview.suggested[:SHOWN_ROWS]],
        columns=[_column(one, preview.said) for one in preview.columns[:SHOWN_ROWS]],
        more_columns=max(0, len(preview.columns) - SHOWN_ROWS),
        left_out=[remark(one, one.number) for one in preview.left_out[:SHOWN_ROWS]],
        warnings=[remark(one) for one in preview.warnings],
        earlier=stamp(earlier.at) if earlier and done else "",
        earlier_by=earlier.who if earlier and done else "",
        stopped_at=earlier.rows_done if earlier and not done else 0,
    )


def asked(preview: Preview) -> list[Asked]:
    """What the file left open when nothing had been said of it."""
    return [Asked(one.asks.value, one.example) for one in preview.questions]


def outside(post: Outside) -> OutsideShown:
    return OutsideShown(
        post.id, post.text, post.network, stamp(post.published_at), post.zone, post.key
    )


def past(seen: ImportSeen) -> PastImport:
    return PastImport(
        id=seen.id,
        client=seen.client_name,
        filename=seen.file_name,
        format=seen.format,
        account=seen.account,
        who=seen.who,
        at=stamp(seen.created_at),
        captured_at=stamp(seen.captured_at),
        new=seen.new,
        updated=seen.updated,
        skipped=seen.skipped,
        rows=seen.rows,
        state=seen.state.value,
        may_undo=seen.may_undo,
    )


def _sum(name: str, total: float, known: int) -> SumShown:
    return SumShown(name, _number(total), known)


def _column(column: UnknownColumn, said: Said) -> ColumnShown:
    return ColumnShown(
        header=column.header,
        of_days=column.holds is Holds.ACCOUNT_DAYS,
        total="" if column.total is None else _number(column.total),
        known=column.known,
        example=column.example,
        counts=said.columns.get(column.header, ""),
    )


def _number(number: float) -> str:
    return f"{round(number, 1):,}".removesuffix(".0")


def _row(row: RowSeen) -> MeasuredShown:
    return MeasuredShown(
        row=row.number,
        text=" ".join(row.text.split())[:TEXT_MAX],
        day=row.published_on.isoformat() if row.published_on else "",
        network=row.network,
        account=row.account,
        is_new=row.is_new,
        post=row.post,
    )
