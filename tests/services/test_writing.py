"""Fields that save themselves, and drafts for words that were judged already."""

from functools import partial
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import post_page
from postboard.domain import fields
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import SPECS, Action, State
from postboard.services import post_rows, post_words, writing
from postboard.services.steps import NoSuchStep
from postboard.services.writing import Clash, DraftOutdated, NoDraft, Saved
from tests.world import NOW, World, at_once, everything_in, found, step

JUDGED = [
    State.INTERNAL_REVIEW,
    State.READY_FOR_CLIENT,
    State.APPROVED,
    State.ON_HOLD,
    State.SCHEDULED,
    State.PUBLISH_FAILED,
]


def words_now(database: Database, actor: Actor, post_id: UUID) -> Words:
    with database.read() as session:
        post = post_rows.find(session, actor, post_id)
        return post_words.words_of(session, post.id, post.revision)


def mark(database: Database, actor: Actor, post_id: UUID, field: str = "caption") -> str:
    return fields.mark_of(words_now(database, actor, post_id), field)


def save(
    database: Database,
    actor: Actor,
    post_id: UUID,
    value: object,
    *,
    was: str,
    field: str = "caption",
) -> Saved | Clash:
    with database.write() as session:
        return writing.save(session, actor, post_id, field, value, was=was, now=NOW)


