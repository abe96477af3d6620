"""What can be tried with the websocket itself."""

import json
import secrets
import time
from contextlib import suppress
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from simple_websocket import ConnectionClosed

from postboard.domain.permissions import Actor, Role
from postboard.services import clients, sign_in
from postboard.session_cookie import fingerprint
from postboard.ui.account import Account
from postboard.ui.limits import PASSED, SOCKETS_PER_SESSION
from postboard.ui.session import KNOWN_FOR_S
from tests.ui.attack.browser import (
    HYDRATE,
    MARK,
    Frame,
    Tab,
    TurnedAway,
    connect,
    events,
    hang_up,
    opened,
    place,
)
from tests.ui.attack.stage import Stage
from tests.world import actor_of, email_of

BOARD = "/board/"
RELOAD = '(() => window.location.assign("/board/"))'


def joins(stage: Stage, cookie: str | None, **handshake: object) -> bool:
    try:
        with opened(stage.address, cookie, **handshake):  # type: ignore[arg-type]
            return True
    except TurnedAway:
        return False


def shows_acme(tab: Tab) -> bool:
    return any("acme" in text.lower() for text in tab.raw)


def test_a_stolen_token_opens_nothing_without_the_cookie(stage: Stage) -> None:
    token, ben = secrets.token_hex(), stage.cookie(stage.world.ben)
    dora = stage.cookie(stage.world.dora)
    with opened(stage.address, ben, page=BOARD, token=token) as own:
        own.settle()
        assert shows_acme(own)
        with opened(stage.address, dora, token=token) as beside:
            assert not shows_acme(beside)
    for cookie in (dora, None, "made up"):
        with opened(stage.address, cookie, token=token) as after:
            after.settle()
            assert not shows_acme(after)
    with opened(stage.address, ben, token=token) as again:
        assert shows_acme(again)


def test_a_forged_connect_changes_nothing(stage: Stage) -> None:
    token, ben = secrets.token_hex(), stage.cookie(stage.world.ben)
    with opened(stage.address, ben, page=BOARD, token=token) as own:
        own.settle()
    environ = {
        "QUERY_STRING": f"token={token}.{fingerprint(ben)[:32]}",
        "HTTP_COOKIE": f"postboard_session={ben}",
        "asgi.scope": {PASSED: True, "headers": [], "client": ["::1"]},
    }
    with opened(stage.address, stage.cookie(stage.world.dora)) as dora:
        dora.send(f"42/_event,{json.dumps(['connect', environ])}")
        dora.send(f"42/_event,{json.dumps(['connect', environ, {'event': _hydrate()}])}")
        dora.call(HYDRATE, {})
        assert not shows_acme(dora)


def test_one_websocket_has_one_state(stage: Stage) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben)) as tab:
        tab.send("40/_event,{}")
        tab.read_all()
        assert [text[:10] for text in tab.raw].count("44/_event,") == 1


def test_what_stands_open_is_closed_by_a_reload_but_not_by_a_lost_connection(stage: Stage) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben)) as tab:
        tab.call(f"{Account.get_full_name()}.open", {})
        assert _is_open(tab.call(HYDRATE, {}))
        assert not _is_open(tab.call(HYDRATE, {"hashes": ["of what the loaded page holds"]}))


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://evil.example:8000",
        "null",
        "",
        "http://127.0.0.1.evil.example",
    ],
)
def test_a_page_of_another_site_gets_no_websocket(stage: Stage, origin: str) -> None:
    cookie = stage.cookie(stage.world.ben)
    assert not joins(stage, cookie, headers={"Origin": origin})


def test_pages_of_this_server_get_one_by_any_of_its_names(stage: Stage) -> None:
    cookie = stage.cookie(stage.world.ben)
    port = stage.address.rpartition(":")[2]
    assert joins(stage, cookie, headers={"Origin": stage.address})
    assert joins(stage, cookie, headers={"Origin": f"http://localhost:{port}"})


@pytest.mark.parametrize(
    "query",
    [
        {"EIO": "4", "transport": "polling", "token": "t"},
        {"EIO": "4", "transport": "websocket", "token": "t", "sid": "x"},
        {},
    ],
)
def test_no_other_transport_and_no_upgrade(stage: Stage, query: dict[str, str]) -> None:
    assert not joins(stage, stage.cookie(stage.world.ben), query=query)


