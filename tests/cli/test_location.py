"""Which data set a command works on: never another one, and never half of one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import healthcoop.dataset.base
from healthcoop.cli import COMMANDS
from healthcoop.site import PAGES

ARTICLE = Path(__file__).parents[1] / "data/draft/meeting.txt"
RECORD = "2020-az-tr-ministers-meet"
JUDGING = (
    *(["validate"], ["validate", "--changed"], ["validate", "--fix"], ["fmt"], ["fmt", "--check"]),
    *(["schema"], ["schema", "--check"], ["duplicates", "--exit-code"], ["history", RECORD]),
    *(["new"], ["edit", RECORD], ["diff"], ["rename", RECORD, "2020-az-tr-talks"]),
    *(
        ["withdraw", RECORD, "--reason", "Wrong."],
        ["links", "check", RECORD],
        ["import", "rows.jsonl", "--collection", "news"],
        ["release", "out"],
    ),
)
ANSWERING = (
    *(["list"], ["show", RECORD], ["pair", "AZ", "TR"], ["summary"], ["stats", "years"]),
    *(["sql", "SELECT 1"], ["vocab", "topics"], ["draft", str(ARTICLE)]),
    ["export", "json"],
    ["compare", "--mapping", "help"],
    ["site", "build", "--pyodide", "none"],
)


@pytest.fixture
def data(mini: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set in the current folder, which nothing but that makes the one to use."""
    monkeypatch.delenv("HEALTHCOOP_ROOT")
    return mini


@pytest.fixture
def repository(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with the data set in its folder ``data``; the current folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    top = tmp_path / "top"
    shutil.copytree(data, top / "data")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    monkeypatch.chdir(top)
    return top


def git(folder: Path, *words: object) -> None:
    options = ("-c", "protocol.file.allow=always")  # for a submodule
    subprocess.run(["git", *options, *map(str, words)], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("command", [*JUDGING, *ANSWERING], ids=" ".join)
def test_only_commands_that_answer_use_the_snapshot(
    command, data, cli_invoke, tmp_path, monkeypatch
):
    monkeypatch.setattr(healthcoop.dataset.base, "SNAPSHOT", data)
    monkeypatch.chdir(tmp_path)
    if command[0] == "site":  # a small one
        pages = {name: PAGES[name] for name in ("home", "static")}
        monkeypatch.setattr("healthcoop.site.PAGES", pages)
    judges = command in JUDGING
    outcome = cli_invoke(*command, exit_code=2 if judges else 0)
    if judges:
        assert outcome.stdout == ""
        assert outcome.stderr.startswith("healthcoop: no data set here\n")
        assert "There is one in mini: use --root mini." in outcome.stderr
    else:
        assert outcome.stderr.startswith("healthcoop: no data set here: using the snapshot")


def test_every_command_is_one_or_the_other():
    assert {command for command, *_ in (*JUDGING, *ANSWERING)} == {*COMMANDS} - {
        "init",
        "completion",
    }


@pytest.mark.parametrize("command", ["validate", "list"])
@pytest.mark.parametrize(
    "lost_and_missing",
    [
        ("schema/record.schema.json", "schema/record.schema.json is missing"),
        ("schema", "schema/record.schema.json is missing"),
        ("records", "records/ is missing"),
    ],
)
def test_search_stops_at_half_a_data_set(lost_and_missing, command, data, cli_invoke, monkeypatch):
    """Neither the parent's data set nor the snapshot takes the place of it."""
    lost, missing = lost_and_missing
    inner = data / "inner"
    for folder in ("schema", "records"):
        shutil.copytree(data / folder, inner / folder)
    (inner / lost).rename(inner / "x")
    (inner / "below").mkdir()
    monkeypatch.chdir(inner / "below")
    outcome = cli_invoke(command, exit_code=2)
    assert outcome.stderr.startswith(f"healthcoop: half a data set in {inner}: {missing}\n")


@pytest.mark.parametrize("part", ["records", "schema", "schema/record.schema.json"])
def test_link_in_the_place_of_the_data_is_refused(part, data, cli_invoke):
    (data / part).rename(data / "elsewhere")
    try:
        (data / part).symlink_to(data / "elsewhere")
    except OSError:  # Windows without the privilege
        return
    assert f"{data / part} is a link" in cli_invoke("validate", exit_code=2).stderr


def test_root_that_is_no_data_set_is_described(data, cli_invoke, tmp_path, monkeypatch):
    file = data / "schema/topics.yaml"
    monkeypatch.chdir(tmp_path)
    for root, message in {
        file: "it is a file",
        tmp_path / "no": "it does not exist",
        data / "records": f"no data set in {data / 'records'}",
        "": "--root needs a folder",
    }.items():
        assert message in cli_invoke("--root", root, "validate", exit_code=2).stderr
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(file))
    assert "it is a file" in cli_invoke("list", exit_code=2).stderr
    monkeypatch.setenv("HEALTHCOOP_ROOT", "")
    assert "use --root mini" in cli_invoke("validate", exit_code=2).stderr


def test_data_set_of_the_environment_is_named_where_there_is_another(
    data, cli_invoke, tmp_path, monkeypatch
):
    """A variable that was set long ago would let a hook check the wrong repository."""
    other = tmp_path / "other"
    shutil.copytree(data, other)
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(other))
    note = f"using $HEALTHCOOP_ROOT, {other}, and not the data set here, {data}\n"
    for command in (["fmt"], ["schema"], ["duplicates"]):
        assert note in cli_invoke(*command).stderr
    assert "HEALTHCOOP_ROOT" not in cli_invoke("--root", data, "validate").stderr
    monkeypatch.chdir(other / "records")
    assert "HEALTHCOOP_ROOT" not in cli_invoke("validate").stderr


