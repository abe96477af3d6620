"""The editor's wrapper: fields that save themselves, and the words as they are being typed."""

import json
from dataclasses import asdict
from typing import Any

import reflex as rx

from postboard.db.queries.post_page import OpenedPost
from postboard.ui.wrappers import EDITOR


class Editor(rx.Component):
    """The words of the post that `show` brought; typing stays in the browser."""

    library = EDITOR
    tag = "Editor"

    post: rx.Var[Any]
    networks: rx.Var[dict[str, str]]
    limits: rx.Var[dict[str, Any]]

    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str, str, Any, str, int)]


def show(seen: OpenedPost) -> rx.event.EventSpec:
    """The post's words as the server has them."""
    facts = seen.facts
    return tell(
        "show",
        {
            "id": facts.id,
            "words": seen.words,
            "draft": asdict(seen.draft) if seen.draft else None,
            "accounts": seen.accounts,
            "client": {"name": facts.client, "hue": facts.client_hue, "zone": facts.zone},
        },
    )


def tell(what: str, *arguments: object) -> rx.event.EventSpec:
    said = json.dumps([what, *arguments], separators=(",", ":"), ensure_ascii=False)
    return rx.call_script(f"window.postboard.editor(...{said})")
