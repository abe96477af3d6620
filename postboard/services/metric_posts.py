"""The only writer of measured posts and their snapshots: it keeps each post's newest figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from postboard.db.metric_models import AccountDay, MetricImport, MetricPost, MetricSnapshot
from postboard.db.models import Client, table_of
from postboard.domain.figures import METRICS
from postboard.domain.matching import LinkedBy
from postboard.services.metric_matching import Match
from postboard.services.metric_rows import DaySeen, Sighting

LIFETIME: Final = "lifetime"
DAY_FIGURES: Final = ("followers", "follower_delta", "impressions", "reach", "profile_visits")

_METRIC_POST, _METRIC_SNAPSHOT, _CLIENT = (
    table_of(MetricPost),
    table_of(MetricSnapshot),
    table_of(Client),
)
_DAY, _IMPORT = table_of(AccountDay), table_of(MetricImport)
_DESCRIBED: Final = (
    "account",
    "identity",
    "platform_post_id",
    "permalink",
    "address",
    "words",
    "text",
    "format",
    "published_on",
    "published_at",
    "has_time",
    "post_id",
    "linked_by",
    "captured_at",
    "window",
    "latest_import_id",
)
_KNOWN: Final = (
    _METRIC_POST.c.id,
    _METRIC_POST.c.network,
    *(_METRIC_POST.c[name] for name in _DESCRIBED),
)
_CHANGE: Final = update(_METRIC_POST).where(_METRIC_POST.c.id == bindparam("which"))
_ADD: Final = insert(_METRIC_POST)
_SNAP: Final = insert(_METRIC_SNAPSHOT)


@dataclass(frozen=True, slots=True)
class Known:
    """A measured post as the tables have it."""

    id: UUID
    network: str
    account: str
    identity: str
    platform_post_id: str
    permalink: str
    address: str
    words: str
    text: str
    format: str
    published_on: Any
    published_at: datetime | None
    has_time: bool
    post_id: UUID | None
    linked_by: LinkedBy | None
    captured_at: datetime
    window: str
    latest_import_id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables know of the posts of some rows."""

    identities: dict[tuple[str, str], list[Known]] = field(default_factory=dict[Any, Any])
    addresses: dict[tuple[str, str], list[Known]] = field(default_factory=dict[Any, Any])
    words: dict[tuple[str, str], list[Known]] = field(default_factory=dict[Any, Any])

    def of(self, seen: Sighting) -> Known | None:
        """By the network's id, else by the address, else by account, day and words.

        Two posts of one address or with the same words are not told apart by them.
        """
        if known := self.identities.get((seen.network, seen.identity)):
            return known[0]
        for key, among in ((seen.address, self.addresses), (seen.words, self.words)):
            fitting = [one for one in among.get((seen.network, key), ()) if _may_be(one, seen)]
            if key and len(fitting) == 1:
                return fitting[0]
        return None


@dataclass(frozen=True, slots=True)
class Written:
    """How many posts of some rows were new and how many known; the numbers of rows left out."""

    new: int
    updated: int
    left_out: tuple[int, ...] = ()


def known(session: Session, client_id: UUID, rows: Sequence[Sighting]) -> Found:
    """At the same cost for one row and for a batch: a query for each way to know a post."""
    found = Found()
    left = list(rows)
    for name, among in (
        ("identity", found.identities),
        ("address", found.addresses),
        ("words", found.words),
    ):
        for one in _known_by(session, client_id, name, left):
            among.setdefault((one.network, getattr(one, name)), []).append(one)
        left = [row for row in left if found.of(row) is None]
    return found


def lock(session: Session, client_id: UUID) -> None:
    """Two imports for one client write one after the other, or one post would be made twice."""
    session.execute(
        select(_CLIENT.c.id).where(_CLIENT.c.id == client_id).with_for_update(key_share=True)
    )


def write(
    session: Session,
    client_id: UUID,
    import_id: UUID,
    captured_at: datetime,
    rows: Sequence[tuple[Sighting, Match | None]],
) -> Written:
    """A snapshot for every row, in one statement each for new posts, known ones and snapshots."""
    if not rows:
        return Written(0, 0)
    found = known(session, client_id, [seen for seen, _match in rows])
    taken = _snapped(session, import_id, found)
    new: list[dict[str, Any]] = []
    snapshots: list[dict[str, Any]] = []
    changed: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    left_out: list[int] = []
    for seen, match in rows:
        there = found.of(seen)
        if there and there.id in taken:
            left_out.append(seen.number)
            continue
        post_id = there.id if there else uuid4()
        taken.add(post_id)
        told = {name: getattr(seen.figures, name) for name in METRICS}
        latest = {"captured_at": captured_at, "window": seen.window, "latest_import_id": import_id}
        if there is None:
            row = {"id": post_id, "client_id": client_id, **_row(seen, match)}
            new.append({**row, **latest, **told})
        elif shows := _is_newest(there, seen, captured_at):
            changed[shows].append(
                {"which": post_id, **_changes(there, seen, match), **latest, **told}
            )
        else:
            changed[shows].append({"which": post_id, **_changes(there, seen, match)})
        keys = {"metric_post_id": post_id, "import_id": import_id, "captured_at": captured_at}
        snapshots.append({**keys, "window": seen.window, "raw": dict(seen.raw), **told})
    for statement, values in (
        (_ADD, new),
        (_CHANGE, changed[True]),
        (_CHANGE, changed[False]),
        (_SNAP, snapshots),
    ):
        if values:
            session.execute(statement, values)
    updated = len(changed[True]) + len(changed[False])
    return Written(len(new), updated, tuple(left_out))


