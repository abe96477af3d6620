"""Hand-written JSX, each file registered here once: two import paths would make two modules."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import reflex as rx


def _register() -> dict[str, str]:
    """Where a page imports each file from; they import one another beside themselves."""
    here = Path(__file__).parent.iterdir()
    names = sorted(file.name for file in here if file.suffix in {".js", ".jsx"})
    return {name: rx.asset(name, shared=True).importable_path for name in names}


# Reflex reads the whole stack for each file, and here it is as deep as the imports that led here.
with ThreadPoolExecutor(max_workers=1) as shallow:
    _PATHS: Final = shallow.submit(_register).result()

WORDS: Final = _PATHS["words.jsx"]
KANBAN: Final = _PATHS["kanban.jsx"]
DIALOG: Final = _PATHS["dialog.jsx"]
FILE_DROP: Final = _PATHS["file_drop.jsx"]
PALETTE: Final = _PATHS["palette.jsx"]
CONNECTION: Final = _PATHS["connection.jsx"]
HEAR: Final = _PATHS["hear.jsx"]
DECK: Final = _PATHS["deck.jsx"]
UNDO_BAR: Final = _PATHS["undo_bar.jsx"]
UNDO_KEY: Final = _PATHS["undo_key.jsx"]
CLIENT_LOOK: Final = _PATHS["client_look.jsx"]
COMPOSER: Final = _PATHS["composer.jsx"]
PINS: Final = _PATHS["pins.jsx"]
MONTH_KEYS: Final = _PATHS["month_keys.jsx"]
WALK: Final = _PATHS["walk.jsx"]
EDITOR: Final = _PATHS["editor.jsx"]
STEP_BAR: Final = _PATHS["step_bar.jsx"]
PARTS: Final = _PATHS["parts.jsx"]
MEDIA: Final = _PATHS["media.jsx"]
LIBRARY: Final = _PATHS["library.jsx"]
PREVIEW_PANE: Final = _PATHS["preview_pane.jsx"]
CHAIN_EDITOR: Final = _PATHS["chain_editor.jsx"]
CALENDAR: Final = _PATHS["calendar.jsx"]
CHART: Final = _PATHS["chart.jsx"]
MARKDOWN_FIELD: Final = _PATHS["markdown_field.jsx"]
KEEP_BAR: Final = _PATHS["keep_bar.jsx"]
WIPE: Final = _PATHS["wipe.jsx"]
