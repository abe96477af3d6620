"""Which stories a demo of a given size tells."""

from collections import Counter
from itertools import islice

from postboard.demo import acme, borealis, museum, xinghe
from postboard.demo.agency import ACME, BOREALIS, MUSEUM, XINGHE, Brand
from postboard.demo.more import made_stories
from postboard.demo.story import Story

BRANDS = (ACME, BOREALIS, XINGHE, MUSEUM)
WRITTEN: tuple[tuple[Brand, Story], ...] = (
    *((ACME, story) for story in acme.STORIES),
    *((BOREALIS, story) for story in borealis.STORIES),
    *((XINGHE, story) for story in xinghe.STORIES),
    *((MUSEUM, story) for story in museum.STORIES),
)


def stories(count: int) -> list[tuple[Brand, Story]]:
    """`count` posts: the written ones, then made ones."""
    if count < len(WRITTEN):
        return _from_every_state(count)
    return [*WRITTEN, *islice(made_stories(), count - len(WRITTEN))]


def _from_every_state(count: int) -> list[tuple[Brand, Story]]:
    """The first of every state, then the second of every state, and so on."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, int]] = []
    for number, (_, story) in enumerate(WRITTEN):
        turns.append((seen[story.state], number))
        seen[story.state] += 1
    return [WRITTEN[number] for number in sorted(number for _, number in sorted(turns)[:count])]
