"""Mistakes in the punctuation of a line: hyphen, colon, and the plain space after each."""

import re
from collections.abc import Callable

from healthcoop.files.visible import character_name
from healthcoop.model.spec import ORDER

Words = tuple[str, str]
"""A message and a hint."""

ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Characters that only look like a space, as ranges for a regular expression."""

_FIELDS = frozenset().union(*ORDER.values())
_LONGEST_SHOWN = 120  # characters of a line that a hint repeats
_ODD = re.compile(f"[{ODD_SPACES}]")
_ITEM = "A list item begins with a hyphen (-) and a space"


def describe_line(line: str, *, any_name: bool = False) -> tuple[int, Words] | None:
    """Return the column of a mistake that a line shows by itself, with a message and a hint.

    ``any_name`` accepts names that are not fields, where the line is known to be invalid. None
    where there is no such mistake.
    """
    for pattern, explain in _MISTAKES:
        match = pattern.fullmatch(line)
        if match and (any_name or "name" not in match.re.groupindex or match["name"] in _FIELDS):
            return len(match["indent"]), explain(match)
    return None


def _written(match: re.Match[str], before: str, otherwise: str) -> str:
    """Return the hint with the line as it should be, or ``otherwise`` where it is too long."""
    words = _ODD.sub(" ", match["rest"]).split()
    text = (before + " ".join(words)).rstrip()
    # Another field was in a line of its own, which a parser joined with this one.
    joined = any(word.partition(":")[0] in _FIELDS for word in words[1:] if ":" in word)
    return f"Write “{text}”." if len(text) <= _LONGEST_SHOWN and not joined else otherwise


def _after_hyphen(match: re.Match[str]) -> Words:
    hint = _written(match, "- ", "Write a space after it.")
    return "There is no space after the hyphen.", hint


def _odd_after_hyphen(match: re.Match[str]) -> Words:
    message = f"After the hyphen is {character_name(match['odd'])}, not a plain space."
    return message, _written(match, "- ", "Write a plain space.")


def _no_hyphen(match: re.Match[str]) -> Words:
    message = f"{_ITEM}, not with “{match['mark']}”."
    return message, _written(match, "- ", "Write “- ”.")


def _after_colon(match: re.Match[str]) -> Words:
    field = f"{match['name']}:"
    hint = _written(match, f"{field} ", f"Write a space after “{field}”.")
    return "There is no space after the colon.", hint


def _odd_after_colon(match: re.Match[str]) -> Words:
    field = f"{match['name']}:"
    message = f"After the colon is {character_name(match['odd'])}, not a plain space."
    return message, _written(match, f"{field} ", f"Write a plain space after “{field}”.")


def _odd_colon(match: re.Match[str]) -> Words:
    field = f"{match['name']}:"
    message = f"“{match['mark']}” is not the colon that YAML expects after the name of a field."
    hint = f"Write a plain colon and a space: “{field} ”."
    return message, _written(match, f"{field} ", hint)


_NAME = "(?P<indent> *)(?:- +)?(?P<name>[A-Za-z_]+)"
_MISTAKES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Words]], ...] = tuple(
    (re.compile(pattern), explain)
    for pattern, explain in (
        (r"(?P<indent> *)-(?P<rest>[A-Za-z].*)", _after_hyphen),
        (f"(?P<indent> *)-(?P<odd>[{ODD_SPACES}])(?P<rest>.*)", _odd_after_hyphen),
        (
            r"(?P<indent> *)(?P<mark>[‐-―−•‣◦·∙●▪*+])\s*(?P<rest>(?P<name>[A-Za-z_]+):.*)",
            _no_hyphen,
        ),
        (rf"{_NAME}\s*(?P<mark>[：﹕︓ː∶꞉])(?P<rest>.*)", _odd_colon),
        (f"{_NAME}:(?P<odd>[{ODD_SPACES}])(?P<rest>.*)", _odd_after_colon),
        (f"{_NAME}:(?P<rest>[^ /].*)", _after_colon),
    )
)
