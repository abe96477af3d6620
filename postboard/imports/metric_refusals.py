"""What a table is that holds no figures of posts or days, so that a person knows what to do."""

from collections.abc import Mapping, Sequence
from typing import Final

from postboard.imports.metric_headers import english_key, header_key
from postboard.imports.plan_columns import header_score as plan_score
from postboard.imports.workbook import Cell
from postboard.locale import N_

_NOT_KNOWN: Final = N_(
    "No export of figures was recognised. The first row reads “{row}”. Exports of Meta Business "
    "Suite, Facebook Page Insights, X, LinkedIn, TikTok, YouTube Studio and Publer are read, in "
    "English; those of Meta in German too."
)
_YOUTUBE_OTHER: Final = N_(
    "This is YouTube's table by {what}, not by video. In YouTube Studio choose the tab Content "
    "before you export."
)
_YOUTUBE_CHART: Final = N_(
    "This is YouTube's chart data: each video day by day. Import Table data.csv of the same export."
)
_AUDIENCE: Final = N_(
    "This is a table of the audience ({what}). It holds no figures of posts or days."
)
_RESEARCH: Final = N_(
    "This is a data set for research, not an export: nothing in it says which post a row is about."
)
_PLAN: Final = N_("This looks like a content plan, not an export of figures: {columns}.")

_YOUTUBE: Final = frozenset(
    map(header_key, ("Views", "Watch time (hours)", "Average view duration", "Views (%)"))
)
_YOUTUBE_BY: Final = {
    "geography": N_("country"),
    "country": N_("country"),
    "city": N_("city"),
    "cities": N_("city"),
    "subscription status": N_("subscription status"),
    "subscription source": N_("subscription source"),
    "traffic source": N_("traffic source"),
    "viewer age": N_("age"),
    "viewer gender": N_("gender"),
    "device type": N_("device"),
    "operating system": N_("operating system"),
    "playlist": N_("playlist"),
    "playback location": N_("playback location"),
    "sharing service": N_("sharing service"),
    "subtitles and cc": N_("subtitles"),
    "video info language": N_("language"),
    "content type": N_("kind of content"),
    "new and returning viewers": N_("new and returning viewers"),
    "audience by watch behavior": N_("audience"),
}
_AUDIENCE_TITLES: Final = frozenset(
    map(
        header_key,
        ("Top cities", "Top countries", "Age & gender", "Top towns/cities", "Top Demographics"),
    )
)
_RESEARCH_HEADERS: Final = (
    frozenset({"status_id", "status_published", "num_reactions"}),
    frozenset({"page total likes", "post month", "post weekday", "post hour"}),
)
_LONGEST: Final = 120
_PLAN_SCORE: Final = 3


def what_it_is(first_rows: Sequence[Sequence[Cell]]) -> tuple[str, Mapping[str, object]]:
    """A sentence of the catalogue and its facts."""
    for cells in first_rows:
        keys = [english_key(cell) for cell in cells if isinstance(cell, str)]
        if sentence := _known_as_other(keys):
            return sentence
    titles = [
        str(cells[0]) for cells in first_rows if header_key(str(cells[0])) in _AUDIENCE_TITLES
    ]
    if titles:
        return _AUDIENCE, {"what": ", ".join(titles)}
    header = max(first_rows, key=len)
    if plan_score(header) >= _PLAN_SCORE:
        return _PLAN, {"columns": _shown(header, ", ")}
    return _NOT_KNOWN, {"row": _shown(header, " | ")}


def _known_as_other(keys: Sequence[str]) -> tuple[str, Mapping[str, object]] | None:
    named = set(keys)
    if any(research <= named for research in _RESEARCH_HEADERS):
        return _RESEARCH, {}
    if not keys or not named & _YOUTUBE:
        return None
    if keys[0] in _YOUTUBE_BY:
        return _YOUTUBE_OTHER, {"what": _YOUTUBE_BY[keys[0]]}
    return (_YOUTUBE_CHART, {}) if {"date", "content"} <= named else None


def _shown(cells: Sequence[Cell], between: str) -> str:
    text = between.join(str(cell) for cell in cells if cell != "")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
