"""Ready guidelines to begin with, in each language; read once from `guideline_templates/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from postboard.domain.guidelines import Guideline, guideline_from_json
from postboard.locale.languages import Language

FOLDER: Final = Path(__file__).with_name("guideline_templates")


@cache
def ready(language: Language, *, for_client: bool) -> Guideline:
    """The agency's, or a client's that builds on it."""
    name = f"{'client' if for_client else 'agency'}.{language}.toml"
    with (FOLDER / name).open("rb") as file:
        return guideline_from_json(tomllib.load(file)).checked()
