"""Guidelines as pages show them: to read, to find, beside the work, and what is still unread."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Task
from postboard.db.queries import guidelines as query
from postboard.db.queries.guidelines import Draft, Holding, Reader
from postboard.db.queries.instants import stamp
from postboard.domain.content import clean
from postboard.domain.guideline_rules import GuidelineRule
from postboard.domain.guidelines import (
    WORK_OF_ROLE,
    WORK_OF_STEP,
    Guideline,
    Section,
    Work,
    beside,
    changes,
    excerpt,
    rank,
)
from postboard.domain.markdown import as_html
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import UNFINISHED
from postboard.locale import LANGUAGES, text
from postboard.names import TOPICS
from postboard.services.guideline_files import in_words

HITS_MAX: Final = 30
QUERY_MAX: Final = 120
CHANGED: Final = "changed"


@dataclass(frozen=True, slots=True)
class RuleSeen:
    kind: str
    blocks: bool
    in_each: dict[str, str]
    """The rule in words, by language."""


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """A section as it is read; `client` is empty where it is the agency's."""

    key: str
    topic: str
    title: str
    html: str
    networks: list[str]
    rules: list[RuleSeen]
    client: str
    version: int


@dataclass(frozen=True, slots=True)
class ReaderSeen:
    name: str
    number: int
    at: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class GuidelineSeen:
    """What holds, of the agency or of one client; `number` is 0 before the first version."""

    client_id: str
    client: str
    number: int
    published_at: str
    who: str
    note: str
    sections: list[SectionSeen]
    readers: list[ReaderSeen]
    unread: int
    read_by_me: int
    must_be_read: bool
    is_draft: bool
    version: int
    may_write: bool
    may_demand: bool


@dataclass(frozen=True, slots=True)
class ToRead:
    """A guideline whose version the actor has not acknowledged; `known` is what they read last."""

    client_id: str
    client: str
    number: int
    known: int
    note: str
    must_be_read: bool


@dataclass(frozen=True, slots=True)
class Hit:
    client_id: str
    client: str
    key: str
    title: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class PartSeen:
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    title: str
    mark: str
    """One of added, removed and changed."""
    parts: list[PartSeen]
    rules_added: list[RuleSeen]
    rules_removed: list[RuleSeen]


def opened(session: Session, actor: Actor, client_id: UUID | None) -> GuidelineSeen:
    """A guideline and who has read it; of a client, with what it takes from the agency's.

    Raises:
        NotFound: it is not theirs to read.
    """
    name = query.find_owner(session, actor, client_id)
    owner = query.owner_of(client_id)
    found = query.holding(session, [owner])
    holds = found[0] if found else None
    draft = query.draft(session, client_id)
    number = holds.number if holds else 0
    people = query.readers(session, client_id)
    mine = next((one.number for one in people if one.person_id == actor.user_id), 0)
    return GuidelineSeen(
        client_id=owner,
        client=name,
        number=number,
        published_at=stamp(holds.published_at) if holds else "",
        who=holds.who if holds else "",
        note=holds.note if holds else "",
        sections=_sections(session, client_id, holds),
        readers=[_reader(one, actor) for one in people],
        unread=sum(1 for one in people if one.number < number),
        read_by_me=mine,
        must_be_read=draft.must_be_read,
        is_draft=draft.is_draft,
        version=draft.version,
        may_write=actor.may(Permission.WRITE_GUIDELINE, client_id),
        may_demand=actor.may(Permission.MANAGE_CLIENT, client_id),
    )


def written(session: Session, actor: Actor, client_id: UUID | None) -> Draft:
    """The draft, to be edited.

    Raises:
        NotFound: it is not theirs.
    """
    query.find_owner(session, actor, client_id)
    return query.draft(session, client_id)


def agencys(session: Session, actor: Actor) -> Guideline:
    """What clients' guidelines build on, as it holds.

    Raises:
        NotFound: it is not theirs to read.
    """
    query.find_owner(session, actor, None)
    found = query.holding(session, [query.owner_of(None)])
    return found[0].guideline if found else Guideline()


