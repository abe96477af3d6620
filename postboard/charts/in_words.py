"""The week in words: computed sentences, each with the way to what it is said of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from postboard.charts.facts import network_name, period_of
from postboard.charts.spec import Said, Unit, figure_text, listed, node, says
from postboard.domain.flow_counts import StateWip
from postboard.domain.weekly import HIGH, LOW, USUAL_DAYS, USUAL_NEEDED, Outlier, Sum, Week
from postboard.domain.workflow import State
from postboard.locale.languages import N_, MessageId
from postboard.names import STATES

TEXT_MAX: Final = 60
"""Letters of a post's words that stand for it."""
SHOWN: Final = 4
"""Lines of a kind, but for one that says how many more there are."""


@dataclass(frozen=True, slots=True)
class Line:
    says: Said
    href: str = ""
    more: Said = ""
    tone: str = ""
    """"good", "warning", "bad" or nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: MessageId
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A post that waits: `days` since it was submitted, or days that it is late."""

    key: str
    text: str
    state: State
    days: int
    percent: int | None = None
    """Its odds to be approved in time."""
    usual_days: float | None = None
    """Within so many days 85 of 100 posts had left its state."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be looked after now; the numbers count all, the lists hold the first ones."""

    stuck: Sequence[Standing]
    stuck_count: int
    history: bool
    """Whether it is known how long posts usually stand."""
    at_risk: Sequence[Standing]
    at_risk_count: int
    late: Sequence[Standing]
    late_count: int
    board: str
    """The board's address under the same filters, with "?" and a parameter already in it."""
    over: Sequence[StateWip] = ()
    """States that hold more posts than they should."""


def in_words(week: Week, waiting: Waiting) -> list[Group]:
    return [
        Group("changed", N_("What has changed"), tuple(_changed(week))),
        Group("made_it", N_("The posts that made it"), tuple(_made_it(week))),
        Group("stuck", N_("What is stuck"), tuple(_stuck(waiting))),
        Group("ahead", N_("What is at risk or late"), tuple(_ahead(waiting))),
    ]


def sent(groups: Iterable[Group]) -> list[dict[str, object]]:
    """As JSON for a browser."""
    return [
        {
            "key": group.key,
            "title": node(group.title),
            "lines": [
                {"says": node(one.says), "href": one.href, "more": node(one.more), "tone": one.tone}
                for one in group.lines
            ],
        }
        for group in groups
    ]


def _changed(week: Week) -> Iterable[Line]:
    facts = {"n": figure_text(week.published), "before": figure_text(week.published_before)}
    if not week.published and not week.published_before:
        sentence = N_("Nothing is known to have been published {period}, nor in the days before.")
        yield Line(says(sentence, period=period_of(week.period)), "#plan_kept")
        return
    yield Line(
        says(N_("Posts published: {n}, in the days before {before}."), **facts),
        "#plan_kept",
        tone=_direction(week.published, week.published_before),
    )
    yield from _summed(
        N_("Interactions: {value}, in the days before {before}."),
        week.engagement,
        week.engagement_before,
        "#weekly",
    )
    yield from _summed(
        N_("Times shown: {value}, in the days before {before}."),
        week.impressions,
        week.impressions_before,
        "#weekly",
    )
    if week.collecting:
        sentence = N_("Still collecting, so these figures grow: {n} of {posts} posts.")
        posts = figure_text(week.published)
        yield Line(says(sentence, n=figure_text(week.collecting), posts=posts), "#best_posts")


def _summed(sentence: MessageId, now: Sum, before: Sum, href: str) -> Iterable[Line]:
    """Nothing where no network told the figure."""
    if not now.n or not before.n:
        return
    facts = {"value": figure_text(now.value), "before": figure_text(before.value)}
    yield Line(
        says(sentence, **facts), href, _partly(now, before), _direction(now.value, before.value)
    )


def _partly(now: Sum, before: Sum) -> Said:
    if now.n == now.posts and before.n == before.posts:
        return ""
    known, posts = figure_text(now.n + before.n), figure_text(now.posts + before.posts)
    return says(N_("known of {n} of {posts} posts"), n=known, posts=posts)


