"""What the campaigns' page knows and can do."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from postboard.db.queries import campaigns as query
from postboard.db.queries.campaigns import CampaignSeen, ClientWithCampaigns
from postboard.domain.campaigns import PILLARS_MAX, Aim, Mix
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import STAFF_ROLES, Permission, roles_with
from postboard.services import campaigns
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import day_in, text_in, whole_number
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import now, toast
from postboard.ui.words import _

STAFF: Final = tuple(STAFF_ROLES)
PLANNERS: Final = roles_with(Permission.EDIT_PLAN)
PILLAR: Final = "pillar_"
SHARE: Final = "pillar_share_"
NETWORK: Final = "share_"


@dataclass(frozen=True, slots=True)
class PillarRow:
    """A line of the form; empty lines take new names."""

    place: str
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A campaign in its form; `id` is empty for a new one, numbers are as they are written."""

    id: str
    client: str
    name: str
    starts_on: str
    ends_on: str
    goal: str
    wanted: str
    budget: str
    pillars: list[PillarRow]
    networks: dict[str, str]


class CampaignsState(SaysProblems, rx.State):
    loaded: bool = False
    clients: list[ClientWithCampaigns] = []
    shown: str = ""
    """The key of the one client that is shown; empty are all."""
    count: int = 0
    """Of the campaigns shown."""
    may_plan: bool = False
    edited: Edited | None = None
    _version: int = 0

    @rx.event
    @allow(*STAFF)
    async def load(self):
        self.shown = str(self.router.url.query_parameters.get("client", ""))[:8]
        self.edited = None
        await self._look()

    @rx.event
    @allow(*STAFF)
    async def look_again(self):
        await self._look()

    @rx.event
    @allow(*STAFF)
    async def show(self, key: str):
        """One client's, or all."""
        self.shown = key[:8]
        self._counted()

    @rx.event
    @allow(*PLANNERS)
    async def ask(self, client: str):
        """Open the form of a new one; without a client the first one is offered."""
        plans = [one for one in self.clients if one.may_plan]
        named = [one for one in plans if client in {one.key, one.id}] or plans
        if not named:
            raise NotFound
        self.problem = {}
        self._version = 0
        self.edited = Edited("", named[0].id, "", "", "", "", "", "", _rows(named[0], None), {})

    @rx.event
    @allow(*PLANNERS)
    async def edit(self, campaign_id: str):
        """Open the form on the version that is shown."""
        client, campaign = self._find(campaign_id)
        self.problem = {}
        self._version = campaign.version
        self.edited = Edited(
            campaign.id,
            client.id,
            campaign.name,
            campaign.starts_on,
            campaign.ends_on,
            campaign.goal,
            str(campaign.wanted or ""),
            campaign.budget,
            _rows(client, campaign),
            {one.name: str(one.target or "") for one in campaign.networks},
        )

    @rx.event
    @allow(*PLANNERS)
    async def close(self):
        self.edited = None

    @rx.event
    @allow(*PLANNERS)
    async def save(self, form: dict[str, Any]):
        if self.edited is None:
            raise NotFound
        if not await self._done(self._save(form, self.edited.id)):
            return None
        self.edited = None
        await self._look()
        return toast(_("Saved."))

    async def _save(self, form: dict[str, Any], campaign_id: str) -> None:
        aim = _aim(form)
        if campaign_id:
            campaign = as_key(campaign_id)
            await self._write(campaigns.change, campaign, aim, version=self._version)
        else:
            await self._write(campaigns.add, as_key(text_in(form, "client")), aim)

    async def _look(self) -> None:
        self.clients = await self._read(query.of_clients, today=now().date())
        self.may_plan = any(client.may_plan for client in self.clients)
        self._counted()
        self.loaded = True

    def _counted(self) -> None:
        shown = [one for one in self.clients if self.shown in {"", one.key}]
        self.count = sum(len(client.campaigns) for client in shown)

    def _find(self, campaign_id: str) -> tuple[ClientWithCampaigns, CampaignSeen]:
        for client in self.clients:
            for campaign in client.campaigns:
                if campaign.id == campaign_id:
                    return client, campaign
        raise NotFound


def _rows(client: ClientWithCampaigns, campaign: CampaignSeen | None) -> list[PillarRow]:
    """What is aimed at, then the client's other pillars, then room for new ones."""
    targets = (
        {one.name: str(one.target) for one in campaign.pillars if one.target} if campaign else {}
    )
    others = [name for name in client.pillars if name not in targets]
    named = [*targets.items(), *((name, "") for name in others)][:PILLARS_MAX]
    room = [("", "")] * min(2, PILLARS_MAX - len(named))
    return [
        PillarRow(str(place), name, share) for place, (name, share) in enumerate([*named, *room])
    ]


def _aim(form: dict[str, Any]) -> Aim:
    pillars: dict[str, int] = {}
    for place in range(PILLARS_MAX):
        name, share = text_in(form, f"{PILLAR}{place}").strip(), text_in(form, f"{SHARE}{place}")
        if share.strip():
            if not name:
                raise BadInput("Name the pillar whose share you set.")
            pillars[name] = pillars.get(name, 0) + _whole(share)
    networks = {name: _whole(text_in(form, f"{NETWORK}{name}")) for name in NETWORKS}
    wanted = text_in(form, "wanted").strip()
    return Aim(
        text_in(form, "name"),
        day_in(form, "starts_on"),
        day_in(form, "ends_on"),
        text_in(form, "goal"),
        _whole(wanted) if wanted else None,
        text_in(form, "budget"),
        Mix(pillars, networks),
    )


def _whole(text: str) -> int:
    """What is left empty is nothing."""
    text = text.strip()
    return whole_number(text) if text else 0
