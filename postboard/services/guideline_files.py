"""Guidelines in and out of files, and ready ones to begin with."""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.db.queries import guidelines as query
from postboard.domain.errors import BadInput
from postboard.domain.guideline_rules import FORMS, FormField, GuidelineRule, Input
from postboard.domain.guideline_start import ready
from postboard.domain.guidelines import Guideline, Section, guideline_as_json
from postboard.domain.markdown import outline
from postboard.domain.permissions import Actor
from postboard.locale import LANGUAGES, N_, Language, Text, format_day, text
from postboard.names import NETWORKS, RULE_CHOICES, RULE_KINDS, RULE_PHRASES, SEVERITIES
from postboard.services import guidelines

TITLE: Final = N_("{name}: guideline")
AGENCYS_TITLE: Final = N_("The agency’s guideline")
VERSION: Final = N_("Version {number}, published on {day} by {who}")
RULE: Final = N_("**{kind}:** {asked}")
DRAFT: Final = N_("Draft, not published")
DEEPEST: Final = 6
_BELOW: Final = 2
"""The title and the sections have the first two levels of headings."""


def bring_in(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    read: Guideline,
    *,
    version: int,
    now: datetime,
) -> int:
    """What a file says, at the end of the draft; a section that is there already is replaced.

    Returns and raises:
        As `guidelines.write`.
    """
    draft = query.draft(session, client_id).guideline
    known = {one.key for one in draft.sections}
    fresh = tuple(one for one in read.sections if one.key not in known)
    again = {one.key: one for one in read.sections}
    whole = Guideline((*(again.get(one.key, one) for one in draft.sections), *fresh))
    return guidelines.write(session, actor, client_id, whole, version=version, now=now)


def begin(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    language: str,
    *,
    version: int,
    now: datetime,
) -> int:
    """A draft with the ready sections of that language.

    Raises:
        As `guidelines.write`; BadInput: something was written already.
    """
    if language not in LANGUAGES:
        raise BadInput
    if query.draft(session, client_id).guideline.sections:
        raise BadInput("Something is written here already: ready sections are a beginning.")
    start = ready(language, for_client=client_id is not None)
    return guidelines.write(session, actor, client_id, start, version=version, now=now)


def as_json(
    session: Session, actor: Actor, client_id: UUID | None, number: int | None = None
) -> dict[str, Any]:
    """All of a version (None: of the draft); it comes in again as it went out.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    name = query.find_owner(session, actor, client_id)
    guideline, told = _found(session, client_id, number)
    head = {
        "client": name,
        "version": number,
        "published_at": told.published_at.isoformat() if told else None,
        "published_by": told.who if told else None,
    }
    return head | guideline_as_json(guideline)


def as_markdown(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    number: int | None = None,
    language: Language = "en",
) -> str:
    """To be read anywhere; the rules stand below their sections, in words.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    words = text(language)
    name = query.find_owner(session, actor, client_id)
    guideline, told = _found(session, client_id, number)
    title = words.gettext(TITLE, name=name) if name else words.gettext(AGENCYS_TITLE)
    when = words.gettext(DRAFT)
    if told:
        day = format_day(told.published_at.date(), language)
        when = words.gettext(VERSION, number=told.number, day=day, who=told.who)
    parts = [f"# {title}", when, *(_section(one, words) for one in guideline.sections)]
    return "\n\n".join(parts) + "\n"


def in_words(rule: GuidelineRule, words: Text) -> str:
    """One rule as a line: its kind, what it asks, whether it stops, and where."""
    asked = [
        _phrase(rule, form, words)
        for form in FORMS[rule.kind]
        if form.name in rule.values and not _goes_without_saying(form, rule)
    ]
    where = ", ".join(words.gettext(NETWORKS[name]) for name in rule.networks)
    severity = words.gettext(SEVERITIES[rule.severity])
    told = " · ".join([*asked, severity, *([where] if where else [])])
    return words.gettext(RULE, kind=words.gettext(RULE_KINDS[rule.kind]), asked=told)


def _found(
    session: Session, client_id: UUID | None, number: int | None
) -> tuple[Guideline, query.Version | None]:
    if number is None:
        return query.draft(session, client_id).guideline, None
    guideline = query.version(session, client_id, number)
    told = (one for one in query.versions(session, client_id) if one.number == number)
    return guideline, next(told, None)


def _section(section: Section, words: Text) -> str:
    networks = ", ".join(words.gettext(NETWORKS[name]) for name in section.networks)
    parts = [
        f"## {section.title}",
        f"*{networks}*" if networks else "",
        _lowered(section.text),
        "\n".join(f"- {in_words(rule, words)}" for rule in section.rules),
    ]
    return "\n\n".join(part for part in parts if part)


def _lowered(markdown: str) -> str:
    """With its headings below those of the document."""
    lines = markdown.split("\n")
    for one in reversed(outline(markdown)):
        level = min(DEEPEST, one.depth + _BELOW)
        lines[one.line : one.end] = [f"{'#' * level} {one.words}"]
    return "\n".join(lines)


def _phrase(rule: GuidelineRule, form: FormField, words: Text) -> str:
    value = _value(rule.values[form.name], words)
    phrase = RULE_PHRASES.get(f"{rule.kind}.{form.name}") or RULE_PHRASES.get(form.name)
    return words.gettext(phrase, value=value) if phrase else value


def _goes_without_saying(form: FormField, rule: GuidelineRule) -> bool:
    return form.input is Input.CHOICE and rule.values[form.name] == form.usual


def _value(value: object, words: Text) -> str:
    entries = cast("tuple[str, ...]", value) if isinstance(value, tuple) else (str(value),)
    return " / ".join(
        words.gettext(RULE_CHOICES[one]) if one in RULE_CHOICES else one for one in entries
    )
