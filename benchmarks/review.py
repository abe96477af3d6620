"""How fast a client's review is: `python -m benchmarks.review [--quick] [--json FILE]`.

And how reminders and mail bear on those who work. Prints a table and JSON. Floors (an SQLite
commit, a bare websocket heard by a hundred, a comment while nothing is due) are measured in the
same run; Postgres too where POSTBOARD_TEST_DATABASE_URL names one. Nothing fails by being slow.
"""

from benchmarks.report import run
from benchmarks.review_page import PARTS

if __name__ == "__main__":
    run("benchmarks.review", __doc__, PARTS)
