"""The fields of a post's words, each by its name: what an editor saves one at a time.

`caption` is the master's, `caption@x` the one of X alone. Values are plain JSON, as a browser has
them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from postboard.domain.content import (
    NETWORKS,
    Variant,
    Words,
    words_as_json,
    words_from_json,
)
from postboard.domain.errors import NotFound

MASTER: Final = tuple(Words.__dataclass_fields__.keys() - {"variants"})
VARIANT: Final = tuple(Variant.__dataclass_fields__.keys() - {"network"})
MEDIA: Final = "media"


def value_of(words: Words, field: str) -> Any:
    """The field's value as plain JSON.

    Raises:
        NotFound: there is no such field.
    """
    return _value(words_as_json(words), *_parts(field))


def with_value(words: Words, field: str, value: Any) -> Words:
    """The words with another value in that field, not yet checked.

    Raises:
        NotFound: there is no such field.
        BadInput: the value is not of the field's shape.
    """
    name, network = _parts(field)
    if not network:
        return words_from_json(words_as_json(words) | {name: value})
    own = words.variant(network)
    others = [one for one in words.variants if one.network != network]
    changed = words_as_json(Words(variants=(own,)))["variants"][0] | {name: value}
    variants = words_from_json({"variants": [changed]}).variants
    return replace(words, variants=(*others, *variants))


def mark_of(words: Words, field: str) -> str:
    """A short name of the value itself: who has it knows which value they change."""
    return _mark(value_of(words, field))


def marks_of(words: Words) -> Mapping[str, str]:
    """The mark of every field."""
    plain = words_as_json(words)
    fields = [*((name, "") for name in MASTER), *((n, w) for w in NETWORKS for n in VARIANT)]
    return {
        f"{name}@{network}" if network else name: _mark(_value(plain, name, network))
        for name, network in fields
    }


def merged(base: Words, mine: Words, theirs: Words) -> tuple[Words, list[str]]:
    """Both changes of `base` in one, and the fields that both have changed: these are mine."""
    words, clashes = mine, list[str]()
    for field in marks_of(base):
        old, own, other = (value_of(words_, field) for words_ in (base, mine, theirs))
        if own == old:
            words = with_value(words, field, other)
        elif other not in (old, own):
            clashes.append(field)
    return words, clashes


def _parts(field: str) -> tuple[str, str]:
    if field in MASTER:
        return field, ""
    name, _, network = field.partition("@")
    if name in VARIANT and network in NETWORKS:
        return name, network
    raise NotFound


def _value(plain: Mapping[str, Any], name: str, network: str) -> Any:
    if not network:
        return plain[name]
    own = next((one for one in plain["variants"] if one["network"] == network), None)
    return own[name] if own else _UNSAID[name]


def _mark(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_UNSAID: Final[Mapping[str, Any]] = words_as_json(Words(variants=(Variant(NETWORKS[0]),)))[
    "variants"
][0]