def test_a_flood_is_cut_off_and_the_others_go_on(stage: Stage) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben)) as calm:
        with opened(stage.address, stage.cookie(stage.world.cora)) as flood:
            with suppress(ConnectionClosed):
                for _ in range(3_000):
                    flood.emit("nothing", {})
            assert flood.is_closed()
            assert len(events(flood.frames)) < 300
        assert events(calm.call("nothing", {})) != []
    assert joins(stage, stage.cookie(stage.world.cora))


@pytest.mark.parametrize(
    "message",
    [
        f'42/_event,["event",{{"name":"{"x" * 1_000_000}"}}]',
        b"\x04binary",
    ],
    ids=["a megabyte", "bytes"],
)
def test_what_no_page_sends_ends_the_connection(stage: Stage, message: str | bytes) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben)) as tab:
        tab.send(message)
        assert tab.is_closed()


@pytest.mark.parametrize(
    "message",
    [
        "",
        "9",
        "4",
        "42",
        "42/_event,",
        "42/_event,[]",
        "42/_event,{",
        '42/_event,["event"]',
        '42/_event,["event",1]',
        '42/_event,["event",null]',
        '42/_event,["event","[]"]',
        '42/_event,["event",{}]',
        '42/_event,["event",{"name":5}]',
        '42/_event,["event",{"name":"x","payload":[]}]',
        '42/_event,["event",{"name":"x","router_data":[]}]',
        '42/_event,["event",{"name":"x","router_data":{"headers":{"cookie":"a=b"}}}]',
        '42/_event,["event",{"name":"x","router_data":{"pathname":["/board/"]}}]',
        '42/_event,["event",{"name":"x","router_data":{"query":{"a":{"b":1}}}}]',
        f'42/_event,["event",{"[" * 50_000}',
        f'42/_event,["event",{{"name":"x","payload":{{"a":{"[" * 5_000}{"]" * 5_000}}}}}]',
        '42/_event,["disconnect"]',
        '42/_event,["disconnect",1,2,3]',
        '42/_event,["connect"]',
        '42/_event,["client_error",{"message":"\\u001b[31m"}]',
        '42/live,["signals",[]]',
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        "40/nowhere,{}",
        "41/_event,",
        "1",
        "6",
        "2probe",
        "0{}",
        "42/_event,99999999999999999999[]",
    ],
)
def test_nonsense_harms_nobody(stage: Stage, message: str) -> None:
    with opened(stage.address, stage.cookie(stage.world.dora)) as other:
        with opened(stage.address, stage.cookie(stage.world.ben)) as tab:
            tab.send(message)
            tab.read_all(0.1)
        assert len(events(other.call("nothing", {}))) == 1
        assert not shows_acme(other)


def test_one_session_has_not_more_websockets_than_a_person_has_tabs(stage: Stage) -> None:
    cookie, tabs = stage.cookie(stage.world.iris), list[Tab]()
    try:
        tabs.extend(connect(stage.address, cookie) for _ in range(SOCKETS_PER_SESSION))
        with pytest.raises(TurnedAway):
            connect(stage.address, cookie)
    finally:
        for tab in tabs:
            hang_up(tab)


@pytest.mark.parametrize("cookie", [None, "", "made up", "x" * 5_000, 'a"; postboard_session="b'])
def test_without_a_session_a_page_only_learns_where_to_sign_in(
    stage: Stage, cookie: str | None
) -> None:
    with opened(stage.address, cookie, page=BOARD) as tab:
        tab.settle()
        assert set(events(tab.frames)) == {
            '(() => window.location.assign("/sign-in/?next=/board/"))'
        }
        assert not shows_acme(tab)


def test_a_session_that_ends_is_out_within_seconds(stage: Stage) -> None:
    cookie = stage.cookie(stage.world.ben)
    with opened(stage.address, cookie, page=BOARD) as tab:
        tab.settle()
        with stage.database.write() as session:
            sign_in.sign_out(session, cookie, now=datetime.now(UTC))
        time.sleep(KNOWN_FOR_S + 0.2)
        seen = len(tab.raw)
        tab.emit(MARK, {"value": True}, BOARD)
        tab.read_all()
        assert events(tab.frames)[-1:] == [RELOAD]
        tab.emit(HYDRATE, {}, "/nowhere/")
        tab.read_all()
        assert [text for text in tab.raw[seen:] if "acme" in text.lower()] == []


