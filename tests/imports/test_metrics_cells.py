"""What single cells say: a value, no value, or nothing that can be trusted."""

from contextlib import suppress
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.figures import Figures
from postboard.imports.metric_cells import read_number, read_seconds
from postboard.imports.metric_links import Address, read_address
from postboard.imports.metrics import MeasuredRow, MetricChoices
from postboard.imports.plan_dates import DateOrder
from tests.imports.metric_files import (
    INSTAGRAM,
    asked,
    figures_of,
    instagram,
    opened,
    rows_of,
    warned,
    written,
)


def one(folder, choices=MetricChoices(), **cells) -> MeasuredRow:  # noqa: B008 - frozen
    given = {"post_id": "1", "publish_time": "03/28/2026 09:30"} | cells
    return rows_of(folder, written(INSTAGRAM, instagram(**given)), choices)[0]


@pytest.mark.parametrize("nothing", ["", "-", "–", "NAN", "NaN", "undefined", "N/A", "null", " "])
def test_what_stands_for_no_value_is_never_nought(tmp_path, nothing):
    assert one(tmp_path, views=nothing, likes="0").figures == Figures(likes=0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("376.0", 376),
        ("1,234", 1234),
        ("1,234,567.0", 1234567),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1.2E+5", 120000),
        ("007", 7),
        ("+4", 4),
        ("-3", -3),
        ("0.5", 0.5),
        (str(2**63 - 1), 2**63 - 1),
    ],
)
def test_numbers(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["2%", "< 1%", "12K", "1,23", "1.2.3", "inf", "nan", "1e999", "0x10", "٣", "1_000", str(2**63)],
)
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match=r".*"):
        read_number(text)


def test_where_points_group_thousands():
    assert read_number("1.234", points_group=True) == 1234
    assert read_number("1.234,5", points_group=True) == 1234.5
    assert read_number("34.0", points_group=True) == 34
    assert read_number("1.234") == 1.234


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_number_reads_the_same_however_it_is_grouped(number):
    assert {read_number(f"{number}"), read_number(f"{number:,}"), read_number(f"{number}.0")} == {
        number
    }


@given(st.text(max_size=40))
def test_no_cell_breaks_the_reading_of_numbers(text):
    with suppress(ValueError):
        assert isinstance(read_number(text), int | float)


def test_seconds():
    assert [read_seconds(one) for one in ("0:01:10", "1:10", "70", "1:00:00")] == [70, 70, 70, 3600]


def test_a_cell_that_is_no_count_is_not_known_and_told(tmp_path):
    rows = [
        instagram(post_id="1", publish_time="03/28/2026 09:30", views="12K", reach=-4, likes=1.5),
        instagram(post_id="2", publish_time="03/28/2026 09:31", views=5, follows=-2),
    ]
    metrics = opened(tmp_path, written(INSTAGRAM, *rows))
    assert figures_of(metrics) == [Figures(), Figures(impressions=5, follows=-2)]
    assert next(iter(metrics.rows())).raw["Views"] == "12K"
    assert warned(metrics) == [
        "Cells of “Views” that are no count: 1, such as “12K”. They are not known.",
        "Cells of “Reach” that are no count: 1, such as “-4”. They are not known.",
        "Cells of “Likes” that are no count: 1, such as “1.5”. They are not known.",
    ]


def test_a_sum_larger_than_any_count_is_not_known(tmp_path):
    most = str(2**63 - 1)
    names = ["Post id", "Date", "Post text", "Link", "Impressions", "Likes", "Engagements"]
    clicks = ["Profile visits", "Detail expands", "Hashtag clicks", "Permalink clicks"]
    said = [*["7", "Mon Feb 10 2025", "Buns", "https://x.com/acme/status/7"], *[most] * 3]
    rest = ["Bookmarks", "Share", "New follows", "Replies", "Reposts"]
    row = [*said, *["1"] * len(rest), *[most] * len(clicks)]
    [figures] = figures_of(opened(tmp_path, written([*names, *rest, *clicks], row)))
    assert (figures.impressions, figures.other_clicks) == (2**63 - 1, None)


