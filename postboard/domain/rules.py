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
    GUIDE_SHORT = "guide_short"
    GUIDE_LONG = "guide_long"
    GUIDE_WORD_MISSING = "guide_word_missing"
    GUIDE_WORDS_MISSING = "guide_words_missing"
    GUIDE_WORD_UNWANTED = "guide_word_unwanted"
    GUIDE_UNDISCLOSED = "guide_undisclosed"
    GUIDE_DISCLOSED_LATE = "guide_disclosed_late"
    GUIDE_EMOJI = "guide_emoji"
    GUIDE_HARD = "guide_hard"
    GUIDE_SENTENCE = "guide_sentence"
    GUIDE_TONE = "guide_tone"
    GUIDE_TONE_INSTEAD = "guide_tone_instead"
    GUIDE_LINK_MISSING = "guide_link_missing"
    GUIDE_LINK_UNWANTED = "guide_link_unwanted"
    GUIDE_LINK_ELSEWHERE = "guide_link_elsewhere"
    GUIDE_UTM_MISSING = "guide_utm_missing"
    GUIDE_RATIO = "guide_ratio"
    GUIDE_PICTURE_SMALL = "guide_picture_small"
    GUIDE_FILE_LARGE = "guide_file_large"
    GUIDE_ALT_MISSING = "guide_alt_missing"
    GUIDE_ALT_SHORT = "guide_alt_short"
    GUIDE_ALT_LONG = "guide_alt_long"
    GUIDE_DAY = "guide_day"
    GUIDE_HOUR = "guide_hour"
    GUIDE_LEAD = "guide_lead"


OWN_RULE: Final = N_("Postboard’s own rule")

Fact = str | int


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a guideline asks for something."""

    section: str
    """Its key."""
    title: str
    version: int
    client: str = ""
    """The client's name; empty for the agency's own guideline."""


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
    passage: Passage | None = None
    """Of a guideline's rule; a newer version that asks the same leaves the finding as it is."""

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKS

    @property
    def key(self) -> str:
        """Names exactly this finding, in 64 characters."""
        told = [self.rule, self.network, self.placement, self.place, self.facts, self.judged]
        if self.passage:
            told += [self.passage.client, self.passage.section]
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
    Rule.GUIDE_SHORT: N_("The text counts {value} characters; {limit} are the least."),
    Rule.GUIDE_LONG: N_("The text counts {value} characters; {limit} are the most."),
    Rule.GUIDE_WORD_MISSING: N_("“{word}” is missing."),
    Rule.GUIDE_WORDS_MISSING: N_("One of these is missing: {words}."),
    Rule.GUIDE_WORD_UNWANTED: N_("“{word}” is a word we do not use."),
    Rule.GUIDE_UNDISCLOSED: N_("It has to say what it is, with one of: {words}."),
    Rule.GUIDE_DISCLOSED_LATE: N_("“{word}” has to stand within the first {limit} characters."),
    Rule.GUIDE_EMOJI: N_("There are {value} emoji; the limit is {limit}."),
    Rule.GUIDE_HARD: N_("It reads hard: {value} on the LIX scale; {limit} is the most."),
    Rule.GUIDE_SENTENCE: N_("A sentence has {value} Chinese characters; {limit} are the most."),
    Rule.GUIDE_TONE: N_("“{word}” is not our tone."),
    Rule.GUIDE_TONE_INSTEAD: N_("“{word}” is not our tone; say “{instead}”."),
    Rule.GUIDE_LINK_MISSING: N_("It needs a link."),
    Rule.GUIDE_LINK_UNWANTED: N_("It takes no link."),
    Rule.GUIDE_LINK_ELSEWHERE: N_("The link leads to {value}; links lead to {limit}."),
    Rule.GUIDE_UTM_MISSING: N_("The link lacks {value}."),
    Rule.GUIDE_RATIO: N_("Picture {n} has the proportions {value}; the brand takes {limit}."),
    Rule.GUIDE_PICTURE_SMALL: N_("Picture {n} measures {value} px; {limit} px is the least."),
    Rule.GUIDE_FILE_LARGE: N_("File {n} has {value} MB; {limit} MB is the most."),
    Rule.GUIDE_ALT_MISSING: N_("Picture {n} needs an alternative text."),
    Rule.GUIDE_ALT_SHORT: N_("Picture {n}: its alternative text counts {value}; {limit} at least."),
    Rule.GUIDE_ALT_LONG: N_("Picture {n}: its alternative text counts {value}; {limit} at most."),
    Rule.GUIDE_DAY: N_("Nothing goes out on that day: {value}."),
    Rule.GUIDE_HOUR: N_("It goes out at {value}; posts go out {limit}."),
    Rule.GUIDE_LEAD: N_("It has to be ready {limit} hours ahead, at least."),
}
"""What a finding says; its facts fill the holes. The network stands beside it."""
