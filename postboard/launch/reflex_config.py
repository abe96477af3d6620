"""How Reflex is set up, for the build and for the server alike."""

import re
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.constants import StateManagerMode
from reflex.plugins import Plugin

from postboard.settings import Settings
from postboard.ui.catalogues import WordsPlugin

_BUILD_ADDRESS = "http://postboard.invalid"
_BAKED_ADDRESS = re.compile(r"""(["'`])(http|ws)://postboard\.invalid(/[^"'`]*)\1""")
_FORGET_ABSENT_BROWSERS_AFTER_S = 120


class AddressNotFound(Exception):  # noqa: N818
    """The built frontend does not hold the server's address where it was looked for."""


class OwnOrigin(Plugin):
    """Makes the built frontend talk to the server it came from, whatever its address.

    Reflex bakes one absolute address in at build time. The build uses a name that cannot exist,
    and this step, which runs before the files are compressed, replaces it.
    """

    def post_build(self, **context: Any) -> None:
        make_origin_relative(Path(context["static_dir"]) / "assets")


def make_origin_relative(scripts: Path) -> None:
    """Rewrites the one script with the server's address. Raises AddressNotFound."""
    found = sorted(scripts.glob("reflex-env-*.js"))
    if len(found) != 1:
        raise AddressNotFound(f"expected one reflex-env-*.js in {scripts}, found {len(found)}")
    script = found[0].read_text("utf-8")
    relative, replaced = _BAKED_ADDRESS.subn(_of_this_page, script)
    if not {"ws", "http"} <= {match[1] for match in _BAKED_ADDRESS.findall(script)}:
        raise AddressNotFound(f"{found[0].name} holds {replaced} addresses, too few: {script}")
    found[0].write_text(relative, "utf-8")


def make_config(settings: Settings) -> rx.Config:
    return rx.Config(
        app_name="postboard",
        api_url=_BUILD_ADDRESS,
        deploy_url=settings.base_url,
        cors_allowed_origins=settings.allowed_origins,
        trusted_proxy_hops=settings.trusted_proxies,
        # One server process knows its own browsers and nothing is kept elsewhere: every page
        # rebuilds its state from the database and the address.
        state_manager_mode=StateManagerMode.MEMORY,
        # For the memory manager too, despite its name.
        redis_token_expiration=_FORGET_ABSENT_BROWSERS_AFTER_S,
        telemetry_enabled=False,
        frontend_compression_formats=["brotli", "gzip"],
        plugins=[OwnOrigin(), WordsPlugin()],
        disable_plugins=[rx.plugins.SitemapPlugin],
    )


def _of_this_page(match: re.Match[str]) -> str:
    _, scheme, path = match.groups()
    origin = "location.origin" if scheme == "http" else 'location.origin.replace("http","ws")'
    return f'{origin}+"{path}"'
