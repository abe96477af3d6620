"""What a post says: its words, and the limits every door holds them to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import TypeAdapter, ValidationError

from postboard.domain.errors import BadInput
from postboard.domain.workflow import ChangeTag

Shape = TypeVar("Shape")

CAPTION_MAX = 64_000
TITLE_MAX = 300
LINK_MAX = 2048
REASON_MAX = 2000
MEDIA_MAX = 40
TAG_MAX = 100
TAGS_MAX = 60
ALT_MAX = 4_100

NETWORKS = (
    "facebook",
    "instagram",
    "x",
    "linkedin",
    "tiktok",
    "youtube",
    "pinterest",
    "threads",
    "bluesky",
    "mastodon",
    "google_business",
    "weibo",
    "wechat",
    "xiaohongshu",
)


class Placement(StrEnum):
    """Where on a network a post stands."""

    FEED = "feed"
    STORY = "story"
    REEL = "reel"
    AD = "ad"


PLACEMENTS: Mapping[str, tuple[Placement, ...]] = {
    **dict.fromkeys(NETWORKS, (Placement.FEED,)),
    "facebook": (Placement.FEED, Placement.STORY, Placement.REEL, Placement.AD),
    "instagram": (Placement.FEED, Placement.STORY, Placement.REEL),
    "youtube": (Placement.FEED, Placement.REEL),
}
"""What each network offers; YouTube's reel is its Short."""


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that a crop keeps in view, 0..1 from the left and the top.

    `placement` is one crop's; empty means every crop that has none of its own.
    """

    x: float
    y: float
    placement: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """An image or video of a post.

    From the client's library it has an `asset` (hex id) and what the server found out about the
    file: `digest` (SHA-256 of the original), `type`, `size` in bytes, width and height in px.
    A picture elsewhere on the web is known by its address alone.
    """

    url: str
    alt: str = ""
    asset: str = ""
    digest: str = ""
    kind: MediaKind = MediaKind.IMAGE
    type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    focus: tuple[Focus, ...] = ()

    @property
    def thumb(self) -> str:
        """A small picture of it."""
        return f"/media/{self.asset}/thumb" if self.asset else self.url


@dataclass(frozen=True, slots=True)
class Variant:
    """What is different on one network; None is as in the master."""

    network: str
    caption: str | None = None
    title: str | None = None
    first_comment: str | None = None
    placements: tuple[Placement, ...] = (Placement.FEED,)


@dataclass(frozen=True, slots=True)
class Utm:
    """What is added to the link; `{network}` in it becomes the network's name."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The part of a post that is approved; any change of it makes a new revision."""

    caption: str = ""
    title: str = ""
    link: str = ""
    first_comment: str = ""
    networks: tuple[str, ...] = ()
    media: tuple[Media, ...] = field(default_factory=tuple[Media, ...])
    variants: tuple[Variant, ...] = ()
    hashtags: tuple[str, ...] = ()
    """Without the `#`."""
    mentions: tuple[str, ...] = ()
    """Without the `@`."""
    utm: Utm = field(default_factory=Utm)

    def checked(self) -> "Words":
        """The same words, cleaned of control characters and within every limit.

        Raises:
            BadInput: a limit is passed, or there is nothing in it.
        """
        words = Words(
            caption=clean(self.caption, CAPTION_MAX, many_lines=True),
            title=clean(self.title, TITLE_MAX),
            link=checked_link(self.link),
            first_comment=clean(self.first_comment, CAPTION_MAX, many_lines=True),
            networks=tuple(dict.fromkeys(self.networks)),
            media=tuple(_checked_media(one) for one in self.media),
            variants=tuple(
                sorted(
                    (checked for one in self.variants if (checked := _checked_variant(one))),
                    key=lambda one: NETWORKS.index(one.network),
                )
            ),
            hashtags=_checked_tags(self.hashtags, "#＃"),
            mentions=_checked_tags(self.mentions, "@＠"),
            utm=Utm(**{name: clean(value, TITLE_MAX) for name, value in asdict(self.utm).items()}),
        )
        _refuse_unknown(words.networks)
        if len(words.media) > MEDIA_MAX:
            raise BadInput("A post takes at most {limit} pictures.", limit=MEDIA_MAX)
        if not (words.caption or words.title or words.media):
            raise BadInput("Write something first: a post needs words or a picture.")
        return words

    def changed_since(self, old: "Words") -> list[str]:
        """The names of the fields that differ, in their order."""
        names = Words.__dataclass_fields__
        return [name for name in names if getattr(self, name) != getattr(old, name)]

    def variant(self, network: str) -> Variant:
        return next((one for one in self.variants if one.network == network), Variant(network))

    def caption_on(self, network: str) -> str:
        """The whole text as it goes out: the caption, then mentions and hashtags it lacks."""
        own = self.variant(network).caption
        text = self.caption if own is None else own
        marks = [f"@{name}" for name in self.mentions] + [f"#{tag}" for tag in self.hashtags]
        said = text.casefold().split()
        missing = " ".join(mark for mark in marks if mark.casefold() not in said)
        return "\n\n".join(part for part in (text, missing) if part)

    def title_on(self, network: str) -> str:
        own = self.variant(network).title
        return self.title if own is None else own

    def first_comment_on(self, network: str) -> str:
        own = self.variant(network).first_comment
        return self.first_comment if own is None else own

    def link_on(self, network: str) -> str:
        """The link with its UTM parameters, which replace equal ones that it has already."""
        added = {
            f"utm_{name}": value.replace("{network}", network)
            for name, value in asdict(self.utm).items()
            if value
        }
        if not (self.link and added):
            return self.link
        parts = urlsplit(self.link)
        kept = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in added]
        query = urlencode([*kept, *added.items()])
        return urlunsplit(parts._replace(query=query))


