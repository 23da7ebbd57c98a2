"""SQL conditions over a row of ``record``: fixed text, with every value a parameter."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import fold, name_key

T = TypeVar("T")
Condition = tuple[str, list[str | int]]
"""A condition in SQL and its parameters."""

_PLACE = (
    "' ' || name_key(coalesce(city, '') || ' ' || coalesce(country, '') || ' '"
    " || coalesce(venue, '') || ' ' || coalesce((SELECT label FROM term"
    " WHERE vocabulary = 'countries' AND term.code = place.country), '')) || ' '"
)
"""The words of a place: its city, its country's code and name, its venue."""
SOURCE = "fold(url || char(10) || coalesce(publisher, '') || char(10) || coalesce(title, ''))"
"""The address, publisher and title of a source, folded."""

# A minus, then a quoted phrase or a run of other characters, then perhaps a star.
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))(\*?)')
_WORD = re.compile(r"[^\W_]")


def one_of(column: str, values: Sequence[str]) -> Condition:
    """Match where a column has one of some values."""
    return f"{column} IN ({', '.join('?' * len(values))})", [*values]


def part(table: str, condition: Condition) -> Condition:
    """Match records with a row in a table of parts that meets a condition."""
    return f"record.id IN (SELECT record FROM {table} WHERE {condition[0]})", condition[1]


def negated(condition: Condition) -> Condition:
    """Match where a condition does not."""
    return f"NOT {condition[0]}", condition[1]


def contains(expression: str, text: str) -> Condition:
    """Match where a folded expression contains a text; it has no wildcards."""
    return f"instr({expression}, ?) > 0", [fold(text)]


def both_parties(pair: tuple[str, str]) -> Condition:
    """Match records of which both countries or organisations are parties."""
    return every([part("party", ("code = ?", [code])) for code in pair])


def at_level(level: str) -> Condition:
    """Match records in which a side acted below the national level, or, if national, none did."""
    subnational = part("party", ("side AND level = ?", ["subnational"]))
    return subnational if level == "subnational" else negated(subnational)


def at_place(text: str) -> Condition:
    """Match a place in a country by its code; by words where the text is not a country's code.

    Raises HealthcoopError for a text without a word.
    """
    words = name_key(text).split()
    if not words:
        raise HealthcoopError(f"no word to search for in “{text}”")
    condition, values = every([(f"instr({_PLACE}, ?) > 0", [f" {word} "]) for word in words])
    is_code = "EXISTS (SELECT 1 FROM term WHERE vocabulary = 'countries' AND code = ?)"
    return f"CASE WHEN {is_code} THEN country = ? ELSE {condition} END", [text, text, *values]


def in_regions(regions: Sequence[str]) -> Condition:
    """Match records of a country that is in one of the regions on the day of the record."""
    region, values = of_regions(regions, record="dated")
    return (
        "record.id IN (SELECT dated.id FROM party JOIN record AS dated ON dated.id = party.record"
        f" WHERE NOT party.organisation AND {region})"
    ), values


def of_regions(regions: Sequence[str], *, record: str = "record") -> Condition:
    """Match rows of ``party`` that are in one of the regions on the day of ``record``."""
    member, values = one_of("member.region", regions)
    return f"EXISTS (SELECT 1 FROM member WHERE {member} AND {member_on_day(record)})", values


def member_on_day(record: str) -> str:
    """Return the SQL that joins a row of ``party`` to the regions it is in on a record's day."""
    return (
        "member.country = party.code"
        f" AND (member.first_day IS NULL OR member.first_day <= {record}.sort_day)"
        f" AND (member.last_day IS NULL OR member.last_day >= {record}.sort_day)"
    )


def overlaps(first: str | None, last: str | None, *, loose: bool = False) -> Condition:
    """Match records whose date can fall on a day from first to last; None is no bound.

    With ``loose``, a qualified date can fall on any day of its widened one.
    """

    def within(table: str) -> Condition:
        parts: list[Condition] = []
        if first:
            parts.append((f"({table}.latest IS NULL OR {table}.latest >= ?)", [first]))
        if last:
            parts.append((f"({table}.earliest IS NULL OR {table}.earliest <= ?)", [last]))
        return every(parts)

    condition = every([("record.sort_day NOT NULL", []), within("record")])
    if loose:
        return either(lambda one: one, [condition, part("widened", within("widened"))])
    return condition


