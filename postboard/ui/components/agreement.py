"""An agreement and its month, as both sides read them."""

from typing import Final

import reflex as rx

from postboard.db.queries.meter import Delivered, Lacking, Meter, Plan
from postboard.domain.contract import ContractKind, ContractState
from postboard.domain.planning import PostKind
from postboard.locale import N_
from postboard.services.contract_view import LineSeen, VersionSeen
from postboard.services.contract_words import CONTRACT_STATES, KINDS
from postboard.ui.labels import NETWORKS
from postboard.ui.words import _, d_, language, n_

FORMATS: Final = {
    "": N_("any format"),
    PostKind.TEXT: N_("words alone"),
    PostKind.IMAGE: N_("with pictures"),
    PostKind.VIDEO: N_("with video"),
}


def heading(one: rx.Var[VersionSeen], *, stands: bool = True) -> rx.Component:
    """Title, version and, where it `stands` beside others, how far it has come."""
    return rx.el.p(
        rx.el.span(
            rx.cond(one.title, one.title, _(rx.Var.create(KINDS)[one.kind])),
            class_name="line-name",
            dir="auto",
        ),
        rx.el.span(
            _(
                "{kind}, version {n}",
                kind=_(rx.Var.create(KINDS)[one.kind]),
                n=one.number,
            ),
            class_name="line-role",
        ),
        _how_far(one) if stands else rx.fragment(),
    )


def _how_far(one: rx.Var[VersionSeen]) -> rx.Component:
    return rx.el.span(
        rx.cond(
            one.in_force,
            _("In force"),
            _(rx.Var.create(CONTRACT_STATES)[one.state]),
        ),
        class_name="agreement-state",
        custom_attrs={"data-agreement": rx.cond(one.in_force, "in_force", one.state)},
    )


def signed(one: rx.Var[VersionSeen]) -> rx.Component:
    """Who offered and who answered it, and when."""
    offered = d_(one.offered_at, "daytime", one.zone)
    answered = d_(one.answered_at, "daytime", one.zone)
    return rx.el.p(
        rx.cond(
            one.offered_at,
            rx.el.span(_("Offered by {who}, {at}", who=one.offered_by, at=offered)),
        ),
        rx.cond(
            one.answered_at,
            rx.el.span(
                rx.cond(
                    one.state == ContractState.ACCEPTED.value,
                    _("Accepted by {who}, {at}", who=one.answered_by, at=answered),
                    _("Declined by {who}, {at}", who=one.answered_by, at=answered),
                )
            ),
        ),
        class_name="line-more",
    )


def terms_of(one: rx.Var[VersionSeen]) -> rx.Component:
    """Why it changes what was agreed, and what it changes; then every term."""
    return rx.fragment(
        rx.cond(one.why, rx.el.p(one.why, class_name="agreement-why", dir="auto")),
        rx.cond(
            one.based_on > 0,
            rx.fragment(
                rx.el.dl(rx.foreach(one.lines, _change), class_name="agreement-lines"),
                rx.el.details(
                    rx.el.summary(_("Every term"), class_name="link"),
                    rx.el.dl(rx.foreach(one.lines, _line), class_name="agreement-lines"),
                ),
            ),
            rx.el.dl(rx.foreach(one.lines, _line), class_name="agreement-lines"),
        ),
    )


def downloads(one: rx.Var[VersionSeen]) -> rx.Component:
    return download_menu(rx.Var.create("/agreements/") + one.id)


def download_menu(address: rx.Var[str]) -> rx.Component:
    """What lies at the address as files, behind a quiet button; pages of the server's own."""
    return rx.el.details(
        rx.el.summary("⋯", aria_label=_("Download"), title=_("Download")),
        rx.el.div(
            *(
                rx.el.a(name, href=address + f".{kind}", download=True, reload_document=True)
                for kind, name in (("md", _("As Markdown")), ("json", _("As JSON")))
            ),
        ),
        class_name="more-menu",
    )


