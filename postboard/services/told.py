"""Telling one person by the clock: at a time that is not quiet for them, by notice and by mail."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, Post, table_of
from postboard.db.queries.agreements import Agreed
from postboard.domain.agreement import Channel, Terms, after_quiet
from postboard.domain.permissions import THE_CLOCK, Role
from postboard.domain.tasks import How, NoticeKind
from postboard.locale import Language
from postboard.services import client_chats, jobs, mail, notices, preferences
from postboard.services.jobs import Wanted
from postboard.services.mail import About, Letter

# Thousands may be told in one minute: what is asked for each is built once, past the ORM.
_PERSON, _MEMBERSHIP = table_of(Person), table_of(Membership)
_CLIENT, _POST = table_of(Client), table_of(Post)
_WITH_ROLE: Final = (
    select(_MEMBERSHIP.c.person_id)
    .join(_PERSON, _PERSON.c.id == _MEMBERSHIP.c.person_id)
    .where(
        _MEMBERSHIP.c.client_id == bindparam("client"),
        _MEMBERSHIP.c.role == bindparam("role"),
        _PERSON.c.disabled_at.is_(None),
    )
)
_ZONE: Final = select(_PERSON.c.zone, _PERSON.c.zone_chosen).where(
    _PERSON.c.id == bindparam("person")
)
_OF_POST: Final = (
    select(_CLIENT.c.key, _POST.c.number, _CLIENT.c.zone)
    .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
    .where(_POST.c.id == bindparam("post"))
)


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told, and how a mail says it."""

    kind: NoticeKind
    post_id: UUID
    subject_id: UUID
    letter: Callable[[Language], Letter]
    path: str
    about: About = field(default_factory=About)
    last: bool = False
    """It is not said again: it comes at once, whatever the person chose for its kind."""


@dataclass(frozen=True, slots=True)
class OfPost:
    """What a letter says of a post: its key, and where its client's clocks stand."""

    key: str
    zone: ZoneInfo

    @property
    def path(self) -> str:
        return f"/post/?key={self.key}"


def each(
    session: Session, kind: str, subject_id: UUID, what: str, people: Iterable[UUID], now: datetime
) -> None:
    """Ask for a job per person, so that each is told once, and when it suits them."""
    wanted = [
        Wanted(
            kind,
            subject_id,
            f"{kind}:{subject_id.hex}:{what}:{person.hex}",
            now,
            {"term": what, "person": person.hex},
        )
        for person in sorted(people)
    ]
    jobs.enqueue(session, wanted, now)


def chats(
    session: Session, kind: str, client_id: UUID, subject_id: UUID, what: str, now: datetime
) -> None:
    """Ask for the job that tells the client's chats, where it has any."""
    if client_chats.is_there(session, client_id):
        key = f"{kind}:{subject_id.hex}:{what}"
        jobs.enqueue(session, [Wanted(kind, subject_id, key, now, {"term": what})], now)


def quiet_there_until(agreed: Agreed, now: datetime) -> datetime | None:
    """When a chat about the client may be told, if not now; it lives by the client’s clock."""
    may = after_quiet(agreed.terms, now, agreed.calendar.zone)
    return may if may > now else None


def quiet_until(
    session: Session, agreed: Agreed, person_id: UUID, now: datetime
) -> datetime | None:
    """When the person may be told, if not now; who named no zone lives by the client’s clock."""
    named, chosen = session.execute(_ZONE, {"person": person_id}).one()
    zone = ZoneInfo(named) if chosen or named != preferences.UNNAMED else agreed.calendar.zone
    may = after_quiet(agreed.terms, now, zone)
    return may if may > now else None


def one(session: Session, terms: Terms, person_id: UUID, news: News, now: datetime) -> None:
    """A notice, and where the agreement says so a mail in the person's language, as they chose."""
    those = [(person_id, news.post_id, news.subject_id)]
    told = notices.tell_each(session, THE_CLOCK, news.kind, those, now)
    if terms.channel is not Channel.EMAIL:
        return
    language = mail.languages(session, [person_id])[person_id]
    letter = news.letter(language)
    how = preferences.of(session, [person_id], news.kind)[person_id].how
    if news.last or how is How.AT_ONCE:
        about = replace(news.about, language=language, kinds=(news.kind,), post_id=news.post_id)
        mail.enqueue(session, person_id, letter, news.path, now, about)
    else:
        preferences.postpone(session, news.kind, told, now, said={"text": letter.body})


def account_managers(session: Session, client_id: UUID) -> set[UUID]:
    return people_with(session, client_id, Role.ACCOUNT_MANAGER)


def people_with(session: Session, client_id: UUID, role: Role) -> set[UUID]:
    """Who has the role for the client and can sign in."""
    rows = session.execute(_WITH_ROLE, {"client": client_id, "role": role})
    return set(rows.scalars())


def managers(session: Session) -> set[UUID]:
    """The agency's managers; where it has none, its admins."""
    rows: Any = session.execute(
        select(col(Person.id), col(Person.agency_role)).where(
            col(Person.agency_role).is_not(None), col(Person.disabled_at).is_(None)
        )
    ).all()
    found = {person_id for person_id, role in rows if role is Role.MANAGER}
    return found or {person_id for person_id, _ in rows}


def of_post(session: Session, post_id: UUID) -> OfPost:
    key, number, zone = session.execute(_OF_POST, {"post": post_id}).one()
    return OfPost(f"{key}-{number}", ZoneInfo(zone))
