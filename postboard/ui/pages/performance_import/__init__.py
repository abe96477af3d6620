"""Importing figures: choose a network's export, see what it would do, bring it in, undo it."""

from postboard.ui.pages.performance_import.page import page

__all__ = ["page"]
