"""Measure every export at several sizes, and print a table in Markdown.

``python -m tests.bench.exports --sizes 1000,10000,100000 -o tests/bench/README.md``

The index is built before. Each export is one process: its processor time, its peak of memory, and
the size of what it writes.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from healthcoop.export.exporters import EXPORTERS

from .measure import Command, Sample, run, script, write_table

MEBIBYTE = 2**20


def main() -> None:
    """Measure the exports and print the table, or put it between its markers in a page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exports", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", metavar="N,N")
    parser.add_argument("--formats", default="", metavar="NAME,NAME", help="by default all")
    parser.add_argument("-o", "--output", type=Path, metavar="PAGE")
    options = parser.parse_args()
    chosen = {*filter(None, options.formats.split(","))}
    sizes = [int(size) for size in options.sizes.split(",")]
    measured: dict[str, list[str]] = {}
    for size in sizes:
        with TemporaryDirectory() as folder:
            for name, sample, written in _exports(Path(folder), size, chosen):
                cell = f"{sample.cpu:.1f} s, {sample.peak / MEBIBYTE:.0f} MiB"
                measured.setdefault(name, []).append(f"{cell}, {written / MEBIBYTE:.1f} MiB")
                print(f"{size:,} {name}: {measured[name][-1]}", file=sys.stderr)
    text = "\n".join(_table(sizes, measured))
    write_table("exports", text, options.output)


def _exports(folder: Path, size: int, chosen: set[str]) -> Iterator[tuple[str, Sample, int]]:
    """Yield the name of each export, how it ran, and the bytes that it wrote."""
    data, environment = generated(folder, size)
    healthcoop = script("healthcoop")
    for name, exporter in EXPORTERS.items():
        if chosen and name not in chosen:
            continue
        for variant in ("", *exporter.variants):
            words = [name, *(f"--{variant}".split() if variant else ())]
            output = folder / "out"
            sample = run(
                Command(
                    name=name,
                    words=[healthcoop, "export", *words, "-o", str(output)],
                    folder=data,
                    runs=1,
                    environment=environment,
                    warm=False,
                )
            )
            files = [path for path in folder.glob("out*") if path.is_file()]
            files += [path for path in output.rglob("*") if path.is_file()]
            yield " ".join(words), sample, sum(path.stat().st_size for path in files)
            for path in folder.glob("out*"):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def generated(folder: Path, size: int) -> tuple[Path, dict[str, str]]:
    """Generate a data set and its index; return its root and the environment of commands."""
    data = folder / "data"
    # In a process of its own: the peak of a child begins with the memory of this one.
    making = [sys.executable, "-m", "tests.bench.generate", str(size), str(data)]
    subprocess.run(making, check=True, stdout=subprocess.DEVNULL)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("HEALTHCOOP")}
    environment = kept | {"XDG_CACHE_HOME": str(folder / "cache")}
    indexing = [script("healthcoop"), "list", "--limit", "1"]
    subprocess.run(indexing, cwd=data, env=environment, check=True, capture_output=True)
    return data, environment


def _table(sizes: list[int], measured: dict[str, list[str]]) -> Iterator[str]:
    yield f"| export | {' | '.join(f'{size:,} records' for size in sizes)} |"
    yield f"| --- |{' --- |' * len(sizes)}"
    for name, cells in measured.items():
        yield f"| `{name}` | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
