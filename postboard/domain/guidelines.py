"""Guidelines: the agency's, and each client's that builds on it.

A guideline is a list of sections; a client's own one may stand instead of one of the agency's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from postboard.domain.content import NETWORKS, clean
from postboard.domain.differences import Mark, Segment, segments
from postboard.domain.errors import BadInput, Refused
from postboard.domain.guideline_clashes import Placed, refuse_contradictions
from postboard.domain.guideline_rules import AtField, GuidelineRule
from postboard.domain.guideline_words import folded
from postboard.domain.markdown import plain
from postboard.domain.permissions import Role
from postboard.domain.planning import LeadStep

SECTIONS_MAX: Final = 60
RULES_MAX: Final = 20
RULES_WHOLE_MAX: Final = 200
ENTRIES_WHOLE_MAX: Final = 1200
"""Words and other lines of all rules: each is looked for in every post, and in every other rule."""
TITLE_MAX: Final = 120
TEXT_MAX: Final = 20_000
WHOLE_MAX: Final = 300_000
KEY_MAX: Final = 32
NOTE_MAX: Final = 500


class Topic(StrEnum):
    """What a section is about; each is ready to be filled in."""

    BRAND = "brand"
    TONE = "tone"
    LENGTH = "length"
    GRAPHICS = "graphics"
    LINKS = "links"
    LEGAL = "legal"
    DEADLINES = "deadlines"
    RESPONSE = "response"
    REPORT = "report"
    OTHER = "other"


class Work(StrEnum):
    """What somebody is at, so that the right sections stand beside it."""

    WRITING = "writing"
    PICTURES = "pictures"
    PLANNING = "planning"
    REVIEWING = "reviewing"
    REPORTING = "reporting"


WORKS: Final[Mapping[Topic, frozenset[Work]]] = {
    Topic.BRAND: frozenset({Work.WRITING, Work.PICTURES, Work.REVIEWING}),
    Topic.TONE: frozenset({Work.WRITING, Work.REVIEWING}),
    Topic.LENGTH: frozenset({Work.WRITING}),
    Topic.GRAPHICS: frozenset({Work.PICTURES, Work.REVIEWING}),
    Topic.LINKS: frozenset({Work.WRITING}),
    Topic.LEGAL: frozenset({Work.WRITING, Work.PICTURES, Work.REVIEWING}),
    Topic.DEADLINES: frozenset({Work.PLANNING}),
    Topic.RESPONSE: frozenset({Work.REVIEWING, Work.PLANNING}),
    Topic.REPORT: frozenset({Work.REPORTING}),
    Topic.OTHER: frozenset(),
}
WORK_OF_STEP: Final[Mapping[LeadStep, Work]] = {
    LeadStep.COPY: Work.WRITING,
    LeadStep.DESIGN: Work.PICTURES,
    LeadStep.INTERNAL_REVIEW: Work.REVIEWING,
    LeadStep.REWORK: Work.WRITING,
    LeadStep.CLIENT_REVIEW: Work.REVIEWING,
    LeadStep.BUFFER: Work.PLANNING,
}
WORK_OF_ROLE: Final[Mapping[Role, Work]] = {
    Role.COPYWRITER: Work.WRITING,
    Role.DESIGNER: Work.PICTURES,
    Role.ART_DIRECTOR: Work.REVIEWING,
    Role.CONTENT_MANAGER: Work.WRITING,
    Role.ACCOUNT_MANAGER: Work.PLANNING,
    Role.MANAGER: Work.PLANNING,
    Role.ADMIN: Work.PLANNING,
}
"""What somebody is at who has no task on a post."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a guideline; `key` stays while its words change.

    Without networks it is for all of them. `instead_of` is the key of the agency's section whose
    place it takes.
    """

    key: str
    topic: Topic
    title: str
    text: str = ""
    networks: tuple[str, ...] = ()
    rules: tuple[GuidelineRule, ...] = ()
    instead_of: str = ""

    def checked(self) -> "Section":
        """Raises:
        AtField: something in it does not fit.
        """
        if not _is_key(self.key):
            raise AtField(at="key")
        if self.instead_of and not _is_key(self.instead_of):
            raise AtField(at="instead_of")
        title = _clean_at("title", self.title, TITLE_MAX)
        if not title:
            raise AtField("A section needs a title.", at="title")
        for name in self.networks:
            if name not in NETWORKS:
                raise AtField("There is no network called “{name}”.", at="networks", name=name[:40])
        if len(self.rules) > RULES_MAX:
            raise AtField("A section takes at most {limit} rules.", at="rules", limit=RULES_MAX)
        return replace(
            self,
            title=title,
            text=_clean_at("text", self.text, TEXT_MAX, many_lines=True),
            networks=tuple(name for name in NETWORKS if name in self.networks),
            rules=tuple(self._checked_rules()),
        )

    def placed_rules(self, *, of_agency: bool = False) -> Iterator[Placed]:
        for index, rule in enumerate(self.rules):
            held = rule if rule.networks else replace(rule, networks=self.networks)
            yield Placed(f"{self.key}:{index}", self.title, held, of_agency=of_agency)

    def _checked_rules(self) -> Iterator[GuidelineRule]:
        for index, rule in enumerate(self.rules):
            try:
                yield rule.checked()
            except AtField as refused:
                raise refused.within(str(index)) from refused


@dataclass(frozen=True, slots=True)
class Guideline:
    """What is written, of the agency or of one client."""

    sections: tuple[Section, ...] = ()

    def checked(self, agency: "Guideline | None" = None) -> "Guideline":
        """The same, cleaned and free of contradictions.

        `agency` is what a client's guideline builds on.

        Raises:
            AtField: something does not fit, or two rules cannot both be kept.
        """
        if len(self.sections) > SECTIONS_MAX:
            raise BadInput("A guideline takes at most {limit} sections.", limit=SECTIONS_MAX)
        if len({one.key for one in self.sections}) < len(self.sections):
            raise BadInput
        own = Guideline(tuple(_checked_section(one) for one in self.sections))
        if sum(len(one.text) for one in own.sections) > WHOLE_MAX:
            raise BadInput("A guideline takes at most {limit} characters.", limit=WHOLE_MAX)
        _refuse_too_many_rules(own)
        refuse_contradictions(
            [
                placed
                for section, of_agency in together(agency or Guideline(), own)
                for placed in section.placed_rules(of_agency=of_agency)
            ]
        )
        return own


def together(agency: Guideline, own: Guideline) -> list[tuple[Section, bool]]:
    """What holds for a client: each section, and whether it is the agency's."""
    replaced = {one.instead_of: one for one in own.sections if one.instead_of}
    known = {one.key for one in agency.sections}
    shared = [(replaced.get(one.key, one), one.key not in replaced) for one in agency.sections]
    return [*shared, *((one, False) for one in own.sections if one.instead_of not in known)]


