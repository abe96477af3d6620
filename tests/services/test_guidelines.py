"""Guidelines at work: who writes and reads them, what a version changes, who may not work yet."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event
from postboard.db.queries import guidelines as query
from postboard.db.queries.guidelines import Reader, Version
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotAllowed, NotFound, Stale
from postboard.domain.fields import mark_of
from postboard.domain.guideline_rules import AtField, GuidelineRule, RuleKind
from postboard.domain.guidelines import Guideline, Section, Topic
from postboard.domain.permissions import PERMISSIONS, Actor, Permission, Role
from postboard.domain.rules import Passage, Rule, Severity
from postboard.domain.workflow import Action, State
from postboard.services import checks, guideline_failing, guidelines, posts, waivers, writing
from postboard.services.checks import Blocked
from postboard.services.guidelines import ClientDisagrees, NothingNew, Published
from postboard.services.must_read import AgencysUnread, Unread
from postboard.services.posts import NewPost
from tests.world import NOW, World, at_once, count_queries, found, step

NO_SECRETS = GuidelineRule(RuleKind.FORBIDDEN, Severity.BLOCKS, values={"words": ("secret",)})
AT_MOST_50 = GuidelineRule(RuleKind.LENGTH, values={"max": 50})
TONE = Section("tone", Topic.TONE, "Tone", "Warm, never loud.")
WORDS = Section("words", Topic.BRAND, "Words", "We have none.", rules=(NO_SECRETS,))
LENGTH = Section("length", Topic.LENGTH, "Length", rules=(AT_MOST_50,))


def write(database: Database, who: Actor, client_id: UUID | None, *sections: Section) -> int:
    with database.write() as session:
        version = query.draft(session, client_id).version
        guideline = Guideline(sections)
        return guidelines.write(session, who, client_id, guideline, version=version, now=NOW)


def publish(
    database: Database, who: Actor, client_id: UUID | None, *sections: Section, note: str = ""
) -> Published:
    version = write(database, who, client_id, *sections)
    with database.write() as session:
        return guidelines.publish(session, who, client_id, version=version, note=note, now=NOW)


def acknowledge(database: Database, who: Actor, client_id: UUID | None, number: int) -> None:
    with database.write() as session:
        guidelines.acknowledge(session, who, client_id, number, now=NOW)


def demand(database: Database, who: Actor, client_id: UUID | None) -> None:
    with database.write() as session:
        version = query.draft(session, client_id).version
        guidelines.demand(session, who, client_id, must_be_read=True, version=version, now=NOW)


def new_post(database: Database, world: World, who: Actor, caption: str, **more: Any) -> UUID:
    words = Words(caption, networks=("linkedin",))
    with database.write() as session:
        return posts.create(session, who, world.acme.id, NewPost(words, **more), now=NOW)


def read(database: Database, ask: Any, *args: Any) -> Any:
    with database.read() as session:
        return ask(session, *args)


def test_only_the_clients_writers_write_and_only_its_staff_reads(
    database: Database, world: World
) -> None:
    for role, who in world.of_acme().items():
        if Permission.WRITE_GUIDELINE in PERMISSIONS[role]:
            write(database, who, world.acme.id, replace(TONE, text=f"By {who.name}."))
        else:
            no = NotFound if role in {Role.CLIENT_REVIEWER, Role.CLIENT_VIEWER} else NotAllowed
            with pytest.raises(no):
                write(database, who, world.acme.id, TONE)
    for stranger in (world.dora, world.bodil):
        with pytest.raises(NotFound):
            write(database, stranger, world.acme.id, TONE)
        with pytest.raises(NotFound):
            read(database, query.find_owner, stranger, world.acme.id)
    with pytest.raises(NotAllowed):
        write(database, world.aron, None, TONE)
    with pytest.raises(NotFound):
        read(database, query.find_owner, world.cleo, None)


def test_a_draft_binds_nobody_and_a_version_is_kept_as_it_was(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, WORDS, note="First.")
    write(database, world.cora, acme, LENGTH)
    assert read(database, query.version, acme, 1) == Guideline((WORDS,))
    assert [one.passage for one in read(database, query.asked_of, acme)] == [
        Passage("words", "Words", 1, "Acme")
    ]
    publish(database, world.cora, acme, LENGTH)
    assert read(database, query.versions, acme) == [
        Version(2, "", "Cora", NOW),
        Version(1, "First.", "Aron", NOW),
    ]
    assert read(database, query.version, acme, 1) == Guideline((WORDS,))


def test_a_section_is_written_moved_and_taken_away(database: Database, world: World) -> None:
    acme = world.acme.id

    def draft() -> tuple[str, ...]:
        return tuple(one.title for one in read(database, query.draft, acme).guideline.sections)

    def do(service: Any, *args: Any, version: int) -> int:
        with database.write() as session:
            return service(session, world.cora, acme, *args, version=version, now=NOW)

    assert do(guidelines.put_section, TONE, version=0) == 1
    assert do(guidelines.put_section, WORDS, version=1) == 2
    assert do(guidelines.put_section, replace(TONE, title="Voice"), version=2) == 3
    assert draft() == ("Voice", "Words")
    assert do(guidelines.move_section, "words", "tone", version=3) == 4
    assert draft() == ("Words", "Voice")
    assert do(guidelines.move_section, "words", "", version=4) == 5
    assert draft() == ("Voice", "Words")
    with pytest.raises(Stale):
        do(guidelines.remove_section, "words", version=4)
    with pytest.raises(NotFound):
        do(guidelines.move_section, "none", "tone", version=5)
    assert do(guidelines.remove_section, "tone", version=5) == 6
    assert draft() == ("Words",)
    with pytest.raises(AtField) as no:
        do(guidelines.put_section, replace(WORDS, title=" "), version=6)
    assert no.value.place == "words:title"
    assert do(guidelines.discard, version=6) == 7
    assert draft() == ()


def test_publishing_needs_something_new(database: Database, world: World) -> None:
    publish(database, world.aron, world.acme.id, WORDS)
    for sections in ((WORDS,), (replace(WORDS, title="  Words "),)):
        with pytest.raises(NothingNew):
            publish(database, world.aron, world.acme.id, *sections)
    with pytest.raises(BadInput):
        publish(database, world.aron, world.acme.id)


def test_a_rule_stops_a_post_names_its_place_and_is_let_pass_with_a_reason(
    database: Database, world: World
) -> None:
    publish(database, world.aron, world.acme.id, WORDS)
    post_id = new_post(database, world, world.ben, "A secret bun.")
    with pytest.raises(Blocked) as no:
        step(database, world.ben, post_id, Action.SUBMIT)
    assert no.value.args[0].startswith("One check stops this post. “secret” is a word we do not")
    found = read(database, lambda session: checks.check(session, world.iris, post_id, now=NOW))
    finding = next(one.finding for one in found if one.finding.blocks)
    assert (finding.rule, finding.passage) == (
        Rule.GUIDE_WORD_UNWANTED,
        Passage("words", "Words", 1, "Acme"),
    )
    with database.write() as session:
        waivers.waive(session, world.iris, post_id, finding.key, "Its name.", now=NOW)
    publish(database, world.aron, world.acme.id, WORDS, TONE)
    assert step(database, world.ben, post_id, Action.SUBMIT).state is State.INTERNAL_REVIEW


def test_lead_time_is_that_of_the_moment_it_was_submitted(database: Database, world: World) -> None:
    lead = GuidelineRule(RuleKind.LEAD, Severity.BLOCKS, values={"hours": 48})
    publish(database, world.aron, world.acme.id, replace(LENGTH, rules=(lead,)))
    planned_at = NOW + timedelta(hours=50)
    post_id = new_post(database, world, world.ben, "Buns.", planned_at=planned_at)
    step(database, world.ben, post_id, Action.SUBMIT)
    later = NOW + timedelta(hours=10)
    found = read(database, lambda session: checks.check(session, world.ben, post_id, now=later))
    assert [one.finding.rule for one in found] == []


def test_a_clients_guideline_builds_on_the_agencys(database: Database, world: World) -> None:
    publish(database, world.ana, None, TONE, LENGTH)
    publish(database, world.aron, world.acme.id, WORDS, replace(TONE, key="own", instead_of="tone"))
    held = read(database, query.sections_for, world.acme.id)
    assert [(section.key, holds.client) for section, holds in held] == [
        ("own", "Acme"),
        ("words", "Acme"),
        ("length", ""),
    ]
    held = read(database, query.sections_for, world.borealis.id)
    assert [section.key for section, _ in held] == ["tone", "length"]


def test_contradictions_across_both_are_refused_on_either_side(
    database: Database, world: World
) -> None:
    publish(database, world.ana, None, LENGTH)
    long = replace(LENGTH, key="own", rules=(GuidelineRule(RuleKind.LENGTH, values={"min": 60}),))
    with pytest.raises(AtField) as no:
        write(database, world.aron, world.acme.id, long)
    assert no.value.place == "own:0:min"
    at_60 = replace(LENGTH, rules=(replace(AT_MOST_50, values={"max": 60}),))
    publish(database, world.ana, None, at_60)
    publish(database, world.aron, world.acme.id, long)
    with pytest.raises(ClientDisagrees) as no:
        publish(database, world.ana, None, LENGTH)
    assert str(no.value) == (
        "Acme’s guideline, which builds on this one, contradicts it: No text is that long and that "
        "short: see the agency’s “Length”, 50 characters."
    )


def test_a_new_version_tells_which_open_posts_now_fail(database: Database, world: World) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, LENGTH)
    long = new_post(
        database, world, world.ben, "A bun so long that no text of fifty fits around it"
    )
    long = new_post(database, world, world.ben, "A bun that is " + "so " * 20 + "long.")
    secret = new_post(database, world, world.ben, "Our secret.")
    write(database, world.aron, acme, LENGTH, WORDS)
    told = read(
        database, lambda session: guideline_failing.would_fail(session, world.aron, acme, now=NOW)
    )
    published = publish(database, world.aron, acme, LENGTH, WORDS)
    assert published.failing == tuple(told)
    of_the_world = {
        world.acme.posts[state]
        for state in State
        if state not in {State.PUBLISHED, State.CANCELLED}
    }
    assert {one.post.id for one in told} == of_the_world | {secret}
    assert [(one.rule, one.passage) for one in told[-1].new] == [
        (Rule.GUIDE_WORD_UNWANTED, Passage("words", "Words", 2, "Acme"))
    ]
    failing = read(
        database, lambda session: guideline_failing.fails(session, world.aron, acme, now=NOW)
    )
    assert {one.post.id for one in failing} == of_the_world | {secret, long}
    assert (
        read(
            database,
            lambda session: guideline_failing.fails(session, world.ana, world.borealis.id, now=NOW),
        )
        == []
    )


def test_what_the_agency_publishes_is_checked_on_every_clients_posts(
    database: Database, world: World
) -> None:
    told = publish(database, world.ana, None, WORDS).failing
    assert {one.post.client_id for one in told} == {world.acme.id, world.borealis.id}


def test_nobody_is_told_which_posts_of_others_fail(database: Database, world: World) -> None:
    """Whoever writes for one client may open the agency's draft."""
    write(database, world.ana, None, WORDS)
    told = read(
        database, lambda session: guideline_failing.would_fail(session, world.cora, None, now=NOW)
    )
    assert {one.post.client_id for one in told} == {world.acme.id}
    publish(database, world.ana, None, WORDS, TONE)
    told = read(
        database, lambda session: guideline_failing.fails(session, world.bodil, None, now=NOW)
    )
    assert {one.post.client_id for one in told} == {world.borealis.id}


