"""How a card and the head of a column look; the kanban wrapper draws them for each."""

import reflex as rx

from postboard.db.queries.at_risk import Chance
from postboard.db.queries.board import Card
from postboard.ui.components.network import network_mark
from postboard.ui.components.risk import risk_mark
from postboard.ui.labels import COLUMNS, STATES
from postboard.ui.pages.board.state import ClientFacts
from postboard.ui.words import _, d_, n_


@rx.memo
def card_face(
    card: rx.Var[Card],
    client: rx.Var[ClientFacts],
    late: rx.Var[bool],
    chance: rx.Var[Chance],
) -> rx.Component:
    return rx.fragment(
        rx.el.span(
            class_name="card-edge", style={"--hue": client.hue.to_string()}, aria_hidden="true"
        ),
        rx.el.span(
            rx.el.span(f"{card.client}-{card.number}", class_name="card-key"),
            rx.foreach(card.networks, network_mark),
            class_name="card-top",
        ),
        rx.el.span(
            rx.cond(card.text, card.text, _("No words yet")),
            class_name="card-text",
            custom_attrs={"data-empty": card.text == ""},
        ),
        rx.cond(card.picture, _picture(card.picture)),
        rx.el.span(
            _state_note(card),
            _due(card, client, late),
            rx.cond(chance, risk_mark(chance)),
            rx.cond(
                card.rounds > 0,
                rx.el.span(
                    f"R{card.rounds}/{client.rounds}",
                    class_name="card-round",
                    title=_("Round {n} of {m} with the client", n=card.rounds, m=client.rounds),
                    custom_attrs={"data-over": card.rounds > client.rounds},
                ),
            ),
            rx.el.span(class_name="grow"),
            rx.el.span(
                d_(card.since, "brief"), class_name="card-age", title=_("In this state since then")
            ),
            rx.cond(card.sent_back, rx.el.span(_("Task sent back"), class_name="card-returned")),
            rx.cond(card.who, _initials(card.who)),
            rx.cond(
                card.others > 0,
                rx.el.span(
                    f"+{card.others}",
                    class_name="card-others",
                    title=n_("and one more person", "and {n} more people", card.others),
                ),
            ),
            class_name="card-line",
        ),
    )


@rx.memo
def column_head(name: rx.Var[str], total: rx.Var[int]) -> rx.Component:
    """The name is a column's key; a negative total is not known yet."""
    return rx.el.header(
        rx.el.span(class_name="dot", custom_attrs={"data-column": name}, aria_hidden="true"),
        rx.el.h2(_(rx.Var.create(COLUMNS)[name])),
        rx.el.span(rx.cond(total < 0, "", total.to_string()), class_name="count"),
        class_name="column-head",
    )


def _picture(url: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        rx.el.img(src=url, alt="", loading="lazy", decoding="async", draggable=False),
        class_name="card-picture",
    )


def _state_note(card: rx.Var[Card]) -> rx.Component:
    """What the column's name does not say."""
    return rx.fragment(
        rx.cond(card.ready, rx.el.span(_("Ready"), class_name="card-ready")),
        rx.match(
            card.state,
            *(
                (
                    state,
                    rx.el.span(
                        _(STATES[state]),
                        class_name="card-state",
                        custom_attrs={"data-state": state},
                    ),
                )
                for state in STATES
                if state in {"internal_rework", "client_rework", "on_hold", "publish_failed"}
            ),
            rx.fragment(),
        ),
    )


def _due(card: rx.Var[Card], client: rx.Var[ClientFacts], late: rx.Var[bool]) -> rx.Component:
    at = rx.cond(card.due_at, card.due_at, card.planned_at).to(str)
    return rx.cond(
        at,
        rx.el.time(
            d_(at, "brief"),
            class_name="card-due",
            title=d_(at, "daytime", client.zone),
            custom_attrs={"dateTime": at, "data-late": late},
        ),
    )


def _initials(name: rx.Var[str]) -> rx.Component:
    return rx.el.span(name[:1], class_name="person", title=name)
