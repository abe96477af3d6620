"""What stands between a post and its review: every rule, on plain values.

`findings` knows nothing of who asks or of what was let pass. What a post does not say (the size
of a picture elsewhere on the web) is not found fault with.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.content import NETWORKS, MediaKind, Words
from postboard.domain.counting import BARE_LINK, FULL_LINK, LINK_TAIL
from postboard.domain.guideline_checks import Asked, Judging, unkept
from postboard.domain.limit_checks import name_of, past_limits
from postboard.domain.platforms import limits_of
from postboard.domain.repetition import find_repeat, same_words
from postboard.domain.rules import Fact, Finding, Rule, Severity

APART: Final = timedelta(hours=1)
"""Two posts of a client on one network that come closer clash."""
RECENT: Final = timedelta(days=60)
"""How far back the same words are looked for."""
LINKS_BY_ITSELF: Final = "x"
"""The network that makes a link of acme.com."""


@dataclass(frozen=True, slots=True)
class Guided:
    """What the guidelines ask of a client's posts."""

    asked: tuple[Asked, ...] = ()
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - it never changes
    """The client's."""
    ready_at: datetime | None = None
    """When the post's words were submitted."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another post of the same client: planned or made lately, or planned near this one."""

    key: str
    """ACME-12."""
    words: Words
    planned_at: datetime | None = None


def findings(
    words: Words,
    *,
    now: datetime,
    planned_at: datetime | None = None,
    neighbours: Sequence[Neighbour] = (),
    guided: Guided = Guided(),
) -> tuple[Finding, ...]:
    """All that is found, what blocks first, then by network and place as the page shows them.

    Args:
        words: Of the post.
        now: The moment it is judged.
        planned_at: When it is to be published.
        neighbours: Other posts of the client, the newest first.
        guided: What the guidelines ask.
    """
    networks = [name for name in NETWORKS if name in words.networks]
    found = [
        *_without_network(words),
        *(one for network in networks for one in past_limits(words, network)),
        *_without_alt(words),
        *_broken_links(words),
        *_passed(planned_at, now),
        *(one for name in networks for one in _clashes(name, planned_at, neighbours)),
        *_repeats(words, neighbours),
        *_refused_repeat(words, planned_at, neighbours),
        *unkept(guided.asked, Judging(words, now, planned_at, guided.zone, guided.ready_at)),
    ]
    return tuple(sorted(found, key=lambda one: not one.blocks))


def _without_network(words: Words) -> Iterator[Finding]:
    if not words.networks:
        yield Finding(Rule.NO_NETWORK, Severity.BLOCKS, "networks")


def _without_alt(words: Words) -> Iterator[Finding]:
    """Where a network asks for it, its own limit says so already."""
    if any(limit.min for name in words.networks for limit in limits_of(name).get("alt", ())):
        return
    for index, media in enumerate(words.media):
        if media.kind is MediaKind.IMAGE and not media.alt:
            facts: dict[str, Fact] = {"n": index + 1}
            yield Finding(
                Rule.ALT_MISSING,
                Severity.WARNS,
                f"media:{index}",
                facts=facts,
                judged=name_of(media),
            )


def _broken_links(words: Words) -> Iterator[Finding]:
    """In the texts it is a slip that readers can live with; the link itself must lead somewhere."""
    for place, network, text in _captions(words):
        for link in _spaced_links(text):
            facts = {"link": link}
            yield Finding(
                Rule.LINK_WITH_SPACE, Severity.WARNS, place, network, facts=facts, judged=text
            )
        for link in _bare_links(text) if network != LINKS_BY_ITSELF else ():
            facts = {"link": link}
            yield Finding(
                Rule.LINK_WITHOUT_SCHEME, Severity.WARNS, place, network, facts=facts, judged=text
            )
    link = words.link
    facts = {"link": link[:_SHOWN]}
    if re.search(r"\s", link):
        yield Finding(Rule.LINK_WITH_SPACE, Severity.BLOCKS, "link", facts=facts, judged=link)
    elif link and not link.lower().startswith(("http://", "https://")):
        yield Finding(Rule.LINK_WITHOUT_SCHEME, Severity.BLOCKS, "link", facts=facts, judged=link)


