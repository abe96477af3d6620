"""What a letter tells: notices whose time has come, unless they are read, taken back or hidden."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.guideline_models import GuidelineVersion
from postboard.db.models import Client, Comment, Notice, Post, Revision
from postboard.db.queries import guidelines
from postboard.db.queries.scope import revision_for_client, roles_for
from postboard.db.review_models import Idea
from postboard.domain.chains import SIDE_OF
from postboard.domain.conversation import Thread
from postboard.domain.ideas import IdeaState
from postboard.domain.permissions import CLIENT_ROLES, Role
from postboard.domain.tasks import OF_AGREEMENTS, NoticeKind
from postboard.domain.workflow import State
from postboard.locale import N_, Text
from postboard.locale.languages import MessageId
from postboard.services import notices
from postboard.services.client_chats import DECIDED

TITLE_MAX: Final = 80
QUOTE_MAX: Final = 1_500
_OF_COMMENTS: Final = frozenset({NoticeKind.MENTION, NoticeKind.REPLY, NoticeKind.CLIENT_COMMENT})
_SENTENCES: Final = {
    NoticeKind.TASK: N_("{who} assigned {post} to you"),
    NoticeKind.TASK_SENT_BACK: N_("{who} sent a task of {post} back"),
    NoticeKind.MENTION: N_("{who} mentioned you at {post}"),
    NoticeKind.REPLY: N_("{who} replied to you at {post}"),
    NoticeKind.CLIENT_COMMENT: N_("{who} commented on {post}"),
    NoticeKind.TO_REVIEW: N_("{post} waits for your review"),
    NoticeKind.DECISION: N_("{who} decided on {post}"),
    NoticeKind.REVIEW_OPEN: N_("{post} waits for your answer"),
    NoticeKind.REVIEW_OVERDUE: N_("No answer on {post} yet"),
    NoticeKind.APPROVED_LATE: N_("{post} was approved after its time"),
    NoticeKind.EXTRA_ROUND: N_("{post} began a round that is not included"),
    NoticeKind.LAST_ROUND: N_("{post} began the last round that is included"),
    NoticeKind.IDEA: N_("{who} has an idea for {client}"),
    NoticeKind.IDEA_ANSWERED: N_("{who} answered your idea"),
    NoticeKind.AGREEMENT_OFFERED: N_("{who} offers {client} an agreement"),
    NoticeKind.AGREEMENT_ANSWERED: N_("{who} answered the agreement with {client}"),
    NoticeKind.AGREEMENT_TERM: N_("A term of the agreement with {client} is near or passed"),
    NoticeKind.DATE_MOVED: N_("{who} moved the date of {post}"),
    NoticeKind.GUIDELINE: N_("{who} published {client}’s guideline for you to read"),
}
_AGENCYS: Final = N_("{who} published the agency’s guideline for you to read")
_TAKEN_UP: Final = N_("{who} makes a post of your idea")
_DECISIONS: Final = {action.value: sentence for action, sentence in DECIDED.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as a letter tells it."""

    kind: NoticeKind
    digest: bool
    post_id: UUID | None
    """None: it is about an idea, an agreement or a guideline."""
    about: UUID
    """The post, the idea, or the version of the agreement or the guideline."""
    client_id: UUID | None
    """None: it is the agency's own."""
    client: str
    for_client: bool
    key: str
    """Of the post, else of the client."""
    title: str
    who: str
    sentence: MessageId
    quoted: str
    thread: Thread | None
    comment_id: UUID | None

    @property
    def path(self) -> str:
        if self.kind is NoticeKind.GUIDELINE:
            return f"/guidelines/?of={self.client_id.hex if self.client_id else ''}"
        if self.post_id is None:
            part = "agreement" if self.kind in OF_AGREEMENTS else "ideas"
            return f"/clients/?client={self.key}#{part}"
        return f"/post/?key={self.key}"

    def told(self, words: Text) -> str:
        return words.gettext(self.sentence, who=self.who, post=self.key, client=self.client)


def items_of(session: Session, person_id: UUID, due: Sequence[Any]) -> list[Item]:
    """Of rows of pending mail, what is not read yet, still so and theirs to see."""
    pending = {row.notice_id: row for row in due}
    return [
        *_of_posts(session, person_id, pending),
        *_of_clients(Idea, _of_idea, session, person_id, pending),
        *_of_clients(AgreementVersion, _of_agreement, session, person_id, pending),
        *_of_guidelines(session, person_id, pending),
    ]


def _of_posts(session: Session, person_id: UUID, pending: Mapping[UUID, Any]) -> list[Item]:
    columns: list[Any] = [
        Notice,
        col(Post.id).label("post_id"),
        col(Post.client_id),
        col(Post.state),
        col(Client.key),
        col(Client.name),
        col(Post.number),
        col(Revision.title),
        col(Revision.caption),
        col(Comment.id).label("comment_id"),
        col(Comment.parent_id),
        col(Comment.text),
        col(Comment.thread),
        col(Comment.deleted_at),
    ]
    rows: Any = session.execute(
        select(*columns)
        .join(Post, col(Post.id) == col(Notice.post_id))
        .join(Client, col(Client.id) == col(Post.client_id))
        .join(
            Revision,
            and_(
                col(Revision.post_id) == col(Post.id),
                col(Revision.number) == revision_for_client(),
            ),
        )
        .outerjoin(Comment, col(Comment.id) == col(Notice.subject_id))
        .where(col(Notice.id).in_(pending), col(Notice.read_at).is_(None))
        .order_by(col(Notice.at), col(Post.number), col(Notice.id))
    ).all()
    posts = {row.post_id for row in rows}
    seen = {post: bool(notices.who_may_see(session, {person_id}, post)) for post in posts}
    roles = _roles(session, person_id, {row.client_id for row in rows})
    return [
        _item(pending[row[0].id], row, for_client=roles[row.client_id] in CLIENT_ROLES)
        for row in rows
        if seen[row.post_id]
        and _stands(pending[row[0].id].kind, row)
        and not (row.thread is Thread.INTERNAL and roles[row.client_id] in CLIENT_ROLES)
    ]


