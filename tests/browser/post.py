"""A post's page as its people see and handle it."""

import re
from uuid import UUID

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Client, Post
from tests.browser.server import Server


class PostPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.field("caption").wait_for()

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[data-field="{name}"]:is(input,textarea)')

    def write(self, name: str, words: str) -> None:
        self.field(name).fill(words)
        self.saved()

    def saved(self) -> None:
        expect(self.page.locator(".save-line")).to_have_text("All saved")

    def part(self, name: str) -> Locator:
        """Open one of the parts beside the words."""
        self.page.locator(f"#tab-{name}").click()
        return self.page.locator(f"#part-{name}")

    def state(self, name: str) -> None:
        expect(self.page.locator(".post-state")).to_have_text(name)

    def step(self, name: str) -> None:
        """Take a step, be it the next one or another."""
        steps = self.page.locator(".steps")
        nxt = steps.locator("> .button-primary").get_by_text(name, exact=True)
        others = steps.locator(".step-menu")
        expect(nxt.or_(others.get_by_text(name, exact=True)).first).to_be_attached()
        if nxt.count():
            nxt.click()
        else:
            others.locator("summary").click()
            others.locator(".dialog-choice").filter(has_text=re.compile(f"^{name}")).click()

    def toast(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(".toast").filter(has_text=words)).to_be_visible()

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog")


def key_of(server: Server, post_id: UUID) -> str:
    with server.database.read() as session:
        key, number = session.execute(
            select(col(Client.key), col(Post.number))
            .join(Client, col(Client.id) == col(Post.client_id))
            .where(col(Post.id) == post_id)
        ).one()
    return f"{key}-{number}"
