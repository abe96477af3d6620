"""Instants as the browser takes them."""

from datetime import UTC, datetime


def stamp(at: datetime | None) -> str:
    """An instant as short ISO text for the browser; empty for none."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if at else ""
