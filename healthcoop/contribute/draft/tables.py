"""The table of names of places and bodies, and phrases of tables as regular expressions."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from healthcoop.contribute.draft.inflection import conjugated


@cache
def name_table() -> dict[str, Any]:
    """Return the sections of ``names.toml``: capitals, cities, regions, bodies by country."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def alternatives(phrases: Iterable[str], endings: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return a regular expression that matches any of the phrases of a table, as whole words.

    In a phrase ``*`` stands for the rest of a word, ``...`` for up to four words between, and ``|``
    stands between words of which any may be there. With ``endings``, a word matches in all the
    forms that ``conjugated`` gives.
    """
    longest_first = sorted(phrases, key=len, reverse=True)
    found = "|".join(_expression(each, endings or {}) for each in longest_first)
    return rf"(?<!\w)(?:{found or '(?!)'})(?!\w)"


_GAP = r"(?:,?\s+[^\s.;]+){0,4}?,?"


def _expression(phrase: str, endings: Mapping[str, Sequence[str]]) -> str:
    pieces: list[str] = []
    for word in phrase.split():
        if word == "...":
            pieces.append(_GAP)
            continue
        forms = [form for each in word.split("|") for form in conjugated(each, endings)]
        escaped = [re.escape(form).replace(r"\*", r"\w*") for form in dict.fromkeys(forms)]
        pieces += [r"\s+", escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"]
    return "".join(pieces).removeprefix(r"\s+")
