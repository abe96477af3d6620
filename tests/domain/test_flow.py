"""How approval flows, every figure worked out by hand beside it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain import flow_counts, flow_quality, flow_times
from postboard.domain.chains import Side
from postboard.domain.flow import (
    CREATED,
    DECIDED,
    STAGES,
    Agreed,
    Move,
    Office,
    Outcome,
    Passage,
    Walk,
    walk,
)
from postboard.domain.flow_counts import Bottleneck, Day, FlowDay, Stability, StateWip
from postboard.domain.flow_quality import (
    OnTime,
    People,
    Person,
    Quality,
    Reasons,
    Responses,
    Rounds,
    Week,
    Yield,
)
from postboard.domain.flow_report import Known, report
from postboard.domain.flow_times import Aged, Efficiency, ServiceLevel, Spread, StateTime, Times
from postboard.domain.forecast import Forecast, TooFew, forecast
from postboard.domain.periods import Period
from postboard.domain.workflow import (
    SPECS,
    STEPS,
    Action,
    Approval,
    Phase,
    Policy,
    State,
    Turn,
)
from postboard.domain.working_time import NINE_TO_FIVE, WorkingCalendar
from tests.flow_world import METER, NOW, OFFICE, ZONE, golden, march, moves, person, walked

HOUR = timedelta(hours=1)
WORLD = golden()
PASSAGES = [passage for one in WORLD.values() for passage in one.passages]
PERIOD = Period(date(2026, 3, 2), date(2026, 3, 9))
DONE = flow_times.finished(PASSAGES, PERIOD)
IR, IRW, READY = State.INTERNAL_REVIEW, State.INTERNAL_REWORK, State.READY_FOR_CLIENT
CR, CRW = State.CLIENT_REVIEW, State.CLIENT_REWORK


def numbers(passages: list[Passage]) -> list[int]:
    return [one.post_id.int for one in passages]


def test_finished_are_those_that_started_and_were_approved() -> None:
    # 5 was cancelled, nobody was asked about 6, and how 8 and 9 came there is not on record.
    assert numbers(DONE) == [1, 2, 3, 7]
    assert flow_times.unasked(PASSAGES, PERIOD) == 1
    assert flow_times.not_whole(PASSAGES) == 1
    outcomes = {n: [one.outcome for one in WORLD[n].passages] for n in WORLD}
    opened, approved = Outcome.OPEN, Outcome.APPROVED
    assert outcomes == {
        **{number: [approved] for number in (1, 2, 3, 6)},
        4: [opened],
        5: [Outcome.CANCELLED],
        7: [approved, opened],
        8: [],
        9: [opened],
    }


def test_how_long_it_took() -> None:
    # 1: Monday and Tuesday, 6 + 8 working hours; asked for two hours earlier.
    # 2: Monday to Monday, 7 + 4 × 8 + 3; an hour earlier. 3: 7 + 4; an hour earlier.
    # 7: three hours of one day, and nothing before.
    each = {
        p.post_id.int: (p.cycle_days, p.cycle_worked / HOUR, p.lead_days, p.lead_worked / HOUR)
        for p in DONE
    }
    assert each == {1: (2, 14, 2, 16), 2: (8, 42, 8, 43), 3: (2, 11, 2, 12), 7: (1, 3, 1, 3)}
    # Of 1, 2, 2, 8 the second is the median, and the fourth what 85 % do not pass.
    days = Spread(4, 2, 8, 8)
    assert flow_times.times(DONE) == Times(days, Spread(4, 11, 42, 42), days, Spread(4, 12, 43, 43))
    assert flow_times.times([]) == Times(None, None, None, None)


def test_where_the_time_went() -> None:
    def took(state: State, turn: Turn, elapsed: int, worked: int) -> StateTime:
        return StateTime(state, turn, elapsed * HOUR, worked * HOUR, elapsed / 230)

    states = flow_times.time_by_state(DONE)
    assert states == [
        # By post: 4 + 21 + 1 + 1 on the calendar, 4 + 5 + 1 + 1 of it working hours.
        took(IR, Turn.AGENCY, 27, 11),
        took(IRW, Turn.AGENCY, 4, 4),
        took(READY, Turn.AGENCY, 18 + 3, 2 + 3),
        # 8, a day and a weekend with it (24 + 115), 26 with what was taken back, and 2.
        took(CR, Turn.CLIENT, 8 + 139 + 26 + 2, 8 + 27 + 10 + 2),
        took(CRW, Turn.AGENCY, 3, 3),
    ]
    assert flow_times.time_by_turn(states) == pytest.approx(
        {Turn.AGENCY: 55 / 230, Turn.CLIENT: 175 / 230}
    )
    # Worked on: internal review and both reworks, 4 + 12 + 1 + 1 of 16 + 43 + 12 + 3 hours.
    told = flow_times.efficiency(DONE)
    assert (told, told.share) == (Efficiency(4, 18 * HOUR, 56 * HOUR), 18 / 74)
    assert flow_times.efficiency([]).share is None


def test_right_first_time() -> None:
    told = flow_quality.quality(PASSAGES, PERIOD)
    # Post 2 came back from both sides. Post 4 was answered too: by the agency, with yes.
    by_side = {Side.INTERNAL: Yield(4, 3), Side.CLIENT: Yield(4, 3)}
    assert told == Quality(Yield(4, 3), by_side, answered=5, came_back=1, reopened=1)
    assert (told.whole.share, told.rolled, told.rework_rate) == (3 / 4, 9 / 16, 1 / 5)
    rounds = flow_quality.rounds(DONE)
    assert (rounds, rounds.mean) == (Rounds({1: 3, 2: 1}), 5 / 4)
    assert flow_quality.by_week(PASSAGES, PERIOD) == [
        Week(date(2026, 3, 2), Yield(3, 3), 1.0),
        Week(date(2026, 3, 9), Yield(1, 0), 2.0),
    ]
    empty = flow_quality.quality([], PERIOD)
    assert (empty.whole.share, empty.rolled, empty.rework_rate) == (None, None, None)
    assert flow_quality.by_week([], PERIOD)[0] == Week(date(2026, 3, 2), Yield(0, 0), None)


def test_what_requests_for_changes_were_about() -> None:
    # The legal one was taken back.
    both = {"brand": 1, "copy": 1, "image": 1}
    assert flow_quality.reasons(PASSAGES, PERIOD) == Reasons(2, both)
    of_client = flow_quality.reasons(PASSAGES, PERIOD, [Side.CLIENT])
    assert of_client == Reasons(1, {"brand": 1, "image": 1})


def test_throughput_counts_the_days_without_any() -> None:
    told = flow_counts.throughput(DONE, PERIOD)
    assert [(day.day.day, day.finished) for day in told] == [
        *((2, 1), (3, 1), (4, 1), (5, 0)),
        *((6, 0), (7, 0), (8, 0), (9, 1)),
    ]


def test_what_one_person_approves_in_one_sitting_is_one_batch() -> None:
    def approved(number: int, at: datetime) -> Passage:
        to_client = [(march(2), CREATED), (march(2), Action.SUBMIT), (march(2), Action.APPROVE)]
        steps = [*to_client, (march(2), Action.SEND_TO_CLIENT), (at, Action.APPROVE)]
        return walked(number, *steps).passages[0]

    clocks = ("10:00:00", "10:00:50", "10:01:40", "10:03:00")
    done = [approved(n, march(3, clock)) for n, clock in enumerate(clocks)]
    # The third came fifty seconds after the second; eighty seconds later another began.
    assert flow_counts.throughput(done, Period(date(2026, 3, 3), date(2026, 3, 3))) == [
        Day(date(2026, 3, 3), finished=4, batches=2)
    ]
    assert [numbers(batch) for batch in flow_counts.batches_of(done)] == [[0, 1, 2], [3]]


def test_cumulative_flow_counts_who_came_so_far() -> None:
    told = flow_counts.cumulative_flow(list(WORLD.values()), PERIOD)
    # Draft, in production, internal review, ready, client review, approved, scheduled, published.
    # On Monday all but 3 were made, and 7 was scheduled on the same day.
    assert told[0] == FlowDay(date(2026, 3, 2), (8, 3, 3, 2, 1, 1, 1, 0), came_back=1)
    # On Tuesday 5 leaves through all of them, as 8 and 9 come to where their record goes on.
    assert told[1] == FlowDay(date(2026, 3, 3), (9, 8, 8, 8, 6, 4, 3, 1), came_back=1)
    assert told[-1] == FlowDay(date(2026, 3, 9), (9, 9, 9, 9, 8, 7, 3, 1), came_back=2)
    assert flow_counts.cumulative_flow([], PERIOD)[0].reached == (0,) * len(STAGES)


def test_what_is_in_progress_and_how_old_it_is() -> None:
    limits = {CR: 0, IR: 1}
    told = flow_counts.wip(PASSAGES, limits)
    assert told == [
        StateWip(IR, 1, 1, march(5)),
        StateWip(IRW, 0, None, None),
        StateWip(READY, 0, None, None),
        StateWip(CR, 1, 0, march(4)),
        StateWip(CRW, 0, None, None),
    ]
    assert [one.state for one in told if one.over] == [CR]
    walks = list(WORLD.values())
    assert flow_times.ageing(walks, NOW) == [
        Aged(WORLD[4].passages[0], 7, timedelta(6, hours=4), timedelta(5, hours=4)),
        Aged(WORLD[7].passages[1], 5, timedelta(4, hours=4), timedelta(4, hours=4)),
    ]


def test_on_time_is_by_the_plan_of_the_approval() -> None:
    # 1 and 6 were approved a day ahead. 2 was to go out on the 10th until after its approval.
    # 4 is not approved yet. 3 has no time, 7 has until tomorrow, 5 is cancelled.
    told = flow_quality.on_time(WORLD.values(), PERIOD, NOW)
    assert told == OnTime(n=4, in_time=2, late=(UUID(int=2), UUID(int=4)), unplanned=1)
    assert told.share == 1 / 2
    # Three hours ahead are enough for 2; that of 4 has not come, that of 7 neither.
    told = flow_quality.on_time(WORLD.values(), PERIOD, NOW, 3 * HOUR)
    assert told == OnTime(n=2, in_time=2, late=(), unplanned=1)


def test_answers_against_the_agreement() -> None:
    # 8; 8 and 19; 10; 2; and 4 has been open for 28 working hours of the 16.
    client = flow_quality.responses(PASSAGES, PERIOD, Side.CLIENT, NOW)
    assert client == Responses(Spread(5, 8, 19, 19), in_time=4, due=6)
    # 4; 2, 2 and 1; 1; 8; 1; and 7 has been open for 20.
    ours = flow_quality.responses(PASSAGES, PERIOD, Side.INTERNAL, NOW)
    assert ours == Responses(Spread(7, 2, 4, 8), in_time=7, due=8)


def test_an_answer_is_held_against_what_was_agreed_when_it_was_asked_for() -> None:
    # Since noon of the 4th the client has 40 hours. That day 4 was asked for before, and is
    # overdue as it was; 2 was asked for again after, and its 19 hours are in time.
    longer = Agreed(march(4, "12:00"), METER, 40 * HOUR)
    changed = replace(OFFICE, agreed=(longer, *OFFICE.agreed))
    passages = [replace(one, office=changed) for one in PASSAGES]
    client = flow_quality.responses(passages, PERIOD, Side.CLIENT, NOW)
    assert client == Responses(Spread(5, 8, 19, 19), in_time=5, due=6)


def test_littles_law_compares_what_was_measured() -> None:
    told = flow_counts.stability(PASSAGES, PERIOD)
    assert flow_counts.wip_by_day(PASSAGES, PERIOD) == [2, 3, 2, 3, 3, 3, 3, 2]
    assert told == Stability(6, 4, 21 / 8, 4 / 8, (1 + 7 + 1 + 0) / 4)
    assert (told.predicted_days, told.stable) == (21 / 4, None)


@pytest.mark.parametrize(
    ("arrivals", "took", "stable"),
    [(20, 4.0, True), (22, 4.0, True), (23, 4.0, False), (20, 3.0, False), (20, None, None)],
)
def test_a_stable_process_keeps_little_s_law(
    arrivals: int, took: float | None, stable: bool | None
) -> None:
    # With 8 under way and 2 finished a day it is four days.
    assert Stability(arrivals, 20, 8, 2, took).stable is stable


def test_a_report_holds_all_of_it() -> None:
    told = report(Known(list(WORLD.values()), NOW), PERIOD, PERIOD.last, {CR: 0})
    assert told
    now = told.figures
    assert (now.period, numbers(list(now.done)), now.unasked) == (PERIOD, [1, 2, 3, 7], 1)
    assert (now.times, now.rounds) == (flow_times.times(DONE), Rounds({1: 3, 2: 1}))
    assert (told.before.period.last, told.before.done) == (date(2026, 3, 1), [])
    # Four are too few for any of these; today's own is not among the ninety days.
    assert (told.rolling_n, told.bands, told.service_level) == (3, [], None)
    assert (told.forecast, told.bottleneck) == (TooFew(7), None)
    assert told.reviewers == People((), others=1, their_answers=5)
    assert told.not_whole == 1
    assert report(Known([], NOW), PERIOD, date(2026, 3, 1)) is None


def test_nobody_is_measured_by_fewer_than_ten_cases() -> None:
    def asked(number: int, hours: int) -> Passage:
        start = march(2 + number % 5)
        steps = [(start, CREATED), (start, Action.SUBMIT)]
        return walked(number, *steps, (start + hours * HOUR, Action.APPROVE)).passages[0]

    nine = [asked(number, 2) for number in range(9)]
    told = flow_quality.people(nine, PERIOD, Side.INTERNAL)
    assert told == People((), others=1, their_answers=9)
    ten = flow_quality.people([*nine, asked(9, 4)], PERIOD, Side.INTERNAL)
    assert ten == People((Person(person("iris"), "Iris", 10, 2, 10),), 0, 0)


def test_the_bottleneck_is_where_most_time_passes_also_of_what_is_open() -> None:
    start = march(2)

    def one(number: int, done: bool) -> Passage:
        steps = [(start, CREATED), (start, Action.SUBMIT), (start + 10 * HOUR, Action.APPROVE)]
        sent = [(start + 20 * HOUR, Action.SEND_TO_CLIENT)]
        end = [(start + 30 * HOUR, Action.APPROVE)] if done else []
        return walked(number, *steps, *sent, *end).passages[0]

    some = [one(number, done=number < 8) for number in range(10)]
    until = start + 100 * HOUR
    # Ten hours each in internal review and in ready; with the client 8 × 10 and 2 × 80.
    assert flow_counts.bottleneck(some, start, until) == Bottleneck(
        CR, 240 / 440, passages=10, waiting=240 / 100, now=2, entered=10, left=8
    )
    # In the first twenty hours nothing is with the client; the one of two that comes first counts.
    first = flow_counts.bottleneck(some, start, start + 15 * HOUR)
    assert first == Bottleneck(IR, 100 / 150, 10, 100 / 15, now=0, entered=10, left=10)
    assert flow_counts.bottleneck(some[:9], start, until) is None
    # A period that is over is told as it was then: two stand with the client since Tuesday six.
    whole = report(
        Known([_of(passage) for passage in some], until),
        Period(date(2026, 3, 2), date(2026, 3, 3)),
        date(2026, 3, 6),
    )
    assert whole
    assert whole.bottleneck == flow_counts.bottleneck(
        some, datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    )
    assert whole.bottleneck.now == 2


def test_promises_and_bands_are_of_ten_cases() -> None:
    def took(number: int, days: int) -> Passage:
        start = march(2)
        end = (start + timedelta(days - 1), Action.APPROVE)
        internal = Policy(Approval.INTERNAL_ONLY)
        return walked(
            number, (start, CREATED), (start, Action.SUBMIT), end, policy=internal
        ).passages[0]

    ten = [took(days, days) for days in range(1, 11)]
    # Of 1…10 the ninth is what 85 % do not pass.
    assert flow_times.service_level(ten) == ServiceLevel(0.85, 9, 10)
    assert flow_times.service_level(ten[1:]) is None
    (band,) = flow_times.bands(ten)
    assert (band.state, band.ages) == (IR, Spread(10, 4, 8, 9))
    assert flow_times.bands(ten[1:]) == []


def test_the_same_past_foresees_the_same() -> None:
    # One a day, whatever is drawn: seven take seven days, and fourteen days make fourteen.
    sure = dict.fromkeys((50, 70, 85, 95))
    told = forecast([1] * 30, 7, 14)
    assert told == Forecast(30, 30, dict.fromkeys(sure, 7), dict.fromkeys(sure, 14))
    assert forecast([1] * 9, 7, 14) == TooFew(1)
    assert forecast([], 7, 14) == TooFew(10)
    nothing_open = forecast([1] * 30, 0, 14)
    assert isinstance(nothing_open, Forecast)
    assert nothing_open.within == dict.fromkeys(sure, 0)
    # Ten in one day of a hundred: who wants to be surer waits longer, and counts on less.
    rare = forecast([10, *[0] * 99], 10, 100)
    assert isinstance(rare, Forecast)
    waits = [days for days in rare.within.values() if days is not None]
    assert waits == sorted(waits)
    # The median of the first day with a chance of 1 in 100 is the 69th.
    assert waits[0] == pytest.approx(69, abs=3)
    assert list(rare.by_then.values()) == sorted(rare.by_then.values(), reverse=True)
    never = forecast([10, *[0] * 99], 10_000, 14)
    assert isinstance(never, Forecast)
    assert set(never.within.values()) == {None}


def test_stages_of_a_chain_are_each_asked_from_when_their_turn_came() -> None:
    told = moves(
        (march(2), CREATED),
        (march(2), Action.SUBMIT),
        (march(2, "12:00"), DECIDED),
        (march(3, "10:00"), Action.APPROVE),
    )
    # With the first yes the second stage is asked.
    chain = [
        *told[:2],
        Move(**{**_fields(told[2]), "asks_next": True}),
        told[3],
    ]
    (passage,) = walk(UUID(int=1), chain, OFFICE).passages
    assert [(one.worked / HOUR, one.approved) for one in passage.answers] == [(3, True), (6, True)]
    (joined,) = walk(UUID(int=1), told, OFFICE).passages
    assert [one.worked / HOUR for one in joined.answers] == [3, 9]


def test_the_clock_s_consent_is_nobody_s_answer() -> None:
    told = moves((march(2), CREATED), (march(2), Action.SUBMIT), (march(4), Action.APPROVE))
    silent = [*told[:2], Move(**{**_fields(told[2]), "person_id": None, "person": "Postboard"})]
    (passage,) = walk(UUID(int=1), silent, OFFICE).passages
    assert passage.answers == ()


def _of(passage: Passage) -> Walk:
    return Walk(passage.post_id, OFFICE, (None,) * len(STAGES), (passage,), None)


def _fields(move: Move) -> dict[str, object]:
    return {name: getattr(move, name) for name in Move.__slots__}


@pytest.mark.parametrize(
    ("zone", "start", "end", "days", "hours"),
    [
        # Spring: at half past eleven until half past three it is three hours, and two days.
        ("Europe/Berlin", "2026-03-28T23:30", "2026-03-29T03:30", 2, 3),
        # Autumn: one o'clock comes twice.
        ("America/New_York", "2026-11-01T00:30", "2026-11-01T02:30", 1, 3),
        ("Europe/Berlin", "2028-02-28T12:00", "2028-03-01T12:00", 3, 48),
        ("Europe/Berlin", "2027-02-28T12:00", "2027-03-01T12:00", 2, 24),
        # The day that Samoa left out.
        ("Pacific/Apia", "2011-12-29T12:00", "2011-12-31T12:00", 3, 24),
        ("Asia/Shanghai", "2026-12-31T23:59", "2027-01-01T00:01", 2, 2 / 60),
    ],
)
def test_days_are_those_of_the_client_s_clock(
    zone: str, start: str, end: str, days: int, hours: float
) -> None:
    began, over = (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for text in (start, end)
    )
    calendar = WorkingCalendar(ZoneInfo(zone), NINE_TO_FIVE)
    office = Office(calendar.zone, (Agreed(None, calendar.meter(began, over), timedelta()),))
    told = moves(
        (began, CREATED),
        (began, Action.SUBMIT),
        (over, Action.APPROVE),
        policy=Policy(Approval.INTERNAL_ONLY),
    )
    (passage,) = walk(UUID(int=1), told, office).passages
    assert passage.cycle_days == days
    assert passage.elapsed_in[IR] / HOUR == pytest.approx(hours)


@st.composite
def lives(draw: st.DrawFn) -> list[Move]:
    """Any way through the workflow, with times between its steps that may be nothing."""
    policy = Policy(draw(st.sampled_from(Approval)), draw(st.booleans()))
    at = march(2) + timedelta(minutes=draw(st.integers(0, 60 * 24 * 20)))
    state = State.DRAFT
    told = [Move(CREATED, None, state, at, person("ben"), "Ben")]
    for _ in range(draw(st.integers(0, 14))):
        steps = [s for s in STEPS if s.state is state and s.fits(policy)]
        steps = [s for s in steps if s.action is not Action.RECONSIDER]
        if not steps:
            break
        step = draw(st.sampled_from(steps))
        at += timedelta(minutes=draw(st.integers(0, 60 * 24 * 4)))
        who = draw(st.sampled_from(["iris", "cleo"]))
        told.append(Move(step.action, state, step.next_state, at, person(who), who.title()))
        state = step.next_state
    return told


WEEKS = Period(date(2026, 2, 25), date(2026, 5, 10))


@given(st.lists(lives(), max_size=12))
def test_whatever_posts_go_through_the_figures_hold(told: list[list[Move]]) -> None:
    walks = [walk(UUID(int=n), life, OFFICE) for n, life in enumerate(told)]
    passages = [passage for one in walks for passage in one.passages]
    assert all(one.whole for one in passages)
    done = flow_times.finished(passages, WEEKS)
    for one in done:
        assert one.started_at
        assert one.ended_at
        # The times of the states are the whole time, on the calendar and in working hours.
        assert sum(one.elapsed_in.values(), timedelta()) == one.ended_at - one.started_at
        assert one.cycle_worked == METER.between(one.started_at, one.ended_at)
        assert one.lead_worked == METER.between(one.requested_at, one.ended_at)
    states = flow_times.time_by_state(done)
    if states:
        assert sum(one.share for one in states) == pytest.approx(1)
        assert sum(flow_times.time_by_turn(states).values()) == pytest.approx(1)
    days = flow_counts.cumulative_flow(walks, WEEKS)
    for earlier, later in pairwise(days):
        assert all(a <= b for a, b in zip(earlier.reached, later.reached, strict=True))
        assert earlier.came_back <= later.came_back
    for day in days:
        assert list(day.reached) == sorted(day.reached, reverse=True)


@given(st.lists(lives(), max_size=12))
def test_what_is_under_way_is_what_came_less_what_went(told: list[list[Move]]) -> None:
    walks = [walk(UUID(int=n), life, OFFICE) for n, life in enumerate(told)]
    passages = [passage for one in walks for passage in one.passages]

    def stands(life: list[Move], day: date) -> bool:
        states = [m.state for m in life if m.at.astimezone(ZONE).date() <= day]
        return bool(states) and SPECS[states[-1]].phase is Phase.REVIEW

    counted = [sum(stands(life, day) for life in told) for day in WEEKS.each()]
    # What was reopened stands in making again and is not counted, nor was it before it started.
    assert flow_counts.wip_by_day(passages, WEEKS) == counted
    assert flow_counts.wip_by_day(passages, WEEKS)[-1] == sum(
        one.n for one in flow_counts.wip(passages, {})
    )
