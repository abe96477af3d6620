"""An agreement to keep: as Markdown to read, as JSON for another program."""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.agreement_models import AgreementVersion
from postboard.db.models import Client
from postboard.domain.contract import ContractState, as_json
from postboard.domain.permissions import Actor
from postboard.locale import Language, Text, text
from postboard.services import contracts
from postboard.services.contract_words import CONTRACT_STATES, KINDS, Said, lines
from postboard.services.contracts import Version

_ONLY: Final = "{said}"
"""No sentence: what fills it is worded by itself."""
FORMAT: Final = "postboard.agreement/1"
_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w{1,32};))")
_AT_THE_START: Final = re.compile(r"(?m)^(\d{0,9})([-+=.)])(?=[\s=-]|$)")
"""Of a list, or of a line that makes the one above a heading."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A version with whatever happened to it."""

    version: Version
    client: str
    key: str
    row: AgreementVersion

    @property
    def name(self) -> str:
        return f"{self.key}-agreement-{self.version.number}"


def paper(session: Session, actor: Actor, version_id: UUID) -> Paper:
    """Raises:
    NotFound: it is not there, or not this actor's to see.
    """
    version = contracts.find(session, actor, version_id)
    row, client, key = session.execute(
        select(AgreementVersion, col(Client.name), col(Client.key))
        .join(Client, col(Client.id) == col(AgreementVersion.client_id))
        .where(col(AgreementVersion.id) == version_id)
    ).one()
    return Paper(version, client, key, row)


def to_json(paper: Paper) -> dict[str, Any]:
    """`digest` is that of client_id, number, kind, why, terms and beside: `contract.digest_of`."""
    row, version = paper.row, paper.version
    return {
        "format": FORMAT,
        "client": paper.client,
        "client_id": version.client_id.hex,
        "number": version.number,
        "kind": version.kind.value,
        "state": version.state.value,
        "changes": row.based_on,
        "why": version.why,
        "terms": as_json(version.terms),
        "beside": version.shown,
        "digest": version.digest,
        "offered": _who(row.offered_name, row.offered_at),
        "answered": _who(row.answered_name, row.answered_at),
        "answer": row.answer,
    }


def to_markdown(paper: Paper, language: Language) -> str:
    """Whatever people wrote stands there as they wrote it: it cannot become a heading or a link."""
    words, version, row = text(language), paper.version, paper.row
    kind = words.gettext(KINDS[version.kind])
    title = version.terms.title or kind
    which = words.gettext(
        "{client}, version {n}: {kind}", client=paper.client, n=version.number, kind=kind
    )
    parts = [f"# {plain(title)}", *map(plain, filter(None, [which, version.why]))]
    for line in lines(version.terms, version.shown):
        values = [_said(value, words) for value in line.values]
        listed = values if len(values) == 1 else [f"- {value}" for value in values]
        parts += [f"## {words.gettext(line.name)}", "\n".join(listed)]
    parts += [f"## {words.gettext(CONTRACT_STATES[version.state])}", *_signed(paper, words)]
    if row.answer:
        parts.append(plain(row.answer))
    return "\n\n".join(parts) + "\n"


def _signed(paper: Paper, words: Text) -> list[str]:
    row, zone = paper.row, paper.version.zone
    said: list[str] = []
    if row.offered_at:
        at = row.offered_at.astimezone(zone)
        said.append(words.gettext("Offered by {who}, {at}", who=plain(row.offered_name), at=at))
    if row.answered_at:
        at, who = row.answered_at.astimezone(zone), plain(row.answered_name)
        is_accepted = row.state is ContractState.ACCEPTED
        said.append(
            words.gettext("Accepted by {who}, {at}", who=who, at=at)
            if is_accepted
            else words.gettext("Declined by {who}, {at}", who=who, at=at)
        )
    if row.digest:
        said.append(f"SHA-256 `{row.digest}`")
    return said


def _said(value: Said, words: Text) -> str:
    return plain(words.gettext(_ONLY, said=value))


def _who(name: str, at: Any) -> dict[str, str] | None:
    return {"name": name, "at": at.isoformat()} if at else None


def plain(written: str) -> str:
    """Somebody's words, with nothing in them that Markdown would take for a mark; what stands far
    from the edge would be code.
    """
    marked = _MARKS.sub(r"\\\1", written)
    lines = "\n".join(line.lstrip(" \t") for line in marked.split("\n"))
    return _AT_THE_START.sub(r"\1\\\2", lines).replace("\n", "  \n")
