"""The rules that a section of a guideline can carry: a small fixed set, each filled in by a form.

Each kind is a row of `FORMS`: its fields are what the form shows and all that `checked` lets in.
What a rule finds in a post is the business of `guideline_checks`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, cast
from urllib.parse import urlsplit

from postboard.domain.content import NETWORKS, clean
from postboard.domain.errors import BadInput, Refused
from postboard.domain.rules import Severity
from postboard.locale.languages import N_, MessageId

LINES_MAX: Final = 60
LINE_MAX: Final = 120
WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UTM: Final = ("source", "medium", "campaign", "term", "content")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_RATIO: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?):([0-9]{1,4}(?:\.[0-9]{1,3})?)", re.ASCII)
_HOST: Final = re.compile(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w]{2,24}")


class RuleKind(StrEnum):
    LENGTH = "length"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    DISCLOSURE = "disclosure"
    EMOJI = "emoji"
    READING = "reading"
    TONE = "tone"
    LINK = "link"
    IMAGE_RATIO = "image_ratio"
    IMAGE_SIZE = "image_size"
    ALT = "alt"
    HOURS = "hours"
    LEAD = "lead"


class Input(StrEnum):
    """How a field is filled in, and what its value is."""

    NUMBER = "number"
    """A whole number, or nothing."""
    CHOICE = "choice"
    """One of `choices`."""
    SEVERAL = "several"
    """Some of `choices`."""
    LINES = "lines"
    """One entry a line."""
    CLOCK = "clock"
    """Like 09:30."""


Value = int | str | tuple[str, ...]


class AtField(BadInput):
    """A refusal that knows its place: the name of a field, the number of a rule and the key of a
    section in front of it once they are known.
    """

    def __init__(self, sentence: str | None = None, /, *, at: str, **facts: object) -> None:
        self.place = at
        super().__init__(sentence, **facts)

    def within(self, outer: str) -> "AtField":
        return AtField(self.message_id, at=f"{outer}:{self.place}", **self.facts)


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    input: Input
    label: MessageId
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    usual: Value = ""


@dataclass(frozen=True, slots=True)
class GuidelineRule:
    """One rule; without networks it holds wherever its section does.

    `values` are by the names of its form's fields; what is not filled in is not there.
    """

    kind: RuleKind
    severity: Severity = Severity.WARNS
    networks: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def lines(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def checked(self) -> "GuidelineRule":
        """The same, cleaned and whole.

        Raises:
            AtField: a field does not fit, or two of them contradict each other.
        """
        for name in self.networks:
            if name not in NETWORKS:
                raise AtField("There is no network called “{name}”.", at="networks", name=name[:40])
        values: dict[str, Value] = {}
        for form in FORMS[self.kind]:
            try:
                value = _READ[form.input](form, self.values.get(form.name, ""))
            except AtField:
                raise
            except Refused as refused:
                raise AtField(refused.message_id, at=form.name, **refused.facts) from refused
            if value not in ("", ()):
                values[form.name] = value
        own = tuple(name for name in NETWORKS if name in self.networks)
        rule = replace(self, networks=own, values=values)
        _WHOLE[self.kind](rule)
        return rule


def ratio_of(text: str) -> float:
    """Width by height of a proportion like 4:5."""
    wide, high = text.split(":")
    return float(wide) / float(high)


def tone_of(line: str) -> tuple[str, str]:
    """A word to avoid and what to say instead (empty: nothing is offered)."""
    word, _, instead = line.partition("=>")
    return word.strip(), instead.strip()


def _number(form: FormField, value: object) -> Value:
    if value in ("", None):
        return ""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise AtField("Write a whole number here.", at=form.name)
    if not form.least <= value <= form.most:
        raise AtField(
            "Write a number from {least} to {most} here.",
            at=form.name,
            least=form.least,
            most=form.most,
        )
    return value


def _choice(form: FormField, value: object) -> Value:
    chosen = value or form.usual
    if chosen not in form.choices:
        raise AtField(at=form.name)
    return str(chosen)


def _several(form: FormField, value: object) -> Value:
    given = _listed(form, value)
    if any(one not in form.choices for one in given):
        raise AtField(at=form.name)
    return tuple(one for one in form.choices if one in given)


def _lines(form: FormField, value: object) -> Value:
    cleaned = [clean(one, LINE_MAX) for one in _listed(form, value)]
    lines = tuple(dict.fromkeys(one for one in cleaned if one))
    if len(lines) > LINES_MAX:
        raise AtField("At most {limit} of them fit here.", at=form.name, limit=LINES_MAX)
    return lines


def _clock(form: FormField, value: object) -> Value:
    text = str(value).strip()
    if text and not _CLOCK.fullmatch(text):
        raise AtField("Write a time like 09:30 here.", at=form.name)
    return text


def _listed(form: FormField, value: object) -> tuple[str, ...]:
    """From the form's text, one a line, or from a list."""
    if isinstance(value, str):
        return tuple(value.splitlines())
    if isinstance(value, tuple):
        return cast("tuple[str, ...]", value)
    raise AtField(at=form.name)


