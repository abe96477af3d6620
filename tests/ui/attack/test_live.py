"""Who hears of a change, and what of it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from postboard.db.models import Event
from postboard.db.review_models import StandIn
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, State
from postboard.services import clients, stand_ins
from postboard.ui.live import CHECK_EVERY_S
from postboard.ui.session import KNOWN_FOR_S
from tests.ui.attack.browser import Tab, connect, hang_up, opened
from tests.ui.attack.stage import Stage
from tests.world import actor_of, bring_to, email_of, found, reviewer, step

MOVE = "reflex___state____state.postboard___ui___pages___board___state____board_state.move"
NAME = "reflex___state____state.postboard___ui___pages___review___away____away_state.name"
HEARD_WITHIN_S = 1.5


@contextmanager
def listening(stage: Stage, person: Actor | None, cookie: str | None = None) -> Iterator[Tab]:
    own = cookie or (stage.cookie(person) if person else None)
    tab = connect(stage.address, own, query={"EIO": "4", "transport": "websocket"})
    try:
        tab.send("40/live,{}")
        while not tab.read().startswith(("40/live,", "44/live,")):
            pass
        yield tab
    finally:
        hang_up(tab)


@contextmanager
def everybody_listening(stage: Stage) -> Iterator[dict[str, Tab]]:
    world = stage.world
    people = {
        "ana": world.ana,
        "ben": world.ben,
        "cleo": world.cleo,
        "dora": world.dora,
        "bodil": world.bodil,
        "nils": stage.nils,
    }
    with ExitStack() as tabs:
        yield {
            name: tabs.enter_context(listening(stage, person)) for name, person in people.items()
        }


@pytest.fixture
def draft(stage: Stage) -> UUID:
    world = stage.world
    post_id = bring_to(
        stage.database,
        world.acme.id,
        State.DRAFT,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=datetime.now(UTC),
    )
    time.sleep(HEARD_WITHIN_S)
    return post_id


def heard(tabs: dict[str, Tab]) -> dict[str, list[object]]:
    time.sleep(HEARD_WITHIN_S)
    for tab in tabs.values():
        tab.read_all(0.1)
    return {name: [change for news in tab.heard for change in news] for name, tab in tabs.items()}


def test_nobody_listens_without_a_session(stage: Stage) -> None:
    with listening(stage, None) as tab:
        assert [text for text in tab.raw if "/live" in text] == [
            '44/live,{"message":"Connection rejected by server"}'
        ]


def test_a_step_taken_here_is_heard_by_the_brands_own_people_as_ids(
    stage: Stage, draft: UUID
) -> None:
    world = stage.world
    with (
        everybody_listening(stage) as tabs,
        opened(stage.address, stage.cookie(world.ben), page="/board/") as ben,
    ):
        ben.call(MOVE, _move(draft, found(stage.database, world.ben, draft).version, "submit"))
        news = heard(tabs)
    now = found(stage.database, world.ana, draft)
    for_staff = [
        draft.hex,
        now.version,
        "draft",
        "internal_review",
        now.rank,
        "internal_review",
        world.acme.id.hex,
        0,
        False,
        last_event(stage, draft),
    ]
    assert news == {
        "ana": [for_staff],
        "ben": [for_staff],
        "cleo": [],
        "dora": [],
        "bodil": [],
        "nils": [],
    }


def test_a_step_taken_by_another_process_is_heard_too_and_by_the_client_once_it_may_see(
    stage: Stage, draft: UUID
) -> None:
    world, now = stage.world, datetime.now(UTC)
    step(stage.database, world.ana, draft, Action.SUBMIT, now=now)
    step(stage.database, world.ana, draft, Action.APPROVE, now=now)
    time.sleep(HEARD_WITHIN_S)
    with everybody_listening(stage) as tabs:
        sent = step(stage.database, world.ana, draft, Action.SEND_TO_CLIENT, now=now)
        news = heard(tabs)
    for_staff = [
        draft.hex,
        sent.version,
        "ready_for_client",
        "client_review",
        sent.rank,
        "client_review",
        world.acme.id.hex,
        1,
        True,
        last_event(stage, draft),
    ]
    assert news == {
        "ana": [for_staff],
        "ben": [for_staff],
        "cleo": [[draft.hex, sent.version]],
        "dora": [],
        "bodil": [],
        "nils": [],
    }


def test_who_stands_in_for_whom_is_heard_by_all_who_see_the_brands_reviews(stage: Stage) -> None:
    world, now = stage.world, datetime.now(UTC)
    other = reviewer(stage.database, world, "Carl", now=now)
    assert other.user_id
    acme = world.acme.id.hex
    form = {
        "colleague": f"{acme}:{other.user_id.hex}",
        "starts_on": f"{now + timedelta(days=300):%Y-%m-%d}",
        "ends_on": f"{now + timedelta(days=301):%Y-%m-%d}",
    }
    time.sleep(HEARD_WITHIN_S)
    with (
        everybody_listening(stage) as tabs,
        opened(stage.address, stage.cookie(world.cleo), page="/review/") as cleo,
    ):
        cleo.call(NAME, {"form": form})
        here = heard(tabs)
        with stage.database.write() as session:
            named = session.execute(
                select(col(StandIn.id)).where(
                    col(StandIn.stand_in_id) == other.user_id, col(StandIn.ended_at).is_(None)
                )
            ).scalar_one()
            stand_ins.end(session, world.aron, named, now=now)
        by_another_process = heard(tabs)
    ids = {who: [change[0] for change in changes] for who, changes in here.items()}  # type: ignore[index]
    assert ids == {
        "ana": [acme], "ben": [acme], "cleo": [acme], "dora": [], "bodil": [], "nils": [],
    }  # fmt: skip
    assert by_another_process["cleo"] == [[acme, 0]] * 2
    assert [change[0] for change in by_another_process["ana"]] == [acme] * 2  # type: ignore[index]
    assert by_another_process["dora"] == by_another_process["bodil"] == []


@pytest.mark.parametrize(
    "message",
    [
        '42/live,["connect",{"HTTP_COOKIE":"COOKIE"}]',
        '42/live,["enter_room","staff:*"]',
        "40/live,{}",
    ],
)
def test_nobody_talks_themselves_into_a_room(stage: Stage, draft: UUID, message: str) -> None:
    world, now = stage.world, datetime.now(UTC)
    cookie = f"postboard_session={stage.cookie(world.ana)}"
    with listening(stage, world.dora) as dora:
        dora.send(message.replace("COOKIE", cookie))
        step(stage.database, world.ana, draft, Action.SUBMIT, now=now)
        dora.read_all(HEARD_WITHIN_S)
        assert dora.heard == []


def test_who_signs_out_hears_nothing_from_that_moment(stage: Stage, draft: UUID) -> None:
    cookie = stage.cookie(stage.world.ben)
    with listening(stage, None, cookie) as ben:
        ben.send('42/live,["disconnect"]')
        leave = Request(
            f"{stage.address}/auth/sign-out",
            b"",
            {"Cookie": f"postboard_session={cookie}", "Origin": stage.address},
        )
        assert build_opener(_Stay).open(leave, timeout=5).status == 303
        step(stage.database, stage.world.ana, draft, Action.SUBMIT, now=datetime.now(UTC))
        ben.read_all(HEARD_WITHIN_S)
        assert ben.heard == []


def test_who_leaves_the_team_hears_nothing_soon_after(stage: Stage, draft: UUID) -> None:
    world, now = stage.world, datetime.now(UTC)
    with stage.database.write() as session:
        person_id = clients.add_person(
            session,
            world.ana,
            name="Otto",
            email=email_of("Otto"),
            role=Role.DESIGNER,
            client_id=world.acme.id,
            now=now,
        )
    with listening(stage, actor_of(stage.database, person_id, now)) as otto:
        with stage.database.write() as session:
            clients.remove_person(session, world.ana, world.acme.id, person_id, now=now)
        otto.read_all(2 * CHECK_EVERY_S + KNOWN_FOR_S)
        # That the team changed is heard by whom it concerns, too; it names the client alone.
        otto.heard.clear()
        step(stage.database, world.ana, draft, Action.SUBMIT, now=now)
        otto.read_all(HEARD_WITHIN_S)
        assert otto.heard == []


def last_event(stage: Stage, post_id: UUID) -> int:
    newest = select(func.max(col(Event.id))).where(col(Event.stream_id) == post_id)
    with stage.database.read() as session:
        return session.execute(newest).scalar_one()


class _Stay(HTTPRedirectHandler):
    def http_error_303(self, _request, answer, *_rest):
        return answer


def _move(post_id: UUID, version: int, action: str) -> dict[str, object]:
    return {
        "command_id": uuid4().hex,
        "post_id": post_id.hex,
        "version": version,
        "action": action,
        "after_id": "",
        "reason": "",
        "tags": [],
        "person": "",
        "link": "",
    }