def _captions(words: Words) -> Iterator[tuple[str, str, str]]:
    """Every text once: place, network (empty for the one that several share), text."""
    if _networks_of_master(words) or not words.networks:
        yield "caption", "", words.caption
    for variant in words.variants:
        if variant.caption is not None and variant.network in words.networks:
            yield f"caption@{variant.network}", variant.network, variant.caption


def _networks_of_master(words: Words) -> list[str]:
    return [name for name in words.networks if words.variant(name).caption is None]


def _bare_links(text: str) -> Iterator[str]:
    whole = _SPACED.sub(" ", FULL_LINK.sub(" ", text))
    for link in dict.fromkeys(one[0] for one in BARE_LINK.finditer(whole)):
        yield link.rstrip(LINK_TAIL)[:_SHOWN]
    for link in dict.fromkeys(one[0] for one in _WWW.finditer(whole)):
        if not BARE_LINK.match(link):
            yield link.rstrip(LINK_TAIL)[:_SHOWN]


def _spaced_links(text: str) -> Iterator[str]:
    for link in dict.fromkeys(one[0] for one in _SPACED.finditer(text)):
        yield link[:_SHOWN]


_SHOWN: Final = 60
_WWW: Final = re.compile(
    r"(?<![\w@./])www\.[\w-]+(?:\.[\w-]+)*\.\w{2,24}(?:/[!-~]*)?", re.IGNORECASE
)
_SPACED: Final = re.compile(
    r"(?<!\w)(?:https?(?:\s+:\s*/\s*/\s*|:\s+/\s*/\s*|:/\s+/\s*|://\s+)|www\s+\.\s*|www\.\s+)"
    r"[\w-]+(?:\.[\w-]+)+[!-~]*",
    re.IGNORECASE,
)


def _passed(planned_at: datetime | None, now: datetime) -> Iterator[Finding]:
    """A warning: who may write may not always move the date, and scheduling refuses it anyway."""
    if planned_at and planned_at <= now:
        at = planned_at.isoformat()
        yield Finding(Rule.TIME_PASSED, Severity.WARNS, "planned_at", judged=at)


def _clashes(
    network: str, planned_at: datetime | None, neighbours: Iterable[Neighbour]
) -> Iterator[Finding]:
    """The nearest one on each network."""
    if planned_at is None:
        return
    near = [
        (abs(one.planned_at - planned_at), one)
        for one in neighbours
        if one.planned_at and network in one.words.networks
    ]
    away, nearest = min(near, key=lambda one: one[0], default=(APART, None))
    if nearest and away < APART:
        facts: dict[str, Fact] = {"post": nearest.key}
        yield Finding(Rule.CLASH, Severity.WARNS, "planned_at", network, facts=facts)


def _repeats(words: Words, neighbours: Sequence[Neighbour]) -> Iterator[Finding]:
    said = [(one.key, text) for one in neighbours for _, _, text in _captions(one.words)]
    for place, network, text in _captions(words):
        repeat = find_repeat(text, [one for _, one in said])
        if repeat is None:
            continue
        rule = Rule.REPEATED if repeat.whole else Rule.NEARLY_REPEATED
        facts: dict[str, Fact] = {"post": said[repeat.index][0]}
        yield Finding(rule, Severity.WARNS, place, network, facts=facts, judged=text)


def _refused_repeat(
    words: Words, planned_at: datetime | None, neighbours: Sequence[Neighbour]
) -> Iterator[Finding]:
    """Where a network refuses the same text twice in a row: against the last one before it."""
    for network in words.networks:
        for limit in limits_of(network).get("same_again", ()):
            before = _last_before(network, planned_at, neighbours)
            text = words.caption_on(network)
            if before and same_words(text, before.words.caption_on(network)):
                yield Finding(
                    Rule.REPEATED_AT_ONCE,
                    Severity.BLOCKS if limit.sure else Severity.WARNS,
                    f"caption@{network}",
                    network,
                    facts={"post": before.key},
                    source=limit.source,
                    checked_on=limit.checked_on,
                    judged=text,
                )


def _last_before(
    network: str, planned_at: datetime | None, neighbours: Sequence[Neighbour]
) -> Neighbour | None:
    earlier = [
        (one.planned_at, one)
        for one in neighbours
        if one.planned_at
        and network in one.words.networks
        and (planned_at is None or one.planned_at <= planned_at)
    ]
    return max(earlier, key=lambda one: one[0], default=(None, None))[1]
