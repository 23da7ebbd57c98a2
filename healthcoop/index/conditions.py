"""A query as a condition in SQL: composed of our own words, every value a parameter."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import storable
from healthcoop.model.folding import fold

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Condition = tuple[str, list[str | int]]
"""A condition in SQL over a row of ``record``, and its parameters."""


def where(query: "Query") -> Condition:
    """Turn a query into a condition over ``record``, for a statement of this package.

    Raises dates.DateError for a ``since``, ``until`` or year that is no date, and HealthcoopError
    for a ``since`` or ``until`` that sets no bound and for a text without a word.
    """
    conditions = [condition for condition in _conditions(query) if condition]
    text, values = _join(" AND ", conditions, empty="1")
    return text, [storable(value) if isinstance(value, str) else value for value in values]


def _conditions(query: "Query") -> Iterator[Condition | None]:
    yield {"exclude": ("NOT record.withdrawn", []), "only": ("record.withdrawn", [])}.get(
        query.withdrawn
    )
    yield _in("record.type", query.types)
    yield _in("record.kind", [query.kind] if query.kind else [])
    yield _in("record.lateral", query.lateral)
    yield _in("record.collection", query.collections)
    yield _any([("record.ident GLOB ?", [pattern]) for pattern in query.ids])
    yield from _dates(query)
    yield _part("party", _in("code", query.countries))
    yield _any([_both(*pair) for pair in query.pairs])
    yield _part("topic", _in("code", query.topics))
    yield _region(query.regions)
    yield _part("person", _any([_holds("folded", text) for text in query.persons]))
    yield _part("place", _any([_holds(_PLACE, text) for text in query.places]))
    yield _part("source", _any([_holds(_SOURCE, text) for text in query.sources]))
    yield _any([_text(text) for text in query.texts])
    yield _in_force(query)


def _dates(query: "Query") -> Iterator[Condition | None]:
    if query.since is None and query.until is None and not query.years:
        return
    from healthcoop.model import dates

    if query.since is not None:
        first = dates.bounds(query.since)[0]
        if first is None:
            raise _endless(query.since, "earliest", instead="until")
        yield _overlap(first, None)
    if query.until is not None:
        last = dates.bounds(query.until)[1]
        if last is None:
            raise _endless(query.until, "latest", instead="since")
        yield _overlap(None, last)
    yield _any([_overlap(*dates.bounds(year)) for year in query.years])


def _endless(text: str, which: str, *, instead: str) -> HealthcoopError:
    return HealthcoopError(
        f"“{text}” has no {which} day, so it leaves no record out",
        hint=f"Give its other end, as “{instead}”.",
    )


def _overlap(first: str | None, last: str | None) -> Condition:
    """Ask for the records that can fall on a day from the first to the last; None: no bound."""
    parts: list[Condition] = [("record.sort_day NOT NULL", [])]
    if first:
        parts.append(("(record.latest IS NULL OR record.latest >= ?)", [first]))
    if last:
        parts.append(("(record.earliest IS NULL OR record.earliest <= ?)", [last]))
    return _join(" AND ", parts)


def _both(one: str, other: str) -> Condition:
    party = "record.id IN (SELECT record FROM party WHERE code = ?)"
    return f"({party} AND {party})", [one, other]


def _region(regions: Sequence[str]) -> Condition | None:
    inner = _in("member.region", regions)
    if inner is None:
        return None
    return (
        "record.id IN (SELECT party.record FROM party"
        " JOIN member ON member.country = party.code"
        " JOIN record AS dated ON dated.id = party.record"
        f" WHERE NOT party.organisation AND {inner[0]}"
        " AND (member.first_day IS NULL OR member.first_day <= dated.sort_day)"
        " AND (member.last_day IS NULL OR member.last_day >= dated.sort_day))"
    ), inner[1]


_PLACE = (
    "fold(coalesce(city, '') || ', ' || coalesce(country, '') || char(10) || coalesce(venue, '')"
    " || char(10) || coalesce((SELECT label FROM term"
    " WHERE vocabulary = 'countries' AND term.code = place.country), ''))"
)
_SOURCE = "fold(url || char(10) || coalesce(publisher, '') || char(10) || coalesce(title, ''))"


def _holds(expression: str, text: str) -> Condition:
    """Ask for a text within a folded expression, without the wildcards of LIKE."""
    return f"instr({expression}, ?) > 0", [fold(text)]


def _in_force(query: "Query") -> Condition | None:
    """Ask for what was in force: for a party that is asked for, for both of a pair, else at all."""
    if query.in_force_on is None:
        return None
    held = _on(query.in_force_on.isoformat(), query.certainty)
    parts: list[Condition] = [(f"record.id IN (SELECT id FROM span WHERE {held[0]})", held[1])]
    if query.countries:
        parts.append(_for_any(query.countries, held))
    if query.pairs:
        pairs = [
            _join(" AND ", [_for_any([one], held), _for_any([other], held)])
            for one, other in query.pairs
        ]
        parts.append(_join(" OR ", pairs))
    return _join(" AND ", parts)


def _for_any(codes: Sequence[str], held: Condition) -> Condition:
    marks = ", ".join("?" * len(codes))
    condition = f"SELECT id FROM party_span WHERE code IN ({marks}) AND {held[0]}"
    return f"record.id IN ({condition})", [*codes, *held[1]]


def _on(day: str, certainty: str) -> Condition:
    """Ask whether a day lies in a span: among its certain days, or the possible ones."""
    possible = "(possible_from IS NULL OR possible_from <= ?)"
    possible += " AND (possible_until IS NULL OR possible_until >= ?)"
    if certainty == "certain":
        return f"{possible} AND ? BETWEEN certain_from AND certain_until", [day] * 3
    return possible, [day, day]


# A sign that may stand before words in quotes, or a run of anything else but spaces.
_PIECE = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))(\*?)')
_WORD = re.compile(r"[^\W_]")


def _text(text: str) -> Condition:
    """Ask for all words and phrases of a text and for none of those with a minus before them."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, phrase, run, star in _PIECE.findall(text):
        # In quotes nothing is an operator to FTS5; folding makes plain quotes of full-width ones.
        words = fold(phrase or run).replace("\0", " ").replace('"', " ")
        if _WORD.search(words):
            term = f'"{words}"' + (" *" if star or run.endswith("*") else "")
            (unwanted if minus else wanted).append(term)
    parts: list[Condition] = []
    match = "record.id {} (SELECT rowid FROM words WHERE words MATCH ?)"
    if wanted:
        parts.append((match.format("IN"), [" AND ".join(wanted)]))
    if unwanted:
        parts.append((match.format("NOT IN"), [" OR ".join(unwanted)]))
    if not parts:
        raise HealthcoopError(f"there is no word to search for in “{text}”")
    return _join(" AND ", parts)


def _in(column: str, values: Sequence[str]) -> Condition | None:
    if not values:
        return None
    return f"{column} IN ({', '.join('?' * len(values))})", [*values]


def _part(table: str, condition: Condition | None) -> Condition | None:
    """Ask for the records with a row in a table of parts."""
    if condition is None:
        return None
    return f"record.id IN (SELECT record FROM {table} WHERE {condition[0]})", condition[1]


def _any(conditions: Sequence[Condition]) -> Condition | None:
    return _join(" OR ", conditions) if conditions else None


def _join(word: str, conditions: Sequence[Condition], *, empty: str = "") -> Condition:
    values = [value for _, values in conditions for value in values]
    return f"({word.join(text for text, _ in conditions) or empty})", values
