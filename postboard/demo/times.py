"""When things happened: office hours, counted back from a post's last beat."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from postboard.demo.agency import Part
from postboard.demo.story import Beat, Story
from postboard.domain.clock import to_utc
from postboard.domain.content import Words
from postboard.domain.tasks import TaskAction
from postboard.domain.workflow import Action

OPENS, CLOSES = 9, 18
SATURDAY = 5
TO_PUBLISH = timedelta(seconds=20)
"""What the clock needs to publish."""

TO_EDIT = (1, 20)
HOURS: Mapping[Action | TaskAction, tuple[float, float]] = {
    Action.ASSIGN: (2, 24),
    TaskAction.ACCEPT: (0.2, 3),
    TaskAction.SEND_BACK: (1, 8),
    Action.FINISH: (12, 50),
    Action.SUBMIT: (2, 30),
    Action.REQUEST_CHANGES: (2, 26),
    Action.APPROVE: (1, 30),
    Action.SEND_TO_CLIENT: (0.3, 8),
    Action.SCHEDULE: (0.4, 10),
    Action.HOLD: (4, 30),
    Action.CANCEL: (30, 120),
    Action.PUBLISH: (20, 100),
    Action.FAIL: (20, 100),
    Action.MARK_PUBLISHED: (0.3, 0.9),
}
"""How many hours a beat comes after the one before, at least and at most."""


def planned_time(story: Story, zone: ZoneInfo, now: datetime) -> datetime | None:
    if story.day is None:
        return None
    return to_utc(midnight(zone, now) + timedelta(days=story.day, hours=story.hour), zone)


def midnight(zone: ZoneInfo, now: datetime) -> datetime:
    """The beginning of today there, as wall time."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def times(
    story: Story,
    beats: Sequence[Beat],
    zone_of: Callable[[Part], ZoneInfo],
    planned_at: datetime | None,
    now: datetime,
    chance: Random,
) -> list[datetime]:
    """When the post was created and when each beat fell, in order."""
    clock = next((n for n, beat in enumerate(beats) if beat.part is Part.CLOCK), None)
    parts = [Part.WRITER, *(beat.part for beat in beats)]
    gaps = [_gap(beat, chance) for beat in beats]
    if clock is None or planned_at is None:
        last = in_office(now - timedelta(hours=story.quiet_h), zone_of(parts[-1]), chance)
        return _back_from(last, parts, gaps, zone_of, chance)
    published_at = planned_at + TO_PUBLISH
    told = _back_from(published_at, parts[: clock + 2], gaps[: clock + 1], zone_of, chance)
    for gap in gaps[clock + 1 :]:
        told.append(told[-1] + gap)
    return told


def in_office(at: datetime, zone: ZoneInfo, chance: Random) -> datetime:
    """`at` if people work then, else some time of the last working day before."""
    there = at.astimezone(zone)
    if OPENS <= there.hour < CLOSES and there.weekday() < SATURDAY:
        return at
    day = there.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if there.hour < CLOSES:
        day -= timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    seconds = chance.randrange(OPENS * 3600, CLOSES * 3600)
    return to_utc(day + timedelta(seconds=seconds), zone)


def next_office(at: datetime, zone: ZoneInfo) -> datetime:
    """`at` if people work then, else the morning of the next working day."""
    there = at.astimezone(zone)
    if OPENS <= there.hour < CLOSES and there.weekday() < SATURDAY:
        return at
    day = there.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if there.hour >= OPENS:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return to_utc(day + timedelta(hours=OPENS, minutes=there.minute), zone)


def _back_from(
    last: datetime,
    parts: Sequence[Part],
    gaps: Sequence[timedelta],
    zone_of: Callable[[Part], ZoneInfo],
    chance: Random,
) -> list[datetime]:
    told = [last]
    for part, gap in zip(reversed(parts[:-1]), reversed(gaps), strict=True):
        told.append(in_office(told[-1] - gap, zone_of(part), chance))
    return told[::-1]


def _gap(beat: Beat, chance: Random) -> timedelta:
    least, most = TO_EDIT if isinstance(beat.what, Words) else HOURS[beat.what]
    return timedelta(seconds=round(3600 * chance.uniform(least, most)))
