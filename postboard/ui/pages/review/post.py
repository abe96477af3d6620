"""How a waiting post looks: as its readers will see it, with what the client should know."""

from typing import Any

import reflex as rx

from postboard.db.queries.review import Picture, Waiting
from postboard.db.queries.review_rounds import LastRound
from postboard.ui.components.rounds import round_of
from postboard.ui.labels import NETWORKS, TAGS
from postboard.ui.pages.review.deck import Fold
from postboard.ui.pages.review.look import on_each_network, what_changed
from postboard.ui.pages.review.talk import review_talk
from postboard.ui.words import _, d_, n_


@rx.memo
def post_look(post: rx.Var[Waiting], ratio: rx.Var[float]) -> rx.Component:
    """`ratio` is the first picture's width by its height."""
    return rx.fragment(
        rx.el.h2(
            rx.cond(
                post.planned_at,
                _("For {when}", when=d_(post.planned_at, "daytime", post.zone)),
                _("No date yet"),
            ),
            tab_index=-1,
        ),
        _turn(post),
        rx.cond(post.before, _last_round(post, post.before.to(LastRound))),
        rx.el.div(
            _account(post),
            rx.cond(post.pictures.length() > 0, _pictures(post.pictures, ratio)),
            rx.cond(
                post.title,
                rx.el.p(post.title, class_name="review-title", dir="auto", **_place("title")),
            ),
            rx.cond(
                post.caption,
                Fold.create(
                    rx.el.p(post.caption, class_name="caption", dir="auto", **_place("caption")),
                    more=_("more"),
                ),
            ),
            rx.cond(post.link, _link(post.link)),
            rx.cond(post.first_comment, _first_comment(post.first_comment)),
            class_name="review-card",
        ),
        on_each_network(post),
        _sent(post),
        review_talk(post),
    )


def network_marks(names: rx.Var[list[str]]) -> rx.Component:
    return rx.foreach(
        names,
        lambda name: rx.el.span(
            rx.el.span(
                class_name="network", custom_attrs={"data-network": name}, aria_hidden="true"
            ),
            _(rx.Var.create(NETWORKS)[name]),
            class_name="review-network",
        ),
    )


def _turn(post: rx.Var[Waiting]) -> rx.Component:
    """Until when, in whose company, and what the agency says to it."""
    turn = post.turn
    return rx.el.div(
        rx.cond(turn.due_at, _due(post)),
        rx.cond(
            turn.said_yes
            | (turn.agreed.length() > 0)
            | (turn.needs_too.length() > 0)
            | (turn.stands_in_for.length() > 0)
            | (turn.follows.length() > 0),
            rx.el.p(
                rx.cond(turn.said_yes, rx.el.span(_("You said yes"))),
                rx.cond(
                    turn.stands_in_for.length() > 0,
                    rx.el.span(_("You stand in for {who}", who=turn.stands_in_for.join(", "))),
                ),
                rx.cond(
                    turn.agreed.length() > 0,
                    rx.el.span(_("{who} said yes", who=turn.agreed.join(", "))),
                ),
                rx.cond(
                    turn.needs_too.length() > 0,
                    rx.el.span(_("Needs a yes of {who} too", who=turn.needs_too.join(", "))),
                ),
                rx.cond(
                    turn.follows.length() > 0,
                    rx.el.span(_("Then it is with {who}", who=turn.follows.join(", "))),
                ),
                class_name="turn-others",
            ),
        ),
        rx.cond(
            turn.message,
            rx.el.blockquote(rx.el.strong(post.sent_by), rx.el.span(turn.message, dir="auto")),
        ),
        class_name="review-turn",
    )


def _due(post: rx.Var[Waiting]) -> rx.Component:
    turn, when = post.turn, d_(post.turn.due_at, "daytime", post.zone)
    hours = turn.due_in // 60
    return rx.el.p(
        rx.cond(
            turn.due_in < 0,
            rx.el.strong(_("An answer was due {when}", when=when), class_name="review-over"),
            rx.fragment(
                rx.el.span(_("Answer by {when}", when=when)),
                rx.el.span(
                    rx.cond(
                        hours > 0,
                        n_("in {n} working hour", "in {n} working hours", hours),
                        _("within the hour"),
                    )
                ),
            ),
        ),
        class_name="turn-due",
    )


def _last_round(post: rx.Var[Waiting], before: rx.Var[LastRound]) -> rx.Component:
    return rx.el.section(
        rx.cond(
            before.text,
            rx.fragment(
                rx.el.h3(
                    rx.cond(before.mine, _("You asked"), _("{who} asked", who=before.who)),
                    rx.el.time(d_(before.at, "relative"), class_name="quiet"),
                ),
                rx.el.blockquote(
                    rx.foreach(
                        before.tags,
                        lambda tag: rx.el.span(_(rx.Var.create(TAGS)[tag]), class_name="tag-small"),
                    ),
                    rx.el.span(before.text, dir="auto"),
                ),
            ),
            rx.el.h3(_("You have seen this post before")),
        ),
        rx.el.p(
            rx.cond(
                before.changed,
                _("It was changed since then."),
                _("Words and pictures are as they were then."),
            )
        ),
        rx.cond(before.changed, what_changed(post)),
        class_name="review-before",
    )


def _account(post: rx.Var[Waiting]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            post.brand[:1],
            class_name="review-avatar",
            style={"--hue": post.hue.to_string()},
            aria_hidden="true",
        ),
        rx.el.div(
            rx.el.strong(post.brand),
            rx.el.span(network_marks(post.networks), class_name="review-networks"),
        ),
        class_name="review-account",
    )


def _pictures(pictures: rx.Var[list[Picture]], ratio: rx.Var[float]) -> rx.Component:
    """Several lie side by side, to be moved by finger or arrow keys."""
    several = pictures.length() > 1
    return rx.el.div(
        rx.foreach(
            pictures,
            lambda picture: rx.el.img(src=picture.url, alt=picture.alt, decoding="async"),
        ),
        class_name="review-pictures",
        style={"--ratio": ratio},
        custom_attrs={
            "data-strip": rx.cond(several, "yes", rx.Var("undefined")),
            "tabIndex": rx.cond(several, 0, rx.Var("undefined")),
            "role": rx.cond(several, "group", rx.Var("undefined")),
            "aria-label": rx.cond(
                several, _("{n} pictures", n=pictures.length()), rx.Var("undefined")
            ),
        },
    )


def _link(address: rx.Var[str]) -> rx.Component:
    return rx.el.a(
        address,
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_name="review-link",
        **_place("link"),
    )


def _first_comment(text: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(_("First comment")),
        rx.el.p(text, class_name="caption", dir="auto"),
        class_name="review-comment",
        **_place("first_comment"),
    )


def _place(field: str) -> dict[str, Any]:
    """Where a comment on that field leads."""
    return {"custom_attrs": {"data-field": field}}


def _sent(post: rx.Var[Waiting]) -> rx.Component:
    return rx.el.p(
        rx.cond(
            post.sent_by,
            rx.el.span(_("Sent by {who}", who=post.sent_by), " · ", d_(post.sent_at, "relative")),
        ),
        rx.cond(
            post.round > post.rounds_included,
            rx.el.strong(round_of(post.round, post.rounds_included), class_name="review-over"),
            rx.el.span(round_of(post.round, post.rounds_included)),
        ),
        class_name="review-sent",
    )
