"""The agency's chats about a client: what they hear, in which language, and what never rings."""

import re
import sys
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from requests import Response, Session
from sqlalchemy import select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.queries import clients as query
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import LateApproval
from postboard.domain.content import Reason
from postboard.domain.conversation import Thread
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import Actor
from postboard.domain.workflow import Action, ChangeTag, State
from postboard.jobs.mail import Mailer
from postboard.notifications import chat
from postboard.notifications.chat import ChatFailed
from postboard.services import client_chats, comments, posts, reviews
from postboard.services.client_chats import SETTLE
from postboard.services.comments import Remark
from postboard.services.reviews import Decision
from postboard.settings import Settings
from tests.jobs.post_office import BASE
from tests.requests import ACCOUNT_MANAGER, DUE, MANAGER, agree, ask, run
from tests.world import NOW, World, at_once, bring_to, found, step

URL = "mmosts://chat.example/abcdefgh1234"
LATER = NOW + SETTLE
Told = tuple[str, str, str]


def add(database: Database, world: World, language: str = "en", url: str = URL) -> UUID:
    with database.write() as session:
        client_chats.add(session, world.aron, world.acme.id, url, "Mattermost", language, now=NOW)
    with database.read() as session:
        return UUID(query.in_full(session, world.aron, "ACME", now=NOW).chats[-1].id)


def heard(database: Database, settings: Settings, at: datetime = LATER) -> list[Told]:
    """What the chats hear until then from a worker that has no mail server."""
    said: list[Told] = []

    def say(url: str, title: str, body: str) -> None:
        said.append((url, title, body))

    worker = Mailer(database, settings, None, say)
    while worker.run_once(lambda: at):
        pass
    return said


def link(world: World, state: State) -> str:
    number = list(world.acme.posts).index(state) + 1
    return f"{BASE}/post/?key=ACME-{number}"


def decide(
    database: Database, who: Actor, world: World, action: Any, reason: str = "", at: datetime = NOW
) -> UUID:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    request_id = ask(database, world)
    post = found(database, who, post_id)
    why = Reason(reason, (ChangeTag.COPY,)) if reason else Reason()
    said = Decision(post_id, post.revision, post.rounds, action, why, request_id=request_id)
    with database.write() as session:
        reviews.decide(session, who, said, now=at)
    return request_id


