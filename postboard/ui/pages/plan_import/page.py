"""The import page, top to bottom as it looks."""

from typing import Any

import reflex as rx

from postboard.domain.content import NETWORKS
from postboard.ui.components.file_drop import FileDrop
from postboard.ui.labels import NETWORKS as NETWORK_NAMES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.plan_import.mapping import mapping
from postboard.ui.pages.plan_import.state import LeftOut, Mapped, PlanImport, PlannedRow, Shown
from postboard.ui.words import _, d_, n_


def page() -> rx.Component:
    return staff_page(
        _("Import a plan"),
        title_row(_("Import a plan")),
        rx.el.div(
            _choice(),
            rx.cond(PlanImport.finished, _finished(), _file()),
            rx.cond(PlanImport.mapped, mapping(PlanImport.mapped.to(Mapped))),
            rx.cond(PlanImport.refusal, _refusal(PlanImport.refusal.to(LeftOut))),
            rx.cond(PlanImport.shown, _preview(PlanImport.shown.to(Shown))),
            class_name="import",
        ),
        here="/import/",
    )


def _choice() -> rx.Component:
    return rx.el.section(
        rx.el.label(
            rx.el.span(_("Whose plan is it?")),
            rx.el.select(
                rx.el.option(_("Choose a client"), value=""),
                rx.foreach(PlanImport.clients, lambda c: rx.el.option(c.name, value=c.value)),
                value=PlanImport.client,
                on_change=PlanImport.choose_client,
                disabled=PlanImport.running,
            ),
            class_name="field import-client",
        ),
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
    return rx.cond(
        PlanImport.upload,
        rx.el.p(
            rx.el.strong(PlanImport.filename),
            rx.cond(PlanImport.reading, rx.el.span(_("Reading the file…"), class_name="quiet")),
            rx.cond(
                ~PlanImport.running,
                rx.el.button(
                    _("Take another file"),
                    type="button",
                    class_name="link",
                    on_click=PlanImport.start_over,
                ),
            ),
            rx.cond(
                PlanImport.client == "",
                rx.el.span(_("Choose the client to see what is in it."), class_name="quiet"),
            ),
            class_name="import-file",
        ),
        FileDrop.create(
            action="/uploads/plan",
            accept=".csv,.xlsx,.tsv,.txt",
            hint=_("CSV or XLSX from a sheet, Metricool, Publer, Hootsuite, Buffer and others."),
            on_uploaded=PlanImport.take,
            on_refused=PlanImport.refuse,
        ),
    )


def _refusal(refusal: rx.Var[LeftOut]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                PlanImport.mapped,
                _("Say above which columns hold the words, and the file can be imported."),
                _("This file cannot be imported."),
            )
        ),
        rx.el.p(_(refusal.message_id, refusal.facts)),
        class_name="import-summary",
        role="alert",
    )


def _preview(shown: rx.Var[Shown]) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.dl(
                _count(_("new"), shown.new),
                _count(_("to update"), shown.updated),
                _count(_("left out"), shown.skipped),
                class_name="import-counts",
            ),
            rx.el.p(
                _(
                    "For {client}, times read in {zone}. Nothing is written yet.",
                    client=shown.client,
                    zone=shown.zone,
                ),
                class_name="quiet",
            ),
            rx.foreach(shown.warnings, _warning),
            _go(shown),
            class_name="import-summary",
        ),
        rx.cond(
            shown.rows.length() > 0,
            rx.el.section(
                rx.el.h2(_("What comes in")),
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(_("Row"), scope="col"),
                            rx.el.th(_("Planned"), scope="col"),
                            rx.el.th(_("Networks"), scope="col"),
                            rx.el.th(_("Words"), scope="col"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(shown.rows, lambda row: _row(row, shown.zone))),
                    class_name="table",
                ),
                _only_first(shown.rows.length(), shown.new + shown.updated),
            ),
        ),
        rx.cond(
            shown.left_out.length() > 0,
            rx.el.section(
                rx.el.h2(_("What is left out, and why")),
                rx.el.table(rx.el.tbody(rx.foreach(shown.left_out, _left_out)), class_name="table"),
                _only_first(shown.left_out.length(), shown.skipped),
            ),
        ),
    )


def _go(shown: rx.Var[Shown]) -> rx.Component:
    total = shown.new + shown.updated
    return rx.cond(
        PlanImport.running,
        rx.el.div(
            rx.el.progress(
                max=total.to_string(),
                value=PlanImport.done.to_string(),
                aria_label=_("Importing"),
            ),
            rx.el.span(_("{n} of {m} rows are in.", n=PlanImport.done, m=total)),
            class_name="import-progress",
        ),
        rx.cond(
            total > 0,
            rx.fragment(
                rx.el.button(
                    n_("Import {n} post", "Import {n} posts", total),
                    type="button",
                    class_name="button button-primary",
                    on_click=PlanImport.commit,
                    disabled=_is_open() | PlanImport.reading,
                ),
                rx.cond(
                    _is_open(),
                    rx.el.p(_("Something has to be said first: it is marked above.")),
                ),
            ),
            rx.el.p(_("Nothing to import: every row is left out for the reason below.")),
        ),
    )


def _is_open() -> rx.Var[bool]:
    return PlanImport.mapped.to(Mapped).asks


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
        rx.el.td(rx.cond(row.cell, row.cell, row.row.to_string()), class_name="number"),
        rx.el.td(
            rx.cond(
                row.planned_at,
                d_(row.planned_at, "daytime", zone),
                rx.el.span(_("No date"), class_name="quiet"),
            ),
            class_name="when",
        ),
        rx.el.td(
            rx.foreach(
                row.networks,
                lambda name: rx.el.span(
                    class_name="network",
                    title=_(rx.Var.create(NETWORK_NAMES)[name]),
                    custom_attrs={"data-network": name},
                ),
            )
        ),
        rx.el.td(
            rx.cond(row.update, rx.el.span(_("Update"), class_name="tag-small")),
            rx.el.span(row.text, dir="auto"),
            class_name="words",
        ),
    )


def _left_out(row: rx.Var[LeftOut]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.cond(row.cell, row.cell, row.row.to_string()), class_name="number"),
        rx.el.td(_(row.message_id, row.facts), class_name="words"),
    )


def _warning(warning: rx.Var[LeftOut]) -> rx.Component:
    return rx.el.p(_(warning.message_id, warning.facts), class_name="import-warning")


def _count(name: rx.Var[str], count: rx.Var[int]) -> rx.Component:
    return rx.el.div(rx.el.dd(count), rx.el.dt(name))


def _only_first(shown: Any, total: Any) -> rx.Component:
    return rx.cond(
        total > shown,
        rx.el.p(_("The first {n} of {m}.", n=shown, m=total), class_name="quiet"),
    )
