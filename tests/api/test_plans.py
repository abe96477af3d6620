"""The plan as a file: for whom, of what, and that it comes in again as it went out."""

import asyncio
import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from postboard.db.engine import Database
from postboard.db.models import Post
from postboard.db.queries import plan_export
from postboard.db.queries.plan_export import PlanRow
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import CLIENT_STATES, State
from postboard.imports import plan_own
from postboard.locale import LANGUAGES
from postboard.services import own_plans, plan_import, plan_sorting, post_rows, posts
from postboard.services.plan_preview import Preview
from postboard.services.post_words import words_of
from postboard.services.posts import NewPost
from tests.api.conftest import Browser, Visit
from tests.pdf import pages_of
from tests.world import NOW, World, cookie_of

KINDS = ("csv", "xlsx", "pdf")
MAY = "from=2026-05-01&until=2026-05-31"
FORMULA = '=HYPERLINK("http://evil.example")'
DISGUISED = (
    "Buns;=1+1",
    'Buns; "=1+1"',
    "Buns\n=1+1",
    "Buns\n\n  '=1+1",
    "Today\n- rye\n- spelt;@baker;''+1",
    "Rye;＝1+1",
)


def signed_in(database: Database, visit: Visit, actor: Actor) -> Browser:
    browser = visit()
    token = cookie_of(database, actor, datetime.now(UTC))
    browser.cookies.set("postboard_session", token, "board.example")
    return browser


def plan(database: Database, world: World, words: Words, at: datetime | None) -> UUID:
    with database.write() as session:
        return posts.create(session, world.ana, world.acme.id, NewPost(words, at), now=NOW)


def table_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "address",
    [
        "/exports/plan.csv?client=%00",
        "/exports/plan.csv?client=ACME&text=x%00",
        "/exports/plan.csv?person=%00&campaign=%00",
        "/feeds/x%00.ics",
        "/link/%00",
        "/shared/x%00x",
        "/mail/stop/%00",
        "/media/%00/thumb",
        "/guidelines/agency/%00.json",
        "/board/%00",
        "/%00?%00=%00",
    ],
)
def test_an_address_with_a_nul_names_nothing(
    database: Database, world: World, visit: Visit, address: str
) -> None:
    assert signed_in(database, visit, world.ana).get(address).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_staff_and_client_of_the_brand_take_it_home_and_nobody_else(
    database: Database, world: World, visit: Visit, kind: str
) -> None:
    address = f"/exports/plan.{kind}?client=ACME"
    for actor in world.of_acme().values():
        answer = signed_in(database, visit, actor).get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.headers["content-disposition"] == f'attachment; filename="plan-ACME.{kind}"'
    nothing = {
        (answer.status_code, answer.content)
        for browser in (
            visit(),
            signed_in(database, visit, world.dora),
            signed_in(database, visit, world.bodil),
        )
        for answer in [browser.get(address), browser.get("/exports/plan.csv?client=NONE")]
    } | {
        (answer.status_code, answer.content)
        for answer in [
            signed_in(database, visit, world.cleo).get(
                f"/exports/plan.csv?client={world.borealis.key}"
            )
        ]
    }
    ((status, said),) = nothing
    assert (status, list(json.loads(said))) == (404, ["refused"])


def test_each_sees_what_they_may(database: Database, world: World, visit: Visit) -> None:
    def states(actor: Actor, query: str = "") -> set[str]:
        answer = signed_in(database, visit, actor).get(f"/exports/plan.csv?client=ACME{query}")
        return {row["State"] for row in table_of(answer.content)}

    assert len(states(world.ana)) == len(State) - 1
    assert states(world.ana, "&states=cancelled,draft") == {"Cancelled", "Draft"}
    theirs = states(world.cleo)
    assert len(theirs) == len(CLIENT_STATES - {State.CANCELLED})
    assert not theirs & {"Draft", "Internal review", "Client rework"}
    assert states(world.cleo, "&states=draft,internal_review") == set()
    # What only the agency's filters ask about does not narrow theirs: it would tell of its work.
    assert states(world.cleo, f"&person={world.ben.user_id.hex}&text=nothing") == theirs
    mine = signed_in(database, visit, world.cleo).get("/exports/plan.csv").content
    assert {row["Client"] for row in table_of(mine)} == {"Acme"}
    assert not {"Version", "Person"} & set(table_of(mine)[0])


