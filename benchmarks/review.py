"""How reminders bear on those who work: `python -m benchmarks.review [--quick] [--json FILE]`.

Prints a table and JSON. Floors (an SQLite commit, a comment while nothing is due) are measured in
the same run; Postgres too where POSTBOARD_TEST_DATABASE_URL names one. Nothing fails by being slow.
"""

from benchmarks.report import run
from benchmarks.review_page import PARTS

if __name__ == "__main__":
    run("benchmarks.review", __doc__, PARTS)
