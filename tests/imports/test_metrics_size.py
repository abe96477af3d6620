"""A file of figures may be larger than memory: its rows pass through and are not held."""

import csv
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from postboard.imports.metrics import MeasuredRow, open_metrics, survey
from tests.imports.metric_files import INSTAGRAM, instagram

ROWS = 100_000
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("large") / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        export = csv.writer(file)
        export.writerow(INSTAGRAM)
        for number in range(ROWS):
            export.writerow(
                instagram(
                    post_id=f"18355151{number:09}",
                    account_username="acme",
                    description=f"Nuts {number}: " + "the best in town. " * 12,
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


def grown(work: Callable[[], object]) -> tuple[object, float]:
    """What it gives, and by how many MiB memory grew at its highest."""
    tracemalloc.start()
    try:
        found = work()
        return found, tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def test_rows_pass_through(large):
    metrics = open_metrics(large)
    rows, mebibytes = grown(lambda: sum(isinstance(row, MeasuredRow) for row in metrics.rows()))
    assert rows == ROWS
    assert mebibytes < 4
    assert large.stat().st_size > 25 * MIB


def test_of_each_row_only_a_number_is_kept_that_tells_it_from_others(large):
    found, mebibytes = grown(lambda: survey(open_metrics(large)))
    assert found["distinct_ids"] == ROWS
    assert found["metrics"]["impressions"] == {"sum": ROWS * (ROWS - 1) // 2, "known": ROWS}
    assert found["columns"]["Follows"] == {"sum": 3 * ROWS // 2, "known": ROWS // 2}
    assert mebibytes < 16
