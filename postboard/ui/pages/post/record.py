"""The post's record: its revisions, and everything that happened to it."""

from contextlib import suppress
from typing import Any, Final

import reflex as rx
from reflex_base.vars.base import VarData

from postboard.db.queries import history, revisions
from postboard.db.queries.history import Fact, Line
from postboard.db.queries.post_page import PostFacts
from postboard.db.queries.revisions import LISTED, Compared, RevisionLine, Step
from postboard.domain.errors import Stale
from postboard.domain.permissions import STAFF_ROLES
from postboard.names import (
    CHANGED,
    CHANGED_OFTEN,
    EVENTS,
    FACTS,
    FIELDS_IN_A_SENTENCE,
    RESTORED,
    REVISED,
    STANDING_IN,
    THREADS,
)
from postboard.services import certificates, looks, restoring
from postboard.services.looks import Since
from postboard.ui.components.hear import Hear
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import STATES, TAGS
from postboard.ui.layout import Dialog
from postboard.ui.pages.post.talk import TalkState
from postboard.ui.session import Page, toast
from postboard.ui.words import _, d_, language

_TABS: Final = ("revisions", "history")


class RecordState(Page, rx.State):
    """What the panel shows; `compared` is open in a dialog while it is there."""

    tab: str = "revisions"
    revisions: list[RevisionLine] = []
    more_revisions: bool = False
    lines: list[Line] = []
    more_lines: bool = False
    since: Since | None = None
    compared: Compared | None = None
    compared_with_look: bool = False
    asking: int = 0
    certified: int = 0
    """The revision that was approved last."""
    undo_to: int = 0
    restored_as: int = 0
    restored_version: int = 0
    _revision_limit: int = LISTED
    _line_limit: int = history.SHOWN

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        """The lists, as long as they were unrolled."""
        key = as_key(post_id)
        listed = await self._read(revisions.listing, key, self._revision_limit)
        told = await self._read(history.timeline, key, self._line_limit)
        self.revisions, self.more_revisions = listed.lines, listed.more
        self.lines, self.more_lines = told.lines, told.more
        self.certified = await self._read(certificates.certified_revision, key)

    @rx.event
    @allow(*STAFF_ROLES)
    async def show_older(self, post_id: str):
        if self.tab == "revisions":
            self._revision_limit += LISTED
        else:
            self._line_limit += history.SHOWN
        return RecordState.load(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def show_tab(self, tab: str):
        self.tab = tab if tab in _TABS else _TABS[0]

    @rx.event
    @allow(*STAFF_ROLES)
    async def arrive(self, post_id: str):
        """Somebody opened the post: what is new to them stays said until they have seen it."""
        self.undo_to, self.asking = 0, 0
        self.compared = None
        self.since = await self._read(looks.since, as_key(post_id))
        if self.since is None:
            await self._look(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def stepped(self, post_id: str):
        """Whoever takes a step has seen what stands there, but for what is still said to be new."""
        if self.since is None:
            await self._look(post_id)
        return RecordState.load(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def see_since(self, post_id: str):
        """Open what changed since the last look; that is a look."""
        found = await self._read(looks.since, as_key(post_id))
        await self._look(post_id)
        self.since = None
        if found:
            self.compared, self.compared_with_look = found.compared, True

    @rx.event
    @allow(*STAFF_ROLES)
    async def dismiss_since(self, post_id: str):
        self.since = None
        await self._look(post_id)

    @rx.event
    @allow(*STAFF_ROLES)
    async def compare(self, post_id: str, before: int, after: int):
        found = await self._read(revisions.compared, as_key(post_id), before, after)
        self.compared, self.compared_with_look = found, False

    @rx.event
    @allow(*STAFF_ROLES)
    async def close(self):
        self.compared, self.asking = None, 0

    @rx.event
    @allow(*STAFF_ROLES)
    async def ask(self, number: int):
        """Before an approval is given up for old words."""
        self.asking = number

    @rx.event
    @allow(*STAFF_ROLES)
    async def restore(self, post_id: str, revision: int, version: int):
        key = as_key(post_id)
        self.asking = 0
        now = await self._read(revisions.listing, key, 1)
        restored = await self._write(restoring.restore, key, revision, version=version)
        stood = now.lines[0].number
        if restored.revision == stood:
            return toast(_("These words stand there already."), "hint")
        self.undo_to = 0 if revision == self.undo_to else stood
        self.restored_as, self.restored_version = restored.revision, restored.version
        await self._look(post_id)
        return [RecordState.load(post_id), toast(_("Revision {n} is back.", n=revision))]

    async def _look(self, post_id: str) -> None:
        with suppress(Stale):  # another tab of theirs has just looked
            await self._write(looks.look, as_key(post_id))


def record_panel(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.div(
        Hear.create(only=post.id, version=post.version, on_signal=RecordState.load(post.id)),
        rx.el.header(
            rx.el.div(
                _tab("revisions", _("Revisions")),
                _tab("history", _("History")),
                class_name="tabs",
                role="tablist",
                aria_label=_("Record"),
            ),
            rx.el.span(class_name="grow"),
            _download(post, "json", "JSON"),
            _download(post, "pdf", "PDF"),
            class_name="record-head",
        ),
        rx.cond(RecordState.certified > 0, _certificate(post)),
        rx.cond(RecordState.undo_to > 0, _undo(post)),
        rx.el.div(
            rx.cond(RecordState.tab == "revisions", _revisions(post), _history(post)),
            id="record-shown",
            role="tabpanel",
            aria_label=rx.cond(RecordState.tab == "revisions", _("Revisions"), _("History")),
        ),
        rx.cond(RecordState.asking > 0, _question(post)),
        key=post.id,
        on_mount=RecordState.load(post.id),
        class_name="record",
    )


def since_line(post: rx.Var[PostFacts]) -> rx.Component:
    """What others changed since this person last looked; nothing where they changed nothing."""
    return rx.el.div(
        rx.cond(RecordState.since, _since(post, RecordState.since.to(Since))),
        key=post.id,
        on_mount=RecordState.arrive(post.id),
        role="status",
    )


def _since(post: rx.Var[PostFacts], since: rx.Var[Since]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _(
                "{who} changed {fields} since you last looked.",
                who=_listed(since.who),
                fields=_fields(since.compared.fields),
            ),
            " ",
            rx.el.time(d_(since.at, "relative"), title=d_(since.at, "daytime"), class_name="quiet"),
        ),
        rx.el.button(
            _("See what changed"),
            type="button",
            class_name="button",
            on_click=RecordState.see_since(post.id),
        ),
        rx.el.button(
            "×",
            type="button",
            class_name="close",
            aria_label=_("I have seen it"),
            on_click=RecordState.dismiss_since(post.id),
        ),
        class_name="since",
    )


def _tab(name: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        role="tab",
        class_name="tab",
        aria_selected=RecordState.tab == name,
        aria_controls="record-shown",
        on_click=RecordState.show_tab(name),
    )


def _download(post: rx.Var[PostFacts], kind: str, name: str) -> rx.Component:
    return rx.el.a(
        name,
        href=f"/posts/{post.id}/record.{kind}",
        download=True,
        reload_document=True,
        class_name="button",
        aria_label=_("Download the record as {kind}", kind=name),
        title=_("Download the record as {kind}", kind=name),
    )


def _certificate(post: rx.Var[PostFacts]) -> rx.Component:
    """Of the last approval; the words may have changed since."""
    return rx.el.div(
        rx.el.span(_("Certificate of approval: revision {n}", n=RecordState.certified)),
        rx.cond(
            RecordState.certified != RecordState.revisions[0].number,
            rx.el.span(_("It does not hold for the newest words."), class_name="quiet"),
        ),
        rx.el.span(class_name="grow"),
        _certificate_as(post, "json", "JSON"),
        _certificate_as(post, "pdf", "PDF"),
        class_name="record-note record-certificate",
    )


def _certificate_as(post: rx.Var[PostFacts], kind: str, name: str) -> rx.Component:
    label = _("Download the certificate as {kind}", kind=name)
    return rx.el.a(
        name,
        href=f"/posts/{post.id}/certificate.{kind}",
        download=True,
        reload_document=True,
        class_name="button",
        aria_label=label,
        title=label,
    )


def _undo(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.el.p(
        rx.el.span(_("Older words are back as revision {n}.", n=RecordState.restored_as)),
        rx.el.button(
            _("Undo"),
            type="button",
            class_name="link",
            on_click=RecordState.restore(
                post.id, RecordState.undo_to, RecordState.restored_version
            ),
        ),
        class_name="record-note",
        role="status",
    )


def _question(post: rx.Var[PostFacts]) -> rx.Component:
    number = RecordState.asking
    return Dialog.create(
        rx.el.p(
            _("The post goes back to internal review, and what was approved no longer counts.")
        ),
        rx.el.div(
            rx.el.button(
                _("Leave it"), type="button", class_name="button", on_click=RecordState.close
            ),
            rx.el.button(
                _("Bring it back"),
                type="button",
                class_name="button button-primary",
                on_click=RecordState.restore(post.id, number, post.version),
            ),
            class_name="dialog-buttons",
        ),
        label=_("Bring revision {n} back?", n=number),
        on_close=RecordState.close,
    )


def _revisions(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(RecordState.revisions, lambda line: _revision(post, line)),
            class_name="revisions",
        ),
        rx.cond(RecordState.more_revisions, _older(post)),
    )


def _revision(post: rx.Var[PostFacts], line: rx.Var[RevisionLine]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.strong(_("Revision {n}", n=line.number)),
            rx.cond(line.current, rx.el.span(_("Now"), class_name="tag-small")),
            rx.el.span(line.who),
            _time(line.at),
            class_name="record-line",
        ),
        rx.el.p(line.beginning, class_name="quiet revision-beginning", dir="auto"),
        rx.cond(
            line.frozen_at,
            rx.el.p(
                _("Submitted {when}", when=d_(line.frozen_at, "daytime")),
                rx.cond(
                    line.planned_at,
                    rx.el.span(
                        " · ",
                        _("planned for {when}", when=d_(line.planned_at, "daytime", post.zone)),
                    ),
                ),
                class_name="quiet",
            ),
        ),
        rx.el.ul(rx.foreach(line.steps, _step), class_name="revision-steps"),
        rx.el.div(
            rx.cond(
                line.number > 1,
                _button(
                    _("What changed"),
                    RecordState.compare(post.id, line.number - 1, line.number),
                ),
            ),
            rx.cond(
                ~line.current,
                _button(
                    _("Compare with now"), RecordState.compare(post.id, line.number, post.revision)
                ),
            ),
            rx.cond(
                ~line.current & post.may_edit_words,
                rx.cond(
                    post.open_to_edits,
                    _button(
                        _("Bring it back"), RecordState.restore(post.id, line.number, post.version)
                    ),
                    _button(_("Bring it back…"), RecordState.ask(line.number)),
                ),
            ),
            _comments_of(post, line.number),
            class_name="record-actions",
        ),
        custom_attrs={"data-revision": line.number},
    )


def _step(step: rx.Var[Step]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_(rx.Var.create(EVENTS)[step.kind], who=step.who)),
        _time(step.at),
        _reason(step.reason, step.tags),
    )


def _history(post: rx.Var[PostFacts]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(RecordState.lines, lambda line: _line(post, line)), class_name="history"
        ),
        rx.cond(RecordState.more_lines, _older(post)),
    )


