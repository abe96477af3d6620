"""When a client's posts go out as a rule, and the next of these times that is free."""

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput
from postboard.domain.working_time import DAY_MIN

A_DAY_MAX: Final = 24
DAYS_TRIED: Final = 400
_DAYS: Final = 7

PostingWeek = tuple[tuple[int, ...], ...]
"""Minutes after midnight for each day, Monday first."""
TEN_O_CLOCK: Final[PostingWeek] = ((10 * 60,),) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a week on the client's clock."""

    week: PostingWeek = TEN_O_CLOCK

    def checked(self) -> "Times":
        """The same in their order, each once.

        Raises:
            BadInput: a limit is passed, or there is no time at all.
        """
        if len(self.week) != _DAYS or not any(self.week):
            raise BadInput("Choose at least one time of the week.")
        if not all(0 <= minute < DAY_MIN for day in self.week for minute in day):
            raise BadInput("Posting times are times of the day.")
        if any(len(day) > A_DAY_MAX for day in self.week):
            raise BadInput("Choose at most {limit} times for a day.", limit=A_DAY_MAX)
        return Times(tuple(tuple(sorted(set(day))) for day in self.week))

    def next_free(
        self,
        after: datetime,
        zone: ZoneInfo,
        taken: Collection[datetime],
        closed: Container[date] = (),
    ) -> datetime:
        """The first of these times later than `after` at which nothing else goes out.

        Raises:
            BadInput: every one is taken, for more than a year.
        """
        # To the minute, as people plan.
        busy = {at.astimezone(UTC).replace(second=0, microsecond=0) for at in taken}
        first = after.astimezone(zone).date()
        for days in range(DAYS_TRIED):
            day = first + timedelta(days=days)
            if day in closed:
                continue
            for minute in self.week[day.weekday()]:
                wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                slot = to_utc(wall, zone)
                if slot > after and slot not in busy:
                    return slot
        raise BadInput("No posting time is free for this post.")
