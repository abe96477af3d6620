"""What the forms of a guideline say, and that its pages compile."""

from postboard.domain.guideline_rules import FORMS, GuidelineRule, Input, RuleKind
from postboard.domain.guidelines import Section, Topic
from postboard.domain.rules import Severity
from postboard.names import RULE_CHOICES, RULE_KINDS, TOPICS, WORKS
from postboard.ui.pages.guidelines.edited import edited, rule_in
from postboard.ui.pages.guidelines.page import page
from postboard.ui.pages.post.page import page as post_page

EVERY = [
    GuidelineRule(RuleKind.LENGTH, Severity.BLOCKS, ("x",), {"min": 3, "max": 9}),
    GuidelineRule(RuleKind.REQUIRED, values={"words": ("#acme", "buns"), "how": "one"}),
    GuidelineRule(RuleKind.LINK, values={"link": "free", "utm": ("source", "medium")}),
    GuidelineRule(RuleKind.HOURS, values={"days": ("mon",), "from": "09:00", "until": "18:00"}),
]


def sent(rules: tuple[GuidelineRule, ...]) -> dict[str, str]:
    """What a browser sends of the form as it was shown: boxes only where they are ticked."""
    form: dict[str, str] = {}
    for rule in edited(Section("a", Topic.TONE, "A", rules=rules)).rules:
        before = f"rule_{rule.at}_"
        form |= {f"{before}{name}": text for name, text in rule.texts.items()}
        form |= {f"{before}{name}": "on" for name, ticked in rule.several.items() if ticked}
        form |= {f"{before}network_{name}": "on" for name, on in rule.networks.items() if on}
        form |= {f"{before}blocks": "on"} if rule.blocks else {}
    return form


def test_a_rule_comes_back_from_its_form_as_it_went_in() -> None:
    form = sent(tuple(EVERY))
    shown = edited(Section("a", Topic.TONE, "A", rules=tuple(EVERY)))
    assert [rule_in(form, one).checked() for one in shown.rules] == EVERY


def test_every_topic_kind_and_choice_has_its_words() -> None:
    choices = {
        choice
        for forms in FORMS.values()
        for one in forms
        for choice in one.choices
        if one.name != "utm"
    }
    assert choices <= set(RULE_CHOICES)
    assert set(RULE_KINDS) == set(FORMS) == set(RuleKind)
    assert set(TOPICS) == set(Topic)
    assert len(WORKS) == 5
    assert {one.input for forms in FORMS.values() for one in forms} == set(Input)


def test_the_pages_compile() -> None:
    assert "guideline-open" in str(page().render())
    assert "beside-panel" in str(post_page().render())
