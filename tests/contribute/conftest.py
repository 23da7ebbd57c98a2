"""A small data set in a git repository, for what compares revisions or changes records."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healthcoop.files import reader
from healthcoop.files.canonical import layout
from tests.cli.conftest import MINI, mini_schema


@dataclass(frozen=True)
class DataRepository:
    """A data set in a git repository."""

    root: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)
        return done.stdout.decode()

    def commit(self, subject: str = "Change") -> None:
        """Commit all there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)

    def file(self, ident: str) -> Path:
        return self.root / "records" / ident[:4] / f"{ident}.yaml"

    def read(self, ident: str) -> dict[str, Any]:
        data = reader.parse(self.file(ident).read_bytes()).data
        assert data is not None
        return data

    def write(self, ident: str, **fields: Any) -> None:
        """Write a record in canonical layout; of one that exists, change fields."""
        file = self.file(ident)
        data = self.read(ident) if file.exists() else {"id": ident}
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(layout(data | fields).encode())

    def contents(self) -> dict[str, bytes]:
        """Return the content of every file but git's."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        names = {path.relative_to(self.root).as_posix(): path for path in files}
        return {name: names[name].read_bytes() for name in names if name[:5] != ".git/"}


def set_git(patch: pytest.MonkeyPatch) -> None:
    """Replace all git settings."""
    for role in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{role}_NAME", "A Curator")
        patch.setenv(f"GIT_{role}_EMAIL", "curator@example.org")
        patch.setenv(f"GIT_{role}_DATE", "2026-03-04T12:00:00Z")
    for name in ("GLOBAL", "SYSTEM"):
        patch.setenv(f"GIT_CONFIG_{name}", os.devnull)


@pytest.fixture
def git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Replace all git settings, and let git search no folder around the test's."""
    set_git(monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small data set, committed on a branch beside main, for tests to copy."""
    root = tmp_path_factory.mktemp("committed") / "data"
    shutil.copytree(MINI, root)
    (root / "schema" / "record.schema.json").write_text(mini_schema(), encoding="utf-8")
    repository = DataRepository(root)
    with pytest.MonkeyPatch.context() as patch:
        set_git(patch)
        repository.git("init", "--quiet", "--initial-branch=main", "--template=")
        repository.commit("Begin")
        repository.git("switch", "--quiet", "--create", "mine")
    return root


@pytest.fixture
def data(
    tmp_path: Path, committed: Path, git_settings: None, monkeypatch: pytest.MonkeyPatch
) -> DataRepository:
    """Return a copy of the committed data set, as the current folder."""
    root = tmp_path / "data"
    shutil.copytree(committed, root)
    monkeypatch.chdir(root)
    return DataRepository(root)