def meter(month: rx.Var[Meter]) -> rx.Component:
    """Posts of the month as agreed and as delivered, and what has to be there for those to come."""
    return rx.fragment(
        rx.cond(month.lines.length() > 0, _delivery(month)),
        rx.cond(month.plan, _plan(month.plan.to(Plan))),
        rx.cond(month.lacking, _lacking(month.lacking.to(Lacking))),
    )


def is_change_order(one: rx.Var[VersionSeen]) -> rx.Var[bool]:
    return one.kind == ContractKind.CHANGE_ORDER.value


def _delivery(month: rx.Var[Meter]) -> rx.Component:
    return rx.el.table(
        rx.el.caption(
            rx.el.span(month.client, dir="auto"),
            rx.el.span(d_(month.month, "month")),
            class_name="quiet",
        ),
        rx.el.thead(
            rx.el.tr(
                rx.el.td(),
                rx.el.th(_("Agreed"), scope="col"),
                rx.el.th(_("Delivered"), scope="col"),
                rx.el.th(_("To come"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(month.lines, _delivered)),
        class_name="kept agreement-meter",
    )


def _plan(plan: rx.Var[Plan]) -> rx.Component:
    return _due(
        _("Plan of {month}, due {day}", month=d_(plan.month, "month"), day=d_(plan.due, "day")),
        rx.cond(
            plan.agreed > 0,
            _("{k} of {n} posts planned", k=plan.planned, n=plan.agreed),
            n_("{n} post planned", "{n} posts planned", plan.planned),
        ),
        is_late=plan.is_late,
    )


def _lacking(lacking: rx.Var[Lacking]) -> rx.Component:
    return _due(
        _("Material, due {day}", day=d_(lacking.due, "day")),
        n_(
            "{n} post still needs a picture or a video",
            "{n} posts still need a picture or a video",
            lacking.posts,
        ),
        is_late=lacking.is_late,
    )


def _due(what: rx.Var[str], said: rx.Var[str], *, is_late: rx.Var[bool]) -> rx.Component:
    return rx.el.p(
        rx.el.span(what),
        rx.el.span(said),
        rx.cond(is_late, rx.el.strong(_("Late"))),
        class_name="agreement-due",
    )


def _line(line: rx.Var[LineSeen]) -> rx.Component:
    return rx.cond(
        line.said.length() > 0,
        rx.el.div(
            rx.el.dt(line.name[language()]),
            rx.foreach(line.said, lambda said: rx.el.dd(said.to(dict)[language()], dir="auto")),
            custom_attrs={"data-term": line.term},
        ),
    )


def _change(line: rx.Var[LineSeen]) -> rx.Component:
    """What it was, struck out, and what it becomes."""
    return rx.cond(
        line.changed,
        rx.el.div(
            rx.el.dt(line.name[language()]),
            rx.foreach(
                line.before,
                lambda said: rx.el.dd(rx.el.del_(said.to(dict)[language()]), dir="auto"),
            ),
            rx.foreach(
                line.said,
                lambda said: rx.el.dd(rx.el.ins(said.to(dict)[language()]), dir="auto"),
            ),
            rx.cond(line.said.length() == 0, rx.el.dd(_("No longer agreed"), class_name="quiet")),
            custom_attrs={"data-changed": line.term},
        ),
    )


def _delivered(line: rx.Var[Delivered]) -> rx.Component:
    name = _(rx.Var.create(NETWORKS)[line.network])
    kind = _(rx.Var.create(FORMATS)[line.format])
    return rx.el.tr(
        rx.el.th(
            rx.cond(line.format, _("{network}, {format}", network=name, format=kind), name),
            scope="row",
        ),
        rx.el.td(line.agreed),
        rx.el.td(
            line.delivered,
            custom_attrs={"data-passed": line.delivered > line.agreed},
        ),
        rx.el.td(line.coming),
    )
