"""The desk on which a guideline is written: the list of sections, or one of them in its form."""

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from postboard.domain.guideline_rules import FORMS, LINE_MAX, LINES_MAX, FormField, Input
from postboard.domain.guidelines import NOTE_MAX, TEXT_MAX, TITLE_MAX
from postboard.names import RULE_CHOICES, RULE_KINDS, TOPICS
from postboard.ui.components.dialog import Dialog, problem_line
from postboard.ui.components.file_drop import FileDrop
from postboard.ui.components.filters import named
from postboard.ui.components.form import end, field
from postboard.ui.components.guideline import section_text
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.guidelines.state import GuidelinesPage
from postboard.ui.pages.guidelines.writing import (
    FailingLine,
    GuidelineWriting,
    RuleEdited,
    SectionEdited,
    SectionLine,
)
from postboard.ui.words import _, n_, table

_TYPING_MS: Final = 300


def draft_desk() -> rx.Component:
    state = GuidelineWriting
    return rx.el.div(
        rx.cond(state.section, _section_form(state.section.to(SectionEdited)), _list()),
        rx.match(
            state.asking,
            ("publish", _dialog(_("Publish"), _publish())),
            ("import", _dialog(_("Import a guideline"), _import())),
            rx.fragment(),
        ),
        class_name="long-page guideline-desk",
    )


def _dialog(label: rx.Var[str], content: rx.Component) -> rx.Component:
    return Dialog.create(content, label=label, on_close=GuidelineWriting.close)


def _list() -> rx.Component:
    state = GuidelineWriting
    return rx.el.div(
        rx.el.p(_("This is a draft: nobody is bound by it before it is published.")),
        rx.cond(
            state.lines.length() > 0,
            rx.el.ol(rx.foreach(state.lines, _line), class_name="guideline-lines"),
            _beginnings(),
        ),
        _new_section(),
        problem_line(state.problem),
        rx.el.div(
            _button(_("Import .md or .docx…"), state.ask("import")),
            _button(_("Compare with what holds"), GuidelinesPage.compare(_holds(), 0)),
            _button(_("Discard the draft"), state.discard),
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
            class_name="link",
            on_click=GuidelineWriting.move_up(line.key),
            aria_label=_("Move “{title}” up", title=line.title),
        ),
        rx.el.button(
            _("Remove"),
            type="button",
            class_name="link",
            on_click=GuidelineWriting.remove(line.key),
            aria_label=_("Remove “{title}” from the draft", title=line.title),
        ),
        key=line.key,
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


def _section_form(section: rx.Var[SectionEdited]) -> rx.Component:
    state = GuidelineWriting
    return rx.el.form(
        field(
            _("Title"),
            rx.el.input(
                name="title",
                default_value=section.title,
                max_length=TITLE_MAX,
                required=True,
                auto_focus=True,
                dir="auto",
            ),
        ),
        field(
            _("What it is about"),
            rx.el.select(
                *named({str(topic): name for topic, name in TOPICS.items()}),
                name="topic",
                default_value=section.topic,
            ),
        ),
        _networks("network_", section.networks, _("Only for these networks")),
        rx.cond(state.agencys.length() > 0, _instead(section)),
        rx.el.div(
            field(
                _("Text, in Markdown"),
                rx.el.textarea(
                    name="text",
                    default_value=section.text,
                    rows="14",
                    max_length=TEXT_MAX,
                    on_change=state.look_at.debounce(_TYPING_MS),
                    dir="auto",
                ),
            ),
            rx.el.section(
                rx.el.h3(_("As it will look")),
                section_text(state.html),
                aria_live="off",
                class_name="guideline-look",
            ),
            class_name="guideline-editor",
        ),
        rx.el.h3(_("Rules")),
        rx.foreach(section.rules, lambda rule: _rule(rule, section)),
        _kinds(),
        problem_line(state.problem),
        rx.el.div(
            rx.el.button(_("Cancel"), type="button", class_name="button", on_click=state.put_back),
            rx.el.button(_("Keep"), type="submit", class_name="button button-primary"),
            class_name="dialog-buttons",
        ),
        on_submit=state.put,
        key=section.key + section.rules.length().to_string(),
        id="guideline-section",
        class_name="guideline-form",
    )


def _instead(section: rx.Var[SectionEdited]) -> rx.Component:
    return field(
        _("Instead of the agency’s"),
        rx.el.select(
            rx.el.option(_("None: it comes beside them"), value=""),
            rx.foreach(
                GuidelineWriting.agencys, lambda one: rx.el.option(one.title, value=one.key)
            ),
            name="instead_of",
            default_value=section.instead_of,
        ),
    )


def _kinds() -> rx.Component:
    """Adding a rule reads the whole form: what is filled in stays."""
    return rx.el.div(
        rx.el.label(
            rx.el.span(_("A rule that checks")),
            rx.el.select(
                *named({str(kind): name for kind, name in RULE_KINDS.items()}),
                name="kind",
            ),
            class_name="field",
        ),
        rx.el.button(
            _("Add the rule"),
            type="button",
            class_name="button",
            on_click=GuidelineWriting.add_rule(_FORM),
        ),
        class_name="row-actions",
    )


_FORM: Final = rx.Var(
    'Object.fromEntries(new FormData(document.getElementById("guideline-section")))',
    _var_type=dict[str, Any],
).to(dict[str, Any])


def _rule(rule: rx.Var[RuleEdited], section: rx.Var[SectionEdited]) -> rx.Component:
    name = rx.Var.create("rule_") + rule.at.to_string() + "_"
    place = section.key + ":" + rule.at.to_string() + ":"
    wrong = GuidelineWriting.problem_at.startswith(place)
    return rx.el.fieldset(
        rx.el.legend(table({str(k): v for k, v in RULE_KINDS.items()})[rule.kind]),
        rx.match(
            rule.kind,
            *(
                (str(kind), rx.fragment(*(_input(one, rule, name, place) for one in forms)))
                for kind, forms in FORMS.items()
            ),
            rx.fragment(),
        ),
        _networks(name + "network_", rule.networks, _("Only on these networks")),
        rx.el.label(
            rx.el.input(type="checkbox", name=name + "blocks", default_checked=rule.blocks),
            rx.el.span(_("Stops the post; else it warns")),
            class_name="check",
        ),
        rx.cond(wrong, problem_line(GuidelineWriting.problem)),
        rx.el.button(
            _("Remove the rule"),
            type="button",
            class_name="link",
            on_click=GuidelineWriting.drop_rule(rule.at, _FORM),
        ),
        key=rule.at,
        class_name="guideline-rule",
        custom_attrs={"data-wrong": wrong},
    )


def _input(
    one: FormField, rule: rx.Var[RuleEdited], name: rx.Var[str], place: rx.Var[str]
) -> rx.Component:
    called = name + one.name
    given = rule.texts[one.name]
    wrong = {"aria-invalid": GuidelineWriting.problem_at == place + one.name}
    match one.input:
        case Input.NUMBER:
            control = rx.el.input(
                type="number",
                name=called,
                default_value=given,
                min=one.least,
                max=one.most,
                custom_attrs=wrong,
            )
        case Input.CHOICE:
            control = rx.el.select(
                *named({choice: RULE_CHOICES[choice] for choice in one.choices}),
                name=called,
                default_value=given,
                custom_attrs=wrong,
            )
        case Input.CLOCK:
            control = rx.el.input(type="time", name=called, default_value=given, custom_attrs=wrong)
        case Input.LINES:
            control = rx.el.textarea(
                name=called,
                default_value=given,
                rows="3",
                max_length=LINES_MAX * (LINE_MAX + 1),
                custom_attrs=wrong,
                dir="auto",
            )
        case Input.SEVERAL:
            return _several(one, rule, called)
    return field(_(one.label), control)


def _several(one: FormField, rule: rx.Var[RuleEdited], called: rx.Var[str]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_(one.label)),
        *(
            _check(called + "." + choice, _choice(choice), rule.several[f"{one.name}.{choice}"])
            for choice in one.choices
        ),
        class_name="checks-row",
    )


