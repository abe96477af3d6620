"""A post held to a guideline's rules: each kind says what it finds, and where.

What a post does not say (the size of a picture elsewhere on the web) is not found fault with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from postboard.domain.content import Media, MediaKind, Placement, Words
from postboard.domain.counting import length
from postboard.domain.guideline_clashes import avoided, on_site, same_ratio
from postboard.domain.guideline_rules import WEEK, GuidelineRule, RuleKind, ratio_of, tone_of
from postboard.domain.guideline_words import (
    emoji_in,
    first_place,
    folded,
    lix,
    longest_chinese_sentence,
    says,
)
from postboard.domain.limit_checks import name_of
from postboard.domain.rules import Fact, Finding, Passage, Rule, Severity

MEGABYTE: Final = 1_000_000
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule that holds for a client's posts, and where it is written."""

    rule: GuidelineRule
    passage: Passage


@dataclass(frozen=True, slots=True)
class Judging:
    """A post as its guideline sees it."""

    words: Words
    now: datetime
    planned_at: datetime | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The client's."""
    ready_at: datetime | None = None
    """When these words were submitted; a post keeps its lead time while it waits."""


def unkept(asked: Sequence[Asked], post: Judging) -> Iterator[Finding]:
    """What the post does not keep of these rules, in their order."""
    for one in asked:
        networks = _networks(one.rule, post.words)
        if one.rule.networks and not networks:
            continue
        for found in _KINDS[one.rule.kind](one.rule, post, networks):
            yield replace(found, severity=one.rule.severity, passage=one.passage)


_Networks = tuple[str, ...]
_Found = Iterator[Finding]


def _networks(rule: GuidelineRule, words: Words) -> _Networks:
    return tuple(name for name in words.networks if not rule.networks or name in rule.networks)


def _finding(rule: Rule, place: str, network: str = "", judged: str = "", **facts: Fact) -> Finding:
    return Finding(rule, Severity.WARNS, place, network, facts=facts, judged=judged)


@dataclass(frozen=True, slots=True)
class _Text:
    """What goes out, once for all networks that share it."""

    place: str
    network: str
    whole: str
    comment: str
    title: str

    @property
    def heard(self) -> str:
        """All that people read, as it is compared."""
        return folded(f"{self.title}\n{self.whole}\n{self.comment}")


def _texts(rule: GuidelineRule, words: Words, networks: _Networks) -> Iterator[_Text]:
    told = set[tuple[str, str, str]]()
    for network in networks or ("",):
        own = words.variant(network)
        whole, comment = words.caption_on(network), words.first_comment_on(network)
        title = words.title_on(network)
        if (whole, comment, title) in told:
            continue
        told.add((whole, comment, title))
        is_own = own.caption is not None
        place = f"caption@{network}" if is_own else "caption"
        named = network if is_own or rule.networks or own.title or own.first_comment else ""
        yield _Text(place, named, whole, comment, title)


