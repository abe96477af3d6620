"""Builds the demo world through the services, in the order in which it would have happened."""

import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.notify_models import PendingMail
from postboard.db.queries import choices, tasks
from postboard.demo.agency import ACME, ADMIN, CAST, MANAGER, ROLES, Brand, Part
from postboard.demo.agreed import agree
from postboard.demo.ahead import aim, gather_ideas
from postboard.demo.catalogue import BRANDS, stories
from postboard.demo.duties import give_out, set_the_course
from postboard.demo.figures import bring_figures
from postboard.demo.guided import Aside, guidelines_of, let_pass
from postboard.demo.story import Beat, StageOf, Story, beats
from postboard.demo.talk import Spoken, lines_of, speak
from postboard.demo.times import in_office, midnight, planned_time, times
from postboard.domain.chains import Stage
from postboard.domain.content import Words
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import STAFF_ROLES, THE_CLOCK, Actor, Role
from postboard.domain.tasks import Expectation, NoticeKind, TaskAction
from postboard.domain.workflow import Action
from postboard.services import (
    agreements,
    assigning,
    campaigns,
    chains,
    clients,
    person_rows,
    planning,
    post_rows,
    posts,
    preferences,
    sign_in,
    sign_in_links,
    steps,
    task_steps,
)
from postboard.services.chains import Scope
from postboard.services.clients import NewClient
from postboard.services.post_rows import Found
from postboard.services.posts import NewPost
from postboard.services.steps import Answer

STAFF_LINK_LIFETIME = timedelta(days=60)
BEFORE_THE_FIRST_POST = timedelta(days=14)


class NotADemo(Refused):
    sentence = "People work in this Postboard already. Give the demo an empty folder of its own."


@dataclass(frozen=True, slots=True)
class Plot:
    """A post's story with the times at which it happened; the first is its creation."""

    brand: Brand
    story: Story
    beats: Sequence[Beat]
    planned_at: datetime | None
    due: datetime | None
    """Of what is expected, as wall time of the client."""
    times: Sequence[datetime]
    talk: Sequence[Spoken]


@dataclass(frozen=True, slots=True)
class Agency:
    """The people and clients as the database knows them."""

    cast: Mapping[str, Actor]
    clients: Mapping[str, UUID]
    campaigns: Mapping[tuple[str, str], UUID]
    asides: Sequence[Aside]

    def actor(self, brand: Brand, part: Part) -> Actor:
        return THE_CLOCK if part is Part.CLOCK else self.cast[brand.team[part]]


CHINA: Final = "Asia/Shanghai"
"""Who lives there reads mail in Chinese."""


def make_demo(database: Database, posts: int, now: datetime) -> list[tuple[str, str]]:
    """Fill an empty database with the demo world, or take the one that is there.

    Args:
        database: Migrated.
        posts: How many posts a new world gets.
        now: The moment its history leads up to.

    Returns:
        Every role with the path of a new link that signs in with it.

    Raises:
        NotADemo: the database holds other people's work.
    """
    # One transaction but for the figures: a demo stopped half-way leaves nothing behind.
    with database.write() as session:
        is_new = sign_in.is_empty(session)
        if is_new:
            plots = [
                _plot(brand, story, number, now)
                for number, (brand, story) in enumerate(stories(posts))
            ]
            agency = _open_agency(session, plots, now)
            _tell(session, agency, plots, agency.asides)
            _forget_old_mail(session)
        links = _links(session, now)
        manager = Actor(
            person_rows.by_email(session, CAST[MANAGER].email), CAST[MANAGER].name, Role.MANAGER
        )
    if is_new:  # imports write in steps of their own
        bring_figures(database, manager, now)
    return links


def _plot(brand: Brand, story: Story, number: int, now: datetime) -> Plot:
    zone = ZoneInfo(brand.zone)
    planned_at = planned_time(story, zone, now)
    what = beats(story, brand.policy)

    def zone_of(part: Part) -> ZoneInfo:
        return ZoneInfo(CAST[brand.team[part]].zone)

    when = times(
        story,
        what,
        zone_of,
        planned_at,
        now,
        Random(f"{brand.name} {number}"),  # noqa: S311 - the same world for everybody
    )
    talk = list(lines_of(story.title, zone_of, when[-1], now))
    due = story.wish.due(midnight(zone, now)) if story.wish else None
    return Plot(brand, story, what, planned_at, due, when, talk)