_WORDS = TypeAdapter(Words)
_MEDIA = TypeAdapter(Media)
_VARIANT = TypeAdapter(Variant)


def words_as_json(words: Words) -> dict[str, Any]:
    """Plain JSON; `words_from_json` reads it back."""
    return _WORDS.dump_python(words, mode="json")


def words_from_json(stored: Mapping[str, Any]) -> Words:
    """What older rows lack has its default.

    Raises:
        BadInput: it is not of that shape.
    """
    return _read(_WORDS, stored)


def media_as_json(media: Media) -> dict[str, Any]:
    return _MEDIA.dump_python(media, mode="json")


def variant_from_json(stored: Mapping[str, Any]) -> Variant:
    return _read(_VARIANT, stored)


def _read(adapter: TypeAdapter[Shape], stored: Any) -> Shape:
    try:
        return adapter.validate_python(stored)
    except ValidationError as wrong:
        raise BadInput from wrong


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is taken. Requests for changes carry tags too."""

    text: str = ""
    tags: tuple[ChangeTag, ...] = ()

    def checked(self) -> "Reason":
        return Reason(
            clean(self.text, REASON_MAX, many_lines=True), tuple(dict.fromkeys(self.tags))
        )


def clean(text: str, limit: int, *, many_lines: bool = False) -> str:
    """Without control characters and outer space.

    Raises:
        BadInput: longer than `limit` characters.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not many_lines:
        text = " ".join(text.split())
    if len(text) > limit:
        raise BadInput(
            "That is {length} characters long; this field takes {limit}.",
            length=len(text),
            limit=limit,
        )
    return text


def checked_link(link: str) -> str:
    """An http(s) address, or nothing.

    Raises:
        BadInput: it is something else.
    """
    link = clean(link, LINK_MAX)
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadInput("A link starts with https://, this one is “{link}”.", link=link[:60])
    return link


def checked_picture(address: str) -> str:
    """An http(s) address, or a path of this server.

    Raises:
        BadInput: it is something else, or nothing.
    """
    address = clean(address, LINK_MAX)
    if not address:
        raise BadInput
    # Browsers read "//" and "/\" as the beginning of another server's name.
    is_path = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if is_path else checked_link(address)


def _checked_media(media: Media) -> Media:
    if not media.asset:  # what a browser claims of a picture elsewhere counts nothing
        media = Media(media.url, media.alt, kind=media.kind, focus=media.focus)
    return replace(
        media,
        url=checked_picture(media.url),
        alt=clean(media.alt, ALT_MAX, many_lines=True),
        focus=tuple(_checked_focus(point) for point in media.focus[: len(Placement) + 1]),
    )


def _checked_focus(point: Focus) -> Focus:
    if point.placement and point.placement not in set(Placement):
        raise BadInput
    return Focus(_share(point.x), _share(point.y), point.placement)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)


def _checked_variant(variant: Variant) -> Variant | None:
    """None where it says nothing of its own."""
    _refuse_unknown((variant.network,))
    offered = PLACEMENTS[variant.network]
    checked = Variant(
        variant.network,
        _checked_or_none(variant.caption, CAPTION_MAX, many_lines=True),
        _checked_or_none(variant.title, TITLE_MAX),
        _checked_or_none(variant.first_comment, CAPTION_MAX, many_lines=True),
        tuple(one for one in offered if one in variant.placements) or (Placement.FEED,),
    )
    return None if checked == Variant(variant.network) else checked


def _checked_or_none(text: str | None, limit: int, *, many_lines: bool = False) -> str | None:
    return None if text is None else clean(text, limit, many_lines=many_lines)


def _checked_tags(tags: Iterable[str], marks: str) -> tuple[str, ...]:
    cleaned = [clean(tag, TAG_MAX).lstrip(marks).replace(" ", "") for tag in tags]
    found = tuple(dict.fromkeys(tag for tag in cleaned if tag))
    if len(found) > TAGS_MAX:
        raise BadInput("At most {limit} of them fit here.", limit=TAGS_MAX)
    return found


def _refuse_unknown(networks: Iterable[str]) -> None:
    for name in networks:
        if name not in NETWORKS:
            raise BadInput("There is no network called “{name}”.", name=name[:40])
