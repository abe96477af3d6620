"""Hand-written JSX, each file registered here once: two import paths would make two modules."""

from typing import Final

import reflex as rx

WORDS: Final = rx.asset("words.jsx", shared=True).importable_path
KANBAN: Final = rx.asset("kanban.jsx", shared=True).importable_path
DIALOG: Final = rx.asset("dialog.jsx", shared=True).importable_path
FILE_DROP: Final = rx.asset("file_drop.jsx", shared=True).importable_path
PALETTE: Final = rx.asset("palette.jsx", shared=True).importable_path
HEAR: Final = rx.asset("hear.jsx", shared=True).importable_path
DECK: Final = rx.asset("deck.jsx", shared=True).importable_path
WALK: Final = rx.asset("walk.jsx", shared=True).importable_path
EDITOR: Final = rx.asset("editor.jsx", shared=True).importable_path

# Imported by the files above.
_PARTS: Final = [
    rx.asset(name, shared=True)
    for name in (
        "live.js",
        "board_store.js",
        "change_request.jsx",
        "picture_ratio.js",
        "post_store.js",
    )
]
