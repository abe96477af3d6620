"""What the ideas' page knows and can do."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import choices
from postboard.db.queries import ideas as query
from postboard.db.queries.ideas import OpenIdea
from postboard.domain.errors import NotFound
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, roles_with
from postboard.services import ideas
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import day_in, text_in
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.session import toast
from postboard.ui.words import _

STAFF: Final = tuple(STAFF_ROLES)
PLANNERS: Final = roles_with(Permission.EDIT_PLAN)


@dataclass(frozen=True, slots=True)
class ClientOfIdeas:
    id: str
    key: str
    name: str


class IdeasPage(SaysProblems, rx.State):
    loaded: bool = False
    ideas: list[OpenIdea] = []
    clients: list[ClientOfIdeas] = []
    """Where the actor may add one."""
    shown: str = ""
    count: int = 0
    asking: str = ""
    """"new", "post", "decline" or nothing."""
    about: OpenIdea | None = None

    @rx.event
    @allow(*STAFF)
    async def load(self):
        self.shown = str(self.router.url.query_parameters.get("client", ""))[:8]
        self.asking = ""
        await self._look()

    @rx.event
    @allow(*STAFF)
    async def show(self, key: str):
        """One client's, or all."""
        self.shown = key[:8]
        self._counted()

    @rx.event
    @allow(*STAFF)
    async def ask(self):
        """Open the form of a new one."""
        self.problem = {}
        self.asking = "new"

    @rx.event
    @allow(*PLANNERS)
    async def ask_about(self, what: str, idea_id: str):
        """Open the form that answers one: `what` is "post" or "decline"."""
        self.about = next((one for one in self.ideas if one.id == idea_id), None)
        if self.about is None or what not in {"post", "decline"}:
            raise NotFound
        self.problem = {}
        self.asking = what

    @rx.event
    @allow(*STAFF)
    async def close(self):
        self.asking, self.about = "", None

    @rx.event
    @allow(*STAFF)
    async def add(self, form: dict[str, Any]):
        if await self._done(self._add(form)):
            self.asking = ""
        await self._look()

    @rx.event
    @allow(*STAFF)
    async def vote(self, idea_id: str, wanted: bool):
        try:
            await self._write(ideas.vote, as_key(idea_id), wanted=wanted)
        finally:
            await self._look()

    @rx.event
    @allow(*PLANNERS)
    async def take_up(self, form: dict[str, Any]):
        """Make it a post, on the day that the form says."""
        about = self._about()
        day = day_in(form, "day")
        work = self._write(ideas.take_up, as_key(about.id), version=about.version, day=day)
        return await self._answered(work, _("It is a draft now."))

    @rx.event
    @allow(*PLANNERS)
    async def decline(self, form: dict[str, Any]):
        about, answer = self._about(), text_in(form, "answer")
        work = self._write(ideas.decline, as_key(about.id), answer, version=about.version)
        return await self._answered(work, _("Declined."))

    async def _answered(self, work: Any, said: rx.Var[str]) -> Any:
        if not await self._done(work):
            return None
        self.asking, self.about = "", None
        await self._look()
        return toast(said)

    async def _add(self, form: dict[str, Any]) -> None:
        new = NewIdea(text_in(form, "idea"), text_in(form, "link"), day_in(form, "wished_on"))
        client, internal = as_key(text_in(form, "client")), not form.get("shared")
        await self._write(ideas.add, client, new, internal=internal)

    async def _look(self) -> None:
        self.ideas, self.clients = await self._read(_everything)
        self._counted()
        self.loaded = True

    def _counted(self) -> None:
        self.count = sum(self.shown in {"", one.client} for one in self.ideas)

    def _about(self) -> OpenIdea:
        if self.about is None:
            raise NotFound
        return self.about


def _everything(session: Session, actor: Actor) -> tuple[list[OpenIdea], list[ClientOfIdeas]]:
    clients = [
        ClientOfIdeas(client.id.hex, client.key, client.name)
        for client in choices.clients(session, actor)
        if actor.may(Permission.ADD_IDEA, client.id)
    ]
    return query.open_ideas(session, actor), clients
