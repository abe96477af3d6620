"""An idea of the client's side: what it may say, and what becomes of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postboard.domain.content import checked_link, clean
from postboard.domain.errors import BadInput

TEXT_MAX: Final = 2_000
ANSWER_MAX: Final = 500
OPEN_MAX: Final = 50
"""Of one client, that nobody has answered yet."""
AHEAD_MAX: Final = timedelta(days=366)


class IdeaState(StrEnum):
    NEW = "new"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class NewIdea:
    """`wished_on` is a day on the client's clock."""

    text: str
    link: str = ""
    wished_on: date | None = None

    def checked(self, today: date) -> "NewIdea":
        """The same, cleaned.

        Raises:
            BadInput: nothing is said, a limit is passed, or the day has passed or is too far.
        """
        text = clean(self.text, TEXT_MAX, many_lines=True)
        if not text:
            raise BadInput("Write your idea first.")
        if self.wished_on and self.wished_on < today:
            raise BadInput("The day you wish for has passed.")
        if self.wished_on and self.wished_on - today > AHEAD_MAX:
            raise BadInput("Wish for a day within the next year.")
        return NewIdea(text, checked_link(self.link), self.wished_on)
