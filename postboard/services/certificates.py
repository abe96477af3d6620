"""The certificate of an approval: what was approved, by whom, and where the record has it.

It follows from the record alone: no clock, no names of today's people, nothing of what happened
to the post afterwards. So it is the same, byte for byte, whenever it is asked for, and speaks of
the approved revision and no other. Version 1:

- `post`, `client`: id and key; the client's name and time zone
- `revision`: its number, when it was submitted and for when it was planned, the words of
  `domain.content.Words` whole, their digest, and each file with its own
- `approval`: who approved it at last, when, for which side, on which request and named stage;
  where the clock did, since silence is consent, by which term of which version of the agreement
- `decisions`: every approval of that revision that stands, up to the last one; a stage in which
  all must agree has one of each
- `chain`: the digest of each event of the post up to the approval, and how they are made
- `event`: the approval's entry in the record, from which the last digest follows; null where the
  agency added words of its own

A file's `digest` is the SHA-256 of its bytes; one elsewhere on the web has its address alone.
What the team did on the way stands there by digests only, which tell nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Event, Post, Revision
from postboard.db.queries.revisions import words_in
from postboard.domain.content import Media, words_as_json
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import STEPS, Action, State
from postboard.services.events import CHAINED, START, digest_of
from postboard.services.records import CHAIN
from postboard.services.sealing import digest

VERSION: Final = 1
_APPROVE: Final = f"post.{Action.APPROVE}"
_STEPS: Final = frozenset(f"post.{action}" for action in Action)
_BY_CLIENT: Final = frozenset(
    step.state
    for step in STEPS
    if step.action is Action.APPROVE and step.permission is Permission.DECIDE_AS_CLIENT
)
_UNDECIDED: Final = frozenset(
    step.state
    for step in STEPS
    if step.action in {Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT}
)
"""Words that come back to one of these are not approved any more."""
_NOTED: Final = "post.decided"
_APPROVALS: Final = frozenset({_APPROVE, _NOTED})
_TAKEN_BACK: Final = f"post.{Action.RECONSIDER}"
_SILENCE: Final = "post.silence"


class RecordBroken(Refused):
    sentence = "The record of this post does not hold together, so nothing can be certified."


@dataclass(frozen=True, slots=True)
class Certificate:
    key: str
    revision: int
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Of a file, without its ending."""
        return f"{self.key}-revision-{self.revision}-certificate"


def certificate(session: Session, actor: Actor, post_id: UUID) -> Certificate:
    """Of the post's last approval that stands, for its staff and for the client's reviewers.

    They keep it whatever becomes of the post: what it tells is what was approved.

    Raises:
        NotFound: the post is not there, not theirs, or was never approved.
        RecordBroken: as it says.
    """
    number, client = _post(session, actor, post_id)
    events = _events(session, post_id)
    approval = _standing(events)
    if approval is None:
        raise NotFound
    events = events[: approval["position"]]
    _refuse_broken(events)
    key = f"{client.key}-{number}"
    revision = _revision(session, post_id, approval["content"]["revision"])
    decisions = _decisions(events, revision["number"])
    _refuse_other_words(events, revision)
    content: dict[str, Any] = {
        "version": VERSION,
        "post": {"id": str(post_id), "key": key},
        "client": {
            "id": str(client.id),
            "key": client.key,
            "name": client.name,
            "zone": client.zone,
        },
        "revision": revision,
        "approval": decisions[-1],
        "decisions": decisions,
        "chain": _chain(events),
        "event": _event(approval),
    }
    return Certificate(key, revision["number"], content)


def certified_revision(session: Session, actor: Actor, post_id: UUID) -> int:
    """The number of the revision that a certificate would speak of; 0: there is none.

    Raises:
        NotFound: the post is not there, or not theirs.
    """
    _post(session, actor, post_id)
    rows: Any = session.execute(
        select(col(Event.kind), col(Event.content))
        .where(col(Event.stream_id) == post_id, col(Event.kind).in_(_STEPS))
        .order_by(col(Event.position))
    ).mappings()
    approval = _standing(rows)
    return approval["content"]["revision"] if approval else 0


def event_digest(event: Mapping[str, Any], previous: str) -> str:
    """The digest of an entry as a certificate has it.

    Raises:
        ValueError, TypeError, KeyError: it is of another shape.
    """
    return digest_of({**event, "at": datetime.fromisoformat(event["at"])}, previous)


