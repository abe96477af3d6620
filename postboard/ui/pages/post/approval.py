"""How far the post's approval has come: who is asked, who said yes, who is missing, by when."""

from typing import Any

import reflex as rx

from postboard.db.queries.approvals import ApprovalOfPost, AskedNow, StagePassed, Yes
from postboard.db.queries.post_page import PostFacts
from postboard.domain.chains import Rule
from postboard.ui.components.chain import SIDES, ChainState, chain_steps
from postboard.ui.words import _, d_, n_


def approval_line(post: rx.Var[PostFacts], approval: rx.Var[ApprovalOfPost]) -> rx.Component:
    return rx.el.section(
        rx.foreach(approval.passed, _passed),
        rx.cond(approval.asked, _asked(post, approval.asked.to(AskedNow))),
        _chain(post, approval),
        class_name="approval",
        aria_label=_("Approval"),
    )


def _passed(stage: rx.Var[StagePassed]) -> rx.Component:
    return rx.el.p(
        rx.el.span("✓", class_name="approval-mark", aria_hidden="true"),
        rx.el.span(_stage_name(stage), class_name="approval-stage", dir="auto"),
        rx.foreach(stage.yes, _yes),
        class_name="approval-passed",
    )


def _asked(post: rx.Var[PostFacts], asked: rx.Var[AskedNow]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(
                _("Stage {n} of {m}", n=asked.stage, m=asked.stages), class_name="approval-number"
            ),
            rx.el.span(_stage_name(asked), class_name="approval-stage", dir="auto"),
            rx.cond(asked.due_at, _due(post, asked)),
        ),
        rx.el.p(
            rx.foreach(asked.yes, _yes),
            rx.cond(
                asked.missing.length() > 0,
                rx.el.span(_missing(asked), dir="auto"),
                rx.el.span(_("Nobody may approve here yet."), class_name="late"),
            ),
        ),
        rx.cond(
            asked.message,
            rx.el.blockquote(
                rx.el.span(asked.message, dir="auto"),
                rx.cond(asked.who, rx.el.span(asked.who, class_name="quiet", dir="auto")),
                class_name="approval-message",
            ),
        ),
        class_name="approval-asked",
    )


def _stage_name(stage: Any) -> Any:
    return rx.cond(stage.name, stage.name, _(rx.Var.create(SIDES)[stage.side]))


def _yes(yes: rx.Var[Yes]) -> rx.Component:
    return rx.el.span(
        _("{who} said yes {when}", who=yes.who, when=d_(yes.at, "relative")),
        class_name="approval-yes",
        title=d_(yes.at, "daytime"),
    )


def _missing(asked: rx.Var[AskedNow]) -> Any:
    names = asked.missing.join(", ")
    several = rx.cond(
        asked.rule == Rule.ALL.value,
        _("Waits for all of {names}", names=names),
        _("Waits for one of {names}", names=names),
    )
    return rx.cond(asked.missing.length() > 1, several, _("Waits for {names}", names=names))


def _due(post: rx.Var[PostFacts], asked: rx.Var[AskedNow]) -> rx.Component:
    due = d_(asked.due_at, "daytime", post.zone)
    return rx.el.time(
        rx.cond(
            asked.overdue,
            _("Overdue since {due}", due=due),
            rx.cond(
                asked.hours_left > 0,
                n_(
                    "Due {due}, {n} working hour left",
                    "Due {due}, {n} working hours left",
                    asked.hours_left,
                    due=due,
                ),
                _("Due {due}, less than a working hour left", due=due),
            ),
        ),
        class_name="approval-due",
        custom_attrs={"dateTime": asked.due_at, "data-late": asked.overdue},
    )


def _chain(post: rx.Var[PostFacts], approval: rx.Var[ApprovalOfPost]) -> rx.Component:
    """Folded up: which chain holds from now on, and why it differs."""
    chain = approval.chain
    return rx.el.details(
        rx.el.summary(
            rx.match(
                chain.of,
                ("post", _("Approved by stages of its own")),
                ("campaign", _("Approved by the campaign’s stages")),
                _("Approved as agreed with the client"),
            )
        ),
        chain_steps(chain),
        rx.cond(
            chain.reason,
            rx.el.blockquote(
                rx.el.span(chain.reason, dir="auto"),
                rx.cond(chain.who, rx.el.span(chain.who, class_name="quiet", dir="auto")),
                class_name="approval-message",
            ),
        ),
        rx.cond(
            approval.may_override,
            rx.el.button(
                _("Change who approves this post"),
                type="button",
                class_name="button",
                on_click=ChainState.open(post.client_id, "", post.id),
            ),
        ),
        class_name="approval-chain",
    )
