"""The architecture: which module may import which, and what small commands must not load."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from inspect import getmembers, isfunction
from pathlib import Path

import pytest

from healthcoop.cli import COMMANDS
from healthcoop.dataset import Dataset
from healthcoop.index.statistics import STATISTICS
from tests.cases import each

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "healthcoop"

# A package may import itself and packages of lower layers.
LAYERS = (
    {"cli"},
    {"terminal", "dataset"},
    {"site"},
    {"contribute", "export"},
    {"checks", "index"},
    {"files"},
    {"model"},
    {"errors"},
)
LAYER_OF = {package: number for number, layer in enumerate(LAYERS) for package in layer}

SOLE_IMPORTERS = {
    "yaml": ("files/nodes.py",),
    "jsonschema": ("checks/schema.py",),
    "jsonschema_rs": ("checks/schema.py",),
    "sqlite3": ("index/", "export/sqlite.py"),
    "rich": ("terminal/",),
    "subprocess": ("files/git.py", "terminal/programs.py"),
    "pandas": ("index/results.py",),
    "polars": ("index/results.py",),
    "networkx": ("index/statistics/counting.py",),
    "duckdb": ("index/engines/duckdb_engine.py",),
    "pyspark": ("index/engines/spark_engine.py",),
    "sqlglot": ("index/engines/dialect.py",),
    "pyarrow": ("export/parquet",),
    "vl_convert": ("export/charts/rendering.py",),
    "prompt_toolkit": ("terminal/",),
    "ahocorasick": ("contribute/",),
    "babel": ("contribute/",),
    "rapidfuzz": ("contribute/",),
    "trafilatura": ("contribute/",),
    "jinja2": ("site/rendering.py",),
}

SLOW = ("yaml", "jsonschema", "rich", "multiprocessing", "concurrent.futures", "importlib.metadata")
SLOW += ("healthcoop.export.charts", "pandas", "polars", "networkx")
SLOW += ("duckdb", "pyarrow", "pyspark", "sqlglot")
SLOW += (
    "ahocorasick",
    "babel",
    "jinja2",
    "openpyxl",
    "prompt_toolkit",
    "rapidfuzz",
    "trafilatura",
)

METHOD_OF = {
    **{"list": "records", "show": "record", "validate": "check", "init": "create"},
    **{"import": "import_rows", "links": "check_links"},
    **{"fmt": "format", "schema": "json_schema"},
    **{"stats status": "in_force", "stats dyad-years": "dyad_years"},
    **{"site": "build_site"},
}
"""The methods of Dataset that are not named as their commands."""
BESIDE = {
    "close",
    "changed",
    "export_text",
    "mappings",
    "fix",
    "interview",
    "next_steps",
    "serve_site",
    "statistic",
    "status",
}
"""Public methods that belong to several commands, or to a part of one."""
USED_BY_COMMANDS = {
    *("checks.findings.Finding", "checks.formats.text.as_text"),
    *("contribute.draft.comment.as_markdown", "contribute.draft.drafting.Drafts"),
    *("contribute.editing.Editing", "contribute.form.interview.Interview"),
    *("contribute.form.interview.Reply", "contribute.form.question.Question"),
    "index.details.RecordDetails",
    *("checks.findings.Report", "checks.findings.Selection", "checks.formats.FORMATS"),
    "checks.formats.github.failure",
    *("checks.formats.github.job_summary", "checks.formats.text.Style"),
    *("checks.formats.text.plain", "checks.registry.find", "checks.registry.rules"),
    *("checks.rule_pages", "checks.schema.HAS_FAST_VALIDATOR", "checks.suppressions"),
    *("files.atomic", "files.atomic.write_bytes", "files.atomic.write_text"),
    *("files.canonical.CannotReformat", "files.canonical.find_comments", "files.fixes.unified"),
    *("contribute.diff_markdown.as_markdown", "contribute.diff_markdown.headline"),
    "files.comparison.ChangedFiles",
    *("files.location", "files.location.SCHEMA_PATH", "files.nodes.HAS_LIBYAML"),
    *("files.tree.is_record", "files.visible.counted", "files.visible.visible"),
    "files.visible.without_commands",
    *("files.vocabularies.read_schema",),
    *("index.query.DEFAULTS", "index.query.FILTERS", "index.query.Query", "index.query.describe"),
    *(
        "index.values.parse_day",
        "index.values.parse_today",
        "index.resolution.resolve",
        "index.records.SORTS",
    ),
    *("index.sql.describe_views", "index.sql.views", "index.statistics.Option"),
    *("index.statistics.STATISTICS", "index.statistics.Statistic", "index.results.expand"),
    *("index.engines.OTHERS", "index.selection_notes.filters_by_date"),
    *("index.statistics.left_out", "index.statistics.left_out.not_sides", "index.results.Table"),
}
"""What the command line may import of the inner packages: types, registries, output."""


def _imports(path: Path) -> Iterator[str]:
    """Yield everything a module imports, also in functions and for type hints."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports() -> dict[str, set[str]]:
    """Return what each module of the package imports."""
    return {_module(path): {*_imports(path)} for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def inner() -> set[str]:
    """Return the modules without ``__init__``, which names all for type checkers, and __main__."""
    return imports().keys() - {"healthcoop", "healthcoop.__main__"}


def _package(module: str) -> str:
    return module.split(".")[1]


def _target(name: str) -> str:
    """Return the module that an imported name is or belongs to; empty for another library's."""
    while name and name not in imports():
        name = name.rpartition(".")[0]
    return name


def test_modules_import_only_from_lower_layers():
    upward = {
        (module, name)
        for module in inner()
        for name in imports()[module]
        if (target := _target(name)) in inner()
        and _package(target) != _package(module)
        and LAYER_OF[_package(target)] <= LAYER_OF[_package(module)]
    }
    assert not upward


def test_modules_do_not_import_the_package_itself():
    """``healthcoop.Dataset`` would evade the layers; only constants are allowed."""
    constants = {"healthcoop.__version__", "healthcoop.REPOSITORY"}
    around = {
        name
        for module in inner()
        for name in imports()[module]
        if _target(name) == "healthcoop" and name not in constants
    }
    assert not around


def test_imports_have_no_cycles():
    graph = {
        module: {_target(name) for name in imports()[module]} & inner() - {module}
        for module in inner()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


@each("library", SOLE_IMPORTERS)
def test_library_has_one_importer(library):
    importers = {
        module.removeprefix("healthcoop.").replace(".", "/") + ".py"
        for module, names in imports().items()
        if any(name.split(".")[0] == library for name in names)
    }
    assert not {name for name in importers if not name.startswith(SOLE_IMPORTERS[library])}


def _methods() -> dict[str, str]:
    """Return the method of Dataset for each command."""
    methods = {
        name: METHOD_OF.get(name, name) for name in COMMANDS if name not in ("stats", "completion")
    }
    for name in STATISTICS:
        own = METHOD_OF.get(f"stats {name}", name)
        methods[f"stats {name}"] = own if hasattr(Dataset, own) else "statistic"
    return methods


def test_every_command_has_a_method_and_every_method_a_command():
    public = {name for name, _ in getmembers(Dataset, isfunction) if not name.startswith("_")}
    assert {*_methods().values()} - BESIDE == public - BESIDE


def test_commands_do_their_work_through_dataset():
    """Of the inner packages, the command line imports only types, registries and output."""
    work = {
        (module, name)
        for module in inner()
        if _package(module) == "cli"
        for name in imports()[module]
        if name.startswith("healthcoop.")
        and _package(f"{name}.") in ("checks", "contribute", "files", "index")
        and name.removeprefix("healthcoop.") not in USED_BY_COMMANDS
    }
    assert not work


@pytest.fixture
def loaded(few_records, tmp_path):
    """Return a function that runs the command line in a process and returns the loaded modules."""
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
            cwd=few_records,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        )
        modules: list[str] = json.loads(done.stderr.splitlines()[-1])
        return modules

    return run


def test_small_command_loads_nothing_slow(loaded):
    """This includes the commands that query the index, once it is built."""
    loaded("list")  # builds the index, which parses every record

    @each("command", ["--help", "--version", "list --format json", "stats years --format json"])
    def check(command):
        slow = [
            module
            for module in loaded(*command.split())
            if any(module == name or module.startswith(f"{name}.") for name in SLOW)
        ]
        assert not slow

    check()
