"""`postboard import-metrics`: what the networks exported, looked at or brought in."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postboard.commands.files import operator, readable, row_counter, takes_dates, takes_dry_run
from postboard.commands.ground import REFUSED, Commands, existing, positive, settings_of, takes_data
from postboard.commands.survey_words import survey_in_words
from postboard.domain.errors import Refused
from postboard.settings import BadSetting

if TYPE_CHECKING:
    from postboard.db.engine import Database


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "import-metrics", help="bring in what the networks exported about posts and accounts"
    )
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument("--client", metavar="NAME", help="whose they are; needed to write them")
    parser.add_argument("--account", metavar="NAME", default="", help="where the file names none")
    parser.add_argument("--network", metavar="KEY", default="", help="where the file names none")
    parser.add_argument("--zone", metavar="ZONE", help="of its times, such as Europe/Madrid")
    takes_dates(parser)
    parser.add_argument("--year", metavar="YYYY", help="of the last row, where days name no year")
    parser.add_argument(
        "--column",
        metavar="HEADER=FIGURE",
        dest="columns",
        action="append",
        default=[],
        help='what a header that is not known counts, such as "Accounts reached=reach"; "Repins="'
        " keeps it as it is",
    )
    parser.add_argument("--no-replies", action="store_true", help="leave out answers to others")
    parser.add_argument(
        "--captured", metavar="DAY", type=_day, help="when it was exported, if not today"
    )
    parser.add_argument(
        "--link-by-words",
        action="store_true",
        help="take what has the words and the day of a post of ours for that post",
    )
    parser.add_argument("--again", action="store_true", help="let a file count that came in before")
    takes_dry_run(parser)
    takes_data(parser)
    parser.set_defaults(run=_import_metrics)


def _import_metrics(chosen: argparse.Namespace) -> int:
    if not chosen.client and not chosen.dry_run:
        raise BadSetting("--client says whose figures they are; --dry-run looks at a file alone.")
    if chosen.client:
        with existing(settings_of(chosen)) as database:
            surveys = [_bring_in(database, file, chosen) for file in chosen.files]
    else:
        surveys = [
            _survey(file, _metric_choices(chosen), _columns(chosen)) for file in chosen.files
        ]
    if chosen.json:
        print(json.dumps(surveys, ensure_ascii=False, indent=2))
    else:
        print("\n".join(survey_in_words(one) for one in surveys))
    return REFUSED if any("refused" in one for one in surveys) else 0


def _bring_in(database: "Database", file: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """One file's survey, with what importing it does or, on a dry run, would do."""
    from postboard.services import metric_files, metrics_import
    from postboard.services.metric_choices import Said

    _metric_choices(chosen)
    said = Said(
        account=chosen.account,
        network=chosen.network,
        zone=chosen.zone or "",
        order=chosen.dates or "",
        year=positive("--year", chosen.year) if chosen.year else None,
        captured_on=chosen.captured,
        replies=False if chosen.no_replies else None,
        columns=_columns(chosen),
    )
    with readable(file):
        given = metric_files.given(file, file.name)
    try:
        with database.read() as session:
            seen = metrics_import.preview(session, operator("metrics"), chosen.client, given, said)
        found = {**_survey(file, seen.said.for_reader(), said.columns), "import": seen.as_json()}
        if chosen.dry_run:
            return found
        with row_counter() as count:
            done = metrics_import.commit(
                database,
                operator("metrics"),
                chosen.client,
                given,
                said,
                clock=lambda: datetime.now(UTC),
                confirmed=metrics_import.EVERY_WORD if chosen.link_by_words else (),
                again=chosen.again,
                progress=count,
            )
    except Refused as reason:
        return {"file": file.name, "refused": str(reason)}
    return {**found, "import": {**found["import"], **done.as_json()}}


def _survey(file: Path, choices: Any, said: Mapping[str, str]) -> dict[str, Any]:
    """One file that is refused does not keep the others from being looked at."""
    from postboard.imports.metrics import need_fitting, open_metrics, survey

    try:
        with readable(file):
            opened = open_metrics(file, choices)
            need_fitting(opened, said)
            return {"file": file.name, **survey(opened)}
    except Refused as reason:
        return {"file": file.name, "refused": str(reason)}


def _metric_choices(chosen: argparse.Namespace) -> Any:
    from zoneinfo import ZoneInfo

    from postboard.domain.clock import known_zones
    from postboard.imports.metrics import MetricChoices
    from postboard.imports.plan_dates import DateOrder

    if chosen.zone and chosen.zone not in known_zones():
        raise BadSetting(f'--zone is "{chosen.zone}"; it takes a name such as Europe/Madrid.')
    return MetricChoices(
        zone=ZoneInfo(chosen.zone) if chosen.zone else None,
        order=DateOrder(chosen.dates) if chosen.dates else None,
        year=positive("--year", chosen.year) if chosen.year else None,
        account=chosen.account,
        network=chosen.network,
        replies=not chosen.no_replies,
        columns=_columns(chosen),
    )


def _columns(chosen: argparse.Namespace) -> dict[str, str]:
    from postboard.imports.metrics import EVERY_FIGURE

    parts = [text.rpartition("=") for text in chosen.columns]
    for text, (header, _, figure) in zip(chosen.columns, parts, strict=True):
        if not header.strip() or figure.strip() not in EVERY_FIGURE:
            known = ", ".join(sorted(EVERY_FIGURE - {""}))
            raise BadSetting(f'--column is "{text}"; it takes HEADER=FIGURE, one of {known}.')
    return {header.strip(): figure.strip() for header, _, figure in parts}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f'A day is "{text}"; it is written like 2026-11-30.') from None
