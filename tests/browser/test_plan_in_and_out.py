"""A plan comes in as a person says it is meant, and goes out as a file and as a calendar."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import vobject
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.imports.reading import workbook_bytes

Visit = Callable[..., Page]
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(page: Page, name: str, content: bytes, kind: str = "text/csv") -> None:
    file = {"name": name, "mimeType": kind, "buffer": content}
    page.locator("input[type=file]").set_input_files(files=[file])


def a_grid() -> bytes:
    book = Workbook()
    for row in (
        ["Our plan"],
        WEEK,
        [2, 3, 4, 5, 6, 7, 8],
        ["The oven at night\nIG", "Holiday", "Rye is back\nFB, X"],
    ):
        book.active.append(row)
    book.active.title = "Autumn"
    return workbook_bytes(book)


def test_a_month_grid_is_asked_about_and_comes_in(running: Server, visit: Visit):
    page = visit(running, "/import/?client=ACME", running.world.ana)
    upload(page, "grid.xlsx", a_grid(), XLSX)
    rows = page.locator("section", has_text="What comes in").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("A4")
    go = page.get_by_role("button", name="Import 3 posts")
    expect(go).to_be_disabled()
    page.get_by_label("Which month does the sheet “Autumn” draw?").fill("2026-11")
    expect(rows.first).to_contain_text("2 Nov")
    expect(go).to_be_disabled()
    page.get_by_label("1 cell names no network").select_option("notes")
    expect(rows).to_have_count(2)
    expect(page.locator("section", has_text="What is left out")).to_contain_text("Holiday")
    page.get_by_role("button", name="Import 2 posts").click()
    expect(page.locator(".import-summary[role=status]")).to_contain_text("2 created")


def test_columns_are_named_once_and_remembered(running: Server, visit: Visit):
    page = visit(running, "/import/?client=ACME", running.world.ana)
    upload(page, "odd.csv", b"When?,Voice,Where to\n03/04/2027,Warm buns at six,Instagram\n")
    expect(page.locator(".import-summary[role=alert]")).to_contain_text("Say above which columns")
    page.get_by_label("What “When?” is taken for").select_option("date")
    page.get_by_label("What “Voice” is taken for").select_option("caption")
    page.get_by_label("What “Where to” is taken for").select_option("networks")
    go = page.get_by_role("button", name="Import 1 post")
    expect(go).to_be_disabled()
    page.get_by_label("How is 03/04/2027 meant?").select_option("month-first")
    rows = page.locator("section", has_text="What comes in").locator("tbody tr")
    expect(rows).to_contain_text("4 Mar 2027")
    go.click()
    expect(page.locator(".import-summary[role=status]")).to_contain_text("1 created")
    page.get_by_role("button", name="Import another plan").click()
    upload(page, "next.csv", b"When?,Voice,Where to\n05/06/2027,Rolls from seven,Instagram\n")
    expect(rows).to_contain_text("6 May 2027")
    expect(page.locator(".import-remembered")).to_contain_text("Read as it was said")
    page.get_by_role("button", name="Read it afresh").click()
    expect(page.locator(".import-summary[role=alert]")).to_contain_text("Say above which columns")


def test_the_board_goes_out_as_it_is_filtered(running: Server, visit: Visit):
    key = running.world.borealis.key
    page = visit(running, f"/board/?client={key}", running.world.ana)
    page.locator(".export summary").click()
    expect(page.locator(".export-form input[name=client]")).to_have_value(key)
    with page.expect_download() as caught:
        page.locator(".export-form").get_by_role("button", name="CSV").click()
    written = Path(caught.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert caught.value.suggested_filename == f"plan-{key}.csv"
    assert {row["Client"] for row in rows} == {"Borealis"}
    with page.expect_download() as caught:
        page.locator(".export-form").get_by_role("button", name="PDF").click()
    assert Path(caught.value.path()).read_bytes().startswith(b"%PDF-")


def test_the_calendar_goes_out_as_it_is_filtered(running: Server, visit: Visit):
    key = running.world.borealis.key
    page = visit(running, f"/calendar/?client={key}&state=draft", running.world.ana)
    door, room = page.locator(".export summary"), page.locator(".export-room")
    door.click()
    page.keyboard.press("Escape")
    expect(room).to_be_hidden()
    expect(door).to_be_focused()
    door.click()
    page.locator("h1").click()
    expect(room).to_be_hidden()
    door.click()
    with page.expect_download() as caught:
        page.locator(".export-form").get_by_role("button", name="CSV").click()
    written = Path(caught.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert {(row["Client"], row["State"]) for row in rows} == {("Borealis", "Draft")}


def subscribe(page: Page) -> str:
    page.locator(".export summary").first.click()
    page.get_by_role("button", name="Subscribe…").first.click()
    page.get_by_role("button", name="Make an address").click()
    field = page.get_by_label("The address")
    expect(field).to_have_value(re.compile(r"/feeds/.+\.ics$"))
    return field.input_value()


def test_a_calendar_is_subscribed_to_and_ended(running: Server, visit: Visit):
    page = visit(running, "/board/?client=ACME", running.world.ana)
    address = subscribe(page)
    path = address[address.index("/feeds/") :]
    link = page.get_by_role("link", name="Open in the calendar program")
    expect(link).to_have_attribute("href", re.compile(r"^webcal://"))
    with urlopen(running.url + path) as answer:
        told = vobject.readOne(answer.read().decode())
    assert all(one.summary.value.startswith("ACME-") for one in told.vevent_list)
    page.get_by_role("button", name="End the calendar Acme").click()
    expect(page.get_by_text("Your calendars")).to_have_count(0)
    expect(page.get_by_label("The address")).to_have_count(0)


def test_the_client_takes_its_plan_along(running: Server, visit: Visit):
    page = visit(running, "/review/", running.world.cleo)
    page.get_by_role("button", name="What is planned").click()
    address = subscribe(page)
    with urlopen(running.url + address[address.index("/feeds/") :]) as answer:
        assert f"{running.world.borealis.key}-".encode() not in answer.read()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_label("The address")).to_have_count(0)
    with page.expect_download() as caught:
        page.locator(".export-form").first.get_by_role("button", name="PDF").click()
    assert caught.value.suggested_filename == "plan-ACME.pdf"
