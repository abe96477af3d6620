"""Each chart of so many posts, with the ways that its page can ask for it."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Final

from postboard.charts.against_benchmark import against_benchmark
from postboard.charts.audience import audience
from postboard.charts.best_posts import Ranking, best_posts
from postboard.charts.by_group import Grouping, by_group
from postboard.charts.by_hour import by_hour
from postboard.charts.plan_kept import Slot, plan_kept
from postboard.charts.spec import Chart
from postboard.charts.weekly import weekly
from postboard.domain.benchmarks import OWN, Choice
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.figures import MeasuredPost
from postboard.domain.periods import Period, day_of
from tests.charts.rows import BERLIN, NOW, day_of_account, named, rate

BASIS: Final = Basis(Engagement.PUBLIC, Denominator.FOLLOWERS)
RIVAL_IQ: Final = Choice("Rival IQ", BASIS)
QUARTER: Final = Period(date(2026, 1, 5), date(2026, 3, 29))
LAST: Final = QUARTER.last
NETWORKS: Final = ("instagram", "facebook", "x", "linkedin", "tiktok")
FORMATS: Final = ("image", "reel", "video", "carousel", "story", "")
CHINESE: Final = "清晨六点，新鲜出炉的面包配上一杯热咖啡，欢迎来店里坐坐，我们每天都在这里等你"


def of_one_network(n: int) -> list[MeasuredPost]:
    """Spread over the quarter and the one before, most of them in the quarter."""
    return [_post(place, place * 7 % 84, "instagram") for place in range(n)]


def of_all(n: int) -> list[MeasuredPost]:
    """Twice as many: the period before has as many again."""
    return [
        _post(place, place * 11 % 84 + back, NETWORKS[place % len(NETWORKS)])
        for back in (0, 84)
        for place in range(n)
    ]


def _post(place: int, back: int, network: str) -> MeasuredPost:
    timeless = network in {"x", "linkedin"}
    at = None if timeless else time(place * 5 % 24, place % 60)
    one = rate(
        LAST - timedelta(days=back),
        3 + place * 37 % 90,
        network=network,
        at=at,
        kind=FORMATS[place % len(FORMATS)],
    )
    return named(one, text=CHINESE, pillar=f"支柱 {place % 20}", campaign="")


def slots(n: int) -> list[Slot]:
    posts = of_all(n)
    return [
        Slot(
            one.id,
            one.network,
            None if place % 7 == 3 else day_of(one),
            None if place % 5 == 1 else day_of(one),
        )
        for place, one in enumerate(posts)
    ]


EVERY: Final[dict[str, Callable[[int], Chart]]] = {
    "against benchmark": lambda n: against_benchmark(of_all(n), QUARTER, RIVAL_IQ, NOW),
    "against ours": lambda n: against_benchmark(of_all(n), QUARTER, Choice(OWN, BASIS), NOW),
    "weekly": lambda n: weekly(of_one_network(n), LAST, RIVAL_IQ, NOW, BERLIN),
    "weekly of several": lambda n: weekly(of_all(n), LAST, RIVAL_IQ, NOW, BERLIN),
    "plan kept": lambda n: plan_kept(slots(n), QUARTER, NOW.date(), "Rival IQ"),
    "best posts": lambda n: best_posts(of_all(n), QUARTER, BASIS, Ranking.RAW, NOW),
    "best rates": lambda n: best_posts(of_all(n), QUARTER, BASIS, Ranking.RATE, NOW),
    "by format": lambda n: by_group(of_all(n), QUARTER, BASIS, Grouping.FORMAT, NOW),
    "by pillar": lambda n: by_group(of_all(n), QUARTER, BASIS, Grouping.PILLAR, NOW),
    "by hour": lambda n: by_hour(of_all(n), QUARTER, BASIS, NOW),
    "audience": lambda n: audience(
        [
            day_of_account(
                LAST - timedelta(days=day), f"brand {account}", followers=1_000 + day, reach=9
            )
            for account in range(min(n, 7))
            for day in range(168)
        ],
        QUARTER,
    ),
}
