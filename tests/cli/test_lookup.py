"""``healthcoop vocab`` and ``healthcoop sql``."""

import csv
import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.cases import each


@each("text", ["tr", "TURKEY", "türk"])
def test_country_is_found_by_code_or_any_name(text, mini, cli_invoke):
    found = json.loads(cli_invoke("vocab", "countries", text, "-f", "json").stdout)
    assert "TR" in [entry["code"] for entry in found]


def test_vocabulary_entry_has_every_key(mini, cli_invoke):
    found = json.loads(cli_invoke("vocab", "countries", "-f", "json").stdout)
    keys = ["code", "label", "kind", "names", "definition", "from", "until"]
    assert [list(entry) for entry in found] == [keys] * 7
    assert (found[1]["from"], found[-1]["until"]) == (None, "1991-12-26")


def test_text_without_a_match_is_an_empty_result(mini, cli_invoke):
    assert cli_invoke("vocab", "topics", "zzzz").stdout == ""
    assert json.loads(cli_invoke("vocab", "topics", "zzzz", "-f", "json").stdout) == []


def test_unknown_vocabulary_lists_the_choices(mini, cli_invoke):
    outcome = cli_invoke("vocab", "countrys", exit_code=2)
    assert "countries" in outcome.stderr


def test_sql_writes_every_format(mini, cli_invoke):
    statement = "SELECT id, title FROM records WHERE NOT withdrawn ORDER BY id"
    found = json.loads(cli_invoke("sql", statement, "-f", "json").stdout)
    assert len(found) == 6
    lines = cli_invoke("sql", statement, "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == found
    assert yaml.load(cli_invoke("sql", statement, "-f", "yaml").stdout, yaml.SafeLoader) == found
    text = cli_invoke("sql", statement, "-f", "csv").stdout
    cells = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [cell["id"] for cell in cells] == [row["id"] for row in found]


def test_sql_reads_a_statement_from_a_file_or_standard_input(mini, cli_invoke, tmp_path):
    statement = "SELECT count(*) AS n -- of Baku\nFROM records WHERE year > :year"
    file = tmp_path / "question.sql"
    file.write_bytes(b"\xef\xbb\xbf" + statement.encode())
    given = ("-p", "year", "2021", "-f", "csv")
    expected = cli_invoke("sql", statement, *given).stdout
    assert cli_invoke("sql", *given, stdin=statement).stdout == expected
    assert cli_invoke("sql", "-", *given, stdin=statement).stdout == expected
    assert cli_invoke("sql", "--file", file, *given).stdout == expected
    assert cli_invoke("sql", "--file", "-", *given, stdin=statement).stdout == expected


@each(
    ("arguments", "message"),
    [
        (["--file", "absent.sql"], "cannot read absent.sql"),
        (["--file", "records"], "cannot read records"),
        (["--file", "latin1.sql"], "latin1.sql is not UTF-8"),
        (["--file", "long.sql"], "the statement has more than 1,000,000 bytes"),
        (["--file", "latin1.sql", "SELECT 1"], "write a statement or --file F, not both"),
        (["--file", "latin1.sql", "--schema"], "--schema prints the views"),
        ([""], "write a statement, or --file F"),
        (["-"], "there is no SELECT"),
        ([], "there is no SELECT"),  # in standard input
        (["latin1.sql"], "to read a file: --file latin1.sql"),
    ],
)
def test_sql_without_a_readable_statement_exits_2(arguments, message, mini, cli_invoke):
    Path("latin1.sql").write_bytes("SELECT 'é'".encode("latin-1"))
    Path("long.sql").write_bytes(b" " * 1_000_001)
    outcome = cli_invoke("sql", *arguments, exit_code=2)
    assert (outcome.stdout, message in outcome.stderr) == ("", True)


def test_sql_takes_named_parameters(mini, cli_invoke):
    statement = "SELECT count(*) AS n FROM records WHERE type = :type AND year >= :since"
    outcome = cli_invoke("sql", statement, "-p", "type", "memorandum", "-p", "since", "1900")
    assert outcome.stdout.split() == ["n", "0"]
    given = ("sql", statement, "--param", "type", "mou", "-p", "since", "1900", "-f", "json")
    assert json.loads(cli_invoke(*given).stdout)[0]["n"] > 0


@each(
    ("value", "type_"),
    [
        *(("8", "integer"), ("-2", "integer"), ("0.5", "real"), ("008", "text"), ("AZ", "text")),
        *(("2022-10", "text"), ("1e5", "text"), ("", "text"), ("9" * 30, "text"), ("٣", "text")),
    ],
)
def test_numeric_parameter_is_a_number(value, type_, mini, cli_invoke):
    given = ("sql", "SELECT typeof(:x) AS t, :x || '' AS x", "-p", "x", value, "-f", "json")
    assert json.loads(cli_invoke(*given).stdout) == [{"t": type_, "x": value}]


ENDLESS = "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "options", "message"),
    [
        (ENDLESS + "SELECT max(i) FROM c", ["--timeout", 1], "took more than 1 s"),
        (ENDLESS + "SELECT i, randomblob(1000000) FROM c ORDER BY 2", [], "memory"),
        (ENDLESS + "SELECT group_concat(i) FROM c", ["--timeout", 1], "took more than 1 s"),
        (ENDLESS + "SELECT i FROM c", [], "too large for a table"),
        (
            "SELECT instr(printf('%.*c', 3900000, 'a'), printf('%.*c', 1900000, 'a') || 'b')",
            ["--timeout", 1],
            "took more than 1 s",
        ),
    ],
)
def test_sql_is_limited_in_time_and_memory(statement, options, message, mini):
    # In a process of its own: the bound of memory is one of the process, and the last one dies.
    begun = time.monotonic()
    command = [sys.executable, "-m", "healthcoop", "sql", statement, *map(str, options)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert time.monotonic() - begun < 30
    assert (done.returncode, done.stdout) == (2, "")
    first, *_ = done.stderr.splitlines()
    assert message in first


def test_sql_schema_lists_the_views(mini, cli_invoke):
    assert cli_invoke("sql", "--schema").stdout.startswith("records: ")


def test_sql_schema_fits_the_width_and_has_formats(mini, cli_invoke, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    text = cli_invoke("--color", "always", "sql", "--schema").stdout
    assert max(map(len, text.splitlines())) <= 60
    rows = json.loads(cli_invoke("sql", "--schema", "-f", "json").stdout)
    assert {"view": "parties", "column": "code"}.items() <= rows[23].items()
    assert all(row["view"] in text and row["column"] in text for row in rows)


def test_wide_rows_are_shown_as_lines_on_a_terminal(mini, cli_invoke, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    statement = "SELECT * FROM records ORDER BY id LIMIT 2"
    lines = cli_invoke("--color", "always", "sql", statement).stdout.splitlines()
    names = [re.sub(r"\x1b\[[0-9;]*m", "", line).split(" ")[0] for line in lines]
    suggested = [name for name in names if name in ("id", "title", "withdrawn", "path")]
    assert suggested == ["id", "title", "path", "withdrawn"] * 2
    few = cli_invoke("--color", "always", "sql", "SELECT id, title FROM records LIMIT 2").stdout
    assert re.search(r"id.*title", few.splitlines()[0])


def test_sql_json_is_valid_for_every_value(mini, cli_invoke):
    statement = "SELECT 1e999 AS big, -1e999 AS small, x'00ff' AS bytes, NULL AS n, 1 AS big"
    text = cli_invoke("sql", statement, "-f", "json").stdout

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    assert json.loads(text, parse_constant=refuse) == [
        {"big": "inf", "small": "-inf", "bytes": "00ff", "n": None, "big_2": 1}
    ]


@each("format_", ["table", "csv", "tsv", "markdown", "json", "yaml"])
def test_sql_column_may_have_any_name(format_, mini, cli_invoke):
    statement = 'SELECT 1 AS "=a\tb\n|c", 2 AS "[bold]"'
    text = cli_invoke("sql", statement, "-f", format_).stdout
    if format_ == "tsv":
        assert text == "'=a b |c\t[bold]\n1\t2\n"
    if format_ == "markdown":
        assert text.splitlines()[0] == "| =a b \\|c | \\[bold\\] |"
    if format_ == "csv":
        assert next(csv.reader(io.StringIO(text, newline="")))[0] == "'=a\tb\n|c"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM records",
        "DROP VIEW records",
        "PRAGMA user_version = 1",
        "ATTACH 'other.sqlite' AS other",
        "SELECT 1; SELECT 2",
        "SELECT",
        "SELECT ?",
        "SELECT nothing FROM records",
        "SELECT load_extension('x')",
        "\udcff",
        "VACUUM INTO 'copy.sqlite'",
    ],
)
def test_sql_is_read_only_and_reports_errors(statement, mini, cli_invoke, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    outcome = cli_invoke("sql", statement, exit_code=2)
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("healthcoop: SQL: ")
    assert sorted(tmp_path.iterdir()) == before
