"""What the machine must give before the server starts: a folder to write in and a port."""

import os
import socket
import tempfile
from pathlib import Path

from postboard.launch.errors import CannotStart


def require_folder(folder: Path) -> None:
    """Makes the folder when it is missing; it will hold client data, so it is the owner's alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({_reason(error)});"
            " choose another with --data or POSTBOARD_DATA."
        ) from error


def require_port(host: str, port: int) -> int:
    """The port to listen on: `port` when it is free, a free one when it is 0."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            if os.name == "posix":
                # A port whose last connections are still closing is free all the same.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise CannotStart(
            f"Port {port} on {host} cannot be used ({_reason(error)});"
            " choose another with --port or POSTBOARD_PORT."
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
