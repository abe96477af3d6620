"""What the checks found in a post, and letting one of them pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import reflex as rx
from sqlalchemy.orm import Session

from postboard.db.queries import guidelines
from postboard.db.queries.instants import stamp
from postboard.db.queries.post_page import PostFacts
from postboard.domain.permissions import STAFF_ROLES, Actor, Permission, roles_with
from postboard.domain.rules import SENTENCES
from postboard.services import checks, waivers
from postboard.services.checks import Checked
from postboard.ui.components.dialog import Dialog, SaysProblems, problem_line
from postboard.ui.guard import allow
from postboard.ui.keys import as_key
from postboard.ui.labels import NETWORKS
from postboard.ui.session import now, toast
from postboard.ui.words import _, d_, n_

WAIVERS: Final = roles_with(Permission.WAIVE_CHECK)


@dataclass(frozen=True, slots=True)
class Row:
    """One finding; of warnings that say the same of several networks there is one.

    `finding` is its key; who, reason and at are of the person who let it pass.
    """

    finding: str
    message_id: str
    facts: dict[str, str]
    networks: list[str]
    place: str
    source: str
    checked_on: str
    who: str
    reason: str
    at: str
    section: str = ""
    """Of a guideline's rule: the title of its section, with `version`, `brand` and `link`."""
    version: int = 0
    brand: str = ""
    """Empty where it is the agency's."""
    link: str = ""


class FindingsState(SaysProblems, rx.State):
    loaded: bool = False
    blocking: list[Row] = []
    warnings: list[Row] = []
    let_pass: list[Row] = []
    asking: str = ""
    """The finding whose reason is asked for."""

    @rx.event
    @allow(*STAFF_ROLES)
    async def load(self, post_id: str):
        """Check the post as it is saved now."""
        await self._show(post_id)

    @rx.event
    @allow(*WAIVERS)
    async def ask(self, finding: str):
        self.asking, self.problem = finding, {}

    @rx.event
    @allow(*WAIVERS)
    async def close(self):
        self.asking, self.problem = "", {}

    @rx.event
    @allow(*WAIVERS)
    async def waive(self, post_id: str, finding: str, reason: str):
        done = self._write(waivers.waive, as_key(post_id), finding, reason)
        if not await self._done(done):
            return None
        self.asking = ""
        await self._show(post_id)
        return toast(_("It may pass now. Your reason is on record."))

    @rx.event
    @allow(*WAIVERS)
    async def unwaive(self, post_id: str, finding: str):
        await self._write(waivers.unwaive, as_key(post_id), finding)
        await self._show(post_id)

    async def _show(self, post_id: str) -> None:
        found = await self._read(checks.check, as_key(post_id), now=now())
        of = await self._read(_client_of, as_key(post_id))
        self.blocking = _rows((one for one in found if one.blocks), of)
        self.warnings = _together(_rows((one for one in found if not one.finding.blocks), of))
        self.let_pass = _rows((one for one in found if one.waived), of)
        self.loaded = True


def findings_panel(post: rx.Var[PostFacts]) -> rx.Component:
    state = FindingsState
    nothing = (state.blocking.length() + state.warnings.length() + state.let_pass.length()) == 0
    return rx.el.section(
        rx.el.h2(_("Checks"), class_name="unseen"),
        rx.cond(
            state.loaded & nothing,
            rx.el.p(_("All checks pass."), class_name="checks-pass"),
        ),
        _group(
            n_("{n} stops the review", "{n} stop the review", state.blocking.length()),
            state.blocking,
            lambda row: _blocking(post, row),
            "blocks",
        ),
        _group(
            n_("{n} warning", "{n} warnings", state.warnings.length()),
            state.warnings,
            _warning,
            "warns",
        ),
        _group(
            n_("{n} let pass", "{n} let pass", state.let_pass.length()),
            state.let_pass,
            lambda row: _let_pass(post, row),
            "passes",
        ),
        rx.cond(state.asking != "", _reason_dialog(post)),
        class_name="checks-panel",
        on_mount=FindingsState.load(post.id),
    )


def _group(title: rx.Var[str], rows: rx.Var[list[Row]], draw: Any, severity: str) -> rx.Component:
    return rx.cond(
        rows.length() > 0,
        rx.el.div(
            rx.el.h3(title),
            rx.el.ul(rx.foreach(rows, draw)),
            class_name="checks-group",
            custom_attrs={"data-severity": severity},
        ),
    )


def _row(row: rx.Var[Row], *said: rx.Component, action: rx.Component | None = None) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.foreach(row.networks, _network),
            rx.el.span(_(row.message_id, row.facts)),
            class_name="finding-says",
        ),
        *said,
        rx.el.div(
            _action(_("Go to the field"), _go_to(row.place)),
            action or rx.fragment(),
            _source(row),
            class_name="finding-more",
        ),
        class_name="finding",
    )


