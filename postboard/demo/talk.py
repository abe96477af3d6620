"""What the demo's people say to each other of their posts, by the posts' titles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from postboard.demo.agency import Part
from postboard.demo.times import next_office
from postboard.domain.content import Words
from postboard.domain.conversation import Thread
from postboard.domain.permissions import Actor
from postboard.services import comments
from postboard.services.comments import Remark

INTERNAL, CLIENT = Thread.INTERNAL, Thread.CLIENT


@dataclass(frozen=True, slots=True)
class Line:
    """One comment; an answer belongs to the conversation before it.

    `to` is named in it as {to}; `spot` is a place on the last picture.
    """

    part: Part
    thread: Thread
    text: str
    after_min: int = 9
    answer: bool = False
    to: Part | None = None
    field: str = ""
    spot: tuple[float, float] | None = None
    liked_by: Part | None = None
    resolved_by: Part | None = None


TALK: Mapping[str, Sequence[Line]] = {
    "Terrace opening": (
        Line(
            Part.ART,
            INTERNAL,
            "The parasol pulls the eye away from the table. {to}, can the table come forward?",
            to=Part.DESIGNER,
            spot=(0.62, 0.3),
        ),
        Line(
            Part.DESIGNER,
            INTERNAL,
            "I have a wider one from the same morning. It is in the library.",
            answer=True,
            liked_by=Part.ART,
        ),
        Line(
            Part.ACCOUNT,
            INTERNAL,
            "Twenty buns or thirty? The plan says twenty, their café manager said thirty on the"
            " phone. I ask before anybody prints it.",
            field="caption",
        ),
        Line(
            Part.ACCOUNT,
            CLIENT,
            "Is it twenty buns or thirty? You mentioned thirty on Monday.",
            field="caption",
        ),
        Line(
            Part.CLIENT,
            CLIENT,
            "Twenty. Thirty was for the staff party.",
            answer=True,
            liked_by=Part.ACCOUNT,
        ),
    ),
    "Coffee school 1: washed": (
        Line(
            Part.CLIENT,
            CLIENT,
            "Could the second picture show our own tank? I can send a photo today.",
            spot=(0.4, 0.55),
        ),
        Line(
            Part.ACCOUNT,
            CLIENT,
            "Please do, then we change it before it goes out.",
            answer=True,
        ),
        Line(
            Part.CONTENT,
            INTERNAL,
            "If their photo is from a phone, {to} has to grade it. Half an hour, not more.",
            to=Part.DESIGNER,
        ),
    ),
    "Decaf relaunch": (
        Line(
            Part.WRITER,
            INTERNAL,
            "“Does not apologise” is from the barista training. Too insider?",
            field="caption",
        ),
        Line(Part.CONTENT, INTERNAL, "No, keep it.", answer=True, resolved_by=Part.CONTENT),
    ),
    "泡茶小课：第一泡": (
        Line(
            Part.CONTENT,
            INTERNAL,
            "{to} 小红书首图建议换成出汤那一刻，盖碗的图留给第二张。",
            to=Part.DESIGNER,
        ),
        Line(Part.DESIGNER, INTERNAL, "好，下午出图。", answer=True, liked_by=Part.CONTENT),
        Line(
            Part.CLIENT,
            CLIENT,
            "“10 秒出汤”只适用于龙井，岩茶要更快。能不能注明是哪一款？",
            field="caption",
        ),
        Line(Part.ACCOUNT, CLIENT, "收到，文案里补上“以龙井为例”。", answer=True),
    ),
    "旧杯换新茶": (
        Line(
            Part.WRITER,
            INTERNAL,
            "活动细则放首条评论还是正文？正文已经不短了。",
            field="first_comment",
        ),
        Line(Part.CONTENT, INTERNAL, "放首条评论。", answer=True, resolved_by=Part.CONTENT),
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line and when it was said."""

    at: datetime
    line: Line


def lines_of(title: str, zone_of: Any, last: datetime, now: datetime) -> Iterator[Spoken]:
    """What was said after the post's last beat at `last`; what would lie ahead is left unsaid."""
    at = last
    for line in TALK.get(title, ()):
        at = next_office(at + timedelta(minutes=line.after_min), zone_of(line.part))
        if at > now:
            return
        yield Spoken(at, line)


def speak(
    session: Session,
    people: Mapping[Part, Actor],
    post_id: UUID,
    words: Words,
    spoken: Spoken,
    head_id: UUID | None,
) -> UUID:
    """Say it; gives the first comment of its conversation."""
    line, now = spoken.line, spoken.at
    to = people[line.to] if line.to else None
    remark = Remark(
        line.text.format(to=f"@{to.name}") if to else line.text,
        head_id if line.answer else None,
        _anchor(line, words),
        mentions=[to.user_id] if to and to.user_id else [],
    )
    said = comments.add(
        session, people[line.part], post_id, line.thread, remark, command_id=uuid4(), now=now
    )
    first = head_id if line.answer and head_id else said
    if line.liked_by:
        comments.react(session, people[line.liked_by], said, "👍", on=True, now=now)
    if line.resolved_by:
        comments.resolve(session, people[line.resolved_by], first, now=now)
    return first


def _anchor(line: Line, words: Words) -> dict[str, Any]:
    if line.spot is None or not words.media:
        return {"field": line.field} if line.field else {}
    picture = words.media[-1]
    return {"asset": picture.asset or picture.url, "x": line.spot[0], "y": line.spot[1]}
