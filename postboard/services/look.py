"""What the performance page looks at, and what it holds it beside."""

from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from postboard.charts.best_posts import Ranking
from postboard.charts.by_group import Grouping
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import EVERYTHING, Filter
from postboard.domain.benchmarks import OWN, Choice
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.periods import Period

BASIS: Final = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)
"""What nearly every network tells, so what is shown first."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at, and what it is held beside."""

    period: Period
    asked: Filter = EVERYTHING
    flow: FlowFilters = field(default_factory=FlowFilters)
    """The same of posts on their way."""
    choice: Choice = field(default_factory=lambda: Choice(OWN, BASIS))
    ranking: Ranking = Ranking.RAW
    grouping: Grouping = Grouping.FORMAT
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The clock of whoever looks."""
