"""Nothing goes out unreviewed: every door is tried, and the tables are asked whether it did.

A post that is scheduled, published or failed to be must have been approved, for good and on exactly
the revision that stands there, with no other words since.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, build_opener
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Post
from postboard.domain import fields
from postboard.domain.content import Words
from postboard.domain.errors import Refused
from postboard.domain.permissions import THE_CLOCK, Actor
from postboard.domain.workflow import BY_HAND, STEPS, Action, Approval, Policy, State
from postboard.services import (
    board,
    clients,
    plan_import,
    post_rows,
    post_words,
    posts,
    restoring,
    reviews,
    sign_in,
    sign_in_links,
    steps,
    writing,
)
from postboard.services.board import Move
from postboard.services.clients import NewClient
from postboard.services.plan_preview import Preview
from postboard.services.reviews import Decision
from postboard.services.sign_in_links import LinkEnded
from tests.databases import Ground
from tests.ui.attack.browser import opened
from tests.ui.attack.handlers import Handler, every_handler
from tests.ui.attack.stage import Stage, staged
from tests.ui.attack.test_handlers import calling
from tests.ui.attack.test_live import _Stay
from tests.unreviewed import APPROVED, OUT, all_reviewed, unreviewed
from tests.world import NOW, World, at_once, bring_to, found, full_answer, step

UNAPPROVED = [state for state in State if state not in APPROVED]
TO_OUT = (Action.SCHEDULE, Action.PUBLISH, Action.FAIL, Action.RETRY, Action.MARK_PUBLISHED)
AGENCY_ONLY = Policy(Approval.INTERNAL_ONLY)
STATE = "reflex___state____state.postboard___ui___pages___"
MOVE = f"{STATE}board___state____board_state.move"
STEP = f"{STATE}post___state____post_page.step"
APPROVE = f"{STATE}review___state____review_state.approve"


ASKED = frozenset(Approval) - {Approval.NOBODY}
"""Of a client that has chosen to be asked by nobody there is nothing to pass by."""


class _Undone(Exception):  # noqa: N818
    pass


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A write of which nothing is left."""
    with suppress(_Undone), database.write() as session:
        yield session
        raise _Undone


def tried(call: Callable[[], object]) -> bool:
    """Whether it was not refused."""
    try:
        call()
    except Refused:
        return False
    return True


def change(database: Database, actor: Actor, post_id: UUID, caption: str) -> None:
    with database.write() as session:
        post = post_rows.find(session, actor, post_id)
        old = post_words.words_of(session, post.id, post.revision)
        words = replace(old, caption=caption)
        posts.edit(session, actor, post_id, words, version=post.version, now=NOW)


def write_draft(database: Database, actor: Actor, post_id: UUID, caption: str) -> None:
    with database.write() as session:
        post = post_rows.find(session, actor, post_id)
        old = post_words.words_of(session, post.id, post.revision)
        was = fields.mark_of(old, "caption")
        writing.save(session, actor, post_id, "caption", caption, was=was, now=NOW)


def set_policy(database: Database, world: World, policy: Policy) -> None:
    with database.write() as session:
        new = NewClient("Acme", world.acme.zone, policy)
        clients.change_client(session, world.ana, world.acme.id, new, rounds_included=3, now=NOW)


def post_in(database: Database, world: World, state: State) -> UUID:
    return bring_to(
        database,
        world.acme.id,
        state,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
    )


@pytest.mark.parametrize("state", sorted(OUT))
@pytest.mark.parametrize(
    "source", [State.DRAFT, State.INTERNAL_REVIEW, State.READY_FOR_CLIENT, State.CLIENT_REVIEW]
)
def test_what_is_out_without_an_approval_would_be_seen(
    database: Database, world: World, state: State, source: State
) -> None:
    assert all_reviewed(database)
    with undone(database) as session:
        this = col(Post.id) == world.acme.posts[source]
        session.execute(update(Post).where(this).values(state=state))
        assert len(unreviewed(session)) == 1
    with undone(database) as session:
        this = col(Post.id) == world.acme.posts[state]
        add = post_words.add_revisions
        new = {"post_id": world.acme.posts[state], "number": 2, "words": Words("New")}
        add(session, world.ana, [new | {"frozen": True}], NOW)
        session.execute(update(Post).where(this).values(revision=2))
        assert len(unreviewed(session)) == 1


