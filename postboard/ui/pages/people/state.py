"""What the page of people knows and can do."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import answering, asking, choices, open_work
from postboard.db.queries import team as query
from postboard.db.queries.open_work import Undoable
from postboard.db.queries.team import Agency, ClientTeam, Gone, HeadSeen, PersonAtWork
from postboard.domain.agreement import WEEK_DAYS, spans_in
from postboard.domain.asking import QUESTION_MAX
from postboard.domain.chains import Side
from postboard.domain.content import NETWORKS
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.handing_over import Heirs, Open
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, Role, roles_with
from postboard.domain.standing_in import Period
from postboard.domain.team import Cell, Deliverable, Department, Part
from postboard.locale import word_in_each
from postboard.services import absences, handing_back, handing_over, leaving, team
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.given import day_in, text_in, whole_number
from postboard.ui.guard import allow, answer
from postboard.ui.keys import as_key
from postboard.ui.session import now, toast
from postboard.ui.words import _, n_

STAFF: Final = tuple(STAFF_ROLES)
KEEPERS: Final = roles_with(Permission.MANAGE_CLIENT)
ADMINS: Final[tuple[Role, ...]] = roles_with(Permission.MANAGE_STAFF)
HEIR: Final = "heir_"
AGENCY: Final = "agency"
NO_PART: Final = "none"


@dataclass(frozen=True)
class ClientName:
    key: str
    name: str


@dataclass(frozen=True)
class AnswerLine:
    """Whom to ask; `why` is in every language."""

    key: str
    client: str
    name: str
    email: str
    why: dict[str, str]
    away_until: str
    stand_in: str


@dataclass(frozen=True)
class Answers:
    understood: bool
    lines: list[AnswerLine]
    more: bool


@dataclass(frozen=True)
class EditedPart:
    """A part in the form that gives it; `deliverable` is empty for a new line."""

    deliverable: str
    network: str
    person: str
    part: str


@dataclass(frozen=True)
class HeirFor:
    """What is open for one client, and who may take it over; `id` is that of its field."""

    id: str
    client: str
    tasks: int
    posts: int
    duties: int
    """Parts, departments headed, goals, stages of approval and times of standing in."""
    people: list[ClientName]
    """Their ids and names."""


@dataclass(frozen=True)
class Leaver:
    id: str
    name: str
    open: list[HeirFor]


class PeopleState(SaysProblems, rx.State):
    loaded: bool = False
    clients: list[ClientName] = []
    shown: str = ""
    """The key of the client whose team is shown; empty are all colleagues."""
    team: ClientTeam | None = None
    people: list[PersonAtWork] = []
    heads: list[HeadSeen] = []
    may_lead: bool = False
    """Name the heads that are shown."""
    may_plan: bool = False
    """The days and hours of the people that are shown."""
    may_manage_staff: bool = False
    may_hand_over: bool = False
    """At least what is of the shown client."""
    gone: list[Gone] = []
    answers: Answers | None = None
    part: EditedPart | None = None
    absent: PersonAtWork | None = None
    """Whose days away are being named."""
    hours: PersonAtWork | None = None
    leaver: Leaver | None = None
    done: Undoable | None = None
    """A hand-over of the last ten minutes."""

    @rx.event
    @allow(*STAFF)
    async def load(self):
        key = str(self.router.url.query_parameters.get("client", ""))[:8]
        self._put_away()
        self.answers = None
        try:
            await self._look(key)
        except NotFound as refused:
            await self._look("")
            return answer(refused)
        return None

    @rx.event
    @allow(*STAFF)
    async def show(self, client_key: str):
        """One client's team, or everybody."""
        await self._look(client_key[:8])

    @rx.event
    @allow(*STAFF)
    async def search(self, form: dict[str, Any]):
        """Who do I ask for …?"""
        question = text_in(form, "question")[:QUESTION_MAX]
        if not question.strip():
            self.answers = None
            return
        found = await self._read(asking.who_to_ask, question, self.shown, now=now())
        lines = [
            AnswerLine(
                one.client_key,
                one.client,
                one.name,
                one.email,
                word_in_each(one.why),
                one.away_until,
                one.stand_in,
            )
            for one in found.answers
        ]
        self.answers = Answers(bool(found.deliverables or found.networks), lines, found.more)

    @rx.event
    @allow(*STAFF)
    async def close(self):
        self._put_away()

    @rx.event
    @allow(*KEEPERS)
    async def edit_part(self, deliverable: str, network: str, person_id: str, part: str):
        """Open the form on a part that somebody has, or on a new one."""
        self._put_away()
        self.part = EditedPart(deliverable[:32], network[:32], person_id[:32], part[:32])

    @rx.event
    @allow(*KEEPERS)
    async def save_part(self, form: dict[str, Any]):
        if not await self._done(self._save_part(form)):
            return None
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def name_head(self, department: str, person_id: str):
        """Of the shown client, or of the agency; without a person nobody heads it."""
        if department not in set(Department):
            raise BadInput
        person = as_key(person_id) if person_id else None
        client = self._client() if self.shown else None
        await self._write(team.name_head, client, Department(department), person)
        return await self._saved()

    @rx.event
    @allow(*STAFF)
    async def name_days(self, person_id: str):
        """Open the form that names days away."""
        self._put_away()
        self.absent = self._find(person_id)

    @rx.event
    @allow(*STAFF)
    async def save_days(self, form: dict[str, Any]):
        if self.absent is None:
            raise NotFound
        if not await self._done(self._save_days(form, as_key(self.absent.id))):
            return None
        return await self._saved()

    @rx.event
    @allow(*STAFF)
    async def end_days(self, absence_id: str):
        await self._write(absences.end, as_key(absence_id))
        return await self._saved()

    @rx.event
    @allow(*STAFF)
    async def edit_hours(self, person_id: str):
        self._put_away()
        self.hours = self._find(person_id)

    @rx.event
    @allow(*STAFF)
    async def save_hours(self, form: dict[str, Any]):
        if self.hours is None:
            raise NotFound
        if not await self._done(self._save_hours(form, as_key(self.hours.id))):
            return None
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def ask_leave(self, person_id: str):
        """Open the form that hands over what somebody has open."""
        self._put_away()
        self.leaver = await self._read(_leaver, as_key(person_id), self._find(person_id).name)

    @rx.event
    @allow(*KEEPERS)
    async def hand_over(self, form: dict[str, Any]):
        if self.leaver is None:
            raise NotFound
        if not await self._done(self._hand_over(form, self.leaver)):
            return None
        return await self._saved()

    @rx.event
    @allow(*ADMINS)
    async def let_in(self, person_id: str):
        """Who had left comes back, with the roles they had."""
        await self._write(leaving.enable, as_key(person_id))
        return await self._saved()

    @rx.event
    @allow(*KEEPERS)
    async def undo_hand_over(self, hand_over_id: str):
        stay = await self._write(handing_back.undo, as_key(hand_over_id))
        self._put_away()
        await self._look(self.shown)
        if stay:
            return toast(
                n_(
                    "Taken back, but for one thing that somebody has gone on with.",
                    "Taken back, but for {n} things that somebody has gone on with.",
                    stay,
                )
            )
        return toast(_("Taken back."))

    async def _save_part(self, form: dict[str, Any]) -> None:
        deliverable, network = text_in(form, "deliverable"), text_in(form, "network")
        part, person = text_in(form, "part"), text_in(form, "person")
        if deliverable not in set(Deliverable) or network not in {"", *NETWORKS}:
            raise BadInput
        if part not in {NO_PART, *Part}:
            raise BadInput
        client, what, who = self._client(), Deliverable(deliverable), as_key(person)
        if part == NO_PART:
            await self._write(team.take_part, client, what, network, who)
        else:
            await self._write(team.give_part, client, Cell(what, network, who, Part(part)))

    async def _save_days(self, form: dict[str, Any], person: UUID) -> None:
        first, last = day_in(form, "starts_on"), day_in(form, "ends_on")
        if first is None or last is None:
            raise BadInput("Choose the first and the last day.")
        other = text_in(form, "stand_in")
        stand_in = as_key(other) if other else None
        await self._write(absences.add, person, Period(first, last), stand_in)

    async def _save_hours(self, form: dict[str, Any], person: UUID) -> None:
        week = tuple(spans_in(text_in(form, f"day_{day}")) for day in range(WEEK_DAYS))
        await self._write(
            absences.set_hours,
            person,
            week,
            country=text_in(form, "country").strip().upper(),
            region=text_in(form, "region").strip(),
            version=whole_number(text_in(form, "version")),
        )

    async def _hand_over(self, form: dict[str, Any], leaver: Leaver) -> None:
        person, leaves = as_key(leaver.id), bool(form.get("leaves"))
        if not leaver.open:
            if not leaves:
                raise BadInput("There is nothing to hand over.")
            await self._write(leaving.disable, person)
            return
        chosen = {
            name.removeprefix(HEIR): as_key(text_in(form, name))
            for name in form
            if name.startswith(HEIR) and text_in(form, name)
        }
        agency = chosen.pop(AGENCY, None)
        heirs = Heirs({as_key(client): heir for client, heir in chosen.items()}, agency)
        await self._write(handing_over.hand_over, person, heirs, leaves=leaves)

    async def _saved(self) -> rx.event.EventSpec:
        self._put_away()
        await self._look(self.shown)
        return toast(_("Saved."))

    async def _look(self, key: str) -> None:
        """A key is shown once it is known to be a client of theirs."""
        seen = await self._read(_everything, key)
        self.shown = key
        self.clients, self.team = seen.clients, seen.team
        self.people = seen.team.people if seen.team else seen.agency.people
        self.heads = seen.team.heads if seen.team else seen.agency.heads
        self.may_lead = seen.team.may_change if seen.team else seen.agency.may_lead
        self.may_plan = self.may_lead
        self.may_manage_staff = seen.agency.may_manage_staff
        self.may_hand_over = self.may_plan or self.may_manage_staff
        self.gone = [] if seen.team else seen.agency.gone
        self.done = seen.done
        self.loaded = True

    def _client(self) -> UUID:
        if self.team is None:
            raise NotFound
        return as_key(self.team.id)

    def _find(self, person_id: str) -> PersonAtWork:
        found = next((one for one in self.people if one.id == person_id), None)
        if found is None:
            raise NotFound
        return found

    def _put_away(self) -> None:
        self.part = self.absent = self.hours = self.leaver = None
        self.problem = {}


