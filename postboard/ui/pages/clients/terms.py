"""What is agreed with a client on time, as a form."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from postboard.db.queries.clients import TermsOfClient
from postboard.ui.components.form import field
from postboard.ui.labels import CHANNELS, LATE_APPROVALS, SILENCES, WEEKDAYS
from postboard.ui.pages.clients.agreed import as_agreed, described_by
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _, n_


def terms(client_id: rx.Var[str], agreed: rx.Var[TermsOfClient]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Deadlines and reminders"), class_name="section-name"),
        rx.el.form(
            rx.el.input(type="hidden", name="version", default_value=agreed.version),
            _office(agreed),
            _answers(agreed),
            _reminders(agreed),
            rx.el.div(rx.el.button(_("Save"), type="submit", class_name="button button-primary")),
            on_submit=ClientsState.save_terms,
            class_name="agreement terms",
            # Drawn anew once it is saved, here or by a colleague.
            key=client_id + agreed.version.to_string(),
        ),
        class_name="client-section",
    )


def _office(agreed: rx.Var[TermsOfClient]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Working hours on the client’s clock")),
        *(
            field(_(name), _text(f"day_{day}", agreed.week[day], _("Not worked")))
            for day, name in enumerate(WEEKDAYS)
        ),
        rx.el.p(_("Like 9:00-12:00, 13:00-17:30. An empty day is not worked."), class_name="hint"),
        field(_("Country of the holidays, two letters"), _text("country", agreed.country)),
        field(_("Region, where holidays differ"), _text("region", agreed.region)),
        field(_("Own days off"), _text("days_off", agreed.days_off, "2026-12-28 2026-12-29")),
        class_name="terms-part",
    )


def _answers(agreed: rx.Var[TermsOfClient]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Answers")),
        field(
            _("The client answers within working hours"),
            _hours("response_hours", agreed.response_hours),
        ),
        as_agreed(
            "response_hours",
            agreed.response_hours,
            lambda n: n_("{n} working hour", "{n} working hours", n),
        ),
        _long(_("If no answer comes in time"), _choice("silence", agreed.silence, SILENCES)),
        as_agreed("silence", agreed.silence, lambda one: _(rx.Var.create(SILENCES)[one])),
        _long(
            _("If it is approved after its planned time"),
            _choice("late_approval", agreed.late_approval, LATE_APPROVALS),
        ),
        as_agreed(
            "late_approval", agreed.late_approval, lambda one: _(rx.Var.create(LATE_APPROVALS)[one])
        ),
        class_name="terms-part",
    )


def _reminders(agreed: rx.Var[TermsOfClient]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Reminders, in working hours")),
        field(
            _("Before an answer is due"), _text("reminder_hours", agreed.reminder_hours, "4, 12")
        ),
        field(
            _("To account managers, after it was due"),
            _hours("account_manager_hours", agreed.account_manager_hours),
        ),
        field(_("To managers, after it was due"), _hours("manager_hours", agreed.manager_hours)),
        _long(_("How people hear of it"), _choice("channel", agreed.channel, CHANNELS)),
        field(_("Quiet from, on each reader’s clock"), _time("quiet_from", agreed.quiet_from)),
        field(_("Quiet until"), _time("quiet_until", agreed.quiet_until)),
        class_name="terms-part",
    )


def _long(name: rx.Var[str], control: rx.Component) -> rx.Component:
    """A line of its own: what is chosen is a sentence."""
    return rx.el.div(field(name, control), class_name="long")


def _text(name: str, value: Any, example: Any = "") -> rx.Component:
    return rx.el.input(
        name=name, default_value=value, placeholder=example, max_length=5000, auto_complete="off"
    )


def _hours(name: str, value: Any) -> rx.Component:
    return rx.el.input(
        type="number",
        name=name,
        default_value=value,
        min=1,
        max=400,
        required=True,
        aria_describedby=described_by(name),
        class_name="short",
    )


def _time(name: str, value: Any) -> rx.Component:
    return rx.el.input(
        type="time", name=name, default_value=value, required=True, class_name="short"
    )


def _choice(name: str, chosen: Any, words: Mapping[Any, str]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(_(said), value=str(value)) for value, said in words.items()),
        name=name,
        default_value=chosen,
        aria_describedby=described_by(name),
    )
