"""What a person sees, in the system's Chromium, every load in a context of its own."""

import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks.ground import now
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Column
from tests.browser.board import BoardPage
from tests.browser.conftest import DESK
from tests.browser.server import Server
from tests.conftest import FLAGS
from tests.world import cookie_of

_WATCH = """
window.bench = { painted: 0, up: 0, sent: 0, answered: 0 };
const look = () => {
  if (!document.querySelector(".card[data-post]")) return requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => (bench.painted = performance.now())));
};
requestAnimationFrame(look);
addEventListener("mouseup", () => (bench.up = performance.now()), true);
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  const id = /"command_id":"([^"]+)"/.exec(message)?.[1];
  const hear = (event) => {
    if (!String(event.data).includes(id)) return;
    bench.answered = performance.now();
    this.removeEventListener("message", hear);
  };
  if (id) bench.sent = performance.now();
  if (id) this.addEventListener("message", hear);
  return send.call(this, message);
};
"""
_TYPING = """
window.typing = { field: [], previews: [], tasks: [] };
const note = (list) => typing.tasks.push(...list.getEntries().map((one) => one.duration));
new PerformanceObserver(note).observe({ type: "longtask" });
const painted = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now())));
addEventListener("keydown", (event) => {
  if (event.key.length > 1) return;
  const field = event.target;
  const pressed = event.timeStamp;
  typing.waits = true;
  addEventListener("input", () => {
    painted((at) => typing.field.push(at - pressed));
    const begins = field.value.slice(0, 40);
    const look = () => {
      const lags = [...document.querySelectorAll(".pv-text")].some(
        (one) => !one.textContent.includes(begins),
      );
      if (lags) return requestAnimationFrame(look);
      painted((at) => {
        typing.previews.push(at - pressed);
        typing.waits = false;
      });
    };
    look();
  }, { once: true });
}, true);
"""
_FIELD = "<!doctype html><title>Bare</title><textarea rows=20 cols=80></textarea>"
_BARE = "<!doctype html><title>Bare</title><style>.c{{border:1px solid;margin:4px}}</style>{cards}"
_BARE_CARD = (
    '<article class="c card" data-post="{n}"><h3>Morning buns {n}</h3><p>Buns</p></article>'
)


@dataclass
class Seen:
    bare_ms: list[float] = field(default_factory=list[float])
    load_ms: list[float] = field(default_factory=list[float])
    load_kb: list[float] = field(default_factory=list[float])
    move_kb: list[float] = field(default_factory=list[float])
    drop_ms: list[float] = field(default_factory=list[float])
    send_ms: list[float] = field(default_factory=list[float])
    board_js: list[str] = field(default_factory=list[str])
    review_js: list[str] = field(default_factory=list[str])


@dataclass
class Typed:
    """Milliseconds from a key to the frame that shows it."""

    bare: list[float]
    field: list[float]
    previews: list[float]
    tasks: list[float]


@dataclass
class _Wire:
    """Characters on the page's own socket."""

    size: int = 0

    def listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)
        socket.on("framesent", self._count)

    def _count(self, payload: Any) -> None:
        if str(payload).startswith("42/_event,"):
            self.size += len(str(payload).encode())


def watched_board(server: Server, loads: int, drops: int) -> Seen:
    seen = Seen()
    with seen_by_chromium() as browser:
        for _ in range(loads):
            _see_bare(browser, seen)
            page, wire = opened(browser, server, server.world.ana, "/board")
            page.wait_for_function("bench.painted > 0")
            seen.load_ms.append(page.evaluate("bench.painted"))
            page.wait_for_timeout(300)
            seen.load_kb.append(wire.size / 1000)
            seen.board_js = scripts(page)
            page.context.close()
        page, _ = opened(browser, server, server.world.cleo, "/review")
        page.wait_for_timeout(2000)
        seen.review_js = scripts(page)
        page.context.close()
        _drop(browser, server, drops, seen)
    return seen


