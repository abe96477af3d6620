"""What every command stands on: its settings, the database, and what it tells."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from postboard.launch.errors import CannotStart
from postboard.settings import BadSetting, Settings, read_settings

if TYPE_CHECKING:
    from postboard.db.engine import Database

REFUSED: Final = 1
MISUSED: Final = 2


class Commands(Protocol):
    """What `add_subparsers` gives."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...  # noqa: A002


def takes_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", default=argparse.SUPPRESS, help="keep database and media here"
    )


def settings_of(chosen: argparse.Namespace) -> Settings:
    names = ("data", "host", "port")
    return read_settings(options={f"--{name}": getattr(chosen, name, None) for name in names})


@contextmanager
def existing(settings: Settings) -> Generator["Database"]:
    """The database of an installation that was started before; an empty one tells nothing."""
    if settings.database_file and not settings.database_file.is_file():
        raise CannotStart(
            f"There is no Postboard database in {settings.data};"
            " name the folder with --data or POSTBOARD_DATA."
        )
    with migrated(settings) as database:
        yield database


@contextmanager
def migrated(settings: Settings) -> Generator["Database"]:
    """The database, at this program's version; closed again before a server is forked."""
    from sqlalchemy.exc import OperationalError

    from postboard.db.engine import Database

    database = Database(settings.database_url)
    try:
        database.migrate()
        yield database
    except OperationalError as error:
        raise CannotStart(f"The database cannot be used: {_first_line(error.orig)}.") from error
    finally:
        database.close()


def positive(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):  # noqa: PLR2004
        raise BadSetting(f'{name} is "{text}"; it takes a number from 1 to 1000000.')
    return int(text)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
