"""What the post's page knows of the post itself; each panel has a State of its own."""

import reflex as rx

from postboard.db.queries import post_page as query
from postboard.db.queries.post_page import PostFacts
from postboard.domain.permissions import STAFF_ROLES
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.pages.post import editor
from postboard.ui.session import Page


class PostPage(Page, rx.State):
    post: PostFacts | None = None
    campaigns: list[tuple[str, str]] = []
    pillars: list[str] = []
    accounts: dict[str, str] = {}

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        """The post that the address names."""
        key = str(self.router.url.query_parameters.get("key", ""))
        post_id = await self._read(query.find_by_key, key[:24])
        return await self._show(post_id.hex)

    @rx.event
    @allow(*STAFF_ROLES)
    async def refresh(self, post_id: str):
        """Something changed; what is being typed stays as it is."""
        return await self._show(post_id)

    async def _show(self, post_id: str) -> rx.event.EventSpec:
        seen = await self._read(query.opened, as_key(post_id))
        self.post, self.accounts = seen.facts, seen.accounts
        self.campaigns, self.pillars = seen.campaigns, seen.pillars
        return editor.show(seen)
