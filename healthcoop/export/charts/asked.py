"""A query in words, for what stands above a picture."""

from collections.abc import Iterable, Iterator

from healthcoop.index.query import Query
from healthcoop.model.vocabulary import Vocabulary


def describe(query: Query, names: Vocabulary) -> str:
    """Say in words what a query asks for; empty for everything."""
    text = "; ".join(_parts(query, names))
    return text[:1].upper() + text[1:]


def _parts(query: Query, names: Vocabulary) -> Iterator[str]:
    if query.countries:
        yield _any(map(names.label, query.countries))
    if query.pairs:
        yield _any(f"{names.label(one)} with {names.label(two)}" for one, two in query.pairs)
    if query.kind:
        yield f"{query.kind}s only"
    for what in ("types", "topics", "regions", "collections"):
        codes = getattr(query, what)
        if codes:
            terms = names.terms(what)
            yield _any(terms[code].label if code in terms else code for code in codes)
    for words, values in (
        ("person", query.persons),
        ("text", query.texts),
        ("place", query.places),
        ("source", query.sources),
        ("id", query.ids),
    ):
        if values:
            yield f"{words} “{_any(values)}”"
    if query.lateral:
        yield _any(
            "one country and an organisation" if way == "organisation" else way
            for way in query.lateral
        )
    if query.since:
        yield f"since {query.since}"
    if query.until:
        yield f"until {query.until}"
    if query.years:
        yield f"in {_any(query.years)}"
    if query.in_force_on:
        yield f"{_SURE[query.certainty]} in force on {query.in_force_on.isoformat()}"
    if query.withdrawn != "exclude":
        yield "withdrawn records too" if query.withdrawn == "include" else "withdrawn records only"


def _any(values: Iterable[str]) -> str:
    return " or ".join(values)


_SURE = {"certain": "certainly", "possible": "possibly"}
