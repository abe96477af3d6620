"""Limits of work in progress: who gives and sees them, and where going over one is said."""

import pytest

from postboard.charts import flow_ageing
from postboard.db.engine import Database
from postboard.db.queries import wip_limits as query
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import Filter
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import flow_charts, week_in_words, wip_limits
from postboard.services.look import Look
from tests.world import NOW, World, at_once

ONE = {State.INTERNAL_REVIEW: 1}
TODAY = Period(NOW.date(), NOW.date())


def give(
    database: Database,
    who: Actor,
    client: str,
    limits: dict[State, int],
    was: dict[State, int] | None = None,
) -> None:
    """`was`: what they had before their eyes; None is what holds."""
    with database.write() as session:
        seen = query.of_client(session, who, client) if was is None else was
        wip_limits.give(session, who, client, limits, was=seen, now=NOW)


def known(database: Database, who: Actor, asked: FlowFilters) -> dict[State, int]:
    with database.read() as session:
        return query.beside(session, who, asked)


def test_the_newest_are_what_counts_of_a_client_or_of_the_agency(
    database: Database, world: World
) -> None:
    give(database, world.aron, "ACME", {State.INTERNAL_REVIEW: 4, State.CLIENT_REVIEW: 9})
    give(database, world.ana, "ACME", ONE)
    give(database, world.ana, "", {State.CLIENT_REVIEW: 20})
    assert known(database, world.ben, FlowFilters("ACME")) == ONE
    assert known(database, world.ana, FlowFilters()) == {State.CLIENT_REVIEW: 20}
    give(database, world.ana, "", {})
    assert known(database, world.ana, FlowFilters()) == {}


@pytest.mark.parametrize("client", ["ACME", ""])
def test_of_two_who_give_limits_the_second_one_is_told(
    database: Database, world: World, client: str
) -> None:
    other = {State.CLIENT_REVIEW: 5}
    give(database, world.ana, client, ONE, {})
    with pytest.raises(Stale):
        give(database, world.alma, client, other, {})
    assert query_of(database, world.ana, client) == ONE
    give(database, world.ana, client, {}, ONE)
    results = at_once(
        lambda: give(database, world.ana, client, ONE, {}),
        lambda: give(database, world.alma, client, other, {}),
    )
    assert [type(one) for one in results if one] == [Stale]
    assert query_of(database, world.ana, client) in (ONE, other)


def query_of(database: Database, who: Actor, client: str) -> dict[State, int]:
    with database.read() as session:
        return query.of_client(session, who, client)


def test_a_part_of_the_posts_has_no_limit(database: Database, world: World) -> None:
    give(database, world.ana, "", ONE)
    give(database, world.ana, "ACME", ONE)
    # Ben sees one client: all that he sees is not all that the agency's limit counts.
    assert known(database, world.ben, FlowFilters()) == {}
    for part in ("network", "campaign", "pillar", "person"):
        assert known(database, world.ana, FlowFilters("ACME", **{part: "x"})) == {}


def test_only_staff_of_the_client_see_them_and_only_its_managers_give_them(
    database: Database, world: World
) -> None:
    give(database, world.aron, "ACME", ONE)
    for stranger in (world.bodil, world.cleo, world.vera, world.dora):
        assert known(database, stranger, FlowFilters("ACME")) == {}
        with pytest.raises(NotFound):
            give(database, stranger, "ACME", {})
        with pytest.raises(NotAllowed):
            give(database, stranger, "", ONE)
    for colleague in (world.ben, world.cora, world.dina, world.iris):
        with pytest.raises(NotAllowed):
            give(database, colleague, "ACME", {})
    with pytest.raises(NotAllowed):
        give(database, world.aron, "", ONE)
    assert known(database, world.ana, FlowFilters("ACME")) == ONE
    assert known(database, world.ana, FlowFilters()) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {State.CLIENT_REVIEW: 0},
        {State.CLIENT_REVIEW: -1},
        {State.CLIENT_REVIEW: 10_000},
        {State.DRAFT: 3},
        {State.PUBLISHED: 3},
    ],
)
def test_what_is_no_limit_is_refused(
    database: Database, world: World, wrong: dict[State, int]
) -> None:
    with pytest.raises(BadInput):
        give(database, world.aron, "ACME", wrong)


def test_going_over_one_is_said_in_figures_chart_and_words(
    database: Database, world: World
) -> None:
    """Each of both clients has one post of its own with it."""
    both = Look(TODAY)
    give(database, world.ana, "", {State.CLIENT_REVIEW: 2})
    assert _said(database, world, both) == ("", [])
    give(database, world.ana, "", {State.CLIENT_REVIEW: 1})
    assert _said(database, world, both) == (
        "Client review: 2 of at most 1, over the limit",
        ["“Client review” holds 2 posts, over its limit of 1."],
    )
    one = Look(TODAY, Filter("ACME"), FlowFilters("ACME"))
    assert _said(database, world, one) == ("", [])


def _said(database: Database, world: World, look: Look) -> tuple[str, list[str]]:
    """What a figure and the chart have in common, and lines of the week."""
    with database.read() as session:
        charts, figures = flow_charts.charts_and_figures(session, world.ana, look, now=NOW)
        groups = week_in_words.week(session, world.ana, look, now=NOW)
    ageing = next(chart for chart in charts if chart.key == flow_ageing.KEY)
    wip = next(one for one in figures if one.key == "wip")
    over = [fact for fact in ageing.notes if fact in wip.facts]
    [stuck] = [group for group in groups if group.key == "stuck"]
    lines = [str(line.says) for line in stuck.lines if line.tone == "bad"]
    return "".join(map(str, over)), lines
