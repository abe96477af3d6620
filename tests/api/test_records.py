"""A post's whole record, for its own staff only: JSON that can be checked, PDF that can be read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from postboard.db.engine import Database
from postboard.db.models import Comment, CommentAttachment, Reaction, Task, Waiver
from postboard.db.queries import history
from postboard.domain.content import Media, Variant, Words
from postboard.domain.conversation import Thread
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, State
from postboard.locale import LANGUAGES, Language
from postboard.services import events, post_rows, posts, records
from postboard.services.events import Fact, digest_of
from postboard.services.record_pdf import render
from postboard.services.records import Record
from tests.api.conftest import Browser, Visit
from tests.pdf import pages_of
from tests.world import NOW, REASON, WORDS, World, cookie_of, count_queries, step

AT = "2026-03-02T09:00:00.000000+00:00"
KINDS = ("json", "pdf")
CLIENT_ROLES = {Role.CLIENT_REVIEWER, Role.CLIENT_VIEWER}


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    """Submitted, sent back, rewritten; talked about in both threads."""
    with database.write() as session:
        new = posts.NewPost(WORDS, NOW + timedelta(days=3))
        post_id = posts.create(session, world.ana, world.acme.id, new, now=NOW)
    step(database, world.ben, post_id, Action.SUBMIT)
    step(database, world.iris, post_id, Action.REQUEST_CHANGES)
    with database.write() as session:
        version = post_rows.find(session, world.ben, post_id).version
        words = replace(WORDS, caption="早上六点开门 🥐", title="")
        posts.edit(session, world.ben, post_id, words, version=version, now=NOW)
        for thread in Thread:
            comment = Comment(
                post_id=post_id,
                thread=thread,
                author_id=world.iris.user_id,
                author_name="Iris",
                revision=1,
                text=f"Said in the {thread} thread",
                mentions=[_hex(world.ben)],
                earlier=[{"text": "Sayd", "at": AT}],
                created_at=NOW,
                edited_at=NOW,
            )
            session.add(comment)
            session.flush()
            session.add(Reaction(comment_id=comment.id, person_id=_id(world.ben), emoji="👍"))
        session.add(
            Task(
                post_id=post_id,
                assignee_id=_id(world.dina),
                instructions="Crop the cup.",
                created_by=world.cora.user_id,
                created_at=NOW,
            )
        )
        session.add(
            Waiver(
                post_id=post_id,
                finding="alt@1",
                reason="It is decoration.",
                person_id=world.iris.user_id,
                person_name="Iris",
                at=NOW,
            )
        )
    return post_id


def signed_in(database: Database, visit: Visit, actor: Actor) -> Browser:
    browser = visit()
    token = cookie_of(database, actor, datetime.now(UTC))
    browser.cookies.set("postboard_session", token, "board.example")
    return browser


def record_of(database: Database, actor: Actor, post_id: UUID) -> Record:
    with database.read() as session:
        return records.record(session, actor, post_id, now=NOW)


def printed(
    database: Database, world: World, post_id: UUID, language: Language = "en", **other: Any
) -> bytes:
    with database.read() as session:
        lines = history.timeline(session, world.ana, post_id, 10_000).lines
        record = records.record(session, world.ana, post_id, now=NOW)
    return render(saying(record, **other) if other else record, lines, language, lambda _: None)


def saying(record: Record, **words: Any) -> Record:
    """With other words in every revision."""
    said = asdict(Words(**words))
    return replace(
        record, revisions=[replace(one, words=one.words | said) for one in record.revisions]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_staff_of_the_client_take_the_record_home(
    database: Database, world: World, visit: Visit, post_id: UUID, kind: str
) -> None:
    for role, actor in world.of_acme().items():
        answer = signed_in(database, visit, actor).get(f"/posts/{post_id.hex}/record.{kind}")
        if role in CLIENT_ROLES:
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200
        assert {
            name: answer.headers[name]
            for name in ("content-type", "content-disposition", "cache-control")
        } == {
            "content-type": f"application/{kind}",
            "content-disposition": f'attachment; filename="ACME-14.{kind}"',
            "cache-control": "no-store",
        }


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_else_learns_nothing_not_even_that_it_is_there(
    database: Database, world: World, visit: Visit, kind: str
) -> None:
    theirs = f"/posts/{world.acme.posts[State.CLIENT_REVIEW].hex}/record.{kind}"
    nothing = [f"/posts/{uuid4().hex}/record.{kind}", f"/posts/ACME-1/record.{kind}"]
    strangers = [
        visit(),
        *(
            signed_in(database, visit, actor)
            for actor in (world.cleo, world.vera, world.dora, world.bodil)
        ),
    ]
    answers = {
        (answer.status_code, answer.content)
        for browser in strangers
        for address in (theirs, *nothing)
        if (answer := browser.get(address))
    } | {
        (answer.status_code, answer.content)
        for address in nothing
        if (answer := signed_in(database, visit, world.ana).get(address))
    }

    ((status, said),) = answers
    assert (status, list(json.loads(said))) == (404, ["refused"])


def test_the_json_holds_the_post_whole(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    answer = signed_in(database, visit, world.ana).get(f"/posts/{post_id.hex}/record.json")
    found = answer.json()

    assert found.keys() == Record.__dataclass_fields__.keys()
    assert found["record_version"] == 1
    assert found["exported_by"] == "Ana"
    assert found["post"] == {
        "id": str(post_id),
        "key": "ACME-14",
        "state": "internal_rework",
        "version": 4,
        "revision": 2,
        "rounds": 0,
        "ready": False,
        "planned_at": "2026-03-05T09:00:00.000000+00:00",
        "due_at": None,
        "campaign": None,
        "pillar": None,
        "assignee": None,
        "published_link": None,
        "created_at": AT,
        "state_since": AT,
    }
    assert found["client"]["name"] == "Acme"
    assert [
        (one["number"], one["written_by"], one["frozen_at"], one["words"]["caption"])
        for one in found["revisions"]
    ] == [(1, "Ana", AT, WORDS.caption), (2, "Ben", None, "早上六点开门 🥐")]
    assert found["revisions"][0]["words"]["media"][0]["digest"] == ""
    assert found["decisions"] == [
        {
            "action": "request_changes",
            "revision": 1,
            "by": "Iris",
            "at": AT,
            "reason": REASON.text,
            "tags": ["image"],
        }
    ]
    assert [(one["assignee"], one["given_by"], one["instructions"]) for one in found["tasks"]] == [
        ("Dina", "Cora", "Crop the cup.")
    ]
    assert [
        (one["thread"], one["text"], one["mentions"], one["earlier"], one["reactions"])
        for one in sorted(found["comments"], key=lambda one: one["thread"], reverse=True)
    ] == [
        (
            thread,
            f"Said in the {thread} thread",
            ["Ben"],
            [{"text": "Sayd", "at": AT}],
            [{"emoji": "👍", "by": "Ben"}],
        )
        for thread in ("internal", "client")
    ]
    assert [(one["finding"], one["reason"], one["by"]) for one in found["waivers"]] == [
        ("alt@1", "It is decoration.", "Iris")
    ]


def test_the_log_can_be_verified_from_the_json_alone(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    answer = signed_in(database, visit, world.cora).get(f"/posts/{post_id.hex}/record.json")
    found = answer.json()
    previous = found["chain"]["start"]

    for position, event in enumerate(found["events"], 1):
        assert event["position"] == position
        previous = digest_of({**event, "at": datetime.fromisoformat(event["at"])}, previous)
        assert previous == event["digest"]
    assert found["chain"]["head"] == previous
    assert found["chain"]["length"] == len(found["events"]) == 4


def test_whatever_is_changed_in_the_json_breaks_its_chain(
    database: Database, world: World, post_id: UUID
) -> None:
    event = record_of(database, world.ana, post_id).as_json()["events"][0]

    def digest(**other: object) -> str:
        row: Mapping[str, Any] = {**event, **other}
        return digest_of({**row, "at": datetime.fromisoformat(row["at"])}, events.START)

    assert digest() == event["digest"]
    for name, value in {
        "stream_id": str(uuid4()),
        "position": 2,
        "kind": "post.edited",
        "client_id": None,
        "actor_id": None,
        "actor_name": "Anna",
        "at": "2026-03-02T09:00:00.000001+00:00",
        "content": {},
    }.items():
        assert digest(**{name: value}) != event["digest"], name


def test_a_record_costs_the_same_statements_for_any_post(
    database: Database, world: World, post_id: UUID
) -> None:
    def counted(of: UUID) -> int:
        with count_queries(database) as statements:
            record_of(database, world.ana, of)
        return len(statements)

    assert counted(post_id) == counted(world.acme.posts[State.DRAFT])


def test_attachments_are_named_with_their_comment(
    database: Database, world: World, post_id: UUID
) -> None:
    from tests.services.test_revisions import _add_asset

    before = record_of(database, world.ana, post_id)
    with database.write() as session:
        asset_id = _add_asset(session, world.acme.id)
        session.add(CommentAttachment(comment_id=UUID(before.comments[0].id), asset_id=asset_id))

    after = record_of(database, world.ana, post_id)
    assert sorted(one.attachments for one in after.comments) == [[], [str(asset_id)]]


def test_the_pages_tell_the_post_in_english(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    browser = signed_in(database, visit, world.ana)
    pages = pages_of(browser.get(f"/posts/{post_id.hex}/record.pdf?language=en").content)
    told = "\n".join(pages)

    for sentence in (
        "早上六点开门 □",
        "Internal rework",
        "Ben changed the caption and the title",
        "Iris requested changes",
        REASON.text,
        "Said in the internal thread",
        "Said in the client thread",
        "Crop the cup.",
        "State: Draft → Internal review",
        "Times are those of Europe/Berlin.",
    ):
        assert sentence in told, sentence
    assert [page.strip().splitlines()[-1] for page in pages] == [
        f"ACME-14 · {n}/{len(pages)}" for n in range(1, len(pages) + 1)
    ]


def test_the_pages_tell_the_post_in_chinese_when_asked_or_when_the_reader_speaks_it(
    database: Database, world: World, visit: Visit, post_id: UUID
) -> None:
    browser = signed_in(database, visit, world.ana)
    address = f"/posts/{post_id.hex}/record.pdf"
    asked = browser.get(f"{address}?language=zh-CN")
    spoken = browser.get(address, headers={"accept-language": "zh"})
    unknown = browser.get(f"{address}?language=fr")

    for answer in (asked, spoken):
        assert "内部返工" in "".join(pages_of(answer.content))
    assert "Internal rework" in "".join(pages_of(unknown.content))


def test_what_the_fonts_lack_and_what_cannot_be_seen_is_left_out(
    database: Database, world: World, post_id: UUID
) -> None:
    caption = "a\u202eb\u2066c 👩‍👩‍👧 한국어 Привет ąő ć <b>&amp;</b> e\u0301\tend"

    (told, *_) = pages_of(printed(database, world, post_id, caption=caption))

    assert "abc □ 한국어 Привет ao ć <b>&amp;</b> é end" in told


@pytest.mark.parametrize("sign", ["好", "word ", "😀", "x", "\n", "好 word\n"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_caption_fills_pages(
    database: Database, world: World, post_id: UUID, sign: str, language: Language
) -> None:
    caption = (sign * 64_000)[:64_000]
    pages = pages_of(printed(database, world, post_id, language, caption=caption))

    shown = "".join(pages).count({"😀": "□"}.get(sign, sign.strip() or "\n"))
    assert shown >= min(len(caption.split(sign)) - 1, 64_000 // len(sign)) or sign == "\n"
    assert len(pages) > 1


def test_the_longest_fields_and_most_pictures_fit(
    database: Database, world: World, post_id: UUID
) -> None:
    words = Words(
        caption="",
        title="好" * 300,
        link="https://acme.example/" + "x" * 2_000,
        media=tuple(Media(f"/pictures/{n}.jpg", "alt " * 1_025) for n in range(40)),
        variants=(Variant("weibo", "微博 " * 1_000),),
        hashtags=("tag" * 33,) * 60,
    )
    said = {name: getattr(words, name) for name in Words.__dataclass_fields__}

    assert len(pages_of(printed(database, world, post_id, **said))) > 20


def test_pictures_stand_where_the_store_has_them(
    database: Database, world: World, post_id: UUID
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (30, 20), "#c96").save(drawn, "WEBP")
    record = record_of(database, world.ana, post_id)

    with_picture = render(record, [], "en", lambda _: drawn.getvalue())
    broken = render(record, [], "en", lambda _: b"no picture")

    assert with_picture.count(b"/Subtype /Image") == 1
    assert broken.count(b"/Subtype /Image") == 0


def test_two_hundred_events_fill_several_pages(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        for n in range(196):
            fact = Fact(post_id, "post.commented", world.acme.id, {"thread": "client"})
            events.record(session, world.ana, fact, NOW + timedelta(minutes=n))

    assert len(pages_of(printed(database, world, post_id, "zh-CN"))) > 5


def _id(actor: Actor) -> UUID:
    assert actor.user_id
    return actor.user_id


def _hex(actor: Actor) -> str:
    return _id(actor).hex
