"""A form that the browser itself sends to a plain HTTP route."""

from typing import Any

import reflex as rx


class PlainForm(rx.el.Form):
    """Reflex's own form keeps a form without a handler from being sent."""

    @classmethod
    def create(cls, *children: Any, **props: Any) -> Any:
        return super(rx.el.Form, cls).create(*children, **props)
