"""The `postboard` command. Everything heavy is imported where it is used: `--help` is quick."""

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from postboard import __version__
from postboard.commands import audit, certificates, demo, import_metrics, import_plan, worker
from postboard.commands.ground import MISUSED, REFUSED, tell
from postboard.commands.serve import start, takes_address
from postboard.domain.errors import Refused
from postboard.launch.errors import CannotStart
from postboard.settings import BadSetting

_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 refused, 2 asked wrongly."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        chosen = _parser().parse_args(arguments)
        return int(chosen.run(chosen) or 0)
    except BadSetting as bad:
        return _say(bad, MISUSED)
    except (CannotStart, Refused) as reason:
        return _say(reason, REFUSED)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="postboard",
        description="The open, self-hosted approval board for social-media agencies."
        " Without a command it serves this installation.",
    )
    parser.add_argument("--version", action="version", version=f"postboard {__version__}")
    takes_address(parser)
    parser.set_defaults(run=start)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in (demo, worker, import_plan, import_metrics, audit, certificates):
        command.add(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Answers a wrong call in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise BadSetting(f"{message[0].upper()}{message[1:]}; `{self.prog} --help` shows the use.")


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _say(reason: Exception, code: int) -> int:
    tell(f"postboard: {reason}")
    return code


if __name__ == "__main__":
    sys.exit(main())
