"""Pictures and videos in and out by plain HTTP."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Generator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store
from sqlalchemy import text

from postboard.api import media as routes
from postboard.db.engine import Database
from postboard.domain.content import Media, MediaKind, Words
from postboard.domain.permissions import PERMISSIONS, Actor, Permission
from postboard.domain.workflow import Action
from postboard.media.inspect import Inspected
from postboard.services import media, posts
from postboard.services.posts import NewPost
from postboard.services.uploads import KEPT_S, TooMuchToday, Uploads
from tests.api.conftest import Browser, Visit
from tests.media import files
from tests.world import NOW, World, cookie_of, everything_in, step

PICTURE = files.picture(64, 48)
As = Callable[..., Browser]


@pytest.fixture
def enter(database: Database, visit: Visit) -> As:
    """A browser in which somebody is signed in."""

    def arrive(actor: Actor | None, **environment: str) -> Browser:
        browser = visit(**environment)
        if actor:
            token = cookie_of(database, actor, datetime.now(UTC))
            browser.cookies.set("postboard_session", token)
        return browser

    return arrive


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """Where files are on their way."""
    return tmp_path / "uploads"


def send(
    browser: Browser, world: World, content: Any, name: str = "buns.png", **headers: str
) -> httpx.Response:
    return browser.post(
        f"/media/{world.acme.id.hex}",
        content=content,
        headers={"x-file-name": quote(name), **headers},
    )


def sent(browser: Browser, world: World, content: Any, name: str = "buns.png") -> dict[str, Any]:
    answer = send(browser, world, content, name)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()["asset"]


def lies_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_picture_comes_in_and_is_answered_as_a_post_takes_it(
    world: World, enter: As, tmp_path: Path, uploads: Path
) -> None:
    asset = sent(enter(world.dina), world, PICTURE, "面包 & buns.png")

    digest = asset.pop("digest")
    key = asset.pop("asset")
    assert asset == {
        "url": f"/media/{key}/large",
        "alt": "",
        "kind": "image",
        "type": "image/png",
        "size": len(PICTURE),
        "width": 64,
        "height": 48,
        "duration_ms": 0,
        "focus": [],
        "name": "面包 & buns.png",
        "tags": [],
        "version": 1,
        "is_new": True,
    }
    assert len(digest) == 64
    folder = tmp_path / "media" / world.acme.id.hex / key
    assert lies_in(folder) == ["large", "original", "thumb"]
    assert (folder / "original").read_bytes() == PICTURE
    assert lies_in(uploads) == []


def test_the_same_file_again_is_the_one_that_is_there_and_is_not_kept_twice(
    world: World, enter: As, tmp_path: Path
) -> None:
    first = sent(enter(world.dina), world, PICTURE)
    again = sent(enter(world.cora), world, PICTURE, "copy.png")

    assert again == first | {"is_new": False}
    assert len(lies_in(tmp_path / "media")) == 3


def test_a_file_goes_out_as_it_came_with_copies_made_for_pages(world: World, enter: As) -> None:
    browser = enter(world.dina)
    asset = sent(browser, world, PICTURE)

    original = browser.get(f"/media/{asset['asset']}/original")
    thumb = browser.get(f"/media/{asset['asset']}/thumb")

    assert (original.status_code, original.content) == (200, PICTURE)
    assert thumb.content[:4] + thumb.content[8:12] == b"RIFFWEBP"
    told = ("content-type", "cache-control", "vary", "x-content-type-options", "accept-ranges")
    assert {name: original.headers[name] for name in told} == {
        "content-type": "image/png",
        "cache-control": "private, max-age=31536000, immutable",
        "vary": "cookie",
        "x-content-type-options": "nosniff",
        "accept-ranges": "bytes",
    }
    assert original.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert thumb.headers["content-type"] == "image/webp"


def test_what_a_browser_has_already_is_not_sent_again_but_asked_for_the_right(
    world: World, enter: As
) -> None:
    browser = enter(world.dina)
    address = f"/media/{sent(browser, world, PICTURE)['asset']}/large"
    etag = browser.get(address).headers["etag"]

    again = browser.get(address, headers={"if-none-match": etag})
    foreign = enter(world.dora).get(address, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert (foreign.status_code, foreign.content) == (404, b"")


def test_a_download_has_the_files_own_name(world: World, enter: As) -> None:
    browser = enter(world.dina)
    asset = sent(browser, world, PICTURE, '面包 "a".png\r\nx: y')

    answer = browser.get(f"/media/{asset['asset']}/original?download")

    assert answer.headers["content-disposition"] == (
        f"attachment; filename*=UTF-8''{quote(asset['name'])}"
    )
    assert "x" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-", 206, slice(0, None), "bytes 0-{last}/{size}"),
        ("bytes=10-19", 206, slice(10, 20), "bytes 10-19/{size}"),
        ("bytes=10-99999999", 206, slice(10, None), "bytes 10-{last}/{size}"),
        ("bytes=-5", 206, slice(-5, None), "bytes {fifth}-{last}/{size}"),
        ("bytes=99999999-", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=20-10", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=-0", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=0-1,5-6", 200, slice(0, None), None),
        ("bytes=-", 200, slice(0, None), None),
        ("lines=1-2", 200, slice(0, None), None),
    ],
)
def test_a_video_is_given_in_parts(
    world: World, enter: As, tmp_path: Path, asked: str, status: int, part: slice, said: str | None
) -> None:
    content = files.video(tmp_path / "clip.mp4", 1)
    browser = enter(world.dina)
    asset = sent(browser, world, content, "clip.mp4")

    answer = browser.get(f"/media/{asset['asset']}/original", headers={"range": asked})

    size = len(content)
    expected = said and said.format(size=size, last=size - 1, fifth=size - 5)
    assert (asset["kind"], asset["type"]) == ("video", "video/mp4")
    assert (answer.status_code, answer.content) == (status, content[part])
    assert answer.headers.get("content-range") == expected


def test_who_has_an_older_files_part_gets_the_whole(world: World, enter: As) -> None:
    browser = enter(world.dina)
    address = f"/media/{sent(browser, world, PICTURE)['asset']}/original"

    answer = browser.get(address, headers={"range": "bytes=5-", "if-range": '"another"'})

    assert (answer.status_code, answer.content) == (200, PICTURE)


def test_only_who_may_edit_media_sends_files_and_the_rest_get_one_answer(
    database: Database, world: World, enter: As, tmp_path: Path, uploads: Path
) -> None:
    def status(actor: Actor | None) -> int:
        answer = send(enter(actor), world, files.picture(16, 16, colour=f"#{len(seen):02}0000"))
        seen.append(answer.text if answer.status_code == HTTPStatus.NOT_FOUND else "")
        return answer.status_code

    seen: list[str] = []
    may = {
        actor.name: Permission.EDIT_MEDIA in PERMISSIONS[role]
        for role, actor in world.of_acme().items()
    }
    people: list[Actor | None] = [*world.everybody(), None]
    assert {one.name if one else "": status(one) for one in people} == {
        one.name if one else "": 200 if one and may.get(one.name) else 404 for one in people
    }
    assert len({text for text in seen if text}) == 1
    before = everything_in(database)
    for address in ("/media/nothing", f"/media/{'0' * 32}", f"/media/{world.acme.key}"):
        assert enter(world.alma).post(address, content=PICTURE).status_code == 404
    assert everything_in(database)["mediaasset"] == before["mediaasset"]
    assert lies_in(uploads) == []


def test_every_role_sees_what_it_may_and_the_rest_get_one_answer(
    database: Database, world: World, enter: As
) -> None:
    asset = sent(enter(world.dina), world, PICTURE)["asset"]
    words = Words("Buns.", networks=("linkedin",), media=(Media("/x", asset=asset),))
    with database.write() as session:
        post_id = posts.create(session, world.ana, world.acme.id, NewPost(words), now=NOW)

    def statuses() -> dict[str, int]:
        people: list[Actor | None] = [*world.everybody(), None]
        answers = {
            one.name if one else "": enter(one).get(f"/media/{asset}/large") for one in people
        }
        assert {a.content for a in answers.values() if a.status_code == 404} == {b""}
        return {name: answer.status_code for name, answer in answers.items()}

    outside = {"Cleo", "Vera", "Dora", "Bodil", ""}
    names = {*(one.name for one in world.everybody()), ""}
    assert statuses() == {name: 404 if name in outside else 200 for name in names}
    for action in (Action.SUBMIT, Action.APPROVE, Action.SEND_TO_CLIENT):
        step(database, world.ana, post_id, action)
    outside -= {"Cleo", "Vera"}
    assert statuses() == {name: 404 if name in outside else 200 for name in names}


@pytest.mark.parametrize("rendition", ["huge", "thumb.png", "%2e%2e%2foriginal", "original%00"])
def test_there_is_nothing_beside_the_renditions(world: World, enter: As, rendition: str) -> None:
    browser = enter(world.dina)
    asset = sent(browser, world, PICTURE)

    assert browser.get(f"/media/{asset['asset']}/{rendition}").status_code == 404
    assert browser.get("/media/nothing/original").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "empty.png", 422, "This file is empty."),
        (files.SVG, "logo.png", 422, "SVG drawings can carry scripts, so they stay out."),
        (b"\x7fELF" + bytes(99), "cat.jpg", 422, "This is a program, not a picture or a video."),
        (files.HEIC, "IMG_1.HEIC", 422, "Most browsers and networks cannot show HEIC."),
        (files.png_that_says(60_000, 60_000), "bomb.png", 422, "This has 3600 million pixels;"),
        (files.picture(40, 40)[:60], "cut.png", 422, "This file is damaged or cut off."),
    ],
)
def test_what_is_refused_says_why_in_every_language_and_leaves_nothing(
    database: Database,
    world: World,
    enter: As,
    tmp_path: Path,
    uploads: Path,
    content: bytes,
    name: str,
    status: int,
    said: str,
) -> None:
    answer = send(enter(world.dina), world, content, name)

    refused = answer.json()["refused"]
    assert answer.status_code == status
    assert refused["en"].startswith(said)
    assert refused.keys() == {"en", "zh-CN"}
    assert lies_in(uploads) == lies_in(tmp_path / "media") == []
    assert everything_in(database)["mediaasset"] == []


def test_a_body_that_says_it_is_too_long_is_not_read(world: World, enter: As) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield bytes(1 << 20)
        raise AssertionError("it was read")

    answer = send(enter(world.dina), world, endless(), **{"content-length": str(10 * 10**9)})

    assert answer.status_code == 413
    assert answer.json()["refused"]["en"] == "This file is larger than 1000 MB."


def test_a_body_that_is_too_long_without_a_word_is_cut_off(
    world: World, enter: As, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "IMAGE_MAX", 2_000_000)
    read: list[int] = []

    async def picture_without_end() -> AsyncIterator[bytes]:
        yield PICTURE
        while True:
            read.append(1 << 18)
            yield bytes(1 << 18)

    answer = send(enter(world.dina), world, picture_without_end())

    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        413,
        "This file is larger than 2 MB.",
    )
    assert sum(read) < 4_000_000
    assert lies_in(uploads) == []


def test_a_video_may_be_longer_than_a_picture(
    world: World, enter: As, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "IMAGE_MAX", 1_000)
    content = files.video(tmp_path / "clip.mp4", 1)

    assert sent(enter(world.dina), world, content, "clip.mp4")["size"] == len(content) > 1_000


def test_a_connection_that_breaks_leaves_nothing(
    database: Database, world: World, enter: As, uploads: Path, tmp_path: Path
) -> None:
    browser = enter(world.dina)
    asked = [
        {"type": "http.request", "body": files.noise(800, 800), "more_body": True},
        {"type": "http.disconnect"},
    ]
    lay: list[list[str]] = []

    async def receive() -> Any:
        lay.append(lies_in(uploads))
        return asked.pop(0)

    async def answer(_message: Any) -> None:
        """Nobody hears it."""

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/media/{world.acme.id.hex}",
        "query_string": b"",
        "headers": [
            (b"cookie", f"postboard_session={browser.cookies['postboard_session']}".encode())
        ],
        "client": ("203.0.113.7", 1),
    }
    asyncio.run(browser._app(scope, receive, answer))

    assert [len(files) for files in lay] == [1, 1]
    assert lies_in(uploads) == lies_in(tmp_path / "media") == []
    assert everything_in(database)["mediaasset"] == []


def test_what_a_killed_server_left_behind_is_swept(world: World, enter: As, uploads: Path) -> None:
    uploads.mkdir()
    for name, age in (("old", KEPT_S + 60), ("old.thumb", KEPT_S + 60), ("young", 60)):
        (uploads / name).write_bytes(b"x")
        os.utime(uploads / name, (time.time() - age,) * 2)

    sent(enter(world.dina), world, PICTURE)

    assert lies_in(uploads) == ["young"]


def test_a_full_disk_is_said(
    world: World, enter: As, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_SPARE_DISK", 1 << 60)

    answer = send(enter(world.dina), world, PICTURE)

    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        507,
        "The server has no room left for this file. Tell whoever looks after it.",
    )
    assert lies_in(uploads) == []


def test_forty_files_at_once_are_no_flood_and_all_arrive(
    database: Database, world: World, enter: As
) -> None:
    browser = enter(world.dina)
    pictures = [files.picture(8, 8, colour=f"#0000{n:02}") for n in range(40)]

    async def drop() -> list[int]:
        transport = httpx.ASGITransport(browser._app, client=("203.0.113.7", 1))
        async with httpx.AsyncClient(
            transport=transport, base_url=browser.base_url, cookies=browser.cookies, timeout=300
        ) as client:
            answers = await asyncio.gather(
                *(client.post(f"/media/{world.acme.id.hex}", content=one) for one in pictures),
                *(client.post(f"/media/{world.acme.id.hex}", content=b"") for _ in range(60)),
            )
        return [answer.status_code for answer in answers]

    assert asyncio.run(drop()) == [200] * 40 + [422] * 60
    with database.read() as session:
        counted = session.execute(text("SELECT count(DISTINCT digest) FROM mediaasset"))
        assert counted.scalar_one() == 40


def test_a_page_of_another_site_sends_nothing(world: World, enter: As) -> None:
    answer = send(enter(world.dina), world, PICTURE, origin="https://evil.example")

    assert answer.status_code == 403


@pytest.fixture(scope="module")
def s3() -> Generator[str]:
    """The address of a server that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str) -> dict[str, str]:
    signed = "AWS4-HMAC-SHA256 Credential=key/20260302/us-east-1/s3/aws4_request"
    httpx.put(f"{s3}/brand-media", headers={"authorization": signed}).raise_for_status()
    return {
        "POSTBOARD_MEDIA_URL": "s3://brand-media/postboard",
        "POSTBOARD_S3_KEY_ID": "key",
        "POSTBOARD_S3_SECRET": "secret",
        "POSTBOARD_S3_ENDPOINT": s3,
    }


