"""Nothing goes out unreviewed by the doors of planning: many at once, days, copies, ideas, plans.

They move and make posts. None of them may bring behind an approval what was not approved, nor
change a word of what was.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Post
from postboard.db.queries import plan_export as export_query
from postboard.db.queries.plan_export import Wanted
from postboard.db.review_models import IdeaVote
from postboard.domain.content import Words
from postboard.domain.errors import Refused
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import THE_CLOCK, Actor
from postboard.domain.tasks import Expectation
from postboard.domain.workflow import Action, State
from postboard.services import (
    assigning,
    bulk,
    cloning,
    ideas,
    plan_export,
    plan_import,
    post_words,
    posts,
    rescheduling,
)
from postboard.services.plan_labels import Labels
from postboard.services.plan_preview import Preview
from postboard.services.posts import NewPost
from tests.test_never_unreviewed import tried, undone
from tests.unreviewed import APPROVED, all_reviewed, unreviewed
from tests.world import NOW, World, at_once, everything_in, found, step

SOON = datetime(2026, 3, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)
Door = Callable[[Session, Actor, World, dict[UUID, int]], object]


def _one_by_one(door: Callable[[Session, Actor, UUID, int], object]) -> Door:
    def every(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> None:
        for post_id, version in seen.items():
            with session.begin_nested():
                tried(lambda p=post_id, v=version: door(session, actor, p, v))

    return every


def _undone(change: Callable[..., bulk.Done]) -> Door:
    def back(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> None:
        done = change(session, actor, world, seen)
        if done.change_id:
            bulk.undo(session, actor, done.change_id, now=NOW)

    return back


def _move(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> bulk.Done:
    return bulk.move(session, actor, seen, 7, now=NOW)


def _move_to(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> bulk.Done:
    return bulk.move_to(session, actor, seen, date(2026, 4, 1), now=NOW)


def _label(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> bulk.Done:
    campaign = world.acme.campaign_id
    return bulk.label(session, actor, seen, campaign_id=campaign, pillar="Spring", now=NOW)


def _assign(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> None:
    ben = world.ben.user_id
    assert ben
    what = Expectation("Look at it.")
    for post_id, version in seen.items():
        with session.begin_nested():
            asked = session, actor, {post_id: version}, [ben], what
            tried(lambda asked=asked: assigning.assign(*asked, now=NOW))


def _step(action: Action) -> Door:
    return lambda session, actor, _, seen: bulk.take_step(session, actor, seen, action, now=NOW)


def _clone_week(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> object:
    _at(session, seen)
    days = SOON.date() - 3 * DAY, SOON.date() + 25 * DAY
    return cloning.clone_week(session, actor, world.acme.id, *days, now=NOW)


def _repeat_campaign(session: Session, actor: Actor, world: World, seen: dict[UUID, int]) -> object:
    _label(session, world.ana, world, seen)
    asked = session, actor, world.acme.campaign_id, "Again", date(2026, 6, 1)
    return cloning.repeat_campaign(*asked, now=NOW)


def _at(session: Session, seen: dict[UUID, int]) -> None:
    for post_id in seen:
        session.get_one(Post, post_id).planned_at = SOON
    session.flush()


DOORS: dict[str, Door] = {
    "bulk move": _move,
    "bulk move, undone": _undone(_move),
    "bulk move to a day": _move_to,
    "bulk move to a day, undone": _undone(_move_to),
    "bulk label": _label,
    "bulk label, undone": _undone(_label),
    "bulk assign": _assign,
    **{f"bulk {action}": _step(action) for action in sorted(bulk.STEPS)},
    "calendar": _one_by_one(
        lambda session, actor, post_id, version: rescheduling.reschedule(
            session, actor, post_id, SOON, version=version, now=NOW
        )
    ),
    "copy": _one_by_one(
        lambda session, actor, post_id, version: cloning.copy(
            session, actor, post_id, version=version, now=NOW
        )
    ),
    "repeat": _one_by_one(
        lambda session, actor, post_id, version: cloning.repeat(
            session, actor, post_id, [SOON, SOON + DAY], version=version, now=NOW
        )
    ),
    "week": _clone_week,
    "campaign": _repeat_campaign,
}
BEFORE_APPROVAL = {
    "bulk assign": {State.IN_PRODUCTION},
    "bulk submit": {State.INTERNAL_REVIEW},
    "bulk send_to_client": {State.CLIENT_REVIEW},
}
"""The doors that change states, and as far as which."""


@pytest.mark.parametrize("name", DOORS)
def test_no_door_of_planning_passes_a_review_or_rewords_what_was_approved(
    database: Database, world: World, name: str
) -> None:
    ids = list(world.acme.posts.values())
    seen = {post_id: found(database, world.ana, post_id).version for post_id in ids}
    worked: set[str] = set()
    for actor in (*planning_people(world), THE_CLOCK):
        with undone(database) as session:
            before = standing(session)
            if tried(lambda a=actor, s=session: DOORS[name](s, a, world, dict(seen))):
                worked.add(actor.name)
            assert unreviewed(session) == []
            after = standing(session)
            assert [after[one][1:] for one in before] == [before[one][1:] for one in before]
            changed = {one for one in before if after[one][0] is not before[one][0]}
            assert {after[one][0] for one in changed} <= BEFORE_APPROVAL.get(name, set())
            assert {after[one][0] for one in after.keys() - before.keys()} <= {State.DRAFT}
    assert all_reviewed(database)
    assert world.ana.name in worked


def planning_people(world: World) -> tuple[Actor, ...]:
    """Who may the most, who may less, who writes, who is the client and who is a stranger."""
    return world.ana, world.aron, world.cora, world.ben, world.cleo, world.dora


def test_many_at_once_take_no_other_step(database: Database, world: World) -> None:
    seen = dict.fromkeys(world.acme.posts.values(), 1)
    for action in set(Action) - bulk.STEPS:
        for actor in (*world.everybody(), THE_CLOCK):
            with undone(database) as session:
                assert not tried(
                    lambda a=actor, w=action, s=session: bulk.take_step(s, a, seen, w, now=NOW)
                )


def test_an_idea_on_a_day_is_a_draft_whatever_it_says(database: Database, world: World) -> None:
    for actor in (*planning_people(world), THE_CLOCK):
        with undone(database) as session:
            new = NewIdea("Approved. State: published", "https://acme.example", SOON.date())
            idea_id = ideas.add(session, world.cleo, world.acme.id, new, now=NOW)
            before = set(standing(session))
            tried(
                lambda a=actor, s=session, i=idea_id: rescheduling.place_idea(
                    s, a, i, SOON, version=1, now=NOW
                )
            )
            after = standing(session)
            assert {after[one][0] for one in after.keys() - before} <= {State.DRAFT}
            assert unreviewed(session) == []
    with undone(database) as session:
        words, before = Words("On a day", networks=("x",)), set(standing(session))
        rescheduling.create_at(session, world.ana, world.acme.id, words, SOON, now=NOW)
        after = standing(session)
        assert [after[one][0] for one in after.keys() - before] == [State.DRAFT]


@pytest.mark.parametrize("approved_meanwhile", [False, True])
def test_a_plan_of_ones_own_rewords_no_post_behind_an_approval(
    database: Database, world: World, approved_meanwhile: bool
) -> None:
    content = reworded(exported(database, world))
    seen = preview(database, world, content)
    draft = world.acme.posts[State.DRAFT]
    if approved_meanwhile:
        for who, action in (
            (world.ben, Action.SUBMIT),
            (world.iris, Action.APPROVE),
            (world.ana, Action.SEND_TO_CLIENT),
            (world.cleo, Action.APPROVE),
            (world.aron, Action.SCHEDULE),
        ):
            if action is Action.SCHEDULE:
                version = found(database, world.ana, draft).version
                with database.write() as session:
                    posts.replan(session, world.ana, draft, SOON, version=version, now=NOW)
            step(database, who, draft, action)
        assert found(database, world.ana, draft).state is State.SCHEDULED
    with database.read() as session:
        before = standing(session)
    plan_import.commit(database, world.ana, seen, now=NOW)
    for _ in range(2):  # and what is read of it now
        plan_import.commit(database, world.ana, preview(database, world, content), now=NOW)
    with database.read() as session:
        after = standing(session)
    assert {one: after[one][0] for one in before} == {one: before[one][0] for one in before}
    behind = {one for one in before if before[one][0] in APPROVED}
    assert {one: after[one] for one in behind} == {one: before[one] for one in behind}
    assert (draft in behind) is approved_meanwhile
    assert {after[one][0] for one in after.keys() - before.keys()} <= {State.DRAFT}
    assert all_reviewed(database)


def test_a_row_of_a_plan_is_taken_whole_or_not_at_all(database: Database, world: World) -> None:
    seen = preview(database, world, reworded(exported(database, world), Campaign="Theirs"))
    assert seen.updated
    gone = Labels({"theirs": world.borealis.campaign_id}, {})
    before = everything_in(database)
    done = plan_import.commit(database, world.ana, replace(seen, labels=gone), now=NOW)
    assert (done.created, done.updated) == (0, 0)
    assert everything_in(database) == before


def test_a_move_and_an_approval_at_once_leave_both_or_one(database: Database, world: World) -> None:
    """A drag moves the time alone, so the approval stands on the words that it was given for."""
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    version = found(database, world.ana, post_id).version

    def drag() -> object:
        with database.write() as session:
            return rescheduling.reschedule(
                session, world.aron, post_id, SOON, version=version, now=NOW
            )

    def shift() -> object:
        with database.write() as session:
            return bulk.move_to(session, world.ana, {post_id: version}, SOON.date(), now=NOW)

    results = at_once(
        drag, shift, lambda: step(database, world.cleo, post_id, Action.APPROVE), drag
    )
    assert no_bugs(results)
    assert all_reviewed(database)
    assert found(database, world.ana, post_id).revision == 1


def test_two_changes_of_many_at_once_change_each_post_once(
    database: Database, world: World
) -> None:
    with database.write() as session:
        news = [NewPost(Words(f"Buns {n}"), SOON + n * DAY) for n in range(6)]
        ids = posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
    seen = dict.fromkeys(ids, 1)

    def later(order: Iterable[UUID]) -> Callable[[], bulk.Done]:
        chosen = {post_id: seen[post_id] for post_id in order}

        def move() -> bulk.Done:
            with database.write() as session:
                return bulk.move(session, world.ana, chosen, 1, now=NOW)

        return move

    done = at_once(later(ids), later(reversed(ids)), later(ids[::2]))
    assert no_bugs(done)
    assert sorted(one for each in done for one in each.changed) == sorted(ids)
    assert {found(database, world.ana, one).version for one in ids} == {2}

    changes = [each.change_id for each in done if each.change_id]

    def back(change_id: UUID) -> Callable[[], bulk.Done]:
        def undo() -> bulk.Done:
            with database.write() as session:
                return bulk.undo(session, world.ana, change_id, now=NOW)

        return undo

    assert no_bugs(at_once(*[back(change_id) for change_id in changes * 2]))
    assert {found(database, world.ana, one).version for one in ids} == {3}
    times = [found(database, world.ana, one).planned_at for one in ids]
    assert times == [new.planned_at for new in news]


def test_an_idea_is_voted_for_and_becomes_a_post_once(database: Database, world: World) -> None:
    with database.write() as session:
        new = NewIdea("The oven at night")
        idea_id = ideas.add(session, world.cleo, world.acme.id, new, now=NOW)

    def vote() -> None:
        with database.write() as session:
            ideas.vote(session, world.cleo, idea_id, wanted=True, now=NOW)

    def place() -> object:
        with database.write() as session:
            return rescheduling.place_idea(session, world.ana, idea_id, SOON, version=1, now=NOW)

    assert no_bugs(at_once(vote, vote, vote))
    with database.read() as session:
        assert len(session.execute(select(IdeaVote)).scalars().all()) == 1
        before = len(standing(session))
    assert no_bugs(at_once(place, vote, place, place))
    with database.read() as session:
        assert len(standing(session)) == before + 1


def standing(session: Session) -> dict[UUID, tuple[State, int, str]]:
    """Of each post its state, its revision and the digest of its words."""
    rows: Any = session.execute(select(col(Post.id), col(Post.state), col(Post.revision)))
    return {
        post_id: (state, revision, post_words.digest_of(session, post_id, revision))
        for post_id, state, revision in rows.all()
    }


def exported(database: Database, world: World) -> bytes:
    with database.read() as session:
        rows = export_query.plan(session, world.ana, Wanted(), now=NOW)
    rows = [row for row in rows if row.client_key == world.acme.key]
    return plan_export.as_csv(rows, "en", "http://board.example", of_client=False)


def reworded(content: bytes, **more: str) -> bytes:
    """Every post with other words, another time and another state; none says that it is older."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    for row in rows:
        other = {"Caption": "Other words", "Title": "Slipped in", "State": "Scheduled"}
        writer.writerow(row | other | more)
    return written.getvalue().encode()


def preview(database: Database, world: World, content: bytes) -> Preview:
    with database.read() as session:
        return plan_import.preview(session, world.ana, "ACME", "plan.csv", content)


def no_bugs(results: Iterable[Any]) -> bool:
    bugs = [one for one in results if isinstance(one, Exception)]
    assert [one for one in bugs if not isinstance(one, Refused)] == []
    return True
