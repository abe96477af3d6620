"""Telling one person by the clock: at a time that is not quiet for them, by notice and by mail."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, Post
from postboard.db.queries.agreements import Agreed
from postboard.domain.agreement import Channel, Terms, after_quiet
from postboard.domain.permissions import THE_CLOCK, Role
from postboard.domain.tasks import How, NoticeKind
from postboard.locale import Language
from postboard.services import jobs, mail, notices, preferences
from postboard.services.jobs import Wanted
from postboard.services.mail import About, Letter


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


def quiet_until(
    session: Session, agreed: Agreed, person_id: UUID, now: datetime
) -> datetime | None:
    """When the person may be told, if not now; who named no zone lives by the client’s clock."""
    named, chosen = session.execute(
        select(col(Person.zone), col(Person.zone_chosen)).where(col(Person.id) == person_id)
    ).one()
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
    rows = session.execute(
        select(col(Membership.person_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.client_id) == client_id,
            col(Membership.role) == role,
            col(Person.disabled_at).is_(None),
        )
    )
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
    key, number, zone = session.execute(
        select(col(Client.key), col(Post.number), col(Client.zone))
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id) == post_id)
    ).one()
    return OfPost(f"{key}-{number}", ZoneInfo(zone))
