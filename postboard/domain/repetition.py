"""Whether somebody said this before: the same words, or almost the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

ALIKE: Final = 0.7
"""From this share of neighbouring words in common, two texts are almost the same."""
COMPARED: Final = 1_200
"""How many characters of a text are compared: who repeats, repeats the beginning."""
AKIN: Final = 0.3
"""Texts with a smaller share of parts in common, as most have, are not looked at closely."""
GLANCED: Final = 60
"""Characters; shorter texts are looked at closely anyway."""
SHORTEST: Final = 5
"""Words; shorter texts are only compared whole."""

# A Chinese character is a word; links, marks and emoji say nothing of their own.
_LINK: Final = re.compile(r"https?://\S+")
_HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_ANY_HAN: Final = re.compile(rf"[{_HAN}]")
_WORD: Final = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Which of the earlier texts it is, and whether word for word."""

    index: int
    whole: bool


def find_repeat(text: str, earlier: Sequence[str]) -> Repeat | None:
    """The first of the earlier texts with the same words, else the one most like it."""
    text = text[:COMPARED]
    mine, gist = _words(text), _gist(text)
    likest, most = None, ALIKE
    for index, one in enumerate(earlier):
        if len(one) > GLANCED and _share(gist, _gist(one[:COMPARED])) < AKIN:
            continue
        theirs = _words(one[:COMPARED])
        if mine and mine == theirs:
            return Repeat(index, whole=True)
        share = _share(_pairs(mine), _pairs(theirs))
        if len(mine) >= SHORTEST and share >= most:
            likest, most = index, share
    return None if likest is None else Repeat(likest, whole=False)


def same_words(one: str, other: str) -> bool:
    """However they are written: case, width, punctuation and links aside."""
    return bool(_words(one)) and _words(one) == _words(other)


def _gist(text: str) -> frozenset[str]:
    """What it is made of, at a glance."""
    folded = text.casefold()
    return frozenset(folded if _ANY_HAN.search(folded) else folded.split())


def _words(text: str) -> Words:
    plain = unicodedata.normalize("NFKC", _LINK.sub(" ", text)).casefold()
    return tuple(_WORD.findall(plain))


def _pairs(words: Words) -> frozenset[object]:
    return frozenset(pairwise(words))


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    """What two sets have in common, 0..1."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