def test_a_decision_is_told_in_each_chats_language(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    add(database, world, "zh-CN", URL + "zh")
    decide(database, world.cleo, world, Action.REQUEST_CHANGES, "Less sugar.")
    key = link(world, State.CLIENT_REVIEW).partition("=")[2]
    body = f"Less sugar.\n\n{link(world, State.CLIENT_REVIEW)}"
    assert heard(database, settings, LATER - timedelta(seconds=1)) == []
    assert sorted(heard(database, settings)) == [
        (URL, f"Cleo asks for changes to {key}", body),
        (URL + "zh", f"Cleo 要求修改 {key}", body),
    ]


def test_what_the_client_takes_back_is_not_told(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    request_id = decide(database, world.cleo, world, Action.APPROVE)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    with database.write() as session:
        reviews.undo(session, world.cleo, post_id, request_id, now=NOW + timedelta(seconds=9))
    assert heard(database, settings, NOW + timedelta(days=9)) == []


def approve(database: Database, who: Actor, post_id: UUID, at: datetime) -> UUID:
    with database.write() as session:
        request_id = session.execute(
            select(col(ReviewRequest.id)).where(
                col(ReviewRequest.post_id) == post_id, col(ReviewRequest.closed_at).is_(None)
            )
        ).scalar_one()
        said = Decision(post_id, 1, 1, Action.APPROVE, request_id=request_id)
        reviews.decide(session, who, said, now=at)
    return request_id


def waiting(database: Database, world: World) -> list[UUID]:
    """Three more posts that wait for Acme: ACME-14 to ACME-16."""
    return [
        bring_to(
            database,
            world.acme.id,
            State.CLIENT_REVIEW,
            staff=world.ana,
            reviewer=world.cleo,
            holder=world.ben,
        )
        for _ in range(3)
    ]


def test_what_is_approved_at_once_is_one_message_that_names_the_posts(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    add(database, world, "zh-CN", "mmosts://chat.example/second")
    first, second, third = waiting(database, world)
    taken_back = approve(database, world.cleo, second, NOW)
    for post_id in (third, first):
        approve(database, world.cleo, post_id, NOW)
    later = NOW + timedelta(seconds=1)
    decide(database, world.cleo, world, Action.APPROVE, at=later)
    with database.write() as session:
        reviews.undo(session, world.cleo, second, taken_back, now=later)
    got = heard(database, settings, LATER + timedelta(seconds=1))
    assert [one for one in got if one[0] == URL] == [
        (
            URL,
            "News about 2 posts",
            f"Cleo approved ACME-14\n\nCleo approved ACME-16\n\n{BASE}/board/?client=ACME",
        ),
        (URL, "Cleo approved ACME-6", f"\n\n{link(world, State.CLIENT_REVIEW)}"),
    ]
    assert [title for url, title, _ in got if url != URL] == [
        "2 篇帖子有新动态",
        "Cleo 通过了 ACME-6",
    ]
    assert heard(database, settings, LATER + timedelta(days=1)) == []


def test_one_message_of_several_that_failed_is_tried_again_whole(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    for post_id in waiting(database, world):
        approve(database, world.cleo, post_id, NOW)
    refused: list[str] = []

    def refuse(_url: str, title: str, _body: str) -> None:
        refused.append(title)
        raise ChatFailed("403")

    Mailer(database, settings, None, refuse).run_once(lambda: LATER)
    assert refused == ["News about 3 posts"]
    again = heard(database, settings, LATER + timedelta(minutes=1))
    assert [title for _, title, _ in again] == ["News about 3 posts"]


def test_two_workers_say_what_belongs_together_once(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    for post_id in waiting(database, world):
        approve(database, world.cleo, post_id, NOW)
    said: list[str] = []
    workers = [
        Mailer(database, settings, None, lambda _url, title, body: said.append(title + body))
        for _ in range(3)
    ]
    for _ in range(3):  # a race that is lost is run again
        at_once(*[partial(worker.run_once, lambda: LATER) for worker in workers])
    assert sorted(re.findall(r"approved (ACME-\d+)", "".join(said))) == [
        "ACME-14",
        "ACME-15",
        "ACME-16",
    ]


def test_the_agencys_own_steps_and_other_clients_are_not_told(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    step(database, world.cora, world.acme.posts[State.INTERNAL_REVIEW], Action.APPROVE)
    step(database, world.dora, world.borealis.posts[State.CLIENT_REVIEW], Action.APPROVE)
    assert heard(database, settings) == []


def test_the_clients_comments_are_told_and_the_teams_are_not(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    post_id = world.acme.posts[State.CLIENT_REVIEW]

    def remark(who: Actor, thread: Thread, said: str) -> UUID:
        with database.write() as session:
            return comments.add(
                session, who, post_id, thread, Remark(said), command_id=uuid4(), now=NOW
            )

    remark(world.ben, Thread.INTERNAL, "They never like green.")
    remark(world.cleo, Thread.CLIENT, "Could it be green?")
    wrong = remark(world.cleo, Thread.CLIENT, "Oops")
    with database.write() as session:
        comments.delete(session, world.cleo, wrong, version=1, now=NOW)
    where = link(world, State.CLIENT_REVIEW)
    key = where.partition("=")[2]
    assert heard(database, settings) == [
        (URL, f"Cleo commented on {key}", f"Could it be green?\n\n{where}")
    ]


def test_overdue_answers_are_told_with_each_escalation_until_the_decision(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    ask(database, world)
    run(database, DUE)
    assert heard(database, settings, DUE) == []
    run(database, ACCOUNT_MANAGER)
    [(_, subject, _)] = heard(database, settings, ACCOUNT_MANAGER)
    key = link(world, State.CLIENT_REVIEW).partition("=")[2]
    assert subject == f"No answer on {key} yet"
    step(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE, now=MANAGER)
    assert [said for _, said, _ in heard(database, settings, MANAGER + SETTLE)] == [
        f"Cleo approved {key}"
    ]
    run(database, MANAGER + timedelta(days=1))
    after = [said for _, said, _ in heard(database, settings, MANAGER + timedelta(days=9))]
    assert f"No answer on {key} yet" not in after


def test_a_late_approval_is_told(database: Database, world: World, settings: Settings) -> None:
    agree(database, world, late_approval=LateApproval.REMIND)
    add(database, world)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    planned = NOW + timedelta(hours=1)
    version = found(database, world.aron, post_id).version
    with database.write() as session:
        posts.replan(session, world.aron, post_id, planned, version=version, now=NOW)
    late = planned + timedelta(minutes=5)
    step(database, world.cleo, post_id, Action.APPROVE, now=late)
    run(database, late)
    key = link(world, State.CLIENT_REVIEW).partition("=")[2]
    assert {said for _, said, _ in heard(database, settings, late + SETTLE)} == {
        f"Cleo approved {key}",
        f"{key} was approved after its time",
    }


def test_a_failing_chat_is_shown_with_its_client_until_it_takes_the_message(
    database: Database, world: World, settings: Settings
) -> None:
    add(database, world)
    decide(database, world.cleo, world, Action.APPROVE)

    def refuse(*_message: str) -> None:
        raise ChatFailed("403")

    def failures() -> list[str]:
        with database.read() as session:
            return [c.failure for c in query.in_full(session, world.aron, "ACME", now=NOW).chats]

    Mailer(database, settings, None, refuse).run_once(lambda: LATER)
    assert failures() == ["403"]
    assert len(heard(database, settings, LATER + timedelta(days=1))) == 1
    assert failures() == [""]


def test_whoever_does_not_manage_the_client_sets_tries_and_removes_none(
    database: Database, world: World
) -> None:
    chat_id, acme = add(database, world), world.acme.id
    for who, no in ((world.ben, NotAllowed), (world.cleo, NotAllowed), (world.dora, NotFound)):
        with pytest.raises(no), database.write() as session:
            client_chats.add(session, who, acme, URL, "Mattermost", "en", now=NOW)
        with pytest.raises(no), database.read() as session:
            client_chats.trial(session, who, acme, chat_id)
        with pytest.raises(no), database.write() as session:
            client_chats.remove(session, who, acme, chat_id, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        client_chats.remove(session, world.ana, world.borealis.id, chat_id, now=NOW)
    with pytest.raises(BadInput), database.write() as session:
        client_chats.add(session, world.ana, acme, URL, "Mattermost", "xx", now=NOW)


def test_nothing_goes_to_a_chat_that_was_removed(
    database: Database, world: World, settings: Settings
) -> None:
    chat_id = add(database, world)
    decide(database, world.cleo, world, Action.APPROVE)
    with database.write() as session:
        client_chats.remove(session, world.aron, world.acme.id, chat_id, now=NOW)
    assert heard(database, settings) == []


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a service on the internet would be sent, instead of sending it."""
    sent: list[str] = []

    def post(*_asked: Any, **request: Any) -> Response:
        sent.append(str(request.get("data") or request.get("json")))
        taken = Response()
        taken.status_code, taken._content = 200, b"ok"
        return taken

    monkeypatch.setattr(Session, "request", post)
    return sent


RINGING = "@everyone @here <!channel> < !channel> <!everyone|x> <@U6TTX1F9R> <@&42> @all @channel"


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "discord://123456789012/abcdefghijklmnop",
        "mmosts://chat.example/abcdefgh1234",
    ],
)
def test_peoples_words_ring_no_bell(posted: list[str], url: str) -> None:
    target = chat._target(url)
    target.notify(title="ACME-6", body=RINGING)
    bells = ("@everyone", "@here", "!channel", "@all", "@U6TTX1F9R")
    assert [bell for bell in bells if bell in posted[-1]] != []
    target.notify(title="ACME-6", body=chat.calling_nobody(RINGING))
    assert [bell for bell in bells if bell in posted[-1]] == []
    assert "allow_mentions" not in posted[-1]


def test_no_message_goes_out_as_it_was_written() -> None:
    taken = "import sys; sys.stdout.write(sys.stdin.read()); exit(1)"
    with pytest.raises(ChatFailed) as said:
        chat.send("mmosts://chat.example/x", "@all", RINGING, (sys.executable, "-c", taken))
    assert "@all" not in str(said.value)
    assert "@everyone" not in str(said.value)
