"""Measure healthcoop and its peers side by side, and print tables in Markdown.

``python -m tests.bench --sizes 100,1000,10000,100000 --runs 5 -o tests/bench/README.md``
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from . import growth
from .measure import Command, Measured, alternate, exit_code, peak_of_this_process, run, script

HERE = Path(__file__).resolve().parent
PACKAGES = ("healthcoop", "click", "PyYAML", "yamale", "check-jsonschema", "duckdb")
CODE_LISTS = ("country", "organisation", "topic", "type", "collection")
START, END = "<!-- measured -->", "<!-- /measured -->"

SOURCEMETA = "@sourcemeta/jsonschema"

# A slow program is run as often as makes about this many records in all.
YAMALE_RECORDS, CHECK_JSONSCHEMA_RECORDS = 20_000, 5_000
BUILT_RECORDS = 200_000  # of a first build, and of a list of all records
START_UP_RUNS = 4  # times the runs of the others: it is short, and noise is not

# The aims: at most this many times the base, by the number of records.
WARM_LIST = {10_000: 2.0, 100_000: 2.6}  # over a plain walk of the files
PAIRS = {100_000: 4.0}  # over the same walk
ONE_CHANGED = {10_000: 1.5, 100_000: 1.5}  # over a warm list
FIRST_BUILD = {10_000: 2.3}  # over libyaml's events of the same files
VALIDATE = {10_000: 1.5}  # over Sourcemeta's validator, which knows no rules


@dataclass(frozen=True, slots=True)
class Aim:
    """A command takes at most ``ratio`` times as long as its base, by the medians of wall time.

    The ratio is None where the two are compared without an aim.
    """

    command: str
    base: str
    ratio: float | None


class Bench:
    """The commands to measure, in a folder and with a cache of their own."""

    def __init__(self, folder: Path, *, runs: int, peers_up_to: int) -> None:
        self._folder = folder
        self._cache = folder / "cache"
        self._runs = runs
        self._peers_up_to = peers_up_to
        self.growth: dict[str, dict[int, float]] = {}
        # Bytecode is written as for an installed package, whatever the caller's settings.
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("PYTHON", "HEALTHCOOP"))
        }
        self._environment = kept | {
            "XDG_CACHE_HOME": str(self._cache),
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "PYTHONUTF8": "1",
        }
        self._healthcoop = script("healthcoop")
        self._yamale = script("yamale")
        self._check_jsonschema = script("check-jsonschema")
        self._sourcemeta = _install_sourcemeta(folder)

    def start_up(self) -> Iterator[str]:
        """Measure the start-up time that every command has."""
        base = 'python -c "import click"'
        runs = self._runs * START_UP_RUNS
        measured = alternate(
            [
                self._command(base, [sys.executable, "-c", "import click"], runs=runs),
                self._command("healthcoop --version", [self._healthcoop, "--version"], runs=runs),
            ]
        )
        yield "### Start-up\n"
        yield from _table(measured, [Aim("healthcoop --version", base, 1.2)])

    def size(self, count: int) -> Iterator[str]:
        """Measure reading and checking a data set of ``count`` records."""
        data = self._generate(count)
        yield f"\n### {count:,} records\n"
        reading, aims = self._reading(data, count)
        yield from _table(reading, aims)
        yield ""
        yield from self._sized(data, count, reading[0])
        yield ""
        searching = self._searching(data)
        yield from _table(searching, [])
        yield ""
        checking, aims = self._checking(data, count)
        build = Aim(reading[0].name, checking[1].name, FIRST_BUILD.get(count))
        yield from _table(checking, [*aims, build], others=reading)
        shutil.rmtree(data)
        for one in (*reading, *searching, *checking):
            self.growth.setdefault(one.name, {})[count] = one.fastest

    def _reading(self, data: Path, count: int) -> tuple[list[Measured], list[Aim]]:
        listing = [self._healthcoop, "list", "--country", "AZ", "-f", "json"]
        walk = [sys.executable, str(HERE / "peers" / "walk.py"), "records"]
        base = "import click, sqlite3; stat walk"
        warm, cold = "list --country AZ -f json, warm", "list --country AZ -f json, cold"
        pairs, changed = "stats pairs -f json, warm", "list --country AZ -f json, one file changed"
        everything = "list -f jsonl, warm"
        forget = partial(shutil.rmtree, self._cache, ignore_errors=True)
        runs = _within(BUILT_RECORDS, count, self._runs)
        measured = alternate(
            [self._command(cold, listing, folder=data, prepare=forget, runs=runs, warm=False)]
        )
        measured += alternate(
            [
                self._command(base, walk, folder=data),
                self._command(warm, listing, folder=data),
                self._command(
                    pairs, [self._healthcoop, "stats", "pairs", "-f", "json"], folder=data
                ),
                self._command(changed, listing, folder=data, prepare=partial(_change, data)),
            ]
        )
        all_records = [self._healthcoop, "list", "-f", "jsonl"]
        measured += alternate([self._command(everything, all_records, folder=data, runs=runs)])
        return measured, [
            Aim(warm, base, WARM_LIST.get(count)),
            Aim(pairs, base, PAIRS.get(count)),
            Aim(changed, warm, ONE_CHANGED.get(count)),
        ]

    def _sized(self, data: Path, count: int, cold: Measured) -> Iterator[str]:
        """Yield how fast the index was built, and how large it is."""
        records = sum(path.stat().st_size for path in data.glob("records/*/*.yaml"))
        index = sum(path.stat().st_size for path in self._cache.rglob("*.sqlite"))
        yield (
            f"First build: {count / cold.fastest:,.0f} records a second (fastest run, with the list"
            f" itself). Records {records / 2**20:.1f} MiB, index {index / 2**20:.1f} MiB:"
            f" {index / records:.2f} times as much."
        )

    def _searching(self, data: Path) -> list[Measured]:
        """Measure general tools on the same question: which records have Azerbaijan as a party."""
        lines = self._folder / "records.jsonl"
        git = ["git", "-C", str(data)]
        for words in (["init", "-q"], ["add", "records"]):
            subprocess.run([*git, *words], check=True, env=self._environment)
        subprocess.run(
            [self._healthcoop, "list", "-f", "jsonl", "-o", str(lines)],
            check=True,
            cwd=data,
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )
        party = "country: AZ"
        duck = [sys.executable, str(HERE / "peers" / "duck.py"), str(lines)]
        try:
            return alternate(
                [
                    self._command("git grep -l", ["git", "grep", "-lw", party], folder=data),
                    self._command("grep -rl", ["grep", "-rlw", party, "records"], folder=data),
                    self._command("DuckDB, JSON lines", duck),
                ]
            )
        finally:
            shutil.rmtree(data / ".git")

    def verify(self) -> None:
        """Run every validator on valid records and on one invalid record, before it is measured.

        Raises ChildProcessError where one refuses the first or accepts the second. Everybody's
        bytecode is written on the way.
        """
        data = self._generate(20)
        commands = self._checkers(data, 20)
        for command in commands:
            run(command)
        path = sorted(data.glob("records/*/*.yaml"))[0]
        path.write_text(path.read_text("utf-8").replace("\ntype: ", "\ntype: un"), "utf-8")
        missed = [command.name for command in commands if exit_code(command) == 0]
        shutil.rmtree(data)
        if missed:
            raise ChildProcessError(f"an unknown type of event is not found by {missed}")

    def _checking(self, data: Path, count: int) -> tuple[list[Measured], list[Aim]]:
        ours, sourcemeta, yamale, check_jsonschema = self._checkers(data, count)
        parse = [sys.executable, str(HERE / "peers" / "events.py"), "records"]
        events = self._command("yaml.parse, events alone", parse, folder=data)
        aims = [
            Aim(ours.name, sourcemeta.name, VALIDATE.get(count)),
            Aim(ours.name, events.name, None),
        ]
        if count > self._peers_up_to:
            return alternate([ours, events, sourcemeta]), aims
        aims += [Aim(ours.name, yamale.name, None), Aim(ours.name, check_jsonschema.name, None)]
        return alternate([ours, events, sourcemeta, yamale, check_jsonschema]), aims

    def _checkers(self, data: Path, count: int) -> tuple[Command, Command, Command, Command]:
        files = sorted(str(path.relative_to(data)) for path in data.glob("records/*/*.yaml"))
        schema = self._folder / "yamale.yaml"
        schema.write_text(_yamale_schema(data), "utf-8")
        ours = [self._healthcoop, "validate", "--jobs", "2"]
        words = ["validate", "schema/record.schema.json", "records", "--extension", ".yaml"]
        sourcemeta = [str(self._sourcemeta), *words]
        return (
            self._command("validate --jobs 2", ours, folder=data),
            self._command(f"{SOURCEMETA} validate", sourcemeta, folder=data),
            self._command(
                "yamale -n 2",
                [self._yamale, "-s", str(schema), "-n", "2", "records"],
                folder=data,
                runs=_within(YAMALE_RECORDS, count, self._runs),
                warm=False,
            ),
            self._command(
                "check-jsonschema",
                [self._check_jsonschema, "--schemafile", "schema/record.schema.json", *files],
                folder=data,
                runs=_within(CHECK_JSONSCHEMA_RECORDS, count, self._runs),
                warm=False,
            ),
        )

    def _generate(self, count: int) -> Path:
        data = self._folder / f"data-{count}"
        generate = [sys.executable, str(HERE / "generate.py"), str(count), str(data)]
        subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
        return data

    def _command(
        self,
        name: str,
        words: Sequence[str],
        *,
        folder: Path | None = None,
        runs: int | None = None,
        prepare: Callable[[], object] = lambda: None,
        warm: bool = True,
    ) -> Command:
        return Command(
            name=name,
            words=words,
            folder=folder or self._folder,
            runs=runs or self._runs,
            environment=self._environment,
            prepare=prepare,
            warm=warm,
        )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed.")
    parser.add_argument("--sizes", default="100,1000,10000,100000", help="numbers of records")
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of each command, of the slow less"
    )
    parser.add_argument("--peers-up-to", type=int, default=10_000, metavar="N")
    parser.add_argument("-o", "--output", type=Path, help="a page with a place for the tables")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="healthcoop-bench-") as folder:
        try:
            bench = Bench(Path(folder), runs=options.runs, peers_up_to=options.peers_up_to)
            bench.verify()
            lines = [*_machine(), *bench.start_up()]
            for size in options.sizes.split(","):
                lines += bench.size(int(size))
            lines += ["\n### Growth\n", *growth.table(bench.growth)]
        except (FileNotFoundError, ChildProcessError) as error:
            parser.exit(2, f"{error}\n")
    text = "\n".join(lines) + "\n"
    if options.output:
        _put(options.output, text)
        picture = growth.picture(bench.growth)
        options.output.with_name("growth.svg").write_text(picture, "utf-8")
    else:
        sys.stdout.write(text)


def _machine() -> list[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return [f"{platform.system()}, {os.cpu_count()} CPUs, {python}; {versions}.", ""]


def _table(
    measured: Sequence[Measured], aims: Sequence[Aim], *, others: Sequence[Measured] = ()
) -> Iterator[str]:
    """Yield a table of commands, and one of ratios; a base may be among ``others``."""
    by_name = {one.name: one for one in (*measured, *others)}
    yield "| command | runs | median | fastest | processors | peak memory |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for one in measured:
        cells = [
            f"`{one.name}`",
            str(len(one.samples)),
            _seconds(one.wall),
            _seconds(one.fastest),
            _seconds(one.cpu),
            _memory(one.peak),
        ]
        yield f"| {' | '.join(cells)} |"
    if aims:
        yield ""
        yield "| ratio | of medians | of fastest | of processors | aim | met |"
        yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for aim in aims:
        ours, base = by_name[aim.command], by_name[aim.base]
        ratio = ours.wall / base.wall
        cells = [
            f"`{ours.name}` / `{base.name}`",
            f"{ours.wall / base.wall:.3g}",
            f"{ours.fastest / base.fastest:.3g}",
            f"{ours.cpu / base.cpu:.3g}",
            "" if aim.ratio is None else f"{aim.ratio:.3g}",
            "" if aim.ratio is None else "yes" if ratio <= aim.ratio else "no",
        ]
        yield f"| {' | '.join(cells)} |"


def _install_sourcemeta(folder: Path) -> Path:
    """Install Sourcemeta's validator by npm and return its program for this machine.

    Raises FileNotFoundError where npm is missing or the package has no program for the machine.
    """
    versions = json.loads((HERE.parent / "npm" / "package.json").read_bytes())["dependencies"]
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError(f"npm is not installed: it brings {SOURCEMETA}")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
    subprocess.run([npm, "install", *options, f"{SOURCEMETA}@{versions[SOURCEMETA]}"], check=True)
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    name = f"jsonschema-{platform.system().lower()}-{machine}"
    program = folder / "node_modules" / SOURCEMETA / "build" / "github-releases" / name
    if not program.is_file():
        raise FileNotFoundError(f"{SOURCEMETA} has no program {name}")
    program.chmod(0o755)
    return program


def _change(data: Path) -> None:
    """Change the length of one record of the last year."""
    folder = max(data.glob("records/*"))
    for path in sorted(folder.iterdir()):
        before, notes, said = path.read_text("utf-8").partition("notes: Changed once")
        if notes or "\nnotes:" not in before:
            path.write_text(f"{before}notes: Changed once{said.rstrip()} more.\n", "utf-8")
            return


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _memory(peak: int) -> str:
    # A new process starts with the count of its parent.
    own = peak_of_this_process()
    return f"{peak / 2**20:.0f} MiB" if peak > own else f"under {own / 2**20:.0f} MiB"


def _within(records: int, count: int, runs: int) -> int:
    return max(1, min(runs, records // count))


def _yamale_schema(data: Path) -> str:
    """Return yamale's schema with the code lists of the data set's own schema."""
    schema = json.loads((data / "schema" / "record.schema.json").read_text("utf-8"))
    lists = [
        f"{name}: enum({', '.join(map(repr, schema['definitions'][name]['enum']))})"
        for name in CODE_LISTS
    ]
    fixed = (HERE / "peers" / "yamale.yaml").read_text("utf-8")
    return "\n".join([fixed + "---", *lists]) + "\n"


def _put(page: Path, text: str) -> None:
    """Replace what stands between the two marks of a page."""
    before, start, rest = page.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise SystemExit(f"{page} has no lines {START} and {END}")
    page.write_text(f"{before}{START}\n{text}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
