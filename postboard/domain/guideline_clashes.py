"""Rules that no post could keep together: refused where they are written.

Two rules meet on the networks that both hold for. A client's rule may meet one of the agency's;
then the client's is the one that is refused, and the sentence says whose the other one is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from postboard.domain.content import NETWORKS
from postboard.domain.guideline_rules import (
    WEEK,
    AtField,
    GuidelineRule,
    RuleKind,
    ratio_of,
    tone_of,
)
from postboard.domain.guideline_words import emoji_in, folded, says
from postboard.domain.platforms import limits_of
from postboard.locale.languages import N_, Filled, MessageId

THE_AGENCYS: Final = N_("the agency’s “{title}”")
QUOTED: Final = N_("“{title}”")


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule and where it stands; its networks are its own or its section's."""

    place: str
    """Key of the section, number of the rule."""
    title: str
    rule: GuidelineRule
    of_agency: bool = False


def refuse_contradictions(placed: Sequence[Placed]) -> None:
    """Raises:
    AtField: at the later one of two rules that cannot both be kept, or at one that its network
        makes impossible.
    """
    for one in placed:
        if not one.of_agency:
            _refuse_impossible(one)
    for first, second in combinations(placed, 2):
        if not _meet(first.rule, second.rule):
            continue
        older, newer = (second, first) if second.of_agency else (first, second)
        for field, sentence, facts in _clashes(older.rule, newer.rule):
            other = Filled(THE_AGENCYS if older.of_agency else QUOTED, {"title": older.title})
            raise AtField(sentence, at=f"{newer.place}:{field}", other=other, **facts)


_Clash = tuple[str, MessageId, dict[str, object]]
"""The newer rule's field, the sentence, its facts."""


def _meet(first: GuidelineRule, second: GuidelineRule) -> bool:
    return bool({*(first.networks or NETWORKS)} & {*(second.networks or NETWORKS)})


def _refuse_impossible(one: Placed) -> None:
    """Longer than a network takes."""
    least = one.rule.number("min") or 0
    if one.rule.kind is not RuleKind.LENGTH:
        return
    for network in one.rule.networks:
        takes = [limit.max for limit in limits_of(network)["text"] if limit.max and limit.sure]
        if takes and least > max(takes):
            raise AtField(
                "{network} takes {limit} characters at most.",
                at=f"{one.place}:min",
                network=network,
                limit=int(max(takes)),
            )


def _clashes(older: GuidelineRule, newer: GuidelineRule) -> Iterator[_Clash]:
    if meets := _PAIRS.get((older.kind, newer.kind)):
        found = meets(older, newer)
    elif meets := _PAIRS.get((newer.kind, older.kind)):
        found = meets(newer, older)
    else:
        return
    for field, sentence, facts in found:
        own = field if older.kind is newer.kind else _FIELDS[newer.kind]
        yield own, sentence, facts


_TOO_LONG: Final = N_("No text is that long and that short: see {other}, {limit} characters.")


def _lengths(older: GuidelineRule, newer: GuidelineRule) -> Iterator[_Clash]:
    least, most = newer.number("min"), newer.number("max")
    other_least, other_most = older.number("min"), older.number("max")
    if least is not None and other_most is not None and least > other_most:
        yield "min", _TOO_LONG, {"limit": other_most}
    if most is not None and other_least is not None and most < other_least:
        yield "max", _TOO_LONG, {"limit": other_least}


_FORBIDDEN: Final = N_("“{word}” is asked for by one rule and not wanted by another: see {other}.")


def _asked_and_unwanted(asked: GuidelineRule, unwanted: GuidelineRule) -> Iterator[_Clash]:
    words = asked.lines("words")
    bad = [word for word in words if any(says(folded(word), one) for one in avoided(unwanted))]
    any_will_do = asked.kind is RuleKind.DISCLOSURE or asked.text("how") == "one"
    if bad and (not any_will_do or len(bad) == len(words)):
        yield "words", _FORBIDDEN, {"word": bad[0]}


def avoided(rule: GuidelineRule) -> list[str]:
    """The words that a rule forbids or that are not its tone."""
    lines = rule.lines("words")
    return [tone_of(line)[0] if rule.kind is RuleKind.TONE else line for line in lines]


_WORDS_ALONE: Final = N_("The words asked for count {n} characters alone: see {other}.")


