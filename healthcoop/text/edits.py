"""Small edits of a file by the place where a value stands, so that nothing else changes."""

from dataclasses import dataclass

from healthcoop.text.reader import Pointer


@dataclass(frozen=True, slots=True)
class Replace:
    """Write another text where a scalar stands."""

    pointer: Pointer
    value: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a field, or an item of a list, away."""

    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a field another name."""

    pointer: Pointer
    name: str


Edit = Replace | Remove | Rename
