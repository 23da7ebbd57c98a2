"""The first page: what this is, the headline figures, the map, the years, the newest records."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.index.query import Query
from healthcoop.index.statistics import run
from healthcoop.site import addresses, rendering
from healthcoop.site.world import world_map

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_NEWEST = 8
_MOST_PARTIES = 10


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page and its data: the keys of ``summary -f json``."""
    yield addresses.HOME, partial(_page, source)
    yield "index.json", partial(_data, source)


def _page(source: "Source") -> bytes:
    query, day = Query(), source.today
    countries = run(source.index, "countries", query, day=day).rows
    return rendering.page(
        source,
        addresses.HOME,
        "home.html",
        title="Who agreed and met with whom about health",
        description=source.provenance.abstract or source.provenance.title,
        data="index.json",
        summary=source.totals,
        years=run(source.index, "years", query, day=day).rows,
        map=world_map(
            {row["country"]: row["records"] for row in countries if source.page_of(row["country"])}
        ),
        countries=countries[:_MOST_PARTIES],
        newest=source.entries[:_NEWEST],
    )


def _data(source: "Source") -> bytes:
    return rendering.data_file(source.totals)
