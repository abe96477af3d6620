"""The campaigns' page: each client's campaigns, their goals, and what is missing for them."""

from typing import Any

import reflex as rx

from postboard.db.queries.campaigns import CampaignSeen, ClientWithCampaigns
from postboard.domain.campaigns import Share
from postboard.ui.components.client_colour import client_colour
from postboard.ui.components.copying import CopyingState, copying_dialogs
from postboard.ui.components.filters import client_chooser
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.campaigns.form import form_dialog
from postboard.ui.pages.campaigns.state import CampaignsState
from postboard.ui.words import _, d_, n_


def page() -> rx.Component:
    return staff_page(
        _("Campaigns"),
        title_row(
            _("Campaigns"),
            rx.cond(CampaignsState.clients.length() > 1, client_chooser(CampaignsState)),
            rx.el.span(class_name="grow"),
            rx.cond(
                CampaignsState.may_plan,
                rx.fragment(
                    rx.el.button(
                        _("Copy a week…"),
                        type="button",
                        class_name="button button-quiet",
                        on_click=CopyingState.week("", ""),
                    ),
                    rx.el.button(
                        _("New campaign"),
                        type="button",
                        class_name="button button-primary",
                        on_click=CampaignsState.ask(CampaignsState.shown),
                    ),
                ),
            ),
        ),
        rx.el.div(
            rx.cond(
                CampaignsState.loaded,
                rx.cond(
                    CampaignsState.count > 0,
                    rx.foreach(CampaignsState.clients, _client),
                    _none_yet(),
                ),
                rx.el.div(
                    *(rx.el.div(class_name="campaign-skeleton") for _card in range(3)),
                    class_name="campaigns-of-client",
                    aria_hidden="true",
                ),
            ),
            class_name="long-page",
        ),
        form_dialog(),
        copying_dialogs(CampaignsState.look_again),
        here="/campaigns/",
    )


def _client(client: rx.Var[ClientWithCampaigns]) -> rx.Component:
    is_shown = (CampaignsState.shown == "") | (CampaignsState.shown == client.key)
    return rx.cond(
        is_shown & (client.campaigns.length() > 0),
        rx.el.section(
            rx.el.h2(
                client_colour(client.hue),
                rx.el.span(client.name, dir="auto"),
                class_name="campaigns-client",
            ),
            rx.foreach(client.campaigns, lambda campaign: _campaign(campaign, client)),
            class_name="campaigns-of-client",
            key=client.key,
        ),
    )


def _campaign(campaign: rx.Var[CampaignSeen], client: rx.Var[ClientWithCampaigns]) -> rx.Component:
    return rx.el.article(
        rx.el.header(
            rx.el.div(
                rx.el.h3(campaign.name, dir="auto"),
                rx.el.p(
                    rx.el.span(_days(campaign)),
                    rx.cond(campaign.over, rx.el.span(_("over"))),
                    rx.cond(campaign.budget, rx.el.span(campaign.budget, dir="auto")),
                    class_name="campaign-facts quiet",
                ),
                class_name="grow",
            ),
            _actions(campaign, client),
            class_name="campaign-head",
        ),
        rx.cond(campaign.goal, rx.el.p(campaign.goal, class_name="campaign-goal", dir="auto")),
        _progress(campaign),
        rx.cond(
            (campaign.pillars.length() > 0) | (campaign.networks.length() > 0),
            rx.el.div(
                rx.cond(
                    campaign.networks.length() > 0,
                    _mix(_("Networks"), campaign.networks, named=True),
                ),
                rx.cond(
                    campaign.pillars.length() > 0,
                    _mix(_("Pillars"), campaign.pillars, named=False),
                ),
                class_name="campaign-mix",
            ),
        ),
        _missing(campaign),
        class_name="campaign",
        custom_attrs={"data-over": campaign.over},
        key=campaign.id,
    )


def _actions(campaign: rx.Var[CampaignSeen], client: rx.Var[ClientWithCampaigns]) -> rx.Component:
    return rx.el.div(
        rx.el.a(
            _("Show on the board"),
            href="/board/?client=" + client.key + "&campaign=" + campaign.id,
            class_name="button button-quiet",
            aria_label=_("Show {name} on the board", name=campaign.name),
        ),
        rx.cond(
            client.may_plan,
            rx.fragment(
                rx.el.button(
                    _("Copy…"),
                    type="button",
                    class_name="button button-quiet",
                    on_click=CopyingState.campaign(campaign.id, campaign.name),
                    aria_label=_("Copy {name}…", name=campaign.name),
                ),
                rx.el.button(
                    _("Change…"),
                    type="button",
                    class_name="button button-quiet",
                    on_click=CampaignsState.edit(campaign.id),
                    aria_label=_("Change {name}…", name=campaign.name),
                ),
            ),
        ),
        class_name="row-actions",
    )


