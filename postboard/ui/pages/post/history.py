"""Everything that happened to a post, a line each, the newest first."""

from typing import Any

import reflex as rx

from postboard.db.queries.history import Fact, Line
from postboard.db.queries.post_page import PostFacts
from postboard.names import (
    CHANGED,
    CHANGED_OFTEN,
    EVENTS,
    FACTS,
    RESTORED,
    REVISED,
    STANDING_IN,
    THREADS,
)
from postboard.ui.labels import STATES
from postboard.ui.pages.post.record_parts import (
    comments_of,
    fields_listed,
    link_button,
    older_button,
    reason_given,
    time_of,
)
from postboard.ui.pages.post.record_state import RecordState
from postboard.ui.words import _, d_, listed


def history_list(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(RecordState.lines, lambda line: _line(post, line)), class_name="history"
        ),
        rx.cond(RecordState.more_lines, older_button(post)),
    )


def _line(post: rx.Var[PostFacts], line: rx.Var[Line]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            (line.facts.length() > 0) | (line.fields.length() > 0),
            rx.el.details(
                rx.el.summary(rx.el.span(_sentence(line)), time_of(line.at)),
                rx.el.dl(rx.foreach(line.facts, _fact), class_name="facts"),
                rx.cond(
                    line.since,
                    rx.el.p(
                        _("The first time {when}", when=d_(line.since, "daytime")),
                        class_name="quiet",
                    ),
                ),
                rx.cond(
                    (line.fields.length() > 0) & (line.revision > 1),
                    link_button(
                        _("Compare with the revision before"),
                        RecordState.compare(post.id, line.revision - 1, line.revision),
                    ),
                ),
            ),
            rx.el.p(rx.el.span(_sentence(line)), time_of(line.at)),
        ),
        reason_given(line.reason, line.tags),
        rx.cond(line.review > 0, comments_of(post, line.review)),
        custom_attrs={"data-kind": line.kind},
    )


def _sentence(line: rx.Var[Line]) -> rx.Var[str]:
    fields = fields_listed(line.fields)
    changed = rx.cond(
        line.times > 1,
        _(CHANGED_OFTEN, who=line.who, fields=fields, n=line.times),
        _(CHANGED, who=line.who, fields=fields),
    )
    return rx.cond(
        line.restored_from > 0,
        _(RESTORED, who=line.who, n=line.restored_from),
        rx.cond(
            line.fields.length() > 0,
            rx.cond(line.kind == "post.revise", _(REVISED, who=line.who, fields=fields), changed),
            _(rx.Var.create(EVENTS)[line.kind], who=_who(line)),
        ),
    )


def _who(line: rx.Var[Line]) -> rx.Var[str]:
    others = line.stood_in_for
    return rx.cond(
        others.length() > 0, _(STANDING_IN, who=line.who, others=listed(others)), line.who
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.fragment(
        rx.el.dt(_(rx.Var.create(FACTS)[fact.name])),
        rx.el.dd(
            rx.cond(fact.before, rx.fragment(_value(fact.kind, fact.before), " → ")),
            rx.cond(fact.after, _value(fact.kind, fact.after), "–"),
        ),
    )


def _value(kind: rx.Var[str], value: rx.Var[str]) -> rx.Component | rx.Var[Any]:
    return rx.match(
        kind,
        ("state", rx.el.span(_(rx.Var.create(STATES)[value]))),
        ("thread", rx.el.span(_(rx.Var.create(THREADS)[value]))),
        ("time", rx.el.time(d_(value, "daytime"))),
        ("link", rx.el.a(value, href=value, target="_blank", rel="noopener noreferrer")),
        ("yes", rx.el.span(_("yes"))),
        rx.el.span(value, dir="auto"),
    )
