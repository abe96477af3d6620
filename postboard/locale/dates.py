"""Dates as words for mail, toasts, pages without script and the command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from postboard.locale.typography import spaced

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from postboard.locale.languages import Language


def format_day(day: dt.date, language: Language, zone: ZoneInfo | None = None) -> str:
    """Like "Tue, Nov 24, 2026"; an instant needs the zone whose day is meant."""
    from babel.dates import format_skeleton

    local = day.astimezone(zone or dt.UTC) if isinstance(day, dt.datetime) else day
    # Babel turns a plain date into midnight and must not move it between zones.
    moment = local if isinstance(local, dt.datetime) else dt.datetime.combine(local, dt.time())
    return spaced(format_skeleton("yMMMEd", moment.replace(tzinfo=None), locale=_babel(language)))


def format_daytime(instant: dt.datetime, language: Language, zone: ZoneInfo | None = None) -> str:
    """Like "Tue, Nov 24, 2026, 2:30 PM (China Time)": a letter's reader may sit in any zone."""
    from babel.dates import format_time

    local = instant.astimezone(zone or dt.UTC)
    time = format_time(local.time(), "short", locale=_babel(language))
    between, left, right = (" ", "（", "）") if language == "zh-CN" else (", ", " (", ")")
    day = format_day(local, language, zone)
    return f"{day}{between}{time}{left}{_zone_name(zone, language)}{right}"


def format_planned(instant: dt.datetime, language: Language, zone: ZoneInfo) -> str:
    """Like "Tue, Nov 24, 2:30 PM": short, as the pages say it to who lives by that clock."""
    from babel.dates import format_skeleton, format_time

    local, locale = instant.astimezone(zone), _babel(language)
    day = format_skeleton("MMMEd", local.replace(tzinfo=None), locale=locale)
    between = " " if language == "zh-CN" else ", "
    return spaced(f"{day}{between}{format_time(local.time(), 'short', locale=locale)}")


def _zone_name(zone: ZoneInfo | None, language: Language) -> str:
    from babel.dates import get_timezone_name

    if zone is None or zone.key in {"UTC", "Etc/UTC"}:
        return "UTC"
    return get_timezone_name(zone, zone_variant="generic", locale=_babel(language))


def _babel(language: Language) -> str:
    return "zh_Hans_CN" if language == "zh-CN" else "en"
