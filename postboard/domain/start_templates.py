"""What agreements and checklists may begin with, read once from `start_templates.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from postboard.domain.contract import Contract, from_json

DATA: Final = Path(__file__).with_name("start_templates.toml")
USUAL: Final = "usual"
"""The checklist that a new client starts with."""
_WORDS: Final = ("title", "scope", "payment_note")


@dataclass(frozen=True, slots=True)
class AgreementTemplate:
    id: str
    name: str
    contract: Contract


@dataclass(frozen=True, slots=True)
class ChecklistTemplate:
    id: str
    name: str
    items: tuple[str, ...]


def agreement_templates(language: str) -> tuple[AgreementTemplate, ...]:
    """In that language, in the order of the file."""
    return tuple(_agreement(key, told, language) for key, told in _read()["agreements"].items())


def checklist_templates(language: str) -> tuple[ChecklistTemplate, ...]:
    return tuple(
        ChecklistTemplate(key, told[language]["name"], tuple(told[language]["items"]))
        for key, told in _read()["checklists"].items()
    )


def _agreement(key: str, told: Mapping[str, Any], language: str) -> AgreementTemplate:
    words = told[language]
    terms = {name: value for name, value in told.items() if not isinstance(value, dict)}
    said = {name: words[name] for name in _WORDS}
    return AgreementTemplate(key, words["name"], from_json({**terms, **said}).checked())


@cache
def _read() -> Mapping[str, Any]:
    with DATA.open("rb") as file:
        return tomllib.load(file)
