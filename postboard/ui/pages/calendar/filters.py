"""The filters above the calendar; all of them live in the address."""

import reflex as rx

from postboard.db.queries.board import WAITS_FOR_ME, Choice
from postboard.ui.labels import NETWORKS, STATES
from postboard.ui.pages.calendar.state import CalendarState
from postboard.ui.words import _


def filters() -> rx.Component:
    chosen = CalendarState.filters
    return rx.el.div(
        _choose("client", _("Client"), chosen.client, _clients()),
        _choose("person", _("Person"), chosen.person, _people()),
        rx.cond(
            CalendarState.campaigns.length() > 0,
            _choose("campaign", _("Campaign"), chosen.campaign, _options(CalendarState.campaigns)),
        ),
        _choose("network", _("Network"), chosen.network, _named(NETWORKS)),
        _choose("state", _("State"), CalendarState.in_state, _named(STATES)),
        rx.cond(
            CalendarState.filtered,
            rx.el.button(
                _("Clear filters"), type="button", class_name="link", on_click=CalendarState.widen
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
        on_change=CalendarState.narrow(name),
        class_name="filter",
        custom_attrs={"data-chosen": value != ""},
    )


def _options(choices: rx.Var[list[Choice]]) -> list[rx.Component]:
    return [rx.foreach(choices, lambda choice: rx.el.option(choice.name, value=choice.value))]


def _people() -> list[rx.Component]:
    mine = rx.el.option(_("Waits for me"), value=WAITS_FOR_ME)
    return [mine, *_options(CalendarState.people)]


def _clients() -> list[rx.Component]:
    return [
        rx.foreach(
            CalendarState.clients.entries(),
            lambda entry: rx.el.option(entry[1].name, value=entry[0]),
        )
    ]


def _named(names: dict[str, str]) -> list[rx.Component]:
    return [rx.el.option(_(name), value=str(value)) for value, name in names.items()]
