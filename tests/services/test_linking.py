"""Which post of ours a measured one is, as somebody says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Post
from postboard.db.queries import linking, measured
from postboard.db.queries.linking import Linking, Offer, Outside
from postboard.db.queries.measured import Filter
from postboard.domain.errors import NotAllowed, NotFound, Stale
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import metrics_undo
from tests.exports import INSTAGRAM, commit, instagram, preview, written
from tests.world import NOW, World, at_once, count_queries

LATER = NOW + timedelta(days=7)
WORDS = "Acme secret of the scheduled post"


@pytest.fixture
def came_in(database: Database, world: World, tmp_path: Path):
    """Of a post that Acme has, as scheduled for the fifth of March, and of one that it has not."""
    told = instagram(1, text="Buns, told in other words", at="03/05/2026 18:30")
    return commit(
        database,
        world.ana,
        written(tmp_path, "1.csv", INSTAGRAM, [told, instagram(2, at="03/20/2024 9:00")]),
    )


def test_posts_planned_about_then_are_offered_and_others_are_searched_for(
    database: Database, world: World, came_in
) -> None:
    measured_id = _ids(database, world)["Buns, told in other words"]
    scheduled = _row(database, world.acme.posts[State.SCHEDULED])
    offer = Offer(
        id=scheduled.id.hex,
        key=f"ACME-{scheduled.number}",
        text="Acme scheduled",
        state=State.SCHEDULED,
        planned_at=scheduled.planned_at,
    )
    seen = _linking(database, world.cora, measured_id)
    assert len(seen.offers) == linking.OFFERED
    assert {one.planned_at for one in seen.offers} == {scheduled.planned_at}
    assert _linking(database, world.cora, _ids(database, world)["Post 2"]).offers == ()
    for asked in ("SCHEDULED POST", f"acme-{scheduled.number}", f" {scheduled.number} "):
        seen = _linking(database, world.cora, measured_id, asked)
        assert seen == Linking(
            id=measured_id.hex,
            text="Buns, told in other words",
            network="instagram",
            published_at=datetime(2026, 3, 5, 17, 30, tzinfo=UTC),
            zone="Europe/Berlin",
            key="",
            post_id="",
            offers=(offer,),
        )
    nobodys = ("Borealis secret", f"BORE-{scheduled.number}", "100%", "9" * 40, "-")
    assert [_linking(database, world.ana, measured_id, asked).offers for asked in nobodys] == [
        ()
    ] * len(nobodys)


def test_what_is_said_is_seen_and_no_later_import_knows_better(
    database: Database, world: World, came_in, tmp_path: Path
) -> None:
    of_acme = world.acme.posts[State.SCHEDULED]
    key = f"ACME-{_row(database, of_acme).number}"
    measured_id = _ids(database, world)["Buns, told in other words"]
    assert _outside(database, world.ana, came_in.import_id) == (
        [("Buns, told in other words", ""), ("Post 2", "")],
        False,
    )
    _link(database, world.cora, measured_id, of_acme)
    assert _outside(database, world.ana, came_in.import_id)[0][0][1] == key
    seen = _linking(database, world.ana, measured_id)
    assert (seen.key, seen.post_id) == (key, of_acme.hex)
    _link(database, world.cora, measured_id, None, was=of_acme)
    # The next export has its very words, and its day.
    file = written(tmp_path, "2.csv", INSTAGRAM, [instagram(1, text=WORDS, at="03/05/2026 18:30")])
    seen = preview(database, world.ana, file)
    assert (seen.updated, seen.linked, seen.to_confirm, seen.external) == (1, {}, 0, 1)
    commit(database, world.ana, file, now=LATER, confirmed={2})
    assert [post.key for post in _posts(database, world)] == ["", ""]
    with database.read() as session:
        facts = session.execute(
            select(col(Event.actor_name), col(Event.content))
            .where(col(Event.kind) == "client.metrics_linked")
            .order_by(col(Event.id))
        ).all()
    said = {"metric_post": measured_id.hex}
    assert [tuple(one) for one in facts] == [
        ("Cora", {**said, "from": "", "to": of_acme.hex}),
        ("Cora", {**said, "from": of_acme.hex, "to": ""}),
    ]


def test_of_two_who_say_which_post_it_is_the_second_one_is_told(
    database: Database, world: World, came_in
) -> None:
    measured_id = _ids(database, world)["Post 2"]
    first, second = (world.acme.posts[one] for one in (State.PUBLISHED, State.SCHEDULED))
    _link(database, world.cora, measured_id, first)
    with pytest.raises(Stale):
        _link(database, world.ana, measured_id, second)
    with pytest.raises(Stale):
        _link(database, world.ana, measured_id, None)
    assert _linking(database, world.ana, measured_id).post_id == first.hex
    _link(database, world.ana, measured_id, None, was=first)
    results = at_once(
        lambda: _link(database, world.cora, measured_id, first),
        lambda: _link(database, world.ana, measured_id, second),
    )
    assert [type(one) for one in results if one] == [Stale]


def test_only_those_who_bring_figures_in_are_offered_posts(
    database: Database, world: World, came_in
) -> None:
    measured_id = _ids(database, world)["Buns, told in other words"]
    with pytest.raises(NotAllowed):
        _linking(database, world.ben, measured_id)
    for stranger in (world.dora, world.bodil, world.cleo):
        with pytest.raises(NotFound):
            _linking(database, stranger, measured_id, "secret")
    for actor in (world.ben, world.dora, world.bodil, world.cleo):
        assert _outside(database, actor, came_in.import_id) == ([], False)


def test_a_search_is_two_queries_and_a_list_is_one(
    database: Database, world: World, came_in
) -> None:
    measured_id = _ids(database, world)["Post 2"]
    with database.read() as session:
        session.connection()
        with count_queries(database) as sent:
            linking.linking(session, world.ana, measured_id, "post")
        assert len(sent) == 2
        with count_queries(database) as sent:
            linking.outside_of(session, world.ana, came_in.import_id)
        assert len(sent) == 1


def _linking(database: Database, actor: Actor, measured_id: UUID, asked: str = "") -> Linking:
    with database.read() as session:
        return linking.linking(session, actor, measured_id, asked)


def _outside(
    database: Database, actor: Actor, import_id: UUID
) -> tuple[list[tuple[str, str]], bool]:
    with database.read() as session:
        posts, more = linking.outside_of(session, actor, import_id)
    assert {type(post) for post in posts} <= {Outside}
    return [(post.text, post.key) for post in posts], more


def _link(
    database: Database,
    actor: Actor,
    measured_id: UUID,
    post_id: UUID | None,
    was: UUID | None = None,
) -> None:
    with database.write() as session:
        metrics_undo.link(session, actor, measured_id, post_id, was=was, now=NOW)


def _row(database: Database, post_id: UUID) -> Post:
    with database.read() as session:
        return session.execute(select(Post).where(col(Post.id) == post_id)).scalar_one()


def _posts(database: Database, world: World) -> list[measured.MeasuredPost]:
    with database.read() as session:
        return measured.measured_posts(session, world.ana, Filter(client="ACME"))


def _ids(database: Database, world: World) -> dict[str, UUID]:
    return {post.text: UUID(post.id) for post in _posts(database, world)}
