"""What a format of exports is: how it is known, and what its columns mean.

A column is named by its English header. `A | B` is the first of them that the file has, `A + B`
the sum of those with a value, `A - B` the difference where both have one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from postboard.imports.metric_headers import header_key
from postboard.imports.plan_dates import DateOrder
from postboard.locale.languages import MessageId


class Holds(StrEnum):
    """What a row of a format is."""

    POSTS = "posts"
    ACCOUNT_DAYS = "account_days"


Term = tuple[int, str]
"""1 or -1, and the key of a header."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a meaning stands: the first of `ways` whose headers the file has, terms added up."""

    ways: tuple[tuple[Term, ...], ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for way in self.ways for _, key in way)


@dataclass(frozen=True, slots=True)
class Format:
    """`needs` are columns of which a file of this format has each, `lacks` those it has none of.

    `order` is how the network writes 03/04/2026. A `window` other than "lifetime" says that the
    figures are of a range chosen when exporting, which the file does not name. `sections` end at a
    blank row and may follow one another. `post_type` holds of all its posts.
    """

    key: str
    name: MessageId
    holds: Holds
    network: str
    needs: tuple[Column, ...]
    columns: Mapping[str, Column]
    lacks: frozenset[str] = frozenset()
    nothing_else: bool = False
    order: DateOrder | None = None
    window: str = "lifetime"
    sections: bool = False
    post_type: str = ""
    total: str = ""
    """What the first cell of a row of totals reads."""
    known: frozenset[str] = field(default_factory=frozenset[str])
    """Keys of all headers it gives a meaning to."""


def new_format(
    key: str,
    name: MessageId,
    holds: Holds,
    network: str,
    needs: str,
    *,
    columns: Mapping[str, str],
    lacks: str = "",
    nothing_else: bool = False,
    order: DateOrder | None = None,
    window: str = "lifetime",
    sections: bool = False,
    post_type: str = "",
    total: str = "",
    also: str = "",
) -> Format:
    """`also` names columns that only tell the format from others."""
    read = {meaning: _column(spec) for meaning, spec in columns.items()}
    needed = tuple(_column(spec) for spec in needs.split("; "))
    return Format(
        key=key,
        name=name,
        holds=holds,
        network=network,
        needs=needed,
        columns=read,
        lacks=_keys(lacks),
        nothing_else=nothing_else,
        order=order,
        window=window,
        sections=sections,
        post_type=post_type,
        total=total,
        known=_keys(also).union(*(one.keys for one in (*read.values(), *needed))),
    )


def _column(spec: str) -> Column:
    return Column(tuple(_way(way) for way in spec.split(" | ")))


def _way(spec: str) -> tuple[Term, ...]:
    added, *taken = spec.split(" - ")
    plus = [(1, header_key(name)) for name in added.split(" + ")]
    return (*plus, *((-1, header_key(name)) for name in taken))


def _keys(names: str) -> frozenset[str]:
    return frozenset(header_key(name) for name in names.split(";") if name.strip())
