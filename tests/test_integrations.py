"""The action, the pre-commit hooks and the editors, in a repository that ``init`` made.

The scripts of ``action.yml`` are run by bash as GitHub runs them, the hooks' entries with the files
that pre-commit would pass. Only the installation is left out; its command line is checked.
"""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from identify.identify import tags_from_path
from pre_commit.clientlib import load_config, load_manifest

from healthcoop import Dataset
from healthcoop.contribute import init
from healthcoop.files.canonical import HEADER
from tests.cases import each

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}
EXAMPLE = f"records/{init.EXAMPLE[:4]}/{init.EXAMPLE}.yaml"
SCHEMA = json.loads((ROOT / "schema/record.schema.json").read_text(encoding="utf-8"))

on_bash = pytest.mark.skipif(os.name == "nt", reason="Windows has no bash of its own")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed data repository as ``init`` creates it."""
    folder = tmp_path / "data repository"
    Dataset.create(folder)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")


def damage(repository: Path, old: str, new: str) -> None:
    path = repository / EXAMPLE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


@dataclass(frozen=True)
class Job:
    """The result of the action's steps, by name."""

    codes: Mapping[str, int]
    output: str
    summary: str
    installed: list[str]

    @property
    def commands(self) -> list[str]:
        """The lines that the runner executes, without those that stop and resume commands."""
        found, token = [], ""
        for line in map(str.strip, self.output.splitlines()):
            if token:
                token = "" if line == f"::{token}::" else token
            elif line.startswith("::stop-commands::"):
                token = line.removeprefix("::stop-commands::")
            elif line.startswith("::") or "##[" in line:
                found.append(line)
        assert not token, "workflow commands are not resumed"
        return found


@pytest.fixture
def action(repository: Path, tmp_path: Path):
    """Return a function that runs the action's scripts as a job on GitHub does."""
    programs = tmp_path / "programs"
    programs.mkdir()
    record = 'printf "%s\\n" "$@" > "$RUNNER_TEMP/installed"'
    run = f'exec {shlex.quote(sys.executable)} -m healthcoop "$@"'
    for name, script in {"pip": record, "healthcoop": run}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)

    def job(
        *,
        base: str = "",
        before: str = "",
        workspace: Path = repository,
        only: str = "",
        **inputs: str,
    ) -> Job:
        values = {name: declared["default"] for name, declared in ACTION["inputs"].items()}
        values |= {name.replace("_", "-"): value for name, value in inputs.items()}
        shells = {
            "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
            "python": [sys.executable, "-c"],
        }
        summary = tmp_path / "summary.md"
        summary.write_bytes(b"")
        environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_BASE_REF": base,
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(tmp_path),
        }
        codes, output = {}, ""
        for name, step in STEPS.items():
            compares = "github.base_ref" in step.get("if", "")
            if only not in ("", name) or (compares and not (base or before)):
                continue
            event = {"${{ github.base_ref }}": base, "${{ github.event.before }}": before}
            given = {
                key: event.get(text) if text in event else fill(text, values)
                for key, text in step.get("env", {}).items()
            }
            done = subprocess.run(
                [*shells[step["shell"]], step["run"]],
                cwd=workspace / fill(step.get("working-directory", "."), values),
                env=environment | given,
                check=False,
                capture_output=True,
                encoding="utf-8",
            )
            codes[name] = done.returncode
            output += done.stdout + done.stderr
        installed = tmp_path / "installed"
        return Job(
            codes,
            output,
            summary.read_text(encoding="utf-8"),
            installed.read_text(encoding="utf-8").splitlines() if installed.exists() else [],
        )

    return job


def fill(text: str, inputs: Mapping[str, str]) -> str:
    """Substitute inputs for GitHub's expressions."""
    text = text.replace("${{ toJSON(inputs) }}", json.dumps(inputs))
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)


@pytest.mark.slow
@on_bash
def test_action_passes_for_a_new_repository(action):
    job = action()
    assert set(job.codes.values()) == {0}, job.output
    assert job.commands == []
    assert "Checked 1 record" in job.output


