"""Text of a stranger's files is no command to the CI system that logs our output."""

import json

import pytest

from tests.cases import each

COMMAND = "::error::pwn ##[error]pwn"
RECORD = f"""\
id: 2020-az-tr-log
type: meeting
title: "{COMMAND}"
date: "2020-03-04"
parties:
  - country: AZ
    bodies: ["{COMMAND}"]
  - country: TR
people:
  - {{name: "{COMMAND}", role: "{COMMAND}", party: AZ}}
topics: [vaccines]
summary: >-
  Ministers said:

  ::error::pwn ##[error]pwn
sources:
  - url: https://example.org/a
    kind: copy
    quote: "{COMMAND}"
    supports: [date, "{COMMAND}"]
collection: news-search-2026
"""
OTHER = RECORD.replace("2020-az-tr-log", COMMAND).replace("copy", '"##[error]pwn"')
COLUMNS = "id,title,bodies,summary"


@pytest.fixture
def hostile(mini, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    folder = mini / "records" / "2020"
    (folder / "2020-az-tr-log.yaml").write_text(RECORD, encoding="utf-8")
    (folder / "::error::pwn ##[error]pwn.yaml").write_text(OTHER, encoding="utf-8")
    accepted = f'accepted:\n  - {{code: HC501, record: "{COMMAND}", reason: x}}\n'
    (mini / "schema" / "accepted.yaml").write_text(accepted, encoding="utf-8")


@each(
    "command",
    [
        *(["validate", "-f", name] for name in ("text", "json", "github", "sarif", "junit")),
        *(["fmt", "--check"], ["fmt", "--check", "--diff"], ["duplicates"]),
        *(["list", "-f", name] for name in ("ids", "table", "json", "jsonl", "markdown", "tsv")),
        ["list", "-f", "table", "--columns", COLUMNS],
        *(["show", "2020-az-tr-log", "-f", name] for name in ("text", "json", "markdown", "csl")),
        *(["pair", "AZ", "TR", "-f", name] for name in ("text", "json", "markdown", "html")),
        *(["show", COMMAND], ["list", "--country", COMMAND], ["vocab", "topics", COMMAND]),
        *(["summary"], ["summary", "-f", "json"], ["sql", "SELECT title FROM records"]),
    ],
)
def test_no_line_is_a_command_that_a_file_or_argument_contains(command, hostile, cli_invoke_any):
    outcome = cli_invoke_any(*command)
    lines = f"{outcome.stdout}\n{outcome.stderr}".splitlines()
    assert [line for line in lines if "##[" in line] == []
    assert [line for line in lines if line.strip().startswith("::error::pwn")] == []


def test_no_csv_line_begins_with_a_command(hostile, cli_invoke):
    lines = cli_invoke("list", "-f", "csv", "--columns", COLUMNS).stdout.splitlines()
    assert any("'::error::pwn" in line for line in lines)
    assert [line for line in lines if line.strip('" ').startswith("::")] == []


def test_json_keeps_the_text(hostile, cli_invoke):
    titles = [row["title"] for row in json.loads(cli_invoke("list", "-f", "json").stdout)]
    assert titles.count(COMMAND) == 2
