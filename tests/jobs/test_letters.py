"""What people are told by mail: to whom, in which words, in one thread, never twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Notice, OutgoingMail, Person
from postboard.db.notify_models import PendingMail
from postboard.db.queries import review
from postboard.domain.agreement import Channel
from postboard.domain.content import Reason
from postboard.domain.conversation import Thread
from postboard.domain.ideas import NewIdea
from postboard.domain.permissions import Actor, Role
from postboard.domain.tasks import How, NoticeKind
from postboard.domain.workflow import Action, ChangeTag, State
from postboard.services import (
    clients,
    comments,
    ideas,
    notices,
    post_rows,
    preferences,
    reviews,
    sign_in,
    sign_in_links,
    step_news,
)
from postboard.services.comments import Remark
from postboard.services.preferences import Chosen
from postboard.services.reviews import Decision
from postboard.settings import Settings
from tests.jobs.post_office import BASE, Box, mailer, run, said, write
from tests.requests import ACCOUNT_MANAGER, DUE, REMINDED, agree, ask
from tests.requests import run as run_jobs
from tests.world import NOW, World, at_once, email_of, found, step

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

NO_REASON = Reason()
SETTLED = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def quiet(database: Database, world: World) -> None:
    """Without what the world's own making told."""
    with database.write() as session:
        session.execute(delete(PendingMail))
        session.execute(delete(Notice))


def choose(database: Database, person: Actor, kind: NoticeKind, how: How, hour: int = 8) -> None:
    with database.write() as session:
        preferences.choose(session, person, Chosen(kind, how, hour), now=NOW)


def say(
    database: Database,
    who: Actor,
    post_id: UUID,
    words: str,
    thread: Thread = Thread.CLIENT,
    mentions: tuple[UUID, ...] = (),
) -> UUID:
    with database.write() as session:
        remark = Remark(words, mentions=mentions)
        return comments.add(session, who, post_id, thread, remark, command_id=uuid4(), now=NOW)


def decide(database: Database, world: World, action: Action, reason: Reason = NO_REASON) -> None:
    post = found(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW])
    decision = Decision(post.id, post.revision, post.rounds, action, reason)  # type: ignore[arg-type]
    with database.write() as session:
        reviews.decide(session, world.cleo, decision, now=NOW)


def subjects(box: Box) -> set[tuple[str, str]]:
    return subjects_of(box.taken)


def subjects_of(mails: Sequence[EmailMessage]) -> set[tuple[str, str]]:
    return {(got["To"].partition(" ")[0], got["Subject"]) for got in mails}


def sent(
    database: Database, settings: Settings, box: Box, at: datetime = NOW
) -> list[EmailMessage]:
    """What goes out then."""
    box.taken.clear()
    worker = mailer(database, settings)
    write(worker, at)
    run(worker, at)
    return box.taken


def link_in(got: EmailMessage) -> str:
    """What the button opens."""
    return said(got, "plain").partition(f": {BASE}")[2].partition("\n")[0]


