"""Bringing a content plan in: a preview that writes nothing, then the posts in batches.

A row finds its post again by what the file calls it (`imports.plan.fingerprint`), so a second
import of the same file changes nothing and an edited row updates its post. A plan that was
exported from here names its posts itself, and the version each row was written from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client
from postboard.db.queries.scope import visible_clients
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.imports import plan_own
from postboard.imports.plan import (
    NotAPlan,
    Outline,
    ParsedPlan,
    SkippedRow,
    outline_of,
    parse_plan,
)
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.services import own_plans, plan_labels, plan_mappings, plan_sorting
from postboard.services.plan_preview import Look, Preview
from postboard.services.plan_sorting import batches
from postboard.services.plan_writing import create, told_apart, update

BATCH = 200


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    updated: int
    skipped: tuple[SkippedRow, ...]


def look(
    session: Session,
    actor: Actor,
    client: str,
    filename: str,
    content: bytes,
    *,
    default_networks: Sequence[str] = (),
    choices: Choices = NOTHING_SAID,
    recalling: bool = True,
) -> Look:
    """As `preview`, with which a file that is no plan yet can be made one.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import plans there.
    """
    try:
        seen = preview(
            session,
            actor,
            client,
            filename,
            content,
            default_networks=default_networks,
            choices=choices,
            recalling=recalling,
        )
    except NotAPlan as no:
        outline = outline_of(content, choices.checked())
        client_id = _client(session, actor, client).id
        kept = _kept(session, client_id, outline, recalling=recalling)
        if outline and kept != NOTHING_SAID:
            outline = outline_of(content, choices.over(kept))
        return Look(outline, choices.over(kept), kept, refused=no)
    return Look(seen.outline, seen.choices, seen.remembered, preview=seen)


def preview(
    session: Session,
    actor: Actor,
    client: str,
    filename: str,
    content: bytes,
    *,
    default_networks: Sequence[str] = (),
    choices: Choices = NOTHING_SAID,
    recalling: bool = True,
) -> Preview:
    """Read a plan for a client (its name or key) and say what importing it would do.

    `choices` go before what somebody said of an earlier file with the same header, which counts
    while `recalling`.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import plans there.
        NotAPlan: the file is something else; the sentence says what.
    """
    of = _client(session, actor, client)

    def read(said: Choices) -> ParsedPlan:
        networks = tuple(default_networks)
        return parse_plan(
            content, filename, ZoneInfo(of.zone), default_networks=networks, choices=said
        )

    plan, kept = _read(session, of.id, content, choices.checked(), read, recalling=recalling)
    return replace(_sorted(session, of, plan), choices=choices.over(kept), remembered=kept)


def commit(
    database: Database,
    actor: Actor,
    seen: Preview,
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Write what the preview showed, in batches that each hold the database for a moment.

    `progress` hears how many rows are done. A row that came in meanwhile is left alone, so
    stopping in the middle and importing again is safe.
    """
    done = created = updated = 0
    skipped: list[SkippedRow] = []
    # The first row of the file ends up topmost, so the last batch goes in first.
    for batch in batches(tuple(reversed(seen.new)), BATCH):
        with database.write() as session:
            created += create(session, actor, seen, batch[::-1], now)
        done += len(batch)
        if progress:
            progress(done)
    for batch in batches(seen.updated, BATCH):
        with database.write() as session:
            for one in batch:
                refused = update(session, actor, seen, one, now)
                updated += refused is None
                skipped += [refused] if refused else []
        done += len(batch)
        if progress:
            progress(done)
    if seen.choices.lasting != seen.remembered:
        with database.write() as session:
            plan_mappings.remember(
                session, actor, seen.client_id, seen.outline.signature, seen.choices, now=now
            )
    return Imported(created, updated, tuple(skipped))


@dataclass(frozen=True, slots=True)
class _ClientOfPlan:
    id: UUID
    name: str
    key: str
    zone: str


def _client(session: Session, actor: Actor, client: str) -> _ClientOfPlan:
    wanted = client.strip()
    row: Any = session.execute(
        select(col(Client.id), col(Client.name), col(Client.key), col(Client.zone)).where(
            visible_clients(actor),
            (func.lower(col(Client.name)) == wanted.lower()) | (col(Client.key) == wanted.upper()),
        )
    ).first()
    if row is None:
        raise NotFound("There is no client called “{name}”.", name=wanted[:60])
    if not actor.may(Permission.IMPORT_PLAN, row[0]):
        raise NotAllowed
    return _ClientOfPlan(*row)


def _read(
    session: Session,
    client_id: UUID,
    content: bytes,
    choices: Choices,
    read: Callable[[Choices], ParsedPlan],
    *,
    recalling: bool,
) -> tuple[ParsedPlan, Choices]:
    """The plan, read as somebody says now or said of an earlier one, and what they said then."""
    plan = refused = None
    try:
        plan = read(choices)
        outline: Outline | None = plan.outline
    except NotAPlan as no:
        refused, outline = no, outline_of(content, choices)
    kept = _kept(session, client_id, outline, recalling=recalling)
    said = choices.over(kept)
    if said != choices:
        return read(said), kept
    if plan is None:
        raise refused or NotAPlan
    return plan, kept


def _kept(
    session: Session, client_id: UUID, outline: Outline | None, *, recalling: bool
) -> Choices:
    if outline is None or not recalling:
        return NOTHING_SAID
    return plan_mappings.recall(session, client_id, outline.signature)


def _sorted(session: Session, of: _ClientOfPlan, plan: ParsedPlan) -> Preview:
    """What becomes of each row of a plan that was read."""
    usable, unusable = told_apart(plan)
    labels = plan_labels.labels_of_client(session, of.id)
    if plan.layout == plan_own.KEY:
        found = own_plans.sorted_rows(session, of.id, of.key, usable, labels)
    else:
        found = plan_sorting.sorted_rows(session, of.id, of.key, usable)
    new, updated, skipped = found
    skipped += [*plan.skipped, *unusable]
    return Preview(
        client_id=of.id,
        client=of.name,
        zone=of.zone,
        filename=plan.filename,
        layout=plan.layout,
        encoding=plan.encoding,
        delimiter=plan.delimiter,
        sheet=plan.sheet,
        header_row=plan.header_row,
        columns=plan.columns,
        ignored=plan.ignored,
        rows_read=plan.rows_read,
        new=tuple(new),
        updated=tuple(updated),
        skipped=tuple(sorted(skipped, key=lambda row: row.row)),
        warnings=(*plan.warnings, *plan_labels.unknown(usable, labels)),
        outline=plan.outline,
        labels=labels,
    )
