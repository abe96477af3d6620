"""Every handler × every person × every kind of wrong call, over a real websocket."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.metric_models import Goal, MetricImport, MetricPost
from postboard.db.models import Notice, Task
from postboard.db.notify_models import ChatAddress
from postboard.db.people_models import Absence, HandOver
from postboard.db.planning_models import BulkChange
from postboard.db.review_models import Idea, StandIn
from postboard.domain.contract import Contract, ContractState
from postboard.domain.conversation import Thread
from postboard.domain.errors import NotFound
from postboard.domain.goals import Aim, GoalMetric
from postboard.domain.handing_over import Heirs
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import State
from postboard.services import (
    bulk,
    chats,
    client_chats,
    comments,
    contracts,
    feeds,
    goals,
    handing_over,
    post_rows,
)
from postboard.services.comments import Remark
from postboard.ui.guard import _FRAMEWORK, Failed, answer
from tests.ui.attack.browser import Tab, events, opened
from tests.ui.attack.handlers import Handler, every_handler
from tests.ui.attack.stage import Stage
from tests.world import found

SIGN_IN = '(() => window.location.assign("/sign-in/?next=/nowhere/"))'
FOREIGN = "acme"
CALLS_PER_TAB = 50

WRONG = (
    None,
    True,
    -(2**60),
    1.5,
    "x" * 100_001,
    "half \ud800",
    "nul \0",
    [],
    [None],
    ["x", {"y": 1}],
    {},
    {"x": {"y": ["z"]}},
    {"$ne": None},
    "not an id",
    7,
)


ODD = (
    "",
    "x" * 50_000,
    "0" * 32,
    "\u202e<img src=x onerror=alert(1)>{0}%s\r\nBcc: x",
    -1,
    2**31,
    2**53,
    [""],
    ["0" * 32] * 500,
    [2**53],
    [{"asset": "x", "x": -1e308, "y": 1e308, "text": "x" * 2_000}] * 30,
    {},
    {"field": "x" * 5_000},
    {"asset": "x", "x": 1e308, "y": -1},
    {"name": "x" * 50_000, "email": "a@b\r\nBcc: c@d.example", "person": "x", "chat": "x" * 9_000},
)
"""Of some type that a handler takes, and nothing that a page of ours would send."""


def said(refused_by: Callable[[], Exception]) -> str:
    from reflex_base.event import Event

    return Event.from_event_type(answer(refused_by()))[0].payload["function"]  # type: ignore[arg-type]


NOT_HERE = said(NotFound)
FAILED = said(Failed)


@pytest.fixture
def acme(stage: Stage) -> Mapping[str, Any]:
    """Arguments that name Acme's things as its own people would name them."""
    post_id = stage.world.acme.posts[State.CLIENT_REVIEW]
    post = found(stage.database, stage.world.ana, post_id)
    judged = {"id": post_id.hex, "revision": post.revision, "round": post.rounds, "request": ""}
    return {
        "post_id": post_id.hex,
        "post_ids": [post_id.hex],
        "judged": judged,
        "chosen": [judged],
        "client_id": stage.world.acme.id.hex,
        "client": stage.world.acme.id.hex,
        "of": stage.world.acme.id.hex,
        "campaign_id": stage.world.acme.campaign_id.hex,
        "campaign": stage.world.acme.campaign_id.hex,
        "person_id": _id(stage.world.ben),
        "person": _id(stage.world.ben),
        "asset_id": stage.asset_id.hex,
        "task_id": _task_of(stage, stage.world.acme.posts[State.IN_PRODUCTION]),
        "notice_id": _notice_of(stage, stage.world.ben),
        "command_id": "6f3a2f5e8d7c4b1a9e0d1c2b3a495867",
        "after_id": "",
        "month": f"{datetime.now(UTC):%Y-%m}",
        "in_view": {
            "since": f"{datetime.now(UTC) - timedelta(days=20):%Y-%m-%d}",
            "until": f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}",
            "language": "en",
        },
        "at": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M}",
        "day": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}",
        "version": post.version,
        "revision": post.revision,
        "revisions": [post.revision],
        "number": post.rounds,
        "numbers": [post.rounds],
        "chat_id": _chat_of(stage, stage.world.ben),
        "client_chat_id": _client_chat_of(stage),
        "stand_in_id": _stand_in(stage),
        "idea_id": _idea(stage),
        "feed_id": _feed(stage),
        "goal_id": _goal(stage),
        "removal": f"{_goal(stage)} 1",
        "chart": "best_posts",
        "part": "posts",
        "panel": 0,
        "series": 0,
        "mark": 0,
        "client_key": "ACME",
        "seen": {post_id.hex: post.version},
        "change_id": _bulk_change(stage),
        "import_id": _metric_import(stage),
        "metric_post_id": _metric_post(stage),
        "words": "Acme",
        "header": "Mood",
        "metric": "saves",
        "version_id": _agreement(stage)[0],
        "template": "usual",
        "asked": True,
        "absence_id": _absence(stage),
        "hand_over_id": _hand_over(stage),
        "deliverable": "copy",
        "department": "copy",
        "network": "",
        "weekday": 1,
        "form": {
            "name": "Somebody",
            "email": "somebody@postboard.example",
            "role": Role.CLIENT_REVIEWER.value,
            "client": stage.world.acme.id.hex,
            "person": _id(stage.world.ben),
            f"person_{_id(stage.world.ben)}": "on",
            "caption": "Words of a stranger",
            "reason": "Because.",
            "colleague": f"{stage.world.acme.id.hex}:{_id(stage.world.cleo)}",
            "starts_on": "2099-01-01",
            "ends_on": "2099-01-02",
            "idea": "An idea of a stranger",
            "days": "1",
            "first_day": "2026-03-02",
            "to_day": "2099-03-02",
            "day_0": "10:00",
            "pillar": "A stranger's theme",
            "at_2099-01-01T10:00:00+00:00": "on",
            "answer": "Because.",
            "person_copy": _id(stage.world.ben),
            "image_copy": "9",
            "day": "2099-01-01",
            "time": "10:00",
            "first": "2099-01-01",
            "last": "2099-01-02",
            "metric": "posts",
            "target": "10",
            "agreement": _agreement(stage)[0],
            "digest": _agreement(stage)[1],
            "gate": "hard",
            "why_not": "Because.",
            "why_without": "Because.",
            "question": "the copy for Acme",
            "deliverable": "copy",
            "network": "",
            "part": "responsible",
            "version": "0",
        },
        "action": "approve",
        "column": "client_review",
        "after_rank": 1 << 40,
        "reason": "Because.",
        "finding": "0" * 64,
        "tags": ["copy"],
        "link": "https://social.example/p/1",
        "comment_id": _comment(stage, post_id),
        "thread": "internal",
        "side": "internal",
        "message": "Look at the logo.",
        "stages": [
            {
                "side": "internal",
                "name": "Acme's own",
                "role": "",
                "people": [_id(stage.world.iris)],
                "rule": "any",
                "hours": 8,
            }
        ],
    }


