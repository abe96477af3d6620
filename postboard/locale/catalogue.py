"""What a sentence is in a language, on the server: mail, plain pages, command line, refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from postboard.locale.dates import format_day, format_daytime
from postboard.locale.languages import LANGUAGES, SOURCE, Filled, Language, MessageId
from postboard.locale.typography import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from babel.messages.catalog import Catalog

    from postboard.domain.errors import Refused

HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Text:
    """The texts of one language; an entry has one text per grammatical number, Chinese has one."""

    language: Language
    entries: Mapping[str, tuple[str, ...]]

    def gettext(self, sentence: str, /, **facts: object) -> str:
        return fill(self.entries.get(sentence, (sentence,))[0], self._worded(facts))

    def ngettext(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """The form for `n`, which also fills `{n}`."""
        forms = self.entries.get(one, (one, many))
        form = forms[0] if n == 1 or len(forms) == 1 else forms[1]
        return fill(form, {"n": n, **self._worded(facts)})

    def _worded(self, facts: Mapping[str, object]) -> dict[str, object]:
        return {name: self._word(fact) for name, fact in facts.items()}

    def _word(self, fact: object) -> object:
        match fact:
            case MessageId():
                return self.gettext(fact)
            case Filled():
                return self.gettext(fact.sentence, **fact.facts)
            case dt.datetime():
                zone = fact.tzinfo if isinstance(fact.tzinfo, ZoneInfo) else None
                return format_daytime(fact, self.language, zone)
            case dt.date():
                return format_day(fact, self.language)
            case _:
                return fact


@cache
def text(language: Language) -> Text:
    """The language's texts, read from its .po once per process (some 30 ms)."""
    if language == SOURCE:
        return Text(language, {})
    messages = (message for message in read_po(po_path(language)) if message.id)
    texts = {forms(message.id)[0]: forms(message.string) for message in messages}
    return Text(language, {sentence: found for sentence, found in texts.items() if all(found)})


def say(refused: Refused, language: Language) -> str:
    """Why a rule said no, its facts filled in."""
    return text(language).gettext(refused.message_id, **refused.facts)


def say_in_each(refused: Refused) -> dict[str, str]:
    """The same in every language, for a browser, which knows its own."""
    return {language: say(refused, language) for language in LANGUAGES}


def word_in_each(said: Filled | MessageId) -> dict[str, str]:
    """A sentence with its facts in every language."""
    one = said if isinstance(said, Filled) else Filled(said, {})
    return {language: text(language).gettext(one.sentence, **one.facts) for language in LANGUAGES}


def po_path(language: Language) -> Path:
    return HERE / language.replace("-", "_") / "LC_MESSAGES" / "postboard.po"


def read_po(path: Path) -> Catalog:
    from babel.messages import pofile

    with path.open("rb") as lines:
        return pofile.read_po(lines)


def forms(entry: str | Iterable[str] | None) -> tuple[str, ...]:
    """Babel gives one text as it is and the forms of a plural as a sequence."""
    return (entry,) if isinstance(entry, str) else tuple(entry or ("",))
