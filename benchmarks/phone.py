"""A phone on slow 4G with a cold cache: what Lighthouse takes for a mobile visitor.

The line is the browser's own emulation: each request waits a round trip, and all share the width.
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ViewportSize

from benchmarks.in_browser import chromium, scripts
from tests.browser.conftest import PHONE

_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
_SLOWER = 4
_PATIENCE_MS = 60_000
_WATCH = """
window.seen = {};
const note = (name) => (seen[name] ??= performance.timeOrigin + performance.now());
const look = () => {
  const words = document.querySelector(".deck-post .caption");
  if (words?.getClientRects().length && !seen.words) requestAnimationFrame(() => note("words"));
  const picture = document.querySelector(".review-pictures img");
  if (picture?.complete && picture.naturalWidth) note("picture");
  if (document.querySelector(".deck-bar button:enabled")) note("buttons");
  if (document.querySelector("[data-bare]")) note("bare");
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
_BARE = "<!doctype html><title>Bare</title><p data-bare>Fresh buns from six."


@dataclass
class Opened:
    """Milliseconds from the tap on the link."""

    bare: list[float] = field(default_factory=list[float])
    """A page of one sentence behind as many redirects as the link has: the line's own share."""
    words: list[float] = field(default_factory=list[float])
    picture: list[float] = field(default_factory=list[float])
    buttons: list[float] = field(default_factory=list[float])
    """From then on one can decide."""
    js: list[str] = field(default_factory=list[str])


def opened_on_a_phone(link: str, times: int) -> Opened:
    found = Opened()
    with chromium() as browser:
        for _ in range(times):
            found.bare.append(_visit(browser, "http://bare.example/", ["bare"])["bare"])
            seen = _visit(browser, link, ["words", "picture", "buttons"])
            found.words.append(seen["words"])
            found.picture.append(seen["picture"])
            found.buttons.append(seen["buttons"])
            found.js = seen["js"]
    return found


def _visit(browser: Browser, address: str, awaited: list[str]) -> dict[str, Any]:
    context = browser.new_context(
        viewport=ViewportSize(width=PHONE["width"], height=PHONE["height"]),
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        locale="en-GB",
    )
    context.route(
        "http://bare.example/**",
        lambda route: route.fulfill(body=_BARE, content_type="text/html"),
    )
    page = context.new_page()
    page.add_init_script(_WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    tapped: float = page.evaluate("performance.timeOrigin + performance.now()")
    page.goto(address, wait_until="commit")
    page.wait_for_function(
        "(awaited) => awaited.every((name) => seen[name])", arg=awaited, timeout=_PATIENCE_MS
    )
    seen = {name: at - tapped for name, at in page.evaluate("seen").items()}
    seen["js"] = scripts(page)
    context.close()
    return seen
