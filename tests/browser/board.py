"""The board as a person sees and handles it."""

from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from postboard.domain.workflow import Column


class BoardPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector(".card[data-post]")

    def column(self, column: Column) -> Locator:
        return self.page.locator(f'section[data-column="{column}"]')

    def card(self, post_id: UUID) -> Locator:
        return self.page.locator(f'.card[data-post="{post_id.hex}"]')

    def card_in(self, column: Column, post_id: UUID) -> Locator:
        return self.column(column).locator(f'.card[data-post="{post_id.hex}"]')

    def count(self, column: Column) -> int:
        return int(self.column(column).locator(".count").inner_text())

    def counts(self) -> dict[str, int]:
        return {
            str(section.get_attribute("data-column")): int(section.locator(".count").inner_text())
            for section in self.page.locator("section.column").all()
        }

    def drag(self, post_id: UUID, column: Column) -> None:
        """Drop a card on top of a column with the mouse."""
        self.carry(post_id, column)
        self.page.mouse.up()

    def carry(self, post_id: UUID, column: Column) -> None:
        card = self.card(post_id)
        card.scroll_into_view_if_needed()
        start = box(card)
        self.page.mouse.move(start["x"] + 80, start["y"] + 30)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 90, start["y"] + 40, steps=4)
        end = box(self.column(column).locator(".column-cards"))
        self.page.mouse.move(end["x"] + 130, end["y"] + 60, steps=10)
        self.page.mouse.move(end["x"] + 130, end["y"] + 50, steps=3)
        over = self.column(column).and_(self.page.locator("[data-forbidden], :has([data-over])"))
        over.wait_for()

    def choose(self, post_id: UUID, action: str) -> None:
        """Take a step by the card's menu."""
        card = self.card(post_id)
        card.hover()
        card.locator(".card-menu").click()
        self.page.locator(".dialog-choice", has_text=action).click()

    def toast(self) -> str:
        toast = self.page.locator(".toast").last
        expect(toast).to_be_visible()
        return toast.locator("span").inner_text()


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found
    return dict(found)
