from datetime import date

import pytest

from postboard.domain.matching import (
    address_of,
    name_in,
    network_of,
    plain_words,
    same_words,
    words_key,
)

ONE_ADDRESS = [
    ("https://x.com/acme/status/1496", "x:1496"),
    ("http://twitter.com/other/status/1496?s=20", "x:1496"),
    ("https://mobile.twitter.com/acme/status/1496/photo/1", "x:1496"),
    ("https://www.instagram.com/p/Cx_1-a/", "instagram:Cx_1-a"),
    ("https://instagram.com/acme/reel/Cx_1-a?igsh=MzR", "instagram:Cx_1-a"),
    ("https://www.linkedin.com/feed/update/urn:li:activity:7343", "linkedin:7343"),
    ("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7343/", "linkedin:7343"),
    ("https://www.linkedin.com/posts/acme_buns-activity-7343-Xy", "linkedin:7343"),
    ("https://www.youtube.com/watch?v=Sx0ytsHc1kk&t=4s", "youtube:Sx0ytsHc1kk"),
    ("https://youtu.be/Sx0ytsHc1kk", "youtube:Sx0ytsHc1kk"),
    ("https://youtube.com/shorts/Sx0ytsHc1kk", "youtube:Sx0ytsHc1kk"),
    ("https://www.tiktok.com/@acme/video/7527", "tiktok:7527"),
    ("https://www.facebook.com/acme/posts/1221234567", "facebook:1221234567"),
    ("https://www.facebook.com/permalink.php?story_fbid=1221234567&id=9", "facebook:1221234567"),
    ("https://m.facebook.com/reel/1221234567", "facebook:1221234567"),
    ("https://www.facebook.com/acme/posts/pfbid02abc", "facebook:pfbid02abc"),
    ("https://acme.example/news/7/?from=x", "acme.example/news/7?from=x"),
    ("https://www.acme.example/", ""),
    ("acme.example/news", ""),
    ("javascript:alert(1)", ""),
    ("https://[broken/", ""),
    ("Link", ""),
    ("", ""),
]


@pytest.mark.parametrize(("link", "address"), ONE_ADDRESS)
def test_every_spelling_of_an_address_is_one(link: str, address: str) -> None:
    assert address_of(link) == address


def test_an_address_tells_its_network_and_the_posts_name() -> None:
    assert network_of("https://de-de.facebook.com/acme/posts/1") == "facebook"
    assert network_of("https://notx.com/acme/status/1") == ""
    assert name_in("https://x.com/acme/status/1496") == "1496"
    assert name_in("https://x.com/acme") == ""


def test_words_are_the_same_without_what_networks_change() -> None:
    ours = plain_words("Frische Brötchen ab 6! 🥐 Mehr: https://acme.example/a #Buns")
    assert ours == "frischebrötchenab6mehrbuns"
    assert same_words(ours, plain_words("FRISCHE  Brötchen, ab 6 — mehr https://t.co/x #buns"))
    assert same_words(ours, plain_words("Frische Brötchen ab 6! Mehr: #Bu"))
    assert not same_words(ours, plain_words("Frische Brötchen"))  # many begin like that
    assert not same_words("", "")


def test_words_of_another_account_day_or_text_are_others() -> None:
    day = date(2026, 2, 20)
    one = words_key("acme", day, "Fresh buns!")
    assert one == words_key("ACME", day, "fresh  buns")
    others = {
        words_key("acme.cafe", day, "Fresh buns!"),
        words_key("acme", date(2026, 2, 21), "Fresh buns!"),
        words_key("acme", day, "Stale buns!"),
    }
    assert len(others | {one}) == 4
    assert words_key("acme", None, "Fresh buns!") == words_key("acme", day, "🥐") == ""
