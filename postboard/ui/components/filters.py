"""Filters above a page: choosers that are marked where something is chosen."""

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from postboard.db.queries.choices import Choice
from postboard.db.queries.post_filters import WAITS_FOR_ME
from postboard.ui.labels import NETWORKS
from postboard.ui.words import _

LOADING: Final = ~rx.State.is_hydrated
"""Until the page knows what its address names, a choice would be overwritten by that."""


def post_filters(page: Any) -> list[rx.Component]:
    """What board and calendar have in common: `page` knows what can be chosen, and `narrow`."""
    chosen = page.filters
    return [
        narrowing(page, "client", _("Client"), chosen.client, client_options(page.clients)),
        narrowing(page, "person", _("Person"), chosen.person, _people(page.people)),
        rx.cond(
            page.campaigns.length() > 0,
            narrowing(page, "campaign", _("Campaign"), chosen.campaign, _options(page.campaigns)),
        ),
        narrowing(page, "network", _("Network"), chosen.network, named(NETWORKS)),
    ]


def narrowing(
    page: Any, name: str, label: rx.Var[str], chosen: rx.Var[str], options: list[rx.Component]
) -> rx.Component:
    """One of the filters of a page, by the name that its address calls it."""
    return chooser(label, chosen, options, page.narrow(name), everything=label)


def chooser(
    label: rx.Var[str],
    chosen: rx.Var[str],
    options: list[rx.Component],
    on_change: Any,
    *,
    everything: rx.Var[str],
) -> rx.Component:
    """`everything` is what it says while nothing is chosen."""
    return rx.el.select(
        rx.el.option(everything, value=""),
        *options,
        value=chosen,
        aria_label=label,
        on_change=on_change,
        disabled=LOADING,
        class_name="filter",
        custom_attrs={"data-chosen": chosen != ""},
    )


def client_chooser(page: Any) -> rx.Component:
    """One client's, or all, on a page that has them at hand: its `clients`, `shown` and `show`."""
    options = [rx.foreach(page.clients, lambda one: rx.el.option(one.name, value=one.key))]
    return chooser(_("Client"), page.shown, options, page.show, everything=_("All clients"))


def widening(page: Any) -> rx.Component:
    """Takes every filter off."""
    return rx.cond(
        page.filtered,
        rx.el.button(_("Clear filters"), type="button", class_name="link", on_click=page.widen),
    )


def client_options(clients: rx.Var[dict[str, Any]]) -> list[rx.Component]:
    """Clients by their keys."""
    return [
        rx.foreach(clients.entries(), lambda entry: rx.el.option(entry[1].name, value=entry[0]))
    ]


def named(names: Mapping[str, str]) -> list[rx.Component]:
    return [rx.el.option(_(name), value=str(value)) for value, name in names.items()]


def _people(people: rx.Var[list[Choice]]) -> list[rx.Component]:
    return [rx.el.option(_("Waits for me"), value=WAITS_FOR_ME), *_options(people)]


def _options(choices: rx.Var[list[Choice]]) -> list[rx.Component]:
    return [rx.foreach(choices, lambda choice: rx.el.option(choice.name, value=choice.value))]
