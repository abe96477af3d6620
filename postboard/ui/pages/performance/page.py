"""The performance page, top to bottom as it looks."""

from typing import Final

import reflex as rx

from postboard.charts import best_posts, by_group
from postboard.services.performance import FLOW, OF_FLOW, OF_POSTS, POSTS, WEEK
from postboard.ui.components.chart import Charts, FlowFigures, Week, chart
from postboard.ui.components.link_post import LinkPost, link_dialog
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import Shell, staff_page, title_row
from postboard.ui.pages.performance.filters import (
    beside,
    filters,
    grouping,
    period_line,
    ranking,
)
from postboard.ui.pages.performance.goals_drawn import goals_part
from postboard.ui.pages.performance.limits import limits
from postboard.ui.pages.performance.own_values import own_values
from postboard.ui.pages.performance.state import NAMES, PerformanceState
from postboard.ui.words import _

_CHOOSERS: Final = {best_posts.KEY: ranking, by_group.KEY: grouping}


def page() -> rx.Component:
    return staff_page(
        _("Performance"),
        title_row(_("Performance"), filters(), _import_door()),
        Charts.create(
            period_line(),
            rx.el.div(
                _part(WEEK, _("The week in words"), Week.create(part=WEEK)),
                _part(
                    "posts",
                    _("What posts achieved"),
                    *(chart(key, POSTS, _CHOOSERS.get(key)) for key in OF_POSTS),
                    beside=beside(own_values()),
                ),
                _part(
                    "flow",
                    _("How approval flows"),
                    *(chart(key, FLOW) for key in OF_FLOW),
                    FlowFigures.create(part=FLOW),
                    beside=limits(),
                ),
                goals_part(),
                class_name="performance",
            ),
            names=list(NAMES),
            networks=rx.Var.create({key: _(name) for key, name in NETWORKS.items()}),
            on_look=PerformanceState.look,
            on_behind=PerformanceState.behind,
            on_numbers=PerformanceState.numbers,
            on_file=PerformanceState.file,
            may_link=Shell.may_import_figures,
            on_link=LinkPost.ask,
        ),
        link_dialog(),
        here="/performance/",
    )


def _part(
    name: str, title: rx.Var[str], *content: rx.Component, beside: rx.Component | None = None
) -> rx.Component:
    """`beside` stands at the end of the title's line."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(title, id=f"{name}-title"),
            beside or rx.fragment(),
            class_name="part-head",
        ),
        rx.el.div(*content, class_name="charts" if name != WEEK else ""),
        class_name="performance-part",
        custom_attrs={"aria-labelledby": f"{name}-title"},
        id=name,
    )


def _import_door() -> rx.Component:
    return rx.cond(
        Shell.may_import_figures,
        rx.el.a(_("Import figures"), href="/performance/import/", class_name="button button-quiet"),
    )
