"""The link that a client's reviewers share: names, mailed codes, and who stays outside."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import OutgoingMail, Person
from postboard.db.review_models import SharedCode
from postboard.domain.errors import NotAllowed, NotFound
from postboard.domain.permissions import Actor
from postboard.services import clients, mail, shared_codes, shared_links
from tests.api.conftest import Browser, Visit
from tests.api.test_signing_in import name_of
from tests.world import NOW, World, email_of, everything_in


@pytest.fixture
def link(database: Database, world: World) -> str:
    with database.write() as session:
        token = shared_links.make(session, world.aron, world.acme.id, now=datetime.now(UTC))
    return f"/shared/{token}"


def test_the_page_names_this_clients_reviewers_and_no_address(
    database: Database, visit: Visit, link: str
) -> None:
    before = everything_in(database)
    for method in ("GET", "HEAD"):
        assert "set-cookie" not in visit().request(method, link).headers
    page = visit().get(link)
    assert re.findall(r"<bdi>(.*?)</bdi>", page.text) == ["Cleo", "Vera"]
    assert "@" not in page.text.partition("</style>")[2]
    assert everything_in(database) == before


def test_the_mailed_code_opens_the_review_once(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    browser, late = visit(), visit()
    asked, code = asks(database, browser, link, world.cleo)
    answer = answers(browser, link, asked, code, world.cleo)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/")
    assert name_of(database, browser) == "Cleo"
    assert browser.get(link).headers["location"] == "/review/"
    assert answers(late, link, asked, code, world.cleo).status_code == 403
    assert name_of(database, late) == ""


def test_the_code_is_in_the_mail_alone(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    _, code = asks(database, visit(), link, world.cleo)
    kept = [word for rows in everything_in(database).values() for row in rows for word in row]
    assert [word for word in kept if code in str(word).split()] == []


def test_a_code_handed_in_many_times_at_once_opens_one_session(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    asked, code = asks(database, visit(), link, world.cleo)
    with ThreadPoolExecutor(4) as pool:
        came = pool.map(lambda b: answers(b, link, asked, code, world.cleo), [visit()] * 4)
        assert sorted(answer.status_code for answer in came) == [303, 403, 403, 403]


def test_after_five_wrong_codes_the_right_one_is_too_late(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    browser = visit()
    asked, code = asks(database, browser, link, world.cleo)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    tries = [answers(browser, link, asked, wrong, world.cleo) for _ in range(5)]
    assert [answer.status_code for answer in tries] == [403] * 5
    assert "This code does not fit" in tries[0].text
    assert answers(browser, link, asked, code, world.cleo).status_code == 403
    assert name_of(database, browser) == ""


def test_a_code_ends_after_ten_minutes(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    asked, code = asks(database, visit(), link, world.cleo)
    with database.write() as session:
        ended = datetime.now(UTC)
        session.execute(update(SharedCode).values(expires_at=ended))
    assert answers(visit(), link, asked, code, world.cleo).status_code == 403
    assert timedelta(minutes=10) == shared_codes.LIFETIME


def test_a_code_fits_only_where_it_was_asked_for(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    asked, code = asks(database, visit(), link, world.cleo)
    other, _ = asks(database, visit(), link, world.vera)
    with database.write() as session:
        token = shared_links.make(session, world.ana, world.borealis.id, now=datetime.now(UTC))
    assert answers(visit(), link, "made up", code, world.cleo).status_code == 403
    assert answers(visit(), link, other, code, world.vera).status_code == 403
    assert answers(visit(), f"/shared/{token}", asked, code, world.cleo).status_code == 403


@pytest.mark.parametrize("who", ["dora", "ben", "nobody", "disabled"])
def test_nobody_else_is_sent_a_code(
    database: Database, world: World, visit: Visit, link: str, who: str
) -> None:
    people = {"dora": world.dora, "ben": world.ben, "disabled": world.cleo}
    person_id = people[who].user_id if who in people else uuid4()
    if who == "disabled":
        disable(database, world.cleo)
    before = everything_in(database)
    assert person_id
    assert visit().post(link, data={"person": person_id.hex}).status_code == 404
    assert everything_in(database) == before


def test_who_left_meanwhile_does_not_come_in(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    cleos, veras = (
        asks(database, visit(), link, world.cleo),
        asks(database, visit(), link, world.vera),
    )
    disable(database, world.cleo)
    with database.write() as session:
        clients.remove_person(session, world.ana, world.acme.id, id_of(world.vera), now=NOW)
    assert answers(visit(), link, *cleos, world.cleo).status_code == 403
    assert answers(visit(), link, *veras, world.vera).status_code == 403


@pytest.mark.parametrize("how", ["ended", "replaced", "own links ended", "person removed"])
def test_whoever_came_in_is_signed_out_with_what_let_them_in(
    database: Database, world: World, visit: Visit, link: str, how: str
) -> None:
    browser = visit()
    answers(browser, link, *asks(database, browser, link, world.cleo), world.cleo)
    assert name_of(database, browser) == "Cleo"
    acme, cleo, now = world.acme.id, id_of(world.cleo), datetime.now(UTC)
    with database.write() as session:
        if how == "ended":
            shared_links.end(session, world.aron, acme, now=now)
        elif how == "replaced":
            shared_links.make(session, world.aron, acme, now=now)
        elif how == "own links ended":
            clients.end_review_links(session, world.aron, acme, cleo, now=now)
        else:
            clients.remove_person(session, world.aron, acme, cleo, now=now)
    assert name_of(database, browser) == ""
    is_over = how in {"ended", "replaced"}
    assert visit().get(link).status_code == (404 if is_over else 200)
    if is_over:
        assert visit().post(link, data={"person": cleo.hex}).status_code == 404


def test_no_more_codes_than_somebody_may_need(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    sent = [visit().post(link, data={"person": id_of(world.cleo).hex}) for _ in range(4)]
    assert [answer.status_code for answer in sent] == [200, 200, 200, 429]
    assert visit().post(link, data={"person": id_of(world.vera).hex}).status_code == 200


def test_old_codes_are_forgotten_but_not_those_that_a_session_hangs_on(
    database: Database, world: World, visit: Visit, link: str
) -> None:
    browser = visit()
    opening = asks(database, browser, link, world.cleo)
    assert answers(browser, link, *opening, world.cleo).status_code == 303
    asks(database, visit(), link, world.vera)
    cleo, vera = id_of(world.cleo), id_of(world.vera)

    def after(while_: timedelta, link: str) -> list[UUID]:
        """Whose codes there are when the next one is asked for."""
        with database.write() as session:
            for code in session.execute(select(SharedCode)).scalars():
                code.created_at -= while_
        asks(database, visit(), link, world.vera)
        with database.read() as session:
            return sorted(session.execute(select(col(SharedCode.person_id))).scalars())

    moment = timedelta(minutes=1)
    assert after(shared_codes.KEPT - moment, link) == sorted([cleo, vera, vera])
    assert after(2 * moment, link) == sorted([cleo, vera, vera])
    with database.write() as session:
        token = shared_links.make(session, world.aron, world.acme.id, now=datetime.now(UTC))
    assert name_of(database, browser) == ""
    assert after(shared_codes.KEPT, f"/shared/{token}") == [vera]


@pytest.mark.parametrize("token", ["nothing", "%00", "x" * 3_000, "..%2f..%2fhealth"])
@pytest.mark.parametrize("form", [{"person": "x"}, {"code": "1", "asked": "x", "person": ""}])
def test_a_made_up_link_or_form_opens_nothing(
    visit: Visit, link: str, token: str, form: dict[str, str]
) -> None:
    assert visit().get(f"/shared/{token}").status_code == 404
    assert visit().post(f"/shared/{token}", data=form).status_code == 404
    assert visit().post(link, data=form).status_code == 404


def test_the_pages_speak_chinese_too(visit: Visit, link: str) -> None:
    assert '<html lang="zh-CN">' in visit().get(link, headers={"Accept-Language": "zh"}).text


def test_it_is_made_and_ended_by_those_who_look_after_the_client(
    database: Database, world: World
) -> None:
    before = everything_in(database)
    refusals = {"cora": NotAllowed, "cleo": NotAllowed, "bodil": NotFound, "dora": NotFound}
    for who, refusal in refusals.items():
        for act in (shared_links.make, shared_links.end):
            with pytest.raises(refusal), database.write() as session:
                act(session, getattr(world, who), world.acme.id, now=NOW)
    assert everything_in(database) == before


def asks(database: Database, browser: Browser, link: str, person: Actor) -> tuple[str, str]:
    """What the browser is given, and the code as it is mailed."""
    page = browser.post(link, data={"person": id_of(person).hex})
    assert page.status_code == 200
    found = re.search(r'name="asked" value="([^"]+)"', page.text)
    assert found
    with database.write() as session:
        mail_id = session.execute(
            select(col(OutgoingMail.id)).where(
                col(OutgoingMail.sent_at).is_(None),
                col(OutgoingMail.person_id) == person.user_id,
                col(OutgoingMail.id).in_(select(col(SharedCode.mail_id))),
            )
        ).scalar_one()
        sent = mail.claim(session, mail_id, datetime.now(UTC))
        assert sent
        mail.note_sent(session, sent, datetime.now(UTC))
    assert (sent.address, sent.path) == (email_of(person.name), "")
    return found[1], sent.letter.body.partition("\n")[0]


def answers(browser: Browser, link: str, asked: str, code: str, person: Actor):
    form = {"asked": asked, "code": code, "person": id_of(person).hex}
    return browser.post(link, data=form)


def disable(database: Database, person: Actor) -> None:
    with database.write() as session:
        session.execute(
            update(Person).where(col(Person.id) == person.user_id).values(disabled_at=NOW)
        )


def id_of(person: Actor) -> UUID:
    assert person.user_id
    return person.user_id
