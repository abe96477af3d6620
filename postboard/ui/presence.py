"""Who is on a post's page now, and in which field they write; known to this process only."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

GONE_AFTER_S: Final = 45.0
"""A page says every 20 s that it is still there."""
_MOST_POSTS: Final = 10_000


@dataclass(frozen=True)
class Other:
    """Somebody else on the page; `field` is empty when they only read."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class _Seen:
    other: Other
    until: float


class Presence:
    """`tell` reaches the browsers of a client's staff with the id of the post, and no more."""

    def __init__(self, tell: Callable[[UUID, UUID], None]) -> None:
        self._tell = tell
        self._posts: dict[UUID, dict[UUID, _Seen]] = {}

    def note(self, client_id: UUID, post_id: UUID, person_id: UUID, other: Other) -> None:
        """Somebody is here; the others hear of it when that is news."""
        people = self._present(post_id)
        before = people.get(person_id)
        people[person_id] = _Seen(other, time.monotonic() + GONE_AFTER_S)
        self._posts[post_id] = people
        if len(self._posts) > _MOST_POSTS:
            del self._posts[next(iter(self._posts))]
        if before is None or before.other != other:
            self._tell(client_id, post_id)

    def others(self, post_id: UUID, person_id: UUID) -> list[Other]:
        """Everybody on the page but this one, by name."""
        found = [seen.other for who, seen in self._present(post_id).items() if who != person_id]
        return sorted(found, key=lambda other: other.name)

    def _present(self, post_id: UUID) -> dict[UUID, _Seen]:
        at = time.monotonic()
        people = self._posts.get(post_id, {})
        return {who: seen for who, seen in people.items() if seen.until > at}


class _Process:
    presence: Presence | None = None


def use(tell: Callable[[UUID, UUID], None]) -> None:
    """Say, once at composition, how browsers are reached."""
    _Process.presence = Presence(tell)


def presence() -> Presence:
    if _Process.presence is None:
        raise RuntimeError("presence.use(tell) has not been called")
    return _Process.presence
