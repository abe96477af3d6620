"""One post from the plan to the schedule, through the hands of everybody who touches it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from playwright.sync_api import FilePayload, Page, expect

from postboard.domain.workflow import Column
from tests.browser.board import BoardPage
from tests.browser.review import ReviewPage
from tests.browser.server import Server
from tests.browser.test_review import link_for, state_of

Visit = Callable[..., Page]


def test_a_post_goes_from_the_plan_to_the_schedule(mortal: Server, visit: Visit):
    cast = mortal.world
    page = visit(mortal, "/import/?client=ACME", cast.ana)
    page.locator("input[type=file]").set_input_files(plan_for_next_week())
    page.get_by_role("button", name="Import 1 post").click()
    page.get_by_role("link", name="Open the board").click()
    page.wait_for_url("**/board/?client=ACME**")
    board = BoardPage(page)
    imported = page.locator(".card[data-post]", has_text="Tea at four")
    post_id = UUID(str(imported.get_attribute("data-post")))
    expect(board.card_in(Column.DRAFT, post_id)).to_be_visible()

    board.drag(post_id, Column.IN_PRODUCTION)
    page.locator("dialog select").select_option(label="Ben")
    page.locator("dialog").get_by_role("button", name="Assign").click()
    arrives(board, Column.IN_PRODUCTION, post_id)

    bens = BoardPage(visit(mortal, "/board/?client=ACME", cast.ben))
    bens.choose(post_id, "Submit for review")
    arrives(board, Column.INTERNAL_REVIEW, post_id)

    board.choose(post_id, "Approve")
    arrives(board, Column.READY_FOR_CLIENT, post_id)
    board.choose(post_id, "Send to client")
    arrives(board, Column.CLIENT_REVIEW, post_id)

    review = ReviewPage(visit(mortal, link_for(mortal, cast.cleo, cast.acme.id), phone=True))
    review.turn_to("Tea at four")
    review.request_changes("Copy", "At five, please.")
    expect(review.news).to_contain_text("Sent to Ana.")
    arrives(bens, Column.REWORK, post_id)

    bens.card(post_id).click()
    drawer = bens.page.locator("dialog.drawer")
    expect(drawer).to_contain_text("At five, please.")
    drawer.get_by_role("link", name="Open the post").click()
    bens.page.locator("[data-field=caption]").fill("Tea at five")
    bens.page.get_by_role("button", name="Submit for review").click()
    arrives(board, Column.INTERNAL_REVIEW, post_id)

    board.choose(post_id, "Approve")
    arrives(board, Column.READY_FOR_CLIENT, post_id)
    board.choose(post_id, "Send to client")
    arrives(board, Column.CLIENT_REVIEW, post_id)

    expect(review.page.locator(".deck-head p")).to_contain_text("of 3")
    review.turn_to("Tea at five")
    expect(review.post).to_contain_text("You asked")
    expect(review.post).to_contain_text("At five, please.")
    expect(review.post).to_contain_text(re.compile("Round 2 of"))
    review.approve()
    expect(review.news).to_contain_text("Approved.")
    arrives(board, Column.APPROVED, post_id)

    board.choose(post_id, "Schedule")
    arrives(board, Column.SCHEDULED, post_id)
    assert state_of(mortal, post_id) == "scheduled"


def arrives(board: BoardPage, column: Column, post_id: UUID) -> None:
    expect(board.card_in(column, post_id)).to_be_visible()
    expect(board.card(post_id)).not_to_have_attribute("data-unanswered", "")


def plan_for_next_week() -> FilePayload:
    day = datetime.now(UTC) + timedelta(days=7)
    plan = f"date,platform,caption\n{day:%Y-%m-%d} 15:00,LinkedIn,Tea at four\n"
    return {"name": "plan.csv", "mimeType": "text/csv", "buffer": plan.encode()}
