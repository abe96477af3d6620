"""When the post goes out, and what it belongs to; each change is written at once."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.ui.pages.post.state import PostPage
from postboard.ui.words import _, d_


def plan_line(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.span(_("Planned, in the time of {zone}", zone=post.zone)),
            rx.el.input(
                type="datetime-local",
                default_value=post.planned_local,
                key=post.planned_local,
                disabled=~post.may_edit_plan,
                on_blur=lambda value: PostPage.plan(post.id, post.version, value),
                custom_attrs={"data-field": "planned_at"},
            ),
            rx.cond(
                post.planned_at,
                rx.el.span(d_(post.planned_at, "relative"), class_name="quiet"),
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(_("Campaign")),
            rx.el.select(
                rx.el.option(_("None"), value=""),
                rx.foreach(PostPage.campaigns, lambda one: rx.el.option(one.name, value=one.value)),
                value=post.campaign_id,
                disabled=~post.may_edit_plan,
                on_change=lambda value: PostPage.label(post.id, post.version, value, post.pillar),
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(_("Pillar")),
            rx.el.input(
                default_value=post.pillar,
                key=post.pillar,
                list="pillars",
                max_length=120,
                disabled=~post.may_edit_plan,
                placeholder=_("A theme it belongs to"),
                on_blur=lambda value: PostPage.label(
                    post.id, post.version, post.campaign_id, value
                ),
            ),
            class_name="field",
        ),
        rx.el.datalist(
            rx.foreach(PostPage.pillars, lambda name: rx.el.option(value=name)), id="pillars"
        ),
        class_name="post-plan",
    )
