"""“Who do I ask for …?”: what a question is about, by a table of what people call things.

`asked_words.csv` has the words of each deliverable and each network, a line for each language.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from postboard.domain.team import Deliverable

DATA: Final = Path(__file__).with_name("asked_words.csv")
QUESTION_MAX: Final = 200
SHORTEST: Final = 2
"""Of a name: one letter is in too many words."""
Key = TypeVar("Key", bound=Hashable)
_PLAIN: Final = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One name of one thing; `kind` is deliverable or network."""

    kind: str
    name: str
    text: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question names, in its order; nothing of what is not in the table."""

    deliverables: tuple[Deliverable, ...] = ()
    networks: tuple[str, ...] = ()


def understood(question: str) -> Understood:
    """The longest name wins: a reel cover is no reel."""
    text = plain(question[:QUESTION_MAX])
    found: list[tuple[int, Word]] = []
    for word in words():
        match = word.pattern.search(text)
        if match:
            found.append((match.start(), word))
            text = word.pattern.sub(lambda one: " " * len(one[0]), text)
    found.sort(key=lambda pair: pair[0])
    names = {
        kind: dict.fromkeys(one.name for _, one in found if one.kind == kind)
        for kind in ("deliverable", "network")
    }
    return Understood(
        tuple(Deliverable(name) for name in names["deliverable"]), tuple(names["network"])
    )


def named(question: str, names: Mapping[Key, str]) -> list[Key]:
    """Whose name the question says, whole or by a word that no other of them has."""
    text = plain(question[:QUESTION_MAX])
    parts = {key: {plain(name), *plain(name).split()} for key, name in names.items()}
    shared = Counter(part for mine in parts.values() for part in mine)
    return [
        key
        for key, mine in parts.items()
        if any(
            shared[part] == 1 and len(part) >= SHORTEST and _pattern(part).search(text)
            for part in mine
        )
    ]


def plain(text: str) -> str:
    """As it is compared: full-width letters and capitals are as good as others."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def words() -> tuple[Word, ...]:
    """Every name of everything, the longest first."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = [
            Word(row["kind"], row["name"], text, _pattern(text))
            for row in csv.DictReader(lines)
            for text in map(plain, row["words"].split("|"))
        ]
    return tuple(sorted(rows, key=lambda word: (-len(word.text), word.text)))


def _pattern(text: str) -> re.Pattern[str]:
    """Chinese has no spaces between words; a Latin name stands alone, in the plural too."""
    if _PLAIN.fullmatch(text):
        return re.compile(rf"(?<![a-z0-9]){re.escape(text)}(?:s|es)?(?![a-z0-9])")
    return re.compile(re.escape(text))
