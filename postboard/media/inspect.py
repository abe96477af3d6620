"""What a file is, found out by another process: see `decode`."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postboard.domain.content import MediaKind
from postboard.media.decode import BOXES
from postboard.media.kinds import HEAD, REFUSALS, Damaged, TooHeavy, type_of

ORIGINAL: Final = "original"
RENDITIONS: Final = (ORIGINAL, *BOXES)
PATIENCE_S: Final = 120


@dataclass(frozen=True, slots=True)
class Inspected:
    """Facts of a file: bytes, upright px, SHA-256 as hex; `files` holds every rendition."""

    kind: MediaKind
    type: str
    size: int
    width: int
    height: int
    duration_ms: int
    digest: str
    files: Mapping[str, Path]


def inspect(path: Path) -> Inspected:
    """What the file is; its renditions are written beside it.

    Raises:
        BadInput: it is not taken; the subclass says why.
    """
    with path.open("rb") as file:
        type_of(file.read(HEAD))
    facts = _asked(path)
    is_video = facts.pop("is_video")
    files = {name: path.with_name(f"{path.name}.{name}") for name in BOXES}
    kind = MediaKind.VIDEO if is_video else MediaKind.IMAGE
    return Inspected(kind=kind, files={ORIGINAL: path, **files}, **facts)


def forget(path: Path) -> None:
    """Removes the file and its renditions."""
    for one in (path, *(path.with_name(f"{path.name}.{name}") for name in BOXES)):
        one.unlink(missing_ok=True)


def _asked(path: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, our own file name
            [sys.executable, "-m", "postboard.media.decode", str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
            env=_nothing_secret(),
        )
    except subprocess.TimeoutExpired:
        raise TooHeavy from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        # It was ended from outside: by a limit, or by a fault in a decoder.
        raise (TooHeavy if done.returncode == -_OUT_OF_TIME else Damaged) from None
    if "refused" in answer:
        raise REFUSALS.get(answer["refused"], Damaged)(**answer["facts"])
    return answer["facts"]


def _nothing_secret() -> dict[str, str] | None:
    if sys.platform == "win32":
        return None  # Python does not start there without the system's own variables
    return {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}


_OUT_OF_TIME: Final = 24
"""SIGXCPU."""
