"""A post planned backwards by hand, and posts at risk where people look for what to do."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from postboard.db.queries import at_risk
from postboard.domain.planning import LeadStep
from postboard.domain.tasks import Expectation
from postboard.domain.workflow import Action, State
from postboard.services import assigning, post_rows, posts, step_times
from postboard.services.posts import NewPost
from tests.browser.board import BoardPage
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server
from tests.world import WORDS, bring_to, found, step

Visit = Callable[..., Page]
DAY = timedelta(days=1)


def draft(server: Server) -> UUID:
    """Planned for in three days, which is less than its steps take."""
    world = server.world
    return bring_to(
        server.database,
        world.acme.id,
        State.DRAFT,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        now=datetime.now(UTC),
    )


def dues(server: Server, post_id: UUID) -> dict[LeadStep, datetime]:
    with server.database.read() as session:
        return step_times.dues(session, post_id)


def plan_of(page: Page):
    return page.get_by_role("region", name="Plan")


def test_a_post_too_near_is_moved_to_where_its_steps_fit_and_they_follow_it(
    running: Server, visit: Visit
) -> None:
    post_id = draft(running)
    page = visit(running, f"/post/?key={key_of(running, post_id)}", running.world.aron)
    post, plan = PostPage(page), plan_of(page)
    plan.get_by_role("button", name="Plan backwards").click()
    short = plan.locator(".back-short")
    expect(short).to_contain_text("Too little time is left.")
    expect(short).to_contain_text("The earliest that works is")
    expect(plan.get_by_text("These steps take 42 working hours.")).to_be_visible()
    expect(plan.get_by_role("button", name="Plan it")).to_have_count(0)
    assert [found["id"] for found in Axe().run(page, ".back-plan").response["violations"]] == []

    plan.get_by_role("button", name="Move it to").click()
    expect(plan.get_by_role("button", name="Plan it")).to_be_visible()
    expect(short).to_have_count(0)
    expect(plan.get_by_label("Who does it: Words")).to_have_value(ident(running.world.ben))
    expect(plan.get_by_label("Who does it: Design")).to_have_value(ident(running.world.dina))
    assert dues(running, post_id) == {}
    plan.get_by_role("button", name="Plan it").click()

    expect(plan.get_by_role("button", name="Plan anew")).to_be_visible()
    steps = plan.locator(".steps-due li")
    expect(steps).to_have_count(6)
    expect(steps.first).to_contain_text("Ben")
    planned = dues(running, post_id)
    moved_to = found(running.database, running.world.aron, post_id).planned_at
    assert moved_to is not None
    assert (set(planned), planned[LeadStep.BUFFER]) == (set(LeadStep), moved_to)
    tasks = post.part("tasks")
    expect(tasks.locator("[data-task]")).to_have_count(2)
    expect(tasks.locator(".task-due")).to_have_count(2)

    field = post.field("planned_at")
    field.evaluate("(field, value) => { field.value = value }", week_later(field.input_value()))
    field.focus()
    field.blur()
    expect(plan.get_by_text("6 due times moved along with the post.")).to_be_visible()
    assert dues(running, post_id) == {one: at + 7 * DAY for one, at in planned.items()}

    card = BoardPage(visit(running, "/board/", running.world.ben)).card(post_id)
    due_at = (planned[LeadStep.DESIGN] + 7 * DAY).strftime("%Y-%m-%dT%H:%MZ")
    expect(card.locator(".card-due")).to_have_attribute("datetime", due_at)
    work = visit(running, "/work/", running.world.dina)
    row = work.locator(f'[data-post-key="{key_of(running, post_id)}"]')
    expect(row.locator(".task-due")).to_have_attribute("datetime", due_at)


def test_the_steps_share_what_there_is_where_the_date_has_to_stand(
    running: Server, visit: Visit
) -> None:
    post_id = draft(running)
    page = visit(running, f"/post/?key={key_of(running, post_id)}", running.world.aron)
    PostPage(page)
    plan = plan_of(page)
    plan.get_by_role("button", name="Plan backwards").click()
    plan.get_by_role("button", name="Squeeze the steps").click()
    plan.get_by_label("Who does it: Design").select_option(label="Nobody")
    plan.get_by_role("button", name="Plan it").click()
    expect(plan.get_by_role("button", name="Plan anew")).to_be_visible()
    expect(plan.locator(".steps-due li")).to_have_count(6)
    planned = dues(running, post_id)
    at = found(running.database, running.world.aron, post_id).planned_at
    assert (set(planned), planned[LeadStep.BUFFER]) == (set(LeadStep), at)
    expect(PostPage(page).part("tasks").locator("[data-task]")).to_have_count(1)


def test_lead_times_of_a_client_are_its_own_once_they_are_changed(
    running: Server, visit: Visit
) -> None:
    page = visit(running, "/clients/?client=BORE", running.world.ana)
    page.get_by_role("button", name="Change lead times").click()
    dialog = page.get_by_role("dialog", name="Lead times")
    expect(dialog.get_by_text("Usual, as agreed")).to_have_count(3)
    design = dialog.get_by_label("Design, With video")
    design.fill("4x")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert").filter(has_text="number")).to_have_text(
        "Hours are a number from 0 to 400."
    )
    expect(design).to_have_attribute("aria-invalid", "true")
    assert [found["id"] for found in Axe().run(page, "dialog").response["violations"]] == []
    design.fill("40")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Change lead times").click()
    expect(dialog.get_by_text("Usual, as agreed")).to_have_count(2)
    expect(dialog.get_by_text("This client’s own")).to_have_count(1)
    assert dialog.evaluate("(dialog) => dialog.scrollWidth - dialog.clientWidth") == 0
    expect(design).to_have_value("40")
    dialog.get_by_role("button", name="Follow the agreement").click()
    expect(dialog.get_by_text("Usual, as agreed")).to_have_count(3)
    expect(design).to_have_value("24")


def test_posts_at_risk_are_marked_where_one_looks_for_what_to_do(
    mortal: Server, visit: Visit
) -> None:
    world, now = mortal.world, datetime.now(UTC)
    # Nine posts that the client took forty days for.
    for _n in range(9):
        slow = sent_to_client(mortal, now - 60 * DAY)
        step(mortal.database, world.cleo, slow, Action.APPROVE, now=now - 20 * DAY)
    post_id = sent_to_client(mortal, now)
    with mortal.database.write() as session:
        assert world.ben.user_id
        version = post_rows.find(session, world.ana, post_id).version
        expected = Expectation("Ask Cleo by phone.")
        assigning.assign(
            session, world.ana, {post_id: version}, [world.ben.user_id], expected, now=now
        )
    with mortal.database.read() as session:
        (chance,) = at_risk.chances(session, world.ben, [post_id], now=now)
    assert (chance.at_risk, chance.percent, chance.cases) == (True, 0, 9)
    said = "0 % in time · held in client review · 9 cases"

    board = BoardPage(visit(mortal, "/board/", world.ben))
    expect(board.card(post_id).locator(".risk-mark")).to_have_attribute("title", said)
    marked = board.page.locator(".card:has(.risk-mark)").count()
    assert marked < board.page.locator(".card[data-post]").count()
    board.page.get_by_label("Due", exact=True).select_option(label="At risk")
    expect(board.page.locator(".card[data-post]")).to_have_count(marked)
    expect(board.card(post_id)).to_be_visible()

    days = visit(mortal, "/calendar/?view=list", world.ben)
    mark = days.locator(f'[data-post="{post_id.hex}"] .cal-risk')
    expect(mark).to_have_attribute("title", "At risk: 0 % in time, held in Client review")
    expect(days.locator(".cal-grid .cal-risk")).to_have_count(marked)

    work = visit(mortal, "/work/", world.ben)
    row = work.locator(f'[data-post-key="{key_of(mortal, post_id)}"]')
    expect(row.locator(".risk-mark")).to_have_attribute("title", said)

    post = visit(mortal, f"/post/?key={key_of(mortal, post_id)}", world.ben)
    expect(post.locator(".risk-line")).to_contain_text(said)
    unknown = key_of(mortal, world.acme.posts[State.CLIENT_REWORK])
    post = visit(mortal, f"/post/?key={unknown}", world.ben)
    expect(post.locator(".risk-line")).to_contain_text(
        re.compile(r"Not enough history to say whether it will be in time: \d of 8 cases\.")
    )


def sent_to_client(server: Server, at: datetime) -> UUID:
    """A post that its client has before it since then, to go out within five days."""
    world = server.world
    with server.database.write() as session:
        new = NewPost(WORDS, at + 5 * DAY)
        post_id = posts.create(session, world.ana, world.acme.id, new, now=at)
    for actor, action in [
        (world.ben, Action.SUBMIT),
        (world.iris, Action.APPROVE),
        (world.aron, Action.SEND_TO_CLIENT),
    ]:
        step(server.database, actor, post_id, action, now=at)
    return post_id


def week_later(local: str) -> str:
    return (datetime.fromisoformat(local) + 7 * DAY).strftime("%Y-%m-%dT%H:%M")


def ident(person) -> str:
    return person.user_id.hex
