"""Dates as words for mail, toasts, pages without script and the command line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postboard.domain.clock import known_zones
from postboard.locale.typography import spaced

if TYPE_CHECKING:
    from babel import Locale

    from postboard.locale.languages import Language


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page, as their browser says it: their language and their own way to write it
    (like en-GB), and their time zone, empty where that is not known yet.
    """

    language: Language
    spelling: str
    zone: str


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


def format_for(reader: Reader, instant: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> str:
    """Like "Tue, Nov 24, 2:30 PM", letter by letter as the reader's browser will write it."""
    from babel.dates import format_skeleton, format_time

    local, locale = instant.astimezone(zone), _spelt(reader)
    fields = "MMMEd" if local.year == now.astimezone(zone).year else "yMMMEd"
    day = format_skeleton(fields, local.replace(tzinfo=None), locale=locale)
    time = format_time(local.time(), "short", locale=locale).replace("\u202f", " ")
    chinese = reader.language == "zh-CN"
    text = spaced(f"{day}{' ' if chinese else ', '}{time}")
    if not _is_foreign(reader, local):
        return text
    name = _zone_name(zone, reader.language)
    return f"{text}（{name}）" if chinese else f"{text} ({name})"


def _is_foreign(reader: Reader, local: dt.datetime) -> bool:
    """Whether the reader's own clock shows another time then."""
    if reader.zone not in known_zones():
        return False
    return local.astimezone(ZoneInfo(reader.zone)).utcoffset() != local.utcoffset()


def _spelt(reader: Reader) -> Locale | str:
    from babel import Locale, UnknownLocaleError

    if reader.spelling == reader.language:
        return _babel(reader.language)
    try:
        return Locale.parse(reader.spelling, sep="-")
    except UnknownLocaleError:
        return _babel(reader.language)


def _zone_name(zone: ZoneInfo | None, language: Language) -> str:
    from babel.dates import get_timezone_name

    if zone is None or zone.key in {"UTC", "Etc/UTC"}:
        return "UTC"
    return get_timezone_name(zone, zone_variant="generic", locale=_babel(language))


def _babel(language: Language) -> str:
    return "zh_Hans_CN" if language == "zh-CN" else "en"
