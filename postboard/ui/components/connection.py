"""What every page says while the server is out of reach.

In place of Reflex's own notes, which know one language and bring a library of 9 KB to every page.
"""

import reflex as rx

from postboard.ui.wrappers import CONNECTION


class Connection(rx.Component):
    library = CONNECTION
    tag = "Connection"
