from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Post
from postboard.db.review_models import ReviewRequest
from postboard.domain.content import Media, Reason, Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import THE_CLOCK, Actor
from postboard.domain.workflow import Action, ChangeTag, State
from postboard.services import post_rows, post_words, posts, steps
from postboard.services.post_rows import Found, NeedsPerson
from postboard.services.posts import NewPost
from postboard.services.steps import Answer, NeedsReason, NeedsTime, NoSuchStep, TimePassed
from tests.world import (
    LINK,
    NOW,
    WORDS,
    World,
    at_once,
    everything_in,
    found,
    full_answer,
    step,
)

LATER = NOW + timedelta(days=9)


def edit(database: Database, actor, post_id, words: Words) -> Found:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        return posts.edit(session, actor, post_id, words, version=version, now=NOW)


def take(database: Database, actor, post_id, action: Action, **stated) -> Found:
    with database.write() as session:
        return steps.take_step(session, actor, post_id, action, now=NOW, **stated)


def create(database: Database, actor, client_id, new: NewPost):
    with database.write() as session:
        return posts.create(session, actor, client_id, new, now=NOW)


def words_now(database: Database, post: Found) -> Words:
    with database.read() as session:
        return post_words.words_of(session, post.id, post.revision)


def last_event(database: Database, post_id) -> tuple[str, dict]:
    with database.read() as session:
        row = session.execute(
            select(col(Event.kind), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position).desc())
            .limit(1)
        ).one()
    return tuple(row)


def test_a_new_post_is_a_numbered_draft_on_top(database: Database, world: World) -> None:
    post_id = create(database, world.ben, world.acme.id, NewPost(WORDS, LATER))
    with database.read() as session:
        row = session.get_one(Post, post_id)
        top = session.execute(
            select(col(Post.id)).where(col(Post.board_column) == "draft").order_by(col(Post.rank))
        ).scalars()
        assert next(top) == post_id
    assert (row.number, row.state, row.version, row.revision) == (len(State) + 1, "draft", 1, 1)
    assert last_event(database, post_id) == ("post.created", {"number": row.number, "revision": 1})
    assert words_now(database, found(database, world.ben, post_id)) == WORDS


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("cleo", NotAllowed), ("vera", NotAllowed), ("dina", NotAllowed), ("dora", NotFound)],
)
def test_a_post_is_created_by_those_who_may(
    database: Database, world: World, who: str, refusal: type[Exception]
) -> None:
    before = everything_in(database)
    with pytest.raises(refusal):
        create(database, getattr(world, who), world.acme.id, NewPost(WORDS))
    assert everything_in(database) == before


def test_a_post_for_no_client_is_not_found(database: Database, world: World) -> None:
    with pytest.raises(NotFound):
        create(database, world.alma, uuid4(), NewPost(WORDS))


def test_a_post_goes_to_staff_and_campaigns_of_its_own_client(
    database: Database, world: World
) -> None:
    for stranger in (world.bodil, world.cleo):
        with pytest.raises(NeedsPerson):
            create(database, world.ana, world.acme.id, NewPost(WORDS, assignee_id=stranger.user_id))
    with pytest.raises(NotFound):
        create(
            database,
            world.ana,
            world.acme.id,
            NewPost(WORDS, campaign_id=world.borealis.campaign_id),
        )


@pytest.mark.parametrize(
    "words",
    [
        Words(),
        Words(caption=" \n\t "),
        Words(caption="\x00\ud800"),
        Words(caption="x" * 64_001),
        Words(title="x" * 301),
        Words(caption="x", link="javascript:alert(1)"),
        Words(caption="x", link="https://"),
        Words(caption="x", link="http://[broken"),
        Words(caption="x", link="https://x.example/" + "y" * 2048),
        Words(caption="x", networks=("myspace",)),
        Words(caption="x", media=(Media("data:text/html,hi"),)),
        Words(media=(Media(""),)),
        Words(caption="x", media=tuple(Media(f"https://x.example/{n}") for n in range(41))),
    ],
)
def test_words_outside_their_limits_are_refused(
    database: Database, world: World, words: Words
) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput):
        create(database, world.ben, world.acme.id, NewPost(words))
    with pytest.raises(BadInput):
        edit(database, world.ben, world.acme.posts[State.DRAFT], words)
    assert everything_in(database) == before


