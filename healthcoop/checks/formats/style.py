"""How text for people is displayed: colours and width."""

from collections.abc import Callable
from dataclasses import dataclass

Paint = Callable[[str, str], str]
"""Colours a text by its role: ``path error warning note hint old new``."""


def plain(text: str, _role: str) -> str:
    """Return the text without colour."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The colours of text for people, and the width of a line of a file in columns."""

    paint: Paint = plain
    width: int = 100


def writable(text: str) -> str:
    """Return a text without lone surrogates, which stand for the bytes of odd file names."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
