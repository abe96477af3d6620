"""What a plan holds once read: posts, rows left out and why, and what is worth a warning."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

_FIRST_LINE_CHARACTERS: Final = 200
# Where a post stands in the file is no part of what it says.
_NOT_CONTENT: Final = frozenset({"row", "cell", "occurrence", "version"})
# What plans did not know at first counts only where it says something: digests of old stand.
_ADDED: Final = frozenset({"campaign", "pillar"})


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """One row of a plan.

    `row` is the row a spreadsheet shows. `planned_at` is aware UTC, None for an undated idea;
    where the file gives a day without a time it is 09:00 in the client's zone and `timed` is
    False. `planned_on` is that day in the zone. `file_status` is the file's own word, never a
    state of ours. `placement` is feed, story, reel or "", `post_type` the words it came from.
    `hashtags` come from a column of their own and are not in the caption. `alt_texts` go with
    `media_urls` by position. `occurrence` counts rows of one file that identify alike. `cell` is
    the one cell of a month grid that the post stands in. `version` is that of the post which a
    file of our own was written from.
    """

    row: int
    caption: str
    planned_at: datetime | None
    timed: bool
    networks: tuple[str, ...]
    link: str = ""
    media_urls: tuple[str, ...] = ()
    title: str = ""
    first_comment: str = ""
    further_comments: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    placement: str = ""
    post_type: str = ""
    language: str = ""
    alt_texts: tuple[str, ...] = ()
    file_status: str = ""
    reference: str = ""
    planned_on: date | None = None
    occurrence: int = 1
    campaign: str = ""
    pillar: str = ""
    cell: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no post. `message_id` is a sentence of the catalogue, `facts` fill it."""

    row: int
    message_id: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    cell: str = ""

    @property
    def reason(self) -> str:
        return self.message_id.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """Something a person should know before importing, in one sentence of the catalogue."""

    message_id: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def text(self) -> str:
        return self.message_id.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Taken:
    """A column and what it is read as, "" for nothing; `example` is the first of its cells."""

    at: int
    name: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class GridMonth:
    """A sheet that draws a month, and which one: like 2026-11, "" where nothing says it."""

    sheet: str
    month: str


@dataclass(frozen=True, slots=True)
class Outline:
    """How a file is taken, and what only a person can say.

    `signature` is the same for files with the same header. `header` says whether the first row
    names the columns; `header_is_open` whether that can be said otherwise. `order` is the order of
    03/04/2026 that was used, `example` such a date, and `asks_order` the same where the file leaves
    it open and nobody has said it. `unnamed` counts cells of a grid that name no network while
    others do, `asks_notes` as long as nobody has said what they are.
    """

    signature: str = ""
    is_grid: bool = False
    header: bool = True
    header_is_open: bool = False
    columns: tuple[Taken, ...] = ()
    months: tuple[GridMonth, ...] = ()
    order: str = ""
    asks_order: str = ""
    example: str = ""
    asks_notes: int = 0
    unnamed: int = 0

    @property
    def asks(self) -> bool:
        """Whether something has to be said before its posts can come in."""
        lacks_month = any(not one.month for one in self.months)
        return bool(self.asks_order or self.asks_notes or lacks_month)


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A whole plan. `rows_read` = posts + skipped; blank rows and the header are not counted.

    `columns` maps recognised headers to what they were read as (`network:<key>` for a column
    that says yes or no), in the order of the file. `header_row` is None for a file without one.
    """

    filename: str
    layout: str
    encoding: str
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows_read: int
    posts: tuple[PlannedPost, ...]
    skipped: tuple[SkippedRow, ...]
    warnings: tuple[PlanWarning, ...]
    outline: Outline = field(default_factory=Outline, compare=False)


def identity(post: PlannedPost) -> tuple[str, ...]:
    """What makes two rows the same post, so that the later one updates the earlier one.

    The file's own id where it has one: then everything else may change. Otherwise the first
    line of the words (or title, or media), the networks and the day. So the same post is one
    whose later lines, hour, link, hashtags or media changed; a new first line, another day or
    other networks make another post, as nothing in such a file says otherwise. Rows of one
    file that still identify alike are told apart by their running number.
    """
    number = str(post.occurrence)
    if post.reference:
        return ("reference", _plain(post.reference), number)
    day = post.planned_on.isoformat() if post.planned_on else ""
    return ("words", _first_line(post), ",".join(sorted(post.networks)), day, number)


def fingerprint(post: PlannedPost) -> str:
    """The identity as a SHA-256 in hexadecimal: a key to store and look up."""
    return _sha256(identity(post))


def content_digest(post: PlannedPost) -> str:
    """SHA-256 over all a row says. Same fingerprint, other digest: the post was edited."""
    said = {
        name: value
        for name, value in asdict(post).items()
        if name not in _NOT_CONTENT and (value or name not in _ADDED)
    }
    return _sha256(said)


def _first_line(post: PlannedPost) -> str:
    words = post.caption or post.title or " ".join(post.media_urls)
    return _plain(words.strip().split("\n", 1)[0])[:_FIRST_LINE_CHARACTERS]


def _plain(text: str) -> str:
    """Without differences nobody sees: letter case, width, runs of blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sha256(value: Sequence[str] | Mapping[str, object]) -> str:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
