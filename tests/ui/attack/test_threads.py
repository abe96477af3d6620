"""The team's thread and the client's: whatever is asked, the client's side learns of its own."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.routing import Route

from postboard.db.models import MediaAsset, Notice
from postboard.db.queries import post_page
from postboard.domain.content import MediaKind
from postboard.domain.conversation import Thread
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import comments
from postboard.services.comments import Remark
from tests.ui.attack.browser import opened
from tests.ui.attack.handlers import Handler
from tests.ui.attack.stage import Stage
from tests.ui.attack.test_handlers import calling
from tests.ui.attack.test_live import HEARD_WITHIN_S, _Stay, everybody_listening, heard
from tests.world import bring_to, found

pytestmark = pytest.mark.once

SECRET = "team-only"
OPEN = "for-the-client"
SAY = "reflex___state____state.postboard___ui___pages___post___talk____talk_state.say"
HERE = "reflex___state____state.postboard___ui___pages___post___state____post_page.here"
LOAD = "reflex___state____state.postboard___ui___pages___review___talk____review_talk.load"


@dataclass(frozen=True)
class Talked:
    """A post that waits for the client, with both threads full; `secrets` name the team's."""

    post_id: UUID
    asset: UUID
    head: UUID
    reply: UUID
    of_client: UUID
    secrets: tuple[str, ...]


@pytest.fixture
def post_id(stage: Stage) -> UUID:
    world = stage.world
    return bring_to(
        stage.database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=datetime.now(UTC),
    )


@pytest.fixture
def talked(stage: Stage, post_id: UUID) -> Talked:
    of_client = _converse(stage, post_id, Thread.CLIENT, OPEN)[0]
    head, reply, asset = _converse(stage, post_id, Thread.INTERNAL, SECRET)
    ids = tuple(str(form) for one in (head, reply, asset) for form in (one, one.hex))
    return Talked(post_id, asset, head, reply, of_client, (SECRET, *ids))


@pytest.mark.parametrize("who", ["cleo", "vera", "dora"])
def test_no_handler_tells_the_clients_side_of_the_teams_thread(
    stage: Stage, handlers: list[Handler], talked: Talked, who: str
) -> None:
    with calling(stage, getattr(stage.world, who)) as client:
        for handler in handlers:
            for payload in _payloads(handler, stage, talked):
                client.call(handler.name, payload)
            client.call(LOAD, {"post_id": talked.post_id.hex})
    assert _told(client.raw, talked) == []
    assert any(OPEN in text for text in client.raw) is (who != "dora")


def test_what_must_not_leak_is_told_to_the_team(stage: Stage, talked: Talked) -> None:
    page = f"/post/?key={_key(stage, talked.post_id)}"
    with opened(stage.address, stage.cookie(stage.world.ben), page=page) as ben:
        ben.settle()
        ben.call(SAY.replace(".say", ".load"), {"post_id": talked.post_id.hex})
    said = "".join(ben.raw)
    assert [word for word in (SECRET, OPEN, talked.asset.hex) if word not in said] == []


@pytest.mark.parametrize("who", ["cleo", "vera", "dora", None])
@pytest.mark.parametrize("page", ["/review/", "/board/", "/clients/", "/import/", "/"])
def test_no_page_tells_the_clients_side_of_it(
    stage: Stage, talked: Talked, who: str | None, page: str
) -> None:
    cookie = stage.cookie(getattr(stage.world, who)) if who else None
    with opened(stage.address, cookie, page=page) as tab:
        tab.settle()
    assert _told(tab.raw, talked) == []


@pytest.mark.parametrize("who", ["cleo", "vera", "dora"])
def test_the_posts_page_tells_the_clients_side_nothing(
    stage: Stage, talked: Talked, who: str
) -> None:
    cookie = stage.cookie(getattr(stage.world, who))
    page = f"/post/?key={_key(stage, talked.post_id)}&comment={talked.head.hex}"
    with opened(stage.address, cookie, page=page) as tab:
        tab.settle()
        assert [text for text in tab.raw if SECRET in text or talked.reply.hex in text] == []