def test_no_way_of_the_table_leads_behind_an_approval_without_one() -> None:
    policies = [Policy(approval, to_client) for approval in ASKED for to_client in (False, True)]
    steps = [step for step in STEPS if any(step.fits(policy) for policy in policies)]
    crossing = {s.action for s in steps if s.state not in APPROVED and s.next_state in APPROVED}
    assert crossing == {Action.APPROVE}
    returning = {step.next_state for step in steps if step.action is Action.REVISE}
    assert not returning & APPROVED
    assert {step.state for step in STEPS if step.action is Action.REVISE} >= APPROVED - {
        State.PUBLISHED
    }


@pytest.mark.once
@pytest.mark.parametrize("policy", [Policy(), AGENCY_ONLY, Policy(rework_goes_to_client=True)])
def test_no_step_by_anybody_from_any_state_does_it(
    database: Database, world: World, policy: Policy
) -> None:
    set_policy(database, world, policy)
    everybody = (*world.everybody(), THE_CLOCK)
    taken: set[tuple[State, Action]] = set()
    for state, post_id in world.acme.posts.items():
        for action in Action:
            for actor in everybody:
                with undone(database) as session:
                    if tried(lambda a=actor, p=post_id, w=action, s=session: _take(s, a, p, w)):
                        taken.add((state, action))
                        assert unreviewed(session) == []
    assert taken == {
        (one.state, one.action)
        for one in STEPS
        if one.fits(policy) and one.action in BY_HAND | {Action.PUBLISH, Action.FAIL}
    }


@pytest.mark.parametrize("state", sorted(APPROVED - {State.PUBLISHED}))
@pytest.mark.parametrize("way", ["edit", "draft", "restore"])
def test_new_words_take_what_was_approved_back_to_review(
    database: Database, world: World, state: State, way: str
) -> None:
    post_id = post_in(database, world, State.INTERNAL_REVIEW)
    change(database, world.ben, post_id, "Second words")
    for who, action in _way_to(state, world):
        step(database, who, post_id, action)
    assert found(database, world.ana, post_id).state is state
    version = found(database, world.ana, post_id).version
    if way == "edit":
        change(database, world.ben, post_id, "Third words")
    elif way == "draft":
        write_draft(database, world.ben, post_id, "Third words")
        assert found(database, world.ana, post_id).state is state
        with database.write() as session:
            writing.send_draft(session, world.ben, post_id, version=version, now=NOW)
    else:
        with database.write() as session:
            restoring.restore(session, world.ben, post_id, 1, version=version, now=NOW)
    after = found(database, world.ana, post_id)
    assert (after.state, after.revision) == (State.INTERNAL_REVIEW, 3)
    everybody = (*world.everybody(), THE_CLOCK)
    for action in TO_OUT:
        for actor in everybody:
            with undone(database) as session:
                assert not tried(lambda a=actor, w=action, s=session: _take(s, a, post_id, w))
    assert all_reviewed(database)


def test_what_is_published_takes_no_new_words(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.PUBLISHED]
    version = found(database, world.ana, post_id).version
    words = Words("Others", networks=("instagram",))
    for actor in world.everybody():
        with undone(database) as session:
            calls = [
                lambda a=actor, s=session: posts.edit(
                    s, a, post_id, words, version=version, now=NOW
                ),
                lambda a=actor, s=session: writing.save(
                    s, a, post_id, "caption", "Others", was="", now=NOW
                ),
                lambda a=actor, s=session: writing.send_draft(
                    s, a, post_id, version=version, now=NOW
                ),
            ]
            assert [tried(call) for call in calls] in ([False] * 3, [False, True, False])
            assert unreviewed(session) == []
    assert found(database, world.ana, post_id).revision == 1


