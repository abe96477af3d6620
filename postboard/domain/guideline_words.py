"""Whether a text says a word, how many emoji it has, and how hard it reads."""

import unicodedata
from functools import lru_cache
from typing import Final

import regex

EMOJI: Final = regex.compile(
    r"\p{RI}{2}|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\p{EMod}|\ufe0f)?"
    r"(?:\u200d\p{Extended_Pictographic}(?:\p{EMod}|\ufe0f)?)*|[0-9#*]\ufe0f?\u20e3",
    regex.VERSION1,
)
"""One that people take for one: a family, a flag, a key."""
_SCRIPTS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}"
"""Written without spaces: a word of them, or beside them, ends anywhere."""
_UNSPACED: Final = regex.compile(rf"[{_SCRIPTS}]")
_SPACED_LETTER: Final = rf"[[\p{{L}}\p{{N}}_]--[{_SCRIPTS}]]"
_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}'’\-]*")
_SENTENCE_END: Final = regex.compile(r"[.!?…]+(?=\s|$)|[。！？；]+|\n+")
_LEFT_OUT: Final = regex.compile(r"https?://\S+|[#@]\S+")
_HAN: Final = regex.compile(r"\p{Han}")
LIX_LONG: Final = 6
"""A word of more letters is a long one."""
LIX_WORDS: Final = 30
"""Of fewer words the measure says nothing."""


def folded(text: str) -> str:
    """Letters as they are compared: full-width ones are letters, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def says(text: str, word: str) -> bool:
    """Whether a folded text has the word as a whole; in Chinese, anywhere."""
    return first_place(text, word) is not None


def first_place(text: str, word: str) -> int | None:
    """How many characters of a folded text come before it."""
    # Most words are in most texts not at all: their patterns are not even made.
    if not all(part in text for part in _parts(word)):
        return None
    found = _pattern(word).search(text)
    return found.start() if found else None


def emoji_in(text: str) -> int:
    return sum(1 for _ in EMOJI.finditer(text))


def lix(text: str) -> int | None:
    """Björnsson's readability (1968): words per sentence + percent of long words, rounded.

    It counts letters alone, so it serves every language written with spaces. None for texts too
    short to judge.
    """
    prose = _LEFT_OUT.sub(" ", text)
    words: list[str] = _WORD.findall(_UNSPACED.sub(" ", prose))
    if len(words) < LIX_WORDS:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(prose) if _WORD.search(part))
    long = sum(1 for word in words if len(word) > LIX_LONG)
    return round(len(words) / max(1, sentences) + 100 * long / len(words))


def longest_chinese_sentence(text: str) -> int:
    """Of its Chinese characters, punctuation and Latin left out; 0 where there are none."""
    parts = _SENTENCE_END.split(_LEFT_OUT.sub(" ", text))
    return max((len(_HAN.findall(part)) for part in parts), default=0)


@lru_cache(4096)
def _parts(word: str) -> tuple[str, ...]:
    return tuple(folded(word).split())


@lru_cache(1024)
def _pattern(word: str) -> "regex.Pattern[str]":
    """`#sale` is a hashtag of its own, not the beginning of #sales."""
    low = " ".join(_parts(word))
    first, last = low[:1], low[-1:]
    starts = _is_letter(first) and not _UNSPACED.match(first)
    ends = _is_letter(last) and (first == "#" or not _UNSPACED.match(last))
    spaced = r"\s+".join(regex.escape(part) for part in _parts(word))
    letter = r"[\p{L}\p{N}_]" if first == "#" else _SPACED_LETTER
    before = rf"(?<!{letter})" if starts else ""
    after = rf"(?!{letter})" if ends else ""
    return regex.compile(before + spaced + after, regex.VERSION1)


def _is_letter(sign: str) -> bool:
    return bool(sign) and (sign.isalnum() or sign == "_")
