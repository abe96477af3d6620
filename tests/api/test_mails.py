"""The link at the foot of a mail: opening it ends nothing, its button and mail programs do."""

from datetime import UTC, datetime

import pytest

from postboard.db.engine import Database
from postboard.domain.permissions import Actor
from postboard.domain.tasks import How, NoticeKind
from postboard.services import mail, preferences, sign_in
from postboard.services.mail import About, Letter
from postboard.session_cookie import cookie_name
from tests.api.conftest import Browser, Visit
from tests.world import World, everything_in


@pytest.fixture
def stop(database: Database, world: World) -> str:
    """The address in a mail to Ben about a mention."""
    assert world.ben.user_id
    now, about = datetime.now(UTC), About(kinds=(NoticeKind.MENTION,))
    with database.write() as session:
        mail_id = mail.enqueue(session, world.ben.user_id, Letter("Hi", "Ben"), "/", now, about)
        claimed = mail.claim(session, mail_id, now)
    assert claimed
    return f"/mail/stop/{claimed.stop_token}"


def off(database: Database, world: World) -> list[NoticeKind]:
    with database.read() as session:
        return [one.kind for one in preferences.mine(session, world.ben) if one.how is How.OFF]


def test_opening_the_link_changes_nothing(database: Database, visit: Visit, stop: str) -> None:
    before = everything_in(database)
    pages = [visit().request(method, stop) for method in ("GET", "HEAD", "GET")]
    assert [page.is_success for page in pages] == [True] * 3
    assert "Comments that mention you" in pages[0].text
    assert '<form method="post">' in pages[0].text
    assert everything_in(database) == before


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=One-Click"])
def test_the_button_and_a_mail_programs_one_click_end_mails_of_that_kind(
    database: Database, world: World, visit: Visit, stop: str, body: str
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        answer = visit().post(stop, content=body, headers=headers)
        assert answer.status_code == 200
        assert "You get no more e-mails of this kind" in answer.text
    assert off(database, world) == [NoticeKind.MENTION]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["nothing", "%00", "x" * 3_000, "%E4%BD%A0"])
def test_a_made_up_link_has_ended(visit: Visit, method: str, token: str) -> None:
    assert visit().request(method, f"/mail/stop/{token}").status_code == 404


def signed_in(visit: Visit, database: Database, who: Actor) -> Browser:
    assert who.user_id
    browser = visit()
    with database.write() as session:
        token = sign_in.open_session(session, who.user_id, now=datetime.now(UTC))
    browser.cookies.set(cookie_name(secure=False), token)
    return browser


def wishes(database: Database, who: Actor) -> preferences.Wishes:
    with database.read() as session:
        return preferences.wishes(session, who)


def test_all_settings_open_by_the_mails_link_and_change_nothing_by_that(
    database: Database, visit: Visit, stop: str
) -> None:
    settings = stop.replace("/stop/", "/settings/")
    assert f'href="{settings}"' in visit().get(stop).text
    before = everything_in(database)
    assert "Comments that mention you" in visit().get(settings).text
    assert everything_in(database) == before


def test_a_reviewer_chooses_kinds_hour_zone_and_language_without_an_account(
    database: Database, world: World, visit: Visit
) -> None:
    browser = signed_in(visit, database, world.cleo)
    form = {
        "to_review": "daily",
        "reply": "off",
        "hour": "17",
        "zone": "Asia/Shanghai",
        "language": "zh-CN",
        # No kind of the client's side.
        "decision": "off",
    }
    answer = browser.post("/mail/settings", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mail/settings?saved")
    got = wishes(database, world.cleo)
    assert (got.language, got.zone) == ("zh-CN", "Asia/Shanghai")
    assert {one.kind: one.how for one in got.chosen} == {
        NoticeKind.TO_REVIEW: How.DAILY,
        NoticeKind.REVIEW_OPEN: How.AT_ONCE,
        NoticeKind.MENTION: How.AT_ONCE,
        NoticeKind.REPLY: How.OFF,
        NoticeKind.IDEA_ANSWERED: How.AT_ONCE,
        NoticeKind.AGREEMENT_OFFERED: How.AT_ONCE,
        NoticeKind.AGREEMENT_TERM: How.AT_ONCE,
        NoticeKind.DATE_MOVED: How.AT_ONCE,
    }
    assert {one.hour for one in got.chosen} == {17}
    assert '<html lang="zh-CN">' in browser.get("/mail/settings?saved").text
    with database.read() as session:
        decided = preferences.of(session, [world.cleo.user_id], NoticeKind.DECISION)  # type: ignore[list-item]
        assert [one.how for one in decided.values()] == [How.AT_ONCE]


def test_the_link_of_a_mail_changes_its_readers_settings_and_signs_nobody_in(
    database: Database, world: World, visit: Visit, stop: str
) -> None:
    browser = visit()
    answer = browser.post(stop.replace("/stop/", "/settings/"), data={"mention": "hourly"})
    assert (answer.status_code, list(browser.cookies)) == (303, ["lang"])
    hows = {one.kind: one.how for one in wishes(database, world.ben).chosen}
    assert hows[NoticeKind.MENTION] is How.HOURLY


@pytest.mark.parametrize(
    "form",
    [
        {"mention": "never"},
        {"hour": "24"},
        {"hour": "x"},
        {"zone": "Mars/Olympus"},
        {"language": "tlh"},
        {"review_overdue": "off"},
    ],
)
def test_a_setting_that_there_is_not_is_refused(
    database: Database, world: World, visit: Visit, stop: str, form: dict[str, str]
) -> None:
    before = wishes(database, world.ben)
    answer = visit().post(stop.replace("/stop/", "/settings/"), data=form)
    assert answer.status_code == 422
    assert wishes(database, world.ben) == before


@pytest.mark.parametrize("path", ["/mail/settings", "/mail/settings/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_settings_are_no_strangers_business(visit: Visit, method: str, path: str) -> None:
    assert visit().request(method, path).status_code == 404


def test_another_site_sends_no_settings(database: Database, world: World, visit: Visit) -> None:
    browser = signed_in(visit, database, world.cleo)
    headers = {"origin": "https://evil.example"}
    answer = browser.post("/mail/settings", data={"reply": "off"}, headers=headers)
    assert answer.status_code == 403
