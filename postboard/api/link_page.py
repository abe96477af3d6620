"""The one page that is not the app's: it stands alone, so that opening a link loads nothing."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html import escape
from string import Template
from typing import Final
from zoneinfo import ZoneInfo

from postboard.domain.clock import known_zones
from postboard.domain.errors import Refused
from postboard.domain.tasks import How
from postboard.locale import Language, Text, format_daytime, say, text
from postboard.locale.languages import OWN_NAMES, MessageId
from postboard.notifications.sink import Taken
from postboard.services.preferences import MORNING, NAMES, WAYS, Wishes

_STYLE: Final = """
:root { color-scheme: light dark;
  --page: light-dark(oklch(97.6% .003 80), oklch(18.5% .004 80));
  --surface: light-dark(#fff, oklch(20.5% .005 80));
  --field: light-dark(oklch(99.2% .002 80), oklch(16.5% .004 80));
  --line: light-dark(oklch(86.5% .006 80), oklch(33% .006 80));
  --edge: light-dark(oklch(60% .009 80), oklch(60% .008 80));
  --text: light-dark(oklch(22% .01 80), oklch(94% .004 80));
  --quiet: light-dark(oklch(41% .01 80), oklch(79% .007 80));
  --accent: light-dark(oklch(51% .16 264), oklch(72% .13 264));
  --on-accent: light-dark(oklch(99% 0 0), oklch(16% .02 264)); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem 1rem;
  background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "PingFang SC", "Noto Sans SC",
    "Microsoft YaHei", sans-serif; }
main { width: min(26rem, 100%); padding: 2rem; border-radius: 10px; background: var(--surface);
  box-shadow: 0 1px 2px oklch(20% .01 80 / 8%), 0 8px 24px oklch(20% .01 80 / 12%); }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; line-height: 1.4; text-wrap: balance;
  overflow-wrap: anywhere; }
p { margin: 0 0 1.5rem; color: var(--quiet); overflow-wrap: anywhere; text-wrap: pretty; }
p:last-child { margin-bottom: 0; }
button { width: 100%; min-height: 3rem; padding: .5rem 1rem; border: 1px solid transparent;
  border-radius: 6px; cursor: pointer; background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; overflow-wrap: anywhere; }
