"""The interface's words, looked up in the browser: switching the language asks no server.

`_`, `n_` and `d_` give text Vars for any component or prop, and for events sent from a State
(`return rx.toast(_("Sent"))`). Sentences are literals, or come from a table marked by `N_`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars.base import LiteralVar, VarData

from postboard.domain.errors import Refused
from postboard.locale import Language, say_in_each
from postboard.locale.languages import COOKIE, ZONE
from postboard.locale.typography import holes
from postboard.ui import catalogues
from postboard.ui.wrappers import WORDS

DateStyle = Literal["day", "time", "daytime", "month", "monthyear", "relative", "brief"]

# The hook's name is also a global in the page: text Vars in events that the server sends are
# evaluated there, outside any component.
_WORDS: Final = "postboardWords"
_MINUTE: Final = "postboardMinute"
_WORDS_HOOK: Final = VarData(
    imports={WORDS: [ImportVar(tag="useWords")]},
    hooks={f"const {_WORDS} = useWords()": None},
)
_MINUTE_HOOK: Final = VarData(
    imports={WORDS: [ImportVar(tag="useMinute")]},
    hooks={f"const {_MINUTE} = useMinute()": None},
)


def _(
    sentence: str | rx.Var[str], given: rx.Var[Any] | None = None, /, **facts: object
) -> rx.Var[str]:
    """The sentence in the reader's language, its `{holes}` filled by values or Vars.

    A sentence that is only known at run time (a Var, marked by `N_` where it was made) may bring
    its facts as one Var.
    """
    if isinstance(sentence, str):
        _must_fit(sentence, facts)
    filling = facts if given is None else given
    return _call("t", [sentence, filling] if given is not None or facts else [sentence])


def n_(one: str, many: str, n: int | rx.Var[int], /, **facts: object) -> rx.Var[str]:
    """A counted sentence; `{n}` is the count."""
    _must_fit(many, {"n": n, **facts})
    return _call("plural", [one, many, n, facts] if facts else [one, many, n])


def table(names: Mapping[str, str]) -> rx.Var[dict[str, str]]:
    """The words of a table in the reader's language, by key."""
    return rx.Var.create({str(key): _(name) for key, name in names.items()}).to(dict[str, str])


def d_(
    when: str | rx.Var[str] | rx.Var[str | None],
    style: DateStyle,
    zone: str | rx.Var[str] | None = None,
) -> rx.Var[str]:
    """An ISO instant or day as words; empty when there is none.

    `zone` (IANA name) is the clock to read it on, named in the text where it differs from the
    reader's own. `relative` and `brief` turn into a day after a week and keep up with the time.
    """
    text = _call("date", [when, style, zone])
    if style not in {"relative", "brief"}:
        return text
    moving = f"{str(text).removesuffix(')')},{_MINUTE})"
    return rx.Var(moving, _var_type=str, _var_data=_merged(text, _MINUTE_HOOK)).to(str)


def listed(items: rx.Var[list[str]], names: Mapping[str, str] | None = None) -> rx.Var[str]:
    """Joined as the reader's language joins; each by its name in the table, or as it is."""
    one, spoken = rx.Var("one").to(str), language()
    called = _(rx.Var.create(names)[one]) if names else one
    js = f"new Intl.ListFormat({spoken}).format(({items} ?? []).map((one) => {called}))"
    return rx.Var(js, _var_type=str, _var_data=_merged(spoken, items, called)).to(str)


def said(refused: Refused) -> rx.Var[str]:
    """A refusal's words for an event the server sends.

    In every language: the websocket still knows only the cookie that it was opened with.
    """
    return _call("said", [say_in_each(refused)])


def language() -> rx.Var[str]:
    """The current language, to mark it in a menu or hand it to a calendar."""
    return rx.Var(f"{_WORDS}.language", _var_type=str, _var_data=_WORDS_HOOK).to(str)


def set_language(chosen: Language) -> rx.event.EventSpec:
    """An event that changes the language in this browser, for a year."""
    imported = VarData(imports={WORDS: [ImportVar(tag="setLanguage")]})
    return rx.run_script(rx.Var(f'setLanguage("{chosen}")', _var_data=imported))


def head() -> list[rx.Component]:
    """What the document's head needs so that no text is seen in the wrong language."""
    return [
        rx.el.style(_HIDDEN_UNTIL_KNOWN),
        rx.el.script(
            _START % {"urls": json.dumps(catalogues.urls()), "cookie": COOKIE, "zone": ZONE}
        ),
    ]


# Colours and boxes stay, so the page's shape is there at once.
_HIDDEN_UNTIL_KNOWN: Final = (
    "html[data-words] body, html[data-words] body * "
    "{ -webkit-text-fill-color: transparent !important; }"
)

# Fetching starts before any module is loaded; whatever happens, texts show after four seconds.
# A phone looks for its zone longer than it reads all the rest of the page: not before it shows.
_START: Final = """(() => {
  const urls = %(urls)s, page = document.documentElement;
  const chosen = document.cookie.match(/(?:^|;\\s*)%(cookie)s=(en|zh-CN)/)?.[1];
  const own = (navigator.languages ?? [navigator.language])
    .map((tag) => tag.split("-")[0]).find((tag) => tag === "en" || tag === "zh");
  const language = chosen ?? (own === "zh" ? "zh-CN" : "en");
  page.lang = language;
  setTimeout(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone) document.cookie = `%(zone)s=${zone};path=/;max-age=31536000;SameSite=Lax`;
  });
  window.postboardStart = { language, urls };
  if (!urls[language]) return;
  page.dataset.words = "coming";
  window.postboardStart.catalogue =
    fetch(urls[language], { cache: "no-cache" }).then((answer) => answer.json());
  setTimeout(() => delete page.dataset.words, 4000);
})()"""


def _must_fit(sentence: str, facts: dict[str, object]) -> None:
    if holes(sentence) != facts.keys():
        msg = f"{sentence!r} has {set(holes(sentence))}, but is given {set(facts)}"
        raise ValueError(msg)


def _call(function: str, values: list[object]) -> rx.Var[str]:
    arguments = [LiteralVar.create(value) for value in values]
    js = ",".join(str(argument) for argument in arguments)
    data = _merged(*arguments, _WORDS_HOOK)
    return rx.Var(f"{_WORDS}.{function}({js})", _var_type=str, _var_data=data).to(str)


def _merged(*parts: rx.Var[object] | VarData) -> VarData | None:
    return VarData.merge(
        *(part if isinstance(part, VarData) else part._get_all_var_data() for part in parts)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    )
