"""What an actor may see, as SQL; every read and every write of posts starts here."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Membership, Person, Post, Revision, table_of
from postboard.db.review_models import Idea
from postboard.db.types import Choice
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Permission, Role
from postboard.domain.workflow import CLIENT_STATES

_POST, _PERSON, _MEMBERSHIP = table_of(Post), table_of(Person), table_of(Membership)
_ROLE = func.coalesce(_PERSON.c.agency_role, _MEMBERSHIP.c.role, type_=Choice(Role))
# Built once: whoever tells somebody of something asks it.
_ROLES = (
    select(_PERSON.c.id, _ROLE)
    .outerjoin(
        _MEMBERSHIP,
        and_(
            _MEMBERSHIP.c.person_id == _PERSON.c.id,
            _MEMBERSHIP.c.client_id == bindparam("client"),
        ),
    )
    .where(
        _PERSON.c.id.in_(bindparam("among", expanding=True)),
        _PERSON.c.disabled_at.is_(None),
        _ROLE.is_not(None),
    )
)
_ROLES_HELD = _ROLES.with_for_update(read=True, key_share=True, of=_PERSON)


def visible_posts(actor: Actor) -> ColumnElement[bool]:
    every_state = actor.clients_with(Permission.SEE_ALL_STATES)
    client_states = actor.clients_with(Permission.SEE_CLIENT_STATES)
    if every_state is None:
        return true()
    only_client_states = (client_states or frozenset()) - every_state
    parts: list[ColumnElement[bool]] = []
    if every_state:
        parts.append(_POST.c.client_id.in_(every_state))
    if only_client_states:
        parts.append(
            and_(_POST.c.client_id.in_(only_client_states), _POST.c.state.in_(CLIENT_STATES))
        )
    return or_(*parts) if parts else false()


def visible_clients(actor: Actor) -> ColumnElement[bool]:
    mine = actor.clients_with(Permission.SEE_CLIENT_STATES)
    if mine is None:
        return true()
    return col(Client.id).in_(mine) if mine else false()


def measured_clients(actor: Actor) -> ColumnElement[bool]:
    """Those whose figures the actor sees, external posts included."""
    mine = actor.clients_with(Permission.SEE_PERFORMANCE)
    if mine is None:
        return true()
    return col(Client.id).in_(mine) if mine else false()


def visible_ideas(actor: Actor) -> ColumnElement[bool]:
    """Those of the agency's side are for those who see drafts."""
    all_of = actor.clients_with(Permission.SEE_ALL_STATES)
    if all_of is None:
        return true()
    mine = actor.clients_with(Permission.SEE_CLIENT_STATES)
    shared = ~col(Idea.internal)
    if mine is None:
        return or_(shared, col(Idea.client_id).in_(all_of))
    return or_(and_(col(Idea.client_id).in_(mine), shared), col(Idea.client_id).in_(all_of))


def revision_for_client() -> ColumnElement[int]:
    """Of a post in the same statement: the newest revision that was submitted.

    In rework a newer one grows, which the client has not been sent.
    """
    submitted = (
        select(func.max(col(Revision.number)))
        .where(
            col(Revision.post_id) == col(Post.id),
            col(Revision.number) <= col(Post.revision),
            col(Revision.frozen_at).is_not(None),
        )
        .correlate(Post)
        .scalar_subquery()
    )
    return func.coalesce(submitted, col(Post.revision))


def revision_shown(actor: Actor) -> ColumnElement[int]:
    """The revision whose words this actor may read: of a client's side the newest submitted."""
    staff_of = actor.clients_with(Permission.SEE_ALL_STATES)
    if staff_of is None:
        return _POST.c.revision
    if not staff_of:
        return revision_for_client()
    return case((_POST.c.client_id.in_(staff_of), _POST.c.revision), else_=revision_for_client())


def roles_for(
    session: Session, client_id: UUID, among: Collection[UUID], *, hold: bool = False
) -> dict[UUID, Role]:
    """Those of these people who can sign in and have a role for the client.

    `hold`: nobody of them leaves before this transaction is over.
    """
    asked = _ROLES_HELD if hold else _ROLES
    rows = session.execute(asked, {"client": client_id, "among": [*among]})
    return {person_id: theirs for person_id, theirs in rows}  # noqa: C416 - a Row is no pair to dict()


def find_for_staff(session: Session, actor: Actor, post_id: UUID) -> Post:
    """The post as a row.

    Raises:
        NotFound: it is not there, or not this actor's, or the actor is the client.
    """
    post = session.execute(
        select(Post).where(col(Post.id) == post_id, visible_posts(actor))
    ).scalar_one_or_none()
    if post is None or not actor.may(Permission.SEE_ALL_STATES, post.client_id):
        raise NotFound
    return post
