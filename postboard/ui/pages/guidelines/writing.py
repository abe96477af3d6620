"""Writing a guideline: its sections and their rules by form, what would fail, and publishing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import reflex as rx

from postboard.db.queries.guidelines import Draft
from postboard.domain.errors import NotFound, Refused
from postboard.domain.guideline_rules import AtField, GuidelineRule, RuleKind
from postboard.domain.guidelines import TEXT_MAX, Section, Topic
from postboard.domain.markdown import as_html
from postboard.imports.guideline import ReadGuideline, read_guideline
from postboard.locale import LANGUAGES, say_in_each
from postboard.services import guideline_failing, guideline_files, guideline_pages, guidelines
from postboard.ui.components.dialog import SaysProblems
from postboard.ui.components.library import LibraryState
from postboard.ui.given import text_in
from postboard.ui.guard import allow, floats
from postboard.ui.pages.guidelines.edited import (
    SectionEdited,
    SectionLine,
    edited,
    line,
    section_in,
    usual,
)
from postboard.ui.pages.guidelines.failing import FailingLine, failing_lines
from postboard.ui.pages.guidelines.state import WRITERS, GuidelinesPage, owner_in
from postboard.ui.session import NotSignedIn, now, toast
from postboard.ui.uploads import owner_of, uploads
from postboard.ui.words import _

RULES_SHOWN: Final = 20
_TO_NEW_RULE: Final = """
setTimeout(() => {
  const rules = document.querySelectorAll(".guideline-rule");
  rules[rules.length - 1]?.querySelector("input, select, textarea")?.focus();
}, 100)
"""
"""The form is drawn anew with it, and would begin at its top."""
_TO_PROBLEM: Final = """
setTimeout(() => {
  const form = document.getElementById("guideline-section");
  form?.querySelector(".problem")?.scrollIntoView({ block: "center" });
  form?.querySelector('[aria-invalid="true"]')?.focus({ preventScroll: true });
}, 100)
"""
"""The buttons are always there, but what they refuse may be far above or below."""


@dataclass(frozen=True)
class PictureText:
    """What the field puts where its cursor stands, each time `n` grows."""

    n: int
    text: str


@floats("writing", "asking")
class GuidelineWriting(SaysProblems, rx.State):
    writing: bool = False
    version: int = 0
    lines: list[SectionLine] = []
    agencys: list[SectionLine] = []
    """Whose place a section can take."""
    section: SectionEdited | None = None
    html: str = ""
    """The section's text as it will look."""
    problem_at: str = ""
    """The place of what is said in `problem`."""
    asking: str = ""
    """"publish", "import", "picture", "discard" or nothing."""
    failing: list[FailingLine] = []
    more: int = 0
    changed: bool = False
    """The form was given something that is not in the draft."""
    kept: int = 0
    """Grows whenever what the form says was kept in the draft."""
    has_library: bool = False
    """The agency has none of its own, and a client's is seen by that client's team alone."""
    picture: PictureText = PictureText(0, "")
    removed: str = ""
    """The title of the section that can be brought back."""
    is_draft: bool = False
    """It says something else than what holds."""
    _of: str = ""
    _removed: Section | None = None
    _stood_before: str = ""

    @rx.event
    @allow(*WRITERS)
    async def begin(self, of: str):
        """Open the draft."""
        self._of, self.writing, self.section, self.asking = of[:32], True, None, ""
        self.removed = ""
        self.has_library = self._of != ""
        await self._look()

    @rx.event
    @allow(*WRITERS)
    async def leave(self):
        self.writing, self.section, self.asking = False, None, ""
        return GuidelinesPage.open(self._of)

    @rx.event
    @allow(*WRITERS)
    async def fill_in(self, language: str):
        """The ready sections of a language."""
        if await self._kept(guideline_files.begin, language):
            return toast(_("A beginning. Change what does not fit."))
        return None

    @rx.event
    @allow(*WRITERS)
    async def edit(self, key: str):
        draft = await self._draft()
        found = next((one for one in draft.guideline.sections if one.key == key), None)
        if found is None:
            raise NotFound
        await self._open(found, changed=False)

    @rx.event
    @allow(*WRITERS)
    async def add(self, topic: str):
        if topic not in set(Topic):
            raise NotFound
        await self._open(Section(uuid4().hex, Topic(topic), ""), changed=False)

    @rx.event
    @allow(*WRITERS)
    async def look_at(self, text: str):
        """As it will look, while it is typed."""
        self.html = await asyncio.to_thread(as_html, text[:TEXT_MAX])

    @rx.event
    @allow(*WRITERS)
    async def add_rule(self, form: dict[str, Any]):
        """One more, of the kind that the form names; what is filled in stays."""
        kind = text_in(form, "kind")
        if self.section is None or kind not in set(RuleKind):
            raise NotFound
        written = self._written(form)
        new = GuidelineRule(RuleKind(kind), values=usual(RuleKind(kind)))
        rules = (*written.rules, new)[:RULES_SHOWN]
        await self._open(replace(written, rules=rules), changed=True)
        return rx.run_script(_TO_NEW_RULE)

    @rx.event
    @allow(*WRITERS)
    async def drop_rule(self, at: int, form: dict[str, Any]):
        """One less; what is filled in elsewhere stays."""
        written = self._written(form)
        kept = [rule for index, rule in enumerate(written.rules) if index != at]
        await self._open(replace(written, rules=tuple(kept)), changed=True)

    @rx.event
    @allow(*WRITERS)
    async def put(self, form: dict[str, Any]):
        """Keep the section in the draft."""
        if self.section is None:
            raise NotFound
        written = self._written(form)
        if await self._kept(guidelines.put_section, written):
            self.section = None
            return None
        self.section = edited(written)
        return rx.run_script(_TO_PROBLEM)

    @rx.event
    @allow(*WRITERS)
    async def keep(self, form: dict[str, Any]):
        """Keep it, and go on writing."""
        written = self._written(form)
        kept = await self._kept(guidelines.put_section, written)
        if kept:
            self.kept, self.changed = self.kept + 1, False
        self.section = edited(written)
        return None if kept else rx.run_script(_TO_PROBLEM)

    @rx.event
    @allow(*WRITERS)
    async def take_picture(self, asset_id: str):
        """One of the library's that is shown: it comes into the text with its words."""
        library = await self.get_state(LibraryState)
        found = next((one for one in library.assets if one.id == asset_id), None)
        if found is None:
            raise NotFound
        words = " ".join(found.alt.replace("[", "(").replace("]", ")").split())
        text = f"![{words}](/media/{found.id}/large)"
        self.picture, self.asking = PictureText(self.picture.n + 1, text), ""

    @rx.event
    @allow(*WRITERS)
    async def remove(self, key: str):
        """It can be brought back, to where it stood."""
        sections = (await self._draft()).guideline.sections
        at = next((at for at, one in enumerate(sections) if one.key == key), None)
        if at is None:
            raise NotFound
        if await self._kept(guidelines.remove_section, key):
            self._removed, self.removed = sections[at], sections[at].title
            self._stood_before = next((one.key for one in sections[at + 1 :]), "")

    @rx.event
    @allow(*WRITERS)
    async def bring_back(self):
        """The section that was removed last."""
        if self._removed is None:
            raise NotFound
        back = self._removed
        if await self._kept(guidelines.put_section, back) and self._stood_before:
            await self._kept(guidelines.move_section, back.key, self._stood_before)

    @rx.event
    @allow(*WRITERS)
    async def move_up(self, key: str):
        keys = [one.key for one in self.lines]
        if key in keys[1:]:
            await self._kept(guidelines.move_section, key, keys[keys.index(key) - 1])

    @rx.event
    @allow(*WRITERS)
    async def put_back(self):
        self.section = None

    @rx.event
    @allow(*WRITERS)
    async def discard(self):
        """The draft is again what holds."""
        if await self._kept(guidelines.discard):
            self.asking = ""

    @rx.event
    @allow(*WRITERS)
    async def ask(self, what: str):
        """Before publishing: which open posts would newly fail."""
        if what not in {"publish", "import", "picture", "discard"}:
            raise NotFound
        self.problem, self.asking, self.failing = {}, what, []
        if what == "publish":
            found = await self._read(guideline_failing.would_fail, owner_in(self._of), now=now())
            self.failing, self.more = failing_lines(found)
        if what == "picture":
            return LibraryState.look(self._of, "", "", "image", False)
        return None

    @rx.event
    @allow(*WRITERS)
    async def close(self):
        self.asking = ""

    @rx.event
    @allow(*WRITERS)
    async def publish(self, form: dict[str, Any]):
        note = text_in(form, "note")
        if not await self._kept(guidelines.publish, note=note):
            return None
        self.asking, self.writing = "", False
        return [
            GuidelinesPage.open(self._of),
            toast(_("Published. Open posts are checked by it from now on.")),
        ]

    @rx.event
    @allow(*WRITERS)
    async def take(self, upload: str, filename: str):
        """A file that was sent: its sections come to the end of the draft."""
        signed_in = await self._signed_in()
        owner = owner_of(signed_in.actor)
        try:
            read = await asyncio.to_thread(_read_upload, owner, upload, filename[-200:])
        except Refused as refused:
            self.problem = say_in_each(refused)
            return None
        if not await self._kept(guideline_files.bring_in, read.guideline):
            return None
        self.asking = ""
        left_out = [toast(_(one), "hint") for one in read.warnings]
        return [toast(_("It is in the draft. Read it over, then publish.")), *left_out]

    @rx.event
    @allow(*WRITERS)
    async def refuse(self, sentence: str):
        """The door for files said no."""
        self.problem = dict.fromkeys(LANGUAGES, sentence[:300])

    async def _kept(self, use_case: Any, *args: Any, **more: Any) -> bool:
        """Whether it was not refused; where it was, what was said has its place."""
        self.problem, self.problem_at, self.removed = {}, "", ""
        try:
            of = owner_in(self._of)
            await self._write(use_case, of, *args, version=self.version, **more)
        except NotSignedIn:
            raise
        except Refused as refused:
            self.problem = say_in_each(refused)
            self.problem_at = refused.place if isinstance(refused, AtField) else ""
            return False
        await self._look()
        return True

    async def _draft(self) -> Draft:
        return await self._read(guideline_pages.written, owner_in(self._of))

    async def _look(self) -> None:
        draft = await self._draft()
        self.version, self.is_draft = draft.version, draft.is_draft
        self.lines = [line(one) for one in draft.guideline.sections]
        self.agencys = []
        if self._of:
            holds = await self._read(guideline_pages.agencys)
            self.agencys = [line(one) for one in holds.sections]

    async def _open(self, section: Section, *, changed: bool) -> None:
        self.problem, self.problem_at = {}, ""
        self.section, self.changed = edited(section), changed
        await self.look_at(section.text)

    def _written(self, form: Mapping[str, Any]) -> Section:
        """What the form says, not yet checked."""
        if self.section is None:
            raise NotFound
        return section_in(form, self.section)


def _read_upload(owner: UUID, upload: str, name: str) -> ReadGuideline:
    """Before anything is written: a large file takes a while."""
    content = uploads().read(owner, upload)
    uploads().forget(owner, upload)
    return read_guideline(content, name)