def test_a_client_reads_only_what_was_submitted(
    database: Database, world: World, visit: Visit
) -> None:
    post_id = world.acme.posts[State.CLIENT_REWORK]
    with database.write() as session:
        post = post_rows.find(session, world.ben, post_id)
        words = replace(words_of(session, post_id, post.revision), caption="Unsent words")
        posts.edit(session, world.ben, post_id, words, version=post.version, now=NOW)
    address = "/exports/plan.csv?client=ACME"
    assert b"Unsent words" in signed_in(database, visit, world.ben).get(address).content
    assert b"Unsent words" not in signed_in(database, visit, world.cleo).get(address).content


def test_days_are_those_of_the_clients_clock(
    database: Database, world: World, visit: Visit
) -> None:
    """Acme lives in Berlin: the last quarter of April in London is May there."""
    plan(database, world, Words("First of May"), datetime(2026, 4, 30, 22, 30, tzinfo=UTC))
    plan(database, world, Words("Last of May"), datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    plan(database, world, Words("June"), datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
    plan(database, world, Words("Someday"), None)
    ana = signed_in(database, visit, world.ana)
    rows = table_of(ana.get(f"/exports/plan.csv?client=ACME&{MAY}").content)
    assert [
        (row["Caption"], row["Date"], row["Time of day"], row["Planned (ISO 8601)"]) for row in rows
    ] == [
        ("First of May", "2026-05-01", "00:30", "2026-05-01T00:30+02:00"),
        ("Last of May", "2026-05-31", "23:59", "2026-05-31T23:59+02:00"),
    ]
    every = table_of(ana.get("/exports/plan.csv?client=ACME").content)
    assert "Someday" in [row["Caption"] for row in every]


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "until=0001-01-01", "states=nonsense", "from=2026-05-02&until=2026-05-01"],
)
def test_what_cannot_be_meant_is_refused(
    database: Database, world: World, visit: Visit, query: str
) -> None:
    answer = signed_in(database, visit, world.ana).get(f"/exports/plan.csv?{query}")
    assert answer.status_code == 422
    assert signed_in(database, visit, world.ana).get("/exports/plan.exe").status_code == 404


def test_too_many_are_refused_with_a_way_out(
    database: Database, world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_export, "POSTS_MAX", 3)
    answer = signed_in(database, visit, world.ana).get("/exports/plan.pdf?client=ACME")
    assert (answer.status_code, answer.json()["refused"]["en"]) == (
        422,
        "These are more than 3 posts. Choose a shorter time or one client.",
    )


def test_who_follows_a_link_reads_a_sentence_and_no_json(
    database: Database, world: World, visit: Visit
) -> None:
    answer = signed_in(database, visit, world.ana).get(
        "/exports/plan.csv?from=tomorrow", headers={"sec-fetch-mode": "navigate"}
    )
    assert (answer.status_code, answer.text) == (422, "A day is written like 2026-11-30.")