@pytest.mark.parametrize("who", ["cleo", "vera", "dora"])
def test_no_route_gives_the_clients_side_any_of_it(
    stage: Stage, handlers: list[Handler], talked: Talked, who: str
) -> None:
    cookie = stage.cookie(getattr(stage.world, who))
    answers = {address: _get(stage, cookie, address) for address in _addresses(talked)}
    assert [one for one, (_status, body) in answers.items() if SECRET.encode() in body] == []
    asked_for = {one: status for one, (status, _) in answers.items() if talked.asset.hex in one}
    assert asked_for == dict.fromkeys(asked_for, 404)
    assert len(asked_for) < len(answers)


def test_what_the_client_is_shown_is_the_same_whatever_the_team_says(
    stage: Stage, post_id: UUID
) -> None:
    _converse(stage, post_id, Thread.CLIENT, OPEN)
    with calling(stage, stage.world.cleo) as cleo:
        before = cleo.call(LOAD, {"post_id": post_id.hex})
    _converse(stage, post_id, Thread.INTERNAL, SECRET)
    with calling(stage, stage.world.cleo) as cleo:
        assert cleo.call(LOAD, {"post_id": post_id.hex}) == before
    assert OPEN in repr(before)


def test_the_teams_words_are_signalled_to_the_team_alone(stage: Stage, post_id: UUID) -> None:
    version = found(stage.database, stage.world.ana, post_id).version
    time.sleep(HEARD_WITHIN_S)
    with everybody_listening(stage) as tabs, calling(stage, stage.world.ana) as ana:
        ana.call(SAY, _say(post_id, "internal", SECRET))
        _converse(stage, post_id, Thread.INTERNAL, SECRET)  # as another process would
        first = heard(tabs)
        _remark(stage, stage.world.ana, post_id, Thread.CLIENT, Remark(OPEN))
        ana.call(SAY, _say(post_id, "internal", SECRET))
        second = heard(tabs)
    assert {name: len(news) > 0 for name, news in first.items()} == {
        "ana": True,
        "ben": True,
        "cleo": False,
        "dora": False,
        "bodil": False,
        "nils": False,
    }
    assert second["cleo"] == [[post_id.hex, version]]
    assert (second["dora"], second["bodil"], second["nils"]) == ([], [], [])


def test_who_is_at_a_post_is_the_teams_and_no_way_to_hand_over_a_text(
    stage: Stage, post_id: UUID
) -> None:
    with everybody_listening(stage) as tabs:
        for field in ("caption@x", "caption@" + "x" * 90_000, f"caption@{SECRET}"):
            with calling(stage, stage.world.ana) as ana:
                ana.call(HERE, {"post_id": post_id.hex, "field": field})
            with calling(stage, stage.world.ben) as ben:
                told = repr(ben.call(HERE, {"post_id": post_id.hex, "field": ""}))
            assert "Ana" in told
            assert ("caption" in told) == (field == "caption@x")
        said = {name: any("others" in one for one in tab.raw) for name, tab in _read(tabs).items()}
    assert {name for name, heard_it in said.items() if heard_it} == {"ana", "ben"}


def _read(tabs: Mapping[str, Any]) -> Mapping[str, Any]:
    for tab in tabs.values():
        tab.read_all()
    return tabs


def test_nobody_of_the_clients_side_is_noticed_about_it(stage: Stage, talked: Talked) -> None:
    assert talked.head
    with stage.database.read() as session:
        people = set(
            session.execute(
                select(col(Notice.person_id)).where(
                    col(Notice.subject_id).in_([talked.head, talked.reply])
                )
            ).scalars()
        )
    world = stage.world
    assert people & {one.user_id for one in (world.cleo, world.vera, world.dora)} == set()
    assert people != set()


def _converse(stage: Stage, post_id: UUID, thread: Thread, word: str) -> tuple[UUID, UUID, UUID]:
    """All that can be said in a thread; gives a comment, its reply and an attached file."""
    world, now = stage.world, datetime.now(UTC)
    asset = _asset(stage, f"{word}.jpg")
    mentions = [one.user_id for one in (world.ana, world.aron) if one.user_id]
    remark = Remark(f"{word} one", None, {"field": "caption"}, [asset], mentions)
    head = _remark(stage, world.iris, post_id, thread, remark)
    reply = _remark(stage, world.cora, post_id, thread, Remark(f"{word} two", head))
    spot = {"asset": "https://images.example/buns.jpg", "x": 0.1, "y": 0.2}
    pinned = _remark(stage, world.iris, post_id, thread, Remark(f"{word} three", anchor=spot))
    gone = _remark(stage, world.iris, post_id, thread, Remark(f"{word} four"))
    with stage.database.write() as session:
        comments.edit(session, world.iris, head, f"{word} one again", version=1, now=now)
        comments.react(session, world.ana, reply, "🎉", on=True, now=now)
        comments.resolve(session, world.ana, pinned, now=now)
        comments.delete(session, world.iris, gone, version=1, now=now)
    return head, reply, asset


