"""Importing a content plan: choose a file, see what it would do, bring it in."""

from postboard.ui.pages.plan_import.page import page

__all__ = ["page"]
