"""Harmful files in a tree: names, links, pipes, depth and permissions."""

import os
import shutil
import socket
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError

from .conftest import Run

pytestmark = pytest.mark.slow

COMMANDS = [["validate"], ["list", "-f", "ids"], ["fmt", "--check"], ["show", "2020"]]


def a_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may have only a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def a_device(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes devices")
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # zeros without end
    except PermissionError:
        pytest.skip("no devices are made here")


SPECIAL: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a socket": a_socket,
    "a device": a_device,
    "a folder": lambda path: path.mkdir(),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a folder above": lambda path: path.symlink_to(path.parents[1]),
    "a link out of the tree": lambda path: path.symlink_to("/etc/passwd"),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_special_file_is_a_finding_and_never_opened(kind: str, data: Path, run: Run) -> None:
    """Neither its content nor its target is read."""
    SPECIAL[kind](data / "records" / "2020" / "2020-special.yaml")
    ran = run("validate", "-f", "json")
    assert ran.exit_code == 1
    assert "records/2020/2020-special.yaml" in ran.stdout
    assert "root:" not in ran.stdout
    ran = run("list", "-f", "ids")
    assert ran.exit_code == 1
    assert len(ran.stdout.split()) == 6
    assert "2020-special.yaml" in ran.stderr
    assert run("fmt").exit_code == 1
    assert not stat.S_ISREG(os.lstat(data / "records" / "2020" / "2020-special.yaml").st_mode)


NAMES = {
    "a line break": b"2020-\n::error::injected.yaml",
    "a workflow command": b"::error file=x::injected.yaml",
    "a colour": b"2020-\x1b[31mred.yaml",
    "bytes that are no UTF-8": b"2020-\xff\xfe.yaml",
    "a bidirectional override": "2020-\u202elmay.yaml".encode(),
    "all that a name may be": b"2020-" + b"x" * 245 + b".yaml",
    "a percent sign and commas": b"2020-%0A,line=1::.yaml",
    "spaces and quotes": b" 2020 '\".yaml",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_never_controls_terminal_or_workflow(name: str, data: Path, run: Run) -> None:
    """It starts no line and no command of its own in any format."""
    folder = os.fsencode(data / "records" / "2020")
    try:
        with open(os.path.join(folder, NAMES[name]), "wb") as file:
            file.write(b"id: &x y\n")
    except OSError:
        pytest.skip("the file system does not take this name")
    for arguments in (
        *(["validate", "-f", "text"], ["validate", "-f", "github"], ["list", "-f", "ids"]),
        *(["fmt", "--check"], ["validate", "-f", "sarif"], ["validate", "-f", "junit"]),
    ):
        ran = run(*arguments)
        assert ran.exit_code == 1
        for text in (ran.stdout, ran.stderr):
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert not any(line.startswith("::error::injected") for line in text.split("\n"))
            for line in text.split("\n"):
                if line.startswith("::"):  # of the command only the message may have more of them
                    assert "::" not in line[2:].partition("::")[0]


def test_a_tree_deeper_than_the_longest_path_is_reported(data: Path, run: Run) -> None:
    """Neither Python's stack nor the system's path limit prevents an answer."""
    here = os.getcwd()
    os.chdir(data / "records")
    try:
        for _ in range(1500):
            os.mkdir("aaaa")
            os.chdir("aaaa")
    finally:
        os.chdir(here)
    try:
        for arguments in COMMANDS:
            ran = run(*arguments)
            assert ran.exit_code in (1, 2), arguments
            assert "aaaa" in ran.stderr + ran.stdout
    finally:
        subprocess.run(["rm", "-rf", str(data / "records" / "aaaa")], check=True)


def test_a_thousand_nested_folders_are_read(data: Path, run: Run) -> None:
    """The system must accept their path."""
    folder = data / "records"
    for _ in range(1200):
        folder = folder / "a"
        folder.mkdir()
    record = next((data / "records" / "2020").glob("*.yaml"))
    shutil.move(record, folder / record.name)
    assert record.stem in run("list", "-f", "ids").stdout
    assert "aaa" not in run("validate").stderr
    subprocess.run(["rm", "-rf", str(data / "records" / "a")], check=True)


def test_a_data_set_without_records_is_refused(data: Path, run: Run) -> None:
    """Never "no problems": whoever deleted or did not fetch them must know."""
    shutil.rmtree(data / "records")
    for message in ("half a data set", "there is no record"):
        for arguments in (["validate"], ["fmt"], ["duplicates"]):
            ran = run(*arguments)
            assert (ran.exit_code, ran.stdout) == (2, "")
            assert message in ran.stderr
        (data / "records").mkdir(exist_ok=True)


def test_unreadable_files_are_reported(data: Path, run_unprivileged: Run) -> None:
    """A file is a finding; an unreadable folder ends the run."""
    path = next((data / "records" / "2020").glob("*.yaml"))
    path.chmod(0)
    ran = run_unprivileged("validate", "-f", "text")
    assert ran.exit_code == 1
    assert f"{path.name}:1:1: HC115 error" in ran.stdout
    assert "Permission denied" in ran.stdout
    ran = run_unprivileged("list", "-f", "ids")
    assert ran.exit_code == 1
    assert path.name in ran.stderr
    assert run_unprivileged("fmt").exit_code == 1
    path.parent.chmod(0)
    for arguments in (["validate"], ["list"], ["fmt"]):
        ran = run_unprivileged(*arguments)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert (
            ran.stderr == "healthcoop: the folder records/2020 cannot be read: Permission denied\n"
        )
    path.parent.chmod(0o755)
    (data / "schema" / "topics.yaml").chmod(0)
    for arguments in (["validate"], ["list"]):
        ran = run_unprivileged(*arguments)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert "schema/topics.yaml cannot be read: Permission denied" in ran.stderr


def test_only_writing_fails_in_a_read_only_tree(data: Path, run_unprivileged: Run) -> None:
    """Read commands answer; the others report that they could not write."""
    path = next((data / "records" / "2020").glob("*.yaml"))
    path.write_bytes(path.read_bytes().replace(b"type: ", b"type:   "))
    for folder, _, files in os.walk(data):
        for name in files:
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)
    before = path.read_bytes()
    try:
        assert len(run_unprivileged("list", "-f", "ids").stdout.split()) == 6
        assert "Checked " in run_unprivileged("validate").stderr
        assert run_unprivileged("fmt", "--check").exit_code == 1
        for arguments in (["fmt"], ["validate", "--fix"]):
            ran = run_unprivileged(*arguments)
            assert ran.exit_code == 2
            assert "Permission denied" in ran.stderr
            assert path.name in ran.stderr
        assert path.read_bytes() == before
        assert [name for name in os.listdir(path.parent) if name.startswith(".")] == []
    finally:
        for folder, _, _ in os.walk(data):
            os.chmod(folder, 0o755)


@pytest.mark.filterwarnings(
    "ignore:missing from this answer"
)  # a half-written record may be read, and is reported
def test_files_may_appear_change_and_vanish_during_a_run(data: Path) -> None:
    """A run sees each file as it was at some moment, or as missing."""
    folder = data / "records" / "2020"
    content = next(folder.glob("*.yaml")).read_bytes()
    done = threading.Event()
    inner = data / "records" / "2019"

    def modify() -> None:
        number = 0
        while not done.is_set():
            number += 1
            path = folder / f"2020-az-tr-{number % 7}.yaml"
            path.write_bytes(content[: number % len(content)])
            inner.mkdir(exist_ok=True)
            (inner / "2019-x.yaml").write_bytes(b"")
            (folder / f"2020-az-tr-{(number + 3) % 7}.yaml").unlink(missing_ok=True)
            (inner / "2019-x.yaml").unlink()
            inner.rmdir()

    modifying = threading.Thread(target=modify)
    modifying.start()
    try:
        for _ in range(25):
            with Dataset.open(data) as dataset:
                assert dataset.check(jobs=1).records >= 6
                assert len(list(dataset.records())) >= 6
    except HealthcoopError as error:  # a folder that was deleted during the scan
        pytest.fail(str(error))
    finally:
        done.set()
        modifying.join()


TOPS = ["records", "schema", "schema/record.schema.json", "schema/topics.yaml", "records/2020"]


@pytest.mark.parametrize("part", TOPS)
def test_nothing_behind_a_link_is_read_or_written(part: str, data: Path, run: Run) -> None:
    """Folders and files that a data set is made of are neither followed nor replaced."""
    outside = data.parent / "outside"
    shutil.move(data / part, outside)
    (data / part).symlink_to(outside)
    secret = b"id: 2020-az-tr-secret\ntype:   meeting\nconfidential: &x y\n"
    if outside.is_dir():
        (outside / "2020-az-tr-secret.yaml").write_bytes(secret)
    else:
        outside.write_bytes(secret)
    before = {path: path.read_bytes() for path in [outside, *outside.rglob("*")] if path.is_file()}
    for arguments in (
        *(["validate"], ["validate", "--fix"], ["fmt"], ["fmt", "--check"], ["list", "-f", "ids"]),
        *(["schema", "--write"], ["schema", "--check"], ["summary"], ["vocab", "topics"]),
    ):
        ran = run(*arguments)
        assert ran.exit_code in (0, 1, 2)
        assert "secret" not in ran.stdout + ran.stderr
        assert "confidential" not in ran.stdout + ran.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert (data / part).is_symlink()
