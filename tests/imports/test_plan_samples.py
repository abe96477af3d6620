"""Real files of other people, where they are at hand."""

import json

import pytest

from postboard.imports.plan import NotAPlan, parse_plan
from tests.imports.reading import MADRID

PLANS = {
    "buffer_text_platform_date.csv": ("buffer", 27, 14, 0),
    "calendar_date_time_platform_format_language.csv": ("calendar", 5, 0, 5),
    "calendar_due_date_platform.csv": ("calendar", 36, 0, 36),
    "calendar_multi_platform_cell.xlsx": ("calendar", 22, 0, 20),
    "calendar_spanish_status.csv": ("calendar", 9, 0, 9),
    "calendar_weeks_merged.xlsx": ("calendar", 20, 8, 20),
    "hootsuite_bulk_noheader.csv": ("hootsuite", 1, 2, 1),
    "month_grid_merged.xlsx": ("grid", 28, 11, 28),
    "metricool_94cols_excerpt_en.csv": ("metricool", 3, 0, 3),
    "schedule_message_type_link_time.csv": ("calendar", 30, 0, 30),
    "templates/ayrshare.csv": ("ayrshare", 0, 0, 0),
    "templates/publer_12cols.csv": ("publer", 0, 0, 0),
    "templates/socialplanner_basic.csv": ("gohighlevel", 0, 0, 0),
    "templates/sprout_first3.csv": ("sprout", 0, 0, 0),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_read(samples, name):
    """Layout, posts, rows left out, posts with a date."""
    plan = parse_plan((samples / "plans" / name).read_bytes(), name, MADRID)
    dated = sum(one.planned_at is not None for one in plan.posts)
    assert (plan.layout, len(plan.posts), len(plan.skipped), dated) == PLANS[name]


def test_every_plan_there_is_expected_here(samples):
    folder = samples / "plans"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*PLANS, "SOURCES.md"}


def refusal(path) -> str:
    with pytest.raises(NotAPlan) as caught:
        parse_plan(path.read_bytes(), path.name, MADRID)
    return str(caught.value)


EXPORTS = {
    "facebook_insights_legacy": "a Facebook metrics export",
    "linkedin": "a LinkedIn metrics export",
    "meta_facebook": "a Facebook metrics export",
    "meta_instagram": "an Instagram metrics export",
    "publer": "a Publer metrics export",
    "public_sets": "a table of results",
    "tiktok": "a TikTok metrics export",
    "x_2024": "an X metrics export",
    "x_legacy": "an X metrics export",
    "youtube": "a YouTube metrics export",
    "meta_daily": "a Meta chart export with one number a day",
}


def test_metrics_exports_are_refused_by_name(samples):
    told = {
        path.relative_to(samples / "metrics").as_posix(): refusal(path)
        for path in sorted((samples / "metrics").glob("*/*"))
    }
    odd = {
        "meta_daily/ig_daily_audience_utf16.csv": "a table of views by place or audience",
        "youtube/yt_totals_daily.csv": "a table of results",
    }
    assert told
    for name, sentence in told.items():
        what = odd.get(name, EXPORTS[name.split("/")[0]])
        assert sentence.startswith(f"This looks like {what}"), (name, sentence)


def test_nothing_else_there_is_taken_for_a_plan(samples):
    for name in ("benchmarks.csv", "benchmarks_posting.csv", "plans/SOURCES.md"):
        assert "No content plan was found" in refusal(samples / name)
    json.loads((samples / "metrics" / "expected.json").read_bytes())
    assert "JSON" in refusal(samples / "metrics" / "expected.json")
