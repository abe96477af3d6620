"""An agreement from its draft to a change of it, by both sides; and how a client starts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from postboard.db.queries import clients as query
from postboard.domain.content import Words
from postboard.domain.contract import Contract, Deliverable
from postboard.domain.launch import Gate
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import State
from postboard.services import clients, contract_answers, contracts, launches, posts
from postboard.services.clients import NewClient
from postboard.services.posts import NewPost
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server
from tests.world import actor_of, bring_to

Visit = Callable[..., Page]
TODAY = datetime.now(UTC).date()


@dataclass(frozen=True)
class Nova:
    """A client of today; Cara approves for it."""

    id: UUID
    key: str
    name: str
    cara: Actor

    @property
    def page(self) -> str:
        return f"/clients/?client={self.key}"


@pytest.fixture
def nova(running: Server) -> Nova:
    name, now, ana = f"Nova {uuid4().hex[:6]}", datetime.now(UTC), running.world.ana
    with running.database.write() as session:
        client_id = clients.add_client(session, ana, NewClient(name, "Europe/Berlin"), now=now)
        cara_id = clients.add_person(
            session,
            ana,
            name="Cara",
            email=f"{uuid4().hex[:8]}@client.example",
            role=Role.CLIENT_REVIEWER,
            client_id=client_id,
            now=now,
        )
    with running.database.read() as session:
        key = next(one.key for one in query.listed(session, ana) if one.name == name)
    return Nova(client_id, key, name, actor_of(running.database, cara_id, now))


def ready(server: Server, nova: Nova) -> UUID:
    """Nova's first post, which only waits for being sent."""
    ana = server.world.ana
    return bring_to(
        server.database,
        nova.id,
        State.READY_FOR_CLIENT,
        staff=ana,
        reviewer=nova.cara,
        holder=ana,
        now=datetime.now(UTC),
    )


def at_field(section: Locator, name: str) -> Locator:
    """What is said right below a field."""
    return section.locator(f"div:has(> .field [name={name}]) > [role=alert]")


def accept(theirs: Page) -> None:
    theirs.get_by_role("checkbox").tap()
    theirs.get_by_role("button", name="Accept in my name").tap()
    expect(theirs.get_by_text("Accepted in your name. Your agency is told.")).to_be_visible()


def test_an_agreement_is_written_offered_accepted_by_name_and_changed(
    running: Server, visit: Visit, nova: Nova
):
    theirs = visit(running, "/review/", nova.cara, phone=True)
    expect(theirs.locator("h1")).to_have_text(nova.name)
    page = visit(running, nova.page, running.world.ana)
    ours = page.locator("#agreement")
    ours.get_by_role("button", name="Begin with “Month by month”").click()
    # What is wrong is said at its field, and nothing of what was typed is lost.
    ours.locator("[name=starts_on]").fill(TODAY.isoformat())
    ours.locator("[name=ends_on]").fill((TODAY - timedelta(days=1)).isoformat())
    ours.locator("[name=deliverable_0_network]").select_option("instagram")
    ours.locator("[name=deliverable_0_per_month]").fill("8")
    ours.get_by_role("button", name="Save").click()
    expect(at_field(ours, "ends_on")).to_have_text("It ends before it starts.")
    expect(ours.locator("[name=ends_on]")).to_be_focused()
    expect(ours.locator("[name=deliverable_0_per_month]")).to_have_value("8")
    ours.locator("[name=ends_on]").fill((TODAY + timedelta(days=300)).isoformat())
    ours.get_by_role("button", name="Save").click()
    expect(ours.locator("form")).to_have_count(0)
    ours.get_by_role("button", name="Offer to the client").click()
    # It comes to the client's open page by itself; so does its end to ours.
    offer = theirs.locator(".review-offer")
    expect(offer.locator("h2")).to_have_text("Ana offers an agreement")
    expect(offer.get_by_role("button", name="Accept in my name")).to_be_visible()
    offer.locator("summary", has_text="Read it").tap()
    expect(offer.locator("[data-term=deliverables]")).to_contain_text("Instagram: 8")
    accept(theirs)
    expect(ours.locator("[data-agreement=in_force]")).to_have_text("In force")
    expect(ours).to_contain_text("Accepted by Cara")
    month = ours.locator(".agreement-meter tbody tr")
    expect(month).to_have_count(1)
    expect(month.locator("th, td")).to_have_text(["Instagram", "8", "0", "0"])
    # Nothing waits any more, so that the plan is shown, and the meter at its foot.
    theirs_month = theirs.locator(".agreement-meter tbody tr").locator("th, td")
    expect(theirs_month).to_have_text(["Instagram", "8", "0", "0"])
    # On a phone, too, the figures of a line stand on one line, each below its name.
    on_lines = "(cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().top)).size"
    assert theirs_month.evaluate_all(on_lines) == 1
    # A change of it says what it changes; one that is taken back leaves the client's page.
    ours.get_by_role("button", name="Write a change order").click()
    ours.locator("[name=rounds_included]").fill("5")
    ours.locator("[name=why]").fill("The lawyer reads along.")
    ours.get_by_role("button", name="Save").click()
    expect(ours.locator("form")).to_have_count(0)
    ours.get_by_role("button", name="Offer to the client").click()
    expect(offer.locator("h2")).to_have_text("Ana offers a change of your agreement")
    change = offer.locator("[data-changed]")
    expect(change).to_have_count(1)
    expect(change).to_be_visible()
    expect(change.locator("del")).to_have_text("2")
    expect(change.locator("ins")).to_have_text("5")
    ours.get_by_role("button", name="Withdraw").click()
    expect(offer).to_have_count(0)
    expect(theirs.get_by_text("It is not offered any more.")).to_be_visible()


