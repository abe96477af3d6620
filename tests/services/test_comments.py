"""Who may say what where, and that nothing is said twice, lost or told to the wrong side."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlmodel import col

from postboard.db.engine import Database, Signal
from postboard.db.models import Comment, Event, MediaAsset, Notice, Reaction
from postboard.db.queries import comment_past, conversation
from postboard.domain.content import MediaKind
from postboard.domain.conversation import COMMENTS_MAX, UNDO_FOR, Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor, Role
from postboard.domain.tasks import NoticeKind
from postboard.domain.workflow import State
from postboard.services import clients, comments
from postboard.services.commands import ForeignCommand
from postboard.services.comments import CannotRead, Deleted, NotYours, OnlyReads, Remark
from tests.world import NOW, World, at_once, everything_in, found

PICTURE = "https://images.example/acme-client_review.jpg"
INTERNAL, CLIENT = Thread.INTERNAL, Thread.CLIENT

# Who writes where: "yes", reads only, or knows nothing of the thread.
YES, READS, NO = None, OnlyReads, NotFound
RIGHTS = {
    Role.ADMIN: (YES, YES),
    Role.MANAGER: (YES, YES),
    Role.ACCOUNT_MANAGER: (YES, YES),
    Role.CONTENT_MANAGER: (YES, YES),
    Role.COPYWRITER: (YES, READS),
    Role.DESIGNER: (YES, READS),
    Role.ART_DIRECTOR: (YES, YES),
    Role.CLIENT_REVIEWER: (NO, YES),
    Role.CLIENT_VIEWER: (NO, READS),
}


def say(
    database: Database,
    actor: Actor,
    post_id: UUID,
    thread: Thread,
    text: str = "Buns.",
    *,
    command_id: UUID | None = None,
    **more: Any,
) -> UUID:
    remark = Remark(text, **more)
    with database.write() as session:
        return comments.add(
            session, actor, post_id, thread, remark, command_id=command_id or uuid4(), now=NOW
        )


def do(database: Database, what: Any, actor: Actor, *args: Any, **more: Any) -> None:
    with database.write() as session:
        what(session, actor, *args, **{"now": NOW, **more})


def refusal(what: Any) -> type[Refused] | None:
    try:
        what()
    except Refused as refused:
        return type(refused)
    return None


def rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(*columns))]


OF_COMMENTS = {NoticeKind.MENTION, NoticeKind.REPLY}


def told(database: Database) -> set[tuple[UUID, NoticeKind]]:
    """Who was told of what was said."""
    found = {tuple(row) for row in rows(database, col(Notice.person_id), col(Notice.kind))}
    return {(person, kind) for person, kind in found if kind in OF_COMMENTS}


@pytest.fixture
def post_id(world: World) -> UUID:
    return world.acme.posts[State.CLIENT_REVIEW]


def test_every_role_writes_where_the_table_says(
    database: Database, world: World, post_id: UUID
) -> None:
    assert {
        role: tuple(
            refusal(lambda: say(database, person, post_id, thread))  # noqa: B023
            for thread in (INTERNAL, CLIENT)
        )
        for role, person in world.of_acme().items()
    } == RIGHTS


@pytest.mark.parametrize("who", ["dora", "bodil"])
def test_another_brands_people_find_nothing(
    database: Database, world: World, post_id: UUID, who: str
) -> None:
    stranger: Actor = getattr(world, who)
    comment_id = say(database, world.ana, post_id, CLIENT)
    before = everything_in(database)
    asked = [
        lambda: say(database, stranger, post_id, CLIENT),
        lambda: do(database, comments.edit, stranger, comment_id, "Mine.", version=1),
        lambda: do(database, comments.delete, stranger, comment_id, version=1),
        lambda: do(database, comments.restore, stranger, comment_id),
        lambda: do(database, comments.resolve, stranger, comment_id),
        lambda: do(database, comments.reopen, stranger, comment_id),
        lambda: do(database, comments.react, stranger, comment_id, "👍", on=True),
    ]
    assert [refusal(one) for one in asked] == [NotFound] * len(asked)
    assert everything_in(database) == before


def test_of_an_internal_comment_the_client_finds_nothing_by_any_verb(
    database: Database, world: World, post_id: UUID
) -> None:
    secret = say(database, world.ben, post_id, INTERNAL)
    before = everything_in(database)
    for person in (world.cleo, world.vera):
        asked = [
            lambda: say(database, person, post_id, INTERNAL),  # noqa: B023
            lambda: do(database, comments.edit, person, secret, "Mine.", version=1),  # noqa: B023
            lambda: do(database, comments.delete, person, secret, version=1),  # noqa: B023
            lambda: do(database, comments.restore, person, secret),  # noqa: B023
            lambda: do(database, comments.resolve, person, secret),  # noqa: B023
            lambda: do(database, comments.reopen, person, secret),  # noqa: B023
            lambda: do(database, comments.react, person, secret, "👍", on=True),  # noqa: B023
        ]
        assert [refusal(one) for one in asked] == [NotFound] * len(asked)
    assert refusal(lambda: say(database, world.cleo, post_id, CLIENT, parent_id=secret)) is NotFound
    assert everything_in(database) == before


def test_a_reply_stays_in_its_thread_and_its_post(
    database: Database, world: World, post_id: UUID
) -> None:
    internal = say(database, world.ben, post_id, INTERNAL)
    client = say(database, world.ana, post_id, CLIENT)
    other = world.acme.posts[State.APPROVED]
    assert [
        refusal(lambda: say(database, world.ana, place, thread, parent_id=parent))  # noqa: B023
        for place, thread, parent in (
            (post_id, CLIENT, internal),
            (post_id, INTERNAL, client),
            (other, INTERNAL, internal),
            (post_id, INTERNAL, uuid4()),
        )
    ] == [NotFound] * 4


def test_a_reply_to_a_reply_joins_the_conversation(
    database: Database, world: World, post_id: UUID
) -> None:
    head = say(database, world.ben, post_id, INTERNAL)
    first = say(database, world.iris, post_id, INTERNAL, parent_id=head)
    second = say(database, world.dina, post_id, INTERNAL, parent_id=first)
    assert dict(rows(database, col(Comment.id), col(Comment.parent_id))) == {
        head: None,
        first: head,
        second: head,
    }
    assert told(database) == {
        (world.ben.user_id, NoticeKind.REPLY),
        (world.iris.user_id, NoticeKind.REPLY),
    }


def test_a_comment_sent_again_after_a_lost_answer_adds_nothing(
    database: Database, world: World, post_id: UUID
) -> None:
    command = uuid4()
    first = say(database, world.ben, post_id, INTERNAL, command_id=command)
    before = everything_in(database)
    assert say(database, world.ben, post_id, INTERNAL, command_id=command) == first
    assert everything_in(database) == before
    with pytest.raises(ForeignCommand):
        say(database, world.iris, post_id, INTERNAL, command_id=command)


def test_the_same_comment_sent_twice_at_once_is_said_once(
    database: Database, world: World, post_id: UUID
) -> None:
    command = uuid4()
    results = at_once(
        *[lambda: say(database, world.ben, post_id, INTERNAL, command_id=command)] * 4
    )
    assert len(set(results)) == 1
    assert rows(database, func.count(col(Comment.id))) == [(1,)]


def test_people_who_speak_at_once_are_all_heard(
    database: Database, world: World, post_id: UUID
) -> None:
    people = (world.ana, world.ben, world.iris, world.dina, world.cora, world.aron)
    results = at_once(
        *(lambda who=who: say(database, who, post_id, INTERNAL, who.name) for who in people)
    )
    assert [type(one) for one in results] == [UUID] * len(people)
    assert {name for (name,) in rows(database, col(Comment.text))} == {p.name for p in people}


def test_a_comment_refuses_nobodys_edit(database: Database, world: World, post_id: UUID) -> None:
    before = found(database, world.ana, post_id)
    comment_id = say(database, world.ben, post_id, INTERNAL)
    do(database, comments.react, world.ben, comment_id, "👍", on=True)
    do(database, comments.resolve, world.ben, comment_id)
    assert found(database, world.ana, post_id) == before


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x07", "x" * 5_001])
def test_text_that_is_none_or_too_much_is_refused(
    database: Database, world: World, post_id: UUID, text: str
) -> None:
    with pytest.raises(BadInput):
        say(database, world.ben, post_id, INTERNAL, text)


def test_what_is_typed_stays_as_it_is_but_for_controls(
    database: Database, world: World, post_id: UUID
) -> None:
    said = "<b>Buns</b> \u202eback\u202c\r\n小圆面包 👩‍🍳"
    say(database, world.ben, post_id, INTERNAL, f"\x00{said}\x1b")
    assert rows(database, col(Comment.text)) == [("<b>Buns</b> \u202eback\u202c\n小圆面包 👩‍🍳",)]


def test_a_full_thread_says_so_and_tells_nothing_of_the_other(
    database: Database, world: World, post_id: UUID
) -> None:
    _fill(database, post_id, INTERNAL, COMMENTS_MAX - 1)
    say(database, world.ben, post_id, INTERNAL)
    with pytest.raises(comments.TooManyComments):
        say(database, world.ben, post_id, INTERNAL)
    say(database, world.cleo, post_id, CLIENT)


@pytest.mark.parametrize(
    ("anchor", "kept"),
    [
        ({}, {}),
        ({"field": "caption"}, {"field": "caption"}),
        ({"field": "first_comment@x"}, {"field": "first_comment@x"}),
        (
            {"asset": PICTURE, "x": 0.33333, "y": 1, "more": "x"},
            {"asset": PICTURE, "x": 0.3333, "y": 1.0},
        ),
        ({"field": "nothing"}, BadInput),
        ({"field": "caption@nowhere"}, BadInput),
        ({"field": "link@x"}, BadInput),
        ({"asset": PICTURE, "x": 1.01, "y": 0}, BadInput),
        ({"asset": PICTURE, "x": "0", "y": 0}, BadInput),
        ({"asset": PICTURE}, BadInput),
        ({"asset": "https://images.example/another.jpg", "x": 0, "y": 0}, NotFound),
    ],
)
def test_an_anchor_is_a_field_or_a_spot_of_this_post(
    database: Database, world: World, post_id: UUID, anchor: dict[str, Any], kept: Any
) -> None:
    no = refusal(lambda: say(database, world.cleo, post_id, CLIENT, anchor=anchor))
    assert (no or rows(database, col(Comment.anchor))[0][0]) == kept


def test_mentions_reach_those_who_read_the_thread_and_nobody_else(
    database: Database, world: World, post_id: UUID
) -> None:
    ids = {person.name: person.user_id for person in world.everybody()}
    outsiders = {INTERNAL: {"Cleo", "Vera", "Dora", "Bodil"}, CLIENT: {"Dora", "Bodil"}}
    for thread, shut_out in outsiders.items():
        assert {
            name
            for name, person in ids.items()
            if refusal(lambda: say(database, world.ana, post_id, thread, mentions=[person]))  # noqa: B023
        } == shut_out
    assert told(database) == {
        (person, NoticeKind.MENTION)
        for name, person in ids.items()
        if name not in {"Ana", "Dora", "Bodil"}
    }
    with pytest.raises(CannotRead):
        say(database, world.ana, post_id, CLIENT, mentions=[uuid4()])


def test_the_clients_people_are_told_nothing_of_a_post_they_do_not_see(
    database: Database, world: World
) -> None:
    draft = world.acme.posts[State.DRAFT]
    mentions = [_id(world.cleo), _id(world.ben)]
    say(database, world.ana, draft, CLIENT, mentions=mentions)
    assert told(database) == {(world.ben.user_id, NoticeKind.MENTION)}


def test_who_changed_sides_hears_no_more_of_the_teams_thread(
    database: Database, world: World, post_id: UUID
) -> None:
    head = say(database, world.ben, post_id, INTERNAL)
    with database.write() as session:
        acme, ben = world.acme.id, _id(world.ben)
        clients.remove_person(session, world.ana, acme, ben, now=NOW)
        clients.add_person(
            session,
            world.ana,
            name="Ben",
            email="ben@postboard.example",
            role=Role.CLIENT_REVIEWER,
            client_id=acme,
            now=NOW,
        )
    say(database, world.iris, post_id, INTERNAL, parent_id=head)
    assert told(database) == set()
    with database.read() as session:
        seen = conversation.for_staff(session, world.ana, post_id, now=NOW)
    assert seen.internal.conversations[0].head.who == "Ben"


def test_only_ones_own_words_are_changed_and_the_earlier_ones_kept(
    database: Database, world: World, post_id: UUID
) -> None:
    comment_id = say(database, world.cleo, post_id, CLIENT, "First.")
    for other in (world.alma, world.ana, world.aron):
        with pytest.raises(NotYours):
            do(database, comments.edit, other, comment_id, "Mine.", version=1)
        with pytest.raises(NotYours):
            do(database, comments.delete, other, comment_id, version=1)
    later = NOW + timedelta(minutes=1)
    do(database, comments.edit, world.cleo, comment_id, "Second.", version=1, now=later)
    do(database, comments.edit, world.cleo, comment_id, "Second.", version=2)
    do(database, comments.edit, world.cleo, comment_id, "Third.", version=2)
    with pytest.raises(Stale):
        do(database, comments.edit, world.cleo, comment_id, "Fourth.", version=2)
    with database.read() as session:
        kept = comment_past.earlier_for_client(session, world.vera, comment_id)
        assert kept == comment_past.earlier(session, world.ben, comment_id)
    assert kept == [
        comment_past.Earlier("Second.", later.isoformat()),
        comment_past.Earlier("First.", NOW.isoformat()),
    ]
    assert rows(database, col(Comment.text), col(Comment.version)) == [("Third.", 3)]


def test_a_deleted_comment_leaves_its_place_and_comes_back_for_a_while(
    database: Database, world: World, post_id: UUID
) -> None:
    head = say(database, world.ben, post_id, INTERNAL, "Gone.")
    reply = say(database, world.iris, post_id, INTERNAL, "Stays.", parent_id=head)
    do(database, comments.edit, world.ben, head, "Gone too.", version=1)
    do(database, comments.delete, world.ben, head, version=2)
    with database.read() as session:
        seen = conversation.for_staff(session, world.ana, post_id, now=NOW)
        with pytest.raises(NotFound):
            comment_past.earlier(session, world.ana, head)
    (kept,) = seen.internal.conversations
    assert (kept.head.who, kept.head.deleted, kept.head.text) == ("Ben", True, "")
    assert [(one.id, one.text) for one in kept.replies] == [(reply.hex, "Stays.")]
    assert "Gone" not in repr(seen)
    for verb in (
        lambda: do(database, comments.edit, world.ben, head, "Again.", version=3),
        lambda: do(database, comments.delete, world.ben, head, version=3),
        lambda: do(database, comments.react, world.iris, head, "👍", on=True),
        lambda: do(database, comments.restore, world.ben, head, now=NOW + UNDO_FOR * 1.1),
    ):
        assert refusal(verb) is Deleted
    with pytest.raises(NotYours):
        do(database, comments.restore, world.ana, head)
    do(database, comments.restore, world.ben, head)
    do(database, comments.restore, world.ben, head)
    assert ("Gone too.",) in rows(database, col(Comment.text))


def test_the_team_resolves_a_conversation_and_an_answer_opens_it_again(
    database: Database, world: World, post_id: UUID
) -> None:
    head = say(database, world.cleo, post_id, CLIENT)
    reply = say(database, world.ana, post_id, CLIENT, parent_id=head)
    assert [
        refusal(lambda: do(database, comments.resolve, person, one))  # noqa: B023
        for person, one in (
            (world.cleo, head),
            (world.vera, head),
            (world.ben, head),
            (world.ana, reply),
        )
    ] == [NotAllowed, OnlyReads, OnlyReads, NotFound]
    for _ in range(2):
        do(database, comments.resolve, world.aron, head)
    assert _resolved(database, head) == "Aron"
    do(database, comments.reopen, world.aron, head)
    assert _resolved(database, head) == ""
    do(database, comments.resolve, world.aron, head)
    say(database, world.cleo, post_id, CLIENT, parent_id=head)
    assert _resolved(database, head) == ""


def test_a_reaction_is_there_once_however_often_it_is_given(
    database: Database, world: World, post_id: UUID
) -> None:
    comment_id = say(database, world.ana, post_id, CLIENT)
    for person in (world.cleo, world.cleo, world.ana):
        do(database, comments.react, person, comment_id, "🎉", on=True)
    do(database, comments.react, world.ana, comment_id, "👀", on=False)
    with pytest.raises(BadInput):
        do(database, comments.react, world.cleo, comment_id, "🧨", on=True)
    with pytest.raises(OnlyReads):
        do(database, comments.react, world.vera, comment_id, "🎉", on=True)
    assert set(rows(database, col(Reaction.person_id), col(Reaction.emoji))) == {
        (world.cleo.user_id, "🎉"),
        (world.ana.user_id, "🎉"),
    }
    do(database, comments.react, world.cleo, comment_id, "🎉", on=False)
    assert rows(database, col(Reaction.person_id)) == [(world.ana.user_id,)]


def test_files_come_from_the_clients_own_library(
    database: Database, world: World, post_id: UUID
) -> None:
    mine, theirs = (_asset(database, brand.id) for brand in (world.acme, world.borealis))
    say(database, world.ben, post_id, INTERNAL, "", attachments=[mine, mine])
    for attachments in ([theirs], [uuid4()]):
        with pytest.raises(NotFound):
            say(database, world.ben, post_id, INTERNAL, attachments=attachments)
    with pytest.raises(BadInput):
        say(database, world.ben, post_id, INTERNAL, attachments=[uuid4() for _ in range(11)])
    with database.read() as session:
        seen = conversation.for_staff(session, world.ana, post_id, now=NOW)
    (only,) = seen.internal.conversations
    assert [one.asset for one in only.head.attached] == [mine.hex]


def test_facts_name_the_thread_and_none_of_its_words(
    database: Database, world: World, post_id: UUID
) -> None:
    head = say(database, world.ben, post_id, INTERNAL, "Secret buns.")
    do(database, comments.edit, world.ben, head, "Secret rolls.", version=1)
    do(database, comments.resolve, world.ben, head)
    do(database, comments.reopen, world.ben, head)
    do(database, comments.react, world.ben, head, "👍", on=True)
    do(database, comments.delete, world.ben, head, version=2)
    do(database, comments.restore, world.ben, head)
    content = {"comment": head.hex, "thread": "internal", "revision": 1}
    said = [
        (kind, fact)
        for kind, fact in rows(database, col(Event.kind), col(Event.content))
        if kind.startswith("post.comment")
    ]
    verbs = ("ed", "_edited", "_resolved", "_reopened", "_deleted", "_restored")
    assert said == [(f"post.comment{verb}", content) for verb in verbs]


def test_what_happens_in_the_teams_thread_is_signalled_to_the_team_alone(
    database: Database, world: World, post_id: UUID
) -> None:
    heard: list[Signal] = []
    database.on_commit(heard.extend)
    for thread in (INTERNAL, CLIENT):
        comment_id = say(database, world.ana, post_id, thread)
        do(database, comments.edit, world.ana, comment_id, "Rolls.", version=1)
        do(database, comments.react, world.ana, comment_id, "👍", on=True)
        do(database, comments.resolve, world.ana, comment_id)
        do(database, comments.reopen, world.ana, comment_id)
        do(database, comments.delete, world.ana, comment_id, version=2)
        do(database, comments.restore, world.ana, comment_id)
    assert [(one.beside, one.private) for one in heard] == [(True, True)] * 7 + [(True, False)] * 7


def _fill(database: Database, post_id: UUID, thread: Thread, count: int) -> None:
    row = {
        "post_id": post_id,
        "thread": thread,
        "author_name": "Ben",
        "revision": 1,
        "text": "Buns.",
        "anchor": {},
        "mentions": [],
        "earlier": [],
        "version": 1,
        "created_at": NOW,
    }
    with database.write() as session:
        session.execute(insert(Comment), [{**row, "id": uuid4()} for _ in range(count)])


def _asset(database: Database, client_id: UUID) -> UUID:
    asset = MediaAsset(
        client_id=client_id,
        digest="0" * 64,
        name="buns.jpg",
        kind=MediaKind.IMAGE,
        type="image/jpeg",
        size=1,
        width=1,
        height=1,
        created_at=NOW,
    )
    with database.write() as session:
        session.add(asset)
    return asset.id


def _resolved(database: Database, comment_id: UUID) -> str:
    with database.read() as session:
        return session.execute(
            select(col(Comment.resolved_by)).where(col(Comment.id) == comment_id)
        ).scalar_one()


def _id(person: Actor) -> UUID:
    assert person.user_id
    return person.user_id
