"""Queries with names: codes in their place, and what keeps a query from matching any record."""

import contextlib
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.index.filters import Filter
from healthcoop.index.query import DEFAULTS, FILTERS, Query
from healthcoop.index.values import check_choice
from healthcoop.model.folding import fold

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary


def resolve(query: Query, vocabulary: "Vocabulary") -> Query:
    """Return the query with codes in the place of names, after checking its values.

    Raises UnknownName with the nearest names, and HealthcoopError for a text that is not a date or
    is empty, for a pair of a party with itself, and for filters that exclude each other.
    """
    resolved: dict[str, Any] = {}
    for name, entry in FILTERS.items():
        value = getattr(query, name)
        values = value if DEFAULTS[name] == () else () if value is None else (value,)
        for each in values:
            if entry.choices and each != DEFAULTS[name]:
                check_choice(name, each, entry.choices)
            if entry.folded and not fold(each).strip():
                raise HealthcoopError(f"{name}: “{each}” has no text to search for")
        if entry.resolve is None or not values:
            continue
        codes = tuple(
            tuple(entry.resolve(text, vocabulary) for text in each)
            if name == "pairs"
            else _resolved(entry, each, vocabulary)
            for each in values
        )
        resolved[name] = codes if DEFAULTS[name] == () else codes[0]
    query = replace(query, **resolved)
    for a, b in query.pairs:
        if a == b:
            raise HealthcoopError(f"{a} and {b} are the same", hint="Name two different parties.")
    for one, other in _contradictions(query, vocabulary):
        raise HealthcoopError(
            f"{written(query, one)} and {written(query, other)} exclude each other",
            hint="No record can match both.",
        )
    return query


def written(query: Query, name: str) -> str:
    """Return a filter of a query as options of the command line."""
    value = getattr(query, name)
    option = FILTERS[name].option
    if value is True:
        return option
    several = value if DEFAULTS[name] == () else (value,)
    texts = (each if name == "pairs" else (str(each),) for each in several)
    return " ".join(f"{option} {shlex.join(each)}" for each in texts)


def _contradictions(query: Query, vocabulary: "Vocabulary") -> Iterator[tuple[str, str]]:
    """Yield names of two filters that no record can match both of."""
    from healthcoop.model.dates import bounds

    first = bounds(query.since)[0] if query.since else None
    last = bounds(query.until)[1] if query.until else None
    if first and last and first > last:
        yield "since", "until"
    years = [bounds(year) for year in query.years]
    if first and years and all(end and end < first for _, end in years):
        yield "years", "since"
    if last and years and all(start and start > last for start, _ in years):
        yield "years", "until"
    kinds = {vocabulary.kind(event_type) for event_type in query.types}
    if query.kind and kinds and query.kind not in kinds:
        yield "kind", "types"
    if query.in_force_on and query.kind == "encounter":
        yield "in_force_on", "kind"
    if query.in_force_on and kinds == {"encounter"}:
        yield "in_force_on", "types"
    excluded = {*query.not_countries}
    if query.countries and excluded >= {*query.countries}:
        yield "countries", "not_countries"
    if query.pairs and all(excluded & {*pair} for pair in query.pairs):
        yield "pairs", "not_countries"


def _resolved(entry: Filter, text: str, vocabulary: "Vocabulary") -> str:
    """Return the code of a filter's text; a list of names is an error with a hint of its own."""
    assert entry.resolve is not None  # noqa: S101 - only called with one
    try:
        return entry.resolve(text, vocabulary)
    except UnknownName as unknown:
        names = [name.strip() for name in text.split(",")]
        with contextlib.suppress(UnknownName):
            if len(names) > 1 and all(entry.resolve(name, vocabulary) for name in names):
                repeated = " ".join(f"{entry.option} {shlex.quote(name)}" for name in names)
                hint = f"Repeat the option for each name: {repeated}"
                raise HealthcoopError(unknown.message, hint=hint) from None
        raise
