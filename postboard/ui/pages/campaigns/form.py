"""The form of one campaign."""

from typing import Any

import reflex as rx

from postboard.domain.campaigns import BUDGET_MAX, GOAL_MAX, NAME_MAX
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.form import end, field
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.campaigns.state import (
    NETWORK,
    PILLAR,
    SHARE,
    CampaignsState,
    Edited,
    PillarRow,
)
from postboard.ui.words import _


def form_dialog() -> rx.Component:
    return rx.cond(CampaignsState.edited, _dialog(CampaignsState.edited.to(Edited)))


def _dialog(edited: rx.Var[Edited]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.cond(edited.id == "", _which_client(edited)),
            field(
                _("Name"),
                rx.el.input(
                    name="name",
                    default_value=edited.name,
                    required=True,
                    max_length=NAME_MAX,
                    auto_focus=True,
                    auto_complete="off",
                    dir="auto",
                ),
            ),
            rx.el.div(
                field(
                    _("First day"),
                    rx.el.input(type="date", name="starts_on", default_value=edited.starts_on),
                ),
                field(
                    _("Last day"),
                    rx.el.input(type="date", name="ends_on", default_value=edited.ends_on),
                ),
                class_name="two-fields",
            ),
            field(
                _("Goal, in words"),
                rx.el.textarea(
                    name="goal",
                    default_value=edited.goal,
                    rows="2",
                    max_length=GOAL_MAX,
                    dir="auto",
                ),
            ),
            rx.el.div(
                field(_("Number of posts"), _number("wanted", edited.wanted, digits=4)),
                field(
                    _("Budget, a note"),
                    rx.el.input(
                        name="budget",
                        default_value=edited.budget,
                        max_length=BUDGET_MAX,
                        auto_complete="off",
                        dir="auto",
                    ),
                ),
                class_name="two-fields",
            ),
            _networks(edited),
            _pillars(edited),
            problem_line(CampaignsState.problem),
            end(_("Save"), CampaignsState.close),
            on_submit=CampaignsState.save,
            class_name="dialog-form",
        ),
        label=rx.cond(edited.id == "", _("New campaign"), edited.name),
        on_close=CampaignsState.close,
    )


def _which_client(edited: rx.Var[Edited]) -> rx.Component:
    return field(
        _("Client"),
        rx.el.select(
            rx.foreach(
                CampaignsState.clients,
                lambda one: rx.cond(one.may_plan, rx.el.option(one.name, value=one.id)),
            ),
            name="client",
            default_value=edited.client,
        ),
    )


def _networks(edited: rx.Var[Edited]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Share of each network, in % of the posts")),
        rx.el.div(
            *(
                field(_(name), _number(f"{NETWORK}{network}", edited.networks[network], digits=3))
                for network, name in NETWORKS.items()
            ),
            class_name="short-fields",
        ),
    )


def _pillars(edited: rx.Var[Edited]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Share of each pillar, in % of the posts")),
        rx.foreach(edited.pillars, _pillar),
        class_name="pillar-rows",
    )


def _pillar(row: rx.Var[PillarRow]) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            name=rx.Var.create(PILLAR) + row.place,
            default_value=row.name,
            max_length=NAME_MAX,
            placeholder=_("A theme it belongs to"),
            aria_label=_("Pillar"),
            auto_complete="off",
            dir="auto",
        ),
        rx.el.input(
            type="text",
            input_mode="numeric",
            name=rx.Var.create(SHARE) + row.place,
            default_value=row.share,
            max_length=3,
            placeholder="%",
            aria_label=_("Share of {name} in %", name=row.name),
            auto_complete="off",
        ),
        class_name="pillar-row",
        key=row.place,
    )


def _number(name: str, value: Any, *, digits: int) -> rx.Component:
    return rx.el.input(
        type="text",
        input_mode="numeric",
        name=name,
        default_value=value,
        max_length=digits,
        auto_complete="off",
    )
