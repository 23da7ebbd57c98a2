"""A small data set to corrupt, and the program run under limits of time and memory."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

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

# A process that has imported everything, and forks one process for each command that it reads:
# hundreds of commands are started without Python's start and the imports of each. Files of root's
# are open to root: for what somebody may not read, a process is made somebody else, who may not
# read the modules either, which are therefore imported before, the codecs too.
SERVER = """
import atexit, json, os, pkgutil, sys, time
from importlib import import_module
import healthcoop, jsonschema, rich.table, rich.text, rich.console, encodings.idna
for module in pkgutil.walk_packages(healthcoop.__path__, "healthcoop."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
from healthcoop.cli import main
with healthcoop.Dataset.open(sys.argv.pop(1)) as dataset:
    dataset.check(jobs=1)
"x".encode("unicode_escape"), b"x".decode("utf-8-sig")

def report(path):
    with open("/proc/self/status") as status, open(path, "w") as file:
        file.write(status.read().partition("VmHWM:")[2].split()[0])

def wait(pid):
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        found, status, usage = os.wait4(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime
        time.sleep(0.002)
    os.kill(pid, 9)
    os.wait4(pid, 0)
    return None, 0

for line in iter(sys.stdin.readline, ""):
    pids = []
    for arguments, environment, folder, out, err, peak, unprivileged in json.loads(line):
        pid = os.fork()
        if not pid:
            break
        pids.append(pid)
    else:
        print(json.dumps([wait(pid) for pid in pids]), flush=True)
        continue
    for number, name in enumerate([os.devnull, out, err]):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    if unprivileged:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        if not os.access(os.path.dirname(healthcoop.__file__), os.X_OK):
            sys.exit(77)
    elif os.path.exists("/proc/self/clear_refs"):
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # the peak from here on
        atexit.register(report, peak)
    sys.argv = ["healthcoop", *arguments]
    main()
"""


class Command(NamedTuple):
    """What a command is run with; it writes the kilobytes of its peak, unless unprivileged."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    stdout: str
    stderr: str
    peak: str
    unprivileged: bool


@dataclass(frozen=True, slots=True)
class Server:
    """The process that forks one for each command; ``start`` returns exit codes and seconds."""

    process: "subprocess.Popen[str]"

    def start(self, commands: Sequence[Command]) -> list[tuple[int, float]]:
        """Run commands at the same time, and wait for all of them."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(commands) + "\n")
        self.process.stdin.flush()
        ended = [*map(tuple, json.loads(self.process.stdout.readline()))]
        hanging = [
            command for command, (code, _) in zip(commands, ended, strict=True) if code is None
        ]
        assert not hanging, f"{hanging} hang"
        return ended


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield the process that starts commands."""
    folder = tmp_path_factory.mktemp("server")
    root = small_data_set(folder / "data")
    with subprocess.Popen(
        [sys.executable, "-c", f"LIMIT = {12 * SECONDS}\n{SERVER}", str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder)},
    ) as process:
        yield Server(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a folder that other users can enter, unlike pytest's."""
    with TemporaryDirectory(prefix="healthcoop-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def small_data_set(root: Path) -> Path:
    """Write a small data set, and return its root."""
    shutil.copytree(MINI, root)
    schema = render(record_schema(vocabularies.load(Tree(root))))
    (root / "schema" / "record.schema.json").write_text(schema, encoding="utf-8")
    return root


@pytest.fixture
def data(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a small data set, which all commands of the test use."""
    root = small_data_set(place / "data")
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(root))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(place)  # where there is no other data set
    return root


@pytest.fixture
def run(data: Path, tmp_path: Path, server: Server) -> Run:
    """Run ``healthcoop ARGS`` in a process of its own; fail beyond ``SECONDS`` or ``PEAK``.

    A ``program`` other than the command line is run by a Python that has imported nothing.
    """
    out, err, peak = (tmp_path / name for name in ("stdout", "stderr", "peak"))

    def start(
        *arguments: str, program: str = "", unprivileged: bool = False, **more: str
    ) -> Completed:
        peak.unlink(missing_ok=True)
        environment = {**os.environ, **more}
        if program:
            with out.open("wb") as stdout, err.open("wb") as stderr:
                process = subprocess.Popen(
                    [sys.executable, "-c", program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    cwd=tmp_path,
                    env=environment,
                )
                code, seconds = _wait(process)
        else:
            command = Command(
                arguments, environment, str(tmp_path), str(out), str(err), str(peak), unprivileged
            )
            ((code, seconds),) = server.start([command])
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
        ran = run(*arguments, unprivileged=True)
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
