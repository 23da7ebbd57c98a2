"""Fixtures shared by all tests: a fixed day, a cache folder of their own, no network."""

import gc
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest

from healthcoop import Dataset
from healthcoop.dataset.base import DatasetFiles
from healthcoop.files import comparison, vocabularies

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-21"
LATER = "2026-11-30"
"""A day after the last edit of each real record."""
FEW = [
    "2014-tr-sd-nyala-hospital-opening",
    "2021-az-who-foreign-minister-office",
    "2022-az-cu-minister-ambassador",
    "2022-ro-cu-health-agreement",
]
"""Records that are not linked with others."""

for name, examples in {"modest": 10, "thorough": 50}.items():
    hypothesis.settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("modest")


# Without bytecode, each program that a test starts would compile the package, and each worker of
# pytest-xdist all tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# The modules and tests, and what hypothesis keeps, are millions of objects to look through.
gc.set_threshold(50_000, 20, 100)


def remember(function: Callable[..., Any], paths: Callable[..., Iterable[str]]) -> Any:
    """Return a function of files that is called once for each content of some of them."""
    known: dict[tuple[object, ...], Any] = {}

    def remembered(files: Mapping[str, bytes], *arguments: str) -> Any:
        try:
            key = (*arguments, *(files[path] for path in paths(*arguments)))
        except (KeyError, OSError):
            return function(files, *arguments)
        if key not in known:
            known[key] = function(files, *arguments)
        return known[key]

    return remembered


# Hundreds of tests have a data set of their own, with the vocabularies of the project's.
vocabularies._entries = remember(vocabularies._entries, lambda _, path: [path])
vocabularies.load = remember(vocabularies.load, vocabularies.PATHS.values)


