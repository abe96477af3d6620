"""A network's export as a door took it in: whose it is, and opened as somebody says."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client
from postboard.db.queries.scope import measured_clients
from postboard.domain.content import clean
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor, Permission
from postboard.imports.metrics import Asks, MetricsFile, need_fitting, open_metrics
from postboard.services import metric_choices
from postboard.services.metric_choices import NOTHING_SAID, Said
from postboard.services.metric_rows import Seen, seen_in

NAME_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A file as a door took it in; `digest` is its SHA-256."""

    path: Path
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Whose:
    id: UUID
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A file opened as somebody says it is to be read."""

    whose: Whose
    given: Given
    file: MetricsFile
    said: Said
    remembered: Said
    zone: ZoneInfo
    asks: tuple[Asks, ...]

    @property
    def key(self) -> str:
        """Of the file for its client and account: what comes in once."""
        told = (self.whose.id.hex, self.given.digest, self.said.network, self.said.account)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def rows(self) -> Iterator[Seen]:
        return seen_in(self.file, self.said.account, self.said.network, self.zone)


def given(path: Path, name: str) -> Given:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1_000_000):
            digest.update(part)
    # On a disk a name need not be text that a database takes.
    plain = clean(Path(name).name[-NAME_MAX:], NAME_MAX)
    return Given(path, plain, digest.hexdigest())


def whose(session: Session, actor: Actor, client: str) -> Whose:
    """The client of that name or key.

    Raises:
        NotFound: there is none, or it is not this actor's.
        NotAllowed: the actor may not import figures there.
    """
    wanted = client.strip()
    which = (func.lower(col(Client.name)) == wanted.lower()) | (col(Client.key) == wanted.upper())
    row: Any = session.execute(
        select(col(Client.id), col(Client.name), col(Client.zone)).where(
            measured_clients(actor), which
        )
    ).first()
    if row is None:
        raise NotFound("There is no client called “{name}”.", name=wanted[:60])
    if not actor.may(Permission.IMPORT_METRICS, row[0]):
        raise NotAllowed
    return Whose(*row)


def take(session: Session, whose: Whose, given: Given, said: Said, *, recalling: bool) -> Taken:
    """Open the file, with what was said of the account's last one where nothing is said now.

    Raises:
        BadInput: it is no export that is known here, or what is said now of a column cannot be;
            the sentence says what. What was said once and does not fit now is warned of.
    """
    said = said.checked()
    now = said.columns
    file = open_metrics(given.path, said.for_reader())
    kept = NOTHING_SAID
    if recalling:
        kept = metric_choices.recall(session, whose.id, file.format, said.account)
    if (whole := said.over(kept)) != said:
        said, file = whole, open_metrics(given.path, whole.for_reader())
    need_fitting(file, now)
    zone = ZoneInfo(said.zone or whose.zone)
    return Taken(whose, given, file, said, kept, zone, _open(file))


def _open(file: MetricsFile) -> tuple[Asks, ...]:
    """The questions that only a person can answer; a zone is the client's until one is named."""
    asked = (one.asks for one in file.questions)
    return tuple(one for one in asked if one is not Asks.ZONE)
