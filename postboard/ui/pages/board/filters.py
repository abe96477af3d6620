"""The filters above the board: chosen ones are chips, and all of them live in the address."""

from typing import Final

import reflex as rx

from postboard.db.queries.board import WAITS_FOR_ME, Choice, Due
from postboard.locale import N_
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.board.state import BoardState
from postboard.ui.words import _

DUES: Final = {
    Due.LATE: N_("Late"),
    Due.TODAY: N_("Due today"),
    Due.WEEK: N_("Due in 7 days"),
    Due.AT_RISK: N_("At risk"),
    Due.NONE: N_("Without a date"),
}


def filters() -> rx.Component:
    chosen = BoardState.filters
    return rx.el.div(
        rx.el.input(
            type="search",
            placeholder=_("Search words or ACME-12"),
            aria_label=_("Search posts"),
            default_value=chosen.text,
            key=chosen.text,
            max_length=100,
            on_change=BoardState.narrow("text").debounce(250),
            class_name="search",
            custom_attrs={"data-search": ""},
        ),
        _choose("client", _("Client"), chosen.client, _client_options()),
        _choose("person", _("Person"), chosen.person, _people()),
        rx.cond(
            BoardState.campaigns.length() > 0,
            _choose("campaign", _("Campaign"), chosen.campaign, _options(BoardState.campaigns)),
        ),
        _choose("network", _("Network"), chosen.network, _named(NETWORKS)),
        _choose("due", _("Due"), chosen.due, _named(DUES)),
        rx.cond(
            BoardState.filtered,
            rx.el.button(
                _("Clear filters"), type="button", class_name="link", on_click=BoardState.widen
            ),
        ),
        class_name="filters",
        role="search",
    )


def _choose(
    name: str, label: rx.Var[str], value: rx.Var[str], options: list[rx.Component]
) -> rx.Component:
    return rx.el.select(
        rx.el.option(label, value=""),
        *options,
        value=value,
        aria_label=label,
        on_change=BoardState.narrow(name),
        class_name="filter",
        custom_attrs={"data-chosen": value != ""},
    )


def _options(choices: rx.Var[list[Choice]]) -> list[rx.Component]:
    return [rx.foreach(choices, lambda choice: rx.el.option(choice.name, value=choice.value))]


def _people() -> list[rx.Component]:
    mine = rx.el.option(_("Waits for me"), value=WAITS_FOR_ME)
    return [mine, *_options(BoardState.people)]


def _client_options() -> list[rx.Component]:
    return [
        rx.foreach(
            BoardState.clients.entries(),
            lambda entry: rx.el.option(entry[1].name, value=entry[0]),
        )
    ]


def _named(names: dict[str, str]) -> list[rx.Component]:
    return [rx.el.option(_(name), value=str(value)) for value, name in names.items()]
