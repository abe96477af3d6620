"""The client's page: what waits for a decision, one post at a time, on a phone first."""

from postboard.ui.pages.review.page import page

__all__ = ["page"]