@pytest.mark.parametrize("state", [*sorted(APPROVED), State.INTERNAL_REVIEW, State.CLIENT_REVIEW])
def test_a_plan_brings_in_drafts_only_and_changes_nothing_that_was_judged(
    database: Database, world: World, state: State
) -> None:
    header = "ID,Date,Time,Platform,Caption,Status,Title\n"
    row = "{},2026-03-10,09:00,LinkedIn,{},{},Morning buns\n"
    first = header + row.format(1, "Fresh buns from six.", "Approved")
    seen = _preview(database, world, first + row.format(2, "More", "Published"))
    assert plan_import.commit(database, world.ana, seen, now=NOW).created == 2
    with database.read() as session:
        made = session.execute(
            select(col(Post.id), col(Post.state)).where(col(Post.plan_identity).is_not(None))
        ).all()
    assert {post_state for _, post_state in made} == {State.DRAFT}

    stale = header + row.format(1, "Stale buns.", "Scheduled")
    early = _preview(database, world, stale)
    assert len(early.updated) == 1
    for post_id, _ in made:
        step(database, world.ana, post_id, Action.SUBMIT)
        for who, action in _way_to(state, world):
            step(database, who, post_id, action)
    before = {post_id: found(database, world.ana, post_id) for post_id, _ in made}
    for late in (early, _preview(database, world, stale)):
        assert plan_import.commit(database, world.ana, late, now=NOW).updated == 0
    assert {post_id: found(database, world.ana, post_id) for post_id, _ in made} == before
    assert {one.state for one in before.values()} == {state}
    assert all_reviewed(database)


def test_an_edit_and_an_approval_at_once_never_meet(database: Database, world: World) -> None:
    """Whichever comes first: what is scheduled after them is what was approved."""
    set_policy(database, world, AGENCY_ONLY)
    ended: set[State] = set()
    for _ in range(12):
        post_id = post_in(database, world, State.INTERNAL_REVIEW)
        version = found(database, world.ana, post_id).version

        def approve(post_id: UUID = post_id) -> object:
            with database.write() as session:
                answer = full_answer(Action.APPROVE)
                return steps.take_step(
                    session,
                    world.iris,
                    post_id,
                    Action.APPROVE,
                    revision=1,
                    answer=answer,
                    now=NOW,
                )

        def edit(post_id: UUID = post_id, version: int = version) -> object:
            with database.write() as session:
                words = Words("Quite other words", networks=("instagram",))
                return posts.edit(session, world.ben, post_id, words, version=version, now=NOW)

        def schedule(post_id: UUID = post_id) -> object:
            return step(database, world.aron, post_id, Action.SCHEDULE)

        results = at_once(approve, edit, schedule, schedule)
        bugs = [one for one in results if isinstance(one, Exception)]
        assert [one for one in bugs if not isinstance(one, Refused)] == []
        tried(schedule)
        ended.add(found(database, world.ana, post_id).state)
        assert all_reviewed(database)
    assert ended <= {State.INTERNAL_REVIEW, State.SCHEDULED, State.APPROVED}


def test_a_draft_sent_while_the_post_is_scheduled_and_published_never_slips_in(
    database: Database, world: World
) -> None:
    for _ in range(12):
        post_id = post_in(database, world, State.APPROVED)
        write_draft(database, world.ben, post_id, "Slipped in")

        def send(post_id: UUID = post_id) -> object:
            with database.write() as session:
                version = post_rows.find(session, world.ben, post_id).version
                return writing.send_draft(session, world.ben, post_id, version=version, now=NOW)

        def schedule(post_id: UUID = post_id) -> object:
            return step(database, world.aron, post_id, Action.SCHEDULE)

        def publish(post_id: UUID = post_id) -> object:
            return step(database, THE_CLOCK, post_id, Action.PUBLISH)

        at_once(send, schedule, publish, publish)
        tried(publish)
        tried(send)
        assert all_reviewed(database)


