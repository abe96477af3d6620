import time
from datetime import timedelta
from uuid import UUID

import pytest
from pwdlib import PasswordHash
from sqlalchemy import func, select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Membership, Person, SignInLink, WebSession
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, State
from postboard.services import audit, clients, sign_in, sign_in_links
from postboard.services.sign_in import (
    ATTEMPT_WINDOW,
    SESSION_LIFETIME,
    TRIES_PER_ADDRESS_AND_EMAIL,
    TRIES_PER_EMAIL,
    AlreadySetUp,
    SignedIn,
    TooManyTries,
    WrongPassword,
)
from postboard.services.sign_in_links import REVIEW_LINK_LIFETIME, SIGN_IN_LINK_LIFETIME, LinkEnded
from tests.world import (
    NOW,
    PASSWORD,
    World,
    at_once,
    cookie_of,
    email_of,
    everything_in,
    found,
    step,
)

MOMENT = timedelta(microseconds=1)


def who(database: Database, token: str, now=NOW) -> Actor | None:
    with database.read() as session:
        signed_in = sign_in.signed_in(session, token, now=now)
    return signed_in and signed_in.actor


def follow(database: Database, token: str, now=NOW) -> tuple[str, bool]:
    with database.write() as session:
        return sign_in_links.follow(session, token, now=now)


def sign_in_link(database: Database, person: Actor) -> str:
    with database.write() as session:
        return sign_in_links.make(session, person.user_id, now=NOW)


def review_link(database: Database, world: World) -> str:
    with database.write() as session:
        return clients.make_review_link(
            session, world.aron, world.acme.id, world.cleo.user_id, now=NOW
        )


def test_alma_signs_in_by_password(database: Database, world: World) -> None:
    token = sign_in.sign_in(database, " Alma@Postboard.example ", PASSWORD, "10.0.0.1", now=NOW)
    assert who(database, token) == world.alma


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (email_of("Alma"), PASSWORD + "!"),
        (email_of("Alma"), ""),
        (email_of("Alma"), PASSWORD + "x" * 1_000_000),
        (email_of("Ben"), ""),
        (email_of("Ben"), PASSWORD),
        ("nobody@postboard.example", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
        ("alma\x00@postboard.example", "wrong"),
        ("alma\ud800@postboard.example", "wrong"),
        (email_of("Alma"), "\ud800\x00"),
        ("x" * 100_000, PASSWORD),
    ],
)
def test_everything_wrong_gets_the_same_answer(
    database: Database, world: World, email: str, password: str
) -> None:
    with pytest.raises(WrongPassword):
        sign_in.sign_in(database, email, password, "10.0.0.1", now=NOW)
    with database.read() as session:
        assert session.execute(select(func.count(col(WebSession.id)))).scalar_one() == len(
            world.everybody()
        ), "the ones the world was built with"


@pytest.mark.usefixtures("world")
def test_guessing_ends_after_a_few_tries_from_one_place(database: Database) -> None:
    email = email_of("Alma")
    for _ in range(TRIES_PER_ADDRESS_AND_EMAIL):
        with pytest.raises(WrongPassword):
            sign_in.sign_in(database, email, "wrong", "10.0.0.1", now=NOW)
    with pytest.raises(TooManyTries):
        sign_in.sign_in(database, email.upper(), PASSWORD, "10.0.0.1", now=NOW + MOMENT)
    assert sign_in.sign_in(database, email, PASSWORD, "10.0.0.2", now=NOW + MOMENT)
    later = NOW + ATTEMPT_WINDOW
    assert sign_in.sign_in(database, email, PASSWORD, "10.0.0.1", now=later)


def test_guessing_one_person_from_many_places_ends_too(
    database: Database,
) -> None:
    for n in range(TRIES_PER_EMAIL):
        with pytest.raises(WrongPassword):
            sign_in.sign_in(database, "nobody@x.example", "wrong", f"10.0.0.{n}", now=NOW)
    with pytest.raises(TooManyTries):
        sign_in.sign_in(database, "nobody@x.example", "wrong", "10.0.1.1", now=NOW)


