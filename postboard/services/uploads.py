"""Files on their way in: kept under their owner's key and a random name, for a day at most."""

import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from postboard.domain.errors import BadInput, NotFound, Refused

KEPT_S: Final = 24 * 3600
GIGABYTE: Final = 1_000_000_000
A_DAY: Final = 20 * GIGABYTE
"""That one person brings in, where nothing else is set."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class UploadTooLarge(BadInput):
    status = 413
    sentence = "This file is larger than {limit} MB."


class TooMuchToday(Refused):
    """One account alone, or whoever has taken it over, does not fill the disk."""

    status = 413
    sentence = "One person brings in {limit} GB a day at most. Go on tomorrow, or send less."

    def __init__(self, most: int) -> None:
        super().__init__(limit=f"{most / GIGABYTE:g}")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder of uploads; every name in it is `<owner>.<random>`."""

    folder: Path
    a_day: int = A_DAY
    """Bytes that one person may bring in."""

    def begin(self, owner: UUID) -> tuple[str, Path]:
        """A fresh name and the file to write to; old files go on the way.

        Raises:
            TooMuchToday: what lies here of theirs is all that they may bring in.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._forget_old()
        if self._lies_here(owner) >= self.a_day:
            raise TooMuchToday(self.a_day)
        name = secrets.token_urlsafe(16)
        return name, self._path(owner, name)

    def read(self, owner: UUID, name: str) -> bytes:
        """The content of this owner's upload.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        return self.find(owner, name).read_bytes()

    def find(self, owner: UUID, name: str) -> Path:
        """Where this owner's upload lies.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        if not _NAME.fullmatch(name):
            raise NotFound
        path = self._path(owner, name)
        if not path.is_file():
            raise NotFound("This upload has ended. Choose the file again.")
        return path

    def forget(self, owner: UUID, name: str) -> None:
        if _NAME.fullmatch(name):
            self._path(owner, name).unlink(missing_ok=True)

    def _path(self, owner: UUID, name: str) -> Path:
        return self.folder / f"{owner.hex}.{name}"

    def _lies_here(self, owner: UUID) -> int:
        size = 0
        for path in self.folder.glob(f"{owner.hex}.*"):
            with suppress(FileNotFoundError):
                size += path.stat().st_size
        return size

    def _forget_old(self) -> None:
        oldest = time.time() - KEPT_S
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another upload has just ended
                if path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)
