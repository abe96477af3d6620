"""What single cells of a plan hold: networks, addresses, hashtags, placements."""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from postboard.imports.plan_columns import network_named


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MISSING: Final = _words(
    "- -- – — nan nat undefined null none n/a #n/a #ref! #value! #name? #div/0! (empty)"
)
_YES: Final = _words("true yes y x 1 ✓ ✔ ✅ ☑ wahr ja si sí vrai oui verdadero 是 √")
_NO: Final = _words("false no n 0 ✗ ✘ ❌ ☐ falsch nein faux non falso 否 ×")
_ALL_NETWORKS: Final = frozenset(
    ("all", "all platforms", "all channels", "all networks", "todas", "todos", "alle", "全平台")
)
_BOTH_NAMES: Final = re.compile(r"twitter\s*[/|]\s*x\b|\bx\s*[/|]\s*twitter", re.IGNORECASE)
_BETWEEN_NETWORKS: Final = re.compile(
    r"[,;/|&+\n、，；·]|\s+(?:and|y|e|und|et)\s+|\s+-\s+|[和与]", re.IGNORECASE
)
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_BETWEEN_ADDRESSES: Final = re.compile(
    r"\s*(?:\|\|?|\n|;|，|；|,(?=\s)|,(?=https?://))\s*|\s+(?=https?://)"
)
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE_ADDRESS: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_FILE_NAME: Final = re.compile(r"[^<>\"\n]*\.[a-z0-9]{2,5}", re.IGNORECASE)
_BETWEEN_LABELS: Final = re.compile(r"\|\|?|[,;\n，；、]")
_HASHTAG: Final = re.compile(r"[^\s#＃,;，；、|]+")

_STORY: Final = re.compile(r"\bstor(?:y|ies)\b|historia|快拍|限时动态", re.IGNORECASE)
_REEL: Final = re.compile(r"\breels?\b|\bshorts?\b|短视频", re.IGNORECASE)
_FEED: Final = re.compile(
    r"\b(?:post|feed|image|images|photo|carousel|carrusel|karussell|carrousel|bild|foto|imagen|link)\b|图文|轮播",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NetworksFound:
    keys: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    everywhere: bool = False


def is_missing(text: str) -> bool:
    return not text or (len(text) < 10 and text.strip().casefold() in _MISSING)  # noqa: PLR2004


def says_yes(text: str) -> bool:
    return text.casefold() in _YES


def says_yes_or_no(text: str) -> bool:
    return text.casefold() in _YES or text.casefold() in _NO or is_missing(text)


@functools.lru_cache(maxsize=2048)
def read_networks(text: str) -> NetworksFound:
    """`Instagram, Facebook & X (Twitter)` names three networks of one post."""
    keys: dict[str, None] = {}
    unknown: list[str] = []
    everywhere = False
    plain = _BOTH_NAMES.sub("twitter", _single_blanks(unicodedata.normalize("NFKC", text)))
    for part in _BETWEEN_NETWORKS.split(_BRACKETS.sub(" ", plain)):
        name = part.strip()
        if name.casefold() in _ALL_NETWORKS:
            everywhere = True
        elif name:
            found = _networks_of(name)
            keys |= dict.fromkeys(found)
            unknown += [] if found else [name]
    return NetworksFound(tuple(keys), tuple(unknown), everywhere)


def _networks_of(name: str) -> list[str]:
    """A name, a name with its format (`Instagram Reel`), or names with only blanks between."""
    whole = network_named(name)
    if whole:
        return [whole]
    words = name.split()
    pairs = [network_named(" ".join(words[:count])) for count in (3, 2)]
    first = next((key for key in pairs if key), None)
    named = [key for key in map(network_named, words) if key]
    return [first] if first else named


def _single_blanks(text: str) -> str:
    """Long runs of blanks would cost the patterns quadratic time."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def web_address(text: str) -> str:
    """The address, or nothing: a link that is not http may run code when clicked."""
    if _WEB_ADDRESS.fullmatch(text):
        return text
    bare = _BARE_ADDRESS.fullmatch(text)
    return f"https://{text}" if bare and ("/" in text or text.startswith("www.")) else ""


def read_media(text: str) -> list[str]:
    return list(filter(None, map(_media_reference, _split_addresses(text))))


def _media_reference(text: str) -> str:
    """A web address or the name of a file, as written; nothing for a description of a picture."""
    if _WEB_ADDRESS.fullmatch(text):
        return text
    if _SCHEME.match(text):
        return ""
    named = _FILE_NAME.fullmatch(text) or _BARE_ADDRESS.fullmatch(text)
    return text if named else ""


def _split_addresses(text: str) -> list[str]:
    parts = [part.strip() for part in _BETWEEN_ADDRESSES.split(_single_blanks(text))]
    if len(parts) == 1 and "://" not in text:
        parts = [part.strip() for part in text.split(",")]
    return [part for part in parts if not is_missing(part)]


def read_hashtags(text: str) -> tuple[str, ...]:
    """`#one #two`, `one, two` and `#话题#` alike, each with one # before it."""
    if "#" not in text and "＃" not in text and re.search(r"[,;，；、\n]", text):
        words = ["".join(part.split()) for part in re.split(r"[,;，；、\n]", text)]
    else:
        words = _HASHTAG.findall(text)
    return tuple(dict.fromkeys(f"#{word}" for word in words if word))


def read_labels(texts: Iterable[str]) -> tuple[str, ...]:
    parts = (part.strip() for text in texts for part in _BETWEEN_LABELS.split(text))
    return tuple(dict.fromkeys(part for part in parts if not is_missing(part)))


def placement_of(text: str) -> str:
    """feed, story or reel; nothing when the words name none or more than one of them."""
    plain = text.replace("_", " ")
    named = [
        placement
        for placement, pattern in (("story", _STORY), ("reel", _REEL), ("feed", _FEED))
        if pattern.search(plain)
    ]
    return named[0] if len(named) == 1 else ""