def test_what_a_browser_claims_of_a_picture_elsewhere_counts_nothing(
    database: Database, world: World
) -> None:
    claimed = Media(
        "https://images.example/a.jpg", "A", "", "d" * 90_000, type="x", size=-1, width=10, height=7
    )
    with database.write() as session:
        new = NewPost(Words("Buns.", media=(claimed,)))
        post_id = posts.create(session, world.ana, world.acme.id, new, now=NOW)
        kept = post_words.words_of(session, post_id, 1).media
    assert kept == (Media("https://images.example/a.jpg", "A"),)


def test_words_are_cleaned_and_kept_as_written(database: Database, world: World) -> None:
    odd = Words(
        "  a\x00\r\nb \ud83e\udd50\U0001f950 中文 \u202e ", " two \n lines ", media=WORDS.media
    )
    post_id = create(database, world.ben, world.acme.id, NewPost(odd))
    assert words_now(database, found(database, world.ben, post_id)) == Words(
        "a\nb \U0001f950 中文 \u202e", "two lines", media=WORDS.media
    )


@pytest.mark.parametrize("state", list(State))
def test_a_post_of_another_brand_is_not_there(
    database: Database, world: World, state: State
) -> None:
    post_id = world.acme.posts[state]
    before = everything_in(database)
    for stranger in (world.dora, world.bodil):
        with database.write() as session:
            for call in _every_write(session, stranger, post_id):
                with pytest.raises(NotFound) as no:
                    call()
                assert str(no.value) == str(NotFound())
    assert everything_in(database) == before


def _every_write(session: Session, actor: Actor, post_id: UUID) -> list[Callable[[], object]]:
    assert actor.user_id
    return [
        partial(post_rows.find, session, actor, post_id),
        partial(posts.edit, session, actor, post_id, WORDS, version=1, now=NOW),
        partial(posts.replan, session, actor, post_id, LATER, version=1, now=NOW),
        partial(posts.place, session, actor, post_id, None, version=1),
        *(
            partial(steps.take_step, session, actor, post_id, action, revision=1, now=NOW)
            for action in Action
        ),
    ]


def test_the_client_sees_its_own_posts_from_the_clients_review_on(
    database: Database, world: World
) -> None:
    def seen_by(actor) -> set[State]:
        with database.read() as session:
            seen = set()
            for brand in (world.acme, world.borealis):
                for state, post_id in brand.posts.items():
                    try:
                        assert post_rows.find(session, actor, post_id).client_id == world.acme.id
                    except NotFound:
                        continue
                    seen.add(state)
            return seen

    seen = {
        State.CLIENT_REVIEW,
        State.CLIENT_REWORK,
        State.APPROVED,
        State.ON_HOLD,
        State.SCHEDULED,
        State.PUBLISHED,
        State.PUBLISH_FAILED,
    }
    assert seen_by(world.cleo) == seen_by(world.vera) == seen
    assert seen_by(world.ben) == set(State)


def test_a_reviewer_of_one_brand_decides_nothing_for_another(
    database: Database, world: World
) -> None:
    with pytest.raises(NotFound):
        step(database, world.dora, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE)


@pytest.mark.parametrize("who", ["alma", "ana", "aron", "cora", "ben", "dina", "iris", "vera"])
def test_nobody_but_the_reviewer_approves_for_the_client(
    database: Database, world: World, who: str
) -> None:
    with pytest.raises(NotAllowed):
        step(
            database,
            getattr(world, who),
            world.acme.posts[State.CLIENT_REVIEW],
            Action.APPROVE,
        )


def test_a_step_on_an_old_version_is_refused(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    read = found(database, world.cleo, post_id)
    with database.write() as session:
        posts.replan(session, world.ana, post_id, LATER, version=read.version, now=NOW)
    with pytest.raises(Stale):
        take(database, world.cleo, post_id, Action.APPROVE, version=read.version)
    assert take(database, world.cleo, post_id, Action.APPROVE, revision=read.revision) == replace(
        read, state=State.APPROVED, version=read.version + 2, planned_at=LATER, rank=ANY
    )


def test_a_decision_on_old_words_is_refused(database: Database, world: World) -> None:
    """Cleo reads, the agency takes the post back, changes it and sends it again; she clicks."""
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    read = found(database, world.cleo, post_id)
    step(database, world.ana, post_id, Action.RECALL)
    edit(database, world.cora, post_id, WORDS)
    step(database, world.ana, post_id, Action.APPROVE)
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)
    before = everything_in(database)
    for action in (Action.APPROVE, Action.REQUEST_CHANGES):
        with pytest.raises(Stale):
            take(
                database,
                world.cleo,
                post_id,
                action,
                revision=read.revision,
                answer=full_answer(action),
            )
    assert everything_in(database) == before


