"""Rows of a plan, written as posts: each is taken whole or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from postboard.db.engine import signals_of
from postboard.domain.content import Media, Words, checked_link
from postboard.domain.errors import BadInput, Refused
from postboard.domain.permissions import Actor
from postboard.imports.plan import (
    ParsedPlan,
    PlannedPost,
    SkippedRow,
    content_digest,
    fingerprint,
)
from postboard.services import own_plans, plan_labels, post_rows, posts
from postboard.services.plan_preview import Preview
from postboard.services.plan_sorting import Update, known_posts
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost


def told_apart(plan: ParsedPlan) -> tuple[list[PlannedPost], list[SkippedRow]]:
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


def create(
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


def update(
    session: Session, actor: Actor, seen: Preview, known: Update, now: datetime
) -> SkippedRow | None:
    """None when it is done, else why not."""
    planned, post_id = known.planned, known.post_id
    told = len(signals_of(session))
    half = session.begin_nested()  # a row is taken whole or not at all
    try:
        post = post_rows.find(session, actor, post_id)
        current = words_of(session, post_id, post.revision)
        words = own_plans.words_of_row(current, planned) if seen.is_own else _words(planned)
        post = posts.edit(session, actor, post_id, words, version=known.version, now=now)
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
