"""The checks that a post must pass before somebody is asked about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from postboard.db.queries import checks as query
from postboard.db.queries.checks import Judged, Waived
from postboard.db.queries.scope import visible_posts
from postboard.domain.checks import findings
from postboard.domain.errors import NotFound, Refused
from postboard.domain.permissions import Actor, Permission
from postboard.domain.rules import SENTENCES, Finding
from postboard.locale.languages import N_, Filled
from postboard.names import NETWORKS

ONE = N_("One check stops this post. {finding} Open the post to put it right.")
SEVERAL = N_("{n} checks stop this post. First: {finding} Open the post to put them right.")
ON_NETWORK = N_("{network}: {sentence}")


class Blocked(Refused):
    """A finding stops the post, and nobody has let it pass."""

    status = 422

    def __init__(self, blocking: Sequence[Finding]) -> None:
        sentence = ONE if len(blocking) == 1 else SEVERAL
        super().__init__(sentence, n=len(blocking), finding=said(blocking[0]))


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding, and by whose word it may pass."""

    finding: Finding
    waived: Waived | None = None

    @property
    def blocks(self) -> bool:
        return self.finding.blocks and self.waived is None


def check(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> tuple[Checked, ...]:
    """What is found in the post as this actor writes it: their unsent words, where they have some.

    Raises:
        NotFound: it is not there, not theirs, or the actor is the client.
    """
    scope = visible_posts(actor)
    post = query.judged(session, post_id, now, scope=scope, drafts_of=actor.user_id)
    if not actor.may(Permission.SEE_ALL_STATES, post.client_id):
        raise NotFound
    return checked(session, post, now)


def checked(session: Session, post: Judged, now: datetime) -> tuple[Checked, ...]:
    found = findings(
        post.words,
        now=now,
        planned_at=post.planned_at,
        neighbours=post.neighbours,
        guided=post.guided,
    )
    if not any(one.blocks for one in found):
        return tuple(map(Checked, found))
    waived = query.waived(session, post.post_id)
    return tuple(Checked(one, waived.get(one.key) if one.blocks else None) for one in found)


def refuse_what_blocks(session: Session, post_id: UUID, now: datetime) -> None:
    """Raises Blocked where a finding stops the post and nobody has let it pass."""
    post = query.judged(session, post_id, now)
    blocking = [one.finding for one in checked(session, post, now) if one.blocks]
    if blocking:
        raise Blocked(blocking)


def said(finding: Finding) -> Filled:
    """The finding's sentence, with its network in front where it is of one."""
    sentence = Filled(SENTENCES[finding.rule], finding.facts)
    if not finding.network:
        return sentence
    return Filled(ON_NETWORK, {"network": NETWORKS[finding.network], "sentence": sentence})
