"""The page of imported figures, top to bottom as it looks."""

from typing import Any

import reflex as rx

from postboard.domain.content import NETWORKS
from postboard.ui.components.file_drop import FileDrop
from postboard.ui.components.link_post import link_dialog
from postboard.ui.labels import NETWORKS as NETWORK_NAMES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.performance_import.answers import answers
from postboard.ui.pages.performance_import.columns import unknown_columns
from postboard.ui.pages.performance_import.outside import outside_posts
from postboard.ui.pages.performance_import.past import past_imports
from postboard.ui.pages.performance_import.shown import MeasuredShown, SaidOfRow, Shown, SumShown
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.pages.performance_import.words import METRICS
from postboard.ui.words import _, d_, n_

HERE = "/performance/import/"


def page() -> rx.Component:
    return staff_page(
        _("Import figures"),
        title_row(_("Import figures")),
        rx.el.div(
            _choice(),
            rx.cond(PerformanceImport.finished, rx.fragment(_finished(), outside_posts()), _file()),
            rx.cond(PerformanceImport.shown | PerformanceImport.refusal, answers()),
            rx.cond(PerformanceImport.refusal, _refusal(PerformanceImport.refusal.to(SaidOfRow))),
            rx.cond(PerformanceImport.shown, _preview(PerformanceImport.shown.to(Shown))),
            past_imports(),
            class_name="import",
        ),
        link_dialog(PerformanceImport.linked),
        here=HERE,
    )


def _choice() -> rx.Component:
    return rx.el.section(
        rx.el.label(
            rx.el.span(_("Whose figures are they?")),
            rx.el.select(
                rx.el.option(_("Choose a client"), value=""),
                rx.foreach(
                    PerformanceImport.clients, lambda c: rx.el.option(c.name, value=c.value)
                ),
                value=PerformanceImport.client,
                on_change=PerformanceImport.choose_client,
                disabled=PerformanceImport.running,
            ),
            class_name="field import-client",
        ),
        class_name="import-choice",
    )


def _file() -> rx.Component:
    return rx.cond(
        PerformanceImport.upload,
        rx.el.p(
            rx.el.strong(PerformanceImport.filename),
            rx.cond(
                PerformanceImport.reading, rx.el.span(_("Reading the file…"), class_name="quiet")
            ),
            rx.cond(
                ~PerformanceImport.running,
                rx.el.button(
                    _("Take another file"),
                    type="button",
                    class_name="link",
                    on_click=PerformanceImport.start_over,
                ),
            ),
            rx.cond(
                PerformanceImport.client == "",
                rx.el.span(_("Choose the client to see what is in it."), class_name="quiet"),
            ),
            class_name="import-file",
        ),
        FileDrop.create(
            action="/uploads/metrics",
            accept=".csv,.xlsx,.xls,.tsv,.txt",
            hint=_(
                "What Meta Business Suite, X, LinkedIn, TikTok, YouTube Studio or Publer exported,"
                " as it is."
            ),
            on_uploaded=PerformanceImport.take,
            on_refused=PerformanceImport.refuse,
        ),
    )


def _refusal(refusal: rx.Var[SaidOfRow]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("This file cannot be imported.")),
        rx.el.p(_(refusal.message_id, refusal.facts)),
        class_name="import-summary",
        role="alert",
    )


def _preview(shown: rx.Var[Shown]) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2(_(shown.format)),
            rx.el.dl(
                _count(_("new"), shown.new),
                _count(_("to update"), shown.updated),
                _count(_("left out"), shown.skipped),
                class_name="import-counts",
            ),
            rx.cond(
                shown.first_day,
                rx.el.p(
                    _(
                        "From {first} to {last}, on the clock of {zone}. Nothing is written yet.",
                        first=d_(shown.first_day, "day"),
                        last=d_(shown.last_day, "day"),
                        zone=shown.zone,
                    ),
                    class_name="quiet",
                ),
            ),
            _ours(shown),
            rx.foreach(shown.warnings, _warning),
            _earlier(shown),
            _go(shown),
            class_name="import-summary",
        ),
        rx.cond(shown.suggested.length() > 0, _suggested(shown)),
        rx.cond(shown.columns.length() > 0, unknown_columns(shown)),
        rx.cond(shown.sums.length() > 0, _sums(shown)),
        rx.cond(shown.rows.length() > 0, _rows(shown)),
        rx.cond(shown.left_out.length() > 0, _left_out(shown)),
    )


def _ours(shown: rx.Var[Shown]) -> rx.Component:
    return rx.cond(
        (shown.ours + shown.external + shown.to_confirm) > 0,
        rx.el.p(
            n_(
                "{n} is a post of yours by its link or id.",
                "{n} are posts of yours by their links or ids.",
                shown.ours,
            ),
            " ",
            n_(
                "{n} was not made here and stays an outside post.",
                "{n} were not made here and stay outside posts.",
                shown.external,
            ),
        ),
    )


def _earlier(shown: rx.Var[Shown]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            shown.earlier,
            rx.el.div(
                rx.el.p(
                    _(
                        "This very file came in {when}, by {who}. Its figures are here.",
                        when=d_(shown.earlier, "daytime"),
                        who=shown.earlier_by,
                    )
                ),
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        checked=PerformanceImport.again,
                        on_change=PerformanceImport.count_again,
                        disabled=PerformanceImport.running,
                    ),
                    rx.el.span(_("Count it once more, as figures of its day")),
                    class_name="check",
                ),
                class_name="import-warning",
            ),
        ),
        rx.cond(
            shown.stopped_at > 0,
            rx.el.p(
                _(
                    "This file was stopped after {n} rows. It goes on from there.",
                    n=shown.stopped_at,
                ),
                class_name="import-warning",
            ),
        ),
    )


