"""Years of an agency's work, as its services would have left it: posts with all their events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from benchmarks.ground import now
from postboard.db.engine import Database
from postboard.db.models import Event, EventStream, Post
from postboard.domain.content import Words
from postboard.domain.workflow import SPECS, Action, Policy, State, Step, find_step, opens_round
from postboard.services import clients, posts
from postboard.services.clients import NewClient
from postboard.services.events import digest_of
from postboard.services.posts import NewPost
from tests.world import World

YEARS: Final = timedelta(days=730)
CLIENTS: Final = 20
_AT_ONCE: Final = 100
_SHARE_SENT_BACK: Final = 0.35
_BESIDE: Final = ("post.edited", "post.commented", "post.seen", "post.task_done")
_WORDS: Final = Words(caption="Fresh buns from six.", title="Buns", networks=("instagram", "x"))
_AHEAD: Final = {
    State.DRAFT: Action.SUBMIT,
    State.INTERNAL_REVIEW: Action.APPROVE,
    State.INTERNAL_REWORK: Action.SUBMIT,
    State.READY_FOR_CLIENT: Action.SEND_TO_CLIENT,
    State.CLIENT_REVIEW: Action.APPROVE,
    State.CLIENT_REWORK: Action.SUBMIT,
    State.APPROVED: Action.SCHEDULE,
    State.SCHEDULED: Action.PUBLISH,
}


def add(database: Database, world: World, count: int, events: int) -> list[UUID]:
    """`count` posts of twenty clients, with `events` in all; the newest are still under way."""
    random = Random(6)  # noqa: S311 - the same past each time
    with database.write() as session:
        brands = [
            clients.add_client(session, world.alma, NewClient(f"Brand {n}"), now=now() - YEARS)
            for n in range(CLIENTS)
        ]
    made: list[UUID] = []
    for start in range(0, count, _AT_ONCE):
        at = now() - YEARS + YEARS * (start / count)
        brand = brands[start // _AT_ONCE % CLIENTS]
        news = [NewPost(_WORDS, at + timedelta(days=random.uniform(5, 40)))] * min(
            _AT_ONCE, count - start
        )
        with database.write() as session:
            ids = posts.create_many(session, world.ana, brand, news, now=at)
            _lengthen(session, world, brand, ids, at, events // count, random)
        made += ids
    return made


def _lengthen(
    session: Session,
    world: World,
    brand: UUID,
    ids: Sequence[UUID],
    at: datetime,
    each: int,
    random: Random,
) -> None:
    """Walk posts through the workflow, among other events, and keep their chains whole."""
    heads: Any = session.execute(
        select(col(EventStream.id), col(EventStream.digest)).where(col(EventStream.id).in_(ids))
    )
    digests: dict[UUID, str] = {key: digest for key, digest in heads}  # noqa: C416 - a Row is no pair
    rows: list[dict[str, Any]] = []
    streams: list[dict[str, Any]] = []
    stand: list[dict[str, Any]] = []
    for post_id in ids:
        facts, state, since, rounds = _walk(at, each, random)
        for position, (kind, when, content) in enumerate(facts, 2):
            row = {
                "stream_id": post_id,
                "position": position,
                "kind": kind,
                "client_id": brand,
                "actor_id": world.ana.user_id,
                "actor_name": world.ana.name,
                "at": when,
                "content": content,
            }
            digests[post_id] = row["digest"] = digest_of(row, digests[post_id])
            rows.append(row)
        streams.append({"stream": post_id, "length": len(facts) + 1, "digest": digests[post_id]})
        column = SPECS[state].column
        moved = {"state": state, "board_column": column, "state_since": since, "rounds": rounds}
        stand.append({"post": post_id, **moved})
    session.execute(insert(Event), rows)
    one = session.connection()
    one.execute(update(EventStream).where(col(EventStream.id) == bindparam("stream")), streams)
    one.execute(update(Post).where(col(Post.id) == bindparam("post")), stand)


_Told = list[tuple[str, datetime, dict[str, Any]]]


def _walk(at: datetime, each: int, random: Random) -> tuple[_Told, State, datetime, int]:
    """The events of one post after its first, where it came to, since when, and its rounds."""
    state, since, rounds = State.DRAFT, at, 0
    moves: _Told = []
    when = at + timedelta(days=random.uniform(0, 7))
    while state in _AHEAD and when < now() and len(moves) < each - 1:
        step = _step(state, random)
        rounds += opens_round(step)
        content = {
            "from": state,
            "to": step.next_state,
            "revision": 1,
            "request": str(UUID(int=len(moves))),
        }
        if step.action is Action.REQUEST_CHANGES:
            content |= {"reason": "The logo is cut off.", "tags": ["image"]}
        moves.append((f"post.{step.action}", when, content))
        state, since = step.next_state, when
        when += timedelta(hours=random.expovariate(1 / 20))
    said = {"fields": ["caption"], "revision": 1, "thread": "internal"}
    beside = islice(cycle(_BESIDE), max(0, each - 1 - len(moves)))
    return [*((kind, at, said) for kind in beside), *moves], state, since, rounds


def _step(state: State, random: Random) -> Step:
    back = find_step(state, Action.REQUEST_CHANGES, Policy())
    ahead = find_step(state, _AHEAD[state], Policy())
    assert ahead  # noqa: S101 - the table has it
    return back if back and random.random() < _SHARE_SENT_BACK else ahead
