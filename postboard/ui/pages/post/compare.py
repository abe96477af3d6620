"""Two states of a post's words beside each other: what went, what came."""

from typing import Any

import reflex as rx

from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.revisions import (
    Compared,
    ListPart,
    Picture,
    PicturePart,
    Piece,
    RevisionLine,
    Side,
    TextPart,
)
from postboard.names import FIELDS, PLACEMENTS
from postboard.ui.labels import NETWORKS
from postboard.ui.layout import Dialog
from postboard.ui.pages.post.record import RecordState
from postboard.ui.words import _, d_
from postboard.ui.wrappers import WIPE


class Wipe(rx.Component):
    """Two pictures in one place, with a slider between them."""

    library = WIPE
    tag = "Wipe"

    before: rx.Var[str]
    after: rx.Var[str]
    before_alt: rx.Var[str]
    after_alt: rx.Var[str]


def compare_dialog(post: rx.Var[PostFacts]) -> rx.Component:
    """Mounted once on the post's page; open while something is compared."""
    return rx.cond(RecordState.compared, _dialog(post, RecordState.compared.to(Compared)))


def _dialog(post: rx.Var[PostFacts], compared: rx.Var[Compared]) -> rx.Component:
    return Dialog.create(
        rx.el.header(
            rx.el.h2(
                rx.cond(
                    RecordState.compared_with_look,
                    _("What changed since you last looked"),
                    _("What changed"),
                )
            ),
            rx.el.span(class_name="grow"),
            rx.el.button(
                "×",
                type="button",
                class_name="close",
                aria_label=_("Close"),
                on_click=RecordState.close,
            ),
            class_name="compare-head",
        ),
        rx.cond(RecordState.compared_with_look, rx.fragment(), _choice(post, compared)),
        rx.cond(
            (compared.fields.length() == 0) & (compared.planned.length() == 0),
            rx.el.p(_("Both say the same."), class_name="quiet"),
        ),
        rx.cond(compared.planned.length() > 0, _planned(post, compared.planned)),
        rx.foreach(compared.texts, _text),
        rx.foreach(compared.lists, _list),
        rx.cond(
            compared.reordered,
            _part(_(FIELDS["media"]), rx.el.p(_("The pictures stand in another order."))),
        ),
        rx.foreach(compared.pictures, _picture),
        label="",
        kind="compare",
        on_close=RecordState.close,
    )


def _choice(post: rx.Var[PostFacts], compared: rx.Var[Compared]) -> rx.Component:
    return rx.el.div(
        _side(
            _("Before"),
            compared.before,
            lambda number: RecordState.compare(post.id, number, compared.after.number),
        ),
        rx.el.span("→", aria_hidden="true", class_name="quiet"),
        _side(
            _("After"),
            compared.after,
            lambda number: RecordState.compare(post.id, compared.before.number, number),
        ),
        class_name="compare-sides",
    )


def _side(label: rx.Var[str], side: rx.Var[Side], chosen: object) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(
            rx.foreach(RecordState.revisions, _option),
            value=side.number.to_string(),
            on_change=lambda value: chosen(rx.Var(f"Number({value})").to(int)),
        ),
        rx.el.span(side.who, " · ", d_(side.at, "daytime"), class_name="quiet"),
        class_name="field",
    )


def _option(line: rx.Var[RevisionLine]) -> rx.Component:
    return rx.el.option(_("Revision {n}", n=line.number), value=line.number.to_string())


def _planned(post: rx.Var[PostFacts], planned: rx.Var[list[str]]) -> rx.Component:
    return _part(
        _("Planned"),
        rx.el.p(
            rx.cond(planned[0], rx.el.del_(d_(planned[0], "daytime", post.zone))),
            " ",
            rx.cond(planned[1], rx.el.ins(d_(planned[1], "daytime", post.zone))),
        ),
    )


def _text(part: rx.Var[TextPart]) -> rx.Component:
    return _part(
        _named(part.field, part.network),
        rx.match(
            part.own,
            (
                "begins",
                rx.el.p(_("Has words of its own from now on."), class_name="quiet"),
            ),
            ("ends", rx.el.p(_("Reads as the main words do again."), class_name="quiet")),
            rx.fragment(),
        ),
        rx.el.p(rx.foreach(part.pieces, _piece), class_name="diff", dir="auto"),
    )


def _piece(piece: rx.Var[Piece]) -> rx.Component | rx.Var[Any]:
    return rx.match(
        piece.mark,
        ("added", rx.el.ins(piece.text)),
        ("removed", rx.el.del_(piece.text)),
        rx.el.span(piece.text),
    )


def _list(part: rx.Var[ListPart]) -> rx.Component:
    return _part(
        _named(part.field, part.network),
        rx.cond(
            (part.added.length() == 0) & (part.removed.length() == 0),
            rx.el.p(_("The same, in another order."), class_name="quiet"),
            rx.el.ul(
                rx.foreach(part.removed, lambda one: rx.el.li(rx.el.del_(_value(part.field, one)))),
                rx.foreach(part.added, lambda one: rx.el.li(rx.el.ins(_value(part.field, one)))),
                class_name="compare-list",
            ),
        ),
    )


def _value(field: rx.Var[str], value: rx.Var[str]) -> rx.Component | rx.Var[Any]:
    return rx.match(
        field,
        ("networks", _(rx.Var.create(dict(NETWORKS))[value])),
        ("placements", _(rx.Var.create(PLACEMENTS)[value])),
        ("hashtags", "#" + value),
        ("mentions", "@" + value),
        value,
    )


def _picture(part: rx.Var[PicturePart]) -> rx.Component:
    return _part(
        rx.match(
            part.change,
            ("added", _("Picture added")),
            ("removed", _("Picture removed")),
            ("replaced", _("Picture replaced")),
            _("Picture changed"),
        ),
        rx.match(
            part.change,
            ("added", _shown(part.after)),
            ("removed", _shown(part.before)),
            (
                "replaced",
                Wipe.create(
                    before=_address(part.before),
                    after=_address(part.after),
                    before_alt=part.before.alt,
                    after_alt=part.after.alt,
                ),
            ),
            _shown(part.after),
        ),
        rx.cond(
            part.alt.length() > 0,
            rx.fragment(
                rx.el.p(_("Alternative text"), class_name="quiet"),
                rx.el.p(rx.foreach(part.alt, _piece), class_name="diff", dir="auto"),
            ),
        ),
        rx.cond(part.focus, rx.el.p(_("Its crop moved."), class_name="quiet")),
    )


def _shown(picture: rx.Var[Picture]) -> rx.Component:
    return rx.el.img(
        src=_address(picture), alt=picture.alt, class_name="compare-picture", loading="lazy"
    )


def _address(picture: rx.Var[Picture]) -> rx.Var[str]:
    return rx.cond(picture.kind == "video", picture.thumb, picture.url)


def _named(field: rx.Var[str], network: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        _(rx.Var.create(FIELDS)[field]),
        rx.cond(network, rx.fragment(" · ", _(rx.Var.create(dict(NETWORKS))[network]))),
    )


def _part(name: rx.Component | rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(name), *content, class_name="compare-part")