@pytest.mark.parametrize("command", ["validate", "fmt", "duplicates"])
def test_path_without_a_record_is_refused(command, data, cli_invoke):
    (data / "records/2031").mkdir()
    (data / "records/2031/.gitkeep").touch()
    for path, message in {
        "records/2031": "there is no record in records/2031",
        "records/2032": "records/2032 does not exist",
        "records/*/2020-xx.yaml": "does not exist",
        "schema": "neither a record nor a folder of records",
        "..": "is not in the data set",
        "": "an empty PATH does not exist",
    }.items():
        assert message in cli_invoke(command, path, exit_code=2).stderr
    assert cli_invoke(command, "records/2020").stderr is not None


@pytest.mark.parametrize(
    "options",
    [
        *(["--select", "HC999"], ["--select", "4"], ["--select", ""], ["--select", "HC4,"]),
        *(["--ignore", "HC"], ["--ignore", ""], ["--select", "HC401", "--ignore", "HC4"]),
    ],
    ids=" ".join,
)
def test_selection_of_no_rule_is_wrong_usage(options, data, cli_invoke):
    outcome = cli_invoke("validate", *options, exit_code=2)
    assert "no problems" not in outcome.stderr


@pytest.mark.parametrize("part", ["data", "data/records"])
def test_submodule_that_is_not_checked_out_is_named(part, repository, cli_invoke, tmp_path):
    module = tmp_path / "module"
    (repository / part).rename(module)
    git(module, "init", "-q", "-b", "main")
    git(module, "add", ".")
    git(module, "commit", "-q", "-m", "Begin")
    git(repository, "rm", "-r", "-q", "--cached", part)
    git(repository, "submodule", "--quiet", "add", module, part)
    git(repository, "commit", "-q", "-m", "Use a submodule")
    assert "no problems" in cli_invoke("--root", "data", "validate").stderr
    git(repository, "submodule", "deinit", "-f", part)
    outcome = cli_invoke("--root", "data", "validate", exit_code=2)
    assert "git submodule update --init" in outcome.stderr


def test_missing_or_empty_vocabulary_can_be_restored(repository, cli_invoke):
    """Never with the advice to delete a file that every data set needs."""
    topics = repository / "data/schema/topics.yaml"
    for change in (lambda: topics.write_bytes(b""), topics.unlink):
        change()
        outcome = cli_invoke("--root", "data", "validate", exit_code=2)
        assert "git restore schema/topics.yaml" in outcome.stderr
        assert "delete it" not in outcome.stderr


