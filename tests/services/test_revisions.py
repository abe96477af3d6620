"""Revisions: what somebody was asked about stays as it was, and can come back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database, signals_of
from postboard.db.models import Event, MediaAsset, PostLook, Revision
from postboard.db.queries import revisions
from postboard.db.queries.revisions import Side
from postboard.domain.content import Media, MediaKind, Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import audit, looks, post_rows, posts, restoring, steps
from postboard.services.looks import Seen, Since
from postboard.services.post_rows import Found
from postboard.services.post_words import words_of
from postboard.services.steps import NoSuchStep
from tests.world import NOW, WORDS, World, at_once, everything_in, found, step

LATER = NOW + timedelta(hours=1)
OTHER = replace(WORDS, caption="Rolls from seven.", link="https://acme.example/rolls")


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    """A draft that says WORDS."""
    with database.write() as session:
        return posts.create(session, world.ana, world.acme.id, posts.NewPost(WORDS), now=NOW)


def edit(database: Database, actor: Actor, post_id: UUID, words: Words) -> Found:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        return posts.edit(session, actor, post_id, words, version=version, now=LATER)


def restore(database: Database, actor: Actor, post_id: UUID, number: int) -> Found:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        return restoring.restore(session, actor, post_id, number, version=version, now=LATER)


def look(database: Database, actor: Actor, post_id: UUID, now: datetime = NOW) -> Seen | None:
    with database.write() as session:
        return looks.look(session, actor, post_id, now=now)


def since(database: Database, actor: Actor, post_id: UUID) -> Since | None:
    with database.read() as session:
        return looks.since(session, actor, post_id)


def said(database: Database, post_id: UUID) -> dict[int, Words]:
    """Every revision's words."""
    with database.read() as session:
        numbers = session.execute(
            select(col(Revision.number)).where(col(Revision.post_id) == post_id)
        ).scalars()
        return {number: words_of(session, post_id, number) for number in numbers}