def beside(sections: Iterable[Section], networks: Sequence[str], work: Work) -> list[Section]:
    """Those that matter for this work on these networks; on no network yet, those for all."""
    return [
        one
        for one in sections
        if work in WORKS[one.topic]
        and (not one.networks or bool({*one.networks} & {*networks}))
        and (one.text or one.rules)
    ]


def rank(section: Section, names: Sequence[str], query: str) -> int:
    """How well it answers: 0 is not at all. `names` are what its topic is called in each language.

    Every word of the query has to stand somewhere; Chinese is found inside its sentences.
    """
    wanted = folded(query).split()
    title, topic = folded(section.title), folded(" ".join(names))
    text = folded(plain(section.text))
    if not wanted or not all(one in title or one in topic or one in text for one in wanted):
        return 0
    return 1 + sum(4 * (one in title) + 2 * (one in topic) for one in wanted)


def excerpt(text: str, query: str, around: int = 60) -> str:
    """The first place in a section's words where one of the query's stands."""
    words = plain(text)
    # Case alone: wider folding would move the places.
    low = words.lower()
    places = [low.find(one) for one in query.lower().split()]
    at = min((one for one in places if one >= 0), default=0)
    start, end = max(0, at - around), at + around * 2
    # Where there are spaces, no word is cut in two.
    if start:
        start = words.find(" ", start, at) + 1 or start
    if end < len(words):
        end = words.rfind(" ", at + around, end) + 1 or end
    cut = words[start:end].strip()
    return ("… " if start else "") + cut + (" …" if end < len(words) else "")


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that came, went, or reads or checks otherwise."""

    key: str
    title: str
    mark: Mark | None
    """ADDED, REMOVED or, where it only changed, None."""
    segments: tuple[Segment, ...]
    rules_added: tuple[GuidelineRule, ...] = ()
    rules_removed: tuple[GuidelineRule, ...] = ()


def changes(before: Guideline, after: Guideline) -> list[SectionChange]:
    """In the order of the newer one; what went comes last."""
    old = {one.key: one for one in before.sections}
    new = {one.key: one for one in after.sections}
    found = [_change(old.get(key), one) for key, one in new.items() if old.get(key) != one]
    gone = [_gone(one) for key, one in old.items() if key not in new]
    return [*found, *gone]


def _change(old: Section | None, new: Section) -> SectionChange:
    before = old or Section(new.key, new.topic, "")
    added = tuple(one for one in new.rules if one not in before.rules)
    removed = tuple(one for one in before.rules if one not in new.rules)
    mark = None if old else Mark.ADDED
    return SectionChange(new.key, new.title, mark, segments(_read(old), _read(new)), added, removed)


def _gone(old: Section) -> SectionChange:
    told = segments(_read(old), "")
    return SectionChange(old.key, old.title, Mark.REMOVED, told, (), old.rules)


def _read(section: Section | None) -> str:
    return f"{section.title}\n\n{section.text}" if section else ""


_GUIDELINE: Final = TypeAdapter(Guideline)


def guideline_as_json(guideline: Guideline) -> dict[str, Any]:
    """Plain JSON; `guideline_from_json` reads it back."""
    return _GUIDELINE.dump_python(guideline, mode="json")


def guideline_from_json(stored: object) -> Guideline:
    """Raises:
    BadInput: it is not of that shape.
    """
    try:
        return _GUIDELINE.validate_python(stored)
    except (ValidationError, RecursionError) as wrong:
        raise BadInput("This is not a guideline that Postboard wrote.") from wrong


def _refuse_too_many_rules(guideline: Guideline) -> None:
    rules = [rule for section in guideline.sections for rule in section.rules]
    if len(rules) > RULES_WHOLE_MAX:
        raise BadInput("A guideline takes at most {limit} rules.", limit=RULES_WHOLE_MAX)
    values = (value for rule in rules for value in rule.values.values())
    if sum(len(value) for value in values if isinstance(value, tuple)) > ENTRIES_WHOLE_MAX:
        raise BadInput(
            "The rules of a guideline take at most {limit} words and other lines.",
            limit=ENTRIES_WHOLE_MAX,
        )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= KEY_MAX


def _checked_section(section: Section) -> Section:
    try:
        return section.checked()
    except AtField as refused:
        raise refused.within(section.key) from refused


def _clean_at(place: str, text: str, limit: int, *, many_lines: bool = False) -> str:
    try:
        return clean(text, limit, many_lines=many_lines)
    except Refused as refused:
        raise AtField(refused.message_id, at=place, **refused.facts) from refused
