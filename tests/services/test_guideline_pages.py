"""Guidelines as people meet them: to read, found, beside the work, in files."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.db.queries import guidelines as query
from postboard.domain.content import Words
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.guideline_rules import GuidelineRule, RuleKind
from postboard.domain.guideline_start import ready
from postboard.domain.guidelines import Guideline, Section, Topic, Work
from postboard.domain.rules import Severity
from postboard.domain.workflow import State
from postboard.imports.guideline import read_guideline
from postboard.locale import LANGUAGES, text
from postboard.services import guideline_files as files
from postboard.services import guideline_pages as pages
from postboard.services import guidelines, posts
from postboard.services.guideline_pages import ChangeSeen, Hit, PartSeen, RuleSeen, ToRead
from postboard.services.posts import NewPost
from tests.world import NOW, World

SHORT = GuidelineRule(RuleKind.LENGTH, Severity.BLOCKS, values={"max": 50})
TONE = Section("tone", Topic.TONE, "How we sound", "Warm, never **loud**.", rules=(SHORT,))
REELS = Section("reels", Topic.GRAPHICS, "Reels", "Tall.", networks=("instagram",))
CHINESE = Section("zh", Topic.BRAND, "用词", "不说“最佳”。")


def publish(database: Database, who, client_id: UUID | None, *sections: Section) -> None:
    with database.write() as session:
        version = query.draft(session, client_id).version
        written = Guideline(sections)
        version = guidelines.write(session, who, client_id, written, version=version, now=NOW)
        guidelines.publish(session, who, client_id, version=version, note="New.", now=NOW)


def read(database: Database, ask: Any, *args: Any) -> Any:
    with database.read() as session:
        return ask(session, *args)


def test_somebody_new_has_everything_to_read_and_others_what_is_new(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.ana, None, TONE)
    publish(database, world.aron, acme, CHINESE)
    publish(database, world.bodil, world.borealis.id, REELS)
    agencys = ToRead("", "", 1, 0, "New.", must_be_read=False)
    acmes = ToRead(acme.hex, "Acme", 1, 0, "New.", must_be_read=False)
    assert read(database, pages.to_read, world.ben) == [agencys, acmes]
    assert [one.client for one in read(database, pages.to_read, world.ana)] == [
        "",
        "Acme",
        "Borealis",
    ]
    assert read(database, pages.to_read, world.cleo) == []
    everybody = (world.ben, world.ana, world.cleo, world.bodil)
    assert [read(database, query.unread_count, who) for who in everybody] == [2, 3, 0, 2]
    with database.write() as session:
        guidelines.acknowledge(session, world.ben, acme, 1, now=NOW)
        guidelines.acknowledge(session, world.ben, None, 1, now=NOW)
    assert read(database, pages.to_read, world.ben) == []
    assert read(database, query.unread_count, world.ben) == 0
    publish(database, world.aron, acme, CHINESE, TONE)
    assert read(database, pages.to_read, world.ben) == [replace(acmes, number=2, known=1)]


def test_a_search_finds_what_the_reader_may_read_in_either_language(
    database: Database, world: World
) -> None:
    publish(database, world.ana, None, TONE)
    publish(database, world.aron, world.acme.id, CHINESE)
    hit = Hit(world.acme.id.hex, "Acme", "zh", "用词", "不说“最佳”。")
    assert read(database, pages.search, world.ben, "最佳") == [hit]
    assert read(database, pages.search, world.bodil, "最佳") == []
    assert [one.title for one in read(database, pages.search, world.bodil, "LOUD")] == [
        "How we sound"
    ]
    assert read(database, pages.search, world.cleo, "loud") == []
    assert read(database, pages.search, world.ben, "  ") == []


def test_the_right_sections_stand_beside_a_post(database: Database, world: World) -> None:
    publish(database, world.ana, None, TONE)
    publish(database, world.aron, world.acme.id, REELS, CHINESE)
    words = Words("Buns.", networks=("linkedin",))
    with database.write() as session:
        linkedin = posts.create(session, world.ben, world.acme.id, NewPost(words), now=NOW)
    both = world.acme.posts[State.DRAFT]

    def beside(who, post_id: UUID, work: Work | None = None) -> tuple[Work, list[str]]:
        at, sections = read(database, pages.beside_post, who, post_id, work)
        return at, [one.key for one in sections]

    assert beside(world.ben, linkedin) == (Work.WRITING, ["zh", "tone"])
    assert beside(world.dina, linkedin) == (Work.PICTURES, ["zh"])
    assert beside(world.dina, both) == (Work.PICTURES, ["reels", "zh"])
    assert beside(world.ben, both, Work.REVIEWING) == (Work.REVIEWING, ["reels", "zh", "tone"])
    for stranger in (world.bodil, world.dora, world.cleo):
        with pytest.raises(NotFound):
            beside(stranger, both)


def test_versions_are_compared_with_each_other_and_with_the_draft(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, replace(TONE, rules=()))
    publish(database, world.aron, acme, replace(TONE, text="Warm."), CHINESE)
    told = read(database, pages.compare, world.ben, acme, 1, 2)
    rule = RuleSeen(
        "length",
        blocks=True,
        in_each={one: files.in_words(SHORT, text(one)).replace("**", "") for one in LANGUAGES},
    )
    assert told == [
        ChangeSeen(
            "How we sound",
            "changed",
            [
                PartSeen("same", "How we sound\n\nWarm"),
                PartSeen("removed", ", never **loud**"),
                PartSeen("same", "."),
            ],
            [rule],
            [],
        ),
        ChangeSeen("用词", "added", [PartSeen("added", "用词\n\n不说“最佳”。")], [], []),
    ]
    assert read(database, pages.compare, world.ben, acme, 2, None) == []
    with pytest.raises(NotFound):
        read(database, pages.compare, world.bodil, acme, 1, 2)
    with pytest.raises(NotFound):
        read(database, pages.compare, world.ben, acme, 1, 3)


def test_an_opened_guideline_says_who_has_not_read_it(database: Database, world: World) -> None:
    acme = world.acme.id
    empty = read(database, pages.opened, world.ben, acme)
    assert (empty.number, empty.sections, empty.unread, empty.may_write) == (0, [], 0, False)
    publish(database, world.ana, None, TONE)
    publish(database, world.aron, acme, REELS)
    with database.write() as session:
        guidelines.acknowledge(session, world.ben, acme, 1, now=NOW)
    seen = read(database, pages.opened, world.ben, acme)
    assert [(one.key, one.client, one.version) for one in seen.sections] == [
        ("reels", "Acme", 1),
        ("tone", "", 1),
    ]
    assert seen.sections[-1].html == "<p>Warm, never <strong>loud</strong>.</p>\n"
    assert (seen.unread, seen.read_by_me, seen.readers[-1].name) == (6, 1, "Ben")


def test_a_file_comes_to_the_end_of_the_draft_and_json_as_it_went_out(
    database: Database, world: World
) -> None:
    acme = world.acme.id
    publish(database, world.aron, acme, TONE)
    told = read(database, files.as_json, world.ben, acme, 1)
    with database.write() as session:
        told_by_file = read_guideline(b"# Logo\nLeft.\n# Links\nShort.", "a.md").guideline
        done = files.bring_in(session, world.aron, acme, told_by_file, version=2, now=NOW)
    assert done == 3
    titles = [one.title for one in read(database, query.draft, acme).guideline.sections]
    assert titles == ["How we sound", "Logo", "Links"]
    again = read_guideline(json.dumps(told).encode(), "a.json").guideline
    with database.write() as session:
        files.bring_in(session, world.bodil, world.borealis.id, again, version=0, now=NOW)
    assert read(database, query.draft, world.borealis.id).guideline == Guideline((TONE,))


def test_markdown_says_it_all_with_headings_in_their_order(
    database: Database, world: World
) -> None:
    section = replace(TONE, text="Warm.\n\n# Never\n\nLoud.", networks=("x",))
    publish(database, world.aron, world.acme.id, section)
    assert read(database, files.as_markdown, world.ben, world.acme.id, 1) == (
        "# Acme: guideline\n\nVersion 1, published on Mon, Mar 2, 2026 by Aron\n\n"
        "## How we sound\n\n*X*\n\nWarm.\n\n### Never\n\nLoud.\n\n"
        "- **Length:** 50 characters at most · Stops the post\n"
    )
    with pytest.raises(NotFound):
        read(database, files.as_markdown, world.bodil, world.acme.id, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ready_guidelines_are_taken_and_do_not_contradict_each_other(
    database: Database, world: World, language
) -> None:
    with database.write() as session:
        files.begin(session, world.ana, None, language, version=0, now=NOW)
        guidelines.publish(session, world.ana, None, version=1, now=NOW)
        files.begin(session, world.aron, world.acme.id, language, version=0, now=NOW)
        guidelines.publish(session, world.aron, world.acme.id, version=1, now=NOW)
    held = read(database, query.sections_for, world.acme.id)
    assert len(held) == 15
    with pytest.raises(BadInput), database.write() as session:
        files.begin(session, world.ana, None, language, version=2, now=NOW)


def test_ready_guidelines_are_alike_in_every_language() -> None:
    for for_client in (True, False):
        shapes = {
            tuple((one.key, one.topic) for one in ready(one, for_client=for_client).sections)
            for one in LANGUAGES
        }
        assert len(shapes) == 1
