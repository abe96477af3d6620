"""`postboard` alone: this installation, served."""

import argparse
from datetime import UTC, datetime

from postboard.commands.ground import migrated, settings_of, takes_data, tell
from postboard.launch.ground import require_folder, require_port
from postboard.settings import Settings


def start(chosen: argparse.Namespace) -> None:
    from postboard.launch.frontend import find_frontend
    from postboard.launch.server import serve

    settings = ready_to_serve(settings_of(chosen))
    with migrated(settings) as database, database.write() as session:
        from postboard.services import commands

        commands.forget_old(session, datetime.now(UTC))
    frontend = find_frontend(tell)
    serve(settings, frontend, lambda: tell(f"Postboard answers at {settings.base_url}"))


def takes_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="H", default=argparse.SUPPRESS, help="listen here")
    parser.add_argument(
        "--port", metavar="N", default=argparse.SUPPRESS, help="on this port (0: any free one)"
    )
    takes_data(parser)


def ready_to_serve(settings: Settings) -> Settings:
    port = require_port(settings.host, settings.port)
    require_folder(settings.data)
    return settings.on_port(port)
