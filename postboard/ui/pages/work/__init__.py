"""My work: what is expected of me, and what waits for my judgement."""

from postboard.ui.pages.work.page import page

__all__ = ["page"]
