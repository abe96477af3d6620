"""A section and its rules as their form shows them, and as it sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput
from postboard.domain.guideline_rules import FORMS, GuidelineRule, Input, RuleKind, Value
from postboard.domain.guidelines import Section, Topic
from postboard.domain.rules import Severity
from postboard.ui.given import chosen_networks, text_in


@dataclass(frozen=True)
class RuleEdited:
    """A rule in its form: `texts` as its fields have them, `several` by `name.choice`."""

    at: int
    kind: str
    blocks: bool
    networks: dict[str, bool]
    texts: dict[str, str]
    several: dict[str, bool]


@dataclass(frozen=True)
class SectionEdited:
    key: str
    topic: str
    title: str
    text: str
    networks: dict[str, bool]
    instead_of: str
    rules: list[RuleEdited] = field(default_factory=list[RuleEdited])


@dataclass(frozen=True)
class SectionLine:
    key: str
    title: str
    topic: str
    rules: int


def line(section: Section) -> SectionLine:
    return SectionLine(section.key, section.title, section.topic, len(section.rules))


def edited(section: Section) -> SectionEdited:
    return SectionEdited(
        section.key,
        section.topic,
        section.title,
        section.text,
        {name: name in section.networks for name in NETWORKS},
        section.instead_of,
        [_rule(at, one) for at, one in enumerate(section.rules)],
    )


def section_in(form: Mapping[str, Any], shown: SectionEdited) -> Section:
    """What the form of a section says, not yet checked."""
    topic = text_in(form, "topic")
    if topic not in set(Topic):
        raise BadInput
    return Section(
        shown.key,
        Topic(topic),
        text_in(form, "title"),
        text_in(form, "text"),
        chosen_networks(form),
        tuple(rule_in(form, one) for one in shown.rules),
        text_in(form, "instead_of"),
    )


def _rule(at: int, rule: GuidelineRule) -> RuleEdited:
    forms = FORMS[rule.kind]
    texts = {one.name: _as_text(rule.values.get(one.name, one.usual)) for one in forms}
    several = {
        f"{one.name}.{choice}": choice in rule.lines(one.name)
        for one in forms
        if one.input is Input.SEVERAL
        for choice in one.choices
    }
    networks = {name: name in rule.networks for name in NETWORKS}
    return RuleEdited(at, rule.kind, rule.severity is Severity.BLOCKS, networks, texts, several)


def _as_text(value: Value) -> str:
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def rule_in(form: Mapping[str, Any], rule: RuleEdited) -> GuidelineRule:
    """A rule's fields are called `rule_<number>_<field>`."""
    name = f"rule_{rule.at}_"
    values: dict[str, Value] = {}
    for one in FORMS[RuleKind(rule.kind)]:
        if one.input is Input.SEVERAL:
            chosen = [it for it in one.choices if form.get(f"{name}{one.name}.{it}")]
            values[one.name] = tuple(chosen)
        else:
            values[one.name] = text_in(form, name + one.name)
    severity = Severity.BLOCKS if form.get(f"{name}blocks") else Severity.WARNS
    networks = tuple(it for it in NETWORKS if form.get(f"{name}network_{it}"))
    return GuidelineRule(RuleKind(rule.kind), severity, networks, values)


def usual(kind: RuleKind) -> dict[str, Value]:
    return {one.name: one.usual for one in FORMS[kind] if one.usual}
