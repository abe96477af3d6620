"""How clients start: a checklist, a gate before the first post, and the reason to pass it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import LaunchPlan
from postboard.db.engine import changed_one_row
from postboard.db.models import Client
from postboard.db.queries import launches as query
from postboard.db.queries.launches import Launch
from postboard.db.queries.scope import visible_clients
from postboard.domain.chains import SIDE_OF, Side
from postboard.domain.content import REASON_MAX, clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.launch import Gate, Item, checked_items, items_as_json
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import Action, Step
from postboard.services.events import Fact, record, signal_client


class NotReady(Refused):
    """The first post is kept back."""

    sentence = (
        "Before the first post may be sent, the plan of action lacks {n}. See the client’s page."
    )


class NotYet(NotReady):
    sentence = (
        "Before the first post may be sent, the plan of action lacks {n}. Complete it on the"
        " client’s page, or say there why it goes out without."
    )


def find(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> Launch:
    """The plan of action, for who looks after the client.

    Raises:
        NotFound, NotAllowed: as they say.
    """
    _need_to_manage(session, actor, client_id)
    return query.of_client(session, client_id, now)


def change(
    session: Session,
    actor: Actor,
    client_id: UUID,
    gate: Gate,
    lines: Sequence[str],
    *,
    version: int,
    now: datetime,
) -> None:
    """Another gate, and other lines to tick; what was ticked in the same words stays so.

    Raises:
        NotFound, Stale, BadInput: as they say.
        NotAllowed: the actor does not look after the client, or sets a gate without leading.
    """
    _need_to_manage(session, actor, client_id)
    before = _row(session, client_id)
    if version != (before.version if before else 0):
        raise Stale
    if gate is not (before.gate if before else Gate.OFF) and not actor.may(
        Permission.SET_GATE, client_id
    ):
        raise NotAllowed
    items = checked_items(lines, query.items_from_json(before.items) if before else ())
    _put(session, client_id, gate, items, version, now)
    content = {"gate": gate.value, "items": [item.words for item in items]}
    _record(session, actor, client_id, "changed", content, now)


def tick(
    session: Session, actor: Actor, client_id: UUID, words: str, *, done: bool, now: datetime
) -> None:
    """Note that one line of the checklist is done, by whom and when; or that it is not.

    Raises:
        NotFound: there is no such line, or the client is not this actor's.
        NotAllowed: the actor does not look after it.
    """
    _need_to_manage(session, actor, client_id)
    row = _row(session, client_id)
    if row is None:
        raise NotFound
    items = query.items_from_json(row.items)
    if words not in {item.words for item in items}:
        raise NotFound
    by = Item(words, actor.name, now.isoformat()) if done else Item(words)
    ticked = tuple(by if item.words == words else item for item in items)
    _put(session, client_id, row.gate, ticked, row.version, now)
    _record(session, actor, client_id, "ticked", {"item": words, "done": done}, now)


def go_on(session: Session, actor: Actor, client_id: UUID, reason: str, *, now: datetime) -> None:
    """Let the first post go out although something is missing, and keep on record why.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor does not look after it, or the gate takes no reason.
        BadInput: nothing is said.
    """
    launch = find(session, actor, client_id, now=now)
    if launch.gate is not Gate.SOFT:
        raise NotAllowed
    reason = clean(reason, REASON_MAX, many_lines=True)
    if not reason:
        raise BadInput("Say why the first post goes out without it: the reason stays on record.")
    values = {
        "reason": reason,
        "lacking": launch.lacking,
        "reason_by": actor.user_id,
        "reason_name": actor.name,
        "reason_at": now,
    }
    session.execute(
        update(LaunchPlan).where(col(LaunchPlan.client_id) == client_id).values(**values)
    )
    content = {"reason": reason, "lacking": launch.lacking}
    _record(session, actor, client_id, "passed", content, now)


def refuse_unready(session: Session, client_id: UUID, step: Step, now: datetime) -> None:
    """Keep the first post back while the client's plan of action lacks something.

    Raises:
        NotReady: the gate is shut.
    """
    sends = SIDE_OF.get(step.next_state) is Side.CLIENT or step.action is Action.SCHEDULE
    if not sends:
        return
    gate, has_reason = query.gate_of(session, client_id)
    if gate is Gate.OFF or (gate is Gate.SOFT and has_reason):
        return
    if query.has_started(session, client_id):
        return
    lacking = query.of_client(session, client_id, now).lacking
    if lacking:
        raise (NotReady if gate is Gate.HARD else NotYet)(n=len(lacking))


def _need_to_manage(session: Session, actor: Actor, client_id: UUID) -> None:
    there = select(col(Client.id)).where(col(Client.id) == client_id, visible_clients(actor))
    if session.execute(there).first() is None:
        raise NotFound
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed


def _row(session: Session, client_id: UUID) -> LaunchPlan | None:
    return session.execute(
        select(LaunchPlan).where(col(LaunchPlan.client_id) == client_id)
    ).scalar_one_or_none()


def _put(
    session: Session,
    client_id: UUID,
    gate: Gate,
    items: tuple[Item, ...],
    version: int,
    now: datetime,
) -> None:
    values: dict[str, Any] = {"gate": gate, "items": items_as_json(items), "changed_at": now}
    if version == 0:  # a second first one hits the key, which is a lost race
        row = {"client_id": client_id, "version": 1, **values}
        session.execute(insert(LaunchPlan), [row])
        return
    written = session.execute(
        update(LaunchPlan)
        .where(col(LaunchPlan.client_id) == client_id, col(LaunchPlan.version) == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(written):
        raise Stale


def _record(
    session: Session,
    actor: Actor,
    client_id: UUID,
    what: str,
    content: dict[str, Any],
    now: datetime,
) -> None:
    fact = Fact(client_id, f"launch.{what}", client_id, content)
    signal_client(session, client_id, record(session, actor, fact, now))
