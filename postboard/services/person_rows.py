"""People's rows: a new one, and whose an address is."""

from datetime import datetime
from email.utils import getaddresses
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Person
from postboard.domain.content import clean
from postboard.domain.errors import BadInput, NotFound
from postboard.domain.permissions import Role


def add(
    session: Session,
    name: str,
    email: str,
    now: datetime,
    *,
    agency_role: Role | None = None,
    password_hash: str | None = None,
    zone: str = "UTC",
) -> UUID:
    """Insert a person; who may do so is the caller's question.

    Raises:
        BadInput: no name, or an address that is none or taken.
    """
    name, email = clean(name, 120), clean(email, 254).lower()
    if not name:
        raise BadInput("Write a name.")
    local, _, domain = email.rpartition("@")
    # What a mail program takes for several addresses would send one's links to others too.
    is_one = " " not in email and getaddresses([email]) == [("", email)]
    if not local or "." not in domain or not is_one:
        raise BadInput("“{email}” is no e-mail address.", email=email[:60])
    _refuse_unmailable(local, domain)
    taken = session.execute(select(col(Person.id)).where(col(Person.email) == email)).first()
    if taken:
        raise BadInput("Somebody with the address {email} is here already.", email=email)
    person = Person(
        name=name,
        email=email,
        agency_role=agency_role,
        password_hash=password_hash,
        zone=zone,
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person.id


def by_email(session: Session, email: str) -> UUID:
    """The person's id.

    Raises:
        NotFound: nobody has this address.
    """
    found = session.execute(
        select(col(Person.id)).where(col(Person.email) == clean(email[:254], 254).lower())
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _refuse_unmailable(local: str, domain: str) -> None:
    """Few mail servers take other letters than ASCII's, and none has to."""
    if not local.isascii():
        raise BadInput(
            "Mail servers take only a–z, figures and signs before the @, not “{local}”.",
            local=local[:60],
        )
    if domain.isascii():
        return
    try:
        known = domain.encode("idna").decode()
    except UnicodeError:
        raise BadInput("“{email}” is no e-mail address.", email=f"{local}@{domain}"[:60]) from None
    raise BadInput(
        "Write “{domain}” as mail servers know it: {known}.", domain=domain[:60], known=known
    )
