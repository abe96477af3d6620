"""Puts the browser's catalogues among the built frontend's files.

Apart from `words`, because rxconfig names this plugin before Reflex has a configuration.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reflex_base.plugins import Plugin

from postboard.locale.languages import LANGUAGES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER: Final = "words"


class WordsPlugin(Plugin):
    """Writes one JSON file per language at build time, straight from its .po."""

    def get_static_assets(self, **_context: object) -> Sequence[tuple[Path, str | bytes]]:
        # Needed only here: reading the sources is slow and an installed server has no use for it.
        from postboard.locale.upkeep import TRANSLATED, browser_catalogue

        return [
            (Path("public", _FOLDER, f"{language}.json"), _compact(browser_catalogue(language)))
            for language in TRANSLATED
        ]


def urls() -> dict[str, str]:
    """Where the page fetches each language; English needs nothing."""
    from reflex_base.config import get_config

    config = get_config()
    return {
        language: config.prepend_frontend_path(f"/{_FOLDER}/{language}.json")
        for language in LANGUAGES
        if language != SOURCE
    }


def _compact(catalogue: dict[str, str | list[str]]) -> str:
    return json.dumps(catalogue, ensure_ascii=False, separators=(",", ":"))
