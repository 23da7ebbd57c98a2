"""What a reader of a result should know about its query."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from healthcoop.index.conditions import (
    Condition,
    either,
    every,
    negated,
    of_regions,
    one_of,
    part,
)
from healthcoop.index.database import Index, retry_after_damage
from healthcoop.index.query import DEFAULTS, FILTERS, Query, where
from healthcoop.index.records import count
from healthcoop.index.resolution import written


class Unplaced(NamedTuple):
    """Countries in no region of a division of the world, and the number of their records."""

    division: str
    countries: Sequence[str]
    records: int


def without_one(index: Index, query: Query) -> list[tuple[str, int]]:
    """Return each filter without which some records match, as options, and how many these are."""
    found = []
    for name, default in DEFAULTS.items():
        if getattr(query, name) == default or default is False:
            continue
        rest = {name: default}
        rest |= {other: DEFAULTS[other] for other in FILTERS if FILTERS[other].goes_with == (name,)}
        if number := count(index, replace(query, **rest)):
            found.append((written(query, name), number))
    return found


def filters_by_date(query: Query) -> str:
    """Return the filters by date as options; empty where none is set."""
    names = ("since", "until", "years")
    return " ".join(written(query, name) for name in names if getattr(query, name))


@retry_after_damage
def without_side(index: Index, query: Query) -> int:
    """Return how many records match only by parties that are observers or depositaries.

    These are records in which no country is a side, or not both of any pair, that the query names.
    """

    def side(codes: Sequence[str]) -> Condition:
        code, values = one_of("code", codes)
        return part("party", (f"side AND {code}", values))

    named = [side(query.countries)] if query.countries else []
    if query.pairs:
        named.append(either(lambda pair: every([side([code]) for code in pair]), query.pairs))
    if not named:
        return 0
    condition, values = every([where(query), negated(every(named))])
    statement = f"SELECT count(*) FROM record WHERE {condition}"
    number: int
    ((number,),) = index.connection.execute(statement, values).fetchall()
    return number


@retry_after_damage
def in_no_region(index: Index, query: Query) -> list[Unplaced]:
    """Return the countries that the other filters select and that are in no region of those kinds.

    A country is looked up on the day of the record.
    """
    regions = index.vocabulary.regions
    divisions = dict.fromkeys(_division(regions[code].kind) for code in query.regions)
    condition, values = where(replace(query, regions=()))
    found = []
    for division in divisions:
        codes = [code for code, term in regions.items() if _division(term.kind) == division]
        outside = negated(of_regions(codes))
        clause, days = every([(condition, values), outside])
        rows = index.connection.execute(
            "SELECT party.code, party.record FROM party JOIN record ON record.id = party.record"
            f" WHERE NOT party.organisation AND {clause}",
            days,
        ).fetchall()
        if rows:
            countries = sorted({code for code, _ in rows})
            found.append(Unplaced(division, countries, len({record for _, record in rows})))
    return found


def _division(kind: str) -> str:
    return "M49" if kind.startswith("m49") else "WHO"
