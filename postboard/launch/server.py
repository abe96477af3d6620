"""Serving Postboard on one port: Granian in front, one worker that is replaced when it dies."""

import http.client
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from postboard.launch.errors import CannotStart
from postboard.launch.ground import require_folder
from postboard.settings import Settings

_RXCONFIG = """\
from postboard.launch.reflex_config import make_config
from postboard.settings import read_settings

config = make_config(read_settings())
"""
_BACKLOG = 2048
_DRAIN_S = 10
_ASK_AGAIN_S = 0.05
_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {
        "_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def serve(settings: Settings, frontend: Path, on_answer: Callable[[], None]) -> None:
    """Serves until a signal ends it; calls `on_answer` once, when the server first answers.

    Changes this process's folder and environment, so it is the last thing a command does.
    """
    _settle_in(settings, frontend)
    _load_app()

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        target="postboard.launch.web:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=_BACKLOG,
        websockets=True,
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_S,
        log_level=LogLevels.warning,
        log_dictconfig=_LOG,
    )
    threading.Thread(target=_announce, args=(settings, on_answer), daemon=True).start()
    try:
        server.serve()
    except SystemExit as ended:
        # Ctrl-C reaches the worker too, and one that ends first counts as failed for Granian.
        if not server.interrupt_signal:
            raise CannotStart("The server process failed; the reason stands above.") from ended


def _settle_in(settings: Settings, frontend: Path) -> None:
    """Reflex takes its configuration from the current folder and the environment, nowhere else."""
    require_folder(settings.run_folder)
    (settings.run_folder / "rxconfig.py").write_text(_RXCONFIG, "utf-8")
    os.chdir(settings.run_folder)
    os.environ.update(settings.as_environment())
    os.environ.update(
        {
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "REFLEX_BACKEND_ONLY": "true",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_DIR": str(settings.run_folder / "reflex"),
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_WEB_WORKDIR": str(frontend),
        }
    )


def _load_app() -> None:
    """Imports the app before the worker is forked: a worker that is killed is back at once."""
    if sys.platform != "linux":
        return
    multiprocessing.set_start_method("fork", force=True)

    from reflex.utils.exec import _preload_for_fork  # pyright: ignore[reportPrivateUsage]

    if not _preload_for_fork(None):
        multiprocessing.set_start_method("spawn", force=True)


def _announce(settings: Settings, on_answer: Callable[[], None]) -> None:
    local = urlsplit(settings.local_url)
    while not _answers(local.hostname or "", settings.port):
        time.sleep(_ASK_AGAIN_S)
    on_answer()


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
