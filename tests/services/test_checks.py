"""The gate before review, at every door, and letting a finding through it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, WordsDraft
from postboard.domain.content import Media, Variant, Words, words_as_json
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import PERMISSIONS, Actor, Permission, Role
from postboard.domain.rules import Rule
from postboard.domain.workflow import Action, State
from postboard.locale import LANGUAGES, say
from postboard.services import board, bulk, chains, checks, posts, steps, waivers, writing
from postboard.services.board import Move
from postboard.services.checks import Blocked, Checked
from postboard.services.posts import NewPost
from postboard.services.steps import Answer, NeedsReason, NoSuchStep
from tests.world import NOW, World, count_queries, everything_in, found, step

LONG = Words("a" * 300, networks=("x",))
SHORT = Words("Short enough.", networks=("x",))


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    """A draft that X would not take."""
    return new_post(database, world, LONG)


def new_post(database: Database, world: World, words: Words, **plan: Any) -> UUID:
    with database.write() as session:
        return posts.create(session, world.ben, world.acme.id, NewPost(words, **plan), now=NOW)


def edit(database: Database, world: World, post_id: UUID, words: Words) -> None:
    version = found(database, world.ana, post_id).version
    with database.write() as session:
        posts.edit(session, world.ana, post_id, words, version=version, now=NOW)


def check(database: Database, actor: Actor, post_id: UUID) -> tuple[Checked, ...]:
    with database.read() as session:
        return checks.check(session, actor, post_id, now=NOW)


def key_of(database: Database, world: World, post_id: UUID) -> str:
    return next(one.finding.key for one in check(database, world.iris, post_id) if one.blocks)


def waive(
    database: Database, actor: Actor, post_id: UUID, finding: str, reason: str = "X Premium."
) -> None:
    with database.write() as session:
        waivers.waive(session, actor, post_id, finding, reason, now=NOW)


def unwaive(database: Database, actor: Actor, post_id: UUID, finding: str) -> None:
    with database.write() as session:
        waivers.unwaive(session, actor, post_id, finding, now=NOW)


def events_of(database: Database, post_id: UUID) -> list[tuple[str, str, Mapping[str, Any]]]:
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.stream_id) == post_id)
            .order_by(col(Event.position))
        )
        return [(kind, who, content) for kind, who, content in rows]


def test_what_blocks_stops_a_step(database: Database, world: World, post_id: UUID) -> None:
    before = everything_in(database)
    with pytest.raises(Blocked) as refused:
        step(database, world.ben, post_id, Action.SUBMIT)
    assert everything_in(database) == before
    assert say(refused.value, "en") == (
        "One check stops this post. X: The text counts 300 characters; 280 fit."
        " Open the post to put it right."
    )


def test_what_blocks_stops_a_card_that_is_dropped(
    database: Database, world: World, post_id: UUID
) -> None:
    before = everything_in(database)
    asked = Move(uuid4(), post_id, 1, Action.SUBMIT)
    with pytest.raises(Blocked), database.write() as session:
        board.move(session, world.ben, asked, now=NOW)
    assert everything_in(database) == before


def test_an_old_version_is_told_so_before_it_is_judged(
    database: Database, world: World, post_id: UUID
) -> None:
    edit(database, world, post_id, SHORT)
    with pytest.raises(Stale), database.write() as session:
        steps.take_step(session, world.ben, post_id, Action.SUBMIT, version=1, now=NOW)


@pytest.mark.parametrize("state", [State.IN_PRODUCTION, State.INTERNAL_REWORK, State.CLIENT_REWORK])
@pytest.mark.parametrize("brand", ["acme", "borealis"])
def test_what_blocks_stops_every_way_to_review(
    database: Database, world: World, brand: str, state: State
) -> None:
    """Borealis' rework goes straight to the client."""
    post_id = getattr(world, brand).posts[state]
    edit(database, world, post_id, LONG)
    with pytest.raises(Blocked):
        step(database, world.ana, post_id, Action.SUBMIT)


