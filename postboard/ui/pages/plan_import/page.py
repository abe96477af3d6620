"""The import page, top to bottom as it looks."""

import reflex as rx

from postboard.domain.content import NETWORKS
from postboard.ui.components import importing
from postboard.ui.components.importing import Remark
from postboard.ui.components.network import network_mark
from postboard.ui.components.table import head
from postboard.ui.labels import NETWORKS as NETWORK_NAMES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.plan_import.mapping import mapping
from postboard.ui.pages.plan_import.state import Mapped, PlanImport, PlannedRow, Shown
from postboard.ui.words import _, d_, n_


def page() -> rx.Component:
    return staff_page(
        _("Import a plan"),
        title_row(_("Import a plan")),
        rx.el.div(
            _choice(),
            rx.cond(PlanImport.finished, _finished(), _file()),
            rx.cond(PlanImport.mapped, mapping(PlanImport.mapped.to(Mapped))),
            rx.cond(PlanImport.refusal, _refusal(PlanImport.refusal.to(Remark))),
            rx.cond(PlanImport.shown, _preview(PlanImport.shown.to(Shown))),
            class_name="import",
        ),
        here="/import/",
    )


def _choice() -> rx.Component:
    return rx.el.section(
        importing.whose(PlanImport, _("Whose plan is it?")),
        rx.el.fieldset(
            rx.el.legend(_("Networks for rows that name none")),
            *(_network(name) for name in NETWORKS),
            class_name="checks",
            disabled=PlanImport.running,
        ),
        class_name="import-choice",
    )


def _network(name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=PlanImport.networks.contains(name),
            on_change=lambda _checked: PlanImport.choose_network(name),
        ),
        rx.el.span(_(NETWORK_NAMES[name])),
        class_name="check",
    )


def _file() -> rx.Component:
    return importing.file(
        PlanImport,
        "/uploads/plan",
        ".csv,.xlsx,.tsv,.txt",
        _("CSV or XLSX from a sheet, Metricool, Publer, Hootsuite, Buffer and others."),
    )


def _refusal(said: rx.Var[Remark]) -> rx.Component:
    return importing.refusal(
        rx.cond(
            PlanImport.mapped,
            _("Say above which columns hold the words, and the file can be imported."),
            _("This file cannot be imported."),
        ),
        said,
    )


def _preview(shown: rx.Var[Shown]) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            importing.counts(shown),
            rx.el.p(
                _(
                    "For {client}, times read in {zone}. Nothing is written yet.",
                    client=shown.client,
                    zone=shown.zone,
                ),
                class_name="quiet",
            ),
            rx.foreach(shown.warnings, importing.warning),
            _go(shown),
            class_name="import-summary",
        ),
        rx.cond(shown.rows.length() > 0, _rows(shown)),
        importing.left_out(shown.left_out, shown.skipped),
    )


def _go(shown: rx.Var[Shown]) -> rx.Component:
    total = shown.new + shown.updated
    return importing.go(
        PlanImport,
        n_("Import {n} post", "Import {n} posts", total),
        total,
        out_of=total,
        is_open=PlanImport.mapped.to(Mapped).asks,
    )


def _rows(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What comes in")),
        rx.el.table(
            head(_("Row"), _("Planned"), _("Networks"), _("Words")),
            rx.el.tbody(rx.foreach(shown.rows, lambda row: _row(row, shown.zone))),
            class_name="table",
        ),
        importing.only_first(shown.rows, shown.new + shown.updated),
    )


def _finished() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("The plan is on the board.")),
        rx.el.p(
            _(
                "{created} created, {changed} updated.",
                created=PlanImport.created,
                changed=PlanImport.changed,
            )
        ),
        rx.el.div(
            rx.el.a(
                _("Open the board"),
                href="/board/?client=" + PlanImport.client,
                class_name="button button-primary",
            ),
            rx.el.button(
                _("Import another plan"),
                type="button",
                class_name="button",
                on_click=PlanImport.start_over,
            ),
            class_name="quick-actions",
        ),
        class_name="import-summary",
        role="status",
    )


def _row(row: rx.Var[PlannedRow], zone: rx.Var[str]) -> rx.Component:
    return rx.el.tr(
        importing.place(row),
        rx.el.td(
            rx.cond(
                row.planned_at,
                d_(row.planned_at, "daytime", zone),
                rx.el.span(_("No date"), class_name="quiet"),
            ),
            class_name="when",
        ),
        rx.el.td(rx.foreach(row.networks, network_mark)),
        rx.el.td(
            rx.cond(row.update, rx.el.span(_("Update"), class_name="tag-small")),
            rx.el.span(row.text, dir="auto"),
            class_name="words",
        ),
    )
