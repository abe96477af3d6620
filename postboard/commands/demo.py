"""`postboard demo`: a made-up agency."""

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime

from postboard.commands.ground import Commands, migrated, positive, settings_of, tell
from postboard.commands.serve import ready_to_serve, takes_address
from postboard.launch.ground import require_port
from postboard.settings import Settings


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "demo", help="serve a made-up agency, with a sign-in link per role"
    )
    takes_address(parser)
    parser.add_argument("--posts", metavar="N", default="84", help="how many posts (default: 84)")
    parser.set_defaults(run=_demo)


def _demo(chosen: argparse.Namespace) -> None:
    from postboard.launch.frontend import find_frontend
    from postboard.launch.server import serve

    posts = positive("--posts", chosen.posts)
    settings = ready_to_serve(_demo_settings(chosen))
    links = _make_demo(settings, posts)
    frontend = find_frontend(tell)

    def say_links() -> None:
        for role, path in links:
            print(role, f"{settings.base_url}/{path.lstrip('/')}", sep="\t")
        print("ready", flush=True)
        tell(f"Its e-mails can be read at {settings.base_url}/demo/mails")

    serve(settings, frontend, say_links)


def _demo_settings(chosen: argparse.Namespace) -> Settings:
    """A demo never touches a real installation: it has its own folder, SQLite in it, and a mail
    server that hands nothing on.
    """
    settings = settings_of(chosen)
    data = settings.data if hasattr(chosen, "data") else settings.data / "demo"
    return replace(
        settings,
        data=data,
        database_url=f"sqlite:///{data / 'postboard.db'}",
        smtp_url=f"smtp://127.0.0.1:{require_port('127.0.0.1', 0)}?starttls=no",
        mail_from="Postboard <board@postboard.example>",
        inbound_url="",
        reply_to="",
        demo_mails=data / "mails",
    )


def _make_demo(settings: Settings, posts: int) -> list[tuple[str, str]]:
    started = time.monotonic()
    with migrated(settings) as database:
        from postboard.demo import make_demo

        links = make_demo(database, posts, datetime.now(UTC))
    tell(f"The demo world stands in {settings.data} ({time.monotonic() - started:.1f} s).")
    return links
