"""What the clients' page knows and can do."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import clients as query
from postboard.db.queries import keeping
from postboard.db.queries.clients import (
    AgreedOfClient,
    ClientInFull,
    ClientInList,
    Colleague,
    PersonOfClient,
    TermsOfClient,
)
from postboard.db.queries.keeping import Keeping
from postboard.domain.contract import PLEDGED
from postboard.domain.errors import NotFound
from postboard.domain.launch import Gate
from postboard.domain.permissions import (
    AGENCY_ROLES,
    CLIENT_ROLES,
    Actor,
    Permission,
    Role,
    roles_with,
)
from postboard.domain.start_templates import USUAL, checklist_templates
from postboard.domain.workflow import Policy
from postboard.locale.languages import language_from_cookie
from postboard.notifications import chat
from postboard.notifications.chat import ChatFailed, NotTaken
from postboard.services import (
    agreements,
    client_chats,
    clients,
    launches,
    shared_links,
    sign_in_links,
    stand_ins,
)
from postboard.services.clients import NewClient
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.components.part_link import TO_PART
from postboard.ui.given import day_in
from postboard.ui.guard import allow, answer
from postboard.ui.keys import as_key
from postboard.ui.pages.clients.forms import number_in, role_in, rounds_in, terms_in, text
from postboard.ui.session import now, public_address, toast
from postboard.ui.words import _

KEEPERS: Final = roles_with(Permission.MANAGE_CLIENT)
ADMINS: Final = roles_with(Permission.MANAGE_STAFF)
TEAM_ROLES: Final = tuple(role for role in Role if role not in CLIENT_ROLES | AGENCY_ROLES)
REVIEW_ROLES: Final = tuple(role for role in Role if role in CLIENT_ROLES)
COLLEAGUE_ROLES: Final = (Role.MANAGER, Role.ADMIN)

_TRYING: Final = asyncio.Semaphore(2)
"""Each trial is a process of its own: nobody shall start any number of them."""
Asking = Literal["client", "team", "reviewer", "colleague"]
Leaving = Literal["", "removal", "links", "shared"]


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link just made; it is shown this once."""

    address: str
    who: str
    days: int
    kind: Literal["review", "staff", "shared"]


