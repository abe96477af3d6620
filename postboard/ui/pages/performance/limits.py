"""The form of how many posts are to stand in a state at most."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries import wip_limits as query
from postboard.domain.errors import BadInput
from postboard.domain.flow_times import REVIEWED
from postboard.domain.permissions import Permission, roles_with
from postboard.domain.workflow import State
from postboard.names import STATES
from postboard.services import wip_limits
from postboard.ui.given import text_in, whole_number
from postboard.ui.guard import allow
from postboard.ui.pages.performance.goals import GoalsState
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.pages.performance.values import AsksValues, door, values_dialog
from postboard.ui.words import _

GIVERS: Final = roles_with(Permission.MANAGE_CLIENT)
_LIMIT: Final = "limit_"
_DIGITS: Final = 4


class Limits(AsksValues, rx.State):
    client: str = ""
    limits: dict[str, str] = {}
    _known: dict[State, int] = {}

    @rx.event
    @allow(*GIVERS)
    async def ask(self):
        """Open the form with the limits of the client that is looked at, or of the agency."""
        page = await self.get_state(PerformanceState)
        self._known = await self._read(query.of_client, page.chosen.client)
        self.client = page.chosen.client
        self.limits = {str(state): str(most) for state, most in self._known.items()}
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
        written = {state: text_in(form, f"{_LIMIT}{state}").strip() for state in REVIEWED}
        if any(len(text) > _DIGITS for text in written.values()):
            raise BadInput("Give a limit from 1 to {most}.", most=wip_limits.MOST)
        limits = {state: whole_number(text) for state, text in written.items() if text}
        await self._write(wip_limits.give, self.client, limits, was=dict(self._known))


def limits() -> rx.Component:
    """A way to the form, for whoever may set something of what is looked at."""
    return rx.fragment(
        door(Limits, _("Limits…"), GoalsState.may_set.length() > 0),
        values_dialog(
            Limits,
            _("Limits"),
            rx.cond(
                Limits.client == "",
                _("How many posts of all clients are to stand in a state at most."),
                _("How many posts of this client are to stand in a state at most."),
            ),
            ((_(STATES[state]), _input(str(state))) for state in REVIEWED),
        ),
    )


def _input(state: str) -> rx.Component:
    return rx.el.input(
        name=f"{_LIMIT}{state}",
        default_value=Limits.limits[state],
        input_mode="numeric",
        max_length=_DIGITS,
        auto_complete="off",
    )
