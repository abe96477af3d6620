"""The words and the picture of a post as the client was sent them."""

from typing import Any, Final

from sqlalchemy import and_, select
from sqlmodel import col

from postboard.db.models import Client, Post, Revision
from postboard.db.queries.scope import revision_for_client

TEXT_MAX: Final = 140


def with_words(*columns: Any) -> Any:
    """A post's columns beside its client's and those of the words that the client was sent."""
    return (
        select(*columns)
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(
                col(Revision.post_id) == col(Post.id),
                col(Revision.number) == revision_for_client(),
            ),
        )
    )


def beginning(title: str, caption: str) -> str:
    return " ".join((title or caption).split())


def thumb(media: list[dict[str, str]]) -> str:
    return media[0]["url"] if media else ""
