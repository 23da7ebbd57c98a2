"""The optional fields whose share ``summary`` and ``stats completeness`` show."""

from healthcoop.model.spec import FIELDS, fields_of

TOP = tuple(field.name for field in fields_of("") if not (field.required or field.optional))
TERMS = tuple(field.name for field in fields_of("terms") if not field.optional)
FILLED = (*TOP, *(f"terms.{name}" for name in TERMS))
"""What the bits of ``record.filled`` stand for, from the lowest."""


def of_instruments(name: str) -> bool:
    """Return whether a name of FILLED is of a field that only an instrument has."""
    return FIELDS[name.partition(".")[0]].instruments
