"""The command line as a process: full or closed streams, signals, terminals."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import each
from tests.cli.terminals import on_terminal

RUN = [sys.executable, "-m", "healthcoop"]
on_posix = pytest.mark.skipif(os.name != "posix", reason="shells and signals of POSIX")


def shell(line: str, mini: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which ``healthcoop`` is this one; its exit code is the first's."""
    return subprocess.run(
        ["bash", "-c", f'healthcoop() {{ "{sys.executable}" -m healthcoop "$@"; }}\n{line}'],
        capture_output=True,
        check=False,
        cwd=mini,
        encoding="utf-8",
    )


@on_posix
def test_closed_pipe_ends_a_command_quietly(mini):
    done = shell("healthcoop list -f json | true; echo ${PIPESTATUS[0]}", mini)
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.slow
@on_posix
@each("command", ["vocab types", "sql --schema"])
def test_closed_pipe_ends_other_commands_quietly(command, mini):
    done = shell(f"healthcoop {command} | true; echo ${{PIPESTATUS[0]}}", mini)
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.slow
@on_posix
def test_fmt_finishes_when_its_pipe_is_closed(mini):
    for path in (mini / "records").rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"type: ", b"type:   "))
    shell("healthcoop fmt | true", mini)
    assert shell("healthcoop fmt --check", mini).returncode == 0


@pytest.mark.slow
@on_posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_full_disk_is_reported_and_exits_2(mini):
    line = "for c in list '--help' --version; do healthcoop $c >/dev/full; echo $? >&2; done"
    stderr = shell(line, mini).stderr
    assert stderr.count("No space left on device") == 3
    assert [row for row in stderr.splitlines() if row.isdigit()] == ["2"] * 3
    assert "Traceback" not in stderr


@pytest.mark.slow
@on_posix
def test_closed_streams_do_not_change_answer_or_exit_code(mini):
    expected = shell("healthcoop list -f ids", mini).stdout
    assert shell("healthcoop list -f ids 2>&-", mini).stdout == expected
    done = shell(
        "healthcoop list >&-; echo $?; healthcoop list --country x 2>&-; echo $?;"
        "healthcoop nonsense 2>&-; echo $?",
        mini,
    )
    assert (done.stdout, done.stderr) == ("0\n2\n2\n", "")


@on_posix
def test_interrupt_exits_130_without_traceback(mini):
    # Enough files that the work is not done when the interrupt comes; the first gives a sign.
    folder = mini / "records" / "2020"
    content = (folder / "2020-az-tr-ministers-meet.yaml").read_bytes()
    (folder / "2020-a.yaml").write_bytes(b"")
    for number in range(3000):
        (folder / f"2020-az-tr-{number}.yaml").write_bytes(content)
    with subprocess.Popen(
        [*RUN, "fmt", "--check"],
        cwd=mini,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell makes programs in its background ignore the signal, and these tests may be one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stderr is not None
        assert b"not reformatted" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, b"")
    assert b"Traceback" not in stderr


def shown_by(mini: Path, *arguments: str, width: int = 80, **settings: str) -> str:
    return on_terminal(mini, *arguments, width=width, **settings).output


@on_posix
def test_terminal_output_has_width_and_colours(mini):
    shown = shown_by(mini, "list")
    assert "\x1b[" in shown
    assert "6 of 6 records" in shown
    plain = shown_by(mini, "list", width=200, NO_COLOR="1")
    assert "\x1b[" not in plain
    assert max(map(len, plain.splitlines())) > 120


@pytest.mark.slow
@on_posix
def test_terminal_output_has_no_colours_where_none_are_wanted(mini):
    assert max(map(len, shown_by(mini, "list", NO_COLOR="1").splitlines())) <= 80
    assert "\x1b[" not in shown_by(mini, "list", TERM="dumb")
    never = shown_by(mini, "--color", "never", "list", "-f", "table")
    assert "\x1b[" not in never


def test_python_m_runs_the_command(mini):
    done = subprocess.run([*RUN, "--version"], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.startswith("healthcoop ")
