"""Where a card stands in its column: sparse integers, so that a move writes one row."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Post, table_of
from postboard.domain.workflow import Column

# Room for 28 insertions at one place, and ranks stay exact in a browser's numbers.
GAP = 2**28

_POST = table_of(Post)
_TOP = select(func.min(_POST.c.rank)).where(_POST.c.board_column == bindparam("column"))


def above(session: Session, column: Column, count: int = 1) -> int:
    """The rank of the first of `count` cards that go on top of a column."""
    top: Any = session.execute(_TOP, {"column": column}).scalar_one()
    return (GAP if top is None else top) - count * GAP


def below(session: Session, column: Column, after_id: UUID | None) -> int:
    """The rank right below a card of that column; the top without such a card."""
    upper = (
        after_id
        and session.execute(
            select(col(Post.rank)).where(col(Post.id) == after_id, col(Post.board_column) == column)
        ).scalar_one_or_none()
    )
    if not isinstance(upper, int):
        return above(session, column)
    lower = _next(session, column, upper)
    if lower is None:
        return upper + GAP
    if lower - upper < 2:  # noqa: PLR2004 - no whole number between them
        _make_room(session, column, upper)
        lower = upper + GAP
    return (upper + lower) // 2


def _next(session: Session, column: Column, rank: int) -> int | None:
    return session.execute(
        select(func.min(col(Post.rank))).where(
            col(Post.board_column) == column, col(Post.rank) > rank
        )
    ).scalar_one()


def _make_room(session: Session, column: Column, upper: int) -> None:
    session.execute(
        update(Post)
        .where(col(Post.board_column) == column, col(Post.rank) > upper)
        .values(rank=col(Post.rank) + GAP)
        .execution_options(synchronize_session=False)
    )
