"""Campaigns: what each is to reach, and how far its plan is."""

from postboard.ui.pages.campaigns.page import page

__all__ = ["page"]
