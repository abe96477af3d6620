import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, WebSocketRoute, expect

from postboard.domain.content import Words
from postboard.domain.workflow import Action, Column, State
from postboard.services import posts
from postboard.services.posts import NewPost
from tests import world
from tests.browser.board import BoardPage
from tests.browser.server import Server

Visit = Callable[..., Page]


def new_draft(server: Server, caption: str) -> UUID:
    with server.database.write() as session:
        return posts.create(
            session,
            server.world.ana,
            server.world.acme.id,
            NewPost(Words(caption=caption, networks=("x",))),
            now=datetime.now(UTC),
        )


def state_of(server: Server, post_id: UUID) -> State:
    return world.found(server.database, server.world.ana, post_id).state


def open_board(visit: Visit, server: Server, actor=None, query: str = "", **how) -> BoardPage:
    return BoardPage(visit(server, f"/board{query}", actor or server.world.ana, **how))


def forward_all_but_signals(browser: WebSocketRoute) -> None:
    """The board hears nothing of others."""
    server = browser.connect_to_server()

    def to_browser(message: str | bytes) -> None:
        if not str(message).startswith("42/live,"):
            browser.send(message)

    server.on_message(to_browser)


def test_a_drop_moves_the_card_and_the_post(running: Server, visit: Visit):
    post_id = new_draft(running, "Drag me to review")
    board = open_board(visit, running)
    before = board.counts()
    board.drag(post_id, Column.INTERNAL_REVIEW)
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    expect(board.card(post_id)).not_to_have_attribute("data-unanswered", "")
    assert state_of(running, post_id) is State.INTERNAL_REVIEW
    after = before | {
        "draft": before["draft"] - 1,
        "internal_review": before["internal_review"] + 1,
    }
    assert board.counts() == after
    board.page.reload()
    assert BoardPage(board.page).counts() == after


