"""What browsers send, as the domain knows it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput
from postboard.domain.workflow import ChangeTag


def to_instant(local: str, zone: str) -> datetime | None:
    """Wall time of a datetime field in a zone, as an instant; empty is none.

    Raises:
        BadInput: it is no date and time.
    """
    wall = wall_time(local)
    try:
        return to_utc(wall, ZoneInfo(zone)) if wall else None
    except OverflowError:
        raise _no_time(local) from None


def wall_time(local: str) -> datetime | None:
    """What a datetime field says, on whatever clock; empty is none.

    Raises:
        BadInput: it is no date and time.
    """
    try:
        return datetime.fromisoformat(local).replace(tzinfo=None) if local else None
    except ValueError:
        raise _no_time(local) from None


def tags_of(texts: list[str]) -> tuple[ChangeTag, ...]:
    """The tags of a request for changes.

    Raises:
        BadInput: one is none.
    """
    if set(texts) - set(ChangeTag):
        raise BadInput("There is no such tag.")
    return tuple(ChangeTag(text) for text in texts)


def chosen_networks(form: Mapping[str, Any]) -> tuple[str, ...]:
    """The boxes `network_<name>` of a form."""
    return tuple(name for name in NETWORKS if form.get(f"network_{name}"))


def text_in(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def whole_number(given: str) -> int:
    """Raises:
    BadInput: it is none.
    """
    if not (given.isascii() and given.isdigit()):
        raise BadInput("“{value}” is no whole number.", value=given[:40])
    return int(given[:9])


def _no_time(local: str) -> BadInput:
    return BadInput("“{value}” is no date and time.", value=local[:40])


def day_in(form: Mapping[str, Any], name: str) -> date | None:
    """What a date field says; empty is none.

    Raises:
        BadInput: it is no date.
    """
    given = text_in(form, name).strip()
    return to_day(given) if given else None


def to_day(given: str) -> date:
    """An ISO day.

    Raises:
        BadInput: it is no date.
    """
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput("“{value}” is no date.", value=given[:40]) from None
