"""One table of texts, counted by the server and, in Chromium, by the editor."""

import time
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postboard
from postboard.domain.content import NETWORKS
from postboard.domain.counting import count, length
from postboard.domain.platforms import How, how_counted

COUNTING_JS = Path(postboard.__file__).parent / "ui" / "wrappers" / "counting.js"
WAYS: tuple[How, ...] = get_args(How)
FAMILY = "👨‍👩‍👧‍👦"
SHORT = "https://acme.example/a"
LONG = "https://acme.example/menu?table=12&day=friday#lunch"

TABLE: tuple[tuple[str, dict[How, int]], ...] = (
    ("", dict.fromkeys(WAYS, 0)),
    ("Buns", {**dict.fromkeys(WAYS, 4), "weibo": 2}),
    ("Bun", {**dict.fromkeys(WAYS, 3), "weibo": 2}),
    ("新茶上市", {**dict.fromkeys(WAYS, 4), "bytes": 12, "weighted": 8}),
    ("新茶 2026", {**dict.fromkeys(WAYS, 7), "bytes": 11, "weighted": 9, "weibo": 5}),
    ("かな", {**dict.fromkeys(WAYS, 2), "bytes": 6, "weighted": 4}),
    ("한", {**dict.fromkeys(WAYS, 1), "bytes": 3, "weighted": 2}),
    # The same letter whole and in two parts; X puts it together first.
    ("é", {**dict.fromkeys(WAYS, 1), "bytes": 2}),
    (
        "e\u0301",
        {**dict.fromkeys(WAYS, 2), "graphemes": 1, "mastodon": 1, "bytes": 3, "weighted": 1},
    ),
    (
        "क्षि",
        {**dict.fromkeys(WAYS, 4), "graphemes": 1, "mastodon": 1, "bytes": 12},
    ),
    (
        "☕",
        {**dict.fromkeys(WAYS, 1), "bytes": 3, "weighted": 2, "threads": 3},
    ),
    (
        "👍🏽",
        {
            "codepoints": 2,
            "graphemes": 1,
            "utf16": 4,
            "bytes": 8,
            "weighted": 2,
            "threads": 8,
            "mastodon": 1,
            "weibo": 4,
        },
    ),
    (
        FAMILY,
        {
            "codepoints": 7,
            "graphemes": 1,
            "utf16": 11,
            "bytes": 25,
            "weighted": 2,
            "threads": 25,
            "mastodon": 1,
            "weibo": 11,
        },
    ),
    (
        "🇩🇪🇨🇳",
        {
            "codepoints": 4,
            "graphemes": 2,
            "utf16": 8,
            "bytes": 16,
            "weighted": 4,
            "threads": 16,
            "mastodon": 2,
            "weibo": 8,
        },
    ),
    (
        "1️⃣",
        {
            "codepoints": 3,
            "graphemes": 1,
            "utf16": 3,
            "bytes": 7,
            "weighted": 2,
            "threads": 7,
            "mastodon": 1,
            "weibo": 3,
        },
    ),
    ("©", {**dict.fromkeys(WAYS, 1), "bytes": 2}),
    (
        "©️",
        {**dict.fromkeys(WAYS, 2), "graphemes": 1, "bytes": 5, "threads": 5, "mastodon": 1},
    ),
    ("“x” – y…", {**dict.fromkeys(WAYS, 8), "bytes": 16, "weighted": 9, "weibo": 6}),
    (SHORT, {**dict.fromkeys(WAYS, 22), "weighted": 23, "mastodon": 23, "weibo": 11}),
    (LONG, {**dict.fromkeys(WAYS, 51), "weighted": 23, "mastodon": 23, "weibo": 26}),
    (f"Go: {SHORT}.", {**dict.fromkeys(WAYS, 27), "weighted": 28, "mastodon": 28, "weibo": 14}),
    (f"({SHORT})", {**dict.fromkeys(WAYS, 24), "weighted": 25, "mastodon": 25, "weibo": 12}),
    (
        "https://acme.example/bun_(food)",
        {**dict.fromkeys(WAYS, 31), "weighted": 23, "mastodon": 23, "weibo": 16},
    ),
    # Chinese right beside a link is no part of it.
    (
        f"看{SHORT}吧",
        {**dict.fromkeys(WAYS, 24), "bytes": 28, "weighted": 27, "mastodon": 25, "weibo": 13},
    ),
    # X makes links of these by itself, Mastodon does not.
    ("acme.com", {**dict.fromkeys(WAYS, 8), "weighted": 23, "weibo": 4}),
    ("www.acme.de", {**dict.fromkeys(WAYS, 11), "weighted": 23, "weibo": 6}),
    ("acme.de/menu", {**dict.fromkeys(WAYS, 12), "weighted": 23, "weibo": 6}),
    ("acme.de", {**dict.fromkeys(WAYS, 7), "weibo": 4}),
    ("ben@acme.com", {**dict.fromkeys(WAYS, 12), "weibo": 6}),
    ("1.5.2 o.k.", {**dict.fromkeys(WAYS, 10), "weibo": 5}),
    ("@ben@social.example hi", {**dict.fromkeys(WAYS, 22), "mastodon": 7, "weibo": 11}),
    ("a\nb", {**dict.fromkeys(WAYS, 3), "weibo": 2}),
    (
        f"新茶 ☕ {LONG} {FAMILY}",
        {
            "codepoints": 64,
            "graphemes": 58,
            "utf16": 68,
            "bytes": 88,
            "weighted": 34,
            "threads": 84,
            "mastodon": 30,
            "weibo": 41,
        },
    ),
)
EXAMPLES = [(text, how, told) for text, row in TABLE for how, told in row.items()]


