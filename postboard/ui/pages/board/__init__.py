"""The board: every post of the actor's clients by its state, live for everybody."""

from postboard.ui.pages.board.page import page

__all__ = ["page"]
