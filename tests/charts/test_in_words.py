"""The week's sentences, each with the way to what it is said of."""

from datetime import date, timedelta

from postboard.charts.in_words import Group, Line, Standing, Waiting, in_words, sent
from postboard.charts.spec import says
from postboard.domain.periods import Period
from postboard.domain.weekly import week_of
from postboard.domain.workflow import State
from postboard.locale import N_
from postboard.names import STATES
from tests.charts.rows import rate

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
NOTHING = Waiting((), 0, True, (), 0, (), 0, "/board/?person=")
LONG_AGO = [date(2026, 1, 5) + timedelta(days=7 * n) for n in range(5)]


def told(*engagements: int, waiting: Waiting = NOTHING) -> dict[str, Group]:
    usual = [rate(day, 10) for day in LONG_AGO]
    week = week_of(WEEK, [*usual, *(rate(WEEK.first, n) for n in engagements)])
    return {group.key: group for group in in_words(week, waiting)}


def test_a_post_that_made_the_week_is_named_with_how_it_stands_out() -> None:
    (line,) = told(34)["made_it"].lines
    assert (line.says, line.more, line.tone) == (
        says(
            N_("{times} our median: “{text}” ({network})"),
            times="3.4×",
            text="Buns of 2026-03-09",
            network="Instagram",
        ),
        says(
            N_("{value} interactions; our median is {median}, of {n} posts in {days} days"),
            value="34",
            median="10",
            n="5",
            days=90,
        ),
        "good",
    )
    assert line.href.startswith("/post/?key=ACME-")


def test_figures_that_nobody_told_before_are_not_compared() -> None:
    changed = told(10, 12)["changed"].lines
    assert changed == (
        Line(
            says(N_("Posts published: {n}, in the days before {before}."), n="2", before="0"),
            "#plan_kept",
            tone="good",
        ),
    )


def test_what_waits_leads_to_its_page_and_the_rest_to_the_board() -> None:
    late = [Standing(f"ACME-{n}", "Buns", State.DRAFT, n) for n in range(5, 0, -1)]
    stuck = [Standing("ACME-9", "Rye", State.CLIENT_REVIEW, 9, usual_days=4.25)]
    waiting = Waiting(stuck, 1, True, (), 0, late, 5, "/board/?person=")
    groups = told(waiting=waiting)
    assert groups["stuck"].lines == (
        Line(
            says(
                N_("Submitted {days} d ago, still “{state}”: {post}"),
                days=9,
                state=STATES[State.CLIENT_REVIEW],
                post="ACME-9 Rye",
            ),
            "/post/?key=ACME-9",
            says(N_("85 of 100 posts had left that state within {days} d"), days="4.2"),
            "warning",
        ),
    )
    assert [line.href for line in groups["ahead"].lines] == [
        *(f"/post/?key=ACME-{n}" for n in (5, 4, 3, 2)),
        "/board/?person=&due=late",
    ]


def test_without_history_nothing_is_called_stuck_and_nothing_quiet() -> None:
    unknown = Waiting((), 0, False, (), 0, (), 0, "/board/?")
    assert "not known yet" in str(told(waiting=unknown)["stuck"].lines[0].says)
    assert [line.tone for line in told()["stuck"].lines] == [""]
    assert [group["key"] for group in sent(told().values())] == [
        "changed",
        "made_it",
        "stuck",
        "ahead",
    ]
