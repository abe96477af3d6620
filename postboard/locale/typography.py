"""How Chinese is set: full-width punctuation, a space between Chinese and Latin or figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_HOLE: Final = re.compile(r"\{(\w+)\}")
_HAN: Final = re.compile(f"[{HAN}]")
_LATIN: Final = re.compile(r"[A-Za-z0-9%]")
_TIGHT: Final = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")
_HALF_WIDTH: Final = re.compile(rf"(?<=[{HAN}])[,.;:!?()\"]|[,;:!?()\"](?=[{HAN}])")


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """Put the facts into the `{holes}`, with a space where Chinese meets Latin at a hole's edge."""
    return _HOLE.sub(lambda hole: _fitted(hole, facts), sentence)


def holes(sentence: str) -> frozenset[str]:
    return frozenset(_HOLE.findall(sentence))


def spaced(text: str) -> str:
    """Text with a space between Chinese and Latin or figures."""
    return _TIGHT.sub(" ", text)


def typing_faults(text: str) -> Iterator[str]:
    """What a Chinese text breaks of the house style."""
    if found := _HALF_WIDTH.search(text):
        yield f"half-width {found[0]} beside Chinese"
    if spaced(text) != text:
        yield "no space between Chinese and Latin or figures"
    if "..." in text:
        yield "three dots instead of …"
    if text != text.strip():
        yield "space at an end"


def _fitted(hole: re.Match[str], facts: Mapping[str, object]) -> str:
    fact = str(facts.get(hole[1], hole[0]))
    before = hole.string[: hole.start()][-1:]
    after = hole.string[hole.end() :][:1]
    left = " " if _meet(before, fact[:1]) else ""
    right = " " if _meet(fact[-1:], after) else ""
    return left + fact + right


def _meet(one: str, other: str) -> bool:
    return bool(
        (_HAN.match(one) and _LATIN.match(other)) or (_LATIN.match(one) and _HAN.match(other))
    )
