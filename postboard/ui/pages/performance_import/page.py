"""The page of imported figures, top to bottom as it looks."""

import reflex as rx

from postboard.ui.components import importing
from postboard.ui.components.importing import Remark
from postboard.ui.components.link_post import link_dialog
from postboard.ui.components.network import network_mark
from postboard.ui.components.table import head, of_numbers
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.performance_import.answers import answers
from postboard.ui.pages.performance_import.columns import unknown_columns
from postboard.ui.pages.performance_import.outside import outside_posts
from postboard.ui.pages.performance_import.past import past_imports
from postboard.ui.pages.performance_import.shown import MeasuredShown, Shown, SumShown
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.pages.performance_import.words import METRICS
from postboard.ui.words import _, d_, n_

HERE = "/performance/import/"


def page() -> rx.Component:
    return staff_page(
        _("Import figures"),
        title_row(_("Import figures")),
        rx.el.div(
            rx.el.section(
                importing.whose(PerformanceImport, _("Whose figures are they?")),
                class_name="import-choice",
            ),
            rx.cond(PerformanceImport.finished, rx.fragment(_finished(), outside_posts()), _file()),
            rx.cond(PerformanceImport.shown | PerformanceImport.refusal, answers()),
            rx.cond(PerformanceImport.refusal, _refusal(PerformanceImport.refusal.to(Remark))),
            rx.cond(PerformanceImport.shown, _preview(PerformanceImport.shown.to(Shown))),
            past_imports(),
            class_name="import",
        ),
        link_dialog(PerformanceImport.linked),
        here=HERE,
    )


def _file() -> rx.Component:
    return importing.file(
        PerformanceImport,
        "/uploads/metrics",
        ".csv,.xlsx,.xls,.tsv,.txt",
        _(
            "What Meta Business Suite, X, LinkedIn, TikTok, YouTube Studio or Publer exported,"
            " as it is."
        ),
    )


def _refusal(said: rx.Var[Remark]) -> rx.Component:
    return importing.refusal(_("This file cannot be imported."), said)


def _preview(shown: rx.Var[Shown]) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2(_(shown.format)),
            importing.counts(shown),
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
            rx.foreach(shown.warnings, importing.warning),
            _earlier(shown),
            _go(shown),
            class_name="import-summary",
        ),
        rx.cond(shown.suggested.length() > 0, _suggested(shown)),
        rx.cond(shown.columns.length() > 0, unknown_columns(shown)),
        rx.cond(shown.sums.length() > 0, _sums(shown)),
        rx.cond(shown.rows.length() > 0, _rows(shown)),
        importing.left_out(shown.left_out, shown.skipped),
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
                importing.tick(
                    PerformanceImport,
                    _("Count it once more, as figures of its day"),
                    PerformanceImport.again,
                    PerformanceImport.count_again,
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
    return importing.go(
        PerformanceImport,
        n_("Import {n} row", "Import {n} rows", total),
        total,
        out_of=shown.rows_read,
        is_open=shown.asks.length() > 0,
        is_held=(shown.earlier != "") & ~PerformanceImport.again,
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
            head(_("It is this post"), _("Day"), _("Words in the file")),
            rx.el.tbody(rx.foreach(shown.suggested, _suggestion)),
            class_name="table",
        ),
        importing.only_first(shown.suggested, shown.to_confirm),
    )


def _suggestion(row: rx.Var[MeasuredShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            importing.tick(
                PerformanceImport,
                row.post,
                PerformanceImport.confirmed.contains(row.row),
                lambda is_it: PerformanceImport.confirm(row.row, is_it),
            ),
        ),
        rx.el.td(d_(row.day, "day"), class_name="when"),
        rx.el.td(row.text, class_name="words", dir="auto"),
    )


def _sums(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("What it adds up to")),
        rx.el.table(
            head(_("Figure"), of_numbers(_("Sum")), of_numbers(_("Rows that say it"))),
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
            head(_("Row"), _("Published"), _("Account"), _("Words")),
            rx.el.tbody(rx.foreach(shown.rows, _row)),
            class_name="table",
        ),
        importing.only_first(shown.rows, shown.new + shown.updated),
    )


def _row(row: rx.Var[MeasuredShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.row.to_string(), class_name="number"),
        rx.el.td(
            rx.cond(row.day, d_(row.day, "day"), rx.el.span(_("No date"), class_name="quiet")),
            class_name="when",
        ),
        rx.el.td(network_mark(row.network), " ", row.account),
        rx.el.td(
            rx.cond(~row.is_new, rx.el.span(_("Update"), class_name="tag-small")),
            rx.cond(row.post, rx.el.span(row.post, class_name="tag-small")),
            rx.el.span(row.text, dir="auto"),
            class_name="words",
        ),
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