@pytest.fixture
def agreed(running: Server, nova: Nova) -> Contract:
    """In force since today; a post that goes out in two days lacks what its network asks for."""
    ana, now = running.world.ana, datetime.now(UTC)
    terms = Contract(
        title="Care",
        scope="Posts.",
        starts_on=TODAY,
        response_hours=24,
        plan_day=28,
        material_days=1,
        deliverables=(Deliverable("x", 4),),
    )
    with running.database.write() as session:
        version_id = contracts.begin(session, ana, nova.id, terms, now=now)
        digest = contracts.offer(session, ana, version_id, version=1, now=now)
        contract_answers.accept(session, nova.cara, version_id, digest=digest, now=now)
        bare = NewPost(Words("A reel.", networks=("tiktok",)), now + timedelta(days=2))
        posts.create(session, ana, nova.id, bare, now=now)
    return terms


def test_an_address_leads_to_its_part_of_the_page(running: Server, visit: Visit, nova: Nova):
    page = visit(running, nova.page + "#agreement", running.world.ana)
    expect(page.locator("#agreement h3")).to_be_in_viewport()
    expect(page.get_by_role("heading", name=nova.name)).not_to_be_in_viewport()


@pytest.mark.usefixtures("agreed")
def test_both_sides_read_what_is_due_beside_the_meter(running: Server, visit: Visit, nova: Nova):
    material = "1 post still needs a picture or a video"
    page = visit(running, nova.page, running.world.ana)
    due = page.locator("#agreement .agreement-due")
    expect(due.filter(has_text=material)).to_have_count(1)
    theirs = visit(running, "/review/", nova.cara, phone=True)
    expect(theirs.locator(".review-agreement .agreement-due", has_text=material)).to_be_visible()


@pytest.mark.usefixtures("agreed")
def test_times_and_rounds_that_differ_from_what_was_agreed_say_so(
    running: Server, visit: Visit, nova: Nova
):
    page = visit(running, nova.page, running.world.ana)
    hours, rounds = page.locator("#agreed-response_hours"), page.locator("#agreed-rounds_included")
    expect(hours).to_have_text("Agreed: 24 working hours (version 1)")
    expect(rounds).to_have_text("Agreed: 3 rounds (version 1)")
    times = page.locator("#working form.terms")
    times.locator("[name=response_hours]").fill("8")
    times.get_by_role("button", name="Save").click()
    said = page.get_by_text("Saved. It is not what was agreed (version 1).")
    expect(said).to_be_visible()
    expect(hours).to_have_text("Agreed otherwise: 24 working hours (version 1)")
    expect(times.locator("[name=response_hours]")).to_have_value("8")
    basics = page.locator("#channels form").filter(has=page.locator("[name=rounds]"))
    basics.locator("[name=rounds]").fill("5")
    basics.get_by_role("button", name="Save").click()
    expect(rounds).to_have_text("Agreed otherwise: 3 rounds (version 1)")
    rounds.get_by_role("link").click()
    expect(page.locator("#agreement h3")).to_be_in_viewport()


