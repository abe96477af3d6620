"""Performance: what the week was, what posts achieved, how approval flows, what is aimed at."""

from postboard.ui.pages.performance.page import page

__all__ = ["page"]
