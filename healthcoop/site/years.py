"""The years: an index by decade, and a page of each year with all its records in order."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from healthcoop.site import addresses, counting, rendering
from healthcoop.site.charts import count_years

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the index and a page for each year with a record, each with its data."""
    yield addresses.YEARS, partial(_index, source)
    yield "years/index.json", partial(_index_data, source)
    for year in source.by_year:
        yield addresses.year(year), partial(_page, source, year)
        yield addresses.year(year, "json"), partial(_data, source, year)


def _index(source: "Source") -> bytes:
    years = count_years(source.entries)
    decades = [
        (f"{decade}0s", [row for row in rows if row["records"]])
        for decade, rows in groupby(reversed(years), lambda row: row["year"] // 10)
    ]
    return rendering.page(
        source,
        addresses.YEARS,
        "years.html",
        title="Years",
        description="The agreements and meetings of each year.",
        data="years/index.json",
        years=years,
        decades=[(name, rows) for name, rows in decades if rows],
        undated=sum(entry.year is None for entry in source.entries),
    )


def _index_data(source: "Source") -> bytes:
    return rendering.data_file([*count_years(source.entries)])


def _page(source: "Source", year: int) -> bytes:
    known = sorted(source.by_year)
    place = known.index(year)
    entries = source.by_year[year][::-1]
    return rendering.page(
        source,
        addresses.year(year),
        "year.html",
        title=f"{year}",
        description=f"All agreements and meetings about health of {year} in the data set.",
        data=addresses.year(year, "json"),
        year=year,
        entries=entries,
        counts=counting.by_kind(entries),
        earlier=known[place - 1] if place else None,
        later=known[place + 1] if place + 1 < len(known) else None,
    )


def _data(source: "Source", year: int) -> bytes:
    entries = source.by_year[year][::-1]
    data: dict[str, Any] = {"year": year, **counting.by_kind(entries)}
    return rendering.data_file({**data, "entries": counting.as_data(entries)})
