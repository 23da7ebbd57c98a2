"""Writing files: the old content or the new, whatever interrupts it."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.files.atomic import create_text, write_text

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions, links and pipes")


def test_file_is_created_and_replaced_whole(tmp_path: Path) -> None:
    """UTF-8, line ends as given, nothing left beside it."""
    target = tmp_path / "x.yaml"
    write_text(target, ["é\n", "b\r\n"])
    write_text(target, ["ж\n"])
    assert target.read_bytes() == "ж\n".encode()
    assert os.listdir(tmp_path) == ["x.yaml"]


@pytest.mark.parametrize("has_links", [True, False])
def test_new_file_never_replaces_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    """Also on a file system without hard links."""

    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "folder" / "x.yaml"
    create_text(target, "é\n")
    with pytest.raises(HealthcoopError, match="already exists"):
        create_text(target, "other")
    assert target.read_bytes() == "é\n".encode()
    assert os.listdir(target.parent) == ["x.yaml"]
    (tmp_path / "file").write_text("")
    with pytest.raises(HealthcoopError):
        create_text(tmp_path / "file" / "x.yaml", "")


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_interrupted_write_leaves_only_the_old_file(
    tmp_path: Path, interruption: type[BaseException]
) -> None:
    """An error, or Ctrl-C, in the middle of the text."""
    target = tmp_path / "x.yaml"
    target.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new" * 100_000
        raise interruption

    with pytest.raises(interruption):
        write_text(target, pieces())
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.yaml"]


KILLED = """
import os, signal, sys
from healthcoop.files.atomic import write_text
def pieces():
    yield "new" * 100_000
    os.kill(os.getpid(), signal.SIGKILL)
write_text(sys.argv[1], pieces())
"""


@POSIX
def test_killed_write_leaves_the_old_file_and_no_record(tmp_path: Path) -> None:
    """What it leaves beside is hidden, so that no data set takes it for a record."""
    target = tmp_path / "x.yaml"
    target.write_text("old")
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", KILLED, target], cwd=root, check=False)
    assert run.returncode == -9
    assert target.read_text() == "old"
    assert [name for name in os.listdir(tmp_path) if not name.startswith(".")] == ["x.yaml"]


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_permissions_are_kept(tmp_path: Path, mode: int) -> None:
    """A private file stays private."""
    target = tmp_path / "x.yaml"
    target.write_text("old")
    target.chmod(mode)
    write_text(target, ["new"])
    assert target.stat().st_mode & 0o777 == mode


@POSIX
def test_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    """The private permissions of a temporary file are not kept."""
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "x.yaml", ["new"])
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert (tmp_path / "x.yaml").stat().st_mode & 0o777 == 0o640


def test_unwritable_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file itself, not the temporary one."""
    with pytest.raises(HealthcoopError, match=r"cannot write .*gone.x.yaml: No such file"):
        write_text(tmp_path / "gone" / "x.yaml", ["new"])
    with pytest.raises(HealthcoopError, match="cannot write"):
        write_text(tmp_path, ["new"])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(HealthcoopError, match=r"x\.yaml: Permission denied"):
        write_text(tmp_path / "x.yaml", ["new"])


@POSIX
def test_link_is_kept_and_its_target_replaced(tmp_path: Path) -> None:
    """Like an editor; also where the link leads to nothing yet."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real/x.yaml").write_text("old")
    for name in ("x.yaml", "new.yaml"):
        link = tmp_path / name
        link.symlink_to(tmp_path / "real" / name)
        write_text(link, ["new"])
        assert link.is_symlink()
        assert (tmp_path / "real" / name).read_text() == "new"


@POSIX
def test_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """The same is true of /dev/null, when root writes to it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_text(pipe, ["a", "b"])
    reader.join(5)
    assert read == ["ab"]
    assert pipe.is_fifo()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A file of the user 54321 and the group 54322 in a folder where everybody may write."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        path = Path(folder) / "a.txt"
        path.write_text("old", encoding="utf-8")
        os.chown(path, 54321, 54322)
        path.chmod(0o664)
        yield path


@contextmanager
def acting_as(user: int, group: int, *others: int) -> Iterator[None]:
    groups = os.getgroups()
    os.setgroups([group, *others])
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can write as other users"
)


@as_root
@pytest.mark.parametrize("writer", [(0, 0), (54321, 54321, 54322)], ids=["root", "owner"])
def test_owner_group_and_mode_are_kept(writer: tuple[int, ...], shared: Path) -> None:
    with acting_as(*writer):
        write_text(shared, ["new"])
    status = shared.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (54321, 54322, 0o664)
    assert shared.read_text(encoding="utf-8") == "new"


@as_root
@pytest.mark.parametrize("writer", [(54320, 54322), (54321, 54321)], ids=["member", "left group"])
def test_file_whose_owner_or_group_cannot_be_kept_is_refused(
    writer: tuple[int, ...], shared: Path
) -> None:
    with acting_as(*writer), pytest.raises(HealthcoopError, match="owner or group would change"):
        write_text(shared, ["new"])
    assert shared.read_text(encoding="utf-8") == "old"
    assert [path.name for path in shared.parent.iterdir()] == ["a.txt"]
