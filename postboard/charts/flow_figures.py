"""The figures of flow in words: each with its n, the period before, and what exactly it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from postboard.charts.flow_facts import state_name, state_with_limit
from postboard.charts.flow_first_pass import yield_text
from postboard.charts.spec import Said, Unit, figure_text, says
from postboard.domain.chains import Side
from postboard.domain.flow_counts import Bottleneck, Stability
from postboard.domain.flow_quality import OnTime, Responses
from postboard.domain.flow_report import Figures, Report
from postboard.domain.flow_times import FEW, Spread
from postboard.locale.languages import N_, MessageId

TOO_LITTLE: Final = N_("too little to say")
DEFINITIONS: Final[Mapping[str, MessageId]] = MappingProxyType(
    {
        "wip": N_(
            "In progress: submitted, and neither approved nor cancelled yet. New words for an"
            " approved post put it in progress again. A limit is what a state should hold at most."
        ),
        "cycle": N_(
            "Cycle time: from the first submission to the approval for publishing, of the posts"
            " approved in the period. A part of a day counts as a day; working hours are those of"
            " the client’s office. Percentiles are of the cases as they are: within the 85% figure"
            " lie at least 85 of 100."
        ),
        "lead": N_(
            "Lead time: as cycle time, but from the day a post was made; of one that was approved"
            " before, from its new words."
        ),
        "efficiency": N_(
            "Flow efficiency: working hours in which somebody at the agency was to work on a post"
            " (in production, internal review, rework) over all from its making to its approval."
            " Drafts, ready for client and client review are waiting. 15–30% is common; it is no"
            " target."
        ),
        "first_pass": N_(
            "First-pass yield: posts approved without a request for changes, of all approved in"
            " the period. By side it is of those that side was asked about; the product of both is"
            " the rolled yield. A decision its client took back at once is none."
        ),
        "rework": N_(
            "Rework rate: posts that anybody requested changes of in the period, of all that"
            " anybody answered in it, whatever became of them."
        ),
        "rounds": N_(
            "Rounds: how often the client was asked until the approval, of the posts approved in"
            " the period that the client was asked about."
        ),
        "on_time": N_(
            "On time: approved at least 24 hours before it was to go out, of the posts whose time"
            " for that came in the period; as planned when it was approved. One not approved by"
            " then is late. Posts without a time are left out and counted."
        ),
        "client": N_(
            "The client’s response time: working hours from being asked to the answer, of the"
            " answers given in the period. In time is within what was agreed when it was asked;"
            " an open question counts once it is overdue."
        ),
        "agency": N_(
            "Our response time: the same for internal reviews, held against the same hours."
        ),
        "promise": N_(
            "What can be promised: 85% of the posts approved in the last 90 days took so many days"
            " or fewer, from first submission to approval."
        ),
        "bottleneck": N_(
            "Bottleneck: the state between first submission and approval in which most of all time"
            " in the period passed, open posts included."
        ),
        "stability": N_(
            "Little’s law: days on average = posts in progress ÷ posts leaving per day. It holds"
            " only while as many come as go; where it fails, the past is no measure of what comes."
            " It is never used to foresee."
        ),
        "throughput": N_(
            "Throughput: posts approved per day, the days with none included. What one person"
            " approves without a pause of a minute is one sitting."
        ),
        "left_out": N_(
            "An import makes drafts and moves none on. Where the record does not say how a post"
            " came to its state, no figure counts it. Posts that nobody is asked about have no"
            " flow."
        ),
    }
)
"""For the page, in its order."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure. `before` is empty where the period before has none."""

    key: str
    title: MessageId
    value: Said
    facts: tuple[Said, ...] = ()
    before: Said = ""

    @property
    def definition(self) -> MessageId:
        return DEFINITIONS[self.key]


def told(report: Report) -> list[Told]:
    now, before = report.figures, report.before
    return [
        _wip(report),
        _spread("cycle", N_("Cycle time"), now.times.cycle_days, now.times.cycle_hours, before),
        _spread("lead", N_("Lead time"), now.times.lead_days, now.times.lead_hours, before),
        Told(
            "efficiency",
            N_("Flow efficiency"),
            _share(now.efficiency.share, now.efficiency.n),
            before=_before(before.efficiency.share, before.efficiency.n),
        ),
        _first_pass(now, before),
        _rework(now, before),
        _rounds(now, before),
        _on_time(now.on_time, before.on_time),
        _client(report),
        _responses("agency", N_("Our response time"), now.agency, before.agency),
        _promise(report),
        _bottleneck(report.bottleneck),
        _stability(report.stability),
        _left_out(report),
    ]


def _wip(report: Report) -> Told:
    facts = tuple(
        state_with_limit(w)
        if w.limit is not None
        else says(N_("{state}: {n}"), state=state_name(w.state), n=w.n)
        for w in report.wip
    )
    total = sum(w.n for w in report.wip)
    return Told("wip", N_("In progress"), figure_text(total), facts)


def _spread(
    key: str, title: MessageId, days: Spread | None, hours: Spread | None, before: Figures
) -> Told:
    past = before.times.cycle_days if key == "cycle" else before.times.lead_days
    if days is None or hours is None:
        return Told(key, title, TOO_LITTLE)
    sentence = N_("{p50} d half, {p85} d 85%, {p95} d 95%, n = {n}")
    in_hours = N_("{p50} h half, {p85} h 85%, {p95} h 95%, working hours")
    old = says(sentence, **_parts(past)) if past else ""
    parts = {name: value for name, value in _parts(hours).items() if name != "n"}
    return Told(key, title, says(sentence, **_parts(days)), (says(in_hours, **parts),), old)


