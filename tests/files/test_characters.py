"""A file that is plain has no text to which a text rule objects."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks.registry import rules
from healthcoop.files.characters import is_plain

CHECKS = [rule.of_text for rule in rules().values() if rule.of_text]


@cache
def plain() -> list[str]:
    """Return the plain characters of the first plane before the surrogates."""
    return [letter for letter in map(chr, range(0x20, 0xD800)) if is_plain(letter.encode())]


def _objections(text: str) -> list[str]:
    problems = (check(("title",), text) for check in CHECKS)
    return [problem.message for problem in problems if problem]


def test_letters_of_many_scripts_are_plain() -> None:
    """Names of persons and places in their own script cost no more than English ones."""
    for text in (
        "Ilham Əliyev",
        "São Paulo",
        "Минздрав",
        "שלום",
        "وزارة",
        "मंत्री",
        "საქართველო",
        "卫生部",
    ):
        assert is_plain(text.encode()), text


def test_no_rule_objects_to_a_plain_character() -> None:
    """Alone, doubled, or among letters and digits."""
    texts = [f"{letter} a{letter}a {letter}{letter} 1{letter}" for letter in plain()]
    assert len(texts) > 30_000
    assert [found for text in texts if is_plain(text.encode()) for found in _objections(text)] == []


@pytest.mark.slow
def test_no_rule_objects_to_pairs_of_plain_characters() -> None:
    """Of the letters below the Chinese ones, whose pairs could combine or be garbled."""
    letters = [letter for letter in plain() if letter < "\u0700"][::7]
    texts = map("".join, product(letters, letters))
    assert [found for text in texts if is_plain(text.encode()) for found in _objections(text)] == []


@given(
    st.text(
        st.deferred(lambda: st.sampled_from(plain())) | st.characters(max_codepoint=0x24F),
        max_size=12,
    )
)
def test_no_rule_objects_to_a_plain_text(text: str) -> None:
    """Any plain characters may be next to each other."""
    assert not is_plain(text.encode()) or _objections(text) == []
