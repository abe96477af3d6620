"""`postboard worker`: mail and reminders from a process of their own."""

import argparse

from postboard.commands.ground import Commands, existing, settings_of, takes_data, tell


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "worker", help="send mail and reminders from a process of its own, beside the server's"
    )
    takes_data(parser)
    parser.set_defaults(run=_work)


def _work(chosen: argparse.Namespace) -> None:
    settings = settings_of(chosen)
    with existing(settings) as database:
        from postboard.jobs.worker import work

        work(database, settings, lambda: tell("The worker is at work."))
