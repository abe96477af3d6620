"""What the demo's posts and accounts achieved: invented, the same for everybody, brought in as an
export is.

Beside the posts that were made here there are some of before Postboard, as every agency has them.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from postboard.db.engine import Database
from postboard.demo.account_days import days_export, reached_by_day
from postboard.demo.agency import Brand
from postboard.demo.catalogue import BRANDS, WRITTEN
from postboard.demo.times import midnight
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import metric_files, metrics_import
from postboard.services.metric_choices import Said
from postboard.services.metrics_import import EVERY_WORD

WEEKS: Final = 26
A_WEEK: Final = {"instagram": 4, "facebook": 3}
"""Posts of before Postboard; only these networks' exports are made up."""
_HEADER: Final = (
    *("Post ID", "Page ID", "Page name", "Platform", "Publish time", "Permalink", "Description"),
    *("Post type", "Date", "Views", "Reach", "Reactions", "Comments", "Shares", "Saves"),
    *("Link clicks",),
)
_NETWORK, _AT, _REACH = (_HEADER.index(name) for name in ("Platform", "Publish time", "Reach"))
_AT_FORMAT: Final = "%m/%d/%Y %H:%M"
_SEEN: Final = {"instagram": 2_600, "facebook": 1_400}
"""How often a post is shown, at the median."""
_RATE: Final = {"instagram": 0.042, "facebook": 0.019}
_KINDS: Final = {"Photo": 1.0, "Carousel": 1.25, "Reel": 1.6}
"""What a kind of post does to its rate."""
_HOURS: Final = (7, 8, 11, 12, 17, 18, 19, 20)
_GROWTH: Final = 0.35
"""From the first week to the last."""


def bring_figures(database: Database, manager: Actor, now: datetime) -> None:
    """For every client with an account that such an export is of."""
    with TemporaryDirectory() as folder:

        def bring(brand: Brand, name: str, rows: Iterable[Sequence[str]], said: Said) -> None:
            path = Path(folder) / f"{name}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
            metrics_import.commit(
                database,
                manager,
                brand.name,
                metric_files.given(path, path.name),
                said,
                clock=lambda: now,
                confirmed=EVERY_WORD,
            )

        for brand in BRANDS:
            posts = list(_rows(brand, now))
            bring(brand, brand.name, [_HEADER, *posts], Said(zone=brand.zone))
            today = midnight(ZoneInfo(brand.zone), now).date()
            for network, handle in _accounts(brand):
                mine = (row for row in posts if row[_NETWORK] == network.title())
                reached = reached_by_day((_day_of(row), int(row[_REACH])) for row in mine)
                # The oldest post too has an account of some size.
                rows = days_export(brand, network, reached, today, WEEKS + 1)
                said = Said(handle, network, brand.zone, columns={"Followers": "followers"})
                bring(brand, f"{handle} {network}", rows, said)


def _rows(brand: Brand, now: datetime) -> Iterator[list[str]]:
    chance = Random(f"{brand.name}'s figures")  # noqa: S311 - the same world for everybody
    today = midnight(ZoneInfo(brand.zone), now)
    number = 0
    for network, handle in _accounts(brand):
        for at, text, kind in sorted(
            [*_of_ours(brand, network, today), *_of_before(brand, network, today, chance)]
        ):
            number += 1
            yield _row(brand, network, handle, number, (at, text, kind), today, chance)


def _day_of(row: Sequence[str]) -> date:
    at = datetime.strptime(row[_AT], _AT_FORMAT)  # noqa: DTZ007 - an export says it by its own clock
    return at.date()


def _accounts(brand: Brand) -> list[tuple[str, str]]:
    return [(network, handle) for network, handle in brand.accounts if network in A_WEEK]


Published = tuple[datetime, str, str]
"""When, by the client's clock; its words; its kind."""


def _of_ours(brand: Brand, network: str, today: datetime) -> Iterator[Published]:
    for whose, story in WRITTEN:
        if whose is brand and story.state is State.PUBLISHED and network in story.networks:
            at = today + timedelta(days=story.day or 0, hours=story.hour)
            yield at, story.caption, "Carousel" if len(story.pictures) > 1 else "Photo"


def _of_before(brand: Brand, network: str, today: datetime, chance: Random) -> Iterator[Published]:
    lines = [story.caption.split("\n")[0] for whose, story in WRITTEN if whose is brand]
    for back in range(1, WEEKS + 1):
        monday = today - timedelta(days=today.weekday() + 7 * back)
        for day in sorted(chance.sample(range(7), A_WEEK[network])):
            at = monday + timedelta(days=day, hours=chance.choice(_HOURS), minutes=30)
            yield at, f"{chance.choice(lines)} ({at:%m-%d})", chance.choice([*_KINDS])


def _row(
    brand: Brand,
    network: str,
    handle: str,
    number: int,
    published: Published,
    today: datetime,
    chance: Random,
) -> list[str]:
    at, text, kind = published
    weeks_ago = (today - at).days / 7
    seen = round(_SEEN[network] * chance.lognormvariate(0, 0.45))
    rate = _RATE[network] * _KINDS[kind] * chance.lognormvariate(0, 0.35)
    if chance.random() < 0.03:  # noqa: PLR2004 - now and then one travels far
        seen, rate = seen * 3, rate * 1.5
    engaged = round(seen * rate * (1 + _GROWTH * (1 - weeks_ago / WEEKS)))
    comments, shares = round(engaged * 0.09), round(engaged * 0.07)
    saves = round(engaged * 0.05)
    likes = engaged - comments - shares - saves
    return [
        f"{_page(brand.name, network)}{number:06}",
        f"{_page(brand.name, network)}",
        handle,
        network.title(),
        at.strftime(_AT_FORMAT),
        f"https://{network}.example/{handle.lstrip('@')}/{number}",
        text,
        kind,
        "Lifetime",
        *(str(count) for count in (seen, round(seen * 0.82), likes, comments, shares)),
        str(saves) if network == "instagram" else "",
        "" if network == "instagram" else str(round(seen * 0.012)),
    ]


def _page(*names: str) -> int:
    """A number of six digits that is always the same for these names."""
    return 100_000 + sum(ord(letter) * (place + 1) for place, letter in enumerate("".join(names)))
