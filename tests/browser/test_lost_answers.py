"""A move whose answer never comes: the server is killed before, during and after it."""

import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, WebSocketRoute, expect
from sqlalchemy import func, select
from sqlmodel import col

from postboard.db.models import Event
from postboard.domain.workflow import Column, State
from tests.browser.board import BoardPage
from tests.browser.server import Server
from tests.browser.test_board import new_draft, state_of

Visit = Callable[..., Page]
Intercept = Callable[[WebSocketRoute], None]


def open_through(visit: Visit, server: Server, intercept: Intercept) -> BoardPage:
    """The board over a connection that the test may cut."""
    page = visit(server, "/words/zh-CN.json", server.world.ana)
    page.route_web_socket(re.compile("/_event"), intercept)
    page.goto(f"{server.url}/board")
    return BoardPage(page)


def forward(browser: WebSocketRoute) -> None:
    browser.connect_to_server()


def killer_on_the_way_there(server: Server) -> Intercept:
    """Passes the move on and kills the server in the same breath."""
    kept = {"moved": False}

    def intercept(browser: WebSocketRoute) -> None:
        onward = browser.connect_to_server()

        def to_server(message: str | bytes) -> None:
            onward.send(message)
            if "board_state.move" in str(message) and not kept["moved"]:
                kept["moved"] = True
                server.kill()

        browser.on_message(to_server)

    return intercept


def killer_on_the_way_back(server: Server) -> Intercept:
    """Keeps the answer and the signal of the move, and kills the server then."""
    kept = {"moved": False}

    def intercept(browser: WebSocketRoute) -> None:
        onward = browser.connect_to_server()

        def to_browser(message: str | bytes) -> None:
            text = str(message)
            answers = re.search(r'"answered\\":\\"\w', text)
            if server.lives > 1 or not (answers or text.startswith("42/live,")):
                browser.send(message)
            elif not kept["moved"]:
                kept["moved"] = True
                server.kill()

        onward.on_message(to_browser)

    return intercept


def expect_death(page: Page, server: Server) -> None:
    """The line is watched only while the page is waited for."""
    for _ in range(200):
        if not server.alive:
            return
        page.wait_for_timeout(50)
    raise TimeoutError


def submits_of(server: Server, post_id: UUID) -> int:
    with server.database.read() as session:
        return session.execute(
            select(func.count()).where(
                col(Event.stream_id) == post_id, col(Event.kind) == "post.submit"
            )
        ).scalar_one()


def assert_moved_once(server: Server, board: BoardPage, post_id: UUID) -> None:
    expect(board.card(post_id)).to_have_count(1)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    expect(board.card(post_id)).not_to_have_attribute("data-unanswered", "", timeout=20_000)
    assert state_of(server, post_id) is State.INTERNAL_REVIEW
    assert submits_of(server, post_id) == 1
    board.page.reload()
    board = BoardPage(board.page)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    assert board.count(Column.INTERNAL_REVIEW) == 3


def test_killed_before_the_move(mortal: Server, visit: Visit):
    post_id = new_draft(mortal, "Nobody is listening")
    board = open_through(visit, mortal, forward)
    mortal.kill()
    board.drag(post_id, Column.INTERNAL_REVIEW)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_contain_text("Waiting for the server")
    assert state_of(mortal, post_id) is State.DRAFT
    mortal.start()
    assert_moved_once(mortal, board, post_id)


def test_killed_while_the_move_is_carried_out(mortal: Server, visit: Visit):
    post_id = new_draft(mortal, "The power fails")
    board = open_through(visit, mortal, killer_on_the_way_there(mortal))
    board.drag(post_id, Column.INTERNAL_REVIEW)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    expect_death(board.page, mortal)
    mortal.start()
    assert_moved_once(mortal, board, post_id)


def test_killed_after_the_move_before_its_answer(mortal: Server, visit: Visit):
    post_id = new_draft(mortal, "The line is cut")
    board = open_through(visit, mortal, killer_on_the_way_back(mortal))
    board.drag(post_id, Column.INTERNAL_REVIEW)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_contain_text("Waiting for the server")
    assert state_of(mortal, post_id) is State.INTERNAL_REVIEW
    expect_death(board.page, mortal)
    mortal.start()
    assert_moved_once(mortal, board, post_id)


def test_a_reload_keeps_the_move_that_waits(mortal: Server, visit: Visit):
    post_id = new_draft(mortal, "Impatient")
    board = open_through(visit, mortal, forward)
    mortal.kill()
    board.drag(post_id, Column.INTERNAL_REVIEW)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    mortal.start()
    board.page.reload()
    assert_moved_once(mortal, BoardPage(board.page), post_id)


def test_a_board_hears_others_again_after_the_server_was_away(mortal: Server, visit: Visit):
    board = open_through(visit, mortal, forward)
    mortal.kill()
    board.page.wait_for_timeout(600)
    mortal.start()
    post_id = new_draft(mortal, "Good to have you back")
    expect(board.card(post_id)).to_be_visible(timeout=20_000)
