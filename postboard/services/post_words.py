"""What posts say, as rows: revisions, and the library's files they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import MediaAsset, MediaUse, Revision
from postboard.domain.content import Focus, Media, Words, words_as_json, words_from_json
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.services.sealing import digest

_FIELDS = tuple(Words.__dataclass_fields__)


class NotInLibrary(NotFound):
    sentence = "This file is not in the client’s library any more."


def words_of(session: Session, post_id: UUID, revision: int) -> Words:
    row = session.execute(
        select(*(getattr(Revision, name) for name in _FIELDS)).where(
            col(Revision.post_id) == post_id, col(Revision.number) == revision
        )
    ).one()
    return words_from_json(dict(zip(_FIELDS, row, strict=True)))


def digest_of(session: Session, post_id: UUID, revision: int) -> str:
    """Of the words and the files they show, as a certificate has it."""
    return digest(words_as_json(words_of(session, post_id, revision)))


def with_known_media(session: Session, client_id: UUID, many: Sequence[Words]) -> list[Words]:
    """The words with what the library knows of their files: a browser names them by id only.

    Raises:
        NotInLibrary: as it says; an id that is none is NotFound.
    """
    wanted = {_asset_id(m.asset) for words in many for m in words.media if m.asset}
    if not wanted:
        return list(many)
    rows = session.execute(
        select(MediaAsset).where(
            col(MediaAsset.id).in_(wanted), col(MediaAsset.client_id) == client_id
        )
    ).scalars()
    assets = {asset.id: asset for asset in rows}
    if wanted - assets.keys():
        raise NotInLibrary
    return [
        replace(
            words,
            media=tuple(
                as_media(assets[UUID(m.asset)], m.alt, m.focus) if m.asset else m
                for m in words.media
            ),
        )
        for words in many
    ]


def as_media(asset: MediaAsset, alt: str, focus: tuple[Focus, ...] = ()) -> Media:
    """A file of the library as a post shows it."""
    return Media(
        url=f"/media/{asset.id.hex}/large",
        alt=alt,
        asset=asset.id.hex,
        digest=asset.digest,
        kind=asset.kind,
        type=asset.type,
        size=asset.size,
        width=asset.width,
        height=asset.height,
        duration_ms=asset.duration_ms,
        focus=focus,
    )


def add_revisions(
    session: Session, actor: Actor, revisions: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    """New revisions; each is `post_id`, `number`, `words` and, of a frozen one, `planned_at`."""
    made = list(revisions)
    if not made:
        return
    session.execute(insert(Revision), [_row(actor, now, **one) for one in made])
    _note_uses(session, [(one["post_id"], one["number"], one["words"]) for one in made])


def rewrite(
    session: Session, actor: Actor, post_id: UUID, number: int, words: Words, now: datetime
) -> None:
    """Other words in a revision that nobody was asked about yet."""
    session.execute(
        update(Revision)
        .where(
            col(Revision.post_id) == post_id,
            col(Revision.number) == number,
            col(Revision.frozen_at).is_(None),
        )
        .values(words_as_json(words) | {"created_by": actor.user_id, "created_at": now})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(MediaUse).where(col(MediaUse.post_id) == post_id, col(MediaUse.revision) == number)
    )
    _note_uses(session, [(post_id, number, words)])


def freeze(
    session: Session, post_id: UUID, number: int, planned_at: datetime | None, now: datetime
) -> None:
    """From now on the revision stays as it is; one that is frozen already keeps its time."""
    session.execute(
        update(Revision)
        .where(
            col(Revision.post_id) == post_id,
            col(Revision.number) == number,
            col(Revision.frozen_at).is_(None),
        )
        .values(frozen_at=now, planned_at=planned_at)
        .execution_options(synchronize_session=False)
    )


def is_frozen(session: Session, post_id: UUID, number: int) -> bool:
    """Whether somebody was already asked about that revision."""
    frozen_at = session.execute(
        select(col(Revision.frozen_at)).where(
            col(Revision.post_id) == post_id, col(Revision.number) == number
        )
    ).scalar_one()
    return frozen_at is not None


def _row(
    actor: Actor,
    now: datetime,
    *,
    post_id: UUID,
    number: int,
    words: Words,
    frozen: bool = False,
    planned_at: datetime | None = None,
) -> dict[str, Any]:
    return words_as_json(words) | {
        "post_id": post_id,
        "number": number,
        "created_by": actor.user_id,
        "created_at": now,
        "frozen_at": now if frozen else None,
        "planned_at": planned_at,
    }


def _note_uses(session: Session, revisions: Iterable[tuple[UUID, int, Words]]) -> None:
    uses = [
        {"asset_id": asset, "post_id": post_id, "revision": number}
        for post_id, number, words in revisions
        for asset in {UUID(m.asset) for m in words.media if m.asset}
    ]
    if uses:
        session.execute(insert(MediaUse), uses)


def _asset_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
