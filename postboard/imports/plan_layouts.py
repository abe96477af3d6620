"""The layouts plans come in, and the files that are mistaken for plans."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from postboard.imports import plan_own
from postboard.imports.plan_columns import header_key, numberless
from postboard.imports.plan_dates import DateOrder, reads_as_moment
from postboard.imports.tabular import Row
from postboard.imports.workbook import Cell
from postboard.locale import N_


@dataclass(frozen=True, slots=True)
class Layout:
    """A known header: the keys it must have, the keys it may not have, its own aliases."""

    key: str
    needs: frozenset[str]
    lacks: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])


def _layout(key: str, needs: str, lacks: str = "", **aliases: str) -> Layout:
    own = {column: meaning for meaning, columns in aliases.items() for column in columns.split()}
    return Layout(key, frozenset(needs.split()), frozenset(lacks.split()), own)


# The first that fits wins.
_LAYOUTS: Final = (
    _layout(
        "metricool",
        "text date time draft pictureurl",
        title="documenttitle pinterestpintitle youtubevideotitle facebooktitle tiktoktitle",
        link="pinterestpinlink",
        post_type="instagramposttype facebookposttype",
    ),
    _layout("publer", "date text link mediaurl label comment", first_comment="comment"),
    _layout("sprout", "date time24hr messagetext"),
    _layout("gohighlevel", "postatspecifictime content"),
    _layout("socialbee", "postatspecifictime text"),
    _layout("ayrshare", "post platforms scheduledate"),
    _layout("buffer", "text platform scheduleddate"),
    _layout("buffer", "text postingtime"),
    _layout("hootsuite", "date message link", lacks="time platform"),
)
GENERIC: Final = Layout("calendar", frozenset())
# Hootsuite's own files have no header: the columns are known by their places.
HOOTSUITE: Final = Layout(
    "hootsuite", frozenset(), aliases={"1": "date", "2": "caption", "3": "link"}
)


def layout_of(names: Iterable[str]) -> Layout:
    keys = {numberless(header_key(name)) for name in names} | {header_key(name) for name in names}
    own = plan_own.aliases_of(frozenset(keys))
    if own:
        return Layout(plan_own.KEY, frozenset(), aliases=own)
    for layout in _LAYOUTS:
        if layout.needs <= keys and layout.lacks.isdisjoint(keys):
            return layout
    return GENERIC


def is_headerless_hootsuite(rows: Sequence[Row]) -> bool:
    """Rows of date, message and perhaps a link, from the first line on."""
    sample = rows[:20]
    fitting = sum(_is_hootsuite_row(row.cells) for row in sample)
    return fitting * 10 >= len(sample) * 9 and fitting > 0


def _is_hootsuite_row(cells: Sequence[Cell]) -> bool:
    if len(cells) not in (2, 3) or not reads_as_moment(cells[0]):
        return False
    message, link = cells[1], cells[2] if len(cells) > 2 else ""  # noqa: PLR2004
    words = isinstance(message, str) and any(character.isalpha() for character in message)
    return words and isinstance(link, str) and (not link or "://" in link)


_ORDER_IN_HEADER: Final = re.compile(r"\b(mm?|dd?|tt?|jj?)[/.-](mm?|dd?)[/.-][yaj]", re.IGNORECASE)


def documented_order(header: str) -> DateOrder | None:
    """`Date (MM/DD/YYYY)` says it itself."""
    written = _ORDER_IN_HEADER.search(header)
    if not written:
        return None
    return DateOrder.MONTH_FIRST if written[1][0].lower() == "m" else DateOrder.DAY_FIRST


# --- files of another kind ---

_EXPORTS: Final = (
    (
        N_("This looks like an Instagram metrics export, not a content plan."),
        ("post id; account id; account username; views", "post id; account username; reach"),
    ),
    (
        N_("This looks like a Facebook metrics export, not a content plan."),
        (
            "post id; page id; page name",
            "video asset id; page id",
            "beitrags id; seiten id",
            "post id; permalink; post message",
        ),
    ),
    (
        N_("This looks like a Meta chart export with one number a day, not a content plan."),
        ("date; primary",),
    ),
    (
        N_("This looks like an X metrics export, not a content plan."),
        (
            "tweet id; tweet text; impressions",
            "date; tweets published; impressions",
            "post id; post text; impressions; engagements",
            "date; impressions; engagements; new follows; create post",
        ),
    ),
    (
        N_("This looks like a LinkedIn metrics export, not a content plan."),
        (
            "date; impressions (organic); clicks (organic)",
            "post title; post link; impressions; click through rate (ctr)",
            "post url; post publish date; engagements",
        ),
    ),
    (
        N_("This looks like a TikTok metrics export, not a content plan."),
        (
            "video title; video link; post time",
            "date; video views; profile views",
            "date; total viewers; new viewers",
            "date; followers; difference in followers from previous day",
        ),
    ),
    (
        N_("This looks like a YouTube metrics export, not a content plan."),
        ("content; video title; video publish time", "content; views; watch time (hours)"),
    ),
    (
        N_("This looks like a table of views by place or audience, not a content plan."),
        (
            "geography; views",
            "country; views",
            "subscription status; views",
            "viewer age; views (%)",
            "traffic source; views",
            "device type; views",
            "top cities",
            "top countries",
            "age & gender",
        ),
    ),
    (
        N_("This looks like a Publer metrics export, not a content plan."),
        (
            "date; social account; social network; post link; reach",
            "workspace name; number of social accounts; followers",
        ),
    ),
)
RESULTS: Final = "This looks like a table of results ({columns}), not a content plan."
GRID: Final = "grid"
NO_GRID_WORDS: Final = (
    "This is a calendar drawn as a grid, and no words were found beneath the days of it."
)
SEVERAL_TABLES: Final = (
    "Row {row} begins a second table with other columns. Save each table as a file of its own."
)
BLOG_CALENDAR: Final = (
    "This looks like a calendar of blog articles ({columns}), not of social posts."
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_METRICS: Final = _words("""
    impressions views reach likes comments shares saves engagements engagement engagementrate
    clicks linkclicks retweets reposts replies followers follows subscribers watchtime reactions
    bookmarks videoviews profilevisits totalclicks urlclicks loves wows hahas sads angrys
    newfollowers avgviewduration like share comment interactions impresiones alcance
    engagementscore
    """)
# What only somebody who plans writes down.
_PLANNED: Final = _words("""
    hashtags status duedate scheduleddate scheduledate timeslot plannedon planneddate
    postingtime firstcomment draft caption mediaurl time postprogress
    """)
_BLOG: Final = _words("""
    blogtitle blogpost blogposttitle blogtopic articletitle slug metadescription targetkeyword
    focuskeyword keyword keywords primarykeyword wordcount seotitle metatitle searchvolume author
    """)
_FEW: Final = 3


def export_sentence(rows: Iterable[Row]) -> str | None:
    """What kind of metrics export one of these rows heads, if any."""
    for row in rows:
        keys = {_whole_key(cell) for cell in row.cells if isinstance(cell, str)}
        for sentence, signatures in _EXPORT_KEYS:
            if any(signature <= keys for signature in signatures):
                return sentence
    return None


def result_columns(names: Sequence[str]) -> list[str]:
    """The columns that count results, when a table does little else; else none."""
    keys = [header_key(name).removeprefix("num") for name in names]
    counted = [name for name, key in zip(names, keys, strict=True) if _is_metric(key)]
    others = sum(bool(name) for name in names) - len(counted)
    if not _PLANNED.isdisjoint(keys) or not counted:
        return []
    return counted if len(counted) >= _FEW or others <= 1 else []


def _is_metric(key: str) -> bool:
    return key in _METRICS or key.startswith("lifetimepost")


def blog_columns(names: Sequence[str]) -> list[str]:
    """The columns only a blog has, when there are two or more of them; else none."""
    found = [name for name in names if header_key(name) in _BLOG]
    return found if len(found) > 1 else []


def _whole_key(text: str) -> str:
    """Unlike a header key this keeps brackets: `Clicks (organic)` is one of three."""
    return "".join(character for character in text.casefold() if character.isalnum())


_EXPORT_KEYS: Final = tuple(
    (sentence, [frozenset(map(_whole_key, signature.split(";"))) for signature in signatures])
    for sentence, signatures in _EXPORTS
)
