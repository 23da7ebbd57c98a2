"""What a statistic does not count, in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from healthcoop.files.visible import counted
from healthcoop.index.statistics.cross import noun
from healthcoop.index.statistics.options import MOST_SIDES


def notes(numbers: Mapping[str, int], options: Mapping[str, Any], day: date) -> Iterator[str]:
    """Yield a note for each reason, with the option of the command that counts these records.

    ``numbers`` are those of ``Counts.left_out``, ``options`` the statistic's.
    """
    parties = "parties" if options.get("organisations") else "countries"
    if number := numbers.get("multilateral"):
        many = f"of three {parties} or more (--multilateral all counts them)"
        yield f"{counted(number, 'record')} {many}"
    if number := numbers.get("too_few"):
        more = " (--with organisations counts those of a country and one)"
        more = "" if options.get("organisations", True) else more
        yield f"{counted(number, 'record')} with no pair of {parties}{more}"
    if number := numbers.get("too_many"):
        many = "values in a dimension" if "rows" in options else parties
        yield f"{counted(number, 'record')} of more than {MOST_SIDES} {many}"
    if number := numbers.get("later"):
        when = f"dated after {day:%Y} or after the end of a state, or at no known date"
        yield f"{counted(number, 'record')} in no year: {when}"
    if number := numbers.get("without"):
        rows, columns = noun(options["rows"]), noun(options["columns"])
        yield f"{counted(number, 'record')} with no {rows} or no {columns}"
    if number := numbers.get("encounters"):
        yield f"{counted(number, 'encounter')}, which have no status"
    if number := numbers.get("not_sides"):
        yield not_sides(number)


def not_sides(records: int) -> str:
    """Return what a number of records has that no statistic counts."""
    return f"observers and depositaries of {counted(records, 'record')}"


def without_options(note: str) -> str:
    """Return a note without its advice on options, for readers who have no command line."""
    return note.partition(" (--")[0]
