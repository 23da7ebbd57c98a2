"""``validate --changed``: findings in changed files only, and deleted ids."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

OLD_ERROR = "records/2022/2022-az-cu-minister-ambassador.yaml"
NEW_ERROR = "records/2022/2022-ro-cu-health-agreement.yaml"


@pytest.fixture
def repository(few_records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few of the project's records in a git repository, with one error in the first commit."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    insert_error(few_records, OLD_ERROR)
    git(few_records, "init", "-q", "-b", "main", "--template=")
    commit(few_records, "Begin")
    return few_records


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True)


def commit(root: Path, subject: str) -> None:
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", subject)


def insert_error(root: Path, path: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    (root / path).write_text(text.replace("  - country: CU", "  - country: XY"), encoding="utf-8")


def findings(outcome) -> list[tuple[str, str]]:
    report = json.loads(outcome.stdout)
    return [(each["path"], each["code"]) for each in report["findings"] if each["code"] != "HC505"]


def test_only_findings_in_changed_files_are_reported(repository, cli_invoke):
    validate = ("--root", repository, "validate", "-f", "json")
    git(repository, "switch", "-q", "-c", "mine")
    assert findings(cli_invoke(*validate, "--changed")) == []
    assert findings(cli_invoke(*validate, exit_code=1)) == [(OLD_ERROR, "HC204")]
    insert_error(repository, NEW_ERROR)
    outcome = cli_invoke(*validate, "--changed", exit_code=1)
    assert findings(outcome) == [(NEW_ERROR, "HC204")]
    assert re.search(r"compared with main \([0-9a-f]{10}\): 1 changed file\n", outcome.stderr)
    assert findings(cli_invoke(*validate, "--changed", repository / "records/2021")) == []
    assert findings(cli_invoke(*validate, "--changed-since", "HEAD", exit_code=1)) == [
        (NEW_ERROR, "HC204")
    ]


def test_changed_vocabulary_affects_every_record(repository, cli_invoke):
    git(repository, "switch", "-q", "-c", "mine")
    topics = repository / "schema/topics.yaml"
    topics.write_text(topics.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    outcome = cli_invoke("--root", repository, "validate", "-f", "json", "--changed", exit_code=1)
    assert findings(outcome) == [(OLD_ERROR, "HC204")]
    assert "compared with main" in outcome.stderr
    assert "reporting on all" in outcome.stderr


def test_deleted_record_is_an_error(repository, cli_invoke):
    """It is none if the id becomes a former id of another record."""
    deleted = repository / NEW_ERROR
    text = deleted.read_text(encoding="utf-8")
    deleted.unlink()
    validate = ("--root", repository, "validate", "--changed-since", "HEAD", "-f", "json")
    assert (NEW_ERROR, "HC951") in findings(cli_invoke(*validate, exit_code=1))
    renamed = text.replace("id: 2022-ro-cu-health-agreement", "id: 2022-ro-cu-agreement")
    renamed = f"{renamed.rstrip()}\nformer_ids: [2022-ro-cu-health-agreement]\n"
    deleted.with_name("2022-ro-cu-agreement.yaml").write_text(renamed, encoding="utf-8")
    reported = findings(cli_invoke(*validate))
    assert NEW_ERROR not in [path for path, _ in reported]


def commit_invalid(root: Path) -> None:
    """Commit an invalid record and a deleted id on a new branch."""
    git(root, "switch", "-q", "-c", "feature")
    insert_error(root, NEW_ERROR)
    (root / OLD_ERROR).unlink()
    commit(root, "Change")


def reported(root: Path, cli_invoke) -> set[tuple[str, str]]:
    outcome = cli_invoke("--root", root, "validate", "--changed", "-f", "json", exit_code=1)
    assert "compared with " in outcome.stderr
    return {*findings(outcome)}


def test_file_that_only_looks_like_a_record_is_an_error(repository, cli_invoke):
    """New or renamed; other files below records/ are neither changed records nor deleted ids."""
    readme, renamed = repository / "records/README.txt", f"{NEW_ERROR}.txt"
    for path in (readme, repository / "records/.gitkeep", repository / "records/2022/.old.yaml"):
        path.write_text("id: 2022-x\n", encoding="utf-8")
    commit(repository, "Add a readme")
    git(repository, "switch", "-q", "-c", "mine")
    validate = ("--root", repository, "validate", "-f", "json", "--changed")
    outcome = cli_invoke(*validate)
    assert findings(outcome) == []
    assert ": 0 changed files\n" in outcome.stderr
    readme.write_text("id: 2022-y\n", encoding="utf-8")
    (repository / NEW_ERROR).rename(repository / renamed)
    new = "records/2022/.2022-az-cu-visit.yaml"
    (repository / new).write_text("id: 2022-az-cu-visit\n", encoding="utf-8")
    assert findings(cli_invoke(*validate, exit_code=1)) == [
        (new, "HC909"),
        (NEW_ERROR, "HC951"),
        (renamed, "HC909"),
    ]


def test_branch_without_a_remote_is_compared_with_main(repository, cli_invoke):
    commit_invalid(repository)
    assert {(NEW_ERROR, "HC204"), (OLD_ERROR, "HC951")} <= reported(repository, cli_invoke)


def test_base_without_the_data_set_is_named(repository, cli_invoke):
    """The data set was moved, so that its deleted ids cannot be known."""
    git(repository, "switch", "-q", "-c", "mine")
    (repository / "moved").mkdir()
    git(repository, "mv", "records", "schema", "moved")
    commit(repository, "Move")
    outcome = cli_invoke("--root", repository / "moved", "validate", "--changed", exit_code=1)
    assert "), which has no record in this folder: " in outcome.stderr


@pytest.mark.parametrize(
    "variable",
    [
        *("", pytest.param("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", marks=pytest.mark.slow)),
        pytest.param("CHANGE_TARGET", marks=pytest.mark.slow),
    ],
)
def test_detached_checkout_of_a_ci_system_is_compared_with_the_target(
    variable, repository, cli_invoke, tmp_path, monkeypatch
):
    """Without a local branch, as “git fetch” and “git checkout --detach” leave it."""
    commit_invalid(repository)
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "work")
    git(work, "remote", "add", "origin", str(repository))
    git(work, "fetch", "-q", "origin")
    git(work, "checkout", "-q", "--detach", "origin/feature")
    if variable:
        monkeypatch.setenv(variable, "main")
    assert {(NEW_ERROR, "HC204"), (OLD_ERROR, "HC951")} <= reported(work, cli_invoke)


@pytest.mark.parametrize(
    ("option", "variable"),
    [
        ("--single-branch", ""),
        pytest.param("--no-single-branch", "", marks=pytest.mark.slow),
        pytest.param("--single-branch", "GITHUB_BASE_REF", marks=pytest.mark.slow),
        pytest.param("--no-single-branch", "CHANGE_TARGET", marks=pytest.mark.slow),
    ],
)
def test_shallow_clone_without_the_base_is_an_error(
    option, variable, *, repository, cli_invoke, tmp_path, monkeypatch
):
    commit_invalid(repository)
    git(repository, "switch", "-q", "main")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Go on")
    depth = ("--depth", "1", "--branch", "feature")
    git(tmp_path, "clone", "-q", *depth, option, repository.as_uri(), "work")
    if variable:
        monkeypatch.setenv(variable, "main")
    outcome = cli_invoke("--root", tmp_path / "work", "validate", "--changed", exit_code=2)
    assert "--changed-since REV" in outcome.stderr
    assert "git fetch --unshallow" in outcome.stderr
    assert "fetch-depth: 0" in outcome.stderr


def test_comparison_of_head_with_itself_is_named(repository, cli_invoke, tmp_path):
    """A pushed main branch is its own merge base: a committed error would pass unseen."""
    same = "HEAD is compared with itself: only uncommitted changes are checked\n"
    git(tmp_path, "clone", "-q", str(repository), "work")
    validate = ("--root", tmp_path / "work", "validate", "--changed")
    assert same in cli_invoke(*validate).stderr
    (tmp_path / "work" / OLD_ERROR).unlink()
    assert same in cli_invoke(*validate, exit_code=1).stderr
    commit(tmp_path / "work", "Delete a record")
    assert same not in cli_invoke(*validate, exit_code=1).stderr


def test_main_without_a_remote_and_an_unknown_revision_are_named(repository, cli_invoke):
    """No advice to fetch, since nothing is missing."""
    for options, message in (
        (("--changed",), "you are on main itself"),
        (("--changed-since", "zzz"), "unknown revision “zzz”"),
    ):
        outcome = cli_invoke("--root", repository, "validate", *options, exit_code=2)
        assert message in outcome.stderr
        assert "fetch" not in outcome.stderr
    git(repository, "branch", "-m", "trunk")
    outcome = cli_invoke("--root", repository, "validate", "--changed", exit_code=2)
    assert "no branch to compare with" in outcome.stderr


def test_missing_base_revision_is_an_error_with_a_hint(repository, cli_invoke, monkeypatch):
    """A clone of one branch has no other."""
    monkeypatch.setenv("GITHUB_BASE_REF", "main-line")
    outcome = cli_invoke("--root", repository, "validate", "--changed", exit_code=2)
    assert "main-line” is not in this clone" in outcome.stderr
    assert "fetch-depth: 0" in outcome.stderr
    both = ("validate", "--changed", "--changed-since", "HEAD")
    assert "exclude each other" in cli_invoke("--root", repository, *both, exit_code=2).stderr


def test_explain_prints_the_page_of_every_rule(cli_invoke, tmp_path, monkeypatch):
    """By code or name, in any case, and without a data set."""
    monkeypatch.chdir(tmp_path)
    listed = json.loads(cli_invoke("validate", "--list-rules", "-f", "json").stdout)
    lines = cli_invoke("validate", "--list-rules").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        [row["code"], row["severity"], row["name"]] for row in listed
    ]
    for row in listed:
        page = cli_invoke("validate", "--explain", row["code"]).stdout
        assert page.startswith(f"{row['code']} {row['name']} ({row['severity']})\n\n")
        assert " ".join(page.split()).find(row["summary"]) > 0
        assert cli_invoke("validate", "--explain", row["name"].upper()).stdout == page


def test_unknown_rule_suggests_the_nearest(cli_invoke):
    assert "HC401" in cli_invoke("validate", "--explain", "date-frm", exit_code=2).stderr
    other = cli_invoke("validate", "--explain", "HC499", exit_code=2).stderr
    assert "Did you mean" not in other
    assert "HC401 to HC4" in other
    for none in ("HC9999", "HC2,HC9999"):
        outcome = cli_invoke("validate", "--select", none, exit_code=2)
        assert "Did you mean" not in outcome.stderr
    assert "--list-rules" in cli_invoke("validate", "--explain", "", exit_code=2).stderr
