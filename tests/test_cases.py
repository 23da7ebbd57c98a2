"""A test that walks a table reports every case that fails."""

import pytest

from tests.cases import each


def test_every_failing_case_is_named_with_what_came_instead():
    """A failed assertion, an exception and a missing exception count as failures."""

    @each(("text", "length"), [("a", 1), ("bc", 3), ("d", 1), (None, 0), ("odd", 3)])
    def measure(text, length):
        if text == "odd":
            pytest.fail("did not raise")
        assert len(text) == length

    with pytest.raises(pytest.fail.Exception) as failure:
        measure()
    first, *failures = str(failure.value).split("\n\n")
    assert first == "3 of 5 cases failed:"
    assert [each.partition(": ")[0] for each in failures] == [
        "('bc', 3)",
        "(None, 0)",
        "('odd', 3)",
    ]
    assert "assert 2 == 3" in failures[0]
    assert "TypeError: object of type 'NoneType' has no len()" in failures[1]


def test_other_arguments_of_the_test_are_fixtures(tmp_path):
    """Two tables give every combination of their cases."""
    seen = []

    @each("one", "ab")
    @each("other", [1, 2])
    def collect(one, tmp_path, other):
        seen.append((one, other, tmp_path))

    collect(tmp_path=tmp_path)
    assert seen == [(one, other, tmp_path) for one in "ab" for other in (1, 2)]
