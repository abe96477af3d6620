"""What is agreed with a client, its campaigns and its accounts."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries.clients import AccountOfClient, CampaignOfClient, ClientInFull
from postboard.ui.components.chain import ChainState, chain_steps
from postboard.ui.components.form import field
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.clients.agreed import as_agreed, described_by
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _, d_, n_

_ZONES: Final = rx.Var(
    "['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])]", _var_type=list[str]
).to(list[str])
"""The browser knows them; they are only drawn there, so no page carries the list."""


def approval(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(_("Approval"), class_name="section-name"),
            rx.el.button(
                _("Change who approves"),
                type="button",
                class_name="button",
                on_click=ChainState.open(client.id, "", ""),
            ),
            class_name="section-head",
        ),
        chain_steps(client.chain),
        class_name="client-section",
    )


def agreement(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Name, clock and rounds"), class_name="section-name"),
        rx.el.form(
            field(
                _("Name"),
                rx.el.input(
                    name="name",
                    default_value=client.name,
                    required=True,
                    max_length=120,
                    dir="auto",
                ),
            ),
            field(_("Time zone"), zone_input(client.zone)),
            rx.el.div(
                _choice(
                    _("After the client asked for changes"),
                    "rework",
                    rx.cond(client.rework_goes_to_client, "client", "internal"),
                    {
                        "internal": _("Internal review first"),
                        "client": _("Straight back to the client"),
                    },
                ),
                field(
                    _("Rounds with the client included"),
                    rx.el.input(
                        type="number",
                        name="rounds",
                        default_value=client.rounds_included,
                        min=1,
                        max=99,
                        required=True,
                        class_name="short",
                        aria_describedby=described_by("rounds_included"),
                    ),
                ),
                as_agreed(
                    "rounds_included",
                    client.rounds_included,
                    lambda n: n_("{n} round", "{n} rounds", n),
                ),
                class_name="with-client",
                hidden=client.approval == "internal_only",
            ),
            rx.el.p(_("Posts under way keep the step they stand on."), class_name="hint"),
            rx.el.div(rx.el.button(_("Save"), type="submit", class_name="button button-primary")),
            on_submit=ClientsState.save_client,
            class_name="agreement",
        ),
        class_name="client-section",
    )


def zone_input(zone: Any) -> rx.Component:
    """A field that finds a zone by any part of its name."""
    return rx.fragment(
        rx.el.input(
            name="zone",
            default_value=zone,
            required=True,
            max_length=64,
            list="zones",
            auto_complete="off",
            spell_check=False,
        ),
        rx.el.datalist(
            rx.foreach(_ZONES, lambda name: rx.el.option(value=name, key=name)), id="zones"
        ),
    )


def campaigns(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(_("Campaigns"), class_name="section-name"),
            rx.el.a(
                _("Goals and progress"),
                href=rx.Var.create("/campaigns/?client=") + client.key,
                class_name="link",
            ),
            class_name="section-head",
        ),
        rx.cond(
            client.campaigns.length() > 0,
            rx.el.ul(rx.foreach(client.campaigns, _campaign), class_name="lines"),
            rx.el.p(
                _("None yet. Posts can be grouped and filtered by campaign."), class_name="quiet"
            ),
        ),
        rx.el.form(
            field(_("Name"), rx.el.input(name="name", required=True, max_length=120, dir="auto")),
            field(_("First day"), rx.el.input(type="date", name="starts_on")),
            field(_("Last day"), rx.el.input(type="date", name="ends_on")),
            rx.el.button(_("Add campaign"), type="submit", class_name="button"),
            on_submit=ClientsState.add_campaign,
            class_name="add-line",
            # Drawn anew, so emptied, once the campaign is in the list.
            key=client.campaigns.length(),
        ),
        class_name="client-section",
    )


def accounts(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Social accounts"), class_name="section-name"),
        rx.cond(
            client.accounts.length() > 0,
            rx.el.ul(rx.foreach(client.accounts, _account), class_name="lines"),
            rx.el.p(_("None yet. Note where this client posts."), class_name="quiet"),
        ),
        rx.el.form(
            field(
                _("Network"),
                rx.el.select(
                    *(rx.el.option(_(name), value=key) for key, name in NETWORKS.items()),
                    name="network",
                ),
            ),
            field(
                _("Account’s name"),
                rx.el.input(name="handle", required=True, max_length=120, placeholder="@"),
            ),
            rx.el.button(_("Add account"), type="submit", class_name="button"),
            on_submit=ClientsState.add_account,
            class_name="add-line",
            key=client.accounts.length(),
        ),
        class_name="client-section",
    )


def _choice(
    legend: rx.Var[str], name: str, chosen: Any, options: dict[str, rx.Var[str]]
) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend),
        *(
            rx.el.label(
                rx.el.input(type="radio", name=name, value=value, default_checked=chosen == value),
                rx.el.span(words),
                class_name="check",
            )
            for value, words in options.items()
        ),
        class_name="choice",
    )


def _campaign(campaign: rx.Var[CampaignOfClient]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(campaign.name, class_name="line-name", dir="auto"),
                rx.el.span(_days(campaign), class_name="line-role"),
            ),
            rx.el.p(
                rx.el.span(n_("{n} post", "{n} posts", campaign.posts)),
                rx.cond(campaign.own_chain, rx.el.span(_("Own approval"))),
                class_name="line-more",
            ),
            class_name="line-words",
        ),
        rx.el.button(
            _("Approval…"),
            type="button",
            class_name="button button-quiet",
            on_click=ChainState.open(ClientsState.chosen.to(ClientInFull).id, campaign.id, ""),
            aria_label=_("Who approves {what}", what=campaign.name),
        ),
        key=campaign.id,
    )


def _days(campaign: rx.Var[CampaignOfClient]) -> Any:
    first, last = d_(campaign.starts_on, "day"), d_(campaign.ends_on, "day")
    return rx.cond(
        campaign.starts_on,
        rx.cond(
            campaign.ends_on,
            _("{first} to {last}", first=first, last=last),
            _("From {first}", first=first),
        ),
        rx.cond(campaign.ends_on, _("Until {last}", last=last), ""),
    )


def _account(account: rx.Var[AccountOfClient]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(
                    class_name="network",
                    aria_hidden="true",
                    custom_attrs={"data-network": account.network},
                ),
                rx.el.span(account.handle, class_name="line-name", dir="auto"),
                rx.el.span(_(rx.Var.create(NETWORKS)[account.network]), class_name="line-role"),
            ),
            class_name="line-words",
        ),
        rx.el.button(
            _("Remove"),
            type="button",
            class_name="button button-quiet",
            on_click=ClientsState.remove_account(account.id),
            aria_label=_("Remove {name}", name=account.handle),
        ),
        key=account.id,
    )