@pytest.mark.usefixtures("world")
def test_a_right_password_forgets_the_wrong_ones_of_that_place(
    database: Database,
) -> None:
    email = email_of("Alma")
    for _ in range(2):
        for _ in range(TRIES_PER_ADDRESS_AND_EMAIL - 1):
            with pytest.raises(WrongPassword):
                sign_in.sign_in(database, email, "wrong", "10.0.0.1", now=NOW)
        sign_in.sign_in(database, email, PASSWORD, "10.0.0.1", now=NOW)


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = PasswordHash.recommended()
    monkeypatch.setattr(sign_in, "_unknown_person", real.hash("nobody's password"))
    with database.write() as session:
        session.execute(
            update(Person)
            .where(col(Person.id) == world.alma.user_id)
            .values(password_hash=real.hash(PASSWORD))
        )

    def cpu_seconds(email: str) -> float:
        spent: list[float] = []
        for n in range(2):
            start = time.process_time()
            with pytest.raises(WrongPassword):
                sign_in.sign_in(database, email, "wrong", f"10.0.0.{n}", now=NOW)
            spent.append(time.process_time() - start)
        return min(spent)

    known = cpu_seconds(email_of("Alma"))
    for email in ("nobody@postboard.example", email_of("Ben")):
        assert known / 3 < cpu_seconds(email) < known * 3


def test_a_sign_in_link_opens_one_session(database: Database, world: World) -> None:
    token = sign_in_link(database, world.ben)
    with database.read() as session:
        assert sign_in_links.is_single_use(session, token, now=NOW)
    cookie, only_review = follow(database, token)
    assert (who(database, cookie), only_review) == (world.ben, False)
    with pytest.raises(LinkEnded):
        follow(database, token)
    with pytest.raises(LinkEnded), database.read() as session:
        sign_in_links.is_single_use(session, token, now=NOW)
    assert who(database, cookie) == world.ben, "the session outlives its link"


