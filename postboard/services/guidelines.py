"""Guidelines: written as a draft, published as a version, read and acknowledged by people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import changed_one_row, inserted_once
from postboard.db.guideline_models import (
    AGENCY,
    GuidelineReading,
    GuidelineText,
    GuidelineVersion,
)
from postboard.db.queries import guidelines as query
from postboard.db.queries.guidelines import Draft
from postboard.domain.content import clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.guideline_rules import AtField
from postboard.domain.guidelines import (
    NOTE_MAX,
    Guideline,
    Section,
    guideline_as_json,
)
from postboard.domain.permissions import Actor, Permission
from postboard.locale.languages import Filled, MessageId
from postboard.services import guideline_failing, guideline_news, notices
from postboard.services.events import Fact, record, signal_client
from postboard.services.guideline_failing import FAILING_MAX, Failing


class NothingNew(Refused):
    sentence = "Nothing was changed since the last version."


class ClientDisagrees(AtField):
    """A client's guideline builds on this one, and the two could not both be kept."""

    sentence = "{client}’s guideline, which builds on this one, contradicts it: {why}"


@dataclass(frozen=True, slots=True)
class Published:
    """A version holds now; `failing` are the open posts that newly do not keep it."""

    number: int
    failing: tuple[Failing, ...]
    more: int
    """How many beyond those named."""


def write(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    guideline: Guideline,
    *,
    version: int,
    now: datetime,
) -> int:
    """The whole draft; nobody is bound by it until it is published.

    `version` is the one that was changed, 0 where nothing was written yet.

    Returns:
        The version that it has now.

    Raises:
        NotFound, NotAllowed: as they say.
        AtField, BadInput: something in it does not fit, or two rules cannot both be kept.
        Stale: somebody wrote meanwhile.
    """
    return _change(session, actor, client_id, lambda _: guideline, version=version, now=now)


def put_section(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    section: Section,
    *,
    version: int,
    now: datetime,
) -> int:
    """One section of the draft, in its place; a new one comes last.

    Raises:
        As `write`.
    """

    def put(draft: Guideline) -> Guideline:
        keys = [one.key for one in draft.sections]
        if section.key not in keys:
            return Guideline((*draft.sections, section))
        at = keys.index(section.key)
        return Guideline((*draft.sections[:at], section, *draft.sections[at + 1 :]))

    return _change(session, actor, client_id, put, version=version, now=now)


def remove_section(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    key: str,
    *,
    version: int,
    now: datetime,
) -> int:
    """From the draft; what was published keeps it.

    Raises:
        As `write`.
    """

    def without(draft: Guideline) -> Guideline:
        return Guideline(tuple(one for one in draft.sections if one.key != key))

    return _change(session, actor, client_id, without, version=version, now=now)


def move_section(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    key: str,
    before: str,
    *,
    version: int,
    now: datetime,
) -> int:
    """Put a section of the draft before another one; before none it comes last.

    Raises:
        As `write`; NotFound: there is no such section.
    """

    def moved(draft: Guideline) -> Guideline:
        by_key = {one.key: one for one in draft.sections}
        if key not in by_key or (before and before not in by_key) or key == before:
            raise NotFound
        others = [one for one in by_key if one != key]
        at = others.index(before) if before else len(others)
        return Guideline(tuple(by_key[one] for one in [*others[:at], key, *others[at:]]))

    return _change(session, actor, client_id, moved, version=version, now=now)


def discard(
    session: Session, actor: Actor, client_id: UUID | None, *, version: int, now: datetime
) -> int:
    """Put the draft away: it is again what holds.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
    """
    _need_writer(session, actor, client_id)
    draft = query.draft(session, client_id)
    _refuse_stale(draft, version)
    holds = Guideline()
    if draft.published:
        holds = query.version(session, client_id, draft.published)
    return _keep(session, actor, client_id, draft, holds, is_draft=False, now=now)


def publish(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    *,
    version: int,
    note: str = "",
    now: datetime,
) -> Published:
    """The draft becomes the next version; open posts are checked by it from now on.

    Raises:
        NotFound, NotAllowed, Stale: as they say.
        NothingNew: there is no draft.
        AtField: it contradicts the agency's guideline as it holds now, or a client's that builds
            on it.
    """
    _need_writer(session, actor, client_id)
    draft = query.draft(session, client_id)
    _refuse_stale(draft, version)
    if not draft.is_draft:
        raise NothingNew
    if not draft.guideline.sections:
        raise BadInput("Write a section first.")
    _hold_agencys(session, client_id)
    _refuse_clashes(session, client_id, draft.guideline)
    number = draft.published + 1
    failing = guideline_failing.newly_failing(session, actor, client_id, draft, now)
    _set(session, draft, published=number, is_draft=False)
    row = GuidelineVersion(
        owner=draft.owner,
        client_id=client_id,
        number=number,
        content=guideline_as_json(draft.guideline),
        note=clean(note, NOTE_MAX),
        person_id=actor.user_id,
        person_name=actor.name,
        published_at=now,
    )
    session.add(row)
    session.flush()
    content = {"version": number, "note": row.note, "failing": [one.post.key for one in failing]}
    _tell(session, actor, client_id, "guideline.published", content, now)
    guideline_news.published(session, actor, client_id, row.id, now)
    named = tuple(failing[:FAILING_MAX])
    return Published(number, named, len(failing) - len(named))


