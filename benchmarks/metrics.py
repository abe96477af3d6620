"""How fast an export of figures is read: 100,000 posts, beside csv.reader alone on the same file.

python -m benchmarks.metrics [--rows N]
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from openpyxl import Workbook

from postboard.imports.metrics import open_metrics, survey

_HEADER = [
    *("Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time"),
    *("Caption type", "Permalink", "Is crosspost", "Is share", "Post type", "Languages"),
    *("Custom labels", "Funded content status", "Data comment", "Date", "Views", "Reach"),
    *("Reactions, Comments and Shares", "Reactions", "Comments", "Shares", "Total clicks"),
    *("Link Clicks", "Other Clicks", "Matched Audience Targeting Consumption (Photo Click)"),
    *("Seconds viewed", "Average Seconds viewed", "3-second video views"),
]
_WORDS = "The best nuts in town, and why.\n\n" + "They are roasted each morning. " * 18


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    rows = asked.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        text = _write_text(Path(folder) / "export.csv", rows)
        print(f"{rows} posts of Facebook, {len(_HEADER)} columns, {_mebibytes(text)} MiB as CSV")
        _say("floor: csv.reader alone", lambda: _count(_records(text)))
        _say("opened: recognised, looked at once", lambda: open_metrics(text))
        metrics = open_metrics(text)
        _say("its rows", lambda: _count(metrics.rows()))
        _say("--dry-run --json: opened and surveyed", lambda: survey(open_metrics(text)))
        sheet = _write_sheet(Path(folder) / "export.xlsx", rows)
        print(f"the same as XLSX, {_mebibytes(sheet)} MiB")
        _say("--dry-run --json: opened and surveyed", lambda: survey(open_metrics(sheet)))


def _say(what: str, work: Callable[[], object]) -> None:
    wall, at_work = time.perf_counter(), time.process_time()
    work()
    wall, at_work = time.perf_counter() - wall, time.process_time() - at_work
    print(f"  {what}: {wall:.1f} s, at work {at_work:.1f} s")


def _records(path: Path) -> Iterable[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _count(rows: Iterable[object]) -> int:
    return sum(1 for _ in rows)


def _write_text(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        export = csv.writer(file, lineterminator="\n")
        export.writerow(_HEADER)
        export.writerows(_row(number) for number in range(rows))
    return path


def _write_sheet(path: Path, rows: int) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Posts")
    sheet.append(_HEADER)
    for number in range(rows):
        sheet.append(_row(number))
    book.save(path)
    return path


def _row(number: int) -> list[object]:
    clicks, reactions = number % 40, number % 300
    return [
        *(f"9602212{number:09}", "100066300057039", "Acme", f"Nuts {number}", _WORDS, 0),
        *(f"{number % 12 + 1:02}/{number % 28 + 1:02}/2026 {number % 24:02}:30", "N/A"),
        *(f"https://www.facebook.com/acme/posts/9602212{number:09}", 0, 0, "Photos", "", "", ""),
        *("", "Lifetime", number, number // 2, reactions, reactions, 0, 0, clicks, clicks, ""),
        *("", number / 10, 0.1, 0),
    ]


def _mebibytes(path: Path) -> int:
    return round(path.stat().st_size / 1024 / 1024)


if __name__ == "__main__":
    main()
