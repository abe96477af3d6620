"""The posts behind a mark of a chart, for whoever may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.charts.spec import Said, figure_text, says
from postboard.db.models import Client, Post, Revision
from postboard.db.queries import measured
from postboard.db.queries.instants import stamp
from postboard.db.queries.scope import visible_posts
from postboard.domain.engagement import public_engagement
from postboard.domain.figures import MeasuredPost
from postboard.domain.permissions import Actor
from postboard.locale import N_
from postboard.names import STATES

SHOWN_MAX = 60
TEXT_MAX = 140


@dataclass(frozen=True, slots=True)
class PostBehind:
    """`href` leads to its page here, or to where it was published; instants are ISO text."""

    id: str
    key: str
    text: str
    network: str
    at: str
    timed: bool
    zone: str
    href: str
    outside: bool
    measured: bool
    """Whether its id is a measured post's, of which may be said which of ours it is."""
    said: tuple[Said, ...]


def behind(session: Session, actor: Actor, ids: Sequence[str]) -> list[PostBehind]:
    """In the order of the ids, the first of them; those that are not this actor's are left out.

    An id is a measured post's, or a post's of ours that no import tells of.
    """
    asked = [UUID(one) for one in dict.fromkeys(ids)][:SHOWN_MAX]
    found = {
        UUID(one.id): _measured(one) for one in measured.measured_by_ids(session, actor, asked)
    }
    rest = [one for one in asked if one not in found]
    found |= _ours(session, actor, rest) if rest else {}
    return [found[one] for one in asked if one in found]


def _measured(post: MeasuredPost) -> PostBehind:
    return PostBehind(
        id=post.id,
        key=post.key,
        text=_line(post.text),
        network=post.network,
        at=stamp(post.published_at) if post.has_time else _day(post.published_at, post),
        timed=post.has_time,
        zone=post.zone.key,
        href=f"/post/?key={post.key}" if post.key else post.permalink,
        outside=not post.key,
        measured=True,
        said=tuple(_figures(post)),
    )


def _figures(post: MeasuredPost) -> list[Said]:
    """What its network told; nothing of what it did not."""
    engagement, figures = public_engagement(post.figures), post.figures
    said: list[Said] = []
    if engagement is not None:
        said.append(says(N_("Interactions: {n}"), n=figure_text(engagement)))
    if figures.impressions is not None:
        said.append(says(N_("Times shown: {n}"), n=figure_text(figures.impressions)))
    if figures.reach is not None:
        said.append(says(N_("Reach: {n}"), n=figure_text(figures.reach)))
    if figures.link_clicks is not None:
        said.append(says(N_("Clicks on the link: {n}"), n=figure_text(figures.link_clicks)))
    return said


def _ours(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, PostBehind]:
    rows: Any = session.execute(
        select(
            col(Post.id),
            col(Client.key),
            col(Client.zone),
            col(Post.number),
            col(Post.state),
            col(Post.planned_at),
            col(Revision.title),
            col(Revision.caption),
            col(Revision.networks),
        )
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            (col(Revision.post_id) == col(Post.id)) & (col(Revision.number) == col(Post.revision)),
        )
        .where(visible_posts(actor), col(Post.id).in_(ids))
    )
    return {
        post_id: PostBehind(
            id=post_id.hex,
            key=f"{client}-{number}",
            text=_line(title or caption),
            network=networks[0] if networks else "",
            at=stamp(planned_at),
            timed=True,
            zone=zone,
            href=f"/post/?key={client}-{number}",
            outside=False,
            measured=False,
            said=(STATES[state],),
        )
        for post_id, client, zone, number, state, planned_at, title, caption, networks in rows
    }


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_MAX else f"{line[: TEXT_MAX - 1].rstrip()}…"


def _day(at: datetime, post: MeasuredPost) -> str:
    return at.astimezone(post.zone).date().isoformat()
