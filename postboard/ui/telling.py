"""What a handler says to a wrapper of the page that asked: a call of a function it left there."""

import json
from dataclasses import fields
from functools import lru_cache
from typing import Any

import reflex as rx


def call(function: str, *arguments: object) -> rx.event.EventSpec:
    """`function` with plain values and frozen records; each is heard once and in order."""
    said = json.dumps([*arguments], default=_fields, separators=(",", ":"), ensure_ascii=False)
    return rx.call_script(f"{function}(...{said})")


def _fields(record: Any) -> dict[str, Any]:
    """Past `asdict`, which copies all the way down."""
    return {name: getattr(record, name) for name in _names(type(record))}


@lru_cache(32)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
