"""What the tool raises when it cannot do its job; bad data is a finding, never one of these."""

from collections.abc import Sequence

_LONGEST = 200  # of what was given, as much as tells the person what it was


class HealthcoopError(Exception):
    """The tool could not do its job; the message is a sentence for the person who ran it.

    ``hint`` says what to do next, or is empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnknownName(HealthcoopError):
    """A country, topic, column ... that no vocabulary knows.

    ``nearest`` holds likely spellings; ``otherwise`` is the hint where there is none.
    """

    def __init__(
        self, what: str, given: str, nearest: Sequence[str] = (), *, otherwise: str = ""
    ) -> None:
        super().__init__(f"unknown {what}: {_short(given)}", hint=_offer(nearest) or otherwise)
        self.nearest = tuple(nearest)


class NotFound(HealthcoopError):
    """A record was named that the data set does not hold; ``nearest`` holds likely ids."""

    def __init__(self, given: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(f"no record {_short(given)}", hint=_offer(nearest))
        self.nearest = tuple(nearest)


class InvalidSchema(HealthcoopError):
    """A file under ``schema/`` is missing or broken, so nothing can be judged by it."""


def _offer(nearest: Sequence[str]) -> str:
    if not nearest:
        return ""
    listed = ", ".join(nearest[:-1])
    return f"Did you mean {f'{listed} or ' if listed else ''}{nearest[-1]}?"


def _short(given: str) -> str:
    return given if len(given) <= _LONGEST else f"{given[:_LONGEST]}..."
