"""A world so small that every figure of every chart is worked out by hand beside it.

`rate(day, k)` is a post that 1,000 people saw 1,000 times with 1,000 followers and k likes: k/10
percent by any denominator. NOW is Monday 30 March 2026; figures were taken on the 29th, so that
posts up to the 22nd at nine are settled.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from postboard.charts import table
from postboard.charts.against_benchmark import against_benchmark
from postboard.charts.audience import audience
from postboard.charts.best_posts import Ranking, best_posts
from postboard.charts.by_group import Grouping, by_group
from postboard.charts.by_hour import by_hour
from postboard.charts.plan_kept import Slot, plan_kept
from postboard.charts.spec import Chart, Kind, Mark, Series, Tone
from postboard.charts.weekly import weekly
from postboard.domain.benchmarks import OWN, Choice
from postboard.domain.engagement import Basis, Denominator, Engagement
from postboard.domain.periods import Period
from postboard.locale.catalogue import text
from tests.charts.rows import BERLIN, NOW, day_of_account, named, post, rate

BY_FOLLOWERS = Basis(Engagement.PUBLIC, Denominator.FOLLOWERS)
BY_IMPRESSIONS = Basis(Engagement.PUBLIC, Denominator.IMPRESSIONS)
BY_REACH = Basis(Engagement.PUBLIC, Denominator.REACH)
RIVAL_IQ = Choice("Rival IQ", BY_FOLLOWERS)
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
"""Monday to Sunday."""
ENGLISH = text("en")


def numbers(chart: Chart) -> list[list[str]]:
    return table.rows(chart, ENGLISH)[1:]


def words(chart: Chart) -> list[str]:
    return [*map(str, chart.facts), *map(str, chart.notes)]


def series(chart: Chart, kind: Kind, name: str, panel: int = 0) -> Series:
    return next(
        one for one in chart.panels[panel].series if one.kind is kind and str(one.name) == name
    )


def values(chart: Chart, kind: Kind, name: str, panel: int = 0) -> dict[object, object]:
    return {mark.at: mark.value for mark in series(chart, kind, name, panel).marks}


def test_are_we_above_the_benchmark():
    posts = [
        # Instagram this week: 0.2, 0.4, 0.6, 0.8, 1.6 %. In order, the third of five is 0.6 %.
        # Pooled: (2 + 4 + 6 + 8 + 16) / (5 × 1,000) = 36 / 5,000 = 0.72 %.
        *(rate(date(2026, 3, 2 + n), likes) for n, likes in enumerate((8, 2, 16, 4, 6))),
        # The week before: 0.1, 0.2, 0.3, 0.4 and, of 500 followers, 5 / 500 = 1 %. Median 0.3 %.
        *(rate(date(2026, 2, 23 + n), 1 + n) for n in range(4)),
        rate(date(2026, 2, 28), 5, followers=500),
        # Facebook: 2 posts are too few for a median. 0.1 and 0.3 %.
        rate(date(2026, 3, 3), 1, network="facebook"),
        rate(date(2026, 3, 4), 3, network="facebook"),
        # LinkedIn has no figure of Rival IQ's; nobody told this post's followers.
        rate(date(2026, 3, 5), 9, network="linkedin", followers=None),
        rate(date(2026, 3, 5), 9, network="linkedin"),
        # Likes unknown: no engagement, not 0.
        post(date(2026, 3, 6), "x", impressions=10),
    ]

    chart = against_benchmark(posts, WEEK, RIVAL_IQ, NOW)

    assert numbers(chart) == [
        ["Facebook", "2", "–", "–", "–", "–", "0.063%", "0", "–"],
        ["Instagram", "5", "0.60%", "–", "–", "0.72%", "0.47%", "5", "0.30%"],
        ["LinkedIn", "1", "–", "–", "–", "–", "–", "0", "–"],
    ]
    assert words(chart) == [
        "n = 8",
        "2026-03-02 – 2026-03-08",
        "oldest figures from 2026-03-29, 1 d ago",
        "likes, comments, shares and saves per followers",
        "grey: 2026-02-23 – 2026-03-01",
        "Facebook, LinkedIn: under 5 posts, each is shown, with no median and no trend.",
        "Instagram: a small sample, under 20 posts; one can move the median far.",
        "Rival IQ has no figure for LinkedIn.",
        "X: posts without likes, comments, shares and saves, left out: 1",
        "LinkedIn: posts without followers, left out: 1",
    ]
    per = "likes, comments, shares and saves per followers"
    assert [str(one.sentence) for one in chart.benchmarks] == [
        f"Facebook: 0.063%, median, Rival IQ (2023): {per}",
        f"Instagram: 0.47%, median, Rival IQ (2022): {per}",
    ]
    assert values(chart, Kind.DOTS, "median") == {"instagram": pytest.approx(0.6)}
    assert values(chart, Kind.DOTS, "median before") == {"instagram": pytest.approx(0.3)}
    assert values(chart, Kind.TICKS, "benchmark") == {"facebook": 0.063, "instagram": 0.47}
    assert len(series(chart, Kind.DOTS, "a post").marks) == 8


def test_quartiles_are_drawn_of_twenty_posts():
    # 0.1, 0.2 … 2.1 %: 21 posts. The smallest and largest counted in, a quarter of the way from
    # the 1st to the 21st is the 6th, half is the 11th, three quarters the 16th.
    posts = [rate(date(2026, 3, 2 + n % 7), n + 1) for n in range(21)]

    chart = against_benchmark(posts, WEEK, RIVAL_IQ, NOW)

    assert numbers(chart) == [
        # Pooled: (1 + 2 + … + 21) / 21,000 = 231 / 21,000 = 1.1 %.
        ["Instagram", "21", "1.10%", "0.60%", "1.60%", "1.10%", "0.47%", "0", "–"]
    ]
    assert [str(note) for note in chart.notes] == []
    assert [s.kind for s in chart.panels[0].series] == [Kind.SPANS, Kind.TICKS, Kind.DOTS]


def test_where_there_is_no_such_benchmark_ours_is_offered():
    posts = [
        # Six days each of January and of this week: 0.5 … 1.0 % and 1.1 … 1.6 %.
        *(rate(date(2026, 1, 5 + n), 5 + n) for n in range(6)),
        *(rate(date(2026, 3, 2 + n), 11 + n) for n in range(6)),
        # 90 days that end on 8 March begin on 9 December; the day before does not count.
        rate(date(2025, 12, 8), 500),
    ]

    chart = against_benchmark(posts, WEEK, Choice("Rival IQ", BY_IMPRESSIONS), NOW)
    ours = against_benchmark(posts, WEEK, Choice(OWN, BY_IMPRESSIONS), NOW)

    # The middle two of twelve are 1.0 and 1.1 %.
    assert [str(note) for note in chart.notes[1:]] == [
        "Rival IQ divides by followers for Instagram, we by impressions: not compared.",
        "Instagram: the median of our own last 90 days is 1.05% (n = 12).",
    ]
    per = "likes, comments, shares and saves per impressions"
    assert [str(one.sentence) for one in ours.benchmarks] == [
        f"Instagram: 1.05%, median of our last 90 days, n = 12: {per}"
    ]


def test_is_it_getting_better_over_a_year_of_53_weeks():
    # 2026 has 53 ISO weeks: week 53 runs from 28 December to 3 January, and week 1 of 2027 begins
    # on 4 January. Twelve weeks that end with it begin on 19 October, week 43.
    posts = [
        # Week 53, on both sides of the year's end: (10 + 10) / (1,000 + 3,000) = 0.5 %, where the
        # mean of 1 % and 0.333 % would be 0.667 %.
        rate(date(2026, 12, 31), 10),
        rate(date(2027, 1, 1), 10, impressions=3_000),
        # Week 52: 2 %. Week 51 has no post. Week 50: 4 %.
        rate(date(2026, 12, 21), 20),
        rate(date(2026, 12, 7), 40),
        # Week 1: Monday 4 January at half past midnight in Shanghai is Sunday in Berlin.
        rate(date(2027, 1, 4), 50, at=time(0, 30), zone=ZoneInfo("Asia/Shanghai")),
        # Twelve weeks before week 53 is week 41: 5 October.
        rate(date(2026, 10, 5), 5),
    ]
    now = datetime(2027, 1, 20, 9, tzinfo=UTC)

    posts = [named(one, captured_at=now) for one in posts]
    chart = weekly(posts, date(2027, 1, 10), Choice("Buffer", BY_IMPRESSIONS), now, BERLIN)

    nothing = ["0", "–", "–", "–"]
    assert numbers(chart) == [
        *(
            [f"W{number}", f"{day:%a, %b} {day.day}, {day.year}", *nothing]
            for number, day in ((43 + n, date(2026, 10, 19) + timedelta(weeks=n)) for n in range(7))
        ),
        ["W50", "Mon, Dec 7, 2026", "1", "4.00%", "–", "–"],
        ["W51", "Mon, Dec 14, 2026", "0", "–", "–", "–"],
        ["W52", "Mon, Dec 21, 2026", "1", "2.00%", "–", "–"],
        # Over 4 weeks, three of them with posts: (40 + 20 + 10 + 10) / 6,000 = 1.333 %.
        ["W53", "Mon, Dec 28, 2026", "2", "0.50%", "1.33%", "0.50%"],
        # (20 + 10 + 10 + 50) / 6,000 = 1.5 %.
        ["W1", "Mon, Jan 4, 2027", "1", "5.00%", "1.50%", "–"],
    ]
    line = series(chart, Kind.LINE, "per week")
    assert [mark.value for mark in line.marks][-5:] == [4.0, None, 2.0, 0.5, 5.0]
    assert not any(mark.hatched for mark in line.marks)


def test_the_last_week_is_hatched_while_it_is_young():
    posts = [rate(date(2026, 3, 2) + timedelta(days=n), 10) for n in range(28)]

    chart = weekly(posts, date(2026, 3, 29), Choice("Rival IQ", BY_REACH), NOW, BERLIN)

    line = series(chart, Kind.LINE, "per week")
    # Figures of 29 March: the week from the 16th ends on the 22nd, whose post at noon was not
    # seven days old at 11 o'clock.
    assert [(m.at, m.hatched) for m in line.marks[-3:]] == [
        ("2026-03-09", False),
        ("2026-03-16", True),
        ("2026-03-23", True),
    ]
    # 22 to 29 March at noon: eight posts.
    assert "Still collecting, figures taken less than 7 days after publishing: 8" in words(chart)
    assert "median of each week’s posts, since reach is never summed" in words(chart)


def test_did_we_publish_the_plan():
    monday, tuesday, next_monday = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)
    slots = [
        Slot("a", "instagram", monday, monday),
        Slot("b", "instagram", tuesday, next_monday),  # late, yet of its own week's plan
        Slot("c", "instagram", tuesday, None),
        Slot("d", "instagram", None, next_monday),  # nobody planned it
        Slot("e", "tiktok", next_monday, next_monday),
        Slot("f", "tiktok", date(2026, 2, 16), date(2026, 2, 17)),  # the period before
        Slot("g", "tiktok", None, None),
    ]

    chart = plan_kept(slots, Period(monday, date(2026, 3, 15)), NOW.date(), "Rival IQ")

    assert numbers(chart) == [
        ["W10", "Mon, Mar 2, 2026", "Instagram", "3", "2"],
        ["W10", "Mon, Mar 2, 2026", "TikTok", "0", "0"],
        ["W11", "Mon, Mar 9, 2026", "Instagram", "0", "1"],
        ["W11", "Mon, Mar 9, 2026", "TikTok", "1", "1"],
    ]
    assert words(chart) == [
        "planned 4, published 4",
        "2026-03-02 – 2026-03-15",
        "counted by planned date",
        "before (2026-02-16 – 2026-03-01): planned 1, published 1",
        "Published without a plan, counted on their own day: 1",
    ]
    assert [m.posts for m in series(chart, Kind.BARS, "published").marks] == [("a", "b"), ("d",)]
    assert values(chart, Kind.RULES, "benchmark", panel=1) == {None: 1.9}
    assert [str(one.sentence) for one in chart.benchmarks] == [
        "TikTok: 1.9 posts a week, Rival IQ (year not stated), mean or median not stated"
    ]


def test_over_several_networks_the_plan_is_a_row_for_each():
    monday = date(2026, 3, 2)
    slots = [
        Slot("a", "instagram", monday, monday),
        Slot("b", "instagram", monday, None),
        Slot("c", "tiktok", None, monday),
        Slot("d", "x", monday, monday),
        Slot("e", "x", None, monday),
    ]

    chart = plan_kept(slots, WEEK, NOW.date())

    assert [(str(one.title), str(one.aside)) for one in chart.panels] == [
        ("Instagram", "1 of 2"),
        ("X", "1 of 1"),
        ("TikTok", ""),
    ]
    assert words(chart)[-2:] == [
        "At the end of a row: how many of the planned posts were published.",
        "Published without a plan, counted on their own day: 2",
    ]
    unplanned = plan_kept([slot for slot in slots if not slot.planned_on], WEEK, NOW.date())
    assert [str(one.aside) for one in unplanned.panels] == ["1", "1"]


def test_which_posts_made_the_week():
    posts = [
        # Likes 10, 20 … 110, 11 posts, of which the seventh is on TikTok.
        rate(date(2026, 3, 2), 10 * n, network="tiktok" if n == 7 else "instagram", name=f"p{n}")
        for n in range(1, 12)
    ]

    chart = best_posts(posts, WEEK, BY_IMPRESSIONS, Ranking.RAW, NOW)

    # Instagram's ten are 10 … 60 and 80 … 110: their median is (50 + 60) / 2 = 55.
    # TikTok's one has none.
    assert [(m.at, m.value, m.label) for m in series(chart, Kind.BARS, "top 5").marks] == [
        ("p11", 110, "110 · 2.0×"),
        ("p10", 100, "100 · 1.8×"),
        ("p9", 90, "90 · 1.6×"),
        ("p8", 80, "80 · 1.5×"),
        ("p7", 70, "70"),
    ]
    assert [(m.at, m.label) for m in series(chart, Kind.BARS, "bottom 5").marks] == [
        ("p5", "50 · 0.9×"),
        ("p4", "40 · 0.7×"),
        ("p3", "30 · 0.5×"),
        ("p2", "20 · 0.4×"),
        ("p1", "10 · 0.2×"),
    ]
    assert [row[3] for row in numbers(chart)] == [str(10 * n) for n in range(11, 0, -1)]


def test_posts_are_ranked_per_follower_too():
    posts = [
        rate(date(2026, 3, 2), 30, followers=10_000, name="large"),  # 3 per 1,000
        rate(date(2026, 3, 3), 10, followers=500, name="small"),  # 20 per 1,000
        rate(date(2026, 3, 4), 10, followers=None, name="unknown"),
    ]

    chart = best_posts(posts, WEEK, BY_IMPRESSIONS, Ranking.PER_THOUSAND, NOW)

    assert values(chart, Kind.BARS, "all posts") == {"small": 20.0, "large": 3.0}
    assert [str(note) for note in chart.notes] == ["Posts whose figure is not known, left out: 1"]


def test_which_format_works():
    posts = [
        # Images 0.1 … 0.5 %: median 0.3 %. Reels 1, 2, 3, 4, 5 %: 3 %. One video of 9 %.
        *(rate(date(2026, 3, 2), n, kind="image") for n in range(1, 6)),
        *(rate(date(2026, 3, 3), 10 * n, kind="reel") for n in range(1, 6)),
        rate(date(2026, 3, 4), 90, kind="video"),
        # The week before: images at 0.7 %.
        *(rate(date(2026, 2, 24), 7, kind="image") for _ in range(5)),
    ]

    chart = by_group(posts, WEEK, BY_IMPRESSIONS, Grouping.FORMAT, NOW)

    assert numbers(chart) == [
        ["Reel", "5", "3.00%", "0", "–"],
        ["Image", "5", "0.30%", "5", "0.70%"],
        ["Video", "1", "–", "0", "–"],
    ]
    dots = [one for one in chart.panels[0].series if str(one.name) == "a post"]
    assert [(one.tone, {mark.at for mark in one.marks}) for one in dots] == [
        (Tone.INK, {"image", "reel"}),
        (Tone.SMALL, {"video"}),
    ]
    assert "Grey: under 5 posts, not ranked." in words(chart)


def test_when_does_it_work():
    # Mondays at 9:30, three posts: 1, 2, 6 %, median 2 %. Tuesdays at 12:00, 36 posts at 1 %.
    # One on Sunday at 23:59, which stays blank.
    monday, tuesday, sunday = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 8)
    posts = [
        *(rate(monday, n, at=time(9, 30)) for n in (10, 20, 60)),
        *(rate(tuesday, 10, at=time(12)) for _ in range(36)),
        rate(sunday, 90, at=time(23, 59)),
        rate(monday, 90, network="x", at=None),
        rate(monday, 90, network="linkedin", at=None),
    ]

    chart = by_hour(posts, WEEK, BY_IMPRESSIONS, NOW)

    marks = series(chart, Kind.SQUARES, "median").marks
    assert [(m.at, m.value, m.size, len(m.posts)) for m in marks] == [
        ("9", "0", pytest.approx(2.0), 3),
        ("12", "1", pytest.approx(1.0), 36),
        ("21", "6", None, 1),
    ]
    assert numbers(chart) == [
        ["Mon", "09–12", "3", "2.00%"],
        ["Tue", "12–15", "36", "1.00%"],
        ["Sun", "21–24", "1", "–"],
    ]
    assert [str(note) for note in chart.notes] == [
        "Blank: under 3 posts.",
        "Without a time of day, left out: 2 (X, LinkedIn)",
    ]


def test_under_forty_posts_the_best_slots_are_listed():
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    posts = [
        *(rate(monday, n, at=time(9, 30)) for n in (10, 20, 60)),
        *(rate(tuesday, 50, at=time(17)) for _ in range(3)),
        *(rate(tuesday, 99, at=time(20)) for _ in range(2)),
    ]

    chart = by_hour(posts, WEEK, BY_IMPRESSIONS, NOW)

    # 5 % before 2 %; two posts at 9.9 % are too few to be a slot.
    assert values(chart, Kind.BARS, "median") == {
        "1-15": pytest.approx(5.0),
        "0-9": pytest.approx(2.0),
    }


def test_how_many_people_did_we_reach_and_how_did_followers_move():
    days = [
        day_of_account(date(2026, 3, 1), followers=1_000),
        # Only the count is told: 1,010 − 1,000 = 10.
        day_of_account(date(2026, 3, 2), followers=1_010, reach=300),
        day_of_account(date(2026, 3, 3), followers=1_005, reach=500),  # −5
        # The 4th is missing, so the 5th has no change but what it says itself.
        day_of_account(date(2026, 3, 5), followers=1_030, reach=0),
        day_of_account(date(2026, 3, 6), followers=1_031, follower_delta=4),
    ]

    chart = audience(days, WEEK)

    assert numbers(chart) == [
        ["Mon, Mar 2, 2026", "Instagram", "300", "1,010", "10"],
        ["Tue, Mar 3, 2026", "Instagram", "500", "1,005", "-5"],
        ["Thu, Mar 5, 2026", "Instagram", "0", "1,030", "–"],
        ["Fri, Mar 6, 2026", "Instagram", "–", "1,031", "4"],
    ]
    reach, won = chart.panels
    assert [m.value for m in reach.series[0].marks] == [300, 500, None, 0, None, None, None]
    assert [m.value for m in won.series[0].marks] == [10, -5, None, None, 4, None, None]


def test_growth_is_told_where_every_day_is_known():
    # 2 March begins with 1,000 followers; + 10 + 5 − 5 … 7 days of + 5 are 35: 3.5 %.
    days = [
        day_of_account(date(2026, 3, 2 + n), followers=1_005 + 5 * n, follower_delta=5)
        for n in range(7)
    ]

    chart = audience(days, WEEK)

    assert [str(note) for note in chart.notes] == [
        "Instagram: no daily reach is known.",
        "Instagram: followers +3.50% over the period",
    ]


def test_of_a_long_time_reach_has_the_middle_day_of_each_week():
    period = Period(date(2026, 1, 5), date(2026, 3, 29))  # 12 weeks of 84 days
    days = [
        day_of_account(
            period.first + timedelta(days=n), account, reach=100 + n % 7, follower_delta=1
        )
        for account in ("one", "two", "three")
        for n in range(84)
    ]

    chart = audience(days, period)

    reach, won = chart.panels
    # Three accounts of 84 days are 252 points, past 240. Each week's days reach 100 … 106.
    assert {mark.value for one in reach.series for mark in one.marks} == {103}
    assert {mark.value for one in won.series for mark in one.marks} == {7}
    assert len(reach.series) == 3


def test_a_click_leads_to_the_posts_behind_its_mark():
    posts = [rate(date(2026, 3, 2), n, name=f"p{n}") for n in range(5)]

    chart = against_benchmark(posts, WEEK, RIVAL_IQ, NOW)

    place = next(n for n, one in enumerate(chart.panels[0].series) if str(one.name) == "median")
    found = chart.mark(0, place, 0)
    assert isinstance(found, Mark)
    assert sorted(found.posts) == ["p0", "p1", "p2", "p3", "p4"]
    assert [chart.mark(0, place, 1), chart.mark(9, 0, 0), chart.mark(0, -1, 0)] == [None] * 3
