"""Who hears of what by mail, and when: each person's choice for each kind of notice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row
from postboard.db.models import Person, table_of
from postboard.db.notify_models import MailToken, PendingMail, Preference
from postboard.domain import digests
from postboard.domain.clock import known_zones
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.tasks import NEVER_OFF, How, NoticeKind
from postboard.locale import N_
from postboard.locale.languages import LANGUAGES, MessageId
from postboard.services import sign_in, tokens
from postboard.services.clients import checked_zone
from postboard.services.mail import STOPPED_FOR

UNNAMED: Final = "UTC"
"""The zone of whoever named none."""
MORNING: Final = 8
"""The hour of a daily mail until somebody chooses another."""
LAST_HOUR: Final = 23
NAMES: Final[Mapping[NoticeKind, MessageId]] = MappingProxyType(
    {
        NoticeKind.TASK: N_("Tasks assigned to you"),
        NoticeKind.TASK_SENT_BACK: N_("Tasks sent back to you"),
        NoticeKind.MENTION: N_("Comments that mention you"),
        NoticeKind.REPLY: N_("Replies to you"),
        NoticeKind.DECISION: N_("Decisions of the client"),
        NoticeKind.CLIENT_COMMENT: N_("Comments of the client"),
        NoticeKind.TO_REVIEW: N_("Posts that wait for your review"),
        NoticeKind.REVIEW_OPEN: N_("Reminders of your review"),
        NoticeKind.REVIEW_OVERDUE: N_("Reviews that are overdue"),
        NoticeKind.APPROVED_LATE: N_("Posts that were approved after their time"),
        NoticeKind.EXTRA_ROUND: N_("Rounds that are not included"),
        NoticeKind.LAST_ROUND: N_("Last rounds that are included"),
        NoticeKind.IDEA: N_("Ideas of the client"),
        NoticeKind.IDEA_ANSWERED: N_("Answers to your ideas"),
        NoticeKind.AGREEMENT_OFFERED: N_("Agreements that wait for your answer"),
        NoticeKind.AGREEMENT_ANSWERED: N_("Answers to agreements"),
        NoticeKind.AGREEMENT_TERM: N_("Terms of agreements that are near or passed"),
        NoticeKind.DATE_MOVED: N_("Approved posts that get another date"),
        NoticeKind.GUIDELINE: N_("Guidelines that you have to read"),
    }
)
WAYS: Final[Mapping[How, MessageId]] = MappingProxyType(
    {
        How.AT_ONCE: N_("At once"),
        How.HOURLY: N_("Once an hour"),
        How.DAILY: N_("Once a day"),
        How.OFF: N_("Not by e-mail"),
    }
)
# Built once, past the ORM: every notice asks it.
_PERSON, _PREFERENCE = table_of(Person), table_of(Preference)
_ZONES: Final = select(_PERSON.c.id, _PERSON.c.zone).where(
    _PERSON.c.id.in_(bindparam("people", expanding=True))
)
_CHOSEN: Final = select(_PREFERENCE.c.person_id, _PREFERENCE.c.how, _PREFERENCE.c.hour).where(
    _PREFERENCE.c.person_id.in_(bindparam("people", expanding=True)),
    _PREFERENCE.c.kind == bindparam("kind"),
)
_NOT_OF_STAFF: Final = frozenset(
    {NoticeKind.IDEA_ANSWERED, NoticeKind.AGREEMENT_OFFERED, NoticeKind.DATE_MOVED}
)
_OF_STAFF: Final = tuple(kind for kind in NAMES if kind not in _NOT_OF_STAFF)
_OF_CLIENTS: Final = (
    NoticeKind.TO_REVIEW,
    NoticeKind.REVIEW_OPEN,
    NoticeKind.MENTION,
    NoticeKind.REPLY,
    NoticeKind.IDEA_ANSWERED,
    NoticeKind.AGREEMENT_OFFERED,
    NoticeKind.AGREEMENT_TERM,
    NoticeKind.DATE_MOVED,
)


class NotFromHere(NotFound):
    sentence = "This link has ended. Newer e-mails have one that works."


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row of somebody's settings."""

    kind: NoticeKind
    how: How = How.AT_ONCE
    hour: int = MORNING

    @property
    def ways(self) -> tuple[How, ...]:
        """Those that its person can choose from."""
        return tuple(how for how in How if how is not How.OFF or self.kind not in NEVER_OFF)


