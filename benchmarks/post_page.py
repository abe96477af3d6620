"""What is measured of a post's page, part by part."""

import re
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks import ground
from benchmarks.in_browser import typed_into, watched_scripts
from benchmarks.measures import (
    Measure,
    Sizes,
    commits,
    gz_kb,
    measure,
    migrated,
    serving,
    timed,
    worker_kib,
)
from postboard.db.engine import Database
from postboard.db.queries import conversation, history, post_page, revisions, tasks
from postboard.db.queries.comment_rows import Wish
from postboard.domain import fields
from postboard.domain.content import NETWORKS, Media, Words
from postboard.domain.conversation import Thread
from postboard.domain.differences import segments
from postboard.domain.permissions import Actor
from postboard.services import checks, comments, looks, post_rows, posts, writing
from postboard.services.comments import Remark
from postboard.services.posts import NewPost
from postboard.services.writing import Saved
from tests.browser.server import Server
from tests.media import files
from tests.world import World, build, cookie_of, count_queries

_EVENTS, _COMMENTS, _NEIGHBOURS = 200, 50, 200
_LONG, _TYPED = 64_000, 3000
_UPLOAD = 100_000_000
_PIECE = 1_000_000
_SENTENCE = "Two farms in Huila, one in Sidama: red apple first, cocoa last. "
_SOON = ("facebook", "x", "mastodon")

Read = Callable[[Session], Any]


def floors(sizes: Sizes, folder: Path) -> list[Measure]:
    return [
        measure("floor: SQLite commit of one row", "ms", commits(folder, sizes.of(1000, 300))),
    ]


def opening(sizes: Sizes, folder: Path) -> list[Measure]:
    """Each read as the page's handlers do it, with a session of its own."""
    with _filled(folder) as (database, world, post_id):
        reads = _reads(world.cora, post_id, _key(database, world.cora, post_id))
        times: dict[str, list[float]] = {name: [] for name in reads}
        for _ in range(sizes.of(60, 20)):
            for name, read in reads.items():
                with timed(times[name]), database.read() as session:
                    read(session)
        with count_queries(database) as statements:
            for read in reads.values():
                with database.read() as session:
                    read(session)
    whole = [sum(round_) for round_ in zip(*times.values(), strict=True)]
    return [
        measure(f"open: {_EVENTS} events, {_COMMENTS} comments, all reads", "ms", whole, 150),
        measure("  … statements", "", [len(statements)]),
        *(measure(f"  … {name}", "ms", taken) for name, taken in times.items()),
    ]


def saving(sizes: Sizes, folder: Path) -> list[Measure]:
    with _filled(folder) as (database, world, post_id):
        times: list[float] = []
        mark = fields.mark_of(_words(), "caption")
        for number in range(sizes.of(300, 60)):
            text = f"{_SENTENCE * 8}{number}"
            with timed(times), database.write() as session:
                saved = writing.save(
                    session, world.ben, post_id, "caption", text, was=mark, now=ground.now()
                )
            assert isinstance(saved, Saved)  # noqa: S101 - a clash would measure something else
            mark = saved.mark
    return [measure("save: one field (service and commit)", "ms", times)]


def checking(sizes: Sizes, folder: Path) -> list[Measure]:
    with _filled(folder) as (database, world, post_id):
        times: list[float] = []
        for _ in range(sizes.of(100, 30)):
            with timed(times), database.read() as session:
                checks.check(session, world.cora, post_id, now=ground.now())
    return [measure(f"check: with {_NEIGHBOURS} neighbours", "ms", times, 10)]


