"""``contribute.next_steps``: the git commands after a new record."""

import subprocess
from pathlib import Path

import pytest

from healthcoop.contribute.next_steps import next_steps

PATH = "records/2023/2023-az-cu-talks.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "my data"
    root.mkdir()
    monkeypatch.chdir(root.parent)
    return root


def git(root: Path, *words: str) -> None:
    user = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *user, *words], cwd=root, check=True, capture_output=True)


def commands(root: Path) -> list[str]:
    return [line.strip() for line in next_steps(root, PATH) if line.startswith("  git ")]


def test_commands_run_in_a_clone(root):
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / PATH).parent.mkdir(parents=True)
    (root / PATH).write_text("")
    switch, add, commit, *_ = commands(root)
    assert switch == "git switch -c 2023-az-cu-talks"
    assert add == f"git add 'my data/{PATH}'"
    git(root, "switch", "-c", "2023-az-cu-talks")
    git(root, "add", PATH)
    git(root, *commit.removeprefix("git ").split(" ", 2)[:2], "Add")
    assert commands(root)[0] == add  # the branch is there already


def test_pushes_to_the_project_and_to_a_fork_are_shown(root):
    git(root, "init", "--quiet", "--initial-branch=main")
    assert [line for line in commands(root) if "push" in line] == [
        "git push -u origin HEAD",
        "git push -u fork HEAD",
    ]


def test_folder_without_git_gets_no_commands(root):
    assert not commands(root)
    assert "not a clone of a git repository" in next_steps(root, PATH)[0]
