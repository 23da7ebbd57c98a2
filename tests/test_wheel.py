"""The installed package, from a wheel in a fresh environment: what users have."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LATER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SOURCES = (
    *("healthcoop", "records", "schema", "pyproject.toml", "hatch_build.py", "README.md"),
    *("LICENSE", "CITATION.cff"),
)

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel, install it, and return the folder of the environment's programs."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, source / name)
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [programs / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = ["wheel", "--no-deps", "--wheel-dir", folder, source]
    subprocess.run([*pip, *wheel], check=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", built], check=True, cwd=folder)
    return programs


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Return a function that runs the installed program in an empty folder."""
    (tmp_path / "here").mkdir()

    def run(*words: object, exit_code: int = 0, limit: str = "") -> Completed:
        command = [str(installed / "healthcoop"), *map(str, words)]
        if limit:
            command = ["bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *command]
        done = subprocess.run(
            command,
            cwd=tmp_path / "here",
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done

    return run


def test_snapshot_answers_and_is_never_checked(run: Run) -> None:
    """What a command checks is a data set of one's own, or nothing."""
    done = run("list", "--country", "CU", "-f", "ids")
    assert done.stdout.count("\n") > 1
    assert "using the snapshot in the package" in done.stderr
    for command in (["validate"], ["fmt", "--check"], ["schema", "--check"], ["duplicates"]):
        assert "no data set here" in run(*command, exit_code=2).stderr


def test_snapshot_has_an_index_that_is_only_read(run: Run, tmp_path: Path) -> None:
    """No index is built, not even where nothing can be written; the answers are those of files."""
    own = run("--root", ROOT, "list", "-f", "ids").stdout
    shutil.rmtree(tmp_path / "cache")
    assert run("list", "-f", "ids").stdout == own
    assert run("sql", "SELECT count(*) AS n FROM records", "-f", "csv").stdout.split() == [
        "n",
        str(len(own.split())),
    ]
    run("stats", "pairs", "-f", "json")
    run("export", "csv", "--tables", "-o", "tables")
    assert not (tmp_path / "cache").exists()
    assert not [*(tmp_path / "here").glob("*.sqlite*")]


def test_snapshot_with_a_damaged_index_answers_from_its_records(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    (index,) = installed.parent.glob("**/_snapshot/index.sqlite")
    content = index.read_bytes()
    expected = run("list", "-f", "ids").stdout
    try:
        for damage in (b"", b"no database", content[:5000], content[:100] + b"\0" * 9000):
            index.write_bytes(damage)
            assert run("list", "-f", "ids").stdout == expected
        index.unlink()
        assert run("list", "-f", "ids").stdout == expected
    finally:
        index.write_bytes(content)
    assert (tmp_path / "cache").exists()


def test_new_data_set_is_checked(run: Run, tmp_path: Path) -> None:
    run("init", "data")
    assert "no problems found" in run("--root", "data", "validate", "--strict").stderr
    (record,) = (tmp_path / "here/data/records").rglob("*.yaml")
    record.write_text(record.read_text(encoding="utf-8").replace("date: ", "date: x"), "utf-8")
    assert "HC401" in run("--root", "data", "validate", exit_code=1).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")
@pytest.mark.parametrize("limit", ["", "-f 0"], ids=["none", "no semaphores"])
def test_records_are_checked_without_semaphores(limit: str, run: Run) -> None:
    """A container may have no writable /dev/shm."""
    done = run("--root", ROOT, "validate", "--jobs", "2", "--today", LATER, limit=limit)
    assert done.stderr.count("\n") == 1
    assert "no problems found" in done.stderr
