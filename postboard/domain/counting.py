"""How long a text is, as each network counts it.

`ui/wrappers/counting.js` counts the same in the browser; one table of examples holds both.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import regex

from postboard.domain.platforms import How, how_counted

LINK_LENGTH: Final = 23
"""What X and Mastodon count for any link."""

_LETTER: Final = r"A-Za-z0-9\u00c0-\u024f"
_LABEL: Final = rf"[{_LETTER}](?:[{_LETTER}\-]{{0,61}}[{_LETTER}])?\."
_IN_PATH: Final = rf"{_LETTER}\u0400-\u04ff!$%&'*+,\-./:;=?@_~#|\[\]"
_PATH: Final = rf"(?:[/?#](?:\([{_IN_PATH}]*\)|[{_IN_PATH}])*)?"
_COMMON: Final = (
    "com|org|net|edu|gov|io|co|app|dev|ai|me|tv|info|biz|shop|store|blog|cloud|xyz|online|site"
)
_COUNTRY: Final = (
    "eu|uk|de|fr|es|it|nl|at|ch|be|dk|se|no|fi|pl|pt|ie|cz|us|ca|au|nz|jp|cn|hk|tw|kr|sg|in|br|mx"
)
FULL_LINK: Final = regex.compile(
    rf"https?://(?:{_LABEL}){{1,8}}[A-Za-z]{{2,24}}(?::\d+)?{_PATH}", regex.IGNORECASE
)
# As X finds them: acme.com, www.acme.de and acme.de/menu are links, acme.de alone is not.
BARE_LINK: Final = regex.compile(
    rf"(?<![{_LETTER}@#$._/\-])"
    rf"(?:(?:{_LABEL}){{1,8}}(?:{_COMMON})|(?:{_LABEL}){{2,8}}(?:{_COUNTRY})|{_LABEL}(?:{_COUNTRY})(?=/))"
    rf"(?![{_LETTER}@\-]){_PATH}",
    regex.IGNORECASE,
)
LINK_TAIL: Final = ".,:;!?'*|[]"
"""What ends a sentence rather than the link in it."""

# Flags are taken by hand: \X looks back over all of them for each, which takes a minute for a
# caption full of them.
_CLUSTER: Final = regex.compile(
    r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X", regex.VERSION1
)
_EMOJI: Final = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}[\ufe0f\u200d\U0001f3fb-\U0001f3ff]"
    r"|[0-9#*]\ufe0f?\u20e3"
)
_FULL_MENTION: Final = regex.compile(
    r"(?<![A-Za-z0-9_/])(@[A-Za-z0-9_]+)@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*"
)
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts as one; all others are two."""


def count(text: str, network: str) -> int:
    """The length of a post's text on that network."""
    return length(text, how_counted(network))


def length(text: str, how: How) -> int:
    return _WAYS[how](text)


def _graphemes(text: str) -> int:
    """What a reader takes for one character."""
    return sum(1 for _ in _CLUSTER.finditer(text))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weighted(text: str) -> int:
    """X: letters of most alphabets are one, Chinese and any emoji two, any link 23."""
    plain = _with_short_links(unicodedata.normalize("NFC", text), FULL_LINK, BARE_LINK)
    if plain.isascii():
        return len(plain)
    return sum(_weight(cluster) for cluster in _CLUSTER.findall(plain))


def _weight(cluster: str) -> int:
    if _EMOJI.match(cluster):
        return 2
    return sum(1 if any(a <= ord(c) <= b for a, b in _LIGHT) else 2 for c in cluster)


def _threads(text: str) -> int:
    """Threads: an emoji is as long as its UTF-8 bytes."""
    return sum(
        _bytes(cluster) if _EMOJI.match(cluster) else len(cluster)
        for cluster in _CLUSTER.findall(text)
    )


def _mastodon(text: str) -> int:
    """Mastodon: any link with its scheme is 23, of @user@host only @user counts."""
    return _graphemes(_FULL_MENTION.sub(r"\1", _with_short_links(text, FULL_LINK)))


def _weibo(text: str) -> int:
    """Weibo counts in 汉字: a Chinese character is one, two of ASCII are one."""
    halves = sum(1 if unit < "\u0100" else 2 if unit < "\U00010000" else 4 for unit in text)
    return (halves + 1) // 2


def _with_short_links(text: str, *kinds: "regex.Pattern[str]") -> str:
    for kind in kinds:
        text = kind.sub(_shortened, text)
    return text


def _shortened(link: "regex.Match[str]") -> str:
    whole = link[0]
    return "x" * LINK_LENGTH + whole[len(whole.rstrip(LINK_TAIL)) :]


_WAYS: Final[Mapping[How, Callable[[str], int]]] = {
    "codepoints": len,
    "graphemes": _graphemes,
    "utf16": _utf16,
    "bytes": _bytes,
    "weighted": _weighted,
    "threads": _threads,
    "mastodon": _mastodon,
    "weibo": _weibo,
}
