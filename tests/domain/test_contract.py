"""Whole agreements: what fits, what contradicts itself, and where that is said."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.contract import (
    BadTerm,
    Contact,
    Contract,
    Deliverable,
    Party,
    Payment,
    as_json,
    changed_terms,
    digest_of,
    from_json,
)
from postboard.domain.planning import PostKind
from tests.contracts import CONTRACT


def test_one_is_read_as_it_was_written_and_tidied() -> None:
    untidy = replace(
        CONTRACT,
        title="  Care   of the channels ",
        currency="eur",
        payments=(*reversed(CONTRACT.payments),),
    )
    assert untidy.checked() == CONTRACT
    assert from_json(as_json(CONTRACT)) == CONTRACT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"scope": "x" * 5_000_000}, "scope"),
        ({"ends_on": date(2026, 2, 28)}, "ends_on"),
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": date(1999, 1, 1)}, "starts_on"),
        ({"ends_on": date(2040, 1, 1)}, "ends_on"),
        ({"deliverables": (Deliverable("myspace", 3),)}, "deliverables"),
        ({"deliverables": (Deliverable("x", 0),)}, "deliverables"),
        ({"deliverables": (Deliverable("x", 1), Deliverable("x", 2))}, "deliverables"),
        (
            {"deliverables": (Deliverable("x", 1), Deliverable("x", 2, PostKind.VIDEO))},
            "deliverables",
        ),
        ({"response_hours": 0}, "response_hours"),
        ({"agency_hours": 401}, "agency_hours"),
        ({"rounds_included": 0}, "rounds_included"),
        ({"plan_day": 31}, "plan_day"),
        ({"payment_days": -1}, "payment_days"),
        ({"material_days": 2, "review_days": 5}, "material_days"),
        ({"monthly_fee": "much"}, "monthly_fee"),
        ({"extra_round_price": "-5"}, "extra_round_price"),
        ({"payments": (Payment(date(2026, 4, 1), "1,000"),)}, "payments"),
        ({"currency": ""}, "currency"),
        ({"currency": "euro"}, "currency"),
        ({"contacts": (Contact(Party.CLIENT, " "),)}, "contacts"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadTerm) as refused:
        replace(CONTRACT, **changes).checked()
    assert refused.value.field == field


def test_it_holds_from_its_first_to_its_last_day() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 12, 31), date(2027, 1, 1)]
    assert [CONTRACT.holds_on(day) for day in days] == [False, True, True, False]
    assert [Contract().holds_on(day) for day in days] == [False] * 4


def test_what_changed_is_named_and_makes_another_digest() -> None:
    other = replace(CONTRACT, rounds_included=5, monthly_fee="900")
    assert changed_terms(CONTRACT, other) == ("rounds_included", "monthly_fee")
    assert digest_of(as_json(CONTRACT)) != digest_of(as_json(other))


@given(st.integers(1, 28), st.dates(date(2026, 4, 1), date(2100, 1, 1)))
def test_a_plan_is_due_on_its_day_in_the_month_before(plan_day: int, day: date) -> None:
    month = day.replace(day=1)
    due = replace(CONTRACT, plan_day=plan_day, ends_on=None).plan_due(month)
    assert due
    assert due.day == plan_day
    assert due < month <= due + timedelta(days=31)


@pytest.mark.parametrize(
    ("plan_day", "month", "due"),
    [
        (28, date(2027, 3, 1), date(2027, 2, 28)),
        (28, date(2028, 3, 1), date(2028, 2, 28)),
        (20, date(2027, 1, 1), date(2026, 12, 20)),
        (1, date(2026, 4, 1), date(2026, 3, 1)),
        (None, date(2026, 4, 1), None),
    ],
)
def test_when_a_plan_is_due(plan_day: int | None, month: date, due: date | None) -> None:
    assert replace(CONTRACT, plan_day=plan_day, ends_on=None).plan_due(month) == due


def test_nothing_is_due_for_days_that_an_agreement_does_not_hold_on() -> None:
    ends = replace(CONTRACT, ends_on=date(2026, 4, 30))
    assert ends.plan_due(date(2026, 4, 1)) == date(2026, 3, 20)
    assert ends.plan_due(date(2026, 5, 1)) is None
    assert ends.material_due(date(2026, 4, 30)) == date(2026, 4, 22)
    assert ends.material_due(date(2026, 5, 1)) is None
    assert ends.material_due(date(2026, 3, 1)) is None
