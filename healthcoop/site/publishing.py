"""The files that other programs read: a calendar, and what hosts of a published site expect."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from healthcoop.export.calendar import write_ics
from healthcoop.export.charts.rendering import picture
from healthcoop.site import addresses, rendering
from healthcoop.site.charts import count_years
from healthcoop.site.words import number

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_NOT_FOUND = "404.html"


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the calendar; with a base URL a picture for previews and an error page."""
    yield addresses.CALENDAR, partial(_calendar, source)
    if source.settings.base_url:
        yield addresses.CARD, partial(_card, source)
        yield _NOT_FOUND, partial(_not_found, source)
        yield "robots.txt", partial(_robots, source)


def sitemap(source: "Source", paths: Sequence[str]) -> "Iterator[tuple[str, Content]]":
    """Yield the sitemap of the pages among the paths of a site, if it has a base URL."""
    if source.settings.base_url:
        yield addresses.SITEMAP, partial(_sitemap, source, paths)


def _address(source: "Source", path: str) -> str:
    return addresses.absolute(source.settings.base_url, path)


def _calendar(source: "Source") -> bytes:
    return "".join(write_ics(source.extract)).encode()


def _sitemap(source: "Source", paths: Sequence[str]) -> bytes:
    """Return the pages with the day of their last change; those of withdrawn records are not in."""
    last = source.provenance.day
    days = {
        addresses.record(indexed.record.id): found[0].day if found else last
        for indexed in source.extract.records()
        for found in [source.history.get(indexed.path)]
    }
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for path in paths:
        is_record = path.startswith("records/") and path in days
        other = not path.startswith("records/") or path == addresses.RECORDS
        if path.endswith(".html") and path != _NOT_FOUND and (is_record or other):
            day = days.get(path, last)
            modified = f"<lastmod>{day}</lastmod>" if day else ""
            lines.append(f"<url><loc>{escape(_address(source, path))}</loc>{modified}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _robots(source: "Source") -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {_address(source, addresses.SITEMAP)}\n".encode()


def _not_found(source: "Source") -> bytes:
    return rendering.page(
        source,
        _NOT_FOUND,
        "not_found.html",
        title="No such page",
        description="There is no page at this address.",
        absolute=True,
    )


def _card(source: "Source") -> bytes:
    """Return the picture that previews show: the headline, the figures, and the years as bars."""
    years = count_years(source.entries)
    totals = source.totals
    named = ("records", "countries", "organisations")
    svg = rendering.drawing(
        "card.svg",
        name=source.provenance.name,
        figures=[f"{number(totals[name])} {name}" for name in named],
        years=years,
        most=max((row["records"] for row in years), default=1),
    )
    return picture(svg)
