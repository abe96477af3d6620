"""Postboard: the open, self-hosted approval board for social-media agencies."""

__version__ = "0.1.0"
