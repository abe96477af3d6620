"""A post's page: where it is written, checked, discussed and sent on."""

from postboard.ui.pages.post.page import page

__all__ = ["page"]
