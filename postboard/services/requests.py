"""Requests for a decision: opened, answered and closed as a post moves. `steps` alone calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from postboard.db.models import table_of
from postboard.db.queries import answering, chains
from postboard.db.review_models import Decision, ReviewRequest
from postboard.db.types import Instant
from postboard.domain.chains import Chain, Rule, Side, chain_from_json, is_complete, preset
from postboard.domain.content import Reason, clean
from postboard.domain.errors import NotAllowed, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Answering
from postboard.domain.workflow import Action, Approval
from postboard.services import jobs, notices
from postboard.services.deadlines import deadline

MESSAGE_MAX: Final = 1000
_OUTCOMES: Mapping[Action, str] = MappingProxyType(
    {
        Action.APPROVE: "approved",
        Action.REQUEST_CHANGES: "changes_requested",
        Action.RECALL: "recalled",
    }
)

# On the way of every review: built once, past the ORM.
_REQUEST, _DECISION = table_of(ReviewRequest), table_of(Decision)
_OPEN = (
    select(
        _REQUEST.c.id,
        _REQUEST.c.revision,
        _REQUEST.c.round,
        _REQUEST.c.stage,
        _REQUEST.c.side,
        _REQUEST.c.name,
        _REQUEST.c.rule,
        _REQUEST.c.reviewers,
        _REQUEST.c.chain,
        _REQUEST.c.message,
        _REQUEST.c.asked_by,
    )
    .where(_REQUEST.c.post_id == bindparam("post"), _REQUEST.c.closed_at.is_(None))
    # One decision after the other: the last of an all-of stage must see that it is the last.
    .with_for_update()
)
_ASK = insert(_REQUEST)
_DECIDE = insert(_DECISION)
_SAY_MORE = update(_DECISION).where(
    _DECISION.c.request_id == bindparam("request"), _DECISION.c.person_id == bindparam("person")
)
_CLOSE = (
    update(_REQUEST)
    .where(_REQUEST.c.post_id == bindparam("post"), _REQUEST.c.closed_at.is_(None))
    .returning(_REQUEST.c.id)
)
_ASKED = (
    select(_REQUEST.c.id)
    .where(_REQUEST.c.post_id == bindparam("post"), _REQUEST.c.revision == bindparam("revision"))
    .limit(1)
)
_APPROVED = select(_DECISION.c.person_id, _DECISION.c.stood_in_for).where(
    _DECISION.c.request_id == bindparam("request"), _DECISION.c.approved.is_(True)
)


class NotAsked(NotAllowed):
    sentence = "This stage is decided by {names}."


class DecidedAlready(Refused):
    sentence = "You decided here already. The others are still to say."


@dataclass(frozen=True, slots=True)
class OfPost:
    """What a request is about."""

    post_id: UUID
    client_id: UUID
    revision: int
    round: int


@dataclass(frozen=True, slots=True)
class Asking:
    """In whose name people are asked, and with which words."""

    person_id: UUID | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer came to."""

    over: bool
    """The stage is, with it."""
    stood_in_for: Sequence[Mapping[str, str]] = ()
    """Who was away, `person` (hex) and `name`."""

    def as_content(self) -> dict[str, Any]:
        """What an event tells of it."""
        return {"stood_in_for": [*self.stood_in_for]} if self.stood_in_for else {}


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that is open on a post."""

    id: UUID
    stage: int
    side: Side
    name: str
    rule: Rule
    reviewers: tuple[UUID, ...]
    chain: Chain
    asking: Asking
    stored: bool = True

    @property
    def following(self) -> int | None:
        """The stage of the same side that comes next."""
        return self.chain.after(self.stage)

    def as_content(self) -> dict[str, Any]:
        """What an event tells of it."""
        named = {"stage_name": self.name} if self.name else {}
        return {"request": str(self.id), "stage": self.stage, **named}


def asked(session: Session, about: OfPost, side: Side, approval: Approval) -> Asked:
    """The open request; of a post that came into review before there were any, the preset's.

    Raises:
        Stale: by now other words are asked about, or in another round.
    """
    row: Any = session.execute(_OPEN, {"post": about.post_id}).one_or_none()
    if row is None:
        chain = preset(approval).asking(side)
        stage = chain.first(side) or 0
        return Asked(uuid4(), stage, side, "", Rule.ANY, (), chain, Asking(None), stored=False)
    # The post was read before the lock was had: it may have been taken back and sent anew since.
    if (row.revision, row.round) != (about.revision, about.round):
        raise Stale
    return Asked(
        id=row.id,
        stage=row.stage,
        side=Side(row.side),
        name=row.name,
        rule=Rule(row.rule),
        reviewers=tuple(UUID(person) for person in row.reviewers),
        chain=chain_from_json(row.chain),
        asking=Asking(row.asked_by, row.message),
    )


def ask(
    session: Session, about: OfPost, chain: Chain, stage: int, asking: Asking, now: datetime
) -> UUID:
    """Ask the people of one stage."""
    request_id, named = uuid4(), chain.stages[stage]
    hours = named.due_hours
    # The client's answer always has its time: the stage's, else the agreement's.
    is_timed = hours is not None or named.side is Side.CLIENT
    session.execute(
        _ASK,
        {
            "id": request_id,
            "post_id": about.post_id,
            "client_id": about.client_id,
            "revision": about.revision,
            "round": about.round,
            "stage": stage,
            "side": named.side.value,
            "name": named.name,
            "rule": named.rule.value,
            "reviewers": [p.hex for p in chains.asked_by(session, about.client_id, named)],
            "chain": chain.as_json(),
            "message": clean(asking.message, MESSAGE_MAX),
            "asked_by": asking.person_id,
            "asked_at": now,
            "due_at": deadline(session, about.client_id, now, hours) if is_timed else None,
            "closed_at": None,
            "outcome": "",
        },
    )
    return request_id


def decide(
    session: Session,
    actor: Actor,
    about: OfPost,
    request: Asked,
    reason: Reason,
    *,
    approved: bool,
    now: datetime,
) -> Heard:
    """Note what this person says, also for those who are away and whom they stand in for.

    Raises:
        NotAsked: others decide here.
        DecidedAlready: this person did, and others are missing.
    """
    answers = _answers(session, actor, about.client_id, request, now)
    asked_now = answers.asked if answers.named else ()
    said_yes = _said_yes(session, request)
    heard: set[UUID] = {person for person in said_yes if person}
    heard.update(person for others in said_yes.values() for person in others)
    for_whom = [person for person in answers.for_whom(actor.user_id) if person not in heard]
    if actor.user_id in said_yes and not (approved and for_whom):
        # Whoever was missing may have left since: then the stage is over at last.
        if approved and is_complete(request.rule, asked_now, heard):
            return Heard(over=True)
        raise DecidedAlready
    if answers.named and actor.user_id not in answers.asked and not for_whom:
        raise NotAsked(names=_missing_names(session, answers, request.rule, heard))
    if not request.stored:
        _store(session, about, request, now)
    own = said_yes.get(actor.user_id)
    stood_in_for = _named(session, for_whom)
    said: dict[str, Any] = {
        "person_name": actor.name,
        "approved": approved,
        "at": now,
        "reason": reason.text,
        "tags": list(reason.tags),
    }
    if own is None:
        key = {"id": uuid4(), "request_id": request.id, "person_id": actor.user_id}
        session.execute(_DECIDE, {**key, **said, "stood_in_for": stood_in_for})
    else:  # they spoke for themselves before somebody went away
        which = {"request": request.id, "person": actor.user_id}
        both = [*own.values(), *stood_in_for]
        session.execute(_SAY_MORE, {**which, **said, "stood_in_for": both})
    notices.settle(session, [actor.user_id, *for_whom], [request.id], now)
    if not (approved and actor.user_id):
        return Heard(over=True, stood_in_for=stood_in_for)
    heard |= {actor.user_id, *for_whom}
    return Heard(is_complete(request.rule, asked_now, heard), stood_in_for)


def is_still_to_speak(
    session: Session, actor: Actor, about: OfPost, request_id: UUID | None, now: datetime
) -> bool:
    """Whether that request is open and misses somebody for whom the actor stands in."""
    row: Any = session.execute(_OPEN, {"post": about.post_id}).one_or_none()
    if row is None or row.id != request_id or row.rule != Rule.ALL:
        return False
    reviewers = [UUID(person) for person in row.reviewers]
    answers = answering.of_request(session, about.client_id, Side(row.side), reviewers, now)
    rows: Any = session.execute(_APPROVED, {"request": row.id})
    heard = {person for said in rows for person in answering.spoken_for(said)}
    return not heard.issuperset(answers.for_whom(actor.user_id))


def close(
    session: Session, post_id: UUID, action: Action, now: datetime, *, but: UUID | None = None
) -> None:
    """Whatever is open on the post is over, as the action says."""
    outcome = _OUTCOMES.get(action, "superseded")
    which = _CLOSE.where(_REQUEST.c.id != but) if but else _CLOSE
    closed = session.execute(which, {"post": post_id, "closed_at": now, "outcome": outcome})
    notices.settle(session, None, closed.scalars().all(), now)


def reopen(session: Session, post_id: UUID, request_id: UUID, actor: Actor, now: datetime) -> None:
    """What this person said is unsaid: whoever was asked then is asked again, by the same time.

    Raises:
        Stale: there is nothing of theirs to take back.
    """
    said_at: Any = session.execute(
        delete(_DECISION)
        .where(_DECISION.c.request_id == request_id, _DECISION.c.person_id == actor.user_id)
        .returning(_DECISION.c.at)
    ).scalar_one_or_none()
    if said_at is None:
        raise Stale
    close(session, post_id, Action.RECONSIDER, now, but=request_id)
    session.execute(
        update(_REQUEST).where(_REQUEST.c.id == request_id).values(closed_at=None, outcome="")
    )
    notices.unsettle(session, request_id, said_at)
    jobs.redo(session, request_id, said_at, now)


def was_asked(session: Session, about: OfPost) -> bool:
    """Whether anybody was ever asked about these words."""
    which = {"post": about.post_id, "revision": about.revision}
    return session.execute(_ASKED, which).first() is not None


def asked_since(session: Session, about: OfPost, side: Side) -> datetime:
    """When the first stage of a side was asked, in this round."""
    return session.execute(
        select(func.min(_REQUEST.c.asked_at, type_=Instant())).where(
            _REQUEST.c.post_id == about.post_id,
            _REQUEST.c.revision == about.revision,
            _REQUEST.c.round == about.round,
            _REQUEST.c.side == side.value,
        )
    ).scalar_one()


def _answers(
    session: Session, actor: Actor, client_id: UUID, request: Asked, now: datetime
) -> Answering:
    """Who may answer; looked up only where it matters."""
    reviewers = request.reviewers
    # The clock is asked by nobody: it speaks where the agreement takes silence for consent.
    if actor.is_clock or not reviewers:
        return Answering((), named=False, stand_ins={})
    if request.rule is Rule.ANY and actor.user_id in reviewers:
        return Answering(reviewers, named=True, stand_ins={})
    return answering.of_request(session, client_id, request.side, reviewers, now)


def _missing_names(session: Session, answers: Answering, rule: Rule, heard: set[UUID]) -> str:
    people = answers.turn_of(answers.missing(rule, heard))
    return ", ".join(chains.names_of(session, people).values())


def _named(session: Session, people: Sequence[UUID]) -> list[dict[str, str]]:
    names = chains.names_of(session, people) if people else dict[UUID, str]()
    return [{"person": person.hex, "name": name} for person, name in names.items()]


def _said_yes(session: Session, request: Asked) -> dict[UUID | None, dict[UUID, dict[str, str]]]:
    """Who did, and for whom beside themselves.

    A yes ends an any-of stage, so an open one has none yet.
    """
    if request.rule is Rule.ANY:
        return {}
    rows: Any = session.execute(_APPROVED, {"request": request.id})
    return {row.person_id: {UUID(one["person"]): one for one in row.stood_in_for} for row in rows}


def _store(session: Session, about: OfPost, request: Asked, now: datetime) -> None:
    session.execute(
        _ASK,
        {
            "id": request.id,
            "post_id": about.post_id,
            "client_id": about.client_id,
            "revision": about.revision,
            "round": about.round,
            "stage": request.stage,
            "side": request.side.value,
            "name": request.name,
            "rule": request.rule.value,
            "reviewers": [],
            "chain": request.chain.as_json(),
            "message": "",
            "asked_by": None,
            "asked_at": now,
            "due_at": None,
            "closed_at": None,
            "outcome": "",
        },
    )
