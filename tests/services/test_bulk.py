"""Many posts changed at once: what was left and why, and undoing it as one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Pillar, Post, Revision
from postboard.db.queries.revisions import words_in
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.posting_times import Times
from postboard.domain.recurrence import Every, Rule
from postboard.domain.workflow import Action, State
from postboard.services import bulk, cloning, post_rows, posting_days, posts
from postboard.services.bulk import Done
from postboard.services.posts import NewPost
from postboard.services.steps import NoSuchStep, TooLate
from tests.databases import Ground
from tests.requests import agree, utc
from tests.world import NOW, WORDS, World, everything_in, found, step

DAY = timedelta(days=1)
PLANNED = datetime(2026, 3, 27, 17, tzinfo=UTC)
"""Friday, 18:00 in Berlin; clocks jump on the Sunday."""


@pytest.fixture
def drafts(database: Database, world: World) -> list[UUID]:
    with database.write() as session:
        news = [NewPost(WORDS, PLANNED + n * DAY, world.acme.campaign_id) for n in range(3)]
        return posts.create_many(session, world.ana, world.acme.id, news, now=NOW)


def seen(database: Database, world: World, ids: list[UUID]) -> dict[UUID, int]:
    return {post_id: found(database, world.ana, post_id).version for post_id in ids}


def planned(database: Database, ids: list[UUID]) -> list[datetime]:
    with database.read() as session:
        rows = session.execute(
            select(col(Post.id), col(Post.planned_at)).where(col(Post.id).in_(ids))
        )
        at = {row.id: row.planned_at for row in rows}
    return [at[post_id] for post_id in ids]


def why(done: Done) -> dict[UUID, type[Exception]]:
    return {one.post_id: type(one.why) for one in done.left}


def run(database: Database, task: Callable[..., Done], *args, **more) -> Done:
    with database.write() as session:
        return task(session, *args, now=more.pop("now", NOW), **more)


def test_posts_move_by_days_at_the_same_time_and_back(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    before = planned(database, drafts)
    done = run(database, bulk.move, world.aron, seen(database, world, drafts), 7)
    assert (set(done.changed), done.left) == (set(drafts), ())
    # An hour earlier in UTC: the clocks have jumped meanwhile, but for the one that had it behind.
    hour = timedelta(hours=1)
    assert [new - old for old, new in zip(before, planned(database, drafts), strict=True)] == [
        7 * DAY - hour,
        7 * DAY - hour,
        7 * DAY,
    ]
    undone = run(database, bulk.undo, world.aron, done.change_id)
    assert (set(undone.changed), undone.left) == (set(drafts), ())
    assert planned(database, drafts) == before


def test_what_cannot_change_is_left_and_says_why(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    published = world.acme.posts[State.PUBLISHED]
    foreign = world.borealis.posts[State.DRAFT]
    asked = seen(database, world, [*drafts, published, foreign])
    asked[drafts[1]] += 1
    before = planned(database, [drafts[1], published, foreign])
    done = run(database, bulk.move, world.aron, asked, 1)
    assert set(done.changed) == {drafts[0], drafts[2]}
    assert why(done) == {drafts[1]: Stale, published: NoSuchStep, foreign: NotFound}
    assert planned(database, [drafts[1], published, foreign]) == before


def test_undo_leaves_what_somebody_changed_since(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    done = run(database, bulk.move, world.aron, seen(database, world, drafts), 1)
    with database.write() as session:
        version = post_rows.find(session, world.cora, drafts[0]).version
        posts.replan(session, world.cora, drafts[0], PLANNED + 9 * DAY, version=version, now=NOW)
    undone = run(database, bulk.undo, world.aron, done.change_id)
    assert (set(undone.changed), why(undone)) == (set(drafts[1:]), {drafts[0]: Stale})
    assert planned(database, drafts) == [PLANNED + 9 * DAY, PLANNED + DAY, PLANNED + 2 * DAY]
    with pytest.raises(TooLate):
        run(database, bulk.undo, world.aron, done.change_id)


def test_only_who_changed_them_undoes_it_and_only_for_a_while(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    done = run(database, bulk.move, world.aron, seen(database, world, drafts), 1)
    with pytest.raises(NotFound):
        run(database, bulk.undo, world.ana, done.change_id)
    with pytest.raises(TooLate):
        run(database, bulk.undo, world.aron, done.change_id, now=NOW + timedelta(minutes=11))
    assert run(database, bulk.undo, world.aron, done.change_id).left == ()


def test_labels_are_put_on_many_and_taken_off_again(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    def labels() -> set[tuple[UUID | None, str | None]]:
        with database.read() as session:
            return {
                (campaign, pillar)
                for campaign, pillar in session.execute(
                    select(col(Post.campaign_id), col(Pillar.name))
                    .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
                    .where(col(Post.id).in_(drafts))
                )
            }

    done = run(
        database, bulk.label, world.cora, seen(database, world, drafts), pillar="Behind the scenes"
    )
    assert labels() == {(world.acme.campaign_id, "Behind the scenes")}
    run(database, bulk.undo, world.cora, done.change_id)
    assert labels() == {(world.acme.campaign_id, None)}
    asked = seen(database, world, drafts)
    done = run(database, bulk.label, world.cora, asked, pillar="", no_campaign=True)
    assert labels() == {(None, None)}
    run(database, bulk.undo, world.cora, done.change_id)
    assert labels() == {(world.acme.campaign_id, None)}


def test_many_are_submitted_and_sent(database: Database, world: World, drafts: list[UUID]) -> None:
    run(database, bulk.take_step, world.ben, seen(database, world, drafts), Action.SUBMIT)
    assert {found(database, world.ana, one).state for one in drafts} == {State.INTERNAL_REVIEW}
    ready = world.acme.posts[State.READY_FOR_CLIENT]
    asked = seen(database, world, [ready, drafts[0]])
    sent = run(database, bulk.take_step, world.aron, asked, Action.SEND_TO_CLIENT)
    assert (sent.changed, why(sent)) == ((ready,), {drafts[0]: NoSuchStep})
    with pytest.raises(NoSuchStep):
        run(database, bulk.take_step, world.iris, asked, Action.APPROVE)


def test_who_may_not_changes_nothing(database: Database, world: World, drafts: list[UUID]) -> None:
    asked = seen(database, world, drafts)
    before = everything_in(database)
    refused = {
        actor.name: set(why(run(database, bulk.move, actor, asked, 1)).values())
        for actor in (world.ben, world.dina, world.cleo, world.dora, world.bodil)
    }
    assert refused == {
        **{name: {NotAllowed} for name in ("Ben", "Dina")},
        **{name: {NotFound} for name in ("Cleo", "Dora", "Bodil")},
    }
    assert everything_in(database) == before
    with pytest.raises(BadInput):
        run(database, bulk.move, world.aron, {}, 1)


def words_and_times(database: Database, ids: list[UUID]) -> list[tuple]:
    with database.read() as session:
        rows = session.execute(
            select(Revision, col(Post.planned_at), col(Post.state), col(Post.campaign_id))
            .join(Post, col(Post.id) == col(Revision.post_id))
            .where(col(Post.id).in_(ids))
            .order_by(col(Post.planned_at))
        )
        return [(words_in(words), at, state, campaign) for words, at, state, campaign in rows]


def test_a_post_comes_again_on_the_dates_of_its_rule_but_on_closed_days(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    agree(database, world, country="DE", region="BE")
    with database.write() as session:
        easter_week = date(2026, 4, 10)
        posting_days.black_out(
            session, world.aron, world.acme.id, easter_week, easter_week, "Closed", now=NOW
        )
        dates = cloning.preview(session, world.ben, drafts[0], Rule(Every.WEEK, times=4))
    # Good Friday is a holiday, the Friday after it is the client's own.
    assert [(one.rule_day.isoformat(), one.at) for one in dates] == [
        ("2026-03-27", PLANNED),
        ("2026-04-03", None),
        ("2026-04-10", None),
        ("2026-04-17", datetime(2026, 4, 17, 16, tzinfo=UTC)),
    ]
    chosen = [one.at for one in dates[1:] if one.at]
    with database.write() as session:
        made = cloning.repeat(session, world.ben, drafts[0], chosen, version=1, now=NOW)
    assert words_and_times(database, made) == [
        (WORDS, chosen[0], State.DRAFT, world.acme.campaign_id)
    ]


def test_a_week_and_a_campaign_are_copied_at_the_same_times_of_the_clients_day(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    client_id = world.acme.id
    with database.write() as session:
        monday = date(2026, 3, 23)
        week = cloning.clone_week(session, world.ben, client_id, monday, monday + 14 * DAY, now=NOW)
    summer = datetime(2026, 4, 10, 16, tzinfo=UTC)
    # On the third day the clocks had jumped already: it is 19:00.
    days = [summer, summer + DAY, summer + 2 * DAY + timedelta(hours=1)]
    campaign = world.acme.campaign_id
    assert words_and_times(database, week) == [(WORDS, at, State.DRAFT, campaign) for at in days]
    with database.write() as session:
        autumn = date(2026, 10, 1)
        made = cloning.repeat_campaign(session, world.ana, campaign, "Autumn", autumn, now=NOW)
    copied = words_and_times(database, made)
    assert {state for _, _, state, _ in copied} == {State.DRAFT}
    assert campaign not in {of for _, _, _, of in copied}
    # The three, their copies, and the world's own but the cancelled one.
    assert len(copied) == 3 + 3 + len(State) - 1


def test_copies_are_made_by_the_clients_team_only(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    before = everything_in(database)
    monday = date(2026, 3, 23)
    refused = [
        (world.dina, NotAllowed),
        (world.cleo, NotFound),
        (world.dora, NotFound),
        (world.bodil, NotFound),
    ]
    for actor, no in refused:
        with pytest.raises(no), database.write() as session:
            cloning.repeat(session, actor, drafts[0], [PLANNED], version=1, now=NOW)
        with pytest.raises(no), database.write() as session:
            cloning.clone_week(session, actor, world.acme.id, monday, monday + DAY, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        cloning.repeat(session, world.ben, drafts[0], [PLANNED], version=2, now=NOW)
    assert everything_in(database) == before


def test_the_next_free_time_is_a_posting_time_with_nothing_else(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    def slot(actor: Actor) -> datetime:
        with database.read() as session:
            return posting_days.next_free_time(session, actor, drafts[1], after=PLANNED - DAY)

    with database.write() as session:
        evenings = Times(((18 * 60,),) * 5 + ((), ()))
        asked = (session, world.cora, world.acme.id, evenings)
        assert posting_days.change_times(*asked, version=0, now=NOW) == 1
    # Friday's is taken by the first draft.
    assert slot(world.ben) == datetime(2026, 3, 30, 16, tzinfo=UTC)
    with database.write() as session:
        monday = date(2026, 3, 30)
        posting_days.black_out(session, world.cora, world.acme.id, monday, monday, "", now=NOW)
    assert slot(world.ben) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    with database.write() as session:
        posting_days.open_again(session, world.cora, world.acme.id, monday, monday, now=NOW)
    assert slot(world.ben) == datetime(2026, 3, 30, 16, tzinfo=UTC)
    with pytest.raises(NotFound):
        slot(world.bodil)


def test_only_who_plans_for_the_client_says_when_it_posts(database: Database, world: World) -> None:
    before = everything_in(database)
    day = utc("30T00:00").date()
    for actor, no in [(world.ben, NotAllowed), (world.cleo, NotAllowed), (world.bodil, NotFound)]:
        with pytest.raises(no), database.write() as session:
            posting_days.change_times(session, actor, world.acme.id, Times(), version=0, now=NOW)
        with pytest.raises(no), database.write() as session:
            posting_days.black_out(session, actor, world.acme.id, day, day, "", now=NOW)
        with pytest.raises(no), database.write() as session:
            posting_days.open_again(session, actor, world.acme.id, day, day, now=NOW)
    with pytest.raises(Stale), database.write() as session:
        posting_days.change_times(session, world.aron, world.acme.id, Times(), version=4, now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        posting_days.black_out(session, world.aron, world.acme.id, day, day - DAY, "", now=NOW)
    assert everything_in(database) == before


def test_posts_move_to_one_day_at_their_own_time_and_back(
    database: Database, world: World, drafts: list[UUID]
) -> None:
    with database.write() as session:
        posts.replan(session, world.aron, drafts[2], None, version=1, now=NOW)
    before = planned(database, drafts)
    day = date(2026, 6, 1)
    done = run(database, bulk.move_to, world.aron, seen(database, world, drafts), day)
    evening, noon = datetime(2026, 6, 1, 16, tzinfo=UTC), datetime(2026, 6, 1, 10, tzinfo=UTC)
    # The second is after the clocks went forward: the same instant of the day is an hour later.
    assert planned(database, drafts) == [evening, evening, noon]
    run(database, bulk.undo, world.aron, done.change_id)
    assert planned(database, drafts) == before


def test_so_many_days_are_no_move(database: Database, world: World, drafts: list[UUID]) -> None:
    before = everything_in(database)
    for days in (0, 367, -367):
        with pytest.raises(BadInput):
            run(database, bulk.move, world.aron, seen(database, world, drafts), days)
    for day in (date.min, date(1999, 12, 31), date(2101, 1, 1)):
        with pytest.raises(BadInput):
            run(database, bulk.move_to, world.aron, seen(database, world, drafts), day)
    assert everything_in(database) == before


SINCE = ("nothing", "moved", "labelled", "worded", "submitted", "cancelled")
"""What somebody may do with a post between its change and the undo of it."""


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    days=st.integers(-366, 366).filter(bool),
    since=st.lists(st.sampled_from(SINCE), min_size=3, max_size=3),
)
def test_undo_gives_back_exactly_what_nobody_changed_since(
    ground: Ground, days: int, since: list[str]
) -> None:
    with ground.empty() as database:
        world = ground.fill(database)
        with database.write() as session:
            news = [NewPost(WORDS, PLANNED + n * DAY) for n in range(3)]
            ids = posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
        before = planned(database, ids)
        done = run(database, bulk.move, world.aron, seen(database, world, ids), days)
        for post_id, what in zip(ids, since, strict=True):
            meddle(database, world, post_id, what)
        between = planned(database, ids)
        undone = run(database, bulk.undo, world.aron, done.change_id)
        untouched = {one for one, what in zip(ids, since, strict=True) if what == "nothing"}
        assert set(undone.changed) == untouched
        assert why(undone) == dict.fromkeys(set(ids) - untouched, Stale)
        assert planned(database, ids) == [
            old if post_id in untouched else now
            for post_id, old, now in zip(ids, before, between, strict=True)
        ]


def meddle(database: Database, world: World, post_id: UUID, what: str) -> None:
    with database.write() as session:
        version = post_rows.find(session, world.cora, post_id).version
        asked = (session, world.cora, post_id)
        if what == "moved":
            posts.replan(*asked, PLANNED + 900 * DAY, version=version, now=NOW)
        elif what == "labelled":
            posts.label(*asked, None, "Else", version=version, now=NOW)
        elif what == "worded":
            posts.edit(*asked, replace(WORDS, caption="Else"), version=version, now=NOW)
    if what in {"submitted", "cancelled"}:
        action = Action.SUBMIT if what == "submitted" else Action.CANCEL
        step(database, world.cora, post_id, action)
