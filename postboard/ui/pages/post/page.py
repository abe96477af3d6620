"""The post's page, top to bottom as it looks."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import staff_page
from postboard.ui.pages.post.editor import Editor
from postboard.ui.pages.post.state import PostPage
from postboard.ui.pages.post.tasks import tasks_panel
from postboard.ui.words import _


def page() -> rx.Component:
    return staff_page(
        _("Post"),
        rx.cond(PostPage.post, _post(PostPage.post.to(PostFacts))),
        here="/post/",
    )


def _post(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        rx.el.header(rx.el.h1(post.key), class_name="post-head"),
        rx.el.section(
            Editor.create(
                post=post,
                networks=rx.Var.create({key: _(name) for key, name in NETWORKS.items()}),
            ),
            class_name="post-write",
        ),
        rx.el.section(class_name="post-preview"),
        rx.el.aside(tasks_panel(post), class_name="post-side"),
        class_name="post-page",
    )
