"""Every layout people plan in, read whole."""

import pytest

from postboard.imports.plan import ParsedPlan
from tests.imports.reading import post, read_fixture, read_rows, reasons, warnings


def test_metricool_marks_networks_in_columns_and_one_row_is_one_post():
    plan = read_fixture("metricool.csv")

    assert plan.layout == "metricool"
    assert plan.posts == (
        post(
            2,
            "The first rye loaves of the year.\n\nOpen from six.",
            "2026-11-03 06:30",
            "facebook",
            "instagram",
            media_urls=("https://img.example/rye-1.jpg", "https://img.example/rye-2.jpg"),
            first_comment="Which one is yours?",
            placement="feed",
            post_type="POST",
            alt_texts=("", "Two loaves on a shelf"),
            file_status="Draft",
        ),
        post(
            3,
            "How we shape a loaf",
            "2026-11-04 17:00",
            "instagram",
            media_urls=("https://img.example/shape.mp4",),
            placement="reel",
            post_type="REEL",
        ),
        post(
            4,
            "Flour prices, explained",
            "2026-11-05 08:15",
            "x",
            "linkedin",
            "google_business",
            media_urls=("https://img.example/flour.pdf",),
            title="From field to flour",
        ),
    )
    assert (plan.skipped, plan.warnings) == ((), ())
    assert plan.ignored == ("Shortener", "Pinterest Board", "Brand name")
    assert plan.columns["Twitter/X"] == "network:x"


def test_publer_joins_comments_and_writes_ten_o_clock_with_a_dash():
    plan = read_fixture("publer.csv", default_networks=("instagram",))

    assert plan == ParsedPlan(
        filename="publer.csv",
        layout="publer",
        encoding="utf-8",
        delimiter=",",
        sheet=None,
        header_row=1,
        columns={
            "Date": "date",
            "Text": "caption",
            "Link(s)": "link",
            "Media URL(s)": "media",
            "Title": "title",
            "Label(s)": "labels",
            "Alt text(s)": "alt_texts",
            "Comment(s)": "first_comment",
            "Post subtype": "post_type",
        },
        ignored=("Board/Album", "CTA", "Reminder"),
        rows_read=2,
        posts=(
            post(
                2,
                "Bread without hurry",
                "2026-11-03 09:00",
                "instagram",
                link="https://bakery.example/slow",
                media_urls=("https://img.example/a.jpg", "https://img.example/b.jpg"),
                labels=("bread", "autumn"),
                alt_texts=("A loaf", "A knife"),
                first_comment="Ask us anything",
                further_comments=("We answer until noon",),
                placement="story",
                post_type="story",
            ),
            post(
                3,
                "A quiet table by the window",
                "2026-11-04 16:45",
                "instagram",
                title="Window seat",
            ),
        ),
        skipped=(),
        warnings=(),
    )


def test_sprout():
    plan = read_fixture("sprout.csv", default_networks=("x",))

    assert (plan.layout, plan.warnings) == ("sprout", ())
    assert plan.posts == (
        post(2, "Doors open", "2026-11-25 14:05", "x"),
        post(3, "First frost menu", "2026-12-03 07:00", "x"),
    )


def test_gohighlevel_leaves_the_date_of_a_draft_empty():
    plan = read_fixture("gohighlevel.csv", default_networks=("facebook",))

    assert (plan.layout, plan.warnings) == ("gohighlevel", ())
    assert plan.posts == (
        post(
            2,
            "New lamps are here",
            "2026-11-03 09:00",
            "facebook",
            link="https://lamps.example",
            media_urls=("https://img.example/l1.png", "https://img.example/l2.png"),
        ),
        post(3, "A lamp for reading", None, "facebook", media_urls=("https://img.example/l.gif",)),
    )


def test_socialbee_with_an_offset_in_its_time():
    plan = read_fixture("socialbee.csv", default_networks=("facebook",))

    assert plan.layout == "socialbee"
    assert plan.posts == (
        post(
            2,
            "Lamps, second part",
            "2026-11-03 09:00",
            "facebook",
            link="https://lamps.example/two",
            media_urls=("https://img.example/l.mp4",),
        ),
    )


def test_ayrshare_in_utc():
    plan = read_fixture("ayrshare.csv")

    assert plan.layout == "ayrshare"
    assert plan.posts == (
        post(
            2,
            "Tea at four",
            "2026-11-03 15:00",
            "x",
            "bluesky",
            media_urls=("https://img.example/tea.png",),
        ),
    )


def test_buffer_with_weeks_for_dates_gives_ideas_and_no_guesses():
    plan = read_fixture("buffer.csv")
    words = "You smell the harbour before you see it.\n\nFish soup from noon."

    assert plan.layout == "buffer"
    assert plan.posts == (post(2, words, None, "instagram"), post(3, words, None, "facebook"))
    assert reasons(plan) == [(4, "No words, title or media.")]
    assert warnings(plan) == [
        (
            "Dates not understood: 2, such as “Week 1 Mon” in row 2. "
            "A date needs day, month and year; these posts come in as ideas without one."
        )
    ]


