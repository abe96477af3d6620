"""A guideline at work: written, published, read, beside the work, and checked on every post."""

from collections.abc import Callable, Generator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from postboard.domain.workflow import State
from tests.browser.post import PostPage, key_of
from tests.browser.server import Server
from tests.browser.test_looks import english_in, violations, width_beyond
from tests.imports.test_guideline import paragraph
from tests.imports.test_guideline import word as word_file

Visit = Callable[..., Page]
HOSTILE = (
    "Warm, never **loud**. <script>window.broken = 1</script>"
    " <img src=x onerror='window.broken = 2'> [Look](javascript:window.broken=3)"
    " ![](https://tracker.example/eye.png)"
)


@pytest.fixture(scope="module")
def shelf(frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A server of this file's own: what is published binds everybody on it."""
    server = Server(tmp_path_factory.mktemp("guidelines"))
    server.start()
    yield server
    server.stop()


def open_guideline(visit: Visit, server: Server, who: str, client_id: UUID | None, **how) -> Page:
    of = client_id.hex if client_id else ""
    page = visit(server, f"/guidelines/?of={of}", getattr(server.world, who), **how)
    page.locator(".guideline-open, .nothing-yet").wait_for()
    return page


def begin(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name=("Edit")).or_(
        page.get_by_role("button", name="Write it")
    ).or_(page.get_by_role("button", name="Edit the draft")).first.click()
    page.locator(".guideline-desk").wait_for()


def new_section(page: Page, topic: str, title: str, text: str) -> None:
    page.get_by_label("Add a section…").select_option(label=topic)
    page.get_by_label("Title").fill(title)
    page.locator("[name=text]").fill(text)


def add_rule(page: Page, kind: str) -> Locator:
    page.get_by_label("A rule that checks").select_option(kind)
    rules = page.locator(".guideline-rule")
    before = rules.count()
    page.get_by_role("button", name="Add the rule").click()
    expect(rules).to_have_count(before + 1)
    # Where one goes on; filled in earlier, the field would lose the focus meanwhile.
    expect(rules.last.locator("input, select, textarea").first).to_be_focused()
    return rules.last


def see_what_changed(page: Page, name: str) -> None:
    """And come back to where one was, without a keyboard too."""
    door = page.get_by_role("button", name=name)
    door.click()
    expect(page.locator(".guideline-changes ins").first).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(door).to_be_focused()


def gap_between(labels: Locator) -> float:
    """How far the second stands behind the first, in pixels."""
    first, second = (labels.nth(n).bounding_box() for n in range(2))
    assert first
    assert second
    return second["x"] - first["x"] - first["width"]


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep", exact=True).click()
    page.locator(".guideline-lines").wait_for()


def publish(page: Page, note: str) -> Locator:
    page.get_by_role("button", name="Publish…").click()
    dialog = page.locator("dialog")
    dialog.locator("[name=note]").fill(note)
    return dialog


def test_a_guideline_is_written_read_and_keeps_a_post_back_until_it_is_let_pass(
    shelf: Server, visit: Visit
):
    world = shelf.world
    acme = world.acme.id
    key = key_of(shelf, world.acme.posts[State.DRAFT])
    writes = open_guideline(visit, shelf, "aron", acme)
    begin(writes)
    new_section(writes, "Tone", "How Acme sounds", HOSTILE)
    look = writes.locator(".guideline-look")
    expect(look.locator("strong")).to_have_text("loud")
    assert writes.evaluate("window.broken") is None
    assert look.locator("script, [onerror], a[href^=javascript], img[src]").count() == 0
    rule = add_rule(writes, "forbidden")
    rule.locator("textarea").fill("latte")
    rule.get_by_label("Stops the post; else it warns").check()
    # Saved while writing, by the key that everybody knows.
    writes.locator("[name=text]").press("Control+s")
    expect(writes.get_by_role("status").filter(has_text="Saved in the draft.")).to_be_visible()
    keep(writes)
    dialog = publish(writes, "How we sound.")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(writes.locator(".guideline-head")).to_contain_text("Version 1")

    reads = visit(shelf, "/work/", world.ben)
    reads.locator(".work-read a", has_text="Acme").click()
    reads.get_by_role("button", name="I have read it").click()
    expect(reads.get_by_text("You have read this version.")).to_be_visible()
    expect(reads.locator(".guideline-unread")).to_have_count(0)

    post = PostPage(visit(shelf, f"/post/?key={key}", world.ben))
    expect(post.part("guideline").locator("summary")).to_have_text(["How Acme sounds"])
    post.write("caption", "A latte for everybody.")
    finding = post.part("checks").locator(".finding", has_text="latte").first
    expect(finding).to_contain_text("How Acme sounds")

    passes = PostPage(visit(shelf, f"/post/?key={key}", world.iris))
    checks = passes.part("checks")
    checks.get_by_role("button", name="Let it pass…").first.click()
    passes.dialog.locator("textarea").fill("The name of the drink itself.")
    passes.dialog.locator("[type=submit]").click()
    expect(checks.locator(".finding", has_text="The name of the drink itself.")).to_be_visible()

    begin(writes)
    writes.get_by_role("button", name="How Acme sounds", exact=True).click()
    add_rule(writes, "length").locator("input[type=number]").first.fill("400")
    keep(writes)
    dialog = publish(writes, "Longer.")
    expect(dialog.locator(".guideline-failing")).to_contain_text("How Acme sounds")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(writes.locator(".guideline-head")).to_contain_text("Version 2")
    writes.locator("summary", has_text="do not keep it").click()
    failing = writes.locator(".guideline-aside .guideline-failing li")
    expect(failing.filter(has=writes.get_by_text(key, exact=True))).to_have_count(1)
    see_what_changed(writes, "What changed in version 2")


def test_files_come_in_and_what_does_not_fit_is_said_where_it_stands(
    shelf: Server, visit: Visit, tmp_path: Path
):
    page = open_guideline(visit, shelf, "bodil", shelf.world.borealis.id)
    begin(page)
    markdown, word, large = (tmp_path / name for name in ("a.md", "b.docx", "c.md"))
    markdown.write_text("# From Markdown\n\nPlain words.\n", "utf-8")
    word.write_bytes(word_file(paragraph("From Word", "heading1") + paragraph("Plain.")))
    large.write_bytes(b"x" * 5_000_000)
    for file, title in ((markdown, "From Markdown"), (word, "From Word")):
        page.get_by_role("button", name="Import .md or .docx…").click()
        page.locator("dialog input[type=file]").set_input_files(file)
        expect(page.locator(".guideline-lines", has_text=title)).to_be_visible()
    page.get_by_role("button", name="Import .md or .docx…").click()
    page.locator("dialog input[type=file]").set_input_files(large)
    expect(page.locator("dialog .problem")).to_contain_text("2 MB")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="From Markdown", exact=True).click()
    rule = add_rule(page, "length")
    rule.get_by_label("Characters at least").fill("50")
    rule.get_by_label("Characters at most").fill("10")
    rule.locator("summary").click()
    assert gap_between(rule.locator("details label")) > 0
    page.locator("[name=title]").scroll_into_view_if_needed()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(rule.locator(".problem")).to_contain_text("less than the least")
    expect(rule.locator("[aria-invalid=true]")).to_be_focused()
    expect(rule.locator(".problem")).to_be_in_viewport()
    # What was refused is still there to be put right.
    rule.get_by_label("Characters at most").fill("500")
    keep(page)
    page.get_by_role("button", name="From Word", exact=True).click()
    add_rule(page, "length").get_by_label("Characters at most").fill("20")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".guideline-rule .problem")).to_contain_text("From Markdown")