def test_ids_are_text(tmp_path):
    assert one(tmp_path, post_id="00183551151161787670001").platform_id == "00183551151161787670001"
    assert one(tmp_path, post_id='="18355151116178767"').platform_id == "18355151116178767"


def test_an_id_that_a_spreadsheet_rounded_is_not_trusted(tmp_path):
    posts = [
        instagram(post_id="1.22158E+17", permalink=f"https://www.instagram.com/p/{code}/")
        for code in "AB"
    ]
    metrics = opened(tmp_path, written(INSTAGRAM, *posts))
    assert [(row.platform_id, row.permalink) for row in metrics.rows()] == [
        ("", "https://www.instagram.com/p/A/"),
        ("", "https://www.instagram.com/p/B/"),
    ]
    assert warned(metrics)[0] == (
        "Ids that a spreadsheet program has rounded: 2, such as 1.22158E+17. These posts are known "
        "by their links, words and days instead; better import the file as it was downloaded."
    )


def test_the_address_still_has_the_id_of_x_that_a_spreadsheet_rounded(tmp_path):
    header = ["Post id", "Date", "Post text", "Post Link", "Impressions", "Engagements"]
    link = "https://x.com/acme/status/2088707180694323466"
    row = rows_of(
        tmp_path, written(header, ["2.08871E+18", "Sat, Aug 15, 2026", "Nuts", link, 5, 1])
    )
    assert [one.platform_id for one in row] == ["2088707180694323466"]


def test_ids_that_all_end_in_noughts_were_rounded_too(tmp_path):
    ids = ["18355151116178700", "18355151116178800", "18355151116178900"]
    three = rows_of(tmp_path, written(INSTAGRAM, *(instagram(post_id=each) for each in ids)))
    two = rows_of(tmp_path, written(INSTAGRAM, *(instagram(post_id=each) for each in ids[:2])))
    assert [row.platform_id for row in three] == ["", "", ""]
    assert [row.platform_id for row in two] == ids[:2]


def test_links_that_all_posts_share_identify_none(tmp_path):
    header = ["Date", "Social account", "Social network", "Post link", "Post text", "Reach"]
    link = "https://www.linkedin.com/feed/update/urn:li:share:1"
    rows = [[f"2026-06-0{day} 10:00", "Acme", "Linkedin", link, f"Nuts {day}", 9] for day in "123"]
    metrics = opened(tmp_path, written(header, *rows))
    assert [(row.platform_id, row.permalink, row.text) for row in metrics.rows()] == [
        ("", "", "Nuts 1"),
        ("", "", "Nuts 2"),
        ("", "", "Nuts 3"),
    ]
    assert warned(metrics) == [
        (
            "Rows with a link: 3, different links: 1. The links do not tell the posts apart; "
            "their words and days do."
        )
    ]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://x.com/acme/status/18?s=20", Address("x", "acme", "18")),
        ("https://twitter.com/acme/status/18", Address("x", "acme", "18")),
        ("https://www.tiktok.com/@acme.co/video/75", Address("tiktok", "acme.co", "75")),
        ("https://www.instagram.com/reel/DHW-_1/", Address("instagram", "", "DHW-_1")),
        (
            "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7343",
            Address("linkedin", "", "urn:li:share:7343"),
        ),
        (
            "https://www.linkedin.com/posts/acme_nuts-activity-7204703000000000000-aBcD",
            Address("linkedin", "", "urn:li:activity:7204703000000000000"),
        ),
        ("https://www.facebook.com/acme/posts/1:0", Address("facebook", "acme", "1")),
        ("https://acme.example/1", Address()),
        ("http://[", Address()),
        ("Link", Address()),
    ],
)
def test_addresses(link, address):
    assert read_address(link) == address


def test_the_zone_is_asked_and_then_used(tmp_path):
    unsaid = opened(
        tmp_path, written(INSTAGRAM, instagram(post_id="1", publish_time="03/28/2026 09:30"))
    )
    said = one(tmp_path, MetricChoices(zone=ZoneInfo("Asia/Shanghai")))
    assert asked(unsaid) == [("zone", "03/28/2026 09:30"), ("account", "")]
    assert (said.posted_on, said.posted_time) == (date(2026, 3, 28), time(9, 30))
    assert said.posted_at == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)


