"""Every kind of job, and the use case that does it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from postboard.services import absences, contract_watch, late_approval, reminders, stand_ins
from postboard.services.jobs import Do

DOING: Final[Mapping[str, Do]] = MappingProxyType(
    {
        **reminders.DOING,
        **late_approval.DOING,
        **stand_ins.DOING,
        **absences.DOING,
        **contract_watch.DOING,
    }
)
