"""Markdown as people may write it, and as pages may show it: nothing in it runs or calls home.

markdown-it-py reads CommonMark and takes no HTML; nh3 (the ammonia sanitiser) then lets through
what is listed here, whatever the first one may have missed.
"""

import re
from functools import lru_cache
from html import unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

TAGS: Final = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    )
)
ATTRIBUTES: Final = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
_OWN_PICTURE: Final = re.compile(r"/media/[0-9a-f]{32}/[a-z_]{1,20}", re.ASCII)
_READER: Final = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)


@lru_cache(256)
def as_html(text: str) -> str:
    """Safe to be put into a page; pictures are those of this server alone."""
    return nh3.clean(
        _READER.render(text),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_own_pictures,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def plain(text: str) -> str:
    """The words alone, as a search reads them."""
    return " ".join(unescape(nh3.clean(as_html(text), tags=set())).split())


def outline(text: str) -> list[tuple[int, int, str]]:
    """The headings that stand on a level of their own: first line (from 0), depth, words."""
    tokens = _READER.parse(text)
    return [
        (token.map[0], int(token.tag[1]), " ".join(tokens[index + 1].content.split()))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def ends_of(text: str) -> dict[int, int]:
    """The line after each heading, by the heading's own: one underlined takes two lines."""
    return {
        token.map[0]: token.map[1]
        for token in _READER.parse(text)
        if token.type == "heading_open" and token.level == 0 and token.map
    }


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """A picture elsewhere would tell its server who reads, and when."""
    if tag == "img" and attribute == "src" and not _OWN_PICTURE.fullmatch(value):
        return None
    return value