def test_files_lie_in_a_bucket_when_the_settings_say_so(
    world: World, enter: As, bucket: dict[str, str], s3: str, tmp_path: Path
) -> None:
    browser = enter(world.dina, **bucket)
    content = files.padded(files.video(tmp_path / "clip.mp4", 1), 12_000_000)  # in several parts
    asset = sent(browser, world, content, "clip.mp4")["asset"]

    whole = browser.get(f"/media/{asset}/original")
    part = browser.get(f"/media/{asset}/original", headers={"range": "bytes=100-199"})

    assert (whole.status_code, whole.content == content) == (200, True)
    assert (part.status_code, part.content) == (206, content[100:200])
    assert browser.get(f"/media/{asset}/thumb").content[8:12] == b"WEBP"
    assert not (tmp_path / "media").exists()
    there = S3Store(
        "brand-media",
        config={
            "access_key_id": "key",
            "secret_access_key": "secret",
            "region": "us-east-1",
            "endpoint": s3,
        },
        client_options={"allow_http": True},
    )
    prefix = f"postboard/{world.acme.id.hex}/{asset}"
    assert sorted(one["path"] for one in obstore.list(there).collect()) == [
        f"{prefix}/large",
        f"{prefix}/original",
        f"{prefix}/thumb",
    ]


