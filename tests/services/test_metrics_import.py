"""Figures in: previewed, written once, matched to our posts, undone."""

import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from postboard.charts.figure import for_browser
from postboard.db.engine import Database
from postboard.db.metric_models import AccountDay, MetricImport, MetricPost, MetricSnapshot
from postboard.db.models import Event, Post
from postboard.db.queries import measured
from postboard.db.queries.measured import Account, Filter, ImportState, MeasuredDay
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused
from postboard.domain.figures import Figures, MeasuredPost
from postboard.domain.matching import LinkedBy
from postboard.domain.periods import Period
from postboard.domain.permissions import PERMISSIONS, Permission
from postboard.domain.workflow import Action, State
from postboard.imports.metrics import Holds, UnknownColumn
from postboard.services import (
    audit,
    metric_files,
    metric_work,
    metrics_undo,
    performance,
    steps,
)
from postboard.services.look import Look
from postboard.services.metric_choices import Said
from postboard.services.metric_preview import RowSeen
from postboard.services.metrics_import import EVERY_WORD, CameInBefore, Imported, MoreToSay
from postboard.services.steps import Answer
from tests.exports import (
    BERLIN,
    FOLLOWERS,
    INSTAGRAM,
    PUBLER,
    TIKTOK,
    commit,
    instagram,
    preview,
    publer,
    written,
)
from tests.world import NOW, World, at_once, count_queries, everything_in, found

LATER = NOW + timedelta(days=7)
TABLES = (MetricImport, MetricPost, MetricSnapshot, AccountDay)
ACME_2026 = Said(account="acme.bakery", year=2026)


@pytest.fixture
def export(tmp_path: Path):
    rows = [instagram(1, "100"), instagram(2, "200", likes=""), instagram(3, "300")]
    return written(tmp_path, "Feb-01-2026_Feb-28-2026_1.csv", INSTAGRAM, rows)


def test_a_preview_tells_what_would_happen_and_writes_nothing(
    database: Database, world: World, tmp_path: Path
) -> None:
    rows = [instagram(1, "100"), instagram(2, "", likes="0"), instagram(1, "100")]
    file = written(tmp_path, "export.csv", INSTAGRAM, rows)
    before = everything_in(database)
    seen = preview(database, world.ana, file)
    assert everything_in(database) == before
    assert (seen.format, seen.kind, seen.network) == (
        "meta_instagram_content",
        "posts",
        "instagram",
    )
    assert (seen.rows_read, seen.new, seen.updated, seen.skipped) == (3, 2, 0, 1)
    assert (seen.first_on, seen.last_on) == (date(2026, 2, 20), date(2026, 2, 20))
    assert (seen.linked, seen.to_confirm, seen.external) == ({}, 0, 2)
    assert [(row.number, row.reason) for row in seen.left_out] == [
        (4, "Row 2 is of the same post.")
    ]
    assert seen.sums["impressions"] == (100, 1)  # a blank is not 0
    assert seen.sums["likes"] == (7, 2)
    assert "follows" not in seen.sums
    assert seen.asks == ()


def test_what_came_in_is_measured_post_by_post(database: Database, world: World, export) -> None:
    done = commit(database, world.ana, export)
    assert (done.new, done.updated, done.skipped) == (3, 0, 0)
    first, *_ = _measured(database, world)
    assert first == MeasuredPost(
        id=first.id,
        post_id="",
        key="",
        text="Post 1",
        client="ACME",
        network="instagram",
        account="acme.bakery",
        format="image",
        campaign="",
        pillar="",
        permalink="https://www.instagram.com/p/code1/",
        published_at=datetime(2026, 2, 20, 9, tzinfo=UTC),
        has_time=True,
        zone=ZoneInfo("Europe/Berlin"),
        captured_at=NOW,
        followers=None,
        figures=Figures(
            impressions=100, reach=80, likes=7, comments=1, shares=0, saves=2, duration_s=0
        ),
    )