@pytest.mark.slow
@on_bash
def test_action_installs_the_tool_of_its_own_commit(action):
    *options, what = action(only="Install healthcoop").installed
    assert what == str(ROOT)
    assert options[0] == "install"
    assert not [word for word in options[1:] if not word.startswith("-")]


@pytest.mark.slow
@on_bash
def test_action_fails_for_an_invalid_record_and_annotates_the_line(action, repository):
    damage(repository, "country: CU\n", "country: XY\n")
    job = action()
    assert job.codes["Validate"] == 1
    lines = (repository / EXAMPLE).read_text(encoding="utf-8").splitlines()
    line = lines.index("  - country: XY") + 1
    (marked,) = job.commands
    assert marked.startswith(f"::error file={EXAMPLE},line={line},")
    assert "HC204" in job.summary
    assert job.codes["Check the layout"] == 0


@pytest.mark.slow
@on_bash
def test_action_fails_for_an_unformatted_record(action, repository):
    damage(repository, "type: meeting", "type:   meeting")
    job = action()
    assert (job.codes["Validate"], job.codes["Check the layout"]) == (0, 1)
    assert "\n-type:   meeting\n+type: meeting\n" in job.output


@pytest.mark.slow
@on_bash
def test_a_line_of_a_record_is_never_a_workflow_command(action, repository):
    """The diff prints lines as they are, and the runner ignores leading blanks."""
    text = (repository / EXAMPLE).read_text(encoding="utf-8")
    lines = text.replace("summary: >-\n", "summary: >-\n  ::add-mask::e\n  ##[error]x\n")
    (repository / EXAMPLE).write_bytes(lines.replace("topics: [", "topics: [  ").encode())
    job = action()
    assert job.codes["Check the layout"] == 1
    assert " ::add-mask::e\n" in job.output
    assert job.commands == []


@pytest.mark.slow
@on_bash
def test_action_fails_for_an_outdated_schema_file(action, repository):
    path = repository / "schema/collections.yaml"
    added = "  - {code: second, label: Second, definition: Another one.}\n"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    job = action()
    assert (job.codes["Validate"], job.codes["Check the code lists"]) == (0, 1)
    assert "healthcoop schema --write" in job.output


@pytest.mark.slow
@on_bash
def test_action_fails_for_a_pull_request_that_deletes_an_id(action, repository):
    git(repository, "checkout", "-q", "-b", "theirs")
    assert action(base="main").codes["Check for deleted ids"] == 0
    renamed = init.EXAMPLE.replace("minister", "ministers")
    damage(repository, f"id: {init.EXAMPLE}", f"id: {renamed}")
    git(repository, "mv", EXAMPLE, EXAMPLE.replace(init.EXAMPLE, renamed))
    commit(repository)
    job = action(base="main")
    assert (job.codes["Validate"], job.codes["Check for deleted ids"]) == (0, 1)
    (marked,) = job.commands
    assert "HC951" in marked
    assert f"{EXAMPLE}: " in marked  # the file is gone, so that no annotation could stand in it
    assert job.summary.count("healthcoop validate") == 1
    assert action(before="HEAD~1").codes["Check for deleted ids"] == 1  # the push that merges it
    assert action(before="HEAD").codes["Check for deleted ids"] == 0


@pytest.mark.slow
@on_bash
def test_action_leaves_the_text_of_a_comment_on_a_pull_request(action, repository, tmp_path):
    """Compared with the target branch, which is in a clone as GitHub makes it."""
    checkout = tmp_path / "checkout"
    git(tmp_path, "clone", "-q", repository, checkout)
    git(checkout, "checkout", "-q", "--detach")
    damage(checkout, "type: meeting", "type: visit")
    job = action(base="main", workspace=checkout, only="Describe the changes")
    assert set(job.codes.values()) == {0}, job.output
    text = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert text.startswith("### 1 record changed\n\nCompared with origin/main")
    assert "| type | meeting | visit |" in text
    assert "\n### healthcoop validate\n" in text
    assert action(workspace=checkout, only="Describe the changes").codes == {}