def test_no_cell_is_a_formula(database: Database, world: World, visit: Visit) -> None:
    at = datetime(2026, 5, 5, 8, tzinfo=UTC)
    for caption in (FORMULA, "+1", "-1", "@me", "'=1", "plain"):
        plan(database, world, Words(caption, title="=1+1"), at)
    ana = signed_in(database, visit, world.ana)
    rows = table_of(ana.get(f"/exports/plan.csv?client=ACME&{MAY}").content)
    assert [row["Caption"] for row in rows] == [
        f"'{FORMULA}",
        "'+1",
        "'-1",
        "'@me",
        "''=1",
        "plain",
    ]
    assert {row["Title"] for row in rows} == {"'=1+1"}
    book = load_workbook(io.BytesIO(ana.get(f"/exports/plan.xlsx?client=ACME&{MAY}").content))
    kinds = {(cell.data_type, cell.value) for row in book.active.iter_rows() for cell in row}
    assert "f" not in {kind for kind, _ in kinds}
    assert ("s", FORMULA) in kinds


def test_the_workbook_has_real_days_and_a_header_that_stays(
    database: Database, world: World, visit: Visit
) -> None:
    at = datetime(2026, 5, 5, 8, tzinfo=UTC)
    plan(database, world, Words("Buns \x0b早上", networks=("x",)), at)
    ana = signed_in(database, visit, world.ana)
    book = load_workbook(io.BytesIO(ana.get(f"/exports/plan.xlsx?client=ACME&{MAY}").content))
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, (cell.value for cell in sheet[2]), strict=True))
    assert sheet.freeze_panes == "A2"
    assert (row["Date"], row["Time of day"]) == (
        datetime(2026, 5, 5),  # noqa: DTZ001 - a sheet knows no zones
        time(10),
    )
    assert sheet.column_dimensions["J"].width > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_lists_the_month_by_its_days(
    database: Database, world: World, visit: Visit, language: str
) -> None:
    for day in range(1, 29):
        at = datetime(2026, 5, day, 8, tzinfo=UTC)
        plan(database, world, Words(f"Buns of day {day}\n" * 6, networks=("x",)), at)
    ana = signed_in(database, visit, world.ana)
    content = ana.get(f"/exports/plan.pdf?client=ACME&{MAY}&language={language}").content
    pages = pages_of(content)
    assert len(pages) > 1
    assert b"/MediaBox [ 0 0 841" in content
    said = "".join(pages)
    day = {"en": "Fri, May 1, 2026", "zh-CN": "2026年5月1日"}[language]
    for words in ("Buns of day 28", "10:00", "ACME", f"1/{len(pages)}", day):
        assert words.replace(" ", "") in said.replace(" ", "")


# --- and back ---


