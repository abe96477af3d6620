"""Who does what, who is there, whom to ask and whom to give a task to."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import asking, suggestions, team
from postboard.db.queries.asking import Answered
from postboard.db.queries.team import (
    AwaySeen,
    CellSeen,
    ClientTeam,
    HeadSeen,
    LineSeen,
    PersonAtWork,
)
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.suggesting import Load
from postboard.domain.team import AccountableAlready, Cell, Deliverable, Department, Part
from postboard.domain.workflow import State
from postboard.domain.working_time import NINE_TO_FIVE
from postboard.locale import text
from postboard.services import absences, audit, clients, leaving, preferences
from postboard.services import team as service
from postboard.services.post_rows import NeedsPerson
from tests.world import NOW, World, at_once, count_queries, everything_in

WEEK = Period(date(2026, 3, 2), date(2026, 3, 6))
LATER = Period(date(2026, 3, 9), date(2026, 3, 10))
COVER, COPY = Deliverable.REEL_COVER, Deliverable.COPY
AFTERNOONS = ((((13 * 60), 17 * 60),),) * 5 + ((), ())


def id_of(who: Actor) -> UUID:
    assert who.user_id
    return who.user_id


def give(
    database: Database,
    actor: Actor,
    world: World,
    who: Actor,
    deliverable: Deliverable = COVER,
    part: Part = Part.RESPONSIBLE,
    network: str = "",
) -> None:
    cell = Cell(deliverable, network, id_of(who), part)
    with database.write() as session:
        service.give_part(session, actor, world.acme.id, cell, now=NOW)


def away(
    database: Database,
    actor: Actor,
    who: Actor,
    period: Period = WEEK,
    stand_in: Actor | None = None,
) -> UUID:
    with database.write() as session:
        other = id_of(stand_in) if stand_in else None
        return absences.add(session, actor, id_of(who), period, other, now=NOW)


def head(
    database: Database,
    actor: Actor,
    world: World,
    who: Actor | None,
    *,
    department: Department = Department.DESIGN,
    agency: bool = False,
) -> None:
    with database.write() as session:
        client_id = None if agency else world.acme.id
        person = id_of(who) if who else None
        service.name_head(session, actor, client_id, department, person, now=NOW)


def ask(database: Database, who: Actor, question: str, client: str = "") -> Answered:
    with database.read() as session:
        return asking.who_to_ask(session, who, question, client, now=NOW)


def told(database: Database, who: Actor, question: str, client: str = "") -> list[tuple[str, ...]]:
    """Client, name, why, and who stands in until when."""
    english = text("en")
    return [
        (
            one.client,
            one.name,
            english.gettext(one.why.sentence, **one.why.facts),
            one.away_until,
            one.stand_in,
        )
        for one in ask(database, who, question, client).answers
    ]


def seen(database: Database, who: Actor, key: str = "ACME") -> ClientTeam:
    with database.read() as session:
        return team.of_client(session, who, key, now=NOW)


def test_a_team_shows_who_does_what_who_heads_what_and_who_is_there(
    database: Database, world: World
) -> None:
    give(database, world.aron, world, world.dina)
    give(database, world.aron, world, world.iris, part=Part.ACCOUNTABLE)
    give(database, world.aron, world, world.ben, COPY, network="x")
    head(database, world.aron, world, world.iris)
    absence = away(database, world.ben, world.ben, WEEK, world.cora)
    shown = seen(database, world.dina)
    ben, cora, dina, iris = (
        id_of(who).hex for who in (world.ben, world.cora, world.dina, world.iris)
    )
    assert shown.heads == [
        HeadSeen("accounts", "", ""),
        HeadSeen("content", "", ""),
        HeadSeen("copy", "", ""),
        HeadSeen("design", iris, "Iris"),
    ]
    assert shown.lines == [
        LineSeen("copy", "x", [CellSeen(ben, "Ben", "responsible")]),
        LineSeen(
            "reel_cover",
            "",
            [CellSeen(dina, "Dina", "responsible"), CellSeen(iris, "Iris", "accountable")],
        ),
    ]
    assert shown.nobody_does == [one for one in Deliverable if one not in {COPY, COVER}]
    assert not shown.may_change
    names = [one.name for one in shown.people]
    assert names == ["Alma", "Ana", "Aron", "Cora", "Ben", "Dina", "Iris"]
    assert shown.people[4] == PersonAtWork(
        id=ben,
        name="Ben",
        role="copywriter",
        department="copy",
        clients=["Acme"],
        heads=[],
        zone="UTC",
        at_work=False,
        away_now=True,
        open=1,
        due_soon=0,
        overdue=0,
        week=["09:00-17:00"] * 5 + ["", ""],
        week_version=0,
        away=[AwaySeen(absence.hex, "2026-03-02", "2026-03-06", "Cora", runs=True)],
        is_me=False,
    )
    assert [one.name for one in shown.people if one.at_work] == [
        name for name in names if name != "Ben"
    ]
    assert shown.people[3].id == cora
    assert [one.heads for one in shown.people if one.id == iris] == [["design"]]


def test_a_team_is_for_its_own_staff_and_changed_by_who_looks_after_the_client(
    database: Database, world: World
) -> None:
    for stranger in (world.bodil, world.dora, world.cleo, world.vera):
        with pytest.raises(NotFound):
            seen(database, stranger)
        of_acme = world.acme.id in stranger.roles
        with pytest.raises(NotAllowed if of_acme else NotFound):
            give(database, stranger, world, world.dina)
    before = everything_in(database)
    for who in (world.cora, world.ben, world.dina, world.iris):
        with pytest.raises(NotAllowed):
            give(database, who, world, who)
        with pytest.raises(NotAllowed):
            head(database, who, world, who)
        with pytest.raises(NotAllowed):
            head(database, who, world, who, agency=True)
    with pytest.raises(NotAllowed):
        head(database, world.aron, world, world.aron, agency=True)
    for nobody in (world.bodil, world.cleo, world.dora):
        with pytest.raises(NeedsPerson):
            give(database, world.aron, world, nobody)
        with pytest.raises(NeedsPerson):
            head(database, world.aron, world, nobody)
    with pytest.raises(NeedsPerson):
        head(database, world.ana, world, world.cleo, agency=True)
    with pytest.raises(BadInput):
        give(database, world.aron, world, world.dina, network="myspace")
    assert everything_in(database) == before


def test_one_person_is_accountable_and_a_new_part_replaces_the_old(
    database: Database, world: World
) -> None:
    give(database, world.aron, world, world.iris, part=Part.ACCOUNTABLE)
    with pytest.raises(AccountableAlready) as no:
        give(database, world.aron, world, world.dina, part=Part.ACCOUNTABLE)
    assert str(no.value) == "Iris is accountable for it already, and only one person is."
    give(database, world.aron, world, world.dina, part=Part.ACCOUNTABLE, network="x")
    give(database, world.aron, world, world.iris, part=Part.CONSULTED)
    give(database, world.aron, world, world.dina, part=Part.ACCOUNTABLE)
    dina, iris = id_of(world.dina).hex, id_of(world.iris).hex
    everywhere, on_x = seen(database, world.ana).lines
    assert everywhere.cells == [
        CellSeen(dina, "Dina", "accountable"),
        CellSeen(iris, "Iris", "consulted"),
    ]
    assert on_x == LineSeen("reel_cover", "x", [CellSeen(dina, "Dina", "accountable")])
    with database.write() as session:
        for network in ("x", "x", ""):
            service.take_part(
                session, world.aron, world.acme.id, COVER, network, id_of(world.dina), now=NOW
            )
    assert [line.cells for line in seen(database, world.ana).lines] == [
        [CellSeen(iris, "Iris", "consulted")]
    ]
    with database.read() as session:
        assert audit.verify(session).first_break is None


def test_two_who_are_made_accountable_at_once_are_one(database: Database, world: World) -> None:
    results = at_once(
        *(
            lambda who=who: give(database, world.aron, world, who, part=Part.ACCOUNTABLE)
            for who in (world.dina, world.iris)
        )
    )
    assert sorted(isinstance(one, Refused) for one in results) == [False, True]
    assert len(seen(database, world.ana).lines[0].cells) == 1


def test_who_is_asked_is_answered_in_both_languages(database: Database, world: World) -> None:
    give(database, world.aron, world, world.iris, part=Part.ACCOUNTABLE)
    give(database, world.aron, world, world.ben, network="instagram")
    give(database, world.aron, world, world.dina)
    away(database, world.dina, world.dina, WEEK, world.iris)
    everywhere = [
        ("Acme", "Dina", "Responsible: Reel covers.", "2026-03-06", "Iris"),
        ("Acme", "Iris", "Accountable: Reel covers.", "", ""),
    ]
    of_instagram = ("Acme", "Ben", "Responsible: Reel covers on Instagram.", "", "")
    assert told(database, world.cora, "Who do I ask for the reel cover on insta?") == [
        of_instagram,
        *everywhere,
    ]
    assert told(database, world.cora, "抖音国际版的封面找谁") == everywhere
    assert told(database, world.cora, "instagram") == [of_instagram]
    assert told(database, world.cora, "小红书") == [
        ("Acme", "Aron", "Looks after the client. Nobody is named: Xiaohongshu.", "", "")
    ]
    assert told(database, world.ana, "thumbnail for acme") == [of_instagram, *everywhere]


def test_where_nobody_is_named_the_head_answers_and_else_who_looks_after_the_client(
    database: Database, world: World
) -> None:
    assert told(database, world.cora, "cover") == [
        ("Acme", "Aron", "Looks after the client. Nobody is named: Reel covers.", "", "")
    ]
    head(database, world.ana, world, world.ana, agency=True)
    assert told(database, world.cora, "cover") == [
        ("Acme", "Ana", "Head of Design. Nobody is named: Reel covers.", "", "")
    ]
    head(database, world.aron, world, world.iris)
    assert told(database, world.cora, "cover") == [
        ("Acme", "Iris", "Head of Design. Nobody is named: Reel covers.", "", "")
    ]
    head(database, world.aron, world, None)
    assert told(database, world.ana, "cover") == [
        ("Acme", "Ana", "Head of Design. Nobody is named: Reel covers.", "", ""),
        ("Borealis", "Ana", "Head of Design. Nobody is named: Reel covers.", "", ""),
    ]


def test_nobody_is_told_of_a_client_that_is_not_theirs(database: Database, world: World) -> None:
    give(database, world.aron, world, world.dina)
    for stranger in (world.dora, world.cleo, world.vera):
        assert ask(database, stranger, "reel cover").answers == []
    assert [one.client for one in ask(database, world.bodil, "Acme reel cover").answers] == [
        "Borealis"
    ]
    assert ask(database, world.bodil, "reel cover", "ACME").answers == []
    assert ask(database, world.ana, "the weather") == Answered((), (), [])


def test_who_has_left_is_asked_for_nothing(database: Database, world: World) -> None:
    with database.write() as session:
        leaving.disable(session, world.alma, id_of(world.iris), now=NOW)
    with pytest.raises(NeedsPerson):
        give(database, world.aron, world, world.iris)
    assert "Iris" not in [one.name for one in seen(database, world.ana).people]


def test_whoever_is_taken_off_a_client_has_no_part_in_it(database: Database, world: World) -> None:
    give(database, world.aron, world, world.dina)
    head(database, world.aron, world, world.dina)
    with database.write() as session:
        clients.remove_person(session, world.aron, world.acme.id, id_of(world.dina), now=NOW)
    shown = seen(database, world.ana)
    assert (shown.lines, [one.name for one in shown.heads]) == ([], [""] * 4)


def test_one_says_when_one_is_away_and_so_does_who_looks_after_the_client(
    database: Database, world: World
) -> None:
    mine = away(database, world.ben, world.ben, WEEK, world.cora)
    away(database, world.aron, world.dina, LATER)
    with pytest.raises(NotAllowed):
        away(database, world.cora, world.iris)
    for stranger in (world.bodil, world.cleo, world.dora):
        with pytest.raises(NotFound):
            away(database, stranger, world.ben, LATER)
        with pytest.raises(NotFound), database.write() as session:
            absences.end(session, stranger, mine, now=NOW)
    with pytest.raises(NotFound):
        away(database, world.aron, world.cleo)
    with database.write() as session:
        absences.end(session, world.ben, mine, now=NOW)
        absences.end(session, world.aron, mine, now=NOW)
    people = {one.name: [a.starts_on for a in one.away] for one in seen(database, world.ana).people}
    assert {name: days for name, days in people.items() if days} == {"Dina": ["2026-03-09"]}


def test_days_away_that_do_not_work_are_refused(database: Database, world: World) -> None:
    away(database, world.cora, world.cora, WEEK, world.ben)
    before = everything_in(database)
    for period, stand_in, sentence in (
        (Period(WEEK.ends_on, WEEK.starts_on), None, "The last day comes before the first."),
        (Period(date(2026, 3, 1), WEEK.ends_on), None, "The first day has passed."),
        (WEEK, None, "Ben stands in for Cora then."),
        (LATER, world.ben, "Choose somebody else: nobody stands in for themselves."),
    ):
        with pytest.raises(BadInput) as no:
            away(database, world.ben, world.ben, period, stand_in)
        assert str(no.value) == sentence
    with pytest.raises(BadInput, match="Cora is away on some of these days"):
        away(database, world.dina, world.dina, WEEK, world.cora)
    with pytest.raises(BadInput, match="Cora is away on some of these days"):
        away(database, world.cora, world.cora, Period(WEEK.ends_on, LATER.ends_on))
    assert everything_in(database) == before


def test_hours_are_the_persons_own_on_their_own_clock(database: Database, world: World) -> None:
    with database.write() as session:
        preferences.settle_in(session, world.ben, "Asia/Tokyo", now=NOW)
        ben = id_of(world.ben)
        absences.set_hours(session, world.ben, ben, AFTERNOONS, version=0, now=NOW)
    shown = next(one for one in seen(database, world.ana).people if one.name == "Ben")
    assert (shown.zone, shown.at_work, shown.week_version) == ("Asia/Tokyo", False, 1)
    assert shown.week == ["13:00-17:00"] * 5 + ["", ""]
    with pytest.raises(Stale), database.write() as session:
        absences.set_hours(session, world.aron, ben, NINE_TO_FIVE, version=0, now=NOW)
    with pytest.raises(NotAllowed), database.write() as session:
        absences.set_hours(session, world.cora, ben, NINE_TO_FIVE, version=1, now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        absences.set_hours(session, world.ben, ben, ((),) * 7, version=1, now=NOW)
    with database.write() as session:
        absences.set_hours(session, world.aron, ben, NINE_TO_FIVE, version=1, now=NOW)


def suggested(
    database: Database, actor: Actor, post_ids: list[UUID], due: datetime | None = None
) -> tuple[Deliverable, list[tuple[str, bool, Load]]]:
    with database.read() as session:
        found = suggestions.for_posts(session, actor, post_ids, None, due, now=NOW)
    return found.deliverable, [(one.name, one.free, one.load) for one in found.people]


def test_the_right_free_person_is_suggested_with_their_load(
    database: Database, world: World
) -> None:
    draft = [world.acme.posts[State.DRAFT]]
    give(database, world.aron, world, world.cora, COPY)
    give(database, world.aron, world, world.aron, COPY, network="instagram")
    give(database, world.aron, world, world.ana, COPY, network="x")
    away(database, world.cora, world.cora, WEEK, world.dina)
    nothing, one = Load(), Load(1)
    assert suggested(database, world.cora, draft) == (
        COPY,
        [
            ("Aron", True, nothing),
            ("Dina", True, nothing),
            ("Ben", True, one),
            ("Alma", True, nothing),
            ("Ana", True, nothing),
            ("Iris", True, nothing),
            ("Cora", False, nothing),
        ],
    )


def test_suggestions_are_for_who_may_assign_and_only_of_who_works_for_all(
    database: Database, world: World
) -> None:
    draft, theirs = world.acme.posts[State.DRAFT], world.borealis.posts[State.DRAFT]
    for who in (world.ben, world.dina, world.bodil, world.cleo, world.dora):
        with pytest.raises(NotFound):
            suggested(database, who, [draft])
    with pytest.raises(NotFound):
        suggested(database, world.aron, [draft, theirs])
    _, people = suggested(database, world.ana, [draft, theirs])
    assert [name for name, *_ in people] == ["Alma", "Ana"]
    evening = datetime.fromisoformat("2026-03-02T10:30")  # 9:30 by UTC: half an hour is left
    _, people = suggested(database, world.ana, [draft], evening)
    assert {free for _, free, _ in people} == {True}
    _, people = suggested(database, world.ana, [draft], evening - timedelta(hours=1))
    assert {free for _, free, _ in people} == {False}


def test_looking_costs_the_same_for_few_and_for_many(database: Database, world: World) -> None:
    def cost() -> list[int]:
        costs: list[int] = []
        for look in (
            lambda: seen(database, world.ana),
            lambda: ask(database, world.ana, "reel cover"),
            lambda: suggested(database, world.ana, [world.acme.posts[State.DRAFT]]),
        ):
            with count_queries(database) as statements:
                look()
            costs.append(len(statements))
        return costs

    few = cost()
    for who in (world.dina, world.iris, world.ben, world.cora):
        give(database, world.aron, world, who)
        away(database, who, who, replace(WEEK, starts_on=date(2026, 3, 3)))
    assert cost() == few
