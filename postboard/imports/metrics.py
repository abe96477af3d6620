"""The door: an export of what posts and accounts achieved -> its rows. Nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from postboard.imports.metric_file import MetricsFile, MetricsTooLarge, NotMetrics, as_refusals
from postboard.imports.metric_format import Holds
from postboard.imports.metric_glance import Glance, glance_at
from postboard.imports.metric_refusals import what_it_is
from postboard.imports.metric_rows import (
    NOTHING_SAID,
    Asks,
    DayRow,
    MeasuredRow,
    MetricChoices,
    MetricWarning,
    Question,
    SkippedRow,
    choices_from_json,
)
from postboard.imports.metric_search import FoundFile, find_tables
from postboard.imports.metric_survey import survey
from postboard.imports.metric_unknown import (
    EVERY_FIGURE,
    TAKEN_AS,
    UnknownColumn,
    UnknownColumns,
    need_fitting,
)
from postboard.locale import N_

__all__ = [
    "EVERY_FIGURE",
    "NOTHING_SAID",
    "TAKEN_AS",
    "Asks",
    "DayRow",
    "Holds",
    "MeasuredRow",
    "MetricChoices",
    "MetricWarning",
    "MetricsFile",
    "MetricsTooLarge",
    "NotMetrics",
    "Question",
    "SkippedRow",
    "UnknownColumn",
    "UnknownColumns",
    "choices_from_json",
    "need_fitting",
    "open_metrics",
    "survey",
]


_ENCODING: Final = N_(
    "The encoding is not stated; the file was read as {encoding}. Check the accents."
)


def open_metrics(path: Path, choices: MetricChoices = NOTHING_SAID) -> MetricsFile:
    """Recognises the file and looks at each row once.

    Raises:
        NotMetrics: as it is something else, damaged or empty.
        MetricsTooLarge: beyond what one import takes.
    """
    with as_refusals():
        found = find_tables(path)
        if not found.tables:
            raise _nothing_known(found)
        glances = [glance_at(table, choices) for table in found.tables]
    main = min(glances, key=lambda one: one.table.format.holds is not Holds.POSTS)
    return MetricsFile(
        path=path,
        choices=choices,
        format=main.table.format.key,
        name=main.table.format.name,
        kind=main.table.format.holds,
        network=main.table.format.network or main.reader().network_of_days or None,
        questions=_once(question for one in glances for question in one.questions()),
        warnings=tuple(_warnings(found, glances)),
        row_count=sum(one.rows for one in glances),
        tables=tuple(glances),
        encoding=found.text.encoding.removesuffix("-sig") if found.text else found.kind.value,
        delimiter=found.text.delimiter if found.text else None,
    )


def _nothing_known(found: FoundFile) -> NotMetrics:
    sentence, facts = what_it_is(found.first_rows)
    return NotMetrics(sentence, **facts)


def _once(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Each is asked once for the whole file."""
    first: dict[Asks, Question] = {}
    for question in questions:
        first.setdefault(question.asks, question)
    return tuple(first.values())


def _warnings(found: FoundFile, glances: Sequence[Glance]) -> Iterator[MetricWarning]:
    if found.text and found.text.encoding_guessed:
        yield MetricWarning(_ENCODING, {"encoding": found.text.encoding})
    for glance in glances:
        yield from glance.warnings()
