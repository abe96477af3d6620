"""Planning backwards in named cities: weekends, holidays, swapped days and clocks that change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.agreement import Terms
from postboard.domain.content import Media, MediaKind
from postboard.domain.errors import BadInput
from postboard.domain.planning import (
    BackwardPlan,
    LeadStep,
    LeadTimes,
    PostKind,
    StepTime,
    leaves_by,
    left_in,
    plan_back,
    usual_lead_times,
)
from postboard.domain.workflow import SPECS, Approval, State
from postboard.domain.working_time import NINE_TO_FIVE, Week, WorkingCalendar

BREAK: Week = (((9 * 60, 12 * 60), (13 * 60, 18 * 60)),) * 5 + ((), ())
ALWAYS: Week = (((0, 24 * 60),),) * 7
BERLIN = WorkingCalendar(ZoneInfo("Europe/Berlin"), NINE_TO_FIVE, "DE", "BE")
SHANGHAI = WorkingCalendar(ZoneInfo("Asia/Shanghai"), BREAK, "CN")
NEW_YORK = WorkingCalendar(ZoneInfo("America/New_York"), NINE_TO_FIVE, "US", "NY")
KIRITIMATI = WorkingCalendar(ZoneInfo("Pacific/Kiritimati"), NINE_TO_FIVE)
NIGHTS = WorkingCalendar(ZoneInfo("Europe/Berlin"), ALWAYS)
CITIES = [BERLIN, SHANGHAI, NEW_YORK, KIRITIMATI, NIGHTS]

SHORT = LeadTimes(copy=0, design=0, internal_review=0, rework=0, client_review=16, buffer=2)


def wall(city: WorkingCalendar, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=city.zone, fold=fold).astimezone(UTC)


def test_every_step_ends_where_the_next_begins() -> None:
    lead = LeadTimes(copy=8, design=8, internal_review=4, rework=4, client_review=16, buffer=2)
    publish_at = wall(BERLIN, "2026-11-27 14:00")
    plan = plan_back(lead, BERLIN, publish_at, now=wall(BERLIN, "2026-11-16 09:00"))
    walls = [
        ("copy", "2026-11-20 12:00", "2026-11-23 12:00"),
        ("design", "2026-11-23 12:00", "2026-11-24 12:00"),
        ("internal_review", "2026-11-24 12:00", "2026-11-24 16:00"),
        ("rework", "2026-11-24 16:00", "2026-11-25 12:00"),
        ("client_review", "2026-11-25 12:00", "2026-11-27 12:00"),
        ("buffer", "2026-11-27 12:00", "2026-11-27 14:00"),
    ]
    assert plan.steps == tuple(
        StepTime(LeadStep(step), wall(BERLIN, since), wall(BERLIN, until))
        for step, since, until in walls
    )
    assert plan.earliest_at is None


@pytest.mark.parametrize(
    ("city", "publish", "asked", "answered"),
    [
        # Published on a Sunday: the buffer is Friday's last two hours.
        (BERLIN, "2026-11-29 20:00", "2026-11-25 15:00", "2026-11-27 15:00"),
        # A day's opening is as good as the closing before it, and later.
        # Before Easter's four days; and over the day the clocks jump.
        (BERLIN, "2026-04-07 11:00", "2026-04-01 09:00", "2026-04-07 09:00"),
        (BERLIN, "2026-03-30 11:00", "2026-03-26 09:00", "2026-03-30 09:00"),
        # Over the day the clocks go back in New York, and Thanksgiving.
        (NEW_YORK, "2026-11-02 11:00", "2026-10-29 09:00", "2026-11-02 09:00"),
        (NEW_YORK, "2026-11-30 09:00", "2026-11-24 15:00", "2026-11-27 15:00"),
        # The Spring Festival, of which the Saturdays before and after are worked.
        (SHANGHAI, "2026-02-24 11:00", "2026-02-13 09:00", "2026-02-24 09:00"),
        # Where it is tomorrow already.
        (KIRITIMATI, "2026-03-01 00:30", "2026-02-25 15:00", "2026-02-27 15:00"),
        # 29 February is worked in a leap year, when it is a weekday.
        (BERLIN, "2028-03-01 11:00", "2028-02-28 09:00", "2028-03-01 09:00"),
    ],
)
def test_the_client_is_asked_early_enough_on_its_own_clock(
    city: WorkingCalendar, publish: str, asked: str, answered: str
) -> None:
    plan = plan_back(SHORT, city, wall(city, publish), now=wall(city, publish) - timedelta(60))
    review = plan.steps[0]
    needed = timedelta(hours=16)
    assert (review.step, review.due_at) == (LeadStep.CLIENT_REVIEW, wall(city, answered))
    assert city.working_between(review.starts_at, review.due_at) == needed
    assert city.working_between(wall(city, asked), review.due_at) == needed


def test_both_hours_that_a_clock_shows_twice_are_told_apart() -> None:
    """Who works at night has an hour more on 25 October, and one less on 29 March."""
    lead = LeadTimes(copy=0, design=0, internal_review=0, rework=0, client_review=2, buffer=0)
    for publish, fold, begins in [
        ("2026-10-25 02:30", 0, "2026-10-24T22:30"),
        ("2026-10-25 02:30", 1, "2026-10-24T23:30"),
        ("2026-03-29 03:30", 0, "2026-03-28T23:30"),
    ]:
        publish_at = wall(NIGHTS, publish, fold)
        plan = plan_back(lead, NIGHTS, publish_at, now=publish_at - timedelta(9))
        since = datetime.fromisoformat(begins).replace(tzinfo=UTC)
        assert plan.steps == (StepTime(LeadStep.CLIENT_REVIEW, since, publish_at),)


def test_too_little_time_is_shared_and_the_earliest_that_works_is_told() -> None:
    now, publish_at = wall(BERLIN, "2026-11-26 09:00"), wall(BERLIN, "2026-11-27 10:00")
    plan = plan_back(SHORT, BERLIN, publish_at, now=now)
    assert plan.earliest_at == wall(BERLIN, "2026-11-30 11:00")
    assert plan.steps == (
        StepTime(LeadStep.CLIENT_REVIEW, now, wall(BERLIN, "2026-11-27 09:00")),
        StepTime(LeadStep.BUFFER, wall(BERLIN, "2026-11-27 09:00"), publish_at),
    )
    assert plan_back(SHORT, BERLIN, plan.earliest_at, now=now).earliest_at is None


def test_with_no_working_time_at_all_everything_is_due_when_it_goes_out() -> None:
    now, publish_at = wall(BERLIN, "2026-11-28 09:00"), wall(BERLIN, "2026-11-29 10:00")
    plan = plan_back(SHORT, BERLIN, publish_at, now=now)
    assert [one.due_at for one in plan.steps] == [publish_at, publish_at]
    assert plan.earliest_at == wall(BERLIN, "2026-12-02 11:00")


def test_the_usual_times_follow_the_agreement_and_who_approves() -> None:
    lead = usual_lead_times(Terms(response_hours=24), PostKind.VIDEO)
    assert lead == LeadTimes(
        copy=8, design=24, internal_review=4, rework=4, client_review=24, buffer=2
    )
    asked = {
        approval: (one.internal_review, one.rework, one.client_review)
        for approval in Approval
        for one in [lead.asking(approval)]
    }
    assert asked == {
        Approval.INTERNAL_AND_CLIENT: (4, 4, 24),
        Approval.INTERNAL_ONLY: (4, 4, 0),
        Approval.CLIENT_ONLY: (0, 4, 24),
        Approval.NOBODY: (0, 0, 0),
    }


def test_a_kind_of_post_is_what_takes_longest_to_make() -> None:
    image, video = Media("/a.jpg"), Media("/b.mp4", kind=MediaKind.VIDEO)
    assert [PostKind.of(media) for media in ([], [image], [image, video])] == list(PostKind)


@pytest.mark.parametrize("hours", [-1, 401])
def test_lead_times_outside_their_limits_are_refused(hours: int) -> None:
    with pytest.raises(BadInput):
        LeadTimes(design=hours).checked()


def test_what_is_over_in_a_state_is_not_planned_again() -> None:
    assert {state for state in State if not left_in(state)} == {
        state for state, spec in SPECS.items() if spec.finished
    }
    assert left_in(State.CLIENT_REVIEW) == (LeadStep.CLIENT_REVIEW, LeadStep.BUFFER)


def test_a_post_leaves_its_state_with_the_last_step_that_was_planned_for_it() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    dues = {LeadStep.COPY: at, LeadStep.CLIENT_REVIEW: at + timedelta(1)}
    assert {state: leaves_by(state, dues) for state in (State.DRAFT, State.CLIENT_REVIEW)} == {
        State.DRAFT: at,
        State.CLIENT_REVIEW: at + timedelta(1),
    }
    assert leaves_by(State.PUBLISHED, dues) is None
    assert leaves_by(State.DRAFT, {LeadStep.BUFFER: at}) is None


_HOURS = st.integers(0, 40)
_LEAD = st.builds(LeadTimes, _HOURS, _HOURS, _HOURS, _HOURS, _HOURS, _HOURS)
_INSTANT = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(city=st.sampled_from(CITIES), lead=_LEAD, now=_INSTANT, days=st.integers(0, 60))
def test_steps_follow_one_another_and_each_has_its_hours(
    city: WorkingCalendar, lead: LeadTimes, now: datetime, days: int
) -> None:
    publish_at = now + timedelta(days, hours=3)
    plan = plan_back(lead, city, publish_at, now=now)
    needed = sum(lead.hours(step) for step in LeadStep)
    assert (plan.earliest_at is None) == (
        city.working_between(now, publish_at) >= timedelta(hours=needed)
    )
    for one, following in zip(plan.steps, plan.steps[1:], strict=False):
        assert one.due_at == following.starts_at
    for one in plan.steps:
        assert one.starts_at <= one.due_at <= publish_at
        if plan.earliest_at is None:
            worked = city.working_between(one.starts_at, one.due_at)
            assert worked == timedelta(hours=lead.hours(one.step))
    if plan.steps:
        assert plan.steps[0].starts_at >= now
    if plan.earliest_at:
        then = plan_back(lead, city, plan.earliest_at, now=now)
        sooner = plan_back(lead, city, plan.earliest_at - timedelta(minutes=1), now=now)
        assert (then.earliest_at, sooner.earliest_at) == (None, plan.earliest_at)


@pytest.mark.parametrize(
    ("city", "closed", "at", "opens"),
    [
        (BERLIN, [], "2026-11-27 11:00", "2026-11-27 11:00"),
        (BERLIN, ["2026-11-26"], "2026-11-27 11:00", "2026-11-27 11:00"),
        # A Friday: the office opens again on Monday.
        (BERLIN, ["2026-11-27"], "2026-11-27 11:00", "2026-11-30 09:00"),
        (BERLIN, ["2026-11-27", "2026-11-30"], "2026-11-27 11:00", "2026-12-01 09:00"),
        # A worked Saturday before the Spring Festival, and the first day after it.
        (SHANGHAI, ["2026-02-13"], "2026-02-13 17:00", "2026-02-14 09:00"),
        (SHANGHAI, ["2026-02-13", "2026-02-14"], "2026-02-13 17:00", "2026-02-24 09:00"),
        # The day is the client's, not that of UTC.
        (KIRITIMATI, ["2026-03-02"], "2026-03-02 09:30", "2026-03-03 09:00"),
        (NIGHTS, ["2026-03-28"], "2026-03-28 23:00", "2026-03-29 00:00"),
    ],
)
def test_the_earliest_time_moves_on_to_the_next_opening_of_a_day_with_posts(
    city: WorkingCalendar, closed: list[str], at: str, opens: str
) -> None:
    days = {date.fromisoformat(day) for day in closed}
    plan = BackwardPlan((), wall(city, at)).beside(days, city)
    assert plan == BackwardPlan((), wall(city, opens), skips_closed=at != opens)
    assert BackwardPlan(()).beside(days, city) == BackwardPlan(())