def _comment(stage: Stage, post_id: UUID) -> str:
    """A new one, of the team's own thread."""
    with stage.database.write() as session:
        remark = Remark("Acme secret of the team")
        comment_id = comments.add(
            session,
            stage.world.ana,
            post_id,
            Thread.INTERNAL,
            remark,
            command_id=uuid4(),
            now=datetime.now(UTC),
        )
    return comment_id.hex


def _stand_in(stage: Stage) -> str:
    """Somebody of Acme's own stands in for Cleo."""
    today = datetime.now(UTC)
    people = {"person_id": stage.world.cleo.user_id, "stand_in_id": stage.world.vera.user_id}
    days = {"starts_on": today.date(), "ends_on": today.date(), "named_at": today}
    row = StandIn(client_id=stage.world.acme.id, **people, **days)
    with stage.database.write() as session:
        session.add(row)
        session.flush()
        return row.id.hex


def _idea(stage: Stage) -> str:
    """Of Acme's; made at the first call."""
    text, cleo = "Acme secret idea", stage.world.cleo.user_id
    idea = select(col(Idea.id)).where(col(Idea.text) == text).limit(1)
    with stage.database.write() as session:
        if session.execute(idea).first() is None:
            row = {"client_id": stage.world.acme.id, "author_id": cleo, "text": text}
            session.add(Idea(**row, created_at=datetime.now(UTC)))
            session.flush()
        return session.execute(idea).scalar_one().hex


