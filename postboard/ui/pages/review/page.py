"""The client's page, top to bottom as it looks."""

import reflex as rx

from postboard.db.queries.review import Waiting
from postboard.domain.workflow import Action
from postboard.ui.components.hear import Hear
from postboard.ui.components.kanban import renderer
from postboard.ui.components.subscribe import subscribe_dialog
from postboard.ui.components.undo_bar import UndoBar
from postboard.ui.labels import TAGS
from postboard.ui.layout import Toasts
from postboard.ui.pages.review.agreement import ClientAgreement, offers
from postboard.ui.pages.review.away import away_door
from postboard.ui.pages.review.calendar import plan_or_month
from postboard.ui.pages.review.deck import Deck
from postboard.ui.pages.review.post import post_look
from postboard.ui.pages.review.state import ReviewState, Told
from postboard.ui.speech import speak
from postboard.ui.words import _, d_, language, n_, table


def page() -> rx.Component:
    return rx.el.div(
        _header(),
        rx.el.main(
            offers(),
            _news(),
            _undo(),
            rx.el.div(_deck(), hidden=ReviewState.plan_shown),
            rx.cond(
                ReviewState.plan_shown,
                rx.el.section(rx.el.h2(_("What is planned")), plan_or_month()),
            ),
        ),
        _footer(),
        Hear.create(on_signal=[ReviewState.refresh, ClientAgreement.refresh]),
        subscribe_dialog(),
        Toasts.create(),
        class_name="review",
    )


def _header() -> rx.Component:
    waiting = ReviewState.order.length()
    back = rx.cond(waiting > 0, _("To review ({n})", n=waiting), _("To review"))
    return rx.el.header(
        rx.el.h1(rx.foreach(ReviewState.brands, lambda brand: rx.el.span(brand.name))),
        rx.cond(
            (waiting > 0) | ReviewState.plan_shown,
            rx.el.button(
                rx.cond(ReviewState.plan_shown, back, _("What is planned")),
                type="button",
                class_name="link",
                on_click=ReviewState.show_plan(~ReviewState.plan_shown),
            ),
        ),
        class_name="review-head",
    )


def _news() -> rx.Component:
    """Always there, so that what it comes to say is read out."""
    news = ReviewState.news
    who = rx.cond(news.who, news.who, _("Your agency"))
    when = d_(news.at, "daytime", news.zone)
    done = {
        Told.APPROVED_FOR: _("Approved. {who} schedules it for {when}.", who=who, when=when),
        Told.APPROVED: _("Approved. {who} chooses the time and schedules it.", who=who),
        Told.APPROVED_LATE: _(
            "Approved. Its time has passed, so {who} chooses a new one.", who=who
        ),
        Told.APPROVED_MANY: n_(
            "{n} post approved. It goes out on its day.",
            "{n} posts approved. They go out on their days.",
            news.count,
        ),
        Told.PASSED_ON: _("Approved. Next it is with {who}.", who=who),
        Told.AGAIN: _("Approved. It comes to you once more, for the next stage."),
        Told.UNDONE: _("Taken back. It waits for you as before."),
        Told.REQUESTED: _("Sent to {who}. You see the post again once it is changed.", who=who),
    }
    noted = {
        Told.UNDONE_IN_PART: n_(
            "Taken back, but for {n} post that the agency has already.",
            "Taken back, but for {n} posts that the agency has already.",
            news.count,
        ),
        Told.TOO_LATE: _("It is too late to undo this: the agency has it already."),
        Told.CHANGED: _("This post was changed meanwhile. Here is how it is now."),
        Told.ANSWERED: _("Somebody else has answered this meanwhile. Here is how it stands."),
        Told.TAKEN_BACK: _("{who} took that post back. It will come to you again.", who=who),
        Told.WAS_REQUESTED: _("Changes to that post are requested already."),
        Told.WAS_APPROVED: _("That post is approved already."),
    }
    return rx.el.div(
        rx.match(
            news.told,
            *((told, _sentence(text, "done")) for told, text in done.items()),
            *((told, _sentence(text, "note")) for told, text in noted.items()),
            rx.fragment(),
        ),
        rx.cond(
            news.passed_on > 0,
            _sentence(
                n_(
                    "{n} of them waits for others of your side first.",
                    "{n} of them wait for others of your side first.",
                    news.passed_on,
                ),
                "note",
            ),
        ),
        _left_over(),
        role="status",
        class_name="review-news",
    )


