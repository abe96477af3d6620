"""Ids as browsers send them."""

from uuid import UUID

from postboard.domain.errors import NotFound


def as_key(text: str) -> UUID:
    """The id, or NotFound: what is no id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
