"""What a question is about, in both languages, by the table of words alone."""

import csv

import pytest

from postboard.domain.asking import DATA, Understood, named, understood
from postboard.domain.content import NETWORKS
from postboard.domain.team import DEPARTMENT_OF, MADE_BY, Deliverable
from postboard.names import DELIVERABLES

COVER, REEL, COPY = Deliverable.REEL_COVER, Deliverable.REEL, Deliverable.COPY


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Who do I ask for the reel cover?", Understood((COVER,))),
        ("who does REELS for insta", Understood((REEL,), ("instagram",))),
        ("thumbnail of the YouTube video", Understood((COVER, REEL), ("youtube",))),
        ("小红书的封面找谁？", Understood((COVER,), ("xiaohongshu",))),
        ("谁写公众号文案", Understood((COPY,), ("wechat",))),
        ("Ｃａｐｔｉｏｎ", Understood((COPY,))),
        ("tweets", Understood((), ("x",))),
        ("the next box", Understood()),
        ("", Understood()),
        ("x" * 5_000, Understood()),
    ],
)
def test_a_question_is_understood_by_what_things_are_called(
    question: str, about: Understood
) -> None:
    assert understood(question) == about


def test_every_deliverable_has_words_in_both_languages_and_no_word_means_two_things() -> None:
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    called = {(row["name"], row["language"]) for row in rows if row["kind"] == "deliverable"}
    assert called == {(one.value, language) for one in Deliverable for language in ("en", "zh")}
    networks = {row["name"] for row in rows if row["kind"] == "network"}
    assert networks == set(NETWORKS)
    words = [word for row in rows for word in row["words"].split("|")]
    assert sorted(words) == sorted(set(words))


def test_every_deliverable_has_a_name_and_a_department_with_people_in_it() -> None:
    assert set(DELIVERABLES) == set(MADE_BY) == set(Deliverable)
    assert set(MADE_BY.values()) == set(DEPARTMENT_OF.values())


@pytest.mark.parametrize(
    ("question", "whose"),
    [
        ("the cover for Acme Coffee", ["ACME"]),
        ("who writes for acme?", ["ACME"]),
        ("星河茶的封面", ["XING"]),
        ("coffee", []),
        ("acmeology", []),
        ("acme and xinghe", ["ACME", "XING"]),
    ],
)
def test_a_client_is_named_by_a_word_of_its_own(question: str, whose: list[str]) -> None:
    names = {"ACME": "Acme Coffee", "ROAST": "Coffee & Co", "XING": "星河茶 Xinghe Tea"}
    assert named(question, names) == whose
