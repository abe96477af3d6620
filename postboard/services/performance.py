"""Performance: the charts and words of the page, of the posts and clients that an actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from postboard.charts import against_benchmark, in_words, weekly
from postboard.charts.figure import figure
from postboard.charts.spec import Chart, sent
from postboard.charts.table import as_csv
from postboard.db.queries import measured
from postboard.domain.benchmarks import OWN_DAYS, Choice
from postboard.domain.errors import NotFound
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor

__all__ = ["FLOW", "POSTS", "WEEK", "Look", "as_csv", "behind", "chart", "part"]

WEEK: Final = "week"
POSTS: Final = (against_benchmark.KEY, weekly.KEY)
FLOW: Final = ()
