"""Who approves, set by hand: on the client's page for all posts, on a post's page for one."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from postboard.db.queries import approvals
from postboard.domain.chains import Chain, Rule, Side, Stage
from postboard.domain.workflow import State
from postboard.services import chains
from postboard.services.chains import Scope
from tests.browser.post import key_of
from tests.browser.server import Server
from tests.world import bring_to

Visit = Callable[..., Page]


def draft(server: Server) -> UUID:
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


def chain_of(server: Server, post_id: UUID) -> Chain:
    with server.database.read() as session:
        return chains.chain_for(session, server.world.acme.id, None, post_id)


def test_a_post_gets_stages_of_its_own_by_keyboard_and_follows_the_client_again(
    running: Server, visit: Visit
):
    world, post_id = running.world, draft(running)
    usual = chain_of(running, post_id)
    page = visit(running, f"/post/?key={key_of(running, post_id)}", world.aron)
    page.get_by_text("Approved as agreed with the client").click()
    page.get_by_role("button", name="Change who approves this post").click()
    expect(page.get_by_role("radio", name="Internal, then the client")).to_be_checked()

    page.get_by_role("button", name="Add a stage of the agency").click()
    page.keyboard.type("Legal")
    page.keyboard.press("Alt+ArrowUp")
    legal = page.get_by_role("group", name="Stage 1", exact=True)
    expect(legal.get_by_role("textbox", name="Name of stage 1")).to_be_focused()
    expect(page.get_by_role("radio", name="Custom stages")).to_be_checked()
    legal.get_by_label("Who decides").select_option("people")
    legal.get_by_label("How many must say yes").select_option("all")
    legal.get_by_label("Due in working hours").fill("8")
    page.get_by_label("Why it differs").fill("The claim is new.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(legal.get_by_role("alert")).to_have_text(
        "Tick at least one person, or choose who else decides."
    )
    legal.get_by_role("checkbox", name="Iris").check()
    assert [found["id"] for found in Axe().run(page, "dialog").response["violations"]] == []
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Approved by stages of its own")).to_be_visible()
    iris = tuple(one.user_id for one in [world.iris] if one.user_id)
    own = Stage(Side.INTERNAL, "Legal", iris, rule=Rule.ALL, due_hours=8)
    assert chain_of(running, post_id) == Chain((own, *usual.stages))

    page.get_by_role("button", name="Change who approves this post").click()
    page.get_by_role("button", name="Follow the client’s chain again").click()
    expect(page.get_by_text("Approved as agreed with the client")).to_be_visible()
    assert chain_of(running, post_id) == usual


def test_a_chain_that_somebody_changed_meanwhile_is_loaded_anew(running: Server, visit: Visit):
    world, post_id = running.world, draft(running)
    page = visit(running, f"/post/?key={key_of(running, post_id)}", world.aron)
    page.get_by_text("Approved as agreed with the client").click()
    page.get_by_role("button", name="Change who approves this post").click()
    page.get_by_label("Why it differs").fill("Mine.")
    with running.database.write() as session:
        scope = Scope(world.acme.id, post_id=post_id)
        theirs = (Stage(Side.INTERNAL, "Theirs"),)
        now = datetime.now(UTC)
        chains.set_chain(session, world.ana, scope, theirs, reason="Theirs.", version=0, now=now)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Load the newest").click()
    expect(page.get_by_label("Why it differs")).to_have_value("Theirs.")
    expect(page.get_by_role("textbox", name="Name of stage 1")).to_have_value("Theirs")


def test_a_message_goes_to_those_whom_the_step_asks(running: Server, visit: Visit):
    post_id = draft(running)
    page = visit(running, f"/post/?key={key_of(running, post_id)}", running.world.ben)
    expect(page.locator(".asking")).to_contain_text("Asks one of Alma, Ana, Cora, Iris")
    page.get_by_text("Add a message").click()
    page.get_by_label("Message to them").fill("Is the logo right?")
    page.get_by_role("button", name="Submit for review").click()
    line = page.get_by_role("region", name="Approval")
    expect(line).to_contain_text("Stage 1 of 2")
    expect(line).to_contain_text("Waits for one of Alma, Ana, Cora, Iris")
    expect(line.locator("blockquote").first).to_contain_text("Is the logo right?")
    with running.database.read() as session:
        found = approvals.of_post(session, running.world.ben, post_id, now=datetime.now(UTC))
    assert found.asked
    assert (found.asked.message, found.asked.who) == ("Is the logo right?", "Ben")
