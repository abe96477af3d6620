"""Who approves a post, in which order: stages of the agency, then of the client."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from postboard.domain.content import clean
from postboard.domain.errors import BadInput
from postboard.domain.permissions import PERMISSIONS, Permission, Role
from postboard.domain.workflow import STEPS, Action, Approval, State

STAGES_MAX: Final = 8
HOURS_MAX: Final = 400
_NAME_MAX: Final = 80
_PEOPLE_MAX: Final = 20


class Side(StrEnum):
    INTERNAL = "internal"
    CLIENT = "client"


class Rule(StrEnum):
    """How many of those who are asked have to say yes."""

    ANY = "any"
    ALL = "all"


RIGHTS: Mapping[Side, Permission] = MappingProxyType(
    {Side.INTERNAL: Permission.APPROVE_INTERNALLY, Side.CLIENT: Permission.DECIDE_AS_CLIENT}
)
"""What one must hold to decide on a side."""
SIDE_OF: Mapping[State, Side] = MappingProxyType(
    {
        step.state: side
        for step in STEPS
        for side, right in RIGHTS.items()
        if step.action is Action.APPROVE and step.permission is right
    }
)
"""The states in which a post waits for a decision, and whose it is."""


@dataclass(frozen=True, slots=True)
class Stage:
    """People, or a role, or (without either) whoever holds the right on that side.

    `due_hours` are working hours from when they are asked.
    """

    side: Side
    name: str = ""
    people: tuple[UUID, ...] = ()
    role: Role | None = None
    rule: Rule = Rule.ANY
    due_hours: int | None = None

    def checked(self) -> "Stage":
        """Tidy.

        Raises:
            BadInput: nobody could decide here, or not in that time.
        """
        if self.people and self.role:
            raise BadInput("A stage names people or a role, not both.")
        if self.role and RIGHTS[self.side] not in PERMISSIONS[self.role]:
            raise BadInput("That role may not approve on this side.")
        if self.rule is Rule.ALL and not (self.people or self.role):
            raise BadInput("Choose the people or the role of whom all must approve.")
        if self.due_hours is not None and not 1 <= self.due_hours <= HOURS_MAX:
            raise BadInput("Hours are a number from 1 to 400.")
        people = tuple(dict.fromkeys(self.people))
        if len(people) > _PEOPLE_MAX:
            raise BadInput("A stage asks at most 20 people.")
        return Stage(
            self.side, clean(self.name, _NAME_MAX), people, self.role, self.rule, self.due_hours
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "side": self.side.value,
            "name": self.name,
            "people": [person.hex for person in self.people],
            "role": self.role.value if self.role else "",
            "rule": self.rule.value,
            "due_hours": self.due_hours,
        }


class StageRefused(BadInput):
    """One stage of a chain does not work; `stage` is its place, from 0."""

    def __init__(self, stage: int, no: BadInput) -> None:
        super().__init__(no.message_id, **no.facts)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Chain:
    stages: tuple[Stage, ...] = ()

    @property
    def approval(self) -> Approval:
        """Which sides it asks."""
        return _APPROVALS[frozenset(stage.side for stage in self.stages)]

    @property
    def preset(self) -> Approval | None:
        """The preset it is; None for one of its own making."""
        return self.approval if self == preset(self.approval) else None

    def first(self, side: Side) -> int | None:
        """Where that side's stages begin."""
        return next((n for n, stage in enumerate(self.stages) if stage.side is side), None)

    def after(self, stage: int) -> int | None:
        """The next stage of the same side; None when that side is through."""
        following = stage + 1
        if following < len(self.stages) and self.stages[following].side is self.stages[stage].side:
            return following
        return None

    def asking(self, side: Side) -> "Chain":
        """The chain itself, or with somebody to ask where it forgot that side."""
        if self.first(side) is not None:
            return self
        added = (Stage(side),)
        return Chain(added + self.stages if side is Side.INTERNAL else self.stages + added)

    def checked(self) -> "Chain":
        """Tidy.

        Raises:
            StageRefused: that stage does not work.
            BadInput: they are too many, or stand in no possible order.
        """
        if len(self.stages) > STAGES_MAX:
            raise BadInput("A chain has at most 8 stages.")
        sides = [stage.side for stage in self.stages]
        if sides != sorted(sides, key=list(Side).index):
            raise BadInput("The agency’s stages come before the client’s.")
        return Chain(tuple(_checked(n, stage) for n, stage in enumerate(self.stages)))

    def as_json(self) -> list[dict[str, Any]]:
        return [stage.as_json() for stage in self.stages]


_APPROVALS: Mapping[frozenset[Side], Approval] = MappingProxyType(
    {
        frozenset(): Approval.NOBODY,
        frozenset({Side.INTERNAL}): Approval.INTERNAL_ONLY,
        frozenset({Side.CLIENT}): Approval.CLIENT_ONLY,
        frozenset(Side): Approval.INTERNAL_AND_CLIENT,
    }
)


def preset(approval: Approval) -> Chain:
    """One stage for each side it asks: whoever holds the right there, the first yes counts."""
    asked = next(sides for sides, named in _APPROVALS.items() if named is approval)
    return Chain(tuple(Stage(side) for side in Side if side in asked))


def _checked(place: int, stage: Stage) -> Stage:
    try:
        return stage.checked()
    except BadInput as no:
        raise StageRefused(place, no) from no


def chain_from_json(stages: Sequence[Mapping[str, Any]]) -> Chain:
    return Chain(
        tuple(
            Stage(
                side=Side(stage["side"]),
                name=stage["name"],
                people=tuple(UUID(person) for person in stage["people"]),
                role=Role(stage["role"]) if stage["role"] else None,
                rule=Rule(stage["rule"]),
                due_hours=stage["due_hours"],
            )
            for stage in stages
        )
    )


def is_complete(rule: Rule, asked: Collection[UUID], approved: Iterable[UUID]) -> bool:
    """Whether a stage is through; with nobody named the first yes is enough."""
    said_yes = set(approved)
    if not asked:
        return bool(said_yes)
    return said_yes.issuperset(asked) if rule is Rule.ALL else not said_yes.isdisjoint(asked)