def test_a_step_states_what_it_was_decided_on(database: Database, world: World) -> None:
    with pytest.raises(TypeError):
        take(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE)


@pytest.mark.parametrize(
    ("state", "who", "action"),
    [
        (State.DRAFT, "ana", Action.CANCEL),
        (State.INTERNAL_REVIEW, "ana", Action.REQUEST_CHANGES),
        (State.CLIENT_REVIEW, "cleo", Action.REQUEST_CHANGES),
        (State.CLIENT_REVIEW, "aron", Action.RECALL),
        (State.APPROVED, "cleo", Action.HOLD),
        (State.SCHEDULED, "cleo", Action.HOLD),
        (State.SCHEDULED, "the clock", Action.FAIL),
    ],
)
def test_a_step_back_needs_a_reason(
    database: Database, world: World, state: State, who: str, action: Action
) -> None:
    actor = THE_CLOCK if who == "the clock" else getattr(world, who)
    before = everything_in(database)
    for empty in (Reason(), Reason(" \n\x00 ", (ChangeTag.COPY,))):
        with pytest.raises(NeedsReason):
            take(
                database,
                actor,
                world.acme.posts[state],
                action,
                revision=1,
                answer=Answer(empty),
            )
    assert everything_in(database) == before


def test_a_request_for_changes_needs_a_tag_too(database: Database, world: World) -> None:
    for state, actor in ((State.INTERNAL_REVIEW, world.ana), (State.CLIENT_REVIEW, world.cleo)):
        with pytest.raises(NeedsReason) as no:
            take(
                database,
                actor,
                world.acme.posts[state],
                Action.REQUEST_CHANGES,
                revision=1,
                answer=Answer(Reason("Make it pop")),
            )
        assert "tag" in str(no.value)


def test_the_request_for_changes_is_told_in_full(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.read() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
    asked = Reason(" Wrong logo.\r\nUse the new one. ", (ChangeTag.IMAGE, ChangeTag.BRAND))
    take(
        database,
        world.cleo,
        post_id,
        Action.REQUEST_CHANGES,
        revision=1,
        answer=Answer(asked),
    )
    assert last_event(database, post_id) == (
        "post.request_changes",
        {
            "from": "client_review",
            "to": "client_rework",
            "revision": 1,
            "request": str(request_id),
            "stage": 1,
            "reason": "Wrong logo.\nUse the new one.",
            "tags": ["image", "brand"],
        },
    )


def test_an_overlong_reason_is_refused(database: Database, world: World) -> None:
    with pytest.raises(BadInput):
        take(
            database,
            world.cleo,
            world.acme.posts[State.APPROVED],
            Action.HOLD,
            revision=1,
            answer=Answer(Reason("x" * 2001)),
        )


def test_production_needs_somebody_of_the_clients_team(database: Database, world: World) -> None:
    post_id = create(database, world.ana, world.acme.id, NewPost(WORDS))
    with pytest.raises(NeedsPerson):
        take(database, world.ana, post_id, Action.ASSIGN, version=1)
    for stranger in (world.bodil.user_id, world.cleo.user_id, uuid4()):
        with pytest.raises(NeedsPerson):
            take(
                database,
                world.ana,
                post_id,
                Action.ASSIGN,
                version=1,
                answer=Answer(assignee_id=stranger),
            )
    to_ben = Answer(assignee_id=world.ben.user_id)
    handed = take(database, world.ana, post_id, Action.ASSIGN, version=1, answer=to_ben)
    assert (handed.state, handed.assignee_id) == (State.IN_PRODUCTION, world.ben.user_id)


def test_a_task_is_finished_by_its_holder_and_marks_the_draft_ready(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.IN_PRODUCTION]
    for other in (world.dina, world.iris):
        with pytest.raises(NotAllowed):
            step(database, other, post_id, Action.FINISH)
    step(database, world.ben, post_id, Action.FINISH)
    with database.read() as session:
        row = session.get_one(Post, post_id)
    assert (row.state, row.ready) == (State.DRAFT, True)


def test_a_time_that_cannot_be_kept_is_not_scheduled(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    for time, refusal in ((None, NeedsTime), (NOW, TimePassed), (NOW - timedelta(1), TimePassed)):
        with database.write() as session:
            version = post_rows.find(session, world.ana, post_id).version
            posts.replan(session, world.ana, post_id, time, version=version, now=NOW)
        with pytest.raises(refusal):
            step(database, world.ana, post_id, Action.SCHEDULE)
    scheduled = world.acme.posts[State.SCHEDULED]
    version = found(database, world.ana, scheduled).version
    for time, refusal in ((None, NeedsTime), (NOW, TimePassed)):
        with pytest.raises(refusal), database.write() as session:
            posts.replan(session, world.ana, scheduled, time, version=version, now=NOW)


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_no_post_is_planned_for_a_year_that_no_plan_reaches(
    database: Database, world: World, year: int
) -> None:
    far, before = LATER.replace(year=year), everything_in(database)
    post_id = world.acme.posts[State.DRAFT]
    version = found(database, world.ana, post_id).version
    with pytest.raises(BadInput), database.write() as session:
        posts.replan(session, world.ana, post_id, far, version=version, now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        posts.create(session, world.ana, world.acme.id, NewPost(WORDS, far), now=NOW)
    assert everything_in(database) == before


def test_moving_the_date_keeps_the_approval(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    read = found(database, world.ana, post_id)
    with database.write() as session:
        moved = posts.replan(session, world.aron, post_id, LATER, version=read.version, now=NOW)
    assert moved == replace(read, planned_at=LATER, version=read.version + 1)
    assert last_event(database, post_id) == (
        "post.replanned",
        {"from": read.planned_at.isoformat(), "to": LATER.isoformat()},
    )
    before = everything_in(database)
    with database.write() as session:
        same = posts.replan(session, world.aron, post_id, LATER, version=moved.version, now=NOW)
    assert same == moved
    assert everything_in(database) == before


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CANCELLED])
def test_the_date_of_what_is_over_stays(database: Database, world: World, state: State) -> None:
    version = found(database, world.ana, world.acme.posts[state]).version
    with pytest.raises(NoSuchStep), database.write() as session:
        posts.replan(session, world.ana, world.acme.posts[state], LATER, version=version, now=NOW)


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_PRODUCTION])
def test_words_nobody_judged_change_in_place(
    database: Database, world: World, state: State
) -> None:
    read = found(database, world.ben, world.acme.posts[state])
    edited = edit(database, world.cora, read.id, WORDS)
    assert edited == replace(read, version=read.version + 1)
    assert words_now(database, edited) == WORDS


