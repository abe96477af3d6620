"""Files that commands are given, and what is said of them on the command line."""

import argparse
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from postboard.launch.errors import CannotStart

if TYPE_CHECKING:
    from postboard.domain.permissions import Actor


def takes_dates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="how dates such as 03/04/2026 are meant, where the file leaves it open",
    )


def takes_dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="write nothing, only say what it is")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def content_of(file: Path, most: int = -1) -> bytes:
    """Its first `most` bytes, or all."""
    with readable(file), file.open("rb") as opened:
        return opened.read(most)


@contextmanager
def readable(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotStart(f"The file {file} cannot be read ({reason}).") from error


@contextmanager
def row_counter() -> Generator[Callable[[int], None]]:
    """A line of progress that is written over, where somebody watches."""
    watched = sys.stderr.isatty()

    def count(rows: int) -> None:
        if watched:
            print(f"\r{rows} rows are in", end="", file=sys.stderr, flush=True)

    yield count
    if watched:
        print(file=sys.stderr)


def operator(what: str) -> "Actor":
    """Whoever may start this command may read and write the database anyway."""
    from postboard.domain.permissions import Actor, Role

    return Actor(user_id=None, name=f"postboard import-{what}", agency_role=Role.ADMIN)
