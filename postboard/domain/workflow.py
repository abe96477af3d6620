"""The life of a post: every state, and every step between two of them.

`STEPS` is the whole truth. `services.steps` is the only code that carries a step out;
everything else (buttons, columns a card may be dropped on, the client's page) asks here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from postboard.domain.permissions import PERMISSIONS, Permission, Role


class State(StrEnum):
    DRAFT = "draft"
    IN_PRODUCTION = "in_production"
    INTERNAL_REVIEW = "internal_review"
    INTERNAL_REWORK = "internal_rework"
    READY_FOR_CLIENT = "ready_for_client"
    CLIENT_REVIEW = "client_review"
    CLIENT_REWORK = "client_rework"
    APPROVED = "approved"
    ON_HOLD = "on_hold"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    PUBLISH_FAILED = "publish_failed"
    CANCELLED = "cancelled"


class Column(StrEnum):
    """A column of the board, left to right."""

    DRAFT = "draft"
    IN_PRODUCTION = "in_production"
    INTERNAL_REVIEW = "internal_review"
    REWORK = "rework"
    READY_FOR_CLIENT = "ready_for_client"
    CLIENT_REVIEW = "client_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Action(StrEnum):
    ASSIGN = "assign"
    FINISH = "finish"
    SUBMIT = "submit"
    CANCEL = "cancel"
    REOPEN = "reopen"
    REVISE = "revise"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    RECONSIDER = "reconsider"
    SEND_TO_CLIENT = "send_to_client"
    RECALL = "recall"
    HOLD = "hold"
    RELEASE = "release"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    FAIL = "fail"
    RETRY = "retry"
    MARK_PUBLISHED = "mark_published"


class Asks(StrEnum):
    """What a step must be told before it can be taken."""

    NOTHING = ""
    REASON = "reason"
    CHANGE_REQUEST = "change_request"
    PERSON = "person"
    LINK = "link"


class ChangeTag(StrEnum):
    """What a request for changes is about; at least one goes with the words."""

    COPY = "copy"
    IMAGE = "image"
    BRAND = "brand"
    FACTS = "facts"
    TIMING = "timing"
    LEGAL = "legal"
    OTHER = "other"


class Approval(StrEnum):
    """Which sides a post is approved by."""

    INTERNAL_AND_CLIENT = "internal_and_client"
    INTERNAL_ONLY = "internal_only"
    CLIENT_ONLY = "client_only"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Policy:
    """How one client wants posts approved."""

    approval: Approval = Approval.INTERNAL_AND_CLIENT
    rework_goes_to_client: bool = False


class Phase(StrEnum):
    """How far a post is on its way to being approved."""

    MAKING = "making"
    REVIEW = "review"
    """From the first time it is submitted: judged, waiting to be, or in rework."""
    APPROVED = "approved"
    ENDED = "ended"


class Turn(StrEnum):
    """Whose time it is that passes in a state."""

    AGENCY = "agency"
    CLIENT = "client"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class StateSpec:
    column: Column
    client_sees: bool
    phase: Phase
    turn: Turn = Turn.AGENCY
    worked_on: bool = False
    """Somebody is asked to make, judge or change it at the agency; else it waits."""
    open_to_edits: bool = False
    """Words may change here without going back for review."""
    finished: bool = False
    """Nobody has to act any more, so it is never late."""


SPECS: Mapping[State, StateSpec] = MappingProxyType(
    {
        State.DRAFT: StateSpec(
            Column.DRAFT, client_sees=False, phase=Phase.MAKING, open_to_edits=True
        ),
        State.IN_PRODUCTION: StateSpec(
            Column.IN_PRODUCTION,
            client_sees=False,
            phase=Phase.MAKING,
            worked_on=True,
            open_to_edits=True,
        ),
        State.INTERNAL_REVIEW: StateSpec(
            Column.INTERNAL_REVIEW, client_sees=False, phase=Phase.REVIEW, worked_on=True
        ),
        State.INTERNAL_REWORK: StateSpec(
            Column.REWORK,
            client_sees=False,
            phase=Phase.REVIEW,
            worked_on=True,
            open_to_edits=True,
        ),
        State.READY_FOR_CLIENT: StateSpec(
            Column.READY_FOR_CLIENT, client_sees=False, phase=Phase.REVIEW
        ),
        State.CLIENT_REVIEW: StateSpec(
            Column.CLIENT_REVIEW, client_sees=True, phase=Phase.REVIEW, turn=Turn.CLIENT
        ),
        State.CLIENT_REWORK: StateSpec(
            Column.REWORK,
            client_sees=True,
            phase=Phase.REVIEW,
            worked_on=True,
            open_to_edits=True,
        ),
        State.APPROVED: StateSpec(
            Column.APPROVED, client_sees=True, phase=Phase.APPROVED, turn=Turn.NOBODY
        ),
        State.ON_HOLD: StateSpec(
            Column.APPROVED, client_sees=True, phase=Phase.APPROVED, turn=Turn.NOBODY
        ),
        State.SCHEDULED: StateSpec(
            Column.SCHEDULED, client_sees=True, phase=Phase.APPROVED, turn=Turn.NOBODY
        ),
        State.PUBLISHED: StateSpec(
            Column.PUBLISHED,
            client_sees=True,
            phase=Phase.ENDED,
            turn=Turn.NOBODY,
            finished=True,
        ),
        State.PUBLISH_FAILED: StateSpec(
            Column.SCHEDULED, client_sees=True, phase=Phase.APPROVED, turn=Turn.NOBODY
        ),
        State.CANCELLED: StateSpec(
            Column.CANCELLED,
            client_sees=False,
            phase=Phase.ENDED,
            turn=Turn.NOBODY,
            finished=True,
        ),
    }
)

CLIENT_STATES = frozenset(state for state, spec in SPECS.items() if spec.client_sees)
BOARD_COLUMNS = tuple(column for column in Column if column is not Column.CANCELLED)


@dataclass(frozen=True, slots=True)
class Step:
    state: State
    action: Action
    next_state: State
    permission: Permission
    asks: Asks = Asks.NOTHING
    when: Callable[[Policy], bool] | None = None

    def fits(self, policy: Policy) -> bool:
        return self.when is None or self.when(policy)


def _client_decides(policy: Policy) -> bool:
    return policy.approval in {Approval.INTERNAL_AND_CLIENT, Approval.CLIENT_ONLY}


def _client_is_not_asked(policy: Policy) -> bool:
    return not _client_decides(policy)


def _agency_first(policy: Policy) -> bool:
    return policy.approval in {Approval.INTERNAL_AND_CLIENT, Approval.INTERNAL_ONLY}


def _only_client(policy: Policy) -> bool:
    return policy.approval is Approval.CLIENT_ONLY


def _nobody(policy: Policy) -> bool:
    return policy.approval is Approval.NOBODY


def _rework_to_client(policy: Policy) -> bool:
    return policy.rework_goes_to_client and _client_decides(policy)


def _rework_to_agency(policy: Policy) -> bool:
    return _agency_first(policy) and not _rework_to_client(policy)


def _rework_to_sender(policy: Policy) -> bool:
    return _only_client(policy) and not _rework_to_client(policy)


S, A, P = State, Action, Permission


def _asks_for_review(
    state: State, action: Action, permission: Permission, unasked: State = S.APPROVED
) -> tuple[Step, ...]:
    """The way to whoever approves first; `unasked` is where nobody has to."""
    return (
        Step(state, action, S.INTERNAL_REVIEW, permission, when=_agency_first),
        Step(state, action, S.READY_FOR_CLIENT, permission, when=_only_client),
        Step(state, action, unasked, permission, when=_nobody),
    )


STEPS: tuple[Step, ...] = (
    Step(S.DRAFT, A.ASSIGN, S.IN_PRODUCTION, P.ASSIGN, Asks.PERSON),
    *_asks_for_review(S.DRAFT, A.SUBMIT, P.SUBMIT),
    Step(S.DRAFT, A.CANCEL, S.CANCELLED, P.CANCEL, Asks.REASON),
    Step(S.IN_PRODUCTION, A.FINISH, S.DRAFT, P.FINISH_TASK),
    *_asks_for_review(S.IN_PRODUCTION, A.SUBMIT, P.SUBMIT),
    Step(
        S.INTERNAL_REVIEW,
        A.APPROVE,
        S.READY_FOR_CLIENT,
        P.APPROVE_INTERNALLY,
        when=_client_decides,
    ),
    Step(S.INTERNAL_REVIEW, A.APPROVE, S.APPROVED, P.APPROVE_INTERNALLY, when=_client_is_not_asked),
    Step(
        S.INTERNAL_REVIEW,
        A.REQUEST_CHANGES,
        S.INTERNAL_REWORK,
        P.APPROVE_INTERNALLY,
        Asks.CHANGE_REQUEST,
    ),
    *_asks_for_review(S.INTERNAL_REWORK, A.SUBMIT, P.SUBMIT),
    Step(S.READY_FOR_CLIENT, A.SEND_TO_CLIENT, S.CLIENT_REVIEW, P.SEND_TO_CLIENT),
    Step(S.CLIENT_REVIEW, A.APPROVE, S.APPROVED, P.DECIDE_AS_CLIENT),
    Step(
        S.CLIENT_REVIEW,
        A.REQUEST_CHANGES,
        S.CLIENT_REWORK,
        P.DECIDE_AS_CLIENT,
        Asks.CHANGE_REQUEST,
    ),
    Step(S.CLIENT_REVIEW, A.RECALL, S.READY_FOR_CLIENT, P.SEND_TO_CLIENT, Asks.REASON),
    Step(S.CLIENT_REWORK, A.SUBMIT, S.INTERNAL_REVIEW, P.SUBMIT, when=_rework_to_agency),
    Step(S.CLIENT_REWORK, A.SUBMIT, S.READY_FOR_CLIENT, P.SUBMIT, when=_rework_to_sender),
    Step(S.CLIENT_REWORK, A.SUBMIT, S.APPROVED, P.SUBMIT, when=_nobody),
    Step(S.CLIENT_REWORK, A.SUBMIT, S.CLIENT_REVIEW, P.SUBMIT, when=_rework_to_client),
    Step(S.APPROVED, A.SCHEDULE, S.SCHEDULED, P.SCHEDULE),
    Step(S.APPROVED, A.HOLD, S.ON_HOLD, P.HOLD, Asks.REASON),
    Step(S.ON_HOLD, A.RELEASE, S.APPROVED, P.HOLD),
    Step(S.SCHEDULED, A.PUBLISH, S.PUBLISHED, P.PUBLISH),
    Step(S.SCHEDULED, A.FAIL, S.PUBLISH_FAILED, P.PUBLISH, Asks.REASON),
    Step(S.SCHEDULED, A.UNSCHEDULE, S.APPROVED, P.SCHEDULE),
    Step(S.SCHEDULED, A.HOLD, S.ON_HOLD, P.HOLD, Asks.REASON),
    Step(S.PUBLISH_FAILED, A.RETRY, S.SCHEDULED, P.SCHEDULE),
    Step(S.PUBLISH_FAILED, A.MARK_PUBLISHED, S.PUBLISHED, P.SCHEDULE, Asks.LINK),
    Step(S.CANCELLED, A.REOPEN, S.DRAFT, P.CANCEL),
    # The client takes a decision back right after it: see `steps.reconsider`.
    Step(S.APPROVED, A.RECONSIDER, S.CLIENT_REVIEW, P.DECIDE_AS_CLIENT),
    Step(S.CLIENT_REWORK, A.RECONSIDER, S.CLIENT_REVIEW, P.DECIDE_AS_CLIENT),
    # A change of words, media or channels where the words were already judged.
    *_asks_for_review(S.INTERNAL_REVIEW, A.REVISE, P.EDIT_WORDS),
    *_asks_for_review(S.READY_FOR_CLIENT, A.REVISE, P.EDIT_WORDS),
    *_asks_for_review(S.APPROVED, A.REVISE, P.EDIT_WORDS),
    *_asks_for_review(S.ON_HOLD, A.REVISE, P.EDIT_WORDS, unasked=S.ON_HOLD),
    *_asks_for_review(S.SCHEDULED, A.REVISE, P.EDIT_WORDS),
    *_asks_for_review(S.PUBLISH_FAILED, A.REVISE, P.EDIT_WORDS),
)

WITH_MORE = frozenset({Action.REVISE, Action.RECONSIDER})
"""Actions that no bare step takes: new words come with one, the other has only seconds."""
BY_HAND = frozenset(Action) - WITH_MORE - {Action.PUBLISH, Action.FAIL}
"""Actions a person takes on purpose; the others follow from an edit, a decision or the clock."""


def find_step(state: State, action: Action, policy: Policy) -> Step | None:
    """The one step that `action` means in `state` under `policy`."""
    return next((step for step in _from(state, policy) if step.action is action), None)


def steps_for(state: State, role: Role | None, policy: Policy) -> tuple[Step, ...]:
    """What somebody of that role may do by hand now, in the table's order."""
    rights = PERMISSIONS[role] if role else frozenset[Permission]()
    return tuple(
        step
        for step in _from(state, policy)
        if step.action in BY_HAND and step.permission in rights
    )


def opens_round(step: Step) -> bool:
    """Whether taking it starts another round with the client."""
    return step.next_state is State.CLIENT_REVIEW and step.action is not Action.RECONSIDER


def _from(state: State, policy: Policy) -> Iterator[Step]:
    return (step for step in STEPS if step.state is state and step.fits(policy))