def since(text: str, *, loose: bool = False) -> Condition:
    """Match records possibly on or after an EDTF date; raises HealthcoopError for ``../2001``."""
    return overlaps(_bound(text, end=0), None, loose=loose)


def until(text: str, *, loose: bool = False) -> Condition:
    """Match records possibly on or before an EDTF date; raises HealthcoopError for ``2001/..``."""
    return overlaps(None, _bound(text, end=1), loose=loose)


def in_year(text: str, *, loose: bool = False) -> Condition:
    """Match records possibly in the time of an EDTF date."""
    from healthcoop.model.dates import bounds

    return overlaps(*bounds(text), loose=loose)


def _bound(text: str, *, end: int) -> str:
    from healthcoop.model.dates import bounds

    day = bounds(text)[end]
    if day is None:
        raise HealthcoopError(
            f"“{text}” has no {('earliest', 'latest')[end]} day, so it excludes no record",
            hint=f"Use its other end with “{('until', 'since')[end]}”.",
        )
    return day


def in_force(
    day: str, certainty: str, countries: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> Condition:
    """Match instruments in force on a day: for one of the countries, or for both of a pair, if any.

    ``certainty`` is ``certain``, or ``possible``, which includes certain.
    """
    is_on = "(possible_from IS NULL OR possible_from <= ?)"
    is_on += " AND (possible_until IS NULL OR possible_until >= ?)"
    days = [day, day]
    if certainty == "certain":
        is_on += " AND ? BETWEEN certain_from AND certain_until"
        days.append(day)

    def for_any(codes: Sequence[str]) -> Condition:
        code, values = one_of("code", codes)
        statement = f"SELECT id FROM party_span WHERE {code} AND {is_on}"
        return f"record.id IN ({statement})", [*values, *days]

    parts: list[Condition] = [(f"record.id IN (SELECT id FROM span WHERE {is_on})", [*days])]
    if countries:
        parts.append(for_any(countries))
    if pairs:
        parts.append(either(lambda pair: every([for_any([code]) for code in pair]), pairs))
    return every(parts)


def text(query: str) -> Condition:
    """Match records with all words and phrases of a text, and none of those after a minus.

    ``OR`` separates alternatives. Raises HealthcoopError for one without a word.
    """
    alternatives: list[list[tuple[str, ...]]] = [[]]
    for term in _TERM.findall(query):
        if term == ("", "", "OR", ""):
            alternatives.append([])
        else:
            alternatives[-1].append(term)
    if len(alternatives) > 1 and [] in alternatives:
        raise HealthcoopError(
            f"“{query}” has no words on one side of OR", hint="Write “or” to search for the word."
        )
    return either(partial(_all_terms, query), alternatives)


def _all_terms(query: str, terms: Iterable[tuple[str, ...]]) -> Condition:
    required: list[str] = []
    excluded: list[str] = []
    for minus, phrase, run, star in terms:
        # Inside quotes FTS5 has no operators; folding turns full-width quotes into plain ones.
        words = fold(phrase or run).replace("\0", " ").replace('"', " ")
        if _WORD.search(words):
            term = f'"{words}"' + (" *" if star or run.endswith("*") else "")
            (excluded if minus else required).append(term)
    parts: list[Condition] = []
    match = "record.id {} (SELECT rowid FROM words WHERE words MATCH ?)"
    if required:
        parts.append((match.format("IN"), [" AND ".join(required)]))
    if excluded:
        parts.append((match.format("NOT IN"), [" OR ".join(excluded)]))
    if not parts:
        raise HealthcoopError(f"no word to search for in “{query}”")
    return every(parts)


def every(conditions: Sequence[Condition]) -> Condition:
    """Join conditions with AND; none of them matches every record."""
    return _join(" AND ", conditions) if conditions else ("TRUE", [])


def either(condition: Callable[[T], Condition], values: Iterable[T]) -> Condition:
    """Return a condition for each value, joined with OR."""
    return _join(" OR ", [condition(value) for value in values])


def _join(word: str, conditions: Sequence[Condition]) -> Condition:
    values = [value for _, values in conditions for value in values]
    return f"({word.join(text for text, _ in conditions)})", values
