"""Bringing a network's own figures in: a preview that writes nothing, then batches.

Every import adds a snapshot to each post it tells of and never a second post. The same file comes
in once for an account: stopped in the middle it goes on where it was.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.metric_models import MetricImport
from postboard.db.models import table_of
from postboard.domain.clock import to_utc
from postboard.domain.errors import BadInput, Refused
from postboard.domain.permissions import Actor
from postboard.imports.metrics import Asks, SkippedRow
from postboard.locale import N_
from postboard.services import metric_choices, metric_files, metric_posts, metric_work
from postboard.services.events import Fact, record
from postboard.services.metric_choices import NOTHING_SAID, Said
from postboard.services.metric_files import Given, Taken
from postboard.services.metric_matching import Match, Matcher
from postboard.services.metric_preview import Preview, Told, earlier
from postboard.services.metric_rows import DaySeen, Seen, Sighting
from postboard.services.metric_work import LEASE, Clock, Work, trying

BATCH: Final = 500


class CameInBefore(Refused):
    sentence = (
        "This very file came in already, on {day} by {who}. Undo that import, or say that this"
        " one is to count as well."
    )


class StoppedOtherwise(Refused):
    sentence = (
        "This file was stopped in the middle while it was read with other answers. Undo that"
        " import first."
    )


class MoreToSay(BadInput):
    sentence = "Something has to be said of this file first."


_TO_BE_SAID: Final = {
    Asks.ACCOUNT: N_("Say first which account these figures are of."),
    Asks.NETWORK: N_("Say first which network these figures are of."),
    Asks.ORDER: N_("Say first whether its dates have the day or the month in front."),
    Asks.YEAR: N_("Say first of which year its last row is."),
}


@dataclass(frozen=True, slots=True)
class Imported:
    import_id: UUID
    new: int
    updated: int
    skipped: int

    def as_json(self) -> dict[str, Any]:
        counts = {"new": self.new, "updated": self.updated, "skipped": self.skipped}
        return {"id": self.import_id.hex, **counts}


EVERY_WORD: Final = frozenset({-1})
"""In the place of row numbers: whatever is found by words and day is confirmed."""


def preview(
    session: Session,
    actor: Actor,
    client: str,
    file: Given,
    said: Said = NOTHING_SAID,
    *,
    recalling: bool = True,
) -> Preview:
    """Read an export for a client (its name, key or id) and say what importing it would do.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import figures there.
        BadInput: the file is something else; the sentence says what.
    """
    whose = metric_files.whose(session, actor, client)
    taken = metric_files.take(session, whose, file, said, recalling=recalling)
    told = Told(session, taken)
    for batch in _batches(taken.rows()):
        told.add(session, batch)
    return told.preview(earlier(session, taken))


def commit(
    database: Database,
    actor: Actor,
    client: str,
    file: Given,
    said: Said = NOTHING_SAID,
    *,
    clock: Clock,
    confirmed: Collection[int] = frozenset(),
    again: bool = False,
    recalling: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Write what the preview showed, in batches that each hold the database for a moment.

    `confirmed` are numbers of rows that are the post of ours which the preview suggested, `again`
    lets a file count that came in before, `progress` hears how many rows are done. Stopped in the
    middle, the same call goes on where it was.

    Raises:
        CameInBefore, ComesInNow: this very file is here, or somebody else brings it in.
        MoreToSay: a question is open that only a person can answer.
    """
    with database.read() as session:
        whose = metric_files.whose(session, actor, client)
        taken = metric_files.take(session, whose, file, said, recalling=recalling)
        matcher = Matcher(session, whose.id, taken.zone)
    if taken.asks:
        raise MoreToSay(_TO_BE_SAID.get(taken.asks[0]))
    work = trying(database, lambda s: _begin(s, actor, taken, clock(), again=again))
    confirmed = frozenset(confirmed)
    accounts: set[tuple[str, str]] = set()
    done = 0
    for batch in _batches(taken.rows()):
        accounts |= {(row.network, row.account) for row in batch if not isinstance(row, SkippedRow)}
        done += len(batch)
        if done <= work.rows_done:
            continue
        rows = batch[len(batch) - (done - work.rows_done) :]
        work = trying(
            database, lambda s, w=work, r=rows: _batch(s, w, r, matcher, confirmed, clock())
        )
        if progress:
            progress(work.rows_done)
    return trying(database, lambda s: _finish(s, actor, work, taken, accounts, clock()))


