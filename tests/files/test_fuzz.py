"""A short run of the fuzzer; tests/fuzz/README.md describes the long ones."""

import pytest

from tests.fuzz.__main__ import run_chunk


@pytest.mark.parametrize("number", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_reader_keeps_its_invariants_for_corrupted_files(number: int) -> None:
    """Data or problems, at places inside the file; both parsers agree."""
    tally = run_chunk(7, 0, number, False)
    assert tally.broken == []
    assert number / 10 < tally.read < number * 9 / 10


@pytest.mark.parametrize("number", [50, pytest.param(200, marks=pytest.mark.slow)])
def test_checks_and_layout_keep_their_invariants_for_corrupted_files(number: int) -> None:
    """Checked, located, formatted twice, fixed."""
    tally = run_chunk(8, 0, number, True)
    assert tally.broken == []
    assert number / 10 < tally.read < number * 9 / 10