def test_a_second_import_adds_a_snapshot_and_never_a_post(
    database: Database, world: World, export, tmp_path: Path
) -> None:
    commit(database, world.ana, export)
    newer = written(tmp_path, "a week later.csv", INSTAGRAM, [instagram(1, "150"), instagram(4)])
    seen = preview(database, world.ana, newer)
    assert (seen.new, seen.updated) == (1, 1)
    done = commit(database, world.ana, newer, now=LATER)
    assert (done.new, done.updated) == (1, 1)
    assert _counts(database) == (2, 4, 5, 0)
    shown = {post.text: post for post in _measured(database, world)}
    assert (shown["Post 1"].figures.impressions, shown["Post 1"].captured_at) == (150, LATER)
    assert (shown["Post 2"].figures.likes, shown["Post 2"].captured_at) == (None, NOW)


def test_an_older_export_never_hides_newer_figures(
    database: Database, world: World, export, tmp_path: Path
) -> None:
    commit(database, world.ana, export)
    older = written(tmp_path, "of January.csv", INSTAGRAM, [instagram(1, "40")])
    taken_out = replace(BERLIN, captured_on=date(2026, 2, 21))
    assert commit(database, world.ana, older, taken_out, now=LATER).updated == 1
    first = next(post for post in _measured(database, world) if post.text == "Post 1")
    assert (first.figures.impressions, first.captured_at) == (100, NOW)


def test_the_same_file_comes_in_once_unless_somebody_says_again(
    database: Database, world: World, export
) -> None:
    commit(database, world.ana, export)
    before = everything_in(database)
    assert preview(database, world.cora, export).earlier.who == "Ana"
    with pytest.raises(CameInBefore) as no:
        commit(database, world.cora, export, now=LATER)
    assert no.value.facts == {"day": "2026-03-02", "who": "Ana"}
    assert everything_in(database) == before
    assert commit(database, world.cora, export, now=LATER, again=True).updated == 3
    assert _counts(database) == (2, 3, 6, 0)


def test_two_who_bring_the_same_file_in_at_once_bring_it_once(
    database: Database, world: World, export
) -> None:
    results = at_once(
        lambda: commit(database, world.ana, export),
        lambda: commit(database, world.cora, export),
    )
    assert sum(isinstance(one, Imported) for one in results) == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert _counts(database) == (1, 3, 3, 0)


def test_two_files_of_the_same_posts_at_once_make_no_post_twice(
    database: Database, world: World, tmp_path: Path
) -> None:
    rows = [instagram(number) for number in range(1, 701)]
    files = [
        written(tmp_path, f"{name}.csv", INSTAGRAM, [*rows, instagram(900 + name)])
        for name in range(2)
    ]
    results = at_once(*(lambda f=file: commit(database, world.ana, f) for file in files))
    assert [type(one) for one in results] == [Imported, Imported]
    assert _counts(database) == (2, 702, 1402, 0)


def test_an_import_that_was_killed_goes_on_where_it_was(
    database: Database, world: World, tmp_path: Path
) -> None:
    rows = [instagram(number, str(number)) for number in range(1, 1201)]
    file = written(tmp_path, "long.csv", INSTAGRAM, rows)
    url = database.url.render_as_string(hide_password=False)
    spawned = multiprocessing.get_context("spawn")
    heard, said = spawned.Pipe(duplex=False)
    killed = spawned.Process(target=_import_and_stop, args=(url, world.ana, file, said))
    killed.start()
    acknowledged = heard.recv()
    killed.kill()
    killed.join()
    assert acknowledged == 500
    assert _counts(database) == (1, 500, 500, 0)
    assert _states(database, world) == [ImportState.AT_WORK]
    with pytest.raises(metric_work.ComesInNow):
        commit(database, world.ana, file)
    after = NOW + metric_work.LEASE
    assert _states(database, world, after) == [ImportState.STOPPED]
    told: list[int] = []
    done = commit(database, world.ana, file, now=after, progress=told.append)
    assert (told, done.new, done.updated, done.skipped) == ([1000, 1200], 1200, 0, 0)
    assert _counts(database) == (1, 1200, 1200, 0)
    sums = sum(post.figures.impressions or 0 for post in _measured(database, world))
    assert sums == sum(range(1, 1201))


def _import_and_stop(url: str, actor, file, said) -> None:
    """In a process of its own: it says how much is in, then waits to be killed."""

    def stop(rows: int) -> None:
        said.send(rows)
        multiprocessing.Event().wait()

    commit(Database(url), actor, file, progress=stop)


