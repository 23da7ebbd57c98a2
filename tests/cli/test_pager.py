"""The pager: which results go through it, how it ends, and the exit code after it."""

import os
import shlex
import sys

import pytest

from tests.cli.terminals import on_terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
MARK = "sed s/^/PAGED:/"
SELECTED = "SELECT a.id FROM records a, records b, records c, records d, records e"
MANY = ("sql", f"{SELECTED} LIMIT 9999", "-f", "csv")
"""A result of 10,000 lines, more than a pipe buffers."""


def lines(output):
    return [line for line in output.splitlines() if not line.startswith("healthcoop: ")]


def test_result_longer_than_the_screen_goes_through_the_pager(mini, cli_invoke):
    expected = cli_invoke("list", "-f", "ids").stdout.splitlines()
    assert len(expected) == 6

    def shown(**settings):
        return lines(on_terminal(mini, "list", "-f", "ids", **settings).output)

    paged = [f"PAGED:{line}" for line in expected]
    assert shown(height=6, HEALTHCOOP_PAGER=MARK, PAGER="false") == paged
    assert shown(height=7, PAGER=MARK) == expected
    assert shown(height=7, PAGER=MARK, width=20) == paged  # long lines need several rows


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["--no-pager", *MANY], {"PAGER": MARK}),
        pytest.param(MANY, {"PAGER": MARK, "TERM": "dumb"}, marks=pytest.mark.slow),
        pytest.param(MANY, {"PAGER": ""}, marks=pytest.mark.slow),
        pytest.param(MANY, {"PAGER": "cat"}, marks=pytest.mark.slow),
        pytest.param(MANY, {"PAGER": MARK, "HEALTHCOOP_PAGER": ""}, marks=pytest.mark.slow),
    ],
)
def test_no_pager_is_used(arguments, settings, mini):
    run = on_terminal(mini, *arguments, **settings)
    assert run.exit_code == 0
    assert len(lines(run.output)) == 10000
    assert "PAGED" not in run.output


@pytest.mark.slow
def test_pipe_and_output_file_have_no_pager(mini, cli_invoke, monkeypatch):
    monkeypatch.setenv("PAGER", "false")
    assert cli_invoke("--color", "always", *MANY).stdout.count("\n") == 10000
    run = on_terminal(mini, *MANY, "-o", "out", PAGER=MARK)
    assert run == (0, "healthcoop: written to out\n")
    assert (mini / "out").read_bytes().decode() == cli_invoke(*MANY).stdout


@pytest.mark.slow
def test_colours_reach_the_pager(mini):
    output = on_terminal(mini, "list", height=5, PAGER=MARK).output
    assert "\x1b[" in output
    assert "PAGED:" in output


@pytest.mark.slow
def test_leaving_the_pager_early_is_quiet_and_keeps_the_exit_code(mini):
    assert on_terminal(mini, *MANY, PAGER="head -n 2").exit_code == 0
    (mini / "records" / "2023" / "2023-bad.yaml").write_text("id: [", encoding="utf-8")
    for pager in ("head -n 2", "true"):
        run = on_terminal(mini, *MANY, PAGER=pager)
        assert run.exit_code == 1
        assert "1 file is missing from this answer" in run.output
        assert "rror" not in run.output


@pytest.mark.slow
def test_interrupt_is_left_to_the_pager(mini, tmp_path):
    """The whole result still arrives, as it must where the pager only stops what it does."""
    pager = tmp_path / "pager.py"
    pager.write_text(
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append('interrupted'))\n"
        "print('ready', flush=True)\n"
        "while not seen:\n"
        "    time.sleep(0.01)\n"
        "print(*seen)\n"
        "print(len(sys.stdin.readlines()))\n",
        encoding="utf-8",
    )
    command = shlex.join([sys.executable, str(pager)])
    run = on_terminal(mini, *MANY, PAGER=command, keys={"ready\r\n": b"\x03"})
    assert run.exit_code == 0
    assert run.output.replace("^C", "").split() == ["ready", "interrupted", "10000"]


@pytest.mark.slow
def test_interrupt_that_ends_the_pager_ends_the_command_quietly(mini):
    run = on_terminal(mini, *MANY, PAGER="echo ready; exec sleep 20", keys={"ready\r\n": b"\x03"})
    assert run.exit_code in (0, 130)  # 130 where the pager ended before the signal was handled
    assert run.output.split() == ["ready", "^C"]


@pytest.mark.slow
def test_pager_that_cannot_be_run_is_reported(mini):
    """The result is printed, as without a pager, and of any length once."""
    bare = lines(on_terminal(mini, "--no-pager", *MANY).output)
    run = on_terminal(mini, *MANY, PAGER="no-such-program -x")
    assert run.exit_code == 0
    assert "healthcoop: cannot run the pager: no-such-program -x\n" in run.output
    assert "--no-pager" in run.output
    assert run.output.splitlines()[-len(bare) :] == bare
    assert run.output.splitlines().count("id") == 1


def test_sql_on_a_terminal_does_not_wait_for_a_statement(mini):
    run = on_terminal(mini, "sql")
    assert run.exit_code == 2
    assert "write a statement" in run.output


@pytest.mark.slow
def test_number_of_records_is_above_the_first_page(mini):
    shown = on_terminal(mini, "list", height=5, PAGER=MARK).output.splitlines()
    assert shown[0] == "healthcoop: 6 of 6 records"
    assert "PAGED" in shown[1]


@pytest.mark.slow
def test_less_has_the_settings_of_git(mini):
    shown = "echo $LESS"
    assert lines(on_terminal(mini, *MANY, PAGER=shown).output) == ["FRX"]
    assert lines(on_terminal(mini, *MANY, PAGER=shown, LESS="S").output) == ["S"]


@pytest.mark.slow
def test_error_after_the_first_screen_is_reported_after_the_pager(mini):
    overflow = "iif(a.id GLOB '2023-cu*', abs(-9223372036854775808), a.id)"
    statement = f"{SELECTED.replace('a.id', overflow)} ORDER BY a.id"
    run = on_terminal(mini, "sql", statement, "-f", "csv", PAGER=MARK)
    assert run.exit_code == 2
    assert lines(run.output)[0].startswith("PAGED:")
    assert run.output.splitlines()[-1].startswith(("healthcoop: SQL: integer overflow", "  "))
