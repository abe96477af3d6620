"""An agreement’s form: it shows what it reads, and what does not fit is said at its field."""

from dataclasses import replace

import pytest

from postboard.domain.contract import BadTerm, Contract
from postboard.ui.pages.clients.agreement_form import DraftForm, contract_in, form_of
from tests.contracts import CONTRACT


def sent(shown: DraftForm) -> dict[str, str]:
    """What a browser sends of the form as it is shown."""
    form = dict(shown.fields)
    for name, rows in (
        ("deliverable", shown.deliverables),
        ("payment", shown.payments),
        ("contact", shown.contacts),
    ):
        for row in rows:
            told = {one: getattr(row, one) for one in row.__slots__ if one != "at"}
            form |= {f"{name}_{row.at}_{key}": value for key, value in told.items()}
    return form


def shown(terms: Contract) -> DraftForm:
    return form_of("x", 1, "agreement", 1, "", terms)


@pytest.mark.parametrize("terms", [CONTRACT, Contract()])
def test_what_is_shown_is_what_is_read(terms: Contract) -> None:
    assert contract_in(sent(shown(terms))).checked() == terms


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": "soon"}, "starts_on"),
        ({"response_hours": ""}, "response_hours"),
        ({"payment_days": "two"}, "payment_days"),
        ({"silence": "shrug"}, "silence"),
        ({"deliverable_0_per_month": "many"}, "deliverables"),
        ({"deliverable_0_network": "myspace"}, "deliverables"),
        ({"payment_0_amount": ""}, "payments"),
        ({"payment_0_on": "31.2.26"}, "payments"),
        ({"ends_on": "2026-03-01"}, "ends_on"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(changes: dict[str, str], field: str) -> None:
    with pytest.raises(BadTerm) as refused:
        contract_in({**sent(shown(CONTRACT)), **changes}).checked()
    assert refused.value.field == field


def test_more_lines_can_always_be_added() -> None:
    again = shown(contract_in(sent(shown(CONTRACT))))
    assert [len(again.deliverables), len(again.payments), len(again.contacts)] == [4, 4, 4]
    assert again == shown(replace(CONTRACT))
