"""The dialog that assigns posts, and the fields that say what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from postboard.db.queries import suggestions
from postboard.db.queries import tasks as query
from postboard.db.queries.choices import Choice
from postboard.domain.content import LINK_MAX
from postboard.domain.errors import BadInput
from postboard.domain.permissions import Permission, roles_with
from postboard.domain.tasks import INSTRUCTIONS_MAX, LINKS_MAX, POSTS_MAX, Expectation
from postboard.domain.team import Deliverable
from postboard.locale import word_in_each
from postboard.names import DELIVERABLES
from postboard.services import assigning
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.components.filters import named
from postboard.ui.components.form import check, end, field
from postboard.ui.components.kanban import unselect
from postboard.ui.given import text_in, wall_time
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.session import mail_is_set_up, now, toast
from postboard.ui.words import _, language, n_

ASSIGNERS = roles_with(Permission.ASSIGN)
_PERSON = "person_"


@dataclass(frozen=True)
class Offered:
    """Somebody who may take it; `why` are sentences, each in every language."""

    id: str
    name: str
    free: bool
    why: list[dict[str, str]]


@floats("shown")
class AssignState(SaysProblems, rx.State):
    """Which posts are being assigned; the same dialog serves the board and a post's page."""

    shown: bool = False
    keys: list[str] = []
    people: list[Offered] = []
    """The right free person in front."""
    deliverable: str = ""
    zone: str = ""
    mail: bool = False
    _versions: dict[str, int] = {}
    _due: str = ""

    @rx.event
    @allow(*ASSIGNERS)
    async def open(self, post_ids: list[str]):
        if len(post_ids) > POSTS_MAX:
            raise BadInput("Assign at most {limit} posts at once.", limit=POSTS_MAX)
        self.deliverable = self._due = ""
        await self._look(post_ids)
        self.problem = {}
        self.shown = True

    @rx.event
    @allow(*ASSIGNERS)
    async def close(self):
        self.shown = False

    @rx.event
    @allow(*ASSIGNERS)
    async def weigh(self, deliverable: str):
        """Whom to suggest for something else than what the posts lack."""
        if deliverable not in set(Deliverable):
            raise BadInput
        self.deliverable = deliverable
        await self._suggest()

    @rx.event
    @allow(*ASSIGNERS)
    async def weigh_due(self, due: str):
        """Who has working time left before then."""
        self._due = due[:32]
        await self._suggest()

    @rx.event
    @allow(*ASSIGNERS)
    async def assign(self, form: dict[str, Any]):
        seen = {as_key(post): version for post, version in self._versions.items()}
        people = [as_key(name.removeprefix(_PERSON)) for name in form if _chosen(form, name)]
        work = self._assign(form, seen, people)
        if not await self._done(work):
            await self._look(list(self._versions))
            return None
        self.shown = False
        said = n_("Assigned one post.", "Assigned {n} posts.", len(seen))
        return [unselect(), toast(said)]

    async def _assign(self, form: dict[str, Any], seen: dict[Any, int], people: list[Any]) -> None:
        by_mail = mail_is_set_up() and bool(form.get("by_mail"))
        await self._write(assigning.assign, seen, people, expectation(form), by_mail=by_mail)

    async def _look(self, post_ids: list[str]) -> None:
        found = await self._read(query.assignable, [as_key(post) for post in post_ids])
        self.keys, self.zone = found.keys, found.zone
        self._versions = found.versions
        self.mail = mail_is_set_up()
        await self._suggest(found.people)

    async def _suggest(self, people: Sequence[Choice] | None = None) -> None:
        """`people` may take it; without them it is those who are shown."""
        able = {one.value for one in people} if people is not None else {p.id for p in self.people}
        wanted = Deliverable(self.deliverable) if self.deliverable else None
        posts = [as_key(post) for post in self._versions]
        found = await self._read(
            suggestions.for_posts, posts, wanted, wall_time(self._due), now=now()
        )
        self.deliverable = found.deliverable.value
        self.people = [
            Offered(
                one.person_id.hex,
                one.name,
                one.free,
                [word_in_each(reason) for reason in one.reasons],
            )
            for one in found.people
            if one.person_id.hex in able
        ]


def assign_dialog() -> rx.Component:
    return rx.cond(
        AssignState.shown,
        Dialog.create(
            rx.el.p(
                rx.foreach(AssignState.keys, lambda key: rx.el.span(key, class_name="assign-key")),
                class_name="assign-keys",
            ),
            rx.el.form(
                _what_for(),
                _people(),
                *expectation_fields(zone=AssignState.zone, on_due=AssignState.weigh_due),
                rx.cond(AssignState.mail, check("by_mail", _("Tell them by e-mail"))),
                problem_line(AssignState.problem),
                end(_("Assign"), AssignState.close),
                on_submit=AssignState.assign,
                class_name="dialog-form",
            ),
            label=n_("Assign one post", "Assign {n} posts", AssignState.keys.length()),
            on_close=AssignState.close,
        ),
    )


def expectation_fields(
    *,
    zone: rx.Var[str],
    instructions: rx.Var[str] | str = "",
    links: rx.Var[str] | str = "",
    due_local: rx.Var[str] | str = "",
    urgent: rx.Var[bool] | bool = False,
    on_due: Any = None,
) -> list[rx.Component]:
    """The fields that `expectation` reads."""
    return [
        field(
            _("What is expected"),
            rx.el.textarea(
                name="instructions",
                default_value=instructions,
                rows="3",
                max_length=INSTRUCTIONS_MAX,
                dir="auto",
                placeholder=_("Say what to do and what matters, so that nobody has to ask."),
            ),
        ),
        field(
            _("Links, one on each line"),
            rx.el.textarea(
                name="links",
                default_value=links,
                rows="2",
                max_length=LINKS_MAX * LINK_MAX,
                placeholder="https://",
                spell_check=False,
            ),
        ),
        field(
            rx.cond(
                zone,
                _("Due, in the time of {zone}", zone=zone),
                _("Due, on each client’s own clock"),
            ),
            rx.el.input(
                name="due",
                type="datetime-local",
                default_value=due_local,
                **({"on_blur": on_due} if on_due else {}),
            ),
        ),
        check("urgent", _("Urgent"), urgent),
    ]


def expectation(form: dict[str, Any]) -> Expectation:
    """What the fields say.

    Raises:
        BadInput: the time is none.
    """
    links = tuple(line for line in text_in(form, "links").splitlines() if line.strip())
    due = wall_time(text_in(form, "due"))
    return Expectation(text_in(form, "instructions"), links, due, bool(form.get("urgent")))


def _what_for() -> rx.Component:
    return field(
        _("What for"),
        rx.el.select(
            *named(DELIVERABLES), value=AssignState.deliverable, on_change=AssignState.weigh
        ),
    )


def _people() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(_("Who takes it?")),
        rx.el.div(rx.foreach(AssignState.people, _offered), class_name="assign-people"),
    )


def _offered(person: rx.Var[Offered], place: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="checkbox", name=f"{_PERSON}{person.id}"),
            rx.el.span(person.name, dir="auto"),
            class_name="check",
        ),
        rx.el.p(
            rx.cond(
                (place == 0) & person.free,
                rx.el.span(_("Suggested"), class_name="assign-first"),
            ),
            rx.foreach(person.why, lambda why: rx.el.span(why[language()])),
            class_name="assign-why",
        ),
        class_name="assign-person",
        custom_attrs={"data-free": person.free.to_string()},
        key=person.id,
    )


def _chosen(form: dict[str, Any], name: str) -> bool:
    return name.startswith(_PERSON) and bool(form[name])
