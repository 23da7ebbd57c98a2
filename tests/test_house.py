"""The house of architecture: who may import whom, and what small commands do not load."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "healthcoop"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A room may import itself and rooms of later floors.
FLOORS = (
    {"cli"},
    {"terminal", "site", "export", "contribute"},
    {"dataset"},
    {"checks", "index"},
    {"files"},
    {"model"},
    {"errors"},
)
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}
NEIGHBOURS = {("terminal", "export")}

SOLE_IMPORTERS = {
    "yaml": ("files/reader.py",),
    "jsonschema": ("checks/schema.py",),
    "sqlite3": ("index/",),
    "rich": ("terminal/",),
    "subprocess": ("files/git.py",),
    "pandas": ("index/frames.py", "index/results.py"),
    "polars": ("index/frames.py", "index/results.py"),
    "networkx": ("index/network.py",),
    "vl_convert": ("export/charts/rendering.py",),
}

SLOW = ("yaml", "jsonschema", "rich", "multiprocessing", "concurrent.futures", "importlib.metadata")


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imported(path: Path) -> Iterator[str]:
    """Give what a module imports, wherever in it: ``healthcoop.files.reader``, ``sqlite3``."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _room(module: str) -> str:
    """Give the room of ``healthcoop.room.module.name``, or ``""`` of the package's own names."""
    room = [*module.split("."), ""][1]
    return "" if room == "__version__" else room


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_imports_only_from_rooms_below_its_own(path):
    # The package's door names everything for type checkers; main and -m start the command line.
    if _name(path) in ("__init__.py", "__main__.py"):
        return
    room = path.relative_to(PACKAGE).with_suffix("").parts[0]
    upward = []
    for module in _imported(path):
        other = _room(module) if module.split(".")[0] == "healthcoop" else ""
        allowed = other in ("", room) or (room, other) in NEIGHBOURS
        # A name that is no room, such as healthcoop.Dataset, would go round by the package's door.
        if not allowed and FLOOR_OF.get(other, -1) <= FLOOR_OF[room]:
            upward.append(module)
    assert not upward, f"{room} stands below, or beside, what it imports"


@pytest.mark.parametrize("library", SOLE_IMPORTERS)
def test_a_library_has_one_importer(library):
    importers = {
        _name(path)
        for path in MODULES
        if any(module.split(".")[0] == library for module in _imported(path))
    }
    strangers = {name for name in importers if not name.startswith(SOLE_IMPORTERS[library])}
    assert not strangers


@pytest.fixture
def loaded(tmp_path):
    """Give a function that runs the command line in a process and gives the modules it loaded."""
    script = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        "from healthcoop.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as leave:\n"
        "    assert not leave.code, leave.code\n"
        "finally:\n"
        "    print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)\n"
    )

    def run(*arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        )
        modules: list[str] = json.loads(done.stderr.splitlines()[-1])
        return modules

    return run


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("list", "-f", "json")], ids=" ".join
)
def test_a_small_command_loads_nothing_slow(loaded, arguments):
    loaded(*arguments)  # makes the index, which parses every record
    slow = [
        module
        for module in loaded(*arguments)
        if any(module == name or module.startswith(f"{name}.") for name in SLOW)
    ]
    assert not slow
