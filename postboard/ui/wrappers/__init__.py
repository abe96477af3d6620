"""Hand-written JSX, each file registered here once: two import paths would make two modules."""

from typing import Final

import reflex as rx

WORDS: Final = rx.asset("words.jsx", shared=True).importable_path
KANBAN: Final = rx.asset("kanban.jsx", shared=True).importable_path
DIALOG: Final = rx.asset("dialog.jsx", shared=True).importable_path
FILE_DROP: Final = rx.asset("file_drop.jsx", shared=True).importable_path
PALETTE: Final = rx.asset("palette.jsx", shared=True).importable_path
CONNECTION: Final = rx.asset("connection.jsx", shared=True).importable_path
HEAR: Final = rx.asset("hear.jsx", shared=True).importable_path
DECK: Final = rx.asset("deck.jsx", shared=True).importable_path
UNDO_BAR: Final = rx.asset("undo_bar.jsx", shared=True).importable_path
UNDO_KEY: Final = rx.asset("undo_key.jsx", shared=True).importable_path
CLIENT_LOOK: Final = rx.asset("client_look.jsx", shared=True).importable_path
COMPOSER: Final = rx.asset("composer.jsx", shared=True).importable_path
PINS: Final = rx.asset("pins.jsx", shared=True).importable_path
MONTH_KEYS: Final = rx.asset("month_keys.jsx", shared=True).importable_path
WALK: Final = rx.asset("walk.jsx", shared=True).importable_path
EDITOR: Final = rx.asset("editor.jsx", shared=True).importable_path
STEP_BAR: Final = rx.asset("step_bar.jsx", shared=True).importable_path
PARTS: Final = rx.asset("parts.jsx", shared=True).importable_path
MEDIA: Final = rx.asset("media.jsx", shared=True).importable_path
LIBRARY: Final = rx.asset("library.jsx", shared=True).importable_path
PREVIEW_PANE: Final = rx.asset("preview_pane.jsx", shared=True).importable_path
CHAIN_EDITOR: Final = rx.asset("chain_editor.jsx", shared=True).importable_path
CALENDAR: Final = rx.asset("calendar.jsx", shared=True).importable_path
CHART: Final = rx.asset("chart.jsx", shared=True).importable_path
MARKDOWN_FIELD: Final = rx.asset("markdown_field.jsx", shared=True).importable_path
KEEP_BAR: Final = rx.asset("keep_bar.jsx", shared=True).importable_path
WIPE: Final = rx.asset("wipe.jsx", shared=True).importable_path

# Imported by the files above.
_PARTS: Final = [
    rx.asset(name, shared=True)
    for name in (
        "address.js",
        "approve_all.jsx",
        "ask_dialog.jsx",
        "board_store.js",
        "calendar_dialog.jsx",
        "calendar_feed.js",
        "calendar_grid.jsx",
        "calendar_store.js",
        "calendar_tray.jsx",
        "change_request.jsx",
        "chart_marks.js",
        "chart_plot.jsx",
        "chart_store.js",
        "chart_words.js",
        "clocks.js",
        "command.js",
        "figure.js",
        "live.js",
        "picture_ratio.js",
        "post_store.js",
        "counting.js",
        "counter.jsx",
        "upload.js",
        "uploads.jsx",
        "post_words.js",
        "preview_fold.js",
        "preview_icons.jsx",
        "preview_looks.js",
        "preview_media.jsx",
        "preview_post.jsx",
        "previews.jsx",
    )
]