def _of_clients(
    about: type[Idea | AgreementVersion],
    item: Callable[..., Item],
    session: Session,
    person_id: UUID,
    pending: Mapping[UUID, Any],
) -> list[Item]:
    """Of what belongs to a client, to who has a role there."""
    rows = _unread_about(about, session, pending)
    roles = _roles(session, person_id, {one.client_id for _, one, *_ in rows})
    return [
        item(pending[notice.id], notice, one, key, name, for_client=role in CLIENT_ROLES)
        for notice, one, key, name in rows
        if (role := roles[one.client_id])
    ]


def _of_idea(
    pending: Any, notice: Notice, idea: Idea, key: str, client: str, *, for_client: bool
) -> Item:
    kind: NoticeKind = pending.kind
    is_new, taken_up = kind is NoticeKind.IDEA, idea.state is IdeaState.TAKEN_UP
    return Item(
        kind=kind,
        digest=pending.digest,
        post_id=None,
        about=idea.id,
        client_id=idea.client_id,
        client=client,
        for_client=for_client,
        key=key,
        title="" if is_new else _short(idea.text, TITLE_MAX),
        who=notice.actor_name,
        sentence=_TAKEN_UP if taken_up and not is_new else _SENTENCES[kind],
        quoted=(idea.text if is_new else idea.answer)[:QUOTE_MAX],
        thread=None,
        comment_id=None,
    )


def _of_agreement(
    pending: Any,
    notice: Notice,
    agreed: AgreementVersion,
    key: str,
    client: str,
    *,
    for_client: bool,
) -> Item:
    answered = pending.kind is NoticeKind.AGREEMENT_ANSWERED
    return Item(
        kind=pending.kind,
        digest=pending.digest,
        post_id=None,
        about=agreed.id,
        client_id=agreed.client_id,
        client=client,
        for_client=for_client,
        key=key,
        title=_short(str(agreed.terms.get("title", "")), TITLE_MAX),
        who=notice.actor_name,
        sentence=_SENTENCES[pending.kind],
        quoted=(agreed.answer if answered else agreed.why)[:QUOTE_MAX],
        thread=None,
        comment_id=None,
    )


def _of_guidelines(session: Session, person_id: UUID, pending: Mapping[UUID, Any]) -> list[Item]:
    return [
        _of_guideline(pending[notice.id], notice, version, key or "", name or "")
        for notice, version, key, name in _unread_about(GuidelineVersion, session, pending)
        if any(one.person_id == person_id for one in guidelines.readers(session, version.client_id))
    ]


def _of_guideline(
    pending: Any, notice: Notice, version: GuidelineVersion, key: str, client: str
) -> Item:
    return Item(
        kind=pending.kind,
        digest=pending.digest,
        post_id=None,
        about=version.id,
        client_id=version.client_id,
        client=client,
        for_client=False,
        key=key,
        title="",
        who=notice.actor_name,
        sentence=_SENTENCES[pending.kind] if client else _AGENCYS,
        quoted=version.note,
        thread=None,
        comment_id=None,
    )


def _unread_about(
    about: type[Idea | AgreementVersion | GuidelineVersion],
    session: Session,
    pending: Mapping[UUID, Any],
) -> Sequence[Any]:
    """Notices beside posts, what each is about, and the key and name of its client, if any."""
    return session.execute(
        select(Notice, about, col(Client.key), col(Client.name))
        .join(about, col(about.id) == col(Notice.subject_id))
        .outerjoin(Client, col(Client.id) == col(about.client_id))
        .where(
            col(Notice.id).in_(pending),
            col(Notice.post_id).is_(None),
            col(Notice.read_at).is_(None),
        )
        .order_by(col(Notice.at), col(Notice.id))
    ).all()


def _roles(session: Session, person_id: UUID, clients: Collection[UUID]) -> dict[UUID, Role | None]:
    return {one: roles_for(session, one, [person_id]).get(person_id) for one in clients}


def _stands(kind: NoticeKind, row: Any) -> bool:
    """Whether it is still so."""
    if kind is NoticeKind.TO_REVIEW:
        return row.state in SIDE_OF
    if kind is NoticeKind.APPROVED_LATE:
        return row.state == State.APPROVED
    return kind not in _OF_COMMENTS or (row.comment_id is not None and row.deleted_at is None)


def _item(pending: Any, row: Any, *, for_client: bool) -> Item:
    notice: Notice = row[0]
    kind: NoticeKind = pending.kind
    sentence = _DECISIONS.get(pending.said.get("action", ""), _SENTENCES[kind])
    quoted = row.text if kind in _OF_COMMENTS else pending.said.get("text", "")
    of_client = for_client or kind is NoticeKind.DECISION
    return Item(
        kind=kind,
        digest=pending.digest,
        post_id=row.post_id,
        about=row.post_id,
        client_id=row.client_id,
        client=row.name,
        for_client=for_client,
        key=f"{row.key}-{row.number}",
        title=_short(row.title or row.caption, TITLE_MAX),
        who=notice.actor_name,
        sentence=sentence,
        quoted=quoted[:QUOTE_MAX],
        thread=row.thread or (Thread.CLIENT if of_client else Thread.INTERNAL),
        comment_id=(row.parent_id or row.comment_id) if kind in _OF_COMMENTS else None,
    )


def _short(words: str, most: int) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
