"""Guidelines: read and found by the staff, written and published by whoever looks after them."""

from postboard.ui.pages.guidelines.page import page

__all__ = ["page"]
