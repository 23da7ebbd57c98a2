"""The list of pairs of countries, and the page of each: everything between the two, in order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from healthcoop.export.pair import headline
from healthcoop.site import addresses, rendering
from healthcoop.site.words import date_in_words

if TYPE_CHECKING:
    from healthcoop.index.statistics import Row
    from healthcoop.site import Content
    from healthcoop.site.source import Source

Pair = tuple[str, str]

_PER_PAGE = 100
_MOST_PEOPLE = 12
_GAPS = ((3, "short"), (10, "middle"))
"""How many years without a record are drawn how wide; more are ``long``."""


@dataclass(frozen=True, slots=True)
class Year:
    """The records of a year, the newest first; None: those whose first day is unknown."""

    year: int | None
    events: "Sequence[Row]"


@dataclass(frozen=True, slots=True)
class Gap:
    """Years in which no record can lie; ``until`` is None for those up to the present."""

    first: int
    until: int | None
    size: str


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the pages of the list, its data (``stats pairs``), and the page of each pair."""
    pairs = [pair for pair in source.figures.pairs if pair in source.pairs]
    pages = max(1, -(-len(pairs) // _PER_PAGE))
    for number in range(1, pages + 1):
        yield _address(number), partial(_index, source, pairs, number, pages)
    yield "pairs/index.json", lambda: rendering.data_file([*source.figures.pairs.values()])
    for pair in pairs:
        yield addresses.pair(*pair), partial(_page, source, pair)
        yield addresses.pair(*pair, "json"), partial(_data, source, pair)


def _address(number: int) -> str:
    return addresses.PAIRS if number == 1 else f"pairs/page-{number}.html"


def _index(source: "Source", pairs: Sequence[Pair], number: int, pages: int) -> bytes:
    start = (number - 1) * _PER_PAGE
    return rendering.page(
        source,
        _address(number),
        "pairs.html",
        title="Pairs of countries" if number == 1 else f"Pairs of countries, page {number}",
        description="The pairs of countries that agreed and met most often about health.",
        data="pairs/index.json",
        rows=[source.figures.pairs[pair] for pair in pairs[start : start + _PER_PAGE]],
        number=number,
        pages=[_address(each) for each in range(1, pages + 1)],
        start=start,
        total=len(pairs),
    )


def _data(source: "Source", pair: Pair) -> bytes:
    return rendering.data_file(source.figures.report(pair))


def _page(source: "Source", pair: Pair) -> bytes:
    found = source.figures.report(pair)
    names = [source.vocabulary.label(code) for code in pair]
    return rendering.page(
        source,
        addresses.pair(*pair),
        "pair.html",
        title=" – ".join(names),
        description=f"Agreements and meetings of {names[0]} and {names[1]} about health, in order.",
        data=addresses.pair(*pair, "json"),
        report=found,
        pair=pair,
        headline=headline({**found, "affinity": None}, date=date_in_words),
        timeline=timeline(found, source.today.year, since=_both_exist(source, pair)),
        answers={each["id"]: each["answer"] for each in found["instruments_in_force"]},
        entries=source.by_id,
        most_people=_MOST_PEOPLE,
    )


def _both_exist(source: "Source", pair: Pair) -> int:
    """Return the year from which both countries exist; 0 where they always did."""
    return max(source.vocabulary.countries[code].first_year or 0 for code in pair)


def timeline(report: Mapping[str, Any], present: int, since: int = 0) -> list[Year | Gap]:
    """Return the years with records, and the gaps between them, the newest first.

    There is no gap before ``since``, the year from which both countries exist.

    A gap stands between the records that it separates, as in the report; one up to the present
    begins after the last year in which a record can lie. Records without a first day come last.
    """
    years: defaultdict[int, list[Row]] = defaultdict(list)
    open_: list[Row] = []
    for event in report["events"]:
        if event["earliest"]:
            years[int(event["earliest"][:4])].append(event)
        else:
            open_.append(event)
    after = {gap["until"] + 1: gap for gap in report["gaps"]}
    found: list[Year | Gap] = []
    for year in sorted(years):
        if (gap := after.get(year)) and gap["until"] >= since:
            found.append(_gap(max(gap["from"], since), gap["until"]))
        found.append(Year(year, years[year][::-1]))
    latest = [int((event["latest"] or "9999")[:4]) for event in report["events"]]
    if latest and max(latest) < present - 1:
        found.append(Gap(max(latest) + 1, None, _gap(max(latest) + 1, present).size))
    return [*reversed(found), *([Year(None, open_[::-1])] if open_ else [])]


def _gap(first: int, until: int) -> Gap:
    years = until - first + 1
    return Gap(first, until, next((size for most, size in _GAPS if years <= most), "long"))