def test_undoing_takes_back_what_one_import_told_and_nothing_else(
    database: Database, world: World, export, tmp_path: Path
) -> None:
    commit(database, world.ana, export)
    before = _measured(database, world)
    newer = written(tmp_path, "newer.csv", INSTAGRAM, [instagram(1, "150"), instagram(4)])
    done = commit(database, world.ana, newer, now=LATER)
    undone = metrics_undo.undo(database, world.cora, done.import_id, clock=lambda: LATER)
    assert undone == 2
    assert _measured(database, world) == before
    assert _counts(database) == (2, 3, 3, 0)
    assert _states(database, world, LATER) == [ImportState.UNDONE, ImportState.DONE]
    with pytest.raises(NotFound):
        metrics_undo.undo(database, world.cora, done.import_id, clock=lambda: LATER)
    assert commit(database, world.ana, newer, now=LATER).new == 1  # the file may come in anew


def test_both_are_facts_of_the_client_and_the_record_holds(
    database: Database, world: World, export
) -> None:
    done = commit(database, world.aron, export)
    metrics_undo.undo(database, world.aron, done.import_id, clock=lambda: NOW)
    with database.read() as session:
        facts = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.kind).startswith("client.metrics"))
            .order_by(col(Event.id))
        ).all()
        assert audit.verify(session).first_break is None
    told = {
        "import": done.import_id.hex,
        "file": export.name,
        "digest": export.digest,
        "format": "meta_instagram_content",
        "new": 3,
        "updated": 0,
        "skipped": 0,
    }
    assert [tuple(one) for one in facts] == [
        ("client.metrics_imported", "Aron", told),
        ("client.metrics_undone", "Aron", {"import": done.import_id.hex, "snapshots": 3}),
    ]


def test_a_post_of_ours_is_known_by_its_published_link(
    database: Database, world: World, tmp_path: Path
) -> None:
    post_id = _published(database, world, "https://instagram.com/acme.bakery/reel/code1?igsh=x")
    file = written(tmp_path, "export.csv", INSTAGRAM, [instagram(1), instagram(2)])
    seen = preview(database, world.ana, file)
    key = _key(database, world, post_id)
    assert (seen.linked, seen.external) == ({LinkedBy.PERMALINK: 1}, 1)
    assert [row.post for row in seen.rows] == [key, ""]
    commit(database, world.ana, file)
    ours, theirs = _measured(database, world)
    assert (ours.post_id, ours.key, ours.campaign) == (post_id.hex, key, "Spring")
    assert (theirs.post_id, theirs.key, theirs.campaign) == ("", "", "")


def test_a_post_of_ours_is_known_by_its_words_and_day_only_if_somebody_confirms(
    database: Database, world: World, tmp_path: Path
) -> None:
    post_id = world.acme.posts[State.SCHEDULED]
    told = instagram(1, text="ACME secret of the scheduled post!", at="03/05/2026 18:30")
    file = written(tmp_path, "export.csv", INSTAGRAM, [told, instagram(2)])
    seen = preview(database, world.ana, file)
    assert (seen.linked, seen.to_confirm, seen.external) == ({}, 1, 1)
    assert seen.suggested == (
        RowSeen(
            number=2,
            text="ACME secret of the scheduled post!",
            network="instagram",
            account="acme.bakery",
            published_on=date(2026, 3, 5),
            is_new=True,
            post=_key(database, world, post_id),
            linked_by=LinkedBy.WORDS,
        ),
    )
    done = commit(database, world.ana, file, now=LATER)
    assert {post.key for post in _measured(database, world)} == {""}
    metrics_undo.undo(database, world.ana, done.import_id, clock=lambda: LATER)
    commit(database, world.ana, file, now=LATER, confirmed={2})
    assert {post.post_id for post in _measured(database, world)} == {"", post_id.hex}


