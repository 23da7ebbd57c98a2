"""The diff of a finding, taken apart: which lines go and which come in their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The lines ``old`` from line ``line`` on, counted from 1, become the lines ``new``."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def changes(diff: str) -> Iterator[Change]:
    """Give what a unified diff of one file changes, in order; nothing where it is no diff."""
    place = 0  # no hunk has begun
    old: list[str] = []
    new: list[str] = []
    for row in [*diff.split("\n"), " "]:
        sign, text = row[:1], row[1:]
        if place and sign == "-":
            old.append(text)
        elif place and sign == "+":
            new.append(text)
        elif sign != "\\":  # a file that ends without a line break says so beside its last line
            if old or new:
                yield Change(line=place, old=tuple(old), new=tuple(new))
            place += len(old) + 1 if place else 0
            old, new = [], []
            if hunk := _HUNK.match(row):
                # Where nothing goes, a diff counts the line before.
                place = int(hunk[1]) + (hunk[2] == "0")
