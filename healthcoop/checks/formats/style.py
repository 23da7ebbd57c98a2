"""How a report will be looked at: what may be painted, and how wide it is."""

from collections.abc import Callable
from dataclasses import dataclass

Paint = Callable[[str, str], str]
"""Gives a piece of text a colour by its role: ``path error warning note hint old new``."""


def plain(text: str, _role: str) -> str:
    """Paint nothing."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The colours of text for people, and the columns that a line of a file may take there."""

    paint: Paint = plain
    width: int = 100


def writable(text: str) -> str:
    """Give a text that UTF-8 can write: a file's name that is none comes as lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
