"""A file of figures may be larger than memory: its rows pass through and are not held."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports.metric_files import INSTAGRAM, instagram

ROWS = 100_000
MIB = 1024 * 1024
# A process of its own, since the highest memory of a process never falls again.
CHILD = """
import json, re, sys
from pathlib import Path
from postboard.imports.metrics import open_metrics, survey

def highest():
    return int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

small, large = map(Path, sys.argv[1:])
survey(open_metrics(small))
start = highest()
found = survey(open_metrics(large))
print(json.dumps({"mebibytes": highest() - start, **found}))
"""


def write_export(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        export = csv.writer(file)
        export.writerow(INSTAGRAM)
        for number in range(rows):
            export.writerow(
                instagram(
                    post_id=f"18355151{number:09}",
                    account_username="acme",
                    description=f"Nuts {number}: " + "the best in town. " * 36,
                    publish_time=f"03/{number % 28 + 1:02}/2026 {number % 24:02}:30",
                    permalink=f"https://www.instagram.com/p/{number}/",
                    post_type="IG image",
                    date="Lifetime",
                    views=number,
                    reach=number,
                    likes=1,
                    follows="" if number % 2 else 3,
                )
            )
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much memory it was")
def test_a_hundred_thousand_rows_pass_through(tmp_path):
    """Of each only a number is kept that tells it from others, which counts different posts."""
    small = write_export(tmp_path / "small.csv", 100)
    large = write_export(tmp_path / "large.csv", ROWS)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(small), str(large)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert large.stat().st_size > 70 * MIB
    assert (found["posts"], found["distinct_ids"]) == (ROWS, ROWS)
    assert found["metrics"]["impressions"] == {"sum": ROWS * (ROWS - 1) // 2, "known": ROWS}
    assert found["columns"]["Follows"] == {"sum": 3 * ROWS // 2, "known": ROWS // 2}
    assert found["mebibytes"] < 40