def test_days_can_be_proven_to_be_written_the_other_way(tmp_path):
    posts = [
        instagram(post_id="1", publish_time="03/04/2026 09:30"),
        instagram(post_id="2", publish_time="28/03/2026 09:30"),
    ]
    text = written(INSTAGRAM, *posts)
    assert [row.posted_on for row in rows_of(tmp_path, text)] == [
        date(2026, 4, 3),
        date(2026, 3, 28),
    ]
    said = rows_of(tmp_path, text, MetricChoices(order=DateOrder.MONTH_FIRST))
    assert [row.posted_on for row in said] == [date(2026, 3, 4), date(2026, 3, 28)]


def test_days_that_can_be_read_two_ways_are_asked_about(tmp_path):
    header = ["Date", "Social account", "Social network", "Post link", "Post text", "Reach"]
    text = written(header, ["03/04/2026 10:00", "Acme", "X", "https://x.com/a/status/1", "Nuts", 9])
    metrics = opened(tmp_path, text)
    assert asked(metrics) == [("order", "03/04/2026"), ("zone", "03/04/2026 10:00")]
    assert next(iter(metrics.rows())).posted_on is None
    said = rows_of(tmp_path, text, MetricChoices(order=DateOrder.DAY_FIRST))
    assert said[0].posted_on == date(2026, 4, 3)


def test_a_day_that_nobody_can_read_leaves_the_post_without_one(tmp_path):
    metrics = opened(tmp_path, written(INSTAGRAM, instagram(post_id="1", publish_time="soon")))
    assert next(iter(metrics.rows())).posted_on is None
    assert warned(metrics) == ["Days that cannot be read: 1, such as “soon”."]


def test_an_example_is_no_longer_than_a_glance(tmp_path):
    post = instagram(post_id="1", publish_time="x" * 900, views="y" * 900)
    assert warned(opened(tmp_path, written(INSTAGRAM, post))) == [
        f"Cells of “Views” that are no count: 1, such as “{'y' * 80}…”. They are not known.",
        f"Days that cannot be read: 1, such as “{'x' * 80}…”.",
    ]


def test_a_row_without_id_link_or_words_is_nobodys(tmp_path):
    rows = rows_of(
        tmp_path, written(INSTAGRAM, instagram(views=4, publish_time="03/28/2026 09:30"))
    )
    assert [row.reason for row in rows] == [
        "This row has no id, link or words, so nothing says which post it is about."
    ]


def test_a_cell_beyond_all_measure_costs_its_row_only(tmp_path):
    posts = [
        instagram(post_id="1", description="x" * 20_001),
        instagram(post_id="2", description="Nuts"),
    ]
    long, short = rows_of(tmp_path, written(INSTAGRAM, *posts))
    assert long.reason == "The cell “Description” has 20001 characters; 20000 are possible."
    assert short.platform_id == "2"


def test_a_header_beyond_all_measure_is_cut_off(tmp_path):
    """Every row says it again: a file of 200 MB would fill a disk."""
    header = [*INSTAGRAM, "x" * 100_000, "x" * 100_000]
    [row] = rows_of(tmp_path, written(header, [*instagram(post_id="1"), "a", "b"]))
    assert {name: cell for name, cell in row.raw.items() if name.startswith("x")} == {
        f"{'x' * 200}#1": "a",
        f"{'x' * 200}#2": "b",
    }
    title = "y" * 100_000
    days = written([title], ["Date", "Primary"], ["2026-02-20T00:00:00", 5])
    [day] = rows_of(tmp_path, days)
    assert max(len(name) for name in day.raw) <= 200


def test_what_is_remembered_of_an_account_comes_back_whole():
    from postboard.imports.metrics import choices_from_json

    said = MetricChoices(
        zone=ZoneInfo("Europe/Madrid"),
        order=DateOrder.DAY_FIRST,
        account="acme",
        network="x",
        columns={"Link taps": "link_clicks"},
        replies=False,
    )
    assert choices_from_json(said.as_json()) == said
    assert choices_from_json(MetricChoices(year=2026).as_json()) == MetricChoices()