def test_what_is_removed_comes_back_and_a_draft_goes_only_by_its_name(shelf: Server, visit: Visit):
    page = open_guideline(visit, shelf, "ana", shelf.world.borealis.id)
    begin(page)
    titles = page.locator(".guideline-lines li > :first-child")
    for title in ("First", "Second", "Third"):
        new_section(page, "Tone", title, "Words.")
        keep(page)
    before = titles.all_text_contents()
    page.get_by_role("button", name="Remove “Second” from the draft").click()
    expect(titles).to_have_count(len(before) - 1)
    page.get_by_role("button", name="Undo").click()
    expect(titles).to_have_text(before)
    expect(page.get_by_label("Whose guideline")).to_be_disabled()

    page.get_by_role("button", name="Discard the draft…").click()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(titles.filter(has_text="Second")).to_have_count(0)


def test_what_is_typed_in_a_section_is_not_dropped_unasked(shelf: Server, visit: Visit):
    page = open_guideline(visit, shelf, "bodil", shelf.world.borealis.id)
    begin(page)
    form, asked = page.locator(".guideline-form"), page.locator("dialog")
    cancel = form.get_by_role("button", name="Cancel", exact=True)
    page.get_by_label("Add a section…").select_option(label="Tone")
    cancel.click()
    expect(form).to_have_count(0)

    new_section(page, "Tone", "How Borealis sounds", "Plain and warm.")
    cancel.click()
    expect(asked).to_contain_text("“How Borealis sounds”")
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Board", exact=True
    ).click()
    expect(asked).to_contain_text("“How Borealis sounds”")
    asked.get_by_role("button", name="Go on writing").click()
    expect(asked).to_have_count(0)
    with page.expect_event("dialog") as leaving:
        page.evaluate("setTimeout(() => location.reload())")
    leaving.value.dismiss()
    assert leaving.value.type == "beforeunload"
    expect(form.locator("[name=text]")).to_have_value("Plain and warm.")

    # Whoever stayed is still connected: it is kept, and then there is nothing to ask about.
    form.locator("[name=text]").press("Control+s")
    expect(form.get_by_role("status").filter(has_text="Saved in the draft.")).to_be_visible()
    form.get_by_label("Title").fill("Another name")
    expect(form.get_by_role("status").filter(has_text="Saved in the draft.")).to_have_count(0)
    form.get_by_label("Title").fill("How Borealis sounds")
    cancel.click()
    expect(form).to_have_count(0)

    page.get_by_role("button", name="How Borealis sounds", exact=True).click()
    add_rule(page, "length")
    cancel.click()
    asked.get_by_role("button", name="Discard", exact=True).click()
    expect(form).to_have_count(0)
    page.get_by_role("button", name="How Borealis sounds", exact=True).click()
    form.wait_for()
    expect(page.locator(".guideline-rule")).to_have_count(0)
    form.locator("[name=text]").fill("Something else.")
    page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Board", exact=True
    ).click()
    asked.get_by_role("button", name="Discard", exact=True).click()
    page.wait_for_url("**/board/")


