"""Short ways to read a plan in a test."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from postboard.imports.plan import ParsedPlan, PlannedPost, parse_plan

MADRID = ZoneInfo("Europe/Madrid")
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "plans"


def read_fixture(name: str, **options) -> ParsedPlan:
    return parse_plan((FIXTURES / name).read_bytes(), name, MADRID, **options)


def read_text(text: str, encoding: str = "utf-8", **options) -> ParsedPlan:
    return parse_plan(text.encode(encoding), "plan.csv", MADRID, **options)


def read_rows(*rows: list[str], **options) -> ParsedPlan:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return read_text(written.getvalue(), **options)


def read_sheet(*rows: list[object], **options) -> ParsedPlan:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return parse_plan(workbook_bytes(book), "plan.xlsx", MADRID, **options)


def workbook_bytes(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def post(row: int, caption: str, at: str | None, *networks: str, **more) -> PlannedPost:
    """A post with a time of day; `at` is UTC, and its day that of Madrid."""
    planned_at = utc(at) if at else None
    told = {
        "timed": at is not None,
        "planned_on": planned_at.astimezone(MADRID).date() if planned_at else None,
    }
    return PlannedPost(
        row=row, caption=caption, planned_at=planned_at, networks=networks, **told | more
    )


def reasons(plan: ParsedPlan) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in plan.skipped]


def warnings(plan: ParsedPlan) -> list[str]:
    return [warning.text for warning in plan.warnings]