class ClientsState(SaysProblems, rx.State):
    loaded: bool = False
    clients: list[ClientInList] = []
    chosen: ClientInFull | None = None
    kept: list[Keeping] = []
    agency: list[Colleague] = []
    view: str = ""
    """What the address names: "client", "agency" or nothing."""
    may_create: bool = False
    may_manage_staff: bool = False
    asking: str = ""
    person: PersonOfClient | None = None
    leaving: str = ""
    link: FreshLink | None = None
    copied: bool = False

    @rx.event
    @allow(*KEEPERS)
    async def load(self):
        """The list, and what the address names; without a name the first client."""
        actor = (await self._signed_in()).actor
        self.may_create = actor.may(Permission.CREATE_CLIENT)
        self.may_manage_staff = actor.may(Permission.MANAGE_STAFF)
        asked = self.router.url.query_parameters
        key = str(asked.get("client", ""))[:8]
        agency = self.may_manage_staff and asked.get("people") == "agency"
        self.view = "client" if key else "agency" if agency else ""
        self._put_away()
        try:
            await self._show(key)
        except NotFound as refused:
            self.view = ""
            await self._show("")
            return answer(refused)
        return rx.run_script(TO_PART)

    @rx.event
    @allow(*KEEPERS)
    async def ask(self, what: Asking):
        """Open the dialog that adds one."""
        self._put_away()
        self.asking = what

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self._put_away()

    @rx.event
    @allow(*KEEPERS)
    async def look_again(self):
        """Something beside this page's own forms may have changed."""
        await self._show_again()

    @rx.event
    @allow(*KEEPERS)
    async def add_client(self, form: dict[str, Any]):
        new, gate = NewClient(text(form, "name"), text(form, "zone")), text(form, "gate")
        key = ""

        async def add() -> None:
            nonlocal key
            client_id = await self._write(clients.add_client, new)
            if gate in set(Gate):
                await self._start(client_id, Gate(gate))
            key = await self._read(query.key_of, client_id)

        if await self._done(add()):
            self._put_away()
            return rx.redirect(address_of(key))
        return None

    @rx.event
    @allow(*KEEPERS)
    async def save_client(self, form: dict[str, Any]):
        policy = Policy(rework_goes_to_client=text(form, "rework") == "client")
        changed = NewClient(text(form, "name"), text(form, "zone"), policy)
        await self._write(
            clients.change_client,
            self._client(),
            changed,
            rounds_included=rounds_in(form),
            keep_chain=True,
        )
        saved, client = await self._saved(), self.chosen
        if client and client.agreed and client.rounds_included != client.agreed.rounds_included:
            return _not_as_agreed(client.agreed)
        return saved

    @rx.event
    @allow(*KEEPERS)
    async def save_terms(self, form: dict[str, Any]):
        version = number_in(form, "version")
        await self._write(agreements.change, self._client(), terms_in(form), version=version)
        saved, client = await self._saved(), self.chosen
        if client and client.agreed and _differ(client.terms, client.agreed):
            return _not_as_agreed(client.agreed)
        return saved

    @rx.event
    @allow(*KEEPERS)
    async def add_person(self, form: dict[str, Any]):
        add = self._write(
            clients.add_person,
            name=text(form, "name"),
            email=text(form, "email"),
            role=role_in(form),
            client_id=None if self.asking == "colleague" else self._client(),
        )
        return await self._closed(_("Added.")) if await self._done(add) else None

    @rx.event
    @allow(*KEEPERS)
    async def edit_person(self, person_id: str):
        self._put_away()
        self.person = self._find(person_id)

    @rx.event
    @allow(*KEEPERS)
    async def change_role(self, form: dict[str, Any]):
        change = self._write(
            clients.change_role, self._client(), as_key(self._edited().id), role_in(form)
        )
        return await self._saved() if await self._done(change) else None

    @rx.event
    @allow(*KEEPERS)
    async def leave(self, what: Leaving):
        """Ask before access ends, naming what is lost."""
        self.problem = {}
        self.leaving = what

    @rx.event
    @allow(*KEEPERS)
    async def remove_person(self):
        person = self._edited()
        remove = self._write(clients.remove_person, self._client(), as_key(person.id))
        if not await self._done(remove):
            return None
        return await self._closed(_("{name} is off this client.", name=person.name))

    @rx.event
    @allow(*KEEPERS)
    async def end_links(self):
        person = self._edited()
        end = self._write(clients.end_review_links, self._client(), as_key(person.id))
        if not await self._done(end):
            return None
        if person.links:
            return await self._closed(_("The links of {name} have ended.", name=person.name))
        return await self._closed(_("The calendars of {name} have ended.", name=person.name))

    @rx.event
    @allow(*KEEPERS)
    async def make_review_link(self, person_id: str):
        person = self._find(person_id)
        token = await self._write(clients.make_review_link, self._client(), as_key(person.id))
        self._put_away()
        self.link = FreshLink(
            public_address(f"/link/{token}"),
            person.name,
            sign_in_links.REVIEW_LINK_LIFETIME.days,
            "review",
        )
        await self._show_again()

    @rx.event
    @allow(*KEEPERS)
    async def make_shared_link(self):
        """The old one ends with it."""
        client_id, name = self._client(), self.chosen.name if self.chosen else ""
        token = await self._write(shared_links.make, client_id)
        self._put_away()
        self.link = FreshLink(
            public_address(f"/shared/{token}"), name, shared_links.LIFETIME.days, "shared"
        )
        await self._show_again()

    @rx.event
    @allow(*KEEPERS)
    async def end_shared_link(self):
        if not await self._done(self._write(shared_links.end, self._client())):
            return None
        return await self._closed(_("The shared link has ended."))

    @rx.event
    @allow(*KEEPERS)
    async def end_stand_in(self, stand_in_id: str):
        if not await self._done(self._write(stand_ins.end, as_key(stand_in_id))):
            return None
        return await self._saved()

    @rx.event
    @allow(*ADMINS)
    async def make_staff_link(self, person_id: str, name: str):
        token = await self._write(clients.make_staff_link, as_key(person_id))
        self._put_away()
        self.link = FreshLink(
            public_address(f"/link/{token}"),
            name[:120],
            sign_in_links.SIGN_IN_LINK_LIFETIME.days,
            "staff",
        )

    @rx.event
    @allow(*KEEPERS)
    async def note_copied(self):
        self.copied = True

    @rx.event
    @allow(*KEEPERS)
    async def add_campaign(self, form: dict[str, Any]):
        await self._write(
            clients.add_campaign,
            self._client(),
            text(form, "name"),
            starts_on=day_in(form, "starts_on"),
            ends_on=day_in(form, "ends_on"),
        )
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def add_account(self, form: dict[str, Any]):
        account = (text(form, "network"), text(form, "handle"))
        await self._write(clients.add_social_accounts, self._client(), [account])
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def remove_account(self, account_id: str):
        await self._write(clients.remove_social_account, self._client(), as_key(account_id))
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def add_chat(self, form: dict[str, Any]):
        url, language = text(form, "chat"), text(form, "language")
        service = await asyncio.to_thread(chat.service_of, url)
        await self._write(client_chats.add, self._client(), url, service, language)
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def remove_chat(self, client_chat_id: str):
        await self._write(client_chats.remove, self._client(), as_key(client_chat_id))
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def try_chat(self, client_chat_id: str):
        """Sent here and now, so that whoever tries hears what the chat says to it."""
        trial = await self._read(client_chats.trial, self._client(), as_key(client_chat_id))
        subject, body = trial.letter.subject, trial.letter.body
        async with _TRYING:
            try:
                await asyncio.to_thread(chat.send, trial.url, subject, body)
            except ChatFailed as failed:
                raise NotTaken(reason=str(failed)) from failed
        return toast(_("The chat has taken the test."))

    async def _start(self, client_id: UUID, gate: Gate) -> None:
        """With the usual checklist, in the language of whoever brings the client in."""
        headers = self._headers()
        speaks = language_from_cookie(headers.get("cookie"), headers.get("accept-language"))
        lines = next(one.items for one in checklist_templates(speaks) if one.id == USUAL)
        await self._write(launches.change, client_id, gate, lines, version=0)

    async def _saved(self) -> rx.event.EventSpec:
        return await self._closed(_("Saved."))

    async def _closed(self, words: rx.Var[str]) -> rx.event.EventSpec:
        """No dialog is open any more, the page shows what is now, and a toast says why."""
        self._put_away()
        await self._show_again()
        return toast(words)

    async def _show_again(self) -> None:
        try:
            await self._show(self.chosen.key if self.chosen else "")
        except NotFound:  # one may take oneself off a client
            await self._show("")

    async def _show(self, key: str) -> None:
        seen = await self._read(_everything, key, self.view)
        self.clients, self.chosen, self.agency = seen.clients, seen.chosen, seen.agency
        self.kept = seen.kept
        self.loaded = True

    def _put_away(self) -> None:
        self.asking = self.leaving = ""
        self.person = None
        self.link = None
        self.copied = False
        self.problem = {}

    def _client(self) -> UUID:
        if self.chosen is None:
            raise NotFound
        return as_key(self.chosen.id)

    def _edited(self) -> PersonOfClient:
        if self.person is None:
            raise NotFound
        return self.person

    def _find(self, person_id: str) -> PersonOfClient:
        people = [*self.chosen.team, *self.chosen.reviewers] if self.chosen else []
        found = next((person for person in people if person.id == person_id), None)
        if found is None:
            raise NotFound
        return found


