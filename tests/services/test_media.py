"""A client's library: what comes in, what is said of it, who may see which file."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from postboard.db.engine import Database
from postboard.db.models import Comment, CommentAttachment, MediaAsset
from postboard.db.queries import library
from postboard.db.queries.library import LibraryFilter, Use, Uses
from postboard.domain.content import Focus, Media, MediaKind, Words
from postboard.domain.conversation import Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import PERMISSIONS, Actor, Permission
from postboard.domain.workflow import Action, State
from postboard.media.inspect import Inspected
from postboard.services import audit, media, post_rows, posts
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost
from tests.world import NOW, World, at_once, count_queries, everything_in, step


def file(digest: str = "a", kind: MediaKind = MediaKind.IMAGE) -> Inspected:
    is_image = kind is MediaKind.IMAGE
    return Inspected(
        kind=kind,
        type="image/png" if is_image else "video/mp4",
        size=5000,
        width=1080,
        height=1350,
        duration_ms=0 if is_image else 4200,
        digest=(digest * 64)[:64],
        files={},
    )


def add(
    database: Database,
    actor: Actor,
    client_id: UUID,
    digest: str = "a",
    *,
    name: str = "buns.png",
    kind: MediaKind = MediaKind.IMAGE,
    minutes: int = 0,
) -> UUID:
    with database.write() as session:
        return media.add_asset(
            session,
            actor,
            client_id,
            uuid4(),
            file(digest, kind),
            name,
            now=NOW + timedelta(minutes=minutes),
        ).id


def describe(
    database: Database, actor: Actor, asset_id: UUID, alt: str, *tags: str, version: int = 1
) -> None:
    with database.write() as session:
        media.describe(session, actor, asset_id, alt=alt, tags=tags, version=version, now=NOW)


def page(
    database: Database, actor: Actor, client_id: UUID, **wanted: object
) -> library.LibraryPage:
    with database.read() as session:
        found = LibraryFilter(**wanted)  # type: ignore[arg-type]
        return library.page(session, actor, client_id, found, size=50)


def names(database: Database, world: World, **wanted: object) -> list[str]:
    return [one.name for one in page(database, world.ana, world.acme.id, **wanted).assets]


def may_have(database: Database, actor: Actor, asset_id: UUID) -> bool:
    with database.read() as session:
        try:
            return media.find_to_serve(session, actor, asset_id).id == asset_id
        except NotFound:
            return False


def post_with(
    database: Database, world: World, asset_id: UUID, *, actor: Actor | None = None
) -> UUID:
    words = Words("Buns.", networks=("facebook",), media=(Media("/x", "Buns", asset_id.hex),))
    with database.write() as session:
        return posts.create(session, actor or world.ana, world.acme.id, NewPost(words), now=NOW)


def test_a_file_is_in_the_library_with_its_facts(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id, name="C:\\Shoots\\buns \u202egnp.exe.png")

    assert page(database, world.ben, world.acme.id) == library.LibraryPage(
        assets=[
            library.Asset(
                id=asset_id.hex,
                name="buns gnp.exe.png",
                kind="image",
                type="image/png",
                digest="a" * 64,
                size=5000,
                width=1080,
                height=1350,
                duration_ms=0,
                alt="",
                tags=[],
                version=1,
                archived=False,
                by="Dina",
                at="2026-03-02T09:00Z",
                uses=0,
            )
        ],
        total=1,
        tags=[],
    )


def test_the_same_bytes_twice_are_one_file_and_another_client_has_its_own(
    database: Database, world: World
) -> None:
    first = add(database, world.dina, world.acme.id)
    again = add(database, world.cora, world.acme.id, name="copy of buns.png")
    elsewhere = add(database, world.ana, world.borealis.id)

    assert (again == first, elsewhere == first) == (True, False)
    assert names(database, world) == ["buns.png"]


def test_the_same_bytes_bring_an_archived_file_back(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    with database.write() as session:
        media.archive(session, world.dina, asset_id, version=1, now=NOW)
    assert names(database, world) == []

    assert add(database, world.dina, world.acme.id) == asset_id
    assert names(database, world) == ["buns.png"]


def test_only_who_may_edit_media_adds_to_a_library_and_nobody_learns_of_another(
    database: Database, world: World
) -> None:
    def answer(actor: Actor) -> bool | type[Refused]:
        try:
            return bool(add(database, actor, world.acme.id, actor.name[0]))
        except Refused as no:
            return type(no)

    expected = {
        actor.name: Permission.EDIT_MEDIA in PERMISSIONS[role] or NotFound
        for role, actor in world.of_acme().items()
    }
    strangers = {"Dora": NotFound, "Bodil": NotFound}
    assert {actor.name: answer(actor) for actor in world.everybody()} == expected | strangers


@pytest.mark.parametrize(
    "change",
    [
        lambda s, a, i: media.describe(s, a, i, alt="x", tags=[], version=1, now=NOW),
        lambda s, a, i: media.archive(s, a, i, version=1, now=NOW),
        lambda s, a, i: media.restore(s, a, i, version=1, now=NOW),
    ],
    ids=["describe", "archive", "restore"],
)
def test_only_who_may_edit_media_changes_a_file(
    database: Database, world: World, change: Callable[..., None]
) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    before = everything_in(database)

    def answer(actor: Actor) -> type[Refused] | None:
        try:
            with database.write() as session:
                change(session, actor, asset_id)
        except Refused as no:
            return type(no)
        return None

    closed = {
        one.name: answer(one)
        for one in (world.ben, world.cleo, world.vera, world.dora, world.bodil)
    }
    assert closed == {
        "Ben": NotAllowed,
        "Cleo": NotFound,
        "Vera": NotFound,
        "Dora": NotFound,
        "Bodil": NotFound,
    }
    assert everything_in(database) == before


def test_alt_text_and_tags_are_kept_found_and_on_record(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)

    describe(database, world.dina, asset_id, "A tray\nof buns", "#Spring", "spring ", "早餐", "")

    [asset] = page(database, world.ana, world.acme.id).assets
    assert (asset.alt, asset.tags, asset.version) == ("A tray\nof buns", ["spring", "早餐"], 2)
    with database.read() as session:
        kinds = session.execute(
            text("SELECT kind FROM event WHERE kind LIKE 'media.%' ORDER BY id")
        ).scalars()
        assert [*kinds] == ["media.added", "media.described"]
        assert audit.verify(session).first_break is None


def test_the_same_description_again_is_no_fact(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    describe(database, world.dina, asset_id, "Buns")
    before = everything_in(database)

    describe(database, world.dina, asset_id, "Buns", version=2)

    assert everything_in(database) == before


def test_a_description_made_on_an_older_one_is_refused(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    describe(database, world.dina, asset_id, "Buns")

    with pytest.raises(Stale):
        describe(database, world.cora, asset_id, "Bread")
    [asset] = page(database, world.ana, world.acme.id).assets
    assert asset.alt == "Buns"


def test_too_long_and_too_many_are_refused(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    for alt, tags in (("x" * 5000, []), ("", ["t" * 41]), ("", [f"t{n}" for n in range(31)])):
        with pytest.raises(BadInput):
            describe(database, world.dina, asset_id, alt, *tags)


def test_the_library_is_searched_and_filtered_newest_first(
    database: Database, world: World
) -> None:
    buns = add(database, world.dina, world.acme.id, "a", name="Buns 100%.png")
    tea = add(database, world.dina, world.acme.id, "b", name="茶.png", minutes=1)
    clip = add(
        database, world.dina, world.acme.id, "c", name="oven.mp4", kind=MediaKind.VIDEO, minutes=2
    )
    add(database, world.ana, world.borealis.id, "d", name="Buns of another brand.png")
    describe(database, world.dina, buns, "A tray of Straße buns", "spring", "buns")
    describe(database, world.dina, tea, "A cup", "spring_tea", "绿茶")
    describe(database, world.dina, clip, "", "spring")

    assert names(database, world) == ["oven.mp4", "茶.png", "Buns 100%.png"]
    found = {
        text: names(database, world, text=text)
        for text in ("BUNS", "strasse tray", "100%", "%", "_", "茶", "绿", "nothing")
    }
    assert found == {
        "BUNS": ["Buns 100%.png"],
        "strasse tray": ["Buns 100%.png"],
        "100%": ["Buns 100%.png"],
        "%": ["Buns 100%.png"],
        "_": ["茶.png"],
        "茶": ["茶.png"],
        "绿": ["茶.png"],
        "nothing": [],
    }
    tagged = {tag: names(database, world, tag=tag) for tag in ("spring", "绿茶", "tea", '"')}
    assert tagged == {
        "spring": ["oven.mp4", "Buns 100%.png"],
        "绿茶": ["茶.png"],
        "tea": [],
        '"': [],
    }
    assert names(database, world, kind="video") == ["oven.mp4"]
    assert page(database, world.ana, world.acme.id).tags == [
        ("spring", 2),
        ("buns", 1),
        ("spring_tea", 1),
        ("绿茶", 1),
    ]


def test_a_library_is_its_clients_staffs_alone(database: Database, world: World) -> None:
    asset_id = add(database, world.dina, world.acme.id)

    def sees(actor: Actor) -> list[bool]:
        answers: list[bool] = []
        for ask in (
            lambda s: library.page(s, actor, world.acme.id, LibraryFilter(), size=5),
            lambda s: library.find(s, actor, asset_id),
            lambda s: library.where_used(s, actor, asset_id),
        ):
            with database.read() as session:
                try:
                    ask(session)
                except NotFound:
                    answers.append(False)
                else:
                    answers.append(True)
        return answers

    outside = {"Cleo", "Vera", "Dora", "Bodil"}
    assert {one.name: sees(one) for one in world.everybody()} == {
        one.name: [one.name not in outside] * 3 for one in world.everybody()
    }
    with database.read() as session:
        listed = {
            one.name: [owner.name for owner in library.owners(session, one)]
            for one in (world.ana, world.ben, world.bodil, world.cleo)
        }
    assert listed == {
        "Ana": ["Acme", "Borealis"],
        "Ben": ["Acme"],
        "Bodil": ["Borealis"],
        "Cleo": [],
    }


def test_a_library_costs_the_same_for_one_file_and_for_thirty(
    database: Database, world: World
) -> None:
    def cost() -> int:
        with count_queries(database) as statements:
            page(database, world.ana, world.acme.id, text="a", tag="b")
        return len(statements)

    add(database, world.dina, world.acme.id, "x")
    one = cost()
    for number in range(30):
        add(database, world.dina, world.acme.id, f"{number:02}")
    assert cost() == one


def test_what_a_browser_says_of_a_file_is_replaced_by_what_is_known_of_it(
    database: Database, world: World
) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    claimed = Media(
        "https://evil.example/x.png",
        "Buns",
        asset=asset_id.hex,
        digest="f" * 64,
        kind=MediaKind.VIDEO,
        type="text/html",
        size=1,
        width=1,
        height=1,
        focus=(Focus(0.2, 1.4, "feed"),),
    )
    with database.write() as session:
        post_id = posts.create(
            session, world.ana, world.acme.id, NewPost(Words(media=(claimed,))), now=NOW
        )

    with database.read() as session:
        assert words_of(session, post_id, 1).media == (
            Media(
                f"/media/{asset_id.hex}/large",
                "Buns",
                asset=asset_id.hex,
                digest="a" * 64,
                kind=MediaKind.IMAGE,
                type="image/png",
                size=5000,
                width=1080,
                height=1350,
                focus=(Focus(0.2, 1.0, "feed"),),
            ),
        )


def test_no_post_shows_a_file_of_another_clients_library(database: Database, world: World) -> None:
    foreign = add(database, world.ana, world.borealis.id)
    for asset in (foreign.hex, uuid4().hex, "../../etc/passwd"):
        words = Words(networks=("linkedin",), media=(Media("/x", asset=asset),))
        with database.write() as session, pytest.raises(NotFound):
            posts.create(session, world.ana, world.acme.id, NewPost(words), now=NOW)


def test_staff_have_every_file_of_their_client_and_strangers_none(
    database: Database, world: World
) -> None:
    asset_id = add(database, world.dina, world.acme.id)

    assert {one.name: may_have(database, one, asset_id) for one in world.everybody()} == {
        one.name: one.name not in {"Cleo", "Vera", "Dora", "Bodil"} for one in world.everybody()
    }


def test_the_client_has_what_it_was_sent_and_nothing_that_is_not_sent_or_replaced(
    database: Database, world: World
) -> None:
    old = add(database, world.dina, world.acme.id, "a")
    new = add(database, world.dina, world.acme.id, "b")
    post_id = post_with(database, world, old)

    def seen() -> list[bool]:
        return [may_have(database, world.cleo, one) for one in (old, new)]

    drafted = seen()
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    sent = seen()
    step(database, world.cleo, post_id, Action.REQUEST_CHANGES)
    with database.write() as session:
        found = post_rows.find(session, world.ana, post_id)
        words = Words("Buns.", networks=("facebook",), media=(Media("/x", "Buns", new.hex),))
        posts.edit(session, world.ana, post_id, words, version=found.version, now=NOW)
    reworked = seen()
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    replaced = seen()

    assert (drafted, sent) == ([False, False], [True, False])
    assert (reworked, replaced) == ([True, False], [False, True])
    assert [may_have(database, world.dora, one) for one in (old, new)] == [False, False]
    with database.read() as session:
        assert library.where_used(session, world.ben, old) == Uses(
            [Use(post_id.hex, _key(database, world, post_id), "client_review", False, [1])], 1, 0
        )


@pytest.mark.parametrize(
    ("thread", "deleted", "state", "has"),
    [
        (Thread.CLIENT, False, State.CLIENT_REVIEW, True),
        (Thread.CLIENT, True, State.CLIENT_REVIEW, False),
        (Thread.CLIENT, False, State.DRAFT, False),
        (Thread.INTERNAL, False, State.CLIENT_REVIEW, False),
    ],
)
def test_the_client_has_what_a_comment_of_its_own_thread_shows(
    database: Database, world: World, thread: Thread, *, deleted: bool, state: State, has: bool
) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    with database.write() as session:
        comment = Comment(
            post_id=world.acme.posts[state],
            thread=thread,
            author_name="Ana",
            revision=1,
            text="Like this?",
            created_at=NOW,
            deleted_at=NOW if deleted else None,
        )
        session.add(comment)
        session.flush()
        session.add(CommentAttachment(comment_id=comment.id, asset_id=asset_id))

    assert may_have(database, world.cleo, asset_id) is has
    assert may_have(database, world.dora, asset_id) is False
    with database.read() as session:
        comments = library.where_used(session, world.ana, asset_id).comments
    assert comments == (0 if deleted else 1)


def test_an_archived_file_is_out_of_sight_but_stays_where_it_is_shown(
    database: Database, world: World
) -> None:
    asset_id = add(database, world.dina, world.acme.id)
    post_id = post_with(database, world, asset_id)
    with database.write() as session:
        media.archive(session, world.dina, asset_id, version=1, now=NOW)

    assert names(database, world) == []
    assert names(database, world, archived=True) == ["buns.png"]
    assert may_have(database, world.ben, asset_id)
    with database.read() as session:
        assert words_of(session, post_id, 1).media[0].asset == asset_id.hex

    with database.write() as session:
        media.restore(session, world.dina, asset_id, version=2, now=NOW)
    assert names(database, world) == ["buns.png"]


@pytest.mark.parametrize("_again", range(10))
def test_two_who_add_the_same_bytes_at_once_get_one_file(
    database: Database, world: World, _again: int
) -> None:
    answers = at_once(
        lambda: add(database, world.dina, world.acme.id),
        lambda: add(database, world.cora, world.acme.id),
    )

    kept = {one for one in answers if isinstance(one, UUID)}
    assert len(kept) == 1
    assert all(isinstance(one, UUID | Stale) for one in answers)
    with database.read() as session:
        assert session.query(MediaAsset).count() == 1


def _key(database: Database, world: World, post_id: UUID) -> str:
    return f"{world.acme.key}-{found_number(database, post_id)}"


def found_number(database: Database, post_id: UUID) -> int:
    from postboard.db.models import Post

    with database.read() as session:
        return session.get_one(Post, post_id).number