def test_words_of_another_day_or_of_two_posts_suggest_nothing(
    database: Database, world: World, tmp_path: Path
) -> None:
    words = "Acme secret of the scheduled post"
    file = written(
        tmp_path, "export.csv", INSTAGRAM, [instagram(1, text=words, at="03/06/2026 9:00")]
    )
    assert preview(database, world.ana, file).to_confirm == 0
    other = written(
        tmp_path,
        "of Borealis.csv",
        INSTAGRAM,
        [instagram(1, text="Borealis secret of the scheduled post", at="03/05/2026 18:30")],
    )
    assert preview(database, world.ana, other).to_confirm == 0
    commit(database, world.ana, other, now=LATER, confirmed=EVERY_WORD)
    assert [post.post_id for post in _measured(database, world)] == [""]


def test_somebody_may_say_which_post_it_is(database: Database, world: World, export) -> None:
    commit(database, world.ana, export)
    measured_id = UUID(_measured(database, world)[0].id)
    of_acme = world.acme.posts[State.PUBLISHED]
    with database.write() as session:
        metrics_undo.link(session, world.cora, measured_id, of_acme, was=None, now=NOW)
    assert _measured(database, world)[0].post_id == of_acme.hex
    foreign = world.borealis.posts[State.PUBLISHED]
    with database.write() as session, pytest.raises(NotFound):
        metrics_undo.link(session, world.ana, measured_id, foreign, was=of_acme, now=NOW)
    with database.write() as session, pytest.raises(NotFound):
        metrics_undo.link(session, world.bodil, measured_id, None, was=of_acme, now=NOW)
    with database.write() as session:
        metrics_undo.link(session, world.cora, measured_id, None, was=of_acme, now=NOW)
    assert _measured(database, world)[0].post_id == ""


def test_files_of_two_kinds_speak_of_the_same_post(
    database: Database, world: World, tmp_path: Path
) -> None:
    """Publer gives no ids: the address tells, and what it leaves open Meta's export fills in."""
    rows = [publer("2026-02-20 10:00", "https://instagram.com/reel/code1", "Post 1")]
    first = written(tmp_path, "publer.csv", PUBLER, rows)
    assert commit(database, world.ana, first).new == 1
    second = written(tmp_path, "meta.csv", INSTAGRAM, [instagram(1), instagram(2)])
    done = commit(database, world.ana, second, now=LATER)
    assert (done.new, done.updated) == (1, 1)
    third = written(tmp_path, "publer again.csv", PUBLER, [*rows, rows[0]])
    done = commit(database, world.ana, third, now=LATER)
    assert (done.new, done.updated, done.skipped) == (0, 1, 1)


def test_one_link_on_all_rows_names_none_of_them(
    database: Database, world: World, tmp_path: Path
) -> None:
    link = "https://www.instagram.com/acme.bakery"
    rows = [publer(f"2026-02-{day} 10:00", link, f"Words of the {day}th") for day in (10, 11, 12)]
    file = written(tmp_path, "publer.csv", PUBLER, rows)
    assert commit(database, world.ana, file).new == 3
    again = written(tmp_path, "publer 2.csv", PUBLER, [*rows, publer("2026-02-13", link, "New")])
    done = commit(database, world.ana, again, now=LATER)
    assert (done.new, done.updated) == (1, 3)


def test_followers_are_those_of_the_day_or_the_newest_before(
    database: Database, world: World, tmp_path: Path
) -> None:
    rows = [["February 20", "Buns", _tiktok(1), "February 20", "1", "0", "0", "50"]]
    rows += [["February 20", "Early", _tiktok(2), "February 1", "1", "0", "0", "50"]]
    commit(database, world.ana, written(tmp_path, "Content.csv", TIKTOK, rows), ACME_2026)
    days = [["February 18", "900", "3"], ["February 19", "910", "10"], ["February 21", "990", "80"]]
    file = written(tmp_path, "FollowerHistory.csv", FOLLOWERS, days)
    done = commit(database, world.ana, file, ACME_2026)
    assert {post.text: post.followers for post in _measured(database, world)} == {
        "Buns": 910,
        "Early": None,
    }
    metrics_undo.undo(database, world.ana, done.import_id, clock=lambda: NOW)
    assert {post.followers for post in _measured(database, world)} == {None}


