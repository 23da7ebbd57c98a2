"""``healthcoop history``: what each revision changed, in text and JSON."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

MEMORANDUM = "2021-az-no-digital-memorandum"
FORMER = "2021-az-no-memorandum"


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def surrounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of git's but ours."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Zoë Curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "zoe@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-03-04T12:00:00Z")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def told(mini: Path, surrounded: None) -> Path:
    """The small data set in git, one record of it renamed, broken, mended and laid out anew."""
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
    commit("Mend the spelling", path, text)
    commit("Lay it out", path, text.replace("topics: [", "topics: [ "))
    commit("Add a source and a topic", path, add_source(text))
    return mini


def add_source(text: str) -> str:
    source = (
        "sources:\n"
        "  - url: https://www.example.org/a/page/with/a/long/address/that/takes/more/than/a/line\n"
        "    kind: press\n    publisher: U. S. Paper\n    supports: [parties, type]\n"
    )
    return text.replace("sources:\n", source).replace("topics: [", "topics: [tuberculosis, ")


def test_json_has_every_revision_the_latest_first(told, cli_invoke):
    states = json.loads(cli_invoke("history", MEMORANDUM, "-f", "json").stdout)
    keys = ["revision", "day", "author", "subject", "path", "note", "changes"]
    assert [list(state) for state in states] == [keys] * 6
    assert [state["subject"].split()[0] for state in states] == [
        *("Add", "Lay", "Mend", "Break", "Name", "Add"),
    ]
    source, layout, mended, broken, renamed, added = states
    assert {change["field"].split(".")[0] for change in source["changes"]} == {"topics", "sources"}
    assert (layout["changes"], layout["note"][:16]) == ([], "no value changed")
    assert all("Norvay" in change["old"] for change in mended["changes"])
    assert mended["changes"]
    assert "second time" in broken["note"]
    assert renamed["note"] == f"moved from records/2021/{FORMER}.yaml"
    assert renamed["changes"] == [{"field": "id", "old": FORMER, "new": MEMORANDUM}]
    assert (added["note"], added["path"]) == ("added", f"records/2021/{FORMER}.yaml")


def masked(shown: str) -> str:
    """Give all commits one name: theirs change with every byte of the data set."""
    return re.sub(r"(?<=  )[0-9a-f]{10}(?=  )", "0123456789", shown)


def test_a_terminal_shows_what_was_last_looked_at(told, terminal, golden):
    golden("cli/history-80.txt", masked(terminal("history", MEMORANDUM)))


def test_a_pipe_gets_what_was_last_looked_at(told, cli_invoke, golden):
    golden("cli/history.txt", masked(cli_invoke("history", MEMORANDUM).stdout))


@pytest.mark.parametrize("width", [20, 80, 200])
def test_it_fits_the_terminal(width, told, terminal):
    shown = terminal("history", MEMORANDUM, width=width)
    assert max(map(cell_len, shown.splitlines())) <= width


def test_a_file_that_is_not_in_git_says_so(told, cli_invoke):
    outcome = cli_invoke("history", "2020-az-tr", "-f", "json")
    assert json.loads(outcome.stdout) == []
    assert "2020-az-tr-ministers-meet.yaml is not in git" in outcome.stderr


def test_a_data_set_outside_of_git_says_so(mini, surrounded, cli_invoke):
    outcome = cli_invoke("history", MEMORANDUM, exit_code=2)
    assert "not a git repository" in outcome.stderr


def test_without_git_it_says_what_is_missing(told, cli_invoke, monkeypatch):
    monkeypatch.setenv("PATH", str(told))
    outcome = cli_invoke("history", MEMORANDUM, exit_code=2)
    assert "git is not installed" in outcome.stderr


def test_a_record_that_is_not_there_is_exit_code_1(told, cli_invoke):
    assert "Did you mean" in cli_invoke("history", "2021-az-no-digital-memo-", exit_code=1).stderr
