"""One post through the hands of everybody who makes, judges and discusses it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import FilePayload, Page, expect

from postboard.domain.permissions import Actor
from postboard.domain.workflow import Column
from postboard.services.certificate_check import check
from tests.browser.board import BoardPage
from tests.browser.post import PostPage, key_of
from tests.browser.review import ReviewPage
from tests.browser.server import Server
from tests.media import files

Visit = Callable[..., Page]

TOO_LONG = "Fresh buns from six, and coffee until eight. " * 7
BUNS: FilePayload = {
    "name": "buns.jpg",
    "mimeType": "image/jpeg",
    "buffer": files.picture(1080, 1080, "JPEG"),
}


def test_a_post_is_made_judged_and_discussed(mortal: Server, visit: Visit, tmp_path: Path):
    cast = mortal.world
    bens, post_id = written_by_ben(mortal, visit)
    key = key_of(mortal, post_id)

    def opened(actor: Actor) -> PostPage:
        return PostPage(visit(mortal, f"/post/?key={key}", actor))

    coras = opened(cast.cora)
    assigned_by_cora(coras)
    bens.state("In production")
    dinas = PostPage(taken_on(visit(mortal, "/work/", cast.dina), key))
    picture_of_dina(dinas)
    finished(dinas)
    bens.state("In production")
    finished(PostPage(taken_on(visit(mortal, "/work/", cast.ben), key)))
    bens.state("Draft")
    expect(bens.page.locator(".card-ready")).to_have_text("Ready")

    stopped_by_a_check(bens)
    bens.step("Submit for review")
    coras.state("Internal review")
    sent_back(coras)
    bens.state("Internal rework")
    revised(bens)
    coras.state("Internal review")

    coras = opened(cast.cora)
    compared(coras)
    coras.step("Approve")
    coras.state("Ready for client")
    arons = opened(cast.aron)
    arons.step("Send to client")
    arons.state("Client review")
    review = ReviewPage(visit(mortal, "/review/", cast.cleo, phone=True))
    discussed(review, arons)
    review.approve()
    expect(review.news).to_contain_text("Approved.")
    arons.state("Approved")

    restored(coras)
    recorded(coras, tmp_path)


def written_by_ben(server: Server, visit: Visit) -> tuple[PostPage, UUID]:
    """Added on the board, opened from there; X gets a text of its own."""
    page = visit(server, "/board/?client=ACME", server.world.ben)
    board = BoardPage(page)
    page.keyboard.press("c")
    dialog = page.locator("dialog")
    dialog.locator("[name=caption]").fill("Fresh buns from six o'clock")
    for network in ("instagram", "x"):
        dialog.locator(f"[name=network_{network}]").check()
    dialog.get_by_role("button", name="Add", exact=True).click()
    card = board.column(Column.DRAFT).locator(".card[data-post]", has_text="six o'clock")
    post_id = UUID(card.get_attribute("data-post"))
    card.click()
    page.locator("dialog.drawer").get_by_role("link", name="Open the post").click()
    bens = PostPage(page)
    page.locator(".editor-tabs").get_by_role("tab", name="X", exact=True).click()
    page.locator(".editor").get_by_role("button", name="Write its own").first.click()
    bens.write("caption@x", "Buns at six.")
    return bens, post_id


def assigned_by_cora(coras: PostPage) -> None:
    coras.part("tasks").get_by_role("button", name="Assign…").click()
    dialog = coras.dialog
    for name in ("Dina", "Ben"):
        dialog.get_by_label(name, exact=True).check()
    dialog.get_by_label("What is expected").fill("A tray of buns, warm light.")
    due = datetime.now(UTC) + timedelta(days=2)
    dialog.locator("[name=due]").fill(f"{due:%Y-%m-%dT%H:%M}")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(coras.page.locator("#part-tasks .task")).to_have_count(2)
    coras.state("In production")


def taken_on(page: Page, key: str) -> Page:
    """My work names what is expected; taken on there, the post is opened from there."""
    item = page.locator(f'.work-item[data-post-key="{key}"]', has_text="warm light")
    item.locator("[data-task-action=accept]").click()
    expect(item.locator("[data-task-action=finish]")).to_be_visible()
    item.locator(".work-open").click()
    return page


def picture_of_dina(dinas: PostPage) -> None:
    page = dinas.page
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files([BUNS])
    page.locator(".media-open").click()
    dinas.dialog.get_by_label("Alt text").fill("A tray of buns")
    point = dinas.dialog.locator(".focus-point")
    point.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(point).to_have_accessible_name(re.compile("^Focal point: 60 % from the left"))
    dinas.dialog.get_by_role("button", name="Done").click()
    dinas.saved()
    expect(page.locator(".media-lacks")).to_have_count(0)


def finished(opened: PostPage) -> None:
    tasks = opened.part("tasks")
    tasks.locator(".task [data-task-action=finish]").click()
    opened.toast("Done. Whoever waits for it sees it now.")


def stopped_by_a_check(bens: PostPage) -> None:
    """X takes no such text: the way leads from the refusal to the field."""
    page = bens.page
    bens.write("caption@x", TOO_LONG)
    bens.step("Submit for review")
    bens.state("Draft")
    page.get_by_role("tab", name="All networks").click()
    checks = bens.part("checks")
    finding = checks.locator("[data-severity=blocks] .finding", has_text="280 fit")
    finding.get_by_role("button", name="Go to the field").click()
    expect(bens.field("caption@x")).to_be_focused()
    bens.write("caption@x", "Buns at six.")
    expect(checks.locator("[data-severity=blocks]")).to_have_count(0)


def sent_back(coras: PostPage) -> None:
    page = coras.page
    page.get_by_role("button", name="Comment on Caption").click()
    composer = page.locator("#part-talk .composer").first
    expect(composer.locator(".composer-anchor")).to_contain_text("Caption")
    composer.locator("textarea").fill("Six o'clock in the morning?")
    composer.get_by_role("button", name="Send to the team").click()
    expect(page.locator(".spoken")).to_contain_text("in the morning?")
    coras.step("Request changes")
    coras.dialog.get_by_role("button", name="Copy").click()
    coras.dialog.locator("textarea").fill("Say that it is early.")
    coras.dialog.get_by_role("button", name="Request changes").click()
    coras.state("Internal rework")


def revised(bens: PostPage) -> None:
    """Ben sees who sent it back and why, answers, and submits other words."""
    page = bens.page
    record = bens.part("record")
    expect(record.locator(".revision-steps")).to_contain_text("Say that it is early.")
    expect(record.locator(".revision-steps .tag-small")).to_have_text("Copy")
    expect(record.locator(".revision-steps")).to_contain_text("Cora")
    talk = bens.part("talk")
    talk.locator(".spoken .anchor", has_text="Caption").click()
    expect(bens.field("caption")).to_be_focused()
    bens.write("caption", "Fresh buns from six in the morning")
    talk.get_by_role("button", name="Reply").click()
    reply = talk.locator(".conversation .composer")
    reply.locator("textarea").fill("Yes, and it says so now.")
    reply.get_by_role("button", name="Send to the team").click()
    expect(talk.locator(".replies .spoken")).to_contain_text("it says so now")
    bens.step("Submit for review")
    bens.state("Internal review")
    expect(page.locator(".post-title")).to_contain_text("Revision 2")


def compared(coras: PostPage) -> None:
    page = coras.page
    line = page.locator(".since")
    expect(line).to_contain_text("Ben changed the caption since you last looked.")
    line.get_by_role("button", name="See what changed").click()
    expect(coras.dialog.locator("ins").first).to_be_visible()
    expect(coras.dialog.locator("del").first).to_be_visible()
    expect(coras.dialog.locator("ins")).to_contain_text(["morning"])
    coras.dialog.get_by_role("button", name="Close").click()
    expect(line).to_have_count(0)
    record = coras.part("record")
    record.locator("[data-revision='1']").get_by_role("button", name="Compare with now").click()
    expect(coras.dialog.locator("del")).to_contain_text(["clock"])
    coras.dialog.get_by_role("button", name="Close").click()


def discussed(review: ReviewPage, arons: PostPage) -> None:
    """On the client's phone, and back, in the thread that is the client's too."""
    review.turn_to("six in the morning")
    picture = review.post.get_by_role("img", name="A tray of buns").first
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    expect(review.page.locator("body")).not_to_contain_text("it says so now")
    talk = review.page.locator(".review-talk")
    talk.locator(".composer textarea").first.fill("Is the tray ours?")
    talk.get_by_role("button", name="Send", exact=True).tap()
    part = arons.part("talk")
    part.locator("[data-side=client]").click()
    expect(part.locator(".spoken[data-client=true]")).to_contain_text("Is the tray ours?")
    part.get_by_role("button", name="Reply").click()
    reply = part.locator(".conversation .composer")
    reply.locator("textarea").fill("From your own kitchen.")
    reply.get_by_role("button", name="Send to Acme").click()
    expect(talk.locator(".replies .spoken")).to_contain_text("From your own kitchen.")


def restored(coras: PostPage) -> None:
    """Old words come back, with the way back."""
    coras.state("Approved")
    record = coras.part("record")
    record.locator("[data-revision='1']").get_by_role("button", name="Bring it back…").click()
    coras.dialog.get_by_role("button", name="Bring it back").click()
    expect(coras.field("caption")).to_have_value("Fresh buns from six o'clock")
    coras.state("Internal review")
    record.locator(".record-note").get_by_role("button", name="Undo").click()
    expect(coras.field("caption")).to_have_value("Fresh buns from six in the morning")


def recorded(coras: PostPage, folder: Path) -> None:
    record = coras.part("record")
    with coras.page.expect_download() as download:
        record.get_by_role("link", name="Download the record as JSON").click()
    saved = folder / "record.json"
    download.value.save_as(saved)
    said = json.loads(saved.read_text("utf-8"))
    captions = {one["number"]: one["words"]["caption"] for one in said["revisions"]}
    assert captions == {
        1: "Fresh buns from six o'clock",
        2: "Fresh buns from six in the morning",
        3: "Fresh buns from six o'clock",
        4: "Fresh buns from six in the morning",
    }
    assert {"action": "approve", "revision": 2, "by": "Cleo"} in [
        {name: one[name] for name in ("action", "revision", "by")} for one in said["decisions"]
    ]
    certified(coras, folder)


def certified(coras: PostPage, folder: Path) -> None:
    """The approval's certificate stays that of the words that were approved."""
    kept = coras.part("record").locator(".record-certificate")
    expect(kept).to_contain_text("Certificate of approval: revision 2")
    expect(kept).to_contain_text("It does not hold for the newest words.")
    for kind in ("JSON", "PDF"):
        with coras.page.expect_download() as download:
            kept.get_by_role("link", name=f"Download the certificate as {kind}").click()
        saved = folder / download.value.suggested_filename
        download.value.save_as(saved)
        checked = check(saved.read_bytes())
        assert (checked.faults, checked.certificate["approval"]["by"]) == ((), "Cleo")
        assert checked.certificate["revision"]["words"]["caption"] == (
            "Fresh buns from six in the morning"
        )
