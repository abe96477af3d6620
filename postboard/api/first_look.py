"""The client's page with its first post already in it: read before any script has arrived.

The page is the one that was built. The post stands in an element of its own, `first-look`, which
React leaves alone as it wakes, and which the deck takes away once it has drawn the same post. Its
style is in the page too; what comes by requests of its own holds up nothing.
"""

import asyncio
import re
from collections.abc import Iterator
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

from postboard.api.answers import Desk, kept_by_nobody, language_of, now
from postboard.db.queries import review
from postboard.db.queries.review import LastRound, Picture, Waiting
from postboard.domain.workflow import ChangeTag
from postboard.locale import Language, Text, format_planned, text
from postboard.names import NETWORKS, TAGS
from postboard.services import sign_in

_SQUARE: Final = 1.0
_SCRIPT: Final = '<link rel="modulepreload"'
_STYLE_AHEAD: Final = re.compile(r'<link as="style"[^>]*>')
_STYLE: Final = re.compile(r'<link (?=[^>]*rel="stylesheet")(?=[^>]*href="(/assets/[^"#]+))[^>]*>')
_OF_ALL: Final = "/assets/__reflex_global_styles"
_LEVEL: Final = 5
"""Of gzip; a higher one takes longer than what it saves on the way."""


def routes(desk: Desk, built: Path) -> list[Route]:
    """`built` is the folder of the compiled pages; it may come to be later."""
    page = built / "review" / "index.html"
    return [Route("/review/", partial(_review, desk, page), methods=["GET"])]


async def _review(desk: Desk, page: Path, request: Request) -> Response:
    token = desk.token(request)
    seen = token and await desk.read(partial(_first, token))
    if seen:
        html = await asyncio.to_thread(_page_to_read, page)
        look = _look(*seen, language_of(request))
        html = html.replace("<body>", f"<body>{look}", 1)
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


def _first(token: str, session: Session) -> tuple[list[str], Waiting, int] | None:
    """The reader's brands, the first post that waits for them, and how many do."""
    here = sign_in.signed_in(session, token, now=now())
    if here is None or here.actor.is_staff:
        return None
    at = now()
    own = review.queue(session, here.actor, at).own
    posts = review.in_full(session, here.actor, [UUID(post_id) for post_id in own[:1]], at)
    if not posts:
        return None
    return [brand.name for brand in review.brands(session, here.actor)], posts[0], len(own)


def _look(brands: list[str], post: Waiting, waiting: int, language: Language) -> str:
    """As `ui.pages.review` draws it, class by class; what is to be tapped comes with the script."""
    words = text(language)
    names = "".join(f"<span>{escape(brand)}</span>" for brand in brands)
    place = escape(words.gettext("{n} of {m}", n=1, m=waiting))
    return (
        f'<first-look class="review" lang="{language}" aria-busy="true">'
        f'<header class="review-head"><h1>{names}</h1></header><main><div><div class="deck">'
        '<div class="deck-head"><span class="deck-turn"></span>'
        f'<p>{place}</p><span class="deck-turn"></span></div>'
        f'<article class="deck-post">{"".join(_parts(post, words, language))}</article>'
        '<div class="deck-bar"><div class="deck-buttons">'
        '<span class="button"></span><span class="button"></span>'
        "</div></div></div></div></main></first-look>"
    )


def _parts(post: Waiting, words: Text, language: Language) -> Iterator[str]:
    if post.planned_at:
        when = format_planned(
            datetime.fromisoformat(post.planned_at), language, ZoneInfo(post.zone)
        )
        yield f"<h2>{escape(words.gettext('For {when}', when=when))}</h2>"
    else:
        yield f"<h2>{escape(words.gettext('No date yet'))}</h2>"
    if post.before:
        yield _last_round(post.before, words)
    yield f'<div class="review-card">{"".join(_card(post, words))}</div>'


def _last_round(before: LastRound, words: Text) -> str:
    who = (
        words.gettext("You asked") if before.mine else words.gettext("{who} asked", who=before.who)
    )
    tags = "".join(
        f'<span class="tag-small">{escape(words.gettext(TAGS[ChangeTag(tag)]))}</span>'
        for tag in before.tags
    )
    asked = (
        f'<h3>{escape(who)}</h3><blockquote>{tags}<span dir="auto">{escape(before.text)}</span>'
        "</blockquote>"
    )
    seen = f"<h3>{escape(words.gettext('You have seen this post before'))}</h3>"
    changed = (
        words.gettext("It was changed since then.")
        if before.changed
        else words.gettext("Words and pictures are as they were then.")
    )
    what = (
        '<details class="review-what" inert><summary>'
        f"{escape(words.gettext('What changed'))}</summary></details>"
        if before.changed
        else ""
    )
    return (
        f'<section class="review-before">{asked if before.text else seen}'
        f"<p>{escape(changed)}</p>{what}</section>"
    )


def _card(post: Waiting, words: Text) -> Iterator[str]:
    networks = "".join(
        f'<span class="review-network"><span class="network" data-network="{escape(name)}"'
        f' aria-hidden="true"></span>{escape(words.gettext(NETWORKS[name]))}</span>'
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
        yield f'<div class="fold"><p class="caption" dir="auto">{escape(post.caption)}</p></div>'
    if post.link:
        yield f'<p class="review-link">{escape(post.link)}</p>'
    if post.first_comment:
        yield (
            f'<div class="review-comment"><h3>{escape(words.gettext("First comment"))}</h3>'
            f'<p class="caption" dir="auto">{escape(post.first_comment)}</p></div>'
        )


def _pictures(pictures: list[Picture]) -> str:
    """The first at once, as what the reader waits for; the others when the strip is moved."""
    first, *more = [
        f'src="{escape(picture.url)}" alt="{escape(picture.alt)}"' for picture in pictures
    ]
    images = f'<img {first} fetchpriority="high">' + "".join(
        f'<img {one} loading="lazy" decoding="async">' for one in more
    )
    strip = ' data-strip="yes"' if more else ""
    ratio = pictures[0].ratio or _SQUARE
    return f'<div class="review-pictures" style="--ratio:{ratio:.4f}"{strip}>{images}</div>'
