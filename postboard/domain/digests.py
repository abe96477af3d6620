"""When a notice is due by mail: at once, with the hour's others, or with the day's."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.tasks import How, NoticeKind

SETTLE = {NoticeKind.TO_REVIEW: timedelta(minutes=2)}
"""What is sent to the client one by one shall come in one mail."""
HOUR = timedelta(hours=1)
MOST_ATTEMPTS = 12
"""After so many a mail is given up, until somebody says to try again."""


def due_at(kind: NoticeKind, how: How, hour: int, zone: str, now: datetime) -> datetime:
    """The instant of the mail; `hour` (0..23) is on the clock of that zone, for a daily one."""
    if how is How.DAILY:
        return _next(hour, ZoneInfo(zone), now)
    if how is How.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + HOUR
    return now + SETTLE.get(kind, timedelta())


def _next(hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    today = now.astimezone(zone).date()
    there = to_utc(datetime.combine(today, time(hour)), zone)
    if there > now:
        return there
    return to_utc(datetime.combine(today + timedelta(days=1), time(hour)), zone)
