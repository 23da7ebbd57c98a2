"""All records: a plain list in pages, which works without scripts; the search is built upon it."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.site import addresses, rendering
from healthcoop.site.search import PER_PAGE

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the pages of the list, the newest event first."""
    pages = max(1, -(-len(source.entries) // PER_PAGE))
    for number in range(1, pages + 1):
        yield _address(number), partial(_page, source, number, pages)


def _address(number: int) -> str:
    return addresses.RECORDS if number == 1 else f"records/page-{number}.html"


def _page(source: "Source", number: int, pages: int) -> bytes:
    start = (number - 1) * PER_PAGE
    return rendering.page(
        source,
        _address(number),
        "listing.html",
        title="Records" if number == 1 else f"Records, page {number}",
        description="All records of agreements and meetings about health, the newest first.",
        entries=source.entries[start : start + PER_PAGE],
        number=number,
        pages=[_address(each) for each in range(1, pages + 1)],
        start=start,
        total=len(source.entries),
    )
