"""The client's page as a person on a phone sees and handles it."""

from playwright.sync_api import Locator, Page, expect


class ReviewPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector(".deck-head p, .review-thanks")

    @property
    def post(self) -> Locator:
        return self.page.locator("article.deck-post")

    @property
    def news(self) -> Locator:
        return self.page.locator(".review-news")

    def turn_to(self, words: str) -> None:
        """Leaf through what waits, from its beginning, until the post with these words is shown."""
        self.post.wait_for()
        while self._turn("Previous post"):
            pass
        while words not in self.post.inner_text():
            assert self._turn("Next post"), f"nothing that waits says {words}"

    def _turn(self, button: str) -> bool:
        way, place = self.page.get_by_role("button", name=button), self.page.locator(".deck-head p")
        if way.is_disabled():
            return False
        before = place.inner_text()
        way.tap()
        expect(place).not_to_have_text(before)
        self.post.wait_for()
        return True

    def button(self, name: str) -> Locator:
        return self.page.locator(".deck-bar").get_by_role("button", name=name, exact=True)

    def approve(self) -> None:
        self.button("Approve").tap()

    @property
    def undo(self) -> Locator:
        return self.page.locator(".undo-bar")

    def take_back(self) -> None:
        self.undo.get_by_role("button", name="Undo").tap()

    @property
    def sheet(self) -> Locator:
        return self.page.locator("dialog.sheet")

    def request_changes(self, tag: str, words: str) -> None:
        self.button("Request changes").tap()
        sheet = self.page.locator("dialog.sheet")
        sheet.get_by_role("button", name=tag, exact=True).tap()
        sheet.locator("textarea").fill(words)
        sheet.get_by_role("button", name="Send").tap()
