"""What is said of a plan's columns once holds for the client's next file."""

from datetime import timedelta

import pytest

from postboard.db.engine import Database
from postboard.domain.errors import BadInput, NotAllowed
from postboard.domain.permissions import Actor
from postboard.imports.plan import NotAPlan
from postboard.imports.plan_choices import NOTHING_SAID, Choices
from postboard.imports.plan_dates import DateOrder
from postboard.services import plan_import, plan_mappings
from postboard.services.plan_preview import Look
from tests.world import NOW, World

ODD = b"When?,Voice\n03/04/2027,%s\n"
SAID = Choices({0: "date", 1: "caption"}, order=DateOrder.MONTH_FIRST)


def look(
    database: Database, world: World, words: bytes, client: str = "Acme", **more: object
) -> Look:
    with database.read() as session:
        return plan_import.look(session, world.ana, client, "plan.csv", ODD % words, **more)


def test_it_holds_for_the_next_file_of_that_client_alone(database: Database, world: World) -> None:
    first = look(database, world, b"Buns")
    assert (first.preview, first.remembered) == (None, NOTHING_SAID)
    assert isinstance(first.refused, NotAPlan)
    said = look(database, world, b"Buns", choices=SAID)
    assert said.preview
    assert plan_import.commit(database, world.ana, said.preview, now=NOW).created == 1
    again = look(database, world, b"Rolls")
    assert again.preview
    assert (again.remembered, again.outline and again.outline.asks) == (SAID, False)
    assert [one.caption for one in again.preview.new] == ["Rolls"]
    assert look(database, world, b"Rolls", "Borealis").preview is None
    assert look(database, world, b"Rolls", recalling=False).preview is None


def test_what_is_said_now_goes_before_what_was_said(database: Database, world: World) -> None:
    seen = look(database, world, b"Buns", choices=SAID)
    assert seen.preview
    plan_import.commit(database, world.ana, seen.preview, now=NOW)
    other = look(database, world, b"Rye", choices=Choices({1: "title"}))
    assert other.preview
    assert [(one.title, one.caption) for one in other.preview.new] == [("Rye", "")]
    plan_import.commit(database, world.ana, other.preview, now=NOW)
    assert look(database, world, b"Rye").remembered.columns == {0: "date", 1: "title"}


def test_the_oldest_goes_when_there_are_too_many(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_mappings, "KEPT_MAX", 2)
    acme = world.acme.id
    with database.write() as session:
        for number in range(3):
            at = NOW + timedelta(hours=number)
            plan_mappings.remember(session, world.ana, acme, str(number), SAID, now=at)
        kept = [plan_mappings.recall(session, acme, str(number)) for number in range(3)]
    assert kept == [NOTHING_SAID, SAID, SAID]


def test_only_who_may_import_is_remembered_and_only_what_can_be(
    database: Database, world: World
) -> None:
    people: list[Actor] = [world.cleo, world.dora, world.bodil]
    for actor in people:
        with pytest.raises(NotAllowed), database.write() as session:
            plan_mappings.remember(session, actor, world.acme.id, "x", SAID, now=NOW)
    for wrong in (
        Choices({0: "password"}),
        Choices({-1: "caption"}),
        Choices({10**9: "caption"}),
        Choices(months={"Sheet": "2026-13"}),
    ):
        with pytest.raises(BadInput):
            look(database, world, b"Buns", choices=wrong)


def test_known_campaigns_and_pillars_are_given_and_others_are_told_of(
    database: Database, world: World
) -> None:
    content = b"Date,Caption,Campaign,Pillar\n2027-04-03,One,nobody knows it,\n"
    with database.read() as session:
        seen = plan_import.preview(session, world.ana, "Acme", "plan.csv", content)
    assert [one.text for one in seen.warnings if "Campaigns" in one.text] == [
        "Campaigns not known here: 1, such as “nobody knows it” in row 2."
    ]
