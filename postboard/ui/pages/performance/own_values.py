"""The form of a client's own values to hold its rates beside."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries import own_benchmarks as query
from postboard.domain.benchmarks import OWN_VALUE
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Permission, roles_with
from postboard.services import own_benchmarks
from postboard.ui.given import text_in
from postboard.ui.guard import allow
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.performance.state import PerformanceState, choice_of
from postboard.ui.pages.performance.values import AsksValues, door, values_dialog
from postboard.ui.words import _

GIVERS: Final = roles_with(Permission.MANAGE_CLIENT)
_RATE: Final = "rate_"


class OwnValues(AsksValues, rx.State):
    rates: dict[str, str] = {}

    @rx.event
    @allow(*GIVERS)
    async def ask(self):
        """Open the form with the values of the client that is looked at."""
        page = await self.get_state(PerformanceState)
        if not page.chosen.client:
            raise BadInput("Choose a client first: own values are one client’s.")
        known = await self._read(query.own_values, page.chosen.client)
        self.rates = {one.network: f"{one.value:g}" for one in known}
        self._open()

    @rx.event
    @allow(*GIVERS)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*GIVERS)
    async def save(self, form: dict[str, Any]):
        return await self._saved(self._save(form))

    async def _save(self, form: dict[str, Any]) -> None:
        page = await self.get_state(PerformanceState)
        written = {network: text_in(form, f"{_RATE}{network}").strip() for network in NETWORKS}
        rates = {network: _percent(text) for network, text in written.items() if text}
        basis = choice_of(page.chosen).basis
        await self._write(own_benchmarks.give, page.chosen.client, rates, basis)


def own_values() -> rx.Component:
    """A way to the form, where own values are held beside."""
    return rx.fragment(
        door(OwnValues, _("Own values…"), PerformanceState.chosen.beside == str(OWN_VALUE)),
        values_dialog(
            OwnValues,
            _("Own values"),
            _("Engagement rates in percent, made as the page makes its own now."),
            ((_(name), _input(str(network))) for network, name in NETWORKS.items()),
        ),
    )


def _input(network: str) -> rx.Component:
    return rx.el.input(
        name=f"{_RATE}{network}",
        default_value=OwnValues.rates[network],
        input_mode="decimal",
        max_length=8,
        auto_complete="off",
    )


def _percent(text: str) -> float:
    try:
        return float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        raise BadInput("“{value}” is no number.", value=text[:40]) from None
