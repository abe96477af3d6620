"""People: who does what, who is there, whom to ask, and what whoever leaves hands over."""

from postboard.ui.pages.people.page import page

__all__ = ["page"]