form + form, button + button, input + button,
form > button:not(:only-child) { margin-top: .75rem; }
form > button:first-child { margin-top: 0; }
fieldset { margin: 1.5rem 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
label { display: block; margin: .75rem 0; }
label[for] { margin: 0 0 .5rem; font-weight: 600; }
select { display: block; width: 100%; min-height: 3rem; margin-top: .25rem; padding: 0 .75rem;
  border: 1px solid var(--edge); border-radius: 6px; font: inherit;
  background: var(--field); color: inherit; }
input { width: 100%; min-height: 3rem; padding: 0 1rem; border-radius: 6px;
  border: 1px solid var(--edge); background: var(--field);
  color: inherit; font: inherit; font-size: 1.25rem; letter-spacing: .2em; }
button.other { border-color: var(--line); background: none; color: var(--text);
  font-weight: 500; }
p a { display: inline-block; padding: .75rem 0; color: var(--accent); }
p.wrong { color: light-dark(oklch(51% .18 25), oklch(74% .14 25)); }
[role=status] { margin-top: 1rem; padding: .75rem 1rem; border-radius: 6px;
  background: light-dark(oklch(95% .03 152), oklch(28% .04 152));
  color: light-dark(oklch(36% .09 152), oklch(86% .09 152)); }
form + p { margin-top: 1rem; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
li a { display: block; padding: .25rem 0; color: var(--accent); text-decoration: none; }
li a:hover { text-decoration: underline; }
li span { color: var(--quiet); font-size: .875rem; }
:is(button, input, select, a):focus-visible { outline: 2px solid var(--accent);
  outline-offset: 2px; }
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


def asking(language: Language, signed_in_as: str, name: str) -> str:
    """The page with the button; its form goes to the address it was opened at, and signs in as
    `name`.
    """
    words = text(language)
    explained = (
        words.gettext(
            "You are signed in as {name}. Going on signs you out here, and in as {other}.",
            name=signed_in_as,
            other=name,
        )
        if signed_in_as
        else words.gettext("This link works for you alone. Please do not pass it on.")
    )
    button = escape(words.gettext("Go on"))
    form = f'<p>{escape(explained)}</p>\n<form method="post"><button>{button}</button></form>'
    return _page(language, words.gettext("Open Postboard"), form)


def names(language: Language, client: str, people: Sequence[tuple[str, str]]) -> str:
    """Who is it? `people` are pairs of what a button sends and the name on it."""
    words = text(language)
    buttons = "\n".join(
        f'<button class="other" name="person" value="{escape(key)}"><bdi>{escape(name)}</bdi>'
        "</button>"
        for key, name in people
    )
    explained = (
        words.gettext("Pick your name. A code goes to the e-mail address we have for you.")
        if people
        else words.gettext("Nobody reviews for this client yet. Ask the agency.")
    )
    rest = f'<p>{escape(explained)}</p>\n<form method="post">{buttons}</form>'
    return _page(language, words.gettext("Review the posts of {client}", client=client), rest)


def code(language: Language, asked: str, person: str, why: str) -> str:
    """Where the mailed code goes; `asked` and `person` come back with it."""
    words = text(language)
    explained = words.gettext(
        "We have sent a code of 6 digits to your e-mail address. It works once, for 10 minutes."
    )
    again = words.gettext("Send another code")
    rest = f"""{_wrong(why)}<p>{escape(explained)}</p>
<form method="post">
<input type="hidden" name="asked" value="{escape(asked)}">
<input type="hidden" name="person" value="{escape(person)}">
<label for="code">{escape(words.gettext("Code"))}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required
 maxlength="20" pattern="[0-9 ]*" autofocus>
<button>{escape(words.gettext("Go on"))}</button>
</form>
<form method="post">
<button class="other" name="person" value="{escape(person)}">{escape(again)}</button>
</form>
<form method="get"><button class="other">{escape(words.gettext("Another name"))}</button></form>"""
    return _page(language, words.gettext("Write the code from your e-mail"), rest)


def stopping(language: Language, kinds: Sequence[MessageId], settings: str) -> str:
    """The page whose button ends mails of these kinds; `settings` is where all else is chosen."""
    words = text(language)
    named = "".join(f"<p>{escape(words.gettext(kind))}</p>" for kind in kinds)
    button = escape(words.gettext("Stop these e-mails"))
    form = f'{named}\n<form method="post"><button>{button}</button></form>'
    rest = f"{form}\n{_to_settings(words, settings)}"
    return _page(language, words.gettext("No more e-mails of this kind?"), rest)


def stopped(language: Language, kinds: Sequence[MessageId], settings: str) -> str:
    words = text(language)
    named = "".join(f"<p>{escape(words.gettext(kind))}</p>" for kind in kinds)
    rest = f"{named}\n{_to_settings(words, settings)}"
    return _page(language, words.gettext("You get no more e-mails of this kind"), rest)


def settings(language: Language, wishes: Wishes, *, saved: bool, back: str) -> str:
    """Everything that one can choose about mail; its form goes to the address it was opened at.

    `back` is where the reader came from; empty for whoever came by a mail.
    """
    words = text(language)
    daily = [one.hour for one in wishes.chosen if one.how is How.DAILY]
    kinds = "\n".join(
        _choice(
            words.gettext(NAMES[one.kind]),
            one.kind.value,
            [(how.value, words.gettext(WAYS[how])) for how in one.ways],
            one.how.value,
        )
        for one in wishes.chosen
    )
    hours = [(str(hour), f"{hour:02}:00") for hour in range(24)]
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(known_zones())]
    last = words.gettext("The last reminder of a review comes at once in any case.")
    done = f'<p role="status">{escape(words.gettext("Saved."))}</p>' if saved else ""
    form = f"""{done}<form method="post">
<fieldset><legend>{escape(words.gettext("E-mail about"))}</legend>
{kinds}
<p>{escape(last)}</p></fieldset>
{_choice(words.gettext("Hour of the daily e-mail"), "hour", hours, str((daily or [MORNING])[0]))}
{_choice(words.gettext("Time zone"), "zone", zones, wishes.zone)}
{_choice(words.gettext("Language"), "language", OWN_NAMES.items(), wishes.language)}
<button>{escape(words.gettext("Save"))}</button></form>"""
    if back:
        form += f'<p><a href="{escape(back)}">{escape(words.gettext("Back to Postboard"))}</a></p>'
    return _page(language, words.gettext("Your e-mails from Postboard"), form)


def _to_settings(words: Text, address: str) -> str:
    shown = escape(words.gettext("All settings of e-mails"))
    return f'<p><a href="{escape(address)}">{shown}</a></p>'


def _choice(label: str, name: str, options: Iterable[tuple[str, str]], chosen: str) -> str:
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(shown)}</option>"
        for value, shown in options
    )
    return f'<label>{escape(label)}<select name="{escape(name)}">{listed}</select></label>'


def mails(language: Language, taken: Sequence[Taken], path: str) -> str:
    """What the demo sent, the newest first."""
    words = text(language)
    listed = "".join(
        f'<li><a dir="auto" href="{escape(path)}/{escape(one.key)}">{escape(one.subject)}</a>'
        f"<span><bdi>{escape(one.to)}</bdi> · {escape(_sent_at(one, language))}</span></li>"
        for one in taken
    )
    none_yet = words.gettext("None yet. They come within seconds of what they tell of.")
    hint = words.gettext("They go to nobody else. The button in one signs you in as its reader.")
    rest = f"<ul>{listed}</ul>" if listed else f"<p>{escape(none_yet)}</p>"
    return _page(language, words.gettext("The demo’s e-mails"), f"<p>{escape(hint)}</p>{rest}")


def _sent_at(mail: Taken, language: Language) -> str:
    try:
        at = parsedate_to_datetime(mail.at)
    except ValueError:
        return mail.at
    return format_daytime(at, language, ZoneInfo("UTC"))


def saying(language: Language, refused: Refused) -> str:
    heading = text(language).gettext("This page cannot be opened")
    return _page(language, heading, f"<p>{escape(say(refused, language))}</p>")


def _wrong(why: str) -> str:
    return f'<p class="wrong" role="alert">{escape(why)}</p>' if why else ""


def _page(language: Language, heading: str, rest: str) -> str:
    return _PAGE.substitute(language=language, style=_STYLE, heading=escape(heading), rest=rest)