def _post(session: Session, actor: Actor, post_id: UUID) -> tuple[int, Client]:
    row: Any = session.execute(
        select(col(Post.number), Client)
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id) == post_id, _theirs(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return tuple(row)


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """Staff of the client, and whoever decides for it."""
    parts: list[ColumnElement[bool]] = [false()]
    for permission in (Permission.SEE_ALL_STATES, Permission.DECIDE_AS_CLIENT):
        clients = actor.clients_with(permission)
        parts.append(true() if clients is None else col(Post.client_id).in_(clients))
    return or_(*parts)


def _events(session: Session, post_id: UUID) -> list[Mapping[str, Any]]:
    rows: Any = session.execute(
        select(*(col(getattr(Event, name)) for name in (*CHAINED, "digest")))
        .where(col(Event.stream_id) == post_id)
        .order_by(col(Event.position))
    ).mappings()
    return [*rows]


def _standing(events: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The last approval that was not taken back; one of older words stays theirs."""
    approvals: list[Mapping[str, Any]] = []
    for row in events:
        said = row["content"]
        if row["kind"] not in _STEPS:
            continue
        if row["kind"] == _APPROVE and said["to"] == State.APPROVED:
            approvals.append(row)
        elif said["to"] in _UNDECIDED:
            while approvals and approvals[-1]["content"]["revision"] == said["revision"]:
                approvals.pop()
    return approvals[-1] if approvals else None


def _decisions(events: Iterable[Mapping[str, Any]], revision: int) -> list[dict[str, Any]]:
    """The approvals of that revision, without those that were taken back or asked for anew."""
    kept: list[tuple[str, dict[str, Any]]] = []
    silences: dict[str, Mapping[str, Any]] = {}
    state: str = State.DRAFT
    for row in events:
        kind, said = row["kind"], row["content"]
        of_revision = said.get("revision") == revision
        if kind == _SILENCE:
            silences[said["request"]] = said
        elif kind in _APPROVALS and of_revision:
            kept.append((state, _decision(row, state, silences)))
        elif kind == _TAKEN_BACK and "request" in said:
            _take_back(kept, row)
        elif kind in _STEPS and of_revision:
            kept = [one for one in kept if one[0] != said["to"]]
        state = said["to"] if kind in _STEPS else state
    return [decision for _, decision in kept]


def _take_back(kept: list[tuple[str, dict[str, Any]]], row: Mapping[str, Any]) -> None:
    """Only what this person said there: the stages before, and the others, stand."""
    unsaid = (row["content"]["request"], str(row["actor_id"]))
    for place, (_, decision) in reversed([*enumerate(kept)]):
        if (decision["request"], decision["person"]) == unsaid:
            del kept[place]
            return


def _refuse_other_words(events: Iterable[Mapping[str, Any]], revision: Mapping[str, Any]) -> None:
    """The words are still those that each approval saw; old ones did not note them."""
    for row in events:
        said = row["content"]
        if row["kind"] in _APPROVALS and said.get("revision") == revision["number"]:
            noted = said.get("words_digest", revision["words_digest"])
            if noted != revision["words_digest"]:
                raise RecordBroken


def _refuse_broken(events: Sequence[Mapping[str, Any]]) -> None:
    previous = START
    for position, row in enumerate(events, 1):
        previous = digest_of(row, previous)
        if (row["position"], row["digest"]) != (position, previous):
            raise RecordBroken


def _revision(session: Session, post_id: UUID, number: int) -> dict[str, Any]:
    row = session.execute(
        select(Revision).where(col(Revision.post_id) == post_id, col(Revision.number) == number)
    ).scalar_one()
    words = words_in(row)
    as_json = words_as_json(words)
    return {
        "number": row.number,
        "submitted_at": _instant(row.frozen_at),
        "planned_at": _instant(row.planned_at),
        "words": as_json,
        "words_digest": digest(as_json),
        "media": [_media(one) for one in words.media],
    }


def _media(media: Media) -> dict[str, Any]:
    return {
        "url": media.url,
        "type": media.type or None,
        "size": media.size or None,
        "digest": media.digest or None,
    }


def _decision(
    row: Mapping[str, Any], state: str, silences: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """`silences` by request: what the agreement says where a client kept silent."""
    said = row["content"]
    request = said.get("request")
    silence: Mapping[str, Any] = {}
    if request and not row["actor_id"]:  # the clock
        silence = silences.get(UUID(request).hex, silence)
    return {
        "position": row["position"],
        "revision": said["revision"],
        "by": row["actor_name"],
        "person": str(row["actor_id"]) if row["actor_id"] else None,
        "side": "client" if state in _BY_CLIENT else "agency",
        "at": _instant(row["at"]),
        "request": request,
        "stage": said.get("stage_name"),
        "term": silence.get("term"),
        "agreement": silence.get("agreement"),
        "digest": row["digest"],
    }


def _chain(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    digests = [row["digest"] for row in events]
    return {
        "start": START,
        "length": len(digests),
        "digests": digests,
        "head": digests[-1],
        "how": CHAIN,
    }


def _event(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the agency noted for itself is not the client's to read."""
    if "reason" in row["content"] and row["content"]["from"] not in _BY_CLIENT:
        return None
    ids = {
        name: str(row[name]) if row[name] else None
        for name in ("stream_id", "client_id", "actor_id")
    }
    return {name: row[name] for name in CHAINED} | ids | {"at": _instant(row["at"])}


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None
