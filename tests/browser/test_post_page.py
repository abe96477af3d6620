"""A post's page as its writers use it: saving, meeting, losing the connection, sending on."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, WebSocketRoute, expect
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Client, Post
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import post_rows, post_words, posts, sign_in
from postboard.services.posts import NewPost
from tests.browser.server import Server

Visit = Callable[..., Page]


def key_of(server: Server, post_id: UUID) -> str:
    with server.database.read() as session:
        key, number = session.execute(
            select(col(Client.key), col(Post.number))
            .join(Client, col(Client.id) == col(Post.client_id))
            .where(col(Post.id) == post_id)
        ).one()
    return f"{key}-{number}"


def new_post(server: Server, caption: str, **words) -> UUID:
    with server.database.write() as session:
        return posts.create(
            session,
            server.world.ana,
            server.world.acme.id,
            NewPost(Words(caption, **words)),
            now=datetime.now(UTC),
        )


def words_of(server: Server, post_id: UUID) -> Words:
    with server.database.read() as session:
        post = post_rows.find(session, server.world.ana, post_id)
        return post_words.words_of(session, post.id, post.revision)


def open_post(visit: Visit, server: Server, post_id: UUID, actor: Actor, **how) -> Page:
    page = visit(server, f"/post/?key={key_of(server, post_id)}", actor, **how)
    caption(page).wait_for()
    return page


def caption(page: Page):
    return page.locator("textarea[data-field=caption]")


def all_saved(page: Page) -> None:
    expect(page.locator(".save-line")).to_have_text("All saved")


def test_words_are_saved_while_they_are_written(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    page = open_post(visit, running, post_id, running.world.ben)
    caption(page).fill("Second words")
    page.locator("[data-field=title]").fill("A title")
    page.locator("[data-field=hashtags]").fill("#buns, ＃早餐 six")
    page.get_by_role("button", name="Bluesky").click()
    page.locator(".editor").get_by_role("tab", name="Bluesky").click()
    page.get_by_role("button", name="Write its own").first.click()
    page.locator("[data-field='caption@bluesky']").fill("Only here")
    all_saved(page)
    found = words_of(running, post_id)
    assert (found.caption, found.title, found.hashtags, found.networks) == (
        "Second words",
        "A title",
        ("buns", "早餐", "six"),
        ("bluesky",),
    )
    assert found.caption_on("bluesky") == "Only here\n\n#buns #早餐 #six"


def test_two_in_one_field_see_both_texts_and_choose(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    bens = open_post(visit, running, post_id, running.world.ben)
    coras = open_post(visit, running, post_id, running.world.cora)
    caption(bens).focus()
    expect(coras.locator(".field-here")).to_have_text("Ben is writing here")
    expect(coras.locator(".others")).to_contain_text("Ben")
    caption(coras).press_sequentially("Cora: ")
    caption(bens).press_sequentially("Ben: ")
    loser = bens if wait_for_clash(bens, coras) is bens else coras
    expect(loser.locator(".clash blockquote")).not_to_be_empty()
    loser.get_by_role("button", name="Keep mine").click()
    all_saved(loser)
    mine = caption(loser).input_value()
    assert words_of(running, post_id).caption == mine
    expect(caption(bens if loser is coras else coras)).to_have_value(mine)
    expect(loser.locator(".clash")).to_have_count(0)


def wait_for_clash(*pages: Page) -> Page:
    for _ in range(60):
        for page in pages:
            if page.locator(".clash").count():
                return page
        pages[0].wait_for_timeout(100)
    raise AssertionError("nobody was told of the other's words")


def test_two_in_two_fields_keep_both(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    bens = open_post(visit, running, post_id, running.world.ben)
    coras = open_post(visit, running, post_id, running.world.cora)
    caption(bens).fill("Ben's caption")
    coras.locator("[data-field=title]").fill("Cora's title")
    all_saved(bens)
    all_saved(coras)
    expect(bens.locator("[data-field=title]")).to_have_value("Cora's title")
    expect(caption(coras)).to_have_value("Ben's caption")


def test_words_outlive_a_lost_connection(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    page = visit(running, "/words/zh-CN.json", running.world.ben)
    swallowed: list[str] = []
    open_now = {"yes": True}

    def intercept(browser: WebSocketRoute) -> None:
        onward = browser.connect_to_server()

        def to_server(message: str | bytes) -> None:
            if open_now["yes"]:
                onward.send(message)
            else:
                swallowed.append(str(message)[:40])

        browser.on_message(to_server)

    page.route_web_socket(re.compile("/_event"), intercept)
    page.goto(f"{running.url}/post/?key={key_of(running, post_id)}")
    caption(page).wait_for()
    open_now["yes"] = False
    caption(page).fill("Written in a tunnel")
    expect(page.locator(".save-line")).to_contain_text("kept here", timeout=15_000)
    assert words_of(running, post_id).caption == "First words"
    open_now["yes"] = True
    expect(page.locator(".save-line")).to_have_text("All saved", timeout=15_000)
    assert (words_of(running, post_id).caption, bool(swallowed)) == ("Written in a tunnel", True)


def test_words_outlive_an_expired_session(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    page = open_post(visit, running, post_id, running.world.ben)
    caption(page).focus()
    cookie = next(c for c in page.context.cookies() if c["name"] == "postboard_session")
    with running.database.write() as session:
        sign_in.sign_out(session, cookie["value"], now=datetime.now(UTC))
    page.wait_for_timeout(2100)  # a session is believed for two seconds
    caption(page).fill("Typed on the way out")
    page.wait_for_url("**/sign-in/**")
    assert words_of(running, post_id).caption == "First words"
    with running.database.write() as session:
        token = sign_in.open_session(session, running.world.ben.user_id, now=datetime.now(UTC))
    page.context.add_cookies([{"name": cookie["name"], "value": token, "url": running.url}])
    page.goto(f"{running.url}/post/?key={key_of(running, post_id)}")
    expect(caption(page)).to_have_value("Typed on the way out")
    all_saved(page)
    assert words_of(running, post_id).caption == "Typed on the way out"


def test_too_many_words_stay_and_are_told(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    page = open_post(visit, running, post_id, running.world.ben)
    text = "x" * 70_000
    caption(page).evaluate(
        """(field, text) => {
          const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
          set.call(field, text);
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )
    expect(page.locator(".problem").first).to_contain_text("70000 characters long")
    assert (caption(page).input_value(), words_of(running, post_id).caption) == (
        text,
        "First words",
    )
    caption(page).fill("Shorter")
    all_saved(page)
    assert words_of(running, post_id).caption == "Shorter"


