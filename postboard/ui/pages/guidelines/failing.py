"""Open posts that do not keep a guideline: each by the first thing that was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from postboard.domain.rules import SENTENCES, Finding
from postboard.services.guideline_failing import FAILING_MAX, Failing
from postboard.ui.words import _, n_


@dataclass(frozen=True)
class FailingLine:
    key: str
    title: str
    section: str
    message_id: str
    facts: dict[str, str]
    blocks: bool
    more: int


def failing_lines(found: Sequence[Failing]) -> tuple[list[FailingLine], int]:
    """As many as a page names, and how many more there are."""
    named = found[:FAILING_MAX]
    return [_line(one) for one in named], len(found) - len(named)


def failing_list(lines: rx.Var[list[FailingLine]], more: rx.Var[int]) -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(lines, _shown), class_name="guideline-failing"),
        rx.cond(more > 0, rx.el.p(_("And {n} more.", n=more))),
    )


def failing_now(lines: rx.Var[list[FailingLine]], more: rx.Var[int]) -> rx.Component:
    """A quiet line that unfolds."""
    return rx.cond(
        lines.length() > 0,
        rx.el.details(
            rx.el.summary(
                n_(
                    "{n} open post does not keep it",
                    "{n} open posts do not keep it",
                    lines.length() + more,
                )
            ),
            failing_list(lines, more),
        ),
    )


def _line(one: Failing) -> FailingLine:
    found = (*one.new, *one.known)
    first: Finding = found[0]
    return FailingLine(
        one.post.key,
        one.post.title,
        first.passage.title if first.passage else "",
        SENTENCES[first.rule],
        {name: str(fact) for name, fact in first.facts.items()},
        any(each.blocks for each in found),
        len(found) - 1,
    )


def _shown(one: rx.Var[FailingLine]) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.key, href=rx.Var.create("/post/?key=") + one.key),
        " ",
        rx.el.span(one.title, dir="auto"),
        rx.el.p(
            rx.cond(one.blocks, rx.el.strong(_("Stops the post")), rx.el.span(_("Warns"))),
            " · ",
            one.section,
            ": ",
            _(one.message_id, one.facts),
            rx.cond(
                one.more > 0,
                rx.el.span(" ", n_("and {n} more finding", "and {n} more findings", one.more)),
            ),
            class_name="quiet",
        ),
    )
