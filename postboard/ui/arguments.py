"""What an event may carry: exactly the handler's arguments, exactly of their types."""

import dataclasses
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from typing_extensions import TypeAliasType, is_typeddict

LONGEST_TEXT: Final = 100_000
"""Characters of one argument."""
_MOST_ITEMS: Final = 1_000
_DEEPEST: Final = 6
_LARGEST_NUMBER: Final = 2**31 - 1
"""What a column of whole numbers holds on Postgres."""
BigNumber: TypeAlias = Annotated[int, 2**53]
"""For a column of big ones: as far as a browser counts exactly."""
_REQUIRED: Final = inspect.Parameter.empty

Check = Callable[[Any], bool]


class Arguments:
    """The arguments one handler takes."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        hints = get_type_hints(handler, include_extras=True)
        parameters = list(inspect.signature(handler).parameters.values())[1:]
        self.types: Mapping[str, Any] = {p.name: hints.get(p.name, _REQUIRED) for p in parameters}
        self.required = frozenset(p.name for p in parameters if p.default is _REQUIRED)
        self._checks = {name: check_for(hint) for name, hint in self.types.items()}

    def take(self, payload: Any) -> bool:
        """Whether a payload fits: no argument missing, none too many, each of its type."""
        return _fits(payload, self._checks, self.required)


def check_for(hint: Any) -> Check:
    """What is no plain JSON of a known shape fits nothing: such a handler cannot be called."""
    if isinstance(hint, TypeAliasType):
        return check_for(hint.__value__)
    return _PLAIN.get(hint) or _check_of_parts(hint) or _check_of_fields(hint) or _nothing


def _check_of_parts(hint: Any) -> Check | None:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _any_of([check_for(one) for one in inner])
    if origin is Annotated:
        return partial(_is_whole, largest=inner[1]) if inner[0] is int else check_for(inner[0])
    if origin is Literal:
        return lambda value: any(type(value) is type(one) and value == one for one in inner)
    if origin in {list, Sequence}:
        return _list_of(check_for(inner[0]))
    if origin in {dict, Mapping} and inner[0] is str:
        return _dict_of(check_for(inner[1]))
    return check_for(inner[0]) if origin is NotRequired else None


def _check_of_fields(hint: Any) -> Check | None:
    if is_typeddict(hint):
        return _fields(get_type_hints(hint), hint.__required_keys__)
    if dataclasses.is_dataclass(hint):
        return _fields(get_type_hints(hint), _without_default(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        values = [one.value for one in hint]
        return lambda value: isinstance(value, str) and value in values
    return None


def _is_text(value: Any) -> bool:
    """Text that every database takes: no NUL, no half of a character."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_whole(value: Any, largest: int = _LARGEST_NUMBER) -> bool:
    return type(value) is int and abs(value) <= largest


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, UUID) or (isinstance(value, str) and bool(UUID(value)))
    except ValueError:
        return False


def _is_json(value: Any, depth: int = 0) -> bool:
    """For `Any`: plain JSON of a sane size."""
    if value is None or isinstance(value, bool) or _is_text(value) or _is_number(value):
        return True
    if depth >= _DEEPEST:
        return False
    inner = partial(_is_json, depth=depth + 1)
    return _list_of(inner)(value) or _dict_of(inner)(value)


def _nothing(_value: Any) -> bool:
    return False


_PLAIN: Mapping[Any, Check] = {
    str: _is_text,
    bool: lambda value: isinstance(value, bool),
    int: _is_whole,
    float: _is_number,
    UUID: _is_id,
    None: lambda value: value is None,
    NoneType: lambda value: value is None,
    Any: _is_json,
}


def _any_of(checks: Sequence[Check]) -> Check:
    return lambda value: any(check(value) for check in checks)


def _list_of(check: Check) -> Check:
    def fits(value: Any) -> bool:
        if not isinstance(value, (list, tuple)):
            return False
        items = cast("Sequence[Any]", value)
        return len(items) <= _MOST_ITEMS and all(check(one) for one in items)

    return fits


def _dict_of(check: Check) -> Check:
    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        items = cast("dict[Any, Any]", value)
        return len(items) <= _MOST_ITEMS and all(
            _is_text(key) and check(one) for key, one in items.items()
        )

    return fits


def _fields(hints: Mapping[str, Any], required: frozenset[str]) -> Check:
    checks = {name: check_for(hint) for name, hint in hints.items()}
    return lambda value: _fits(value, checks, required)


def _fits(value: Any, checks: Mapping[str, Check], required: frozenset[str]) -> bool:
    if not isinstance(value, dict):
        return False
    given = cast("dict[str, Any]", value)
    return required <= given.keys() <= checks.keys() and all(
        checks[name](one) for name, one in given.items()
    )


def _without_default(shape: Any) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        field.name
        for field in dataclasses.fields(shape)
        if field.default is missing and field.default_factory is missing
    )