def test_what_a_search_found_opens_at_its_section(shelf: Server, visit: Visit):
    """Also where the address names that guideline already."""
    page = open_guideline(visit, shelf, "ana", None)
    begin(page)
    new_section(page, "Tone", "Found here", "A word that stands nowhere else: walnut.")
    keep(page)
    publish(page, "").get_by_role("button", name="Publish", exact=True).click()
    section = page.locator(".guideline-section", has_text="Found here")
    for _time in range(2):
        search = page.get_by_role("searchbox")
        search.fill("walnut")
        search.press("Enter")
        page.locator(".guideline-hits").get_by_role("button", name="Found here").click()
        section.wait_for()
        expect(search).to_have_value("")
        assert page.url.endswith(f"/guidelines/?of=#{section.get_attribute('id')}")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_reading_and_writing_fit_and_can_be_read(
    shelf: Server, visit: Visit, language: str, *, phone: bool
):
    page = open_guideline(visit, shelf, "ana", None, language=language, phone=phone)
    page.locator(".title-row .button-primary").click()
    page.locator(".guideline-desk").wait_for()
    ready = page.get_by_role("main").get_by_role("button", name="中文")
    if ready.count():
        ready.click()
    lines = page.locator(".guideline-lines li")
    lines.first.wait_for()
    seen = [_seen(page, language)]
    lines.first.get_by_role("button").first.click()
    page.locator(".guideline-form").wait_for()
    seen.append(_seen(page, language))
    assert seen == [(0, [], [])] * 2


def _seen(page: Page, language: str) -> tuple[int, list[tuple[str, str]], list[str]]:
    page.wait_for_timeout(200)
    foreign = english_in(page) if language == "zh-CN" else []
    return width_beyond(page), violations(page), foreign
