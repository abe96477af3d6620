"""What an address without a page says."""

import reflex as rx

from postboard.ui.components.entry import entry_page, nothing_here


def page() -> rx.Component:
    return entry_page(nothing_here())