def test_a_move_appears_on_another_board_by_itself(running: Server, visit: Visit):
    post_id = new_draft(running, "Everybody sees it at once")
    mine, theirs = open_board(visit, running), open_board(visit, running, running.world.ben)
    mine.drag(post_id, Column.INTERNAL_REVIEW)
    expect(theirs.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    assert theirs.counts()["draft"] == int(
        theirs.column(Column.DRAFT).locator(".count").inner_text()
    )


def test_a_new_post_of_somebody_else_appears(running: Server, visit: Visit):
    board = open_board(visit, running, running.world.ben)
    post_id = new_draft(running, "Written by another process")
    expect(board.card_in(Column.DRAFT, post_id)).to_be_visible()


def test_a_column_without_a_step_takes_no_card_and_says_so(running: Server, visit: Visit):
    post_id = new_draft(running, "Not so fast")
    board = open_board(visit, running)
    board.carry(post_id, Column.APPROVED)
    expect(board.column(Column.APPROVED)).to_have_attribute("data-forbidden", "")
    expect(board.column(Column.APPROVED)).to_contain_text("No step leads here")
    board.page.mouse.up()
    expect(board.card_in(Column.DRAFT, post_id)).to_be_visible()
    assert state_of(running, post_id) is State.DRAFT


def test_a_card_that_changed_meanwhile_goes_back_with_a_reason(running: Server, visit: Visit):
    post_id = new_draft(running, "Two people at once")
    page = visit(running, "/words/zh-CN.json", running.world.ana)
    page.route_web_socket(re.compile("/_event"), forward_all_but_signals)
    page.goto(f"{running.url}/board")
    board = BoardPage(page)
    board.carry(post_id, Column.IN_PRODUCTION)
    now = datetime.now(UTC)
    world.step(running.database, running.world.ana, post_id, Action.SUBMIT, now=now)
    page.mouse.up()
    page.locator("dialog select").select_option(label="Ben")
    page.locator("dialog").get_by_role("button", name="Assign").click()
    assert "changed this meanwhile" in board.toast()
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    assert state_of(running, post_id) is State.INTERNAL_REVIEW


def test_the_keyboard_lifts_moves_and_drops(running: Server, visit: Visit):
    post_id = new_draft(running, "By keyboard")
    board = open_board(visit, running)
    board.card(post_id).focus()
    board.page.keyboard.press("Space")
    board.page.wait_for_timeout(150)
    for _ in range(2):
        board.page.keyboard.press("ArrowRight")
        board.page.wait_for_timeout(250)
    board.page.keyboard.press("Space")
    expect(board.card_in(Column.INTERNAL_REVIEW, post_id)).to_be_visible()
    expect(board.card(post_id)).not_to_have_attribute("data-unanswered", "")
    assert state_of(running, post_id) is State.INTERNAL_REVIEW


def test_the_menu_takes_a_step_and_asks_for_its_reason(running: Server, visit: Visit):
    post_id = new_draft(running, "Needs work")
    now = datetime.now(UTC)
    world.step(running.database, running.world.ana, post_id, Action.SUBMIT, now=now)
    board = open_board(visit, running, query="?text=Needs+work")
    board.choose(post_id, "Request changes")
    dialog = board.page.locator("dialog")
    dialog.get_by_role("button", name="Copy", exact=True).click()
    dialog.locator("textarea").fill("Shorter, please name the shop")
    dialog.get_by_role("button", name="Request changes").click()
    expect(board.card_in(Column.REWORK, post_id)).to_be_visible()
    expect(board.card(post_id)).not_to_have_attribute("data-unanswered", "")
    assert state_of(running, post_id) is State.INTERNAL_REWORK


def test_a_step_that_is_cancelled_in_its_dialog_changes_nothing(running: Server, visit: Visit):
    post_id = new_draft(running, "Who takes it")
    board = open_board(visit, running)
    board.drag(post_id, Column.IN_PRODUCTION)
    board.page.locator("dialog").get_by_role("button", name="Cancel").click()
    expect(board.card_in(Column.DRAFT, post_id)).to_be_visible()
    assert state_of(running, post_id) is State.DRAFT


def test_touch_moves_a_card(running: Server, visit: Visit):
    post_id = new_draft(running, "By thumb")
    board = open_board(visit, running, phone=True)
    card = board.card(post_id)
    card.scroll_into_view_if_needed()
    spot = card.bounding_box()
    assert spot
    x, y = spot["x"] + 60, spot["y"] + 40
    touch = board.page.context.new_cdp_session(board.page)

    def send(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", x, y)
    board.page.wait_for_timeout(300)
    for step in range(1, 9):
        send("touchMove", x, y + 20 * step)
        board.page.wait_for_timeout(30)
    send("touchEnd", x, y + 160)
    expect(card).not_to_have_attribute("data-unanswered", "")
    first = board.column(Column.DRAFT).locator(".card").first
    expect(first).not_to_have_attribute("data-post", post_id.hex)


def test_filters_live_in_the_address_and_can_be_shared(running: Server, visit: Visit):
    new_draft(running, "Sunflower seeds for the balcony")
    board = open_board(visit, running)
    board.page.locator("[data-search]").fill("sunflower")
    expect(board.page.locator(".card[data-post]")).to_have_count(1)
    expect(board.page).to_have_url(re.compile("text=sunflower"))
    shared = BoardPage(visit(running, board.page.url.removeprefix(running.url), running.world.ben))
    expect(shared.page.locator(".card[data-post]")).to_have_count(1)


def test_more_cards_come_while_scrolling(mortal: Server, visit: Visit):
    with mortal.database.write() as session:
        news = [NewPost(Words(caption=f"Post {n}")) for n in range(60)]
        posts.create_many(
            session, mortal.world.ana, mortal.world.acme.id, news, now=datetime.now(UTC)
        )
    board = open_board(visit, mortal)
    total = board.count(Column.DRAFT)
    column = board.column(Column.DRAFT)
    for _ in range(60):
        if column.locator(".card").count() == total:
            break
        column.locator(".column-cards").evaluate("(cards) => cards.scrollTo(0, cards.scrollHeight)")
        board.page.wait_for_timeout(200)
    ids = [card.get_attribute("data-post") for card in column.locator(".card").all()]
    assert len(ids) == len(set(ids)) == total


def test_a_post_is_read_beside_the_board_and_opened_from_there(running: Server, visit: Visit):
    post_id = new_draft(running, "First words")
    board = open_board(visit, running)
    board.card(post_id).click()
    drawer = board.page.locator("dialog.drawer")
    expect(drawer).to_contain_text("First words")
    expect(drawer).to_contain_text("Ana created the post")
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_have_count(0)
    board.card(post_id).focus()
    board.page.keyboard.press("e")
    board.page.wait_for_url("**/post/?key=ACME-*")
    board.page.locator("[data-field=caption]").fill("Second words")
    expect(board.page.locator(".save-line")).to_have_text("All saved")
    board.page.get_by_role("link", name="Board", exact=True).last.click()
    expect(BoardPage(board.page).card(post_id)).to_contain_text("Second words")


def test_a_post_is_added_from_the_board(running: Server, visit: Visit):
    board = open_board(visit, running)
    board.page.keyboard.press("c")
    dialog = board.page.locator("dialog")
    dialog.locator("select").select_option("ACME")
    dialog.locator("textarea").fill("Written in one breath")
    dialog.get_by_role("button", name="Add").click()
    expect(board.column(Column.DRAFT).locator(".card").first).to_contain_text(
        "Written in one breath"
    )


def test_a_refusal_is_read_in_front_of_its_dialog(running: Server, visit: Visit):
    board = open_board(visit, running)
    board.page.keyboard.press("c")
    dialog = board.page.locator("dialog")
    dialog.locator("[name=caption]").fill("   ")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.locator(".toast")).to_contain_text("words")
    dialog.get_by_role("button", name="Cancel").click()
    expect(board.page.locator(".toasts .toast")).to_be_visible()


def test_a_few_letters_lead_to_a_client_or_a_post(running: Server, visit: Visit):
    new_draft(running, "Harbour lights at dusk")
    board = open_board(visit, running)
    board.page.keyboard.press("Control+k")
    board.page.keyboard.type("harbour li")
    board.page.locator("[role=option]", has_text="Harbour lights").wait_for()
    board.page.keyboard.press("Enter")
    board.page.wait_for_url("**/post/?key=ACME-*")
    expect(board.page.locator("[data-field=caption]")).to_have_value("Harbour lights at dusk")
    board.page.keyboard.press("Control+k")
    board.page.keyboard.type("boreal")
    board.page.locator("[role=option]", has_text="BORE").first.wait_for()
    board.page.keyboard.press("Enter")
    board.page.wait_for_url("**/board/?client=BORE")


def test_a_question_mark_lists_the_keys(running: Server, visit: Visit):
    board = open_board(visit, running)
    board.page.keyboard.press("?")
    expect(board.page.locator("dialog .keys")).to_contain_text("Walk over the cards")
    board.page.keyboard.press("Escape")
    expect(board.page.locator("dialog")).to_have_count(0)
