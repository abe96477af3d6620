"""The plan of the days, dragged, typed, shared and seen by others."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from postboard.domain.content import Words
from postboard.domain.ideas import NewIdea
from postboard.domain.workflow import Action, State
from postboard.services import clients, ideas, posting_days, posts
from postboard.services.clients import NewClient
from postboard.services.posts import NewPost
from tests import world
from tests.browser.board import box
from tests.browser.calendar import CalendarPage
from tests.browser.server import Server

Visit = Callable[..., Page]
BERLIN = ZoneInfo("Europe/Berlin")


def wednesday(weeks: int) -> date:
    """So many weeks ahead, so that its neighbours are in the same row of the month."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=2)


def at(day: date, clock: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def new_draft(server: Server, caption: str, when: datetime, client: UUID | None = None) -> UUID:
    words = Words(caption=caption, networks=("x",))
    with server.database.write() as session:
        return posts.create(
            session,
            server.world.ana,
            client or server.world.acme.id,
            NewPost(words, when),
            now=datetime.now(UTC),
        )


def planned(server: Server, post_id: UUID) -> datetime | None:
    return world.found(server.database, server.world.ana, post_id).planned_at


def open_month(visit: Visit, server: Server, day: date, actor=None, query: str = "", **how):
    path = f"/calendar/?view=month&date={day}{query}"
    return CalendarPage(visit(server, path, actor or server.world.ana, **how))


def test_a_drag_moves_the_post_to_another_day_at_the_same_hour(running: Server, visit: Visit):
    day = wednesday(3)
    post_id = new_draft(running, "Dragged by a day", at(day, "14:30"))
    calendar = open_month(visit, running, day)
    calendar.drag(post_id, day + timedelta(days=1))
    expect(calendar.on(day + timedelta(days=1), post_id)).to_be_visible()
    expect(calendar.page.locator(".undo-bar")).to_contain_text("was moved")
    assert planned(running, post_id) == at(day + timedelta(days=1), "14:30")
    calendar.page.locator(".undo-bar").get_by_role("button", name="Undo").click()
    expect(calendar.on(day, post_id)).to_be_visible()
    expect(calendar.post(post_id).locator("[data-unanswered]")).to_have_count(0)
    assert planned(running, post_id) == at(day, "14:30")


def test_a_post_let_go_beside_the_days_stays_where_it_was(running: Server, visit: Visit):
    day = wednesday(3)
    post_id = new_draft(running, "Dragged astray", at(day, "09:15"))
    calendar = open_month(visit, running, day)
    start, over = box(calendar.post(post_id)), box(calendar.day(day + timedelta(days=1)))
    mouse = calendar.page.mouse
    mouse.move(start["x"] + 30, start["y"] + 8)
    mouse.down()
    mouse.move(over["x"] + 40, over["y"] + 40, steps=6)
    mouse.move(over["x"] + 40, 12, steps=6)
    mouse.up()
    calendar.page.wait_for_timeout(600)
    expect(calendar.on(day, post_id)).to_be_visible()
    expect(calendar.page.locator(".undo-bar")).to_have_count(0)
    assert planned(running, post_id) == at(day, "09:15")


def test_a_move_appears_on_another_calendar_by_itself(running: Server, visit: Visit):
    day = wednesday(4)
    post_id = new_draft(running, "Seen by others", at(day, "11:00"))
    mine = open_month(visit, running, day)
    theirs = open_month(visit, running, day, running.world.ben)
    mine.drag(post_id, day - timedelta(days=1))
    expect(theirs.on(day - timedelta(days=1), post_id)).to_be_visible()
    later = new_draft(running, "And a new one", at(day, "12:00"))
    expect(theirs.on(day, later)).to_be_visible()


def test_a_refused_move_goes_back_with_its_reason(running: Server, visit: Visit):
    day = wednesday(5)
    post_id = new_draft(running, "Not yours to plan", at(day, "11:00"))
    calendar = open_month(visit, running, day, running.world.ben)
    calendar.drag(post_id, day + timedelta(days=1))
    assert calendar.toast() == "Your role does not allow this."
    expect(calendar.on(day, post_id)).to_be_visible()
    assert planned(running, post_id) == at(day, "11:00")


def test_a_scheduled_post_goes_into_no_past(running: Server, visit: Visit):
    post_id = running.world.borealis.posts[State.SCHEDULED]
    before = planned(running, post_id)
    assert before
    path = f"/calendar/?date={before.date()}&state=scheduled"
    calendar = CalendarPage(visit(running, path, running.world.ana))
    calendar.post(post_id).focus()
    calendar.page.keyboard.press("Enter")
    dialog = calendar.page.locator("dialog")
    dialog.get_by_label("Date").fill((before - timedelta(days=30)).date().isoformat())
    dialog.get_by_role("button", name="Move").click()
    assert "time has passed" in calendar.toast()
    expect(calendar.post(post_id)).to_be_visible()
    assert planned(running, post_id) == before


def test_the_keyboard_moves_a_post_to_the_next_free_posting_time(running: Server, visit: Visit):
    day = wednesday(6)
    post_id = new_draft(running, "By keyboard", at(day, "11:00"))
    calendar = open_month(visit, running, day)
    calendar.post(post_id).focus()
    calendar.page.keyboard.press("Enter")
    dialog = calendar.page.locator("dialog")
    expect(dialog).to_contain_text("By keyboard")
    dialog.get_by_label("Date").fill((day + timedelta(days=2)).isoformat())
    dialog.get_by_label("Time").fill("16:45")
    calendar.page.keyboard.press("Enter")
    expect(calendar.on(day + timedelta(days=2), post_id)).to_be_visible()
    expect(calendar.page.locator(".undo-bar")).to_be_visible()
    assert planned(running, post_id) == at(day + timedelta(days=2), "16:45")
    calendar.post(post_id).focus()
    calendar.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Next free posting time").click()
    expect(dialog.get_by_label("Time")).to_have_value("10:00")
    dialog.get_by_role("button", name="Move").click()
    expect(dialog).to_have_count(0)


def test_a_link_shares_view_day_and_filters(running: Server, visit: Visit):
    day = wednesday(7)
    acme = new_draft(running, "Of Acme", at(day, "11:00"))
    other = new_draft(running, "Of Borealis", at(day, "11:00"), running.world.borealis.id)
    calendar = open_month(visit, running, day)
    expect(calendar.post(other)).to_be_visible()
    calendar.page.get_by_label("Client", exact=True).select_option("ACME")
    expect(calendar.post(other)).to_have_count(0)
    calendar.page.keyboard.press("Escape")
    calendar.page.locator("h1").click()
    calendar.page.keyboard.press("w")
    expect(calendar.post(acme)).to_be_visible()
    calendar.page.keyboard.press("j")
    expect(calendar.post(acme)).to_have_count(0)
    calendar.page.keyboard.press("k")
    expect(calendar.post(acme)).to_be_visible()
    shared = calendar.page.url.removeprefix(running.url)
    theirs = CalendarPage(visit(running, shared, running.world.cora))
    expect(theirs.post(acme)).to_be_visible()
    expect(theirs.page.get_by_label("Client", exact=True)).to_have_value("ACME")
    expect(theirs.page.get_by_role("button", name="Week", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_around_midnight_each_clock_shows_its_own_day(running: Server, visit: Visit):
    tokyo = ZoneInfo("Asia/Tokyo")
    with running.database.write() as session:
        new = NewClient("Sakura", "Asia/Tokyo")
        client_id = clients.add_client(session, running.world.ana, new, now=datetime.now(UTC))
    day = wednesday(3)
    post_id = new_draft(running, "Past midnight", at(day, "00:15", tokyo), client_id)
    path = f"/calendar/?view=week&date={day}&client=SAKU"
    page = visit(running, path, running.world.ana, zone="America/New_York")
    calendar = CalendarPage(page)
    expect(calendar.on(day, post_id)).to_contain_text("00:15")
    calendar.post(post_id).click()
    expect(page.locator("dialog .cal-times")).to_contain_text("on your clock")
    page.keyboard.press("Escape")
    page.get_by_label("Clock", exact=True).select_option("mine")
    own = at(day, "00:15", tokyo).astimezone(ZoneInfo("America/New_York"))
    expect(calendar.on(own.date(), post_id)).to_contain_text(f"{own:%H:%M}")
    page.get_by_role("button", name="Month", exact=True).click()
    calendar.drag(post_id, day)
    expect(calendar.on(day, post_id)).to_be_visible()
    expect(page.locator(".undo-bar")).to_be_visible()
    assert planned(running, post_id) == at(day + timedelta(days=1), "00:15", tokyo)


def test_a_day_says_that_it_is_closed_and_a_move_there_is_warned_of(running: Server, visit: Visit):
    day = wednesday(9)
    post_id = new_draft(running, "Onto a closed day", at(day, "11:00"))
    closed = day + timedelta(days=1)
    with running.database.write() as session:
        posting_days.black_out(
            session,
            running.world.ana,
            running.world.acme.id,
            closed,
            closed,
            "Stocktaking",
            now=datetime.now(UTC),
        )
    calendar = open_month(visit, running, day, query="&client=ACME")
    expect(calendar.day(closed)).to_contain_text("Closed: Stocktaking")
    expect(calendar.day(day - timedelta(days=1))).to_contain_text("No post yet")
    calendar.drag(post_id, closed)
    assert "Stocktaking" in calendar.toast()
    expect(calendar.on(closed, post_id)).to_be_visible()


def test_a_click_on_a_day_makes_a_post_there(running: Server, visit: Visit):
    day = wednesday(10)
    calendar = open_month(visit, running, day, query="&client=ACME")
    calendar.day(day).click(position={"x": 60, "y": 70})
    dialog = calendar.page.locator("dialog")
    expect(dialog.get_by_label("Time")).to_have_value("10:00")
    dialog.get_by_label("Words").fill("Made on this very day")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(calendar.day(day)).to_contain_text("Made on this very day")


def test_an_idea_is_dragged_onto_a_day_or_given_one_by_its_button(running: Server, visit: Visit):
    day = wednesday(11)
    with running.database.write() as session:
        for text in ("The oven at night", "Ask the bakers"):
            ideas.add(
                session,
                running.world.cleo,
                running.world.acme.id,
                NewIdea(text),
                now=datetime.now(UTC),
            )
    calendar = open_month(visit, running, day, query="&client=ACME")
    page = calendar.page
    page.get_by_role("button", name="Ideas").click()
    idea = page.locator(".cal-idea", has_text="The oven at night")
    idea.get_by_role("button", name="Make a post on…").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Date").fill(day.isoformat())
    dialog.get_by_role("button", name="Make a post").click()
    expect(calendar.day(day)).to_contain_text("The oven at night")
    expect(idea).to_have_count(0)
    page.locator(".cal-idea", has_text="Ask the bakers").locator("p").hover()
    page.mouse.down()
    target = calendar.day(day + timedelta(days=1)).bounding_box()
    assert target
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=12)
    page.mouse.up()
    page.locator("dialog").get_by_role("button", name="Make a post").click()
    expect(calendar.day(day + timedelta(days=1))).to_contain_text("Ask the bakers")


def test_a_phone_shows_the_list_first_and_all_doors(running: Server, visit: Visit):
    day = datetime.now(UTC).date()
    post_id = new_draft(running, "On the phone", datetime.now(UTC) + timedelta(minutes=5))
    page = visit(running, "/calendar/", running.world.ana, phone=True)
    calendar = CalendarPage(page)
    expect(page.get_by_role("button", name="List", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(calendar.post(post_id)).to_be_visible()
    assert str(day.year) in page.locator(".cal-bar h2").inner_text()
    page.locator(".rail-more summary").click()
    page.locator(".rail-menu").get_by_text("Clients").click()
    page.wait_for_url("**/clients/**")


def test_a_step_of_somebody_else_shows_in_the_posts_colour(running: Server, visit: Visit):
    day = wednesday(12)
    post_id = new_draft(running, "Sent for review meanwhile", at(day, "11:00"))
    calendar = open_month(visit, running, day)
    calendar.post(post_id).focus()
    world.step(running.database, running.world.ana, post_id, Action.SUBMIT, now=datetime.now(UTC))
    expect(calendar.post(post_id).locator('[data-state="internal_review"]').first).to_be_visible()
    expect(calendar.post(post_id)).to_be_focused()


def test_news_that_comes_while_a_post_is_in_hand_takes_it_out_of_no_hand(
    running: Server, visit: Visit
):
    day = wednesday(13)
    post_id = new_draft(running, "In hand", at(day, "10:00"))
    other = new_draft(running, "Moves meanwhile", at(day, "12:00"))
    calendar = open_month(visit, running, day)
    start, over = box(calendar.post(post_id)), box(calendar.day(day + timedelta(days=1)))
    mouse = calendar.page.mouse
    mouse.move(start["x"] + 30, start["y"] + 8)
    mouse.down()
    mouse.move(over["x"] + 40, over["y"] + over["height"] - 12, steps=8)
    world.step(running.database, running.world.ana, other, Action.SUBMIT, now=datetime.now(UTC))
    expect(calendar.post(other).locator('[data-state="internal_review"]').first).to_be_visible()
    mouse.up()
    expect(calendar.page.locator(".undo-bar")).to_contain_text("was moved")
    expect(calendar.on(day + timedelta(days=1), post_id)).to_be_visible()
    expect(calendar.on(day, other)).to_be_visible()
    assert planned(running, post_id) == at(day + timedelta(days=1), "10:00")


def test_a_drag_down_the_week_by_two_hours_puts_it_two_hours_later(running: Server, visit: Visit):
    day = wednesday(14)
    post_id = new_draft(running, "Dragged by two hours", at(day, "10:15"))
    calendar = CalendarPage(visit(running, f"/calendar/?view=week&date={day}", running.world.ana))
    calendar.drag_down(post_id, 2 * calendar.hour())
    expect(calendar.page.locator(".undo-bar")).to_contain_text("was moved")
    expect(calendar.on(day, post_id)).to_contain_text("12:15")
    assert planned(running, post_id) == at(day, "12:15")
