"""The plain HTTP routes: signing in and out, links, and whether the server is well.

Cookies can only be set over HTTP, so whoever signs in leaves the page for a moment.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from starlette.routing import BaseRoute

from postboard.api import (
    agreements,
    auth,
    certificates,
    demo_mails,
    feeds,
    first_look,
    guidelines,
    health,
    home,
    links,
    mails,
    plans,
    records,
    shared_links,
)
from postboard.api import media as media_routes
from postboard.api import uploads as upload_routes
from postboard.api.answers import Desk
from postboard.db.engine import Database
from postboard.media.store import store_for
from postboard.services.uploads import Uploads
from postboard.settings import Settings


def routes(
    database: Database,
    settings: Settings,
    uploads: Uploads,
    built: Path,
    *,
    ended: Callable[[str], Awaitable[None]],
) -> list[BaseRoute]:
    """`built` is where the compiled pages are; `ended` hears the token of a session the moment its
    person leaves.

    Which site a form comes from is checked by the gate in front of the whole server.
    """
    desk = Desk(database, settings, ended)
    store = store_for(settings)
    return [
        *home.routes(desk),
        *health.routes(desk),
        *auth.routes(desk),
        *links.routes(desk),
        *shared_links.routes(desk),
        *first_look.routes(desk, built),
        *mails.routes(desk),
        *demo_mails.routes(desk),
        *upload_routes.routes(desk, uploads),
        *media_routes.routes(desk, uploads, store),
        *records.routes(desk, partial(media_routes.thumb, store)),
        *certificates.routes(desk),
        *agreements.routes(desk),
        *feeds.routes(desk),
        *guidelines.routes(desk),
        *plans.routes(desk),
    ]
