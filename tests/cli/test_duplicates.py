"""``healthcoop duplicates``: pairs with their reasons, limited by paths, as an exit code."""

import json
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from healthcoop.checks.duplicates import THRESHOLD

ROOT = Path(__file__).parents[2]
JUDGED = ROOT / "tests" / "data" / "duplicates"
PAIR = ("eg-gr-mou-2023-09-13", "greece-egypt-mou-2023")
NEAR_MISS = ("ir-sa-meeting-2025-10-16", "ir-sa-meeting-2025-10-28")


@pytest.fixture
def doubtful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set of the judged pairs, in folders by the year at the end of the file's name."""
    root = tmp_path / "doubtful"
    shutil.copytree(ROOT / "schema", root / "schema")
    for path in JUDGED.glob("*.yaml"):
        (year,) = re.findall("(20[0-9]{2})", path.stem)[:1]
        folder = root / "records" / year
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(root))
    return root


def test_a_pair_comes_with_score_ids_titles_paths_and_reasons(doubtful, cli_invoke):
    rows = json.loads(cli_invoke("duplicates", "-f", "json").stdout)
    (row,) = (row for row in rows if {row["id"], row["other"]} == set(PAIR))
    assert THRESHOLD <= row["score"] <= 1
    assert {row["path"], row["other_path"]} == {f"records/2023/{ident}.yaml" for ident in PAIR}
    assert row["title"] != row["other_title"]
    assert "the same parties" in row["reasons"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


@pytest.mark.parametrize(("where", "found"), [("2023/eg-gr-mou-2023-09-13.yaml", 1), ("2021", 1)])
def test_paths_name_where_one_of_the_two_is(where, found, doubtful, cli_invoke):
    path = doubtful / "records" / where
    rows = json.loads(cli_invoke("duplicates", path, "-f", "json").stdout)
    assert len(rows) == found
    assert all(where in row["path"] or where in row["other_path"] for row in rows)


def test_a_hit_is_an_exit_code_only_when_it_is_asked_for(doubtful, cli_invoke):
    assert cli_invoke("duplicates").stdout
    assert cli_invoke("duplicates", "--exit-code", exit_code=1).stdout
    assert cli_invoke("duplicates", "--exit-code", doubtful / "records" / "2017").stdout == ""


def test_a_lower_threshold_finds_near_misses_too(doubtful, cli_invoke):
    def found(*options: str) -> list[set[str]]:
        rows = json.loads(cli_invoke("duplicates", "-f", "json", *options).stdout)
        return [{row["id"], row["other"]} for row in rows]

    assert set(NEAR_MISS) not in found()
    assert set(NEAR_MISS) in found("--threshold", "0.1")
    assert found("--threshold", "1") == []
    assert found("--threshold", str(THRESHOLD)) == found()


def test_the_help_names_the_threshold_there_is(cli_invoke):
    assert f"[default: {THRESHOLD}]" in " ".join(cli_invoke("duplicates", "--help").stdout.split())


@pytest.mark.parametrize("options", [("--threshold", "2"), ("no/such/path",)])
def test_wrong_usage_is_exit_code_2(options, doubtful, cli_invoke):
    cli_invoke("duplicates", *options, exit_code=2)


def test_withdrawn_records_are_no_duplicates(doubtful, cli_invoke):
    path = doubtful / "records" / "2023" / f"{PAIR[0]}.yaml"
    withdrawn = 'withdrawn: {date: "2026-11-21", reason: told twice}\n'
    path.write_text(path.read_text(encoding="utf-8") + withdrawn, encoding="utf-8")
    assert PAIR[0] not in cli_invoke("duplicates").stdout


@pytest.mark.parametrize("width", [80, 200])
def test_a_terminal_shows_what_was_last_looked_at(width, doubtful, terminal, golden):
    shown = terminal("duplicates", width=width)
    assert max(map(cell_len, shown.splitlines())) <= width
    golden(f"cli/duplicates-{width}.txt", shown)


@pytest.mark.parametrize("format_", ["table", "csv"])
def test_a_pipe_gets_a_line_a_pair(format_, doubtful, cli_invoke, golden):
    shown = cli_invoke("duplicates", "--format", format_).stdout
    assert len(shown.splitlines()) == 1 + len(
        json.loads(cli_invoke("duplicates", "-f", "json").stdout)
    )
    golden(f"cli/duplicates.{'txt' if format_ == 'table' else format_}", shown)


def test_the_real_records_tell_no_event_twice(cli_invoke):
    assert cli_invoke("--root", ROOT, "duplicates", "--exit-code").stdout == ""
