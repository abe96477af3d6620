"""Ideas of both sides: added and voted for, made a post or declined by those who plan."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Client
from postboard.db.queries.scope import visible_clients, visible_ideas
from postboard.db.review_models import Idea, IdeaVote
from postboard.domain.clock import to_utc
from postboard.domain.content import Words, clean
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.ideas import ANSWER_MAX, OPEN_MAX, IdeaState, NewIdea
from postboard.domain.permissions import Actor, Permission
from postboard.domain.tasks import NoticeKind
from postboard.services import notices, posts, told
from postboard.services.events import Fact, record, signal_client
from postboard.services.post_rows import need
from postboard.services.posts import NewPost


def add(
    session: Session,
    actor: Actor,
    client_id: UUID,
    new: NewIdea,
    *,
    internal: bool = False,
    now: datetime,
) -> UUID:
    """It waits for an answer of the agency; only staff have ideas that the client does not see.

    Raises:
        NotFound: the client is not this actor's.
        NotAllowed: the actor may not add ideas there.
        BadInput: it does not fit, or too many wait already.
    """
    # One after the other: two at once would pass the limit together.
    zone = session.execute(
        select(col(Client.zone))
        .where(col(Client.id) == client_id, visible_clients(actor))
        .with_for_update()
    ).scalar_one_or_none()
    if zone is None:
        raise NotFound
    if actor.user_id is None:
        raise NotAllowed
    need(actor, Permission.ADD_IDEA, client_id)
    internal = internal and actor.may(Permission.SEE_ALL_STATES, client_id)
    new = new.checked(now.astimezone(ZoneInfo(zone)).date())
    # What one side cannot see leaves it its own room.
    waiting = select(func.count()).where(
        col(Idea.client_id) == client_id,
        col(Idea.state) == IdeaState.NEW,
        col(Idea.internal) == internal,
    )
    if session.execute(waiting).scalar_one() >= OPEN_MAX:
        raise BadInput(
            "{limit} ideas wait for an answer already; add yours once some are answered.",
            limit=OPEN_MAX,
        )
    row = Idea(
        client_id=client_id,
        author_id=actor.user_id,
        text=new.text,
        link=new.link,
        wished_on=new.wished_on,
        created_at=now,
        internal=internal,
    )
    session.add(row)
    session.flush()
    people = told.account_managers(session, client_id) or told.managers(session)
    notices.tell_beside_posts(session, actor, people, NoticeKind.IDEA, client_id, row.id, now)
    content = {"idea": str(row.id)}
    _record(session, actor, Fact(client_id, "client.idea_added", client_id, content), now)
    return row.id


def vote(session: Session, actor: Actor, idea_id: UUID, *, wanted: bool, now: datetime) -> None:
    """Say that one would like to see it posted, or no longer; twice the same is once.

    Raises:
        NotFound: it is not there, or not this actor's to see.
        NotAllowed: the actor only looks on.
        Stale: it is answered already.
    """
    seen = select(col(Idea.client_id), col(Idea.state)).where(
        col(Idea.id) == idea_id, visible_ideas(actor)
    )
    row: Any = session.execute(seen.with_for_update(of=Idea)).one_or_none()
    if row is None:
        raise NotFound
    if actor.user_id is None:
        raise NotAllowed
    need(actor, Permission.ADD_IDEA, row.client_id)
    if row.state is not IdeaState.NEW:
        raise Stale("This idea is answered already.")
    mine = (col(IdeaVote.idea_id) == idea_id, col(IdeaVote.person_id) == actor.user_id)
    if (session.execute(select(col(IdeaVote.at)).where(*mine)).first() is not None) == wanted:
        return
    if wanted:
        ballot = {"idea_id": idea_id, "person_id": actor.user_id, "at": now}
        session.execute(insert(IdeaVote), [ballot])
    else:
        gone = delete(IdeaVote).where(*mine)
        session.execute(gone.execution_options(synchronize_session=False))
    content = {"idea": str(idea_id), "wanted": wanted}
    record(session, actor, Fact(row.client_id, "client.idea_voted", row.client_id, content), now)


def take_up(
    session: Session,
    actor: Actor,
    idea_id: UUID,
    *,
    version: int,
    now: datetime,
    day: date | None = None,
) -> UUID:
    """Make it a draft in the same words, for noon of `day` on the client's clock; without one for
    noon of the wished day if that is still to come.

    Returns:
        The post's id.

    Raises:
        NotFound: it is not there, or not of a client of this actor's.
        NotAllowed: the actor does not plan there, or creates no posts.
        BadInput: the day has passed.
        Stale: somebody answered it meanwhile.
    """
    idea = _find(session, actor, idea_id)
    if day and day < now.astimezone(ZoneInfo(idea.zone)).date():
        raise BadInput("The day you chose has passed.")
    _answer(session, actor, idea_id, version, now, {"state": IdeaState.TAKEN_UP})
    new = NewPost(Words(caption=idea.text, link=idea.link), _noon(idea, day, now))
    post_id = posts.create(session, actor, idea.client_id, new, now=now)
    session.execute(update(Idea).where(col(Idea.id) == idea_id).values(post_id=post_id))
    _tell_author(session, actor, idea, now)
    content = {"idea": str(idea_id), "post": str(post_id)}
    fact = Fact(idea.client_id, "client.idea_taken_up", idea.client_id, content)
    _record(session, actor, fact, now)
    return post_id


def decline(
    session: Session, actor: Actor, idea_id: UUID, answer: str, *, version: int, now: datetime
) -> None:
    """With a word to whoever had it.

    Raises:
        NotFound: it is not there, or not of a client of this actor's.
        NotAllowed: the actor does not plan there.
        BadInput: nothing is said, or too much.
        Stale: somebody answered it meanwhile.
    """
    idea = _find(session, actor, idea_id)
    answer = clean(answer, ANSWER_MAX, many_lines=True)
    if not answer:
        raise BadInput("Say in a word why: the client reads it.")
    changes = {"state": IdeaState.DECLINED, "answer": answer}
    _answer(session, actor, idea_id, version, now, changes)
    _tell_author(session, actor, idea, now)
    content = {"idea": str(idea_id), "answer": answer}
    fact = Fact(idea.client_id, "client.idea_declined", idea.client_id, content)
    _record(session, actor, fact, now)


def _tell_author(session: Session, actor: Actor, idea: Any, now: datetime) -> None:
    """And to nobody else it is news any more."""
    notices.settle(session, None, [idea.id], now)
    people, kind = [idea.author_id], NoticeKind.IDEA_ANSWERED
    notices.tell_beside_posts(session, actor, people, kind, idea.client_id, idea.id, now)


def _record(session: Session, actor: Actor, fact: Fact, now: datetime) -> None:
    signal_client(session, fact.stream_id, record(session, actor, fact, now))


def _find(session: Session, actor: Actor, idea_id: UUID) -> Any:
    row: Any = session.execute(
        select(
            col(Idea.id),
            col(Idea.client_id),
            col(Idea.author_id),
            col(Idea.text),
            col(Idea.link),
            col(Idea.wished_on),
            col(Client.zone),
        )
        .join(Client, col(Client.id) == col(Idea.client_id))
        .where(col(Idea.id) == idea_id, visible_clients(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    need(actor, Permission.EDIT_PLAN, row.client_id)
    return row


def _answer(
    session: Session,
    actor: Actor,
    idea_id: UUID,
    version: int,
    now: datetime,
    changes: dict[str, Any],
) -> None:
    answered = session.execute(
        update(Idea)
        .where(
            col(Idea.id) == idea_id,
            col(Idea.version) == version,
            col(Idea.state) == IdeaState.NEW,
        )
        .values(version=version + 1, answered_by=actor.user_id, answered_at=now, **changes)
        .returning(col(Idea.id))
    )
    if answered.scalar_one_or_none() is None:
        raise Stale


def _noon(idea: Any, day: date | None, now: datetime) -> datetime | None:
    planned = day or idea.wished_on
    if planned is None:
        return None
    try:
        noon = to_utc(datetime.combine(planned, time(12)), ZoneInfo(idea.zone))
    except OverflowError:  # the last days that a calendar knows
        raise BadInput from None
    return noon if day or noon > now else None
