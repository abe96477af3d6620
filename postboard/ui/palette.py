"""Ctrl-K: go to a client, a post or a page by a few letters; `?` lists the keys."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import board as query
from postboard.db.queries import choices
from postboard.db.queries.post_filters import SEARCH_MAX, Filters
from postboard.domain.permissions import STAFF_ROLES, Actor
from postboard.ui.guard import allow
from postboard.ui.session import Page, now
from postboard.ui.wrappers import PALETTE

MOST_FOUND: Final = 8


@dataclass(frozen=True)
class Place:
    """Somewhere to go."""

    name: str
    about: str
    address: str


class PaletteState(Page, rx.State):
    asked: str = ""
    """What `found` answers: an answer to letters that were replaced since is not shown."""
    found: list[Place] = []

    @rx.event
    @allow(*STAFF_ROLES)
    async def look(self, text: str):
        """Clients whose name or key has these letters, and posts that say them."""
        self.asked = text[:SEARCH_MAX]
        self.found = await self._read(_places, self.asked.strip())


class Palette(rx.Component):
    """Opens itself by Ctrl-K or Cmd-K; `pages` is where this person's doors lead."""

    library = PALETTE
    tag = "Palette"

    pages: rx.Var[list[Any]]
    asked: rx.Var[str]
    found: rx.Var[list[Place]]
    on_look: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def palette(*doors: tuple[rx.Var[str], str, rx.Var[bool] | bool]) -> rx.Component:
    """`doors`: name, address, whether this person has it."""
    return Palette.create(
        pages=rx.Var.create(
            [
                {"name": name, "address": address, "open": is_open}
                for name, address, is_open in doors
            ]
        ),
        asked=PaletteState.asked,
        found=PaletteState.found,
        on_look=PaletteState.look,
    )


def _places(session: Session, actor: Actor, text: str) -> list[Place]:
    wanted = text.casefold()
    clients = [
        Place(client.name, client.key, f"/board/?client={client.key}")
        for client in choices.clients(session, actor)
        if wanted in client.name.casefold() or client.key.casefold().startswith(wanted)
    ]
    if not wanted:
        return clients[:MOST_FOUND]
    found = query.newest(session, actor, Filters(text=text), now=now(), size=MOST_FOUND)
    keys = [f"{card.client}-{card.number}" for card in found]
    posts = [
        Place(card.text or key, key, f"/post/?key={key}")
        for card, key in zip(found, keys, strict=True)
    ]
    return clients[:MOST_FOUND] + posts