@pytest.mark.slow
@on_bash
def test_action_passes_inputs_to_the_command(action, repository):
    validate = partial(action, only="Validate")
    damage(repository, "country: CU\n", "country: XY\n")
    assert validate(ignore="HC2").codes["Validate"] == 0
    assert validate(select="HC4").codes["Validate"] == 0
    assert validate(paths=f"{EXAMPLE}\n").codes["Validate"] == 1
    assert "no-such" in validate(paths="records\nno-such\n").output
    damage(repository, "country: XY\n", "country: CU\n")
    # Nothing but copies is worth a warning, which only --strict makes more of.
    damage(repository, "kind: agency", "kind: copy")
    damage(repository, "kind: press", "kind: copy")
    assert validate(strict="false").codes["Validate"] == 0
    assert validate(strict="true").codes["Validate"] == 1


@pytest.mark.slow
@on_bash
def test_action_checks_a_data_set_in_a_subfolder(action, repository):
    job = action(workspace=repository.parent, root=repository.name)
    assert set(job.codes.values()) == {0}, job.output
    damage(repository, "country: CU\n", "country: XY\n")
    (marked,) = action(workspace=repository.parent, root=repository.name).commands
    assert marked.startswith(f"::error file={repository.name}/{EXAMPLE},")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"stric": "true"}, 'unknown input "stric"'),
        ({"working_directory": "data"}, 'unknown input "working-directory"'),
        ({"strict": "yes"}, 'strict is "yes": write true or false'),
    ],
    ids=["misspelt", "of an earlier version", "value"],
)
def test_action_refuses_unknown_inputs(inputs, message, action):
    """GitHub passes them all on, with a warning that nobody reads."""
    job = action(only="Check the inputs", **inputs)
    assert job.codes == {"Check the inputs": 1}
    assert job.commands == [f"::error title=healthcoop::{message}"]


def test_action_knows_its_inputs_in_any_case(action):
    assert action(only="Check the inputs").codes == {"Check the inputs": 0}
    known = re.search(r"known = (\{.*\})", STEPS["Check the inputs"]["run"])[1]
    assert ast.literal_eval(known) == set(ACTION["inputs"])


@pytest.mark.slow
@on_bash
def test_action_never_checks_another_data_set(action, repository):
    """Half a data set in a subfolder is not replaced by the one around it."""
    inner = repository / "inner"
    (inner / "records").mkdir(parents=True)
    job = action(root="inner")
    failed = {name for name, code in job.codes.items() if code == 2}
    assert failed == {"Validate", "Check the layout", "Check the code lists"}
    assert f"half a data set in {inner}: schema/record.schema.json is missing" in job.output


@pytest.mark.slow
@on_bash
def test_an_input_is_never_executed(action, repository):
    attack = '"; touch owned; $(touch owned) `touch owned`'
    for name in ("paths", "strict", "select", "ignore"):
        assert action(only="Validate", **{name: attack}).codes
    assert not list(repository.rglob("owned"))


def test_no_script_of_the_action_contains_an_expression():
    """GitHub substitutes the text before bash parses it, so an input could be a command."""
    assert STEPS
    assert not [name for name, step in STEPS.items() if "${{" in step["run"]]


def test_the_rules_and_inputs_that_the_action_names_exist():
    """A step selects a rule by code; every input is used."""
    from healthcoop.checks.registry import rules

    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\bHC[0-9]{3}\b", STEPS["Check for deleted ids"]["run"])) <= set(rules())
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) == set(ACTION["inputs"])


@pytest.mark.slow
@each(
    ("schema", "paths"),
    [
        ("github-actions", [ROOT / "action.yml"]),
        (
            "github-workflows",
            [
                *sorted((ROOT / ".github/workflows").glob("*.yml")),
                Path(".github/workflows/healthcoop.yml"),  # those that init wrote
                Path(".github/workflows/comment.yml"),
            ],
        ),
    ],
)
def test_files_for_github_match_their_schemas(schema, paths, repository):
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *paths],
        cwd=repository,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


LINKS = yaml.safe_load((ROOT / ".github/workflows/links.yml").read_text(encoding="utf-8"))