def _blocking(post: rx.Var[PostFacts], row: rx.Var[Row]) -> rx.Component:
    ask = _action(_("Let it pass…"), FindingsState.ask(row.finding))
    return _row(row, action=rx.cond(post.may_waive, ask))


def _warning(row: rx.Var[Row]) -> rx.Component:
    return _row(row)


def _let_pass(post: rx.Var[PostFacts], row: rx.Var[Row]) -> rx.Component:
    back = _action(_("Let it stop the post again"), FindingsState.unwaive(post.id, row.finding))
    return _row(
        row,
        rx.el.p(
            rx.el.span(_("{who} let it pass", who=row.who)),
            " ",
            rx.el.time(d_(row.at, "relative"), date_time=row.at, class_name="quiet"),
        ),
        rx.el.blockquote(row.reason, dir="auto"),
        action=rx.cond(post.may_waive, back),
    )


def _action(words: rx.Var[str], does: Any) -> rx.Component:
    return rx.el.button(words, type="button", class_name="link", on_click=does)


def _network(name: rx.Var[str]) -> rx.Component:
    names = rx.Var.create({key: _(called) for key, called in NETWORKS.items()})
    return rx.el.span(
        rx.el.span(class_name="network", custom_attrs={"data-network": name}, aria_hidden="true"),
        names[name].to(str),
        class_name="finding-network",
    )


def _source(row: rx.Var[Row]) -> rx.Component:
    return rx.cond(row.section == "", _source_of_limit(row), _passage(row))


def _passage(row: rx.Var[Row]) -> rx.Component:
    return rx.el.a(
        rx.cond(
            row.brand == "",
            _(
                "The agency’s guideline, version {version}: {section}",
                version=row.version,
                section=row.section,
            ),
            _(
                "{brand}’s guideline, version {version}: {section}",
                brand=row.brand,
                version=row.version,
                section=row.section,
            ),
        ),
        href=row.link,
        class_name="finding-source",
    )


def _source_of_limit(row: rx.Var[Row]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Source")),
        rx.el.p(
            _(row.source),
            rx.cond(
                row.checked_on != "",
                rx.el.span(", ", _("looked up on {day}", day=d_(row.checked_on, "day"))),
            ),
        ),
        class_name="finding-source",
    )


def _go_to(place: rx.Var[str]) -> rx.event.EventSpec:
    """The editor knows its fields; without one nothing happens."""
    script = f"window.postboard?.focusField?.({place!s})"
    return rx.run_script(rx.Var(script, _var_data=place._get_all_var_data()))  # noqa: SLF001


def _reason_dialog(post: rx.Var[PostFacts]) -> rx.Component:
    return Dialog.create(
        rx.el.form(
            rx.el.label(
                rx.el.span(_("Why may it pass?")),
                rx.el.textarea(name="reason", rows=3, max_length=2000, auto_focus=True, dir="auto"),
                class_name="field",
            ),
            rx.el.p(
                _("It holds for these very words and files. Other ones are checked anew."),
                class_name="quiet",
            ),
            problem_line(FindingsState.problem),
            rx.el.div(
                rx.el.button(
                    _("Cancel"), type="button", class_name="button", on_click=FindingsState.close
                ),
                rx.el.button(_("Let it pass"), type="submit", class_name="button button-primary"),
                class_name="dialog-buttons",
            ),
            on_submit=lambda form: FindingsState.waive(
                post.id, FindingsState.asking, form.to(dict[str, str])["reason"]
            ),
            class_name="dialog-form",
        ),
        label=_("Let this check pass"),
        on_close=FindingsState.close,
    )


def _rows(found: Iterable[Checked], client_id: str) -> list[Row]:
    return [_as_row(one, client_id) for one in found]


def _as_row(one: Checked, client_id: str) -> Row:
    finding, waived = one.finding, one.waived
    passage = finding.passage
    of = client_id if passage and passage.client else ""
    return Row(
        finding=finding.key,
        message_id=SENTENCES[finding.rule],
        facts={name: str(fact) for name, fact in finding.facts.items()},
        networks=[finding.network] if finding.network else [],
        place=finding.place,
        source=finding.source,
        checked_on=str(finding.checked_on or ""),
        who=waived.who if waived else "",
        reason=waived.reason if waived else "",
        at=stamp(waived.at) if waived else "",
        section=passage.title if passage else "",
        version=passage.version if passage else 0,
        brand=passage.client if passage else "",
        link=f"/guidelines/?of={of}#{passage.section}" if passage else "",
    )


def _together(rows: Iterable[Row]) -> list[Row]:
    """Equal sentences of several networks as one: the first one's place and source stand."""
    merged: dict[str, Row] = {}
    for row in rows:
        first = merged.setdefault(f"{row.message_id} {row.facts} {row.link}", row)
        if first is not row:
            first.networks.extend(row.networks)
    return list(merged.values())


def _client_of(session: Session, actor: Actor, post_id: UUID) -> str:
    return guidelines.networks_of(session, actor, post_id)[0].hex
