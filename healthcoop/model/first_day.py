"""The day from which a side belongs to a record: its own, else the record's."""

from collections.abc import Iterable

from healthcoop.model.edtf import Edtf, read
from healthcoop.model.record import Party, Record
from healthcoop.model.stated import is_stated


def first_day(record: Record, side: Party) -> Edtf | None:
    """Return the date from which a side belongs to a record; None where that is unknown.

    It is the earliest of ``signed``, ``acceded``, ``ratified`` and ``in_force``, else the record's
    date. With ``acceded: unknown`` and none of the others, it is unknown.
    """
    stated = [*filter(is_stated, (side.signed, side.acceded, side.ratified, side.in_force))]
    if not stated:
        return None if side.acceded == "unknown" else read(record.date)
    return _earliest(read(text) for text in stated if text)


def first_days(record: Record) -> dict[str, Edtf | None]:
    """Return the earliest known ``first_day`` of each side by its code; None where unknown."""
    days: dict[str, list[Edtf | None]] = {}
    for side in record.sides:
        days.setdefault(side.code, []).append(first_day(record, side))
    return {code: _earliest(known) for code, known in days.items()}


def _earliest(days: Iterable[Edtf | None]) -> Edtf | None:
    return min((day for day in days if day), key=lambda day: day.sort_key, default=None)
