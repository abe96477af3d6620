"""Figures beside a panel that lies on its side."""

from typing import Final

from postboard.charts.drawing.ground import Ground, columns_of
from postboard.charts.drawing.paint import text, words_token

COLUMN_PX: Final = 70


def columns(on: Ground) -> None:
    """Beside a panel that lies on its side the figures stand in columns, as in a table."""
    for column, series in enumerate(columns_of(on.panel)):
        place = {"xanchor": "left", "xshift": 10 + COLUMN_PX * column}
        font = {"size": 12, "color": words_token(series.tone)}
        on.annotations.append(
            {
                **on.at(1, 1, xref="x domain"),
                "yref": f"y{on.suffix} domain",
                "yanchor": "bottom",
                "yshift": 8,
                "text": text(series.name),
                **place,
                "font": font,
            }
        )
        on.annotations += [
            {
                **on.at(1, on.spot(mark), xref="x domain"),
                "text": text(mark.label),
                **place,
                "font": font,
            }
            for mark in series.marks
        ]
