"""What is expected of whom: a task's life, and what people are told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.content import checked_link, clean
from postboard.domain.errors import BadInput, Refused

INSTRUCTIONS_MAX = 5_000
LINKS_MAX = 10
POSTS_MAX = 60
PEOPLE_MAX = 20


class TaskStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    SENT_BACK = "sent_back"
    """Whoever assigned it decides how it goes on."""
    DROPPED = "dropped"
    """Nobody needs it any more: withdrawn, or the post was cancelled."""


UNFINISHED = frozenset({TaskStatus.OPEN, TaskStatus.ACCEPTED})
WAITING = UNFINISHED | {TaskStatus.SENT_BACK}
"""Somebody is still to do something about it."""


class TaskAction(StrEnum):
    ACCEPT = "accept"
    FINISH = "finish"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    CHANGE = "change"


OPEN_TO: Mapping[TaskAction, frozenset[TaskStatus]] = MappingProxyType(
    {
        TaskAction.ACCEPT: frozenset({TaskStatus.OPEN}),
        TaskAction.FINISH: UNFINISHED,
        TaskAction.SEND_BACK: UNFINISHED,
        TaskAction.WITHDRAW: WAITING,
        TaskAction.CHANGE: UNFINISHED,
    }
)
"""In which states of a task each of them is open."""


class NoticeKind(StrEnum):
    TASK = "task"
    TASK_SENT_BACK = "task_sent_back"
    MENTION = "mention"
    REPLY = "reply"
    REVIEW_OPEN = "review_open"
    """A reviewer's answer is due."""
    REVIEW_OVERDUE = "review_overdue"
    """A reviewer has not answered in time."""
    APPROVED_LATE = "approved_late"
    EXTRA_ROUND = "extra_round"
    """A round with the client began beyond those that are included."""
    LAST_ROUND = "last_round"
    """The last of those began."""
    TO_REVIEW = "to_review"
    """A post waits for the client."""
    DECISION = "decision"
    """The client approved a post, asked for changes or put it on hold."""
    CLIENT_COMMENT = "client_comment"
    IDEA = "idea"
    """Somebody of the client's side had one, and it waits for an answer."""
    IDEA_ANSWERED = "idea_answered"
    """The agency makes a post of it, or says why not."""
    AGREEMENT_OFFERED = "agreement_offered"
    """The client is asked to accept it."""
    AGREEMENT_ANSWERED = "agreement_answered"
    AGREEMENT_TERM = "agreement_term"
    """One of its terms is near or passed."""
    DATE_MOVED = "date_moved"
    """Of a post that the client approved."""
    GUIDELINE = "guideline"
    """A version of a guideline holds that its reader does not know yet."""


class How(StrEnum):
    """How somebody hears of one kind of notice by mail."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    OFF = "off"


OF_AGREEMENTS = frozenset(
    {NoticeKind.AGREEMENT_OFFERED, NoticeKind.AGREEMENT_ANSWERED, NoticeKind.AGREEMENT_TERM}
)
NEVER_OFF = frozenset({NoticeKind.REVIEW_OVERDUE, NoticeKind.APPROVED_LATE})
"""What somebody of the agency has to see to because nobody else will: at most put off to a digest.
"""


class DueHasPassed(Refused):
    status = 422
    sentence = "That time has passed for this client. Choose a later one."


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is to be done, by when. `due` is wall time on the clock of each post's client."""

    instructions: str = ""
    links: tuple[str, ...] = ()
    due: datetime | None = None
    urgent: bool = False

    def checked(self) -> "Expectation":
        """The same, cleaned and within every limit.

        Raises:
            BadInput: a limit is passed, or a link is none.
        """
        return Expectation(
            clean(self.instructions, INSTRUCTIONS_MAX, many_lines=True),
            _checked_links(self.links),
            self.due,
            self.urgent,
        )

    def due_at(self, zone: str, now: datetime, *, kept: datetime | None = None) -> datetime | None:
        """The instant for a client in that zone; what was `kept` as it is may have passed.

        Raises:
            DueHasPassed: it lies behind `now`.
            BadInput: there is no such instant.
        """
        if self.due is None:
            return None
        try:
            due_at = to_utc(self.due, ZoneInfo(zone))
        except OverflowError:  # the last or the first hours that a calendar knows
            raise BadInput from None
        if due_at <= now and due_at != kept:
            raise DueHasPassed
        return due_at


def _checked_links(links: Iterable[str]) -> tuple[str, ...]:
    checked = tuple(dict.fromkeys(link for text in links if (link := checked_link(text))))
    if len(checked) > LINKS_MAX:
        raise BadInput("A task takes at most {limit} links.", limit=LINKS_MAX)
    return checked
