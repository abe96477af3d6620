"""A post's revisions: which there are, what was decided on each, and how two of them differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Event, Person, Post, Revision
from postboard.db.queries.instants import stamp
from postboard.db.queries.scope import find_for_staff
from postboard.domain.content import Media, Words, words_from_json
from postboard.domain.differences import Comparison, Segment, compare
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action

LISTED: Final = 50
_BEGINNING: Final = 160
_BEYOND: Final = 2**31
_TOLD: Final = (
    "post.decided",
    *(
        f"post.{action}"
        for action in (
            Action.SUBMIT,
            Action.REVISE,
            Action.APPROVE,
            Action.REQUEST_CHANGES,
            Action.RECONSIDER,
            Action.SEND_TO_CLIENT,
            Action.RECALL,
            Action.PUBLISH,
            Action.MARK_PUBLISHED,
        )
    ),
)
"""What becomes of a revision: asked, decided, sent."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with a revision."""

    kind: str
    who: str
    at: str
    reason: str
    tags: list[str]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """`frozen_at` is empty while it may still grow; `planned_at` is the time it was frozen with."""

    number: int
    current: bool
    who: str
    at: str
    frozen_at: str
    planned_at: str
    beginning: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Revisions:
    """The newest first; `more`: there are older ones."""

    lines: list[RevisionLine]
    more: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared.

    `dated`: it has a time of its own, or none; others were left behind before anybody was asked.
    """

    number: int
    who: str
    at: str
    planned_at: str
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """`mark` is same, added or removed."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """`own`: "begins" or "ends" where a network's text stops being the master's, or is it again."""

    field: str
    network: str
    pieces: list[Piece]
    own: str


@dataclass(frozen=True, slots=True)
class ListPart:
    field: str
    network: str
    added: list[str]
    removed: list[str]


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    thumb: str
    alt: str
    kind: str


@dataclass(frozen=True, slots=True)
class PicturePart:
    """`change` is added, removed, replaced or changed; the side that is not there has no url."""

    change: str
    before: Picture
    after: Picture
    alt: list[Piece]
    focus: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """`planned` is the time before and after, if it moved."""

    before: Side
    after: Side
    texts: list[TextPart] = field(default_factory=list[TextPart])
    lists: list[ListPart] = field(default_factory=list[ListPart])
    pictures: list[PicturePart] = field(default_factory=list[PicturePart])
    reordered: bool = False
    planned: list[str] = field(default_factory=list[str])
    fields: list[str] = field(default_factory=list[str])


def listing(session: Session, actor: Actor, post_id: UUID, limit: int = LISTED) -> Revisions:
    """Raises NotFound for what is not there, not this actor's, or not for the client's side."""
    post = find_for_staff(session, actor, post_id)
    rows: Any = session.execute(
        select(
            col(Revision.number),
            col(Person.name),
            col(Revision.created_at),
            col(Revision.frozen_at),
            col(Revision.planned_at),
            func.substr(col(Revision.caption), 1, _BEGINNING),
            col(Revision.title),
        )
        .outerjoin(Person, col(Person.id) == col(Revision.created_by))
        .where(col(Revision.post_id) == post_id)
        .order_by(col(Revision.number).desc())
        .limit(limit + 1)
    ).all()
    steps = _steps(session, post_id)
    lines = [
        RevisionLine(
            number=number,
            current=number == post.revision,
            who=who or "",
            at=stamp(at),
            frozen_at=stamp(frozen_at),
            planned_at=stamp(planned_at),
            beginning=" ".join((title or caption).split()),
            steps=steps.get(number, []),
        )
        for number, who, at, frozen_at, planned_at, caption, title in rows[:limit]
    ]
    return Revisions(lines, more=len(rows) > limit)


def compared(session: Session, actor: Actor, post_id: UUID, before: int, after: int) -> Compared:
    """How the one revision became the other.

    Raises:
        NotFound: the post or one of the two is not there, or not this actor's.
    """
    post = find_for_staff(session, actor, post_id)
    before, after = checked_number(before), checked_number(after)
    rows = session.execute(
        select(Revision, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(Revision.created_by))
        .where(col(Revision.post_id) == post_id, col(Revision.number).in_({before, after}))
    )
    found = {row.number: (row, who or "") for row, who in rows}
    if found.keys() != {before, after}:
        raise NotFound
    (old, old_who), (new, new_who) = found[before], found[after]
    return as_parts(
        compare(words_in(old), words_in(new)),
        side_of(post, old, old_who),
        side_of(post, new, new_who),
    )


def checked_number(number: int) -> int:
    """Raises NotFound for what no revision's number can be."""
    if not 0 < number < _BEYOND:
        raise NotFound
    return number


def words_in(revision: Revision) -> Words:
    return words_from_json({name: getattr(revision, name) for name in Words.__dataclass_fields__})


def side_of(post: Post, revision: Revision, who: str) -> Side:
    """The current revision's time is the post's own, until it is frozen."""
    standing = revision.frozen_at is None and revision.number == post.revision
    planned_at = post.planned_at if standing else revision.planned_at
    return Side(
        number=revision.number,
        who=who,
        at=stamp(revision.created_at),
        planned_at=stamp(planned_at),
        dated=standing or revision.frozen_at is not None,
    )


def as_parts(found: Comparison, before: Side, after: Side) -> Compared:
    """For a page: lists, names and addresses only."""
    moved = before.dated and after.dated and before.planned_at != after.planned_at
    return Compared(
        before=before,
        after=after,
        texts=[
            TextPart(one.field, one.network, _pieces(one.segments), _OWN.get(one.own, ""))
            for one in found.texts
        ],
        lists=[
            ListPart(one.field, one.network, [*one.added], [*one.removed]) for one in found.lists
        ],
        pictures=[
            PicturePart(
                change=_what(one.before, one.after, replaced=one.replaced),
                before=_picture(one.before),
                after=_picture(one.after),
                alt=_pieces(one.alt),
                focus=one.focus,
            )
            for one in found.media
        ],
        reordered=found.media_reordered,
        planned=[before.planned_at, after.planned_at] if moved else [],
        fields=[*found.fields],
    )


_OWN: Final[Mapping[tuple[bool, bool], str]] = {(False, True): "begins", (True, False): "ends"}


def _steps(session: Session, post_id: UUID) -> dict[int, list[Step]]:
    """By revision, in the order they were taken."""
    rows = session.execute(
        select(col(Event.kind), col(Event.actor_name), col(Event.at), col(Event.content))
        .where(col(Event.stream_id) == post_id, col(Event.kind).in_(_TOLD))
        .order_by(col(Event.position))
    )
    steps: dict[int, list[Step]] = {}
    for kind, who, at, content in rows:
        told = Step(kind, who, stamp(at), content.get("reason", ""), content.get("tags", []))
        steps.setdefault(content.get("revision", 0), []).append(told)
    return steps


def _pieces(segments: Iterable[Segment]) -> list[Piece]:
    return [Piece(segment.mark, segment.text) for segment in segments]


def _what(before: Media | None, after: Media | None, *, replaced: bool) -> str:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "replaced" if replaced else "changed"


def _picture(media: Media | None) -> Picture:
    if media is None:
        return Picture("", "", "", "")
    return Picture(media.url, media.thumb, media.alt, media.kind)