def test_people_acknowledge_a_version_and_who_has_not_is_shown_first(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, TONE)
    acknowledge(database, world.ben, acme, 1)
    acknowledge(database, world.ben, acme, 1)
    publish(database, world.aron, acme, TONE, WORDS)
    acknowledge(database, world.dina, acme, 2)
    with pytest.raises(Stale):
        acknowledge(database, world.cora, acme, 1)
    for stranger in (world.cleo, world.bodil):
        with pytest.raises(NotFound):
            acknowledge(database, stranger, acme, 2)
    read_by = read(database, query.readers, acme)
    assert read_by[-2:] == [
        Reader(world.ben.user_id, "Ben", 1, NOW),
        Reader(world.dina.user_id, "Dina", 2, NOW),
    ]
    assert [(one.name, one.number) for one in read_by[:-2]] == [
        (name, 0) for name in ("Alma", "Ana", "Aron", "Cora", "Iris")
    ]
    assert read(database, query.read_versions, world.ben.user_id) == {acme.hex: 1}
    assert read(database, query.readers, None)[0].name == "Alma"


def test_work_waits_until_what_must_be_read_is_read(database: Database, world: World) -> None:
    acme = world.acme.id
    with pytest.raises(BadInput):
        demand(database, world.aron, acme)
    draft = new_post(database, world, world.ben, "Buns.")
    publish(database, world.aron, acme, TONE)
    with pytest.raises(NotAllowed):
        demand(database, world.cora, acme)
    demand(database, world.aron, acme)
    was = mark_of(Words("Buns.", networks=("linkedin",)), "caption")

    def save() -> None:
        with database.write() as session:
            writing.save(session, world.ben, draft, "caption", "Rolls.", was=was, now=NOW)

    def edit() -> None:
        version = found(database, world.ben, draft).version
        with database.write() as session:
            posts.edit(session, world.ben, draft, Words("Rolls."), version=version, now=NOW)

    def replan() -> None:
        version = found(database, world.aron, draft).version
        at = NOW + timedelta(days=4)
        with database.write() as session:
            posts.replan(session, world.aron, draft, at, version=version, now=NOW)

    for work in (
        save,
        edit,
        replan,
        lambda: step(database, world.ben, draft, Action.SUBMIT),
        lambda: new_post(database, world, world.ben, "More buns."),
    ):
        with pytest.raises(Unread) as no:
            work()
        assert str(no.value) == (
            "Read Acme’s guideline first and say that you have: version 1 holds."
        )
    acknowledge(database, world.ben, acme, 1)
    save()
    step(database, world.ben, draft, Action.SUBMIT)
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE)
    publish(database, world.aron, acme, TONE, LENGTH)
    with pytest.raises(Unread):
        new_post(database, world, world.ben, "More buns.")


