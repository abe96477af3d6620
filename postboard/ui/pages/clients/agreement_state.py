"""The whole agreement with a client: what the page knows of it and can do."""

from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import clients as clients_query
from postboard.db.queries import meter as meter_query
from postboard.db.queries.meter import Meter
from postboard.domain.contract import BadTerm, ContractState
from postboard.domain.permissions import Actor
from postboard.domain.start_templates import agreement_templates
from postboard.locale.languages import language_from_cookie
from postboard.services import contract_view, contracts
from postboard.services.contract_view import NotedSeen, VersionSeen
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.pages.clients.agreement_form import DraftForm, contract_in, form_of
from postboard.ui.pages.clients.state import KEEPERS
from postboard.ui.session import now, toast
from postboard.ui.words import _

_GOING: Final = (ContractState.DRAFT, ContractState.OFFERED)
_TO_PROBLEM: Final = """
setTimeout(() => {
  document.querySelector("#agreement .problem")?.scrollIntoView({ block: "center" });
  document.querySelector('#agreement [aria-invalid="true"]')?.focus();
}, 100)
"""
"""The form is longer than a screen, and its button stands below it."""


@floats("draft", "discarding")
class AgreementState(SaysProblems, rx.State):
    versions: list[VersionSeen] = []
    """What is being written, offered, or in force now or soon."""
    earlier: list[VersionSeen] = []
    meters: list[Meter] = []
    noted: list[NotedSeen] = []
    begins_with: str = ""
    """What may be begun: "templates", a "change" of what holds, or nothing while one is open."""
    templates: list[tuple[str, str]] = []
    draft: DraftForm | None = None
    """The one that is being written."""
    discarding: bool = False
    """Whether it is asked if the draft shall go."""
    problem_at: str = ""
    """The field that the problem is about."""
    _client: str = ""

    @rx.event
    @allow(*KEEPERS)
    async def look(self, client_id: str):
        self.problem, self.draft, self.discarding = {}, None, False
        await self._look(client_id)

    @rx.event
    @allow(*KEEPERS)
    async def refresh(self, client_id: str):
        """The client answered, or a colleague was here; what is being written stays."""
        await self._look(client_id)

    @rx.event
    @allow(*KEEPERS)
    async def begin(self, template: str):
        """From a template; without one from what was agreed last. It is open to be written in."""
        if await self._do(self._begin(template)):
            await self._open_draft()

    @rx.event
    @allow(*KEEPERS)
    async def write(self, version_id: str):
        """Open the draft's form."""
        self.problem, self.problem_at = {}, ""
        self.draft = await self._read(_draft, as_key(version_id))

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self.draft, self.problem = None, {}

    @rx.event
    @allow(*KEEPERS)
    async def save(self, form: dict[str, Any]):
        if not await self._do(self._save(form)):
            return rx.run_script(_TO_PROBLEM)
        return toast(_("Saved."))

    @rx.event
    @allow(*KEEPERS)
    async def offer(self, version_id: str, version: int):
        """As it is saved; what is lacking is shown where it is written."""
        if not await self._do(self._offer(version_id, version)):
            if not self.problem_at:
                return None
            await self._open_draft()
            return rx.run_script(_TO_PROBLEM)
        return toast(_("Offered. The client’s reviewers are told."))

    @rx.event
    @allow(*KEEPERS)
    async def ask_discard(self, asked: bool):
        """Nobody brings it back."""
        self.problem, self.discarding = {}, asked

    @rx.event
    @allow(*KEEPERS)
    async def discard(self, version_id: str, version: int):
        self.discarding = False
        await self._do(self._write(contracts.discard, as_key(version_id), version=version))

    @rx.event
    @allow(*KEEPERS)
    async def withdraw(self, version_id: str, version: int):
        await self._do(self._write(contracts.withdraw, as_key(version_id), version=version))

    async def _do(self, work: Any) -> bool:
        """Whether it was done; what is refused is said at its field, and the rest stays open."""
        self.problem_at = ""
        done = await self._done(self._at_its_field(work))
        if done:
            self.draft = None
        await self._look(self._client)
        return done

    async def _open_draft(self) -> None:
        found = next((one for one in self.versions if one.state == ContractState.DRAFT), None)
        self.draft = await self._read(_draft, as_key(found.id)) if found else None

    async def _at_its_field(self, work: Any) -> None:
        try:
            await work
        except BadTerm as wrong:
            self.problem_at = wrong.field
            raise

    async def _begin(self, template: str) -> None:
        client_id = as_key(self._client)
        found = next(
            (one for one in agreement_templates(self._language()) if one.id == template), None
        )
        terms = found.contract if found else await self._read(_start_from, client_id)
        await self._write(contracts.begin, client_id, terms)

    async def _save(self, form: dict[str, Any]) -> None:
        if self.draft is None:
            return
        terms, draft = contract_in(form), self.draft
        why = text_in(form, "why")
        await self._write(contracts.write, as_key(draft.id), terms, why, version=draft.version)

    async def _offer(self, version_id: str, version: int) -> None:
        await self._write(contracts.offer, as_key(version_id), version=version)

    async def _look(self, client_id: str) -> None:
        seen = await self._read(_everything, as_key(client_id))
        versions, self.meters, self.noted = seen
        accepted = next((one for one in versions if one.state == ContractState.ACCEPTED), None)
        self.versions = [
            one for one in versions if one is accepted or one.in_force or one.state in _GOING
        ]
        is_open = any(one.state in _GOING for one in versions)
        changes = accepted and not accepted.over
        self.begins_with = "" if is_open else "change" if changes else "templates"
        self.earlier = [one for one in versions if one not in self.versions]
        self.templates = [(one.id, one.name) for one in agreement_templates(self._language())]
        self._client = client_id

    def _language(self) -> str:
        headers = self._headers()
        return language_from_cookie(headers.get("cookie"), headers.get("accept-language"))


_Seen = tuple[list[VersionSeen], list[Meter], list[NotedSeen]]


def _everything(session: Session, actor: Actor, client_id: UUID) -> _Seen:
    clients_query.key_of(session, actor, client_id)
    at, those = now(), [client_id]
    versions = contract_view.of_client(session, actor, client_id, now=at)
    months = [
        one
        for ago in (0, 1)
        for one in meter_query.of_clients(session, those, at, months_ago=ago)
        if one.number
    ]
    return versions, months, contract_view.noted(session, actor, client_id)


def _start_from(session: Session, actor: Actor, client_id: UUID) -> Any:
    clients_query.key_of(session, actor, client_id)
    return contracts.start_from(session, client_id, now())


def _draft(session: Session, actor: Actor, version_id: UUID) -> DraftForm:
    one = contracts.find(session, actor, version_id)
    return form_of(one.id.hex, one.number, one.kind.value, one.version, one.why, one.terms)
