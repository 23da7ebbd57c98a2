"""The reference pages and their sources: help, examples, fields, rules."""

import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import healthcoop
from healthcoop.checks.registry import rules
from healthcoop.cli import cli
from healthcoop.model.columns import columns
from tests.cases import each
from tests.conftest import LATER

ROOT = Path(__file__).parents[1]
WRITERS = {("fmt",), ("schema", "--write"), ("init",), ("new",), ("edit",), ("import",)}
"""Commands that write into the data set, unless ``--check`` is given."""
CHECKERS = {"validate", "fmt", "schema", "duplicates"}
"""Commands that print no result when there is nothing to report."""


def _commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        assert command is not None
        yield f"{name} {child}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name} {child}")


COMMANDS = {"healthcoop": cli, **dict(_commands(cli, "healthcoop"))}


def _examples(command: click.Command) -> list[str]:
    lines = (command.epilog or "").splitlines()
    return [line.strip() for line in lines if line.startswith("  ")]


def _reads_only(example: str) -> bool:
    words = tuple(shlex.split(example)[1:])
    writes = any(words[: len(beginning)] == beginning for beginning in WRITERS)
    return not writes or "--check" in words


# What diff, release and --changed do depends on the commits of the checkout, not on the records;
# their tests give them repositories of their own.
EXAMPLES = sorted(
    line
    for line in {line for command in COMMANDS.values() for line in _examples(command)}
    if _reads_only(line)
    and not {"links", "diff", "release", "draft", "--changed"} & {*shlex.split(line)}
)
FIRST = [line for line in EXAMPLES if not {"-o", *CHECKERS} & {*shlex.split(line)}]
FIRST = [*{shlex.split(line)[1]: line for line in reversed(FIRST)}.values()]
"""One example of each command that answers from the index, or reads one record."""


def test_reference_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@each("name", COMMANDS)
def test_command_has_help_and_an_example(name):
    command = COMMANDS[name]
    assert command.help
    silent = [
        option.name
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert not silent
    examples = _examples(command)
    assert all(f"{line} ".startswith(f"{name} ") for line in examples), examples


def run_example(example, monkeypatch, tmp_path):
    arguments = shlex.split(example)[1:]
    writes = "-o" in arguments
    monkeypatch.chdir(tmp_path if writes else ROOT)
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(ROOT))
    monkeypatch.setenv("HEALTHCOOP_TODAY", LATER)
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    # An example must find something; CSV always has a heading.
    if writes:
        assert any(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    else:
        assert len(result.stdout.splitlines()) > ("csv" in arguments) or arguments[0] in CHECKERS


@pytest.mark.usefixtures("shared_cache")
@each("example", FIRST)
def test_example_of_a_command_runs_on_the_real_records(example, monkeypatch, tmp_path):
    run_example(example, monkeypatch, tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@each("example", sorted({*EXAMPLES} - {*FIRST}))
def test_other_examples_run_on_the_real_records(example, monkeypatch, tmp_path):
    run_example(example, monkeypatch, tmp_path)


def test_every_column_has_a_heading_and_a_description():
    poor = [column.name for column in columns().values() if not column.doc]
    assert not poor


def test_every_rule_has_a_unique_name_and_a_page():
    known = list(rules().values())
    assert len({rule.name for rule in known}) == len(known)
    assert not [rule.code for rule in known if not rule.doc.strip()]


def test_citation_has_this_version():
    assert f"\nversion: {healthcoop.__version__}\n" in (ROOT / "CITATION.cff").read_bytes().decode()


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
def test_python_example_runs_and_finds_something(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    documentation = healthcoop.__doc__ or ""
    (example,) = re.findall(r"\n\n((?: {4}.*\n|\n)+)", documentation)
    exec(compile(textwrap.dedent(example), "example", "exec"), {})
    *found, pair, closing = capsys.readouterr().out.splitlines()
    assert any("2022-10-07" in line and "AZ" in line for line in found)
    assert re.fullmatch(r"\w+ \w+ \d+", pair)
    assert closing.startswith("Checked ")


def test_modules_of_the_contributing_guide_come_with_the_dev_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.match(r"[\w-]+", line)[0] for line in project["optional-dependencies"]["dev"]}
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    modules = set(re.findall(r"python -m (\w+)", guide)) - {"venv"}
    assert modules
    assert modules <= declared
