"""The language switch: the page speaks another language at once, and so does later mail."""

from typing import Any

import reflex as rx

from postboard.domain.permissions import Role
from postboard.locale import Language
from postboard.services import preferences
from postboard.ui.guard import allow
from postboard.ui.session import Page
from postboard.ui.words import set_language


class Speech(Page, rx.State):
    @rx.event
    @allow(*Role)
    async def speak(self, language: str):
        await self._write(preferences.speak, language)


def speak(chosen: Language) -> list[Any]:
    """For whoever is signed in."""
    return [set_language(chosen), Speech.speak(chosen)]
