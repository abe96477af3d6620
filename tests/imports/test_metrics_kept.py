"""Real exports, brought in as `postboard import-metrics` brings them, and what is measured then."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postboard import cli
from postboard.db.engine import Database
from postboard.db.queries import measured
from postboard.db.queries.measured import Filter, ImportState
from postboard.domain.figures import MeasuredPost
from tests.world import World

COLUMNS = {
    "metrics/meta_instagram/ig_content_28d_2025.csv": {
        "Views": "impressions",
        "Reach": "reach",
        "Likes": "likes",
        "Comments": "comments",
        "Shares": "shares",
        "Saves": "saves",
        "Follows": "follows",
    },
    "metrics/meta_facebook/fb_content_28d_2025_dup_views_col.csv": {
        "Views#1": "impressions",
        "Reach": "reach",
        "Reactions": "likes",
        "Comments": "comments",
        "Shares": "shares",
        "Link Clicks": "link_clicks",
    },
    "metrics/x_2024/x_content_2026-08_postlink.csv": {
        "Impressions": "impressions",
        "Likes": "likes",
        "Replies": "comments",
        "Reposts": "shares",
        "Bookmarks": "saves",
        "Engagements": "engagements",
    },
}


@pytest.fixture
def bring_in(database: Database, world: World, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setenv("POSTBOARD_DATABASE_URL", database.url.render_as_string(False))

    def run(*arguments: str | Path) -> tuple[int, list[dict]]:
        given = [str(one) for one in arguments]
        code = cli.main(["import-metrics", *given, "--client", "acme", "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize("name", COLUMNS)
def test_the_figures_of_an_export_add_up_to_what_was_counted_by_hand(
    database: Database, world: World, bring_in, samples: Path, name: str
) -> None:
    expected = json.loads((samples / "metrics" / "expected.json").read_text("utf-8"))[name]
    code, [told] = bring_in(samples / name, "--zone", "Europe/Berlin")
    assert code == 0
    assert (told["import"]["new"], told["import"]["skipped"]) == (expected["data_rows"], 0)
    posts = _measured(database, world)
    assert len(posts) == expected["distinct_ids"]
    assert {column: _sum(posts, metric) for column, metric in COLUMNS[name].items()} == {
        column: (expected["sums"][column]["sum"], expected["sums"][column]["non_empty"])
        for column in COLUMNS[name]
    }


def test_a_dry_run_writes_nothing_and_says_what_a_second_export_would_do(
    database: Database, world: World, bring_in, samples: Path, tmp_path: Path
) -> None:
    first = samples / "metrics" / "x_2024" / "x_content_2026-08_postlink.csv"
    code, [told] = bring_in(first, "--dry-run")
    assert (code, told["import"]["new"], told["import"]["id"]) == (0, 40, "")
    assert _measured(database, world) == []
    bring_in(first)
    later = tmp_path / "later.csv"
    rows = first.read_text("utf-8-sig").replace(",44,1,3,", ",45,1,3,")
    later.write_text(rows, "utf-8")
    code, [told] = bring_in(later, "--dry-run")
    said = told["import"]
    assert (said["new"], said["updated"], said["skipped"], said["external"]) == (0, 40, 0, 40)
    code, [told] = bring_in(first)
    assert code == 1
    assert told["refused"].startswith("This very file came in already, on ")
    assert bring_in(first, "--again")[1][0]["import"]["updated"] == 40
    assert len(_measured(database, world)) == 40


def test_days_of_an_account_and_its_posts_come_out_of_one_workbook(
    database: Database, world: World, bring_in, samples: Path
) -> None:
    name = samples / "metrics" / "linkedin" / "linkedin_page_content_2025.xlsx"
    code, [told] = bring_in(name)
    assert (code, told["refused"]) == (1, "Say first which account these figures are of.")
    code, [told] = bring_in(name, "--account", "acme")
    assert (code, told["import"]["new"]) == (0, told["posts"] + told["days"])
    with database.read() as session:
        days = measured.account_days(session, world.ana, Filter(client="ACME"))
        [seen] = measured.metric_imports(session, world.ana, now=datetime.now(UTC))
    assert (len(_measured(database, world)), len(days)) == (told["posts"], told["days"])
    assert (seen.state, seen.account, seen.who, seen.age_days) == (
        ImportState.DONE,
        "acme",
        "postboard import-metrics",
        0,
    )


def test_without_a_client_there_is_only_a_look(bring_in, samples: Path, capsys) -> None:
    file = str(samples / "metrics" / "x_2024" / "x_content_2026-08_postlink.csv")
    assert cli.main(["import-metrics", file]) == 2
    assert cli.main(["import-metrics", file, "--dry-run", "--json"]) == 0


def _measured(database: Database, world: World) -> list[MeasuredPost]:
    with database.read() as session:
        return measured.measured_posts(session, world.ana, Filter(client="ACME"))


def _sum(posts: list[MeasuredPost], metric: str) -> tuple[float, int]:
    known = [one for post in posts if (one := getattr(post.figures, metric)) is not None]
    return sum(known), len(known)
