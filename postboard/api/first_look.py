"""The client's page with its first post already in it: read before any script has arrived.

The page is the one that was built. The post stands in an element of its own, `first-look`, which
React leaves alone as it wakes, and which the deck takes away once it has drawn the same post: part
by part in the same place, so that nothing moves under the reader's eyes. Its style is in the page
too; what comes by requests of its own holds up nothing.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from gzip import compress
from html import escape
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from postboard.api.answers import Desk, kept_by_nobody, now, reader_of
from postboard.db.queries import review
from postboard.db.queries.review import Picture, Waiting
from postboard.db.queries.review_rounds import LastRound
from postboard.db.queries.turns import Turn
from postboard.domain.workflow import ChangeTag
from postboard.locale import Reader, Text, format_for, text
from postboard.names import NETWORKS, TAGS
from postboard.services import sign_in

_UNTIL_IT_TELLS: Final = "auto 1"
"""Of a picture whose size nobody knows: a square until its first bytes are there."""
_FOLD: Final = (
    "((fold, more) => { if (fold.scrollHeight <= fold.clientHeight + 4) return;"
    " fold.dataset.long = ''; fold.after(Object.assign(document.createElement('button'),"
    " { disabled: true, className: 'link fold-more', textContent: more })); })"
    "(document.currentScript.previousElementSibling, %s)"
)
"""As the deck folds long words; only the browser knows how long they are."""
_SCRIPT: Final = '<link rel="modulepreload"'
_STYLE_AHEAD: Final = re.compile(r'<link as="style"[^>]*>')
_STYLE: Final = re.compile(r'<link (?=[^>]*rel="stylesheet")(?=[^>]*href="(/assets/[^"#]+))[^>]*>')
_OF_ALL: Final = "/assets/__reflex_global_styles"
_LEVEL: Final = 5
"""Of gzip; a higher one takes longer than what it saves on the way."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The reader's brands, the first post that waits for them, and how many do."""

    brands: list[str]
    post: Waiting
    waiting: int


def routes(desk: Desk, built: Path) -> list[Route]:
    """`built` is the folder of the compiled pages; it may come to be later."""
    page = built / "review" / "index.html"
    return [Route("/review/", partial(_review, desk, page), methods=["GET"])]