def mine(session: Session, actor: Actor) -> list[Chosen]:
    """What the actor can be told of, in a fixed order."""
    rows: Any = session.execute(
        select(col(Preference.kind), col(Preference.how), col(Preference.hour)).where(
            col(Preference.person_id) == actor.user_id
        )
    )
    known = {kind: Chosen(kind, how, hour) for kind, how, hour in rows}
    kinds = _OF_STAFF if actor.is_staff else _OF_CLIENTS
    return [known.get(kind, Chosen(kind)) for kind in kinds]


def choose(session: Session, actor: Actor, chosen: Chosen, *, now: datetime) -> None:
    """From now on like this; what waits already goes by it too.

    Raises:
        BadInput: there is no such hour, or the kind cannot be turned off.
    """
    if not 0 <= chosen.hour <= LAST_HOUR or chosen.how not in chosen.ways:
        raise BadInput
    if actor.user_id is None:
        raise NotFound
    _keep(session, actor.user_id, chosen, now)


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that somebody can say about their mail."""

    chosen: Sequence[Chosen]
    language: str
    zone: str


def wishes(session: Session, actor: Actor) -> Wishes:
    row: Any = session.execute(
        select(col(Person.language), col(Person.zone)).where(col(Person.id) == actor.user_id)
    ).one()
    return Wishes(mine(session, actor), *row)


def change(session: Session, actor: Actor, wanted: Wishes, *, now: datetime) -> None:
    """All of it at once; what is as it was stays untouched.

    Raises:
        BadInput: there is no such language, zone or hour, or a kind cannot be turned off.
    """
    before = wishes(session, actor)
    speak(session, actor, wanted.language, now=now)
    if wanted.zone != before.zone:
        live_in(session, actor, wanted.zone, now=now)
    for chosen in wanted.chosen:
        if chosen not in before.chosen:
            choose(session, actor, chosen, now=now)


def by_link(session: Session, token: str, now: datetime) -> Actor:
    """Whose mail the link was at the foot of; it opens their settings of mail and nothing else.

    Raises:
        NotFromHere: there is no such link, or not any more.
    """
    person_id, _ = _token(session, token, now)
    actor = sign_in.actor_of(session, person_id)
    if actor is None:
        raise NotFromHere
    return actor


def of(session: Session, people: Collection[UUID], kind: NoticeKind) -> dict[UUID, Chosen]:
    """What each of these people chose for that kind."""
    rows: Any = session.execute(_CHOSEN, {"people": [*people], "kind": kind})
    known = {person: Chosen(kind, how, hour) for person, how, hour in rows}
    return {person: known.get(person, Chosen(kind)) for person in people}


def postpone(
    session: Session,
    kind: NoticeKind,
    notices: Sequence[tuple[UUID, UUID]],
    now: datetime,
    *,
    said: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Put notices (each with its person) into mails, each when its person wants it."""
    people = {person for _, person in notices}
    chosen, zones = of(session, people, kind), _zones(session, people)
    rows = [
        {
            "notice_id": notice_id,
            "person_id": person,
            "kind": kind,
            "digest": chosen[person].how is not How.AT_ONCE,
            "said": dict(said),
            "due_at": _due_at(chosen[person], zones[person], now),
        }
        for notice_id, person in notices
        if chosen[person].how is not How.OFF
    ]
    if rows:
        session.execute(insert(PendingMail), rows)


def stops(session: Session, token: str, now: datetime) -> list[NoticeKind]:
    """The kinds that a mail's link ends; looks, changes nothing.

    Raises:
        NotFromHere: there is no such link, or not any more.
    """
    return _token(session, token, now)[1]


