"""One post that waits for the client: as the previews draw it, and what became of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client, Post, Revision, SocialAccount
from postboard.db.queries.review_rounds import WAITING, told_of
from postboard.db.queries.revisions import Compared, as_parts, side_of, words_in
from postboard.db.queries.scope import visible_posts
from postboard.domain.content import words_as_json
from postboard.domain.differences import compare
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class Look:
    """A post for the previews: `words` is `domain.content.Words` as plain JSON, `accounts` the
    client's handle on each network.
    """

    id: str = ""
    words: dict[str, Any] = field(default_factory=dict[str, Any])
    accounts: dict[str, str] = field(default_factory=dict[str, str])
    client: dict[str, str | int] = field(default_factory=dict[str, str | int])


def look(session: Session, actor: Actor, post_id: UUID) -> Look:
    """A waiting post as the previews draw it.

    Raises:
        NotFound: it does not wait, or not for this actor's side.
    """
    post, client = _waiting_row(session, actor, post_id)
    revision = _revision(session, post.id, post.revision)
    accounts = session.execute(
        select(col(SocialAccount.network), col(SocialAccount.handle))
        .where(col(SocialAccount.client_id) == client.id)
        .order_by(col(SocialAccount.handle).desc())
    )
    return Look(
        id=post.id.hex,
        words=words_as_json(words_in(revision)),
        accounts={network: handle for network, handle in accounts},  # noqa: C416 - a Row is no pair
        client={"name": client.name, "hue": client.hue},
    )


def changes(session: Session, actor: Actor, post_id: UUID) -> Compared:
    """What became of a waiting post since the client's last round with it.

    Who wrote it stays among the agency.

    Raises:
        NotFound: it does not wait for this actor's side, or was not there before.
    """
    post, _ = _waiting_row(session, actor, post_id)
    ended = told_of(session, [post.id])[post.id].rounds
    if not ended:
        raise NotFound
    before = _revision(session, post.id, ended[-1].content["revision"])
    after = _revision(session, post.id, post.revision)
    return as_parts(
        compare(words_in(before), words_in(after)),
        side_of(post, before, ""),
        side_of(post, after, ""),
    )


def _waiting_row(session: Session, actor: Actor, post_id: UUID) -> tuple[Post, Client]:
    row = session.execute(
        select(Post, Client)
        .join(Client, col(Client.id) == col(Post.client_id))
        .where(col(Post.id) == post_id, visible_posts(actor), col(Post.state).in_(WAITING))
    ).one_or_none()
    if row is None:
        raise NotFound
    post, client = row
    return post, client


def _revision(session: Session, post_id: UUID, number: int) -> Revision:
    return session.execute(
        select(Revision).where(col(Revision.post_id) == post_id, col(Revision.number) == number)
    ).scalar_one()
