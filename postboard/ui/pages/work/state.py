"""What the page of one's own work knows and can do."""

from datetime import UTC, datetime, timedelta
from typing import Final

import reflex as rx

from postboard.db.queries import at_risk
from postboard.db.queries import work as query
from postboard.db.queries.at_risk import Chance
from postboard.db.queries.news import Told
from postboard.db.queries.work import MailTrouble, MyTask, Part, ToJudge
from postboard.domain.permissions import STAFF_ROLES, Role
from postboard.services import guideline_pages, notices, queues
from postboard.services.guideline_pages import ToRead
from postboard.ui.components.task_doing import DoesTasks
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.layout import Shell
from postboard.ui.session import now, toast
from postboard.ui.words import _

FORESEEN_FOR: Final = timedelta(minutes=5)
"""How long the odds are believed while every post stays in its state."""


class WorkState(DoesTasks, rx.State):
    loaded: bool = False
    parts: list[Part] = []
    sent_back: list[MyTask] = []
    to_read: list[ToRead] = []
    """Guidelines that hold in a version they have not acknowledged; of somebody new, all."""
    to_judge: list[ToJudge] = []
    notices: list[Told] = []
    unread: int = 0
    mail: MailTrouble | None = None
    jobs: MailTrouble | None = None
    inbound: str = ""
    risks: dict[str, Chance] = {}
    """Of the posts at risk, by their ids."""
    _foreseen: dict[str, str] = {}
    _foreseen_at: datetime = datetime.min.replace(tzinfo=UTC)

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        await self._reread()
        return WorkState.look_ahead

    @rx.event
    @allow(*STAFF_ROLES)
    async def look_ahead(self):
        """How likely it all is in time; read once what there is to do stands there."""
        tasks = [*(task for part in self.parts for task in part.tasks), *self.sent_back]
        stand = {item.post_id: item.post.state for item in [*tasks, *self.to_judge]}
        if stand == self._foreseen and now() < self._foreseen_at + FORESEEN_FOR:
            return
        self._foreseen, self._foreseen_at = stand, now()
        found = await self._read(at_risk.chances, [as_key(one) for one in stand], now=now())
        self.risks = {one.post_id: one for one in found if one.at_risk}

    @rx.event
    @allow(*STAFF_ROLES)
    async def read(self, notice_id: str):
        await self._write(notices.read, [as_key(notice_id)])
        await self._reread()

    @rx.event
    @allow(*STAFF_ROLES)
    async def read_all(self):
        await self._write(notices.read_all)
        await self._reread()

    @rx.event
    @allow(Role.ADMIN)
    async def retry_mail(self):
        await self._write(queues.retry, queues.MAIL)
        await self._reread()
        return toast(_("Sending is tried again."))

    @rx.event
    @allow(Role.ADMIN)
    async def retry_jobs(self):
        await self._write(queues.retry, queues.JOBS)
        await self._reread()
        return toast(_("What failed is tried again."))

    async def _reread(self) -> None:
        found = await self._read(query.work, now=now())
        self.parts, self.sent_back = found.parts, found.sent_back
        self.to_judge, self.notices = found.to_judge, found.notices
        self.to_read = await self._read(guideline_pages.to_read)
        self.unread = sum(notice.unread for notice in found.notices)
        self.mail = found.mail
        self.jobs = found.jobs
        self.inbound = found.inbound
        self.loaded = True
        shell = await self.get_state(Shell)
        shell.waiting = await self._read(query.count)
