"""People at random, at random posts, through the services: a model by hand must always agree."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Event, Post
from postboard.domain.content import Words
from postboard.domain.errors import Refused
from postboard.domain.permissions import THE_CLOCK, Actor
from postboard.domain.workflow import Action, Policy, State
from postboard.services import audit, clients, post_words, posts, steps, task_list
from postboard.services.clients import NewClient
from tests.databases import Ground
from tests.product_table import (
    NOT_BY_HAND,
    PLANNERS,
    POLICIES,
    REVISED,
    STAFF,
    TABLE,
    WRITERS,
    next_state,
)
from tests.world import NOW, Brand, everything_in, full_answer

APPROVING = {"post.approve", "post.submit", "post.revise"}
"""Where nobody is asked, submitting is the agency's yes."""
OPEN = {"draft", "in_production", "internal_rework", "client_rework"}
NEEDS_APPROVAL = {"approved", "on_hold", "scheduled", "published", "publish_failed"}
ROUNDS_INCLUDED = 3
"""The last of them is a fact of its own, and so is each beyond."""
CLOCK_STEPS = {("scheduled", "publish"), ("scheduled", "fail")}


@dataclass(frozen=True)
class Known:
    """What the model knows of a post."""

    brand: Brand
    state: str
    version: int
    revision: int
    rounds: int
    events: int
    judged: bool
    """Whether somebody was asked about the current revision."""
    approved_revision: int | None
    asked_by: Policy
    """The policy by which its people were asked last."""