@on_bash
@pytest.mark.parametrize("exit_code", [pytest.param(0, marks=pytest.mark.slow), 1])
def test_workflow_of_links_shows_the_report_and_fails_as_the_command(
    exit_code, repository, tmp_path, monkeypatch
):
    """On the one record of ``init``, with a private address: nothing is connected to."""
    damage(repository, "url: https://en.trend.az", "url: http://127.0.0.1:1")
    damage(repository, "url: https://caliber.az", "url: http://127.0.0.1:1/````")
    run = f'{shlex.quote(sys.executable)} -m healthcoop "$@" && exit {exit_code}'
    (tmp_path / "healthcoop").write_text(f"#!/bin/sh\n{run}\n", encoding="utf-8")
    (tmp_path / "healthcoop").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (script,) = (
        step["run"]
        for step in LINKS["jobs"]["check"]["steps"]
        if step.get("name") == "Check the links"
    )
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    assert subprocess.run(shell, cwd=repository, check=False).returncode == exit_code
    lines = (tmp_path / "summary.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "    2 links: 2 unreachable"
    assert not [line for line in lines if not line.startswith("    ")]


def test_links_are_never_checked_on_pull_requests():
    assert LINKS[True].keys() == {"schedule", "workflow_dispatch"}  # "on" is true in YAML 1.1
    assert LINKS["permissions"] == {"contents": "read"}


def test_workflow_has_read_permission_only_and_full_history(repository):
    text = (repository / ".github/workflows/healthcoop.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    checkout, _ = workflow["jobs"]["records"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0


def test_readme_shows_the_workflow_and_hooks_of_init(repository):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall("```yaml\n(.*?)```", readme, re.DOTALL)
    made = [".github/workflows/healthcoop.yml", ".pre-commit-config.yaml"]
    assert blocks == [(repository / path).read_text(encoding="utf-8") for path in made]


@pytest.fixture
def hook(repository: Path):
    """Return a function that runs one of the hooks of ``init`` as pre-commit does."""
    (repository_,) = load_config(repository / ".pre-commit-config.yaml")["repos"]
    manifest = {each["id"]: each for each in load_manifest(ROOT / ".pre-commit-hooks.yaml")}
    assert {each["id"] for each in repository_["hooks"]} == set(manifest)

    def run(name: str) -> int:
        declared = manifest[name]
        files = [
            path.relative_to(repository).as_posix()
            for path in sorted(repository.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(repository).parts
        ]
        matching = [file for file in files if is_for(declared, repository, file)]
        if not matching and not declared["always_run"]:
            return 0
        program, *words = shlex.split(declared["entry"])
        assert program == "healthcoop"
        words += [*declared["args"], *(matching if declared["pass_filenames"] else [])]
        command = [sys.executable, "-m", "healthcoop", *words]
        return subprocess.run(command, cwd=repository, check=False).returncode

    return run


def is_for(declared: Mapping[str, Any], folder: Path, file: str) -> bool:
    tags = tags_from_path(str(folder / file))
    return bool(re.search(declared["files"], file)) and set(declared["types"]) <= tags


@pytest.mark.slow
def test_hooks_pass_for_a_new_repository_and_change_nothing(hook, repository):
    assert (hook("healthcoop-fmt"), hook("healthcoop-validate")) == (0, 0)
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=repository, check=True, capture_output=True
    )
    assert changed.stdout == b""


def test_validate_hook_fails_for_an_invalid_record(hook, repository):
    damage(repository, "country: CU\n", "country: XY\n")
    assert hook("healthcoop-validate") == 1


@pytest.mark.slow
def test_validate_hook_runs_when_a_file_was_only_removed(hook, repository):
    """pre-commit then passes no file, but a record may link to the removed one."""
    (repository / "schema/topics.yaml").unlink()
    assert hook("healthcoop-validate") == 2


@pytest.mark.slow
def test_format_hook_formats_a_file(hook, repository):
    """A hook that changes a file fails the commit, whatever its exit code."""
    before = (repository / EXAMPLE).read_bytes()
    damage(repository, "type: meeting", "type:   meeting")
    hook("healthcoop-fmt")
    assert (repository / EXAMPLE).read_bytes() == before


@pytest.fixture(params=[".", "my data"], ids=["at the top", "in a subfolder"])
def installed(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new data set in a git repository whose hooks pre-commit can run without a network.

    The hooks are those of the manifest, with the installed healthcoop in the place of a build.
    """
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    tool = tmp_path / "tool"
    tool.mkdir()
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    manifest = manifest.replace("language: python", "language: system")
    (tool / ".pre-commit-hooks.yaml").write_text(manifest, encoding="utf-8")
    git(tool, "init", "-q")
    commit(tool)
    git(tool, "tag", "tool")
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    folder = top / request.param
    Dataset.create(folder)
    config = top / ".pre-commit-config.yaml"
    text = re.sub(r"repo: .*", f"repo: {tool}", config.read_text(encoding="utf-8"))
    config.write_text(re.sub(r"rev: .*", "rev: tool", text), encoding="utf-8")
    commit(top)
    subprocess.run(["pre-commit", "install"], cwd=top, check=True, capture_output=True)
    return folder


@pytest.mark.slow
def test_pre_commit_runs_the_hooks_of_a_new_data_set(installed, monkeypatch):
    """Wherever it lies in its repository, and whatever the environment names."""
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(ROOT))

    def try_to_commit() -> str:
        git(installed, "add", ".")
        words = ["git", "commit", "-q", "-m", "x"]
        done = subprocess.run(words, cwd=installed, check=False, capture_output=True)
        return "" if done.returncode == 0 else done.stderr.decode()

    damage(installed, "type: meeting", "type:   meeting")
    assert "files were modified by this hook" in try_to_commit()
    damage(installed, "country: CU\n", "country: XY\n")
    assert "HC204" in try_to_commit()
    damage(installed, "country: XY\n", "country: CU\n")
    damage(installed, "summary: >-\n", "summary: >-\n  Checked again.\n")
    assert try_to_commit() == ""


def test_first_line_of_every_record_names_the_schema(repository):
    relative = HEADER.partition("$schema=")[2]
    for root in (ROOT, repository):
        for path in (root / "records").rglob("*.yaml"):
            with path.open(encoding="utf-8") as file:
                assert file.readline() == f"{HEADER}\n"
            assert (path.parent / relative).resolve() == root / "schema/record.schema.json"


def test_editor_settings_name_the_schema(repository):
    settings = json.loads((repository / ".vscode/settings.json").read_text(encoding="utf-8"))
    ((schema, patterns),) = settings["yaml.schemas"].items()
    assert (repository / schema).is_file()
    matched = {path for pattern in patterns for path in repository.glob(pattern)}
    assert matched == {repository / EXAMPLE}


@pytest.mark.parametrize("path", [".vscode/settings.json", ".vscode/extensions.json"])
def test_own_editor_settings_equal_those_of_init(path, repository):
    assert (ROOT / path).read_bytes() == (repository / path).read_bytes()


def test_own_editorconfig_starts_with_that_of_init(repository):
    ours, theirs = ((root / ".editorconfig").read_text() for root in (ROOT, repository))
    assert ours.startswith(theirs)


def described(part: Any, pointer: str = "") -> list[str]:
    """Return the places of fields without a title, description or example."""
    poor = []
    for name, field in part.get("properties", {}).items():
        place = f"{pointer}/{name}"
        whole = {**resolved(field), **field}
        if not whole.get("title") or not whole.get("description"):
            poor.append(place)
        inner = resolved(field)
        poor += described(inner, place) + described(resolved(inner.get("items", {})), place)
    return poor


def resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    name = part.get("$ref", "").removeprefix("#/definitions/")
    return SCHEMA["definitions"][name] if name else part


def test_schema_describes_every_field():
    assert described(SCHEMA) == []


def enumerations(part: Any) -> list[Mapping[str, Any]]:
    if isinstance(part, list):
        return [found for item in part for found in enumerations(item)]
    if not isinstance(part, dict):
        return []
    inner = [found for value in part.values() for found in enumerations(value)]
    return [part, *inner] if isinstance(part.get("enum"), list) else inner


def test_schema_describes_every_code():
    found = enumerations(SCHEMA)
    assert found
    for part in found:
        explained = part.get("enumDescriptions", [])
        assert len(explained) == len(part["enum"]), part["enum"][:3]
        assert all(explained)