def test_hootsuite_has_no_header_and_its_repetitions_are_left_out():
    plan = read_fixture("hootsuite.csv", default_networks=("x",))
    words, link = "Thank you, volunteers!", "https://club.example"

    assert (plan.layout, plan.header_row) == ("hootsuite", None)
    assert plan.columns == {"1": "date", "2": "caption", "3": "link"}
    assert plan.posts == (
        post(1, words, "2026-11-03 10:00", "x", link=link),
        post(3, words, "2026-11-03 16:00", "x", link=link, occurrence=2),
    )
    assert reasons(plan) == [(2, "The same as row 1.")]


def test_a_time_column_may_hold_the_whole_moment_and_a_link_column_no_link():
    plan = read_fixture("message_type_link_time.csv", default_networks=("linkedin",))

    assert plan.layout == "calendar"
    assert plan.posts == (
        post(
            2,
            "What a good question does",
            "2026-01-21 09:00",
            "linkedin",
            placement="feed",
            post_type="image",
        ),
        post(
            3,
            "What silence does",
            "2026-01-22 11:30",
            "linkedin",
            link="https://talk.example/silence",
            placement="feed",
            post_type="image",
        ),
    )
    assert warnings(plan) == ["Links that are no web address: 1, such as “[IMAGE_01]” in row 2."]


def test_a_plan_with_its_results_beside_it_is_still_a_plan():
    plan = read_fixture("due_date_and_results.csv")

    assert plan.posts == (
        post(
            2,
            "Snow on the roof",
            "2026-01-12 11:00",
            "x",
            title="Winter",
            placement="feed",
            post_type="post",
            reference="w-1",
        ),
        post(
            3,
            "Snow in the yard",
            "2026-01-13 08:00",
            "linkedin",
            timed=False,
            title="Winter",
            placement="feed",
            post_type="post",
            reference="w-2",
        ),
    )
    assert plan.ignored == ("engagement_score", "likes", "retweets", "impressions")
    assert warnings(plan) == [
        "Posts with a day and no time of day: 1, such as row 3. They get 09:00."
    ]


def test_files_formats_and_languages_of_a_calendar():
    plan = read_fixture("date_time_platform_format.csv")

    assert plan.posts == (
        post(
            2,
            "One till for every shop",
            "2026-10-12 17:30",
            "facebook",
            link="https://till.example",
            media_urls=("images/till-1.png", "images/till-2.png"),
            hashtags=("#Shop", "#Till"),
            placement="feed",
            post_type="Single image",
            language="en",
        ),
        post(
            3,
            "صندوق واحد لكل متجر",
            "2026-10-16 16:00",
            "instagram",
            link="https://till.example",
            media_urls=("images/till-story.png",),
            placement="story",
            post_type="Story 9:16",
            language="ar",
        ),
    )


def test_a_spanish_calendar_of_an_old_spreadsheet_program():
    plan = read_fixture("spanish_cp1252.csv")

    assert (plan.encoding, plan.delimiter) == ("cp1252", ";")
    assert plan.posts == (
        post(
            2,
            "¿Y si mañana leyéramos juntos?",
            "2026-07-09 22:00",
            "instagram",
            media_urls=("https://img.example/colegio.jpg",),
            hashtags=("#educación", "#lectura"),
            placement="feed",
            post_type="post",
            file_status="publicado:77",
        ),
        post(
            3,
            "",
            "2026-07-28 17:30",
            "instagram",
            "facebook",
            media_urls=("https://img.example/1.png", "https://img.example/2.png"),
            placement="story",
            post_type="historia",
            file_status="pendiente",
        ),
    )
    assert warnings(plan) == [
        "The encoding is not stated; the file was read as cp1252. Check the accents."
    ]


def test_a_german_calendar_with_a_separator_line():
    plan = read_fixture("german_semicolon.csv")

    assert (plan.delimiter, plan.header_row, plan.warnings) == (";", 1, ())
    assert plan.posts == (
        post(
            2,
            "Grüße aus der Werkstatt",
            "2026-11-03 17:30",
            "linkedin",
            "instagram",
            file_status="freigegeben",
        ),
        post(3, "Öl, Holz und Zeit", "2026-11-04 08:00", "facebook", file_status="offen"),
    )


def test_a_french_calendar_in_utf16_with_tabs():
    plan = read_fixture("french_utf16.csv")

    assert (plan.encoding, plan.delimiter) == ("utf-16", "\t")
    assert plan.posts == (
        post(
            2,
            "Déjà l'hiver à l'atelier",
            "2026-11-03 13:30",
            "instagram",
            link="https://atelier.example",
        ),
    )


def test_a_chinese_calendar_in_gb18030():
    plan = read_fixture("chinese_gb18030.csv")

    assert (plan.encoding, plan.warnings) == ("gb18030", ())
    assert plan.posts == (
        post(
            2,
            "早上六点，第一炉黑麦面包出炉。",
            "2026-11-03 14:30",
            "xiaohongshu",
            "weibo",
            title="秋天的面包",
            link="https://bakery.example",
            hashtags=("#面包", "#秋天"),
            file_status="待审核",
        ),
        post(
            3,
            "不着急的面包，值得等。",
            "2026-11-04 19:00",
            "wechat",
            title="慢一点",
            file_status="草稿",
        ),
    )


