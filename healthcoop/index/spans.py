"""When instruments are in force: the days of each, and of each side."""

from typing import NamedTuple

from healthcoop.index.database import Index, retry_after_damage


class InForce(NamedTuple):
    """The days on which an instrument is possibly and certainly in force, ISO text.

    ``path`` is that of the record's file; ``party`` is None for the whole instrument, else the code
    of a side. Without a certain day, ``certain_from`` is after ``certain_until``, or one of them is
    None.
    """

    path: str
    party: str | None
    possible_from: str | None
    possible_until: str | None
    certain_from: str | None
    certain_until: str | None


@retry_after_damage
def in_force_days(index: Index) -> list[InForce]:
    """Return the days of all instruments, withdrawn ones too, and of each of their sides."""
    days = "possible_from, possible_until, certain_from, certain_until"
    rows = index.connection.execute(
        f"WITH days AS (SELECT id, NULL AS party, {days} FROM span"
        f" UNION ALL SELECT id, code, {days} FROM party_span)"
        f" SELECT file.path, party, {days} FROM days JOIN file ON file.id = days.id"
    )
    return [*map(InForce._make, rows.fetchall())]
