"""Telling whether two files, or a file and a post of ours, speak of the same published post."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, urlsplit


class LinkedBy(StrEnum):
    """How a measured post was found to be one of ours."""

    ID = "id"
    PERMALINK = "permalink"
    WORDS = "words"
    """And the same day; somebody confirmed it."""
    PERSON = "person"


ADDRESS_MAX: Final = 200
SURE_AFTER: Final = 24
"""Signs that a cut text has to share with a whole one, else many begin alike."""

_HOSTS: Final[Mapping[str, str]] = {
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.watch": "facebook",
    "instagram.com": "instagram",
    "x.com": "x",
    "twitter.com": "x",
    "linkedin.com": "linkedin",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "pinterest.com": "pinterest",
    "threads.net": "threads",
    "threads.com": "threads",
    "bsky.app": "bluesky",
    "weibo.com": "weibo",
    "weibo.cn": "weibo",
    "xiaohongshu.com": "xiaohongshu",
    "mp.weixin.qq.com": "wechat",
}
_PATHS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "facebook": (
        re.compile(r"/(?:posts|videos|reel|permalink)/(?:[^/]+/)*?(\d{6,}|pfbid\w+)"),
        re.compile(r"/photos/(?:[^/]+/)*(\d{6,})"),
    ),
    "instagram": (re.compile(r"/(?:p|reel|reels|tv)/([\w-]+)"),),
    "x": (re.compile(r"/status(?:es)?/(\d+)"),),
    "linkedin": (
        re.compile(r"urn:li:(?:share|activity|ugcPost):(\d+)"),
        re.compile(r"-(?:share|activity|ugcPost)-(\d+)"),
    ),
    "tiktok": (re.compile(r"/(?:video|photo)/(\d+)"),),
    "youtube": (re.compile(r"/(?:shorts|live|embed)/([\w-]{6,})"),),
    "threads": (re.compile(r"/post/([\w-]+)"),),
    "bluesky": (re.compile(r"/post/([\w-]+)"),),
    "pinterest": (re.compile(r"/pin/(\d+)"),),
}
_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "facebook": ("story_fbid", "fbid", "v"),
    "youtube": ("v",),
}
_MOBILE: Final = ("www.", "m.", "mobile.", "web.", "l.", "de-de.", "en-gb.")
_LINK: Final = re.compile(r"https?://\S+")
_NO_LETTERS: Final = re.compile(r"[\W_]+")


def network_of(link: str) -> str:
    """The network that an address belongs to, "" for any other."""
    host = _split(link)[0]
    parts = host.split(".")
    return next(
        (_HOSTS[name] for at in range(len(parts)) if (name := ".".join(parts[at:])) in _HOSTS), ""
    )


def address_of(link: str) -> str:
    """The one form that all spellings of a post's address share, "" for what is none.

    Where the network's addresses name the post, that name is it: `x:1496`.
    """
    network, name = network_of(link), name_in(link)
    if name:
        return f"{network}:{name}"[:ADDRESS_MAX]
    host, path, query = _split(link)
    if not host or (not path and not query):
        return ""
    whole = f"{host}{path}?{query}" if query else f"{host}{path}"
    return whole if len(whole) <= ADDRESS_MAX else _digest(whole)


def name_in(link: str) -> str:
    """What the network calls the post at this address, "" where the address does not say."""
    network = network_of(link)
    host, path, query = _split(link)
    for pattern in _PATHS.get(network, ()):
        if found := pattern.search(path):
            return found[1]
    if host == "youtu.be":
        return path.strip("/").partition("/")[0]
    said = parse_qs(query)
    return next((said[key][0] for key in _PARAMETERS.get(network, ()) if said.get(key)), "")


def words_key(account: str, day: date | None, text: str) -> str:
    """A digest of what is left to know a post by, "" where that is too little."""
    plain = plain_words(text)
    return _digest(f"{account.casefold()}\n{day.isoformat()}\n{plain}") if day and plain else ""


def same_words(ours: str, theirs: str) -> bool:
    """Whether a file's text is our caption, which networks cut short and whose links they change.

    Both are as `plain_words` gives them.
    """
    if not (ours and theirs):
        return False
    short, long = sorted((ours, theirs), key=len)
    return short == long or (len(short) >= SURE_AFTER and long.startswith(short))


def plain_words(text: str) -> str:
    """Letters and figures alone, case-folded: no links, emoji, punctuation or space."""
    folded = unicodedata.normalize("NFKC", _LINK.sub(" ", text)).casefold()
    return _NO_LETTERS.sub("", folded)


def _split(link: str) -> tuple[str, str, str]:
    """Host without what only says the device, path without its end, query."""
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "", "", ""
    if parts.scheme not in {"http", "https"} or not host:
        return "", "", ""
    for prefix in _MOBILE:
        host = host.removeprefix(prefix)
    return host, parts.path.replace("%3A", ":").replace("%3a", ":").rstrip("/"), parts.query


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
