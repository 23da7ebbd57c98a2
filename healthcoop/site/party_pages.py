"""The page of a country or of an organisation, and its data."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from healthcoop.files.visible import counted
from healthcoop.model.folding import name_key
from healthcoop.site import addresses, rendering
from healthcoop.site.charts import count_years
from healthcoop.site.party_figures import partner
from healthcoop.site.words import date_in_words

if TYPE_CHECKING:
    from healthcoop.index.statistics import Row
    from healthcoop.model.vocabulary import Term
    from healthcoop.site import Content
    from healthcoop.site.source import Source

MOST_SHOWN = {"in_force": 20, "encounters": 15, "other_instruments": 10, "observed": 10}
"""How many records a page lists of each kind; the search has all."""
MOST_PARTNERS, MOST_TOPICS = 20, 12
"""How many partners and topics are shown at once; the others can be unfolded."""


def page_and_data(
    source: "Source", code: str, address: Any, **context: Any
) -> "Iterator[tuple[str, Content]]":
    """Yield the page of a party and its data; ``address`` returns the path for an ending."""
    page, data = address(code), address(code, "json")
    yield page, partial(_page, source, code, page, data, context)
    yield data, lambda: rendering.data_file(source.figures.data(code))


def _page(source: "Source", code: str, page: str, data: str, context: dict[str, Any]) -> bytes:
    figures, names = source.figures, source.vocabulary
    term = names.countries.get(code) or names.organisations[code]
    entries = source.by_party[code]
    return rendering.page(
        source,
        page,
        "party.html",
        title=term.label,
        description=(
            f"{counted(len(entries), 'record')} of agreements and meetings about health"
            f" with {term.label}."
        ),
        data=data,
        feed=addresses.feed(page),
        code=code,
        term=term,
        official_name=term.more.get("official_name"),
        existence=existence(term),
        counts=figures.counts.get(code),
        partners=_with_partner(figures.partners.get(code, ()), code),
        organisations=_with_partner(figures.organisations.get(code, ()), code),
        multilateral=sum(
            entry.lateral == "multilateral" and code in entry.sides for entry in entries
        ),
        years=count_years(entries),
        joined_later=figures.joined_later(code),
        topics=figures.topics(code),
        listed=figures.listed(code),
        extended=figures.extended_to.get(code, ()),
        territories=figures.territories.get(code, {}),
        total=len(entries),
        most_shown=MOST_SHOWN,
        most_partners=MOST_PARTNERS,
        most_topics=MOST_TOPICS,
        **context,
    )


def _with_partner(rows: "Sequence[Row]", code: str) -> "list[Row]":
    return [{**row, "partner": partner(row, code)} for row in rows]


def existence(term: "Term") -> str:
    """Return the days between which a state or an organisation existed; empty for always."""
    starts, ends = date_in_words(term.starts), date_in_words(term.ends)
    if starts and ends:
        return f"{starts} to {ends}"
    return f"from {starts}" if starts else f"until {ends}" if ends else ""


def codes_by_name(source: "Source", vocabulary: str) -> list[str]:
    """Return the codes of ``countries`` or ``organisations`` that have a page, sorted by name."""
    known = source.vocabulary.terms(vocabulary)
    codes = (code for code in source.by_party if code in known)
    return sorted(codes, key=lambda code: (name_key(known[code].label), code))