def test_a_field_is_saved_where_words_are_open(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    before = found(database, world.ben, post_id)
    old = words_now(database, world.ben, post_id)
    was = fields.mark_of(old, "caption")
    saved = save(database, world.ben, post_id, "  Buns from seven. ", was=was)
    new = words_now(database, world.ben, post_id)
    assert new == fields.with_value(old, "caption", "Buns from seven.")
    assert saved == Saved("caption", fields.mark_of(new, "caption"), before.version + 1)


def test_saving_again_after_a_lost_answer_changes_nothing(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    was = mark(database, world.ben, post_id)
    saved = save(database, world.ben, post_id, "Buns from seven.", was=was)
    before = everything_in(database)
    assert save(database, world.ben, post_id, "Buns from seven.", was=was) == saved
    assert everything_in(database) == before


def test_two_in_one_field_are_told_and_nothing_is_lost(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    was = mark(database, world.ben, post_id)
    save(database, world.cora, post_id, "Cora's words", was=was)
    before = everything_in(database)
    theirs = mark(database, world.ben, post_id)
    clash = save(database, world.ben, post_id, "Ben's words", was=was)
    assert clash == Clash("caption", "Cora's words", theirs, "Cora")
    assert everything_in(database) == before
    assert isinstance(save(database, world.ben, post_id, "Ben's words", was=theirs), Saved)


def test_two_in_two_fields_do_not_meet(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    caption, title = (mark(database, world.ben, post_id, name) for name in ("caption", "title"))
    save(database, world.cora, post_id, "Cora's title", was=title, field="title")
    save(database, world.ben, post_id, "Ben's caption", was=caption)
    words = words_now(database, world.ben, post_id)
    assert (words.title, words.caption) == ("Cora's title", "Ben's caption")


def test_of_two_at_once_in_one_field_one_is_written(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    was = mark(database, world.ben, post_id)
    results = at_once(
        partial(save, database, world.ben, post_id, "Ben's words", was=was),
        partial(save, database, world.cora, post_id, "Cora's words", was=was),
    )
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds in (["Clash", "Saved"], ["Saved", "Stale"])
    winner = results[[type(result).__name__ for result in results].index("Saved")]
    assert mark(database, world.ben, post_id) == winner.mark


@pytest.mark.parametrize("state", JUDGED)
def test_judged_words_stay_while_a_draft_grows(
    database: Database, world: World, state: State
) -> None:
    post_id = world.acme.posts[state]
    before, old = found(database, world.ben, post_id), words_now(database, world.ben, post_id)
    saved = save(database, world.ben, post_id, "A better one", was=fields.mark_of(old, "caption"))
    assert isinstance(saved, Saved)
    assert found(database, world.ben, post_id) == before
    assert words_now(database, world.ben, post_id) == old
    with database.write() as session:
        sent = writing.send_draft(session, world.ben, post_id, version=before.version, now=NOW)
    assert (sent.state, sent.revision) == (State.INTERNAL_REVIEW, before.revision + 1)
    assert words_now(database, world.ben, post_id).caption == "A better one"
    with pytest.raises(NoDraft), database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=sent.version, now=NOW)


@pytest.mark.parametrize("state", [s for s in State if s not in JUDGED])
def test_elsewhere_words_are_open_or_closed(database: Database, world: World, state: State) -> None:
    post_id = world.acme.posts[state]
    was = mark(database, world.ana, post_id)
    if SPECS[state].open_to_edits:
        assert isinstance(save(database, world.ana, post_id, "New", was=was), Saved)
        return
    before = everything_in(database)
    with pytest.raises(NoSuchStep):
        save(database, world.ana, post_id, "New", was=was)
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("who", "field", "refusal"),
    [
        ("dina", "caption", NotAllowed),
        ("dina", "title@x", NotAllowed),
        ("ben", "media", NotAllowed),
        ("cleo", "caption", NotAllowed),
        ("vera", "media", NotAllowed),
        ("dora", "caption", NotFound),
        ("bodil", "caption", NotFound),
    ],
)
def test_fields_are_changed_by_those_who_may(
    database: Database, world: World, who: str, field: str, refusal: type[Exception]
) -> None:
    post_id = world.acme.posts[State.CLIENT_REWORK]
    before = everything_in(database)
    with pytest.raises(refusal):
        save(database, getattr(world, who), post_id, [], was="", field=field)
    assert everything_in(database) == before


def test_a_file_of_another_clients_library_is_not_found(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    foreign = {"url": "/x", "asset": "6f3a2f5e8d7c4b1a9e0d1c2b3a495867"}
    for value in ([foreign], [foreign | {"asset": "no id"}]):
        with pytest.raises(NotFound):
            save(database, world.ana, post_id, value, was="", field="media")


def test_an_empty_post_is_not_saved(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.DRAFT]
    for field, empty in (("title", ""), ("media", [])):
        was = mark(database, world.ana, post_id, field)
        save(database, world.ana, post_id, empty, was=was, field=field)
    with pytest.raises(BadInput, match="needs words"):
        save(database, world.ana, post_id, " ", was=mark(database, world.ana, post_id))


def test_a_draft_goes_on_when_its_post_is_sent_back(database: Database, world: World) -> None:
    """What Ben writes while others judge stays his draft, and is his to put in."""
    post_id = world.acme.posts[State.INTERNAL_REVIEW]
    was = mark(database, world.ben, post_id)
    first = save(database, world.ben, post_id, "Ben's first", was=was)
    assert isinstance(first, Saved)
    step(database, world.cora, post_id, Action.REQUEST_CHANGES)
    second = save(database, world.ben, post_id, "Ben's second", was=first.mark)
    assert isinstance(second, Saved)
    assert mark(database, world.ben, post_id) == was
    version = found(database, world.ben, post_id).version
    with database.write() as session:
        sent = writing.send_draft(session, world.ben, post_id, version=version, now=NOW)
    assert (sent.state, words_now(database, world.ben, post_id).caption) == (
        State.INTERNAL_REWORK,
        "Ben's second",
    )
    assert isinstance(save(database, world.ben, post_id, "Ben's third", was=second.mark), Saved)
    assert words_now(database, world.ben, post_id).caption == "Ben's third"


def test_everybody_has_a_draft_of_their_own(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    was = mark(database, world.ben, post_id)
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "Ben's words", was=was)
    save(database, world.cora, post_id, "Cora's words", was=was)
    with database.write() as session:
        sent = writing.send_draft(session, world.cora, post_id, version=version, now=NOW)
    with pytest.raises(DraftOutdated), database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=sent.version, now=NOW)
    with database.read() as session:
        clashes = writing.clashes_of(session, world.ben, post_id)
    theirs = mark(database, world.ben, post_id)
    assert clashes == [Clash("caption", "Cora's words", theirs, "Cora")]


@pytest.mark.parametrize("taken", [frozenset[str](), frozenset({"caption"})])
def test_an_outdated_draft_is_carried_over(
    database: Database, world: World, taken: frozenset[str]
) -> None:
    post_id = world.acme.posts[State.APPROVED]
    caption, title = (mark(database, world.ben, post_id, name) for name in ("caption", "title"))
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "Ben's words", was=caption)
    save(database, world.cora, post_id, "Cora's words", was=caption)
    save(database, world.cora, post_id, "Cora's title", was=title, field="title")
    with database.write() as session:
        sent = writing.send_draft(session, world.cora, post_id, version=version, now=NOW)
        writing.rebase(session, world.ben, post_id, theirs=taken, now=NOW)
    with database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=sent.version, now=NOW)
    words = words_now(database, world.ben, post_id)
    kept = "Cora's words" if taken else "Ben's words"
    assert (words.caption, words.title) == (kept, "Cora's title")


def test_a_draft_is_sent_on_the_version_that_was_seen(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    was = mark(database, world.ben, post_id)
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "Ben's words", was=was)
    before = everything_in(database)
    with pytest.raises(Stale), database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=version - 1, now=NOW)
    assert everything_in(database) == before


