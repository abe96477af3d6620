"""The filters above performance; all of them live in the address."""

from collections.abc import Mapping
from typing import Final

import reflex as rx

from postboard.charts.best_posts import RANKINGS
from postboard.charts.by_group import Grouping
from postboard.domain.benchmarks import sources
from postboard.domain.engagement import DENOMINATORS, ENGAGEMENTS
from postboard.domain.lookback import Lookback
from postboard.locale import N_
from postboard.ui.components.filters import (
    LOADING,
    chooser,
    client_options,
    named,
    narrowing,
    widening,
)
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.words import _, d_

PERIODS: Final = {
    Lookback.WEEK: N_("Last week"),
    Lookback.FOUR_WEEKS: N_("Last 4 weeks"),
    Lookback.TWELVE_WEEKS: N_("Last 12 weeks"),
    Lookback.MONTH: N_("Last month"),
    Lookback.OWN: N_("Own days…"),
}
GROUPINGS: Final = {
    Grouping.FORMAT: N_("Format"),
    Grouping.PILLAR: N_("Pillar"),
    Grouping.CAMPAIGN: N_("Campaign"),
}


def filters() -> rx.Component:
    page, chosen = PerformanceState, PerformanceState.chosen
    return rx.el.div(
        rx.el.select(
            *named(PERIODS),
            value=chosen.period,
            aria_label=_("Period"),
            on_change=page.narrow("period"),
            disabled=LOADING,
            class_name="filter",
            id="days",
        ),
        rx.cond(chosen.period == Lookback.OWN, _own_days()),
        narrowing(page, "client", _("Client"), chosen.client, client_options(page.clients)),
        narrowing(page, "network", _("Network"), chosen.network, named(NETWORKS)),
        _some(page.campaigns, "campaign", _("Campaign"), chosen.campaign),
        _some(page.pillars, "pillar", _("Pillar"), chosen.pillar),
        _some(page.people, "person", _("Person"), chosen.person),
        widening(page),
        class_name="filters",
        role="search",
    )


def beside(*more: rx.Component) -> rx.Component:
    """What rates are made of, and what they are held beside."""
    chosen = PerformanceState.chosen
    return rx.el.div(
        _always(_("Benchmark"), "beside", chosen.beside, {one: one for one in sources()}),
        _always(_("Engagement"), "kind", chosen.kind, ENGAGEMENTS),
        _always(_("Divided by"), "per", chosen.per, DENOMINATORS),
        *more,
        class_name="beside",
        id="benchmarks",
        role="group",
        aria_label=_("Benchmark"),
    )


def ranking() -> rx.Component:
    return _bare(_("Ranked by"), "rank", PerformanceState.chosen.rank, RANKINGS)


def grouping() -> rx.Component:
    return _bare(_("Grouped by"), "group", PerformanceState.chosen.group, GROUPINGS)


def period_line() -> rx.Component:
    """Which days are looked at, and which they are compared with."""
    page = PerformanceState
    return rx.el.p(
        _("{first} – {last}", first=d_(page.first, "day"), last=d_(page.last, "day")),
        rx.el.span(
            _(
                "compared with {first} – {last}",
                first=d_(page.before_first, "day"),
                last=d_(page.before_last, "day"),
            ),
            class_name="quiet",
        ),
        class_name="period-line",
        aria_live="polite",
    )


def _always(
    label: rx.Var[str], name: str, chosen: rx.Var[str], options: Mapping[str, str]
) -> rx.Component:
    return rx.el.label(rx.el.span(label), _bare(label, name, chosen, options))


def _bare(
    label: rx.Var[str], name: str, chosen: rx.Var[str], options: Mapping[str, str]
) -> rx.Component:
    """A chooser of which something is always chosen."""
    return rx.el.select(
        *named(options),
        value=chosen,
        aria_label=label,
        on_change=PerformanceState.narrow(name),
        disabled=LOADING,
        class_name="filter",
    )


def _own_days() -> rx.Component:
    chosen = PerformanceState.chosen
    return rx.el.span(
        _day("since", _("From"), chosen.since),
        _day("until", _("To"), chosen.until),
        class_name="own-days",
    )


def _day(name: str, label: rx.Var[str], value: rx.Var[str]) -> rx.Component:
    return rx.el.input(
        type="date",
        aria_label=label,
        default_value=value,
        key=value,
        min="2000-01-01",
        max="2100-12-31",
        on_blur=PerformanceState.narrow(name),
    )


def _some(options: rx.Var, name: str, label: rx.Var[str], chosen: rx.Var[str]) -> rx.Component:
    page = PerformanceState
    listed = [rx.foreach(options, lambda one: rx.el.option(one.name, value=one.value))]
    return rx.cond(
        options.length() > 0,
        chooser(label, chosen, listed, page.narrow(name), everything=label),
    )