def test_whoever_loses_a_client_loses_what_the_page_knew_of_it(stage: Stage) -> None:
    olga = _newcomer(stage, "Olga", Role.COPYWRITER)
    with opened(stage.address, stage.cookie(olga), page=BOARD) as tab:
        tab.settle()
        assert shows_acme(tab)
        with stage.database.write() as session:
            acme, ana = stage.world.acme.id, stage.world.ana
            assert olga.user_id
            clients.remove_person(session, ana, acme, olga.user_id, now=datetime.now(UTC))
        time.sleep(KNOWN_FOR_S + 0.2)
        seen = len(tab.raw)
        tab.emit(MARK, {"value": True}, BOARD)
        tab.emit(HYDRATE, {}, "/nowhere/")
        tab.read_all()
        assert RELOAD in events(tab.frames)
        assert [text for text in tab.raw[seen:] if "acme" in text.lower()] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_upload"),
        ("POST", "/_upload/"),
        ("GET", "/_upload/x.txt"),
        ("GET", "/_health"),
        ("GET", "/ping"),
        ("GET", "/_all_routes"),
        ("GET", "/auth-codespace"),
        ("GET", "/_event/?EIO=4&transport=polling"),
        ("POST", "/_event/?EIO=4&transport=polling&sid=x"),
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_routes_of_reflex_that_nobody_needs_are_closed(
    stage: Stage, method: str, path: str, signed_in: bool
) -> None:
    cookie = f"postboard_session={stage.cookie(stage.world.alma)}" if signed_in else ""
    asked = Request(
        stage.address + path,
        b"x" if method == "POST" else None,
        {"Cookie": cookie, "reflex-client-token": "t"},
        method=method,
    )
    with pytest.raises(HTTPError) as refused:
        urlopen(asked, timeout=5)
    assert refused.value.code == 404


@pytest.mark.parametrize("door", ["plan", "metrics"])
@pytest.mark.parametrize(
    ("cookie", "origin", "status"),
    [(None, None, 404), ("made up", None, 404), ("dora", None, 404), ("ana", "evil", 403)],
)
def test_no_file_is_taken_from_whoever_may_not_import(
    stage: Stage, door: str, cookie: str | None, origin: str | None, status: int
) -> None:
    person = getattr(stage.world, cookie or "", None)
    given = {"Cookie": f"postboard_session={stage.cookie(person) if person else cookie}"}
    if origin:
        given["Origin"] = f"https://{origin}.example"
    asked = Request(f"{stage.address}/uploads/{door}", b"Date;Post\n", given, method="POST")
    before = _files(stage)
    with pytest.raises(HTTPError) as refused:
        urlopen(asked, timeout=5)
    assert refused.value.code == status
    assert _files(stage) == before


def test_no_token_is_written_to_the_log(stage: Stage) -> None:
    cookie = stage.cookie(stage.world.ben)
    with opened(stage.address, cookie) as tab:
        tab.send('42/_event,["event",{"name":"x","payload":5}]')
        tab.read_all()
    with opened(stage.address, cookie) as tab:
        tab.send('42/_event,["connect",{"QUERY_STRING":"token=x"}]')
        tab.call("no.such.handler", {})
    with pytest.raises(HTTPError):
        urlopen(f"{stage.address}/link/secret-link-token", timeout=5)
    log = stage.log.read_text("utf-8", "replace")
    assert [
        word for word in (cookie, "secret-link-token", "postboard_session") if word in log
    ] == []


def _files(stage: Stage) -> list[str]:
    return sorted(str(path) for path in stage.log.parent.rglob("uploads/*"))


def _newcomer(stage: Stage, name: str, role: Role) -> Actor:
    now = datetime.now(UTC)
    with stage.database.write() as session:
        person_id = clients.add_person(
            session,
            stage.world.ana,
            name=name,
            email=email_of(name),
            role=role,
            client_id=stage.world.acme.id,
            now=now,
        )
    return actor_of(stage.database, person_id, now)


def _is_open(frames: list[Frame]) -> bool:
    deltas = [frame.get("delta", {}).get(Account.get_full_name(), {}) for frame in frames]
    [shown] = [delta["shown_rx_state_"] for delta in deltas if "shown_rx_state_" in delta]
    return shown


def _hydrate() -> dict[str, object]:
    return {"name": HYDRATE, "payload": {}, "router_data": place("/nowhere/")}
