"""What Lighthouse says of the client's page: `python -m benchmarks.lighthouse [--quick]`.

A phone on a slow line, as Lighthouse simulates it, opens a reviewer's page. Needs npm, which
installs Lighthouse into a folder of this run, and Chromium. Nothing fails by being slow.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import sync_playwright

from benchmarks import ground
from benchmarks.in_browser import watched_scripts
from benchmarks.measures import Measure, Sizes, gz_kb, measure, serving
from benchmarks.performance import measure_posts
from benchmarks.report import run
from postboard.domain.content import Media, Words
from postboard.domain.workflow import State
from postboard.services import clients
from postboard.session_cookie import cookie_name
from tests.browser.server import Server, free_port
from tests.conftest import FLAGS
from tests.world import bring_to, cookie_of

_RELEASE: Final = "lighthouse@12.8.2"
"""The last line that runs on Node.js 20."""
_PATIENCE_S: Final = 240
_CAPTION: Final = (
    "Two farms in Huila, one in Sidama: red apple first, cocoa last. Come by from six; until"
    " eight the coffee is on us, and the buns are warm."
)
_WAITING: Final = 5
_SCORES: Final = {"performance": 85, "accessibility": 100, "best-practices": None}
_AUDITS: Final = {
    "first-contentful-paint": ("first paint with content", "ms", None),
    "largest-contentful-paint": ("largest paint", "ms", 2500),
    "total-blocking-time": ("blocked in total", "ms", 200),
    "cumulative-layout-shift": ("layout shift", "", 0.01),
    "speed-index": ("speed index", "ms", None),
}
_SHOWN: Final = 12
"""How many findings are printed, the heaviest first."""


def opened_by_link(sizes: Sizes, folder: Path) -> list[Measure]:
    """The way from the mail, with the link's redirect."""
    return _opened("by the link", lambda _server, link: (link, {}), sizes, folder)


def opened_again(sizes: Sizes, folder: Path) -> list[Measure]:
    """The page itself, by somebody whom the link has signed in already."""

    def review(server: Server, _link: str) -> tuple[str, dict[str, str]]:
        token = cookie_of(server.database, server.world.cleo, ground.now())
        return "/review/", {cookie_name(secure=False): token}

    return _opened("signed in", review, sizes, folder)


def performance(sizes: Sizes, folder: Path) -> list[Measure]:
    """The manager's page with a year of figures; only what everybody can read counts."""

    def charts(server: Server, _link: str) -> tuple[str, dict[str, str]]:
        measure_posts(server.database, server.world, ground.now())
        token = cookie_of(server.database, server.world.ana, ground.now())
        return "/performance/?period=12weeks", {cookie_name(secure=False): token}

    quick = replace(sizes, quick=True)
    return _opened("performance", charts, quick, folder)


def _opened(
    how: str,
    door: Callable[[Server, str], tuple[str, dict[str, str]]],
    sizes: Sizes,
    folder: Path,
) -> list[Measure]:
    program = _installed(folder)
    with serving(folder) as server:
        link = _link(server)
        reports: list[Mapping[str, Any]] = []
        for _ in range(sizes.of(5, 1)):
            path, cookies = door(server, link)
            with _phone(folder, server.url, cookies) as port:
                reports.append(_report(program, server.url + path, port, folder))
    print(_findings(reports[-1]))
    machine = [report["environment"]["benchmarkIndex"] for report in reports]
    scores = [
        measure(f"{how}: {name}", "of 100", _scored(reports, name), target, at_least=True)
        for name, target in _SCORES.items()
    ]
    audits = [
        measure(f"  … {says}", unit, _found(reports, audit), target)
        for audit, (says, unit, target) in _AUDITS.items()
    ]
    return [
        measure("floor: Lighthouse's own measure of this machine", "", machine),
        *scores,
        *audits,
    ]


def scripts(sizes: Sizes, folder: Path) -> list[Measure]:
    client = sizes.frontend / "build" / "client"
    with serving(folder) as server:
        _link(server)
        loaded = watched_scripts(server, {"review": (server.world.cleo, "/review")})["review"]
    return [measure("JS of /review, gz (loaded before a tap)", "KB", [gz_kb(client, loaded)], 190)]


def _installed(folder: Path) -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm")
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([npm, "install", *quiet, "--prefix", folder, _RELEASE], check=True)
    return str(folder / "node_modules" / ".bin" / "lighthouse")


def _link(server: Server) -> str:
    """Cleo's, with posts behind it whose pictures this server has."""
    cast, database = server.world, server.database
    for number in range(_WAITING):
        bring_to(
            database,
            cast.acme.id,
            State.CLIENT_REVIEW,
            staff=cast.ana,
            reviewer=cast.cleo,
            holder=cast.ben,
            words=Words(
                f"{_CAPTION} {number}",
                networks=("instagram", "facebook"),
                media=(Media("/demo/acme-beans.svg", "Beans in a hand"),),
            ),
            now=ground.now() - timedelta(days=1),
        )
    if cast.cleo.user_id is None:
        raise LookupError
    with database.write() as session:
        token = clients.make_review_link(
            session, cast.ana, cast.acme.id, cast.cleo.user_id, now=ground.now()
        )
    return f"/link/{token}"


@contextmanager
def _phone(folder: Path, url: str, cookies: Mapping[str, str]) -> Generator[int]:
    """A browser that has seen nothing yet but these cookies; where it is spoken to.

    Headers given to Lighthouse would not reach the page's websocket, cookies of the browser do.
    """
    port = free_port()
    path = os.environ.get("POSTBOARD_CHROMIUM") or shutil.which("chromium")
    with (
        TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own,
        sync_playwright() as playwright,
    ):
        context = playwright.chromium.launch_persistent_context(
            own, executable_path=path, args=[*FLAGS, f"--remote-debugging-port={port}"]
        )
        context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
        yield port
        context.close()


def _report(program: str, address: str, port: int, folder: Path) -> Mapping[str, Any]:
    path = folder / "report.json"
    subprocess.run(
        [
            *(program, address, "--quiet", "--output=json", f"--output-path={path}"),
            *(f"--only-categories={','.join(_SCORES)}", f"--port={port}"),
            "--disable-storage-reset",
        ],
        check=True,
        timeout=_PATIENCE_S,
    )
    return json.loads(path.read_text("utf-8"))


def _scored(reports: list[Mapping[str, Any]], category: str) -> list[float]:
    return [100 * report["categories"][category]["score"] for report in reports]


def _found(reports: list[Mapping[str, Any]], audit: str) -> list[float]:
    return [report["audits"][audit]["numericValue"] for report in reports]


def _findings(report: Mapping[str, Any]) -> str:
    """What is not as it should be, by what it costs its category."""
    lines: list[tuple[float, str]] = []
    for name, category in report["categories"].items():
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            score = audit["score"]
            if score is None or score >= 0.9 or not part["weight"]:
                continue
            lost = part["weight"] * (1 - score)
            said = f"{name}: {audit['title']} {audit.get('displayValue', '')}".rstrip()
            lines.append((lost, said))
    lines.sort(reverse=True)
    return "\n".join(said for _, said in lines[:_SHOWN]) or "Lighthouse finds nothing."


PARTS: dict[str, Callable[[Sizes, Path], list[Measure]]] = {
    "link": opened_by_link,
    "signed in": opened_again,
    "scripts": scripts,
    "performance": performance,
}


if __name__ == "__main__":
    run("benchmarks.lighthouse", __doc__, PARTS)