def test_of_eight_clicks_at_once_one_signs_in(database: Database, world: World) -> None:
    token = sign_in_link(database, world.ben)
    outcomes = at_once(*[lambda: follow(database, token)] * 8)
    assert sorted(type(o).__name__ for o in outcomes) == ["LinkEnded"] * 7 + ["tuple"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1 --", "x" * 100_000])
def test_an_invented_token_opens_nothing(database: Database, token: str) -> None:
    before = everything_in(database)
    with pytest.raises(LinkEnded):
        follow(database, token)
    assert who(database, token) is None
    with database.write() as session:
        sign_in.sign_out(session, token, now=NOW)
    assert everything_in(database) == before


def test_tables_keep_no_token(database: Database, world: World) -> None:
    tokens = [
        cookie_of(database, world.ben),
        sign_in_link(database, world.ben),
        review_link(database, world),
    ]
    kept = repr(everything_in(database))
    assert [token for token in tokens if token in kept] == []
    assert PASSWORD not in kept


def test_a_kept_digest_is_no_token(database: Database, world: World) -> None:
    cookie_of(database, world.alma)
    with database.read() as session:
        digests = list(session.execute(select(col(WebSession.token_digest))).scalars())
    assert {who(database, digest) for digest in digests} == {None}


def test_links_expire(database: Database, world: World) -> None:
    token = sign_in_link(database, world.ben)
    with pytest.raises(LinkEnded):
        follow(database, token, NOW + SIGN_IN_LINK_LIFETIME)
    follow(database, token, NOW + SIGN_IN_LINK_LIFETIME - MOMENT)
    token = review_link(database, world)
    follow(database, token, NOW + REVIEW_LINK_LIFETIME - MOMENT)
    with pytest.raises(LinkEnded):
        follow(database, token, NOW + REVIEW_LINK_LIFETIME)


def test_sessions_expire(database: Database, world: World) -> None:
    cookie = cookie_of(database, world.ben)
    assert who(database, cookie, NOW + SESSION_LIFETIME - MOMENT) == world.ben
    assert who(database, cookie, NOW + SESSION_LIFETIME) is None


def test_a_session_by_a_review_link_ends_with_the_link(database: Database, world: World) -> None:
    token = review_link(database, world)
    last_day = NOW + REVIEW_LINK_LIFETIME - timedelta(days=1)
    cookie, _ = follow(database, token, last_day)
    assert who(database, cookie, last_day) is not None
    assert who(database, cookie, NOW + REVIEW_LINK_LIFETIME) is None


def test_signing_out_ends_this_session_only(database: Database, world: World) -> None:
    phone, desk = cookie_of(database, world.ben), cookie_of(database, world.ben)
    with database.write() as session:
        sign_in.sign_out(session, phone, now=NOW)
    assert (who(database, phone), who(database, desk)) == (None, world.ben)


def test_a_disabled_person_is_out_at_once(database: Database, world: World) -> None:
    cookie = cookie_of(database, world.alma)
    link = sign_in_link(database, world.alma)
    with database.write() as session:
        session.execute(
            update(Person).where(col(Person.id) == world.alma.user_id).values(disabled_at=NOW)
        )
    assert who(database, cookie) is None
    with pytest.raises(LinkEnded):
        follow(database, link)
    with pytest.raises(WrongPassword):
        sign_in.sign_in(database, email_of("Alma"), PASSWORD, "10.0.0.1", now=NOW)


def test_a_review_link_shows_one_client_and_carries_no_other_role(
    database: Database, world: World
) -> None:
    """Cleo reviews for Borealis as well; her link for Acme opens Acme."""
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
    cookie, only_review = follow(database, review_link(database, world))
    assert only_review
    cleo = who(database, cookie)
    assert cleo == Actor(world.cleo.user_id, "Cleo", None, {world.acme.id: Role.CLIENT_REVIEWER})
    with pytest.raises(NotFound):
        found(database, cleo, world.borealis.posts[State.CLIENT_REVIEW])
    approved = step(database, cleo, world.acme.posts[State.CLIENT_REVIEW], Action.APPROVE)
    assert approved.state is State.APPROVED


def test_a_review_link_never_opens_the_agency(database: Database, world: World) -> None:
    """Even for somebody who was made an admin after the link was given out."""
    token = review_link(database, world)
    cookie, _ = follow(database, token)
    with database.write() as session:
        session.execute(
            update(Person)
            .where(col(Person.id) == world.cleo.user_id)
            .values(agency_role=Role.ADMIN)
        )
    cleo = who(database, cookie)
    assert cleo
    assert (cleo.agency_role, cleo.is_staff) == (None, False)


def test_a_review_link_works_many_times(database: Database, world: World) -> None:
    token = review_link(database, world)
    with database.read() as session:
        assert not sign_in_links.is_single_use(session, token, now=NOW)
    cookies = [follow(database, token)[0] for _ in range(3)]
    assert [who(database, cookie).name for cookie in cookies] == ["Cleo"] * 3


def test_an_ended_review_link_ends_its_sessions(database: Database, world: World) -> None:
    token = review_link(database, world)
    cookie, _ = follow(database, token)
    own = cookie_of(database, world.cleo)
    with database.write() as session:
        clients.end_review_links(session, world.aron, world.acme.id, world.cleo.user_id, now=NOW)
    assert (who(database, cookie), who(database, own)) == (None, world.cleo)
    with pytest.raises(LinkEnded):
        follow(database, token)


def test_who_leaves_a_client_sees_nothing_of_it_any_more(database: Database, world: World) -> None:
    token = review_link(database, world)
    cookies = [follow(database, token)[0], cookie_of(database, world.cleo)]
    with database.write() as session:
        clients.remove_person(session, world.aron, world.acme.id, world.cleo.user_id, now=NOW)
    left = [who(database, cookie) for cookie in cookies]
    assert left == [None, Actor(world.cleo.user_id, "Cleo")]
    with pytest.raises(NotFound):
        found(database, left[1], world.acme.posts[State.CLIENT_REVIEW])


@pytest.mark.parametrize(
    ("maker", "refusal"),
    [
        ("ben", NotAllowed),
        ("cora", NotAllowed),
        ("cleo", NotAllowed),
        ("dora", NotFound),
        ("bodil", NotFound),
    ],
)
def test_review_links_are_made_and_ended_by_who_manages_the_client(
    database: Database, world: World, maker: str, refusal: type[Exception]
) -> None:
    before = everything_in(database)
    actor = getattr(world, maker)
    for call in (clients.make_review_link, clients.end_review_links, clients.remove_person):
        with pytest.raises(refusal), database.write() as session:
            call(session, actor, world.acme.id, world.cleo.user_id, now=NOW)
    assert everything_in(database) == before


def test_review_links_are_for_that_clients_reviewers(database: Database, world: World) -> None:
    for person in (world.ben, world.dora, world.alma):
        with pytest.raises(NotFound), database.write() as session:
            clients.make_review_link(session, world.ana, world.acme.id, person.user_id, now=NOW)


def test_colleagues_links_are_made_by_admins(database: Database, world: World) -> None:
    with database.write() as session:
        token = clients.make_staff_link(session, world.alma, world.ben.user_id, now=NOW)
    assert who(database, follow(database, token)[0]) == world.ben
    for actor in (world.ana, world.aron, world.cleo):
        with pytest.raises(NotAllowed), database.write() as session:
            clients.make_staff_link(session, actor, world.alma.user_id, now=NOW)
    for nobody in (UUID(int=7), world.cleo.user_id):
        with pytest.raises(NotFound), database.write() as session:
            clients.make_staff_link(session, world.alma, nobody, now=NOW)


def test_set_up_makes_the_first_admin_once(database: Database) -> None:
    with database.write() as session:
        assert sign_in.is_empty(session)
        person_id = sign_in.set_up(session, " Alma ", "Alma@X.example", PASSWORD, now=NOW)
    token = sign_in.sign_in(database, "alma@x.example", PASSWORD, "10.0.0.1", now=NOW)
    with database.read() as session:
        assert sign_in.signed_in(session, token, now=NOW) == SignedIn(
            ANY, Actor(person_id, "Alma", Role.ADMIN), "UTC"
        )
    before = everything_in(database)
    with pytest.raises(AlreadySetUp), database.write() as session:
        sign_in.set_up(session, "Eve", "eve@x.example", PASSWORD, now=NOW)
    assert everything_in(database) == before


@pytest.mark.parametrize("one_address", [True, False])
def test_of_many_set_ups_at_once_one_makes_an_admin(database: Database, one_address: bool) -> None:
    def set_up(n: int) -> UUID:
        with database.write() as session:
            email = f"admin{0 if one_address else n}@x.example"
            return sign_in.set_up(session, f"Admin {n}", email, PASSWORD, now=NOW)

    outcomes = at_once(*(lambda n=n: set_up(n) for n in range(6)))
    kinds = [type(o) for o in outcomes]
    assert kinds.count(UUID) == 1
    assert set(kinds) <= {UUID, AlreadySetUp, BadInput}, "or: that address is here already"
    with database.read() as session:
        assert session.execute(select(func.count(col(Person.id)))).scalar_one() == 1
        assert audit.verify(session).first_break is None


@pytest.mark.parametrize(
    ("name", "email", "password"),
    [
        ("", "a@x.example", PASSWORD),
        ("\x00\ud800", "a@x.example", PASSWORD),
        ("x" * 121, "a@x.example", PASSWORD),
        ("Alma", "", PASSWORD),
        ("Alma", "alma", PASSWORD),
        ("Alma", "alma@localhost", PASSWORD),
        ("Alma", "al ma@x.example", PASSWORD),
        ("Alma", "@x.example", PASSWORD),
        ("Alma", "alma@x.example,mallory@mallory.example", PASSWORD),
        ("Alma", "alma@x.example;mallory@mallory.example", PASSWORD),
        ("Alma", "<mallory@mallory.example>alma@x.example", PASSWORD),
        ("Alma", "x" * 250 + "@x.example", PASSWORD),
        ("Alma", "a@x.example", "short"),
        ("Alma", "a@x.example", "x" * 201),
    ],
)
def test_set_up_refuses_what_does_not_fit(
    database: Database, name: str, email: str, password: str
) -> None:
    with pytest.raises(BadInput), database.write() as session:
        sign_in.set_up(session, name, email, password, now=NOW)
    with database.read() as session:
        assert sign_in.is_empty(session)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        (
            "jörg@x.example",
            "Mail servers take only a–z, figures and signs before the @, not “jörg”.",
        ),
        ("王@x.example", "Mail servers take only a–z, figures and signs before the @, not “王”."),
        (
            "joerg@Bücher.example",
            "Write “bücher.example” as mail servers know it: xn--bcher-kva.example.",
        ),
        (f"a@{'ü' * 70}.example", f"“a@{'ü' * 58}” is no e-mail address."),
    ],
)
def test_an_address_that_mail_does_not_reach_is_refused(
    database: Database, world: World, email: str, sentence: str
) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput) as no, database.write() as session:
        clients.add_person(
            session,
            world.ana,
            name="Jörg",
            email=email,
            role=Role.CLIENT_REVIEWER,
            client_id=world.acme.id,
            now=NOW,
        )
    assert str(no.value) == sentence
    assert everything_in(database) == before