def test_of_several_imports_the_newest_says_each_figure_of_a_day(
    database: Database, world: World, tmp_path: Path
) -> None:
    first = written(tmp_path, "1.csv", FOLLOWERS, [["February 18", "900", "3"]])
    commit(database, world.ana, first, ACME_2026)
    header = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
    second = written(tmp_path, "2.csv", header, [["February 18", "5000", "41", "3", "0", "0"]])
    assert commit(database, world.ana, second, ACME_2026, now=LATER).updated == 1
    with database.read() as session:
        assert measured.account_days(session, world.ben, Filter(client="ACME")) == [
            MeasuredDay(
                client="ACME",
                network="tiktok",
                account="acme.bakery",
                day=date(2026, 2, 18),
                followers=900,
                follower_delta=3,
                impressions=5000,
                reach=None,
                profile_visits=41,
                captured_at=LATER,
            )
        ]
        assert measured.account_days(session, world.ben, until=date(2026, 2, 17)) == []


def test_answers_are_asked_once_and_remembered_for_the_account(
    database: Database, world: World, tmp_path: Path
) -> None:
    file = written(tmp_path, "1.csv", FOLLOWERS, [["February 18", "900", "3"]])
    assert preview(database, world.ana, file, Said()).asks == ("year", "account")
    with pytest.raises(MoreToSay):
        commit(database, world.ana, file, Said())
    commit(database, world.ana, file, Said(account="acme.bakery", year=2026, zone="Asia/Tokyo"))
    newer = written(tmp_path, "2.csv", FOLLOWERS, [["February 19", "910", "10"]])
    seen = preview(database, world.ana, newer, Said())
    assert (seen.asks, seen.remembered) == (
        ("year",),
        Said(account="acme.bakery", zone="Asia/Tokyo"),
    )
    commit(database, world.ana, newer, Said(account="acme.cafe", year=2026))
    third = written(tmp_path, "3.csv", FOLLOWERS, [["February 20", "920", "10"]])
    assert preview(database, world.ana, third, Said()).remembered == Said()


def test_a_file_whose_name_is_no_text_comes_in(
    database: Database, world: World, tmp_path: Path
) -> None:
    file = written(tmp_path, "export.csv", INSTAGRAM, [instagram(1)])
    commit(database, world.ana, metric_files.given(file.path, "\udcff\0\n.csv"))
    with database.read() as session:
        [seen] = measured.metric_imports(session, world.ana, now=NOW)
    assert seen.file_name == ".csv"


def test_figures_beyond_all_measure_come_in_as_not_known(
    database: Database, world: World, tmp_path: Path
) -> None:
    most = str(2**63 - 1)
    names = ("Post id", "Date", "Post text", "Link", "Impressions", "Likes", "Engagements")
    rest = ("Bookmarks", "Share", "New follows", "Replies", "Reposts")
    clicks = ("Profile visits", "Detail expands", "Hashtag clicks", "Permalink clicks")
    said = ["7", "Mon Feb 16 2026", "Buns", "https://x.com/acme/status/7"]
    row = [*said, *[most] * (3 + len(rest) + len(clicks))]
    commit(database, world.ana, written(tmp_path, "x.csv", (*names, *rest, *clicks), [row]))
    with database.read() as session:
        [post] = measured.measured_posts(session, world.ana)
    assert (post.figures.impressions, post.figures.other_clicks) == (2**63 - 1, None)
    with database.read() as session:
        look = Look(Period(date(2026, 2, 1), date(2026, 2, 28)))
        made = performance.charts_of_posts(session, world.ana, look, now=NOW)
    assert json.loads(json.dumps([for_browser(one) for one in made], allow_nan=False))