def watched_scripts(server: Server, pages: Mapping[str, tuple[Actor, str]]) -> dict[str, list[str]]:
    """The scripts that each page loads until it is quiet."""
    found: dict[str, list[str]] = {}
    with seen_by_chromium() as browser:
        for name, (who, path) in pages.items():
            page, _ = opened(browser, server, who, path)
            page.wait_for_timeout(2500)
            found[name] = scripts(page)
            page.context.close()
    return found


def typed_into(server: Server, who: Actor, path: str, text: str, keys: int) -> Typed:
    """Keys typed in front of the caption, all previews shown; beside it, a bare field."""
    with seen_by_chromium() as browser:
        context = browser.new_context(viewport=DESK)
        context.route("**/*", lambda route: route.fulfill(body=_FIELD, content_type="text/html"))
        page = context.new_page()
        page.add_init_script(_TYPING)
        page.goto("http://bare.example/")
        page.locator("textarea").fill(text)
        bare = _typed(page, "textarea", keys)["field"]
        context.close()
        page, _ = opened(browser, server, who, path, _TYPING)
        page.locator(".pv").first.wait_for()
        page.get_by_role("button", name="All", exact=True).click()
        page.wait_for_timeout(1000)
        seen = _typed(page, "textarea[data-field=caption]", keys)
        page.context.close()
    return Typed(bare, seen["field"], seen["previews"], seen["tasks"])


def _typed(page: Page, field: str, keys: int) -> dict[str, list[float]]:
    page.locator(field).first.focus()
    page.keyboard.press("Control+Home")
    page.evaluate("Object.assign(typing, { field: [], previews: [], tasks: [] })")
    for number in range(keys):
        page.keyboard.press("abcdefghij"[number % 10])
        page.wait_for_function("!typing.waits")
        page.wait_for_timeout(60)
    return page.evaluate("typing")


@contextmanager
def seen_by_chromium() -> Generator[Browser]:
    path = os.environ.get("POSTBOARD_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def _see_bare(browser: Browser, seen: Seen) -> None:
    context = browser.new_context(viewport=DESK)
    cards = "".join(_BARE_CARD.format(n=n) for n in range(2000))
    body = _BARE.format(cards=cards)
    context.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    page = context.new_page()
    page.add_init_script(
        "addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame("
        "() => (window.painted = performance.now()))))"
    )
    page.goto("http://bare.example/")
    page.wait_for_function("window.painted > 0")
    seen.bare_ms.append(page.evaluate("window.painted"))
    context.close()


def _drop(browser: Browser, server: Server, drops: int, seen: Seen) -> None:
    page, wire = opened(browser, server, server.world.ana, "/board")
    board = BoardPage(page)
    for _ in range(drops):
        first = board.column(Column.DRAFT).locator(".card[data-post]").first
        post_id = UUID(first.get_attribute("data-post"))
        page.wait_for_timeout(400)
        page.evaluate("bench.answered = 0")
        wire.size = 0
        board.drag(post_id, Column.INTERNAL_REVIEW)
        page.wait_for_function("bench.answered > 0")
        seen.drop_ms.append(page.evaluate("bench.answered - bench.up"))
        seen.send_ms.append(page.evaluate("bench.sent - bench.up"))
        seen.move_kb.append(wire.size / 1000)
    page.context.close()


def opened(
    browser: Browser, server: Server, who: Actor, path: str, watch: str = _WATCH
) -> tuple[Page, _Wire]:
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", locale="en-GB")
    token = cookie_of(server.database, who, now())
    context.add_cookies([{"name": "postboard_session", "value": token, "url": server.url}])
    page, wire = context.new_page(), _Wire()
    page.on("websocket", wire.listen)
    page.add_init_script(watch)
    page.goto(server.url + path, wait_until="commit")
    return page, wire


def scripts(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    return sorted({urlsplit(name).path for name in names if urlsplit(name).path.endswith(".js")})
