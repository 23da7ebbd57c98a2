"""Two hundred parallel runs with one cache: each returns the whole answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

RUNS = 200


def test_two_hundred_parallel_runs_return_the_same_answer(data: Path, tmp_path: Path) -> None:
    """The first one builds the index; a hundred list from it, a hundred validate."""
    program = "import sys; sys.argv[0] = 'healthcoop'; from healthcoop.cli import main; main()"
    commands = [["list", "-f", "json"], ["validate", "-f", "json"]]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    running = []
    for number in range(RUNS):
        out = (tmp_path / f"{number}.out").open("wb")
        err = (tmp_path / f"{number}.err").open("wb")
        command = commands[number % 2]
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", program, *command], stdout=out, stderr=err, env=environment
            )
        )
        out.close()
        err.close()
    codes = [process.wait(timeout=300) for process in running]
    answers = [(tmp_path / f"{number}.out").read_bytes() for number in range(RUNS)]
    assert set(codes[::2]) == {0}
    assert len(set(answers[::2])) == 1
    assert answers[0].count(b'"id":') == 6
    assert len(set(codes[1::2])) == 1
    assert len(set(answers[1::2])) == 1
    assert b'"records": 7' in answers[1] or b'"records": 6' in answers[1]
    assert not any(b"Traceback" in (tmp_path / f"{n}.err").read_bytes() for n in range(RUNS))