def _made_it(week: Week) -> Iterable[Line]:
    for one in week.high[:SHOWN]:
        yield _outlier(one, "good")
    for one in week.low[:SHOWN]:
        yield _outlier(one, "warning")
    if not week.high and not week.low and week.engagement.n > 0:
        within = says(
            N_("No post stands out: none at {high} our median or {low} of it."),
            high=figure_text(HIGH, Unit.TIMES),
            low=figure_text(LOW, Unit.TIMES),
        )
        if len(week.without_usual) == 0:
            yield Line(within, "#best_posts")
    if week.without_usual:
        sentence = N_("Not known yet what is usual on {networks}: under {n} posts in {days} days.")
        names = listed([network_name(name) for name in week.without_usual])
        yield Line(says(sentence, networks=names, n=USUAL_NEEDED, days=USUAL_DAYS), "#best_posts")
    if not week.published:
        sentence = N_("No figures of posts of these days. Import the networks’ exports.")
        yield Line(sentence, "/performance/import/")


def _outlier(one: Outlier, tone: str) -> Line:
    post = one.post
    sentence = N_("{times} our median: “{text}” ({network})")
    facts = says(
        N_("{value} interactions; our median is {median}, of {n} posts in {days} days"),
        value=figure_text(one.engagement),
        median=figure_text(one.usual.median),
        n=figure_text(one.usual.n),
        days=USUAL_DAYS,
    )
    text = _short(post.text) or post.key
    times = figure_text(one.times, Unit.TIMES)
    href = f"/post/?key={post.key}" if post.key else post.permalink
    said = says(sentence, times=times, text=text, network=network_name(post.network))
    return Line(said, href, facts, tone)


def _stuck(waiting: Waiting) -> Iterable[Line]:
    for one in waiting.over:
        sentence = N_("“{state}” holds {n} posts, over its limit of {limit}.")
        facts = {"state": STATES[one.state], "n": figure_text(one.n)}
        yield Line(says(sentence, limit=figure_text(one.limit), **facts), "#flow", tone="bad")
    if not waiting.history:
        sentence = N_(
            "How long posts usually stand is not known yet: too few were finished lately."
        )
        yield Line(sentence, "#flow")
    elif not waiting.stuck_count:
        yield Line(N_("Nothing is older than 85 of 100 posts were at this point."), "#flow")
    for one in waiting.stuck[:SHOWN]:
        facts = {"days": one.days, "state": STATES[one.state], **_named(one)}
        sentence = N_("Submitted {days} d ago, still “{state}”: {post}")
        usual = says(
            N_("85 of 100 posts had left that state within {days} d"),
            days=figure_text(one.usual_days and round(one.usual_days, 1)),
        )
        yield Line(says(sentence, **facts), f"/post/?key={one.key}", usual, "warning")
    if waiting.stuck_count > SHOWN:
        yield _more(waiting.stuck_count - SHOWN, "#flow")


def _ahead(waiting: Waiting) -> Iterable[Line]:
    if not waiting.late_count and not waiting.at_risk_count:
        yield Line(N_("Nothing is late, and nothing that has a time is at risk."), "#flow")
    for one in waiting.late[:SHOWN]:
        sentence = N_("Late by {days} d, still “{state}”: {post}")
        facts = {"days": one.days, "state": STATES[one.state], **_named(one)}
        yield Line(says(sentence, **facts), f"/post/?key={one.key}", tone="bad")
    if waiting.late_count > SHOWN:
        yield _more(waiting.late_count - SHOWN, f"{waiting.board}&due=late")
    for one in waiting.at_risk[:SHOWN]:
        sentence = N_("{percent} likely to be approved in time, held in “{state}”: {post}")
        percent = figure_text(one.percent, Unit.PERCENT)
        facts = {"percent": percent, "state": STATES[one.state], **_named(one)}
        yield Line(says(sentence, **facts), f"/post/?key={one.key}", tone="warning")
    if waiting.at_risk_count > SHOWN:
        yield _more(waiting.at_risk_count - SHOWN, f"{waiting.board}&due=at_risk")


def _more(n: int, href: str) -> Line:
    return Line(says(N_("And {n} more."), n=figure_text(n)), href)


def _named(one: Standing) -> dict[str, Said]:
    return {"post": f"{one.key} {_short(one.text)}".strip()}


def _direction(now: int, before: int) -> str:
    return "" if now == before else "good" if now > before else "warning"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= TEXT_MAX else f"{line[: TEXT_MAX - 1].rstrip()}…"
