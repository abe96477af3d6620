"""How fast the board is: `python -m benchmarks.board [--quick] [--json FILE]`.

Prints a table and JSON. Floors (a bare websocket's echo, an SQLite commit, a bare HTML page)
are measured in the same run, since a number says little without its machine. Nothing fails by
being slow.
"""

from benchmarks.measures import PARTS
from benchmarks.report import run

if __name__ == "__main__":
    run("benchmarks.board", __doc__, PARTS)