def _choice(choice: str) -> rx.Var[str] | str:
    return _(RULE_CHOICES[choice]) if choice in RULE_CHOICES else f"utm_{choice}"


def _networks(
    before: rx.Var[str] | str, chosen: rx.Var[Mapping[str, bool]], label: rx.Var[str]
) -> rx.Component:
    return rx.el.details(
        rx.el.summary(label),
        *(
            _check(rx.Var.create(before) + name, _(called), chosen[name])
            for name, called in NETWORKS.items()
        ),
        class_name="checks-row",
    )


def _check(name: rx.Var[str], label: rx.Var[str] | str, checked: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked),
        rx.el.span(label),
        class_name="check",
    )


def _publish() -> rx.Component:
    state = GuidelineWriting
    return rx.el.form(
        rx.cond(
            state.failing.length() > 0,
            rx.el.section(
                rx.el.p(
                    n_(
                        "{n} open post would not keep it:",
                        "{n} open posts would not keep it:",
                        state.failing.length() + state.more,
                    )
                ),
                rx.el.ul(rx.foreach(state.failing, _failing), class_name="guideline-failing"),
                rx.cond(state.more > 0, rx.el.p(_("And {n} more.", n=state.more))),
            ),
            rx.el.p(_("Every open post keeps it."), class_name="quiet"),
        ),
        field(
            _("What is new in it"),
            rx.el.textarea(name="note", rows="2", max_length=NOTE_MAX, auto_focus=True, dir="auto"),
        ),
        problem_line(state.problem),
        end(_("Publish"), state.close),
        on_submit=state.publish,
        class_name="dialog-form",
    )


def _failing(one: rx.Var[FailingLine]) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.key, href=rx.Var.create("/post/?key=") + one.key),
        " ",
        rx.el.span(one.title, dir="auto"),
        rx.el.p(
            rx.cond(one.blocks, rx.el.strong(_("Stops the post")), rx.el.span(_("Warns"))),
            " ",
            one.section,
            ": ",
            _(one.message_id, one.facts),
            rx.cond(one.more > 0, rx.el.span(" ", _("And {n} more.", n=one.more))),
            class_name="quiet",
        ),
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
        class_name="dialog-form",
    )
