"""The page's charts: of whose posts, narrowed how, and what a mark leads to."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from postboard.charts import best_posts
from postboard.charts.figure import for_browser
from postboard.charts.in_words import Group, Line
from postboard.charts.spec import BYTES_MAX, Chart, says, size
from postboard.db.engine import Database
from postboard.db.models import Pillar
from postboard.db.queries import measured
from postboard.db.queries.flow import FlowFilters
from postboard.db.queries.measured import Filter
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.periods import Period
from postboard.domain.permissions import Actor
from postboard.locale import N_
from postboard.services import flow_charts, performance, posts_behind, week_in_words
from postboard.services.look import Look
from tests.exports import INSTAGRAM, commit, instagram, written
from tests.world import NOW, World, count_queries

FEBRUARY = Look(Period(date(2026, 2, 1), date(2026, 2, 28)))
TEXT = "Buns that nobody else may read of"


@pytest.fixture
def figures(database: Database, world: World, tmp_path) -> None:
    rows = [instagram(n, text=f"{TEXT} {n}", likes=str(10 * n)) for n in range(1, 7)]
    commit(database, world.ana, written(tmp_path, "export.csv", INSTAGRAM, rows))


def charts(database: Database, who: Actor, look: Look = FEBRUARY) -> list[Chart]:
    with database.read() as session:
        return performance.charts_of_posts(session, who, look, now=NOW)


def drawn(database: Database, who: Actor, look: Look = FEBRUARY) -> list[str]:
    return [one.key for one in charts(database, who, look) if not one.empty]


@pytest.mark.usefixtures("figures")
def test_staff_of_the_client_see_its_figures_and_nobody_else_does(
    database: Database, world: World
) -> None:
    for who in (world.alma, world.ana, world.aron, world.ben, world.dina):
        assert "against_benchmark" in drawn(database, who)
    for stranger in (world.bodil, world.cleo, world.vera, world.dora):
        assert drawn(database, stranger) == []
        assert TEXT not in str([for_browser(one) for one in charts(database, stranger)])


def test_an_address_that_is_none_of_the_web_leads_nowhere(
    database: Database, world: World, tmp_path
) -> None:
    links = ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", " vbscript:x", "/x")
    good = "HTTPS://www.instagram.com/p/code9/"
    rows = [instagram(n, link=link) for n, link in enumerate((*links, good), start=1)]
    commit(database, world.ana, written(tmp_path, "export.csv", INSTAGRAM, rows))
    with database.read() as session:
        ids = [post.id for post in measured.measured_posts(session, world.ana)]
        hrefs = {one.href for one in posts_behind.behind(session, world.ana, ids)}
    assert hrefs == {"", good}


def test_what_a_strangers_pillar_is_called_is_not_told(database: Database, world: World) -> None:
    pillar_id = uuid4()
    with database.write() as session:
        session.add(Pillar(id=pillar_id, client_id=world.borealis.id, name="Northern lights"))
    flow = FlowFilters(client="ACME", pillar=pillar_id.hex)
    with database.read() as session:
        told = [performance.asked_of(session, who, flow) for who in (world.ana, world.aron)]
    assert told == [
        Filter(client="ACME", pillar="Northern lights"),
        Filter(client="ACME", pillar="-"),
    ]


@pytest.mark.usefixtures("figures")
def test_filters_narrow_every_chart(database: Database, world: World) -> None:
    for asked in (
        Filter(client="BORE"),
        Filter(network="x"),
        Filter(person=str(world.ben.user_id)),
    ):
        assert "best_posts" not in drawn(database, world.ana, Look(FEBRUARY.period, asked))
    assert "best_posts" in drawn(
        database, world.ana, Look(FEBRUARY.period, Filter(client="ACME", network="instagram"))
    )


@pytest.mark.usefixtures("figures")
def test_a_mark_leads_to_its_posts_for_whoever_may_see_them(
    database: Database, world: World
) -> None:
    with database.read() as session:
        chart = performance.chart(session, world.ana, best_posts.KEY, FEBRUARY, now=NOW)
        assert chart
        found = performance.behind(session, world.ana, best_posts.KEY, (0, 0, 0), FEBRUARY, now=NOW)
    assert [(post.text, post.network, post.outside) for post in found.posts] == [
        (f"{TEXT} 6", "instagram", True)
    ]
    assert found.posts[0].said == (
        says(N_("Interactions: {n}"), n="63"),
        says(N_("Times shown: {n}"), n="100"),
        says(N_("Reach: {n}"), n="80"),
    )
    assert found.posts[0].id not in str(for_browser(chart))
    for who, place in ((world.bodil, (0, 0, 0)), (world.cleo, (0, 0, 0)), (world.ana, (0, 0, 99))):
        with pytest.raises(NotFound), database.read() as session:
            performance.behind(session, who, best_posts.KEY, place, FEBRUARY, now=NOW)
    with pytest.raises(NotFound), database.read() as session:
        performance.behind(session, world.ana, "no chart", (0, 0, 0), FEBRUARY, now=NOW)


def test_without_figures_every_chart_says_so_and_what_to_do(
    database: Database, world: World
) -> None:
    # What was planned here is there all the same.
    look = Look(Period(date(2026, 1, 1), date(2026, 1, 31)))
    found = charts(database, world.ana, look)
    assert [one.key for one in found] == list(performance.OF_POSTS)
    assert all(one.empty and one.empty.doing for one in found)


def test_the_week_is_told_of_now_too(database: Database, world: World) -> None:
    with database.read() as session:
        groups = week_in_words.week(session, world.ana, FEBRUARY, now=NOW + timedelta(days=10))
    assert [group.key for group in groups] == ["changed", "made_it", "stuck", "ahead"]
    late = {line.href for line in _group(groups, "ahead").lines if line.tone == "bad"}
    assert late
    assert all(href.startswith("/post/?key=") for href in late)
    assert _group(groups, "made_it").lines == (
        Line(
            N_("No figures of posts of these days. Import the networks’ exports."),
            "/performance/import/",
        ),
    )
    with database.read() as session:
        for stranger in (world.cleo, world.dora):
            groups = week_in_words.week(session, stranger, FEBRUARY, now=NOW + timedelta(days=10))
            assert [line.tone for line in _group(groups, "ahead").lines] == [""]


def test_flow_is_of_the_agencys_own_side(database: Database, world: World) -> None:
    look = Look(Period(date(2026, 3, 1), date(2026, 3, 2)), flow=FlowFilters(client="ACME"))
    with database.read() as session:
        drawn, _ = flow_charts.charts_and_figures(session, world.ana, look, now=NOW)
        assert [one.key for one in drawn] == list(flow_charts.MAKERS)
        assert "flow_ageing" in {one.key for one in drawn if not one.empty}
        theirs, _ = flow_charts.charts_and_figures(session, world.cleo, look, now=NOW)
        assert all(one.empty for one in theirs)
        ahead = Look(Period(date(2027, 3, 1), date(2027, 3, 2)))
        with pytest.raises(BadInput):
            flow_charts.charts_and_figures(session, world.ana, ahead, now=NOW)


@pytest.mark.usefixtures("figures")
def test_charts_stay_small_and_cost_the_same_for_one_post_and_for_many(
    database: Database, world: World, tmp_path
) -> None:
    with count_queries(database) as few:
        charts(database, world.ana)
    rows = [instagram(n, text=f"{TEXT} {n}") for n in range(10, 400)]
    commit(database, world.ana, written(tmp_path, "more.csv", INSTAGRAM, rows))
    with count_queries(database) as many:
        found = charts(database, world.ana)
    assert len(many) == len(few)
    assert {one.key: size(one) <= BYTES_MAX for one in found} == {one.key: True for one in found}


def _group(groups: list[Group], key: str) -> Group:
    return next(group for group in groups if group.key == key)