def _batches(rows: Iterator[Seen]) -> Iterator[list[Seen]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _begin(session: Session, actor: Actor, taken: Taken, now: datetime, *, again: bool) -> Work:
    """A new import, or the one of the same file that was stopped in the middle."""
    metric_posts.lock(session, taken.whose.id)
    row = session.execute(
        select(MetricImport).where(col(MetricImport.key) == taken.key)
    ).scalar_one_or_none()
    if row and row.finished_at and not again:
        day = row.created_at.astimezone(taken.zone).date()
        raise CameInBefore(day=day.isoformat(), who=row.person_name)
    if row and not row.finished_at:
        if row.settings != taken.said.as_json():
            raise StoppedOtherwise
        return metric_work.take(session, row, now)
    work = Work(uuid4(), taken.whose.id, uuid4(), _captured(taken, now))
    new = {
        "id": work.id,
        "client_id": work.client_id,
        "person_id": actor.user_id,
        "person_name": actor.name,
        "file_name": taken.given.name,
        "digest": taken.given.digest,
        "key": None if row else taken.key,
        "format": taken.file.format,
        "settings": taken.said.as_json(),
        "captured_at": work.captured_at,
        "created_at": now,
        "lease": work.lease,
        "leased_until": now + LEASE,
        **dict.fromkeys(("rows_done", "new", "updated", "skipped"), 0),
    }
    session.execute(insert(table_of(MetricImport)), [new])
    return work


def _captured(taken: Taken, now: datetime) -> datetime:
    """The end of the day that somebody named, else now."""
    if taken.said.captured_on is None:
        return now
    end = to_utc(datetime.combine(taken.said.captured_on + timedelta(days=1), time()), taken.zone)
    return min(now, end)


def _batch(
    session: Session,
    work: Work,
    rows: list[Seen],
    matcher: Matcher,
    confirmed: frozenset[int],
    now: datetime,
) -> Work:
    """Its rows and the note that they are done are one commit."""
    metric_posts.lock(session, work.client_id)
    posts = [row for row in rows if isinstance(row, Sighting)]
    days = [row for row in rows if isinstance(row, DaySeen)]
    matched = [(row, _counting(matcher.find(session, row), row, confirmed)) for row in posts]
    of_posts = metric_posts.write(session, work.client_id, work.id, work.captured_at, matched)
    of_days = metric_posts.write_days(session, work.client_id, work.id, days)
    skipped = len(rows) - len(posts) - len(days) + len(of_posts.left_out)
    new, updated = of_posts.new + of_days.new, of_posts.updated + of_days.updated
    done = work.after(len(rows), new, updated, skipped)
    metric_work.note(session, done, leased_until=now + LEASE)
    return done


def _counting(match: Match | None, row: Sighting, confirmed: frozenset[int]) -> Match | None:
    if match and (match.is_sure or row.number in confirmed or confirmed == EVERY_WORD):
        return match
    return None


def _finish(
    session: Session,
    actor: Actor,
    work: Work,
    taken: Taken,
    accounts: set[tuple[str, str]],
    now: datetime,
) -> Imported:
    metric_posts.lock(session, work.client_id)
    metric_posts.count_followers(session, work.client_id, sorted(accounts))
    metric_choices.remember(session, work.client_id, taken.file.format, taken.said, now)
    metric_work.note(session, work, finished_at=now, lease=None, leased_until=None)
    counts = {"new": work.new, "updated": work.updated, "skipped": work.skipped}
    content = {
        "import": work.id.hex,
        "file": taken.given.name,
        "digest": taken.given.digest,
        "format": taken.file.format,
        **counts,
    }
    fact = Fact(work.client_id, "client.metrics_imported", work.client_id, content)
    record(session, actor, fact, now)
    return Imported(work.id, **counts)
