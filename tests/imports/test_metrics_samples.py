"""Real exports of other people, against what was counted in them by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from postboard.domain.figures import Figures
from postboard.imports.metrics import (
    DayRow,
    MeasuredRow,
    MetricChoices,
    NotMetrics,
    open_metrics,
    survey,
)
from tests.imports.metric_files import asked, warned

FORMATS = {
    "facebook_insights_legacy/fb_insights_post_level_2017-07.xlsx": "facebook_insights",
    "linkedin/linkedin_creator_content_export_2023-24.xlsx": "linkedin_personal_posts",
    "linkedin/linkedin_page_content_2025.xlsx": "linkedin_page_posts",
    "meta_daily/ig_daily_follows_utf16.csv": "meta_daily",
    "meta_daily/ig_daily_interactions_utf16.csv": "meta_daily",
    "meta_daily/ig_daily_link_clicks_utf16.csv": "meta_daily",
    "meta_daily/ig_daily_reach_utf16.csv": "meta_daily",
    "meta_daily/ig_daily_views_utf16.csv": "meta_daily",
    "meta_daily/ig_daily_visits_utf16.csv": "meta_daily",
    "meta_facebook/fb_content_28d_2025_dup_views_col.csv": "meta_facebook_content",
    "meta_facebook/fb_ig_content_german_semicolon.csv": "meta_content",
    "meta_instagram/ig_content_28d_2025.csv": "meta_instagram_content",
    "meta_instagram/ig_content_anonymised_w25.csv": "meta_instagram_content",
    "publer/publer_overview_2025-06.csv": "publer_overview",
    "publer/publer_post_insights_2025-06.csv": "publer_posts",
    "tiktok/tiktok_content.csv": "tiktok_posts",
    "tiktok/tiktok_follower_history.csv": "tiktok_followers",
    "tiktok/tiktok_overview_365d.csv": "tiktok_days",
    "tiktok/tiktok_viewers.csv": "tiktok_viewers",
    "x_2024/x_account_overview_daily.csv": "x_days",
    "x_2024/x_content_2024-25_link_share.csv": "x_posts",
    "x_2024/x_content_2026-08_postlink.csv": "x_posts",
    "x_legacy/daily_tweet_activity_2021-01.csv": "x_legacy_days",
    "x_legacy/tweet_activity_ropensci_2018-10.csv": "x_legacy_posts",
    "x_legacy/tweet_activity_ropensci_2018-11.csv": "x_legacy_posts",
    "youtube/yt_table_data_21cols.csv": "youtube_posts",
    "youtube/yt_table_data_pune_tech.csv": "youtube_posts",
    "youtube/yt_totals_daily.csv": "youtube_days",
}
RESEARCH = (
    "This is a data set for research, not an export: nothing in it says which post a row is about."
)
REFUSED = {
    "meta_daily/ig_daily_audience_utf16.csv": (
        "This is a table of the audience (Top cities, Age & gender). "
        "It holds no figures of posts or days."
    ),
    "public_sets/uci_facebook_live_sellers_7050.csv": RESEARCH,
    "public_sets/uci_facebook_metrics_500.csv": RESEARCH,
}


@pytest.fixture(scope="session")
def exports(samples: Path) -> Path:
    return samples / "metrics"


@pytest.fixture(scope="session")
def expected(exports: Path) -> dict[str, Any]:
    said = json.loads((exports / "expected.json").read_text(encoding="utf-8"))
    return {name.removeprefix("metrics/"): one for name, one in said.items()}


def posts(path: Path, choices: MetricChoices = MetricChoices()) -> Iterator[MeasuredRow]:  # noqa: B008 - frozen
    return (row for row in open_metrics(path, choices).rows() if isinstance(row, MeasuredRow))


def days(path: Path, choices: MetricChoices = MetricChoices()) -> list[DayRow]:  # noqa: B008
    return [row for row in open_metrics(path, choices).rows() if isinstance(row, DayRow)]


def test_every_export_there_is_expected_here(exports):
    found = {one.relative_to(exports).as_posix() for one in exports.rglob("*") if one.is_file()}
    assert found == {*FORMATS, *REFUSED, "SOURCES.md", "expected.json"}


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_recognised_and_adds_up(exports, expected, name):
    """Rows, ids, the first and the last day as written, and each sum that was counted."""
    found = survey(open_metrics(exports / name))
    said = expected.get(name, {})
    table = next(one for one in found["tables"] if one["format"] == found["format"])
    sums = {
        column: {"sum": found["columns"][column]["sum"] or 0, "non_empty": there["known"]}
        for column in said.get("sums", {})
        if (there := found["columns"].get(column))
    }
    wanted = {
        "rows": said.get("data_rows", table["rows"]),
        "posts": said.get("posts", found["posts"]),
        "ids": said.get("distinct_ids", found["distinct_ids"]),
        "first": said.get("first_date_text", table["first_date_text"]),
        "last": said.get("last_date_text", table["last_date_text"]),
        "missing": said.get("dates_missing", table["dates_missing"]),
        "sums": said.get("sums", {}),
    }
    assert found["format"] == FORMATS[name]
    assert wanted == {
        "rows": table["rows"],
        "posts": found["posts"],
        "ids": found["distinct_ids"],
        "first": table["first_date_text"],
        "last": table["last_date_text"],
        "missing": table["dates_missing"],
        "sums": sums,
    }


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_of_something_else_is_refused_by_name(exports, name):
    with pytest.raises(NotMetrics) as caught:
        open_metrics(exports / name)
    assert str(caught.value) == REFUSED[name]


@pytest.mark.parametrize("month", ["10", "11"])
def test_x_counts_its_engagements_as_the_sum_of_their_parts(exports, month):
    parts = (
        *("retweets", "replies", "likes", "user profile clicks", "url clicks", "hashtag clicks"),
        *("detail expands", "permalink clicks", "app opens", "app installs", "follows"),
        *("email tweet", "dial phone", "media engagements"),
    )
    for row in posts(exports / "x_legacy" / f"tweet_activity_ropensci_2018-{month}.csv"):
        figures = row.figures
        rate = float(row.raw["engagement rate"])
        assert figures.engagements == sum(float(row.raw[part]) for part in parts)
        assert figures.engagements / figures.impressions == pytest.approx(rate, abs=1e-12)
        assert figures.paid_impressions is None


def test_facebook_counts_its_interactions_and_clicks_as_the_sum_of_their_parts(exports):
    name = "fb_content_28d_2025_dup_views_col.csv"
    rows = list(posts(exports / "meta_facebook" / name))
    for row in rows:
        figures = row.figures
        interactions = (figures.likes, figures.comments, figures.shares)
        clicks = (figures.link_clicks or 0) + (figures.other_clicks or 0)
        assert sum(interactions) == int(row.raw["Reactions, Comments and Shares"])
        assert clicks == int(row.raw["Total clicks"])
    assert len(rows) == 48
    assert sum(row.figures.link_clicks is not None for row in rows) == 2


def test_page_insights_count_each_click_once(exports):
    path = exports / "facebook_insights_legacy" / "fb_insights_post_level_2017-07.xlsx"
    rows = list(posts(path))
    for row in rows:
        clicks = row.figures.link_clicks + row.figures.other_clicks
        assert clicks == int(row.raw["post_consumptions:lifetime"])
    assert rows[0].figures == Figures(
        impressions=319665,
        reach=221231,
        video_views=91868,
        likes=2506,
        comments=166,
        shares=576,
        link_clicks=240,
        other_clicks=14214,
        duration_s=109.075,
        paid_impressions=141389,
    )


def test_linkedin_rates_are_its_actions_per_impression(exports):
    rows = list(posts(exports / "linkedin" / "linkedin_page_content_2025.xlsx"))
    agreeing = 0
    for row in rows:
        figures = row.figures
        actions = (figures.other_clicks, figures.likes, figures.comments, figures.shares)
        rate = sum(one or 0 for one in actions) / figures.impressions
        agreeing += abs(rate - float(row.raw["Engagement rate"])) < 1e-6
    assert (agreeing, len(rows)) == (160, 160)


def test_a_post_of_instagram_as_the_file_has_it(exports):
    path = exports / "meta_instagram" / "ig_content_28d_2025.csv"
    first = next(posts(path, MetricChoices(zone=ZoneInfo("America/Los_Angeles"))))
    assert first == MeasuredRow(
        number=2,
        platform_id="18355151116178767",
        permalink="https://www.instagram.com/reel/DHWRIh_CLiR/",
        text=first.text,
        network="instagram",
        account="oigetit_sa",
        format="reel",
        posted_on=date(2025, 3, 18),
        posted_time=time(9, 48),
        posted_at=datetime(2025, 3, 18, 16, 48, tzinfo=UTC),
        window="lifetime",
        figures=Figures(
            impressions=52, reach=37, likes=3, comments=0, shares=0, saves=0, duration_s=30
        ),
        raw=first.raw,
    )
    assert first.text.startswith("Cape Town has become the latest city")
    assert "Follows" not in first.raw


def test_x_says_its_zone_and_the_newer_export_no_time_at_all(exports):
    old = next(posts(exports / "x_legacy" / "tweet_activity_ropensci_2018-11.csv"))
    new = next(posts(exports / "x_2024" / "x_content_2026-08_postlink.csv"))
    assert old.posted_at == datetime(2018, 11, 30, 16, tzinfo=UTC)
    assert (new.posted_on, new.posted_time, new.posted_at) == (date(2026, 8, 15), None, None)
    assert (new.account, new.network) == ("HestysInvest", "x")


def test_german_headers_mean_what_the_english_ones_do(exports):
    path = exports / "meta_facebook" / "fb_ig_content_german_semicolon.csv"
    found = open_metrics(path)
    first = next(posts(path))
    assert first.figures == Figures(
        impressions=3432,
        reach=51,
        video_views=2,
        likes=2,
        comments=4,
        shares=1,
        link_clicks=1,
        other_clicks=2,
        duration_s=0,
    )
    assert {row.network for row in posts(path)} == {
        *("facebook", "instagram", "youtube", "tiktok", "x")
    }
    assert (first.posted_on, first.posted_time) == (date(2023, 10, 27), time(1, 10))
    assert warned(found) == ["Rows about posts of this file: 82, different posts: 32."]


def test_the_charts_of_meta_say_by_their_title_what_they_count(exports):
    folder = exports / "meta_daily"
    first = {
        name: days(folder / f"ig_daily_{name}_utf16.csv")[0]
        for name in ("reach", "views", "visits", "follows", "interactions")
    }
    assert {row.day for row in first.values()} == {date(2026, 5, 25)}
    assert first["reach"].reach == 14551
    assert first["views"].impressions == 20701
    assert first["visits"].profile_visits == 165
    assert first["follows"].new_followers == 65
    assert first["interactions"].raw["Content interactions"] == "228"
    assert asked(open_metrics(folder / "ig_daily_reach_utf16.csv")) == [
        ("account", ""),
        ("network", ""),
    ]


def test_tiktok_names_no_year_so_it_is_asked_and_rolled_back(exports):
    folder = exports / "tiktok"
    unsaid = open_metrics(folder / "tiktok_overview_365d.csv")
    said = days(folder / "tiktok_overview_365d.csv", MetricChoices(year=2026))
    assert asked(unsaid) == [("year", "February 27"), ("account", "")]
    assert days(folder / "tiktok_overview_365d.csv") == []
    assert (said[0].day, said[-1].day, len(said)) == (date(2025, 2, 28), date(2026, 2, 27), 365)


def test_a_video_of_tiktok_is_of_the_year_before_the_day_of_its_export(exports):
    path = exports / "tiktok" / "tiktok_content.csv"
    dated = [row.posted_on for row in posts(path, MetricChoices(year=2026))]
    assert asked(open_metrics(path)) == [("year", "February 28")]
    assert (dated[0], min(dated), max(dated)) == (
        date(2025, 7, 16),
        date(2025, 4, 8),
        date(2026, 2, 1),
    )


def test_tiktok_has_no_followers_for_days_it_calls_undefined(exports):
    path = exports / "tiktok" / "tiktok_follower_history.csv"
    first, *_, last = days(path, MetricChoices(year=2026))
    assert (first.followers, first.follower_delta) == (None, 0)
    assert isinstance(last.followers, int)


def test_the_total_of_youtube_is_no_video(exports):
    found = survey(open_metrics(exports / "youtube" / "yt_table_data_pune_tech.csv"))
    assert found["skipped_rows"] == [
        {"row": 2, "sheet": "", "reason": "This row is the total of the file."}
    ]
    assert found["metrics"]["watch_seconds"] == {"sum": pytest.approx(14567297.4), "known": 218}
    assert found["metrics"]["follows"] == {"sum": 648, "known": 218}
    assert found["metrics"]["reach"] == {"sum": None, "known": 0}


def test_linkedin_spreads_a_profile_over_sheets_and_lists(exports):
    path = exports / "linkedin" / "linkedin_creator_content_export_2023-24.xlsx"
    first = next(posts(path))
    daily = days(path)
    assert first.platform_id == "urn:li:activity:" + first.permalink.rpartition(":")[2]
    assert first.figures == Figures(impressions=12463, engagements=146)
    assert first.posted_on == date(2024, 6, 7)
    assert [(row.day, row.followers) for row in daily if row.followers] == [(date(2024, 8, 5), 782)]
    assert sum(row.impressions is not None for row in daily) == 365
    assert warned(open_metrics(path)) == [
        "LinkedIn lists no more than the 50 top posts of a profile."
    ]


def test_publer_says_nothing_where_it_writes_a_dash(exports):
    rows = list(posts(exports / "publer" / "publer_post_insights_2025-06.csv"))
    assert rows[1].figures == Figures(likes=7, comments=0)
    assert (rows[1].network, rows[1].account, rows[1].format) == ("linkedin", "Person A", "text")


def test_a_column_of_a_real_export_counts_once_somebody_says_what(exports):
    path = exports / "meta_facebook" / "fb_ig_content_german_semicolon.csv"
    silent, said = open_metrics(path), MetricChoices(columns={"Interaktionen": "engagements"})
    cells = [int(row.raw["Interaktionen"]) for row in posts(path)]
    assert {row.figures.engagements for row in posts(path)} == {None}
    assert [row.figures.engagements for row in posts(path, said)] == cells
    assert survey(silent)["columns"]["Interaktionen"] == {"sum": sum(cells), "known": len(cells)}
