"""What the forms of the clients' page hold."""

from enum import StrEnum
from typing import Any, TypeVar

from postboard.domain.agreement import (
    WEEK_DAYS,
    Channel,
    LateApproval,
    Silence,
    Terms,
    minute_in,
    spans_in,
)
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Role
from postboard.ui.given import text_in, to_day, whole_number

_Choice = TypeVar("_Choice", bound=StrEnum)


def text(form: dict[str, Any], name: str) -> str:
    return text_in(form, name).strip()


def number_in(form: dict[str, Any], name: str) -> int:
    return whole_number(text(form, name))


def terms_in(form: dict[str, Any]) -> Terms:
    days_off = [to_day(day) for day in text(form, "days_off").replace(",", " ").split()]
    reminders = text(form, "reminder_hours").replace(",", " ").split()
    return Terms(
        week=tuple(spans_in(text(form, f"day_{day}")) for day in range(WEEK_DAYS)),
        country=text(form, "country").upper(),
        region=text(form, "region"),
        days_off=tuple(sorted(set(days_off))),
        response_hours=number_in(form, "response_hours"),
        reminder_hours=tuple(whole_number(hours) for hours in reminders),
        account_manager_hours=number_in(form, "account_manager_hours"),
        manager_hours=number_in(form, "manager_hours"),
        silence=_one_of(Silence, form, "silence"),
        late_approval=_one_of(LateApproval, form, "late_approval"),
        quiet_from=minute_in(text(form, "quiet_from")),
        quiet_until=minute_in(text(form, "quiet_until")),
        channel=_one_of(Channel, form, "channel"),
    )


def rounds_in(form: dict[str, Any]) -> int:
    rounds = text(form, "rounds")
    if not (rounds.isascii() and rounds.isdigit()):
        raise BadInput("Rounds are a number from 1 to 99.")
    return int(rounds[:4])


def role_in(form: dict[str, Any]) -> Role:
    role = text(form, "role")
    if role not in set(Role):
        raise BadInput("Choose a role.")
    return Role(role)


def _one_of(choices: type[_Choice], form: dict[str, Any], name: str) -> _Choice:
    given = text(form, name)
    if given not in set(choices):
        raise BadInput
    return choices(given)
