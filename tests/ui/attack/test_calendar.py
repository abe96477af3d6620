"""The calendar, as a browser speaks to it: what is in view, moves, refusals, days and ideas."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.models import Post
from postboard.domain.content import Words
from postboard.domain.ideas import NewIdea
from postboard.domain.workflow import State
from postboard.services import ideas, posts
from postboard.services.posts import NewPost
from tests.ui.attack.browser import Frame, Tab, events, opened
from tests.ui.attack.stage import Stage
from tests.world import found

STATE = "reflex___state____state.postboard___ui___pages___calendar___state____calendar_state"
DAY = "reflex___state____state.postboard___ui___pages___calendar___day____day_state"
PAGE = "/calendar/"
FAR = timedelta(days=400)
"""Ahead of everything else on this stage."""


@pytest.fixture
def at() -> datetime:
    return (datetime.now(UTC) + FAR).replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def post_id(stage: Stage, at: datetime) -> UUID:
    return draft(stage, at)


def draft(stage: Stage, at: datetime, networks: tuple[str, ...] = ("x",)) -> UUID:
    with stage.database.write() as session:
        new = NewPost(Words("A row of buns", networks=networks), at)
        return posts.create(
            session, stage.world.ana, stage.world.acme.id, new, now=datetime.now(UTC)
        )


def in_view(at: datetime, days: int = 3) -> dict[str, str]:
    since, until = at - timedelta(days=days), at + timedelta(days=days)
    return {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}", "language": "en"}


def told(frames: list[Frame]) -> dict[str, Any]:
    """What the calendar is told, by what it is about; a toast's sentence under `toast`."""
    said: dict[str, Any] = {}
    for code in events(frames):
        if call := re.search(r"calendar\?\.\(\.\.\.(\[.*\])\)", code):
            what, *values = json.loads(call[1])
            said[what] = values[0] if len(values) == 1 else values
        elif "toast" in code and (english := re.search(r'"?en"?\]?: ?"([^"]*)"', code)):
            said.setdefault("toast", []).append(english[1])
        elif "toast" in code:
            said.setdefault("toast", []).append(code)
    return said


def ids(answer: dict[str, Any]) -> list[str]:
    return [row[0] for row in answer["view"]["rows"]]


def call(tab: Tab, handler: str, /, **payload: Any) -> dict[str, Any]:
    return told(tab.call(f"{STATE}.{handler}", payload, PAGE))


def test_only_the_days_in_view_are_told_and_under_the_filters(
    stage: Stage, post_id: UUID, at: datetime
) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben), page=PAGE) as tab:
        shown = call(tab, "look", asked=7, in_view=in_view(at))["show"]
        assert (shown["asked"], post_id.hex in ids(shown)) == (7, True)
        other = call(tab, "look", asked=8, in_view=in_view(at - timedelta(days=30)))["show"]
        assert ids(other) == []
        assert call(tab, "narrow", name="network", value="instagram") == {
            "filtered": {"network": "instagram"}
        }
        assert post_id.hex not in ids(call(tab, "look", asked=9, in_view=in_view(at))["show"])
        assert call(tab, "widen") == {"filtered": {}}
        assert call(tab, "narrow", name="state", value="draft") == {"filtered": {"state": "draft"}}
        assert post_id.hex in ids(call(tab, "look", asked=10, in_view=in_view(at))["show"])


def test_a_move_is_answered_with_the_row_and_the_way_back(
    stage: Stage, post_id: UUID, at: datetime
) -> None:
    wall = f"{at + timedelta(days=1):%Y-%m-%dT10:00}"
    with (
        opened(stage.address, stage.cookie(stage.world.cora), page=PAGE) as tab,
        opened(stage.address, stage.cookie(stage.world.ben), page=PAGE) as other,
    ):
        asked = {"post_id": post_id.hex, "version": 1, "at": wall, "in_view": in_view(at)}
        answer = call(tab, "move", **asked)
        assert answer["patch"]["answered"] == post_id.hex
        assert answer["patch"]["undo"] == {"version": 2, "at": f"{at:%Y-%m-%dT%H:%MZ}"}
        assert ids(answer["patch"]) == [post_id.hex]
        refused = call(tab, "move", **asked)
        assert ids(refused["patch"]) == [post_id.hex]
        assert "undo" not in refused["patch"]
        assert "changed this meanwhile" in refused["toast"][0]
        back = {**asked, "version": 2, "at": answer["patch"]["undo"]["at"]}
        assert call(tab, "move", **back)["patch"]["undo"]
        assert found(stage.database, stage.world.ana, post_id).planned_at == at
        not_theirs = call(other, "move", **{**back, "version": 3})
        assert "does not allow" in not_theirs["toast"][0]
        assert not_theirs["patch"]["answered"] == post_id.hex