def test_the_reviewer_hears_once_of_all_posts_that_wait_and_opens_them_by_their_own_link(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    ready = world.acme.posts[State.READY_FOR_CLIENT]
    step(database, world.aron, ready, Action.SEND_TO_CLIENT)
    rework = world.acme.posts[State.CLIENT_REWORK]
    for who, action in ((world.aron, Action.SUBMIT), (world.cora, Action.APPROVE)):
        step(database, who, rework, action)
    step(database, world.aron, rework, Action.SEND_TO_CLIENT)
    assert sent(database, settings, box) == []
    [got] = sent(database, settings, box, SETTLED)
    assert (got["To"], got["Subject"]) == (
        "Cleo <cleo@postboard.example>",
        "2 posts wait for your review",
    )
    text = said(got, "plain")
    assert text.startswith(
        "ACME-5 waits for your review · Acme ready_for_client\n\n"
        "ACME-7 waits for your review · Acme client_rework\n\n"
        f"Open the review: {BASE}/link/"
    )
    token = link_in(got).removeprefix("/link/")
    with database.write() as session:
        assert sign_in_links.is_single_use(session, token, now=SETTLED) is False
        opened, for_review = sign_in_links.follow(session, token, now=SETTLED)
        here = sign_in.signed_in(session, opened, now=SETTLED)
    assert here
    assert (here.actor, for_review) == (world.cleo, True)
    # Opening it decided nothing.
    assert found(database, world.ana, ready).state is State.CLIENT_REVIEW
    with pytest.raises(sign_in_links.LinkEnded), database.read() as session:
        sign_in_links.is_single_use(session, token, now=SETTLED + timedelta(days=14))


def test_no_mail_says_that_a_post_waits_which_was_taken_back(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    ready = world.acme.posts[State.READY_FOR_CLIENT]
    step(database, world.aron, ready, Action.SEND_TO_CLIENT)
    step(database, world.aron, ready, Action.RECALL)
    assert sent(database, settings, box, SETTLED) == []


def test_the_account_manager_and_the_holder_hear_what_the_client_decided_and_why(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    decide(
        database,
        world,
        Action.REQUEST_CHANGES,
        Reason("The cup is <cut> off.", (ChangeTag.IMAGE,)),
    )
    got = sent(database, settings, box)
    title = "Cleo asks for changes to ACME-6"
    assert subjects(box) == {("Aron", title), ("Ben", title)}
    assert said(got[0], "plain").startswith(
        "Cleo asks for changes to ACME-6 · Acme client_review\nThe cup is <cut> off.\n\n"
        f"Open in Postboard: {BASE}/post/?key=ACME-6\n"
    )
    assert "The cup is &lt;cut&gt; off." in said(got[0], "html")


def test_mails_about_one_post_make_one_thread(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    choose(database, world.ben, NoticeKind.CLIENT_COMMENT, How.OFF)
    choose(database, world.ben, NoticeKind.DECISION, How.OFF)
    say(database, world.cleo, post_id, "Is this our new cup?")
    first = list(sent(database, settings, box))
    decide(database, world, Action.APPROVE)
    got = [*first, *sent(database, settings, box)]
    assert [one["Subject"] for one in got] == ["Cleo commented on ACME-6", "Cleo approved ACME-6"]
    root = f"<post-{post_id.hex}@board.example>"
    assert [(one["In-Reply-To"], one["References"]) for one in got] == [(root, root)] * 2
    assert len({one["Message-ID"] for one in got}) == 2


def test_a_mail_says_how_to_end_it(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    decide(database, world, Action.APPROVE)
    got = next(one for one in sent(database, settings, box) if one["To"].startswith("Aron"))
    stop = got["List-Unsubscribe"].strip("<>")
    assert stop.startswith(f"{BASE}/mail/stop/")
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said(got, "plain").endswith(f"-- \nNo more e-mails like this: {stop}\n")
    with database.write() as session:
        token = stop.removeprefix(f"{BASE}/mail/stop/")
        assert preferences.stop(session, token, now=NOW) == [NoticeKind.DECISION]
        chosen = {one.kind: one.how for one in preferences.mine(session, world.aron)}
    assert [kind for kind, how in chosen.items() if how is How.OFF] == [NoticeKind.DECISION]


def test_a_mail_is_written_in_its_readers_language(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    with database.write() as session:
        preferences.speak(session, world.aron, "zh-CN", now=NOW)
    decide(database, world, Action.APPROVE)
    pages = {
        got["To"].partition(" ")[0]: said(got, "html") for got in sent(database, settings, box)
    }
    assert {who: '<html lang="zh-CN">' in page for who, page in pages.items()} == {
        "Aron": True,
        "Ben": False,
    }


def test_a_digest_tells_all_of_its_time_in_one_mail_and_nothing_twice(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    for kind in (NoticeKind.CLIENT_COMMENT, NoticeKind.DECISION):
        choose(database, world.aron, kind, How.HOURLY)
        choose(database, world.ben, kind, How.OFF)
    say(database, world.cleo, world.acme.posts[State.APPROVED], "Lovely.")
    decide(database, world, Action.APPROVE)
    assert sent(database, settings, box) == []
    [got] = sent(database, settings, box, NOW + timedelta(hours=1))
    assert got["Subject"] == "News about 2 posts"
    assert said(got, "plain").startswith(
        "Cleo approved ACME-6 · Acme client_review\n\n"
        "Cleo commented on ACME-8 · Acme approved\nLovely.\n\n"
    )
    assert sent(database, settings, box, NOW + timedelta(hours=2)) == []


def test_a_daily_mail_comes_at_its_hour_on_the_readers_clock(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    with database.write() as session:
        preferences.live_in(session, world.aron, "Asia/Shanghai", now=NOW)
    choose(database, world.aron, NoticeKind.DECISION, How.DAILY, 18)
    choose(database, world.ben, NoticeKind.DECISION, How.OFF)
    decide(database, world, Action.APPROVE)
    at_six = datetime.fromisoformat("2026-03-02T18:00+08:00")
    assert sent(database, settings, box, at_six - timedelta(seconds=1)) == []
    assert len(sent(database, settings, box, at_six)) == 1


def test_what_was_read_or_taken_back_meanwhile_is_not_told(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    choose(database, world.ben, NoticeKind.CLIENT_COMMENT, How.HOURLY)
    choose(database, world.aron, NoticeKind.CLIENT_COMMENT, How.HOURLY)
    comment_id = say(database, world.cleo, world.acme.posts[State.APPROVED], "Sorry, wrong post.")
    with database.write() as session:
        comments.delete(session, world.cleo, comment_id, version=1, now=NOW)
    say(database, world.cleo, world.acme.posts[State.CLIENT_REVIEW], "Here I mean.")
    with database.write() as session:
        notices.read_all(session, world.ben, now=NOW)
    sent(database, settings, box, NOW + timedelta(hours=1))
    assert subjects(box) == {("Aron", "Cleo commented on ACME-6")}


def test_another_choice_holds_for_what_waits_already(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    for person in (world.aron, world.ben):
        choose(database, person, NoticeKind.DECISION, How.DAILY)
    decide(database, world, Action.APPROVE)
    choose(database, world.aron, NoticeKind.DECISION, How.AT_ONCE)
    choose(database, world.ben, NoticeKind.DECISION, How.OFF)
    sent(database, settings, box)
    assert subjects(box) == {("Aron", "Cleo approved ACME-6")}
    assert sent(database, settings, box, NOW + timedelta(days=2)) == []


def test_two_workers_write_a_mail_once(
    database: Database, world: World, settings: Settings
) -> None:
    decide(database, world, Action.APPROVE)
    workers = [partial(write, mailer(database, settings)) for _ in range(3)]
    assert sum(at_once(*workers)) == 2
    with database.read() as session:
        assert len(session.execute(select(col(OutgoingMail.id))).all()) == 2
        assert session.execute(select(col(PendingMail.notice_id))).all() == []


def test_an_internal_word_is_mailed_to_nobody_of_the_clients_side(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    assert world.iris.user_id
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    say(database, world.cora, post_id, "Between us.", Thread.INTERNAL, (world.iris.user_id,))
    say(database, world.dora, world.borealis.posts[State.CLIENT_REVIEW], "Ours is fine.")
    sent(database, settings, box)
    assert subjects(box) == {
        ("Iris", "Cora mentioned you at ACME-6"),
        ("Bodil", "Dora commented on BORE-6"),
    }


def test_whoever_is_disabled_or_taken_off_the_client_gets_no_mail(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    decide(database, world, Action.APPROVE)
    with database.write() as session:
        session.get_one(Person, world.ben.user_id).disabled_at = NOW
        assert world.aron.user_id
        clients.remove_person(session, world.ana, world.acme.id, world.aron.user_id, now=NOW)
    assert sent(database, settings, box) == []


def remind(database: Database, world: World, at: datetime) -> None:
    ask(database, world)
    run_jobs(database, at)


def test_a_reminders_button_signs_the_reviewer_in_and_shows_the_post(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    remind(database, world, REMINDED)
    [got] = sent(database, settings, box, REMINDED)
    assert got["Subject"] == "ACME-6 waits for your answer"
    with database.write() as session:
        token = link_in(got).removeprefix("/link/")
        opened, for_review = sign_in_links.follow(session, token, now=REMINDED)
        here = sign_in.signed_in(session, opened, now=REMINDED)
        assert here
        assert (here.actor, for_review) == (world.cleo, True)
        assert review.queue(session, here.actor, NOW).own == [
            world.acme.posts[State.CLIENT_REVIEW].hex
        ]


def test_a_link_is_good_for_its_own_client_alone(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    with database.write() as session:
        clients.add_person(
            session,
            world.ana,
            name="Cleo",
            email=email_of("Cleo"),
            role=Role.CLIENT_REVIEWER,
            client_id=world.borealis.id,
            now=NOW,
        )
    remind(database, world, REMINDED)
    [got] = sent(database, settings, box, REMINDED)
    link = link_in(got).removeprefix("/link/")
    with database.write() as session:
        opened, _ = sign_in_links.follow(session, link, now=REMINDED)
        here = sign_in.signed_in(session, opened, now=REMINDED)
        assert here
        assert review.queue(session, here.actor, NOW).own == [
            world.acme.posts[State.CLIENT_REVIEW].hex
        ]


def idea(database: Database, world: World, words: str = "Show the bakers\nat four.") -> UUID:
    with database.write() as session:
        return ideas.add(session, world.cleo, world.acme.id, NewIdea(words), now=NOW)


def test_an_idea_is_mailed_to_the_account_manager_and_the_answer_to_who_had_it(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    idea_id = idea(database, world)
    [got] = sent(database, settings, box)
    assert (got["To"], got["Subject"]) == (
        "Aron <aron@postboard.example>",
        "Cleo has an idea for Acme",
    )
    assert said(got, "plain").startswith(
        "Cleo has an idea for Acme\nShow the bakers\nat four.\n\n"
        f"Open in Postboard: {BASE}/clients/?client=ACME#ideas\n"
    )
    assert got["Reply-To"] is None
    with database.write() as session:
        answer = "We showed them in May."
        ideas.decline(session, world.aron, idea_id, answer, version=1, now=NOW)
    [got] = sent(database, settings, box)
    assert (got["To"], got["Subject"]) == (
        "Cleo <cleo@postboard.example>",
        "Aron answered your idea",
    )
    assert said(got, "plain").startswith(
        "Aron answered your idea · Show the bakers at four.\nWe showed them in May.\n\n"
        f"Open the review: {BASE}/link/"
    )
    assert "mail/stop/" in said(got, "plain")


def test_of_an_idea_that_was_answered_meanwhile_no_mail_tells(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    choose(database, world.aron, NoticeKind.IDEA, How.HOURLY)
    taken = idea(database, world, "One")
    idea(database, world, "Two")
    with database.write() as session:
        ideas.take_up(session, world.cora, taken, version=1, now=NOW)
    decide(database, world, Action.APPROVE)
    choose(database, world.aron, NoticeKind.DECISION, How.HOURLY)
    at_ten = sent(database, settings, box, NOW + timedelta(hours=1))
    assert subjects(box) == {
        ("Aron", "2 pieces of news"),
        ("Ben", "Cleo approved ACME-6"),
        ("Cleo", "Cora makes a post of your idea"),
    }
    digest = next(got for got in at_ten if got["To"].startswith("Aron"))
    assert said(digest, "plain").startswith(
        "Cleo approved ACME-6 · Acme client_review\n\nCleo has an idea for Acme\nTwo\n\n"
        f"Open in Postboard: {BASE}/work/\n"
    )


@pytest.mark.parametrize("how", [How.DAILY, How.OFF])
def test_the_last_reminder_comes_at_once_whatever_its_reader_chose(
    database: Database, world: World, settings: Settings, box: Box, how: How
) -> None:
    choose(database, world.cleo, NoticeKind.REVIEW_OPEN, how, 23)
    remind(database, world, REMINDED)
    assert sent(database, settings, box, REMINDED) == []
    evening = sent(database, settings, box, REMINDED.replace(hour=23))
    assert len(evening) == (1 if how is How.DAILY else 0)
    run_jobs(database, DUE)
    assert len(sent(database, settings, box, DUE)) == 1


def test_an_escalation_may_wait_for_the_days_mail_and_is_no_news_once_it_was_decided(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    choose(database, world.aron, NoticeKind.REVIEW_OVERDUE, How.DAILY, 17)
    choose(database, world.cleo, NoticeKind.REVIEW_OPEN, How.OFF)
    remind(database, world, ACCOUNT_MANAGER)
    assert "Aron" not in {who for who, _ in subjects_of(sent(database, settings, box, DUE))}
    at_five = ACCOUNT_MANAGER.replace(hour=17)
    got = sent(database, settings, box, at_five)[-1]
    assert (got["To"].partition(" ")[0], got["Subject"]) == ("Aron", "No answer on ACME-6 yet")
    assert said(got, "plain").startswith(
        "No answer on ACME-6 yet · Acme client_review\nACME-6, due "
    )
    assert got["List-Unsubscribe"] is None


def test_who_is_asked_by_name_inside_the_agency_hears_by_mail_and_answers_in_the_internal_thread(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    assert world.iris.user_id
    post_id = world.acme.posts[State.INTERNAL_REVIEW]
    request_id = ask(database, world, State.INTERNAL_REVIEW, reviewers=[world.iris.user_id.hex])
    with database.write() as session:
        post = post_rows.find(session, world.cora, post_id)
        step_news.ask(session, world.cora, post, request_id, NOW)
    [got] = sent(database, settings, box, SETTLED)
    assert (got["To"], got["Subject"]) == (
        "Iris <iris@postboard.example>",
        "ACME-3 waits for your review",
    )
    with database.read() as session:
        row = session.execute(select(OutgoingMail)).scalar_one()
        assert (row.thread, row.review_of) == (Thread.INTERNAL, None)


def test_where_people_look_at_the_board_only_no_mail_says_that_a_post_waits(
    database: Database, world: World, settings: Settings, box: Box
) -> None:
    agree(database, world, channel=Channel.BOARD)
    step(database, world.aron, world.acme.posts[State.READY_FOR_CLIENT], Action.SEND_TO_CLIENT)
    assert sent(database, settings, box, SETTLED) == []
    with database.read() as session:
        heard = select(col(Notice.kind)).where(col(Notice.person_id) == world.cleo.user_id)
        assert list(session.execute(heard).scalars()) == [NoticeKind.TO_REVIEW]
