"""A post held to the limits of one network: one row of a table says what is measured, and which
rule is broken by too much or too little of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import regex

from postboard.domain.content import Media, MediaKind, Placement, Words
from postboard.domain.counting import length
from postboard.domain.platforms import Limit, Limits, When, limits_of
from postboard.domain.rules import Fact, Finding, Rule, Severity

Value = float | str


_FILES: Final = ("media", "images", "videos")


@dataclass(frozen=True, slots=True)
class _Measured:
    """One value of a post that a limit is held to."""

    value: Value
    place: str
    judged: str
    n: int = 0
    """Of a file: which one, counted from 1."""


@dataclass(frozen=True, slots=True)
class _Where:
    """The words as they stand on one network."""

    words: Words
    network: str
    kind: When
    caption: str

    def own(self, name: str) -> str:
        return f"{name}@{self.network}"


_Measure = Callable[[_Where, Limit], Iterable[_Measured]]


@dataclass(frozen=True, slots=True)
class _Check:
    measure: _Measure
    over: Rule
    under: Rule | None = None
    """Where too little is another rule than too much."""
    unit: Literal["", "bytes", "seconds", "ratio", "type"] = ""


def lacks_media(words: Words) -> bool:
    """Whether it has no file at all, though somewhere it goes nothing is taken without one."""
    if words.media:
        return False
    return any(
        limit.min
        for network in words.networks
        for placement in words.variant(network).placements
        for key in _FILES
        for limit in limits_of(network, placement).get(key, ())
    )


def past_limits(words: Words, network: str) -> Iterator[Finding]:
    """All that the network does not take, or may not take, of these words and files."""
    kind: When = "video" if any(_is_video(one) for one in words.media) else "images"
    where = _Where(words, network, kind if words.media else "video", words.caption_on(network))
    told: set[tuple[str, str, Limit]] = set()
    for placement in words.variant(network).placements:
        limits = limits_of(network, placement)
        for key, check in _CHECKS.items():
            for limit, measured in _broken(check, limits, key, where):
                if (key, measured.place, limit) not in told:
                    told.add((key, measured.place, limit))
                    yield _finding(check, limit, measured, network, placement)


def _broken(
    check: _Check, limits: Limits, key: str, where: _Where
) -> Iterator[tuple[Limit, _Measured]]:
    """Per place the limit that is broken, a sure one before an unsure one."""
    broken: dict[str, tuple[Limit, _Measured]] = {}
    for limit in sorted(limits.get(key, ()), key=lambda one: not one.sure):
        if limit.when in {"", where.kind}:
            for measured in check.measure(where, limit):
                if not limit.takes(measured.value):
                    broken.setdefault(measured.place, (limit, measured))
    yield from broken.values()


def _finding(
    check: _Check, limit: Limit, measured: _Measured, network: str, placement: Placement
) -> Finding:
    value = measured.value
    under = isinstance(value, (int, float)) and limit.is_under(value)
    rule = (check.under if under else None) or check.over
    if rule is Rule.TOO_MANY_VIDEOS and limit.max == 0:
        rule = Rule.VIDEO_NOT_TAKEN
    bound = limit.min if under else limit.max
    facts: dict[str, Fact] = {
        "value": _said(value, check.unit),
        "limit": limit.said or int(bound or 0),
    }
    if measured.n:
        facts["n"] = measured.n
    return Finding(
        rule,
        Severity.BLOCKS if limit.sure else Severity.WARNS,
        measured.place,
        network,
        placement,
        facts,
        limit.source,
        limit.checked_on,
        measured.judged,
    )


def _text(where: _Where, limit: Limit) -> Iterator[_Measured]:
    yield _Measured(length(where.caption, limit.how), where.own("caption"), where.caption)


def _title(where: _Where, limit: Limit) -> Iterator[_Measured]:
    title = where.words.title_on(where.network)
    yield _Measured(length(title, limit.how), where.own("title"), title)


def _link(where: _Where, _: Limit) -> Iterator[_Measured]:
    link = where.words.link_on(where.network)
    yield _Measured(len(link), "link", link)


def _hashtags(where: _Where, _: Limit) -> Iterator[_Measured]:
    marks = _HASHTAG.findall(where.caption)
    yield _Measured(len(marks), where.own("caption"), where.caption)


def _mentions(where: _Where, _: Limit) -> Iterator[_Measured]:
    marks = _MENTION.findall(where.caption)
    yield _Measured(len(marks), where.own("caption"), where.caption)


def _tags(where: _Where, _: Limit) -> Iterator[_Measured]:
    tags = where.words.hashtags
    yield _Measured(sum(map(len, tags)), "hashtags", " ".join(tags))


def _first_comment(where: _Where, _: Limit) -> Iterator[_Measured]:
    comment = where.words.first_comment_on(where.network)
    yield _Measured(int(bool(comment)), where.own("first_comment"), comment)


def _number_of(fits: Callable[[Media], bool]) -> _Measure:
    def measure(where: _Where, _: Limit) -> Iterator[_Measured]:
        media = [one for one in where.words.media if fits(one)]
        yield _Measured(len(media), "media", _names(media))

    return measure


def _kinds(where: _Where, _: Limit) -> Iterator[_Measured]:
    media = where.words.media
    yield _Measured(len({one.kind for one in media}), "media", _names(media))


def _gifs(where: _Where, _: Limit) -> Iterator[_Measured]:
    """A GIF stands alone: beside it, every picture is one too many."""
    media = where.words.media
    alone = not any(_is_gif(one) for one in media)
    yield _Measured(0 if alone else len(media), "media", _names(media))


def _each(fits: Callable[[Media], bool], value: Callable[[Media], Value | None]) -> _Measure:
    """Of every file of that kind, what is known of it."""

    def measure(where: _Where, _: Limit) -> Iterator[_Measured]:
        for index, one in enumerate(where.words.media):
            if fits(one) and (known := value(one)):
                yield _Measured(known, f"media:{index}", name_of(one), index + 1)

    return measure


def _sides(fits: Callable[[Media], bool]) -> _Measure:
    """The shorter and the longer one: either may be what breaks the limit."""

    def measure(where: _Where, limit: Limit) -> Iterator[_Measured]:
        yield from _each(fits, _short_side)(where, limit)
        yield from _each(fits, lambda one: max(one.width, one.height))(where, limit)

    return measure


def _alt(where: _Where, limit: Limit) -> Iterator[_Measured]:
    for index, one in enumerate(where.words.media):
        if not _is_video(one):
            measured = _Measured(
                length(one.alt, limit.how), f"media:{index}", name_of(one), index + 1
            )
            yield measured


def _is_video(media: Media) -> bool:
    return media.kind is MediaKind.VIDEO


def _is_image(media: Media) -> bool:
    return media.kind is MediaKind.IMAGE


def _is_gif(media: Media) -> bool:
    return media.type == "image/gif"


def _is_still(media: Media) -> bool:
    return _is_image(media) and not _is_gif(media)


def _any(_media: Media) -> bool:
    return True


def _ratio(media: Media) -> float | None:
    return media.width / media.height if media.width and media.height else None


def _short_side(media: Media) -> int:
    return min(media.width, media.height)


def name_of(media: Media) -> str:
    """What was looked at: another file, or another description, is another finding."""
    return f"{media.digest or media.url} {media.alt}"


def _names(media: Iterable[Media]) -> str:
    return "\n".join(one.digest or one.url for one in media)


_HASHTAG: Final = regex.compile(
    r"(?<![\p{L}\p{N}_&/])[#＃][\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*"
)
_MENTION: Final = regex.compile(r"(?<![\p{L}\p{N}_./])[@＠][\p{L}\p{N}_][\p{L}\p{N}_.\-]*")

_CHECKS: Final[Mapping[str, _Check]] = {
    "text": _Check(_text, Rule.TEXT_TOO_LONG),
    "title": _Check(_title, Rule.TITLE_TOO_LONG, Rule.TITLE_MISSING),
    "hashtags": _Check(_hashtags, Rule.TOO_MANY_HASHTAGS),
    "tags": _Check(_tags, Rule.TAGS_TOO_LONG),
    "mentions": _Check(_mentions, Rule.TOO_MANY_MENTIONS),
    "first_comment": _Check(_first_comment, Rule.FIRST_COMMENT_LOST),
    "link": _Check(_link, Rule.LINK_TOO_LONG),
    "media": _Check(_number_of(_any), Rule.TOO_MANY_MEDIA, Rule.MEDIA_MISSING),
    "images": _Check(_number_of(_is_image), Rule.TOO_MANY_IMAGES, Rule.MEDIA_MISSING),
    "gifs": _Check(_gifs, Rule.TOO_MANY_GIFS),
    "videos": _Check(_number_of(_is_video), Rule.TOO_MANY_VIDEOS, Rule.VIDEO_MISSING),
    "kinds": _Check(_kinds, Rule.MIXED_MEDIA),
    "image_types": _Check(_each(_is_image, lambda one: one.type), Rule.IMAGE_TYPE, unit="type"),
    "image_bytes": _Check(_each(_is_still, lambda one: one.size), Rule.IMAGE_BYTES, unit="bytes"),
    "gif_bytes": _Check(_each(_is_gif, lambda one: one.size), Rule.IMAGE_BYTES, unit="bytes"),
    "image_width": _Check(_each(_is_image, lambda one: one.width), Rule.IMAGE_SIZE),
    "image_side": _Check(_sides(_is_image), Rule.IMAGE_SIZE),
    "image_short_side": _Check(_each(_is_image, _short_side), Rule.IMAGE_SIZE),
    "image_pixels": _Check(_each(_is_image, lambda one: one.width * one.height), Rule.IMAGE_PIXELS),
    "image_ratio": _Check(_each(_is_image, _ratio), Rule.IMAGE_RATIO, unit="ratio"),
    "video_types": _Check(_each(_is_video, lambda one: one.type), Rule.VIDEO_TYPE, unit="type"),
    "video_bytes": _Check(_each(_is_video, lambda one: one.size), Rule.VIDEO_BYTES, unit="bytes"),
    "video_side": _Check(_sides(_is_video), Rule.VIDEO_SIZE),
    "video_seconds": _Check(
        _each(_is_video, lambda one: one.duration_ms / 1000), Rule.VIDEO_SECONDS, unit="seconds"
    ),
    "video_ratio": _Check(_each(_is_video, _ratio), Rule.VIDEO_RATIO, unit="ratio"),
    "alt": _Check(_alt, Rule.ALT_TOO_LONG, Rule.ALT_MISSING),
}


def _said(value: Value, unit: str) -> Fact:
    """As a person reads it, in any language."""
    if isinstance(value, str):
        return value.partition("/")[2].removeprefix("x-").upper()
    match unit:
        case "bytes":
            return _bytes_said(int(value))
        case "seconds":
            return f"{value:.1f} s" if value < 60 else f"{value // 60:.0f} min {value % 60:.0f} s"  # noqa: PLR2004
        case "ratio":
            return f"{value:.2f}:1"
        case _:
            return int(value)


def _bytes_said(value: int) -> str:
    if value < 1 << 20:
        return f"{value / (1 << 10):.0f} KB"
    return f"{value / (1 << 20):.1f} MB" if value < 1 << 30 else f"{value / (1 << 30):.1f} GB"
