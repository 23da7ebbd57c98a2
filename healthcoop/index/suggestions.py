"""What the records of a data set suggest for a new one: names as they are spelt there already."""

from typing import NamedTuple

from healthcoop.index.database import Index, retry_after_damage, storable

_MOST = 50


class KnownPerson(NamedTuple):
    """A holder of office as the latest record has them; ``party`` is a code."""

    name: str
    role: str | None
    party: str | None


class KnownPublisher(NamedTuple):
    """What most sources with an address on one host have in common."""

    publisher: str | None
    kind: str | None
    language: str | None


@retry_after_damage
def bodies(index: Index, code: str) -> list[str]:
    """Return the bodies that acted for a party, the most frequent first."""
    rows = index.connection.execute(
        "SELECT body.name FROM party JOIN body"
        " ON body.record = party.record AND body.party = party.position"
        " WHERE party.code = ? GROUP BY body.name ORDER BY count(*) DESC, body.name LIMIT ?",
        (storable(code), _MOST),
    )
    return [name for (name,) in rows.fetchall()]


@retry_after_damage
def people(index: Index, code: str) -> list[KnownPerson]:
    """Return the people who acted for a party, the latest first, in the office they held last."""
    rows = index.connection.execute(
        "SELECT person.name, person.role, person.party, max(record.sort_day) AS day"
        " FROM person JOIN record ON record.id = person.record"
        " WHERE person.party = ? GROUP BY person.name ORDER BY day DESC, person.name LIMIT ?",
        (storable(code), _MOST),
    )
    return [KnownPerson(name, role, party) for name, role, party, _ in rows.fetchall()]


@retry_after_damage
def cities(index: Index, country: str) -> list[str]:
    """Return the cities of a country in which events took place, the most frequent first."""
    rows = index.connection.execute(
        "SELECT city FROM place WHERE country = ? AND city NOT NULL"
        " GROUP BY city ORDER BY count(*) DESC, city LIMIT ?",
        (storable(country), _MOST),
    )
    return [city for (city,) in rows.fetchall()]


@retry_after_damage
def publisher(index: Index, host: str) -> KnownPublisher | None:
    """Return what most sources on a host have in common; None where there is no such source."""
    rows = index.connection.execute(
        "SELECT publisher, kind, language FROM source WHERE instr(url, '//' || ? || '/')"
        " GROUP BY publisher, kind, language ORDER BY count(*) DESC, publisher LIMIT 1",
        (storable(host),),
    ).fetchall()
    return KnownPublisher(*rows[0]) if host and rows else None


@retry_after_damage
def with_source(index: Index, url: str) -> list[str]:
    """Return the ids of the records that have a page as a source."""
    rows = index.connection.execute(
        "SELECT DISTINCT ident FROM source JOIN record ON record.id = source.record"
        " WHERE url = ? ORDER BY ident LIMIT ?",
        (storable(url), _MOST),
    )
    return [ident for (ident,) in rows.fetchall()]
