"""The calendar as a person sees and handles it."""

from datetime import date
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from tests.browser.board import box


class CalendarPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector('.cal-grid[aria-busy="false"]')
        page.wait_for_selector(".cal-grid [data-date], .cal-grid .cal-event, .cal-empty")

    def post(self, post_id: UUID) -> Locator:
        return self.page.locator(f'.cal-grid [data-post="{post_id.hex}"]').first

    def day(self, day: date) -> Locator:
        return self.page.locator(f'[role="cell"][data-date="{day.isoformat()}"]').first

    def on(self, day: date, post_id: UUID) -> Locator:
        place = f'[data-date="{day.isoformat()}"] [data-post="{post_id.hex}"]'
        return self.page.locator(place).first

    def drag(self, post_id: UUID, day: date) -> None:
        """By the mouse, onto the middle of a day."""
        start, end = box(self.post(post_id)), box(self.day(day))
        mouse = self.page.mouse
        mouse.move(start["x"] + 30, start["y"] + 8)
        mouse.down()
        mouse.move(start["x"] + 40, start["y"] + 14, steps=4)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 12, steps=10)
        mouse.up()

    def hour(self) -> float:
        """How high an hour of the week is, in px."""
        first, second = (
            box(self.page.locator(f'.cal-grid [data-time="{time}"]').first)["y"]
            for time in ("09:00:00", "10:00:00")
        )
        return second - first

    def drag_down(self, post_id: UUID, px: float) -> None:
        """By the mouse, within its day."""
        start = box(self.post(post_id))
        x, y = start["x"] + 30, start["y"] + 8
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 4, y + 10, steps=4)
        mouse.move(x, y + px, steps=10)
        mouse.up()

    def toast(self) -> str:
        toast = self.page.locator(".toast").last
        expect(toast).to_be_visible()
        return toast.locator("span").inner_text()