def _go(shown: rx.Var[Shown]) -> rx.Component:
    total = shown.new + shown.updated
    is_open = shown.asks.length() > 0
    held = (shown.earlier != "") & ~PerformanceImport.again
    return rx.cond(
        PerformanceImport.running,
        rx.el.div(
            rx.el.progress(
                max=shown.rows_read.to_string(),
                value=PerformanceImport.done.to_string(),
                aria_label=_("Importing"),
            ),
            rx.el.span(_("{n} of {m} rows are in.", n=PerformanceImport.done, m=shown.rows_read)),
            rx.el.span(_("You may leave this page; it goes on."), class_name="quiet"),
            class_name="import-progress",
        ),
        rx.cond(
            total > 0,
            rx.fragment(
                rx.el.button(
                    n_("Import {n} row", "Import {n} rows", total),
                    type="button",
                    class_name="button button-primary",
                    on_click=PerformanceImport.commit,
                    disabled=is_open | held | PerformanceImport.reading,
                ),
                rx.cond(is_open, rx.el.p(_("Something has to be said first: it is marked above."))),
            ),
            rx.cond(
                is_open,
                rx.el.p(_("Something has to be said first: it is marked above.")),
                rx.el.p(_("Nothing to import: every row is left out for the reason below.")),
            ),
        ),
    )


def _suggested(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Are these your posts?")),
        rx.el.p(
            _(
                "They have the words and the day of a post of yours, but no link that says so."
                " What is not ticked stays an outside post."
            ),
            class_name="quiet",
        ),
        rx.el.button(
            _("All of them are"),
            type="button",
            class_name="button",
            on_click=PerformanceImport.confirm_all,
            disabled=PerformanceImport.running,
        ),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("It is this post"), scope="col"),
                    rx.el.th(_("Day"), scope="col"),
                    rx.el.th(_("Words in the file"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(shown.suggested, _suggestion)),
            class_name="table",
        ),
        _only_first(shown.suggested.length(), shown.to_confirm),
    )


def _suggestion(row: rx.Var[MeasuredShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=PerformanceImport.confirmed.contains(row.row),
                    on_change=lambda is_it: PerformanceImport.confirm(row.row, is_it),
                    disabled=PerformanceImport.running,
                ),
                rx.el.span(row.post),
                class_name="check",
            ),
        ),
        rx.el.td(d_(row.day, "day"), class_name="when"),
        rx.el.td(row.text, class_name="words", dir="auto"),
    )


def _sums(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What it adds up to")),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Figure"), scope="col"),
                    rx.el.th(_("Sum"), scope="col", class_name="number"),
                    rx.el.th(_("Rows that say it"), scope="col", class_name="number"),
                )
            ),
            rx.el.tbody(rx.foreach(shown.sums, _sum)),
            class_name="table import-sums",
        ),
    )


def _sum(one: rx.Var[SumShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(_(rx.Var.create(METRICS)[one.metric]), scope="row"),
        rx.el.td(one.total, class_name="number"),
        rx.el.td(one.known, class_name="number"),
    )


def _rows(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What comes in")),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(_("Row"), scope="col"),
                    rx.el.th(_("Published"), scope="col"),
                    rx.el.th(_("Account"), scope="col"),
                    rx.el.th(_("Words"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(shown.rows, _row)),
            class_name="table",
        ),
        _only_first(shown.rows.length(), shown.new + shown.updated),
    )


def _row(row: rx.Var[MeasuredShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.row.to_string(), class_name="number"),
        rx.el.td(
            rx.cond(row.day, d_(row.day, "day"), rx.el.span(_("No date"), class_name="quiet")),
            class_name="when",
        ),
        rx.el.td(
            rx.el.span(
                class_name="network",
                title=_(rx.Var.create(_NAMES)[row.network]),
                custom_attrs={"data-network": row.network},
            ),
            " ",
            row.account,
        ),
        rx.el.td(
            rx.cond(~row.is_new, rx.el.span(_("Update"), class_name="tag-small")),
            rx.cond(row.post, rx.el.span(row.post, class_name="tag-small")),
            rx.el.span(row.text, dir="auto"),
            class_name="words",
        ),
    )


_NAMES = {name: NETWORK_NAMES[name] for name in NETWORKS}


def _left_out(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What is left out, and why")),
        rx.el.table(
            rx.el.tbody(
                rx.foreach(
                    shown.left_out,
                    lambda row: rx.el.tr(
                        rx.el.td(row.row.to_string(), class_name="number"),
                        rx.el.td(_(row.message_id, row.facts), class_name="words"),
                    ),
                )
            ),
            class_name="table",
        ),
        _only_first(shown.left_out.length(), shown.skipped),
    )


def _finished() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("The figures are in.")),
        rx.el.p(
            _(
                "{new} new, {updated} updated, {skipped} left out.",
                new=PerformanceImport.new,
                updated=PerformanceImport.updated,
                skipped=PerformanceImport.skipped,
            )
        ),
        rx.el.div(
            rx.el.button(
                _("Import another file"),
                type="button",
                class_name="button button-primary",
                on_click=PerformanceImport.start_over,
            ),
            class_name="quick-actions",
        ),
        class_name="import-summary",
        role="status",
    )


def _warning(warning: rx.Var[SaidOfRow]) -> rx.Component:
    return rx.el.p(_(warning.message_id, warning.facts), class_name="import-warning")


def _count(name: rx.Var[str], count: rx.Var[int]) -> rx.Component:
    return rx.el.div(rx.el.dd(count), rx.el.dt(name))


def _only_first(shown: Any, total: Any) -> rx.Component:
    return rx.cond(
        total > shown,
        rx.el.p(_("The first {n} of {m}.", n=shown, m=total), class_name="quiet"),
    )
