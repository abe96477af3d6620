"""A client's plan of action to keep: as Markdown to read, as JSON for another program."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client
from postboard.db.queries.launches import Launch
from postboard.domain.launch import Need
from postboard.domain.permissions import Actor
from postboard.locale import Language, text
from postboard.names import NEEDS
from postboard.services import launches
from postboard.services.contract_export import plain

FORMAT: Final = "postboard.plan-of-action/1"


@dataclass(frozen=True, slots=True)
class Plan:
    client: str
    key: str
    launch: Launch

    @property
    def name(self) -> str:
        return f"{self.key}-plan-of-action"


def plan(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> Plan:
    """Raises:
    NotFound, NotAllowed: it is not this actor's to see.
    """
    launch = launches.find(session, actor, client_id, now=now)
    client, key = session.execute(
        select(col(Client.name), col(Client.key)).where(col(Client.id) == client_id)
    ).one()
    return Plan(client, key, launch)


def to_json(plan: Plan) -> dict[str, Any]:
    launch = plan.launch
    at = launch.reason_at
    return {
        "format": FORMAT,
        "client": plan.client,
        "before_the_first_post": launch.gate.value,
        "started": launch.started,
        "needs": [asdict(one) for one in launch.needs],
        "items": [asdict(one) for one in launch.items],
        "reason": {"text": launch.reason, "name": launch.reason_name, "at": at.isoformat()}
        if at
        else None,
    }


def to_markdown(plan: Plan, language: Language) -> str:
    words, launch = text(language), plan.launch
    needs = [(words.gettext(NEEDS[Need(one.need)]), one.done) for one in launch.needs]
    items = [(plain(one.words), bool(one.done_at)) for one in launch.items]
    listed = [f"- [{'x' if done else ' '}] {said}" for said, done in [*needs, *items]]
    title = words.gettext("Plan of action")
    parts = [f"# {plain(plan.client)}: {title}", "\n".join(listed)]
    if launch.reason:
        parts.append(
            words.gettext(
                "{who} let the first post go out without it: {reason}",
                who=plain(launch.reason_name),
                reason=plain(launch.reason),
            )
        )
    return "\n\n".join(parts) + "\n"
