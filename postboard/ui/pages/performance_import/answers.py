"""The questions that a file leaves open, and what was answered."""

from typing import Final

import reflex as rx

from postboard.domain.clock import known_zones
from postboard.domain.content import NETWORKS
from postboard.imports.metrics import Asks
from postboard.ui.components.importing import asked, order_asked, tick
from postboard.ui.labels import NETWORKS as NETWORK_NAMES
from postboard.ui.pages.performance_import.shown import Asked, Shown
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.words import _

_ZONES: Final = sorted(known_zones())


def answers() -> rx.Component:
    return rx.el.section(
        rx.foreach(PerformanceImport.questions, _question),
        rx.el.label(
            rx.el.span(_("Exported on, if not today")),
            rx.el.input(
                type="date",
                value=PerformanceImport.captured,
                on_change=PerformanceImport.take_captured,
                disabled=PerformanceImport.running,
            ),
            class_name="field import-asked",
        ),
        rx.cond(
            PerformanceImport.shown.to(Shown).network == "x",
            tick(
                PerformanceImport,
                _("Answers to others count as posts"),
                PerformanceImport.replies,
                PerformanceImport.take_replies,
            ),
        ),
        rx.cond(
            PerformanceImport.remembered,
            rx.el.p(_("As was said of this account’s last file."), class_name="import-remembered"),
        ),
        rx.el.datalist(
            rx.foreach(PerformanceImport.accounts, lambda name: rx.el.option(value=name)),
            id="known-accounts",
        ),
        class_name="import-mapping",
    )


def _question(question: rx.Var[Asked]) -> rx.Component:
    return rx.fragment(
        rx.match(
            question.asks,
            (Asks.ACCOUNT.value, _account()),
            (Asks.NETWORK.value, _network()),
            (Asks.ZONE.value, _zone(question)),
            (
                Asks.ORDER.value,
                order_asked(
                    PerformanceImport,
                    question.example,
                    PerformanceImport.order,
                    PerformanceImport.take_order,
                ),
            ),
            (Asks.YEAR.value, _year(question)),
            rx.fragment(),
        )
    )


def _account() -> rx.Component:
    return asked(
        _("Which account are these figures of?"),
        rx.el.input(
            default_value=PerformanceImport.account,
            key=PerformanceImport.account,
            on_blur=PerformanceImport.take_account,
            list="known-accounts",
            max_length=120,
            auto_complete="off",
            disabled=PerformanceImport.running,
        ),
        PerformanceImport.account == "",
    )


def _network() -> rx.Component:
    return asked(
        _("Which network are they of?"),
        rx.el.select(
            rx.el.option(_("Choose"), value=""),
            *(rx.el.option(_(NETWORK_NAMES[name]), value=name) for name in NETWORKS),
            value=PerformanceImport.network,
            on_change=PerformanceImport.take_network,
            disabled=PerformanceImport.running,
        ),
        PerformanceImport.network == "",
    )


def _zone(question: rx.Var[Asked]) -> rx.Component:
    """It is the client's until another is named, so it never keeps a file out."""
    return asked(
        _("On which clock is {time}?", time=question.example),
        rx.el.select(
            *(rx.el.option(name, value=name) for name in _ZONES),
            value=PerformanceImport.zone,
            on_change=PerformanceImport.take_zone,
            disabled=PerformanceImport.running,
        ),
        rx.Var.create(False),
    )


def _year(question: rx.Var[Asked]) -> rx.Component:
    return asked(
        _("Which year is {date}, the last row?", date=question.example),
        rx.el.input(
            default_value=PerformanceImport.year,
            key=PerformanceImport.year,
            on_change=PerformanceImport.take_year.debounce(400),
            input_mode="numeric",
            max_length=4,
            placeholder="2026",
            disabled=PerformanceImport.running,
        ),
        PerformanceImport.year == "",
    )
