"""Every kind of job, and the use case that does it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from postboard.services import late_approval, reminders
from postboard.services.jobs import Do

DOING: Final[Mapping[str, Do]] = MappingProxyType({**reminders.DOING, **late_approval.DOING})
