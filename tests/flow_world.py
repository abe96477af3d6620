"""Posts whose way to approval is known by the hour, for figures worked out by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from postboard.domain.flow import CREATED, DECIDED, Agreed, Move, Office, Replanned, Walk, walk
from postboard.domain.workflow import Action, Approval, Policy, State, find_step
from postboard.domain.working_time import NINE_TO_FIVE, WorkingCalendar

ZONE = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar(ZONE, NINE_TO_FIVE, "DE", "BE")
METER = CALENDAR.meter(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
OFFICE = Office(ZONE, (Agreed(None, METER, timedelta(hours=16)),))
"""Berlin, nine to five, and two working days to answer."""
USUAL = Policy()
NAMES = {"ben": "Ben", "iris": "Iris", "aron": "Aron", "cleo": "Cleo"}
_WHO = {
    Action.SUBMIT: "ben",
    Action.SEND_TO_CLIENT: "aron",
    Action.RECONSIDER: "cleo",
    Action.REVISE: "ben",
}


def person(name: str) -> UUID:
    return uuid5(UUID(int=0), name)


def march(day: int, clock: str = "9:00") -> datetime:
    """Of 2026, on Berlin's clock; the 2nd is a Monday."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(2026, 3, day, hour, minute, *second, tzinfo=ZONE).astimezone(UTC)


def moves(
    *told: tuple[datetime, str] | tuple[datetime, str, str], policy: Policy = USUAL
) -> list[Move]:
    """Steps as the workflow takes them, from being made on; a third word names the tags."""
    found: list[Move] = []
    state: State | None = None
    request = 0
    for at, action, *tags in told:
        before = state
        if action == CREATED:
            state = State.DRAFT
        elif action != DECIDED and before:
            step = find_step(before, Action(action), policy)
            assert step, (before, action)
            state = step.next_state
        assert state
        in_review = {State.INTERNAL_REVIEW: "iris", State.CLIENT_REVIEW: "cleo"}
        who = _WHO.get(action) or in_review.get(before or state, "aron")
        found.append(
            Move(
                action,
                before,
                state,
                at,
                person(who),
                NAMES[who],
                request=str(request),
                tags=tuple(tag for words in tags for tag in words.split()),
            )
        )
        request += before is not state and action not in {Action.RECONSIDER, *_ANSWERED}
    return found


_ANSWERED = {Action.APPROVE, Action.REQUEST_CHANGES}


def walked(
    number: int,
    *told: tuple[datetime, str] | tuple[datetime, str, str],
    policy: Policy = USUAL,
    planned_at: datetime | None = None,
    replanned: tuple[Replanned, ...] = (),
) -> Walk:
    return walk(
        UUID(int=number),
        moves(*told, policy=policy),
        OFFICE,
        planned_at=planned_at,
        replanned=replanned,
    )


def golden() -> dict[int, Walk]:
    """Nine posts of a week and a day; now is Monday the 9th, 13:00.

    1 goes straight through. 2 comes back from both sides. The client takes a decision on 3 back.
    4 waits for the client. 5 is cancelled. 6 asks nobody. 7 is approved, and gets new words. What
    put 8 and 9 where they were is not on record.
    """
    made = CREATED
    submit, approve, send = Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT
    back = Action.REQUEST_CHANGES
    return {
        1: walked(
            1,
            (march(2), made),
            (march(2, "11:00"), submit),
            (march(2, "15:00"), approve),
            (march(3), send),
            (march(3, "17:00"), approve),
            planned_at=march(5),
        ),
        2: walked(
            2,
            (march(2), made),
            (march(2, "10:00"), submit),
            (march(2, "12:00"), back, "copy"),
            (march(2, "16:00"), submit),
            (march(3, "10:00"), approve),
            (march(3, "12:00"), send),
            (march(4, "12:00"), back, "image brand"),
            (march(4, "15:00"), submit),
            (march(4, "16:00"), approve),
            (march(4, "17:00"), send),
            (march(9, "12:00"), approve),
            planned_at=march(20),
            replanned=(Replanned(march(9, "12:30"), march(10)),),
        ),
        3: walked(
            3,
            (march(3), made),
            (march(3, "10:00"), submit),
            (march(3, "11:00"), approve),
            (march(3, "11:00"), send),
            (march(4, "11:00"), back, "legal"),
            (march(4, "11:00:05"), Action.RECONSIDER),
            (march(4, "13:00"), approve),
        ),
        4: walked(
            4,
            (march(2), made),
            (march(3), submit),
            (march(3, "17:00"), approve),
            (march(4), send),
            planned_at=march(9, "17:00"),
        ),
        5: walked(5, (march(2), made), (march(3), Action.CANCEL), planned_at=march(5)),
        6: walked(
            6,
            (march(2), made),
            (march(5), submit),
            policy=Policy(Approval.NOBODY),
            planned_at=march(6, "12:00"),
        ),
        7: walked(
            7,
            (march(2), made),
            (march(2), submit),
            (march(2, "10:00"), approve),
            (march(2, "10:00"), send),
            (march(2, "12:00"), approve),
            (march(2, "13:00"), Action.SCHEDULE),
            (march(5), Action.REVISE),
            planned_at=march(11),
        ),
        8: _torn(8, State.APPROVED, Action.SCHEDULE, State.SCHEDULED),
        9: _torn(9, State.INTERNAL_REVIEW, Action.APPROVE, State.READY_FOR_CLIENT),
    }


NOW = march(9, "13:00")


def _torn(number: int, before: State, action: Action, state: State) -> Walk:
    new = Move(CREATED, None, State.DRAFT, march(2), person("ben"), "Ben")
    jumped = Move(action, before, state, march(3), person("iris"), "Iris")
    return walk(UUID(int=number), [new, jumped], OFFICE)
