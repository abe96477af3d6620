"""Several panels alike, each a low strip with its name before it and its sum behind it, as the rows
of a table: all on one scale, above one axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from postboard.charts.drawing.ground import Ground
from postboard.charts.drawing.paint import QUIET, WORDS, Json, is_number, text
from postboard.charts.spec import FEW_PANELS, Panel, Said

STRIP_PX: Final = 28
BETWEEN_PX: Final = 10
TOP_PX: Final = 12
_LETTER_PX: Final = 7
_GAP_PX: Final = 8
_ROOM: Final = 1.05
"""Above the highest mark."""


@dataclass(frozen=True, slots=True)
class Strip:
    most: float
    """As far as the scale of all of them goes."""
    is_last: bool
    """Below it stand the names of the axis."""


def strips(panels: Sequence[Panel]) -> list[Strip]:
    """None for panels so few that each has room of its own."""
    if len(panels) <= FEW_PANELS:
        return []
    marks = [mark for panel in panels for series in panel.series for mark in series.marks]
    highest = max((float(mark.value) for mark in marks if is_number(mark.value)), default=1.0)
    return [Strip(highest * _ROOM, panel is panels[-1]) for panel in panels]


def margins(panels: Sequence[Panel]) -> Json:
    """Room for the names before, and for the sums behind."""
    return {
        "l": _GAP_PX + _LETTER_PX * max(len(str(panel.title)) for panel in panels),
        "r": _GAP_PX + _LETTER_PX * max(len(str(panel.aside)) for panel in panels),
        "t": TOP_PX,
    }


def as_strip(on: Ground, strip: Strip) -> None:
    base, values = on.axes[f"xaxis{on.suffix}"], on.axes[f"yaxis{on.suffix}"]
    base |= {"showline": True, "showticklabels": strip.is_last}
    quiet = {"showticklabels": False, "showgrid": False, "showline": False}
    values |= {"range": [0, strip.most], **quiet}
    _beside(on, on.panel.title, QUIET, {"x": 0, "xanchor": "right", "xshift": -_GAP_PX})
    _beside(on, on.panel.aside, WORDS, {"x": 1, "xanchor": "left", "xshift": _GAP_PX})


def _beside(on: Ground, said: Said, colour: str, place: Json) -> None:
    on.annotations.append(
        {
            "xref": f"x{on.suffix} domain",
            "yref": f"y{on.suffix} domain",
            "y": 0.5,
            "yanchor": "middle",
            "text": text(said),
            "showarrow": False,
            "font": {"size": 12, "color": colour},
            **place,
        }
    )