def test_a_file_that_is_gone_from_the_bucket_is_not_here(
    world: World, enter: As, bucket: dict[str, str]
) -> None:
    on_disk = sent(enter(world.dina), world, PICTURE)["asset"]

    assert enter(world.dina, **bucket).get(f"/media/{on_disk}/original").status_code == 404


def test_storage_that_fails_is_said_and_leaves_no_file_half_known(
    database: Database, world: World, enter: As, bucket: dict[str, str], uploads: Path
) -> None:
    wrong = bucket | {"POSTBOARD_MEDIA_URL": "s3://no-such-bucket"}

    answer = send(enter(world.dina, **wrong), world, PICTURE)

    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        503,
        "The storage of pictures and videos does not answer. Try again in a moment.",
    )
    assert everything_in(database)["mediaasset"] == []
    assert lies_in(uploads) == []


def test_more_than_one_person_may_bring_in_a_day_is_refused_and_leaves_nothing(
    database: Database, world: World, enter: As, tmp_path: Path, uploads: Path
) -> None:
    answer = send(enter(world.dina, POSTBOARD_UPLOADS_GB="0"), world, PICTURE)
    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        413,
        "One person brings in 0 GB a day at most. Go on tomorrow, or send less.",
    )
    assert everything_in(database)["mediaasset"] == []
    assert lies_in(tmp_path / "media") == lies_in(uploads) == []


def test_a_day_later_and_somebody_else_bring_in_more(database: Database, world: World) -> None:
    def bring(who: Actor, name: str, at: datetime = NOW) -> UUID:
        picture = Inspected(MediaKind.IMAGE, "image/png", 60, 64, 48, 0, name * 64, {})
        with database.write() as session:
            return media.add_asset(
                session, who, world.acme.id, uuid4(), picture, name, a_day=100, now=at
            ).id

    first = bring(world.dina, "a")
    with pytest.raises(TooMuchToday):
        bring(world.dina, "b")
    assert bring(world.dina, "a") == first
    bring(world.cora, "b")
    bring(world.dina, "c", NOW + timedelta(days=1))


def test_plans_that_wait_fill_the_disk_no_further(tmp_path: Path) -> None:
    here, owner = Uploads(tmp_path, a_day=100), uuid4()
    here.begin(owner)[1].write_bytes(b"x" * 60)
    here.begin(owner)[1].write_bytes(b"x" * 60)
    with pytest.raises(TooMuchToday):
        here.begin(owner)
    here.begin(uuid4())


def test_an_upload_that_ends_meanwhile_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "ended")
    _, path = Uploads(tmp_path).begin(uuid4())
    assert path.parent == tmp_path
