"""Taking the plan along: as a file of what is shown, or as a calendar one subscribes to."""

from collections.abc import Mapping
from typing import Final

import reflex as rx

from postboard.domain.workflow import State
from postboard.ui.components.plain_form import PlainForm
from postboard.ui.components.subscribe import subscribe_door
from postboard.ui.words import _

_DONE: Final = (State.APPROVED, State.SCHEDULED, State.PUBLISHED)
_LATER: Final = ",".join(_DONE)
_OPEN: Final = ",".join(state for state in State if state not in {*_DONE, State.CANCELLED})
_KINDS: Final = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV"}


def take_along(
    filters: Mapping[str, rx.Var[str] | str],
    *,
    client_key: rx.Var[str] | str = "",
    since: rx.Var[str] | str = "",
    until: rx.Var[str] | str = "",
    kinds: tuple[str, ...] = ("pdf", "xlsx", "csv"),
    with_states: bool = True,
) -> rx.Component:
    """A menu. `filters` are named as in the board's address, `since` and `until` are the days
    offered first, like 2026-11-01. The page has to hold one `subscribe_dialog()`.
    """
    return rx.el.details(
        rx.el.summary(_("Export"), class_name="button button-quiet"),
        rx.el.div(
            PlainForm.create(
                *(rx.el.input(type="hidden", name=name, value=v) for name, v in filters.items()),
                _day("from", _("From"), since),
                _day("until", _("To"), until),
                *([_states()] if with_states else []),
                rx.el.p(
                    _("Without days everything comes along, posts without a date too."),
                    class_name="hint",
                ),
                rx.el.div(
                    *(
                        rx.el.button(
                            _KINDS[kind],
                            type="submit",
                            class_name="button",
                            form_action=f"/exports/plan.{kind}",
                        )
                        for kind in kinds
                    ),
                    class_name="export-kinds",
                ),
                method="get",
                action="/exports/plan.csv",
                class_name="export-form",
            ),
            subscribe_door(client_key),
            class_name="export-room",
        ),
        class_name="export",
        custom_attrs={"data-menu": ""},
    )


def _day(name: str, label: rx.Var[str], first: rx.Var[str] | str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="date",
            name=name,
            default_value=first,
            key=first,
            min="2000-01-01",
            max="2100-12-31",
        ),
        class_name="field",
    )


def _states() -> rx.Component:
    return rx.el.label(
        rx.el.span(_("States")),
        rx.el.select(
            rx.el.option(_("All but cancelled"), value=""),
            rx.el.option(_("Approved and later"), value=_LATER),
            rx.el.option(_("Not yet approved"), value=_OPEN),
            name="states",
        ),
        class_name="field export-states",
    )
