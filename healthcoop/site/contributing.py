"""The page for contributors: what a record is, and how to propose or correct one."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.site import addresses, rendering

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page."""
    yield addresses.CONTRIBUTE, partial(_page, source)


def _page(source: "Source") -> bytes:
    example = next((entry for entry in source.entries if entry.kind == "encounter"), None)
    return rendering.page(
        source,
        addresses.CONTRIBUTE,
        "contribute.html",
        title="Contribute",
        description="Propose a record or correct one, without git or any program.",
        example=example,
    )
