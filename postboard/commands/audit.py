"""`postboard audit verify`: whether the record of events holds together."""

import argparse

from postboard.commands.ground import REFUSED, Commands, existing, settings_of, takes_data


def add(commands: Commands) -> None:
    audit = commands.add_parser("audit", help="look after the record of events")
    asked = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = asked.add_parser("verify", help="check that no event was changed or removed")
    takes_data(verify)
    verify.set_defaults(run=_verify_audit)


def _verify_audit(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with existing(settings) as database:
        from postboard.services.audit import verify

        with database.read() as session:
            report = verify(session)
    if report.first_break is None:
        print(f"{report.events} events in {report.streams} records hold together.")
        return 0
    found = report.first_break
    print(f"Broken at event {found.position} of {found.subject}: {found.message_id}.")
    return REFUSED
