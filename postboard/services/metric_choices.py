"""What somebody says of a network's export, and what they said of the account's earlier one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.metric_models import MetricReading
from postboard.domain.clock import known_zones
from postboard.domain.content import NETWORKS, clean
from postboard.domain.errors import BadInput
from postboard.imports.metrics import EVERY_FIGURE, MetricChoices
from postboard.imports.plan_dates import DateOrder

ACCOUNT_MAX: Final = 120
COLUMNS_MAX: Final = 200
YEARS: Final = range(2004, 2101)


@dataclass(frozen=True, slots=True)
class Said:
    """Empty, or None, where nobody said anything. `columns` give unknown headers a metric, or "" to
    keep one as it is; `captured_on` is the day on which the file was taken out, if not today;
    without `replies` posts that answer somebody are left out.
    """

    account: str = ""
    network: str = ""
    zone: str = ""
    order: str = ""
    year: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    captured_on: date | None = None
    replies: bool | None = None

    def checked(self) -> "Said":
        """Raises BadInput where it says what cannot be."""
        if self.network and self.network not in NETWORKS:
            raise BadInput("There is no network called “{name}”.", name=self.network[:40])
        if self.zone and self.zone not in known_zones():
            raise BadInput("There is no time zone called “{name}”.", name=self.zone[:60])
        if self.order and self.order not in {one.value for one in DateOrder}:
            raise BadInput
        if self.year is not None and self.year not in YEARS:
            raise BadInput("Write the year with four figures, such as 2026.")
        if self.captured_on and self.captured_on.year not in YEARS:
            raise BadInput("Write the year with four figures, such as 2026.")
        if len(self.columns) > COLUMNS_MAX or not {*self.columns.values()} <= EVERY_FIGURE:
            raise BadInput
        return replace(self, account=clean(self.account, ACCOUNT_MAX))

    @property
    def lasting(self) -> "Said":
        """What holds of the account's next file too."""
        return replace(self, captured_on=None, year=None)

    def over(self, earlier: "Said") -> "Said":
        """This, and what was said earlier where it says nothing."""
        return Said(
            account=self.account or earlier.account,
            network=self.network or earlier.network,
            zone=self.zone or earlier.zone,
            order=self.order or earlier.order,
            year=self.year or earlier.year,
            columns={**earlier.columns, **self.columns},
            captured_on=self.captured_on or earlier.captured_on,
            replies=earlier.replies if self.replies is None else self.replies,
        )

    def for_reader(self) -> MetricChoices:
        """As the reader of files takes it."""
        return MetricChoices(
            zone=ZoneInfo(self.zone) if self.zone else None,
            order=DateOrder(self.order) if self.order else None,
            year=self.year,
            account=self.account,
            network=self.network,
            columns=self.columns,
            replies=self.replies is not False,
        )

    def as_json(self) -> dict[str, Any]:
        told = {name: value for name, value in asdict(self).items() if value or value is False}
        if self.captured_on:
            told["captured_on"] = self.captured_on.isoformat()
        return told


NOTHING_SAID: Final = Said()


def recall(session: Session, client_id: UUID, kind: str, account: str) -> Said:
    """What was said of that account's last file of the format (`kind`).

    Without an account it is what was said of the only one that the client has there: whose a file
    is shall never be guessed.
    """
    which = [col(MetricReading.client_id) == client_id, col(MetricReading.format) == kind]
    if account:
        which.append(col(MetricReading.account) == account)
    found: Any = list(session.execute(select(col(MetricReading.said)).where(*which).limit(2)))
    return _from_json(found[0][0]) if len(found) == 1 else NOTHING_SAID


def remember(session: Session, client_id: UUID, kind: str, said: Said, now: datetime) -> None:
    """In the place of what was said of that account before."""
    which = {"client_id": client_id, "format": kind, "account": said.account}
    old = [col(getattr(MetricReading, name)) == value for name, value in which.items()]
    session.execute(delete(MetricReading).where(*old).execution_options(synchronize_session=False))
    if said.lasting != NOTHING_SAID:
        row = {**which, "said": said.lasting.as_json(), "changed_at": now}
        session.execute(insert(MetricReading), [row])


def _from_json(kept: Mapping[str, Any]) -> Said:
    known = {name: value for name, value in kept.items() if name in Said.__dataclass_fields__}
    return Said(**known)