@pytest.mark.parametrize("state", [State.INTERNAL_REWORK, State.CLIENT_REWORK])
def test_judged_words_are_kept_and_rework_writes_a_new_revision(
    database: Database, world: World, state: State
) -> None:
    read = found(database, world.ben, world.acme.posts[state])
    judged = words_now(database, read)
    edited = edit(database, world.cora, read.id, WORDS)
    assert edited == replace(read, version=read.version + 1, revision=2)
    again = edit(database, world.cora, read.id, replace(WORDS, title="Evening buns"))
    assert again == replace(edited, version=edited.version + 1)
    assert words_now(database, read) == judged


@pytest.mark.parametrize(
    "state",
    [
        State.INTERNAL_REVIEW,
        State.READY_FOR_CLIENT,
        State.APPROVED,
        State.ON_HOLD,
        State.SCHEDULED,
        State.PUBLISH_FAILED,
    ],
)
def test_changed_words_go_back_for_review(database: Database, world: World, state: State) -> None:
    read = found(database, world.ben, world.acme.posts[state])
    old = words_now(database, read)
    edited = edit(database, world.cora, read.id, WORDS)
    assert edited == replace(
        read, state=State.INTERNAL_REVIEW, revision=2, version=read.version + 1, rank=ANY
    )
    assert (words_now(database, read), words_now(database, edited)) == (old, WORDS)
    assert last_event(database, read.id) == (
        "post.revise",
        {
            "from": state.value,
            "to": "internal_review",
            "revision": 2,
            "fields": ["caption", "title", "networks", "media"],
        },
    )


@pytest.mark.parametrize("state", [State.CLIENT_REVIEW, State.PUBLISHED, State.CANCELLED])
def test_words_are_closed_while_the_client_reads_and_when_it_is_over(
    database: Database, world: World, state: State
) -> None:
    before = everything_in(database)
    with pytest.raises(NoSuchStep):
        edit(database, world.ana, world.acme.posts[state], WORDS)
    assert everything_in(database) == before


