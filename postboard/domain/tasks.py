"""What is expected of whom: a task's life, and what people are told of."""

from enum import StrEnum

INSTRUCTIONS_MAX = 5_000
LINKS_MAX = 10


class TaskStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    SENT_BACK = "sent_back"
    DROPPED = "dropped"
    """Nobody needs it any more: withdrawn, or the post was cancelled."""


UNFINISHED = frozenset({TaskStatus.OPEN, TaskStatus.ACCEPTED})


class NoticeKind(StrEnum):
    TASK = "task"
    TASK_SENT_BACK = "task_sent_back"
    MENTION = "mention"
    REPLY = "reply"
