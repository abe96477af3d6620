"""A time away, and who may answer a request meanwhile: who is asked, and who stands in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from postboard.domain.chains import Rule
from postboard.domain.errors import BadInput

DAYS_MAX: Final = 366
"""A period's, and how far ahead one may begin."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days on the client's clock, the last one included."""

    starts_on: date
    ends_on: date

    def checked(self, today: date) -> "Period":
        """The same.

        Raises:
            BadInput: it ends before it begins, has begun, is too long or too far away.
        """
        if self.ends_on < self.starts_on:
            raise BadInput("The last day comes before the first.")
        if self.starts_on < today:
            raise BadInput("The first day has passed.")
        year = timedelta(days=DAYS_MAX)
        if self.starts_on - today > year or self.ends_on - self.starts_on >= year:
            raise BadInput("Somebody stands in for a year at most, and from a year ahead.")
        return self

    def overlaps(self, other: "Period") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def runs(self, today: date) -> bool:
        return self.starts_on <= today <= self.ends_on


@dataclass(frozen=True, slots=True)
class Answering:
    """Who may answer one request now, and for whom."""

    asked: tuple[UUID, ...]
    """Its people as far as they can decide; without any, everybody who can."""
    named: bool
    """Whether these and no others decide."""
    stand_ins: Mapping[UUID, UUID]
    """Of those who are asked and away: who stands in."""

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whoever may answer."""
        return self.turn_of(self.asked)

    def for_whom(self, person: UUID | None) -> tuple[UUID, ...]:
        return tuple(away for away, other in self.stand_ins.items() if other == person)

    def missing(self, rule: Rule, answered: Collection[UUID]) -> tuple[UUID, ...]:
        """Whose word is still needed; `answered` are also those whose stand-in has answered."""
        if not self.named or rule is not Rule.ALL:
            return self.asked
        return tuple(person for person in self.asked if person not in answered) or self.asked

    def turn_of(self, asked: Sequence[UUID]) -> tuple[UUID, ...]:
        """These people, and who stands in for them."""
        others = (self.stand_ins[person] for person in asked if person in self.stand_ins)
        return tuple(dict.fromkeys((*asked, *others)))


def answering(
    reviewers: Sequence[UUID], able: Collection[UUID], stand_ins: Mapping[UUID, UUID]
) -> Answering:
    """`able` are all who can decide there, or at least those of the reviewers and stand-ins."""
    asked = tuple(person for person in reviewers if person in able)
    if not asked:
        return Answering(tuple(able), named=False, stand_ins={})
    there = {person: stand_ins[person] for person in asked if stand_ins.get(person) in able}
    return Answering(asked, named=True, stand_ins=there)
