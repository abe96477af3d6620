"""The editor's wrappers: fields that save themselves, and the steps that are taken on them."""

from typing import Any
from uuid import UUID

import reflex as rx

from postboard.db.queries.post_page import OpenedPost
from postboard.domain import fields
from postboard.domain.content import words_from_json
from postboard.services.writing import Clash
from postboard.ui.telling import call
from postboard.ui.wrappers import EDITOR, PARTS, STEP_BAR


class Editor(rx.Component):
    """The words of the post that `show` brought; typing stays in the browser."""

    library = EDITOR
    tag = "Editor"

    post: rx.Var[Any]
    networks: rx.Var[dict[str, str]]
    placements: rx.Var[dict[str, list[str]]]
    limits: rx.Var[dict[str, Any]]

    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str, str, Any, str, int)]
    on_rebase: rx.EventHandler[rx.event.passthrough_event_spec(str, list[str])]
    on_here: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class Others(rx.Component):
    """Who else is on the page."""

    library = EDITOR
    tag = "Others"


class StepBar(rx.Component):
    """The next step as one button, the others behind it."""

    library = STEP_BAR
    tag = "StepBar"

    post: rx.Var[Any]
    steps: rx.Var[list[Any]]
    names: rx.Var[dict[str, str]]
    does: rx.Var[dict[str, str]]
    people: rx.Var[list[Any]]
    tags: rx.Var[dict[str, str]]
    will_ask: rx.Var[list[Any]]
    draft: rx.Var[bool]
    stepped: rx.Var[str]

    on_step: rx.EventHandler[
        rx.event.passthrough_event_spec(str, str, int, str, str, list[str], str, str, str)
    ]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_discard: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Parts(rx.Component):
    """Its children side by side where there is room, behind tabs where there is not."""

    library = PARTS
    tag = "Parts"

    name: rx.Var[str]
    names: rx.Var[dict[str, str]]
    counts: rx.Var[dict[str, int]]
    wide: rx.Var[list[str]]

    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def show(seen: OpenedPost, clashes: list[Clash], me: UUID | None) -> rx.event.EventSpec:
    """The post's words as the server has them: those of one's own draft where there is one."""
    facts = seen.facts
    words = seen.draft.words if seen.draft else seen.words
    return tell(
        "show",
        {
            "id": facts.id,
            "me": me.hex if me else "",
            "words": words,
            "marks": dict(fields.marks_of(words_from_json(words))),
            "accounts": seen.accounts,
            "client": {"name": facts.client, "hue": facts.client_hue, "zone": facts.zone},
            "clashes": [
                {"field": one.field, "theirs": one.theirs, "mark": one.mark, "who": one.who}
                for one in clashes
            ],
        },
    )


def tell(what: str, said: object) -> rx.event.EventSpec:
    """Say something to the editor, wherever it is in the page."""
    return call("window.postboard.editor", what, said)