_READ: Final[Mapping[Input, Callable[[FormField, object], Value]]] = {
    Input.NUMBER: _number,
    Input.CHOICE: _choice,
    Input.SEVERAL: _several,
    Input.LINES: _lines,
    Input.CLOCK: _clock,
}


def _whole_range(rule: GuidelineRule) -> None:
    least, most = rule.number("min"), rule.number("max")
    if least is None and most is None:
        raise AtField("Write at least one of the two numbers.", at="max")
    if least is not None and most is not None and least > most:
        raise AtField(
            "The most is less than the least: {most} and {least}.", at="max", **_two(rule)
        )


def _two(rule: GuidelineRule) -> dict[str, object]:
    return {"most": rule.number("max"), "least": rule.number("min")}


def _whole_words(rule: GuidelineRule) -> None:
    if not rule.lines("words"):
        raise AtField("Write at least one word, one a line.", at="words")


def _whole_emoji(rule: GuidelineRule) -> None:
    if rule.number("max") is None:
        raise AtField("Write how many emoji are fine; 0 is none.", at="max")


def _whole_reading(rule: GuidelineRule) -> None:
    if rule.number("lix") is None and rule.number("sentence") is None:
        raise AtField("Write at least one of the two numbers.", at="lix")


def _whole_tone(rule: GuidelineRule) -> None:
    _whole_words(rule)
    for line in rule.lines("words"):
        word, instead = tone_of(line)
        if not word:
            raise AtField("In “{line}” the word to avoid is missing.", at="words", line=line)
        if word.casefold() == instead.casefold():
            raise AtField("“{word}” cannot be said instead of itself.", at="words", word=word)


def _whole_link(rule: GuidelineRule) -> None:
    for host in rule.lines("hosts"):
        if not _HOST.fullmatch(host):
            wanted = urlsplit(host).hostname if "//" in host else ""
            raise AtField(
                "Write the site alone, like {example}; “{host}” is none.",
                at="hosts",
                example=wanted or "acme.com",
                host=host,
            )
    asks = rule.lines("hosts") or rule.lines("utm")
    if rule.text("link") == "refused" and asks:
        place = "hosts" if rule.lines("hosts") else "utm"
        raise AtField("A post that takes no link has none to ask more of.", at=place)
    if rule.text("link") == "free" and not asks:
        raise AtField("Choose what the rule asks of a link.", at="link")


def _whole_ratios(rule: GuidelineRule) -> None:
    if not rule.lines("ratios"):
        raise AtField("Write at least one proportion, like 4:5.", at="ratios")
    for one in rule.lines("ratios"):
        if not _RATIO.fullmatch(one) or not all(float(side) for side in one.split(":")):
            raise AtField("Write proportions like 4:5; “{ratio}” is none.", at="ratios", ratio=one)


def _whole_size(rule: GuidelineRule) -> None:
    if all(rule.number(name) is None for name in ("width", "height", "megabytes")):
        raise AtField("Write at least one of the numbers.", at="width")


def _whole_hours(rule: GuidelineRule) -> None:
    start, end = rule.text("from"), rule.text("until")
    if bool(start) != bool(end):
        raise AtField("Write both times, or neither.", at="from" if end else "until")
    if start and start >= end:
        raise AtField("The last time lies before the first.", at="until")
    if not start and not rule.lines("days"):
        raise AtField("Choose days, times, or both.", at="days")