def test_nobody_lets_pass_what_a_guideline_says_that_they_have_not_read(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    post_id = new_post(database, world, world.ben, "A secret bun.")
    publish(database, world.aron, acme, WORDS)
    demand(database, world.aron, acme)

    def key() -> str:
        found = read(database, lambda s: checks.check(s, world.iris, post_id, now=NOW))
        return next(one.finding.key for one in found if one.finding.blocks)

    def waive() -> None:
        with database.write() as session:
            waivers.waive(session, world.iris, post_id, key(), "Its name.", now=NOW)

    with pytest.raises(Unread):
        waive()
    acknowledge(database, world.iris, acme, 1)
    waive()
    publish(database, world.aron, acme, WORDS, TONE)
    with database.write() as session:  # to stop it again is no work on it
        waivers.unwaive(session, world.iris, post_id, key(), now=NOW)
    with pytest.raises(Unread):
        waive()


def test_the_agencys_may_have_to_be_read_too(database: Database, world: World) -> None:
    publish(database, world.ana, None, TONE)
    demand(database, world.ana, None)
    with pytest.raises(AgencysUnread):
        new_post(database, world, world.ben, "Buns.")
    acknowledge(database, world.ben, None, 1)
    assert new_post(database, world, world.ben, "Buns.")


def test_what_happened_is_on_record(database: Database, world: World) -> None:
    publish(database, world.aron, world.acme.id, TONE, note="First.")
    acknowledge(database, world.ben, world.acme.id, 1)
    demand(database, world.aron, world.acme.id)
    with database.read() as session:
        rows = session.execute(
            select(col(Event.kind), col(Event.actor_name), col(Event.content))
            .where(col(Event.kind).startswith("guideline."))
            .order_by(col(Event.id))
        ).all()
    assert [tuple(row) for row in rows] == [
        ("guideline.published", "Aron", {"version": 1, "note": "First.", "failing": []}),
        ("guideline.read", "Ben", {"version": 1}),
        ("guideline.demanded", "Aron", {"must_be_read": True}),
    ]


def test_two_who_write_at_once_do_not_overwrite_each_other(
    database: Database, world: World
) -> None:
    version = write(database, world.aron, world.acme.id, TONE)
    write(database, world.cora, world.acme.id, TONE, WORDS)
    for service in (guidelines.publish, guidelines.discard):
        with pytest.raises(Stale), database.write() as session:
            service(session, world.aron, world.acme.id, version=version, now=NOW)


def test_whoever_acknowledges_twice_at_once_has_read_it_once(
    database: Database, world: World
) -> None:
    publish(database, world.aron, world.acme.id, TONE)
    team = (world.ben, world.cora, world.dina, world.iris)
    for who in team:
        calls = [lambda who=who: acknowledge(database, who, world.acme.id, 1)] * 8
        assert at_once(*calls) == [None] * 8
    with database.read() as session:
        told = select(col(Event.actor_name)).where(col(Event.kind) == "guideline.read")
        assert sorted(session.execute(told).scalars()) == ["Ben", "Cora", "Dina", "Iris"]


def test_what_fails_costs_the_same_for_few_and_many_posts(database: Database, world: World) -> None:
    publish(database, world.aron, world.acme.id, WORDS)

    def cost() -> int:
        with count_queries(database) as asked:
            read(database, lambda s: guideline_failing.fails(s, world.aron, world.acme.id, now=NOW))
        return len(asked)

    few = cost()
    for n in range(20):
        new_post(database, world, world.ben, f"Bun {n}")
    assert cost() == few