def _absence(stage: Stage) -> str:
    """Ben's; made at the first call."""
    today, ben = datetime.now(UTC), stage.world.ben.user_id
    mine = select(col(Absence.id)).where(col(Absence.person_id) == ben).limit(1)
    with stage.database.write() as session:
        if session.execute(mine).first() is None:
            days = {"starts_on": today.date(), "ends_on": today.date(), "named_at": today}
            session.add(Absence(person_id=ben, **days))
            session.flush()
        return session.execute(mine).scalar_one().hex


def _hand_over(stage: Stage) -> str:
    """Of Dina, to Aron; made at the first call."""
    dina, aron, alma = stage.world.dina.user_id, stage.world.aron.user_id, stage.world.alma
    made = select(col(HandOver.id)).where(col(HandOver.person_id) == dina).limit(1)
    with stage.database.write() as session:
        if session.execute(made).first() is None:
            assert dina
            assert aron
            heirs = Heirs({stage.world.acme.id: aron}, aron)
            handing_over.hand_over(session, alma, dina, heirs, now=datetime.now(UTC))
        return session.execute(made).scalar_one().hex


def _feed(stage: Stage) -> str:
    """A calendar of Ben's."""
    ben, at = stage.world.ben, datetime.now(UTC)
    with stage.database.write() as session:
        if not feeds.mine(session, ben):
            feeds.subscribe(session, ben, stage.world.acme.id, now=at)
        return feeds.mine(session, ben)[0].id.hex


def _agreement(stage: Stage) -> tuple[str, str]:
    """Offered to Acme: its id, and the digest of what is shown; made at the first call."""
    acme, ana, at = stage.world.acme.id, stage.world.ana, datetime.now(UTC)
    offer = select(col(AgreementVersion.id), col(AgreementVersion.digest)).where(
        col(AgreementVersion.client_id) == acme,
        col(AgreementVersion.state) == ContractState.OFFERED,
    )
    with stage.database.write() as session:
        if session.execute(offer).first() is None:
            terms = Contract(title="Acme secret terms", scope="Posts.", starts_on=at.date())
            version_id = contracts.begin(session, ana, acme, terms, now=at)
            contracts.write(session, ana, version_id, terms, "Why.", version=1, now=at)
            contracts.offer(session, ana, version_id, version=2, now=at)
        version_id, digest = session.execute(offer).one()
        return version_id.hex, digest


def _names() -> list[str]:
    return [one.name for one in every_handler()]


def _goal(stage: Stage) -> str:
    """Of Acme's; made at the first call."""
    today = datetime.now(UTC)
    mine = col(Goal.client_id) == stage.world.acme.id
    goal = select(col(Goal.id)).where(mine, col(Goal.ended_at).is_(None)).limit(1)
    with stage.database.write() as session:
        if session.execute(goal).first() is None:
            aim = Aim(GoalMetric.POSTS, 77, today.date(), today.date())
            goals.add(session, stage.world.ana, stage.world.acme.id, aim, now=today)
        return session.execute(goal).scalar_one().hex


def _bulk_change(stage: Stage) -> str:
    """Ana's, of one of Acme's posts; made at the first call."""
    change = select(col(BulkChange.id)).where(col(BulkChange.person_id) == stage.world.ana.user_id)
    with stage.database.write() as session:
        if session.execute(change).first() is None:
            post_id = stage.world.acme.posts[State.APPROVED]
            version = post_rows.find(session, stage.world.ana, post_id).version
            asked = (session, stage.world.ana, {post_id: version}, 1)
            assert bulk.move(*asked, now=datetime.now(UTC)).changed == (post_id,)
        return session.execute(change.limit(1)).scalar_one().hex


def _metric_import(stage: Stage) -> str:
    """Of Acme's figures; made at the first call."""
    name, at = "Acme secret figures.csv", datetime.now(UTC)
    made = select(col(MetricImport.id)).where(col(MetricImport.file_name) == name)
    with stage.database.write() as session:
        if session.execute(made).first() is None:
            row = {"client_id": stage.world.acme.id, "person_name": "Ana", "file_name": name}
            row |= {"digest": "0" * 64, "format": "x_posts", "captured_at": at, "created_at": at}
            session.add(MetricImport(**row, finished_at=at))
            session.flush()
        return session.execute(made).scalar_one().hex


def _metric_post(stage: Stage) -> str:
    """Acme's, that an import told of."""
    text = col(MetricPost.text) == "Acme secret of the figures 1"
    with stage.database.read() as session:
        return session.execute(select(col(MetricPost.id)).where(text)).scalar_one().hex


