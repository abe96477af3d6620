"""What is planned and what was published, to read only."""

import reflex as rx

from postboard.db.queries.review_plan import PlannedPost
from postboard.names import STATES_FOR_CLIENT
from postboard.ui.pages.review.agreement import agreement
from postboard.ui.pages.review.holding import holding
from postboard.ui.pages.review.ideas import ideas
from postboard.ui.pages.review.keeping import kept
from postboard.ui.pages.review.post import network_marks
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.words import _, d_, n_


def plan() -> rx.Component:
    shown = ReviewState.plan
    return rx.el.div(
        rx.cond(
            shown.coming.length() + shown.published.length() == 0,
            rx.el.p(_("Nothing is planned yet."), class_name="quiet"),
        ),
        _part(_("Coming up"), shown.coming, shown.coming_total, "coming"),
        _part(_("Published"), shown.published, shown.published_total, "published"),
        ideas(),
        agreement(),
        kept(),
        class_name="review-plan",
    )


def _part(
    name: rx.Var[str], posts: rx.Var[list[PlannedPost]], total: rx.Var[int], part: str
) -> rx.Component:
    return rx.cond(
        posts.length() > 0,
        rx.el.section(
            rx.el.h3(name),
            rx.el.ol(rx.foreach(posts, planned_post)),
            rx.cond(
                total > posts.length(),
                rx.el.p(
                    n_(
                        "{n} more is not shown here.",
                        "{n} more are not shown here.",
                        total - posts.length(),
                    ),
                    class_name="quiet",
                ),
            ),
            custom_attrs={"data-part": part},
        ),
    )


def planned_post(post: rx.Var[PlannedPost]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(
                    class_name="dot", custom_attrs={"data-state": post.state}, aria_hidden="true"
                ),
                rx.el.strong(_(rx.Var.create(STATES_FOR_CLIENT)[post.state])),
                rx.el.span(
                    rx.cond(post.at, d_(post.at, "daytime", post.zone), _("No date yet")),
                    class_name="quiet",
                ),
                class_name="plan-when",
            ),
            rx.el.p(post.text, class_name="plan-text", dir="auto"),
            rx.el.p(
                network_marks(post.networks),
                rx.cond(
                    post.link,
                    rx.el.a(_("Open"), href=post.link, target="_blank", rel="noopener noreferrer"),
                ),
                rx.cond(
                    post.certificate,
                    rx.el.a(
                        _("Certificate of approval"),
                        href=f"/posts/{post.id}/certificate.pdf",
                        download=True,
                        reload_document=True,
                    ),
                ),
                class_name="review-networks",
            ),
            holding(post),
        ),
        rx.cond(
            post.picture,
            rx.el.img(src=post.picture, alt="", loading="lazy", decoding="async"),
        ),
    )