def write_days(
    session: Session, client_id: UUID, import_id: UUID, rows: Sequence[DaySeen]
) -> Written:
    """Several rows may each say a part of one day: of two that say the same the later counts."""
    if not rows:
        return Written(0, 0)
    known = known_days(session, client_id, rows)
    days: dict[tuple[Any, ...], dict[str, Any]] = {}
    for seen in rows:
        of = days.setdefault((seen.network, seen.account, seen.row.day), {"raw": {}})
        said = {name: getattr(seen.row, name) for name in DAY_FIGURES}
        of.update({name: value for name, value in said.items() if value is not None})
        of["raw"] |= seen.row.raw
    there = _days_of(session, import_id, days)
    blank = dict.fromkeys(DAY_FIGURES)
    new = [
        {"import_id": import_id, "client_id": client_id, **_place(key), **blank, **said}
        for key, said in days.items()
        if key not in there
    ]
    if new:
        session.execute(insert(_DAY), new)
    for key, said in days.items():
        if key in there:
            which = [_DAY.c[name] == value for name, value in _place(key).items()]
            whole = {**said, "raw": {**there[key], **said["raw"]}}
            session.execute(
                update(_DAY).where(_DAY.c.import_id == import_id, *which).values(**whole)
            )
    first = sum(key not in known for key in days)
    return Written(first, len(rows) - first)


def known_days(
    session: Session, client_id: UUID, days: Sequence[DaySeen]
) -> set[tuple[str, str, Any]]:
    found: Any = session.execute(
        select(_DAY.c.network, _DAY.c.account, _DAY.c.day)
        .where(
            _DAY.c.client_id == client_id,
            _DAY.c.network.in_({seen.network for seen in days}),
            _DAY.c.account.in_({seen.account for seen in days}),
            _DAY.c.day.in_({seen.row.day for seen in days}),
        )
        .distinct()
    )
    return {tuple(row) for row in found}


def count_followers(session: Session, client_id: UUID, accounts: Iterable[tuple[str, str]]) -> None:
    """Give the posts of these accounts (network, name) their followers on the day, or before."""
    for network, account in accounts:
        newest = (
            select(_DAY.c.followers)
            .join(_IMPORT, _IMPORT.c.id == _DAY.c.import_id)
            .where(
                _DAY.c.client_id == client_id,
                _DAY.c.network == network,
                _DAY.c.account == account,
                _DAY.c.day <= _METRIC_POST.c.published_on,
                _DAY.c.followers.is_not(None),
            )
            .order_by(_DAY.c.day.desc(), _IMPORT.c.captured_at.desc(), _IMPORT.c.created_at.desc())
            .limit(1)
            .correlate(_METRIC_POST)
            .scalar_subquery()
        )
        session.execute(
            update(_METRIC_POST)
            .where(
                _METRIC_POST.c.client_id == client_id,
                _METRIC_POST.c.network == network,
                _METRIC_POST.c.account == account,
            )
            .values(followers=newest)
        )


def take_back(session: Session, import_id: UUID, most: int) -> int:
    """Remove up to `most` snapshots of an import; posts show the newest that is left to them, and
    those that nothing else told of go.

    Returns:
        How many it removed.
    """
    ids = list(
        session.execute(
            select(_METRIC_SNAPSHOT.c.metric_post_id)
            .where(_METRIC_SNAPSHOT.c.import_id == import_id)
            .order_by(_METRIC_SNAPSHOT.c.metric_post_id)
            .limit(most)
        ).scalars()
    )
    if not ids:
        return 0
    session.execute(
        delete(_METRIC_SNAPSHOT).where(
            _METRIC_SNAPSHOT.c.import_id == import_id, _METRIC_SNAPSHOT.c.metric_post_id.in_(ids)
        )
    )
    newest = _newest(session, ids)
    if newest:
        names = ("captured_at", "window", *METRICS)
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        session.execute(_CHANGE.values(latest_import_id=bindparam("new_import"), **values), newest)
    left = {one["which"] for one in newest}
    gone = [one for one in ids if one not in left]
    if gone:
        session.execute(delete(_METRIC_POST).where(_METRIC_POST.c.id.in_(gone)))
    return len(ids)


def take_back_days(session: Session, import_id: UUID) -> set[tuple[str, str]]:
    """Remove the days that an import told of.

    Returns:
        Their accounts, network first.
    """
    mine = _DAY.c.import_id == import_id
    rows: Any = session.execute(select(_DAY.c.network, _DAY.c.account).where(mine).distinct())
    accounts = {(network, account) for network, account in rows}
    session.execute(delete(_DAY).where(mine))
    return accounts


