"""Measure the build of a site at several sizes, and print a table in Markdown.

``python -m tests.bench.site --sizes 1000,10000 -o tests/bench/README.md``

The index is built before; the site is without Pyodide. A first load is a page with all that it
requests before it is used, in Chromium, as bytes of files.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from .exports import MEBIBYTE, generated
from .measure import Command, run, script, write_table


def main() -> None:
    """Measure the builds and print the table, or put it between its markers in a page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.site", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", metavar="N,N")
    parser.add_argument("-o", "--output", type=Path, metavar="PAGE")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    columns: list[dict[str, str]] = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            columns.append({})
            for name, value in _measured(Path(folder), size):
                columns[-1][name] = value
                print(f"{size:,} {name}: {value}", file=sys.stderr)
    text = "\n".join(_table(sizes, columns))
    write_table("site", text, options.output)


def _measured(folder: Path, size: int) -> Iterator[tuple[str, str]]:
    """Yield the names of what is measured, and the values, of one size."""
    data, environment = generated(folder, size)
    site = folder / "site"
    sample = run(
        Command(
            name="site build",
            words=_build(site),
            folder=data,
            runs=1,
            environment=environment,
            warm=False,
        )
    )
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in _files(site)}
    pages = {path: size for path, size in sizes.items() if re.match(r"records/[0-9].*html", path)}
    yield "seconds by the clock", f"{sample.wall:.1f}"
    yield "seconds of all processors", f"{sample.cpu:.1f}"
    yield "peak of the largest process", f"{sample.peak / MEBIBYTE:.0f} MiB"
    yield "files", f"{len(sizes):,}"
    yield "bytes", f"{sum(sizes.values()) / MEBIBYTE:.1f} MiB"
    yield "largest page of a record", f"{max(pages.values()) / 1000:.1f} kB"
    yield "first load of the search page", f"{_first_load(site) / 1000:.1f} kB"
    again = folder / "again"
    subprocess.run(_build(again), cwd=data, env=environment, check=True, capture_output=True)
    same = subprocess.run(["diff", "-rq", site, again], check=False, capture_output=True)
    yield "built twice", "the same bytes" if same.returncode == 0 else "different bytes"


def _build(site: Path) -> list[str]:
    return [script("healthcoop"), "site", "build", "-o", str(site), "--pyodide", "none"]


def _files(site: Path) -> Iterator[Path]:
    return (path for path in site.rglob("*") if path.is_file())


def _first_load(site: Path) -> int:
    """Return the bytes of the search page and of what it requests by itself."""
    from tests.site.browser import Pages, launched, served

    with served(site) as address, launched() as browser:
        pages = Pages(browser, [address])
        pages(f"{address}records/index.html").wait_for_load_state("networkidle")
        paths = {url.partition("?")[0].removeprefix(address) for url in pages.requests}
        return sum((site / path).stat().st_size for path in paths)


def _table(sizes: list[int], columns: list[dict[str, str]]) -> Iterator[str]:
    yield f"| site | {' | '.join(f'{size:,} records' for size in sizes)} |"
    yield f"| --- |{' ---: |' * len(sizes)}"
    for name in columns[0]:
        yield f"| {name} | {' | '.join(column[name] for column in columns)} |"


if __name__ == "__main__":
    main()
