"""Planning backwards: by when each step of a post has to be over for it to go out in time."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.agreement import HOURS_MAX, Terms
from postboard.domain.content import Media, MediaKind
from postboard.domain.errors import BadInput, Refused
from postboard.domain.workflow import Approval, State
from postboard.domain.working_time import WorkingCalendar


class LeadStep(StrEnum):
    """What has to happen before a post goes out, in its order."""

    COPY = "copy"
    DESIGN = "design"
    INTERNAL_REVIEW = "internal_review"
    REWORK = "rework"
    """Kept free for what reviewers ask for, before the client sees it."""
    CLIENT_REVIEW = "client_review"
    BUFFER = "buffer"
    """Between the approval and the publishing."""


class PostKind(StrEnum):
    """What takes its own time to make."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"

    @staticmethod
    def of(media: Iterable[Media]) -> "PostKind":
        kinds = {one.kind for one in media}
        if MediaKind.VIDEO in kinds:
            return PostKind.VIDEO
        return PostKind.IMAGE if kinds else PostKind.TEXT


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """How many working hours of the client's office each step is given; 0 leaves it out."""

    copy: int = 8
    design: int = 8
    internal_review: int = 4
    rework: int = 4
    client_review: int = 16
    buffer: int = 2

    def hours(self, step: LeadStep) -> int:
        return asdict(self)[step]

    def checked(self) -> "LeadTimes":
        """The same, within every limit.

        Raises:
            BadInput: a limit is passed.
        """
        if not all(0 <= hours <= HOURS_MAX for hours in asdict(self).values()):
            raise BadInput("Hours are a number from 0 to {limit}.", limit=HOURS_MAX)
        return self

    def asking(self, approval: Approval) -> "LeadTimes":
        """Less the reviews that a post approved in this way does not pass."""
        inside = approval in {Approval.INTERNAL_AND_CLIENT, Approval.INTERNAL_ONLY}
        client = approval in {Approval.INTERNAL_AND_CLIENT, Approval.CLIENT_ONLY}
        return replace(
            self,
            internal_review=self.internal_review if inside else 0,
            rework=self.rework if inside or client else 0,
            client_review=self.client_review if client else 0,
        )


def usual_lead_times(terms: Terms, kind: PostKind) -> LeadTimes:
    """What holds where nobody chose otherwise: the client has as long as was agreed."""
    design = {PostKind.TEXT: 0, PostKind.IMAGE: 8, PostKind.VIDEO: 24}[kind]
    return LeadTimes(design=design, client_review=terms.response_hours)


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step of a plan: when it begins at the latest and when it has to be over."""

    step: LeadStep
    starts_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class BackwardPlan:
    """The steps that are left, in their order.

    `earliest_at` is set where too little time is left: the first time of publishing that all
    of them fit before. The steps then share what there is in proportion. `skips_closed`: it
    would be sooner, were it not for days on which nothing of the client's goes out.
    """

    steps: tuple[StepTime, ...]
    earliest_at: datetime | None = None
    skips_closed: bool = False

    def beside(self, closed: Container[date], calendar: WorkingCalendar) -> "BackwardPlan":
        """The same, the earliest time on none of the days on which nothing goes out.

        Raises:
            NeverOpen: all days are closed for too long.
        """
        if self.earliest_at is None:
            return self
        open_at = calendar.first_beside(closed, self.earliest_at)
        return replace(self, earliest_at=open_at, skips_closed=open_at != self.earliest_at)


class TooLittleTime(Refused):
    status = 422
    sentence = "Too little time is left for this. The earliest that works is {at}."


class TooLittleOpenTime(TooLittleTime):
    sentence = (
        "Too little time is left for this."
        " The earliest that works is {at}, after days without posts."
    )


def too_little(plan: BackwardPlan, zone: ZoneInfo) -> TooLittleTime | None:
    """What is to be said of a plan into which the steps do not fit, on the clock of `zone`."""
    if plan.earliest_at is None:
        return None
    kind = TooLittleOpenTime if plan.skips_closed else TooLittleTime
    return kind(at=plan.earliest_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"))


LEFT_FROM: Final[Mapping[State, LeadStep]] = MappingProxyType(
    {
        State.DRAFT: LeadStep.COPY,
        State.IN_PRODUCTION: LeadStep.COPY,
        State.INTERNAL_REVIEW: LeadStep.INTERNAL_REVIEW,
        State.INTERNAL_REWORK: LeadStep.REWORK,
        State.READY_FOR_CLIENT: LeadStep.CLIENT_REVIEW,
        State.CLIENT_REVIEW: LeadStep.CLIENT_REVIEW,
        State.CLIENT_REWORK: LeadStep.REWORK,
        State.APPROVED: LeadStep.BUFFER,
        State.ON_HOLD: LeadStep.BUFFER,
        State.SCHEDULED: LeadStep.BUFFER,
        State.PUBLISH_FAILED: LeadStep.BUFFER,
    }
)
"""The first step that is not over in each state; without one, none is left."""

LEAVES_BY: Final[Mapping[State, LeadStep]] = MappingProxyType(
    {
        **LEFT_FROM,
        State.DRAFT: LeadStep.DESIGN,
        State.IN_PRODUCTION: LeadStep.DESIGN,
        State.READY_FOR_CLIENT: LeadStep.REWORK,
    }
)
"""The step with whose end a post has to have left each state."""


def left_in(state: State) -> tuple[LeadStep, ...]:
    first = LEFT_FROM.get(state)
    every = tuple(LeadStep)
    return every[every.index(first) :] if first else ()


def plan_back(
    lead: LeadTimes,
    calendar: WorkingCalendar,
    publish_at: datetime,
    *,
    now: datetime,
    left: Iterable[LeadStep] = LeadStep,
) -> BackwardPlan:
    """The latest times at which the steps that are left can begin and end.

    Raises:
        NeverOpen: the office stays closed for too long.
    """
    steps = [(step, timedelta(hours=hours)) for step in left if (hours := lead.hours(step))]
    needed = sum((lasting for _, lasting in steps), timedelta())
    first_at = calendar.add_working(now, needed)
    earliest_at = None
    # Not by what there is: measuring up to a far day takes as long as it is far.
    if needed and first_at > publish_at:
        earliest_at = first_at
        there_is = calendar.working_between(now, max(now, publish_at))
        share = there_is / needed
        # Whole minutes, so that what is rounded never adds up to more than there is.
        steps = [(step, _whole_minutes(lasting * share)) for step, lasting in steps]
    times: list[StepTime] = []
    due_at = publish_at.astimezone(UTC)
    for step, lasting in reversed(steps):
        starts_at = calendar.take_working(due_at, lasting)
        times.append(StepTime(step, starts_at, due_at))
        due_at = starts_at
    return BackwardPlan(tuple(reversed(times)), earliest_at)


def leaves_by(state: State, dues: Mapping[LeadStep, datetime]) -> datetime | None:
    """When a post with these times has to have left the state: a step left out ends with the one
    before it.
    """
    last = LEAVES_BY.get(state)
    if last is None:
        return None
    every = tuple(LeadStep)
    before = [dues[step] for step in every[: every.index(last) + 1] if step in dues]
    return before[-1] if before else None


def _whole_minutes(lasting: timedelta) -> timedelta:
    return timedelta(minutes=lasting // timedelta(minutes=1))
