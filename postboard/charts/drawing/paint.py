"""Colours, letters and figures as Plotly takes them."""

from typing import Any, Final, TypeGuard

from postboard.charts.spec import Said, Series, Tone, node

Json = dict[str, Any]

TOKENS: Final[dict[Tone, str]] = {
    Tone.ACCENT: "var(--accent)",
    Tone.INK: "var(--n11)",
    Tone.PLAN: "var(--n7)",
    Tone.PAST: "var(--n9)",
    Tone.SMALL: "var(--n9)",
    Tone.GOOD: "var(--green)",
    Tone.WARNING: "var(--amber)",
    Tone.BAD: "var(--red)",
    Tone.OURS: "var(--accent)",
    Tone.CLIENT: "var(--amber)",
    Tone.MAKING: "oklch(var(--state-l) 0.03 var(--making))",
    Tone.REVIEWING: "oklch(var(--state-l) var(--state-c) var(--reviewing))",
    Tone.REWORK: "oklch(var(--state-l) var(--state-c) var(--rework))",
    Tone.APPROVED: "oklch(var(--state-l) var(--state-c) var(--approved))",
    Tone.SCHEDULED: "oklch(var(--state-l) var(--state-c) var(--scheduled))",
    Tone.PUBLISHED: "var(--n11)",
}
WORDS: Final = "var(--n11)"
QUIET: Final = "var(--n10)"
SURFACE: Final = "var(--surface)"


def words_token(tone: Tone) -> str:
    """For letters, which need more contrast than lines and dots."""
    if tone in {Tone.PAST, Tone.SMALL, Tone.PLAN}:
        return QUIET
    return TOKENS[tone].replace("--state-l", "--word-l")


def text(*lines: Said, by: str = "") -> Json:
    """Lines of one text, or its parts on one line where `by` stands between them."""
    return {"t": [node(line) for line in lines], **({"by": by} if by else {})}


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float)


def rounded(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def tones(series: Series) -> str | list[str]:
    return one_or_all([TOKENS[mark.tone or series.tone] for mark in series.marks])


def one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(set(values)) == 1 else values


def dashes(colour: str, width: float, *, dashed: bool) -> Json:
    return {"color": colour, "width": width, "dash": "5px,4px" if dashed else "solid"}
