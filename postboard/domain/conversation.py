"""The two threads of a post: who may speak where, and what a comment can hold."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypedDict

from postboard.domain.content import NETWORKS, Words
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Permission

COMMENT_MAX = 5_000
COMMENTS_MAX = 5_000
"""Of one thread: a limit for both together would tell the client how full the other one is."""
ATTACHMENTS_MAX = 10
MENTIONS_MAX = 50
UNDO_FOR = timedelta(minutes=10)
"""How long a deleted comment can be brought back."""

REACTIONS = ("👍", "❤️", "🎉", "😄", "👀", "✅")

ON_EACH_NETWORK = frozenset({"caption", "title", "first_comment"})
FIELDS = ON_EACH_NETWORK | {"link", "hashtags", "mentions", "utm", "networks", "media"}


class Thread(StrEnum):
    """A comment belongs to one for good: nothing moves or copies it to the other."""

    INTERNAL = "internal"
    CLIENT = "client"


READS = {Thread.INTERNAL: Permission.SEE_ALL_STATES, Thread.CLIENT: Permission.SEE_CLIENT_STATES}
WRITES = {
    Thread.INTERNAL: Permission.COMMENT_INTERNALLY,
    Thread.CLIENT: Permission.COMMENT_TO_CLIENT,
}


class Anchor(TypedDict, total=False):
    """Where on a post: a `field` such as "caption@x", or a spot on one of its pictures.

    `asset` is the picture's id, or its address when it is not in the library; x and y are
    0..1 from the left and the top.
    """

    field: str
    asset: str
    x: float
    y: float


class Spot(TypedDict):
    """A place on a picture and what is to change there."""

    asset: str
    x: float
    y: float
    text: str


def checked_anchor(anchor: Mapping[str, Any], words: Words) -> Anchor:
    """The anchor without anything else in it; {} stands for the whole post.

    Raises:
        BadInput: there is no such field, or the spot lies outside the picture.
        NotFound: the picture is not in the post.
    """
    if anchor.get("field"):
        return Anchor(field=_checked_field(str(anchor["field"])))
    if not anchor.get("asset"):
        return Anchor()
    asset = str(anchor["asset"])
    if asset not in {media.asset or media.url for media in words.media}:
        raise NotFound("This picture is not in the post any more.")
    return Anchor(asset=asset, x=_share(anchor.get("x")), y=_share(anchor.get("y")))


def _checked_field(name: str) -> str:
    field, _, network = name.partition("@")
    known = field in ON_EACH_NETWORK and network in NETWORKS if network else field in FIELDS
    if not known:
        raise BadInput
    return name


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadInput
    return round(float(value), 4)