def stop(session: Session, token: str, *, now: datetime) -> list[NoticeKind]:
    """No more mails of the kinds that this one was of.

    Raises:
        NotFromHere: there is no such link.
    """
    person_id, kinds = _token(session, token, now)
    for kind in kinds:
        before = of(session, [person_id], kind)[person_id]
        _keep(session, person_id, Chosen(kind, How.OFF, before.hour), now)
    return kinds


def speak(session: Session, actor: Actor, language: str, *, now: datetime) -> None:  # noqa: ARG001 - every write is told the time
    """Mail to the actor is written in this language.

    Raises:
        BadInput: there is no such language here.
    """
    if language not in LANGUAGES:
        raise BadInput
    _set(session, actor, language=language)


def greet(session: Session, token: str, language: str | None, *, now: datetime) -> None:
    """Whoever has just signed in reads this language, where their browser says which."""
    here = sign_in.signed_in(session, token, now=now)
    if here and language:
        speak(session, here.actor, language, now=now)


def live_in(session: Session, actor: Actor, zone: str, *, now: datetime) -> None:
    """The actor's clock is that of this zone, and so are the hours of daily mails.

    Raises:
        BadInput: there is no such zone.
    """
    _set(session, actor, zone=checked_zone(zone), zone_chosen=True)
    _move_daily_mails(session, actor, now)


def settle_in(session: Session, actor: Actor, zone: str, *, now: datetime) -> None:
    """Whoever never had a zone takes that of their device; one that there is not is ignored."""
    if zone not in known_zones():
        return
    settled = session.execute(
        update(Person)
        .where(
            col(Person.id) == actor.user_id,
            col(Person.zone) == UNNAMED,
            col(Person.zone_chosen).is_(False),
        )
        .values(zone=zone)
        .execution_options(synchronize_session=False)
    )
    if changed_one_row(settled):
        _move_daily_mails(session, actor, now)


def _move_daily_mails(session: Session, actor: Actor, now: datetime) -> None:
    for chosen in mine(session, actor):
        if chosen.how is How.DAILY:
            choose(session, actor, chosen, now=now)


def _set(session: Session, actor: Actor, **values: str | bool) -> None:
    session.execute(
        update(Person)
        .where(col(Person.id) == actor.user_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _keep(session: Session, person_id: UUID, chosen: Chosen, now: datetime) -> None:
    # One writer at a time for one person: the row may not be there yet.
    session.execute(select(col(Person.id)).where(col(Person.id) == person_id).with_for_update())
    this = (col(Preference.person_id) == person_id, col(Preference.kind) == chosen.kind)
    session.execute(delete(Preference).where(*this))
    row = {"kind": chosen.kind, "how": chosen.how, "hour": chosen.hour}
    session.execute(insert(Preference), [row | {"person_id": person_id}])
    waiting = (col(PendingMail.person_id) == person_id, col(PendingMail.kind) == chosen.kind)
    if chosen.how is How.OFF:
        session.execute(delete(PendingMail).where(*waiting))
        return
    zone = _zones(session, [person_id])[person_id]
    session.execute(
        update(PendingMail)
        .where(*waiting)
        .values(due_at=_due_at(chosen, zone, now), digest=chosen.how is not How.AT_ONCE)
        .execution_options(synchronize_session=False)
    )


def _due_at(chosen: Chosen, zone: str, now: datetime) -> datetime:
    return digests.due_at(chosen.kind, chosen.how, chosen.hour, zone, now)


def _zones(session: Session, people: Collection[UUID]) -> dict[UUID, str]:
    rows: Any = session.execute(_ZONES, {"people": [*people]})
    return {person: zone for person, zone in rows}  # noqa: C416 - a Row is no pair to dict()


def _token(session: Session, token: str, now: datetime) -> tuple[UUID, list[NoticeKind]]:
    row: Any = session.execute(
        select(col(MailToken.person_id), col(MailToken.kinds)).where(
            col(MailToken.digest) == tokens.digest_of(token),
            col(MailToken.post_id).is_(None),
            col(MailToken.created_at) > now - STOPPED_FOR,
        )
    ).one_or_none()
    if row is None:
        raise NotFromHere
    person_id, kinds = row
    return person_id, [NoticeKind(kind) for kind in kinds]