def test_the_server_counts_as_the_table_says() -> None:
    counted = [(text, how, length(text, how)) for text, how, _ in EXAMPLES]
    assert counted == EXAMPLES


@pytest.mark.browser
def test_the_browser_counts_as_the_table_says(chromium: Any) -> None:
    page = _page(chromium)
    asked = [[text, how] for text, how, _ in EXAMPLES]

    counted = page.evaluate(
        "(asked) => asked.map(([text, how]) => [text, how, counting.count(text, how)])", asked
    )
    page.close()

    assert [tuple(one) for one in counted] == EXAMPLES


def test_each_network_counts_in_its_own_way() -> None:
    assert {network: how_counted(network) for network in NETWORKS} == {
        "facebook": "codepoints",
        "instagram": "codepoints",
        "x": "weighted",
        "linkedin": "utf16",
        "tiktok": "utf16",
        "youtube": "bytes",
        "pinterest": "codepoints",
        "threads": "threads",
        "bluesky": "graphemes",
        "mastodon": "mastodon",
        "google_business": "codepoints",
        "weibo": "weibo",
        "wechat": "codepoints",
        "xiaohongshu": "codepoints",
    }
    assert [count(FAMILY, network) for network in ("x", "bluesky", "threads", "tiktok")] == [
        2,
        1,
        25,
        11,
    ]


# Without what links, mentions and keycaps are made of: they get shorter as they become whole.
PLAIN = st.text(st.sampled_from("aZä ß7\n新茶かเ한é👍🏽☕👩‍🚀🇩🇪…“"), max_size=40)


@given(text=PLAIN, more=PLAIN)
def test_a_longer_text_is_never_shorter(text: str, more: str) -> None:
    for how in WAYS:
        assert length(text + more, how) >= length(text, how), how


@given(one=PLAIN, other=PLAIN)
def test_lines_add_up(one: str, other: str) -> None:
    for how in WAYS:
        if how != "weibo":  # it rounds halves up
            assert length(f"{one}\n{other}", how) == length(one, how) + 1 + length(other, how)


@given(text=st.text(max_size=200))
def test_any_text_is_counted(text: str) -> None:
    assert all(length(text, how) >= 0 for how in WAYS)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "a-",
        "(",
        "https://",
        "https://a.bc/(",
        "@a@",
        "新",
        "🇩",
        "👩\u200d",
        "e\u0301",
        "क\u094d",
    ],
)
def test_the_longest_text_is_counted_without_going_over_it_again_and_again(piece: str) -> None:
    """Twice as long may take about twice as long, not four times: what backtracks is noticed."""
    half = piece * (32_000 // len(piece))
    spent = []
    for text in (half, half + half):
        started = time.process_time()
        for how in WAYS:
            length(text, how)
        spent.append(time.process_time() - started)
    assert spent[1] < 3 * spent[0] + 0.1


def _page(chromium: Any) -> Any:
    page = chromium.new_page()
    page.route("http://counting.test/**", _serve)
    page.goto("http://counting.test/")
    page.wait_for_function("window.counting")
    return page


def _serve(route: Any) -> None:
    if route.request.url.endswith(".js"):
        route.fulfill(content_type="text/javascript", body=COUNTING_JS.read_text("utf-8"))
    else:
        script = '<script type="module">window.counting = await import("/counting.js")</script>'
        route.fulfill(content_type="text/html", body=f"<!doctype html>{script}")