def address_of(key: str) -> str:
    return f"/clients/?{urlencode({'client': key})}"


@dataclass(frozen=True, slots=True)
class _Everything:
    clients: list[ClientInList]
    chosen: ClientInFull | None
    kept: list[Keeping]
    agency: list[Colleague]


def _everything(session: Session, actor: Actor, key: str, view: str) -> _Everything:
    listed = query.listed(session, actor)
    first = listed[0].key if listed and view != "agency" else ""
    shown = key or first
    chosen = query.in_full(session, actor, shown, now=now()) if shown else None
    return _Everything(
        listed,
        chosen,
        _two_months(session, chosen) if chosen else [],
        query.agency(session, actor) if view == "agency" else [],
    )


def _two_months(session: Session, client: ClientInFull) -> list[Keeping]:
    """This one and the one before, which says more in the first days of this; none at the start."""
    those, at = [UUID(client.id)], now()
    found = [
        one for ago in (0, 1) for one in keeping.of_clients(session, those, at, months_ago=ago)
    ]
    return found if any(one.anything for one in found) else []


def _differ(terms: TermsOfClient, agreed: AgreedOfClient) -> bool:
    return any(getattr(terms, name) != getattr(agreed, name) for name in PLEDGED)


def _not_as_agreed(agreed: AgreedOfClient) -> rx.event.EventSpec:
    return toast(_("Saved. It is not what was agreed (version {n}).", n=agreed.number))
