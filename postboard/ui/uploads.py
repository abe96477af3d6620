"""Where files lie that were sent and are not imported yet."""

from pathlib import Path
from uuid import UUID

from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.services.uploads import Uploads


class _Place:
    uploads: Uploads | None = None


def use(folder: Path, a_day: int) -> Uploads:
    """Say, once at composition, where uploads lie and how much one person brings in a day."""
    _Place.uploads = Uploads(folder, a_day)
    return _Place.uploads


def uploads() -> Uploads:
    if _Place.uploads is None:
        raise RuntimeError("uploads.use(folder) has not been called")
    return _Place.uploads


def owner_of(actor: Actor) -> UUID:
    """Whose name their uploads bear."""
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
