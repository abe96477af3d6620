"""Bringing a content plan in: a preview that writes nothing, then the posts in batches.

A row finds its post again by what the file calls it (`imports.plan.fingerprint`), so a second
import of the same file changes nothing and an edited row updates its post. A plan that was
exported from here names its posts itself, and the version each row was written from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database, signals_of
from postboard.db.models import Client
from postboard.db.queries.scope import visible_clients
from postboard.domain.content import Media, Words, checked_link
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.imports import plan_own
from postboard.imports.plan import (
    NotAPlan,
    Outline,
    ParsedPlan,
    PlannedPost,
    PlanWarning,
    SkippedRow,
    content_digest,
    fingerprint,
    outline_of,
    parse_plan,
)
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.services import (
    own_plans,
    plan_labels,
    plan_mappings,
    plan_sorting,
    post_rows,
    posts,
)
from postboard.services.plan_labels import NO_LABELS, Labels
from postboard.services.plan_sorting import Update, batches, known_posts
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost

BATCH = 200
NO_OUTLINE = Outline()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `rows_read` = new + updated + skipped.

    `choices` are what somebody says of the file, `remembered` what they said of an earlier one.
    """

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
    outline: Outline = NO_OUTLINE
    choices: Choices = NOTHING_SAID
    remembered: Choices = NOTHING_SAID
    labels: Labels = NO_LABELS

    @property
    def is_own(self) -> bool:
        return self.layout == plan_own.KEY

    def as_json(self) -> dict[str, Any]:
        """Plain values: every post with what happens to it, every skipped row with its reason."""
        beside = replace(self, outline=NO_OUTLINE, choices=NOTHING_SAID, remembered=NOTHING_SAID)
        told = asdict(replace(beside, labels=NO_LABELS))
        counts = {"new": len(self.new), "updated": len(self.updated), "skipped": len(self.skipped)}
        told["counts"] = counts
        told["posts"] = [
            *({"import": "new"} | asdict(planned) for planned in self.new),
            *({"import": "updated"} | asdict(update.planned) for update in self.updated),
        ]
        told["posts"].sort(key=lambda post: post["row"])
        told["skipped"] = [{"row": row.row, "reason": row.reason} for row in self.skipped]
        told["warnings"] = [warning.text for warning in self.warnings]
        for name in ("new", "updated", "outline", "choices", "remembered", "labels"):
            del told[name]
        return told


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    updated: int
    skipped: tuple[SkippedRow, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is taken: what importing it would do, or why it cannot be, as it stands.

    Without an outline nothing that somebody says of it could help.
    """

    outline: Outline | None
    choices: Choices
    remembered: Choices
    preview: Preview | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class _ClientOfPlan:
    id: UUID
    name: str
    key: str
    zone: str


def look(
    session: Session,
    actor: Actor,
    client: str,
    filename: str,
    content: bytes,
    *,
    default_networks: Sequence[str] = (),
    choices: Choices = NOTHING_SAID,
    recalling: bool = True,
) -> Look:
    """As `preview`, with which a file that is no plan yet can be made one.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import plans there.
    """
    try:
        seen = preview(
            session,
            actor,
            client,
            filename,
            content,
            default_networks=default_networks,
            choices=choices,
            recalling=recalling,
        )
    except NotAPlan as no:
        outline = outline_of(content, choices.checked())
        client_id = _client(session, actor, client).id
        kept = _kept(session, client_id, outline, recalling=recalling)
        if outline and kept != NOTHING_SAID:
            outline = outline_of(content, choices.over(kept))
        return Look(outline, choices.over(kept), kept, refused=no)
    return Look(seen.outline, seen.choices, seen.remembered, preview=seen)


def preview(
    session: Session,
    actor: Actor,
    client: str,
    filename: str,
    content: bytes,
    *,
    default_networks: Sequence[str] = (),
    choices: Choices = NOTHING_SAID,
    recalling: bool = True,
) -> Preview:
    """Read a plan for a client (its name or key) and say what importing it would do.

    `choices` go before what somebody said of an earlier file with the same header, which counts
    while `recalling`.

    Raises:
        NotFound: no such client, or not this actor's.
        NotAllowed: the actor may not import plans there.
        NotAPlan: the file is something else; the sentence says what.
    """
    of = _client(session, actor, client)

    def read(said: Choices) -> ParsedPlan:
        networks = tuple(default_networks)
        return parse_plan(
            content, filename, ZoneInfo(of.zone), default_networks=networks, choices=said
        )

    plan, kept = _read(session, of.id, content, choices.checked(), read, recalling=recalling)
    return replace(_sorted(session, of, plan), choices=choices.over(kept), remembered=kept)


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
    for batch in batches(tuple(reversed(seen.new)), BATCH):
        with database.write() as session:
            created += _create(session, actor, seen, batch[::-1], now)
        done += len(batch)
        if progress:
            progress(done)
    for batch in batches(seen.updated, BATCH):
        with database.write() as session:
            for update in batch:
                refused = _update(session, actor, seen, update, now)
                updated += refused is None
                skipped += [refused] if refused else []
        done += len(batch)
        if progress:
            progress(done)
    if seen.choices.lasting != seen.remembered:
        with database.write() as session:
            plan_mappings.remember(
                session, actor, seen.client_id, seen.outline.signature, seen.choices, now=now
            )
    return Imported(created, updated, tuple(skipped))


def _read(
    session: Session,
    client_id: UUID,
    content: bytes,
    choices: Choices,
    read: Callable[[Choices], ParsedPlan],
    *,
    recalling: bool,
) -> tuple[ParsedPlan, Choices]:
    """The plan, read as somebody says now or said of an earlier one, and what they said then."""
    plan = refused = None
    try:
        plan = read(choices)
        outline: Outline | None = plan.outline
    except NotAPlan as no:
        refused, outline = no, outline_of(content, choices)
    kept = _kept(session, client_id, outline, recalling=recalling)
    said = choices.over(kept)
    if said != choices:
        return read(said), kept
    if plan is None:
        raise refused or NotAPlan
    return plan, kept


def _sorted(session: Session, of: _ClientOfPlan, plan: ParsedPlan) -> Preview:
    """What becomes of each row of a plan that was read."""
    usable, unusable = _usable(plan)
    labels = plan_labels.labels_of_client(session, of.id)
    if plan.layout == plan_own.KEY:
        found = own_plans.sorted_rows(session, of.id, of.key, usable, labels)
    else:
        found = plan_sorting.sorted_rows(session, of.id, of.key, usable)
    new, updated, skipped = found
    skipped += [*plan.skipped, *unusable]
    return Preview(
        client_id=of.id,
        client=of.name,
        zone=of.zone,
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
        warnings=(*plan.warnings, *plan_labels.unknown(usable, labels)),
        outline=plan.outline,
        labels=labels,
    )


def _kept(
    session: Session, client_id: UUID, outline: Outline | None, *, recalling: bool
) -> Choices:
    if outline is None or not recalling:
        return NOTHING_SAID
    return plan_mappings.recall(session, client_id, outline.signature)


def _client(session: Session, actor: Actor, client: str) -> _ClientOfPlan:
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
    return _ClientOfPlan(*row)


def _usable(plan: ParsedPlan) -> tuple[list[PlannedPost], list[SkippedRow]]:
    """Rows whose words fit a post, and the others with the field's own sentence."""
    usable: list[PlannedPost] = []
    unusable: list[SkippedRow] = []
    for planned in plan.posts:
        try:
            _words(planned).checked()
            posts.refuse_far_time(planned.planned_at)
        except Refused as refused:
            told = SkippedRow(planned.row, refused.message_id, refused.facts, planned.cell)
            unusable.append(told)
        else:
            usable.append(planned)
    return usable, unusable


def _create(
    session: Session,
    actor: Actor,
    seen: Preview,
    batch: Sequence[PlannedPost],
    now: datetime,
) -> int:
    there = known_posts(session, seen.client_id, [fingerprint(planned) for planned in batch])
    missing = [planned for planned in batch if fingerprint(planned) not in there]
    news = [
        NewPost(
            words=_words(replace(planned, media_urls=()) if seen.is_own else planned),
            planned_at=planned.planned_at,
            plan_identity=fingerprint(planned),
            plan_digest=content_digest(planned),
        )
        for planned in missing
    ]
    created = posts.create_many(session, actor, seen.client_id, news, now=now)
    for post_id, planned in zip(created, missing, strict=True):
        campaign, pillar = seen.labels.of(planned)
        if campaign or pillar:
            posts.label(session, actor, post_id, campaign, pillar, version=1, now=now)
    return len(created)


def _update(
    session: Session, actor: Actor, seen: Preview, update: Update, now: datetime
) -> SkippedRow | None:
    """None when it is done, else why not."""
    planned, post_id = update.planned, update.post_id
    told = len(signals_of(session))
    half = session.begin_nested()  # a row is taken whole or not at all
    try:
        post = post_rows.find(session, actor, post_id)
        current = words_of(session, post_id, post.revision)
        words = own_plans.words_of_row(current, planned) if seen.is_own else _words(planned)
        post = posts.edit(session, actor, post_id, words, version=update.version, now=now)
        if not own_plans.same_minute(post.planned_at, planned.planned_at):
            post = posts.replan(
                session, actor, post_id, planned.planned_at, version=post.version, now=now
            )
        campaign, pillar = seen.labels.of(planned)
        said = campaign or pillar or seen.is_own
        if said and (campaign, pillar) != plan_labels.labels_of_post(session, post_id):
            posts.label(session, actor, post_id, campaign, pillar, version=post.version, now=now)
    except Refused as refused:
        half.rollback()
        del signals_of(session)[told:]
        return SkippedRow(planned.row, refused.message_id, refused.facts, planned.cell)
    half.commit()
    if not seen.is_own:
        posts.remember_plan(session, post_id, content_digest(planned))
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
