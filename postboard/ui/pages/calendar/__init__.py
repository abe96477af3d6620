"""The editorial calendar: when the posts of the actor's clients go out, live for everybody."""

from postboard.ui.pages.calendar.page import page

__all__ = ["page"]
