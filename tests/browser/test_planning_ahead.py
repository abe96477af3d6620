"""Planning in bulk and ahead: many posts at once, posts that come again, campaigns, ideas."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Campaign, Pillar, Post
from postboard.domain.content import Words
from postboard.domain.workflow import State
from postboard.services import post_rows, posts
from postboard.services.posts import NewPost
from tests import world
from tests.browser.board import BoardPage
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server
from tests.browser.test_looks import violations

Visit = Callable[..., Page]


def new_drafts(server: Server, word: str, count: int = 3) -> list[UUID]:
    """For the same time of days from a week ahead on."""
    now = datetime.now(UTC).replace(microsecond=0)
    news = [
        NewPost(Words(f"{word} {n}", networks=("x",)), now + timedelta(days=7 + n))
        for n in range(count)
    ]
    with server.database.write() as session:
        return posts.create_many(session, server.world.ana, server.world.acme.id, news, now=now)


def planned(server: Server, ids: list[UUID]) -> list[datetime]:
    found = [world.found(server.database, server.world.ana, one).planned_at for one in ids]
    return [at for at in found if at]


def test_many_posts_move_by_the_keyboard_and_come_back(running: Server, visit: Visit) -> None:
    word = f"Poster{uuid4().hex[:6]}"
    ids = new_drafts(running, word)
    published = running.world.acme.posts[State.PUBLISHED]
    before = planned(running, ids)
    board = BoardPage(visit(running, "/board/", running.world.ana))
    board.card(published).focus()
    board.page.keyboard.press("x")
    board.page.locator("[data-search]").fill(word)
    expect(board.page.locator(".card[data-post]")).to_have_count(3)
    board.card(ids[0]).focus()
    board.page.keyboard.press("Shift+X")
    expect(board.page.locator(".selection")).to_contain_text("3 posts chosen")
    board.page.locator("[data-search]").fill("")
    expect(board.card(published)).to_be_visible()
    expect(board.page.locator(".selection")).to_contain_text("4 posts chosen")
    board.card(ids[0]).focus()
    board.page.keyboard.press("b")
    board.page.keyboard.press("Enter")
    dialog = board.page.locator("dialog")
    expect(dialog).to_contain_text("Move 4 posts")
    dialog.locator("[name=days]").fill("7")
    dialog.get_by_role("button", name="Move by days").click()
    note = board.page.locator(".bulk-note")
    expect(note).to_contain_text("3 posts changed")
    note.locator("summary").click()
    expect(note.locator("li")).to_have_text(re.compile(key_of(running, published)))
    assert [(at - old).days for at, old in zip(planned(running, ids), before, strict=True)] in (
        [7, 7, 7],
        [6, 7, 7],  # the clocks may change in these days
        [6, 6, 7],
        [6, 6, 6],
    )
    assert violations(board.page) == []
    expect(board.page.locator(".selection")).to_have_count(0)
    note.get_by_role("button", name="Undo").click()
    board.page.locator(".toast", has_text="3 posts are as they were").wait_for()
    assert planned(running, ids) == before
    expect(note).to_have_count(0)


def test_many_posts_leave_their_campaign_and_ctrl_z_takes_it_back(
    running: Server, visit: Visit
) -> None:
    word = f"Leaf{uuid4().hex[:6]}"
    ids = new_drafts(running, word, 2)
    acme, cora = running.world.acme, running.world.cora
    with running.database.write() as session:
        for one in ids:
            version = post_rows.find(session, cora, one).version
            posts.label(
                session, cora, one, acme.campaign_id, "Rye", version=version, now=datetime.now(UTC)
            )
    board = BoardPage(visit(running, f"/board/?text={word}", running.world.ana))
    board.card(ids[0]).hover()
    board.page.get_by_label("Choose all posts shown in Draft").check()
    board.page.locator(".selection").get_by_role("button", name="Label…").click()
    dialog = board.page.locator("dialog")
    dialog.locator("[name=campaign]").select_option(label="Out of their campaign")
    dialog.get_by_label("Take the pillar off").check()
    assert violations(board.page) == []
    dialog.get_by_role("button", name="Label them").click()
    note = board.page.locator(".bulk-note")
    expect(note).to_contain_text("2 posts changed")
    assert labels_of(running, ids) == [(None, None)] * 2
    # In a field the keys are the field's own.
    board.page.locator("[data-search]").press("Control+z")
    expect(note).to_be_visible()
    board.card(ids[0]).focus()
    board.page.keyboard.press("Control+z")
    board.page.locator(".toast", has_text="2 posts are as they were").wait_for()
    assert labels_of(running, ids) == [(acme.campaign_id, "Rye")] * 2


def labels_of(server: Server, ids: list[UUID]) -> list[tuple[UUID | None, str | None]]:
    with server.database.read() as session:
        rows = session.execute(
            select(col(Post.campaign_id), col(Pillar.name))
            .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
            .where(col(Post.id).in_(ids))
        )
        return [(campaign, pillar) for campaign, pillar in rows]


def test_escape_leaves_the_chosen_cards_and_what_takes_steps_asks_first(
    running: Server, visit: Visit
) -> None:
    word = f"Flyer{uuid4().hex[:6]}"
    ids = new_drafts(running, word, 2)
    board = BoardPage(visit(running, f"/board/?text={word}", running.world.ben))
    board.card(ids[0]).hover()
    board.page.get_by_label("Choose all posts shown in Draft").check()
    bar = board.page.locator(".selection")
    # A copywriter submits, and neither plans nor assigns nor sends.
    expect(bar.locator("button")).to_have_text(["Submit…", "Clear"])
    board.page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    board.page.get_by_label("Choose all posts shown in Draft").check()
    bar.get_by_role("button", name="Submit…").click()
    dialog = board.page.locator("dialog")
    dialog.get_by_role("button", name="Submit for review").click()
    board.page.locator(".toast", has_text="2 posts changed").wait_for()
    states = {world.found(running.database, running.world.ana, one).state for one in ids}
    assert states == {State.INTERNAL_REVIEW}


def test_a_post_comes_again_on_the_dates_that_are_ticked(running: Server, visit: Visit) -> None:
    word = f"Jingle{uuid4().hex[:6]}"
    post_id = new_drafts(running, word, 1)[0]
    page = visit(running, f"/post/?key={key_of(running, post_id)}", running.world.ana)
    post = PostPage(page)
    page.get_by_role("button", name="Repeat…").click()
    dates = post.dialog.locator(".again-dates li")
    expect(dates).to_have_count(8)
    post.dialog.locator("[name=times]").fill("4")
    expect(dates).to_have_count(4)
    post.dialog.locator("[name=every]").select_option("month_weekday")
    expect(dates.first).to_contain_text("this post")
    dates.nth(2).locator("input").uncheck()
    assert violations(page) == []
    post.dialog.get_by_role("button", name="Make the ticked drafts").click()
    post.toast("Made 2 drafts.")
    board = visit(running, f"/board/?text={word}", running.world.ana)
    expect(board.locator(".card[data-post]")).to_have_count(3)


def test_a_post_is_copied_and_finds_its_next_free_time(running: Server, visit: Visit) -> None:
    word = f"Echo{uuid4().hex[:6]}"
    post_id = new_drafts(running, word, 1)[0]
    key = key_of(running, post_id)
    page = visit(running, f"/post/?key={key}", running.world.ana)
    PostPage(page)
    page.get_by_role("button", name="Copy the post").click()
    page.wait_for_url(lambda url: "/post/?key=ACME-" in url and not url.endswith(key))
    copy = PostPage(page)
    expect(copy.field("caption")).to_have_value(f"{word} 0")
    field = page.locator("[data-field=planned_at]")
    expect(field).to_have_value("")
    page.get_by_role("button", name="Next free posting time").click()
    expect(field).to_have_value(re.compile("T10:00$"))


def test_posting_times_of_a_client_are_changed_in_a_dialog(running: Server, visit: Visit) -> None:
    page = visit(running, "/clients/?client=BORE", running.world.ana)
    page.get_by_role("button", name="Change posting times").click()
    dialog = page.locator("dialog")
    expect(dialog.locator("[name=day_0]")).to_have_value("10:00")
    dialog.locator("[name=day_0]").fill("10:00, 25:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".problem")).to_contain_text("9:00, 18:30")
    dialog.locator("[name=day_0]").fill("18:30 9:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Change posting times").click()
    expect(dialog.locator("[name=day_0]")).to_have_value("09:00, 18:30")
    dialog.locator("[name=first_day]").fill("2027-08-02")
    dialog.locator("[name=last_day]").fill("2027-08-06")
    dialog.locator("[name=name]").fill("Works holiday")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.locator(".lines li")).to_contain_text("Works holiday")


def test_a_campaign_says_what_is_missing_and_is_copied(running: Server, visit: Visit) -> None:
    name = f"Harvest {uuid4().hex[:6]}"
    page = visit(running, "/campaigns/?client=ACME", running.world.ana)
    page.get_by_role("button", name="New campaign").first.click()
    dialog = page.locator("dialog")
    dialog.locator("[name=name]").fill(name)
    dialog.locator("[name=starts_on]").fill("2027-09-01")
    dialog.locator("[name=ends_on]").fill("2027-08-01")
    dialog.locator("[name=goal]").fill("Everybody knows the new bread.")
    dialog.locator("[name=wanted]").fill("10")
    dialog.locator("[name=share_instagram]").fill("40")
    dialog.locator("[name=share_x]").fill("70")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".problem")).to_contain_text("ends before it starts")
    dialog.locator("[name=ends_on]").fill("2027-09-30")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".problem")).to_contain_text("add up to 110 %")
    dialog.locator("[name=share_x]").fill("60")
    dialog.get_by_role("button", name="Save").click()
    card = page.locator(".campaign", has_text=name)
    expect(card).to_contain_text("0 of 10 posts planned")
    expect(card).to_contain_text("4 more on Instagram for the 40 % you set")
    post_id = new_drafts(running, "Bread", 1)[0]
    with running.database.write() as session:
        campaign = session.execute(
            select(col(Campaign.id)).where(col(Campaign.name) == name)
        ).scalar_one()
        posts.label(
            session, running.world.ana, post_id, campaign, "", version=1, now=datetime.now(UTC)
        )
    page.reload()
    expect(card).to_contain_text("1 of 10 posts planned")
    expect(card).to_contain_text("5 more on X for the 60 % you set")
    assert violations(page) == []
    card.get_by_role("button", name="Copy").click()
    dialog.locator("[name=name]").fill(f"{name} again")
    dialog.get_by_role("button", name="Copy the campaign").click()
    page.locator(".toast", has_text="Made one draft.").wait_for()
    again = page.locator(".campaign", has_text=f"{name} again")
    expect(again).to_contain_text("1 of 10 posts planned")
    again.get_by_role("link", name="Show").click()
    page.wait_for_url("**/board/?client=ACME&campaign=**")
    expect(page.locator(".card[data-post]")).to_have_count(1)


def test_ideas_of_both_sides_gather_votes_until_one_becomes_a_post(
    running: Server, visit: Visit
) -> None:
    word = f"Oven{uuid4().hex[:6]}"
    page = visit(running, "/ideas/", running.world.ana)
    for text, shared in ((f"{word} for both", True), (f"{word} for us", False)):
        page.get_by_role("button", name="Add an idea").click()
        dialog = page.locator("dialog")
        dialog.locator("[name=client]").select_option(label="Acme")
        dialog.locator("[name=idea]").fill(text)
        dialog.locator("[name=shared]").set_checked(shared)
        dialog.get_by_role("button", name="Add the idea").click()
        expect(dialog).to_have_count(0)
    lines = page.locator(".ideas-list li", has_text=word)
    expect(lines).to_have_count(2)
    theirs = visit(running, "/review/", running.world.cleo, phone=True)
    theirs.get_by_role("button", name="Plan").or_(theirs.get_by_role("tab", name="Plan")).or_(
        theirs.get_by_role("link", name="Plan")
    ).first.click()
    expect(theirs.locator(".review-ideas li", has_text=word)).to_have_count(1)
    vote = theirs.locator(".review-ideas li", has_text=word).locator(".vote")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("1")
    page.reload()
    expect(lines.first).to_contain_text(f"{word} for both")
    both = lines.first.locator(".vote")
    both.click()
    expect(both).to_contain_text("2")
    both.click()
    expect(both).to_contain_text("1")
    assert violations(page) == []
    lines.first.get_by_role("button", name="Make").click()
    day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    page.locator("dialog [name=day]").fill(day)
    page.locator("dialog").get_by_role("button", name="Make it a post").click()
    expect(lines).to_have_count(1)
    with running.database.read() as session:
        newest = select(col(Post.planned_at)).order_by(col(Post.created_at).desc()).limit(1)
        at = session.execute(newest).scalar_one()
    assert at is not None
    assert at.date().isoformat() == day
