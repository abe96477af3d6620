"""Performance, as a browser speaks to it: addresses of nonsense, marks and charts of others."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from postboard.services.performance import FLOW, OF_FLOW, OF_POSTS, POSTS, WEEK
from tests.ui.attack.browser import Frame, Tab, events, opened
from tests.ui.attack.stage import Stage
from tests.ui.attack.test_handlers import FAILED

STATE = "reflex___state____state.postboard___ui___pages___performance___state____performance_state"
GOALS = "reflex___state____state.postboard___ui___pages___performance___goals____goals_state"
PAGE = "/performance/"
PARTS = (WEEK, POSTS, FLOW)
CHARTS = (*OF_POSTS, *OF_FLOW)


def call(tab: Tab, handler: str, page: str = PAGE, /, **payload: Any) -> list[Frame]:
    return tab.call(f"{STATE}.{handler}", payload, page)


def told(frames: list[Frame]) -> dict[str, Any]:
    """What the charts are told, by what it is about."""
    said: dict[str, Any] = {}
    for code in events(frames):
        if found := re.search(r"charts\?\.\(\.\.\.(\[.*\])\)", code):
            what, *values = json.loads(found[1])
            said[what] = values[0] if len(values) == 1 else values
        else:
            said.setdefault("else", []).append(code)
    return said


NONSENSE = (
    "period=nonsense&client=%3Cb%3E&network=myspace&person=x&rank=x&group=x",
    "client=%00&pillar=x%00&campaign=%00&person=%00",
    "client=%ED%A0%80&campaign=%FF",
    f"client={'x' * 3_000}",
    "beside=rival_iq_2024&per=reach&kind=clicks",
    "period=own",
    "period=own&since=0001-01-01&until=0001-01-02",
    "period=own&since=9999-12-30&until=9999-12-31",
    "period=own&since=2000-01-01&until=2100-01-01",
    "period=own&since=2000-01-01&until=2002-01-01",
    "period=own&since=2098-12-31&until=2100-12-31",
    "period=own&since=2026-03-02&until=2026-03-01",
)


@pytest.mark.parametrize("query", NONSENSE)
def test_an_address_of_nonsense_shows_the_page_and_breaks_nothing(stage: Stage, query: str) -> None:
    page = f"{PAGE}?{query}"
    with opened(stage.address, stage.cookie(stage.world.ana), page=page) as tab:
        assert told(call(tab, "load", page))["loaded"] == []
        answers = [call(tab, "look", page, asked=1, part=part) for part in PARTS]
        answers += [call(tab, "file", page, chart=chart, language="en") for chart in CHARTS]
    assert [frame for frames in answers for frame in frames if FAILED in events([frame])] == []


def test_marks_are_of_what_one_may_see_whatever_the_address_names(stage: Stage) -> None:
    """Others' charts were made in this process before: nothing of them is kept for the next."""
    ben, campaign = stage.world.ben.user_id, stage.world.acme.campaign_id
    addresses = (PAGE, f"{PAGE}?client=ACME", f"{PAGE}?person={ben}", f"{PAGE}?campaign={campaign}")
    seen: dict[str, tuple[set[str], bool]] = {}
    people = ("ana", "aron", "bodil", "cleo", "dora")
    for name in people:
        ids, raw = set[str](), ""
        for page in addresses:
            with opened(stage.address, stage.cookie(getattr(stage.world, name))) as tab:
                ids |= {post["id"] for post in _behind(tab, page)}
            raw += "".join(tab.raw)
        seen[name] = ids, "Acme" in raw or "ACME-" in raw
    assert [name for name in people if seen[name][1]] == ["ana", "aron"]
    assert seen["aron"][0]
    assert seen["aron"][0] & seen["bodil"][0] == set()
    assert (seen["cleo"][0], seen["dora"][0]) == (set(), set())


def _behind(tab: Tab, page: str) -> Iterator[dict[str, Any]]:
    """Every post behind the first marks of each chart, and the charts themselves."""
    call(tab, "load", page)
    for part in PARTS:
        call(tab, "look", page, asked=1, part=part)
    for chart in CHARTS:
        call(tab, "numbers", page, chart=chart)
        for series in (0, 1):
            mark = {"panel": 0, "series": series, "mark": 0}
            said = told(call(tab, "behind", page, chart=chart, **mark))
            yield from said.get("behind", {"posts": []})["posts"]


@pytest.mark.parametrize("target", ["nan", "inf", "-1", "0", "1e309", "1e-320", "1e400", "½", ""])
def test_a_goal_of_no_number_is_refused_and_the_goals_are_still_read(
    stage: Stage, target: str
) -> None:
    _refused_goal(stage, {"metric": "rate", "target": target, **_DAYS})


@pytest.mark.parametrize(
    "days",
    [
        {"starts_on": "0001-01-01", "ends_on": "0001-01-02"},
        {"starts_on": "9999-12-30", "ends_on": "9999-12-31"},
        {"starts_on": "2026-03-02", "ends_on": "2026-03-01"},
        {"starts_on": "", "ends_on": "2026-13-45"},
    ],
)
def test_a_goal_of_no_days_is_refused_and_the_goals_are_still_read(
    stage: Stage, days: dict[str, str]
) -> None:
    _refused_goal(stage, {"metric": "posts", "target": "7", **days})


_DAYS = {"starts_on": "2026-03-01", "ends_on": "2026-03-31"}


def _refused_goal(stage: Stage, form: dict[str, str]) -> None:
    before = stage.everything()["goal"]
    with opened(stage.address, stage.cookie(stage.world.ana)) as tab:
        for handler, payload in (("load", {}), ("ask", {}), ("save", {"form": form})):
            frames = tab.call(f"{GOALS}.{handler}", payload, PAGE)
            assert FAILED not in events(frames)
        assert FAILED not in events(tab.call(f"{GOALS}.load", {}, PAGE))
    assert stage.everything()["goal"] == before
