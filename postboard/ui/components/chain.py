"""The dialog that says who approves: of a client, of one campaign, of one post."""

from dataclasses import dataclass
from typing import Any, Final, TypedDict, cast

import reflex as rx

from postboard.db.queries.approvals import ChainSeen, EditedChain, StageSeen
from postboard.domain.chains import (
    HOURS_MAX,
    RIGHTS,
    STAGES_MAX,
    Rule,
    Side,
    Stage,
    StageRefused,
    preset,
)
from postboard.domain.errors import NotFound, Refused, Stale
from postboard.domain.permissions import PERMISSIONS, Permission, Role
from postboard.domain.workflow import Approval
from postboard.locale import N_, say_in_each
from postboard.services import chains
from postboard.services.chains import Scope
from postboard.ui.guard import allow, floats
from postboard.ui.keys import as_key
from postboard.ui.labels import APPROVALS, ROLES
from postboard.ui.session import NotSignedIn, Page, toast
from postboard.ui.words import _, n_
from postboard.ui.wrappers import CHAIN_EDITOR

KEEPERS: Final = tuple(
    role
    for role in Role
    if {Permission.MANAGE_CLIENT, Permission.OVERRIDE_CHAIN} & PERMISSIONS[role]
)
SIDES: Final = {Side.INTERNAL: N_("The agency"), Side.CLIENT: N_("The client")}


class GivenStage(TypedDict):
    """A stage as the form sends it; `hours` 0: none of its own."""

    side: Side
    name: str
    role: str
    people: list[str]
    rule: Rule
    hours: int


@dataclass(frozen=True)
class ChainProblem:
    """What was refused, in every language; `stage` -1: nothing of one stage."""

    stage: int
    said: dict[str, str]
    stale: bool


@floats("chain", "problem")
class ChainState(Page, rx.State):
    chain: EditedChain | None = None
    problem: ChainProblem | None = None
    read: int = 0
    """How often the chain was read: what is typed is kept until it is read again."""

    @rx.event
    @allow(*KEEPERS)
    async def open(self, client_id: str, campaign_id: str, post_id: str):
        """Read it, also anew in the open dialog."""
        scope = _scope(client_id, campaign_id, post_id)
        self.problem = None
        self.chain = await self._read(chains.edit, scope)
        self.read += 1

    @rx.event
    @allow(*KEEPERS)
    async def close(self):
        self.chain = self.problem = None

    @rx.event
    @allow(*KEEPERS)
    async def save(
        self,
        client_id: str,
        campaign_id: str,
        post_id: str,
        version: int,
        reason: str,
        stages: list[GivenStage],
    ):
        scope = _scope(client_id, campaign_id, post_id)
        return await self._try(
            chains.set_chain,
            scope,
            [_stage(given) for given in stages[: STAGES_MAX + 1]],
            reason=reason,
            version=version,
        )

    @rx.event
    @allow(*KEEPERS)
    async def drop(self, client_id: str, campaign_id: str, post_id: str, version: int):
        """Follow the client's chain again."""
        scope = _scope(client_id, campaign_id, post_id)
        return await self._try(chains.drop_override, scope, version=version)

    async def _try(self, use_case: Any, *args: Any, **more: Any) -> Any:
        self.problem = None
        try:
            await self._write(use_case, *args, **more)
        except NotSignedIn:
            raise
        except Refused as refused:
            stage = refused.stage if isinstance(refused, StageRefused) else -1
            stale = isinstance(refused, Stale)
            self.problem = ChainProblem(stage, say_in_each(refused), stale=stale)
            return None
        self.chain = None
        return toast(_("Saved. Requests under way keep their stages."))


class ChainEditor(rx.Component):
    """The stages in two lists, as they are typed; `read` tells it to begin anew."""

    library = CHAIN_EDITOR
    tag = "ChainEditor"

    chain: rx.Var[Any]
    problem: rx.Var[Any]
    read: rx.Var[int]
    roles: rx.Var[dict[str, list[dict[str, str]]]]
    presets: rx.Var[list[dict[str, Any]]]
    limits: rx.Var[dict[str, int]]

    on_save: rx.EventHandler[
        rx.event.passthrough_event_spec(str, str, str, int, str, list[GivenStage])
    ]
    on_drop: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, int)]
    on_reload: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
    on_gone: rx.EventHandler[rx.event.no_args_event_spec]


def chain_dialog(on_gone: Any) -> rx.Component:
    """`on_gone`: it was closed, with or without a change."""
    return rx.cond(
        ChainState.chain,
        ChainEditor.create(
            chain=ChainState.chain,
            problem=ChainState.problem,
            read=ChainState.read,
            roles=rx.Var.create(
                {
                    side.value: [
                        {"value": role.value, "name": _(ROLES[role])}
                        for role in Role
                        if right in PERMISSIONS[role]
                    ]
                    for side, right in RIGHTS.items()
                }
            ),
            presets=rx.Var.create(
                [
                    {"name": _(APPROVALS[one]), "sides": [s.side.value for s in preset(one).stages]}
                    for one in Approval
                ]
            ),
            limits={"stages": STAGES_MAX, "hours": HOURS_MAX},
            on_save=ChainState.save,
            on_drop=ChainState.drop,
            on_reload=ChainState.open,
            on_close=ChainState.close,
            on_gone=on_gone,
        ),
    )


def chain_steps(chain: rx.Var[ChainSeen]) -> rx.Component:
    """The stages one after the other, in a line that wraps."""
    return rx.cond(
        chain.stages.length() > 0,
        rx.el.ol(rx.foreach(chain.stages, _step), class_name="chain-steps"),
        rx.el.p(_("Nobody: posts count as approved once they are submitted."), class_name="quiet"),
    )


def _step(stage: rx.Var[StageSeen]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(stage.name, stage.name, _(rx.Var.create(SIDES)[stage.side])),
            class_name="chain-name",
            dir="auto",
        ),
        rx.el.span(who_decides(stage), class_name="quiet"),
        rx.cond(
            stage.hours > 0,
            rx.el.span(
                n_("within {n} working hour", "within {n} working hours", stage.hours),
                class_name="quiet",
            ),
        ),
        custom_attrs={"data-side": stage.side},
    )


def who_decides(stage: rx.Var[StageSeen]) -> rx.Var[str]:
    people = stage.people.join(", ")
    role = _(rx.Var.create(ROLES)[stage.role])
    is_all = stage.rule == Rule.ALL.value
    return cast(
        "rx.Var[str]",
        rx.cond(
            stage.role,
            rx.cond(is_all, _("everybody who is {role}", role=role), role),
            rx.cond(
                stage.people.length() > 1,
                rx.cond(
                    is_all,
                    _("all of {names}", names=people),
                    _("one of {names}", names=people),
                ),
                rx.cond(stage.people.length() > 0, people, _("whoever may approve")),
            ),
        ),
    )


def _scope(client_id: str, campaign_id: str, post_id: str) -> Scope:
    return Scope(
        as_key(client_id),
        as_key(campaign_id) if campaign_id else None,
        as_key(post_id) if post_id else None,
    )


def _stage(given: GivenStage) -> Stage:
    if given["role"] and given["role"] not in set(Role):
        raise NotFound
    return Stage(
        side=Side(given["side"]),
        name=given["name"],
        people=tuple(as_key(person) for person in given["people"]),
        role=Role(given["role"]) if given["role"] else None,
        rule=Rule(given["rule"]),
        due_hours=given["hours"] or None,
    )
