"""Exceptions for when the tool cannot do its job; invalid data is a finding, not an exception."""

from collections.abc import Sequence

_LONGEST = 200  # characters of a value in a message


class HealthcoopError(Exception):
    """The tool could not do its job; the message is written for its user.

    ``hint`` is what to do next, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnknownName(HealthcoopError):
    """An unknown country, topic, column ...

    ``name`` is what was asked for; ``nearest`` are similar names, offered as the hint; without
    them the hint is ``otherwise``.
    """

    def __init__(
        self, what: str, name: str, nearest: Sequence[str] = (), *, otherwise: str = ""
    ) -> None:
        super().__init__(
            f"unknown {what}: {_shortened(name)}", hint=_suggestion(nearest) or otherwise
        )
        self.name = name
        self.nearest = tuple(nearest)


class InvalidData(HealthcoopError):
    """What was asked for does not fit what the records are; exit code 1."""


class NotExportable(HealthcoopError):
    """The records cannot be written in a format, such as two of one id in a database."""


class NotFound(InvalidData):
    """A record that is not in the data set; ``nearest`` are similar ids."""

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(f"no record {_shortened(name)}", hint=_suggestion(nearest))
        self.nearest = tuple(nearest)


class InvalidSchema(HealthcoopError):
    """A file under ``schema/`` is missing or invalid."""


def _suggestion(nearest: Sequence[str]) -> str:
    if not nearest:
        return ""
    listed = ", ".join(nearest[:-1])
    return f"Did you mean {f'{listed} or ' if listed else ''}{nearest[-1]}?"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
