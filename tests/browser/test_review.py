from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlmodel import col

from postboard.db.models import Comment, Event, Person
from postboard.db.queries import post_page
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, Column, State
from postboard.services import chains, post_rows, posts, sign_in_links
from postboard.services.chains import Scope
from tests import world
from tests.browser.board import BoardPage
from tests.browser.review import ReviewPage
from tests.browser.server import Server
from tests.browser.test_board import state_of

Visit = Callable[..., Page]


def waiting_post(server: Server, what: str) -> tuple[UUID, str]:
    """A post of Acme in client review, and words that no other post has."""
    caption = f"{what} {uuid4().hex[:8]}"
    cast = server.world
    post_id = world.bring_to(
        server.database,
        cast.acme.id,
        State.CLIENT_REVIEW,
        staff=cast.ana,
        reviewer=cast.cleo,
        holder=cast.ben,
        words=Words(caption=caption, networks=("facebook",)),
        now=datetime.now(UTC),
    )
    return post_id, caption


def link_for(server: Server, person: Actor, client_id: UUID) -> str:
    assert person.user_id
    with server.database.write() as session:
        token = sign_in_links.make(
            session,
            person.user_id,
            now=datetime.now(UTC),
            client_id=client_id,
            single_use=False,
        )
    return f"/link/{token}"


def open_review(visit: Visit, server: Server, actor: Actor, words: str) -> ReviewPage:
    review = ReviewPage(visit(server, "/review/", actor, phone=True))
    review.turn_to(words)
    return review


def events_of(server: Server, post_id: UUID, kind: str) -> int:
    with server.database.read() as session:
        return session.execute(
            select(func.count()).where(col(Event.stream_id) == post_id, col(Event.kind) == kind)
        ).scalar_one()


def test_a_link_opens_the_review_and_an_approval_shows_on_the_board_at_once(
    running: Server, visit: Visit
):
    post_id, words = waiting_post(running, "Approved by thumb")
    board = BoardPage(visit(running, "/board", running.world.ana))
    expect(board.card_in(Column.CLIENT_REVIEW, post_id)).to_be_visible()
    link = link_for(running, running.world.cleo, running.world.acme.id)
    review = ReviewPage(visit(running, link, phone=True))
    review.turn_to(words)
    assert state_of(running, post_id) is State.CLIENT_REVIEW
    review.approve()
    expect(review.news).to_contain_text("Approved. Ana schedules it for")
    expect(board.card_in(Column.APPROVED, post_id)).to_be_visible()
    assert state_of(running, post_id) is State.APPROVED


def test_opening_a_link_again_and_again_decides_nothing(running: Server, visit: Visit):
    post_id, _ = waiting_post(running, "Scanned by a mail program")
    link = link_for(running, running.world.cleo, running.world.acme.id)
    page = visit(running, link, phone=True)
    for method in ("GET", "HEAD", "GET"):
        page.request.fetch(running.url + link, method=method)
    assert state_of(running, post_id) is State.CLIENT_REVIEW
    assert events_of(running, post_id, "post.approve") == 1


def test_mail_comes_in_the_language_of_who_reads_not_of_what_opens_the_link(
    mortal: Server, visit: Visit
):
    def language() -> str:
        with mortal.database.read() as session:
            return session.execute(
                select(col(Person.language)).where(col(Person.id) == mortal.world.cleo.user_id)
            ).scalar_one()

    link = link_for(mortal, mortal.world.cleo, mortal.world.acme.id)
    scanner = Request(mortal.url + link, headers={"Accept-Language": "zh-CN"})
    with urlopen(scanner) as answer:
        assert answer.status == 200
    assert language() == "en"
    ReviewPage(visit(mortal, link, phone=True, language="zh-CN"))
    assert language() == "zh-CN"


def test_a_client_sees_only_their_own_posts_in_states_meant_for_them(running: Server, visit: Visit):
    """The named world's words name their brand and their state."""
    page = visit(running, "/review/", running.world.cleo, phone=True)
    ReviewPage(page).turn_to("Acme secret of the client_review post")
    page.get_by_role("button", name="What is planned").tap()
    plan = page.locator("main section .review-plan")
    expect(plan).to_contain_text("Acme scheduled")
    shown = page.content()
    hidden = set(State) - CLIENT_SEES
    assert [state for state in hidden if f"Acme {state}" in shown] == []
    assert [state for state in hidden if f"Acme secret of the {state} post" in shown] == []
    assert "Borealis" not in shown


