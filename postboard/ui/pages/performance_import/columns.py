"""Columns that no export is known to have, and what somebody says that they count."""

from collections.abc import Mapping

import reflex as rx

from postboard.ui.components.importing import Remark
from postboard.ui.components.table import head, of_numbers
from postboard.ui.pages.performance_import.shown import ColumnShown, Shown
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.pages.performance_import.words import DAY_FIGURES, METRICS
from postboard.ui.words import _, n_


def unknown_columns(shown: rx.Var[Shown]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Columns that are not known")),
        rx.el.p(
            _(
                "They are kept as they are. Say what one counts, and it is read so at once, and in"
                " the account’s next files."
            ),
            class_name="quiet",
        ),
        rx.el.table(
            head(
                _("Column"),
                of_numbers(_("Sum")),
                of_numbers(_("Rows that say it")),
                _("It counts"),
            ),
            rx.el.tbody(rx.foreach(shown.columns, _column)),
            class_name="table import-counted",
        ),
        rx.cond(
            shown.more_columns > 0,
            rx.el.p(
                n_("{n} more column is kept.", "{n} more columns are kept.", shown.more_columns),
                class_name="quiet",
            ),
        ),
    )


def _column(column: rx.Var[ColumnShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(column.header, scope="row", class_name="words", dir="auto"),
        rx.cond(
            column.example,
            rx.el.td(_("No numbers: “{example}”", example=column.example), class_name="quiet"),
            rx.el.td(column.total, class_name="number"),
        ),
        rx.el.td(column.known, class_name="number"),
        rx.el.td(
            rx.cond(column.of_days, _chooser(column, DAY_FIGURES), _chooser(column, METRICS)),
            rx.el.div(
                rx.cond(
                    PerformanceImport.wrong_column == column.header,
                    rx.cond(PerformanceImport.wrong, _wrong(PerformanceImport.wrong.to(Remark))),
                ),
                role="alert",
            ),
        ),
        key=column.header,
    )


def _chooser(column: rx.Var[ColumnShown], figures: Mapping[str, str]) -> rx.Component:
    is_wrong = PerformanceImport.wrong_column == column.header
    return rx.el.select(
        rx.el.option(_("Nothing: keep it as it is"), value=""),
        *(rx.el.option(_(name), value=figure) for figure, name in figures.items()),
        value=column.counts,
        on_change=lambda figure: PerformanceImport.take_column(column.header, figure),
        disabled=PerformanceImport.running | PerformanceImport.reading,
        aria_label=_("What “{column}” counts", column=column.header),
        custom_attrs={"aria-invalid": is_wrong},
    )


def _wrong(said: rx.Var[Remark]) -> rx.Component:
    return rx.el.p(_(said.message_id, said.facts), class_name="problem")