@dataclass(frozen=True, slots=True)
class _Everything:
    clients: list[ClientName]
    team: ClientTeam | None
    agency: Agency
    done: Undoable | None


def _everything(session: Session, actor: Actor, key: str) -> _Everything:
    """Of a client that the actor does not work for nothing is shown."""
    mine = [
        ClientName(one.key, one.name)
        for one in choices.clients(session, actor)
        if actor.may(Permission.SEE_ALL_STATES, one.id)
    ]
    at = now()
    shown = query.of_client(session, actor, key, now=at) if key else None
    return _Everything(
        mine,
        shown,
        query.of_agency(session, actor, now=at),
        open_work.undoable(session, actor, now=at),
    )


def _leaver(session: Session, actor: Actor, person_id: UUID, name: str) -> Leaver:
    found = handing_over.open_of(session, actor, person_id, now=now())
    return Leaver(person_id.hex, name, [_heir_for(session, one, person_id) for one in found])


def _heir_for(session: Session, one: Open, leaver_id: UUID) -> HeirFor:
    clients = [one.client_id] if one.client_id else None
    people = [person for person in query.staff_of(session, clients) if person.id != leaver_id]
    if one.client_id and one.approvals:
        ids = [person.id for person in people]
        able = answering.able(session, one.client_id, Side.INTERNAL, ids)
        people = [person for person in people if person.id in able]
    return HeirFor(
        HEIR + (one.client_id.hex if one.client_id else AGENCY),
        one.client,
        one.tasks + one.returned,
        one.posts,
        one.duties,
        [ClientName(person.id.hex, person.name) for person in people],
    )