def _asked_and_short(asked: GuidelineRule, length: GuidelineRule) -> Iterator[_Clash]:
    """What has to be said must fit: the longest of all, or the shortest one of several."""
    sizes = [len(word) for word in asked.lines("words")]
    any_will_do = asked.kind is RuleKind.DISCLOSURE or asked.text("how") == "one"
    n = min(sizes) if any_will_do else max(sizes)
    most = length.number("max")
    if most is not None and n > most:
        yield "max", _WORDS_ALONE, {"n": n}


_EMOJI: Final = N_("“{word}” has more emoji than are fine: see {other}.")


def _asked_and_emoji(asked: GuidelineRule, emoji: GuidelineRule) -> Iterator[_Clash]:
    words = asked.lines("words")
    bad = [word for word in words if emoji_in(word) > (emoji.number("max") or 0)]
    any_will_do = asked.kind is RuleKind.DISCLOSURE or asked.text("how") == "one"
    if bad and (not any_will_do or len(bad) == len(words)):
        yield "max", _EMOJI, {"word": bad[0]}


_LINK: Final = N_("One rule asks for a link, another takes none: see {other}.")
_HOSTS: Final = N_("No site is allowed by both rules: see {other}.")


def _links(older: GuidelineRule, newer: GuidelineRule) -> Iterator[_Clash]:
    if {older.text("link"), newer.text("link")} == {"required", "refused"}:
        yield "link", _LINK, {}
    hosts, others = newer.lines("hosts"), older.lines("hosts")
    needed = "required" in {older.text("link"), newer.text("link")}
    if needed and hosts and others and not any(_shared(one, others) for one in hosts):
        yield "hosts", _HOSTS, {}


def _shared(host: str, others: Iterable[str]) -> bool:
    return any(on_site(host, one) or on_site(one, host) for one in others)


def on_site(host: str, site: str) -> bool:
    """Whether the host is the site or a part of it."""
    host, site = host.lower().rstrip("."), site.lower()
    return host == site or host.endswith(f".{site}")


_RATIOS: Final = N_("No picture has proportions that both rules take: see {other}.")
RATIO_SLACK: Final = 0.01
"""Pixels are whole: 1080 × 566 is 1.91:1 well enough."""


def _ratios(older: GuidelineRule, newer: GuidelineRule) -> Iterator[_Clash]:
    shared = [
        one
        for one in newer.lines("ratios")
        if any(same_ratio(ratio_of(one), ratio_of(two)) for two in older.lines("ratios"))
    ]
    if not shared:
        yield "ratios", _RATIOS, {}


def same_ratio(first: float, second: float) -> bool:
    return abs(first - second) <= RATIO_SLACK * second


_HOURS: Final = N_("No time of the week is open by both rules: see {other}.")


def _hours(older: GuidelineRule, newer: GuidelineRule) -> Iterator[_Clash]:
    days = {*(older.lines("days") or WEEK)} & {*(newer.lines("days") or WEEK)}
    start = max(older.text("from") or "00:00", newer.text("from") or "00:00")
    end = min(older.text("until") or "24:00", newer.text("until") or "24:00")
    if not days or start > end:
        yield ("until" if days else "days"), _HOURS, {}


_Meets = Callable[[GuidelineRule, GuidelineRule], Iterator[_Clash]]
_K = RuleKind
_PAIRS: Final[Mapping[tuple[RuleKind, RuleKind], _Meets]] = {
    (_K.LENGTH, _K.LENGTH): _lengths,
    (_K.ALT, _K.ALT): _lengths,
    (_K.LINK, _K.LINK): _links,
    (_K.IMAGE_RATIO, _K.IMAGE_RATIO): _ratios,
    (_K.HOURS, _K.HOURS): _hours,
    **{
        (asks, unwanted): _asked_and_unwanted
        for asks in (_K.REQUIRED, _K.DISCLOSURE)
        for unwanted in (_K.FORBIDDEN, _K.TONE)
    },
    **{(asks, _K.LENGTH): _asked_and_short for asks in (_K.REQUIRED, _K.DISCLOSURE)},
    **{(asks, _K.EMOJI): _asked_and_emoji for asks in (_K.REQUIRED, _K.DISCLOSURE)},
}
_FIELDS: Final[Mapping[RuleKind, str]] = {
    _K.REQUIRED: "words",
    _K.DISCLOSURE: "words",
    _K.FORBIDDEN: "words",
    _K.TONE: "words",
    _K.LENGTH: "max",
    _K.EMOJI: "max",
}
"""Where a rule is refused that stands in a pair of two kinds."""