def test_the_reviewer_of_another_client_sees_nothing_of_it(running: Server, visit: Visit):
    link = link_for(running, running.world.dora, running.world.borealis.id)
    page = visit(running, link, phone=True)
    review = ReviewPage(page)
    expect(page.locator("h1")).to_have_text("Borealis")
    expect(review.post).to_contain_text("Borealis")
    page.get_by_role("button", name="What is planned").tap()
    expect(page.locator("main section .review-plan")).to_contain_text("Borealis")
    assert "Acme" not in page.content()


def test_a_request_needs_a_tag_and_words(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Too long")
    review = open_review(visit, running, running.world.cleo, words)
    review.button("Request changes").tap()
    sheet = review.page.locator("dialog.sheet")
    send = sheet.get_by_role("button", name="Send")
    send.tap()
    expect(sheet.get_by_role("alert")).to_contain_text("Choose at least one")
    sheet.get_by_role("button", name="Copy", exact=True).tap()
    send.tap()
    expect(sheet.get_by_role("alert")).to_contain_text("Say in a few words")
    assert state_of(running, post_id) is State.CLIENT_REVIEW
    sheet.locator("textarea").fill("Half of it, please.")
    send.tap()
    expect(review.news).to_contain_text("Sent to Ana.")
    assert state_of(running, post_id) is State.CLIENT_REWORK


def test_what_was_begun_stays_when_the_sheet_is_closed(running: Server, visit: Visit):
    _, words = waiting_post(running, "Interrupted by the phone")
    review = open_review(visit, running, running.world.cleo, words)
    review.button("Request changes").tap()
    review.page.locator("dialog.sheet textarea").fill("Second sentence")
    review.page.keyboard.press("Escape")
    expect(review.page.locator("dialog.sheet")).to_have_count(0)
    review.button("Request changes").tap()
    expect(review.page.locator("dialog.sheet textarea")).to_have_value("Second sentence")


def test_a_tap_that_comes_three_times_counts_once(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Nervous thumb")
    review = open_review(visit, running, running.world.cleo, words)
    review.button("Approve").evaluate(
        "button => { button.click(); button.click(); button.click() }"
    )
    expect(review.news).to_contain_text("Approved.")
    assert state_of(running, post_id) is State.APPROVED
    assert events_of(running, post_id, "post.approve") == 2  # the agency's own and this one


def test_the_previews_come_when_they_are_asked_for(running: Server, visit: Visit):
    _, words = waiting_post(running, "On each network")
    page = visit(running, "/review/", running.world.cleo, phone=True)
    loaded: list[str] = []
    review = ReviewPage(page)
    review.turn_to(words)
    page.on("request", lambda request: loaded.append(request.url))
    page.get_by_role("button", name="As it looks on each network").tap()
    preview = page.get_by_role("article", name="Facebook preview")
    expect(preview).to_contain_text(words)
    assert any("previews" in url for url in loaded)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_what_changed_since_the_last_round_is_under_one_tap(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Before")
    cast, now = running.world, datetime.now(UTC)
    world.step(running.database, cast.cleo, post_id, Action.REQUEST_CHANGES, now=now)
    with running.database.write() as session:
        version = post_rows.find(session, cast.ana, post_id).version
        text = Words(caption=f"{words} and after", networks=("facebook",))
        posts.edit(session, cast.ana, post_id, text, version=version, now=now)
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        world.step(running.database, cast.ana, post_id, action, now=now)
    review = open_review(visit, running, cast.cleo, f"{words} and after")
    review.post.locator("summary", has_text="What changed").tap()
    expect(review.post.locator(".review-changes ins")).to_contain_text("and after")


def test_a_request_points_at_the_picture(mortal: Server, visit: Visit):
    page = visit(mortal, "/review/", mortal.world.cleo, phone=True)
    review = ReviewPage(page)
    review.turn_to("Acme secret of the client_review post")
    review.button("Request changes").tap()
    sheet = review.sheet
    sheet.get_by_role("button", name="Image", exact=True).tap()
    sheet.locator("textarea").fill("See the spot.")
    sheet.locator("summary", has_text="Point at a picture").tap()
    target = sheet.get_by_role("button", name="Point at a spot of the picture")
    target.focus()
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("textbox", name="At spot 1")).to_be_focused()
    sheet.get_by_role("button", name="Send").tap()
    expect(sheet.get_by_role("alert")).to_contain_text("Say what to change at each spot")
    sheet.get_by_role("textbox", name="At spot 1").fill("Cut off here.")
    sheet.get_by_role("button", name="Send").tap()
    expect(review.news).to_contain_text("Sent to Ana.")
    with mortal.database.read() as session:
        said = session.execute(select(col(Comment.text), col(Comment.anchor))).one()
    assert (said.text, said.anchor["x"], said.anchor["y"]) == ("Cut off here.", 0.5, 0.5)


def test_staff_see_who_has_seen_it_as_it_happens(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Seen by Cleo")
    with running.database.read() as session:
        key = post_page.opened(session, running.world.ana, post_id, now=datetime.now(UTC)).facts.key
    staff = visit(running, f"/post/?key={key}", running.world.ana)
    staff.locator(".post-head").wait_for()
    expect(staff.locator(".post-seen")).to_have_count(0)
    open_review(visit, running, running.world.cleo, words)
    expect(staff.locator(".post-seen")).to_contain_text("Cleo saw it")


def test_an_approval_is_taken_back_by_thumb(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Approved too soon")
    review = open_review(visit, running, running.world.cleo, words)
    review.approve()
    expect(review.undo).to_contain_text("1 post approved")
    assert state_of(running, post_id) is State.APPROVED
    review.take_back()
    expect(review.news).to_contain_text("Taken back. It waits for you as before.")
    expect(review.post).to_contain_text(words)
    expect(review.undo).to_have_count(0)
    assert state_of(running, post_id) is State.CLIENT_REVIEW
    expect(review.post).to_contain_text("Round 1 of 3")
    review.approve()
    expect(review.news).to_contain_text("Approved.")
    assert state_of(running, post_id) is State.APPROVED


def test_the_way_back_outlives_a_reload(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Reloaded at once")
    review = open_review(visit, running, running.world.cleo, words)
    review.approve()
    expect(review.undo).to_contain_text("1 post approved")
    review.page.reload()
    review.take_back()
    expect(review.news).to_contain_text("Taken back. It waits for you as before.")
    expect(review.post).to_contain_text(words)
    assert state_of(running, post_id) is State.CLIENT_REVIEW


def test_two_reviewers_of_one_stage_both_have_to_say_yes(mortal: Server, visit: Visit):
    cast, now = mortal.world, datetime.now(UTC)
    mila = world.reviewer(mortal.database, cast, "Mila", now=now)
    stage = Stage(Side.CLIENT, "Brand", (key_of(cast.cleo), key_of(mila)), rule=Rule.ALL)
    with mortal.database.write() as session:
        stages = (Stage(Side.INTERNAL), stage)
        scope = Scope(cast.acme.id)
        chains.set_chain(session, cast.aron, scope, stages, version=0, reason="", now=now)
    post_id, words = waiting_post(mortal, "Both of you")
    review = open_review(visit, mortal, cast.cleo, words)
    milas = open_review(visit, mortal, mila, words)

    review.approve()
    expect(review.news).to_contain_text("Approved. Next it is with Mila.")
    expect(milas.post).to_contain_text("Cleo said yes")
    assert state_of(mortal, post_id) is State.CLIENT_REVIEW
    review.approve()
    expect(review.page.locator(".review-thanks")).to_contain_text(
        "1 post waits for others of your side before it goes out."
    )
    review.page.get_by_role("button", name="See 1 post that waits for others").tap()
    expect(review.page.locator(".deck-note")).to_have_text("Waits for Mila.")
    expect(review.page.locator(".deck-buttons")).to_have_count(0)

    milas.approve()
    expect(milas.news).to_contain_text("Approved. Ana schedules it for")
    assert state_of(mortal, post_id) is State.APPROVED


def test_the_team_sees_at_once_who_is_away_and_who_stands_in(mortal: Server, visit: Visit):
    cast, now = mortal.world, datetime.now(UTC)
    carl = world.reviewer(mortal.database, cast, "Carl", now=now)
    stage = Stage(Side.CLIENT, "Brand", (key_of(cast.cleo),), rule=Rule.ALL)
    with mortal.database.write() as session:
        stages = (Stage(Side.INTERNAL), stage)
        scope = Scope(cast.acme.id)
        chains.set_chain(session, cast.aron, scope, stages, version=0, reason="", now=now)
    post_id, words = waiting_post(mortal, "While Cleo is away")
    with mortal.database.read() as session:
        key = post_page.opened(session, cast.ana, post_id, now=datetime.now(UTC)).facts.key
    staff = visit(mortal, f"/post/?key={key}", cast.ana)
    expect(staff.locator(".approval-asked")).to_contain_text("Waits for Cleo")

    page = open_review(visit, mortal, cast.cleo, words).page
    page.locator(".review-away summary").tap()
    room = page.locator(".away-room")
    room.locator("select").select_option(label="Carl")
    today = f"{now.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d}"
    room.get_by_label("First day").fill(today)
    room.get_by_label("Last day").fill(today)
    room.get_by_role("button", name="Let them stand in").tap()
    expect(room).to_contain_text("Carl stands in for you")

    expect(staff.locator(".approval-asked")).to_contain_text("Cleo is away, Carl stands in")
    open_review(visit, mortal, carl, words)
    room.get_by_role("button", name="I am back").tap()
    expect(staff.locator(".approval-asked")).not_to_contain_text("stands in")


def key_of(person: Actor) -> UUID:
    assert person.user_id
    return person.user_id


def test_a_request_is_taken_back_by_keyboard(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Sent too soon")
    review = open_review(visit, running, running.world.cleo, words)
    review.request_changes("Copy", "Half of it.")
    expect(review.undo).to_contain_text("Changes requested")
    review.page.keyboard.press("Control+z")
    expect(review.post).to_contain_text(words)
    assert state_of(running, post_id) is State.CLIENT_REVIEW


def test_what_the_agency_has_already_is_not_taken_back(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Scheduled at once")
    review = open_review(visit, running, running.world.cleo, words)
    review.approve()
    expect(review.undo).to_be_visible()
    world.step(running.database, running.world.ana, post_id, Action.SCHEDULE, now=datetime.now(UTC))
    review.take_back()
    expect(review.news).to_contain_text("It is too late to undo this")
    assert state_of(running, post_id) is State.SCHEDULED


def test_all_are_approved_in_one_gesture_but_those_that_changed(mortal: Server, visit: Visit):
    chosen = [waiting_post(mortal, what) for what in ("Monday", "Tuesday", "Wednesday", "Friday")]
    page = visit(mortal, "/review/", mortal.world.cleo, phone=True)
    review = ReviewPage(page)
    page.get_by_role("button", name="Approve all").tap()
    rows = review.sheet.locator("li")
    expect(rows).to_have_count(5)
    expect(rows.filter(has_text=chosen[0][1])).to_contain_text("Revision 1")
    rows.filter(has_text=chosen[3][1]).locator("input").uncheck()
    world.step(
        mortal.database, mortal.world.aron, chosen[2][0], Action.RECALL, now=datetime.now(UTC)
    )
    review.sheet.get_by_role("button", name="Approve 4 posts").tap()
    expect(review.news).to_contain_text("3 posts approved.")
    expect(review.news).to_contain_text(f"1 post changed meanwhile and was left: {chosen[2][1]}")
    expect(review.post).to_contain_text(chosen[3][1])
    assert [state_of(mortal, post_id) for post_id, _ in chosen] == [
        State.APPROVED,
        State.APPROVED,
        State.READY_FOR_CLIENT,
        State.CLIENT_REVIEW,
    ]
    review.take_back()
    expect(review.news).to_contain_text("Taken back.")
    assert [state_of(mortal, post_id) for post_id, _ in chosen[:2]] == [State.CLIENT_REVIEW] * 2


def test_one_of_many_is_sent_back_from_the_list(mortal: Server, visit: Visit):
    post_id, words = waiting_post(mortal, "The odd one out")
    waiting_post(mortal, "One more")
    page = visit(mortal, "/review/", mortal.world.cleo, phone=True)
    review = ReviewPage(page)
    page.get_by_role("button", name="Approve all").tap()
    review.sheet.get_by_role("button", name=f"Request changes: {words}").tap()
    expect(review.sheet).to_contain_text("What shall we change?")
    review.sheet.get_by_role("button", name="Copy", exact=True).tap()
    review.sheet.locator("textarea").fill("This one only.")
    review.sheet.get_by_role("button", name="Send").tap()
    expect(review.news).to_contain_text("Sent to Ana.")
    assert state_of(mortal, post_id) is State.CLIENT_REWORK


def test_a_post_taken_back_meanwhile_says_so(running: Server, visit: Visit):
    post_id, words = waiting_post(running, "Recalled")
    review = open_review(visit, running, running.world.cleo, words)
    now = datetime.now(UTC)
    world.step(running.database, running.world.aron, post_id, Action.RECALL, now=now)
    expect(review.news).to_contain_text("Ana took that post back. It will come to you again.")
    expect(review.page.locator("main")).not_to_contain_text(words)


def test_a_viewer_reads_along_without_buttons(running: Server, visit: Visit):
    _, words = waiting_post(running, "To read only")
    review = open_review(visit, running, running.world.vera, words)
    expect(review.page.locator(".deck-note")).to_have_text("Waits for Cleo.")
    expect(review.page.locator(".deck-buttons")).to_have_count(0)


def test_a_swipe_turns_the_page(running: Server, visit: Visit):
    for what in ("First", "Second"):
        waiting_post(running, what)
    page = visit(running, "/review/", running.world.cleo, phone=True)
    review = ReviewPage(page)
    review.post.wait_for()
    place = page.locator(".deck-head p")
    expect(place).to_contain_text("1 of")
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": 300, "y": 120})
    for x in (250, 200, 150, 100):
        send("touchMove", {"x": x, "y": 120})
    send("touchEnd")
    expect(place).to_contain_text("2 of")


def test_the_plan_is_read_by_month_and_walked_by_keyboard(mortal: Server, visit: Visit):
    cast, now = mortal.world, datetime.now(UTC)
    month = now.astimezone(ZoneInfo(cast.acme.zone)).replace(day=15, hour=9, tzinfo=None)
    after, later = ((month + timedelta(days=31 * n)).replace(day=10) for n in (1, 2))
    days = [later, later + timedelta(days=2), later + timedelta(days=9)]
    for number, day in enumerate(days):
        planned_for(mortal, f"Planned {number}", cast.acme.zone, day)
    page = visit(mortal, "/review/", cast.cleo)
    page.wait_for_selector("first-look", state="detached")
    page.get_by_role("button", name="What is planned").click()
    plan = page.locator("main > section")
    plan.get_by_role("button", name="Month", exact=True).click()
    head = plan.locator(".month-head h3")
    for shown in (month, after):
        expect(head).to_have_text(f"{shown:%B %Y}")
        plan.get_by_role("button", name="Month after").click()
    expect(head).to_have_text(f"{later:%B %Y}")

    buttons = plan.locator(".month-days button")
    expect(buttons).to_have_count(3)
    opened = plan.locator("[data-part=day]")
    buttons.first.focus()
    for key, at, words in (
        ("ArrowRight", 1, "Planned 1"),
        ("ArrowDown", 2, "Planned 2"),
        ("ArrowLeft", 1, "Planned 1"),
        ("ArrowUp", 1, "Planned 1"),
    ):
        page.keyboard.press(key)
        expect(buttons.nth(at)).to_be_focused()
        page.keyboard.press("Enter")
        expect(buttons.nth(at)).to_have_attribute("aria-pressed", "true")
        expect(opened).to_contain_text(words)
    page.keyboard.press("PageUp")
    expect(head).to_have_text(f"{after:%B %Y}")
    page.keyboard.press("PageDown")
    expect(head).to_have_text(f"{later:%B %Y}")
    plan.get_by_role("button", name="List", exact=True).click()
    expect(plan.locator("[data-part=coming]")).to_contain_text("Planned 0")


def planned_for(server: Server, words: str, zone: str, day: datetime) -> None:
    """An approved post of Acme for that day on its client's clock."""
    cast, now = server.world, datetime.now(UTC)
    post_id = world.bring_to(
        server.database,
        cast.acme.id,
        State.APPROVED,
        staff=cast.ana,
        reviewer=cast.cleo,
        holder=cast.ben,
        words=Words(words, networks=("facebook",)),
        now=now,
    )
    with server.database.write() as session:
        version = post_rows.find(session, cast.ana, post_id).version
        at = day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        posts.replan(session, cast.ana, post_id, at, version=version, now=now)


def test_staff_who_open_the_review_are_sent_to_their_board(running: Server, visit: Visit):
    page = visit(running, "/review/", running.world.ana)
    page.wait_for_url("**/board/**")


CLIENT_SEES = {
    State.CLIENT_REVIEW,
    State.CLIENT_REWORK,
    State.APPROVED,
    State.ON_HOLD,
    State.SCHEDULED,
    State.PUBLISHED,
    State.PUBLISH_FAILED,
}