def _length(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    least, most = rule.number("min"), rule.number("max")
    for text in _texts(rule, post.words, networks):
        value = length(text.whole, "graphemes")
        at = (text.place, text.network, text.whole)
        if least is not None and value < least:
            yield _finding(Rule.GUIDE_SHORT, *at, value=value, limit=least)
        if most is not None and value > most:
            yield _finding(Rule.GUIDE_LONG, *at, value=value, limit=most)


def _required(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    words = rule.lines("words")
    for text in _texts(rule, post.words, networks):
        heard = text.heard
        missing = [word for word in words if not says(heard, word)]
        at = (text.place, text.network, heard)
        if rule.text("how") != "one":
            for word in missing:
                yield _finding(Rule.GUIDE_WORD_MISSING, *at, word=word)
        elif len(missing) == len(words):
            yield _finding(Rule.GUIDE_WORDS_MISSING, *at, words=_listed(words))


def _forbidden(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    for text in _texts(rule, post.words, networks):
        heard = text.heard
        for word in avoided(rule):
            if says(heard, word):
                at = (text.place, text.network, heard)
                yield _finding(Rule.GUIDE_WORD_UNWANTED, *at, word=word)


def _tone(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    for text in _texts(rule, post.words, networks):
        heard = text.heard
        for word, instead in map(tone_of, rule.lines("words")):
            if not says(heard, word):
                continue
            at = (text.place, text.network, heard)
            if instead:
                yield _finding(Rule.GUIDE_TONE_INSTEAD, *at, word=word, instead=instead)
            else:
                yield _finding(Rule.GUIDE_TONE, *at, word=word)


def _disclosure(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    """It has to stand in the text itself: a first comment is not seen in time."""
    if rule.text("when") == "ads":
        networks = tuple(one for one in networks if _is_ad(post.words, one))
        if not networks:
            return
    words, within = rule.lines("words"), rule.number("within")
    for text in _texts(rule, post.words, networks):
        heard = folded(text.whole)
        places = {word: first_place(heard, word) for word in words}
        said = {word: place for word, place in places.items() if place is not None}
        at = (text.place, text.network, heard)
        if not said:
            yield _finding(Rule.GUIDE_UNDISCLOSED, *at, words=_listed(words))
            continue
        word = min(said, key=lambda one: said[one])
        if within is not None and said[word] + len(folded(word)) > within:
            yield _finding(Rule.GUIDE_DISCLOSED_LATE, *at, word=word, limit=within)


def _is_ad(words: Words, network: str) -> bool:
    return Placement.AD in words.variant(network).placements


def _emoji(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    most = rule.number("max") or 0
    for text in _texts(rule, post.words, networks):
        if (value := emoji_in(text.whole)) > most:
            at = (text.place, text.network, text.whole)
            yield _finding(Rule.GUIDE_EMOJI, *at, value=value, limit=most)


def _reading(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    hardest, longest = rule.number("lix"), rule.number("sentence")
    for text in _texts(rule, post.words, networks):
        at = (text.place, text.network, text.whole)
        value = lix(text.whole)
        if hardest is not None and value is not None and value > hardest:
            yield _finding(Rule.GUIDE_HARD, *at, value=value, limit=hardest)
        if longest is not None and (signs := longest_chinese_sentence(text.whole)) > longest:
            yield _finding(Rule.GUIDE_SENTENCE, *at, value=signs, limit=longest)


def _link(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:
    link = post.words.link
    if not link:
        if rule.text("link") == "required":
            yield _finding(Rule.GUIDE_LINK_MISSING, "link")
        return
    if rule.text("link") == "refused":
        yield _finding(Rule.GUIDE_LINK_UNWANTED, "link", judged=link)
        return
    hosts = rule.lines("hosts")
    host = _host(link)
    if hosts and not any(on_site(host, one) for one in hosts):
        there = host or link[:SHOWN]
        limit = _listed(hosts)
        yield _finding(Rule.GUIDE_LINK_ELSEWHERE, "link", judged=link, value=there, limit=limit)
    lacking = dict.fromkeys(
        f"utm_{name}"
        for network in networks or ("",)
        for name in rule.lines("utm")
        if f"utm_{name}" not in _parameters(post.words.link_on(network))
    )
    if lacking:
        yield _finding(Rule.GUIDE_UTM_MISSING, "link", judged=link, value=", ".join(lacking))


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def _parameters(link: str) -> set[str]:
    try:
        return {name for name, value in parse_qsl(urlsplit(link).query) if value}
    except ValueError:
        return set()


def _image_ratio(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:  # noqa: ARG001
    ratios = rule.lines("ratios")
    for index, media in _measured(post.words):
        value = media.width / media.height
        if not any(same_ratio(value, ratio_of(one)) for one in ratios):
            told: dict[str, Fact] = {"value": f"{value:.2f}:1", "limit": _listed(ratios)}
            yield _of_file(Rule.GUIDE_RATIO, index, media, **told)


def _image_size(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:  # noqa: ARG001
    width, height = rule.number("width") or 0, rule.number("height") or 0
    for index, media in _measured(post.words):
        if media.width < width or media.height < height:
            told: dict[str, Fact] = {
                "value": f"{media.width} × {media.height}",
                "limit": f"{width or '…'} × {height or '…'}",
            }
            yield _of_file(Rule.GUIDE_PICTURE_SMALL, index, media, **told)
    most = rule.number("megabytes")
    for index, media in enumerate(post.words.media):
        if most is not None and media.size > most * MEGABYTE:
            told = {"value": f"{media.size / MEGABYTE:.1f}", "limit": most}
            yield _of_file(Rule.GUIDE_FILE_LARGE, index, media, **told)


def _measured(words: Words) -> Iterator[tuple[int, Media]]:
    for index, media in enumerate(words.media):
        if media.width and media.height:
            yield index, media


def _alt(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:  # noqa: ARG001
    least, most = rule.number("min"), rule.number("max")
    for index, media in enumerate(post.words.media):
        if media.kind is not MediaKind.IMAGE:
            continue
        value = length(media.alt, "graphemes")
        if not value:
            yield _of_file(Rule.GUIDE_ALT_MISSING, index, media)
        elif least is not None and value < least:
            yield _of_file(Rule.GUIDE_ALT_SHORT, index, media, value=value, limit=least)
        elif most is not None and value > most:
            yield _of_file(Rule.GUIDE_ALT_LONG, index, media, value=value, limit=most)


def _of_file(rule: Rule, index: int, media: Media, **facts: Fact) -> Finding:
    judged = f"{name_of(media)} {media.alt}"
    told: dict[str, Fact] = {"n": index + 1, **facts}
    return Finding(rule, Severity.WARNS, f"media:{index}", facts=told, judged=judged)


def _hours(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:  # noqa: ARG001
    if post.planned_at is None:
        return
    local = post.planned_at.astimezone(post.zone)
    days, start, end = rule.lines("days"), rule.text("from"), rule.text("until")
    judged = post.planned_at.isoformat()
    if days and WEEK[local.weekday()] not in days:
        day = local.date().isoformat()
        yield _finding(Rule.GUIDE_DAY, "planned_at", judged=judged, value=day)
    clock = f"{local:%H:%M}"
    if start and not start <= clock <= end:
        limit = f"{start}–{end}"
        yield _finding(Rule.GUIDE_HOUR, "planned_at", judged=judged, value=clock, limit=limit)


def _lead(rule: GuidelineRule, post: Judging, networks: _Networks) -> _Found:  # noqa: ARG001
    """How many hours it is does not belong to the finding: the clock would make it another one."""
    if post.planned_at is None:
        return
    least = rule.number("hours") or 0
    if post.planned_at - (post.ready_at or post.now) < timedelta(hours=least):
        at = post.planned_at.isoformat()
        yield _finding(Rule.GUIDE_LEAD, "planned_at", judged=at, limit=least)


def _listed(words: Sequence[str]) -> str:
    return " / ".join(words)[:SHOWN]


_Finds = Callable[[GuidelineRule, Judging, _Networks], _Found]
_KINDS: Final[Mapping[RuleKind, _Finds]] = {
    RuleKind.LENGTH: _length,
    RuleKind.REQUIRED: _required,
    RuleKind.FORBIDDEN: _forbidden,
    RuleKind.DISCLOSURE: _disclosure,
    RuleKind.EMOJI: _emoji,
    RuleKind.READING: _reading,
    RuleKind.TONE: _tone,
    RuleKind.LINK: _link,
    RuleKind.IMAGE_RATIO: _image_ratio,
    RuleKind.IMAGE_SIZE: _image_size,
    RuleKind.ALT: _alt,
    RuleKind.HOURS: _hours,
    RuleKind.LEAD: _lead,
}
