"""The post as each network will show it, beside its words."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from postboard.db.models import MediaAsset
from postboard.db.queries import post_page
from postboard.domain.content import NETWORKS, PLACEMENTS, Focus, Media, MediaKind, Variant, Words
from postboard.services import posts
from postboard.services.post_words import as_media
from postboard.services.posts import NewPost
from tests.browser.server import Server
from tests.browser.test_looks import width_beyond

Visit = Callable[..., Page]

BUDGET_BYTES = 60_000
PICTURES = {"square": (900, 900), "portrait": (600, 1800), "panorama": (2400, 600)}
SQUARE, PORTRAIT, PANORAMA = (
    Media(f"https://images.example/{name}.svg", f"A {name} picture") for name in PICTURES
)
LOST = Media("https://images.example/gone.jpg", "A tray of buns")
LONG = "Two farms in Huila, one in Sidama: red apple first, cocoa last. " * 80
ALL = Words("Fresh buns from six.", "Morning buns", networks=NETWORKS, media=(SQUARE,))
EVERYWHERE = tuple(
    Variant(network, placements=offered)
    for network, offered in PLACEMENTS.items()
    if len(offered) > 1
)
POSTS = {
    "every network and placement": Words(
        "Ask @lucia about #coffee: https://acme.example/a",
        "Morning buns",
        "https://acme.example/buns",
        "Until ten.",
        NETWORKS,
        (SQUARE, PORTRAIT, PANORAMA),
        EVERYWHERE,
    ),
    "no picture": Words("Fresh buns.", link="https://acme.example/buns", networks=NETWORKS),
    "only emoji": Words("🥐" * 200, networks=NETWORKS, media=(PORTRAIT,)),
    "a title of 120 characters": Words(title="Unbreakable" * 10 + "ten more!!", networks=NETWORKS),
    "5,000 characters": Words(LONG[:5000], networks=NETWORKS, media=(PANORAMA,) * 6),
    "right to left": Words(
        "قهوة طازجة من السادسة. #قهوة\nFresh from six.", "قهوة", networks=NETWORKS
    ),
    "Chinese": Words("今早六点，新鲜出炉。#面包#", "早上的面包", networks=NETWORKS, media=(LOST,)),
}


@pytest.fixture
def opened(running: Server, visit: Visit) -> Callable[..., Page]:
    """The page of a new post with these words, as Ben sees it."""

    def open_post(words: Words, **how: object) -> Page:
        page = visit(running, f"/post/?key={_new_post(running, words)}", running.world.ben, **how)
        page.context.route("https://images.example/**", _picture)
        page.reload()
        page.locator(".pv").first.wait_for(state="attached")
        if how.get("phone"):
            page.get_by_role("tab", name="Preview").click()
        return page

    return open_post


def test_the_preview_follows_typing_without_the_server(opened: Callable[..., Page]):
    page = opened(Words("Fresh buns", networks=("bluesky",)))
    page.context.set_offline(True)
    page.locator("textarea[data-field=caption]").fill("Fresh buns from seven, #still warm")

    expect(pv(page, "bluesky").locator(".pv-text")).to_have_text(
        "Fresh buns from seven, #still warm"
    )
    assert pv(page, "bluesky").locator(".pv-tint").all_inner_texts() == ["#still"]


def test_a_long_caption_is_folded_and_unfolded(opened: Callable[..., Page]):
    page = opened(Words(LONG, networks=("linkedin",)))
    text = pv(page, "linkedin").locator(".pv-text")
    more = text.get_by_role("button")
    folded = len(text.inner_text())
    assert (more.inner_text(), more.get_attribute("aria-expanded"), folded < 230) == (
        "…more",
        "false",
        True,
    )

    more.press("Enter")
    assert (more.inner_text(), more.get_attribute("aria-expanded")) == ("Show less", "true")
    assert text.inner_text().count("Huila") == 80
    more.press("Enter")
    assert len(text.inner_text()) == folded


def test_a_carousel_turns_by_keyboard_and_by_its_buttons(opened: Callable[..., Page]):
    page = opened(Words("Buns", networks=("instagram",), media=(SQUARE, PORTRAIT, PANORAMA)))
    track = pv(page, "instagram").get_by_role("group")
    track.focus()
    for key, label in (
        ("ArrowRight", "2 of 3"),
        ("End", "3 of 3"),
        ("ArrowLeft", "2 of 3"),
        ("Home", "1 of 3"),
    ):
        page.keyboard.press(key)
        expect(track).to_have_attribute("aria-label", f"Pictures: {label}")
    page.get_by_role("button", name="Next picture").click()
    expect(track).to_have_attribute("aria-label", "Pictures: 2 of 3")


def test_the_networks_dark_mode_is_not_ours_and_is_remembered(opened: Callable[..., Page]):
    page = opened(Words("Buns", networks=("x",)))
    ours = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.get_by_role("button", name="Desktop").click()
    page.reload()

    expect(pv(page, "x")).to_have_attribute("data-mode", "dark")
    expect(pv(page, "x")).to_have_attribute("data-device", "desktop")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ours
    assert (
        pv(page, "x").evaluate("(post) => getComputedStyle(post).backgroundColor") == "rgb(0, 0, 0)"
    )


def test_tabs_are_walked_by_arrow_keys(opened: Callable[..., Page]):
    page = opened(
        Words("Buns", networks=("facebook", "x", "weibo"), media=(SQUARE,), variants=EVERYWHERE)
    )
    networks = page.get_by_role("tablist", name="Networks")
    networks.get_by_role("tab", selected=True).focus()
    for key, network in (("ArrowRight", "x"), ("End", "weibo"), ("ArrowRight", "facebook")):
        page.keyboard.press(key)
        expect(pv(page, network)).to_be_visible()
    placements = page.get_by_role("tablist", name="Placements on Facebook")
    assert placements.get_by_role("tab").all_inner_texts() == ["Feed", "Story", "Reel", "Ad"]
    placements.get_by_role("tab", selected=True).focus()
    page.keyboard.press("ArrowRight")
    expect(pv(page, "facebook").locator(".pv-safe")).to_be_visible()
    page.get_by_role("button", name="Safe zones").click()
    expect(pv(page, "facebook").locator(".pv-safe")).to_be_hidden()


def test_an_advertisement_has_a_headline_and_a_button(opened: Callable[..., Page]):
    ad = Variant("facebook", placements=(PLACEMENTS["facebook"][-1],))
    page = opened(
        Words(
            "Buns", "Warm at six", "https://acme.example/x", networks=("facebook",), variants=(ad,)
        )
    )
    post = pv(page, "facebook")
    assert post.locator(".pv-below").inner_text() == "Sponsored"
    assert post.locator(".pv-ad").inner_text().split("\n\n") == [
        "ACME.EXAMPLE",
        "Warm at six",
        "Description, as on the page",
        "Learn more",
    ]


@pytest.mark.parametrize(
    ("network", "count", "shown"),
    [
        ("facebook", 1, 1),
        ("facebook", 5, 5),
        ("facebook", 7, 5),
        ("x", 3, 3),
        ("linkedin", 4, 4),
        ("x", 5, 4),
    ],
)
def test_several_pictures_stand_as_the_network_lays_them(
    opened: Callable[..., Page], network: str, count: int, shown: int
):
    page = opened(Words("Buns", networks=(network,), media=(SQUARE,) * count))
    media = pv(page, network).locator(".pv-media")
    assert media.locator(".pv-shot").count() == shown
    rest = count - shown if network != "x" else 0
    assert media.locator(".pv-rest").all_inner_texts() == ([f"+{rest}"] if rest else [])


def test_a_crop_keeps_the_placements_own_point(opened: Callable[..., Page]):
    points = (Focus(0.1, 0.2), Focus(0.9, 0.4, "story"))
    picture = Media(SQUARE.url, "Buns", focus=points)
    page = opened(Words("Buns", networks=("instagram",), media=(picture,), variants=EVERYWHERE))
    crop = "(image) => getComputedStyle(image).objectPosition"
    assert pv(page, "instagram").locator("img").evaluate(crop) == "10% 20%"
    page.get_by_role("tab", name="Story").click()
    assert pv(page, "instagram").locator("img").evaluate(crop) == "90% 40%"


def test_a_picture_keeps_its_shape_within_what_the_network_allows(opened: Callable[..., Page]):
    page = opened(Words("Buns", networks=("instagram", "threads"), media=(PANORAMA,)))
    shape = "(shot) => Math.round((shot.offsetWidth / shot.offsetHeight) * 10) / 10"
    shot = pv(page, "instagram").locator(".pv-shot")
    page.wait_for_function("document.querySelector('.pv-shot').offsetHeight < 300")
    assert shot.evaluate(shape) == 1.9


def test_a_lost_picture_says_what_it_was_and_a_missing_one_that_it_is_needed(
    opened: Callable[..., Page],
):
    page = opened(Words("Buns", networks=("instagram",), media=(LOST,)))
    expect(pv(page, "instagram").locator(".pv-lost")).to_have_text("A tray of buns")
    page = opened(Words("Buns", networks=("youtube",)))
    expect(pv(page, "youtube").locator(".pv-nothing")).to_have_text("YouTube needs a video here.")


def test_a_video_waits_for_its_button(opened: Callable[..., Page], running: Server):
    page = opened(Words("Buns", networks=("youtube",), media=(_library_video(running, 75_400),)))
    post = pv(page, "youtube")
    expect(post.locator(".pv-badge")).to_have_text("1:15")
    expect(post.locator("video")).to_have_count(0)
    post.get_by_role("button", name="Play the video").click()
    expect(post.locator("video, .pv-play")).to_be_visible()


def test_markup_is_text_and_nothing_leads_away(opened: Callable[..., Page]):
    caption = '<img src=x onerror="document.title=1"> <a href="https://evil.example">x</a>'
    page = opened(Words(caption, caption, "https://acme.example", caption, networks=NETWORKS))
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator(".pv")).to_have_count(len(NETWORKS))
    assert page.locator(".previews a, .pv img").count() == 0
    assert pv(page, "threads").locator(".pv-text").first.text_content() == caption


@pytest.mark.parametrize("case", POSTS)
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_every_network_fits_and_can_be_read(opened: Callable[..., Page], case: str, *, phone: bool):
    page = opened(POSTS[case], phone=phone, dark=phone)
    page.add_style_tag(content=".frame { content-visibility: visible !important }")
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator(".pv")).to_have_count(len(NETWORKS))
    for appearance, device in (("Light", "Phone"), ("Dark", "Desktop")):
        page.get_by_role("button", name=appearance, exact=True).click()
        page.get_by_role("button", name=device, exact=True).click()
        page.wait_for_timeout(150)
        assert (appearance, _beyond_their_frames(page)) == (appearance, [])
        assert (appearance, width_beyond(page), unreadable(page)) == (appearance, 0, [])


@pytest.mark.parametrize("placement", ["Story", "Reel"])
def test_what_fills_the_phone_can_be_read(opened: Callable[..., Page], placement: str):
    page = opened(POSTS["every network and placement"])
    page.locator(".previews").get_by_role("tab", name="Instagram").click()
    page.locator(".previews").get_by_role("tab", name=placement).click()
    expect(pv(page, "instagram")).to_have_attribute("data-tall", "")
    assert (width_beyond(page), unreadable(page)) == (0, [])


def test_previews_are_light_and_only_pages_of_posts_fetch_them(
    frontend: Path, running: Server, visit: Visit
):
    assets = frontend / "build" / "client" / "assets"
    parts = [*assets.glob("previews-*.js"), *assets.glob("preview_pane-*.css")]
    names = "|".join(re.escape(part.name) for part in parts)
    assert len(parts) >= 2
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) < BUDGET_BYTES

    page = visit(running, "/sign-in/")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{running.url}/sign-in/")
    page.locator("#email").wait_for()
    page.wait_for_load_state("networkidle")
    assert [url for url in fetched if re.search(names, url)] == []


def pv(page: Page, network: str) -> Locator:
    return page.locator(f'.pv[data-network="{network}"]')


def unreadable(page: Page) -> list[tuple[str, list[str], str]]:
    """What axe finds in the previews."""
    found: list[dict[str, Any]] = Axe().run(page, ".previews").response["violations"]
    return [
        (each["id"], node["target"], node["html"][:200]) for each in found for node in each["nodes"]
    ]


def _beyond_their_frames(page: Page) -> list[str]:
    """Networks whose post is wider than its place."""
    return page.evaluate(
        """[...document.querySelectorAll(".frame-post")].filter((place) =>
          place.scrollWidth > place.clientWidth + 1
        ).map((place) => place.querySelector(".pv").dataset.network)"""
    )


def _new_post(server: Server, words: Words) -> str:
    world, now = server.world, datetime.now(UTC)
    new = NewPost(words, None, None, world.ben.user_id)
    with server.database.write() as session:
        post_id = posts.create(session, world.ana, world.acme.id, new, now=now)
        return post_page.opened(session, world.ana, post_id, now=datetime.now(UTC)).facts.key


def _library_video(server: Server, duration_ms: int) -> Media:
    """How long it is only the library knows: an address alone tells nothing of its file."""
    asset = MediaAsset(
        client_id=server.world.acme.id,
        digest="0" * 64,
        name="steam.mp4",
        kind=MediaKind.VIDEO,
        type="video/mp4",
        size=1_000,
        width=1920,
        height=1080,
        duration_ms=duration_ms,
        created_at=datetime.now(UTC),
    )
    with server.database.write() as session:
        session.add(asset)
        session.flush()
        return as_media(asset, "Steam")


def _picture(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[-1].removesuffix(".svg")
    if name not in PICTURES:
        route.abort()
        return
    width, height = PICTURES[name]
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    colour = '<rect width="100%" height="100%" fill="#9ab"/></svg>'
    route.fulfill(content_type="image/svg+xml", body=drawn + colour)
