"""Values of filters and options: what Python callers and command lines may write for them."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, SupportsIndex, TypeVar

from healthcoop.errors import HealthcoopError, UnknownName

T = TypeVar("T")


def text(name: str, value: object) -> str:
    """Return a text; raises TypeError, with the name of the filter, for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {value!r}")
    return value


def when(name: str, value: object) -> str:
    """Return an EDTF text: of a text, of a year as a number, of a date; raises TypeError."""
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return f"{int(value):04d}"
    if isinstance(value, date):
        return exact_day(name, value).isoformat()
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a date such as '2022-10' or 2022, not {value!r}")
    return value


def day(name: str, value: object) -> date:
    """Return a day: of a date or an EDTF text; raises TypeError, and as ``parse_day``."""
    return parse_day(value) if isinstance(value, str) else exact_day(name, value)


def flag(name: str, value: object) -> bool:
    """Return True or False; raises TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def pair(name: str, value: object) -> tuple[str, str]:
    """Return two texts as a tuple; raises TypeError for anything else."""
    # A text is a sequence too, and a code has two letters.
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise TypeError(f"{name} must be pairs such as [('AZ', 'TR')], not {value!r}")
    return text(name, value[0]), text(name, value[1])


def several(name: str, values: Any, value: Callable[[str, object], T]) -> tuple[T, ...]:
    """Return values as a tuple, each converted by ``value``; a single one becomes one of one."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        values = (values,)
    return tuple(value(name, each) for each in values)


def parse_day(written: str) -> date:
    """Parse an EDTF date of exactly one day; raises HealthcoopError for any other text."""
    from healthcoop.model import dates

    check_date(written)
    parsed = dates.parse(written)
    if not parsed.exact or parsed.earliest is None:
        raise HealthcoopError(f"“{written}” is not one day", hint="Write a day such as 2026-11-21.")
    return parsed.earliest


def parse_today(text: str | None) -> date | None:
    """Parse ``--today`` or ``$HEALTHCOOP_TODAY``, else None; raises as ``parse_day``."""
    text = text or os.environ.get("HEALTHCOOP_TODAY")
    return parse_day(text) if text else None


def exact_day(name: str, value: object) -> date:
    """Return a date without its time, which pandas' days have; raises TypeError for no date."""
    if not isinstance(value, date):
        raise TypeError(f"{name} must be a datetime.date, not {value!r}")
    return date(value.year, value.month, value.day)


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Raise UnknownName, with the nearest of the choices, for a value that is none of them."""
    if value not in choices:
        otherwise = f"Choose from: {', '.join(choices)}."
        raise UnknownName(name, str(value), nearest(str(value), choices), otherwise=otherwise)


def check_date(written: str) -> None:
    """Raise HealthcoopError, with what to write instead, for a text that is not an EDTF date."""
    from healthcoop.model import dates

    try:
        dates.parse(written)
    except dates.DateError as error:
        raise HealthcoopError(error.message, hint=error.hint) from None


def nearest(written: str, choices: Sequence[str]) -> list[str]:
    """Return the up to three choices that are spelt most like a text."""
    from difflib import get_close_matches

    return get_close_matches(written, choices, n=3)
