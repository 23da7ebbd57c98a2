"""The page for contributors: what a record is, and how to propose or correct one."""

import os
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.site import addresses, rendering

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_PACKAGE = ("pyproject.toml", "healthcoop/__init__.py")
"""What is beside the records where their repository is that of the tool, too."""


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
        has_package=all(os.path.isfile(source.index.root / path) for path in _PACKAGE),
    )
