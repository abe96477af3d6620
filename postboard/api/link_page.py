"""The one page that is not the app's: it stands alone, so that opening a link loads nothing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from string import Template
from typing import Final

from postboard.domain.errors import Refused
from postboard.locale import Language, say, text
from postboard.locale.languages import MessageId

_STYLE: Final = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem;
  background: light-dark(#f6f6f7, #141416); color: light-dark(#1c1c21, #ececf0);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "PingFang SC", "Noto Sans SC",
    "Microsoft YaHei", sans-serif; }
main { width: min(26rem, 100%); padding: 2rem; border-radius: 14px;
  background: light-dark(#fff, #1d1d21);
  box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 12px 40px rgb(0 0 0 / .08); }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; line-height: 1.35; }
p { margin: 0 0 1.5rem; color: light-dark(#55555e, #a5a5b0); overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
button { width: 100%; min-height: 3rem; border: 0; border-radius: 10px; cursor: pointer;
  background: light-dark(#2f54c9, #6f8ff0); color: light-dark(#fff, #0f1220);
  font: inherit; font-weight: 600; }
button:focus-visible { outline: 3px solid light-dark(#1c1c21, #fff); outline-offset: 3px; }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_PAGE: Final = Template(
    """<!doctype html>
<html lang="$language">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Postboard</title>
<style>$style</style>
<main>
<h1>$heading</h1>
$rest
</main>
</html>
"""
)


def asking(language: Language, signed_in_as: str) -> str:
    """The page with the button; its form goes to the address it was opened at."""
    words = text(language)
    explained = (
        words.gettext(
            "You are signed in as {name}. Going on signs you out here first.", name=signed_in_as
        )
        if signed_in_as
        else words.gettext("This link works for you alone. Please do not pass it on.")
    )
    button = escape(words.gettext("Go on"))
    form = f'<p>{escape(explained)}</p>\n<form method="post"><button>{button}</button></form>'
    return _page(language, words.gettext("Open Postboard"), form)


def stopping(language: Language, kinds: Sequence[MessageId]) -> str:
    """The page whose button ends mails of these kinds."""
    words = text(language)
    named = "".join(f"<p>{escape(words.gettext(kind))}</p>" for kind in kinds)
    button = escape(words.gettext("Stop these e-mails"))
    form = f'{named}\n<form method="post"><button>{button}</button></form>'
    return _page(language, words.gettext("No more e-mails of this kind?"), form)


def stopped(language: Language, kinds: Sequence[MessageId]) -> str:
    words = text(language)
    named = "".join(f"<p>{escape(words.gettext(kind))}</p>" for kind in kinds)
    return _page(language, words.gettext("You get no more e-mails of this kind"), named)


def saying(language: Language, refused: Refused) -> str:
    heading = text(language).gettext("This page cannot be opened")
    return _page(language, heading, f"<p>{escape(say(refused, language))}</p>")


def _page(language: Language, heading: str, rest: str) -> str:
    return _PAGE.substitute(language=language, style=_STYLE, heading=escape(heading), rest=rest)
