"""Measure statistics on SQLite, DuckDB and Spark over the tables of ``tests.bench.tables``.

``python -m tests.bench.engines DIR [--engine E ...] [--statistic S ...]`` prints a row for each
engine and statistic: CPU seconds of all threads (of Java too), and wall time, which only counts on
an idle machine. SQLite's figures are for an index in memory; loading it is a row of its own.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from healthcoop.index import statistics
from healthcoop.index.parquet import ParquetTables
from healthcoop.index.query import Query

from . import tables

ENGINES = ("sqlite", "duckdb", "spark")
STATISTICS = ("years", "countries", "pairs", "dyad-years")
DAY = date(2026, 11, 30)

Count = Callable[[str], Any]


def _cpu() -> float:
    """Return the CPU seconds of this process and of the processes it started, running or not."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == os.getpgrp():
            total += int(fields[11]) + int(fields[12])
    return total / ticks


def _open(engine: str, folder: Path) -> Count:
    if engine == "sqlite":
        index = tables.load(folder)
        return lambda name: statistics.run(index, name, Query(), day=DAY)
    opened = ParquetTables.open(str(folder), engine=engine)
    return partial(opened.count, query=Query(), day=DAY)


def main() -> None:
    """Measure what the command line's arguments name."""
    parser = argparse.ArgumentParser(description="Measure statistics on several engines.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--statistic", action="append", choices=[*statistics.STATISTICS])
    arguments = parser.parse_args()
    os.setpgrp()

    def measure(what: str, work: Callable[[], Any]) -> Any:
        cpu, wall = _cpu(), time.perf_counter()
        result = work()
        spent = f"{_cpu() - cpu:.1f} s CPU, {time.perf_counter() - wall:.1f} s"
        sys.stdout.write(f"{what}: {spent}\n")
        sys.stdout.flush()
        return result

    for engine in arguments.engine or ENGINES:
        count: Count = measure(f"{engine} opened", partial(_open, engine, arguments.folder))
        for name in arguments.statistic or STATISTICS:
            measure(f"{engine} {name}", partial(count, name))


if __name__ == "__main__":
    main()