def test_a_draft_is_discarded_and_taken_up_again(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "Ben's", was=mark(database, world.ben, post_id))
    with database.write() as session:
        writing.discard_draft(session, world.ben, post_id, now=NOW)
    with pytest.raises(NoDraft), database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=version, now=NOW)
    with database.write() as session:
        writing.take_up_draft(session, world.ben, post_id, now=NOW)
        writing.send_draft(session, world.ben, post_id, version=version, now=NOW)
    assert words_now(database, world.ben, post_id).caption == "Ben's"


def test_a_new_draft_takes_the_place_of_a_discarded_one(database: Database, world: World) -> None:
    post_id = world.acme.posts[State.APPROVED]
    was = mark(database, world.ben, post_id)
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "Ben's first", was=was)
    with database.write() as session:
        writing.discard_draft(session, world.ben, post_id, now=NOW)
    save(database, world.ben, post_id, "Ben's second", was=was)
    with database.write() as session:
        writing.send_draft(session, world.ben, post_id, version=version, now=NOW)
    assert words_now(database, world.ben, post_id).caption == "Ben's second"


def test_a_draft_is_not_sent_over_what_others_wrote_in_rework(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.INTERNAL_REVIEW]
    save(database, world.ben, post_id, "Ben's words", was=mark(database, world.ben, post_id))
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)

    def title(value: str) -> None:
        was = mark(database, world.cora, post_id, "title")
        save(database, world.cora, post_id, value, was=was, field="title")

    def send() -> None:
        version = found(database, world.ben, post_id).version
        with database.write() as session:
            writing.send_draft(session, world.ben, post_id, version=version, now=NOW)

    title("Cora's first")
    with database.write() as session:
        writing.rebase(session, world.ben, post_id, theirs=frozenset(), now=NOW)
    title("Cora's second")
    with pytest.raises(DraftOutdated):
        send()
    with database.read() as session:
        opened = post_page.opened(session, world.ben, post_id, now=NOW)
    assert opened.draft
    assert opened.draft.stale
    with database.write() as session:
        writing.rebase(session, world.ben, post_id, theirs=frozenset(), now=NOW)
    send()
    words = words_now(database, world.ben, post_id)
    assert (words.caption, words.title) == ("Ben's words", "Cora's second")


def drafted(database: Database, actor: Actor, post_id: UUID) -> str | None:
    """The caption of the actor's draft."""
    with database.read() as session:
        draft = post_page.opened(session, actor, post_id, now=NOW).draft
    return draft.words["caption"] if draft else None


@pytest.mark.parametrize("_again", range(10))
def test_two_tabs_that_begin_a_draft_at_once_keep_what_was_acknowledged(
    database: Database, world: World, _again: int
) -> None:
    post_id = world.acme.posts[State.APPROVED]
    was = mark(database, world.ben, post_id)
    texts = ("First tab", "Second tab", "Third tab")
    results = at_once(*(partial(save, database, world.ben, post_id, t, was=was) for t in texts))
    saved = [t for t, done in zip(texts, results, strict=True) if isinstance(done, Saved)]
    assert [drafted(database, world.ben, post_id)] == saved


@pytest.mark.parametrize("_again", range(10))
def test_what_is_typed_while_a_draft_is_sent_is_kept(
    database: Database, world: World, _again: int
) -> None:
    post_id = world.acme.posts[State.APPROVED]
    version = found(database, world.ben, post_id).version
    save(database, world.ben, post_id, "One", was=mark(database, world.ben, post_id))
    was = fields.mark_of(Words("One"), "caption")

    def send() -> None:
        with database.write() as session:
            writing.send_draft(session, world.ben, post_id, version=version, now=NOW)

    _, saved = at_once(send, partial(save, database, world.ben, post_id, "One, two", was=was))
    kept = {words_now(database, world.ben, post_id).caption, drafted(database, world.ben, post_id)}
    assert isinstance(saved, Saved) == ("One, two" in kept)
