"""`postboard import-plan`: a content plan, brought in."""

import argparse
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from postboard.commands.files import content_of, operator, row_counter, takes_dates, takes_dry_run
from postboard.commands.ground import Commands, existing, settings_of, takes_data
from postboard.launch.errors import CannotStart


def add(commands: Commands) -> None:
    parser = commands.add_parser("import-plan", help="bring a content plan (CSV or XLSX) in")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--client", metavar="NAME", required=True, help="whose plan it is")
    parser.add_argument(
        "--month", metavar="YYYY-MM", help="which month a grid without a title draws"
    )
    takes_dates(parser)
    takes_dry_run(parser)
    takes_data(parser)
    parser.set_defaults(run=_import_plan)


def _import_plan(chosen: argparse.Namespace) -> None:
    content = content_of(chosen.file)
    with existing(settings_of(chosen)) as database:
        from postboard.services import plan_import

        now = datetime.now(UTC)
        choices = _choices(chosen, content)
        with database.read() as session:
            preview = plan_import.preview(
                session, operator("plan"), chosen.client, chosen.file.name, content, choices=choices
            )
        if not chosen.dry_run:
            _ask(preview)
            with row_counter() as count:
                done = plan_import.commit(
                    database, operator("plan"), preview, now=now, progress=count
                )
            preview = replace(preview, skipped=(*preview.skipped, *done.skipped))
    if chosen.json:
        print(json.dumps(preview.as_json(), default=_plain, ensure_ascii=False, indent=2))
    else:
        print(_in_words(preview, chosen.dry_run))


def _choices(chosen: argparse.Namespace, content: bytes) -> Any:
    from postboard.imports.plan import outline_of
    from postboard.imports.plan_choices import Choices, month_named
    from postboard.imports.plan_dates import DateOrder

    order = DateOrder(chosen.dates) if chosen.dates else None
    month = month_named(chosen.month) if chosen.month else ""
    outline = outline_of(content) if month else None
    unnamed = [one.sheet for one in outline.months if not one.month] if outline else []
    return Choices(order=order, months=dict.fromkeys(unnamed, month))


def _ask(preview: Any) -> None:
    """What only a person can say is not guessed."""
    outline = preview.outline
    if outline.asks_order:
        raise CannotStart(
            f"The date {outline.asks_order} can be read two ways: "
            "add --dates day-first or --dates month-first."
        )
    if any(not one.month for one in outline.months):
        raise CannotStart("The file does not say which month it draws: add --month YYYY-MM.")


def _in_words(preview: Any, dry_run: bool) -> str:
    counts = (
        f"{len(preview.new)} new, {len(preview.updated)} updated, {len(preview.skipped)} skipped"
    )
    skipped = [f"  {row.cell or f'row {row.row}'}: {row.reason}" for row in preview.skipped]
    warnings = [f"  {warning.text}" for warning in preview.warnings]
    told = "nothing was written (--dry-run)" if dry_run else "all of it is written"
    return "\n".join([f"{preview.layout}: {counts}; {told}.", *warnings, *skipped])


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