def _whole_lead(rule: GuidelineRule) -> None:
    if rule.number("hours") is None:
        raise AtField("Write how many hours ahead, at least.", at="hours")


_WHOLE: Final[Mapping[RuleKind, Callable[[GuidelineRule], None]]] = {
    RuleKind.LENGTH: _whole_range,
    RuleKind.REQUIRED: _whole_words,
    RuleKind.FORBIDDEN: _whole_words,
    RuleKind.DISCLOSURE: _whole_words,
    RuleKind.EMOJI: _whole_emoji,
    RuleKind.READING: _whole_reading,
    RuleKind.TONE: _whole_tone,
    RuleKind.LINK: _whole_link,
    RuleKind.IMAGE_RATIO: _whole_ratios,
    RuleKind.IMAGE_SIZE: _whole_size,
    RuleKind.ALT: _whole_range,
    RuleKind.HOURS: _whole_hours,
    RuleKind.LEAD: _whole_lead,
}

_I = Input
_WORDS: Final = FormField("words", _I.LINES, N_("Words or #hashtags, one a line"))
FORMS: Final[Mapping[RuleKind, tuple[FormField, ...]]] = {
    RuleKind.LENGTH: (
        FormField("min", _I.NUMBER, N_("Characters at least"), 1, 60_000),
        FormField("max", _I.NUMBER, N_("Characters at most"), 1, 60_000),
    ),
    RuleKind.REQUIRED: (
        _WORDS,
        FormField("how", _I.CHOICE, N_("How many of them"), choices=("all", "one"), usual="all"),
    ),
    RuleKind.FORBIDDEN: (_WORDS,),
    RuleKind.DISCLOSURE: (
        FormField("words", _I.LINES, N_("What it may say, one a line")),
        FormField("when", _I.CHOICE, N_("Of which posts"), choices=("all", "ads"), usual="all"),
        FormField("within", _I.NUMBER, N_("Within the first characters"), 1, 60_000),
    ),
    RuleKind.EMOJI: (FormField("max", _I.NUMBER, N_("Emoji at most"), 0, 1000),),
    RuleKind.READING: (
        FormField("lix", _I.NUMBER, N_("LIX at most (30 is easy, 50 is hard)"), 15, 80),
        FormField("sentence", _I.NUMBER, N_("Chinese characters a sentence, at most"), 8, 300),
    ),
    RuleKind.TONE: (
        FormField("words", _I.LINES, N_("Words to avoid, one a line; “cheap => good value”")),
    ),
    RuleKind.LINK: (
        FormField(
            "link",
            _I.CHOICE,
            N_("A link"),
            choices=("free", "required", "refused"),
            usual="free",
        ),
        FormField("hosts", _I.LINES, N_("Leads only to these sites, one a line")),
        FormField("utm", _I.SEVERAL, N_("With these UTM parameters"), choices=UTM),
    ),
    RuleKind.IMAGE_RATIO: (FormField("ratios", _I.LINES, N_("Proportions, like 4:5, one a line")),),
    RuleKind.IMAGE_SIZE: (
        FormField("width", _I.NUMBER, N_("Pixels wide at least"), 1, 20_000),
        FormField("height", _I.NUMBER, N_("Pixels high at least"), 1, 20_000),
        FormField("megabytes", _I.NUMBER, N_("Megabytes at most"), 1, 1000),
    ),
    RuleKind.ALT: (
        FormField("min", _I.NUMBER, N_("Characters at least"), 1, 4000),
        FormField("max", _I.NUMBER, N_("Characters at most"), 1, 4000),
    ),
    RuleKind.HOURS: (
        FormField("days", _I.SEVERAL, N_("Only on these days"), choices=WEEK),
        FormField("from", _I.CLOCK, N_("From")),
        FormField("until", _I.CLOCK, N_("Until")),
    ),
    RuleKind.LEAD: (FormField("hours", _I.NUMBER, N_("Hours ahead at least"), 1, 2000),),
}
