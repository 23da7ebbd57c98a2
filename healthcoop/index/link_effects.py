"""How links between instruments limit their days, stored in the table ``link_effect``."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from healthcoop.index.database import Index, retry_after_damage, storable
from healthcoop.model.dates import Days
from healthcoop.model.status import Bounds
from healthcoop.model.succession import RELATIONS, Instrument, bounds

# The same expression as in the index `binding`, which SQLite would not use otherwise.
_BINDING = f"link.rel IN ({', '.join(map(repr, RELATIONS))})"
_LINKS = f"""
SELECT link.record, link.rel, link.target FROM link
JOIN record ON record.id = link.record
WHERE {_BINDING} AND link.record IN (SELECT value FROM json_each(:numbers))
  AND record.kind = 'instrument' AND NOT record.withdrawn
"""
# A link names a current or a former id; `_links` resolves it.
_NEIGHBOURS = f"""
WITH named (ident) AS (
  SELECT target FROM link WHERE {_BINDING} AND record IN (SELECT value FROM json_each(:numbers))
)
SELECT id FROM record WHERE ident IN (SELECT ident FROM named)
UNION
SELECT record FROM former WHERE ident IN (SELECT ident FROM named)
UNION
SELECT record FROM link INDEXED BY binding WHERE {_BINDING} AND target IN (
  SELECT ident FROM record WHERE id IN (SELECT value FROM json_each(:numbers))
  UNION ALL
  SELECT ident FROM former WHERE record IN (SELECT value FROM json_each(:numbers))
)
"""
_NAMED = """
SELECT record.ident, record.id FROM record
WHERE record.ident IN (SELECT value FROM json_each(:names))
UNION ALL
SELECT former.ident, former.record FROM former
WHERE former.ident IN (SELECT value FROM json_each(:names))
  AND NOT EXISTS (SELECT 1 FROM record WHERE record.ident = former.ident)
"""
_INSTRUMENTS = """
SELECT record.id, record.ident, record.date, record.possible_from, record.stated_from,
  record.possible_until, record.stated_end, (
    SELECT json_group_array(code) FROM party
    WHERE party.record = record.id AND party.side
  )
FROM record WHERE record.kind = 'instrument' AND record.id IN (SELECT value FROM json_each(?))
"""

_BOUND = """
SELECT certain_before, possible_until, words FROM link_effect
JOIN file ON file.id = link_effect.record
WHERE file.path = ?
"""


def linked(connection: sqlite3.Connection, numbers: Iterable[int]) -> set[int]:
    """Return these records and all that links connect with them, directly or indirectly."""
    members = set(numbers)
    latest = members
    while latest:
        rows = connection.execute(_NEIGHBOURS, {"numbers": json.dumps(sorted(latest))})
        latest = {number for (number,) in rows} - members
        members |= latest
    return members


def update_link_effects(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Compute the effects of links again for these records and all that are linked to them.

    ``numbers`` must be what was ``linked`` to the changed records before the change, so that
    records that lost a link are included.
    """
    members = linked(connection, numbers)
    links = [*_links(connection, members)]
    keys = {key for one, _, other in links for key in (one, other) if key is not None}
    effects = bounds(_instruments(connection, keys), links)
    connection.execute(
        "DELETE FROM link_effect WHERE record IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(members)),),
    )
    connection.executemany(
        "INSERT INTO link_effect VALUES (?, ?, ?, ?)",
        (
            (key, _iso(each.certain_before), _iso(each.possible_until), each.words)
            for key, each in sorted(effects.items())
        ),
    )


@retry_after_damage
def bounds_of(index: Index, path: str) -> Bounds | None:
    """Return the limits that links set for the instrument in a file, by its path below the root."""
    rows = index.connection.execute(_BOUND, (storable(path),)).fetchall()
    for before, until, words in rows:
        return Bounds(_day(before), _day(until), words)
    return None


def _links(
    connection: sqlite3.Connection, members: set[int]
) -> Iterator[tuple[int, str, int | None]]:
    """Yield the links from these records to others; two files may have the same id."""
    links = connection.execute(_LINKS, {"numbers": json.dumps(sorted(members))}).fetchall()
    targets = json.dumps(sorted({target for _, _, target in links if target}))
    named: defaultdict[str, list[int]] = defaultdict(list)
    for ident, number in connection.execute(_NAMED, {"names": targets}):
        named[ident].append(number)
    for one, rel, target in links:
        for other in named.get(target, (None,)):
            yield one, rel, other


def _instruments(connection: sqlite3.Connection, keys: set[int]) -> dict[int, Instrument]:
    rows = connection.execute(_INSTRUMENTS, (json.dumps(sorted(keys)),))
    return {
        number: Instrument(
            ident, dated or "", _days(*begins), _day(ends), end, frozenset(json.loads(codes))
        )
        for number, ident, dated, *begins, ends, end, codes in rows
    }


def _days(first: str | None, last: str | None) -> Days:
    return _day(first), _day(last)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
