"""What a file's columns are taken for, to be said otherwise; and what only a person can say."""

from typing import Final

import reflex as rx

from postboard.domain.content import NETWORKS
from postboard.imports.plan_choices import GridNotes, GridWords
from postboard.locale import N_
from postboard.ui.components.importing import asked, order_asked, tick
from postboard.ui.components.table import head
from postboard.ui.labels import NETWORKS as NETWORK_NAMES
from postboard.ui.pages.plan_import.state import Mapped, MappedColumn, MappedMonth, PlanImport
from postboard.ui.words import _, n_

MEANINGS: Final = {
    "caption": N_("Caption"),
    "title": N_("Title"),
    "date": N_("Date, or date and time"),
    "time": N_("Time of day"),
    "networks": N_("Networks"),
    "link": N_("Link"),
    "campaign": N_("Campaign"),
    "pillar": N_("Pillar"),
    "hashtags": N_("Hashtags"),
    "media": N_("Media"),
    "alt_texts": N_("Alternative text"),
    "first_comment": N_("First comment"),
    "post_type": N_("Kind of post"),
    "labels": N_("Labels"),
    "language": N_("Language"),
    "status": N_("State in the file"),
    "reference": N_("The file's own number"),
}


def mapping(mapped: rx.Var[Mapped]) -> rx.Component:
    return rx.el.section(
        rx.cond(
            mapped.remembered,
            rx.el.p(
                _("Read as it was said for an earlier file with these columns."),
                rx.el.button(
                    _("Read it afresh"),
                    type="button",
                    class_name="link",
                    on_click=PlanImport.forget_choices,
                ),
                class_name="import-remembered",
                role="status",
            ),
        ),
        rx.cond(
            mapped.asks_order,
            order_asked(PlanImport, mapped.asks_order, mapped.order, PlanImport.take_order),
        ),
        rx.foreach(mapped.months, _month),
        rx.cond(mapped.asks_notes > 0, _notes_asked(mapped)),
        rx.cond(mapped.is_grid, _words(mapped)),
        rx.cond(mapped.columns.length() > 0, _columns(mapped)),
        class_name="import-mapping",
        aria_label=_("How the file is read"),
        custom_attrs={"data-reading": PlanImport.reading},
    )


def _month(month: rx.Var[MappedMonth]) -> rx.Component:
    return asked(
        rx.cond(
            month.sheet,
            _("Which month does the sheet “{sheet}” draw?", sheet=month.sheet.strip()),
            _("Which month does the file draw?"),
        ),
        rx.el.input(
            type="month",
            default_value=month.month,
            key=month.sheet + month.month,
            min="2000-01",
            max="2099-12",
            placeholder="2026-11",
            max_length=7,
            on_change=PlanImport.take_month(month.sheet).debounce(600),
            disabled=PlanImport.running,
        ),
        month.month == "",
    )


def _notes_asked(mapped: rx.Var[Mapped]) -> rx.Component:
    return asked(
        n_(
            "{n} cell names no network, the others do. What is it?",
            "{n} cells name no network, the others do. What are they?",
            mapped.asks_notes,
        ),
        rx.el.select(
            rx.el.option(_("Choose"), value=""),
            rx.el.option(_("Posts all the same"), value=GridNotes.POSTS.value),
            rx.el.option(_("Notes, to be left out"), value=GridNotes.NOTES.value),
            value=mapped.notes,
            on_change=PlanImport.take_notes,
            disabled=PlanImport.running,
        ),
        mapped.notes == "",
    )


def _words(mapped: rx.Var[Mapped]) -> rx.Component:
    return rx.el.label(
        rx.el.span(_("The words of a day are")),
        rx.el.select(
            rx.el.option(
                _("the title in the first line, then the caption"),
                value=GridWords.TITLE_FIRST.value,
            ),
            rx.el.option(_("the caption, all of it"), value=GridWords.CAPTION.value),
            value=mapped.words,
            on_change=PlanImport.take_words,
            disabled=PlanImport.running,
        ),
        class_name="field",
    )


def _columns(mapped: rx.Var[Mapped]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            _(
                "Columns: {k} of {n} are read",
                k=mapped.read,
                n=mapped.columns.length(),
            )
        ),
        rx.cond(
            mapped.header_is_open,
            tick(
                PlanImport,
                _("The first row names the columns"),
                mapped.header,
                PlanImport.take_header,
            ),
        ),
        rx.el.table(
            head(_("Column"), _("Taken for"), _("For example")),
            rx.el.tbody(rx.foreach(mapped.columns, _column)),
            class_name="table import-columns",
        ),
        open=mapped.opens,
    )


def _column(column: rx.Var[MappedColumn]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(column.name, scope="row", dir="auto"),
        rx.el.td(
            rx.el.select(
                rx.el.option(_("Not read"), value=""),
                *(rx.el.option(_(name), value=key) for key, name in MEANINGS.items()),
                rx.el.optgroup(
                    *(
                        rx.el.option(_(NETWORK_NAMES[key]), value=f"network:{key}")
                        for key in NETWORKS
                    ),
                    label=_("Yes or no for"),
                ),
                value=column.meaning,
                on_change=PlanImport.take_column(column.at),
                aria_label=_("What “{column}” is taken for", column=column.name),
                disabled=PlanImport.running,
            ),
        ),
        rx.el.td(column.example, class_name="words quiet", dir="auto"),
    )