def acknowledge(
    session: Session, actor: Actor, client_id: UUID | None, number: int, *, now: datetime
) -> None:
    """I have read this version; a second time changes nothing.

    Raises:
        NotFound: it is not theirs to read, or nothing was published.
        Stale: another version holds by now.
    """
    query.find_owner(session, actor, client_id)
    found = query.holding(session, [query.owner_of(client_id)])
    if not found or actor.user_id is None:
        raise NotFound
    if found[0].number != number:
        raise Stale("A newer version was published meanwhile. Read that one.")
    reading = {
        "version_id": found[0].id,
        "person_id": actor.user_id,
        "person_name": actor.name,
        "at": now,
    }
    if not inserted_once(session, GuidelineReading, reading, "version_id", "person_id"):
        return
    notices.settle(session, [actor.user_id], [found[0].id], now)
    _tell(session, actor, client_id, "guideline.read", {"version": number}, now)


def demand(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    *,
    must_be_read: bool,
    version: int,
    now: datetime,
) -> None:
    """Whether people have to acknowledge it before they work on the client's posts.

    Raises:
        NotFound, NotAllowed, Stale: as they say; whoever manages the client says so.
    """
    query.find_owner(session, actor, client_id)
    if not actor.may(Permission.MANAGE_CLIENT, client_id):
        raise NotAllowed
    draft = query.draft(session, client_id)
    _refuse_stale(draft, version)
    if not draft.published:
        raise BadInput("Publish a version first: there is nothing to read yet.")
    _set(session, draft, must_be_read=must_be_read)
    content = {"must_be_read": must_be_read}
    _tell(session, actor, client_id, "guideline.demanded", content, now)


_Write = Callable[[Guideline], Guideline]


def _change(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    write: _Write,
    *,
    version: int,
    now: datetime,
) -> int:
    _need_writer(session, actor, client_id)
    draft = query.draft(session, client_id)
    _refuse_stale(draft, version)
    guideline = write(draft.guideline).checked(_agencys(session, client_id))
    is_draft = True
    if draft.published:
        is_draft = guideline != query.version(session, client_id, draft.published)
    return _keep(session, actor, client_id, draft, guideline, is_draft=is_draft, now=now)


def _keep(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    draft: Draft,
    guideline: Guideline,
    *,
    is_draft: bool,
    now: datetime,
) -> int:
    written: dict[str, Any] = {
        "content": guideline_as_json(guideline),
        "is_draft": is_draft,
        "changed_by": actor.name,
        "changed_at": now,
    }
    if not draft.version:
        session.add(GuidelineText(owner=draft.owner, client_id=client_id, **written))
        session.flush()
        return 1
    _set(session, draft, **written)
    return draft.version + 1


def _set(session: Session, draft: Draft, **values: Any) -> None:
    found = (col(GuidelineText.owner) == draft.owner, col(GuidelineText.version) == draft.version)
    changed = session.execute(
        update(GuidelineText)
        .where(*found)
        .values(version=draft.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not changed_one_row(changed):
        raise Stale


def _need_writer(session: Session, actor: Actor, client_id: UUID | None) -> None:
    query.find_owner(session, actor, client_id)
    if not actor.may(Permission.WRITE_GUIDELINE, client_id):
        raise NotAllowed


def _refuse_stale(draft: Draft, version: int) -> None:
    if draft.version != version:
        raise Stale


def _agencys(session: Session, client_id: UUID | None) -> Guideline | None:
    """What a client's guideline builds on."""
    if client_id is None:
        return None
    return next((one.guideline for one in query.holding(session, [AGENCY])), None)


def _hold_agencys(session: Session, client_id: UUID | None) -> None:
    """What builds on the agency's guideline and that itself are published one after the other: at
    once, neither would see that it contradicts the other.
    """
    agencys = select(col(GuidelineText.id)).where(col(GuidelineText.owner) == AGENCY)
    session.execute(agencys.with_for_update(read=client_id is not None))


def _refuse_clashes(session: Session, client_id: UUID | None, guideline: Guideline) -> None:
    """The other side may have been published since the draft was written."""
    guideline.checked(_agencys(session, client_id))
    if client_id is not None:
        return
    for one in query.holding(session):
        if one.owner == AGENCY:
            continue
        try:
            one.guideline.checked(guideline)
        except AtField as refused:
            why = Filled(MessageId(refused.message_id), refused.facts)
            raise ClientDisagrees(at="", client=one.client, why=why) from refused


def _tell(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    kind: str,
    content: dict[str, Any],
    now: datetime,
) -> None:
    stream = session.execute(
        select(col(GuidelineText.id)).where(col(GuidelineText.owner) == query.owner_of(client_id))
    ).scalar_one()
    event_id = record(session, actor, Fact(stream, kind, client_id, content), now)
    if client_id is not None:
        signal_client(session, client_id, event_id)