def to_read(session: Session, actor: Actor) -> list[ToRead]:
    """What this person has not acknowledged: for somebody new, everything that is for them."""
    if actor.user_id is None:
        return []
    known = query.read_versions(session, actor.user_id)
    return [
        ToRead(
            one.owner,
            one.client,
            one.number,
            known.get(one.owner, 0),
            one.note,
            one.must_be_read,
        )
        for one in query.readable(session, actor)
        if known.get(one.owner, 0) < one.number
    ]


def search(session: Session, actor: Actor, asked: str) -> list[Hit]:
    """In all guidelines that they may read, best first; a topic is found by its name in either
    language.
    """
    asked = clean(asked[:QUERY_MAX], QUERY_MAX)
    found = [
        (rank(section, _names(section), asked), holds, section)
        for holds in query.readable(session, actor)
        for section in holds.guideline.sections
    ]
    best = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return [
        Hit(holds.owner, holds.client, section.key, section.title, excerpt(section.text, asked))
        for _, holds, section in best[:HITS_MAX]
    ]


def beside_post(
    session: Session, actor: Actor, post_id: UUID, work: Work | None = None
) -> tuple[Work, list[SectionSeen]]:
    """The sections that matter for this post's networks and for what the actor is at: their open
    task on it or, without one, their role.

    Raises:
        NotFound: the post is not theirs, or they are the client.
    """
    client_id, networks = query.networks_of(session, actor, post_id)
    at = work or _work_on(session, actor, post_id, client_id)
    held = query.sections_for(session, client_id)
    near = beside([section for section, _ in held], networks, at)
    return at, [_section(section, holds) for section, holds in held if section in near]


def compare(
    session: Session, actor: Actor, client_id: UUID | None, before: int, after: int | None
) -> list[ChangeSeen]:
    """What changed from one version to another (None: to the draft); before the first is nothing.

    Raises:
        NotFound: it is not theirs, or there is no such version.
    """
    query.find_owner(session, actor, client_id)
    old = query.version(session, client_id, before) if before else Guideline()
    if after is None:
        new = query.draft(session, client_id).guideline
    else:
        new = query.version(session, client_id, after)
    return [
        ChangeSeen(
            one.title,
            one.mark.value if one.mark else CHANGED,
            [PartSeen(part.mark, part.text) for part in one.segments],
            _rules(one.rules_added),
            _rules(one.rules_removed),
        )
        for one in changes(old, new)
    ]


def _sections(session: Session, client_id: UUID | None, holds: Holding | None) -> list[SectionSeen]:
    if client_id is not None:
        return [_section(*one) for one in query.sections_for(session, client_id)]
    return [_section(one, holds) for one in holds.guideline.sections] if holds else []


def _section(section: Section, holds: Holding) -> SectionSeen:
    return SectionSeen(
        section.key,
        section.topic,
        section.title,
        as_html(section.text),
        [*section.networks],
        _rules(section.rules),
        holds.client,
        holds.number,
    )


def _rules(rules: Iterable[GuidelineRule]) -> list[RuleSeen]:
    return [
        RuleSeen(
            one.kind,
            one.severity == "blocks",
            {language: in_words(one, text(language)).replace("**", "") for language in LANGUAGES},
        )
        for one in rules
    ]


def _reader(one: Reader, actor: Actor) -> ReaderSeen:
    return ReaderSeen(one.name, one.number, stamp(one.at), one.person_id == actor.user_id)


def _names(section: Section) -> list[str]:
    return [text(language).gettext(TOPICS[section.topic]) for language in LANGUAGES]


def _work_on(session: Session, actor: Actor, post_id: UUID, client_id: UUID) -> Work:
    step = session.execute(
        select(col(Task.step))
        .where(
            col(Task.post_id) == post_id,
            col(Task.assignee_id) == actor.user_id,
            col(Task.status).in_(UNFINISHED),
            col(Task.step).is_not(None),
        )
        .order_by(col(Task.due_at), col(Task.id))
        .limit(1)
    ).scalar_one_or_none()
    if step:
        return WORK_OF_STEP[step]
    role = actor.role_for(client_id)
    return WORK_OF_ROLE[role] if role else Work.WRITING
