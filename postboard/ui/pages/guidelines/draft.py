"""The desk on which a guideline is written: the list of sections, or one of them in its form."""

from typing import Any

import reflex as rx

from postboard.domain.guidelines import NOTE_MAX
from postboard.names import TOPICS
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.file_drop import FileDrop
from postboard.ui.components.filters import named
from postboard.ui.components.form import end, field, way_out
from postboard.ui.components.library import Library, shown
from postboard.ui.pages.guidelines.edited import SectionEdited, SectionLine
from postboard.ui.pages.guidelines.failing import failing_list
from postboard.ui.pages.guidelines.section_form import section_form
from postboard.ui.pages.guidelines.state import GuidelinesPage
from postboard.ui.pages.guidelines.writing import GuidelineWriting
from postboard.ui.words import _, n_, table


def draft_desk() -> rx.Component:
    state = GuidelineWriting
    return rx.el.div(
        rx.cond(state.section, section_form(state.section.to(SectionEdited)), _list()),
        rx.match(
            state.asking,
            ("publish", _dialog(_("Publish"), _publish())),
            ("import", _dialog(_("Import a guideline"), _import())),
            ("discard", _dialog(_("Discard the draft"), _discard())),
            ("picture", _dialog(_("Choose a picture"), _pictures(), kind="wide")),
            rx.fragment(),
        ),
        class_name="long-page guideline-desk",
    )


def _dialog(label: rx.Var[str], content: rx.Component, kind: str = "") -> rx.Component:
    return Dialog.create(content, label=label, kind=kind, on_close=GuidelineWriting.close)


def _list() -> rx.Component:
    state = GuidelineWriting
    return rx.el.div(
        rx.el.p(_("This is a draft: nobody is bound by it before it is published.")),
        rx.cond(
            state.lines.length() > 0,
            rx.el.ol(rx.foreach(state.lines, _line), class_name="guideline-lines"),
            _beginnings(),
        ),
        rx.cond(state.removed != "", _removed()),
        _new_section(),
        problem_line(state.problem),
        rx.el.div(
            _button(_("Import .md or .docx…"), state.ask("import")),
            rx.cond(
                state.is_draft,
                rx.fragment(
                    _button(
                        _("Compare with what is published"), GuidelinesPage.compare(_holds(), 0)
                    ),
                    _button(_("Discard the draft…"), state.ask("discard")),
                ),
            ),
            rx.el.span(class_name="grow"),
            _button(_("Close"), state.leave),
            rx.el.button(
                _("Publish…"),
                type="button",
                class_name="button button-primary",
                on_click=state.ask("publish"),
            ),
            class_name="row-actions",
        ),
        class_name="guideline-list",
    )


def _holds() -> rx.Var[int]:
    return rx.cond(GuidelinesPage.versions.length() > 0, GuidelinesPage.versions[0].number, 0)


def _button(name: rx.Var[str], does: Any) -> rx.Component:
    return rx.el.button(name, type="button", class_name="button button-quiet", on_click=does)


def _line(line: rx.Var[SectionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            line.title,
            type="button",
            class_name="link",
            on_click=GuidelineWriting.edit(line.key),
            dir="auto",
        ),
        rx.el.span(table(TOPICS)[line.topic], class_name="quiet"),
        rx.cond(
            line.rules > 0,
            rx.el.span(n_("{n} rule", "{n} rules", line.rules), class_name="quiet"),
        ),
        rx.el.span(class_name="grow"),
        rx.el.button(
            _("Move up"),
            type="button",
            class_name="link line-does",
            on_click=GuidelineWriting.move_up(line.key),
            aria_label=_("Move “{title}” up", title=line.title),
            custom_attrs={"data-does": "up"},
        ),
        rx.el.button(
            _("Remove"),
            type="button",
            class_name="link line-does",
            on_click=GuidelineWriting.remove(line.key),
            aria_label=_("Remove “{title}” from the draft", title=line.title),
        ),
        key=line.key,
    )


def _removed() -> rx.Component:
    return rx.el.p(
        _("“{title}” is removed from the draft.", title=GuidelineWriting.removed),
        " ",
        rx.el.button(
            _("Undo"), type="button", class_name="link", on_click=GuidelineWriting.bring_back
        ),
        role="status",
    )


def _beginnings() -> rx.Component:
    return rx.el.div(
        rx.el.p(_("Begin with ready sections, with a file, or with an empty section.")),
        rx.el.button(
            "English",
            type="button",
            class_name="button",
            lang="en",
            on_click=GuidelineWriting.fill_in("en"),
        ),
        rx.el.button(
            "中文",
            type="button",
            class_name="button",
            lang="zh-CN",
            on_click=GuidelineWriting.fill_in("zh-CN"),
        ),
        class_name="row-actions",
    )


def _new_section() -> rx.Component:
    return rx.el.select(
        rx.el.option(_("Add a section…"), value=""),
        *named({str(topic): name for topic, name in TOPICS.items()}),
        value="",
        aria_label=_("Add a section…"),
        on_change=GuidelineWriting.add,
        class_name="filter",
    )


def _publish() -> rx.Component:
    state = GuidelineWriting
    return rx.el.form(
        rx.el.p(_("Everybody it concerns is told to read it."), class_name="quiet"),
        field(
            _("What is new in it"),
            rx.el.textarea(name="note", rows="2", max_length=NOTE_MAX, auto_focus=True, dir="auto"),
        ),
        rx.cond(
            state.failing.length() > 0,
            rx.el.section(
                rx.el.p(
                    n_(
                        "{n} open post would no longer keep it:",
                        "{n} open posts would no longer keep it:",
                        state.failing.length() + state.more,
                    )
                ),
                rx.el.div(
                    failing_list(state.failing, state.more),
                    # It scrolls: the keyboard has to reach it.
                    tab_index=0,
                    role="group",
                    aria_label=_("Open posts"),
                    class_name="guideline-would-fail",
                ),
            ),
            rx.el.p(_("No open post would newly fail."), class_name="quiet"),
        ),
        problem_line(state.problem),
        end(_("Publish"), state.close),
        on_submit=state.publish,
        class_name="dialog-form",
    )


def _discard() -> rx.Component:
    state = GuidelineWriting
    return rx.el.form(
        rx.el.p(
            rx.cond(
                GuidelinesPage.versions.length() > 0,
                _("Everything written since version {number} is lost.", number=_holds()),
                _("Everything written is lost."),
            )
        ),
        problem_line(state.problem),
        rx.el.div(
            rx.el.button(
                _("Back"), type="button", class_name="button", auto_focus=True, on_click=state.close
            ),
            rx.el.button(_("Discard the draft"), type="submit", class_name="button button-final"),
            class_name="dialog-buttons",
        ),
        on_submit=state.discard,
        class_name="dialog-form",
    )


def _import() -> rx.Component:
    state = GuidelineWriting
    return rx.el.div(
        rx.el.p(
            _("Each heading becomes a section at the end of the draft. Nothing is published."),
            class_name="quiet",
        ),
        FileDrop.create(
            action="/uploads/guideline",
            accept=".md,.markdown,.txt,.docx,.json",
            hint=_("Markdown, Word, or JSON that Postboard wrote; up to 2 MB."),
            on_uploaded=state.take,
            on_refused=state.refuse,
        ),
        problem_line(state.problem),
        way_out(state.close),
        class_name="dialog-form",
    )


def _pictures() -> rx.Component:
    """Those of the client's library; whoever writes may add to it."""
    return rx.fragment(
        Library.create(**shown(), may_edit=True, on_open=GuidelineWriting.take_picture),
        way_out(GuidelineWriting.close),
    )
