"""`python -m postboard.locale update` after changing words, `… check` before committing."""

from __future__ import annotations

import argparse
import sys

from postboard.locale import upkeep


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m postboard.locale", description=__doc__)
    parser.add_argument("action", choices=["update", "check"])
    if parser.parse_args().action == "update":
        upkeep.update()
    faults = upkeep.check()
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or "Every language is complete.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
