"""A small fixed data set, so that what commands print does not change when records are added."""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.json_schema import record_schema, render

ROOT = Path(__file__).parents[2]
MINI = Path(__file__).parent / "mini"

Terminal = Callable[..., str]


@cache
def mini_schema() -> str:
    """Return the schema generated from the vocabularies of the small data set."""
    return render(record_schema(vocabularies.load(Tree(MINI))))


@pytest.fixture
def mini(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a copy of the small data set, which is the current folder."""
    root = tmp_path / "mini"
    shutil.copytree(MINI, root)
    (root / "schema" / "record.schema.json").write_text(mini_schema(), encoding="utf-8")
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(root))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def terminal(cli_invoke, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Run a command as on a terminal of some width; give what it shows, without the colours."""

    def show(*args: object, width: int = 80, exit_code: int = 0) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        shown = cli_invoke("--color", "always", *args, exit_code=exit_code).stdout
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        return "".join(f"{line.rstrip()}\n" for line in plain.splitlines())

    return show


@pytest.fixture
def cli_invoke_any(cli_invoke, monkeypatch: pytest.MonkeyPatch):
    """Run a command of which only the outcome as a whole matters, whatever its exit code."""

    class Any:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, int)

        __hash__ = None

    return lambda *args: cli_invoke(*args, exit_code=Any())
