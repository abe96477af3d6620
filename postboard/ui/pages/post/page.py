"""The post's page, top to bottom as it looks."""

from typing import Final

import reflex as rx

from postboard.db.queries.approvals import ApprovalOfPost
from postboard.db.queries.post_page import PostFacts
from postboard.domain.content import PLACEMENTS
from postboard.domain.platforms import limits_for_browser
from postboard.locale import N_
from postboard.ui.components.chain import chain_dialog
from postboard.ui.components.entry import nothing_here
from postboard.ui.components.hear import Hear
from postboard.ui.components.rounds import round_of
from postboard.ui.labels import ACTIONS, DOES, NETWORKS, STATES, TAGS
from postboard.ui.layout import staff_page
from postboard.ui.pages.post.again import again_line
from postboard.ui.pages.post.approval import approval_line
from postboard.ui.pages.post.backward import backward_block, odds_line
from postboard.ui.pages.post.beside import beside_panel
from postboard.ui.pages.post.compare import compare_dialog
from postboard.ui.pages.post.editor import Editor, Others, Parts, StepBar
from postboard.ui.pages.post.findings import FindingsState, findings_panel
from postboard.ui.pages.post.media import media_panel
from postboard.ui.pages.post.plan import plan_line
from postboard.ui.pages.post.preview import preview_panel
from postboard.ui.pages.post.record import record_panel
from postboard.ui.pages.post.since import since_line
from postboard.ui.pages.post.state import PostPage
from postboard.ui.pages.post.talk import TalkState, talk_panel
from postboard.ui.pages.post.tasks import TasksState, tasks_panel
from postboard.ui.words import _, d_, table

PARTS: Final = {
    "write": N_("Write"),
    "preview": N_("Preview"),
    "talk": N_("Conversation"),
    "checks": N_("Checks"),
    "guideline": N_("Guideline"),
    "tasks": N_("Tasks"),
    "record": N_("Record"),
}


def page() -> rx.Component:
    return staff_page(
        _("Post"),
        rx.cond(
            PostPage.missing,
            rx.el.div(nothing_here(), class_name="post-missing"),
            rx.cond(PostPage.post, _post(PostPage.post.to(PostFacts)), _skeleton()),
        ),
        here="/post/",
    )


def _post(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        _head(post),
        rx.cond(PostPage.approval, approval_line(post, PostPage.approval.to(ApprovalOfPost))),
        odds_line(post),
        _about_the_words(post),
        since_line(post),
        Parts.create(
            _write(post),
            preview_panel(post),
            talk_panel(post),
            findings_panel(post),
            beside_panel(post),
            tasks_panel(post),
            record_panel(post),
            name="post",
            names=table(PARTS),
            counts=rx.Var.create(
                {
                    "talk": TalkState.internal.open + TalkState.client.open,
                    "checks": FindingsState.blocking.length(),
                    "tasks": TasksState.tasks.length(),
                }
            ),
            wide=["write", "preview"],
            on_open=lambda part: PostPage.open_part(post.id, part),
        ),
        compare_dialog(post),
        chain_dialog(PostPage.refresh(post.id)),
        Hear.create(
            only=post.id,
            version=post.version,
            on_signal=PostPage.refresh(post.id),
            on_others=PostPage.others(post.id),
        ),
        class_name="post-page",
    )


def _head(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.p(
                rx.el.a(_("Board"), href="/board/?client=" + post.client_key, class_name="crumb"),
                rx.el.span(
                    class_name="post-hue",
                    style={"--hue": post.client_hue.to_string()},
                    aria_hidden="true",
                ),
                rx.el.span(post.client),
                class_name="post-crumbs quiet",
            ),
            rx.el.h1(
                post.key,
                rx.el.span(
                    rx.el.span(
                        class_name="dot",
                        custom_attrs={"data-state": post.state},
                        aria_hidden="true",
                    ),
                    _(rx.Var.create(STATES)[post.state]),
                    class_name="post-state",
                ),
                rx.cond(post.ready, rx.el.span(_("Ready"), class_name="card-ready")),
                rx.cond(
                    post.rounds > 0,
                    rx.el.span(
                        round_of(post.rounds, post.rounds_included),
                        class_name="quiet post-round",
                        custom_attrs={"data-over": post.rounds > post.rounds_included},
                    ),
                ),
                rx.el.span(_("Revision {n}", n=post.revision), class_name="quiet post-round"),
            ),
            rx.cond(
                PostPage.seen_by.length() > 0,
                rx.el.p(
                    rx.foreach(
                        PostPage.seen_by,
                        lambda seen: rx.el.span(
                            _("{who} saw it {when}", who=seen.who, when=d_(seen.at, "relative"))
                        ),
                    ),
                    class_name="quiet post-seen",
                ),
            ),
            Others.create(),
            class_name="post-title",
        ),
        StepBar.create(
            post=post,
            steps=PostPage.steps,
            names=table(ACTIONS),
            does=table(DOES),
            people=PostPage.people,
            tags=table(TAGS),
            will_ask=PostPage.approval.to(ApprovalOfPost).will_ask,
            draft=PostPage.has_draft,
            stepped=PostPage.stepped,
            on_step=PostPage.step,
            on_send=PostPage.send_draft,
            on_discard=PostPage.discard_draft,
        ),
        class_name="post-head",
    )


def _about_the_words(post: rx.Var[PostFacts]) -> rx.Component:
    """Why typing here does not change what others see at once."""
    return rx.cond(
        PostPage.has_draft,
        rx.el.p(
            _("You see your own draft. Everybody else sees revision {n}.", n=post.revision),
            class_name="post-note",
        ),
        rx.cond(
            PostPage.discarded,
            rx.el.p(
                _("Your draft is put away."),
                rx.el.button(
                    _("Undo"),
                    type="button",
                    class_name="link",
                    on_click=PostPage.take_up_draft(post.id),
                ),
                class_name="post-note",
            ),
            rx.cond(
                ~post.open_to_edits & post.may_edit_words,
                rx.el.p(
                    _(
                        "These words are judged."
                        " What you change here is your draft until you send it."
                    ),
                    class_name="post-note",
                ),
            ),
        ),
    )


def _write(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        Editor.create(
            media_panel(post),
            post=post,
            networks=table(NETWORKS),
            placements=rx.Var.create({key: list(value) for key, value in PLACEMENTS.items()}),
            limits=limits_for_browser(),
            on_save=PostPage.save,
            on_rebase=PostPage.rebase,
            on_here=PostPage.here,
        ),
        plan_line(post),
        backward_block(post),
        again_line(post),
        class_name="post-write",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.header(rx.el.span(class_name="line"), class_name="post-head"),
        rx.el.div(
            rx.el.span(class_name="block"),
            rx.el.span(class_name="block"),
            rx.el.span(class_name="block"),
            class_name="post-skeleton",
        ),
        class_name="post-page",
        aria_busy="true",
    )
