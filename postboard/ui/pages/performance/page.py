"""The performance page, top to bottom as it looks."""

import reflex as rx

from postboard.services.performance import OF_POSTS, POSTS, WEEK
from postboard.ui.components.chart import Charts, Week, chart
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.performance.filters import filters, period_line
from postboard.ui.pages.performance.state import NAMES, PerformanceState
from postboard.ui.words import _


def page() -> rx.Component:
    return staff_page(
        _("Performance"),
        title_row(_("Performance"), filters(), _import_door()),
        Charts.create(
            period_line(),
            rx.el.div(
                _part("week", _("This week in words"), Week.create(part=WEEK)),
                _part("posts", _("What posts achieved"), *(chart(key, POSTS) for key in OF_POSTS)),
                class_name="performance",
            ),
            names=list(NAMES),
            networks=rx.Var.create({key: _(name) for key, name in NETWORKS.items()}),
            on_look=PerformanceState.look,
            on_behind=PerformanceState.behind,
            on_numbers=PerformanceState.numbers,
            on_file=PerformanceState.file,
        ),
        here="/performance/",
    )


def _part(name: str, title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, id=f"{name}-title"),
        rx.el.div(*content, class_name="charts" if name != "week" else ""),
        class_name="performance-part",
        custom_attrs={"aria-labelledby": f"{name}-title"},
        id=name,
    )


def _import_door() -> rx.Component:
    return rx.el.a(
        _("Import metrics"), href="/performance/import/", class_name="button button-quiet"
    )