def _remark(stage: Stage, who: Actor, post_id: UUID, thread: Thread, remark: Remark) -> UUID:
    with stage.database.write() as session:
        return comments.add(
            session, who, post_id, thread, remark, command_id=uuid4(), now=datetime.now(UTC)
        )


def _asset(stage: Stage, name: str) -> UUID:
    asset = MediaAsset(
        client_id=stage.world.acme.id,
        digest="0" * 64,
        name=name,
        kind=MediaKind.IMAGE,
        type="image/jpeg",
        size=1,
        width=1,
        height=1,
        created_at=datetime.now(UTC),
    )
    with stage.database.write() as session:
        session.add(asset)
    return asset.id


def _payloads(handler: Handler, stage: Stage, talked: Talked) -> list[dict[str, Any]]:
    """What it takes of the questions, each once: few handlers take a comment's name."""
    asked = {}
    for named in _questions(stage, talked):
        payload = handler.payload(named)
        asked[repr({**payload, "command_id": ""})] = payload
    return [*asked.values()]


def _questions(stage: Stage, talked: Talked) -> Iterator[Mapping[str, Any]]:
    """Arguments that name the team's things by every name they could be asked for."""
    post = found(stage.database, stage.world.ana, talked.post_id)
    judged = {"id": post.id.hex, "revision": post.revision, "round": post.rounds, "request": ""}
    for comment_id, parent_id in (
        (talked.head, talked.head),
        (talked.reply, talked.reply),
        (talked.of_client, talked.head),
    ):
        yield {
            "post_id": talked.post_id.hex,
            "judged": judged,
            "chosen": [judged],
            "client_id": stage.world.acme.id.hex,
            "client": stage.world.acme.id.hex,
            "comment_id": comment_id.hex,
            "parent_id": parent_id.hex,
            "asset_id": talked.asset.hex,
            "attachments": [talked.asset.hex],
            "command_id": uuid4().hex,
            "thread": "internal",
            "side": "internal",
            "text": "",
            "version": post.version,
            "revision": post.revision,
            "emoji": "🎉",
            "on": True,
        }


def _addresses(talked: Talked) -> list[str]:
    """Every route that can be read, filled with what the team's thread is known by."""
    from postboard.postboard import app

    (site, *_) = app.api_transformer  # type: ignore[misc]
    names = {"asset": talked.asset.hex, "rendition": "thumb", "comment": talked.head.hex}
    filled = [
        _filled(route, names, talked)
        for route in site.routes  # type: ignore[union-attr]
        if isinstance(route, Route) and "GET" in (route.methods or ())
    ]
    media = [f"/media/{talked.asset.hex}/{name}" for name in ("thumb", "large", "original")]
    return [*filled, *media]


def _get(stage: Stage, cookie: str, address: str) -> tuple[int, bytes]:
    asked = Request(stage.address + address, headers={"Cookie": f"postboard_session={cookie}"})
    try:
        with build_opener(_Stay).open(asked, timeout=5) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def _key(stage: Stage, post_id: UUID) -> str:
    with stage.database.read() as session:
        return post_page.opened(session, stage.world.ana, post_id, now=datetime.now(UTC)).facts.key


def _filled(route: Route, names: Mapping[str, str], talked: Talked) -> str:
    values = {name: names.get(name, talked.post_id.hex) for name in route.param_convertors}
    return str(route.url_path_for(route.name, **values))


def _told(raw: list[str], talked: Talked) -> list[str]:
    return [text for text in raw if any(word in text for word in talked.secrets)]


def _say(post_id: UUID, thread: str, text: str) -> dict[str, Any]:
    return {
        "thread": thread,
        "post_id": post_id.hex,
        "command_id": uuid4().hex,
        "text": text,
        "parent_id": "",
        "anchor": {},
        "attachments": [],
        "mentions": [],
    }
