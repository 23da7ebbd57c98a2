"""Measure whole processes side by side: wall time, processor time and peak memory."""

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: seconds by the clock, seconds of all processors, bytes at the peak.

    Seconds are of the process and the children it waited for; memory is of the largest of them.
    """

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to measure: its name in the table, its words, and where and how it runs.

    ``prepare`` is called before each run and not measured. There are ``runs`` runs, after one more
    that does not count where ``warm`` is true.
    """

    name: str
    words: Sequence[str]
    folder: Path
    runs: int
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    warm: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A command and its runs."""

    name: str
    samples: Sequence[Sample]

    @property
    def wall(self) -> float:
        """The median by the clock."""
        return median(sample.wall for sample in self.samples)

    @property
    def fastest(self) -> float:
        """The fastest run by the clock."""
        return min(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float:
        """The median of the processors' seconds."""
        return median(sample.cpu for sample in self.samples)

    @property
    def peak(self) -> int:
        """The largest peak of memory."""
        return max(sample.peak for sample in self.samples)


def alternate(commands: Sequence[Command]) -> list[Measured]:
    """Run the commands in turn, A B C A B C ..., so that a busy minute falls on all of them.

    Raises ChildProcessError where one does not exit with 0.
    """
    for command in commands:
        if command.warm:
            run(command)
    samples: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for turn in range(max(command.runs for command in commands)):
        for command in commands:
            if turn < command.runs:
                samples[command.name].append(run(command))
    return [Measured(name, found) for name, found in samples.items()]


def run(command: Command) -> Sample:
    """Run a command once; raise ChildProcessError where it does not exit with 0."""
    command.prepare()
    start = perf_counter()
    code, usage = _wait(command)
    wall = perf_counter() - start
    if code != 0:
        failed = subprocess.run(
            command.words,
            check=False,
            cwd=command.folder,
            env=command.environment,
            capture_output=True,
        )
        text = (failed.stderr or failed.stdout).decode(errors="replace").strip()
        raise ChildProcessError(f"{command.name} exited with {code}: {text[-2000:]}")
    peak = usage.ru_maxrss * _MAXRSS_UNIT
    return Sample(wall, usage.ru_utime + usage.ru_stime, peak)


def exit_code(command: Command) -> int:
    """Run a command once and return its exit code."""
    return _wait(command)[0]


def peak_of_this_process() -> int:
    """Return the peak memory of the measuring process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT


def script(name: str) -> str:
    """Return the path of a command of this Python's folder; raise FileNotFoundError."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise FileNotFoundError(
            f"{name} is not installed beside this Python: pip install 'healthcoop[bench]'"
        )
    return found


def _wait(command: Command) -> tuple[int, resource.struct_rusage]:
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


def write_table(name: str, text: str, page: Path | None) -> None:
    """Print a table, or put it in a page in place of the one between the comments of its name."""
    if page is None:
        print(text)
        return
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    found = re.compile(f"{start}.*?{end}", re.DOTALL)
    inside = f"{start}\n\n{text}\n\n{end}"
    page.write_text(found.sub(lambda _: inside, page.read_text("utf-8")), "utf-8")
