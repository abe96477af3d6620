"""One timeline of everything that happened to a post, and the list of its revisions."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import postboard
from postboard import names
from postboard.db.engine import Database
from postboard.db.queries import history, revisions
from postboard.db.queries.history import Fact, Line, Timeline
from postboard.db.queries.revisions import (
    Compared,
    ListPart,
    Piece,
    RevisionLine,
    Revisions,
    Side,
    Step,
    TextPart,
)
from postboard.domain.content import Variant, Words
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from postboard.services import events, post_rows, posts
from postboard.services.events import Fact as Recorded
from tests.world import NOW, REASON, WORDS, World, count_queries, step

AT = "2026-03-02T09:00Z"
SERVICES = Path(postboard.__file__).parent / "services"


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    with database.write() as session:
        return posts.create(session, world.ana, world.acme.id, posts.NewPost(WORDS), now=NOW)


def timeline(
    database: Database, actor: Actor, post_id: UUID, limit: int = history.SHOWN
) -> Timeline:
    with database.read() as session:
        return history.timeline(session, actor, post_id, limit)


def listing(database: Database, actor: Actor, post_id: UUID, limit: int = 50) -> Revisions:
    with database.read() as session:
        return revisions.listing(session, actor, post_id, limit)


def edit(
    database: Database, actor: Actor, post_id: UUID, words: Words, after: timedelta = timedelta()
) -> None:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        posts.edit(session, actor, post_id, words, version=version, now=NOW + after)


def tell(
    database: Database, world: World, post_id: UUID, kind: str, content: Mapping[str, Any]
) -> None:
    with database.write() as session:
        fact = Recorded(post_id, kind, world.acme.id, content)
        events.record(session, world.ana, fact, NOW)


def line(**other: Any) -> Line:
    plain = Line(
        position=1,
        kind="post.created",
        who="Ana",
        at=AT,
        since="",
        times=1,
        revision=1,
        restored_from=0,
        review=0,
        fields=[],
        reason="",
        tags=[],
        facts=[],
    )
    return replace(plain, **other)


def test_a_post_tells_its_life_the_newest_first(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        at = NOW + timedelta(days=2)
        posts.replan(session, world.ana, post_id, at, version=version, now=NOW)

    assert timeline(database, world.ana, post_id) == Timeline(
        [
            line(
                position=4,
                kind="post.replanned",
                revision=0,
                facts=[Fact("planned", "time", "", "2026-03-04T09:00:00+00:00")],
            ),
            line(
                position=3,
                kind="post.request_changes",
                who="Iris",
                review=1,
                reason=REASON.text,
                tags=["image"],
                facts=[Fact("state", "state", "internal_review", "internal_rework")],
            ),
            line(
                position=2,
                kind="post.submit",
                who="Ben",
                review=1,
                reason=REASON.text,
                tags=["image"],
                facts=[Fact("state", "state", "draft", "internal_review")],
            ),
            line(),
        ],
        more=False,
    )


def test_edits_of_one_sitting_are_one_line_with_all_they_changed(
    database: Database, world: World, post_id: UUID
) -> None:
    for n, words in enumerate(
        [
            replace(WORDS, caption="One"),
            replace(WORDS, caption="Two"),
            replace(WORDS, caption="Two", link="https://acme.example"),
        ]
    ):
        edit(database, world.ben, post_id, words, timedelta(minutes=9 * n))

    assert timeline(database, world.ana, post_id).lines == [
        line(
            position=4,
            kind="post.edited",
            who="Ben",
            at="2026-03-02T09:18Z",
            since=AT,
            times=3,
            fields=["caption", "link"],
        ),
        line(),
    ]


def test_edits_of_two_people_after_a_pause_or_of_a_restored_revision_stand_alone(
    database: Database, world: World, post_id: UUID
) -> None:
    edit(database, world.ben, post_id, replace(WORDS, caption="One"))
    edit(database, world.cora, post_id, replace(WORDS, caption="Two"))
    edit(database, world.cora, post_id, replace(WORDS, caption="Three"), timedelta(minutes=10))
    with database.write() as session:
        posts.edit(
            session,
            world.cora,
            post_id,
            WORDS,
            version=post_rows.find(session, world.cora, post_id).version,
            restored_from=1,
            now=NOW + timedelta(minutes=11),
        )

    told = timeline(database, world.ana, post_id).lines
    assert [(one.who, one.times, one.revision, one.restored_from) for one in told] == [
        ("Cora", 1, 2, 1),
        ("Cora", 1, 1, 0),
        ("Cora", 1, 1, 0),
        ("Ben", 1, 1, 0),
        ("Ana", 1, 1, 0),
    ]


def test_people_and_campaigns_are_called_by_their_names(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        posts.label(
            session,
            world.ana,
            post_id,
            world.acme.campaign_id,
            "Bread",
            version=version,
            now=NOW,
        )
    assert world.ben.user_id
    tell(
        database,
        world,
        post_id,
        "post.task_assigned",
        {"people": [world.ben.user_id.hex], "due": "2026-03-04T09:00:00+00:00", "urgent": True},
    )
    gone = {"people": ["0" * 32], "names": ["Nils"]}
    tell(database, world, post_id, "post.task_done", gone)
    tell(database, world, post_id, "post.commented", {"comment": "0" * 32, "thread": "internal"})

    told = timeline(database, world.ana, post_id).lines
    assert [(one.kind, one.facts) for one in told[:4]] == [
        ("post.commented", [Fact("thread", "thread", "", "internal")]),
        ("post.task_done", [Fact("person", "text", "", "Nils")]),
        (
            "post.task_assigned",
            [
                Fact("person", "text", "", "Ben"),
                Fact("due", "time", "", "2026-03-04T09:00:00+00:00"),
                Fact("urgent", "yes", "", "True"),
            ],
        ),
        (
            "post.labelled",
            [Fact("campaign", "text", "", "Spring"), Fact("pillar", "text", "", "Bread")],
        ),
    ]


def test_a_long_life_is_told_in_parts(database: Database, world: World, post_id: UUID) -> None:
    for _ in range(4):
        tell(database, world, post_id, "post.commented", {"thread": "client"})

    part = timeline(database, world.ana, post_id, 3)
    assert ([one.position for one in part.lines], part.more) == ([5, 4, 3], True)
    whole = timeline(database, world.ana, post_id, 5)
    assert ([one.position for one in whole.lines], whole.more) == ([5, 4, 3, 2, 1], False)


def test_history_and_revisions_cost_the_same_statements_for_one_event_and_for_many(
    database: Database, world: World, post_id: UUID
) -> None:
    def counted() -> tuple[int, int, int]:
        with count_queries(database) as told:
            timeline(database, world.ana, post_id)
        with count_queries(database) as listed:
            listing(database, world.ana, post_id)
        with count_queries(database) as compared, database.read() as session:
            revisions.compared(session, world.ana, post_id, 1, 1)
        return len(told), len(listed), len(compared)

    few = counted()
    for n in range(5):
        step(database, world.ben, post_id, Action.SUBMIT)
        step(database, world.iris, post_id, Action.REQUEST_CHANGES)
        edit(database, world.ben, post_id, replace(WORDS, caption=f"Round {n}"))

    assert counted() == few
    assert max(few) <= 5


def test_revisions_say_who_wrote_them_and_what_was_decided(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    edit(database, world.ben, post_id, replace(WORDS, title="", caption="Rolls\n from seven"))

    reason = (REASON.text, ["image"])
    first = RevisionLine(
        number=1,
        current=False,
        who="Ana",
        at=AT,
        frozen_at=AT,
        planned_at="",
        beginning="Morning buns",
        steps=[
            Step("post.submit", "Ben", AT, *reason),
            Step("post.request_changes", "Iris", AT, *reason),
        ],
    )
    second = RevisionLine(2, True, "Ben", AT, "", "", "Rolls from seven", [])
    assert listing(database, world.cora, post_id) == Revisions([second, first], more=False)
    assert listing(database, world.cora, post_id, 1) == Revisions([second], more=True)


def test_two_revisions_are_compared_with_their_times(
    database: Database, world: World, post_id: UUID
) -> None:
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        at = NOW + timedelta(days=2)
        posts.replan(session, world.ana, post_id, at, version=version, now=NOW)
    other = replace(
        WORDS, networks=("weibo", "instagram"), variants=(Variant("weibo", "Fresh 面包"),)
    )
    edit(database, world.ben, post_id, other)

    with database.read() as session:
        found = revisions.compared(session, world.cora, post_id, 1, 2)

    assert found == Compared(
        before=Side(1, "Ana", AT, ""),
        after=Side(2, "Ben", AT, "2026-03-04T09:00Z"),
        texts=[
            TextPart(
                "caption",
                "weibo",
                [
                    Piece("same", "Fresh "),
                    Piece("removed", "buns from six."),
                    Piece("added", "面包"),
                ],
                "begins",
            )
        ],
        lists=[ListPart("networks", "", ["weibo"], [])],
        planned=["", "2026-03-04T09:00Z"],
        fields=["networks", "variants"],
    )


def test_words_left_behind_before_anybody_was_asked_have_no_time_to_compare(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        version = post_rows.find(session, world.ana, post_id).version
        at = NOW + timedelta(days=2)
        version = posts.replan(session, world.ana, post_id, at, version=version, now=NOW).version
        words = replace(WORDS, caption="Older words")
        posts.edit(session, world.ana, post_id, words, version=version, restored_from=1, now=NOW)

    with database.read() as session:
        found = revisions.compared(session, world.ana, post_id, 1, 2)

    assert (found.before, found.planned) == (Side(1, "Ana", AT, "", dated=False), [])


@pytest.mark.parametrize("number", [0, -1, 2, 2**40])
def test_a_revision_that_is_not_there_cannot_be_compared(
    database: Database, world: World, post_id: UUID, number: int
) -> None:
    with pytest.raises(NotFound), database.read() as session:
        revisions.compared(session, world.ana, post_id, 1, number)


@pytest.mark.parametrize("who", ["cleo", "vera", "dora", "bodil"])
def test_the_timeline_is_for_the_posts_own_staff(
    database: Database, world: World, who: str
) -> None:
    for state in (State.CLIENT_REVIEW, State.DRAFT):
        with pytest.raises(NotFound):
            timeline(database, getattr(world, who), world.acme.posts[state])


def test_every_fact_that_a_service_records_of_a_post_has_its_sentence() -> None:
    recorded = {f"post.{action}" for action in Action} | {
        node.value
        for path in SERVICES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("post.")
        and node.value != "post."
    }

    assert recorded - names.EVENTS.keys() == set()


def test_every_field_of_a_post_has_its_name() -> None:
    fields = Words.__dataclass_fields__.keys()

    assert fields - names.FIELDS.keys() == set()
    assert fields == names.FIELDS_IN_A_SENTENCE.keys()