def test_other_steps_are_not_asked(database: Database, world: World, post_id: UUID) -> None:
    answer = Answer(assignee_id=world.ben.user_id)
    with database.write() as session:
        steps.take_step(
            session, world.aron, post_id, Action.ASSIGN, version=1, answer=answer, now=NOW
        )
    assert step(database, world.ben, post_id, Action.FINISH).state is State.DRAFT
    assert step(database, world.aron, post_id, Action.CANCEL).state is State.CANCELLED


def test_words_changed_in_review_are_saved_and_only_shown(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    edit(database, world, post_id, LONG)
    assert found(database, world.ben, post_id).state is State.INTERNAL_REVIEW
    assert [one.finding.rule for one in check(database, world.iris, post_id) if one.blocks] == [
        Rule.TEXT_TOO_LONG
    ]


def test_words_changed_since_are_checked_before_the_client_is_asked(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.APPROVED]
    edit(database, world, post_id, LONG)
    assert step(database, world.cora, post_id, Action.APPROVE).state is State.READY_FOR_CLIENT
    with pytest.raises(Blocked):
        step(database, world.aron, post_id, Action.SEND_TO_CLIENT)
    with database.write() as session:
        seen = {post_id: found(database, world.aron, post_id).version}
        done = bulk.take_step(session, world.aron, seen, Action.SEND_TO_CLIENT, now=NOW)
    assert [type(one.why) for one in done.left] == [Blocked]
    waive(database, world.iris, post_id, key_of(database, world, post_id))
    assert step(database, world.aron, post_id, Action.SEND_TO_CLIENT).state is State.CLIENT_REVIEW


def test_words_that_nobody_is_asked_about_are_checked_before_they_are_scheduled(
    database: Database, world: World
) -> None:
    with database.write() as session:
        scope = chains.Scope(world.acme.id)
        chains.set_chain(session, world.aron, scope, [], version=0, now=NOW)
    post_id = new_post(database, world, SHORT, planned_at=NOW + timedelta(days=2))
    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.APPROVED
    edit(database, world, post_id, LONG)
    assert found(database, world.ana, post_id).state is State.APPROVED
    with pytest.raises(Blocked):
        step(database, world.aron, post_id, Action.SCHEDULE)
    edit(database, world, post_id, SHORT)
    assert step(database, world.aron, post_id, Action.SCHEDULE).state is State.SCHEDULED


def test_a_post_without_a_network_is_stopped_by_name(database: Database, world: World) -> None:
    post_id = new_post(database, world, Words("From a plan", media=(Media("/a.jpg"),)))
    with pytest.raises(Blocked) as refused:
        step(database, world.ben, post_id, Action.SUBMIT)
    assert str(refused.value) == (
        "One check stops this post. No network is chosen yet. Open the post to put it right."
    )


def test_several_are_counted_and_the_first_is_named(database: Database, world: World) -> None:
    words = Words("a" * 600, networks=("weibo", "instagram", "x", "bluesky"))
    post_id = new_post(database, world, words)
    with pytest.raises(Blocked) as refused:
        step(database, world.ben, post_id, Action.SUBMIT)
    assert say(refused.value, "en") == (
        "3 checks stop this post. First: Instagram: It needs a picture or a video."
        " Open the post to put them right."
    )
    assert all(say(refused.value, language) for language in LANGUAGES)


def test_warnings_stop_nobody(database: Database, world: World) -> None:
    words = Words("See www.acme.example", networks=("linkedin",), media=(Media("/a.jpg"),))
    post_id = new_post(database, world, words, planned_at=NOW - timedelta(hours=1))
    warned = [one.finding.rule for one in check(database, world.ben, post_id)]
    assert warned == [Rule.ALT_MISSING, Rule.LINK_WITHOUT_SCHEME, Rule.TIME_PASSED]
    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.INTERNAL_REVIEW


def test_an_art_director_lets_a_finding_pass_on_record(
    database: Database, world: World, post_id: UUID
) -> None:
    key = key_of(database, world, post_id)
    waive(database, world.iris, post_id, key, "  The account has X Premium.\n")

    (one,) = check(database, world.ben, post_id)
    assert one.waived
    assert (one.blocks, one.waived.who, one.waived.reason, one.waived.at) == (
        False,
        "Iris",
        "The account has X Premium.",
        NOW,
    )
    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.INTERNAL_REVIEW
    assert events_of(database, post_id)[1] == (
        "post.check_waived",
        "Iris",
        {
            "rule": "text_too_long",
            "network": "x",
            "place": "caption@x",
            "reason": "The account has X Premium.",
            "revision": 1,
        },
    )


def test_letting_pass_changes_neither_version_nor_words(
    database: Database, world: World, post_id: UUID
) -> None:
    waive(database, world.iris, post_id, key_of(database, world, post_id))
    assert found(database, world.ben, post_id).version == 1


def test_it_is_let_pass_once(database: Database, world: World, post_id: UUID) -> None:
    key = key_of(database, world, post_id)
    waive(database, world.iris, post_id, key)
    before = everything_in(database)
    waive(database, world.ana, post_id, key, "Another reason")
    assert everything_in(database) == before


def test_it_may_be_taken_back(database: Database, world: World, post_id: UUID) -> None:
    key = key_of(database, world, post_id)
    waive(database, world.iris, post_id, key)
    unwaive(database, world.ana, post_id, key)

    with pytest.raises(Blocked):
        step(database, world.ben, post_id, Action.SUBMIT)
    assert [
        (kind, who, content["reason"]) for kind, who, content in events_of(database, post_id)[1:]
    ] == [
        ("post.check_waived", "Iris", "X Premium."),
        ("post.waiver_withdrawn", "Ana", "X Premium."),
    ]
    before = everything_in(database)
    unwaive(database, world.ana, post_id, key)
    assert everything_in(database) == before


def test_other_words_are_judged_anew(database: Database, world: World, post_id: UUID) -> None:
    waive(database, world.iris, post_id, key_of(database, world, post_id))
    edit(database, world, post_id, replace(LONG, caption="b" * 300))
    with pytest.raises(Blocked):
        step(database, world.ben, post_id, Action.SUBMIT)

    edit(database, world, post_id, LONG)
    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.INTERNAL_REVIEW


def test_it_is_of_one_post(database: Database, world: World, post_id: UUID) -> None:
    waive(database, world.iris, post_id, key_of(database, world, post_id))
    twin = new_post(database, world, LONG)
    with pytest.raises(Blocked):
        step(database, world.ben, twin, Action.SUBMIT)


def test_who_may_let_pass_is_one_right(database: Database, world: World, post_id: UUID) -> None:
    key = key_of(database, world, post_id)
    for role, actor in world.of_acme().items():
        if Permission.WAIVE_CHECK in PERMISSIONS[role]:
            waive(database, actor, post_id, key)
            unwaive(database, actor, post_id, key)
            continue
        before = everything_in(database)
        refused = NotFound if role in {Role.CLIENT_REVIEWER, Role.CLIENT_VIEWER} else NotAllowed
        for attempt in (waive, unwaive):
            with pytest.raises(refused):
                attempt(database, actor, post_id, key)
        assert everything_in(database) == before


def test_of_another_brand_nothing_is_seen_or_let_pass(
    database: Database, world: World, post_id: UUID
) -> None:
    key = key_of(database, world, post_id)
    for stranger in (world.dora, world.bodil):
        with pytest.raises(NotFound):
            check(database, stranger, post_id)
        with pytest.raises(NotFound):
            waive(database, stranger, post_id, key)


def test_the_client_learns_of_no_checks(database: Database, world: World) -> None:
    for client in (world.cleo, world.vera):
        with pytest.raises(NotFound):
            check(database, client, world.acme.posts[State.CLIENT_REVIEW])


@pytest.mark.parametrize("reason", ["", "  \n\t ", "\x00"])
def test_a_reason_is_asked_for(
    database: Database, world: World, post_id: UUID, reason: str
) -> None:
    with pytest.raises(NeedsReason):
        waive(database, world.iris, post_id, key_of(database, world, post_id), reason)


def test_a_reason_has_an_end(database: Database, world: World, post_id: UUID) -> None:
    with pytest.raises(BadInput):
        waive(database, world.iris, post_id, key_of(database, world, post_id), "a" * 2001)


@pytest.mark.parametrize("finding", ["", "x", "0" * 64, "'; drop table waiver"])
def test_only_what_is_found_can_be_let_pass(
    database: Database, world: World, post_id: UUID, finding: str
) -> None:
    before = everything_in(database)
    with pytest.raises(Stale):
        waive(database, world.iris, post_id, finding)
    assert everything_in(database) == before


def test_a_warning_needs_no_leave(database: Database, world: World) -> None:
    post_id = new_post(database, world, Words("See www.acme.example", networks=("linkedin",)))
    (warning,) = check(database, world.iris, post_id)
    with pytest.raises(Stale):
        waive(database, world.iris, post_id, warning.finding.key)


def test_what_is_over_is_not_let_pass(database: Database, world: World) -> None:
    with pytest.raises(NoSuchStep):
        waive(database, world.iris, world.acme.posts[State.PUBLISHED], "0" * 64)


def test_writers_are_shown_what_is_found_in_their_own_draft(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.APPROVED]
    content = words_as_json(replace(LONG, caption="c" * 300))
    with database.write() as session:
        draft = WordsDraft(
            post_id=post_id,
            person_id=world.ben.user_id,  # type: ignore[arg-type]
            revision=1,
            base=words_as_json(LONG),
            content=content,
            updated_at=NOW,
        )
        session.add(draft)

    def blocking() -> dict[str, list[Rule]]:
        return {
            actor.name: [one.finding.rule for one in check(database, actor, post_id) if one.blocks]
            for actor in (world.ben, world.iris)
        }

    assert blocking() == {"Ben": [Rule.TEXT_TOO_LONG], "Iris": []}
    with database.write() as session:
        writing.discard_draft(session, world.ben, post_id, now=NOW)
    assert blocking() == {"Ben": [], "Iris": []}


def test_neighbours_are_the_clients_own_of_two_months(database: Database, world: World) -> None:
    caption = "Words that nobody else in the world has said before today."

    def repeated(client_id: UUID, days: int | None, *, cancelled: bool = False) -> bool:
        at = None if days is None else NOW + timedelta(days=days)
        new = NewPost(Words(caption, networks=("x",)), at)
        with database.write() as session:
            other = posts.create(session, world.ana, client_id, new, now=NOW)
        if cancelled:
            step(database, world.ana, other, Action.CANCEL)
        mine = new_post(database, world, Words(caption, networks=("linkedin",)), planned_at=NOW)
        rules = [one.finding.rule for one in check(database, world.ben, mine)]
        for post in (mine,) if cancelled else (mine, other):
            step(database, world.ana, post, Action.CANCEL)
        return Rule.REPEATED in rules

    acme, borealis = world.acme.id, world.borealis.id
    assert [repeated(acme, days) for days in (None, -59, -61, 30)] == [True, True, False, False]
    assert not repeated(acme, -1, cancelled=True)
    assert not repeated(borealis, -1)


def test_a_check_costs_the_same_among_many(database: Database, world: World) -> None:
    post_id = new_post(database, world, LONG, planned_at=NOW + timedelta(days=2))
    few = statements_of(database, world, post_id)
    news = [
        NewPost(
            Words(
                " ".join(f"{word}{n * 7 % 31}" for word in ("bun", "cup", "tea", "oven") * 15),
                networks=("x", "linkedin"),
                variants=(Variant("x", caption=f"Short bun {n}"),),
            ),
            NOW + timedelta(hours=n % 40),
        )
        for n in range(200)
    ]
    with database.write() as session:
        posts.create_many(session, world.ben, world.acme.id, news, now=NOW)
    assert statements_of(database, world, post_id) == few
    assert len([one for one in few if one.startswith("SELECT")]) == 4


def statements_of(database: Database, world: World, post_id: UUID) -> list[str]:
    with count_queries(database) as statements:
        check(database, world.ben, post_id)
    return statements
