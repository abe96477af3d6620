"""The plan as a list or as a month, whose days open the posts on them."""

from typing import Final

import reflex as rx

from postboard.db.queries.plan_month import Day
from postboard.db.queries.review_plan import PlannedPost
from postboard.locale import N_
from postboard.names import STATES_FOR_CLIENT
from postboard.ui.components.export import take_along
from postboard.ui.pages.review.plan import plan, planned_post
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.words import _, d_, n_
from postboard.ui.wrappers import MONTH_KEYS

_SHORT: Final = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
"""Above the days; who cannot see them hears each day with its name."""


class MonthKeys(rx.Component):
    """Days walked by the keyboard."""

    library = MONTH_KEYS
    tag = "MonthKeys"

    month: rx.Var[str]
    before: rx.Var[str]
    after: rx.Var[str]

    on_turn: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def plan_or_month() -> rx.Component:
    month = ReviewState.month.name
    return rx.fragment(
        rx.el.div(
            _view(_("List"), month == "", ReviewState.show_list),
            _view(_("Month"), month != "", ReviewState.show_month("")),
            take_along({}, kinds=("pdf", "csv"), with_states=False),
            role="group",
            aria_label=_("Show the plan as"),
            class_name="plan-views",
        ),
        rx.cond(month != "", _month(), plan()),
    )


def _view(name: rx.Var[str], shown: rx.Var[bool], choose: rx.event.EventType) -> rx.Component:
    return rx.el.button(name, type="button", class_name="link", aria_pressed=shown, on_click=choose)


def _month() -> rx.Component:
    month = ReviewState.month
    return rx.el.div(
        rx.el.div(
            _turn("‹", _("Month before"), month.before),
            rx.el.h3(d_(month.name + "-01", "monthyear"), aria_live="polite"),
            _turn("›", _("Month after"), month.after),
            class_name="month-head",
        ),
        rx.el.div(
            *(rx.el.span(_(name)) for name in _SHORT),
            class_name="month-names",
            aria_hidden="true",
        ),
        MonthKeys.create(
            rx.el.ol(rx.foreach(month.days, _day), class_name="month-days"),
            month=month.name,
            before=month.before,
            after=month.after,
            on_turn=ReviewState.show_month,
        ),
        rx.el.p(
            _("Days and times on the clock of {zones}.", zones=month.zones.join(", ")),
            class_name="quiet",
        ),
        rx.cond(
            month.left_out > 0,
            rx.el.p(
                n_(
                    "{n} more is not shown here.",
                    "{n} more are not shown here.",
                    month.left_out,
                ),
                class_name="quiet",
            ),
        ),
        rx.el.div(_chosen_day(), class_name="review-plan"),
        class_name="plan-month",
    )


def _turn(sign: str, name: rx.Var[str], month: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        rx.el.span(sign, aria_hidden="true"),
        type="button",
        class_name="month-turn",
        aria_label=name,
        disabled=month == "",
        on_click=ReviewState.show_month(month),
    )


def _day(day: rx.Var[Day]) -> rx.Component:
    number = rx.el.span(day.number, class_name="month-number")
    return rx.el.li(
        rx.cond(
            day.posts.length() > 0,
            rx.el.button(
                number,
                rx.el.span(rx.foreach(day.posts, _mark), class_name="month-posts"),
                type="button",
                aria_pressed=ReviewState.day == day.on,
                aria_label=_(
                    "{day}: {posts}",
                    day=d_(day.on, "day"),
                    posts=n_("{n} post", "{n} posts", day.posts.length()),
                ),
                on_click=ReviewState.choose_day(day.on),
            ),
            rx.el.div(number),
        ),
        key=day.on,
        aria_current=rx.cond(day.today, "date", "false"),
        custom_attrs={"data-column": day.column.to_string()},
    )


def _mark(post: rx.Var[PlannedPost]) -> rx.Component:
    """A dot; where there is room, also the state's word and how the post begins."""
    return rx.el.span(
        rx.el.span(class_name="dot", custom_attrs={"data-state": post.state}),
        rx.el.span(_(rx.Var.create(STATES_FOR_CLIENT)[post.state]), class_name="month-state"),
        rx.el.span(post.text, class_name="month-text", dir="auto"),
        class_name="month-post",
    )


def _chosen_day() -> rx.Component:
    return rx.cond(
        ReviewState.day_posts.length() > 0,
        rx.el.section(
            rx.el.h3(d_(ReviewState.day, "day")),
            rx.el.ol(rx.foreach(ReviewState.day_posts, planned_post)),
            aria_live="polite",
            custom_attrs={"data-part": "day"},
        ),
        rx.el.p(_("Nothing is planned in this month."), class_name="quiet"),
    )
