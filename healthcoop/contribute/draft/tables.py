"""The table of names of places and bodies, and phrases of tables as regular expressions."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


@cache
def name_table() -> dict[str, Any]:
    """Return the sections of ``names.toml``: capitals, cities, regions, bodies by country."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def alternatives(phrases: Iterable[str]) -> str:
    """Return a regular expression that matches any of the phrases of a table, as whole words.

    In a phrase ``*`` stands for the rest of a word, ``...`` for up to four words between, and ``|``
    stands between words of which any may be there.
    """
    longest_first = sorted(phrases, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(_expression, longest_first)) or '(?!)'})(?!\w)"


_GAP = r"(?:,?\s+[^\s.;]+){0,4}?,?"


def _expression(phrase: str) -> str:
    pieces: list[str] = []
    for word in phrase.split():
        if word == "...":
            pieces.append(_GAP)
        else:
            pieces += [r"\s+", re.escape(word).replace(r"\*", r"\w*").replace(r"\|", "|")]
            if "|" in word:
                pieces[-1] = f"(?:{pieces[-1]})"
    return "".join(pieces).removeprefix(r"\s+")
