"""Whom to give a task to, and why: from what is known alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from postboard.domain.permissions import Role
from postboard.domain.standing_in import Period
from postboard.domain.suggesting import Away, Candidate, Load, Wanted, load_of, suggest
from postboard.domain.team import Deliverable, Part
from postboard.domain.working_time import NINE_TO_FIVE, WorkingCalendar
from postboard.locale import text
from postboard.names import DELIVERABLES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingCalendar(BERLIN)
BEN = Candidate(UUID(int=1), "Ben", Role.COPYWRITER, Load(), HOURS)
DINA = Candidate(UUID(int=2), "Dina", Role.DESIGNER, Load(3, 2, 1), HOURS)
IRIS = Candidate(UUID(int=3), "Iris", Role.ART_DIRECTOR, Load(1, 0, 0), HOURS)
COVER = Wanted(
    NOW,
    deliverable=Deliverable.REEL_COVER,
    named=DELIVERABLES[Deliverable.REEL_COVER],
)


def said(candidates: list[Candidate], wanted: Wanted) -> list[tuple[str, bool, str]]:
    """Names, who is free, and the reasons as English has them."""
    english = text("en")
    return [
        (one.name, one.free, " ".join(str(english._word(reason)) for reason in one.reasons))
        for one in suggest(candidates, wanted)
    ]


def test_whoever_is_responsible_comes_first_whatever_else_they_do() -> None:
    responsible = replace(DINA, part=Part.RESPONSIBLE)
    assert said([BEN, IRIS, responsible], COVER) == [
        (
            "Dina",
            True,
            "Responsible: Reel covers. Open tasks: 3. Due within two days: 2. Overdue: 1.",
        ),
        (
            "Iris",
            True,
            "Of the department that makes it. Open tasks: 1.",
        ),
        ("Ben", True, "Has nothing open."),
    ]


def test_whoever_stands_in_for_the_responsible_one_comes_before_the_department() -> None:
    away = Away(Period(date(2026, 3, 1), date(2026, 3, 6)), BEN.person_id, "Ben")
    gone = replace(DINA, part=Part.RESPONSIBLE, away=(away,))
    assert said([IRIS, gone, BEN], COVER) == [
        (
            "Ben",
            True,
            "Stands in for Dina, who is responsible and away. Has nothing open.",
        ),
        (
            "Iris",
            True,
            "Of the department that makes it. Open tasks: 1.",
        ),
        (
            "Dina",
            False,
            (
                "Responsible: Reel covers. Away until Fri, Mar 6, 2026; Ben stands in."
                " Open tasks: 3. Due within two days: 2. Overdue: 1."
            ),
        ),
    ]


def test_nobody_is_free_without_working_time_before_it_is_due() -> None:
    tonight = Wanted(NOW, datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    late = WorkingCalendar(BERLIN, ((),) * 6 + (NINE_TO_FIVE[0],))
    off = replace(BEN, hours=late)
    assert said([off, IRIS], tonight) == [
        (
            "Iris",
            True,
            "Working hours before it is due: 7. Open tasks: 1.",
        ),
        ("Ben", False, "No working time is left before it is due. Has nothing open."),
    ]


def test_days_away_before_it_is_due_are_told_and_are_no_working_time() -> None:
    wednesday = date(2026, 3, 4)
    away = Away(Period(wednesday, wednesday))
    hours = WorkingCalendar(BERLIN, days_off=frozenset({wednesday}))
    due = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    assert said([replace(BEN, away=(away,), hours=hours)], Wanted(NOW, due)) == [
        (
            "Ben",
            True,
            (
                "Away from Wed, Mar 4, 2026 until Wed, Mar 4, 2026."
                " Working hours before it is due: 23. Has nothing open."
            ),
        )
    ]


def test_without_a_deliverable_whoever_has_least_that_presses_comes_first() -> None:
    assert [name for name, *_ in said([DINA, IRIS, BEN], Wanted(NOW))] == ["Ben", "Iris", "Dina"]


def test_a_load_tells_what_presses() -> None:
    dues = [None, NOW - timedelta(hours=1), NOW, NOW + timedelta(days=2), NOW + timedelta(days=3)]
    assert load_of(dues, NOW) == Load(5, 2, 1)
    assert load_of([], NOW) == Load()
