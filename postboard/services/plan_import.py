"""Bringing a content plan in: a preview that writes nothing, then the posts in batches.

A row finds its post again by what the file calls it (`imports.plan.fingerprint`), so a second
import of the same file changes nothing and an edited row updates its post.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Client, Post
from postboard.db.queries.scope import visible_clients
from postboard.domain.content import Media, Words, checked_link
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.domain.workflow import SPECS, State
from postboard.imports.plan import (
    ParsedPlan,
    PlannedPost,
    PlanWarning,
    SkippedRow,
    content_digest,
    fingerprint,
    parse_plan,
)
from postboard.locale import N_
from postboard.services import posts
from postboard.services.posts import NewPost

BATCH = 200
LOOKUP = 500
T = TypeVar("T")

UNCHANGED = N_("The same as on the board already.")
PAST_DRAFTING = N_("Its post {post} is past drafting. Change it on the board.")
OTHER_WORDS_NEWER = N_("Its post {post} changed meanwhile. Import the file again.")


@dataclass(frozen=True, slots=True)
class Update:
    """A row whose post is there with other words or another time."""

    post_id: UUID
    version: int
    planned: PlannedPost


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `rows_read` = new + updated + skipped."""

    client_id: UUID
    client: str
    zone: str
    filename: str
    layout: str
    encoding: str
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows_read: int
    new: tuple[PlannedPost, ...]
    updated: tuple[Update, ...]
    skipped: tuple[SkippedRow, ...]
    warnings: tuple[PlanWarning, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values: every post with what happens to it, every skipped row with its reason."""
        told = asdict(self)
        counts = {"new": len(self.new), "updated": len(self.updated), "skipped": len(self.skipped)}
        told["counts"] = counts
        told["posts"] = [
            *({"import": "new"} | asdict(planned) for planned in self.new),
            *({"import": "updated"} | asdict(update.planned) for update in self.updated),
        ]
        told["posts"].sort(key=lambda post: post["row"])
        told["skipped"] = [{"row": row.row, "reason": row.reason} for row in self.skipped]
        told["warnings"] = [warning.text for warning in self.warnings]
        del told["new"], told["updated"]
        return told


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    updated: int
    skipped: tuple[SkippedRow, ...]


def preview(
    session: Session,
    actor: Actor,
    client: str,
    filename: str,
    content: bytes,
    *,
    default_networks: Sequence[str] = (),
) -> Preview:
    """Read a plan for a client (its name or key) and say what importing it would do.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import plans there.
        NotAPlan: the file is something else; the sentence says what.
    """
    client_id, name, key, zone = _client(session, actor, client)
    plan = parse_plan(content, filename, ZoneInfo(zone), default_networks=default_networks)
    usable, unusable = _usable(plan)
    known = _known(session, client_id, [fingerprint(post) for post in usable])
    new: list[PlannedPost] = []
    updated: list[Update] = []
    skipped: list[SkippedRow] = [*plan.skipped, *unusable]
    for planned in usable:
        found = known.get(fingerprint(planned))
        if found is None:
            new.append(planned)
        elif found.digest == content_digest(planned):
            skipped.append(SkippedRow(planned.row, UNCHANGED))
        elif not SPECS[found.state].open_to_edits:
            facts = {"post": f"{key}-{found.number}"}
            skipped.append(SkippedRow(planned.row, PAST_DRAFTING, facts))
        else:
            updated.append(Update(found.post_id, found.version, planned))
    return Preview(
        client_id=client_id,
        client=name,
        zone=zone,
        filename=plan.filename,
        layout=plan.layout,
        encoding=plan.encoding,
        delimiter=plan.delimiter,
        sheet=plan.sheet,
        header_row=plan.header_row,
        columns=plan.columns,
        ignored=plan.ignored,
        rows_read=plan.rows_read,
        new=tuple(new),
        updated=tuple(updated),
        skipped=tuple(sorted(skipped, key=lambda row: row.row)),
        warnings=plan.warnings,
    )


def commit(
    database: Database,
    actor: Actor,
    seen: Preview,
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Write what the preview showed, in batches that each hold the database for a moment.

    `progress` hears how many rows are done. A row that came in meanwhile is left alone, so
    stopping in the middle and importing again is safe.
    """
    done = created = updated = 0
    skipped: list[SkippedRow] = []
    # The first row of the file ends up topmost, so the last batch goes in first.
    for batch in _batches(tuple(reversed(seen.new))):
        with database.write() as session:
            created += _create(session, actor, seen.client_id, batch[::-1], now)
        done += len(batch)
        if progress:
            progress(done)
    for batch in _batches(seen.updated):
        with database.write() as session:
            for update in batch:
                refused = _update(session, actor, update, now)
                updated += refused is None
                skipped += [refused] if refused else []
        done += len(batch)
        if progress:
            progress(done)
    return Imported(created, updated, tuple(skipped))


@dataclass(frozen=True, slots=True)
class _Known:
    post_id: UUID
    number: int
    state: State
    version: int
    digest: str


def _client(session: Session, actor: Actor, client: str) -> tuple[UUID, str, str, str]:
    wanted = client.strip()
    row: Any = session.execute(
        select(col(Client.id), col(Client.name), col(Client.key), col(Client.zone)).where(
            visible_clients(actor),
            (func.lower(col(Client.name)) == wanted.lower()) | (col(Client.key) == wanted.upper()),
        )
    ).first()
    if row is None:
        raise NotFound("There is no client called “{name}”.", name=wanted[:60])
    if not actor.may(Permission.IMPORT_PLAN, row[0]):
        raise NotAllowed
    return tuple(row)


def _usable(plan: ParsedPlan) -> tuple[list[PlannedPost], list[SkippedRow]]:
    """Rows whose words fit a post, and the others with the field's own sentence."""
    usable: list[PlannedPost] = []
    unusable: list[SkippedRow] = []
    for planned in plan.posts:
        try:
            _words(planned).checked()
        except Refused as refused:
            unusable.append(SkippedRow(planned.row, refused.message_id, refused.facts))
        else:
            usable.append(planned)
    return usable, unusable


def _known(session: Session, client_id: UUID, fingerprints: list[str]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    for some in _batches(fingerprints, LOOKUP):
        rows = session.execute(
            select(
                col(Post.plan_identity),
                col(Post.id),
                col(Post.number),
                col(Post.state),
                col(Post.version),
                col(Post.plan_digest),
            ).where(col(Post.client_id) == client_id, col(Post.plan_identity).in_(some))
        )
        known |= {str(row[0]): _Known(row[1], row[2], row[3], row[4], row[5] or "") for row in rows}
    return known


def _create(
    session: Session,
    actor: Actor,
    client_id: UUID,
    batch: Sequence[PlannedPost],
    now: datetime,
) -> int:
    there = _known(session, client_id, [fingerprint(planned) for planned in batch])
    news = [
        NewPost(
            words=_words(planned),
            planned_at=planned.planned_at,
            plan_identity=fingerprint(planned),
            plan_digest=content_digest(planned),
        )
        for planned in batch
        if fingerprint(planned) not in there
    ]
    return len(posts.create_many(session, actor, client_id, news, now=now))


def _update(session: Session, actor: Actor, update: Update, now: datetime) -> SkippedRow | None:
    """None when it is done, else why not."""
    planned = update.planned
    try:
        version = posts.edit(
            session, actor, update.post_id, _words(planned), version=update.version, now=now
        ).version
        posts.replan(session, actor, update.post_id, planned.planned_at, version=version, now=now)
    except Refused as refused:
        return SkippedRow(planned.row, refused.message_id, refused.facts)
    posts.remember_plan(session, update.post_id, content_digest(planned))
    return None


def _words(planned: PlannedPost) -> Words:
    """The row's words as a post has them; what is no address is left out, not guessed."""
    hashtags = " ".join(tag for tag in planned.hashtags if tag not in planned.caption)
    alts = [*planned.alt_texts, *[""] * len(planned.media_urls)]
    media = tuple(
        Media(url, alt) for url, alt in zip(planned.media_urls, alts, strict=False) if _is_link(url)
    )
    return Words(
        caption="\n\n".join(part for part in (planned.caption, hashtags) if part),
        title=planned.title,
        link=planned.link if _is_link(planned.link) else "",
        first_comment=planned.first_comment,
        networks=planned.networks,
        media=media,
    )


def _is_link(text: str) -> bool:
    try:
        return bool(checked_link(text))
    except BadInput:
        return False


def _batches(items: Sequence[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