def test_what_a_column_counts_is_said_once_for_the_account(
    database: Database, world: World, tmp_path: Path
) -> None:
    header = (*INSTAGRAM, "Accounts engaged", "Mood", "Replays")
    rows = [[*instagram(1), "1,200", "calm", "3"], [*instagram(2), "", "", "4"]]
    file = written(tmp_path, "1.csv", header, rows)
    seen = preview(database, world.ana, file)
    assert seen.columns == (
        UnknownColumn("Accounts engaged", Holds.POSTS, 1200, 1, ""),
        UnknownColumn("Mood", Holds.POSTS, None, 1, "calm"),
        UnknownColumn("Replays", Holds.POSTS, 7, 2, ""),
    )
    assert "engagements" not in seen.sums
    told = {"Accounts engaged": "engagements", "Mood": "", "Replays": "video_views"}
    said = replace(BERLIN, columns=told)
    seen = preview(database, world.ana, file, said)
    assert (seen.sums["engagements"], seen.sums["video_views"]) == ((1200, 1), (7, 2))
    commit(database, world.ana, file, said)
    assert [
        (post.figures.engagements, post.figures.video_views) for post in _measured(database, world)
    ] == [(1200, 3), (None, 4)]
    # The next file of the account is read so without a word, another client's is not.
    again = written(tmp_path, "2.csv", header, [[*instagram(3), "30", "", "x"]])
    seen = preview(database, world.ana, again)
    assert (seen.remembered.columns, seen.sums["engagements"]) == (told, (30, 1))
    assert [one.text for one in seen.warnings] == [
        "Cells of “Replays” that are no count: 1, such as “x”. They are not known."
    ]
    assert preview(database, world.ana, again, client="Borealis").remembered == Said()
    kept = replace(BERLIN, columns={"Accounts engaged": ""})
    assert "engagements" not in preview(database, world.ana, again, kept).sums


def test_what_a_column_cannot_count_is_refused(
    database: Database, world: World, tmp_path: Path
) -> None:
    header = (*INSTAGRAM, "Mood", "Replays", "Plays")
    rows = [[*instagram(number), "calm", "3", "4"] for number in (1, 2)]
    file = written(tmp_path, "1.csv", header, rows)

    def refused(**columns: str) -> str:
        with pytest.raises(BadInput) as no:
            preview(database, world.ana, file, replace(BERLIN, columns=columns))
        return str(no.value)

    assert refused(Mood="saves") == (
        "“Mood” cannot count this: its values are no such numbers. One is “calm”."
    )
    assert refused(Moods="saves") == "This file has no column “Moods” of which nothing is known."
    assert refused(Likes="saves") == "This file has no column “Likes” of which nothing is known."
    assert refused(Replays="followers") == (
        "“Replays” stands beside figures of another kind and cannot count this."
    )
    assert refused(Replays="video_views", Plays="video_views") == (
        "“Plays” counts this already. Keep one of the two as it is."
    )
    assert refused(Replays="joy") == str(BadInput())


def test_a_column_beside_days_counts_what_accounts_have(
    database: Database, world: World, tmp_path: Path
) -> None:
    header = (*FOLLOWERS, "Seen by")
    file = written(tmp_path, "1.csv", header, [["February 18", "900", "3", "5,000"]])
    said = replace(ACME_2026, columns={"Seen by": "reach"})
    assert preview(database, world.ana, file, said).columns == (
        UnknownColumn("Seen by", Holds.ACCOUNT_DAYS, 5000, 1, ""),
    )
    commit(database, world.ana, file, said)
    with database.read() as session:
        assert [one.reach for one in measured.account_days(session, world.ben)] == [5000]


def test_only_those_with_the_right_bring_figures_in(
    database: Database, world: World, export
) -> None:
    for role, actor in world.of_acme().items():
        if Permission.IMPORT_METRICS in PERMISSIONS[role]:
            assert preview(database, actor, export).new == 3
            continue
        no = NotAllowed if Permission.SEE_PERFORMANCE in PERMISSIONS[role] else NotFound
        with pytest.raises(no):
            preview(database, actor, export)
        with pytest.raises(no):
            commit(database, actor, export)
    for stranger in (world.dora, world.bodil):
        with pytest.raises(NotFound):
            commit(database, stranger, export)
    assert _counts(database) == (0, 0, 0, 0)


def test_whoever_has_no_business_with_a_client_sees_nothing_of_its_figures(
    database: Database, world: World, export
) -> None:
    done = commit(database, world.ana, export)
    with database.read() as session:
        for actor in (world.dora, world.bodil, world.cleo, world.vera):
            assert measured.measured_posts(session, actor) == []
            assert measured.account_days(session, actor) == []
            assert measured.metric_imports(session, actor, now=NOW) == []
            assert measured.accounts(session, actor, "ACME") == []
        for actor in (world.ben, world.dina, world.iris):
            assert len(measured.measured_posts(session, actor)) == 3
            assert not measured.metric_imports(session, actor, now=NOW)[0].may_undo
        assert measured.accounts(session, world.ben, "ACME") == [
            Account("instagram", "acme.bakery")
        ]
    for actor in (world.dora, world.bodil, world.cleo):
        with pytest.raises(NotFound):
            metrics_undo.undo(database, actor, done.import_id, clock=lambda: NOW)
    with pytest.raises(NotAllowed):
        metrics_undo.undo(database, world.ben, done.import_id, clock=lambda: NOW)
    with pytest.raises(NotFound):
        metrics_undo.undo(database, world.ana, uuid4(), clock=lambda: NOW)


