"""The languages Postboard speaks, and which one a request asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["en", "zh-CN"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh-CN")
OWN_NAMES: Final[Mapping[Language, str]] = MappingProxyType({"en": "English", "zh-CN": "中文"})
"""What each calls itself."""
SOURCE: Final[Language] = "en"  # message ids are its texts, so it needs no catalogue
COOKIE: Final = "lang"
ZONE: Final = "zone"
"""The cookie in which a browser says its time zone."""

_TAG: Final = re.compile(r"[a-z]{2}-[A-Z]{2}")


class MessageId(str):
    """A sentence in a data table: translated where it is shown, not where it stands."""

    __slots__ = ()


@dataclass(frozen=True)
class Filled:
    """A sentence with its facts, as a fact of another sentence."""

    sentence: MessageId
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return self.sentence.format_map(self.facts)


def N_(sentence: str) -> MessageId:  # noqa: N802 - gettext's own name for a marked text
    """Mark a literal for the catalogues; the value stays English until it is shown."""
    return MessageId(sentence)


def language_from_cookie(cookie: str | None, accept_language: str | None = None) -> Language:
    """The `lang` cookie in a Cookie header, else the first known of Accept-Language, else en."""
    return wished_language(cookie, accept_language) or SOURCE


def wished_language(cookie: str | None, accept_language: str | None = None) -> Language | None:
    """The same, but None where neither says one."""
    return _chosen(cookie or "") or _accepted(accept_language or "")


def zone_from_cookie(cookie: str | None) -> str:
    """What the browser says of its time zone, unchecked; empty where it says nothing."""
    return _value(cookie or "", ZONE)


def spelling_of(language: Language, accept_language: str | None) -> str:
    """The reader's own way to write the language, like en-GB; the language itself where none is
    said.
    """
    tags = [wish.partition(";")[0].strip() for wish in (accept_language or "").split(",")]
    own = (tag for tag in tags if _TAG.fullmatch(tag) and tag.partition("-")[0] == language)
    return next(own, language)


def _chosen(cookie: str) -> Language | None:
    said = _value(cookie, COOKIE)
    return next((one for one in LANGUAGES if said == one), None)


def _value(cookie: str, name: str) -> str:
    try:
        morsel = SimpleCookie(cookie).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _accepted(accept_language: str) -> Language | None:
    for wish in sorted(accept_language.split(","), key=_weight, reverse=True):
        tongue = wish.strip().lower().partition(";")[0].partition("-")[0]
        for language in LANGUAGES:
            if tongue == language.partition("-")[0]:
                return language
    return None


def _weight(wish: str) -> float:
    quality = wish.partition("q=")[2].strip()
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
