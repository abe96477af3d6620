"""The client's page as it arrives, before any script: the first waiting post is in it already."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from postboard.db.engine import Database
from postboard.domain.content import Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, State
from tests.api.conftest import Visit
from tests.world import NOW, World, bring_to, cookie_of, step

BUILT = (
    '<html><head><link as="style" href="/assets/__reflex_global_styles-1.css" rel="preload"/>'
    '<link rel="modulepreload" href="/a.js">'
    '<link href="/assets/__reflex_global_styles-1.css" rel="stylesheet"/>'
    '<link rel="stylesheet" href="/assets/dialog-1.css#"/></head><body><div></div></body></html>'
)
RULES = ".review{color:red}"
Arrive = Callable[..., str]


@pytest.fixture
def arrive(database: Database, visit: Visit, tmp_path: Path) -> Arrive:
    """The page as this person's browser gets it."""
    page = tmp_path / "client" / "review" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(BUILT, "utf-8")
    styles = tmp_path / "client" / "assets" / "__reflex_global_styles-1.css"
    styles.parent.mkdir()
    styles.write_text(RULES, "utf-8")

    def open_page(actor: Actor | None, zone: str = "", **headers: str) -> str:
        browser = visit()
        if zone:
            browser.cookies.set("zone", zone)
        if actor:
            browser.cookies.set("postboard_session", cookie_of(database, actor, datetime.now(UTC)))
        answer = browser.get("/review/", headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        return answer.text

    return open_page


def words_of(html: str) -> str:
    """What is to be read, tag by tag."""
    body = re.sub(r"<script>.*?</script>", "", html.partition("<body>")[2])
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


@pytest.fixture
def waiting(database: Database, world: World) -> UUID:
    """Planned a day before Acme's other post that waits for Cleo."""
    return bring_to(
        database,
        world.acme.id,
        State.CLIENT_REVIEW,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        words=Words("Buns <b>&</b> more", "Morning", first_comment="Go", networks=("weibo",)),
        now=NOW - timedelta(days=1),
    )


def test_the_first_post_is_in_the_page(arrive: Arrive, world: World, waiting: UUID) -> None:
    assert words_of(arrive(world.cleo)) == (
        "Acme What is planned ‹ 1 of 2 › Approve all For Wed, Mar 4, 10:00 AM"
        " An answer was due Tue, Mar 3, 5:00 PM A Acme Weibo Morning"
        " Buns &lt;b&gt;&amp;&lt;/b&gt; more First comment Go Request changes Approve"
    )


def test_it_is_in_the_readers_language(arrive: Arrive, world: World, waiting: UUID) -> None:
    assert "微博" in words_of(arrive(world.cleo, **{"accept-language": "zh-CN,en;q=0.5"}))


@pytest.mark.parametrize(
    ("languages", "zone", "written"),
    [
        ("en-GB,en;q=0.8", "", "For Wed 4 Mar, 10:00 An answer"),
        ("en-XX, *", "", "For Wed, Mar 4, 10:00 AM An answer"),
        ("zh-CN", "", "3 月 4 日周三 10:00 发布"),
        ("en", "America/New_York", "10:00 AM (Central European Time) An"),
        ("en", "Europe/Paris", "10:00 AM An answer"),
        ("en", "../../etc", "10:00 AM An answer"),
    ],
)
def test_dates_are_written_as_the_readers_browser_writes_them(
    arrive: Arrive, world: World, waiting: UUID, languages: str, zone: str, written: str
) -> None:
    seen = arrive(world.cleo, zone, **{"accept-language": languages})
    assert written in words_of(seen)


def test_whoever_only_reads_along_sees_whose_turn_it_is(
    arrive: Arrive, world: World, waiting: UUID
) -> None:
    seen = words_of(arrive(world.vera))
    assert "Waits for Cleo." in seen
    assert "Approve" not in seen


def test_nothing_that_is_read_waits_for_another_request(
    arrive: Arrive, world: World, waiting: UUID
) -> None:
    head = arrive(world.cleo).partition("</head>")[0]
    later = """media="print" onload="this.media='all'\""""
    assert head == (
        '<html><head><link rel="modulepreload" fetchpriority="low" href="/a.js">'
        f"<style>{RULES}</style>"
        f'<link {later} href="/assets/__reflex_global_styles-1.css" rel="stylesheet"/>'
        f'<link {later} rel="stylesheet" href="/assets/dialog-1.css#"/>'
    )


def test_another_brands_reviewer_sees_their_own(
    arrive: Arrive, world: World, waiting: UUID
) -> None:
    theirs = words_of(arrive(world.dora))
    assert "Borealis What is planned ‹ 1 of 1 › For" in theirs
    assert "Acme" not in theirs


def test_staff_and_strangers_get_the_bare_page(arrive: Arrive, world: World, waiting: UUID) -> None:
    assert [arrive(who) for who in (None, world.ana, world.ben)] == [BUILT] * 3


def test_where_nothing_waits_nothing_is_shown(
    database: Database, arrive: Arrive, world: World
) -> None:
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE)
    assert arrive(world.cleo) == BUILT
