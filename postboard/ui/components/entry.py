"""The quiet card in the middle of a page that stands outside the shell."""

from typing import Any

import reflex as rx

from postboard.ui.words import _, language, set_language


def entry_page(*content: Any) -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.p(
                rx.el.span(class_name="mark", aria_hidden="true"),
                "Postboard",
                class_name="entry-name",
            ),
            *content,
            class_name="entry-card",
        ),
        _language_switch(),
        class_name="entry",
    )


def entry_field(label: rx.Var[str], control: rx.Component, hint: Any = None) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        control,
        *([rx.el.span(hint, class_name="entry-hint")] if hint is not None else []),
        class_name="field",
    )


def email_field(**props: Any) -> rx.Component:
    """The address somebody signs in with."""
    return entry_field(
        _("E-mail"),
        rx.el.input(
            type="email",
            name="email",
            id="email",
            auto_complete="username",
            required=True,
            max_length=254,
            spell_check=False,
            custom_attrs={"autoCapitalize": "none"},
            **props,
        ),
    )


def nothing_here() -> rx.Component:
    """What an address without a page says; one that is closed says the same."""
    return rx.fragment(
        rx.el.h1(_("There is nothing at this address")),
        rx.el.p(
            _("The link may be old or cut short. Everything else is where it was."),
            class_name="quiet",
        ),
        rx.el.a(
            _("Go to the start"),
            href="/",
            # No page of the app: the server knows who belongs where.
            reload_document=True,
            class_name="button button-primary",
        ),
    )


def _language_switch() -> rx.Component:
    return rx.cond(
        language() == "en",
        rx.el.button(
            "中文", type="button", lang="zh-CN", class_name="link", on_click=set_language("zh-CN")
        ),
        rx.el.button(
            "English", type="button", lang="en", class_name="link", on_click=set_language("en")
        ),
    )
