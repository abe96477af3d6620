"""A client's plan of action: what has to be there before its first post may be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from postboard.domain.content import clean
from postboard.domain.errors import BadInput

WORDS_MAX: Final = 300
ITEMS_MAX: Final = 40


class Gate(StrEnum):
    """What happens while something is missing."""

    OFF = "off"
    SOFT = "soft"
    """The first post goes out once somebody says why, on record."""
    HARD = "hard"


class Need(StrEnum):
    """What is found out from facts; nobody ticks it."""

    CHANNELS = "channels"
    TEAM = "team"
    CONTACTS = "contacts"
    AGREEMENT = "agreement"
    GUIDELINE = "guideline"
    CHAIN = "chain"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Item:
    """What somebody ticks by hand; `done_by` and `done_at` (ISO) are empty until then."""

    words: str
    done_by: str = ""
    done_at: str = ""


ITEMS: Final = TypeAdapter(tuple[Item, ...])


def items_from_json(stored: Any) -> tuple[Item, ...]:
    return ITEMS.validate_python(stored)


def items_as_json(items: Sequence[Item]) -> list[dict[str, str]]:
    return ITEMS.dump_python(tuple(items), mode="json")


def checked_items(lines: Sequence[str], before: Sequence[Item] = ()) -> tuple[Item, ...]:
    """One for each line that says something; what was ticked in the same words stays so.

    Raises:
        BadInput: they are too many.
    """
    known = {item.words: item for item in before}
    words = dict.fromkeys(tidy for line in lines if (tidy := clean(line, WORDS_MAX)))
    if len(words) > ITEMS_MAX:
        raise BadInput("A checklist takes at most {limit} lines.", limit=ITEMS_MAX)
    return tuple(known.get(one, Item(one)) for one in words)