def test_weeks_of_a_spreadsheet_are_bands_between_the_posts():
    plan = read_fixture("weeks.xlsx")

    assert (plan.encoding, plan.delimiter, plan.sheet, plan.header_row) == (
        "xlsx",
        None,
        "November",
        4,
    )
    assert plan.posts == (
        post(
            5,
            "We are hiring a baker",
            "2026-11-03 08:00",
            "linkedin",
            timed=False,
            hashtags=("#jobs", "#bread"),
            placement="feed",
            post_type="Post",
            file_status="Planned",
        ),
        post(
            6,
            "The oven at night",
            "2026-11-04 17:30",
            "instagram",
            hashtags=("#oven",),
            placement="story",
            post_type="Story",
            file_status="Planned",
        ),
        post(
            10,
            "Five ways with old bread",
            "2026-11-10 08:00",
            "facebook",
            timed=False,
            placement="reel",
            post_type="Reel",
            file_status="Planned",
        ),
    )
    assert reasons(plan) == [
        (1, "A heading, not a post: “CONTENT CALENDAR”."),
        (3, "A heading, not a post: “Week 1: 2 to 6 November”."),
        (8, "A heading, not a post: “Week 2: 9 to 13 November”."),
        (9, "The header again."),
    ]
    assert plan.rows_read == 7


def test_several_networks_in_one_cell_are_one_post():
    plan = read_fixture("platforms_in_one_cell.xlsx")

    assert [(one.row, one.title, one.networks) for one in plan.posts] == [
        (2, "How it began", ("instagram", "facebook", "tiktok")),
        (3, "Meet the team", ("tiktok",)),
        (4, "Moodboard", ()),
        (5, "A date that lost its format", ("instagram", "x")),
        (6, "A noon", ()),
    ]
    assert [(one.planned_on, one.timed) for one in plan.posts[3:]] == [
        (post(0, "", "2026-11-11 08:00").planned_on, False),
        (post(0, "", "2026-11-11 08:00").planned_on, True),
    ]
    assert warnings(plan) == [
        "The column “Ref” repeats its values, so it does not identify posts.",
        "Only the sheet “Plan” was read; these were not: Ideas.",
        "Posts with a day and no time of day: 3, such as row 2. They get 09:00.",
        (
            "Dates not understood: 1, such as “7 Novermber” in row 3. "
            "A date needs day, month and year; these posts come in as ideas without one."
        ),
        "Posts that name no network: 1, such as row 4.",
        "Networks not known here: 1, such as “Blog” in row 6.",
    ]


@pytest.mark.parametrize(
    ("written", "networks"),
    [
        ("Instagram, Facebook, TikTok", ("instagram", "facebook", "tiktok")),
        ("Twitter/X", ("x",)),
        ("X (Twitter) & Threads", ("x", "threads")),
        ("IG + FB", ("instagram", "facebook")),
        ("Instagram Reels / YouTube Shorts", ("instagram", "youtube")),
        ("LinkedIn Page; Google Business Profile", ("linkedin", "google_business")),
        ("微信公众号、小红书和微博", ("wechat", "xiaohongshu", "weibo")),
        ("Instagram Facebook", ("instagram", "facebook")),
        ("All platforms", ("pinterest",)),
        ("-", ("pinterest",)),
        ("Newsletter", ()),
    ],
)
def test_networks_as_people_write_them(written, networks):
    plan = read_rows(["Platform", "Caption"], [written, "Words"], default_networks=("pinterest",))
    assert plan.posts == (post(2, "Words", None, *networks),)


def test_a_column_of_words_named_like_a_network_is_not_read():
    plan = read_rows(["Date", "Caption", "Facebook", "LinkedIn"], ["", "Hello", "Hi, friends", "✓"])

    assert plan.posts == (post(2, "Hello", None, "linkedin"),)
    assert plan.ignored == ("Facebook",)
    assert "The column “Facebook” holds more than yes or no and was not read." in warnings(plan)


def test_ragged_rows_are_filled_up_and_the_second_of_two_equal_headers_is_numbered():
    plan = read_fixture("ragged_and_repeated_headers.csv")

    assert [(one.row, one.caption, one.networks) for one in plan.posts] == [
        (2, "Short row", ()),
        (3, "Long row", ("mastodon",)),
        (4, "Whole row", ("mastodon",)),
    ]
    assert plan.ignored == ("Views", "Views (2)")
    assert "Rows with fewer cells than the header: 1, such as row 2." in warnings(plan)
    assert "Rows with more cells than the header: 1, such as row 3." in warnings(plan)


def test_a_template_without_rows_is_recognised_and_empty():
    plan = read_rows(["post", "platforms", "mediaUrls", "scheduleDate"])

    assert (plan.layout, plan.posts, plan.rows_read) == ("ayrshare", (), 0)
    assert warnings(plan) == ["The columns of a plan are there, but no posts under them."]
