"""Exports of which no real file is at hand, and the ways files come to be written."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from postboard.domain.figures import Figures
from postboard.imports.metrics import DayRow, MeasuredRow, MetricChoices, open_metrics
from tests.imports.metric_files import (
    INSTAGRAM,
    asked,
    figures_of,
    instagram,
    old_workbook,
    opened,
    rows_of,
    spreadsheet_xml,
    warned,
    workbook,
    written,
)

POST = instagram(
    post_id="18355151116178767",
    account_username="acme",
    permalink="https://www.instagram.com/p/DHWRIh_CLiR/",
    description="Nuts, at last",
    publish_time="03/28/2026 09:30",
    post_type="IG carousel",
    date="Lifetime",
    views=120,
    reach=100,
    likes=9,
    comments=0,
)
MEASURED = Figures(impressions=120, reach=100, likes=9, comments=0)
LINKEDIN_HEADER = [
    *("Post title", "Post link", "Post type", "Created date", "Impressions", "Views", "Clicks"),
    *("Likes", "Comments", "Reposts", "Follows", "Engagement rate", "Content Type"),
]
LINKEDIN_LINK = "https://www.linkedin.com/feed/update/urn:li:activity:7299796000000000000"
LINKEDIN_ROW = [
    *("Nuts", LINKEDIN_LINK, "Organic", "02/24/2025", 540, "", 226, 51, 3, 3, "", 0.524, "Video"),
]
LINKEDIN = Figures(impressions=540, likes=51, comments=3, shares=3, other_clicks=226)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, line_end):
    text = written(INSTAGRAM, POST, line_end=line_end)
    metrics = opened(tmp_path, text.encode(encoding))
    assert figures_of(metrics) == [MEASURED]
    assert warned(metrics) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("separator_line", [True, False])
def test_delimiters(tmp_path, delimiter, separator_line):
    text = written(INSTAGRAM, POST, delimiter=delimiter)
    metrics = opened(tmp_path, f"sep={delimiter}\r\n{text}" if separator_line else text)
    assert figures_of(metrics) == [MEASURED]


def test_an_old_encoding_is_worth_a_warning(tmp_path):
    post = instagram(
        post_id="1",
        publish_time="03/28/2026 09:30",
        description="Nüsse, süß; à la crème, señor, naïve",
        views=3,
    )
    metrics = opened(tmp_path, written(INSTAGRAM, post).encode("cp1252"))
    assert [row.text for row in metrics.rows()] == ["Nüsse, süß; à la crème, señor, naïve"]
    assert warned(metrics) == [
        "The encoding is not stated; the file was read as cp1252. Check the accents."
    ]


def test_lines_that_were_each_saved_as_one_cell(tmp_path):
    lines = written(INSTAGRAM, POST).splitlines()
    metrics = opened(tmp_path, written(*([line] for line in lines)))
    assert figures_of(metrics) == [MEASURED]


def test_lines_above_the_header_are_no_rows(tmp_path):
    text = "# Start Date: 1 Jun 2026\n# End Date: 30 Jun 2026\n\n\n" + written(INSTAGRAM, POST)
    first = next(iter(opened(tmp_path, text).rows()))
    assert (first.number, first.platform_id) == (6, "18355151116178767")


def test_a_header_that_stands_again_is_no_post(tmp_path):
    rows = rows_of(tmp_path, written(INSTAGRAM, POST, INSTAGRAM))
    assert (rows[1].number, rows[1].reason) == (3, "The header again.")


def test_a_name_that_occurs_twice_is_kept_twice_and_read_once(tmp_path):
    header = [*INSTAGRAM, "Views"]
    metrics = opened(tmp_path, written(header, [*POST, 999]))
    row = next(iter(metrics.rows()))
    assert row.figures == MEASURED
    assert (row.raw["Views#1"], row.raw["Views#2"]) == ("120", "999")
    assert warned(metrics) == ["Columns named “Views”: 2. The first one counts, all are kept."]


def test_rows_of_uneven_length_are_filled_up_and_counted(tmp_path):
    metrics = opened(tmp_path, written(INSTAGRAM, POST, POST[:13], [*POST, "x"]))
    rows = list(metrics.rows())
    assert [row.figures for row in rows] == [
        MEASURED,
        Figures(impressions=120, reach=100),
        MEASURED,
    ]
    assert rows[2].raw["#19"] == "x"
    assert warned(metrics) == [
        "Rows with fewer cells than the header: 1. What they lack is not known.",
        "Rows with more cells than the header: 1.",
        "Rows about posts of this file: 3, different posts: 1.",
    ]


def test_a_header_nobody_knows_is_kept_and_can_be_given_a_meaning(tmp_path):
    text = written([*INSTAGRAM, "Link taps"], [*POST, 7])
    unsaid = opened(tmp_path, text)
    said = opened(tmp_path, text, MetricChoices(columns={"Link taps": "link_clicks"}))
    assert unsaid.unknown_columns == ("Link taps",)
    assert next(iter(unsaid.rows())).raw["Link taps"] == "7"
    assert figures_of(said) == [
        Figures(impressions=120, reach=100, likes=9, comments=0, link_clicks=7)
    ]
    assert said.columns["Link taps"] == ("link_clicks",)


def test_the_video_assets_of_facebook(tmp_path):
    header = ["Video asset ID", "Universal video ID", "Page ID", "Page name", "Title"]
    header += ["Publish time", "Permalink", "Views", "Seconds viewed", "Average Seconds viewed"]
    row = ["77", "78", "9", "Acme", "Nuts", "11/02/2026 08:00", "", 40, 90.5, 2]
    found = next(iter(opened(tmp_path, written(header, row)).rows()))
    assert (found.platform_id, found.format, found.network) == ("77", "video", "facebook")
    assert found.figures == Figures(impressions=40, watch_seconds=90.5)


def test_two_charts_of_meta_in_one_file(tmp_path):
    charts = (
        'sep=,\n"Reach"\n"Date","Primary"\n"2026-05-25T00:00:00","145"\n\n'
        '"Facebook visits"\n"Date","Primary"\n"2026-05-25T00:00:00","12"\n\n'
    )
    metrics = opened(tmp_path, charts.encode("utf-16"), MetricChoices(network="facebook"))
    day = date(2026, 5, 25)
    assert list(metrics.rows()) == [
        DayRow(
            3, day, "facebook", "", reach=145, raw={"Date": "2026-05-25T00:00:00", "Reach": "145"}
        ),
        DayRow(
            *(7, day, "facebook", ""),
            profile_visits=12,
            raw={"Date": "2026-05-25T00:00:00", "Facebook visits": "12"},
        ),
    ]


def test_a_chart_of_meta_without_its_title_is_known_by_the_name_of_the_file(tmp_path):
    path = tmp_path / "Reach (2).csv"
    path.write_text("Date;Primary\n2026-05-25T00:00:00;145\n", encoding="utf-8")
    (day,) = open_metrics(path).rows()
    assert (day.reach, day.raw["Reach"]) == (145, "145")


def test_the_videos_of_tiktok_for_business_name_the_minute(tmp_path):
    header = ["Video title", "Video link", "Post time", "Video views", "Likes", "Comments"]
    header += ["Shares", "Add to Favorites"]
    link = "https://www.tiktok.com/@acme/video/7527623000473079054"
    metrics = opened(
        tmp_path, written(header, ["Nuts", link, "2025-10-31 18:05", 500, 20, 1, 2, 3])
    )
    row = next(iter(metrics.rows()))
    assert metrics.format == "tiktok_business_posts"
    assert (row.posted_on, row.posted_time) == (date(2025, 10, 31), time(18, 5))
    assert (row.account, row.platform_id) == ("acme", "7527623000473079054")
    assert row.figures == Figures(
        impressions=500, video_views=500, likes=20, comments=1, shares=2, saves=3
    )
    assert asked(metrics) == [("zone", "2025-10-31 18:05")]


def test_the_days_of_tiktok_for_business_say_nan_where_they_know_nothing(tmp_path):
    header = ["Date", "Video views", "Reached audience", "Profile views", "Likes", "Comments"]
    header += ["Shares", "Net growth", "New followers", "Lost followers"]
    rows = rows_of(tmp_path, written(header, ["2025/10/31", 90, "NAN", 4, 1, 0, 0, -2, 1, 3]))
    day = rows[0]
    assert (day.impressions, day.reach, day.profile_visits) == (90, None, 4)
    assert (day.follower_delta, day.new_followers) == (-2, 1)


def test_a_difference_needs_both_of_its_parts(tmp_path):
    header = ["Date", "Impressions", "Engagements", "New follows", "Unfollows"]
    known, unknown = rows_of(
        tmp_path,
        written(header, ["Sat, Aug 15, 2026", 5, 1, 3, 4], ["Sun, Aug 16, 2026", 5, 1, 3, "-"]),
    )
    assert (known.new_followers, known.follower_delta) == (3, -1)
    assert (unknown.new_followers, unknown.follower_delta) == (3, None)


def test_a_day_in_spanish_under_english_headers(tmp_path):
    text = written(
        ["Date", "Video Views", "Profile Views"], ["31 de diciembre", 1, 0], ["1 de enero", 2, 0]
    )
    rows = rows_of(tmp_path, text, MetricChoices(year=2026))
    assert [row.day for row in rows] == [date(2025, 12, 31), date(2026, 1, 1)]


def test_days_that_run_backwards_roll_the_other_way(tmp_path):
    days = ["January 2", "January 1", "December 31", "December 30"]
    text = written(["Date", "Video Views", "Profile Views"], *([day, 1, 0] for day in days))
    rows = rows_of(tmp_path, text, MetricChoices(year=2025))
    assert [row.day for row in rows] == [
        date(2026, 1, 2),
        date(2026, 1, 1),
        date(2025, 12, 31),
        date(2025, 12, 30),
    ]


def test_years_roll_no_further_than_there_are_figures(tmp_path):
    days = ["December 31", "January 1"] * 60
    text = written(["Date", "Video Views", "Profile Views"], *([day, 1, 0] for day in days))
    *_, before, last = rows_of(tmp_path, text, MetricChoices(year=2100))
    assert (before.day, last.day) == (date(2099, 12, 31), date(2100, 1, 1))
    late = [["January 1", 1, 0]] * 2 + [["December 31", 1, 0], ["January 1", 1, 0]] * 120
    rows = rows_of(
        tmp_path, written(["Date", "Video Views", "Profile Views"], *late), MetricChoices(year=2026)
    )
    assert {row.day.year for row in rows if isinstance(row, DayRow)} <= {*range(1990, 2101)}


def test_a_leap_day_needs_a_leap_year(tmp_path):
    text = written(["Date", "Video Views", "Profile Views"], ["February 29", 1, 0])
    assert rows_of(tmp_path, text, MetricChoices(year=2024))[0].day == date(2024, 2, 29)
    assert rows_of(tmp_path, text, MetricChoices(year=2025))[0].reason == (
        "The day “February 29” cannot be read."
    )


def test_the_old_excel_file_of_linkedin_with_its_line_of_descriptions(tmp_path):
    content = old_workbook(
        "All posts", [["Your posts, and how they did"], LINKEDIN_HEADER, LINKEDIN_ROW]
    )
    row = next(iter(opened(tmp_path, content).rows()))
    assert (row.number, row.sheet, row.figures) == (3, "All posts", LINKEDIN)
    assert (row.posted_on, row.format) == (date(2025, 2, 24), "video")
    assert row.platform_id == "urn:li:activity:7299796000000000000"


def test_a_linkedin_workbook_holds_days_beside_posts(tmp_path):
    days = [
        ["Date", "Impressions (total)", "Unique impressions (organic)", "Clicks (total)"],
        ["02/24/2025", 80, 60, 5],
    ]
    metrics = opened(tmp_path, workbook(Metrics=days, All_posts=[LINKEDIN_HEADER, LINKEDIN_ROW]))
    day, post = metrics.rows()
    assert (metrics.format, metrics.kind.value, metrics.row_count) == (
        *("linkedin_page_posts", "posts", 2),
    )
    assert (day.day, day.impressions, day.reach, day.sheet) == (
        date(2025, 2, 24),
        80,
        60,
        "Metrics",
    )
    assert post.figures == LINKEDIN


def test_numbers_that_linkedin_writes_as_text(tmp_path):
    row = [str(cell) for cell in LINKEDIN_ROW]
    assert figures_of(opened(tmp_path, workbook(All_posts=[LINKEDIN_HEADER, row]))) == [LINKEDIN]


def test_page_insights_in_the_xml_that_is_called_xls(tmp_path):
    header = ["Post ID", "Permalink", "Post Message", "Type", "Posted", "Audience Targeting"]
    header += ["Lifetime Post Total Reach", "Lifetime Post Total Impressions"]
    described = ["", "", "", "", "", "", "Lifetime: people", "Lifetime: times"]
    row = ["9_1", "https://www.facebook.com/acme/posts/1", "Nuts & more", "Photo"]
    row += ["07/22/2017 05:30:00 AM", "", 40, 50]
    metrics = opened(tmp_path, spreadsheet_xml("Key Metrics", [header, described, row]))
    describes, post = metrics.rows()
    assert (describes.number, describes.reason) == (2, "This row describes the columns.")
    assert (post.number, post.text, post.account) == (3, "Nuts & more", "acme")
    assert (post.posted_on, post.posted_time) == (date(2017, 7, 22), time(5, 30))
    assert post.figures == Figures(impressions=50, reach=40)
    assert warned(metrics) == []


def test_a_window_that_is_one_day_is_said(tmp_path):
    post = instagram(post_id="1", publish_time="03/28/2026 09:30", date="03/29/2026", views=3)
    row = rows_of(tmp_path, written(INSTAGRAM, post))[0]
    assert isinstance(row, MeasuredRow)
    assert row.window == "2026-03-29"


def test_a_cell_of_a_workbook_that_is_a_moment(tmp_path):
    post = list(POST)
    post[INSTAGRAM.index("Publish time")] = datetime(2026, 3, 28, 9, 30)  # noqa: DTZ001 - a cell has no zone
    row = rows_of(
        tmp_path,
        workbook(Sheet=[INSTAGRAM, post]),
        MetricChoices(zone=ZoneInfo("Europe/Madrid")),
    )[0]
    assert row.posted_at.isoformat() == "2026-03-28T08:30:00+00:00"


def test_replies_can_be_left_out(tmp_path):
    header = ["Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements"]
    text = written(
        header,
        ["1", "Sat, Aug 15, 2026", "@ben Yes", "https://x.com/acme/status/1", 5, 1, 1],
        ["2", "Sat, Aug 15, 2026", "Nuts", "https://x.com/acme/status/2", 50, 4, 6],
    )
    rows = rows_of(tmp_path, text, MetricChoices(replies=False))
    assert [type(row).__name__ for row in rows] == ["SkippedRow", "MeasuredRow"]
    assert rows[0].reason == "This post answers somebody else, and replies are left out."
    assert len(figures_of(opened(tmp_path, text))) == 2