async def _review(desk: Desk, page: Path, request: Request) -> Response:
    token = desk.token(request)
    seen = token and await desk.read(partial(_first, token))
    if seen:
        html = await asyncio.to_thread(_with_look, page, _Look(seen, reader_of(request), now()))
    else:
        html = await asyncio.to_thread(_page, page)
    headers = kept_by_nobody("strict-origin-when-cross-origin") | {"vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(html, headers=headers)
    packed = await asyncio.to_thread(compress, html.encode(), _LEVEL)
    return HTMLResponse(packed, headers=headers | {"content-encoding": "gzip"})


@cache
def _page(page: Path) -> str:
    return page.read_text("utf-8")


@cache
def _page_to_read(page: Path) -> str:
    """On a slow line a style sheet would cost another round trip, and scripts take their share."""
    client = page.parent.parent

    def later(link: re.Match[str]) -> str:
        path = link[1]
        rules = (client / path.lstrip("/")).read_text("utf-8") if path.startswith(_OF_ALL) else ""
        style = f"<style>{rules}</style>" if rules else ""
        return f"""{style}<link media="print" onload="this.media='all'" {link[0][6:]}"""

    html = _STYLE.sub(later, _STYLE_AHEAD.sub("", _page(page)))
    return html.replace(_SCRIPT, f'{_SCRIPT} fetchpriority="low"')


def _with_look(page: Path, look: "_Look") -> str:
    return _page_to_read(page).replace("<body>", f"<body>{look.html()}", 1)


def _first(token: str, session: Session) -> _Seen | None:
    here = sign_in.signed_in(session, token, now=now())
    if here is None or here.actor.is_staff:
        return None
    at = now()
    own = review.queue(session, here.actor, at).own
    posts = review.in_full(session, here.actor, [UUID(post_id) for post_id in own[:1]], at)
    if not posts:
        return None
    return _Seen([brand.name for brand in review.brands(session, here.actor)], posts[0], len(own))


class _Look:
    """As `ui.pages.review` draws it, class by class; what is to be tapped wakes with the script."""

    def __init__(self, seen: _Seen, reader: Reader, at: datetime) -> None:
        self._seen, self._post, self._turn = seen, seen.post, seen.post.turn
        self._reader, self._at = reader, at
        self._words: Text = text(reader.language)

    def html(self) -> str:
        seen = self._seen
        names = "".join(f"<span>{escape(brand)}</span>" for brand in seen.brands)
        place = self.gettext("{n} of {m}", n=1, m=seen.waiting)
        plan = _button(self.gettext("What is planned"), "link")
        return (
            f'<first-look class="review" lang="{self._reader.language}" aria-busy="true">'
            f'<header class="review-head"><h1>{names}</h1>{plan}</header>'
            '<main><div><div class="deck"><div class="deck-head">'
            f"{_button('‹', 'deck-turn')}<p>{place}</p>{_button('›', 'deck-turn')}{self._all()}"
            f'</div><article class="deck-post">{"".join(self._parts())}</article>'
            f'<div class="deck-bar">{self._bar()}</div></div></div></main></first-look>'
        )

    def gettext(self, sentence: str, **facts: object) -> str:
        """A text in the reader's language, to be put into the page."""
        return escape(self._words.gettext(sentence, **facts))

    def _all(self) -> str:
        several = self._seen.waiting > 1 and self._turn.mine
        return _button(self.gettext("Approve all"), "link deck-all") if several else ""

    def _bar(self) -> str:
        if not self._turn.mine:
            who = ", ".join(self._turn.waits_for) or self._post.brand
            return f'<p class="deck-note">{self.gettext("Waits for {who}.", who=who)}</p>'
        request = _button(self.gettext("Request changes"), "button")
        approve = _button(self.gettext("Approve"), "button button-primary")
        return f'<div class="deck-buttons">{request}{approve}</div>'

    def _parts(self) -> Iterator[str]:
        when = self._when(self._post.planned_at)
        date = self.gettext("For {when}", when=when) if when else self.gettext("No date yet")
        yield f"<h2>{date}</h2>"
        yield f'<div class="review-turn">{"".join(self._turn_lines(self._turn))}</div>'
        if self._post.before:
            yield self._last_round(self._post.before)
        yield f'<div class="review-card">{"".join(self._card(self._post))}</div>'

    def _turn_lines(self, turn: Turn) -> Iterator[str]:
        if turn.due_at:
            yield f'<p class="turn-due">{self._due(turn)}</p>'
        if company := "".join(f"<span>{one}</span>" for one in self._company(turn)):
            yield f'<p class="turn-others">{company}</p>'
        if turn.message:
            yield (
                f"<blockquote><strong>{escape(self._post.sent_by)}</strong>"
                f'<span dir="auto">{escape(turn.message)}</span></blockquote>'
            )

    def _due(self, turn: Turn) -> str:
        when, hours = self._when(turn.due_at), turn.due_in // 60
        if turn.due_in < 0:
            late = self.gettext("An answer was due {when}", when=when)
            return f'<strong class="review-over">{late}</strong>'
        left = (
            self._words.ngettext("in {n} working hour", "in {n} working hours", hours)
            if hours
            else self._words.gettext("within the hour")
        )
        by = self.gettext("Answer by {when}", when=when)
        return f"<span>{by}</span><span>{escape(left)}</span>"

    def _company(self, turn: Turn) -> Iterator[str]:
        if turn.said_yes:
            yield self.gettext("You said yes")
        if turn.stands_in_for:
            yield self.gettext("You stand in for {who}", who=", ".join(turn.stands_in_for))
        if turn.agreed:
            yield self.gettext("{who} said yes", who=", ".join(turn.agreed))
        if turn.needs_too:
            yield self.gettext("Needs a yes of {who} too", who=", ".join(turn.needs_too))
        if turn.follows:
            yield self.gettext("Then it is with {who}", who=", ".join(turn.follows))

    def _last_round(self, before: LastRound) -> str:
        who = (
            self.gettext("You asked")
            if before.mine
            else self.gettext("{who} asked", who=before.who)
        )
        tags = "".join(
            f'<span class="tag-small">{self.gettext(TAGS[ChangeTag(tag)])}</span>'
            for tag in before.tags
        )
        asked = (
            f'<h3>{who}</h3><blockquote>{tags}<span dir="auto">{escape(before.text)}</span>'
            "</blockquote>"
        )
        seen = f"<h3>{self.gettext('You have seen this post before')}</h3>"
        changed = (
            self.gettext("It was changed since then.")
            if before.changed
            else self.gettext("Words and pictures are as they were then.")
        )
        what = (
            '<details class="review-what" inert><summary>'
            f"{self.gettext('What changed')}</summary></details>"
            if before.changed
            else ""
        )
        return (
            f'<section class="review-before">{asked if before.text else seen}'
            f"<p>{changed}</p>{what}</section>"
        )

    def _card(self, post: Waiting) -> Iterator[str]:
        networks = "".join(
            f'<span class="review-network"><span class="network" data-network="{escape(name)}"'
            f' aria-hidden="true"></span>{self.gettext(NETWORKS[name])}</span>'
            for name in post.networks
        )
        yield (
            f'<div class="review-account"><span class="review-avatar" style="--hue:{post.hue}"'
            f' aria-hidden="true">{escape(post.brand[:1])}</span><div>'
            f'<strong>{escape(post.brand)}</strong><span class="review-networks">{networks}</span>'
            "</div></div>"
        )
        if post.pictures:
            yield _pictures(post.pictures)
        if post.title:
            yield f'<p class="review-title" dir="auto">{escape(post.title)}</p>'
        if post.caption:
            more = json.dumps(self._words.gettext("more"))
            yield (
                f'<div class="fold"><p class="caption" dir="auto">{escape(post.caption)}</p></div>'
                f"<script>{_FOLD % more}</script>"
            )
        if post.link:
            yield f'<p class="review-link">{escape(post.link)}</p>'
        if post.first_comment:
            yield (
                f'<div class="review-comment"><h3>{self.gettext("First comment")}</h3>'
                f'<p class="caption" dir="auto">{escape(post.first_comment)}</p></div>'
            )

    def _when(self, instant: str) -> str:
        if not instant:
            return ""
        zone = ZoneInfo(self._post.zone)
        return format_for(self._reader, datetime.fromisoformat(instant), zone, self._at)


def _button(name: str, look: str) -> str:
    return f'<button type="button" class="{look}" disabled>{name}</button>'


def _pictures(pictures: list[Picture]) -> str:
    """The first at once, as what the reader waits for; the others when the strip is moved."""
    first, *more = [
        f'src="{escape(picture.url)}" alt="{escape(picture.alt)}"' for picture in pictures
    ]
    strip = ' data-strip="yes"' if more else ""
    ratio = f"{pictures[0].ratio:.4f}" if pictures[0].ratio else _UNTIL_IT_TELLS
    beside = more if pictures[0].ratio else []  # they would stand in its shape, which is not known
    images = f'<img {first} fetchpriority="high">' + "".join(
        f'<img {one} loading="lazy" decoding="async">' for one in beside
    )
    return f'<div class="review-pictures" style="--ratio:{ratio}"{strip}>{images}</div>'