def _undo() -> rx.Component:
    undo = ReviewState.undo
    return UndoBar.create(
        mark=undo.mark,
        seconds=undo.seconds,
        text=rx.cond(
            undo.action == Action.APPROVE,
            n_("{n} post approved", "{n} posts approved", undo.count),
            _("Changes requested"),
        ),
        then=".deck h2, .review-thanks h2",
        on_undo=ReviewState.take_back,
    )


def _left_over() -> rx.Component:
    left = ReviewState.news.left
    return rx.cond(
        left.length() > 0,
        _sentence(
            n_(
                "{n} post changed meanwhile and was left: {names}",
                "{n} posts changed meanwhile and were left: {names}",
                left.length(),
                names=left.join(" · "),
            ),
            "note",
        ),
    )


def _sentence(text: rx.Var[str], kind: str) -> rx.Component:
    return rx.el.p(text, custom_attrs={"data-kind": kind})


def _deck() -> rx.Component:
    return Deck.create(
        _nothing_waits(),
        visit=ReviewState.visit,
        order=ReviewState.order,
        others=ReviewState.others,
        posts=ReviewState.posts,
        done=ReviewState.done,
        answered=ReviewState.answered,
        tags=table(TAGS),
        back=ReviewState.back,
        choices=ReviewState.choices,
        render_post=renderer(
            ("post", "ratio"),
            post_look(post=rx.Var("post").to(Waiting), ratio=rx.Var("ratio").to(float)),
        ),
        on_turn=ReviewState.turn,
        on_seen=ReviewState.saw,
        on_approve=ReviewState.approve,
        on_request=ReviewState.request_changes,
        on_list=ReviewState.list_choices,
        on_approve_all=ReviewState.approve_all,
    )


def _nothing_waits() -> rx.Component:
    return rx.el.section(
        rx.cond(
            ReviewState.done > 0,
            rx.fragment(
                rx.el.h2(_("Thank you. That was everything."), tab_index=-1),
                _what_comes_next(),
            ),
            rx.fragment(
                rx.el.h2(
                    rx.cond(
                        ClientAgreement.offers.length() > 0,
                        _("No post waits for you"),
                        _("Nothing waits for you"),
                    ),
                    tab_index=-1,
                ),
                rx.el.p(_("New posts appear here by themselves.")),
            ),
        ),
        plan_or_month(),
        class_name="review-thanks",
    )


def _what_comes_next() -> rx.Component:
    """One line for each way that the decisions of this visit went."""
    sent_back, others = ReviewState.sent_back, ReviewState.others.length()
    return rx.el.ul(
        rx.cond(
            ReviewState.done > sent_back,
            rx.el.li(_("What you approved goes out on its day.")),
        ),
        rx.cond(
            sent_back > 0,
            rx.el.li(
                n_(
                    "{n} post goes to your agency and comes back here once it is changed.",
                    "{n} posts go to your agency and come back here once they are changed.",
                    sent_back,
                )
            ),
        ),
        rx.cond(
            others > 0,
            rx.el.li(
                n_(
                    "{n} post waits for others of your side before it goes out.",
                    "{n} posts wait for others of your side before they go out.",
                    others,
                )
            ),
        ),
        rx.el.li(_("You need not wait here: a message comes when something is to decide again.")),
    )


def _footer() -> rx.Component:
    return rx.el.footer(
        rx.cond(
            language() == "en",
            rx.el.button(
                "中文",
                lang="zh-CN",
                on_click=speak("zh-CN"),
                type="button",
                class_name="link",
            ),
            rx.el.button(
                "English", lang="en", on_click=speak("en"), type="button", class_name="link"
            ),
        ),
        # A page of the server, not of the app: without this the app would look for it itself.
        rx.el.a(
            _("E-mail settings"), href="/mail/settings", reload_document=True, class_name="link"
        ),
        away_door(),
        rx.el.form(
            rx.el.button(_("Sign out"), type="submit", class_name="link"),
            method="post",
            action="/auth/sign-out",
        ),
        class_name="review-foot",
    )
