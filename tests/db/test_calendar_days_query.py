"""Beside its posts, what a day of the calendar says: holidays, gaps, clashes; and ideas."""

from datetime import date, timedelta

from postboard.db.engine import Database
from postboard.db.queries import calendar_days, choices
from postboard.db.queries.calendar_days import Close, DayNote, Days, IdeaInTray
from postboard.domain.content import Words
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import Actor
from postboard.domain.posting_times import Times
from postboard.services import ideas, posting_days, posts
from postboard.services.posts import NewPost
from tests.requests import agree, utc
from tests.world import NOW, WORDS, World, count_queries

EASTER = date(2026, 3, 30), date(2026, 4, 7)


def see(
    database: Database, actor: Actor, span: tuple[date, date] = EASTER, *, client: str = ""
) -> Days:
    with database.read() as session:
        clients = [c for c in choices.clients(session, actor) if c.key == (client or c.key)]
        return calendar_days.of_clients(session, actor, clients, *span, language="en", now=NOW)


def test_days_are_told_once_for_all_clients_whom_they_concern(
    database: Database, world: World
) -> None:
    agree(database, world, country="DE", region="BE")
    day = date(2026, 4, 1)
    with database.write() as session:
        asked = (session, world.ana)
        posting_days.black_out(*asked, world.acme.id, day, day, "Stocktaking", now=NOW)
        posting_days.black_out(*asked, world.borealis.id, day, day, "Stocktaking", now=NOW)
    assert see(database, world.ana).notes == [
        DayNote("2026-04-01", "blackout", "Stocktaking", ["ACME", "BORE"]),
        DayNote("2026-04-03", "holiday", "Good Friday", ["ACME"]),
        DayNote("2026-04-06", "holiday", "Easter Monday", ["ACME"]),
    ]
    assert [note.clients for note in see(database, world.bodil).notes] == [["BORE"]]


def test_posting_days_without_a_post_are_told_of_one_client_alone(
    database: Database, world: World
) -> None:
    agree(database, world, country="DE", region="BE")
    with database.write() as session:
        news = [NewPost(WORDS, utc("31T22:30"))]  # the first of April in Berlin already
        posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
    gaps = ["2026-03-30", "2026-03-31", "2026-04-02"]
    assert see(database, world.ana, client="ACME").gaps == gaps
    assert see(database, world.ana).gaps == []
    with database.write() as session:
        times = Times(((), (600,), (), (), (), (), (600,)))
        posting_days.change_times(session, world.ana, world.acme.id, times, version=0, now=NOW)
    assert see(database, world.ana, client="ACME").gaps == ["2026-03-31", "2026-04-05"]


def test_posts_on_one_network_within_the_hour_clash_and_past_ones_do_not(
    database: Database, world: World
) -> None:
    on_x = Words("On X", networks=("x",))
    times = [("30T10:00", WORDS), ("30T10:59", WORDS), ("30T11:59", WORDS), ("30T10:30", on_x)]
    with database.write() as session:
        news = [NewPost(words, utc(at)) for at, words in times]
        first, second, *_ = posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
        others = [NewPost(WORDS, utc("30T10:30"))]
        posts.create_many(session, world.ana, world.borealis.id, others, now=NOW)
        old = [NewPost(WORDS, NOW - timedelta(days=9, minutes=n)) for n in range(2)]
        posts.create_many(session, world.ana, world.acme.id, old, now=NOW)
    assert see(database, world.ana).close == [Close(first.hex, second.hex, ["instagram"])]
    assert see(database, world.ana, (date(2026, 2, 20), date(2026, 2, 25))).close == []
    assert see(database, world.bodil).close == []


def test_ideas_wait_where_one_may_plan(database: Database, world: World) -> None:
    with database.write() as session:
        of_acme = ideas.add(
            session, world.cleo, world.acme.id, NewIdea("The  oven\nat night"), now=NOW
        )
        wish = NewIdea("Northern lights", wished_on=date(2026, 4, 1))
        of_borealis = ideas.add(session, world.dora, world.borealis.id, wish, now=NOW)
    northern = IdeaInTray(of_borealis.hex, 1, "BORE", "Northern lights", "2026-04-01")
    oven = IdeaInTray(of_acme.hex, 1, "ACME", "The oven at night", "")

    def tray(actor: Actor) -> list[IdeaInTray]:
        with database.read() as session:
            return calendar_days.ideas(session, actor, choices.clients(session, actor))

    assert tray(world.ana) == [northern, oven]
    assert (tray(world.cora), tray(world.bodil)) == ([oven], [northern])
    assert (tray(world.ben), tray(world.cleo)) == ([], [])


def test_it_costs_the_same_for_few_posts_and_for_many(database: Database, world: World) -> None:
    def cost() -> int:
        with count_queries(database) as statements:
            see(database, world.ana)
        return len(statements)

    few = cost()
    with database.write() as session:
        news = [NewPost(WORDS, utc("30T10:00") + timedelta(hours=n)) for n in range(40)]
        posts.create_many(session, world.ana, world.acme.id, news, now=NOW)
    assert (cost(), few) == (few, few)
