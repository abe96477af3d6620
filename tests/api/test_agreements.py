"""An agreement to keep: read by both sides, answered by no address."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from markdown_it import MarkdownIt

from postboard.db.engine import Database
from postboard.domain.contract import Contact, Party, as_json
from postboard.domain.launch import Gate
from postboard.services import launches
from postboard.services.contract_export import plain
from tests.api.conftest import Browser, Visit
from tests.contracts import CONTRACT, accepted, draft, offered
from tests.world import NOW, World, cookie_of, everything_in


@pytest.fixture
def signed_in(database: Database, world: World, visit: Visit):
    def browser(name: str) -> Browser:
        at = visit()
        token = cookie_of(database, getattr(world, name), datetime.now(UTC))
        at.cookies.set("postboard_session", token, "board.example")
        return at

    return browser


def test_both_sides_take_it_away_as_json(
    database: Database, world: World, signed_in, visit: Visit
) -> None:
    version_id = accepted(database, world)
    for name in ("aron", "cleo"):
        answer = signed_in(name).get(f"/agreements/{version_id}.json")
        assert answer.headers["content-disposition"] == (
            'attachment; filename="ACME-agreement-1.json"'
        )
        told = answer.json()
        assert told["terms"] == as_json(CONTRACT)
        assert (told["format"], told["state"], told["offered"], told["answered"]) == (
            "postboard.agreement/1",
            "accepted",
            {"name": "Aron", "at": NOW.isoformat()},
            {"name": "Cleo", "at": NOW.isoformat()},
        )
        assert [stage["side"] for stage in told["beside"]["chain"]] == ["internal", "client"]


def test_as_markdown_it_speaks_the_readers_language_and_nobody_writes_marks(
    database: Database, world: World, signed_in
) -> None:
    hostile = "# No heading <script>alert(1)</script> [link](javascript:x)\n- a *line*"
    terms = replace(CONTRACT, scope=hostile, contacts=(Contact(Party.CLIENT, "`Cleo`"),))
    version_id = accepted(database, world, terms)
    told = signed_in("cleo").get(f"/agreements/{version_id}.md?language=en").text
    assert told.startswith(
        "# Care of the channels\n\nAcme, version 1: Agreement\n\nMore is wanted."
    )
    assert (
        "## What the agency does\n\n"
        r"\# No heading \<script\>alert(1)\</script\> \[link\](javascript:x)  " + "\n"
        r"\- a \*line\*" in told
    )
    assert "- Instagram, with pictures: 4\n- LinkedIn: 2" in told
    assert "## Contacts\n\nClient: \\`Cleo\\`" in told
    assert "Accepted by Cleo, " in told


UNMARKED = (
    "Scope\n===",
    "Scope\n  ---",
    "a\n\n    code",
    "a\n=",
    "&lt;b&gt;",
    "1) b",
    "1200.50",
    "-5",
)


@pytest.mark.parametrize("written", UNMARKED)
def test_whatever_is_written_stays_plain_words(written: str) -> None:
    shown = re.sub(r"</?p>|<br />", "", MarkdownIt("commonmark").render(plain(written)))
    kept = [line.strip() for line in written.split("\n") if line]
    assert [line for line in shown.split("\n") if line] == [html.escape(one) for one in kept]


def test_strangers_and_the_team_without_the_right_find_nothing(
    database: Database, world: World, signed_in, visit: Visit
) -> None:
    written = draft(database, world)
    paths = [f"/agreements/{written}.{kind}" for kind in ("md", "json")]
    assert {signed_in("cleo").get(path).status_code for path in paths} == {404}
    assert {signed_in("aron").get(path).status_code for path in paths} == {200}
    for name in ("ben", "vera", "dora", "bodil"):
        assert {signed_in(name).get(path).status_code for path in paths} == {404}
    assert {visit().get(path).status_code for path in paths} == {404}
    for wrong in (f"/agreements/{uuid4()}.md", "/agreements/x.json"):
        assert signed_in("aron").get(wrong).status_code == 404


def test_no_address_answers_an_agreement(database: Database, world: World, signed_in) -> None:
    version_id, digest = offered(database, world)
    cleo = signed_in("cleo")
    before = everything_in(database)
    for query in ("", f"?accept={digest}", f"?digest={digest}&answer=accept"):
        for kind in ("md", "json"):
            cleo.get(f"/agreements/{version_id}.{kind}{query}")
            assert cleo.post(f"/agreements/{version_id}.{kind}{query}").status_code == 405
    assert everything_in(database) == before


def test_the_plan_of_action_is_taken_away_by_who_looks_after_the_client(
    database: Database, world: World, signed_in, visit: Visit
) -> None:
    with database.write() as session:
        lines = ("Logo is here", "# Access")
        launches.change(session, world.ana, world.acme.id, Gate.SOFT, lines, version=0, now=NOW)
        launches.tick(session, world.aron, world.acme.id, "Logo is here", done=True, now=NOW)
    path = f"/clients/{world.acme.id}/plan-of-action"
    aron = signed_in("aron")
    told = aron.get(f"{path}.json").json()
    assert (told["format"], told["before_the_first_post"], told["items"][0]) == (
        "postboard.plan-of-action/1",
        "soft",
        {"words": "Logo is here", "done_by": "Aron", "done_at": NOW.isoformat()},
    )
    written = aron.get(f"{path}.md?language=en").text
    assert written.startswith("# Acme: Plan of action\n\n- [ ] Channels: ")
    assert "- [x] Team: an account manager\n" in written
    assert written.endswith("- [x] Logo is here\n- [ ] \\# Access\n")
    answers = {
        name: signed_in(name).get(f"{path}.md").status_code for name in ("ben", "cleo", "dora")
    }
    assert answers == {"ben": 403, "cleo": 403, "dora": 404}
    assert visit().get(f"{path}.json").status_code == 404
    assert aron.get(f"{path}.exe").status_code == 404
