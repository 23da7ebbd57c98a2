"""``healthcoop duplicates``: pairs with reasons, limits by path and score, exit codes."""

import json
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from healthcoop.checks import duplicates
from healthcoop.checks.duplicates import THRESHOLD

ROOT = Path(__file__).parents[2]
JUDGED = ROOT / "tests" / "data" / "duplicates"
PAIR = ("eg-gr-mou-2023-09-13", "greece-egypt-mou-2023")
NEAR_MISS = ("cn-kr-mou-2023-12-03", "cn-jp-kr-mou-2023-12-03")


@pytest.fixture
def judged_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set of the judged pairs, in folders by the year in the file name."""
    root = tmp_path / "judged_pairs"
    shutil.copytree(ROOT / "schema", root / "schema")
    for path in JUDGED.glob("*.yaml"):
        (year,) = re.findall("(20[0-9]{2})", path.stem)[:1]
        folder = root / "records" / year
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(root))
    return root


def test_pair_has_score_ids_titles_paths_and_reasons(judged_pairs, cli_invoke):
    rows = json.loads(cli_invoke("duplicates", "-f", "json").stdout)
    (row,) = (row for row in rows if {row["id"], row["other"]} == set(PAIR))
    assert THRESHOLD <= row["score"] <= 1
    assert {row["path"], row["other_path"]} == {f"records/2023/{ident}.yaml" for ident in PAIR}
    assert row["title"] != row["other_title"]
    assert "the same parties" in row["reasons"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


@pytest.mark.parametrize(("where", "found"), [("2023/eg-gr-mou-2023-09-13.yaml", 1), ("2021", 1)])
def test_paths_limit_to_pairs_with_a_record_below_them(where, found, judged_pairs, cli_invoke):
    path = judged_pairs / "records" / where
    rows = json.loads(cli_invoke("duplicates", path, "-f", "json").stdout)
    assert len(rows) == found
    assert all(where in row["path"] or where in row["other_path"] for row in rows)


def test_no_pair_is_reported(judged_pairs, cli_invoke):
    done = cli_invoke("duplicates", "--threshold", "1", "--exit-code")
    assert done.stdout == ""
    assert "no pair found" in done.stderr


def test_exit_code_option_fails_on_a_pair(judged_pairs, cli_invoke):
    assert cli_invoke("duplicates").stdout
    assert cli_invoke("duplicates", "--exit-code", exit_code=1).stdout
    assert cli_invoke("duplicates", "--exit-code", judged_pairs / "records" / "2020").stdout == ""


def test_lower_threshold_finds_more_pairs(judged_pairs, cli_invoke):
    def found(*options: str) -> list[set[str]]:
        rows = json.loads(cli_invoke("duplicates", "-f", "json", *options).stdout)
        return [{row["id"], row["other"]} for row in rows]

    assert set(NEAR_MISS) not in found()
    assert set(NEAR_MISS) in found("--threshold", "0.05")
    assert found("--threshold", "1") == []
    assert found("--threshold", str(THRESHOLD)) == found()


def test_number_of_pairs_left_out_is_reported(judged_pairs, cli_invoke, monkeypatch):
    number = len(json.loads(cli_invoke("duplicates", "-f", "json").stdout))
    monkeypatch.setattr(duplicates, "_MAX_FOUND", 2)
    outcome = cli_invoke("duplicates", "-f", "json")
    assert len(json.loads(outcome.stdout)) == 2
    assert f"{number - 2} less likely pairs left out" in outcome.stderr


def test_help_states_the_default_threshold(cli_invoke):
    assert f"[default: {THRESHOLD}]" in " ".join(cli_invoke("duplicates", "--help").stdout.split())


@pytest.mark.parametrize("options", [("--threshold", "2"), ("no/such/path",)])
def test_usage_errors_exit_with_2(options, judged_pairs, cli_invoke):
    cli_invoke("duplicates", *options, exit_code=2)


def test_withdrawn_records_are_not_compared(judged_pairs, cli_invoke):
    path = judged_pairs / "records" / "2023" / f"{PAIR[0]}.yaml"
    withdrawn = 'withdrawn: {date: "2026-11-21", reason: duplicate}\n'
    path.write_text(path.read_text(encoding="utf-8") + withdrawn, encoding="utf-8")
    assert PAIR[0] not in cli_invoke("duplicates").stdout


@pytest.mark.parametrize("width", [80, 200])
def test_terminal_output(width, judged_pairs, terminal, golden):
    shown = terminal("duplicates", width=width)
    assert max(map(cell_len, shown.splitlines())) <= width
    golden(f"cli/duplicates-{width}.txt", shown)


@pytest.mark.parametrize("format_", ["table", "csv"])
def test_piped_output_has_one_line_per_pair(format_, judged_pairs, cli_invoke, golden):
    shown = cli_invoke("duplicates", "--format", format_).stdout
    assert len(shown.splitlines()) == 1 + len(
        json.loads(cli_invoke("duplicates", "-f", "json").stdout)
    )
    golden(f"cli/duplicates.{'txt' if format_ == 'table' else format_}", shown)


@pytest.mark.slow
def test_real_records_have_no_duplicates(cli_invoke):
    assert cli_invoke("--root", ROOT, "duplicates", "--exit-code").stdout == ""
