"""A plan as a file: CSV that comes in again, and a workbook with real dates."""

import csv
import io
from collections.abc import Sequence
from copy import copy
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from postboard import names
from postboard.db.queries.plan_export import PlanRow
from postboard.imports import plan_own
from postboard.locale import Language, text

_STAFF_ONLY: Final = frozenset({"version", "person"})
_CELL_MAX: Final = 32_767
"""Of a workbook."""
_WIDTHS: Final = {
    "client": 18,
    "status": 18,
    "date": 12,
    "zone": 18,
    "instant": 27,
    "networks": 24,
    "title": 32,
    "caption": 70,
    "link": 30,
    "first_comment": 30,
    "hashtags": 24,
    "campaign": 20,
    "pillar": 18,
    "media": 30,
    "alt_texts": 30,
    "person": 16,
}
_FORMATS: Final = {"date": "yyyy-mm-dd", "time": "hh:mm"}
_USUAL_WIDTH: Final = 10
_WRAPPED: Final = frozenset({"caption", "title", "first_comment", "media", "alt_texts"})


def as_csv(rows: Sequence[PlanRow], language: Language, base_url: str, *, of_client: bool) -> bytes:
    """UTF-8 with its mark, for Excel; no cell can be taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    keys = _keys(of_client=of_client)
    writer.writerow([text(language).gettext(plan_own.HEADERS[key]) for key in keys])
    for row in rows:
        told = _told(row, language, base_url, of_client=of_client)
        writer.writerow([plan_own.neutral(told[key]) for key in keys])
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(
    rows: Sequence[PlanRow], language: Language, base_url: str, *, of_client: bool
) -> bytes:
    """One sheet with its header frozen; days and times are real ones."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    words, keys = text(language), _keys(of_client=of_client)
    sheet.title = words.gettext("Plan")
    for column, key in enumerate(keys, 1):
        head = sheet.cell(1, column)
        _say(head, words.gettext(plan_own.HEADERS[key]))
        head.font = Font(bold=True)
        width = _WIDTHS.get(key, _USUAL_WIDTH)
        sheet.column_dimensions[get_column_letter(column)].width = width
    styles: dict[str, Any] = {}
    for number, row in enumerate(rows, 2):
        told = _told(row, language, base_url, of_client=of_client)
        for column, key in enumerate(keys, 1):
            _fill(sheet.cell(number, column), key, told[key], row)
            _style(sheet.cell(number, column), key, styles)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{len(rows) + 1}"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def file_name(rows: Sequence[PlanRow], since: date | None, until: date | None, kind: str) -> str:
    """Like plan-ACME-2026-11-01-2026-11-30.csv."""
    clients = {row.client_key for row in rows}
    parts = ["plan", *(clients if len(clients) == 1 else ())]
    parts += [day.isoformat() for day in (since, until) if day]
    return f"{'-'.join(parts)}.{kind}"


def state_name(row: PlanRow, *, of_client: bool) -> str:
    """As each side calls it."""
    return (names.STATES_FOR_CLIENT if of_client else names.STATES).get(row.state, row.state)


def _keys(*, of_client: bool) -> list[str]:
    return [key for key in plan_own.HEADERS if not (of_client and key in _STAFF_ONLY)]


def _told(row: PlanRow, language: Language, base_url: str, *, of_client: bool) -> dict[str, str]:
    words, local, state = text(language), row.local, state_name(row, of_client=of_client)
    media = (f"{base_url.rstrip('/')}{one}" if one[:1] == "/" else one for one in row.media)
    return {
        "reference": row.key,
        "version": str(row.version),
        "client": row.client,
        "status": words.gettext(state),
        "date": f"{local:%Y-%m-%d}" if local else "",
        "time": f"{local:%H:%M}" if local else "",
        "zone": row.zone,
        "instant": local.isoformat(timespec="minutes") if local else "",
        "networks": ", ".join(words.gettext(names.NETWORKS[one]) for one in row.networks),
        "title": row.title,
        "caption": row.caption,
        "link": row.link,
        "first_comment": row.first_comment,
        "hashtags": " ".join(f"#{tag}" for tag in row.hashtags),
        "campaign": row.campaign,
        "pillar": row.pillar,
        "media": " | ".join(media),
        "alt_texts": " || ".join(row.alt_texts) if any(row.alt_texts) else "",
        "person": row.who,
    }


def _fill(cell: Any, key: str, told: str, row: PlanRow) -> None:
    local = row.local
    if key == "date" and local:
        cell.value = local.date()
    elif key == "time" and local:
        cell.value = local.time().replace(second=0, microsecond=0, tzinfo=None)
    elif key == "version":
        cell.value = row.version
    else:
        _say(cell, told)


def _style(cell: Any, key: str, styles: dict[str, Any]) -> None:
    """That of the first cell of the column: openpyxl takes long to find that it is the same."""
    if key not in styles:
        cell.alignment = Alignment(vertical="top", wrap_text=key in _WRAPPED)
        cell.number_format = _FORMATS.get(key, "General")
        styles[key] = cell._style  # noqa: SLF001 - there is no other way to share it
    cell._style = copy(styles[key])  # noqa: SLF001 - as above


def _say(cell: Any, words: str) -> None:
    """As text, whatever it begins with; marked only where it reads as if it were."""
    said = words if plan_own.restored(words) == words else plan_own.neutral(words)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", said)[:_CELL_MAX]
    if said:
        cell.data_type = "s"