def frozen(database: Database, post_id: UUID) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Since when each revision is frozen, and with which time of publishing."""
    with database.read() as session:
        rows = session.execute(
            select(col(Revision.number), col(Revision.frozen_at), col(Revision.planned_at)).where(
                col(Revision.post_id) == post_id
            )
        )
        return {number: (frozen_at, planned_at) for number, frozen_at, planned_at in rows}


def last_event(database: Database, post_id: UUID) -> tuple[str, dict[str, object]]:
    with database.read() as session:
        kind, content = session.execute(
            select(col(Event.kind), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position).desc())
            .limit(1)
        ).one()
        return kind, content


def test_a_revision_grows_until_it_is_submitted(
    database: Database, world: World, post_id: UUID
) -> None:
    edit(database, world.ben, post_id, OTHER)

    assert said(database, post_id) == {1: OTHER}
    assert frozen(database, post_id) == {1: (None, None)}


def test_every_submit_freezes_what_was_submitted(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT, now=LATER)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES, now=LATER)
    edit(database, world.ben, post_id, OTHER)
    step(database, world.ben, post_id, Action.SUBMIT, now=LATER + timedelta(hours=1))

    assert said(database, post_id) == {1: WORDS, 2: OTHER}
    assert frozen(database, post_id) == {
        1: (LATER, None),
        2: (LATER + timedelta(hours=1), None),
    }


def test_submitting_the_same_words_again_keeps_the_time_they_were_frozen_at(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT, now=NOW)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT, now=LATER)

    assert frozen(database, post_id) == {1: (NOW, None)}


@pytest.mark.parametrize(
    "state", [state for state in State if state not in {State.DRAFT, State.IN_PRODUCTION}]
)
def test_words_that_somebody_was_asked_about_are_never_overwritten(
    database: Database, world: World, state: State
) -> None:
    post_id = world.acme.posts[state]
    if state is State.CANCELLED:
        step(database, world.ana, post_id, Action.REOPEN)
        step(database, world.ana, post_id, Action.SUBMIT)
    before = said(database, post_id)[1]

    try:
        edit(database, world.ana, post_id, OTHER)
    except NoSuchStep:
        assert state in {State.CLIENT_REVIEW, State.PUBLISHED}
        assert said(database, post_id) == {1: before}
    else:
        assert said(database, post_id) == {1: before, 2: OTHER}


def test_a_submit_and_an_edit_at_once_never_change_what_was_submitted(
    database: Database, world: World, post_id: UUID
) -> None:
    version = found(database, world.ana, post_id).version

    def submit() -> Found:
        with database.write() as session:
            return steps.take_step(
                session, world.ben, post_id, Action.SUBMIT, version=version, now=NOW
            )

    def rewrite(text: str) -> Found:
        with database.write() as session:
            words = replace(WORDS, caption=text)
            return posts.edit(session, world.cora, post_id, words, version=version, now=NOW)

    results = at_once(submit, *(partial(rewrite, f"Words {n}") for n in range(3)))

    assert sorted(type(one).__name__ for one in results) == ["Found", "Stale", "Stale", "Stale"]
    submitted = isinstance(results[0], Found)
    (words,) = said(database, post_id).values()
    assert (words == WORDS) is submitted
    assert (frozen(database, post_id)[1][0] is not None) is submitted


def test_an_old_revision_comes_back_as_a_new_one_and_both_stay(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    edit(database, world.ben, post_id, OTHER)

    restored = restore(database, world.ben, post_id, 1)

    assert (restored.state, restored.revision) == (State.INTERNAL_REWORK, 3)
    assert said(database, post_id) == {1: WORDS, 2: OTHER, 3: WORDS}
    assert last_event(database, post_id) == (
        "post.edited",
        {"revision": 3, "fields": ["caption", "link"], "restored_from": 1},
    )

    undone = restore(database, world.ben, post_id, 2)

    assert (undone.revision, said(database, post_id)[4]) == (4, OTHER)
    with database.read() as session:
        assert audit.verify(session).first_break is None


def test_where_words_were_judged_a_restored_revision_goes_back_to_review(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    edit(database, world.ben, post_id, OTHER)
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.APPROVE)

    restored = restore(database, world.ben, post_id, 1)

    assert (restored.state, restored.revision) == (State.INTERNAL_REVIEW, 3)
    assert last_event(database, post_id) == (
        "post.revise",
        {
            "from": "ready_for_client",
            "to": "internal_review",
            "revision": 3,
            "fields": ["caption", "link"],
            "restored_from": 1,
        },
    )
    assert frozen(database, post_id)[3] == (LATER, None)


def test_restoring_what_stands_already_changes_nothing(
    database: Database, world: World, post_id: UUID
) -> None:
    before = everything_in(database)

    assert restore(database, world.ben, post_id, 1).revision == 1
    assert everything_in(database) == before


def test_restoring_asks_for_the_same_right_as_writing(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    edit(database, world.ben, post_id, OTHER)
    before, version = everything_in(database), found(database, world.ana, post_id).version

    for actor, refusal in (
        (world.dina, NotAllowed),
        (world.iris, NotAllowed),
        (world.cleo, NotFound),
        (world.vera, NotFound),
        (world.dora, NotFound),
        (world.bodil, NotFound),
    ):
        with pytest.raises(refusal), database.write() as session:
            restoring.restore(session, actor, post_id, 1, version=version, now=LATER)
    assert everything_in(database) == before


def test_a_revision_that_never_was_and_one_of_another_post_are_not_found(
    database: Database, world: World, post_id: UUID
) -> None:
    for number in (0, -1, 2, 2**31 - 1, 2**40):
        with pytest.raises(NotFound):
            restore(database, world.ana, post_id, number)


def test_somebody_elses_edit_is_not_overwritten_by_a_restore(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    version = found(database, world.ben, post_id).version
    edit(database, world.cora, post_id, OTHER)

    with pytest.raises(Stale), database.write() as session:
        restoring.restore(session, world.ben, post_id, 1, version=version, now=LATER)
    assert said(database, post_id)[2] == OTHER


def test_a_picture_that_left_the_library_keeps_its_revision_from_coming_back(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        asset_id = _add_asset(session, world.acme.id)
    shown = replace(WORDS, media=(Media("/x", "A cup", asset_id.hex),))
    edit(database, world.ana, post_id, shown)
    step(database, world.ana, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    edit(database, world.ana, post_id, OTHER)
    with database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM mediause")
        session.connection().exec_driver_sql("DELETE FROM mediaasset")

    with pytest.raises(NotFound, match="library"):
        restore(database, world.ana, post_id, 1)
    assert said(database, post_id)[1].media[0].digest == "d" * 64


def test_the_first_look_has_nothing_to_compare_with(
    database: Database, world: World, post_id: UUID
) -> None:
    assert look(database, world.iris, post_id) is None
    assert since(database, world.iris, post_id) is None
    assert look(database, world.iris, post_id, LATER) == Seen(1, WORDS, 1, NOW)


def test_whoever_looked_is_told_what_others_changed_since(
    database: Database, world: World, post_id: UUID
) -> None:
    look(database, world.iris, post_id)
    edit(database, world.ben, post_id, replace(OTHER, link=""))
    edit(database, world.cora, post_id, OTHER)

    told = since(database, world.iris, post_id)

    assert told
    assert (told.at, told.who) == ("2026-03-02T09:00Z", ["Ben", "Cora"])
    assert told.compared.fields == ["caption", "link"]
    assert told.compared.after == Side(1, "Cora", "2026-03-02T10:00Z", "")
    look(database, world.iris, post_id, LATER)
    assert since(database, world.iris, post_id) is None


def test_ones_own_edits_are_no_news(database: Database, world: World, post_id: UUID) -> None:
    look(database, world.ben, post_id)
    edit(database, world.ben, post_id, OTHER)

    assert since(database, world.ben, post_id) is None
    assert since(database, world.cora, post_id) is None


def test_what_is_again_as_it_was_is_no_news(
    database: Database, world: World, post_id: UUID
) -> None:
    look(database, world.iris, post_id)
    edit(database, world.ben, post_id, OTHER)
    edit(database, world.ben, post_id, WORDS)

    assert since(database, world.iris, post_id) is None


def test_an_edit_that_commits_after_the_look_is_news_whatever_the_clocks_say(
    database: Database, world: World, post_id: UUID
) -> None:
    look(database, world.iris, post_id, LATER + timedelta(minutes=1))
    edit(database, world.ben, post_id, OTHER)

    told = since(database, world.iris, post_id)
    assert told
    assert told.who == ["Ben"]


def test_a_look_is_no_fact_of_the_posts_life(
    database: Database, world: World, post_id: UUID
) -> None:
    before = everything_in(database)
    with database.write() as session:
        looks.look(session, world.iris, post_id, now=NOW)
        assert signals_of(session) == []
    after = everything_in(database)

    assert {name for name, rows in after.items() if rows != before[name]} == {"postlook"}


@pytest.mark.parametrize("who", ["cleo", "vera", "dora", "bodil"])
def test_looking_and_comparing_are_for_the_posts_own_staff(
    database: Database, world: World, who: str
) -> None:
    actor: Actor = getattr(world, who)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    asked: list[Callable[[Session], object]] = [
        lambda s: looks.look(s, actor, post_id, now=NOW),
        lambda s: looks.since(s, actor, post_id),
        lambda s: revisions.listing(s, actor, post_id),
        lambda s: revisions.compared(s, actor, post_id, 1, 1),
    ]
    for question in asked:
        with pytest.raises(NotFound), database.write() as session:
            question(session)


def test_two_tabs_that_look_at_once_leave_one_look(
    database: Database, world: World, post_id: UUID
) -> None:
    results = at_once(*(partial(look, database, world.iris, post_id) for _ in range(4)))

    assert [one for one in results if not (one is None or isinstance(one, Seen | Stale))] == []
    with database.read() as session:
        assert len(session.execute(select(PostLook)).all()) == 1


def test_words_beyond_a_limit_never_become_a_revision(
    database: Database, world: World, post_id: UUID
) -> None:
    with pytest.raises(BadInput):
        edit(database, world.ben, post_id, replace(WORDS, caption="x" * 64_001))
    assert said(database, post_id) == {1: WORDS}


def _add_asset(session: Session, client_id: UUID) -> UUID:
    asset = MediaAsset(
        id=uuid4(),
        client_id=client_id,
        digest="d" * 64,
        name="cup.jpg",
        kind=MediaKind.IMAGE,
        type="image/jpeg",
        size=10,
        width=4,
        height=3,
        created_at=NOW,
    )
    session.add(asset)
    session.flush()
    return asset.id
