"""Keeps the catalogues in step with the sources, and says what is wrong with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from postboard.locale.catalogue import HERE, forms, po_path, read_po
from postboard.locale.extraction import NotLiteral, Sentence, sentences
from postboard.locale.languages import LANGUAGES, SOURCE, Language
from postboard.locale.typography import holes, typing_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

POT: Final = HERE / "postboard.pot"
PACKAGE: Final = HERE.parent
TRANSLATED: Final[tuple[Language, ...]] = tuple(one for one in LANGUAGES if one != SOURCE)


def update() -> None:
    """Write the .pot from the sources and bring each .po in line; new entries are left empty."""
    used = _used(PACKAGE)
    _write(POT, _template(used))
    for language in TRANSLATED:
        path = po_path(language)
        catalog = read_po(path) if path.exists() else _catalog(language.replace("-", "_"))
        # A guessed translation is worse than a missing one: the missing one is noticed.
        catalog.update(_template(used), no_fuzzy_matching=True, update_creation_date=False)
        _write(path, catalog)


def check() -> list[str]:
    """What is wrong, one line each; empty when every language is complete."""
    found = sentences(PACKAGE)
    lost = [
        f"{one.place}: the sentence is not a literal"
        for one in found
        if isinstance(one, NotLiteral)
    ]
    used = {one.one: one for one in found if isinstance(one, Sentence)}
    return lost + [
        line
        for language in TRANSLATED
        for line in faults(language, read_po(po_path(language)), used)
    ]


def faults(language: Language, catalog: Catalog, used: Mapping[str, Sentence]) -> list[str]:
    """What one language lacks, or has too much, or has wrong."""
    entries = {forms(message.id)[0]: message for message in catalog if message.id}
    missing = [
        f'{language}: missing "{one}" ({used[one].place})' for one in used if one not in entries
    ]
    unused = [f'{language}: unused "{one}"' for one in entries if one not in used]
    unused += [f'{language}: obsolete "{forms(key)[0]}"' for key in catalog.obsolete]
    wrong = [
        f'{language}: {fault} in "{one}"'
        for one, message in entries.items()
        for fault in _faults(message)
    ]
    return missing + unused + wrong


def browser_catalogue(language: Language) -> dict[str, str | list[str]]:
    """What the interface looks up: English text to the language's text, or forms of a plural."""
    entries = {forms(message.id)[0]: message for message in read_po(po_path(language))}
    catalogue: dict[str, str | list[str]] = {}
    for sentence in _used(PACKAGE):
        if not sentence.in_browser or sentence.one not in entries:
            continue
        found = forms(entries[sentence.one].string)
        if all(found):
            catalogue[sentence.one] = list(found) if sentence.many else found[0]
    return catalogue


def _used(package: Path) -> list[Sentence]:
    return [found for found in sentences(package) if isinstance(found, Sentence)]


def _template(used: Iterable[Sentence]) -> Catalog:
    catalog = _catalog(None)
    for sentence in used:
        message_id = (sentence.one, sentence.many) if sentence.many else sentence.one
        catalog.add(message_id, locations=[(sentence.place.partition(":")[0], 0)])
    return catalog


def _catalog(locale: str | None) -> Catalog:
    from babel.messages.catalog import Catalog

    # A fixed date: only changed words should show up in a diff.
    created = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Catalog(
        locale,
        project="Postboard",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        header_comment="# Written by `python -m postboard.locale update`; fill in msgstr.",
        creation_date=created,
        revision_date=created,
        fuzzy=False,
    )


def _write(path: Path, catalog: Catalog) -> None:
    from babel.messages.pofile import write_po

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True
        )


def _faults(message: Message) -> Iterator[str]:
    originals, texts = forms(message.id), forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not all(texts):
        yield "no text"
        return
    if any(holes(text) != holes(originals[-1]) for text in texts):
        yield "other placeholders"
    for text in texts:
        yield from typing_faults(text)