@pytest.mark.parametrize("kept", ["data/records", "data/schema", "data/records/2022"])
def test_sparse_checkout_is_named(kept, repository, cli_invoke):
    other = "data/schema" if kept == "data/records/2022" else "data/none"
    git(repository, "sparse-checkout", "set", kept, other)
    for command in (["validate"], ["duplicates"], ["fmt", "--check"]):
        outcome = cli_invoke("--root", "data", *command, exit_code=2)
        assert "git sparse-checkout disable" in outcome.stderr
    if kept == "data/records/2022":
        for command in (["list"], ["stats", "years"], ["summary"], ["sql", "SELECT 1"]):
            outcome = cli_invoke("--root", "data", *command, exit_code=1)
            assert "not in this sparse checkout, so records may be missing" in outcome.stderr
    git(repository, "sparse-checkout", "disable")
    assert "no problems" in cli_invoke("--root", "data", "validate").stderr
    assert cli_invoke("--root", "data", "list").stderr == ""


@pytest.mark.parametrize("part", ["schema/record.schema.json", "records"])
def test_deleted_half_of_a_data_set_in_git_can_be_restored(part, repository, cli_invoke):
    path = repository / "data" / part
    path.rename(repository / "x")
    outcome = cli_invoke("--root", "data", "validate", exit_code=2)
    assert f"git has it: run “git restore {part}" in outcome.stderr


HOOK = """#!/bin/sh
cd data
exec {python} -m healthcoop validate --changed-since HEAD
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the hook is a shell script")
def test_hook_of_a_linked_worktree_checks_that_worktree(repository, cli_invoke, monkeypatch):
    """Git sets GIT_DIR and GIT_INDEX_FILE for a hook, which lead nowhere from another folder."""
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(HOOK.format(python=sys.executable), encoding="utf-8")
    hook.chmod(0o755)
    linked = repository.parent / "linked"
    git(repository, "worktree", "add", "-q", linked)
    git(linked, "rm", "-q", f"data/records/2020/{RECORD}.yaml")
    words = ["git", "commit", "-q", "-m", "Remove a record"]
    done = subprocess.run(words, cwd=linked, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    assert "HC951" in done.stderr
    git(linked, "restore", "--staged", "--worktree", ".")
    text = "\n# a comment\n"
    path = linked / f"data/records/2020/{RECORD}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    git(linked, "commit", "-q", "-a", "-m", "Add a comment")


@pytest.mark.parametrize("workspace", [None, ".", "elsewhere"])
def test_paths_for_code_scanning_begin_at_the_checkout(
    workspace, repository, cli_invoke, monkeypatch
):
    """In a subfolder of the repository, and at its top."""
    if workspace:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(repository / workspace))
    path = f"records/2020/{RECORD}.yaml"
    for folder, expected in (("data", f"data/{path}"), ("other", path)):
        if folder == "other":
            shutil.copytree(repository / "data", repository.parent / "other")
            monkeypatch.chdir(repository.parent)
        text = (Path(folder) / path).read_text(encoding="utf-8")
        (Path(folder) / path).write_text(text.replace("country: AZ", "country: XY"), "utf-8")
        command = ("--root", folder, "validate", "-f")
        sarif = json.loads(cli_invoke(*command, "sarif", exit_code=1).stdout)
        uris = {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in sarif["runs"][0]["results"]
        }
        assert uris == {expected}
        assert f"file={expected}," in cli_invoke(*command, "github", exit_code=1).stdout


@pytest.mark.slow
def test_rules_work_without_docstrings(data):
    """Python removes them with PYTHONOPTIMIZE=2; what is missing is said in a line."""
    path = data / f"records/2020/{RECORD}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("date: ", "date: x"), "utf-8")
    environment = {**os.environ, "PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "healthcoop", "validate", *words]
        return subprocess.run(
            command, env=environment, check=False, capture_output=True, encoding="utf-8"
        )

    done = run("-f", "sarif")
    rules = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert done.returncode == 1
    assert {"id": "HC401", "name": "date-form"} in rules
    for words in (["--explain", "HC401"], ["--list-rules"]):
        done = run(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "without docstrings" in done.stderr
