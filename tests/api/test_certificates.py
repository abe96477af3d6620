"""Taking a certificate home: staff and the client's reviewers may, strangers find nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from postboard.db.engine import Database
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import State
from postboard.services import clients, sign_in_links
from postboard.services.certificate_check import check
from tests.api.conftest import Browser, Visit
from tests.certified import approved
from tests.world import World, cookie_of

KINDS = ("json", "pdf")


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    return approved(database, world)


def signed_in(database: Database, visit: Visit, actor: Actor) -> Browser:
    browser = visit()
    token = cookie_of(database, actor, datetime.now(UTC))
    browser.cookies.set("postboard_session", token, "board.example")
    return browser


@pytest.mark.parametrize("kind", KINDS)
def test_staff_and_the_reviewer_take_the_same_certificate_home(
    database: Database, world: World, visit: Visit, post_id: UUID, kind: str
) -> None:
    address = f"/posts/{post_id.hex}/certificate.{kind}"
    answers = {
        role: signed_in(database, visit, actor).get(address)
        for role, actor in world.of_acme().items()
    }
    assert {role: answer.status_code for role, answer in answers.items()} == {
        role: 404 if role is Role.CLIENT_VIEWER else 200 for role in answers
    }
    answer = answers[Role.CLIENT_REVIEWER]
    assert {one.content for one in answers.values() if one.status_code == 200} == {answer.content}
    assert {
        name: answer.headers[name]
        for name in ("content-type", "content-disposition", "cache-control")
    } == {
        "content-type": f"application/{kind}",
        "content-disposition": f'attachment; filename="ACME-14-revision-1-certificate.{kind}"',
        "cache-control": "no-store",
    }
    assert check(answer.content).faults == ()


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_else_learns_nothing_not_even_that_it_is_there(
    database: Database, world: World, visit: Visit, post_id: UUID, kind: str
) -> None:
    theirs = f"/posts/{post_id.hex}/certificate.{kind}"
    nothing = [f"/posts/{uuid4().hex}/certificate.{kind}", f"/posts/ACME-14/certificate.{kind}"]
    never = f"/posts/{world.acme.posts[State.CLIENT_REVIEW].hex}/certificate.{kind}"
    strangers = (world.vera, world.dora, world.bodil)
    asked = [(visit(), theirs)]
    asked += [(signed_in(database, visit, actor), theirs) for actor in strangers]
    asked += [(signed_in(database, visit, world.ana), one) for one in (*nothing, never)]
    asked += [(signed_in(database, visit, world.cleo), never)]

    got = [browser.get(where) for browser, where in asked]
    answers = {(answer.status_code, answer.content) for answer in got}

    ((status, said),) = answers
    assert (status, list(json.loads(said))) == (404, ["refused"])


def test_a_reviewer_by_link_has_it_until_the_link_is_ended(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    now, cleo = datetime.now(UTC), world.cleo.user_id
    assert cleo
    with database.write() as session:
        link = clients.make_review_link(session, world.ana, world.acme.id, cleo, now=now)
        token, _ = sign_in_links.follow(session, link, now=now)
    browser = visit()
    browser.cookies.set("postboard_session", token, "board.example")
    address = f"/posts/{post_id.hex}/certificate.json"

    assert browser.get(address).status_code == 200
    with database.write() as session:
        clients.end_review_links(session, world.ana, world.acme.id, cleo, now=now)
    assert browser.get(address).status_code == 404


def test_the_pages_are_in_the_language_that_is_asked_for(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    browser = signed_in(database, visit, world.ana)
    address = f"/posts/{post_id.hex}/certificate.pdf"
    assert b"/Lang (en)" in browser.get(f"{address}?language=en").content
    assert b"/Lang (zh-CN)" in browser.get(f"{address}?language=zh-CN").content
    assert b"/Lang (zh-CN)" in browser.get(address, headers={"accept-language": "zh"}).content


def test_without_a_key_to_sign_with_it_says_so(
    database: Database, world: World, visit: Visit, post_id: UUID, tmp_path: Path
) -> None:
    browser = visit(POSTBOARD_SIGNING_KEY=str(tmp_path / "nowhere.pem"))
    token = cookie_of(database, world.ana, datetime.now(UTC))
    browser.cookies.set("postboard_session", token, "board.example")
    answer = browser.get(f"/posts/{post_id.hex}/certificate.json")
    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        503,
        "Certificates cannot be signed here now. Ask whoever runs Postboard.",
    )
    assert not (tmp_path / "nowhere.pem").exists()
