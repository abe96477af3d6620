"""The rules a post is checked by, and what a finding is and says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from postboard.domain.content import Placement
from postboard.locale.languages import N_, MessageId


class Severity(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"


class Rule(StrEnum):
    NO_NETWORK = "no_network"
    TEXT_TOO_LONG = "text_too_long"
    TITLE_MISSING = "title_missing"
    TITLE_TOO_LONG = "title_too_long"
    TOO_MANY_HASHTAGS = "too_many_hashtags"
    TAGS_TOO_LONG = "tags_too_long"
    TOO_MANY_MENTIONS = "too_many_mentions"
    FIRST_COMMENT_LOST = "first_comment_lost"
    LINK_TOO_LONG = "link_too_long"
    LINK_WITHOUT_SCHEME = "link_without_scheme"
    LINK_WITH_SPACE = "link_with_space"
    MEDIA_MISSING = "media_missing"
    VIDEO_MISSING = "video_missing"
    TOO_MANY_MEDIA = "too_many_media"
    TOO_MANY_IMAGES = "too_many_images"
    TOO_MANY_GIFS = "too_many_gifs"
    TOO_MANY_VIDEOS = "too_many_videos"
    VIDEO_NOT_TAKEN = "video_not_taken"
    MIXED_MEDIA = "mixed_media"
    IMAGE_TYPE = "image_type"
    IMAGE_BYTES = "image_bytes"
    IMAGE_SIZE = "image_size"
    IMAGE_PIXELS = "image_pixels"
    IMAGE_RATIO = "image_ratio"
    VIDEO_TYPE = "video_type"
    VIDEO_BYTES = "video_bytes"
    VIDEO_SIZE = "video_size"
    VIDEO_SECONDS = "video_seconds"
    VIDEO_RATIO = "video_ratio"
    ALT_MISSING = "alt_missing"
    ALT_TOO_LONG = "alt_too_long"
    TIME_PASSED = "time_passed"
    CLASH = "clash"
    REPEATED = "repeated"
    NEARLY_REPEATED = "nearly_repeated"
    REPEATED_AT_ONCE = "repeated_at_once"


OWN_RULE: Final = N_("Postboard’s own rule")

Fact = str | int


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a post does not keep, on one network or (empty) on all of them.

    `place` is a field of the editor: "caption", "caption@x", "title@youtube", "media:0" (counted
    from 0), "link", "first_comment@tiktok", "networks", "planned_at".
    """

    rule: Rule
    severity: Severity
    place: str
    network: str = ""
    placement: Placement = Placement.FEED
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    source: str = OWN_RULE
    checked_on: date | None = None
    judged: str = field(default="", repr=False)
    """What was looked at: other words, or another picture, are another finding."""

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKS

    @property
    def key(self) -> str:
        """Names exactly this finding, in 64 characters."""
        told = (self.rule, self.network, self.placement, self.place, self.facts, self.judged)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


SENTENCES: Final[Mapping[Rule, MessageId]] = {
    Rule.NO_NETWORK: N_("No network is chosen yet."),
    Rule.TEXT_TOO_LONG: N_("The text counts {value} characters; {limit} fit."),
    Rule.TITLE_MISSING: N_("It needs a title."),
    Rule.TITLE_TOO_LONG: N_("The title counts {value} characters; {limit} fit."),
    Rule.TOO_MANY_HASHTAGS: N_("There are {value} hashtags; the limit is {limit}."),
    Rule.TAGS_TOO_LONG: N_("The hashtags count {value} characters together; {limit} fit."),
    Rule.TOO_MANY_MENTIONS: N_("There are {value} mentions; the limit is {limit}."),
    Rule.FIRST_COMMENT_LOST: N_("A first comment cannot be posted here."),
    Rule.LINK_TOO_LONG: N_("The link with its parameters counts {value} characters; {limit} fit."),
    Rule.LINK_WITHOUT_SCHEME: N_("“{link}” needs https:// in front, or nobody can tap it."),
    Rule.LINK_WITH_SPACE: N_("There is a space in the link “{link}”."),
    Rule.MEDIA_MISSING: N_("It needs a picture or a video."),
    Rule.VIDEO_MISSING: N_("It needs a video."),
    Rule.TOO_MANY_MEDIA: N_("There are {value} pictures and videos; the limit is {limit}."),
    Rule.TOO_MANY_IMAGES: N_("There are {value} pictures; the limit is {limit}."),
    Rule.TOO_MANY_GIFS: N_("There are {value} GIFs; the limit is {limit}."),
    Rule.TOO_MANY_VIDEOS: N_("There are {value} videos; the limit is {limit}."),
    Rule.VIDEO_NOT_TAKEN: N_("Videos are not taken here."),
    Rule.MIXED_MEDIA: N_("Pictures and videos cannot go out in one post."),
    Rule.IMAGE_TYPE: N_("Picture {n} is {value}; {limit} is taken."),
    Rule.IMAGE_BYTES: N_("Picture {n} has {value}; {limit} is the limit."),
    Rule.IMAGE_SIZE: N_("Picture {n} measures {value} px; {limit} px is the limit."),
    Rule.IMAGE_PIXELS: N_("Picture {n} has {value} pixels in all; {limit} is the limit."),
    Rule.IMAGE_RATIO: N_("Picture {n} has the proportions {value}; {limit} fits."),
    Rule.VIDEO_TYPE: N_("Video {n} is {value}; {limit} is taken."),
    Rule.VIDEO_BYTES: N_("Video {n} has {value}; {limit} is the limit."),
    Rule.VIDEO_SIZE: N_("Video {n} measures {value} px; {limit} px is the limit."),
    Rule.VIDEO_SECONDS: N_("Video {n} lasts {value}; {limit} is the limit."),
    Rule.VIDEO_RATIO: N_("Video {n} has the proportions {value}; {limit} fits."),
    Rule.ALT_MISSING: N_("Picture {n} has no alternative text."),
    Rule.ALT_TOO_LONG: N_("Picture {n}: its alternative text counts {value}; {limit} fit."),
    Rule.TIME_PASSED: N_("The planned time has passed. Choose a new one."),
    Rule.CLASH: N_("{post} goes out here within the same hour."),
    Rule.REPEATED: N_("{post} says the same."),
    Rule.NEARLY_REPEATED: N_("{post} says almost the same."),
    Rule.REPEATED_AT_ONCE: N_("{post} before it says the same, and is refused a second time."),
}
"""What a finding says; its facts fill the holes. The network stands beside it."""
