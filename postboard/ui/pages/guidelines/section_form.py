"""One section of a guideline in its form: words, their look, and the rules that check them."""

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from postboard.domain.guideline_rules import FORMS, LINE_MAX, LINES_MAX, FormField, Input
from postboard.domain.guidelines import TEXT_MAX, TITLE_MAX
from postboard.names import RULE_CHOICES, RULE_KINDS, TOPICS
from postboard.ui.components.dialog import problem_line
from postboard.ui.components.filters import named
from postboard.ui.components.form import field
from postboard.ui.components.guideline import section_text
from postboard.ui.components.keep_bar import KeepBar
from postboard.ui.components.markdown_field import MarkdownField
from postboard.ui.labels import NETWORKS
from postboard.ui.pages.guidelines.edited import RuleEdited, SectionEdited
from postboard.ui.pages.guidelines.writing import GuidelineWriting
from postboard.ui.words import _, table


def section_form(section: rx.Var[SectionEdited]) -> rx.Component:
    state = GuidelineWriting
    return rx.el.form(
        rx.el.div(
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
            rx.cond(state.agencys.length() > 0, _instead(section)),
            class_name="guideline-facts",
        ),
        _networks("network_", section.networks, _("Only for these networks")),
        _editor(section),
        rx.el.h2(_("Rules")),
        rx.foreach(section.rules, lambda rule: _rule(rule, section)),
        _kinds(),
        problem_line(state.problem),
        KeepBar.create(
            changed=state.changed,
            kept=state.kept,
            aside=["side", "kind"],
            named="title",
            on_keep=state.keep,
            on_cancel=state.put_back,
        ),
        on_submit=state.put,
        key=section.key + section.rules.length().to_string(),
        id="guideline-section",
        class_name="guideline-form",
    )


def _editor(section: rx.Var[SectionEdited]) -> rx.Component:
    """Writing and its look, side by side; on a phone one at a time."""
    state = GuidelineWriting
    return rx.el.div(
        rx.el.div(
            _side("write", _("Write"), chosen=True),
            _side("look", _("As it will look"), chosen=False),
            role="radiogroup",
            aria_label=_("Text, in Markdown"),
            class_name="guideline-sides",
        ),
        MarkdownField.create(
            name="text",
            value=section.text,
            max_length=TEXT_MAX,
            pictures=state.has_library,
            picture=state.picture,
            on_text=state.look_at,
            on_pictures=state.ask("picture"),
        ),
        rx.el.section(
            rx.el.h2(_("As it will look")),
            section_text(state.html),
            aria_live="off",
            # It scrolls: the keyboard has to reach it.
            tab_index=0,
            aria_label=_("As it will look"),
            class_name="guideline-look",
        ),
        class_name="guideline-editor",
    )


def _side(name: str, label: rx.Var[str], *, chosen: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="side", value=name, default_checked=chosen),
        rx.el.span(label),
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
        class_name="row-actions guideline-kinds",
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
        # A fold lays out nothing itself.
        rx.el.div(
            *(
                _check(rx.Var.create(before) + name, _(called), chosen[name])
                for name, called in NETWORKS.items()
            ),
            class_name="checks-row",
        ),
        class_name="guideline-networks",
    )


def _check(name: rx.Var[str], label: rx.Var[str] | str, checked: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked),
        rx.el.span(label),
        class_name="check",
    )