class Walks(RuleBasedStateMachine):
    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self._open = self.ground.empty()
        self.database = self._open.__enter__()
        self.world = self.ground.fill(self.database)
        self.now = NOW
        self.policies = {b.id: b.policy for b in (self.world.acme, self.world.borealis)}
        acme = {actor.user_id: role.value for role, actor in self.world.of_acme().items()}
        borealis = {self.world.alma.user_id: "admin", self.world.ana.user_id: "manager"}
        borealis |= {
            self.world.dora.user_id: "client_reviewer",
            self.world.bodil.user_id: "account_manager",
        }
        self.roles = {self.world.acme.id: acme, self.world.borealis.id: borealis}
        self.actors = (*self.world.everybody(), THE_CLOCK)
        self.known: dict[UUID, Known] = {}
        self.rows = everything_in(self.database)

    @initialize(starts=st.sets(st.sampled_from(list(State)), min_size=2, max_size=3))
    def watch_a_few_posts(self, starts: set[State]) -> None:
        with self.database.read() as session:
            for brand in (self.world.acme, self.world.borealis):
                for state in sorted(starts):
                    row = session.get_one(Post, brand.posts[state])
                    approved = 1 if state in NEEDS_APPROVAL else None
                    self.known[row.id] = Known(
                        brand,
                        state.value,
                        row.version,
                        row.revision,
                        row.rounds,
                        row.version,
                        state not in {State.DRAFT, State.IN_PRODUCTION, State.CANCELLED},
                        approved,
                        brand.policy,
                    )

    def teardown(self) -> None:
        with self.database.read() as session:
            assert audit.verify(session).first_break is None
        self._open.__exit__(None, None, None)

    @rule(data=st.data(), late=st.integers(0, 9))
    def somebody_takes_a_step_of_the_table(self, data: st.DataObject, late: int) -> None:
        post_id, known = self._draw_post(data)
        steps = [a for s, a in (*TABLE, *CLOCK_STEPS) if s == known.state]
        if not steps:
            return
        action = Action(data.draw(st.sampled_from(steps)))
        able = [a for a in self.actors if self._may(a, known, action)]
        self._take(data.draw(st.sampled_from(able)), post_id, action, stale=late == 0)

    @rule(
        data=st.data(),
        action=st.sampled_from(list(Action)),
        by=st.integers(0, 11),
        late=st.booleans(),
    )
    def anybody_tries_anything(
        self, data: st.DataObject, action: Action, by: int, late: bool
    ) -> None:
        post_id, _ = self._draw_post(data)
        self._take(self.actors[by], post_id, action, stale=late)

    @rule(data=st.data(), text=st.integers(0, 3), by=st.integers(0, 11), late=st.integers(0, 4))
    def anybody_edits(self, data: st.DataObject, text: int, by: int, late: int) -> None:
        post_id, known = self._draw_post(data)
        with self.database.read() as session:
            old = post_words.words_of(session, post_id, known.revision)
        words = Words(f"Caption {text}", old.title, networks=old.networks, media=old.media)
        actor, stale = self.actors[by], late == 0
        allowed = self._sees(actor, known) and not stale
        due = self._after_edit(known) if self._role(actor, known) in WRITERS else None
        if words == old and allowed:
            due = known
        self._do(
            post_id,
            due if allowed else None,
            lambda session: posts.edit(
                session, actor, post_id, words, version=known.version - stale, now=self.now
            ),
        )

    @rule(
        data=st.data(), hours=st.integers(-50, 200), by=st.integers(0, 11), late=st.integers(0, 4)
    )
    def anybody_replans(self, data: st.DataObject, hours: int, by: int, late: int) -> None:
        post_id, known = self._draw_post(data)
        actor, stale = self.actors[by], late == 0
        planned_at = NOW + timedelta(hours=hours, seconds=len(self.rows["event"]))
        allowed = (
            self._role(actor, known) in PLANNERS
            and not stale
            and known.state not in {"published", "cancelled"}
            and (known.state != "scheduled" or planned_at > self.now)
        )
        self._do(
            post_id,
            replace(known, events=known.events + 1) if allowed else None,
            lambda session: posts.replan(
                session, actor, post_id, planned_at, version=known.version - stale, now=self.now
            ),
        )

    @rule(data=st.data(), by=st.integers(0, 11), late=st.integers(0, 4))
    def anybody_places(self, data: st.DataObject, by: int, late: int) -> None:
        post_id, known = self._draw_post(data)
        after_id, _ = self._draw_post(data)
        actor, stale = self.actors[by], late == 0
        allowed = self._role(actor, known) in STAFF and not stale
        self._do(
            post_id,
            replace(known) if allowed else None,
            lambda session: posts.place(
                session, actor, post_id, after_id, version=known.version - stale
            ),
            moved=allowed,
        )

    @rule(data=st.data(), policy=st.sampled_from(POLICIES))
    def ana_changes_a_policy(self, data: st.DataObject, policy: Policy) -> None:
        brand = data.draw(st.sampled_from([self.world.acme, self.world.borealis]))
        name = "Acme" if brand is self.world.acme else "Borealis"
        with self.database.write() as session:
            clients.change_client(
                session,
                self.world.ana,
                brand.id,
                NewClient(name, brand.zone, policy),
                rounds_included=ROUNDS_INCLUDED,
                now=self.now,
            )
        self.policies[brand.id] = policy
        self.rows = everything_in(self.database)

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        with self.database.read() as session:
            there = {
                row.id: (row.state, row.version, row.revision, row.rounds)
                for row in session.execute(select(Post)).scalars()
                if row.id in self.known
            }
        assert there == {
            post_id: (k.state, k.version, k.revision, k.rounds) for post_id, k in self.known.items()
        }

    @invariant()
    def somebody_is_at_whatever_is_in_production(self) -> None:
        with self.database.read() as session:
            for post_id, known in self.known.items():
                if known.state == "in_production":
                    holder = task_list.holder(task_list.waiting(session, post_id))
                    assert holder is not None
                    assert holder == session.get_one(Post, post_id).assignee_id

    @invariant()
    def what_goes_out_was_approved_word_for_word(self) -> None:
        for post_id, known in self.known.items():
            events = self._events_of(post_id)
            assert len(events) == known.events
            if known.state in NEEDS_APPROVAL:
                last = [
                    (e.content["revision"], e.actor_id)
                    for e in events
                    if e.kind in APPROVING and e.content["to"] in {"approved", "on_hold"}
                ][-1]
                assert last[0] == known.revision == known.approved_revision

    def _take(self, actor: Actor, post_id: UUID, action: Action, *, stale: bool) -> None:
        self.now += timedelta(minutes=1)
        known = self.known[post_id]
        due = self._after_step(known, action) if self._may(actor, known, action) else None
        planned_at = self._planned_at(post_id)
        if due and due.state == "scheduled" and (planned_at is None or planned_at <= self.now):
            due = None
        self._do(
            post_id,
            None if stale else due,
            lambda session: steps.take_step(
                session,
                actor,
                post_id,
                action,
                version=known.version - stale,
                answer=full_answer(action, self._holder(known)),
                now=self.now,
            ),
        )

    def _do(
        self, post_id: UUID, due: Known | None, call: Any, *, moved: bool | None = None
    ) -> None:
        """Call a service: it must change what the model says, or refuse and change nothing."""
        known = self.known[post_id]
        if due is None:
            with pytest.raises(Refused), self.database.write() as session:
                call(session)
            assert everything_in(self.database) == self.rows
            return
        with self.database.write() as session:
            call(session)
        rows = everything_in(self.database)
        if due is known:
            assert rows == self.rows
            return
        self.known[post_id] = replace(due, version=known.version + 1)
        if moved:
            assert rows["event"] == self.rows["event"]
        changed = set(rows["post"]) ^ set(self.rows["post"])
        assert len(changed) == 2, "one row of one post"
        self.rows = rows

    def _draw_post(self, data: st.DataObject) -> tuple[UUID, Known]:
        index = data.draw(st.integers(0, len(self.known) - 1))
        return list(self.known.items())[index]

    def _role(self, actor: Actor, known: Known) -> str | None:
        return self.roles[known.brand.id].get(actor.user_id)

    def _sees(self, actor: Actor, known: Known) -> bool:
        role = self._role(actor, known)
        return actor is THE_CLOCK or role in STAFF or (role is not None and known.state in VISIBLE)

    def _may(self, actor: Actor, known: Known, action: Action) -> bool:
        key = (known.state, action.value)
        if actor is THE_CLOCK:
            return key in CLOCK_STEPS
        role = self._role(actor, known)
        if key not in TABLE:
            return False
        if action is Action.FINISH:
            return role in PLANNERS or actor.user_id == self._holder(known)
        return role in TABLE[key][1]

    def _holder(self, known: Known) -> UUID | None:
        holds = self.world.ben if known.brand is self.world.acme else self.world.bodil
        return holds.user_id

    def _after_step(self, known: Known, action: Action) -> Known:
        key = (known.state, action.value)
        policy = self.policies[known.brand.id]
        followed = known.asked_by if action is Action.APPROVE else policy
        state = NOT_BY_HAND.get(key) or next_state(*key, followed)
        opens_round = state == "client_review"
        rounds = known.rounds + opens_round
        is_told = opens_round and rounds >= ROUNDS_INCLUDED
        return replace(
            known,
            state=state,
            asked_by=policy if state == "internal_review" else known.asked_by,
            rounds=rounds,
            events=known.events + 1 + is_told,
            judged=known.judged or action is Action.SUBMIT,
            approved_revision=known.revision
            if state == "approved" and action in {Action.APPROVE, Action.SUBMIT}
            else known.approved_revision,
        )

    def _after_edit(self, known: Known) -> Known | None:
        if known.state in OPEN:
            grown = known.revision + known.judged
            return replace(known, revision=grown, judged=False, events=known.events + 1)
        if (known.state, "revise") in REVISED:
            policy = self.policies[known.brand.id]
            state = next_state(known.state, "revise", policy)
            revision = known.revision + 1
            return replace(
                known,
                state=state,
                asked_by=policy,
                approved_revision=revision if state in NEEDS_APPROVAL else known.approved_revision,
                revision=revision,
                judged=True,
                events=known.events + 1,
            )
        return None

    def _planned_at(self, post_id: UUID) -> Any:
        with self.database.read() as session:
            return session.get_one(Post, post_id).planned_at

    def _events_of(self, post_id: UUID) -> list[Event]:
        with self.database.read() as session:
            rows = (
                select(Event).where(col(Event.stream_id) == post_id).order_by(col(Event.position))
            )
            return list(session.execute(rows).scalars())


VISIBLE = NEEDS_APPROVAL | {"client_review", "client_rework"}


def test_random_walks_never_leave_the_machine(ground: Ground) -> None:
    Walks.ground = ground
    run_state_machine_as_test(
        Walks,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
