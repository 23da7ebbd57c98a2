"""A short run of the fuzzer; tests/fuzz/README.md tells of the long ones."""

from tests.fuzz.__main__ import run_chunk


def test_no_spoilt_file_breaks_a_promise_of_the_reader() -> None:
    """Data or problems, at places inside the file, and the two ways of reading agree."""
    tally = run_chunk(7, 0, 1000, False)
    assert tally.broken == []
    assert 100 < tally.read < 900


def test_no_spoilt_file_breaks_a_promise_of_the_checks_or_the_layout() -> None:
    """Judged, placed, laid out twice, edited."""
    tally = run_chunk(8, 0, 200, True)
    assert tally.broken == []
    assert 20 < tally.read < 180