def seen(database: Database, world: World, content: bytes, client: str = "Acme") -> Preview:
    with database.read() as session:
        return plan_import.preview(session, world.ana, client, "plan.csv", content)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_no_cell_is_a_formula_to_a_program_that_takes_the_file_apart_at_other_marks(
    database: Database, world: World, visit: Visit, mark: str
) -> None:
    at = datetime(2026, 5, 5, 8, tzinfo=UTC)
    for caption in DISGUISED:
        plan(database, world, Words(caption, title=caption.split("\n")[-1]), at)
    ana = signed_in(database, visit, world.ana)
    content = ana.get(f"/exports/plan.csv?client=ACME&{MAY}").content.decode("utf-8-sig")
    rows = [
        *csv.reader(io.StringIO(content, newline=""), delimiter=mark),
        *csv.reader(io.StringIO(content, newline=""), delimiter=mark, quoting=csv.QUOTE_NONE),
    ]
    cells = {cell.strip('" \t\r\n') for row in rows for cell in row}
    assert {cell for cell in cells if cell[:1] in set("=+-@＝＋－＠")} == set()
    assert any(cell.startswith("'=1+1") for cell in cells)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_that_comes_back_as_it_went_changes_nothing(
    database: Database, world: World, visit: Visit, kind: str, language: str
) -> None:
    # Half past two comes twice on 25 October: here is the second one.
    plan(database, world, Words(FORMULA, "'=1"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    plan(
        database,
        world,
        Words(
            "早上六点\n\n🥐",
            link="https://b.example/a",
            networks=("weibo", "x", "wechat"),
            hashtags=("rye", "面包"),
            first_comment="One || two",
        ),
        None,
    )
    for caption in DISGUISED:
        plan(database, world, Words(caption), None)
    ana = signed_in(database, visit, world.ana)
    content = ana.get(f"/exports/plan.{kind}?client=ACME&language={language}").content
    back = seen(database, world, content)
    assert (back.layout, back.new, back.updated) == ("postboard", (), ())
    assert {row.message_id for row in back.skipped} == {plan_sorting.UNCHANGED}
    assert len(back.skipped) == len(State) - 1 + 2 + len(DISGUISED)


def edited(content: bytes, key: str, **said: str) -> bytes:
    rows = table_of(content)
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    names = {name: plan_own.HEADERS[name] for name in said}
    for row in rows:
        if row["Post"] == key:
            row |= {names[name]: value for name, value in said.items()}
        writer.writerow(row)
    return written.getvalue().encode()


def test_what_was_changed_in_the_file_changes_its_post(
    database: Database, world: World, visit: Visit
) -> None:
    post_id = plan(database, world, Words("Buns", networks=("x",)), NOW + timedelta(days=3))
    with database.read() as session:
        key = f"ACME-{session.get_one(Post, post_id).number}"
    ana = signed_in(database, visit, world.ana)
    content = ana.get("/exports/plan.csv?client=ACME").content
    told = {"caption": "Rolls", "date": "2026-05-06", "time": "11:15", "networks": "X, Instagram"}
    changed = seen(database, world, edited(content, key, **told))
    assert [update.planned.reference for update in changed.updated] == [key]
    assert plan_import.commit(database, world.ana, changed, now=NOW).updated == 1
    with database.read() as session:
        post = post_rows.find(session, world.ana, post_id)
        words = words_of(session, post_id, post.revision)
    assert (words.caption, words.networks) == ("Rolls", ("x", "instagram"))
    assert post.planned_at == datetime(2026, 5, 6, 9, 15, tzinfo=UTC)
    # The old file once more: somebody else's newer words do not go under.
    stale = seen(database, world, edited(content, key, caption="Rye"))
    assert (stale.updated, [row.reason for row in stale.skipped if key in row.reason]) == (
        (),
        [f"{key} changed since this file was written. Export the plan again."],
    )


def test_a_plan_of_another_client_is_left_out(
    database: Database, world: World, visit: Visit
) -> None:
    content = signed_in(database, visit, world.ana).get("/exports/plan.csv?client=ACME").content
    back = seen(database, world, content, "Borealis")
    assert (back.new, back.updated) == ((), ())
    assert {row.message_id for row in back.skipped} == {own_plans.OTHER_CLIENTS}


def test_of_many_exports_asked_for_at_once_a_few_wait_and_no_plan_waits_in_memory(
    database: Database, world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading: list[int] = []
    now_reading = 0

    def counted(*asked: Any, **more: Any) -> list[PlanRow]:
        nonlocal now_reading
        now_reading += 1
        reading.append(now_reading)
        return read(*asked, **more)

    def written(*asked: Any, **more: Any) -> bytes:
        nonlocal now_reading
        now_reading -= 1
        return b"plan"

    read = plan_export.plan
    monkeypatch.setattr(plan_export, "plan", counted)
    monkeypatch.setattr("postboard.services.plan_export.as_csv", written)
    monkeypatch.setattr("postboard.api.plans._WRITING", asyncio.Semaphore(1))
    browsers = [signed_in(database, visit, actor) for actor in (world.ana, world.cleo)]

    async def all_at_once() -> list[int]:
        asked = [one._ask("GET", "/exports/plan.csv") for one in browsers for _ in range(8)]
        return [answer.status_code for answer in await asyncio.gather(*asked)]

    codes = asyncio.run(all_at_once())
    assert [sorted(codes[:8]), sorted(codes[8:])] == [[200] * 3 + [429] * 5] * 2
    assert set(reading) == {1}
    assert browsers[0].get("/exports/plan.csv").status_code == 200
