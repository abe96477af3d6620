"""The two threads of a post, and who may speak where."""

from enum import StrEnum

from postboard.domain.permissions import Permission

COMMENT_MAX = 5_000


class Thread(StrEnum):
    """A comment belongs to one for good: nothing moves or copies it to the other."""

    INTERNAL = "internal"
    CLIENT = "client"


READS = {Thread.INTERNAL: Permission.SEE_ALL_STATES, Thread.CLIENT: Permission.SEE_CLIENT_STATES}
WRITES = {
    Thread.INTERNAL: Permission.COMMENT_INTERNALLY,
    Thread.CLIENT: Permission.COMMENT_TO_CLIENT,
}
