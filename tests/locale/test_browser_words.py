"""The browser's half of the words, alone in a page: no build, no server, no React."""

import base64
import json
from pathlib import Path

import pytest

import postboard

pytestmark = pytest.mark.browser

WORDS_JSX = Path(postboard.__file__).parent / "ui" / "wrappers" / "words.jsx"
NOW = 1795500000000  # 2026-11-24T06:00:00Z
CATALOGUE = {
    "Sent to {client}": "已发给{client}",
    "{n} post": ["{n} 条帖子"],
}
REACT = "export const useSyncExternalStore = (_subscribe, now) => now();"


@pytest.fixture
def page(chromium):
    """A page in Shanghai whose reader prefers British English; `words` is the module."""
    context = chromium.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.route("http://words.test/**", _serve)
    page.goto("http://words.test/")
    page.wait_for_function("window.words")
    yield page
    context.close()


def test_english_needs_no_catalogue(page):
    assert say(page) == [
        "en",
        "Sent to Acme",
        "1 post",
        "1,234 posts",
        "Tue 24 Nov, 09:30",
        "Mon 23 Nov, 20:30 (Eastern Time)",
        "in 2 days",
        "3 hours ago",
        "Fri, 1 Jan 2027",
        "",
    ]


def test_chinese_is_fetched_once_and_remembered_in_a_cookie(page):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    for language in ("zh-CN", "en", "zh-CN"):
        page.evaluate("(language) => words.setLanguage(language)", language)

    assert say(page) == [
        "zh-CN",
        "已发给 Acme",
        "1 条帖子",
        "1,234 条帖子",
        "11 月 24 日周二 09:30",
        "11 月 23 日周一 20:30（北美东部时间）",
        "后天",
        "3 小时前",
        "2027 年 1 月 1 日周五",
        "",
    ]
    assert fetched == ["http://words.test/zh-CN.json"]
    assert page.evaluate("[document.cookie, document.documentElement.lang]") == [
        "lang=zh-CN",
        "zh-CN",
    ]


def test_a_lost_catalogue_leaves_english(page):
    page.route("**/zh-CN.json", lambda route: route.fulfill(status=503, body="later"))
    page.evaluate("words.setLanguage('zh-CN')")

    assert page.evaluate("[words.useLanguage(), document.documentElement.lang]") == ["en", "en"]


def say(page):
    return page.evaluate(
        """(now) => {
          const { date } = words.useWords();
          return [
            words.useLanguage(),
            words.t("Sent to {client}", { client: "Acme" }),
            words.plural("{n} post", "{n} posts", 1),
            words.plural("{n} post", "{n} posts", 1234),
            date("2026-11-24T01:30:00Z", "daytime", "Asia/Shanghai", now),
            date("2026-11-24T01:30:00Z", "daytime", "America/New_York", now),
            date("2026-11-26", "relative", null, now),
            date("2026-11-24T02:59:00Z", "relative", null, now),
            date("2027-01-01", "relative", null, now),
            date(null, "day", null, now),
          ];
        }""",
        NOW,
    )


def _serve(route):
    match route.request.url.removeprefix("http://words.test/"):
        case "words.jsx":
            route.fulfill(content_type="text/javascript", body=WORDS_JSX.read_text("utf-8"))
        case "zh-CN.json":
            route.fulfill(json=CATALOGUE)
        case _:
            route.fulfill(content_type="text/html", body=_document())


def _document():
    react = f"data:text/javascript;base64,{base64.b64encode(REACT.encode()).decode()}"
    return f"""<!doctype html><html lang="en">
      <script>window.postboardStart = {{language: "en", urls: {{"zh-CN": "/zh-CN.json"}}}}</script>
      <script type="importmap">{json.dumps({"imports": {"react": react}})}</script>
      <script type="module">window.words = await import("/words.jsx")</script>"""
