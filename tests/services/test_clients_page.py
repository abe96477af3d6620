from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Membership, SocialAccount
from postboard.domain.errors import BadInput, NotAllowed, NotFound
from postboard.domain.permissions import Actor, Role
from postboard.services import clients, sign_in, sign_in_links
from postboard.services.sign_in import Account, TooManyTries, WrongCurrentPassword, WrongPassword
from tests.world import NOW, PASSWORD, World, cookie_of, email_of, everything_in

NEW = "a better horse battery"
ADDRESS = "192.0.2.1"


def test_a_role_changes_for_one_client_on_the_same_side(database: Database, world: World) -> None:
    with database.write() as session:
        change_role(session, world.aron, world, world.ben, Role.CONTENT_MANAGER)
        change_role(session, world.aron, world, world.cleo, Role.CLIENT_VIEWER)
    assert role_of(database, world, world.ben) == Role.CONTENT_MANAGER
    assert role_of(database, world, world.cleo) == Role.CLIENT_VIEWER


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("ben", Role.CLIENT_REVIEWER),
        ("cleo", Role.COPYWRITER),
        ("ben", Role.ADMIN),
        ("ben", Role.MANAGER),
    ],
)
def test_nobody_changes_sides_or_rises_to_the_agency(
    database: Database, world: World, who: str, role: Role
) -> None:
    before = everything_in(database)
    with pytest.raises(BadInput), database.write() as session:
        change_role(session, world.ana, world, getattr(world, who), role)
    assert everything_in(database) == before


def test_who_does_not_look_after_the_client_changes_no_role(
    database: Database, world: World
) -> None:
    before = everything_in(database)
    for actor, refusal in (
        (world.cora, NotAllowed),
        (world.ben, NotAllowed),
        (world.cleo, NotAllowed),
        (world.bodil, NotFound),
        (world.dora, NotFound),
    ):
        with pytest.raises(refusal), database.write() as session:
            change_role(session, actor, world, world.ben, Role.DESIGNER)
    with pytest.raises(NotFound), database.write() as session:
        change_role(session, world.ana, world, world.dora, Role.CLIENT_VIEWER)
    assert everything_in(database) == before


def test_an_account_is_removed_from_its_own_client_only(database: Database, world: World) -> None:
    with database.write() as session:
        for brand in (world.acme, world.borealis):
            clients.add_social_accounts(session, world.ana, brand.id, [("x", "@us")], now=NOW)
        acmes, borealis = (account_of(session, b.id) for b in (world.acme, world.borealis))
    with pytest.raises(NotFound), database.write() as session:
        clients.remove_social_account(session, world.aron, world.acme.id, borealis, now=NOW)
    with pytest.raises(NotFound), database.write() as session:
        clients.remove_social_account(session, world.aron, world.borealis.id, borealis, now=NOW)
    with database.write() as session:
        clients.remove_social_account(session, world.aron, world.acme.id, acmes, now=NOW)
    with database.read() as session:
        assert list(session.execute(select(col(SocialAccount.id))).scalars()) == [borealis]


def test_a_sign_in_link_is_made_by_admins_for_staff_only(database: Database, world: World) -> None:
    with database.write() as session:
        token = clients.make_staff_link(session, world.alma, id_of(world.ben), now=NOW)
        cookie, _ = sign_in_links.follow(session, token, now=NOW)
        here = sign_in.signed_in(session, cookie, now=NOW)
    assert here
    assert here.actor == world.ben
    for person_id in (id_of(world.cleo), uuid4()):
        with pytest.raises(NotFound), database.write() as session:
            clients.make_staff_link(session, world.alma, person_id, now=NOW)
    for actor in (world.ana, world.aron, world.cleo):
        with pytest.raises(NotAllowed), database.write() as session:
            clients.make_staff_link(session, actor, id_of(world.ben), now=NOW)


