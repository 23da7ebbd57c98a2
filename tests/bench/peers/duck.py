"""Query DuckDB for the records of one country in a file of JSON lines, and count them."""

import sys

import duckdb

found = duckdb.execute(
    "SELECT * FROM read_json_auto(?) WHERE list_contains(countries, 'AZ') ORDER BY date, id",
    [sys.argv[1]],
).fetchall()
sys.stdout.write(f"{len(found)}\n")
