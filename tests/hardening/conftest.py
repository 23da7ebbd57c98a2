"""A small data set to corrupt, and the program run under limits of time and memory."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.json_schema import record_schema, render

ROOT = Path(__file__).parents[2]
MINI = ROOT / "tests" / "cli" / "mini"

SECONDS = 10.0
"""The limit of processor time of a command on a small data set, whatever its files hold."""
PEAK = 200
"""The limit of memory of one process, in megabytes."""

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # signals, special files and limits of POSIX


@dataclass(frozen=True, slots=True)
class Completed:
    """The result of a command: exit code, output, processor seconds and megabytes at the peak."""

    exit_code: int
    stdout: str
    stderr: str
    seconds: float
    peak: float

    @property
    def plain(self) -> bool:
        """Whether the output shows nothing of Python."""
        return "Traceback" not in self.stderr and "Error:" not in self.stderr


Run = Callable[..., Completed]

# What a process took itself: the system counts what its parent had when it forked, too.
MEASURED = """
import atexit, os, re, sys
def report():
    with open("/proc/self/status") as status, open(os.environ["PEAK"], "w") as file:
        file.write(re.search("VmHWM: *\\t? *([0-9]+)", status.read())[1])
if os.path.exists("/proc/self/status"):
    atexit.register(report)
sys.argv[0] = "healthcoop"
from healthcoop.cli import main
main()
"""

# Files of root's are open to root: who may not read something is somebody else. What is needed is
# imported before, since it may lie where only root can go.
UNPRIVILEGED = """
import os, pkgutil, sys
from importlib import import_module
import healthcoop, jsonschema, rich.table, rich.text, rich.console, encodings.idna
for module in pkgutil.walk_packages(healthcoop.__path__, "healthcoop."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
from healthcoop.cli import main
if os.geteuid() == 0:
    healthcoop.Dataset.open(sys.argv.pop(1)).check(jobs=1)
    "x".encode("unicode_escape"), b"x".decode("utf-8-sig")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
if not os.access(os.path.dirname(healthcoop.__file__), os.X_OK):
    sys.exit(77)
sys.argv[0] = "healthcoop"
main()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a folder that other users can enter, unlike pytest's."""
    with TemporaryDirectory(prefix="healthcoop-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def data(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a small data set, which all commands of the test use."""
    root = place / "data"
    shutil.copytree(MINI, root)
    schema = render(record_schema(vocabularies.load(Tree(root))))
    (root / "schema" / "record.schema.json").write_text(schema, encoding="utf-8")
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(root))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(place)  # where there is no other data set
    return root


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    """Run ``healthcoop ARGS`` in a process of its own; fail beyond ``SECONDS`` or ``PEAK``."""

    def start(*arguments: str, program: str = MEASURED, **more: str) -> Completed:
        out, err = tmp_path / "stdout", tmp_path / "stderr"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-c", program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=tmp_path,
                env={**os.environ, "PEAK": str(tmp_path / "peak"), **more},
            )
            code, seconds = _wait(process)
        peak = tmp_path / "peak"
        ran = Completed(
            exit_code=code,
            stdout=out.read_bytes().decode(),
            stderr=err.read_bytes().decode(),
            seconds=seconds,
            peak=int(peak.read_text()) / 2**10 if peak.exists() else 0,
        )
        assert ran.plain, ran.stderr
        assert ran.seconds < SECONDS, ran.stderr
        assert ran.peak < PEAK, ran.stderr
        return ran

    return start


@pytest.fixture
def run_unprivileged(run: Run) -> Run:
    """Run ``healthcoop ARGS`` as a user who is not root."""

    def start(*arguments: str) -> Completed:
        installed = [str(ROOT)] if os.geteuid() == 0 else []
        ran = run(*installed, *arguments, program=UNPRIVILEGED, PYTHONDONTWRITEBYTECODE="1")
        if ran.exit_code == 77:
            pytest.skip("the package lies where only root can go")
        return ran

    return start


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Return the exit code and the processor seconds; kill a process that hangs."""
    until = time.monotonic() + 12 * SECONDS
    while time.monotonic() < until:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    raise AssertionError(f"{process.args} hangs")


@pytest.fixture
def cli_invoke_whatever(cli_invoke):
    """Run a command with any of our exit codes."""

    class Ours:
        def __eq__(self, code: object) -> bool:
            return code in (0, 1, 2)

        __hash__ = None

    return lambda *args: cli_invoke(*args, exit_code=Ours())
