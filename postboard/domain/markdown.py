"""Markdown as people may write it, and as pages may show it: nothing in it runs or calls home.

markdown-it-py reads CommonMark and takes no HTML; nh3 (the ammonia sanitiser) then lets through
what is listed here, whatever the first one may have missed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Final
from unicodedata import east_asian_width

import nh3
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

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
_PLAIN: Final = {"html": False, "maxNesting": 20}


class _Line(StateInline):
    """CommonMark tells by spaces where emphasis ends; Chinese has none: "**谁：**我" is bold."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before, after = self.src[max(0, start - 1) : start], self.src[end : end + 1]
        if not canSplitWord or not before.strip() or not after.strip():
            return scanned
        return Scanned(
            scanned.can_open or _is_wide(before),
            scanned.can_close or _is_wide(after),
            scanned.length,
        )


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in {"W", "F"}


class _Lines(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        line = _Line(src, md, env, tokens)
        self.tokenize(line)
        for rule in self.ruler2.getRules(""):
            rule(line)
        return line.tokens


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark")
    reader.inline = _Lines()
    return reader.configure("commonmark", _PLAIN).enable(["table", "strikethrough"])


_READER: Final = _reader()

# What stands within a line is none of its business, and takes half a minute in a hostile file.
_OUTLINER: Final = MarkdownIt("commonmark", _PLAIN).disable("inline")


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


@lru_cache(1024)
def plain(text: str) -> str:
    """The words alone, as a search reads them: of all sections there are, more than pages show."""
    return " ".join(unescape(nh3.clean(as_html(text), tags=set())).split())


@dataclass(frozen=True, slots=True)
class Heading:
    """One that stands on a level of its own, not in a list or a quotation."""

    line: int
    """The first one, from 0."""
    end: int
    """The line after it: one that is underlined takes two."""
    depth: int
    words: str


def outline(text: str) -> list[Heading]:
    tokens = _OUTLINER.parse(text)
    return [
        Heading(
            token.map[0],
            token.map[1],
            int(token.tag[1]),
            " ".join(tokens[index + 1].content.split()),
        )
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """A picture elsewhere would tell its server who reads, and when."""
    if tag == "img" and attribute == "src" and not _OWN_PICTURE.fullmatch(value):
        return None
    return value
