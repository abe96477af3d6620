"""j and k walk over a list, Enter opens what has the focus."""

import reflex as rx

from postboard.ui.wrappers import WALK


class Walk(rx.Component):
    """`item` is the selector of the list's items; the first link in each is what opens."""

    library = WALK
    tag = "Walk"

    item: rx.Var[str]
