"""What somebody has open, and who takes it over when they leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from postboard.domain.errors import Refused
from postboard.domain.team import Part

UNDO_WITHIN: Final = timedelta(minutes=10)
_STRONGEST_FIRST: Final = (Part.ACCOUNTABLE, Part.RESPONSIBLE, Part.CONSULTED, Part.INFORMED)


class HasOpenWork(Refused):
    sentence = "{name} has open work. Hand it over first."


class NeedsHeir(Refused):
    status = 422
    sentence = "Choose who takes over for {client}."


class NeedsAgencyHeir(Refused):
    status = 422
    sentence = "Choose who takes over what is of no single client."


class CannotApprove(Refused):
    status = 422
    sentence = "Choose somebody who may approve: stages of approval name who hands over."


class UndoIsOver(Refused):
    sentence = "That was more than ten minutes ago, or has been undone."


@dataclass(frozen=True, slots=True)
class Open:
    """What somebody has open for one client, or (without one) in all the agency."""

    client_id: UUID | None
    client: str = ""
    key: str = ""
    tasks: int = 0
    returned: int = 0
    """Tasks that they gave out and were sent back to them."""
    posts: int = 0
    """That they hold."""
    parts: int = 0
    heads: int = 0
    stand_ins: int = 0
    """Times in which they stand in for somebody."""
    goals: int = 0
    chains: int = 0
    """Whose stages name them."""
    requests: int = 0
    """Open ones, that they are asked by or will be."""

    @property
    def total(self) -> int:
        return self.tasks + self.returned + self.posts + self.duties

    @property
    def approvals(self) -> int:
        return self.chains + self.requests

    @property
    def duties(self) -> int:
        """All that is neither a task nor a post."""
        return self.parts + self.heads + self.stand_ins + self.goals + self.approvals


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who takes over: one person for each client, and one for what is of no single one."""

    by_client: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    agency: UUID | None = None

    @property
    def clients(self) -> list[UUID]:
        return [*self.by_client]

    def of(self, client_id: UUID | None) -> UUID | None:
        return self.agency if client_id is None else self.by_client.get(client_id)


def need_heirs(open_work: Iterable[Open], heirs: Heirs) -> None:
    """Raises:
    NeedsHeir, NeedsAgencyHeir: nobody takes over something that is open.
    """
    for one in open_work:
        if not one.total or heirs.of(one.client_id) is not None:
            continue
        if one.client_id is None:
            raise NeedsAgencyHeir
        raise NeedsHeir(client=one.client)


def stronger(one: Part, other: Part) -> Part:
    """Who has a part already and takes over another one keeps that of more weight."""
    return min(one, other, key=_STRONGEST_FIRST.index)
