"""Odd input ends in a message and an exit code, never in a traceback."""

import pytest

from tests.cases import each

LONG = "a" * 10_000
ODD = [
    "",
    " ",
    LONG,
    "\udcff",
    "*",
    "[",
    "%",
    "'; DROP TABLE record --",
    "../..",
    "\u202e",
]
FILTERS = [
    *("country", "type", "topic", "region", "person", "text", "since", "until", "year", "place"),
    *("in-force-on", "source", "collection", "id", "columns", "sort", "today"),
]


@pytest.mark.slow
@each("option", FILTERS)
def test_odd_option_value_causes_no_traceback(option, mini, cli_invoke_any):
    for value in ODD:
        outcome = cli_invoke_any("list", f"--{option}", value)
        assert outcome.exit_code in (0, 2), value
        assert outcome.exit_code == 0 or outcome.stderr
        # No bidirectional override of the argument reaches the terminal.
        assert "\u202e" not in outcome.stderr


@each(
    "command",
    [
        ["vocab", "topics"],
        ["show"],
        ["sql"],
        ["validate"],
        ["validate", "--select"],
        ["fmt", "--check"],
        ["stats", "pairs", "--min"],
        ["stats"],
        [],
        ["--root"],
        ["--color"],
        ["vocab"],
        ["list", "--limit"],
        ["list", "--format"],
        ["validate", "--jobs"],
    ],
)
def test_odd_argument_causes_no_traceback(command, mini, cli_invoke_any):
    for value in ODD:
        outcome = cli_invoke_any(*command, value)
        assert outcome.exit_code in (0, 1, 2), value


@each(
    "arguments",
    [
        [],
        ["nonsense"],
        ["list", "--pair", "AZ"],
        ["list", "--limit", "-1"],
        ["list", "-f", "xml"],
        ["list", "--columns"],
        ["stats", "pairs", "--with", "countries"],
        ["show"],
        ["sql"],
        ["sql", "SELECT 1", "--schema"],
        ["vocab"],
    ],
)
def test_wrong_usage_exits_2_without_output(arguments, mini, cli_invoke):
    assert cli_invoke(*arguments, exit_code=2).stdout == ""


def test_misspelt_command_suggests_the_nearest(cli_invoke):
    assert "Did you mean validate" in cli_invoke("validat", exit_code=2).stderr


def test_last_value_of_a_repeated_option_is_used(mini, cli_invoke):
    assert cli_invoke("list", "-f", "json", "-f", "ids").stdout.startswith("1985-")


def test_huge_numbers_are_accepted(mini, cli_invoke):
    assert cli_invoke("stats", "pairs", "--min", "9" * 30, "-f", "csv").stdout.count("\n") == 1
    assert cli_invoke("stats", "matrix", "--top", "9" * 30, "-f", "csv").stdout.count("\n") > 3


@each("option", [("pairs", "--min"), ("matrix", "--top")])
def test_negative_number_is_wrong_usage(option, mini, cli_invoke):
    assert "-1 is not in the range" in cli_invoke("stats", *option, "-1", exit_code=2).stderr


def test_pattern_that_sqlite_refuses_is_wrong_usage(mini, cli_invoke):
    outcome = cli_invoke("list", "--id", "*" * 60_000, exit_code=2)
    assert "the index cannot answer this: LIKE or GLOB pattern too complex" in outcome.stderr


def test_lack_of_memory_is_an_error_in_words(mini, cli_invoke, monkeypatch):
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("healthcoop.index.records.where", fail)
    outcome = cli_invoke("list", exit_code=2)
    assert outcome.stderr == "healthcoop: there is not enough memory\n"