def _parts(one: Spread) -> dict[str, str | int]:
    shown = {"p50": one.p50, "p85": one.p85, "p95": one.p95}
    return {**{name: figure_text(round(value, 1)) for name, value in shown.items()}, "n": one.n}


def _first_pass(now: Figures, before: Figures) -> Told:
    sides = {Side.INTERNAL: N_("by us: {value}"), Side.CLIENT: N_("by the client: {value}")}
    facts = [
        says(sentence, value=yield_text(now.quality.by_side[side]))
        for side, sentence in sides.items()
    ]
    if now.quality.rolled is not None:
        value = figure_text(now.quality.rolled * 100, Unit.PERCENT)
        facts.append(says(N_("rolled: {value}"), value=value))
    whole, past = now.quality.whole, before.quality.whole
    return Told(
        "first_pass",
        N_("First-pass yield"),
        yield_text(whole) if whole.n else TOO_LITTLE,
        tuple(facts) if whole.n else (),
        yield_text(past) if past.n else "",
    )


def _rework(now: Figures, before: Figures) -> Told:
    quality, past = now.quality, before.quality
    reopened = says(N_("new words after an approval: {n}"), n=quality.reopened)
    return Told(
        "rework",
        N_("Rework rate"),
        _share(quality.rework_rate, quality.answered),
        (reopened,) if quality.reopened else (),
        _before(past.rework_rate, past.answered),
    )


def _rounds(now: Figures, before: Figures) -> Told:
    def mean(one: Figures) -> Said:
        if one.rounds.mean is None:
            return ""
        shown = figure_text(round(one.rounds.mean, 2))
        return says(N_("{value}, n = {n}"), value=shown, n=one.rounds.n)

    return Told(
        "rounds",
        N_("Rounds per post"),
        mean(now) or TOO_LITTLE,
        tuple(
            says(N_("rounds: {rounds}, posts: {n}"), rounds=rounds, n=n)
            for rounds, n in now.rounds.passages.items()
        ),
        mean(before),
    )


def _on_time(now: OnTime, before: OnTime) -> Told:
    unplanned = says(N_("approved without a time: {n}"), n=now.unplanned)
    return Told(
        "on_time",
        N_("On time"),
        _share(now.share, now.n),
        (unplanned,) if now.unplanned else (),
        _before(before.share, before.n),
    )


def _client(report: Report) -> Told:
    """With the reviewers, by name and never by figure; of few answers nobody is named."""
    title = N_("The client’s response time")
    one = _responses("client", title, report.figures.client, report.before.client)
    named = [
        says(
            N_("{who}: {hours} h half, n = {n}"),
            who=person.name,
            hours=figure_text(round(person.hours, 1)),
            n=person.answers,
        )
        for person in report.reviewers.named
    ]
    if report.reviewers.others:
        sentence = N_("people with under {few} answers, not named: {n}")
        named.append(says(sentence, few=FEW, n=report.reviewers.others))
    return replace(one, facts=(*one.facts, *named))


def _responses(key: str, title: MessageId, now: Responses, before: Responses) -> Told:
    if now.hours is None:
        return Told(key, title, TOO_LITTLE)
    parts = {name: value for name, value in _parts(now.hours).items() if name != "n"}
    took = says(N_("{p50} h half, {p85} h 85%, {p95} h 95%, working hours"), **parts)
    in_time = says(N_("in time: {value}"), value=_share(now.share, now.due))
    return Told(key, title, took, (in_time,), _before(before.share, before.due))


def _promise(report: Report) -> Told:
    level, title = report.service_level, N_("What can be promised")
    if level is None:
        more = says(N_("{n} of {needed} posts approved in 90 days"), n=report.rolling_n, needed=FEW)
        return Told("promise", title, TOO_LITTLE, (more,))
    sentence = N_("{share} within {days} days, n = {n}")
    share = figure_text(level.share * 100, Unit.PERCENT)
    return Told("promise", title, says(sentence, share=share, days=level.days, n=level.n))


def _bottleneck(found: Bottleneck | None) -> Told:
    title = N_("Bottleneck")
    if found is None:
        return Told("bottleneck", title, TOO_LITTLE)
    share = figure_text(found.share * 100, Unit.PERCENT)
    waiting = figure_text(round(found.waiting, 1))
    return Told(
        "bottleneck",
        title,
        state_name(found.state),
        (
            says(N_("{share} of the time, n = {n}"), share=share, n=found.passages),
            says(N_("{waiting} posts there on average, {now} now"), waiting=waiting, now=found.now),
            says(N_("{came} came, {left} left"), came=found.entered, left=found.left),
        ),
    )


def _stability(found: Stability) -> Told:
    title = N_("Stability")
    words = {True: N_("stable"), False: N_("not stable"), None: TOO_LITTLE}
    facts: list[Said] = [
        says(N_("{came} came, {left} left"), came=found.arrivals, left=found.departures)
    ]
    if found.predicted_days is not None and found.measured_days is not None:
        sentence = N_("Little’s law says {said} days, measured were {took}")
        said = figure_text(round(found.predicted_days, 1))
        facts.append(says(sentence, said=said, took=figure_text(round(found.measured_days, 1))))
    return Told("stability", title, words[found.stable], tuple(facts))


def _left_out(report: Report) -> Told:
    nobody = says(N_("approved without anybody being asked: {n}"), n=report.figures.unasked)
    return Told("left_out", N_("Left out"), figure_text(report.not_whole), (nobody,))


def _share(share: float | None, n: int) -> Said:
    if share is None:
        return TOO_LITTLE
    shown = figure_text(share * 100, Unit.PERCENT)
    return says(N_("{value}, n = {n}"), value=shown, n=figure_text(n))


def _before(share: float | None, n: int) -> Said:
    return _share(share, n) if share is not None else ""
