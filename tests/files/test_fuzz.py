"""A short run of the fuzzer; tests/fuzz/README.md describes the long ones."""

from tests.fuzz.__main__ import run_chunk


def test_reader_keeps_its_invariants_for_corrupted_files() -> None:
    """Data or problems, at places inside the file; both parsers agree."""
    tally = run_chunk(7, 0, 1000, False)
    assert tally.broken == []
    assert 100 < tally.read < 900


def test_checks_and_layout_keep_their_invariants_for_corrupted_files() -> None:
    """Checked, located, formatted twice, fixed."""
    tally = run_chunk(8, 0, 200, True)
    assert tally.broken == []
    assert 20 < tally.read < 180