def differing(sizes: Sizes, _folder: Path) -> list[Measure]:
    pairs = {
        "one sentence in three changed": ("cocoa last", "plum last", 3),
        "every sentence changed": ("Huila", "Nariño", 1),
        "Chinese, one sentence in three": ("可可", "李子", 3),
    }
    found: list[Measure] = []
    for name, (old, new, every) in pairs.items():
        sentence = (
            "惠拉的两个庄园，锡达马的一个：先是红苹果，最后是可可。" if old == "可可" else _SENTENCE
        )
        parts = [sentence] * (_LONG // len(sentence))
        before = "".join(f"{number} {part}" for number, part in enumerate(parts))[:_LONG]
        changed = [
            part.replace(old, new) if n % every == 0 else part for n, part in enumerate(parts)
        ]
        after = "".join(f"{number} {part}" for number, part in enumerate(changed))[:_LONG]
        times: list[float] = []
        for _ in range(sizes.of(7, 3)):
            with timed(times):
                segments(before, after)
        found.append(measure(f"diff: {_LONG:,} characters, {name}", "ms", times))
    return found


def uploading(_sizes: Sizes, folder: Path) -> list[Measure]:
    """The worker's memory meanwhile: its peak is the kernel's own mark.

    The first file finds buffers that are not there yet; the next one says whether it is flat.
    """
    clip = files.video(folder / "clip.mp4")
    found: list[Measure] = []
    with serving(folder) as server:
        _send(server, clip, 10)
        for which, target in (("the first", None), ("the next", 2)):
            before, times = worker_kib(server), list[float]()
            for pid in server.workers():
                Path(f"/proc/{pid}/clear_refs").write_text("5")
            with timed(times):
                _send(server, clip, _UPLOAD)
            peak = sum(_peak_kib(pid) for pid in server.workers())
            found += [
                measure(f"upload: 100 MB, {which}: sent and looked at", "s", [times[0] / 1000]),
                measure("  … worker's memory before", "MiB", [before / 1024]),
                measure("  … at its peak meanwhile", "MiB", [peak / 1024]),
                measure("  … grown by", "MiB", [(peak - before) / 1024], target),
            ]
    return found


def scripts(sizes: Sizes, folder: Path) -> list[Measure]:
    client = sizes.frontend / "build" / "client"
    with serving(folder) as server:
        key = _key(server.database, server.world.ana, _new(server.database, server.world))
        cast = server.world
        loaded = watched_scripts(
            server,
            {
                "post": (cast.ana, f"/post/?key={key}"),
                "board": (cast.ana, "/board"),
                "review": (cast.cleo, "/review"),
            },
        )
    lazy = [f"assets/{path.name}" for path in (client / "assets").glob("previews-*.js")]
    css = [f"assets/{path.name}" for path in (client / "assets").glob("_post_-*.css")]
    own = sorted({*loaded["post"]} - {*loaded["board"]})
    return [
        measure(
            "JS of /post, gz (loaded, previews with it)", "KB", [gz_kb(client, loaded["post"])]
        ),
        measure("  … of it not on the board", "KB", [gz_kb(client, own)]),
        measure("previews: lazily loaded JS, gz", "KB", [gz_kb(client, lazy)]),
        measure("previews: their JS and CSS, gz", "KB", [gz_kb(client, [*lazy, *css])], 60),
        measure("JS of /review, gz (loaded)", "KB", [gz_kb(client, loaded["review"])], 190),
        measure("JS of /board, gz (loaded)", "KB", [gz_kb(client, loaded["board"])], 230),
    ]


def typing(sizes: Sizes, folder: Path) -> list[Measure]:
    """From a key to the frame in which the previews show it."""
    keys = sizes.of(80, 25)
    with serving(folder) as server:
        cast, found = server.world, list[Measure]()
        text = (_SENTENCE * 60)[:_TYPED]
        for networks in (_SOON, NETWORKS):
            post_id = _new(server.database, cast, Words(text, networks=networks))
            key = _key(server.database, cast.ana, post_id)
            seen = typed_into(server, cast.ana, f"/post/?key={key}", text, keys)
            name = f"{len(networks)} networks, {_TYPED:,} characters"
            found += [
                measure(
                    f"floor: bare textarea, {_TYPED:,} characters, key painted", "ms", seen.bare
                ),
                measure(f"typing: {name}, key painted in its field", "ms", seen.field),
                measure("  … and in every preview", "ms", seen.previews),
                measure("  … the longest task while typing", "ms", seen.tasks or [0.0]),
            ]
    return found


def _key(database: Database, actor: Actor, post_id: UUID) -> str:
    with database.read() as session:
        return post_page.opened(session, actor, post_id, now=datetime.now(UTC)).facts.key


def _words() -> Words:
    picture = Media("https://images.example/buns.jpg", "A tray of buns")
    return Words((_SENTENCE * 8).strip(), "Coffee", networks=_SOON, media=(picture,))


def _new(database: Database, world: World, words: Words | None = None) -> UUID:
    new = NewPost(words or _words(), None, world.acme.campaign_id, world.ben.user_id)
    with database.write() as session:
        return posts.create(session, world.ana, world.acme.id, new, now=ground.now())


@contextmanager
def _filled(folder: Path) -> Generator[tuple[Database, World, UUID]]:
    """A draft with a long record, among many of the same client."""
    with migrated(f"sqlite:///{folder / 'postboard.db'}") as database:
        world = build(database, ground.now())
        ground.new_drafts(database, world, _NEIGHBOURS)
        post_id = _new(database, world)
        for number in range(_COMMENTS):
            thread = Thread.CLIENT if number % 3 == 0 else Thread.INTERNAL
            with database.write() as session:
                comments.add(
                    session,
                    world.cora if number % 2 else world.aron,
                    post_id,
                    thread,
                    Remark(f"{_SENTENCE} {number}"),
                    command_id=uuid.uuid4(),
                    now=ground.now(),
                )
        ground.add_history(database, [post_id], _EVENTS - _COMMENTS - 1, world)
        with database.write() as session:
            looks.look(session, world.cora, post_id, now=ground.now())
        yield database, world, post_id


def _reads(actor: Actor, post_id: UUID, key: str) -> dict[str, Read]:
    now = ground.now()
    return {
        "the post by its key": lambda session: post_page.find_by_key(session, actor, key),
        "the post and its words": lambda session: (
            post_page.opened(session, actor, post_id, now=datetime.now(UTC)),
            writing.clashes_of(session, actor, post_id),
        ),
        "since the last look": lambda session: looks.since(session, actor, post_id),
        "the checks": lambda session: checks.check(session, actor, post_id, now=now),
        "the tasks": lambda session: tasks.of_post(session, actor, post_id, now=now),
        "the conversation": lambda session: conversation.for_staff(
            session, actor, post_id, Wish(), now=now
        ),
        "the revisions": lambda session: revisions.listing(session, actor, post_id),
        "the history": lambda session: history.timeline(session, actor, post_id),
        "who is here": lambda session: post_rows.find(session, actor, post_id),
    }


def _send(server: Server, clip: bytes, padding: int) -> None:
    """The clip with a box at its end that says nothing, in pieces: the sender keeps none of it."""
    cast = server.world
    line = HTTPConnection("127.0.0.1", server.port, timeout=300)
    token = cookie_of(server.database, cast.dina, ground.now())
    head = files.padded(clip, 0)[: -len("free") - 4]
    head += (padding + 8).to_bytes(4, "big") + b"free"

    def body() -> Iterator[bytes]:
        yield head
        for start in range(0, padding, _PIECE):
            yield bytes(min(_PIECE, padding - start))

    headers = {
        "Cookie": f"postboard_session={token}",
        "Content-Length": str(len(head) + padding),
        "X-File-Name": "clip.mp4",
        "Origin": server.url,
    }
    line.request("POST", f"/media/{cast.acme.id.hex}", body(), headers)
    answer = line.getresponse()
    said = answer.read()
    line.close()
    if answer.status != 200 or b'"asset"' not in said:
        raise RuntimeError(f"{answer.status}: {said[:200]!r}")


def _peak_kib(pid: int) -> int:
    return int(re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])


PARTS: dict[str, Callable[[Sizes, Path], list[Measure]]] = {
    "floors": floors,
    "opening": opening,
    "saving": saving,
    "checking": checking,
    "differing": differing,
    "uploading": uploading,
    "scripts": scripts,
    "typing": typing,
}
