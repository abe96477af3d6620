"""What the server says: mail, plain pages, refusals."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from postboard.domain.errors import Refused
from postboard.locale import N_, Text, format_day, format_daytime, language_from_cookie, say
from postboard.locale.typography import fill, typing_faults

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
CHINESE = Text(
    "zh-CN",
    {
        "{n} post": ("{n} 条帖子",),
        "Draft": ("草稿",),
        "Sent to {client}.": ("已发给{client}。",),
        "Now {state}, due {due}.": ("现为{state}，截止{due}。",),
    },
)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("session=x; lang=zh-CN", "en", "zh-CN"),
        ("lang=en", "zh-CN", "en"),
        ("lang=../../etc", "zh-TW;q=0.4, de, en;q=0.3", "zh-CN"),
        ("lang=de", "fr-FR, en;q=0.5, zh;q=0.1", "en"),
        (None, None, "en"),
        ('a="', "zh;q=oops", "zh-CN"),
    ],
)
def test_the_cookie_decides_the_language_then_the_browser(cookie, accepted, language):
    assert language_from_cookie(cookie, accepted) == language


def test_a_sentence_unknown_to_a_language_stays_english():
    assert CHINESE.gettext("Hello {name}", name="Ana") == "Hello Ana"


def test_chinese_has_one_form_for_every_number_and_english_two():
    english = Text("en", {})
    assert [CHINESE.ngettext("{n} post", "{n} posts", n) for n in (0, 1, 2)] == [
        "0 条帖子",
        "1 条帖子",
        "2 条帖子",
    ]
    assert [english.ngettext("{n} post", "{n} posts", n) for n in (0, 1, 2)] == [
        "0 posts",
        "1 post",
        "2 posts",
    ]


def test_facts_are_worded_and_set_in_the_language():
    due = NOON.astimezone(SHANGHAI)
    assert CHINESE.gettext("Now {state}, due {due}.", state=N_("Draft"), due=due) == (
        "现为草稿，截止 2026 年 11 月 24 日周二 12:00（中国时间）。"
    )
    assert CHINESE.gettext("Sent to {client}.", client="Acme") == "已发给 Acme。"
    assert CHINESE.gettext("Sent to {client}.", client="星辰") == "已发给星辰。"


def test_a_refusal_is_said_with_its_facts():
    assert say(Refused("Too late for {client}.", client="Acme"), "en") == "Too late for Acme."


def test_facts_are_never_read_as_placeholders():
    assert fill("{a}{b}", {"a": "{b}", "b": "{a}"}) == "{b}{a}"


def test_days_and_times_carry_the_year_and_the_zone():
    assert [
        format_day(dt.date(2026, 11, 24), "en"),
        format_day(NOON.replace(hour=20), "zh-CN", SHANGHAI),
        format_daytime(NOON, "en", SHANGHAI).replace("\u202f", " "),
        format_daytime(NOON, "zh-CN"),
    ] == [
        "Tue, Nov 24, 2026",
        "2026 年 11 月 25 日周三",
        "Tue, Nov 24, 2026, 12:00 PM (China Time)",
        "2026 年 11 月 24 日周二 04:00（UTC）",
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("第 {n} 轮，共 {m} 轮（内部）", []),
        ("用 AI 生成，占 80% 以上", []),
        ("审批(内部)", ["half-width ( beside Chinese"]),
        ("稍等...", ["half-width . beside Chinese", "three dots instead of …"]),
        ("第3轮", ["no space between Chinese and Latin or figures"]),
        ("已发送 ", ["space at an end"]),
    ],
)
def test_chinese_is_set_by_the_house_style(text, faults):
    assert list(typing_faults(text)) == faults
