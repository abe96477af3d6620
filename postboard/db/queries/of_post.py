"""The post that something is about, in one line: a task, a notice, what waits for a word."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries.board import CARD_TEXT_MAX


@dataclass(frozen=True, slots=True)
class OfPost:
    """The post that something is about."""

    key: str
    text: str
    state: str
    client: str
    hue: int
    zone: str


OF_POST = (
    col(Client.key),
    col(Post.number),
    func.substr(col(Revision.title), 1, CARD_TEXT_MAX),
    func.substr(col(Revision.caption), 1, CARD_TEXT_MAX),
    col(Post.state),
    col(Client.name),
    col(Client.hue),
    col(Client.zone),
)


def with_post(chosen: Any) -> Any:
    """The select with what `OF_POST` reads, of each post as it stands."""
    return (
        chosen.select_from(Post)
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(col(Revision.post_id) == col(Post.id), col(Revision.number) == col(Post.revision)),
        )
    )


def of_post(
    key: str, number: int, title: str, caption: str, state: str, client: str, hue: int, zone: str
) -> OfPost:
    text = " ".join((title or caption).split())
    return OfPost(f"{key}-{number}", text, state, client, hue, zone)
