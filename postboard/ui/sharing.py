"""One copy in memory of what many tabs hold alike, such as the names in a filter."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_MOST: Final = 256


def shared(values: Sequence[_T]) -> list[_T]:
    """Equal values, in the same list for everybody: it may be replaced, but never changed."""
    return _list(tuple(values))


def shared_rows(rows: Mapping[str, _T]) -> dict[str, _T]:
    """The same for what is found by a key."""
    return _dict(tuple(rows.items()))


@lru_cache(_MOST)
def _list(values: tuple[Any, ...]) -> list[Any]:
    return list(values)


@lru_cache(_MOST)
def _dict(rows: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return dict(rows)