def test_filters_narrow_what_is_measured(database: Database, world: World, tmp_path: Path) -> None:
    _published(database, world, "https://www.instagram.com/p/code1/")
    rows = [instagram(1), instagram(2, at="02/01/2026 00:30")]
    commit(database, world.ana, written(tmp_path, "1.csv", INSTAGRAM, rows))
    of_borealis = written(tmp_path, "2.csv", INSTAGRAM, [instagram(3, at="02/25/2026 10:00")])
    commit(database, world.ana, of_borealis, client="Borealis")

    def texts(asked: Filter, **days: date) -> list[str]:
        with database.read() as session:
            return [p.text for p in measured.measured_posts(session, world.ana, asked, **days)]

    assert texts(Filter()) == ["Post 2", "Post 1", "Post 3"]
    assert texts(Filter(client="ACME")) == ["Post 2", "Post 1"]
    assert texts(Filter(network="x")) == []
    assert texts(Filter(campaign=world.acme.campaign_id.hex)) == ["Post 1"]
    assert texts(Filter(campaign="nothing")) == []
    assert texts(Filter(pillar="Bread")) == []
    assert texts(Filter(person=world.aron.user_id.hex)) == []
    assert texts(Filter(client="ACME"), since=date(2026, 2, 2)) == ["Post 1"]
    assert texts(Filter(client="ACME"), until=date(2026, 2, 1)) == ["Post 2"]


def test_one_query_for_one_post_and_for_many(
    database: Database, world: World, tmp_path: Path
) -> None:
    def queries() -> list[int]:
        counts = []
        with database.read() as session:
            session.connection()
            for ask in (
                lambda: measured.measured_posts(session, world.ana),
                lambda: measured.account_days(session, world.ana),
                lambda: measured.metric_imports(session, world.ana, now=NOW),
                lambda: measured.accounts(session, world.ana, "ACME"),
            ):
                with count_queries(database) as sent:
                    ask()
                counts.append(len(sent))
        return counts

    assert queries() == [1, 1, 1, 1]
    rows = [instagram(number) for number in range(1, 30)]
    commit(database, world.ana, written(tmp_path, "1.csv", INSTAGRAM, rows))
    assert queries() == [1, 1, 1, 1]


def _measured(database: Database, world: World) -> list[MeasuredPost]:
    with database.read() as session:
        found = measured.measured_posts(session, world.ana, Filter(client="ACME"))
    return sorted(found, key=lambda post: post.text)


def _counts(database: Database) -> tuple[int, ...]:
    """Imports, posts, snapshots, days."""
    with database.read() as session:
        return tuple(
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        )


def _states(database: Database, world: World, now: datetime = NOW) -> list[ImportState]:
    with database.read() as session:
        return [one.state for one in measured.metric_imports(session, world.ana, now=now)]


def _published(database: Database, world: World, link: str) -> UUID:
    """A post of Acme's that somebody marked as published there."""
    post_id = world.acme.posts[State.PUBLISH_FAILED]
    version = found(database, world.ana, post_id).version
    with database.write() as session:
        steps.take_step(
            session,
            world.ana,
            post_id,
            Action.MARK_PUBLISHED,
            version=version,
            answer=Answer(link=link),
            now=NOW,
        )
    return post_id


def _key(database: Database, world: World, post_id: UUID) -> str:
    with database.read() as session:
        number = session.execute(
            select(col(Post.number)).where(col(Post.id) == post_id)
        ).scalar_one()
    return f"{world.acme.key}-{number}"


def _tiktok(number: int) -> str:
    return f"https://www.tiktok.com/@acme.bakery/video/75276230004730{number:05d}"
