"""``healthcoop history``: what each revision changed, in text and JSON."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

MEMORANDUM = "2021-az-no-digital-memorandum"
FORMER = "2021-az-no-memorandum"


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Replace all git settings."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Zoë Curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "zoe@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-03-04T12:00:00Z")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def edited(mini: Path, git_settings: None) -> Path:
    """Return the small data set in git, with one record renamed, broken, fixed and reformatted."""
    path = mini / "records" / "2021" / f"{MEMORANDUM}.yaml"
    former = path.with_name(f"{FORMER}.yaml")
    text = path.read_text(encoding="utf-8")

    def commit(subject: str, file: Path, content: str) -> None:
        file.write_text(content, encoding="utf-8")
        git(mini, "add", "records/2021")
        git(mini, "commit", "--quiet", "--message", subject)

    git(mini, "init", "--quiet", "--initial-branch=main")
    git(mini, "config", "core.autocrlf", "false")
    path.rename(former)
    first = text.replace(MEMORANDUM, FORMER).replace("Norway", "Norvay")
    commit("Add a memorandum", former, first)
    former.rename(path)
    commit(
        "Name it by its subject, digital health, \x1b[31mand by its parties",
        path,
        first.replace(FORMER, MEMORANDUM),
    )
    commit("Break it", path, text + "title: once more\n")
    commit("Fix the spelling", path, text)
    commit("Reformat it", path, text.replace("topics: [", "topics: [ "))
    commit("Add a source and a topic", path, add_source(text))
    return mini


def add_source(text: str) -> str:
    source = (
        "sources:\n"
        "  - url: https://www.example.org/a/page/with/a/long/address/that/takes/more/than/a/line\n"
        "    kind: press\n    publisher: U. S. Paper\n    supports: [parties, type]\n"
    )
    return text.replace("sources:\n", source).replace("topics: [", "topics: [tuberculosis, ")


def test_json_has_every_revision_the_latest_first(edited, cli_invoke):
    revisions = json.loads(cli_invoke("history", MEMORANDUM, "-f", "json").stdout)
    keys = ["revision", "day", "author", "subject", "path", "note", "changes"]
    assert [list(revision) for revision in revisions] == [keys] * 6
    assert [revision["subject"].split()[0] for revision in revisions] == [
        *("Add", "Reformat", "Fix", "Break", "Name", "Add"),
    ]
    source, reformatted, fixed, broken, renamed, added = revisions
    assert {change["field"].split(".")[0] for change in source["changes"]} == {"topics", "sources"}
    assert (reformatted["changes"], reformatted["note"][:16]) == ([], "no value changed")
    assert all("Norvay" in change["old"] for change in fixed["changes"])
    assert fixed["changes"]
    assert "Duplicate field" in broken["note"]
    assert renamed["note"] == f"moved from records/2021/{FORMER}.yaml"
    assert renamed["changes"] == [{"field": "id", "old": FORMER, "new": MEMORANDUM}]
    assert (added["note"], added["path"]) == ("added", f"records/2021/{FORMER}.yaml")


def masked(shown: str) -> str:
    """Replace the commit hashes, which change with every byte of the data set."""
    return re.sub(r"(?<=  )[0-9a-f]{10}(?=  )", "0123456789", shown)


def test_terminal_output_matches_the_golden_file(edited, terminal, golden):
    golden("cli/history-80.txt", masked(terminal("history", MEMORANDUM)))


def test_pipe_output_matches_the_golden_file(edited, cli_invoke, golden):
    golden("cli/history.txt", masked(cli_invoke("history", MEMORANDUM).stdout))


@pytest.mark.parametrize("width", [20, 80, 200])
def test_output_fits_the_terminal(width, edited, terminal):
    shown = terminal("history", MEMORANDUM, width=width)
    assert max(map(cell_len, shown.splitlines())) <= width


def test_file_outside_git_is_noted(edited, cli_invoke):
    outcome = cli_invoke("history", "2020-az-tr", "-f", "json")
    assert json.loads(outcome.stdout) == []
    assert "2020-az-tr-ministers-meet.yaml is not in git" in outcome.stderr


def test_data_set_outside_git_is_an_error(mini, git_settings, cli_invoke):
    outcome = cli_invoke("history", MEMORANDUM, exit_code=2)
    assert "not a git repository" in outcome.stderr


def test_missing_git_is_an_error(edited, cli_invoke, monkeypatch):
    monkeypatch.setenv("PATH", str(edited))
    outcome = cli_invoke("history", MEMORANDUM, exit_code=2)
    assert "git is not installed" in outcome.stderr


def test_unknown_record_is_exit_code_1(edited, cli_invoke):
    assert "Did you mean" in cli_invoke("history", "2021-az-no-digital-memo-", exit_code=1).stderr


def test_shallow_clone_is_named(edited, cli_invoke, tmp_path):
    """The record seems to begin with the only commit, whose author did not write it."""
    git(tmp_path, "clone", "--quiet", "--depth", "1", edited.as_uri(), "clone")
    shutil.copytree(edited / "schema", tmp_path / "clone" / "schema")  # not in git there
    outcome = cli_invoke("--root", tmp_path / "clone", "history", MEMORANDUM)
    assert outcome.stdout == ""
    assert "older revisions are not in this clone" in outcome.stderr
    assert "is not in git" not in outcome.stderr
