"""Running a benchmark's parts one after the other, and the table of what they found."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.measures import Measure, Sizes
from postboard.launch.frontend import find_frontend

Parts = Mapping[str, Callable[[Sizes, Path], list[Measure]]]


def run(prog: str, about: str | None, parts: Parts) -> None:
    """What the command line asks for, of these parts."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("--quick", action="store_true", help="fewer tries, smaller databases")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the numbers there too")
    parser.add_argument("--only", metavar="NAME", help="one part: " + ", ".join(parts))
    chosen = parser.parse_args()
    frontend = find_frontend(lambda line: print(line, file=sys.stderr))
    sizes = Sizes(quick=chosen.quick, frontend=frontend)
    found: list[Measure] = []
    for name, part in parts.items():
        if chosen.only in {None, name}:
            found += _measured(name, part, sizes)
    print(_table(found))
    facts = {"cores": os.cpu_count(), "load": os.getloadavg(), "quick": chosen.quick}
    text = json.dumps({**facts, "measures": [asdict(one) for one in found]}, indent=1)
    print(text)
    if chosen.json:
        chosen.json.write_text(text, "utf-8")


def _measured(
    name: str, part: Callable[[Sizes, Path], list[Measure]], sizes: Sizes
) -> list[Measure]:
    print(f"{name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="postboard-bench-") as folder:
        try:
            return part(sizes, Path(folder))
        except Exception as error:  # noqa: BLE001 - one part that broke must not hide the others
            return [Measure(f"{name}: {type(error).__name__}: {error}"[:90], "failed", 0, 0, 0)]


def _table(found: list[Measure]) -> str:
    head = f"{'measure':<58}{'median':>10}{'p95':>10}{'n':>7}  {'unit':<8}{'target':>10}"
    return "\n".join([head, *(_line(one) for one in found)])


def _line(one: Measure) -> str:
    target = "" if one.target is None else f"{one.target:g}"
    verdict = {True: "  ok", False: "  MISSED", None: ""}[one.reached]
    return (
        f"{one.name:<58}{one.median:>10.2f}{one.p95:>10.2f}{one.count:>7}"
        f"  {one.unit:<8}{target:>10}{verdict}"
    )