def _open_agency(session: Session, plots: Sequence[Plot], now: datetime) -> Agency:
    first = min((plot.times[0] for plot in plots), default=now)
    chance = Random(ADMIN)  # noqa: S311
    opened_at = in_office(first - BEFORE_THE_FIRST_POST, ZoneInfo(CAST[ADMIN].zone), chance)
    # Nobody knows this password: the demo is entered by its links.
    password = secrets.token_urlsafe()
    alma = CAST[ADMIN]
    alma_id = sign_in.set_up(session, alma.name, alma.email, password, now=opened_at)
    admin = Actor(alma_id, alma.name, Role.ADMIN)
    ana_id = clients.add_person(
        session,
        admin,
        name=CAST[MANAGER].name,
        email=CAST[MANAGER].email,
        role=Role.MANAGER,
        client_id=None,
        now=opened_at + timedelta(minutes=4),
    )
    manager = Actor(ana_id, CAST[MANAGER].name, Role.MANAGER)
    ids: dict[str, UUID] = {}
    roles: dict[str, dict[UUID, Role]] = {}
    of_brand: dict[str, UUID] = {}
    known: dict[tuple[str, str], UUID] = {}
    for number, brand in enumerate(BRANDS):
        at = opened_at + timedelta(minutes=10 + 15 * number)
        client_id = of_brand[brand.name] = _add_client(session, manager, brand, at)
        people = {key: ROLES[part] for part, key in brand.team.items()}
        people |= dict.fromkeys(brand.reviewers, Role.CLIENT_REVIEWER)
        for key, role in {**people, brand.viewer: Role.CLIENT_VIEWER}.items():
            ids[key] = clients.add_person(
                session,
                manager,
                name=CAST[key].name,
                email=CAST[key].email,
                role=role,
                client_id=client_id,
                now=at + timedelta(minutes=5),
            )
            roles.setdefault(key, {})[client_id] = role
        for name, starts, ends in brand.campaigns:
            first, last = (now + timedelta(days=days) for days in (starts, ends))
            added = at + timedelta(minutes=8)
            known[brand.name, name] = campaigns.add(
                session, manager, client_id, aim(name, first.date(), last.date()), now=added
            )
        give_out(session, manager, brand, client_id, ids, at + timedelta(minutes=9))
    led_at = opened_at + timedelta(minutes=10 + 15 * len(BRANDS))
    set_the_course(session, manager, of_brand, ids, led_at, now.date())
    cast = {key: Actor(ids[key], CAST[key].name, None, roles[key]) for key in ids}
    for key, actor in (*cast.items(), (ADMIN, admin), (MANAGER, manager)):
        preferences.settle_in(session, actor, CAST[key].zone, now=opened_at)
        if CAST[key].zone == CHINA:
            preferences.speak(session, actor, "zh-CN", now=opened_at)
    had_at = gather_ideas(session, cast, of_brand, opened_at + timedelta(days=1), now)
    agreed_at = agree(session, cast, of_brand, had_at)
    everybody = {**cast, ADMIN: admin, MANAGER: manager}
    asides = guidelines_of(everybody, of_brand, agreed_at, now)
    return Agency(everybody, of_brand, known, asides)


def _add_client(session: Session, manager: Actor, brand: Brand, now: datetime) -> UUID:
    new = NewClient(brand.name, brand.zone, brand.policy)
    client_id = clients.add_client(session, manager, new, now=now)
    clients.change_client(
        session,
        manager,
        client_id,
        new,
        rounds_included=brand.rounds_included,
        now=now + timedelta(minutes=2),
    )
    later = now + timedelta(minutes=3)
    clients.add_social_accounts(session, manager, client_id, brand.accounts, now=later)
    agreements.change(session, manager, client_id, brand.terms, version=0, now=later)
    for kind, lead in brand.lead_times.items():
        planning.change_lead_times(session, manager, client_id, kind, lead, version=0, now=later)
    return client_id


def _tell(session: Session, agency: Agency, plots: Sequence[Plot], asides: Sequence[Aside]) -> None:
    """Everything that happened, across all posts in the order of time."""
    beside = deque(asides)
    acts = sorted(
        (at, number, beat)
        for number, plot in enumerate(plots)
        for beat, at in enumerate([*plot.times, *(spoken.at for spoken in plot.talk)])
    )
    standing: dict[int, tuple[UUID, int]] = {}
    heads: dict[int, UUID] = {}
    for at, number, beat in acts:
        while beside and beside[0].at <= at:
            beside.popleft().do(session)
        plot = plots[number]
        if beat == 0:
            standing[number] = _create(session, agency, plot, at)
        elif beat >= len(plot.times):
            spoken = plot.talk[beat - len(plot.times)]
            people = {part: agency.actor(plot.brand, part) for part in Part}
            post_id, words = standing[number][0], plot.story.words
            heads[number] = speak(session, people, post_id, words, spoken, heads.get(number))
        else:
            post_id, version = standing[number]
            found = _carry_out(session, agency, plot, post_id, version, plot.beats[beat - 1], at)
            standing[number] = post_id, found.version
    for aside in beside:
        aside.do(session)