def _line(post: rx.Var[PostFacts], line: rx.Var[Line]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            (line.facts.length() > 0) | (line.fields.length() > 0),
            rx.el.details(
                rx.el.summary(rx.el.span(_sentence(line)), _time(line.at)),
                rx.el.dl(rx.foreach(line.facts, _fact), class_name="facts"),
                rx.cond(
                    line.since,
                    rx.el.p(
                        _("The first time {when}", when=d_(line.since, "daytime")),
                        class_name="quiet",
                    ),
                ),
                rx.cond(
                    (line.fields.length() > 0) & (line.revision > 1),
                    _button(
                        _("Compare with the revision before"),
                        RecordState.compare(post.id, line.revision - 1, line.revision),
                    ),
                ),
            ),
            rx.el.p(rx.el.span(_sentence(line)), _time(line.at)),
        ),
        _reason(line.reason, line.tags),
        rx.cond(line.review > 0, _comments_of(post, line.review)),
        custom_attrs={"data-kind": line.kind},
    )


def _sentence(line: rx.Var[Line]) -> rx.Var[str]:
    fields = _fields(line.fields)
    changed = rx.cond(
        line.times > 1,
        _(CHANGED_OFTEN, who=line.who, fields=fields, n=line.times),
        _(CHANGED, who=line.who, fields=fields),
    )
    return rx.cond(
        line.restored_from > 0,
        _(RESTORED, who=line.who, n=line.restored_from),
        rx.cond(
            line.fields.length() > 0,
            rx.cond(line.kind == "post.revise", _(REVISED, who=line.who, fields=fields), changed),
            _(rx.Var.create(EVENTS)[line.kind], who=_who(line)),
        ),
    )