class Caller:
    """Calls handlers as one person, on a new tab before the server finds it too much."""

    def __init__(self, stage: Stage, person: Actor | None) -> None:
        self._stage = stage
        self._cookie = stage.cookie(person) if person else None
        self._tab: Tab | None = None
        self._calls = 0
        self.raw: list[str] = []

    def call(self, name: str, payload: Any) -> list[dict[str, Any]]:
        return self._fresh().call(name, payload)

    def _fresh(self) -> Tab:
        if self._tab is None or self._calls % CALLS_PER_TAB == 0:
            self.close()
            self._context = opened(self._stage.address, self._cookie)
            self._tab = self._context.__enter__()
        self._calls += 1
        return self._tab

    def close(self) -> None:
        if self._tab:
            self.raw += self._tab.raw
            self._context.__exit__(None, None, None)
            self._tab = None


@contextmanager
def calling(stage: Stage, person: Actor | None) -> Iterator[Caller]:
    caller = Caller(stage, person)
    try:
        yield caller
    finally:
        caller.close()


def test_every_handler_of_ours_says_whom_it_is_for(handlers: list[Handler]) -> None:
    silent = [
        handler.name
        for handler in handlers
        if handler.is_ours and handler.rule is None and not handler.name.endswith(".refused")
    ]
    assert silent == []


def test_of_reflex_own_handlers_only_four_are_open(handlers: list[Handler]) -> None:
    registered = {handler.name for handler in handlers if not handler.is_ours}
    assert {name.rpartition(".")[2] for name in _FRAMEWORK} == {
        "hydrate_and_load",
        "on_load_internal",
        "set_is_hydrated",
        "handle_frontend_exception",
    }
    assert _FRAMEWORK.keys() <= registered
    assert [handler.name for handler in handlers if not handler.is_ours and handler.rule] == []


@pytest.mark.once
def test_whoever_is_not_signed_in_is_sent_to_sign_in_by_every_handler(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any]
) -> None:
    before = stage.everything()
    closed = [one for one in handlers if one.name not in _FRAMEWORK and not _signed_out(one)]
    with calling(stage, None) as nobody:
        answers = {one.name: nobody.call(one.name, one.payload(acme)) for one in closed}
        for one in handlers:
            if _signed_out(one):
                nobody.call(one.name, one.payload(acme))
    assert {name: f for name, f in answers.items() if events(f) != [SIGN_IN]} == {}
    assert _leaks(nobody.raw) == []
    assert stage.everything() == before


@pytest.mark.once
def test_a_handler_is_closed_to_every_role_it_does_not_name(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any]
) -> None:
    before = stage.everything()
    wrong: dict[tuple[str, str], list[Any]] = {}
    for role, person in stage.world.of_acme().items():
        closed = [one for one in handlers if not _admits(one, role)]
        with calling(stage, person) as caller:
            for one in closed:
                frames = caller.call(one.name, one.payload(acme))
                if frames != [_refusal(frames)]:
                    wrong[role, one.name] = frames
    assert wrong == {}
    assert stage.everything() == before


@pytest.mark.once
def test_without_a_role_one_is_refused_by_every_handler(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any]
) -> None:
    before = stage.everything()
    closed = [one for one in handlers if one.name not in _FRAMEWORK and not _signed_out(one)]
    with calling(stage, stage.nils) as nils:
        answers = {one.name: nils.call(one.name, one.payload(acme)) for one in closed}
    assert {name: f for name, f in answers.items() if events(f) != [NOT_HERE]} == {}
    assert _leaks(nils.raw) == []
    assert stage.everything() == before


@pytest.mark.parametrize("who", ["dora", "bodil"])
def test_whoever_belongs_to_another_brand_learns_and_changes_nothing_of_acme(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any], who: str
) -> None:
    before = _of_acme(stage)
    with calling(stage, getattr(stage.world, who)) as stranger:
        for handler in handlers:
            stranger.call(handler.name, handler.payload(acme))
            for post_id in stage.world.acme.posts.values():
                if "post_id" in handler.types:
                    payload = handler.payload({**acme, "post_id": post_id.hex})
                    stranger.call(handler.name, payload)
    assert _leaks(stranger.raw) == []
    assert _of_acme(stage) == before


