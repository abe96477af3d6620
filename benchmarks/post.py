"""How fast a post's page is: `python -m benchmarks.post [--quick] [--json FILE]`.

Prints a table and JSON. Floors (an SQLite commit, a bare textarea's key until it is painted) are
measured in the same run. Nothing fails by being slow.
"""

from benchmarks.post_page import PARTS
from benchmarks.report import run

if __name__ == "__main__":
    run("benchmarks.post", __doc__, PARTS)
