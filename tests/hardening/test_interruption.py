"""Ctrl-C, kill and a full disk at any moment: each file is old or new, never half-written."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT, Run

pytestmark = pytest.mark.slow

ROUNDS = 12
COPIES = 60


def restore_interrupt_handler() -> None:
    """Undo what a shell does to background programs, which these tests may be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def many_unformatted_records(data: Path) -> dict[Path, tuple[bytes, bytes]]:
    """Write many unformatted records; return the content of each before and after formatting."""
    folder = data / "records" / "2020"
    content = next(folder.glob("*.yaml")).read_bytes()
    found = {}
    for number in range(COPIES):
        path = folder / f"2020-az-tr-copy-{number:03}.yaml"
        new = content.replace(b"id: 2020-az-tr-ministers-meet", b"id: " + path.stem.encode())
        found[path] = new.replace(b"\ntype: ", b"\ntype:    "), new
    return found


@pytest.mark.parametrize("command", [["fmt"], ["validate", "--fix", "--jobs", "1"]], ids=" ".join)
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_each_file_is_old_or_new_whenever_the_command_is_stopped(
    command: list[str], name: str, data: Path, cli_invoke_whatever
) -> None:
    """Ctrl-C leaves nothing else behind; a kill leaves at most hidden files that are ignored."""
    chance = random.Random(4)
    files = many_unformatted_records(data)
    interrupted = 0
    for _ in range(ROUNDS):
        for path, (old, _) in files.items():
            path.write_bytes(old)
        process = subprocess.Popen(
            [sys.executable, "-m", "healthcoop", *command],
            cwd=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=restore_interrupt_handler,  # noqa: PLW1509 - there is one thread here
        )
        time.sleep(chance.uniform(0.1, 1.0))
        # Python's own start is not ours: a signal there ends it in its own way.
        os.killpg(process.pid, getattr(signal, name))
        _, stderr = process.communicate(timeout=60)
        contents = {path: path.read_bytes() for path in files}
        assert all(contents[path] in both for path, both in files.items())
        interrupted += process.returncode in (130, -signal.SIGINT, -signal.SIGKILL)
        hidden = [path for path in data.rglob(".*") if path.is_file()]
        if name == "SIGINT":
            assert process.returncode in (0, 1, 130, -signal.SIGINT), stderr
            assert not hidden
            if process.returncode == 130:
                assert b"Traceback" not in stderr
    assert interrupted
    (data / "records" / "2020" / ".2020-x.yaml.00ff.new").write_bytes(b"half")
    assert cli_invoke_whatever(*command).exit_code in (0, 1)
    assert all(path.read_bytes() == new for path, (_, new) in files.items())
    listed = cli_invoke_whatever("list", "-f", "ids").stdout
    assert len(listed.split()) == 6 + COPIES


def test_an_interrupt_during_process_start_is_not_lost(data: Path) -> None:
    """Between a fork and the first work of a process Python drops exceptions."""
    program = """
import os, signal, sys
from healthcoop.files.parallel import map_parallel
fork = os.fork
def interrupted_fork():
    os.kill(os.getpid(), signal.SIGINT)
    return fork()
os.fork = interrupted_fork
os.cpu_count = lambda: 2
try:
    list(map_parallel(abs, [1, 2, 3]))
except KeyboardInterrupt:
    sys.exit(130)
"""
    for _ in range(5):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=60,
            preexec_fn=restore_interrupt_handler,
        )
        assert (ran.returncode, ran.stderr) == (130, b"")


def limited_to(size: int) -> str:
    return (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        "import sys; sys.argv[0] = 'healthcoop'\n"
        "from healthcoop.cli import main; main()"
    )


@pytest.mark.parametrize("command", [["fmt"], ["validate", "--fix"]], ids=" ".join)
def test_a_file_that_cannot_be_written_whole_is_unchanged(
    command: list[str], data: Path, run: Run
) -> None:
    """The system's limit of file size simulates a disk that fills up in the middle of a file."""
    files = many_unformatted_records(data)
    for path, (old, _) in files.items():
        path.write_bytes(old)
    ran = run(*command, program=limited_to(300))
    assert ran.exit_code == 2
    assert "File too large" in ran.stderr
    assert all(path.read_bytes() == old for path, (old, _) in files.items())
    assert not [path for path in data.rglob(".*") if path.is_file()]


def test_commands_answer_without_room_for_the_index(data: Path, run: Run) -> None:
    """The index is built in memory."""
    ran = run("list", "-f", "ids", program=limited_to(5000))
    assert (ran.exit_code, len(ran.stdout.split())) == (0, 6)


@pytest.fixture
def small_disk(tmp_path: Path):
    """Yield a disk of 64 kB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk is mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_nothing_is_lost_on_a_full_disk(small_disk: Path, data: Path, run: Run) -> None:
    """Neither the records nor the answer, whose index does not fit."""
    root = small_disk / "data"
    shutil.copytree(data / "schema", root / "schema")
    (root / "records" / "2020").mkdir(parents=True)
    record = next((data / "records" / "2020").glob("*.yaml"))
    shutil.copy(record, root / "records" / "2020")
    path = next((root / "records" / "2020").glob("*.yaml"))
    path.write_bytes(path.read_bytes().replace(b"\ntype: ", b"\ntype:    "))
    before = path.read_bytes()
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(1024))
        except OSError:
            pass
    ran = run("--root", str(root), "fmt")
    assert ran.exit_code == 2
    assert "No space left on device" in ran.stderr
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    ran = run("--root", str(root), "list", "-f", "ids", XDG_CACHE_HOME=str(small_disk / "cache"))
    assert (ran.exit_code, ran.stdout.split()) == (0, [path.stem])