def _progress(campaign: rx.Var[CampaignSeen]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(
                rx.cond(
                    campaign.wanted > 0,
                    n_(
                        "{n} of {wanted} posts planned",
                        "{n} of {wanted} posts planned",
                        campaign.planned,
                        wanted=campaign.wanted,
                    ),
                    n_("{n} post planned", "{n} posts planned", campaign.planned),
                ),
                class_name="campaign-planned",
            ),
            rx.el.span(n_("{n} approved", "{n} approved", campaign.approved)),
            rx.el.span(n_("{n} published", "{n} published", campaign.published)),
            class_name="campaign-facts",
        ),
        rx.cond(
            campaign.wanted > 0,
            rx.el.div(
                rx.el.span(style={"width": campaign.percent.to_string() + "%"}),
                class_name="campaign-bar",
                aria_hidden="true",
            ),
        ),
    )


def _mix(title: rx.Var[str], parts: rx.Var[list[Share]], *, named: bool) -> rx.Component:
    return rx.el.table(
        rx.el.caption(title),
        rx.el.tbody(rx.foreach(parts, lambda part: _share(part, named=named))),
    )


def _share(part: rx.Var[Share], *, named: bool) -> rx.Component:
    """A bar of what is planned, with a mark where it should end."""
    return rx.el.tr(
        rx.el.th(_name(part, named=named), scope="row", dir="auto"),
        rx.el.td(
            rx.el.div(
                rx.el.span(style={"width": part.percent.to_string() + "%"}),
                rx.cond(
                    part.target > 0,
                    rx.el.i(style={"insetInlineStart": part.target.to_string() + "%"}),
                ),
                class_name="mix-bar",
                aria_hidden="true",
            ),
        ),
        rx.el.td(
            rx.cond(
                part.target > 0,
                _("{percent} of {target} %", percent=part.percent, target=part.target),
                _("{percent} %", percent=part.percent),
            ),
            class_name="mix-number",
        ),
        key=part.name,
        custom_attrs={"data-missing": part.missing > 0},
    )


def _missing(campaign: rx.Var[CampaignSeen]) -> rx.Component:
    return rx.cond(
        campaign.over,
        rx.fragment(),
        rx.el.ul(
            rx.cond(
                campaign.missing > 0,
                rx.el.li(
                    n_(
                        "{n} more post for the {wanted} you set",
                        "{n} more posts for the {wanted} you set",
                        campaign.missing,
                        wanted=campaign.wanted,
                    )
                ),
            ),
            rx.foreach(
                campaign.networks,
                lambda part: rx.cond(
                    part.missing > 0,
                    rx.el.li(
                        n_(
                            "{n} more on {name} for the {target} % you set",
                            "{n} more on {name} for the {target} % you set",
                            part.missing,
                            name=_name(part, named=True),
                            target=part.target,
                        )
                    ),
                ),
            ),
            rx.foreach(
                campaign.pillars,
                lambda part: rx.cond(
                    part.missing > 0,
                    rx.el.li(
                        n_(
                            "{n} more of “{name}” for the {target} % you set",
                            "{n} more of “{name}” for the {target} % you set",
                            part.missing,
                            name=part.name,
                            target=part.target,
                        )
                    ),
                ),
            ),
            class_name="campaign-missing",
        ),
    )


def _name(part: rx.Var[Share], *, named: bool) -> Any:
    return _(rx.Var.create(NETWORKS)[part.name]) if named else part.name


def _days(campaign: rx.Var[CampaignSeen]) -> Any:
    first, last = d_(campaign.starts_on, "day"), d_(campaign.ends_on, "day")
    return rx.cond(
        campaign.starts_on,
        rx.cond(
            campaign.ends_on,
            _("{first} to {last}", first=first, last=last),
            _("From {first}", first=first),
        ),
        rx.cond(campaign.ends_on, _("Until {last}", last=last), _("Without days")),
    )


def _none_yet() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("No campaign yet")),
        rx.el.p(
            _(
                "A campaign has a goal, its days and a mix: how many posts, on which networks,"
                " about what. This page then says what is missing."
            ),
            class_name="quiet",
        ),
        rx.cond(
            CampaignsState.may_plan,
            rx.el.button(
                _("New campaign"),
                type="button",
                class_name="button button-primary",
                on_click=CampaignsState.ask(CampaignsState.shown),
            ),
        ),
        class_name="nothing-yet",
    )