def test_links_that_ended_or_expired_decide_nothing(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    cleo = world.cleo.user_id
    assert cleo
    later = NOW + sign_in_links.REVIEW_LINK_LIFETIME + timedelta(seconds=1)
    with database.write() as session:
        link = clients.make_review_link(session, world.ana, world.acme.id, cleo, now=NOW)
        cookie, _ = sign_in_links.follow(session, link, now=NOW)
    with database.read() as session:
        assert sign_in.signed_in(session, cookie, now=NOW)
        assert sign_in.signed_in(session, cookie, now=later) is None
        with pytest.raises(LinkEnded):
            sign_in_links.follow(session, link, now=later)
    with database.write() as session:
        clients.end_review_links(session, world.ana, world.acme.id, cleo, now=NOW)
    with database.read() as session:
        assert sign_in.signed_in(session, cookie, now=NOW) is None
        with pytest.raises(LinkEnded):
            sign_in_links.follow(session, link, now=NOW)
    assert found(database, world.ana, post_id).state is State.CLIENT_REVIEW


def test_a_decision_on_words_that_were_changed_is_refused(database: Database, world: World) -> None:
    post_id = post_in(database, world, State.CLIENT_REVIEW)
    decision = Decision(post_id, 1, 1, Action.APPROVE)
    step(database, world.ana, post_id, Action.RECALL)
    change(database, world.ben, post_id, "Other words")
    for action in (Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    for late in (decision, replace(decision, round=2), replace(decision, revision=2)):
        with undone(database) as session:
            assert not tried(
                lambda one=late, s=session: reviews.decide(s, world.cleo, one, now=NOW)
            )
    assert all_reviewed(database)


class Doors(RuleBasedStateMachine):
    """Whoever, through whichever service, in any order."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self._open = self.ground.empty()
        self.database = self._open.__enter__()
        self.world = self.ground.fill(self.database)
        self.actors = (*self.world.everybody(), THE_CLOCK)
        self.posts = [*self.world.acme.posts.values()]
        self.told = 0

    def teardown(self) -> None:
        self._open.__exit__(None, None, None)

    @rule(data=st.data(), action=st.sampled_from(list(Action)))
    def step(self, data: st.DataObject, action: Action) -> None:
        post_id, actors = self._drawn(data)
        self._write(*[lambda s, a=a: _take(s, a, post_id, action) for a in actors])

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Straight on, so that much gets far."""
        post_id, _ = self._drawn(data)
        onwards = (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT, *TO_OUT)
        steps = [(actor, action) for action in onwards for actor in self.actors]
        self._write(*[lambda s, a=a, w=w: _take(s, a, post_id, w) for a, w in steps])

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        post_id, actors = self._drawn(data)
        words = Words(f"Words {self._new()}", networks=("instagram",))
        self._write(
            *[
                lambda s, a=a: posts.edit(
                    s, a, post_id, words, version=_version(s, a, post_id), now=NOW
                )
                for a in actors
            ]
        )

    @rule(data=st.data(), send=st.booleans())
    def write(self, data: st.DataObject, send: bool) -> None:
        post_id, actors = self._drawn(data)
        for actor in actors:
            tried(lambda a=actor: write_draft(self.database, a, post_id, f"Draft {self._new()}"))
            if send:
                self._write(
                    lambda s, a=actor: writing.send_draft(
                        s, a, post_id, version=_version(s, a, post_id), now=NOW
                    )
                )

    @rule(data=st.data(), number=st.integers(0, 4))
    def restore(self, data: st.DataObject, number: int) -> None:
        post_id, actors = self._drawn(data)
        self._write(
            *[
                lambda s, a=a: restoring.restore(
                    s, a, post_id, number, version=_version(s, a, post_id), now=NOW
                )
                for a in actors
            ]
        )

    @rule(policy=st.sampled_from([Policy(), AGENCY_ONLY, Policy(rework_goes_to_client=True)]))
    def another_policy(self, policy: Policy) -> None:
        set_policy(self.database, self.world, policy)

    @invariant()
    def nothing_is_out_unreviewed(self) -> None:
        assert all_reviewed(self.database)

    def _drawn(self, data: st.DataObject) -> tuple[UUID, Iterable[Actor]]:
        post_id = data.draw(st.sampled_from(self.posts))
        return post_id, data.draw(st.permutations(self.actors))[:4]

    def _new(self) -> int:
        self.told += 1
        return self.told

    def _write(self, *calls: Callable[[Session], object]) -> None:
        """The first of them that is not refused."""
        for call in calls:
            try:
                with self.database.write() as session:
                    call(session)
            except Refused:
                continue
            return


@pytest.mark.once
def test_no_order_of_doors_does_it(ground: Ground) -> None:
    Doors.ground = ground
    run_state_machine_as_test(
        Doors,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
                HealthCheck.filter_too_much,
            ],
        ),
    )


