"""What came with the page and what the script draws in its place stand in the same places."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route

from postboard.domain.content import Media, Words
from postboard.domain.workflow import Action, State
from postboard.services import post_rows, posts, steps
from postboard.services.steps import Answer
from tests import world
from tests.browser.server import Server

Visit = Callable[..., Page]

SCRIPTS = "**/assets/*.js"
PARTS = """
h1, .review-head .link, .deck-head p, .deck-all, h2, .review-turn, .review-turn p, .turn-due span,
.turn-others span, .review-turn blockquote, .review-before, .review-card, .review-account,
.review-networks, .review-pictures, .review-pictures img, .review-title, .fold, .fold-more,
.review-link, .review-comment, .deck-bar, .deck-buttons .button
"""
BOXES = """
([place, parts]) => [...document.querySelector(place).querySelectorAll(parts)]
  .filter((part) => part.getClientRects().length)
  .map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    const said = part.childElementCount ? "" : part.textContent;
    const name = part.className.replace(/ ?css-\\w+/, "") || part.localName;
    return [name, said, ...[x, y, width, height].map(Math.round)];
  })
"""
LOOK = """
window.unseen = 0;
const look = () => {
  const words = document.querySelector("first-look h2");
  const colour = words && getComputedStyle(words).webkitTextFillColor;
  if (colour && /, 0\\)$|transparent/.test(colour)) window.unseen += 1;
  requestAnimationFrame(look);
};
look();
"""


def shown_first(server: Server, words: Words, message: str) -> None:
    """A post of Acme that waits for Cleo a second time, and is planned before all others."""
    cast, at = server.world, datetime.now(UTC) - timedelta(days=1)
    post_id = world.bring_to(
        server.database,
        cast.acme.id,
        State.CLIENT_REWORK,
        staff=cast.ana,
        reviewer=cast.cleo,
        holder=cast.ben,
        words=Words("Before.", networks=("facebook",)),
        now=at,
    )
    with server.database.write() as session:
        version = post_rows.find(session, cast.ana, post_id).version
        posts.edit(session, cast.ana, post_id, words, version=version, now=at)
    for action in (Action.SUBMIT, Action.APPROVE):
        world.step(server.database, cast.ana, post_id, action, now=at)
    with server.database.write() as session:
        version = post_rows.find(session, cast.ana, post_id).version
        sent = {"version": version, "answer": Answer(message=message), "now": datetime.now(UTC)}
        steps.take_step(session, cast.ana, post_id, Action.SEND_TO_CLIENT, **sent)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "words",
    [
        Words(
            "Fresh buns from six, and the coffee is on us until eight. " * 30,
            "Morning",
            link="https://acme.example/buns",
            first_comment="Which one is yours?",
            networks=("instagram", "facebook", "linkedin"),
            media=(Media("/demo/acme-beans.svg", "Beans"),),
        ),
        Words("Short.", networks=("facebook",)),
    ],
    ids=["long", "short"],
)
def test_nothing_moves_when_the_script_takes_over(
    mortal: Server, visit: Visit, words: Words, language: str
):
    shown_first(mortal, words, "Mind the date.")
    page = visit(mortal, "/review/", mortal.world.cleo, phone=True, language=language)
    page.wait_for_selector("first-look", state="detached")
    page.add_init_script(LOOK)
    held: list[Route] = []
    page.route(SCRIPTS, lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    page.reload(wait_until="commit")
    page.wait_for_selector("first-look .deck-bar")
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    page.wait_for_function("document.querySelector('link[rel=stylesheet]').media === 'all'")
    page.evaluate("document.fonts.ready.then(() => 0)")
    before = page.evaluate(BOXES, ["first-look", PARTS])
    for route in held:
        route.continue_()
    page.unroute(SCRIPTS)
    page.wait_for_selector("first-look", state="detached")
    after = page.evaluate(BOXES, [".review", PARTS])
    assert after == before
    assert page.evaluate("unseen") == 0
