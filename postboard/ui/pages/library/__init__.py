"""A client's pictures and videos: found, described, and where each is used."""

from postboard.ui.pages.library.page import page

__all__ = ["page"]