@pytest.mark.parametrize(
    "page",
    [
        "/board/",
        "/calendar/",
        "/review/",
        "/work/",
        "/import/",
        "/performance/import/",
        "/clients/",
        "/library/",
        "/campaigns/",
        "/ideas/",
        "/performance/",
        "/people/",
        "/",
    ],
)
def test_pages_load_nothing_of_another_brand(stage: Stage, page: str) -> None:
    seen = {}
    for name, person in {
        "dora": stage.world.dora,
        "bodil": stage.world.bodil,
        "nils": stage.nils,
        "nobody": None,
    }.items():
        cookie = stage.cookie(person) if person else None
        with opened(stage.address, cookie, page=page) as tab:
            tab.settle()
        seen[name] = _leaks(tab.raw)
    assert seen == {"dora": [], "bodil": [], "nils": [], "nobody": []}


def test_what_must_not_leak_is_there_to_be_seen_by_who_may(stage: Stage) -> None:
    with opened(stage.address, stage.cookie(stage.world.ana), page="/board/") as tab:
        tab.settle()
    assert any("Acme secret of the" in text or "Acme draft" in text for text in tab.raw)


def test_figures_must_not_leak_and_are_there_for_who_may(stage: Stage) -> None:
    name = next(n for n in _names() if n.endswith("performance_state.behind"))
    mark = {"chart": "best_posts", "panel": 0, "series": 0, "mark": 0}
    seen = {}
    people = {"ana": stage.world.ana, "bodil": stage.world.bodil, "cleo": stage.world.cleo}
    for who, person in people.items():
        with calling(stage, person) as tab:
            tab.call(name, mark)
        seen[who] = any("Acme secret of the figures" in text for text in tab.raw)
    assert seen == {"ana": True, "bodil": False, "cleo": False}


@pytest.mark.once
def test_arguments_of_another_type_missing_or_too_many_are_refused(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any]
) -> None:
    before = stage.everything()
    wrong: dict[tuple[str, str], list[Any]] = {}
    with calling(stage, stage.world.alma) as alma:
        for handler in handlers:
            if not _admits(handler, Role.ADMIN):
                continue
            for payload in _misfits(handler, acme):
                frames = alma.call(handler.name, payload)
                if events(frames) != [NOT_HERE] or len(frames) != 1:
                    wrong[handler.name, repr(payload)[:200]] = frames
    assert wrong == {}
    assert stage.everything() == before


@pytest.mark.parametrize("who", ["alma", "cleo"])
def test_odd_values_of_the_right_type_are_answered_and_break_nothing(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any], who: str
) -> None:
    person = getattr(stage.world, who)
    broken: set[tuple[str, str, str]] = set()
    with calling(stage, person) as caller:
        for handler in handlers:
            if handler.name in _FRAMEWORK or not (person.every_role & _roles(handler)):
                continue
            for name, value in _oddities(handler):
                frames = caller.call(handler.name, {**handler.payload(acme), name: value})
                if any(_is_failure(event) for frame in frames for event in frame.get("events", [])):
                    broken.add((handler.name, name, repr(value)[:60]))
    assert broken == set()


def test_a_column_goes_on_below_the_rank_of_any_card(
    stage: Stage, handlers: list[Handler], acme: Mapping[str, Any]
) -> None:
    [more] = [one.name for one in handlers if one.name.endswith("board_state.more")]
    with calling(stage, stage.world.ana) as ana:
        answers = [
            events(ana.call(more, {"column": acme["column"], "after_rank": rank}))
            for rank in (0, -(2**40), 2**53 - 1, -(2**60))
        ]
    assert [one == [NOT_HERE] for one in answers] == [False, False, False, True]


def test_what_has_no_handler_gets_the_same_answer(stage: Stage) -> None:
    names = ("", "_", "nothing", "a.b.c", "reflex___state____state", "__init__", "x" * 5_000)
    with calling(stage, stage.world.ben) as ben, calling(stage, None) as nobody:
        assert [events(ben.call(name, {})) for name in names] == [[NOT_HERE]] * len(names)
        assert [events(nobody.call(name, {})) for name in names] == [[SIGN_IN]] * len(names)


