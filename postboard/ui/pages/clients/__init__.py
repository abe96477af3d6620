"""Clients: the agreement with each, the people around it, campaigns and accounts."""

from postboard.ui.pages.clients.page import page

__all__ = ["page"]