def _who(line: rx.Var[Line]) -> rx.Var[str]:
    others = line.stood_in_for
    return rx.cond(
        others.length() > 0, _(STANDING_IN, who=line.who, others=_listed(others)), line.who
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.fragment(
        rx.el.dt(_(rx.Var.create(FACTS)[fact.name])),
        rx.el.dd(
            rx.cond(fact.before, rx.fragment(_value(fact.kind, fact.before), " → ")),
            rx.cond(fact.after, _value(fact.kind, fact.after), "–"),
        ),
    )


def _value(kind: rx.Var[str], value: rx.Var[str]) -> rx.Component | rx.Var[Any]:
    return rx.match(
        kind,
        ("state", rx.el.span(_(rx.Var.create(STATES)[value]))),
        ("thread", rx.el.span(_(rx.Var.create(THREADS)[value]))),
        ("time", rx.el.time(d_(value, "daytime"))),
        ("link", rx.el.a(value, href=value, target="_blank", rel="noopener noreferrer")),
        ("yes", rx.el.span(_("yes"))),
        rx.el.span(value, dir="auto"),
    )


def _reason(reason: rx.Var[str], tags: rx.Var[list[str]]) -> rx.Component:
    return rx.cond(
        reason,
        rx.el.blockquote(
            rx.foreach(
                tags, lambda tag: rx.el.span(_(rx.Var.create(TAGS)[tag]), class_name="tag-small")
            ),
            rx.el.span(reason, dir="auto"),
        ),
    )


def _comments_of(post: rx.Var[PostFacts], number: rx.Var[int]) -> rx.Component:
    """The conversation opens where people were asked about that revision."""
    return rx.el.button(
        _("Comments on this revision"),
        type="button",
        class_name="link",
        on_click=[
            TalkState.show_revision(post.id, number),
            rx.run_script("window.postboard.openPart('talk')"),
        ],
    )


def _older(post: rx.Var[PostFacts]) -> rx.Component:
    return _button(_("Show older"), RecordState.show_older(post.id))


def _button(label: rx.Var[str], event: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(label, type="button", class_name="link", on_click=event)


def _time(at: rx.Var[str]) -> rx.Component:
    return rx.el.time(d_(at, "relative"), title=d_(at, "daytime"), date_time=at, class_name="quiet")


def _fields(fields: rx.Var[list[str]]) -> rx.Var[str]:
    """Names of fields as a sentence takes them: “the caption and the link”."""
    return _listed(fields, FIELDS_IN_A_SENTENCE)


def _listed(items: rx.Var[list[str]], table: dict[str, str] | None = None) -> rx.Var[str]:
    """Joined as the reader's language joins; each called as the table says."""
    spoken = language()
    called = _(rx.Var.create(table)[rx.Var("one").to(str)]) if table else rx.Var("one")
    js = f"new Intl.ListFormat({spoken}).format(({items} ?? []).map((one) => {called}))"
    data = VarData.merge(
        *(part._get_all_var_data() for part in (spoken, items, called))  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    )
    return rx.Var(js, _var_type=str, _var_data=data).to(str)
