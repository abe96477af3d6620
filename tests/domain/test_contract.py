"""Whole agreements: what fits, what contradicts itself, and where that is said."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

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
