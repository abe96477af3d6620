"""The guidelines of the demo: written, published, read by most, and once let go by."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from postboard.db.queries import guidelines as query
from postboard.demo.agency import ACME, ADMIN, BOREALIS, CAST, MANAGER, MUSEUM, XINGHE, Brand, Part
from postboard.demo.times import next_office
from postboard.domain.guidelines import Guideline, guideline_from_json
from postboard.domain.permissions import Actor
from postboard.services import checks, guideline_files, guidelines, waivers

_FOLDER: Final = Path(__file__).with_name("guidelines")
_WRITTEN_FOR: Final = timedelta(minutes=50)
_READ_FOR: Final = timedelta(minutes=12)
_SECOND_AGO: Final = timedelta(days=4)
_FIRST: Final[Sequence[tuple[str, Brand | None, str, frozenset[str]]]] = (
    ("agency", None, "The first version, from all our notes.", frozenset({"kenji", "omar"})),
    ("acme", ACME, "", frozenset({ADMIN})),
    ("borealis", BOREALIS, "", frozenset({ADMIN, "dina"})),
    ("xinghe", XINGHE, "第一版，广告法一节由陈薇审过。", frozenset({ADMIN, "kenji", "iris"})),
    ("museum", MUSEUM, "", frozenset()),
)
"""The file, whose it is, what is said of it, and who has not read it yet."""
_NEW_IN_SECOND: Final = "Growers, not farmers; and the summer campaign."
_READ_SECOND: Final = ("aron", "ben", "cora")


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that somebody did beside the posts, to be told at its time."""

    at: datetime
    do: Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class _Shelf:
    cast: Mapping[str, Actor]
    clients: Mapping[str, UUID]

    def owner(self, brand: Brand | None) -> UUID | None:
        return self.clients[brand.name] if brand else None

    def writer(self, brand: Brand | None) -> str:
        return brand.team[Part.ACCOUNT] if brand else MANAGER

    def staff(self, brand: Brand | None) -> list[str]:
        """Whom it is for, in the order of the cast."""
        brands = (brand,) if brand else (ACME, BOREALIS, XINGHE, MUSEUM)
        parts = (part for part in Part if part not in {Part.CLIENT, Part.CLOCK})
        team = {one.team[part] for part in parts for one in brands}
        return [key for key in CAST if key in team | {ADMIN, MANAGER}]

    def publish(self, name: str, brand: Brand | None, note: str, at: datetime) -> Aside:
        owner, actor = self.owner(brand), self.cast[self.writer(brand)]

        def do(session: Session) -> None:
            known = query.draft(session, owner).version
            read = _read(name)
            version = guideline_files.bring_in(session, actor, owner, read, version=known, now=at)
            guidelines.publish(session, actor, owner, version=version, note=note, now=at)

        return Aside(at, do)

    def read(self, key: str, brand: Brand | None, number: int, at: datetime) -> Aside:
        owner, actor = self.owner(brand), self.cast[key]
        return Aside(at, lambda s: guidelines.acknowledge(s, actor, owner, number, now=at))

    def demand(self, brand: Brand, at: datetime) -> Aside:
        owner, actor = self.owner(brand), self.cast[self.writer(brand)]

        def do(session: Session) -> None:
            version = query.draft(session, owner).version
            guidelines.demand(session, actor, owner, must_be_read=True, version=version, now=at)

        return Aside(at, do)


def guidelines_of(
    cast: Mapping[str, Actor], clients: Mapping[str, UUID], since: datetime, now: datetime
) -> list[Aside]:
    """One after the other in office hours from `since` on; one of them has two versions."""
    shelf = _Shelf(cast, clients)
    told = list(_first_versions(shelf, since))
    told += _second_version(shelf, max(one.at for one in told), now)
    return sorted(told, key=lambda one: one.at)


def let_pass(session: Session, actor: Actor, post_id: UUID, reason: str, *, now: datetime) -> None:
    """What stops the post by its guideline."""
    for one in checks.check(session, actor, post_id, now=now):
        if one.blocks and one.finding.passage:
            waivers.waive(session, actor, post_id, one.finding.key, reason, now=now)


def _first_versions(shelf: _Shelf, since: datetime) -> Iterator[Aside]:
    at = since
    for name, brand, note, unread in _FIRST:
        at = _at_work(shelf.writer(brand), at + _WRITTEN_FOR)
        yield shelf.publish(name, brand, note, at)
        readers = [key for key in shelf.staff(brand) if key not in unread]
        for turn, key in enumerate(readers, 1):
            read_at = _at_work(key, at + turn * _READ_FOR)
            yield shelf.read(key, brand, 1, read_at)
    # The last one has to be read before work: everybody has.
    yield shelf.demand(MUSEUM, _at_work(shelf.writer(MUSEUM), at + timedelta(days=2)))


def _second_version(shelf: _Shelf, since: datetime, now: datetime) -> Iterator[Aside]:
    at = _at_work(shelf.writer(ACME), max(since, now - _SECOND_AGO))
    if at > now:
        return
    yield shelf.publish("acme.second", ACME, _NEW_IN_SECOND, at)
    for turn, key in enumerate(_READ_SECOND, 1):
        read_at = _at_work(key, at + turn * _READ_FOR)
        if read_at <= now:
            yield shelf.read(key, ACME, 2, read_at)


def _read(name: str) -> Guideline:
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return guideline_from_json(tomllib.load(file))


def _at_work(key: str, at: datetime) -> datetime:
    return next_office(at, ZoneInfo(CAST[key].zone))