def test_no_state_can_be_set_from_outside(stage: Stage, handlers: list[Handler]) -> None:
    from reflex_base.registry import RegistrationContext

    states = RegistrationContext.ensure_context().base_states
    variables = {
        f"{name}.{variable}": "stolen"
        for name, state in states.items()
        for variable in [*state.get_fields(), "_taken_by"]
    }
    root = "reflex___state____state"
    doors = {
        f"{root}.reflex___state____update_vars_internal_state.update_vars_internal": "vars",
        f"{root}.update_vars_internal": "vars",
        f"{root}.hydrate_and_load": "vars",
    }
    with calling(stage, stage.world.ben) as ben:
        poked = [events(ben.call(name, {key: variables})) for name, key in doors.items()]
        poked += [
            events(ben.call(one.name, {"var_name": "name", "value": "stolen"}))
            for one in handlers
            if one.name.endswith(".setvar")
        ]
    assert poked == [[NOT_HERE]] * len(poked)
    assert [text for text in ben.raw if "stolen" in text] == []


def _misfits(handler: Handler, named: Mapping[str, Any]) -> Iterator[Any]:
    from postboard.ui.arguments import check_for

    good = handler.payload(named)
    yield {**good, "surplus": 1}
    yield {**good, "self": "x"}
    for name in handler.required:
        yield {key: value for key, value in good.items() if key != name}
    for name, hint in handler.types.items():
        for value in WRONG:
            if not check_for(hint)(value):
                yield {**good, name: value}


def _oddities(handler: Handler) -> Iterator[tuple[str, Any]]:
    from postboard.ui.arguments import check_for

    for name, hint in handler.types.items():
        for value in ODD:
            if check_for(hint)(value):
                yield name, value


def _is_failure(event: Mapping[str, Any]) -> bool:
    return event["payload"].get("function") == FAILED


def _roles(handler: Handler) -> frozenset[Role]:
    return handler.rule.roles if handler.rule else frozenset()


def _admits(handler: Handler, role: Role) -> bool:
    if handler.name in _FRAMEWORK:
        return True
    return handler.rule is not None and (handler.rule.signed_out or role in handler.rule.roles)


def _signed_out(handler: Handler) -> bool:
    return handler.rule is not None and handler.rule.signed_out


def _refusal(frames: list[dict[str, Any]]) -> dict[str, Any]:
    told = [event for frame in frames for event in frame.get("events", [])]
    return {"events": told} if events([{"events": told}]) == [NOT_HERE] else {}


def _of_acme(stage: Stage) -> dict[str, list[tuple[object, ...]]]:
    """Acme's rows: those that name it or one of its posts."""
    names = {stage.world.acme.id.hex, *(post.hex for post in stage.world.acme.posts.values())}
    names.add(_chat_of(stage, stage.world.ben))
    return {
        table: [row for row in rows if names & {str(value).replace("-", "") for value in row}]
        for table, rows in stage.everything().items()
    }


def _leaks(raw: list[str]) -> list[str]:
    return [text for text in raw if FOREIGN in text.lower()]


def _task_of(stage: Stage, post_id: UUID) -> str:
    with stage.database.read() as session:
        task = select(col(Task.id)).where(col(Task.post_id) == post_id)
        return session.execute(task.limit(1)).scalar_one().hex


def _notice_of(stage: Stage, person: Actor) -> str:
    with stage.database.read() as session:
        notice = select(col(Notice.id)).where(col(Notice.person_id) == person.user_id)
        return session.execute(notice.limit(1)).scalar_one().hex


def _chat_of(stage: Stage, person: Actor) -> str:
    """Made at the first call."""
    with stage.database.read() as session:
        known = chats.mine(session, person)
    if not known:
        with stage.database.write() as session:
            url = "mmosts://chat.example/abcdefgh1234"
            chats.add(session, person, url, "Mattermost", now=datetime.now(UTC))
            known = chats.mine(session, person)
    return known[0].id.hex


def _client_chat_of(stage: Stage) -> str:
    """Acme's; made at the first call."""
    chat = select(col(ChatAddress.id)).where(col(ChatAddress.client_id) == stage.world.acme.id)
    with stage.database.write() as session:
        if session.execute(chat).first() is None:
            url, acme = "mmosts://chat.example/abcdefgh1234", stage.world.acme.id
            now = datetime.now(UTC)
            client_chats.add(session, stage.world.ana, acme, url, "Mattermost", "en", now=now)
        return session.execute(chat).scalar_one().hex


def _id(person: Actor) -> str:
    assert person.user_id
    return person.user_id.hex
