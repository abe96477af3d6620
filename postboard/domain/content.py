"""What a post says: its words, and the limits every door holds them to."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from postboard.domain.errors import BadInput
from postboard.domain.workflow import ChangeTag

CAPTION_MAX = 64_000
TITLE_MAX = 300
LINK_MAX = 2048
REASON_MAX = 2000
MEDIA_MAX = 40

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

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Media:
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The part of a post that is approved; any change of it makes a new revision."""

    caption: str = ""
    title: str = ""
    link: str = ""
    first_comment: str = ""
    networks: tuple[str, ...] = ()
    media: tuple[Media, ...] = field(default_factory=tuple[Media, ...])

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
            media=tuple(
                Media(checked_picture(m.url), clean(m.alt, CAPTION_MAX)) for m in self.media
            ),
        )
        if unknown := [name for name in words.networks if name not in NETWORKS]:
            raise BadInput("There is no network called “{name}”.", name=unknown[0][:40])
        if len(words.media) > MEDIA_MAX:
            raise BadInput("A post takes at most {limit} pictures.", limit=MEDIA_MAX)
        if not (words.caption or words.title or words.media):
            raise BadInput("Write something first: a post needs words or a picture.")
        return words


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
