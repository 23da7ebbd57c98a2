"""Two hundred parallel runs with one cache: each returns the whole answer."""

import os
from pathlib import Path

import pytest

from .conftest import Command, Server

pytestmark = pytest.mark.slow

RUNS = 200


def test_two_hundred_parallel_runs_return_the_same_answer(
    data: Path, tmp_path: Path, server: Server
) -> None:
    """The first one builds the index; a hundred list from it, a hundred validate."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    options = [("list", "-f", "json"), ("validate", "-f", "json")]
    commands = [
        Command(
            arguments=options[number % 2],
            environment=environment,
            folder=str(tmp_path),
            stdout=str(tmp_path / f"{number}.out"),
            stderr=str(tmp_path / f"{number}.err"),
            peak=str(tmp_path / f"{number}.peak"),
            unprivileged=False,
        )
        for number in range(RUNS)
    ]
    codes = [code for code, _ in server.start(commands)]
    answers = [(tmp_path / f"{number}.out").read_bytes() for number in range(RUNS)]
    assert set(codes[::2]) == {0}
    assert len(set(answers[::2])) == 1
    assert answers[0].count(b'"id":') == 6
    assert len(set(codes[1::2])) == 1
    assert len(set(answers[1::2])) == 1
    assert b'"records": 7' in answers[1] or b'"records": 6' in answers[1]
    assert not any(b"Traceback" in (tmp_path / f"{n}.err").read_bytes() for n in range(RUNS))
