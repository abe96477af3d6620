"""What goes out on a network, in Python and in the browser: one table, two languages."""

import base64
from pathlib import Path

import pytest

import postboard
from postboard.domain.content import Placement, Utm, Variant, Words, words_as_json

pytestmark = pytest.mark.browser

POST_WORDS = Path(postboard.__file__).parent / "ui" / "wrappers" / "post_words.js"
ON_EACH = """async ([source, table]) => {
  const on = await import(`data:text/javascript;base64,${source}`);
  return table.map(([words, network]) => [
    on.captionOn(words, network),
    on.titleOn(words, network),
    on.firstCommentOn(words, network),
    on.linkOn(words, network),
    on.placementsOn(words, network),
  ]);
}"""

PLAIN = Words("Fresh buns.", "Buns", "https://acme.example/buns", "Until ten.", ("x",))
OWN = Variant("facebook", "Buns for all.", "", "", (Placement.STORY, Placement.AD))
SPRING = Utm("{network}", "social", "spring & summer", "", "{network}/{network}")

TABLE = {
    "nothing of its own": (PLAIN, "x"),
    "a variant's empty title is an empty title": (Words("A", "T", variants=(OWN,)), "facebook"),
    "another network's variant": (Words("A", "T", variants=(OWN,)), "x"),
    "marks it lacks": (Words("A", hashtags=("one", "two"), mentions=("lucia",)), "x"),
    "marks it has, in other letters": (
        Words("hi @LUCIA and #Strasse", hashtags=("straße", "STRAẞE"), mentions=("lucia",)),
        "x",
    ),
    "a mark inside another word is not there": (
        Words("#onetwo #one, #One", hashtags=("one",)),
        "x",
    ),
    "the dotless i is a letter of its own": (Words("#kalın", hashtags=("kalin", "KALIN")), "x"),
    "the Kelvin sign is a k": (Words("#\u212aelvin", hashtags=("kelvin",)), "x"),
    "every kind of space parts": (
        Words("a\u3000#一\u00a0#二\u2028#三\t#四\x85#五", hashtags=tuple("一二三四五六")),
        "weibo",
    ),
    "the byte order mark is no space": (Words("\ufeff#a", hashtags=("a",)), "x"),
    "only marks": (Words(hashtags=("a",)), "x"),
    "emoji and right to left": (Words("👩‍👩‍👧 مرحبا", hashtags=("قهوة",)), "threads"),
    "no parameters without a link": (Words("A", utm=SPRING), "x"),
    "parameters": (Words(link="https://acme.example", utm=SPRING), "google_business"),
    "they replace equal ones and keep the rest in order": (
        Words(link="https://a.example/p?utm_source=old&b=2&a=1&b=&c#part", utm=SPRING),
        "linkedin",
    ),
    "marks that addresses write otherwise": (
        Words(link="https://a.example/ü?q=a+b%20c&r=~*'()!%zz%E2&=x&&%26=%3D", utm=Utm("é ü~*")),
        "x",
    ),
    "an address being typed": (Words(link="acme.example/x", utm=Utm("x")), "x"),
    "a scheme in capitals, an empty query and part": (
        Words(link="HTTPS://Acme.Example/?#", utm=Utm("x")),
        "x",
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_browser_says_what_python_says(case: str, chromium):
    words, network = TABLE[case]
    page = chromium.new_page()
    source = base64.b64encode(POST_WORDS.read_bytes()).decode()
    said = page.evaluate(ON_EACH, [source, [[words_as_json(words), network]]])
    page.close()
    assert said == [
        [
            words.caption_on(network),
            words.title_on(network),
            words.first_comment_on(network),
            words.link_on(network),
            list(words.variant(network).placements),
        ]
    ]


def test_words_that_an_older_page_kept_lack_what_is_new(chromium):
    page = chromium.new_page()
    source = base64.b64encode(POST_WORDS.read_bytes()).decode()
    old = {"caption": "A", "title": "T", "link": "https://a.example", "first_comment": "F"}
    said = page.evaluate(ON_EACH, [source, [[old, "x"]]])
    page.close()
    assert said == [["A", "T", "F", "https://a.example", ["feed"]]]
