"""Ideas that wait for a day: those of the clients and those of the agency's own."""

from postboard.ui.pages.ideas.page import page

__all__ = ["page"]
