"""Who does what, whom to ask, who is away, and who takes over when somebody leaves."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Person
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.services import posts
from postboard.services.posts import NewPost
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server

Visit = Callable[..., Page]


def ask(page: Page, question: str) -> Locator:
    box = page.get_by_role("searchbox", name="Who do I ask for …?")
    box.fill(question)
    box.press("Enter")
    return page.locator(".people-answers > li")


def person(page: Page, name: str) -> Locator:
    return page.locator(".people-there > li:not(.people-gone)").filter(
        has=page.locator(".line-name", has_text=re.compile(f"^{name}$"))
    )


def act(page: Page, name: str, action: str) -> Locator:
    """Open a dialog on somebody; what can be done comes with the focus."""
    button = person(page, name).get_by_role("button", name=action)
    button.focus()
    button.press("Enter")
    return page.locator("dialog")


def day(server: Server, person: Actor, ahead: int) -> str:
    """On the clock of whoever is away."""
    with server.database.read() as session:
        zone = session.execute(
            select(col(Person.zone)).where(col(Person.id) == person.user_id)
        ).scalar_one()
    return (datetime.now(ZoneInfo(zone)) + timedelta(days=ahead)).date().isoformat()


def new_draft(server: Server) -> str:
    words = Words(f"Reel {uuid4().hex[:6]}", networks=("instagram",))
    with server.database.write() as session:
        post_id = posts.create(
            session,
            server.world.ana,
            server.world.acme.id,
            NewPost(words),
            now=datetime.now(UTC).replace(microsecond=0),
        )
    return key_of(server, post_id)


def test_a_part_is_given_found_and_goes_to_the_stand_in(running: Server, visit: Visit) -> None:
    dina = running.world.dina
    page = visit(running, "/people/?client=ACME", running.world.aron)
    page.get_by_role("button", name="Give a part").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Deliverable").select_option("reel_cover")
    dialog.get_by_label("Person").select_option(label="Dina")
    dialog.get_by_label("Part").select_option("responsible")
    dialog.get_by_role("button", name="Save").click()
    line = page.locator(".people-parts tbody tr").filter(has_text="Reel covers")
    expect(line.locator("[data-part=Responsible]")).to_have_text("Dina")
    answer = ask(page, "Who does the reel cover?")
    expect(answer).to_contain_text("Responsible: Reel covers.")
    expect(answer.get_by_role("link").last).to_have_attribute("href", re.compile("^mailto:.+@"))

    dialog = act(page, "Dina", "Name days away of Dina")
    dialog.get_by_label("First day").fill(day(running, dina, 4))
    dialog.get_by_label("Last day").fill(day(running, dina, 2))
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("The last day comes before the first.")
    dialog.get_by_label("First day").fill(day(running, dina, 0))
    dialog.get_by_label("Last day").fill(day(running, dina, 4))
    dialog.get_by_label("Who stands in").select_option(label="Iris")
    dialog.get_by_role("button", name="Save").click()
    expect(person(page, "Dina").locator(".people-now")).to_have_text("Away")
    expect(ask(page, "谁做封面")).to_contain_text("Iris stands in.")

    post = PostPage(visit(running, f"/post/?key={new_draft(running)}", running.world.cora))
    post.part("tasks").get_by_role("button", name="Assign…").click()
    post.dialog.get_by_label("What for").select_option("reel_cover")
    first = post.dialog.locator(".assign-person").first
    expect(first).to_contain_text("Stands in for Dina, who is responsible and away.")
    first.get_by_label("Iris").check()
    post.dialog.get_by_label("What is expected").fill("Draw the cover.")
    post.dialog.get_by_role("button", name="Assign", exact=True).click()
    post.toast("Assigned one post.")

    person(page, "Dina").get_by_role("button", name="Dina is not away then").click()
    expect(person(page, "Dina").locator(".people-now")).not_to_have_text("Away")


def test_a_leavers_work_is_handed_over_in_one_step_and_comes_back(
    running: Server, visit: Visit
) -> None:
    page = visit(running, "/people/", running.world.alma)
    before = person(page, "Ben").locator(".people-load").text_content() or ""
    dialog = act(page, "Ben", "Ben leaves or hands over")
    dialog.get_by_label("Who takes over").first.select_option(label="Cora")
    dialog.get_by_label("They leave").check()
    dialog.get_by_role("button", name="Hand over").click()
    gone = page.locator(".people-gone")
    expect(gone).to_contain_text("Ben")
    expect(person(page, "Ben")).to_have_count(0)
    page.get_by_role("button", name="Take it back").click()
    expect(person(page, "Ben").locator(".people-load")).to_have_text(before)
    expect(gone).to_have_count(0)


def test_a_department_is_given_its_head_in_the_fold(running: Server, visit: Visit) -> None:
    page = visit(running, "/people/", running.world.alma)
    head = page.locator("dl.people-heads > div").filter(has_text="Design").locator("dd")
    choose = page.get_by_label("Head of Design")
    expect(head).to_have_text("Nobody")
    expect(choose).to_be_hidden()
    page.locator(".people-lead > summary").click()
    choose.select_option(label="Iris")
    expect(head).to_have_text("Iris")
    choose.select_option(label="Nobody")
    expect(head).to_have_text("Nobody")