def test_a_move_next_to_another_post_is_warned_of(stage: Stage, at: datetime) -> None:
    day = at + timedelta(days=20)
    draft(stage, day, ("threads",))
    post_id = draft(stage, day + timedelta(days=1), ("threads",))
    with opened(stage.address, stage.cookie(stage.world.cora), page=PAGE) as tab:
        asked = {"post_id": post_id.hex, "version": 1, "in_view": in_view(day)}
        answer = call(tab, "move", **asked, at=f"{day + timedelta(minutes=5):%Y-%m-%dT%H:%MZ}")
        again = call(tab, "refresh", post_ids=[], in_view=in_view(day))["patch"]
    assert "same network" in answer["toast"][0]
    assert [one["later"] for one in again["days"]["close"]] == [post_id.hex]


def test_what_has_left_the_days_in_view_is_gone(stage: Stage, post_id: UUID, at: datetime) -> None:
    with opened(stage.address, stage.cookie(stage.world.ben), page=PAGE) as tab:
        span = in_view(at - timedelta(days=60))
        answer = call(tab, "refresh", post_ids=[post_id.hex], in_view=span)["patch"]
        assert (answer["ids"], ids(answer)) == ([post_id.hex], [])
        assert call(tab, "peek", post_id=post_id.hex)["peeked"]["text"] == "A row of buns"
        slot = call(tab, "next_free", post_id=post_id.hex)["free"]
        assert slot[0] == post_id.hex


def test_an_idea_and_a_day_become_a_post_there(stage: Stage, at: datetime) -> None:
    with stage.database.write() as session:
        new = NewIdea("The oven at night")
        idea_id = ideas.add(
            session, stage.world.cleo, stage.world.acme.id, new, now=datetime.now(UTC)
        )
    with opened(stage.address, stage.cookie(stage.world.cora), page=PAGE) as tab:
        wall = f"{at:%Y-%m-%dT11:00}"
        asked = {"idea_id": idea_id.hex, "version": 1, "at": wall, "in_view": in_view(at)}
        placed = call(tab, "place", **asked)
        assert ids(placed["patch"]) == [placed["placed"]]
        assert "changed this meanwhile" in call(tab, "place", **asked)["toast"][0]
        day = f"{at + timedelta(days=2):%Y-%m-%d}"
        tab.call(f"{DAY}.open", {"day": day, "time": "", "client": "ACME"}, PAGE)
        form = {"client": "ACME", "caption": "Made on a day", "day": day, "time": "18:30"}
        made = told(tab.call(f"{DAY}.add", {"form": form}, PAGE))
        closing = {"client": "ACME", "first": day, "last": day, "name": "Stocktaking"}
        assert "reload" in told(tab.call(f"{DAY}.black_out", {"form": closing}, PAGE))
        notes = call(tab, "look", asked=1, in_view=in_view(at))["show"]["days"]["notes"]
        closed = {"day": day, "kind": "blackout", "name": "Stocktaking", "clients": ["ACME"]}
        assert closed in notes
        opening = {"client": "ACME", "day": day}
        assert "reload" in told(tab.call(f"{DAY}.open_again", opening, PAGE))
        notes = call(tab, "look", asked=2, in_view=in_view(at))["show"]["days"]["notes"]
        assert closed not in notes
    with stage.database.read() as session:
        state = session.execute(select(col(Post.state)).where(col(Post.id) == UUID(made["ask"])))
        assert state.scalar_one() == State.DRAFT


def test_nothing_is_foretold_without_a_history_and_nothing_of_others(
    stage: Stage, post_id: UUID
) -> None:
    for actor in (stage.world.ben, stage.world.bodil):
        with opened(stage.address, stage.cookie(actor), page=PAGE) as tab:
            assert call(tab, "look_ahead", post_ids=[post_id.hex]) == {"foretell": {}}