def _create(session: Session, agency: Agency, plot: Plot, now: datetime) -> tuple[UUID, int]:
    """The new post and its version."""
    story = plot.story
    author = agency.actor(plot.brand, Part.WRITER)
    campaign_id = agency.campaigns[plot.brand.name, story.campaign] if story.campaign else None
    new = NewPost(story.words, plot.planned_at, campaign_id)
    client_id = agency.clients[plot.brand.name]
    post_id = posts.create(session, author, client_id, new, now=now)
    if story.chain:
        account = agency.actor(plot.brand, Part.ACCOUNT)
        stages = [_named(agency, stage) for stage in story.chain.stages]
        scope = Scope(client_id, post_id=post_id)
        reason = story.chain.reason
        chains.set_chain(session, account, scope, stages, reason=reason, version=0, now=now)
    if story.waived:
        let_pass(session, agency.cast[MANAGER], post_id, story.waived, now=now)
    if not story.planned_back:
        return post_id, post_rows.find(session, author, post_id).version
    account = agency.actor(plot.brand, Part.ACCOUNT)
    planning.plan(session, account, post_id, {}, squeezed=True, version=1, now=now)
    return post_id, post_rows.find(session, account, post_id).version


def _named(agency: Agency, named: StageOf) -> Stage:
    people = [agency.cast[key].user_id for key in named.people]
    return Stage(
        named.side,
        named.name,
        people=tuple(person for person in people if person),
        rule=named.rule,
        due_hours=named.due_hours,
    )


def _forget_old_mail(session: Session) -> None:
    """What happened long ago was mailed then; what waits for an answer is mailed now."""
    session.execute(delete(PendingMail).where(col(PendingMail.kind) != NoticeKind.TO_REVIEW))


def _carry_out(
    session: Session,
    agency: Agency,
    plot: Plot,
    post_id: UUID,
    version: int,
    beat: Beat,
    now: datetime,
) -> Found:
    brand, wish = plot.brand, plot.story.wish
    actor = agency.cast[beat.who] if beat.who else agency.actor(brand, beat.part)
    if isinstance(beat.what, Words):
        return posts.edit(session, actor, post_id, beat.what, version=version, now=now)
    if isinstance(beat.what, TaskAction):
        _answer_task(session, actor, post_id, beat, now)
        return post_rows.find(session, actor, post_id)
    if beat.what is Action.ASSIGN and wish:
        people = [agency.actor(brand, part).user_id for part in (beat.holder, wish.also) if part]
        expected = Expectation(wish.text, wish.links, plot.due, wish.urgent)
        those = [person for person in people if person]
        assigning.assign(session, actor, {post_id: version}, those, expected, now=now)
        return post_rows.find(session, actor, post_id)
    holder = agency.actor(brand, beat.holder).user_id if beat.holder else None
    return steps.take_step(
        session,
        actor,
        post_id,
        beat.what,
        version=version,
        answer=Answer(beat.reason, holder, beat.link),
        now=now,
    )


def _answer_task(session: Session, actor: Actor, post_id: UUID, beat: Beat, now: datetime) -> None:
    task = next(task for task in tasks.of_post(session, actor, post_id, now=now) if task.is_mine)
    if beat.what is TaskAction.ACCEPT:
        task_steps.accept(session, actor, UUID(task.id), version=task.version, now=now)
    else:
        reason = beat.reason.text
        task_steps.send_back(session, actor, UUID(task.id), reason, version=task.version, now=now)


def _links(session: Session, now: datetime) -> list[tuple[str, str]]:
    try:
        admin = Actor(
            person_rows.by_email(session, CAST[ADMIN].email), CAST[ADMIN].name, Role.ADMIN
        )
    except NotFound as somebody_elses:
        raise NotADemo from somebody_elses
    return [(role.value, f"/link/{_token(session, admin, role, now)}") for role in Role]


def _token(session: Session, admin: Actor, role: Role, now: datetime) -> str:
    person_id = person_rows.by_email(session, CAST[_NAMED[role]].email)
    if role in STAFF_ROLES:
        return sign_in_links.make(
            session,
            person_id,
            single_use=False,
            created_by=admin.user_id,
            lifetime=STAFF_LINK_LIFETIME,
            now=now,
        )
    ids = {client.name: client.id for client in choices.clients(session, admin)}
    return clients.make_review_link(session, admin, ids[ACME.name], person_id, now=now)


_NAMED: Mapping[Role, str] = {
    Role.ADMIN: ADMIN,
    Role.MANAGER: MANAGER,
    **{role: ACME.team[part] for part, role in ROLES.items()},
    Role.CLIENT_VIEWER: ACME.viewer,
}
"""Who stands for each role."""
