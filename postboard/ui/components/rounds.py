"""Which round with the client a post is in, against those that the agreement includes."""

import reflex as rx

from postboard.ui.words import _


def round_of(number: rx.Var[int], included: rx.Var[int]) -> rx.Var[str]:
    return rx.cond(
        number > included,
        _("Round {n}, {m} are included", n=number, m=included),
        _("Round {n} of {m}", n=number, m=included),
    ).to(str)
