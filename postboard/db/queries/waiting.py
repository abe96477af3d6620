"""Whose word a post waits for, as SQL."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, or_, select, true

from postboard.db.models import Membership, Person, Post, table_of
from postboard.db.review_models import Decision, ReviewRequest
from postboard.db.types import Choice
from postboard.domain.chains import RIGHTS, SIDE_OF, Side
from postboard.domain.permissions import PERMISSIONS, Actor, Permission, Role

JUDGED = sorted(state for state, side in SIDE_OF.items() if side is Side.INTERNAL)
"""Where a post waits for the agency's own people."""

_POST, _PERSON, _MEMBERSHIP = table_of(Post), table_of(Person), table_of(Membership)
_REQUEST, _DECISION = table_of(ReviewRequest), table_of(Decision)
_JUDGES = [role for role in Role if RIGHTS[Side.INTERNAL] in PERMISSIONS[role]]


def waits_for(actor: Actor, away: Collection[UUID]) -> ColumnElement[bool]:
    """Of a post in the same statement: it waits for this very person, who said no yes yet, or for
    somebody who is `away` and has them answer meanwhile.

    Where all who were named have left, and where nobody was, it waits for whoever may.
    """
    judges = actor.clients_with(Permission.APPROVE_INTERNALLY)
    theirs = true() if judges is None else _POST.c.client_id.in_(judges) if judges else false()
    not_theirs = exists().where(
        _REQUEST.c.post_id == _POST.c.id, _REQUEST.c.closed_at.is_(None), ~_asks(actor, away)
    )
    return and_(_POST.c.state.in_(JUDGED), theirs, ~not_theirs.correlate(_POST))


def _asks(actor: Actor, away: Collection[UUID]) -> ColumnElement[bool]:
    """Of an open request of the agency's side."""
    names = cast(_REQUEST.c.reviewers, String)
    is_left = exists().where(
        names.contains(func.replace(cast(_PERSON.c.id, String), "-", "")),
        _PERSON.c.disabled_at.is_(None),
        func.coalesce(_PERSON.c.agency_role, _role_there(), type_=Choice(Role)).in_(_JUDGES),
    )
    me = actor.user_id.hex if actor.user_id else ""
    said_yes = exists().where(
        _DECISION.c.request_id == _REQUEST.c.id,
        _DECISION.c.person_id == actor.user_id,
        _DECISION.c.approved.is_(True),
    )
    is_asked = or_(names.contains(f'"{me}"'), ~is_left.correlate(_REQUEST))
    own = and_(is_asked, ~said_yes.correlate(_REQUEST))
    return or_(own, *(and_(names.contains(f'"{one.hex}"'), ~_spoken_for(one)) for one in away))


def _spoken_for(person: UUID) -> ColumnElement[bool]:
    """Of a request in the same statement: they said yes, or somebody did for them."""
    return (
        exists()
        .where(
            _DECISION.c.request_id == _REQUEST.c.id,
            _DECISION.c.approved.is_(True),
            or_(
                _DECISION.c.person_id == person,
                cast(_DECISION.c.stood_in_for, String).contains(person.hex),
            ),
        )
        .correlate(_REQUEST)
    )


def _role_there() -> Any:
    return (
        select(_MEMBERSHIP.c.role)
        .where(
            _MEMBERSHIP.c.person_id == _PERSON.c.id,
            _MEMBERSHIP.c.client_id == _REQUEST.c.client_id,
        )
        .correlate(_PERSON, _REQUEST)
        .scalar_subquery()
    )
