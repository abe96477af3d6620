"""What was agreed with a client on time: office hours, answers, silence, and being reminded."""

import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput
from postboard.domain.working_time import (
    DAY_MIN,
    NINE_TO_FIVE,
    Span,
    Week,
    WorkingCalendar,
    known_regions,
)

HOURS_MAX: Final = 400
REMINDERS_MAX: Final = 5
SPANS_MAX: Final = 4
DAYS_OFF_MAX: Final = 366
DAYS_TRIED: Final = 400
WEEK_DAYS: Final = 7
WEEK_LEAST_MIN: Final = 4 * 60
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])", re.ASCII)


class Silence(StrEnum):
    """What happens when an answer is due and none has come."""

    REMIND_AND_ESCALATE = "remind_and_escalate"
    HOLD = "hold"
    """It waits, and nobody is reminded any more."""
    NEXT_FREE_DAY = "next_free_slot"
    """As remind and escalate; and once its time comes unanswered, the post gets a later day. (It is
    kept under the name it first had.)
    """
    CONSENT = "consent"
    """Silence approves the revision that was shown."""


class LateApproval(StrEnum):
    """What happens with a post that is approved after the time it was planned for."""

    REMIND = "remind"
    """Its account managers are told to choose another time."""
    HOLD = "hold"
    NEXT_FREE_DAY = "next_free_slot"
    PUBLISH_AT_ONCE = "publish_at_once"


class Channel(StrEnum):
    """How people hear of what waits for them."""

    EMAIL = "email"
    BOARD = "board"
    """Only under My work."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One client's agreement. All hours are working hours of the client's office."""

    week: Week = NINE_TO_FIVE
    country: str = ""
    region: str = ""
    days_off: tuple[date, ...] = ()
    response_hours: int = 16
    """Within which the client answers."""
    reminder_hours: tuple[int, ...] = (4,)
    """So long before an answer is due its reviewers are reminded."""
    account_manager_hours: int = 4
    """So long after it was due the account managers hear of it."""
    manager_hours: int = 12
    """And then the managers."""
    silence: Silence = Silence.REMIND_AND_ESCALATE
    late_approval: LateApproval = LateApproval.REMIND
    quiet_from: int = 20 * 60
    """Nobody is reminded from then on, in minutes after midnight on their own clock,"""
    quiet_until: int = 8 * 60
    """until then; the same as `quiet_from` is never quiet."""
    channel: Channel = Channel.EMAIL

    def checked(self) -> "Terms":
        """The same, within every limit.

        Raises:
            BadInput: a limit is passed, or the country or region is unknown.
        """
        _check_week(self.week)
        _check_place(self.country, self.region)
        if len(self.days_off) > DAYS_OFF_MAX:
            raise BadInput("An agreement takes at most {limit} days off.", limit=DAYS_OFF_MAX)
        lasting = (self.response_hours, self.account_manager_hours, self.manager_hours)
        if not all(1 <= hours <= HOURS_MAX for hours in (*lasting, *self.reminder_hours)):
            raise BadInput("Hours are a number from 1 to {limit}.", limit=HOURS_MAX)
        if len(self.reminder_hours) > REMINDERS_MAX:
            raise BadInput("Choose at most {limit} reminders.", limit=REMINDERS_MAX)
        if self.manager_hours < self.account_manager_hours:
            raise BadInput("Managers hear of it after the account managers, not before.")
        if not all(0 <= minute < DAY_MIN for minute in (self.quiet_from, self.quiet_until)):
            raise BadInput("Quiet hours are times of the day.")
        return self

    def calendar(self, zone: ZoneInfo) -> WorkingCalendar:
        return WorkingCalendar(zone, self.week, self.country, self.region, frozenset(self.days_off))


