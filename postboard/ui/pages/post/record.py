"""The post's record: its revisions, everything that happened to it, and both as files."""

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.ui.components.hear import Hear
from postboard.ui.layout import Dialog
from postboard.ui.pages.post.history import history_list
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.pages.post.revisions import revisions_list
from postboard.ui.words import _


def record_panel(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        Hear.create(only=post.id, version=post.version, on_signal=RecordState.load(post.id)),
        rx.el.header(
            rx.el.div(
                _tab("revisions", _("Revisions")),
                _tab("history", _("History")),
                class_name="tabs",
                role="tablist",
                aria_label=_("Record"),
            ),
            rx.el.span(class_name="grow"),
            _record_as(post, "json", "JSON"),
            _record_as(post, "pdf", "PDF"),
            class_name="record-head",
        ),
        rx.cond(RecordState.certified > 0, _certificate(post)),
        rx.cond(RecordState.undo_to > 0, _undo(post)),
        rx.el.div(
            rx.cond(RecordState.tab == "revisions", revisions_list(post), history_list(post)),
            id="record-shown",
            role="tabpanel",
            aria_label=rx.cond(RecordState.tab == "revisions", _("Revisions"), _("History")),
        ),
        rx.cond(RecordState.asking > 0, _question(post)),
        key=post.id,
        on_mount=RecordState.load(post.id),
        class_name="record",
    )


def _tab(name: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        role="tab",
        class_name="tab",
        aria_selected=RecordState.tab == name,
        aria_controls="record-shown",
        on_click=RecordState.show_tab(name),
    )


def _record_as(post: rx.Var[PostFacts], kind: str, name: str) -> rx.Component:
    label = _("Download the record as {kind}", kind=name)
    return _download(f"/posts/{post.id}/record.{kind}", name, label)


def _certificate(post: rx.Var[PostFacts]) -> rx.Component:
    """Of the last approval; the words may have changed since."""
    return rx.el.div(
        rx.el.span(_("Certificate of approval: revision {n}", n=RecordState.certified)),
        rx.cond(
            RecordState.certified != RecordState.revisions[0].number,
            rx.el.span(_("It does not hold for the newest words."), class_name="quiet"),
        ),
        rx.el.span(class_name="grow"),
        _certificate_as(post, "json", "JSON"),
        _certificate_as(post, "pdf", "PDF"),
        class_name="record-note record-certificate",
    )


def _certificate_as(post: rx.Var[PostFacts], kind: str, name: str) -> rx.Component:
    label = _("Download the certificate as {kind}", kind=name)
    return _download(f"/posts/{post.id}/certificate.{kind}", name, label)


def _download(address: str, name: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.a(
        name,
        href=address,
        download=True,
        reload_document=True,
        class_name="button",
        aria_label=label,
        title=label,
    )


def _undo(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.p(
        rx.el.span(_("Older words are back as revision {n}.", n=RecordState.restored_as)),
        rx.el.button(
            _("Undo"),
            type="button",
            class_name="link",
            on_click=RecordState.restore(
                post.id, RecordState.undo_to, RecordState.restored_version
            ),
        ),
        class_name="record-note",
        role="status",
    )


def _question(post: rx.Var[PostFacts]) -> rx.Component:
    number = RecordState.asking
    return Dialog.create(
        rx.el.p(
            _("The post goes back to internal review, and what was approved no longer counts.")
        ),
        rx.el.div(
            rx.el.button(
                _("Leave it"), type="button", class_name="button", on_click=RecordState.close
            ),
            rx.el.button(
                _("Bring it back"),
                type="button",
                class_name="button button-primary",
                on_click=RecordState.restore(post.id, number, post.version),
            ),
            class_name="dialog-buttons",
        ),
        label=_("Bring revision {n} back?", n=number),
        on_close=RecordState.close,
    )
