"""A query in words, for what stands above a picture."""

from collections.abc import Iterable, Iterator

from healthcoop.index.query import Query
from healthcoop.model.vocabulary import Vocabulary

_LATERAL = {
    "bilateral": "of two countries",
    "multilateral": "of three countries and more",
    "organisation": "of an organisation with one country or none",
}
_WITHDRAWN = {"include": "withdrawn records too", "only": "withdrawn records only"}


def describe(query: Query, names: Vocabulary) -> str:
    """Say in words what a query asks for; empty for everything."""
    parts = (*_codes(query, names), *_texts(query), *_days(query))
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _codes(query: Query, names: Vocabulary) -> Iterator[str]:
    yield _any(map(names.label, query.countries))
    yield _any(f"{names.label(one)} with {names.label(two)}" for one, two in query.pairs)
    yield f"{query.kind}s only" if query.kind else ""
    for what in ("types", "topics", "regions", "collections"):
        terms = names.terms(what)
        yield _any(terms[code].label if code in terms else code for code in getattr(query, what))


def _texts(query: Query) -> Iterator[str]:
    for words, values in (
        ("person", query.persons),
        ("text", query.texts),
        ("place", query.places),
        ("source", query.sources),
        ("id", query.ids),
    ):
        yield f"{words} {_any(f'“{value}”' for value in values)}" if values else ""


def _days(query: Query) -> Iterator[str]:
    yield _any(_LATERAL[way] for way in query.lateral)
    yield f"since {query.since}" if query.since else ""
    yield f"until {query.until}" if query.until else ""
    yield f"in {_any(query.years)}" if query.years else ""
    if query.in_force_on:
        sure = "certainly" if query.certainty == "certain" else "possibly"
        yield f"{sure} in force on {query.in_force_on.isoformat()}"
    yield _WITHDRAWN.get(query.withdrawn, "")


def _any(values: Iterable[str]) -> str:
    return " or ".join(values)