def pytest_collection_finish() -> None:
    """Exempt what the collection left, which stays to the end, from garbage collection."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let a worker of pytest-xdist that has nothing left take over tests of the others."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


@pytest.fixture(scope="session")
def cache_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Path]]:
    """Yield the paths of cache folders, one a test, that are created when a test needs one.

    They are in memory where it has room: on a disk, each index waits until it is written.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30:
        with TemporaryDirectory(prefix="healthcoop-tests-", dir=memory) as root:
            yield (Path(root) / str(number) for number in count())
    else:
        folder = tmp_path_factory.mktemp("cache")
        yield (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, cache_folders: Iterator[Path]) -> None:
    """Set a fixed day and an empty cache folder; unset what the machine may have set."""
    monkeypatch.setenv("HEALTHCOOP_TODAY", TODAY)
    for name in ("HEALTHCOOP_ROOT", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ACTIONS", "STEP_SUMMARY", "WORKSPACE"):
        monkeypatch.delenv(f"GITHUB_{name}", raising=False)
    for name in comparison.TARGET_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    cache = next(cache_folders)
    set_cache(monkeypatch, cache)
    monkeypatch.setenv("XDG_STATE_HOME", str(cache / "state"))
    monkeypatch.setattr("healthcoop.site.propose.pyodide.urlopen", _unreachable)


def _unreachable(url: str, **_: object) -> None:
    raise OSError(f"a test has no network for {url}")


@pytest.fixture(autouse=True)
def closed_datasets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the index of each data set that a test opened: Python 3.13 warns of an open one."""
    opened: list[DatasetFiles] = []
    create = DatasetFiles.__init__

    @wraps(create)
    def create_and_note(dataset: DatasetFiles, *arguments: object, **options: object) -> None:
        create(dataset, *arguments, **options)
        opened.append(dataset)

    monkeypatch.setattr(DatasetFiles, "__init__", create_and_note)
    yield
    for dataset in opened:
        dataset.close()


def set_cache(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Use a folder as the user's cache folder."""
    patch.setenv("XDG_CACHE_HOME", str(folder))
    patch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(folder / "healthcoop"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder with the index of the project's own records.

    The workers of pytest-xdist share one, which the first builds while the others wait.
    """
    import fcntl

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "shared-cache"
    with (shared / "shared-cache.lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        set_cache(patch, folder)
        with Dataset.open(ROOT) as dataset:
            dataset.index  # noqa: B018
    return folder


@pytest.fixture
def shared_cache(environment: None, monkeypatch: pytest.MonkeyPatch, shared_folder: Path) -> None:
    """Use one cache folder for all tests that only read the project's own records."""
    set_cache(monkeypatch, shared_folder)


@pytest.fixture(scope="session")
def real(shared_folder: Path) -> Iterator[Dataset]:
    """Return the project's own data set, its index built once for all tests that only read it."""
    with pytest.MonkeyPatch.context() as patch:
        set_cache(patch, shared_folder)
        with Dataset.open(ROOT, today=date.fromisoformat(LATER)) as opened:
            opened.index  # noqa: B018
            yield opened


Endpoint = tuple[str, int]


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> dict[Endpoint, Endpoint]:
    """Fail a test that connects to anything but the addresses in this table, empty at first.

    A value is where the connection really goes: to a server of the test, on this machine.
    """
    table: dict[Endpoint, Endpoint] = {}
    connect = socket.socket.connect

    def route(sock: socket.socket, address: Any) -> None:
        assert address[:2] in table, f"a test tried to connect to {address}"
        connect(sock, table[address[:2]])

    monkeypatch.setattr(socket.socket, "connect", route)
    monkeypatch.setattr(socket.socket, "connect_ex", route)
    return table


@pytest.fixture(scope="session")
def npm_package(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Install a package of tests/npm/package.json, without its scripts, and return its folder."""
    versions = json.loads((ROOT / "tests" / "npm" / "package.json").read_bytes())["dependencies"]

    @cache
    def install(name: str) -> Path:
        folder = tmp_path_factory.mktemp("npm")
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        package = f"{name}@{versions[name]}"
        subprocess.run(["npm", "install", *options, "--prefix", folder, package], check=True)
        return folder / "node_modules" / name

    return install


@dataclass(frozen=True)
class Outcome:
    """The result of one run of the command line."""

    exit_code: int
    stdout: str
    stderr: str


Invoke = Callable[..., Outcome]


@pytest.fixture
def cli_invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run ``healthcoop ARGS`` in this process and check its exit code, 0 by default.

    ``sql`` does not limit SQLite's memory then: the limit would apply to all later tests.
    """
    monkeypatch.setattr("healthcoop.index.sql._bound_memory", lambda _: None)

    def invoke(*args: object, exit_code: int = 0, stdin: str = "") -> Outcome:
        from healthcoop.cli import main

        streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["healthcoop", *map(str, args)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            with pytest.raises(SystemExit) as left:
                main()
        for stream in streams:
            stream.flush()
        stdout, stderr = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
        outcome = Outcome(int(left.value.code or 0), stdout, stderr)
        assert outcome.exit_code == exit_code, f"{stdout}\n{stderr}"
        return outcome

    return invoke


@pytest.fixture
def dataset_copy(tmp_path: Path) -> Path:
    """Return the root of a copy of the project's data set, for tests that change it."""
    root = tmp_path / "data"
    for folder in ("schema", "records"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture
def few_records(tmp_path: Path) -> Path:
    """Return the root of a data set of four of the project's records, without findings.

    Pages that were read after the day of the tests are read on that day.
    """
    root = tmp_path / "data"
    shutil.copytree(ROOT / "schema", root / "schema")
    (root / "schema" / "accepted.yaml").write_text("accepted: []\n", encoding="utf-8")
    for ident in FEW:
        folder = root / "records" / ident[:4]
        folder.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "records" / ident[:4] / f"{ident}.yaml").read_text(encoding="utf-8")
        text = re.sub('(?<=accessed: ")[0-9-]+', lambda accessed: min(accessed[0], TODAY), text)
        (folder / f"{ident}.yaml").write_bytes(text.encode())
    return root


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file under ``tests/data/golden/``; ``--update-golden`` rewrites it."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "data" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"{path} is missing: run with --update-golden and review it"
        assert text == path.read_bytes().decode()

    return compare