def test_whoever_is_second_hears_that_one_is_open(running: Server, visit: Visit, nova: Nova):
    page = visit(running, nova.page, running.world.ana)
    ours = page.locator("#agreement")
    begin = ours.get_by_role("button", name="Begin with “A month on trial”")
    begin.wait_for()
    # Both press before either page knows of the other's.
    begin.evaluate("(button) => { button.click(); button.click(); }")
    expect(ours.locator("[data-agreement=draft]")).to_have_count(1)
    expect(ours.locator("[role=alert]")).to_have_text(
        "One version is being written or waits for the client. Finish that one first."
    )


def test_what_an_offer_lacks_is_asked_for_where_it_is_written_and_a_draft_may_go(
    running: Server, visit: Visit, nova: Nova
):
    page = visit(running, nova.page, running.world.ana)
    ours = page.locator("#agreement")
    ours.get_by_role("button", name="Begin with “One campaign”").click()
    ours.get_by_role("button", name="Close").click()
    ours.get_by_role("button", name="Offer to the client").click()
    expect(at_field(ours, "starts_on")).to_have_text("Say on which day it starts.")
    expect(ours.locator("[name=starts_on]")).to_be_focused()
    ours.get_by_role("button", name="Close").click()
    # It is asked first, for nobody brings it back.
    ours.get_by_role("button", name="Discard…").click()
    page.get_by_role("dialog").get_by_role("button", name="Back").click()
    expect(ours.locator("[data-agreement=draft]")).to_have_count(1)
    ours.get_by_role("button", name="Discard…").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard it").click()
    expect(ours.locator("[data-agreement=draft]")).to_have_count(0)
    expect(ours.get_by_role("button", name="Begin with “One campaign”")).to_be_visible()


def test_the_plan_of_action_sees_what_is_brought_in_and_says_where_to_begin(
    running: Server, visit: Visit, nova: Nova
):
    page = visit(running, nova.page, running.world.ana)
    plan = page.locator("#launch")
    team = plan.locator("[data-need=team]")
    expect(team).to_have_attribute("data-done", "false")
    team.get_by_role("button", name="Add to the team").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Nils")
    dialog.get_by_label("E-mail").fill(f"{uuid4().hex[:8]}@agency.example")
    dialog.get_by_label("Role").select_option("account_manager")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(team).to_have_attribute("data-done", "true")
    plan.get_by_role("link", name="Add an account").click()
    expect(page.get_by_label("Account’s name")).to_be_in_viewport()
    parts = page.get_by_role("navigation", name="Parts of this page")
    parts.get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", name="Team", exact=True)).to_be_in_viewport()
    # It is the same client, and not the first of the list.
    expect(page.get_by_role("heading", name=nova.name)).to_have_count(1)
    expect(page).to_have_url(re.compile(f"client={nova.key}"))


@pytest.mark.parametrize("gate", [Gate.HARD, Gate.SOFT])
def test_the_first_post_is_kept_back_until_the_plan_of_action_lets_it(
    running: Server, visit: Visit, nova: Nova, gate: Gate
):
    with running.database.write() as session:
        now = datetime.now(UTC)
        lines = ("Logo is here",)
        launches.change(session, running.world.ana, nova.id, gate, lines, version=0, now=now)
    post = visit(running, f"/post/?key={key_of(running, ready(running, nova))}", running.world.ana)
    first = PostPage(post)
    first.step("Send to client")
    first.toast("the plan of action lacks")
    page = visit(running, nova.page, running.world.ana)
    plan = page.locator("#launch")
    plan.get_by_role("checkbox", name="Logo is here").click()
    expect(plan.locator("summary", has_text="done")).to_be_visible()
    if gate is Gate.HARD:
        expect(plan).to_contain_text("The first post is kept back until all of it is there.")
        return
    plan.locator("summary", has_text="Let the first post go out without it").click()
    plan.locator("[name=why_without]").fill("The fair opens today.")
    plan.get_by_role("button", name="Let it go out").click()
    expect(plan).to_contain_text("Ana let the first post go out without it: The fair opens today.")
    first.step("Send to client")
    first.state("Client review")


def test_the_plan_of_action_is_taken_along_as_a_file(running: Server, visit: Visit, nova: Nova):
    page = visit(running, nova.page, running.world.ana)
    plan = page.locator("#launch")
    plan.locator(".more-menu summary").click()
    with page.expect_download() as kept:
        plan.get_by_role("link", name="As Markdown").click()
    written = Path(kept.value.path()).read_text()
    assert nova.name in written
