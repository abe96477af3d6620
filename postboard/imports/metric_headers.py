"""What columns of metric exports are called, by language; everything else knows English only."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from postboard.imports.workbook import Cell

# Each row is a language, and each pair its header with the English one of the same column.
_LOCALISED: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "Beitrags-ID": "Post ID",
        "Seiten-ID": "Page ID",
        "Plattform": "Platform",
        "Seitenname": "Page name",
        "Titel": "Title",
        "Beschreibung": "Description",
        "Dauer (Sek.)": "Duration (sec)",
        "Datum": "Date",
        "Art der Untertitel": "Caption type",
        "Mehrfach gepostet": "Is crosspost",
        "Geteilter Beitrag": "Is share",
        "Beitragsart": "Post type",
        "Sprachen": "Languages",
        "Individuelle Labels": "Custom labels",
        "Status „Finanzierter Content“": "Funded content status",
        "Kommentar": "Data comment",
        "Impressionen": "Impressions",
        "Link-Klicks": "Link clicks",
        "Weitere Klicks": "Other clicks",
        "Erreichte Personen": "Reach",
        "Klicks": "Total clicks",
        "Kommentare": "Comments",
        "„Gefällt mir“-Angaben": "Likes",
        "Geteilte Inhalte": "Shares",
        "3-sekündige Videoaufrufe": "3-second video views",
        "60-sekündige Videoaufrufe": "1-minute video views",
        "Videoaufrufe": "Video views",
        # As the pages of Meta call them in German; in no file at hand.
        "Konto-ID": "Account ID",
        "Kontoname": "Account name",
        "Veröffentlichungszeitpunkt": "Publish time",
        "Aufrufe": "Views",
        "Reichweite": "Reach",
        "Reaktionen": "Reactions",
    },
}
HEADER_MAX: Final = 200
"""Characters; no network writes half as many."""
_BLANKS: Final = re.compile(r"\s+")
# Numbers are written 1.234,5 by programs that speak these.
POINTS_GROUP: Final = frozenset({"de"})


@functools.lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """A header without what differs between two exports of one kind: case, blanks, width."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", header)).strip(" \ufeff\"'").casefold()


_ENGLISH: Final = {
    header_key(own): (header_key(english), language)
    for language, pairs in _LOCALISED.items()
    for own, english in pairs.items()
}


@functools.lru_cache(maxsize=4096)
def english_key(header: str) -> str:
    """The key of the English header for the same column; its own where it is not translated."""
    key = header_key(header)
    return _ENGLISH[key][0] if key in _ENGLISH else key


def bare_key(name: str) -> str:
    """The English key of a header that `unique_names` may have numbered."""
    bare, _, number = name.rpartition("#")
    return english_key(bare if bare and number.isdecimal() else name)


def language_of(headers: Sequence[str]) -> str:
    """The language most headers are in; English where none is known as another."""
    found = Counter(_ENGLISH[key][1] for key in map(header_key, headers) if key in _ENGLISH)
    language, times = found.most_common(1)[0] if found else ("en", 0)
    return language if times > 1 else "en"


def name_of(cell: Cell) -> str:
    """Cut off at `HEADER_MAX`: every row that is kept says it again."""
    text = _BLANKS.sub(" ", cell).strip(" \ufeff") if isinstance(cell, str) else str(cell)
    return text[:HEADER_MAX]


def unique_names(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Header cells as names; those that occur again are all numbered: Views#1, Views#2."""
    names = [name_of(cell) for cell in cells]
    times = Counter(names)
    seen: Counter[str] = Counter()
    found: list[str] = []
    for name in names:
        seen[name] += 1
        found.append(f"{name}#{seen[name]}" if times[name] > 1 and name else name)
    return tuple(found)
