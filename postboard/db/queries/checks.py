"""What the checks of a post look at: its words and time, and the client's posts around it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, and_, cast, column, select, true, union_all
from sqlalchemy.orm import Session

from postboard.db.models import Client, Post, Revision, Waiver, WordsDraft, table_of
from postboard.db.queries.guidelines import asked_of
from postboard.domain.checks import APART, RECENT, Guided, Neighbour
from postboard.domain.content import Words, variant_from_json, words_from_json
from postboard.domain.errors import NotFound
from postboard.domain.workflow import State

MOST_NEIGHBOURS = 500
"""A client with more posts in two months is compared with the newest of them."""

# Every submit asks this: past the ORM, and only what is compared.
_POST, _CLIENT, _WAIVER = table_of(Post), table_of(Client), table_of(Waiver)
_REVISION, _DRAFT = table_of(Revision), table_of(WordsDraft)
_CURRENT = and_(_REVISION.c.post_id == _POST.c.id, _REVISION.c.number == _POST.c.revision)
_LISTS = ("networks", "variants", "hashtags", "mentions")
_WORDS = tuple(_REVISION.c[name] for name in Words.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Judged:
    """One post as the checks see it."""

    post_id: UUID
    client_id: UUID
    words: Words
    planned_at: datetime | None
    neighbours: tuple[Neighbour, ...]
    guided: Guided


@dataclass(frozen=True, slots=True)
class Waived:
    """Who let a finding pass, and why."""

    reason: str
    who: str
    at: datetime


def judged(
    session: Session,
    post_id: UUID,
    now: datetime,
    *,
    scope: ColumnElement[bool] | None = None,
    drafts_of: UUID | None = None,
) -> Judged:
    """The post with its neighbours, the newest first, in three statements.

    Args:
        session: Any.
        post_id: Of the post.
        now: Around it neighbours are looked for, where the post has no time yet.
        scope: What its reader may see.
        drafts_of: Whose unsent words, where they have some, stand for the post's own.

    Raises:
        NotFound: it is not there, or outside the scope.
    """
    row: Any = session.execute(
        select(
            _POST.c.client_id,
            _POST.c.planned_at,
            _CLIENT.c.key,
            _CLIENT.c.zone,
            _REVISION.c.frozen_at,
            _DRAFT.c.content,
            *_WORDS,
        )
        .join(_CLIENT, _CLIENT.c.id == _POST.c.client_id)
        .join(_REVISION, _CURRENT)
        .outerjoin(
            _DRAFT,
            and_(
                _DRAFT.c.post_id == _POST.c.id,
                _DRAFT.c.person_id == drafts_of,
                _DRAFT.c.discarded_at.is_(None),
            ),
        )
        .where(_POST.c.id == post_id, true() if scope is None else scope)
    ).one_or_none()
    if row is None:
        raise NotFound
    client_id, planned_at, client_key, zone, frozen_at, draft, *stored = row
    own = dict(zip(Words.__dataclass_fields__, stored, strict=True))
    return Judged(
        post_id,
        client_id,
        words_from_json(draft or own),
        planned_at,
        _neighbours(session, post_id, client_id, client_key, planned_at or now),
        Guided(asked_of(session, client_id), ZoneInfo(zone), None if draft else frozen_at),
    )


def waived(session: Session, post_id: UUID) -> Mapping[str, Waived]:
    """By the finding's key; some may be of words that have changed since."""
    rows = session.execute(
        select(_WAIVER.c.finding, _WAIVER.c.reason, _WAIVER.c.person_name, _WAIVER.c.at).where(
            _WAIVER.c.post_id == post_id
        )
    )
    return {finding: Waived(reason, who, at) for finding, reason, who, at in rows}


def _neighbours(
    session: Session, post_id: UUID, client_id: UUID, client_key: str, around: datetime
) -> tuple[Neighbour, ...]:
    # As text: of hundreds of rows most lists are empty or the same, and are read only once.
    lists = (cast(_REVISION.c[name], Text) for name in _LISTS)
    others = (
        select(_POST.c.number, _POST.c.planned_at.label("at"), _REVISION.c.caption, *lists)
        .join(_REVISION, _CURRENT)
        .where(
            _POST.c.client_id == client_id,
            _POST.c.id != post_id,
            _POST.c.state != State.CANCELLED,
        )
    )
    # Two walks along the index; one with OR would look at every post that the client ever had.
    dated = others.where(_POST.c.planned_at.between(around - RECENT, around + APART))
    undated = others.where(_POST.c.planned_at.is_(None), _POST.c.created_at >= around - RECENT)
    at: ColumnElement[Any] = column("at")
    rows: Any = session.execute(
        union_all(dated, undated).order_by(at.desc().nulls_last()).limit(MOST_NEIGHBOURS)
    )
    return tuple(
        Neighbour(f"{client_key}-{number}", _compared(caption, *lists), planned_at)
        for number, planned_at, caption, *lists in rows
    )


def _compared(caption: str, networks: str, variants: str, hashtags: str, mentions: str) -> Words:
    return Words(
        caption=caption,
        networks=_names(networks),
        variants=() if variants == "[]" else tuple(map(variant_from_json, json.loads(variants))),
        hashtags=_names(hashtags),
        mentions=_names(mentions),
    )


@lru_cache(512)
def _names(listed: str) -> tuple[str, ...]:
    return tuple(json.loads(listed))
