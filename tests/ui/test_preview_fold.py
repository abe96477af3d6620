"""Where the previews fold a text and what they colour in it."""

import base64
from pathlib import Path

import pytest

import postboard

pytestmark = pytest.mark.browser

FOLD = Path(postboard.__file__).parent / "ui" / "wrappers" / "preview_fold.js"


@pytest.fixture(scope="module")
def fold(chromium):
    """Call one of the module's functions."""
    page = chromium.new_page()
    source = base64.b64encode(FOLD.read_bytes()).decode()

    def call(name, *given):
        return page.evaluate(
            """async ([source, name, given]) =>
              (await import(`data:text/javascript;base64,${source}`))[name](...given)""",
            [source, name, list(given)],
        )

    yield call
    page.close()


FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", None),
        ("Exactly twenty, yes.", None),
        ("What is longer is cut between two words", "What is longer is"),
        ("Unbreakablewordsarecutwhereitmustbe", "Unbreakablewordsarec"),
        ("十个汉字正好占满两行", None),
        ("十个汉字正好占满两行，再多就折叠", "十个汉字正好占满两行"),
        (FAMILY * 12, FAMILY * 10),
        ("one\ntwo\nthree", "one\ntwo"),
        ("one\n\nthree", "one"),
        ("one\ntwo", None),
        ("\n" * 40, ""),
        ("e\u0301" * 30, "e\u0301" * 20),
    ],
)
def test_a_fold_counts_width_and_lines(fold, text, shown):
    assert fold("folded", text, {"chars": 20, "lines": 2}) == shown


@pytest.mark.parametrize(
    ("text", "tints", "closed", "tinted"),
    [
        ("Ask @lucia.m. or #coffee!", "#@u", False, ["@lucia.m", "#coffee"]),
        ("Ask @lucia or #coffee", "", False, []),
        ("Ask @lucia or #coffee", "#", False, ["#coffee"]),
        ("a@b.example, C#major, &#39; #1 #1st", "#@u", False, ["#1st"]),
        ("#拿铁，#新季。", "#@u", False, ["#拿铁", "#新季"]),
        ("#拿铁 #新季 上架#", "#@u", True, ["#拿铁 #"]),
        ("(https://a.example/x?y=#z@b).", "#@u", False, ["https://a.example/x?y=#z@b"]),
        ("看https://a.example/茶，好", "#@u", False, ["https://a.example/茶"]),
        ("#️⃣ <b>#bold</b> #قهوة", "#@u", False, ["#bold", "#قهوة"]),
    ],
)
def test_what_a_network_links_is_tinted_and_nothing_is_lost(fold, text, tints, closed, tinted):
    pieces = fold("pieces", text, tints, closed)
    assert [piece for piece, is_tinted in pieces if is_tinted] == tinted
    assert "".join(piece for piece, _ in pieces) == text
