"""What hostile Markdown becomes: words, never anything that runs or calls home."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.markdown import ATTRIBUTES, SCHEMES, TAGS, Heading, as_html, outline, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&#58;alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x) <javascript:alert(1)>",
    "![a](https://evil.example/pixel.gif)",
    "![a](//evil.example/pixel.gif)",
    "![a](/media/../sign-out)",
    '![a](/media/x" onerror="alert(1))',
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{display:none}</style>",
    "```<script>alert(1)</script>```",
    '[a](https://acme.com "x\\" onmouseover=\\"alert(1)")',
    "| a |\n|---|\n| <b onclick=x> |",
    "[a]: javascript:alert(1)\n\n[a]",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
]


class Read(HTMLParser):
    """What a browser would make of it: every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    return all(
        tag in TAGS
        and set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        and _leads_nowhere_bad(tag, attributes)
        for tag, attributes in Read(html).found
    )


def _leads_nowhere_bad(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag == "img":
        return bool(re.fullmatch(r"(/media/[0-9a-f]{32}/\w+)?", attributes.get("src") or ""))
    scheme = re.match(r"[^/?#]*?:", attributes.get("href") or "")
    return scheme is None or scheme[0][:-1].lower() in SCHEMES


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_harmless(text: str) -> None:
    assert is_harmless(as_html(text)), as_html(text)


@given(st.lists(st.sampled_from([*HOSTILE, "\n", "> ", "- ", "**", "`", "|", "<", '"', "&#"])))
def test_no_mixture_of_it_is_otherwise(parts: list[str]) -> None:
    assert is_harmless(as_html("".join(parts)))


def test_the_check_of_this_test_sees_harm() -> None:
    assert not any(map(is_harmless, ("<script>", "<a onclick=x>", '<a href="javascript:x">')))


def test_what_people_write_is_kept() -> None:
    picture = f"/media/{'0' * 32}/large"
    text = f"## Tone\n\n- **Warm**\n- ~~loud~~\n\n![logo]({picture}) [more](https://acme.com)"
    assert as_html(text) == (
        "<h2>Tone</h2>\n<ul>\n<li><strong>Warm</strong></li>\n<li><s>loud</s></li>\n</ul>\n"
        f'<p><img src="{picture}" alt="logo"> '
        '<a href="https://acme.com" rel="noopener noreferrer nofollow">more</a></p>\n'
    )
    assert plain("# A & B\n\n*c* <b> `d`") == "A & B c <b> d"
    assert outline("A\n=\n\n## B *c*\n> # no\n\n```\n# no\n```") == [
        Heading(0, 2, 1, "A"),
        Heading(3, 4, 2, "B *c*"),
    ]


def test_deep_nesting_ends() -> None:
    assert is_harmless(as_html(">" * 5000 + "a" + "[" * 5000 + "*" * 5000))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**为谁服务：**愿意泡茶的人", "<strong>为谁服务：</strong>愿意泡茶的人"),
        ("名称是**“星河茶”**不变", "名称是<strong>“星河茶”</strong>不变"),
        ("甲**（乙）**，丙**丁。**戊", "甲<strong>（乙）</strong>，丙<strong>丁。</strong>戊"),
        ("~~旧：~~新", "<s>旧：</s>新"),
        ("2 ** 3，4 **5", "2 ** 3，4 **5"),
        ("a**(b)**c", "a**(b)**c"),
    ],
)
def test_emphasis_needs_no_spaces_beside_chinese(text: str, html: str) -> None:
    assert as_html(text) == f"<p>{html}</p>\n"
