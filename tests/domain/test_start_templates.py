"""Templates: the same ones in every language, each of which fits and can be offered."""

from dataclasses import replace
from datetime import date

import pytest

from postboard.domain.launch import checked_items
from postboard.domain.start_templates import agreement_templates, checklist_templates
from postboard.locale import LANGUAGES

WORDS = {"title": "", "scope": "", "payment_note": ""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_fits(language: str) -> None:
    for one in agreement_templates(language):
        begun = replace(one.contract, starts_on=date(2026, 4, 1))
        assert begun.checked() == begun
        assert one.contract.scope
        assert (one.contract.monthly_fee, one.contract.extra_round_price) == ("", "")
    for one in checklist_templates(language):
        assert [item.words for item in checked_items(one.items)] == [*one.items]


def test_languages_differ_in_words_alone() -> None:
    english, chinese = (agreement_templates(language) for language in LANGUAGES)
    assert [(one.id, replace(one.contract, **WORDS)) for one in english] == [
        (one.id, replace(one.contract, **WORDS)) for one in chinese
    ]
    assert all(one.name != other.name for one, other in zip(english, chinese, strict=True))
    lists = [checklist_templates(language) for language in LANGUAGES]
    assert [[(one.id, len(one.items)) for one in those] for those in lists] == [
        [("usual", 6), ("campaign", 5)]
    ] * 2
