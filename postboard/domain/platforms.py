"""What each network takes, read once from `platforms.toml`, which explains its values."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from postboard.domain.content import NETWORKS, PLACEMENTS, Placement

DATA: Final = Path(__file__).with_name("platforms.toml")

How = Literal[
    "codepoints", "graphemes", "utf16", "bytes", "weighted", "threads", "mastodon", "weibo"
]
"""A way of counting text; `counting.length` knows each."""
When = Literal["", "images", "video"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One value of a network: what it is, who says so and when that was looked up."""

    source: str
    checked_on: date
    sure: bool = True
    """Past it a post is blocked; else it is only warned of."""
    min: float | None = None
    max: float | None = None
    one_of: tuple[str, ...] = ()
    how: How = "codepoints"
    when: When = ""
    """For posts of pictures only, for posts with a video, or for every post."""
    said: str = ""

    def takes(self, value: float | str) -> bool:
        if isinstance(value, str):
            return value in self.one_of
        return not (self.is_under(value) or (self.max is not None and value > self.max))

    def is_under(self, value: float) -> bool:
        return self.min is not None and value < self.min


Limits = Mapping[str, tuple[Limit, ...]]
"""By what is measured: "text", "image_bytes"… as the data file lists them."""


def limits_of(network: str, placement: Placement = Placement.FEED) -> Limits:
    """What the network takes there."""
    return _platforms()[network][placement]


def how_counted(network: str) -> How:
    """How the network counts a post's text."""
    return limits_of(network)["text"][0].how


def limits_for_browser() -> dict[str, dict[str, Any]]:
    """What the editor's counters need, as small as can be.

    Per network `text` and, where it has one, `title`: `{how, max?, soft?, fold?}`; past `soft` the
    network may refuse, past `max` it does. Where another placement, or a post of pictures only
    ("images"), takes something else, that stands in a table of its name.
    """
    return {network: _for_browser(network) for network in NETWORKS}


@cache
def _platforms() -> Mapping[str, Mapping[Placement, Limits]]:
    with DATA.open("rb") as file:
        tables = tomllib.load(file)
    return {network: _by_placement(network, tables[network]) for network in NETWORKS}


def _by_placement(network: str, table: Mapping[str, Any]) -> dict[Placement, Limits]:
    common = {key: told for key, told in table.items() if key not in set(Placement)}
    own = {placement: table.get(placement, {}) for placement in PLACEMENTS[network]}
    return {placement: _limits(common | own[placement]) for placement in own}


def _limits(told: Mapping[str, Any]) -> Limits:
    """An entry is one limit, or several of different sureness."""
    several: dict[str, list[dict[str, Any]]] = {
        key: entry if isinstance(entry, list) else [entry] for key, entry in told.items()
    }
    return {key: tuple(_limit(**one) for one in entry) for key, entry in several.items()}


def _limit(one_of: Iterable[str] = (), **told: Any) -> Limit:
    return Limit(one_of=tuple(one_of), **told)


def _for_browser(network: str) -> dict[str, Any]:
    feed = limits_of(network)
    told = dict(_counted(feed, "video"))
    others = {
        "images": dict(_counted(feed, "images")),
        **{
            placement: dict(_counted(limits_of(network, placement), "video"))
            for placement in PLACEMENTS[network][1:]
        },
    }
    for name, other in others.items():
        if different := {key: one for key, one in other.items() if one != told.get(key)}:
            told[name] = different
    return told


def _counted(limits: Limits, when: When) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in ("text", "title"):
        given = [one for one in limits.get(key, ()) if one.max and one.when in {"", when}]
        if not given:
            continue
        told: dict[str, Any] = {"how": given[0].how}
        for one in given:
            told["max" if one.sure else "soft"] = _whole(one.max)
        if key == "text" and "fold" in limits:
            told["fold"] = _whole(limits["fold"][0].max)
        yield key, told


def _whole(value: float | None) -> int:
    return int(value or 0)
