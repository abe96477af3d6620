"""A post's page where people meet: checks let pass, drafts that clash, files, who is here."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import FilePayload, Page, expect

from postboard.domain.content import Words
from postboard.domain.workflow import Action, State
from tests import world
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server
from tests.browser.test_post_page import new_post, words_of
from tests.media import files

Visit = Callable[..., Page]

TOO_LONG = "Fresh buns from six, and coffee until eight. " * 7
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}


def opened(visit: Visit, server: Server, post_id: UUID, name: str) -> PostPage:
    actor = getattr(server.world, name)
    return PostPage(visit(server, f"/post/?key={key_of(server, post_id)}", actor))


def file(name: str, content: bytes, mime_type: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": mime_type, "buffer": content}


def test_the_art_director_lets_a_finding_pass_with_a_reason(running: Server, visit: Visit):
    post_id = new_post(running, TOO_LONG, networks=("x",))
    bens = opened(visit, running, post_id, "ben")
    checks = bens.part("checks")
    expect(checks.locator("[data-severity=blocks] .finding")).to_contain_text(["280 fit"])
    expect(checks.get_by_role("button", name="Let it pass…")).to_have_count(0)

    iris = opened(visit, running, post_id, "iris")
    iris.part("checks").get_by_role("button", name="Let it pass…").click()
    iris.dialog.get_by_role("button", name="Let it pass").click()
    expect(iris.dialog.locator(".problem")).not_to_be_empty()
    iris.dialog.get_by_label("Why may it pass?").fill("The account pays for long posts.")
    iris.dialog.get_by_role("button", name="Let it pass").click()
    iris.toast("It may pass now. Your reason is on record.")
    passed = checks.locator("[data-severity=passes]")
    expect(passed).to_contain_text("Iris let it pass")
    expect(passed.locator("blockquote")).to_have_text("The account pays for long posts.")

    bens.step("Submit for review")
    bens.state("Internal review")


def test_drafts_that_clash_are_settled_field_by_field(running: Server, visit: Visit):
    """Two have drafts of judged words; the first to send is the one the other one answers."""
    cast = running.world
    post_id = world.bring_to(
        running.database,
        cast.acme.id,
        State.READY_FOR_CLIENT,
        staff=cast.ana,
        reviewer=cast.cleo,
        holder=cast.ben,
        words=Words("First words", "First title", networks=("mastodon",)),
        now=datetime.now(UTC),
    )
    bens = opened(visit, running, post_id, "ben")
    coras = opened(visit, running, post_id, "cora")
    for page, who in ((bens, "Ben"), (coras, "Cora")):
        page.write("caption", f"{who}'s words")
        page.write("title", f"{who}'s title")
    bens.write("first_comment", "Ben's alone")
    coras.page.get_by_role("button", name="Send revision 2 for review").click()
    coras.state("Internal review")

    clashes = bens.page.locator(".clash")
    expect(clashes.locator("blockquote")).to_have_text(["Cora's words", "Cora's title"])
    expect(clashes.first).to_contain_text("Cora changed this meanwhile.")
    bens.page.get_by_role("button", name="Send revision 3 for review").click()
    expect(bens.page.get_by_role("alert").get_by_text("First settle the marked")).to_be_visible()
    clashes.first.get_by_role("button", name="Keep mine").click()
    clashes.first.get_by_role("button", name="Take theirs").click()
    expect(clashes).to_have_count(0)
    expect(bens.field("title")).to_have_value("Cora's title")
    bens.page.get_by_role("button", name="Send revision 3 for review").click()
    expect(bens.page.locator(".post-title")).to_contain_text("Revision 3")
    expect(coras.field("caption")).to_have_value("Ben's words")
    said = words_of(running, post_id)
    assert (said.caption, said.title, said.first_comment) == (
        "Ben's words",
        "Cora's title",
        "Ben's alone",
    )


def test_a_replaced_picture_stays_in_the_old_revision(running: Server, visit: Visit):
    post_id = new_post(running, "Fresh buns", networks=("instagram",))
    dinas = opened(visit, running, post_id, "dina")
    page = dinas.page
    chooser = page.locator(".media-strip input[type=file]").first
    chooser.set_input_files(file("old.jpg", files.picture(900, 900, "JPEG", colour="teal")))
    expect(page.locator(".media-item .library-facts")).to_have_text("900 × 900")
    dinas.saved()
    now = datetime.now(UTC)
    for action in (Action.SUBMIT, Action.REQUEST_CHANGES):
        world.step(running.database, running.world.cora, post_id, action, now=now)
    dinas.state("Internal rework")

    page.locator(".media-open").click()
    new = file("new.jpg", files.picture(1000, 1000, "JPEG", colour="maroon"))
    dinas.dialog.locator("input[type=file]").set_input_files(new)
    expect(dinas.dialog).to_contain_text("1000 × 1000")
    dinas.dialog.get_by_role("button", name="Done").click()
    dinas.saved()
    expect(page.locator(".post-title")).to_contain_text("Revision 2")
    record = dinas.part("record")
    record.locator("[data-revision='2']").get_by_role("button", name="What changed").click()
    expect(dinas.dialog).to_contain_text("Picture replaced")
    pictures = dinas.dialog.locator(".wipe img")
    expect(pictures).to_have_count(2)
    widths = [
        one.evaluate("(image) => image.decode().then(() => image.naturalWidth)")
        for one in pictures.all()
    ]
    assert widths == [900, 1000]


def test_programs_and_drawings_are_refused_with_a_sentence(running: Server, visit: Visit):
    post_id = new_post(running, "Fresh buns", networks=("instagram",))
    dinas = opened(visit, running, post_id, "dina")
    given = [
        file("cat.jpg", b"\x7fELF" + bytes(200)),
        file("logo.png", files.SVG, "image/png"),
        file("buns.jpg", files.picture(400, 300, "JPEG")),
    ]
    dinas.page.locator(".media-strip input[type=file]").first.set_input_files(given)
    strip = dinas.page.locator(".media-strip")
    expect(strip.locator(".uploads .problem")).to_have_text(
        [
            "This is a program, not a picture or a video.",
            "SVG drawings can carry scripts, so they stay out. Export it as PNG and add that.",
        ]
    )
    expect(strip.locator(".media-item")).to_have_count(1)
    strip.get_by_role("button", name="Dismiss cat.jpg").click()
    expect(strip.locator(".uploads li")).to_have_count(1)
    dinas.saved()
    assert [one.width for one in words_of(running, post_id).media] == [400]


def test_two_files_at_once_show_how_far_they_are(running: Server, visit: Visit):
    post_id = new_post(running, "Fresh buns", networks=("instagram",))
    dinas = opened(visit, running, post_id, "dina")
    page = dinas.page
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    given = [file("one.jpg", files.noise(1000, 1000)), file("two.jpg", files.noise(1001, 1001))]
    page.locator(".media-strip input[type=file]").first.set_input_files(given)
    under_way = page.locator(".media-strip .uploads li[data-state=sending]")
    expect(under_way).to_have_count(2)
    expect(under_way.first.locator(".upload-share")).to_have_text(re.compile(r"^[1-9]\d? %$"))
    expect(page.get_by_role("progressbar", name="Sending two.jpg")).to_be_visible()
    line.send("Network.emulateNetworkConditions", {**SLOW, "uploadThroughput": -1})
    expect(page.locator(".media-item .library-facts")).to_have_text(
        ["1000 × 1000", "1001 × 1001"], timeout=20_000
    )
    dinas.saved()


def test_a_picture_is_pasted_and_words_are_still_words(running: Server, visit: Visit):
    post_id = new_post(running, "Fresh buns", networks=("instagram",))
    coras = opened(visit, running, post_id, "cora")
    paste = """(field, [bytes, text]) => {
      const given = new DataTransfer();
      given.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }));
      if (text) given.setData("text/plain", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true }));
    }"""
    picture = list(files.picture(320, 240))
    coras.field("caption").evaluate(paste, [picture, "words from a letter"])
    coras.field("caption").evaluate(paste, [picture, ""])
    expect(coras.page.locator(".media-item .library-facts")).to_have_text(["320 × 240"])
    coras.saved()
    assert len(words_of(running, post_id).media) == 1


def test_who_is_here_and_where_they_write_is_seen(running: Server, visit: Visit):
    post_id = new_post(running, "Fresh buns", networks=("mastodon",))
    bens = opened(visit, running, post_id, "ben")
    expect(bens.page.locator(".others")).to_have_count(0)
    coras = opened(visit, running, post_id, "cora")
    dinas = opened(visit, running, post_id, "dina")
    expect(bens.page.locator(".others")).to_contain_text("Also here: Cora, Dina")
    expect(dinas.page.locator(".others")).to_contain_text("Also here: Ben, Cora")
    here = bens.page.locator(".field", has=bens.field("title")).locator(".field-here")
    coras.field("title").focus()
    expect(here).to_have_text("Cora is writing here")
    coras.field("first_comment").focus()
    expect(here).to_have_count(0)
    expect(bens.page.locator(".field-here")).to_have_text("Cora is writing here")
