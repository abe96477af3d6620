"""Which post of ours a row of an export speaks of, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from postboard.db.queries import our_posts
from postboard.db.queries.our_posts import Ours
from postboard.domain.matching import LinkedBy, plain_words, same_words
from postboard.services.metric_rows import Sighting

_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Match:
    """One by words counts only once somebody confirms it."""

    ours: Ours
    by: LinkedBy

    @property
    def is_sure(self) -> bool:
        return self.by is not LinkedBy.WORDS


class Matcher:
    """Posts of one client, read month by month as rows ask for them."""

    def __init__(self, session: Session, client_id: UUID, zone: ZoneInfo) -> None:
        self._client_id, self._zone = client_id, zone
        self._links = our_posts.by_link(session, client_id)
        self._spoken: dict[tuple[str, date], list[tuple[str, Ours]]] = {}
        self._read: set[date] = set()

    def find(self, session: Session, seen: Sighting) -> Match | None:
        return self._by_link(seen) or self._by_words(session, seen)

    def _by_link(self, seen: Sighting) -> Match | None:
        if seen.platform_post_id:
            # Facebook writes page and post: 1011_2022.
            name = seen.platform_post_id.rpartition("_")[2]
            if ours := self._links.names.get((seen.network, name)):
                return Match(ours, LinkedBy.ID)
        ours = self._links.addresses.get(seen.address) if seen.address else None
        return Match(ours, LinkedBy.PERMALINK) if ours else None

    def _by_words(self, session: Session, seen: Sighting) -> Match | None:
        day = seen.published_on
        there = self._on(session, day).get((seen.network, day)) if day else None
        if not there:
            return None
        plain = plain_words(seen.text)
        found = {ours.id: ours for text, ours in there if same_words(text, plain)}
        return Match(next(iter(found.values())), LinkedBy.WORDS) if len(found) == 1 else None

    def _on(self, session: Session, day: date) -> Mapping[tuple[str, date], list[tuple[str, Ours]]]:
        first = day.replace(day=1)
        if first not in self._read:
            self._read.add(first)
            last = (first + _MONTH).replace(day=1) - timedelta(days=1)
            spoken = our_posts.by_words(session, self._client_id, first, last, self._zone)
            self._spoken.update(spoken)
        return self._spoken
