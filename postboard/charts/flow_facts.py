"""What charts of flow share: what a passage is called, what its ends are, and how few are few."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from postboard.charts.facts import period_of
from postboard.charts.spec import (
    LABEL_MAX,
    Doing,
    Empty,
    Said,
    Tone,
    figure_text,
    says,
)
from postboard.domain.flow import Passage
from postboard.domain.flow_counts import StateWip
from postboard.domain.flow_report import PostName
from postboard.domain.periods import Period
from postboard.domain.workflow import State, Turn
from postboard.locale.languages import N_, MessageId
from postboard.names import STATES

Names: TypeAlias = Mapping[UUID, PostName]

DOTS_MAX: Final = 75
"""Of single posts with what they took: what 20 KB hold."""
ENDS: Final = N_("start: first submitted; finish: approved for publishing")
OVER: Final = N_("{state}: {n} of at most {limit}, over the limit")
TURNS: Final[Mapping[Turn, MessageId]] = {
    Turn.AGENCY: N_("With us"),
    Turn.CLIENT: N_("With the client"),
}
TURN_TONES: Final[Mapping[Turn, Tone]] = {Turn.AGENCY: Tone.OURS, Turn.CLIENT: Tone.CLIENT}


def label_of(post_id: UUID, names: Names) -> str:
    """A post in few letters: its key and how its words begin."""
    name = names.get(post_id)
    line = " ".join(f"{name.key} {name.text}".split()) if name else ""
    return line if len(line) <= LABEL_MAX else f"{line[: LABEL_MAX - 1].rstrip()}…"


def key_of(post_id: UUID, names: Names) -> str:
    name = names.get(post_id)
    return name.key if name else ""


def ids_of(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Each post once, however often it passed."""
    return tuple(dict.fromkeys(one.post_id.hex for one in passages))


def state_name(state: State) -> Said:
    return STATES[state]


def state_with_limit(one: StateWip) -> Said:
    """What stands there now, where it has a limit."""
    if one.limit is None:
        return state_name(one.state)
    sentence = OVER if one.over else N_("{state}: {n} of at most {limit}")
    return says(sentence, state=state_name(one.state), n=one.n, limit=one.limit)


def approved_of(n: int) -> Said:
    return says(N_("n = {n} approved"), n=figure_text(n))


def nothing_approved(period: Period) -> Empty:
    sentence = says(N_("No posts were approved {period}."), period=period_of(period))
    return Empty(sentence, Doing.WIDEN_PERIOD)


def thinned(passages: Sequence[Passage], room: int = DOTS_MAX) -> list[Passage]:
    """At most `room` of them, evenly by how long they took, the fastest and slowest among them."""
    ranked = sorted(passages, key=lambda one: (one.cycle_days or 0, one.post_id, one.number))
    if len(ranked) <= room:
        return ranked
    step = (len(ranked) - 1) / (room - 1)
    return [ranked[round(place * step)] for place in range(room)]
