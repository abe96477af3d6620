"""The whole agreement with a client: what holds, what is written or offered, and its month."""

from typing import Any, Final

import reflex as rx

from postboard.db.queries.clients import ClientInFull
from postboard.domain.contract import ContractState
from postboard.locale import N_
from postboard.services.contract_view import NotedSeen, VersionSeen
from postboard.services.contract_words import TERMS
from postboard.ui.components import agreement as shown
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.hear import Hear
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.clients.agreement_fields import draft_form
from postboard.ui.pages.clients.agreement_form import DraftForm
from postboard.ui.pages.clients.agreement_state import AgreementState
from postboard.ui.words import _, d_

LEVELS: Final = {
    "nearing": N_("near"),
    "passed": N_("passed"),
    "missed": N_("not reached"),
    "kept": N_("in time"),
}


def whole_agreement(client: rx.Var[ClientInFull]) -> rx.Component:
    draft = AgreementState.draft.to(DraftForm)
    return rx.el.section(
        rx.el.h3(_("Agreement with the client"), class_name="section-name"),
        rx.el.ul(rx.foreach(AgreementState.versions, _version), class_name="agreement-versions"),
        rx.cond(
            AgreementState.draft,
            draft_form(draft),
            rx.fragment(_beginnings(), problem_line(AgreementState.problem)),
        ),
        rx.foreach(AgreementState.meters, shown.meter),
        _noted(),
        _earlier(),
        Hear.create(only=client.id, on_signal=AgreementState.refresh(client.id)),
        id="agreement",
        class_name="client-section",
        on_mount=AgreementState.look(client.id),
    )


def _version(one: rx.Var[VersionSeen]) -> rx.Component:
    is_draft = one.state == ContractState.DRAFT.value
    return rx.el.li(
        rx.el.div(
            shown.heading(one),
            rx.cond(is_draft, rx.fragment(), shown.downloads(one)),
            class_name="agreement-head",
        ),
        shown.signed(one),
        rx.cond(one.answer, rx.el.p(one.answer, class_name="idea-answer", dir="auto")),
        rx.el.details(
            rx.el.summary(_("Read it"), class_name="link"),
            shown.terms_of(one),
        ),
        rx.cond(
            is_draft,
            rx.el.div(
                _button(
                    _("Offer to the client"),
                    AgreementState.offer(one.id, one.version),
                    "button button-primary",
                ),
                _button(_("Write…"), AgreementState.write(one.id)),
                _button(
                    _("Discard…"), AgreementState.ask_discard(asked=True), "button button-quiet"
                ),
                rx.cond(AgreementState.discarding, _discard(one)),
                class_name="agreement-buttons",
                hidden=AgreementState.draft.is_not_none(),
            ),
        ),
        rx.cond(
            one.state == ContractState.OFFERED.value,
            rx.el.div(
                _button(_("Withdraw"), AgreementState.withdraw(one.id, one.version)),
                class_name="agreement-buttons",
            ),
        ),
        key=one.id,
    )


def _discard(one: rx.Var[VersionSeen]) -> rx.Component:
    back = AgreementState.ask_discard(asked=False)
    return Dialog.create(
        rx.el.div(
            rx.el.p(
                rx.cond(
                    one.title,
                    _("The draft of “{title}” is gone then, with all its terms.", title=one.title),
                    _("The draft is gone then, with all its terms."),
                )
            ),
            rx.el.p(
                _("The client has not seen it. What is in force stays as it is."),
                class_name="quiet",
            ),
            rx.el.div(
                rx.el.button(
                    _("Back"), type="button", class_name="button", auto_focus=True, on_click=back
                ),
                _button(
                    _("Discard it"),
                    AgreementState.discard(one.id, one.version),
                    "button button-final",
                ),
                class_name="dialog-buttons",
            ),
            class_name="dialog-form",
        ),
        label=_("Discard the draft"),
        on_close=back,
    )


def _beginnings() -> rx.Component:
    """One version at a time: while one is open, none is begun."""
    return rx.el.div(
        rx.cond(
            AgreementState.begins_with == "change",
            _button(_("Write a change order"), AgreementState.begin("")),
        ),
        rx.cond(
            AgreementState.begins_with == "templates",
            rx.fragment(
                rx.cond(
                    AgreementState.versions.length() == 0,
                    rx.el.p(
                        _(
                            "None yet. Begin with a template, write what is agreed, and offer it:"
                            " the client reads it and accepts it by name."
                        ),
                        class_name="quiet",
                    ),
                ),
                rx.foreach(
                    AgreementState.templates,
                    lambda one: _button(
                        _("Begin with “{name}”", name=one[1]), AgreementState.begin(one[0])
                    ),
                ),
                _button(_("Begin with what holds now"), AgreementState.begin("")),
            ),
        ),
        class_name="agreement-buttons",
        hidden=AgreementState.begins_with == "",
    )


def _earlier() -> rx.Component:
    return rx.cond(
        AgreementState.earlier.length() > 0,
        rx.el.details(
            rx.el.summary(
                _("Earlier versions ({n})", n=AgreementState.earlier.length()), class_name="link"
            ),
            rx.el.ul(rx.foreach(AgreementState.earlier, _version), class_name="agreement-versions"),
        ),
    )


def _button(name: rx.Var[str], event: Any, look: str = "button") -> rx.Component:
    return rx.el.button(name, type="button", class_name=look, on_click=event)


def _noted() -> rx.Component:
    return rx.cond(
        AgreementState.noted.length() > 0,
        rx.el.details(
            rx.el.summary(_("Terms that came near or passed"), class_name="link"),
            rx.el.ul(rx.foreach(AgreementState.noted, _one_noted), class_name="agreement-noted"),
        ),
    )


def _one_noted(one: rx.Var[NotedSeen]) -> rx.Component:
    term = _(rx.Var.create(TERMS)[one.term])
    level = _(rx.Var.create(LEVELS)[one.level])
    network = _(rx.Var.create(NETWORKS)[one.network])
    return rx.el.li(
        rx.el.span(_("{term}: {level}", term=term, level=level)),
        rx.cond(one.network, rx.el.span(network)),
        rx.cond(one.term != "deliverables", rx.el.span(d_(one.when, "day"))),
        rx.cond(one.agreed > 0, rx.el.span(_("{k} of {n}", k=one.reached, n=one.agreed))),
        rx.el.span(d_(one.at, "relative"), class_name="quiet"),
    )