class Audience(StrEnum):
    """Who is told."""

    REVIEWERS = "reviewers"
    ACCOUNT_MANAGERS = "account_managers"
    MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One moment at which people are told that an answer is open."""

    term: str
    """The term of the agreement that says so, such as `reminder_hours.4`."""
    audience: Audience
    at: datetime


AT_DUE: Final = "response_hours"


def reminders(
    terms: Terms, calendar: WorkingCalendar, asked_at: datetime, due_at: datetime
) -> list[Reminder]:
    """Whom an open question is told to, and when; nothing before it was asked."""
    before = [
        Reminder(f"reminder_hours.{hours}", Audience.REVIEWERS, at)
        for hours in sorted(set(terms.reminder_hours), reverse=True)
        if (at := calendar.take_working(due_at, timedelta(hours=hours))) > asked_at
    ]
    at_due = Reminder(AT_DUE, Audience.REVIEWERS, due_at)
    if terms.silence in {Silence.HOLD, Silence.CONSENT}:
        return [*before, at_due]
    later = [
        Reminder(term, audience, calendar.add_working(due_at, timedelta(hours=hours)))
        for term, audience, hours in (
            ("account_manager_hours", Audience.ACCOUNT_MANAGERS, terms.account_manager_hours),
            ("manager_hours", Audience.MANAGERS, terms.manager_hours),
        )
    ]
    return [*before, at_due, *later]


def after_quiet(terms: Terms, at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the end of the quiet hours that it falls into on clocks in that zone."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    since, until = terms.quiet_from, terms.quiet_until
    overnight = since > until
    quiet = minute >= since or minute < until if overnight else since <= minute < until
    if not quiet:
        return at
    day = local.date() + timedelta(days=int(overnight and minute >= since))
    wall = datetime(day.year, day.month, day.day, until // 60, until % 60)  # noqa: DTZ001 - becomes one
    return max(at, to_utc(wall, zone))


def next_free_day(
    calendar: WorkingCalendar,
    planned_at: datetime,
    now: datetime,
    taken: Collection[datetime],
    closed: Container[date] = (),
) -> datetime:
    """The same time of day on the next day of work, none of the closed ones, on which nothing else
    is planned. (Posting times are another matter: `posting_times.Times.next_free`.)

    Raises:
        BadInput: every day is taken, for more than a year.
    """
    wall = planned_at.astimezone(calendar.zone).replace(tzinfo=None)
    busy = {at.astimezone(calendar.zone).date() for at in taken}
    first = max(wall.date(), now.astimezone(calendar.zone).date())
    for days in range(DAYS_TRIED):
        day = first + timedelta(days=days)
        slot = to_utc(datetime.combine(day, wall.time()), calendar.zone)
        if day in busy or day in closed or not calendar.works_on(day):
            continue
        if slot > max(now, planned_at):
            return slot
    raise BadInput("No day is free for this post.")


def spans_in(text: str) -> tuple[Span, ...]:
    """Spans as people write them, such as `9:00-12:00, 13:00-17:30`; nothing is a day off.

    Raises:
        BadInput: it is not written so.
    """
    parts = [part.strip() for part in text.replace("–", "-").split(",") if part.strip()]
    return tuple(_span(part) for part in parts[: SPANS_MAX + 1])


def spans_text(spans: Sequence[Span]) -> str:
    return ", ".join(f"{clock_text(since)}-{clock_text(until)}" for since, until in spans)


def clock_text(minute: int) -> str:
    """Minutes after midnight as a clock shows them."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_in(text: str) -> int:
    """Minutes after midnight; 24:00 is the end of the day.

    Raises:
        BadInput: it is no time of the day.
    """
    found = _CLOCK.fullmatch(text.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else DAY_MIN + 1
    if minute > DAY_MIN:
        raise BadInput(
            "“{value}” is no time of the day. Write 9:00-12:00, 13:00-17:30.",
            value=text.strip()[:40],
        )
    return minute


def _span(text: str) -> Span:
    since, _, until = text.partition("-")
    return minute_in(since), minute_in(until)


def _check_week(week: Week) -> None:
    if len(week) != WEEK_DAYS or not any(week):
        raise BadInput("Choose at least one working day.")
    for spans in week:
        ordered = all(0 <= since < until <= DAY_MIN for since, until in spans)
        apart = all(one[1] <= other[0] for one, other in pairwise(spans))
        if not ordered or not apart or len(spans) > SPANS_MAX:
            raise BadInput("Working hours begin before they end, and do not overlap.")
    # With fewer, the last of many hours lies decades away, and takes as long to find.
    if sum(until - since for spans in week for since, until in spans) < WEEK_LEAST_MIN:
        raise BadInput("A week has at least {least} working hours.", least=WEEK_LEAST_MIN // 60)


def _check_place(country: str, region: str) -> None:
    if not country:
        if region:
            raise BadInput("Choose the country first.")
        return
    regions = known_regions(country)
    if regions is None:
        raise BadInput("The holidays of “{name}” are not known.", name=country[:12])
    if region and region not in regions:
        raise BadInput("The holidays of “{name}” are not known.", name=region[:40])
