"""What one is told, and how one chooses it: in the account's dialog, and on the reviewer's page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlmodel import col

from postboard.db.job_models import Job
from postboard.db.models import OutgoingMail, Person
from postboard.domain.digests import MOST_ATTEMPTS
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import Actor
from postboard.domain.tasks import How, NoticeKind
from postboard.services import ideas, jobs, mail, preferences
from postboard.services.jobs import Wanted
from postboard.services.mail import Letter
from tests.browser.server import Server

Visit = Callable[..., Page]
PHONE_TARGET = 48


def chosen(server: Server, who: Actor) -> dict[NoticeKind, tuple[How, int]]:
    """What somebody chose that is not what everybody begins with."""
    with server.database.read() as session:
        return {
            one.kind: (one.how, one.hour)
            for one in preferences.mine(session, who)
            if one != preferences.Chosen(one.kind)
        }


def test_the_account_says_what_is_mailed_when_and_keeps_it(running: Server, visit: Visit) -> None:
    iris = running.world.iris
    page = visit(running, "/board/", iris)
    page.get_by_title("My account").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Hours are on the clock of")).to_be_visible()
    overdue = dialog.get_by_role("combobox", name="Reviews that are overdue")
    expect(overdue.locator("option")).to_have_text(["At once", "Once an hour", "Once a day"])
    dialog.get_by_role("combobox", name="Replies to you").select_option("off")
    overdue.select_option("daily")
    row = dialog.locator("[data-kind=review_overdue]")
    row.get_by_role("combobox", name="Hour of the day").select_option("17")
    page.reload()
    page.locator(".card").first.wait_for()
    expect(dialog).to_have_count(0)
    page.get_by_title("My account").click()
    expect(overdue).to_have_value("daily")
    expect(dialog.get_by_role("combobox", name="Replies to you")).to_have_value("off")
    assert chosen(running, iris) == {
        NoticeKind.REPLY: (How.OFF, preferences.MORNING),
        NoticeKind.REVIEW_OVERDUE: (How.DAILY, 17),
    }


def test_an_idea_is_news_at_once_and_leads_to_where_it_is_answered(
    running: Server, visit: Visit
) -> None:
    cast = running.world
    page = visit(running, "/work/", cast.aron)
    page.locator(".work-news").wait_for()
    with running.database.write() as session:
        new = NewIdea("Show the bakers at four in the morning.")
        ideas.add(session, cast.cleo, cast.acme.id, new, now=datetime.now(UTC))
    notice = page.locator(".notice").first
    expect(notice).to_contain_text("Cleo has an idea")
    expect(notice).to_contain_text("Show the bakers at four in the morning.")
    expect(notice).to_have_attribute("data-unread", "true")
    notice.get_by_role("link").click()
    page.wait_for_url("**/clients/?client=ACME#ideas")
    expect(page.locator("#ideas")).to_contain_text("Show the bakers at four in the morning.")
    expect(page.locator("#ideas")).to_be_in_viewport()
    page.goto(f"{running.url}/work/")
    expect(notice).to_contain_text("Cleo has an idea")
    expect(notice).not_to_have_attribute("data-unread", "true")


def test_a_reviewer_chooses_on_the_phone_without_an_account(running: Server, visit: Visit) -> None:
    vera = running.world.vera
    page = visit(running, "/review/", vera, phone=True)
    page.get_by_role("link", name="E-mail settings").click()
    expect(page.get_by_role("heading", name="Your e-mails from Postboard")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    for target in page.locator("select, button").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= PHONE_TARGET
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Replies to you").select_option("daily")
    page.get_by_label("Hour of the daily e-mail").select_option("18")
    page.get_by_label("Language").select_option("zh-CN")
    page.locator("button").tap()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("status")).to_be_visible()
    assert chosen(running, vera)[NoticeKind.REPLY] == (How.DAILY, 18)


def test_what_was_given_up_is_tried_again_by_a_click(running: Server, visit: Visit) -> None:
    world = running.world
    now = datetime.now(UTC)
    assert world.ben.user_id
    with running.database.write() as session:
        session.execute(update(OutgoingMail).values(sent_at=now))
        mail_id = mail.enqueue(session, world.ben.user_id, Letter("Hi", "Ben"), "/", now)
        failed = {"attempts": MOST_ATTEMPTS, "failure": "550 No such mailbox"}
        this_mail = col(OutgoingMail.id) == mail_id
        session.execute(update(OutgoingMail).where(this_mail).values(**failed))
        # Of a kind that no worker does, and long from now: it stays as it is found.
        job = Wanted("nobody.does", uuid4(), "nobody.does", now + timedelta(days=1))
        jobs.enqueue(session, [job], now)
        failed["failure"] = "RuntimeError: the pen is empty"
        this_job = col(Job.key) == "nobody.does"
        session.execute(update(Job).where(this_job).values(**failed))
    page = visit(running, "/work/", world.alma)
    for said in ("550 No such mailbox", "RuntimeError: the pen is empty"):
        trouble = page.get_by_role("status").filter(has_text=said)
        expect(trouble).to_contain_text("given up")
        trouble.get_by_role("button", name="Try again now").click()
        expect(trouble).not_to_contain_text("given up")
    with running.database.read() as session:
        tried = select(col(OutgoingMail.attempts)).where(this_mail)
        assert session.execute(tried).scalar_one() == 0
        assert session.execute(select(col(Job.attempts)).where(this_job)).scalar_one() == 0
        assert session.get_one(Person, world.alma.user_id).zone == "Europe/Berlin"
    with running.database.write() as session:
        session.execute(update(OutgoingMail).values(sent_at=now))
        session.execute(update(Job).where(this_job).values(done_at=now))