def test_the_same_words_change_nothing(database: Database, world: World) -> None:
    read = found(database, world.ben, world.acme.posts[State.APPROVED])
    words = words_now(database, read)
    before = everything_in(database)
    assert edit(database, world.ben, read.id, replace(words, caption=f" {words.caption} ")) == read
    assert everything_in(database) == before


def test_pictures_and_words_have_their_own_rights(database: Database, world: World) -> None:
    read = found(database, world.ben, world.acme.posts[State.DRAFT])
    words = words_now(database, read)
    new_media, new_title = replace(words, media=()), replace(words, title="Another")
    for actor, change in (
        (world.ben, new_media),
        (world.dina, new_title),
        (world.iris, replace(new_media, networks=())),
    ):
        with pytest.raises(NotAllowed):
            edit(database, actor, read.id, change)
    edit(database, world.dina, read.id, new_media)
    edit(database, world.ben, read.id, replace(new_media, title="Another"))


def test_clients_edit_and_place_nothing(database: Database, world: World) -> None:
    before = everything_in(database)
    for actor in (world.cleo, world.vera):
        for state in (State.CLIENT_REVIEW, State.CLIENT_REWORK, State.APPROVED):
            post = found(database, actor, world.acme.posts[state])
            if state is not State.CLIENT_REVIEW:
                with pytest.raises(NotAllowed):
                    edit(database, actor, post.id, WORDS)
            with pytest.raises(NotAllowed), database.write() as session:
                posts.place(session, actor, post.id, None, version=post.version)
            with pytest.raises(NotAllowed), database.write() as session:
                posts.replan(session, actor, post.id, LATER, version=post.version, now=NOW)
    assert everything_in(database) == before


def test_rounds_are_counted(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.CLIENT_REWORK]
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    assert found(database, world.cleo, post_id).rounds == 2
    assert last_event(database, post_id)[1]["round"] == 2


def test_rework_goes_straight_back_where_the_client_wants_it(
    database: Database, world: World
) -> None:
    back = step(database, world.bodil, world.borealis.posts[State.CLIENT_REWORK], Action.SUBMIT)
    assert (back.state, back.rounds) == (State.CLIENT_REVIEW, 2)


def test_a_failed_post_is_marked_published_with_its_link(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.PUBLISH_FAILED]
    for link in ("", "ftp://x.example", "not a link"):
        with pytest.raises(BadInput):
            take(
                database,
                world.ana,
                post_id,
                Action.MARK_PUBLISHED,
                revision=1,
                answer=Answer(link=link),
            )
    step(database, world.ana, post_id, Action.MARK_PUBLISHED)
    with database.read() as session:
        assert session.get_one(Post, post_id).published_link == LINK


def test_the_clock_publishes_what_is_scheduled_and_does_nothing_else(
    database: Database, world: World
) -> None:
    done = step(database, THE_CLOCK, world.acme.posts[State.SCHEDULED], Action.PUBLISH)
    assert done.state is State.PUBLISHED
    before = everything_in(database)
    with pytest.raises(NotAllowed):
        step(database, THE_CLOCK, world.acme.posts[State.APPROVED], Action.SCHEDULE)
    with pytest.raises(NotAllowed):
        edit(database, THE_CLOCK, world.acme.posts[State.DRAFT], WORDS)
    with pytest.raises(NotFound):
        create(database, THE_CLOCK, world.acme.id, NewPost(WORDS))
    assert everything_in(database) == before


class _Any:
    """Equal to everything: for a value the test is not about."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return True


ANY = _Any()


@pytest.mark.parametrize("who", ["cleo", "aron"])
def test_a_scheduled_post_that_is_held_is_not_published(
    database: Database, world: World, who: str
) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    step(database, getattr(world, who), post_id, Action.HOLD)
    with pytest.raises(NoSuchStep):
        step(database, THE_CLOCK, post_id, Action.PUBLISH)
    assert found(database, world.cleo, post_id).state is State.ON_HOLD
    assert step(database, world.cleo, post_id, Action.RELEASE).state is State.APPROVED


def test_of_holding_and_publishing_at_the_same_moment_one_happens(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    results = at_once(
        lambda: step(database, world.cleo, post_id, Action.HOLD),
        lambda: step(database, THE_CLOCK, post_id, Action.PUBLISH),
    )
    done = [one.state for one in results if isinstance(one, Found)]
    assert done == [found(database, world.cleo, post_id).state]