def _may_be(known: Known, seen: Sighting) -> bool:
    """Neither id nor address says that they are two; Facebook writes one address in two ways."""
    ids, addresses = {known.platform_post_id, seen.platform_post_id}, {known.address, seen.address}
    return len(ids - {""}) <= 1 and (len(addresses - {""}) <= 1 or seen.network == "facebook")


def _days_of(
    session: Session, import_id: UUID, days: Iterable[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Those of the days that this very import told of already, with their cells."""
    rows: Any = session.execute(
        select(_DAY.c.network, _DAY.c.account, _DAY.c.day, _DAY.c.raw).where(
            _DAY.c.import_id == import_id, _DAY.c.day.in_({key[2] for key in days})
        )
    )
    return {(network, account, day): raw for network, account, day, raw in rows}


def _place(day: tuple[Any, ...]) -> dict[str, Any]:
    return {"network": day[0], "account": day[1], "day": day[2]}


def _known_by(
    session: Session, client_id: UUID, name: str, rows: Sequence[Sighting]
) -> Iterator[Known]:
    values = {getattr(row, name) for row in rows} - {""}
    if not values:
        return
    found: Any = session.execute(
        select(*_KNOWN).where(
            _METRIC_POST.c.client_id == client_id,
            _METRIC_POST.c.network.in_({row.network for row in rows}),
            _METRIC_POST.c[name].in_(values),
        )
    )
    for row in found.all():
        yield Known(*row)


def _snapped(session: Session, import_id: UUID, found: Found) -> set[UUID]:
    """The posts that this very import told of already."""
    ways = (found.identities, found.addresses, found.words)
    every = {one.id for way in ways for group in way.values() for one in group}
    return set(
        session.execute(
            select(_METRIC_SNAPSHOT.c.metric_post_id).where(
                _METRIC_SNAPSHOT.c.import_id == import_id,
                _METRIC_SNAPSHOT.c.metric_post_id.in_(every),
            )
        ).scalars()
    )


def _row(seen: Sighting, match: Match | None) -> dict[str, Any]:
    return {
        "network": seen.network,
        "account": seen.account,
        "identity": seen.identity,
        "platform_post_id": seen.platform_post_id,
        "permalink": seen.permalink,
        "address": seen.address,
        "words": seen.words,
        "text": seen.text,
        "format": seen.format,
        "published_on": seen.published_on,
        "published_at": seen.published_at,
        "has_time": seen.has_time,
        "post_id": match.ours.id if match else None,
        "linked_by": match.by if match else None,
    }


def _is_newest(there: Known, seen: Sighting, captured_at: datetime) -> bool:
    """Lifetime figures are never replaced by those of some days: posts would seem to shrink."""
    return (seen.window == LIFETIME, captured_at) >= (there.window == LIFETIME, there.captured_at)


def _changes(there: Known, seen: Sighting, match: Match | None) -> dict[str, Any]:
    """What was not known is filled in."""
    dated = seen if seen.published_at and seen.has_time >= there.has_time else there
    return {
        "account": there.account or seen.account,
        "identity": max(there.identity, seen.identity, key=_strength),
        "platform_post_id": there.platform_post_id or seen.platform_post_id,
        "permalink": there.permalink or seen.permalink,
        "address": there.address or seen.address,
        "words": there.words or seen.words,
        "text": max(there.text, seen.text, key=len),
        "format": seen.format or there.format,
        "published_on": dated.published_on,
        "published_at": dated.published_at,
        "has_time": dated.has_time,
        **_link(there, match),
    }


def _link(there: Known, match: Match | None) -> dict[str, Any]:
    """What a person said of it stands, also that it is none of ours."""
    if there.linked_by or match is None:
        return {"post_id": there.post_id, "linked_by": there.linked_by}
    return {"post_id": match.ours.id, "linked_by": match.by}


def _strength(identity: str) -> int:
    return ("words", "at", "id").index(identity.partition(":")[0])


def _newest(session: Session, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The snapshot that each of these posts shows now, as values to set."""
    order = (
        (_METRIC_SNAPSHOT.c.window == LIFETIME).desc(),
        _METRIC_SNAPSHOT.c.captured_at.desc(),
        _IMPORT.c.created_at.desc(),
    )
    place = func.row_number().over(partition_by=_METRIC_SNAPSHOT.c.metric_post_id, order_by=order)
    columns = [_METRIC_SNAPSHOT.c[name] for name in ("captured_at", "window", *METRICS)]
    ranked = (
        select(
            _METRIC_SNAPSHOT.c.metric_post_id,
            _METRIC_SNAPSHOT.c.import_id,
            place.label("place"),
            *columns,
        )
        .join(_IMPORT, _IMPORT.c.id == _METRIC_SNAPSHOT.c.import_id)
        .where(_METRIC_SNAPSHOT.c.metric_post_id.in_(ids))
        .subquery()
    )
    rows = session.execute(select(ranked).where(ranked.c.place == 1)).mappings()
    return [
        {
            "which": row["metric_post_id"],
            "new_import": row["import_id"],
            **{f"new_{name}": row[name] for name in ("captured_at", "window", *METRICS)},
        }
        for row in rows
    ]
