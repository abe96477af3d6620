"""Taking an import of figures back, and saying by hand which post of ours a measured one is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database, changed_one_row
from postboard.db.metric_models import MetricImport, MetricPost
from postboard.db.models import Client, table_of
from postboard.db.queries.scope import measured_clients
from postboard.domain.errors import NotFound, Stale
from postboard.domain.matching import LinkedBy
from postboard.domain.permissions import Actor, Permission
from postboard.services import metric_posts, metric_work, post_rows
from postboard.services.events import Fact, record
from postboard.services.metric_work import LEASE, Clock, Work, trying

BATCH: Final = 100
"""Posts at once: each of them may have a hundred other snapshots to choose from."""

_METRIC_POST = table_of(MetricPost)


def undo(
    database: Database,
    actor: Actor,
    import_id: UUID,
    *,
    clock: Clock,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Remove an import's snapshots and days, and the posts that nothing else told of.

    Stopped in the middle, the same call goes on. What was found out about a post that stays (its
    link to ours, its address) stays too.

    Returns:
        How many snapshots went.

    Raises:
        NotFound: it is not there, not this actor's, or undone already.
        NotAllowed: the actor may not import figures there.
        ComesInNow: it is at work.
    """
    work = trying(database, lambda session: _begin(session, actor, import_id, clock()))
    gone = 0
    while taken := trying(database, lambda session: _batch(session, work, clock())):
        gone += taken
        if progress:
            progress(gone)
    trying(database, lambda session: _finish(session, actor, work, gone, clock()))
    return gone


def link(
    session: Session,
    actor: Actor,
    metric_post_id: UUID,
    post_id: UUID | None,
    *,
    was: UUID | None,
    now: datetime,
) -> None:
    """Say which post of ours a measured one is, or, with None, that it is none of them.

    `was` is which one it was when that was decided.

    Raises:
        NotFound: one of them is not there, or not this actor's, or they are of two clients.
        NotAllowed: the actor may not import figures there.
        Stale: it is another one by now.
    """
    row: Any = session.execute(
        select(_METRIC_POST.c.client_id)
        .join(Client, col(Client.id) == _METRIC_POST.c.client_id)
        .where(_METRIC_POST.c.id == metric_post_id, measured_clients(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    client_id = row.client_id
    post_rows.need(actor, Permission.IMPORT_METRICS, client_id)
    if post_id and post_rows.find(session, actor, post_id).client_id != client_id:
        raise NotFound
    # Without a post too: else the next import would link it again.
    values = {"post_id": post_id, "linked_by": LinkedBy.PERSON}
    which = (_METRIC_POST.c.id == metric_post_id, _METRIC_POST.c.post_id.is_not_distinct_from(was))
    if not changed_one_row(session.execute(update(_METRIC_POST).where(*which).values(**values))):
        raise Stale("Somebody said meanwhile which post it is. Look again.")
    content = {
        "metric_post": metric_post_id.hex,
        "from": was.hex if was else "",
        "to": post_id.hex if post_id else "",
    }
    record(session, actor, Fact(client_id, "client.metrics_linked", client_id, content), now)


def _begin(session: Session, actor: Actor, import_id: UUID, now: datetime) -> Work:
    row = session.execute(
        select(MetricImport)
        .join(Client, col(Client.id) == col(MetricImport.client_id))
        .where(col(MetricImport.id) == import_id, measured_clients(actor))
    ).scalar_one_or_none()
    if row is None or row.undone_at:
        raise NotFound
    post_rows.need(actor, Permission.IMPORT_METRICS, row.client_id)
    work = metric_work.take(session, row, now)
    # From here on the file may come in anew, and what is left of this import cannot go on.
    metric_work.note(session, work, key=None, finished_at=None)
    return work


def _batch(session: Session, work: Work, now: datetime) -> int:
    metric_posts.lock(session, work.client_id)
    metric_work.note(session, work, leased_until=now + LEASE)
    return metric_posts.take_back(session, work.id, BATCH)


def _finish(session: Session, actor: Actor, work: Work, gone: int, now: datetime) -> None:
    metric_posts.lock(session, work.client_id)
    accounts = metric_posts.take_back_days(session, work.id)
    metric_posts.count_followers(session, work.client_id, sorted(accounts))
    metric_work.note(session, work, undone_at=now, lease=None, leased_until=None)
    content = {"import": work.id.hex, "snapshots": gone}
    fact = Fact(work.client_id, "client.metrics_undone", work.client_id, content)
    record(session, actor, fact, now)
