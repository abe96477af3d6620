"""The library's page, top to bottom as it looks."""

import reflex as rx

from postboard.db.queries.library import Asset, Owner, Use, Uses
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.library import Library, shown
from postboard.ui.labels import STATES
from postboard.ui.layout import staff_page, title_row
from postboard.ui.pages.library.state import LibraryPage
from postboard.ui.words import _, d_, n_


def page() -> rx.Component:
    return staff_page(
        _("Media library"),
        title_row(_("Media library"), _owners()),
        rx.cond(LibraryPage.owner, _library(LibraryPage.owner.to(Owner))),
        rx.cond(LibraryPage.opened, _file(LibraryPage.opened.to(Asset))),
        here="/library/",
    )


def _owners() -> rx.Component:
    return rx.cond(
        LibraryPage.owner,
        rx.el.select(
            rx.foreach(LibraryPage.owners, lambda one: rx.el.option(one.name, value=one.key)),
            value=LibraryPage.owner.to(Owner).key,
            on_change=LibraryPage.choose_client,
            aria_label=_("Client"),
            class_name="library-client",
        ),
    )


def _library(owner: rx.Var[Owner]) -> rx.Component:
    return rx.el.div(
        rx.cond(LibraryPage.archived, _put_away(LibraryPage.archived.to(Asset))),
        Library.create(**shown(), may_edit=owner.may_edit, on_open=LibraryPage.open, key=owner.id),
        class_name="library-page",
    )


def _put_away(asset: rx.Var[Asset]) -> rx.Component:
    return rx.el.p(
        rx.el.span(_("“{name}” is archived. Posts that show it keep it.", name=asset.name)),
        rx.el.button(
            _("Undo"),
            type="button",
            class_name="link",
            on_click=LibraryPage.restore(asset.id, asset.version),
        ),
        class_name="library-archived",
        role="status",
    )


def _file(asset: rx.Var[Asset]) -> rx.Component:
    may_edit = LibraryPage.owner.to(Owner).may_edit
    return Dialog.create(
        rx.el.div(
            _look(asset),
            rx.el.div(
                rx.cond(may_edit, _form(asset), _words(asset)),
                _facts(asset),
                rx.cond(LibraryPage.uses, _uses(LibraryPage.uses.to(Uses))),
                class_name="media-words",
            ),
            class_name="media-details",
        ),
        label=asset.name,
        kind="wide",
        on_close=LibraryPage.close,
    )


def _look(asset: rx.Var[Asset]) -> rx.Component:
    address = rx.Var.create("/media/") + asset.id
    return rx.el.div(
        rx.cond(
            asset.kind == "video",
            rx.el.video(
                src=address + "/original",
                poster=address + "/large",
                controls=True,
                preload="none",
                custom_attrs={"playsInline": True},
            ),
            rx.el.img(src=address + "/large", alt=asset.alt),
        ),
        class_name="media-look",
    )


def _form(asset: rx.Var[Asset]) -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(_("Alt text")),
            rx.el.textarea(
                name="alt", default_value=asset.alt, rows=4, max_length=4100, dir="auto"
            ),
            rx.el.span(_("What somebody who cannot see it should know."), class_name="hint"),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(_("Tags")),
            rx.el.input(
                name="tags",
                default_value=asset.tags.join(", "),
                max_length=1500,
                auto_complete="off",
                dir="auto",
            ),
            rx.el.span(_("Separated by commas."), class_name="hint"),
            class_name="field",
        ),
        problem_line(LibraryPage.problem),
        rx.el.div(
            rx.cond(
                asset.archived,
                _quiet(_("Bring back"), LibraryPage.restore(asset.id, asset.version)),
                _quiet(_("Archive"), LibraryPage.archive(asset.id, asset.version)),
            ),
            _download(asset),
            rx.el.span(class_name="grow"),
            rx.el.button(_("Save"), type="submit", class_name="button button-primary"),
            class_name="quick-actions",
        ),
        on_submit=LibraryPage.describe(asset.id, asset.version),
        class_name="dialog-form",
    )


def _words(asset: rx.Var[Asset]) -> rx.Component:
    return rx.fragment(
        rx.cond(asset.alt, rx.el.p(asset.alt, dir="auto")),
        rx.el.div(
            rx.foreach(asset.tags, lambda tag: rx.el.span(tag, class_name="tag-small")),
        ),
        rx.el.div(_download(asset), class_name="quick-actions"),
    )


def _quiet(name: rx.Var[str], on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(name, type="button", class_name="button", on_click=on_click)


def _download(asset: rx.Var[Asset]) -> rx.Component:
    return rx.el.a(
        _("Download"),
        href=rx.Var.create("/media/") + asset.id + "/original?download",
        custom_attrs={"download": True},
        class_name="button",
    )


def _facts(asset: rx.Var[Asset]) -> rx.Component:
    return rx.el.dl(
        rx.el.dt(_("Size")),
        rx.el.dd(
            asset.width.to_string() + " × " + asset.height.to_string(),
            " · ",
            (round(asset.size / 100_000) / 10).to_string(),
            " MB",
        ),
        rx.el.dt(_("Added")),
        rx.el.dd(d_(asset.at, "daytime"), rx.cond(asset.by, ", " + asset.by, "")),
        class_name="facts",
    )


def _uses(uses: rx.Var[Uses]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Where used")),
        rx.cond(
            (uses.total == 0) & (uses.comments == 0),
            rx.el.p(_("In no post yet."), class_name="quiet"),
        ),
        rx.el.ul(rx.foreach(uses.posts, _use), class_name="library-uses"),
        rx.cond(
            uses.total > uses.posts.length(),
            rx.el.p(n_("{n} post in all", "{n} posts in all", uses.total), class_name="quiet"),
        ),
        rx.cond(
            uses.comments > 0,
            rx.el.p(n_("In {n} comment", "In {n} comments", uses.comments), class_name="quiet"),
        ),
    )


def _use(use: rx.Var[Use]) -> rx.Component:
    return rx.el.li(
        rx.el.a(use.key, href=rx.Var.create("/post/?key=") + use.key),
        rx.el.span(class_name="dot", custom_attrs={"data-state": use.state}, aria_hidden="true"),
        rx.el.span(_(rx.Var.create(STATES)[use.state])),
        rx.cond(
            use.now, rx.fragment(), rx.el.span(_("in an earlier revision"), class_name="quiet")
        ),
        key=use.post_id,
    )
