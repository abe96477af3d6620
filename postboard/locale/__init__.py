"""Words: every text a person reads, in English and Simplified Chinese.

A message id is its English text. The interface looks its words up in the browser
(`postboard.ui.words`); everything said by the server goes through `text` and `say`.
"""

from postboard.locale.catalogue import Text, say, say_in_each, text, word_in_each
from postboard.locale.dates import Reader, format_day, format_daytime, format_for
from postboard.locale.languages import LANGUAGES, N_, Language, MessageId, language_from_cookie

__all__ = [
    "LANGUAGES",
    "N_",
    "Language",
    "MessageId",
    "Reader",
    "Text",
    "format_day",
    "format_daytime",
    "format_for",
    "language_from_cookie",
    "say",
    "say_in_each",
    "text",
    "word_in_each",
]
