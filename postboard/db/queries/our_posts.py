"""Posts of ours that an export may speak of: by their published links, or by day and words."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from postboard.db.models import Client, Post, Revision, table_of
from postboard.db.queries.revisions import words_in
from postboard.domain.clock import to_utc
from postboard.domain.matching import address_of, name_in, network_of, plain_words
from postboard.domain.workflow import SPECS, Column, State

_POST, _CLIENT = table_of(Post), table_of(Client)
_OUT: Final = sorted(
    state
    for state in State
    if SPECS[state].column in {Column.APPROVED, Column.SCHEDULED, Column.PUBLISHED}
)
"""A post may have gone out by hand before anybody said so here."""
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ours:
    """A post of ours, by its id and its key ("ACME-12")."""

    id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class ByLink:
    """Posts of one client by what their published links say; what two share names neither."""

    addresses: Mapping[str, Ours] = field(default_factory=dict[str, Ours])
    names: Mapping[tuple[str, str], Ours] = field(default_factory=dict[tuple[str, str], Ours])
    """By network and the network's own name for the post."""


def by_link(session: Session, client_id: UUID) -> ByLink:
    rows: Any = session.execute(
        select(_POST.c.id, _CLIENT.c.key, _POST.c.number, _POST.c.published_link)
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .where(_POST.c.client_id == client_id, _POST.c.published_link.is_not(None))
    )
    addresses: dict[str, list[Ours]] = defaultdict(list)
    names: dict[tuple[str, str], list[Ours]] = defaultdict(list)
    for post_id, key, number, link in rows:
        ours = Ours(post_id, f"{key}-{number}")
        if address := address_of(link):
            addresses[address].append(ours)
        if name := name_in(link):
            names[network_of(link), name].append(ours)
    return ByLink(_only(addresses), _only(names))


Spoken = Mapping[tuple[str, date], list[tuple[str, Ours]]]
"""By network and day on the client's clock: what was said there, as plain words, and by which."""


def by_words(session: Session, client_id: UUID, since: date, until: date, zone: ZoneInfo) -> Spoken:
    """What was planned for those days (both included) and may have gone out: one query."""
    first = to_utc(datetime.combine(since, time()), zone)
    end = to_utc(datetime.combine(until + _A_DAY, time()), zone)
    rows: Any = session.execute(
        select(Revision, _POST.c.id, _CLIENT.c.key, _POST.c.number, _POST.c.planned_at)
        .join(_POST, and_(_POST.c.id == Revision.post_id, _POST.c.revision == Revision.number))
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .where(
            _POST.c.client_id == client_id,
            _POST.c.state.in_(_OUT),
            _POST.c.planned_at >= first,
            _POST.c.planned_at < end,
        )
    )
    spoken: dict[tuple[str, date], list[tuple[str, Ours]]] = defaultdict(list)
    for revision, post_id, key, number, planned_at in rows:
        ours, words = Ours(post_id, f"{key}-{number}"), words_in(revision)
        day = planned_at.astimezone(zone).date()
        for network in words.networks:
            for text in {words.caption_on(network), words.title_on(network)}:
                if plain := plain_words(text):
                    spoken[network, day].append((plain, ours))
    return spoken


def _only(several: Mapping[Any, list[Ours]]) -> dict[Any, Ours]:
    return {key: ours[0] for key, ours in several.items() if len(ours) == 1}