def test_a_domain_in_the_letters_of_mail_servers_is_taken(database: Database, world: World) -> None:
    with database.write() as session:
        assert clients.add_person(
            session,
            world.ana,
            name="Jörg",
            email="joerg@xn--bcher-kva.example",
            role=Role.CLIENT_REVIEWER,
            client_id=world.acme.id,
            now=NOW,
        )


def test_odd_names_are_cleaned_wherever_they_are_kept(database: Database) -> None:
    name = "\ud800 Al\x00ma \u202e " + " " * 200
    with database.write() as session:
        sign_in.set_up(session, name, "a@x.example", PASSWORD + "\U0001f950", now=NOW)
    with database.read() as session:
        kept = [
            session.execute(select(col(Person.name))).scalar_one(),
            session.execute(select(col(Event.actor_name))).scalar_one(),
        ]
    assert kept == ["Alma \u202e"] * 2


def test_nobody_sits_on_both_sides(database: Database, world: World) -> None:
    attempts = [
        ("Ben", Role.CLIENT_REVIEWER, world.borealis.id),
        ("Ben", Role.CLIENT_VIEWER, world.acme.id),
        ("Cleo", Role.COPYWRITER, world.borealis.id),
        ("Cleo", Role.ACCOUNT_MANAGER, world.acme.id),
        ("Cleo", Role.MANAGER, None),
        ("Ana", Role.CLIENT_REVIEWER, world.acme.id),
        ("Alma", Role.CLIENT_VIEWER, world.acme.id),
    ]
    before = everything_in(database)
    for name, role, client_id in attempts:
        with pytest.raises(BadInput), database.write() as session:
            clients.add_person(
                session,
                world.alma,
                name=name,
                email=f" {email_of(name).upper()} ",
                role=role,
                client_id=client_id,
                now=NOW,
            )
    assert everything_in(database) == before


def test_sessions_see_a_changed_role_at_once(database: Database, world: World) -> None:
    cookie = cookie_of(database, world.ben)
    with database.write() as session:
        session.execute(
            update(Membership)
            .where(col(Membership.person_id) == world.ben.user_id)
            .values(role=Role.DESIGNER)
        )
    assert who(database, cookie).roles == {world.acme.id: Role.DESIGNER}


def test_a_revoked_link_ends_the_sessions_it_opened(database: Database, world: World) -> None:
    token = sign_in_link(database, world.ben)
    cookie, _ = follow(database, token)
    with database.write() as session:
        session.execute(update(SignInLink).values(revoked_at=NOW))
    assert who(database, cookie) is None


class _Any:
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return True


ANY = _Any()
