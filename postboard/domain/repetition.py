"""Whether somebody said this before: the same words, or almost the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

ALIKE: Final = 0.75
"""From this share of neighbouring words in common, two texts are almost the same."""
COMPARED: Final = 1_200
"""How many characters of a text are compared: who repeats, repeats the beginning."""
SHORTEST: Final = 5
"""Words; shorter texts are only compared whole."""

# A Chinese character is a word; links, marks and emoji say nothing of their own.
_LINK: Final = re.compile(r"https?://\S+")
_HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Which of the earlier texts it is, and whether word for word."""

    index: int
    whole: bool


def find_repeat(text: str, earlier: Sequence[str]) -> Repeat | None:
    """The first of the earlier texts with the same words, else the one most like it."""
    mine = _words(text[:COMPARED])
    said = frozenset(mine)
    likest, most = None, ALIKE
    for index, one in enumerate(earlier):
        theirs = _words(one[:COMPARED])
        if mine and mine == theirs:
            return Repeat(index, whole=True)
        # Most texts have little in common: one look at their words spares the pairs.
        if len(mine) < SHORTEST or _share(said, frozenset(theirs)) < most:
            continue
        share = _share(_pairs(mine), _pairs(theirs))
        if share >= most:
            likest, most = index, share
    return None if likest is None else Repeat(likest, whole=False)


def same_words(one: str, other: str) -> bool:
    """However they are written: case, width, punctuation and links aside."""
    return bool(_words(one)) and _words(one) == _words(other)


# The same neighbours are compared with at every save.
@lru_cache(1024)
def _words(text: str) -> Words:
    plain = unicodedata.normalize("NFKC", _LINK.sub(" ", text)).casefold()
    return tuple(_WORD.findall(plain))


def _pairs(words: Words) -> frozenset[object]:
    return frozenset(pairwise(words))


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    """What two sets have in common, 0..1."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)
