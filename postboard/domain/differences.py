"""What is different between two versions of a post's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from time import monotonic
from typing import Any, Final

import regex
from diff_match_patch import diff_match_patch  # pyright: ignore[reportMissingTypeStubs]

from postboard.domain.content import Media, Variant, Words

PATIENCE_S: Final = 0.06
"""After that, what is left of two texts counts as rewritten."""

_EXTEND: Final = r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+"
_UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}"
_APART: Final = rf"{_UNSPACED}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}\p{{GCB=Prepend}}"
_LETTER: Final = rf"[[\p{{L}}\p{{N}}_]--[{_APART}]]"

# A word, a stretch of space, or one grapheme; no token ends inside a grapheme. Scripts written
# without spaces are compared sign by sign.
_TOKEN: Final = regex.compile(
    rf"""(?V1)
    (?: {_LETTER}{_EXTEND} | (?<=[\p{{L}}\p{{N}}])['’.,](?={_LETTER}) )++
    | [{_UNSPACED}]{_EXTEND}
    | (?: \s{_EXTEND} )++
    | \X""",
    regex.VERBOSE,
)
# Where a sentence or a line ends and a letter, which begins a grapheme, comes next.
_SENTENCE: Final = regex.compile(rf"(?V1)(?<=[\n。！？；]|[.!?;]\x20)(?=[{_LETTER}\p{{Han}}])")
_FIRST_SIGN: Final = 0xF0000
"""Tokens become characters of the private planes, which mean nothing to the library."""


class Mark(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Segment:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that reads otherwise; `network` is empty for the master.

    `own` is what a network's text was and is: words of its own, or the master's.
    """

    field: str
    network: str
    segments: tuple[Segment, ...]
    own: tuple[bool, bool] = (True, True)


@dataclass(frozen=True, slots=True)
class ListChange:
    """What joined and left a list; with neither, only its order changed."""

    field: str
    network: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MediaChange:
    """A picture that came (`before` is None), went (`after` is None), or is another or otherwise.

    `alt` is how its alternative text changed; empty where it did not.
    """

    before: Media | None
    after: Media | None
    alt: tuple[Segment, ...] = ()
    focus: bool = False

    @property
    def replaced(self) -> bool:
        both = self.before is not None and self.after is not None
        return both and _identity(self.before) != _identity(self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    texts: tuple[TextChange, ...] = ()
    lists: tuple[ListChange, ...] = ()
    media: tuple[MediaChange, ...] = ()
    media_reordered: bool = False
    fields: tuple[str, ...] = ()
    """The names of the fields of `Words` that differ."""

    @property
    def is_empty(self) -> bool:
        return not self.fields


def compare(before: Words, after: Words) -> Comparison:
    """Every difference, master first, then the networks in their order."""
    return Comparison(
        texts=tuple(_texts(before, after)),
        lists=tuple(_lists(before, after)),
        media=tuple(_media(before.media, after.media)),
        media_reordered=_is_reordered(before.media, after.media),
        fields=tuple(after.changed_since(before)),
    )


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """The text as one reads it, what was removed standing before what was added.

    Same and removed parts make `before`, same and added ones `after`.
    """
    if before == after:
        return (Segment(Mark.SAME, after),) if after else ()
    deadline = monotonic() + PATIENCE_S
    # Whole sentences first: what they have in common need not be looked at word by word.
    coarse = _diff(_SENTENCE.split(before), _SENTENCE.split(after), PATIENCE_S * 2 / 3)
    fine: list[Segment] = []
    for same, run in groupby(coarse, key=lambda segment: segment.mark is Mark.SAME):
        part = list(run)
        if same or len(part) == 1:
            fine += part
            continue
        old, new = (_TOKEN.findall(_joined(part, mark)) for mark in (Mark.REMOVED, Mark.ADDED))
        fine += _diff(old, new, deadline - monotonic(), readable=True)
    return tuple(
        Segment(mark, "".join(segment.text for segment in run))
        for mark, run in groupby(fine, key=lambda segment: segment.mark)
    )


_MARKS: Final[Mapping[int, Mark]] = {
    diff_match_patch.DIFF_EQUAL: Mark.SAME,
    diff_match_patch.DIFF_INSERT: Mark.ADDED,
    diff_match_patch.DIFF_DELETE: Mark.REMOVED,
}
_TEXTS: Final = ("title", "caption", "first_comment")


class _Signs(dict[str, str]):
    """One character for each token, the same for the same one."""

    def __missing__(self, token: str) -> str:
        sign = self[token] = chr(_FIRST_SIGN + len(self))
        return sign


def _diff(
    before: Sequence[str], after: Sequence[str], patience_s: float, *, readable: bool = False
) -> list[Segment]:
    """`readable`: a small thing in common between two changes counts as changed too."""
    signs = _Signs()
    library: Any = diff_match_patch()
    library.Diff_Timeout = max(patience_s, 0.001)  # 0 would be for ever
    old, new = ("".join(map(signs.__getitem__, tokens)) for tokens in (before, after))
    found: list[tuple[int, str]] = library.diff_main(old, new, False)
    if readable:
        library.diff_cleanupSemantic(found)
    tokens = {ord(sign): token for token, sign in signs.items()}
    return [Segment(_MARKS[kind], coded.translate(tokens)) for kind, coded in found if coded]


def _joined(part: Sequence[Segment], mark: Mark) -> str:
    return "".join(segment.text for segment in part if segment.mark is mark)


def _texts(before: Words, after: Words) -> Iterator[TextChange]:
    for name in _TEXTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield TextChange(name, "", segments(old, new))
    for network, old, new in _variants(before, after):
        for name in _TEXTS:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                read = (_read(before, name, was), _read(after, name, now))
                own = (was is not None, now is not None)
                yield TextChange(name, network, segments(*read), own)


def _lists(before: Words, after: Words) -> Iterator[ListChange]:
    yield from _changed("link", "", _filled(before.link), _filled(after.link))
    yield from _changed("utm", "", _parameters(before), _parameters(after))
    for name in ("hashtags", "mentions", "networks"):
        yield from _changed(name, "", getattr(before, name), getattr(after, name))
    for network, old, new in _variants(before, after):
        yield from _changed("placements", network, old.placements, new.placements)


def _changed(
    name: str, network: str, old: Sequence[str], new: Sequence[str]
) -> Iterator[ListChange]:
    if tuple(old) != tuple(new):
        added = tuple(str(one) for one in new if one not in old)
        removed = tuple(str(one) for one in old if one not in new)
        yield ListChange(name, network, added, removed)


def _variants(before: Words, after: Words) -> Iterator[tuple[str, Variant, Variant]]:
    for network in dict.fromkeys(one.network for one in (*before.variants, *after.variants)):
        yield network, before.variant(network), after.variant(network)


def _read(words: Words, name: str, own: str | None) -> str:
    return getattr(words, name) if own is None else own


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _parameters(words: Words) -> tuple[str, ...]:
    given: dict[str, Any] = asdict(words.utm)
    return tuple(f"utm_{name}={value}" for name, value in given.items() if value)


def _media(old: Sequence[Media], new: Sequence[Media]) -> Iterator[MediaChange]:
    """In the order of the new ones; what came stands for what went, as far as both last."""
    before, after = _numbered(old), _numbered(new)
    gone = [one for key, one in before.items() if key not in after]
    for key, now in after.items():
        was = before.get(key) or (gone.pop(0) if gone else None)
        if was is None:
            yield MediaChange(None, now)
        elif was != now:
            alt = segments(was.alt, now.alt) if was.alt != now.alt else ()
            change = MediaChange(was, now, alt, focus=key in before and was.focus != now.focus)
            if change.replaced or change.alt or change.focus:
                yield change
    for was in gone:
        yield MediaChange(was, None)


def _is_reordered(old: Sequence[Media], new: Sequence[Media]) -> bool:
    before, after = _numbered(old), _numbered(new)
    return [key for key in before if key in after] != [key for key in after if key in before]


def _numbered(media: Sequence[Media]) -> dict[tuple[str, int], Media]:
    """By what it is and, where it is shown twice, the how manieth."""
    ordered = sorted(range(len(media)), key=lambda index: _identity(media[index]))
    place = {
        index: time
        for _, same in groupby(ordered, key=lambda index: _identity(media[index]))
        for time, index in enumerate(same)
    }
    return {(_identity(one), place[index]): one for index, one in enumerate(media)}


def _identity(media: Media | None) -> str:
    return (media.asset or media.url) if media else ""