@pytest.fixture(scope="module")
def stage(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with ground.unmigrated() as database:
        database.migrate()
        with staged(database, tmp_path_factory.mktemp("stage")) as stage:
            yield stage


@pytest.fixture(scope="module")
def handlers(tmp_path_factory: pytest.TempPathFactory) -> list[Handler]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTBOARD_DATA", str(tmp_path_factory.mktemp("unused")))
        return every_handler()


@pytest.mark.once
@pytest.mark.parametrize("who", ["alma", "aron", "cora", "ben", "iris", "cleo", "vera", "bodil"])
def test_no_drop_and_no_menu_does_it_over_the_websocket(stage: Stage, who: str) -> None:
    with calling(stage, getattr(stage.world, who)) as caller:
        for state in UNAPPROVED:
            post_id = stage.world.acme.posts[state]
            for action in (*TO_OUT, Action.RELEASE, Action.UNSCHEDULE):
                version = found(stage.database, stage.world.ana, post_id).version
                asked = {
                    "command_id": uuid4().hex,
                    "post_id": post_id.hex,
                    "version": version,
                    "action": action.value,
                    "reason": "Because.",
                    "tags": ["copy"],
                    "person": "",
                    "link": "https://social.example/p/1",
                }
                caller.call(MOVE, asked | {"after_id": ""})
                caller.call(STEP, asked | {"command_id": uuid4().hex, "message": ""})
    assert all_reviewed(stage.database)
    assert {
        state: found(stage.database, stage.world.ana, stage.world.acme.posts[state]).state
        for state in UNAPPROVED
    } == {state: state for state in UNAPPROVED}


def test_a_reviewer_whose_link_was_ended_approves_nothing_over_the_websocket(
    stage: Stage,
) -> None:
    world, now = stage.world, datetime.now(UTC)
    post_id, cleo = world.acme.posts[State.CLIENT_REVIEW], world.cleo.user_id
    assert cleo
    asked = {"post_id": post_id.hex, "revision": 1, "number": 1}
    with stage.database.write() as session:
        link = clients.make_review_link(session, world.ana, world.acme.id, cleo, now=now)
        cookie, _ = sign_in_links.follow(session, link, now=now)
        clients.end_review_links(session, world.ana, world.acme.id, cleo, now=now)
    long_ago = now - sign_in_links.REVIEW_LINK_LIFETIME - timedelta(days=1)
    with stage.database.write() as session:
        old = clients.make_review_link(session, world.ana, world.acme.id, cleo, now=long_ago)
        expired, _ = sign_in_links.follow(session, old, now=long_ago)
    for one in (cookie, expired):
        with opened(stage.address, one, page="/review/") as tab:
            tab.call(APPROVE, asked)
    assert found(stage.database, world.ana, post_id).state is State.CLIENT_REVIEW


@pytest.mark.once
@pytest.mark.parametrize("who", ["alma", "cleo"])
def test_no_handler_at_all_does_it(stage: Stage, handlers: list[Handler], who: str) -> None:
    world = stage.world
    with calling(stage, getattr(world, who)) as caller:
        for state in UNAPPROVED:
            post_id = world.acme.posts[state]
            for handler in handlers:
                if not {"post_id", "post_ids"} & handler.types.keys():
                    continue
                version = found(stage.database, world.ana, post_id).version
                named = {
                    "post_id": post_id.hex,
                    "post_ids": [post_id.hex],
                    "command_id": uuid4().hex,
                    "version": version,
                    "revision": 1,
                    "number": 1,
                    "action": "schedule",
                    "column": "scheduled",
                    "after_id": "",
                    "reason": "Because.",
                    "tags": ["copy"],
                    "link": "https://social.example/p/1",
                }
                caller.call(handler.name, handler.payload(named))
    assert all_reviewed(stage.database)


@pytest.mark.parametrize("who", ["alma", "cleo"])
def test_no_route_does_it(stage: Stage, who: str) -> None:
    cookie = stage.cookie(getattr(stage.world, who))
    addresses = ["/posts/{}", "/posts/{}/schedule", "/posts/{}/publish", "/posts/{}/record.json"]
    addresses += ["/posts/{}/certificate.json", "/posts/{}/certificate.pdf", "/media/{}/thumb"]
    answers: set[int] = set()
    for state in UNAPPROVED:
        for address in addresses:
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                url = stage.address + address.format(stage.world.acme.posts[state].hex)
                asked = Request(url, b"" if method != "GET" else None, method=method)
                asked.add_header("Cookie", f"postboard_session={cookie}")
                asked.add_header("Origin", stage.address)
                try:
                    with build_opener(_Stay).open(asked, timeout=10) as answer:
                        answers.add(answer.status)
                except HTTPError as refused:
                    answers.add(refused.code)
    assert all_reviewed(stage.database)
    assert answers


def _take(session: Session, actor: Actor, post_id: UUID, action: Action) -> object:
    post = post_rows.find(session, actor, post_id)
    answer = full_answer(action, post.assignee_id)
    asked = Move(uuid4(), post_id, post.version, action, None, answer)
    if actor is THE_CLOCK:  # it has no browser
        return steps.take_step(
            session, actor, post_id, action, version=post.version, answer=answer, now=NOW
        )
    return board.move(session, actor, asked, now=NOW)


def _version(session: Session, actor: Actor, post_id: UUID) -> int:
    return post_rows.find(session, actor, post_id).version


def _way_to(state: State, world: World) -> list[tuple[Actor, Action]]:
    """From internal review on."""
    approved = [
        (world.ana, Action.APPROVE),
        (world.ana, Action.SEND_TO_CLIENT),
        (world.cleo, Action.APPROVE),
    ]
    scheduled = [*approved, (world.ana, Action.SCHEDULE)]
    return {
        State.READY_FOR_CLIENT: approved[:1],
        State.CLIENT_REVIEW: approved[:2],
        State.APPROVED: approved,
        State.ON_HOLD: [*approved, (world.cleo, Action.HOLD)],
        State.SCHEDULED: scheduled,
        State.PUBLISHED: [*scheduled, (THE_CLOCK, Action.PUBLISH)],
        State.PUBLISH_FAILED: [*scheduled, (THE_CLOCK, Action.FAIL)],
    }.get(state, [])


def _preview(database: Database, world: World, plan: str) -> Preview:
    with database.read() as session:
        return plan_import.preview(session, world.ana, "Acme", "plan.csv", plan.encode())
