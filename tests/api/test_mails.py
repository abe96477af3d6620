"""The link at the foot of a mail: opening it ends nothing, its button and mail programs do."""

from datetime import UTC, datetime

import pytest

from postboard.db.engine import Database
from postboard.domain.tasks import How, NoticeKind
from postboard.services import mail, preferences
from postboard.services.mail import About, Letter
from tests.api.conftest import Visit
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
