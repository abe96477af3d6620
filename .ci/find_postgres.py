# ruff: noqa: INP001
"""Prints the address of a Postgres database to test on, or nothing where there is none."""

import psycopg

for user in ("postgres", "root"):
    url = f"postgresql://{user}@127.0.0.1:5432/test"
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        continue
    print(url)  # noqa: T201
    break
