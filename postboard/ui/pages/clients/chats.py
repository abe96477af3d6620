"""The agency's own chats about a client, which hear what its people say and what is late."""

import reflex as rx

from postboard.db.queries.clients import ChatOfClient, ClientInFull
from postboard.locale.languages import OWN_NAMES
from postboard.notifications.chat import ADDRESS_MAX
from postboard.ui.components.form import field
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.words import _


def chats(client: rx.Var[ClientInFull]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Chat of the team"), class_name="section-name"),
        rx.cond(
            client.chats.length() > 0,
            rx.el.ul(rx.foreach(client.chats, _chat), class_name="lines"),
            rx.el.p(
                _(
                    "None yet. A chat hears what this client decides and writes, which answers"
                    " are overdue, and what was approved too late."
                ),
                class_name="quiet",
            ),
        ),
        rx.el.form(
            field(
                _("Address of a webhook or bot"),
                rx.el.input(
                    type="text",
                    name="chat",
                    auto_complete="off",
                    required=True,
                    max_length=ADDRESS_MAX,
                    placeholder="https://hooks.slack.com/services/…",
                ),
            ),
            field(
                _("Language"),
                rx.el.select(
                    *(rx.el.option(name, value=key) for key, name in OWN_NAMES.items()),
                    name="language",
                ),
            ),
            rx.el.button(_("Add chat"), type="submit", class_name="button"),
            on_submit=ClientsState.add_chat,
            class_name="add-line",
            # Drawn anew, so emptied, once the chat is in the list.
            key=client.chats.length(),
        ),
        class_name="client-section",
    )


def _chat(chat: rx.Var[ChatOfClient]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(chat.service, class_name="line-name"),
                rx.el.span(rx.Var.create(dict(OWN_NAMES))[chat.language], class_name="line-role"),
            ),
            rx.cond(
                chat.failure,
                rx.el.p(
                    _("It did not take the last message: {reason}", reason=chat.failure),
                    class_name="trouble-line",
                    role="status",
                ),
            ),
            class_name="line-words",
        ),
        rx.el.button(
            _("Send a test"),
            type="button",
            class_name="button button-quiet",
            on_click=ClientsState.try_chat(chat.id),
            aria_label=_("Send a test to {name}", name=chat.service),
        ),
        rx.el.button(
            _("Remove"),
            type="button",
            class_name="button button-quiet",
            on_click=ClientsState.remove_chat(chat.id),
            aria_label=_("Remove {name}", name=chat.service),
        ),
        key=chat.id,
    )
