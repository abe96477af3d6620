"""What the page of one's own work knows and can do."""

import reflex as rx

from postboard.db.queries import work as query
from postboard.db.queries.work import MailTrouble, MyTask, Part, ToJudge, Told
from postboard.domain.permissions import STAFF_ROLES, Role
from postboard.services import notices, queues
from postboard.ui.components.task_doing import DoesTasks
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.layout import Shell
from postboard.ui.session import now, toast
from postboard.ui.words import _


class WorkState(DoesTasks, rx.State):
    loaded: bool = False
    parts: list[Part] = []
    sent_back: list[MyTask] = []
    to_judge: list[ToJudge] = []
    notices: list[Told] = []
    unread: int = 0
    mail: MailTrouble | None = None
    jobs: MailTrouble | None = None
    inbound: str = ""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self):
        await self._reread()

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
        self.unread = sum(notice.unread for notice in found.notices)
        self.mail = found.mail
        self.jobs = found.jobs
        self.inbound = found.inbound
        self.loaded = True
        shell = await self.get_state(Shell)
        shell.waiting = await self._read(query.count)
