"""Guidelines, agreements, people and goals at the same moment: nothing twice, lost or broken."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.db.people_models import Absence, Responsibility
from postboard.db.queries import guidelines as guideline_query
from postboard.db.queries import open_work
from postboard.domain.errors import Refused, Stale
from postboard.domain.goals import Aim, GoalMetric
from postboard.domain.guideline_rules import GuidelineRule, RuleKind
from postboard.domain.guidelines import Guideline
from postboard.domain.handing_over import Heirs
from postboard.domain.launch import Gate
from postboard.domain.permissions import Actor
from postboard.domain.standing_in import Period
from postboard.domain.tasks import Expectation
from postboard.domain.team import Cell, Deliverable, Department, Part
from postboard.domain.workflow import Action
from postboard.domain.working_time import NINE_TO_FIVE
from postboard.services import (
    absences,
    assigning,
    checks,
    contract_answers,
    contracts,
    goals,
    guideline_news,
    guidelines,
    handing_back,
    handing_over,
    launches,
    leaving,
    team,
    waivers,
)
from postboard.services.guidelines import ClientDisagrees
from tests.contracts import CONTRACT
from tests.services.test_at_once import just_before, need_postgres
from tests.services.test_guidelines import AT_MOST_50, LENGTH, WORDS, new_post, publish, write
from tests.services.test_handing_over import give, id_of, laden, parts, to
from tests.world import NOW, World, at_once, step

_ = laden
AIM = Aim(GoalMetric.INTERACTIONS, 20, date(2026, 2, 1), date(2026, 3, 31))
WEEK = Period(date(2026, 3, 9), date(2026, 3, 13))
LATER = NOW + timedelta(days=2)
Call = Callable[[], Any]


def writing(database: Database, use_case: Any, *args: Any, **more: Any) -> Call:
    def call() -> Any:
        with database.write() as session:
            return use_case(session, *args, **{"now": NOW, **more})

    return call


def of_kind(database: Database, kind: str) -> int:
    with database.read() as session:
        which = select(func.count()).select_from(Event).where(col(Event.kind) == kind)
        return session.execute(which).scalar_one()


@contextmanager
def meanwhile(*words: str, database: Database, do: Call):
    """Begun just before a statement with these words; it may have to wait for what is under way."""
    done: list[Any] = []
    other = threading.Thread(target=lambda: done.extend(at_once(do)))

    def begin() -> None:
        other.start()
        other.join(1)

    with just_before(*words, database=database, do=begin):
        yield done
    other.join()


Twice = Callable[[Database, World], tuple[Call, str]]


def _publish(database: Database, world: World) -> tuple[Call, str]:
    version = write(database, world.aron, world.acme.id, LENGTH)
    call = writing(database, guidelines.publish, world.aron, world.acme.id, version=version)
    return call, "guideline.published"


def _first_draft(database: Database, world: World) -> tuple[Call, str]:
    call = writing(
        database, guidelines.write, world.aron, world.acme.id, Guideline((LENGTH,)), version=0
    )
    return call, ""


def _demand(database: Database, world: World) -> tuple[Call, str]:
    publish(database, world.aron, world.acme.id, LENGTH)
    with database.read() as session:
        version = guideline_query.draft(session, world.acme.id).version
    more = {"must_be_read": True, "version": version}
    call = writing(database, guidelines.demand, world.aron, world.acme.id, **more)
    return call, "guideline.demanded"


def _remind(database: Database, world: World) -> tuple[Call, str]:
    publish(database, world.aron, world.acme.id, LENGTH)
    return writing(database, guideline_news.remind, world.aron, world.acme.id, now=LATER), ""


def _waive(database: Database, world: World) -> tuple[Call, str]:
    publish(database, world.aron, world.acme.id, WORDS)
    post_id = new_post(database, world, world.ben, "A secret bun.")
    with database.read() as session:
        seen = checks.check(session, world.iris, post_id, now=NOW)
    key = next(one.finding.key for one in seen if one.finding.blocks)
    return writing(database, waivers.waive, world.iris, post_id, key, "So."), "post.check_waived"


def _begin(database: Database, world: World) -> tuple[Call, str]:
    call = writing(database, contracts.begin, world.aron, world.acme.id, CONTRACT)
    return call, "agreement.drafted"


def _draft(database: Database, world: World) -> UUID:
    return writing(database, contracts.begin, world.aron, world.acme.id, CONTRACT)()


def _offer(database: Database, world: World) -> tuple[Call, str]:
    drafted = _draft(database, world)
    call = writing(database, contracts.offer, world.aron, drafted, version=1)
    return call, "agreement.offered"


def _accept(database: Database, world: World) -> tuple[Call, str]:
    drafted = _draft(database, world)
    digest = writing(database, contracts.offer, world.aron, drafted, version=1)()
    call = writing(database, contract_answers.accept, world.cleo, drafted, digest=digest)
    return call, "agreement.accepted"


def _gate(database: Database, world: World) -> tuple[Call, str]:
    lines = ("Logo", "Access")
    more = {"version": 0}
    call = writing(database, launches.change, world.ana, world.acme.id, Gate.SOFT, lines, **more)
    return call, "launch.changed"


def _goal(database: Database, world: World) -> UUID:
    return writing(database, goals.add, world.aron, world.acme.id, AIM)()


def _change_goal(database: Database, world: World) -> tuple[Call, str]:
    goal = _goal(database, world)
    call = writing(database, goals.change, world.aron, goal, replace(AIM, target=30), version=1)
    return call, "goal.changed"


def _remove_goal(database: Database, world: World) -> tuple[Call, str]:
    goal = _goal(database, world)
    return writing(database, goals.remove, world.aron, goal, version=1), "goal.removed"


def _part(database: Database, world: World) -> tuple[Call, str]:
    cell = Cell(Deliverable.COPY, "", id_of(world.ben), Part.ACCOUNTABLE)
    return writing(database, team.give_part, world.aron, world.acme.id, cell), ""


def _head(database: Database, world: World) -> tuple[Call, str]:
    who = id_of(world.ben)
    return writing(database, team.name_head, world.ana, None, Department.COPY, who), ""


def _away(database: Database, world: World) -> tuple[Call, str]:
    dina, iris = id_of(world.dina), id_of(world.iris)
    return writing(database, absences.add, world.aron, dina, WEEK, iris), "person.away"


def _back(database: Database, world: World) -> tuple[Call, str]:
    absence = writing(database, absences.add, world.aron, id_of(world.dina), WEEK)()
    return writing(database, absences.end, world.aron, absence), "person.back"


def _hours(database: Database, world: World) -> tuple[Call, str]:
    who = id_of(world.ben)
    call = writing(database, absences.set_hours, world.ben, who, NINE_TO_FIVE, version=0)
    return call, "person.hours_changed"


def _hand_over(database: Database, world: World) -> tuple[Call, str]:
    heirs = to(world, world.cora, agency=world.cora)
    call = writing(
        database, handing_over.hand_over, world.alma, id_of(world.ben), heirs, leaves=True
    )
    return call, "person.handed_over"


def _undo(database: Database, world: World) -> tuple[Call, str]:
    row = _hand_over(database, world)[0]()
    return writing(database, handing_back.undo, world.alma, row), "person.hand_over_undone"


def _disable(database: Database, world: World) -> tuple[Call, str]:
    writing(
        database,
        handing_over.hand_over,
        world.alma,
        id_of(world.ben),
        to(world, world.cora, agency=world.cora),
    )()
    return writing(database, leaving.disable, world.alma, id_of(world.ben)), "person.disabled"


@pytest.mark.parametrize(
    "twice",
    [
        _publish, _first_draft, _demand, _remind, _waive, _begin, _offer, _accept, _gate,
        _change_goal, _remove_goal, _part, _head, _away, _back, _hours, _hand_over, _undo,
        _disable,
    ],
)  # fmt: skip
def test_what_is_asked_for_twice_is_done_once(
    database: Database, laden: World, twice: Twice
) -> None:
    call, kind = twice(database, laden)
    before = of_kind(database, kind)
    results = at_once(call, call, call)
    bugs = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert bugs == []
    assert any(not isinstance(one, Exception) for one in results)
    if kind:
        assert of_kind(database, kind) == before + 1


def test_lines_that_two_tick_at_once_are_both_ticked_or_one_is_told(
    database: Database, world: World
) -> None:
    writing(
        database,
        launches.change,
        world.ana,
        world.acme.id,
        Gate.SOFT,
        ("Logo", "Access"),
        version=0,
    )()
    results = at_once(
        *[
            writing(database, launches.tick, world.aron, world.acme.id, line, done=True)
            for line in ("Logo", "Access")
        ]
    )
    with database.read() as session:
        launch = launches.find(session, world.ana, world.acme.id, now=NOW)
    ticked = sum(bool(item.done_at) for item in launch.items)
    assert {type(one) for one in results if one} <= {Stale}
    assert ticked == sum(one is None for one in results)


def test_guidelines_that_contradict_each_other_are_not_both_published_at_once(
    database: Database, world: World
) -> None:
    need_postgres(database)
    acme = world.acme.id
    publish(
        database, world.ana, None, replace(LENGTH, rules=(replace(AT_MOST_50, values={"max": 60}),))
    )
    long = replace(LENGTH, key="own", rules=(GuidelineRule(RuleKind.LENGTH, values={"min": 60}),))
    mine = write(database, world.aron, acme, long)
    agencys = write(database, world.ana, None, LENGTH)
    other = writing(database, guidelines.publish, world.ana, None, version=agencys)
    with meanwhile("INSERT INTO guidelineversion", database=database, do=other) as said:
        writing(database, guidelines.publish, world.aron, acme, version=mine)()
    assert [type(one) for one in said] == [ClientDisagrees]


def test_nobody_who_leaves_takes_a_task_on_meanwhile(database: Database, world: World) -> None:
    need_postgres(database)
    ben, post_id = id_of(world.ben), new_post(database, world, world.cora, "Buns.")
    version = step(database, world.cora, post_id, Action.SUBMIT).version
    leave = _hand_over(database, world)[0]
    seen, people = {post_id: version}, [ben]
    with meanwhile("INSERT INTO task", database=database, do=leave):
        writing(database, assigning.assign, world.aron, seen, people, Expectation())()
    with database.read() as session:
        assert open_work.of_person(session, ben, NOW) == []


def test_a_goal_that_is_given_to_somebody_meanwhile_stays_theirs(
    database: Database, world: World
) -> None:
    need_postgres(database)
    iris = id_of(world.iris)
    of_ben = replace(AIM, owner_id=id_of(world.ben))
    goal = writing(database, goals.add, world.aron, world.acme.id, of_ben)()
    given = writing(
        database, goals.change, world.aron, goal, replace(AIM, owner_id=iris), version=1
    )
    with meanwhile("UPDATE goal", database=database, do=given) as said:
        _hand_over(database, world)[0]()
    assert said == [None]
    assert owner_of(database, world.ana, goal) == iris.hex


def test_a_form_of_a_goal_from_before_a_hand_over_is_refused(
    database: Database, world: World
) -> None:
    of_ben = replace(AIM, owner_id=id_of(world.ben))
    goal = writing(database, goals.add, world.aron, world.acme.id, of_ben)()
    row = writing(
        database, handing_over.hand_over, world.alma, id_of(world.ben), to(world, world.cora)
    )()
    late = writing(database, goals.change, world.aron, goal, replace(of_ben, target=9), version=1)
    with pytest.raises(Stale):
        late()
    assert owner_of(database, world.ana, goal) == id_of(world.cora).hex
    assert writing(database, handing_back.undo, world.alma, row)() == 0
    assert owner_of(database, world.ana, goal) == id_of(world.ben).hex


def owner_of(database: Database, who: Actor, goal: UUID) -> str:
    with database.read() as session:
        rows = goals.seen(session, who, "ACME", now=NOW)
    return next(one.owner_id for one in rows if one.id == goal.hex)


def test_who_is_away_themselves_does_not_stand_in_by_a_hand_over(
    database: Database, laden: World
) -> None:
    """Ben stands in for Cora that week; Iris, who takes over, is away on its last day."""
    last = Period(WEEK.ends_on, WEEK.ends_on + timedelta(days=3))
    writing(database, absences.add, laden.aron, id_of(laden.iris), last)()
    heirs = Heirs({laden.acme.id: id_of(laden.cora)}, id_of(laden.iris))
    writing(database, handing_over.hand_over, laden.alma, id_of(laden.ben), heirs)()
    with database.read() as session:
        of_cora = select(col(Absence.stand_in_id)).where(
            col(Absence.person_id) == id_of(laden.cora)
        )
        assert session.execute(of_cora).scalar_one() is None


def test_a_part_that_is_taken_while_it_is_handed_over_breaks_nothing(
    database: Database, world: World
) -> None:
    need_postgres(database)
    acme, cora = world.acme.id, id_of(world.cora)
    give(database, world, world.ben, Part.ACCOUNTABLE)
    give(database, world, world.cora, Part.INFORMED)
    taken = writing(database, team.take_part, world.aron, acme, Deliverable.COPY, "", cora)
    with meanwhile("UPDATE responsibility", database=database, do=taken):
        _hand_over(database, world)[0]()
    assert parts(database) <= {(cora, "", Part.ACCOUNTABLE)}
    with database.read() as session:
        accountable = col(Responsibility.part) == Part.ACCOUNTABLE
        rows = session.execute(select(Responsibility).where(accountable)).scalars().all()
    assert len(rows) <= 1
