"""The post as each network will show it; drawn in the browser from what is being typed."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.ui.labels import NETWORKS
from postboard.ui.words import table
from postboard.ui.wrappers import PREVIEW_PANE


class Previews(rx.Component):
    """Follows post_store.js; asks the server for nothing."""

    library = PREVIEW_PANE
    tag = "Previews"

    names: rx.Var[dict[str, str]]


def preview_panel(post: rx.Var[PostFacts]) -> rx.Component:
    names = table(NETWORKS)
    return rx.el.div(
        Previews.create(names=names, key=post.id),
        class_name="post-preview",
    )
