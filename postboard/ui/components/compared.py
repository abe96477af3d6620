"""What became of a post's words, pictures and time: what went, what came."""

from typing import Any

import reflex as rx

from postboard.db.queries.revisions import (
    Compared,
    ListPart,
    Picture,
    PicturePart,
    Piece,
    TextPart,
)
from postboard.names import FIELDS, PLACEMENTS
from postboard.ui.labels import NETWORKS
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


def compared_parts(compared: rx.Var[Compared], zone: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            (compared.fields.length() == 0) & (compared.planned.length() == 0),
            rx.el.p(_("Both say the same."), class_name="quiet"),
        ),
        rx.cond(compared.planned.length() > 0, _planned(zone, compared.planned)),
        rx.foreach(compared.texts, _text),
        rx.foreach(compared.lists, _list),
        rx.cond(
            compared.reordered,
            _part(_(FIELDS["media"]), rx.el.p(_("The pictures stand in another order."))),
        ),
        rx.foreach(compared.pictures, _picture),
    )


def _planned(zone: rx.Var[str], planned: rx.Var[list[str]]) -> rx.Component:
    return _part(
        _("Planned"),
        rx.el.p(
            rx.cond(planned[0], rx.el.del_(d_(planned[0], "daytime", zone))),
            " ",
            rx.cond(planned[1], rx.el.ins(d_(planned[1], "daytime", zone))),
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