def test_judged_words_change_as_a_draft_until_they_are_sent(running: Server, visit: Visit):
    post_id = running.world.acme.posts[State.READY_FOR_CLIENT]
    before = words_of(running, post_id)
    page = open_post(visit, running, post_id, running.world.ben)
    caption(page).fill("A better caption")
    all_saved(page)
    expect(page.locator(".post-note")).to_contain_text("You see your own draft.")
    assert words_of(running, post_id) == before
    page.reload()
    expect(caption(page)).to_have_value("A better caption")
    page.get_by_role("button", name="Discard my draft").click()
    expect(caption(page)).to_have_value(before.caption)
    page.get_by_role("button", name="Undo").click()
    expect(caption(page)).to_have_value("A better caption")
    page.get_by_role("button", name="Send revision 2 for review").click()
    expect(page.locator(".post-state")).to_have_text("Internal review")
    assert words_of(running, post_id).caption == "A better caption"


def test_a_closed_post_can_be_read_only(running: Server, visit: Visit):
    page = open_post(
        visit, running, running.world.acme.posts[State.CLIENT_REVIEW], running.world.ben
    )
    expect(caption(page)).to_have_attribute("readonly", "")
    page = open_post(visit, running, running.world.acme.posts[State.DRAFT], running.world.dina)
    expect(caption(page)).to_have_attribute("readonly", "")


def test_a_step_waits_for_the_last_words(running: Server, visit: Visit):
    post_id = new_post(running, "First words", networks=("mastodon",))
    page = open_post(visit, running, post_id, running.world.ben)
    caption(page).fill("Last words")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".post-state")).to_have_text("Internal review")
    assert words_of(running, post_id).caption == "Last words"
    coras = open_post(visit, running, post_id, running.world.cora)
    coras.locator(".step-menu summary").click()
    coras.get_by_role("button", name=re.compile("Request changes")).click()
    dialog = coras.locator("dialog")
    dialog.get_by_role("button", name="Copy").click()
    dialog.locator("textarea").fill("Shorter, please.")
    dialog.get_by_role("button", name="Request changes").click()
    expect(coras.locator(".post-state")).to_have_text("Internal rework")
    expect(page.locator(".post-state")).to_have_text("Internal rework")


def test_a_foreign_post_is_not_here(running: Server, visit: Visit):
    foreign = key_of(running, running.world.borealis.posts[State.DRAFT])
    for key in (foreign, "ACME-99999", "nonsense", "", "ACME-1e9", "ACME-٣"):
        page = visit(running, f"/post/?key={key}", running.world.ben)
        expect(page.get_by_role("heading", level=1)).to_contain_text("nothing at this address")
        expect(page.locator("[data-field]")).to_have_count(0)


def test_a_comment_on_a_field_is_typed_at_once_whatever_stood_open(running: Server, visit: Visit):
    post_id = new_post(running, "First words")
    page = open_post(visit, running, post_id, running.world.ben)
    page.get_by_role("tab", name="Tasks").click()
    page.get_by_role("button", name="Comment on Caption").click()
    composer = page.get_by_role("tabpanel", name="Internal").get_by_role("textbox").first
    expect(composer).to_be_focused()
    page.keyboard.type("Too dry for me")
    page.get_by_role("button", name="Send to the team").click()
    expect(page.locator(".said-text")).to_have_text("Too dry for me")
