"""Who does what for a client: parts in what is delivered, departments and who heads them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from postboard.domain.errors import Refused
from postboard.domain.permissions import Role


class Part(StrEnum):
    """What somebody is to a deliverable."""

    RESPONSIBLE = "responsible"
    """Does it."""
    ACCOUNTABLE = "accountable"
    """Answers for it: one person, no more."""
    CONSULTED = "consulted"
    """Is asked before."""
    INFORMED = "informed"
    """Hears of it after."""


class Department(StrEnum):
    ACCOUNTS = "accounts"
    CONTENT = "content"
    COPY = "copy"
    DESIGN = "design"


class Deliverable(StrEnum):
    """What a client gets, as the table of a team has its lines."""

    PLAN = "plan"
    COPY = "copy"
    GRAPHICS = "graphics"
    PHOTOS = "photos"
    CAROUSEL = "carousel"
    REEL = "reel"
    REEL_COVER = "reel_cover"
    STORY = "story"
    APPROVAL = "approval"
    SCHEDULING = "scheduling"
    COMMUNITY = "community"
    ADS = "ads"
    REPORT = "report"
    AGREEMENT = "agreement"
    INVOICE = "invoice"


DEPARTMENT_OF: Final[Mapping[Role, Department]] = MappingProxyType(
    {
        Role.ACCOUNT_MANAGER: Department.ACCOUNTS,
        Role.CONTENT_MANAGER: Department.CONTENT,
        Role.COPYWRITER: Department.COPY,
        Role.DESIGNER: Department.DESIGN,
        Role.ART_DIRECTOR: Department.DESIGN,
    }
)
"""Admins and managers lead all of them and belong to none."""

MADE_BY: Final[Mapping[Deliverable, Department]] = MappingProxyType(
    {
        Deliverable.PLAN: Department.CONTENT,
        Deliverable.COPY: Department.COPY,
        Deliverable.GRAPHICS: Department.DESIGN,
        Deliverable.PHOTOS: Department.DESIGN,
        Deliverable.CAROUSEL: Department.DESIGN,
        Deliverable.REEL: Department.DESIGN,
        Deliverable.REEL_COVER: Department.DESIGN,
        Deliverable.STORY: Department.DESIGN,
        Deliverable.APPROVAL: Department.CONTENT,
        Deliverable.SCHEDULING: Department.ACCOUNTS,
        Deliverable.COMMUNITY: Department.CONTENT,
        Deliverable.ADS: Department.ACCOUNTS,
        Deliverable.REPORT: Department.ACCOUNTS,
        Deliverable.AGREEMENT: Department.ACCOUNTS,
        Deliverable.INVOICE: Department.ACCOUNTS,
    }
)
"""Whose it is where nobody is named for it."""


class AccountableAlready(Refused):
    sentence = "{name} is accountable for it already, and only one person is."


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's part in one deliverable; without a network in that of all of them."""

    deliverable: Deliverable
    network: str
    person_id: UUID
    part: Part


def need_one_accountable(cells: Iterable[Cell], new: Cell, names: Mapping[UUID, str]) -> None:
    """Raises:
    AccountableAlready: somebody else answers for that deliverable on that network.
    """
    if new.part is not Part.ACCOUNTABLE:
        return
    line = (new.deliverable, new.network)
    for one in cells:
        other = one.part is Part.ACCOUNTABLE and one.person_id != new.person_id
        if other and (one.deliverable, one.network) == line:
            raise AccountableAlready(name=names.get(one.person_id, ""))


def unnamed(cells: Collection[Cell], part: Part) -> list[Deliverable]:
    """The deliverables in which nobody has that part, on any network."""
    named = Counter(one.deliverable for one in cells if one.part is part)
    return [one for one in Deliverable if not named[one]]