def test_an_account_says_whether_it_has_a_password(database: Database, world: World) -> None:
    with database.read() as session:
        assert sign_in.account(session, world.alma) == Account("Alma", email_of("Alma"), True)
        assert sign_in.account(session, world.ben) == Account("Ben", email_of("Ben"), False)


def test_the_first_password_needs_no_other(database: Database, world: World) -> None:
    _, session_id = open_session(database, world.ben)
    sign_in.set_password(database, session_id, "", NEW, now=NOW)
    assert sign_in.sign_in(database, email_of("Ben"), NEW, ADDRESS, now=NOW)


def test_a_changed_password_replaces_the_old_one_and_ends_other_sessions(
    database: Database, world: World
) -> None:
    elsewhere, _ = open_session(database, world.alma)
    here, session_id = open_session(database, world.alma)
    sign_in.set_password(database, session_id, PASSWORD, NEW, now=NOW)
    with database.read() as session:
        assert sign_in.signed_in(session, here, now=NOW)
        assert sign_in.signed_in(session, elsewhere, now=NOW) is None
    with pytest.raises(WrongPassword):
        sign_in.sign_in(database, email_of("Alma"), PASSWORD, ADDRESS, now=NOW)
    assert sign_in.sign_in(database, email_of("Alma"), NEW, ADDRESS, now=NOW)


def test_guessing_the_current_password_is_slowed_down(database: Database, world: World) -> None:
    _, session_id = open_session(database, world.alma)
    for _try in range(sign_in.TRIES_PER_ADDRESS_AND_EMAIL):
        with pytest.raises(WrongCurrentPassword):
            sign_in.set_password(database, session_id, "a wrong guess", NEW, now=NOW)
    with pytest.raises(TooManyTries):
        sign_in.set_password(database, session_id, PASSWORD, NEW, now=NOW)
    later = NOW + sign_in.ATTEMPT_WINDOW + timedelta(seconds=1)
    sign_in.set_password(database, session_id, PASSWORD, NEW, now=later)


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_a_password_too_short_or_too_long_changes_nothing(
    database: Database, world: World, password: str
) -> None:
    _, session_id = open_session(database, world.alma)
    before = everything_in(database)
    with pytest.raises(BadInput):
        sign_in.set_password(database, session_id, PASSWORD, password, now=NOW)
    assert everything_in(database) == before


def test_a_review_link_gives_no_password_and_an_ended_session_none_either(
    database: Database, world: World
) -> None:
    with database.write() as session:
        token = clients.make_review_link(
            session, world.ana, world.acme.id, id_of(world.cleo), now=NOW
        )
        by_link, _ = sign_in_links.follow(session, token, now=NOW)
        reviewing = sign_in.signed_in(session, by_link, now=NOW)
    ended, session_id = open_session(database, world.ben)
    with database.write() as session:
        sign_in.sign_out(session, ended, now=NOW)
    assert reviewing
    for asked in (reviewing.session_id, session_id, uuid4()):
        with pytest.raises(NotFound):
            sign_in.set_password(database, asked, "", NEW, now=NOW)


def change_role(session: Session, actor: Actor, world: World, whose: Actor, role: Role) -> None:
    clients.change_role(session, actor, world.acme.id, id_of(whose), role, now=NOW)


def role_of(database: Database, world: World, whose: Actor) -> Role:
    with database.read() as session:
        return session.execute(
            select(col(Membership.role)).where(
                col(Membership.person_id) == id_of(whose),
                col(Membership.client_id) == world.acme.id,
            )
        ).scalar_one()


def account_of(session: Session, client_id: UUID) -> UUID:
    return session.execute(
        select(col(SocialAccount.id)).where(col(SocialAccount.client_id) == client_id)
    ).scalar_one()


def open_session(database: Database, actor: Actor) -> tuple[str, UUID]:
    """The cookie's token and the session's id."""
    token = cookie_of(database, actor)
    with database.read() as session:
        here = sign_in.signed_in(session, token, now=NOW)
    assert here
    return token, here.session_id


def id_of(actor: Actor) -> UUID:
    assert actor.user_id
    return actor.user_id
