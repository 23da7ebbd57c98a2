"""The page of downloads: every export with its size and sum, and how to read and cite the data."""

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.export import citations
from healthcoop.export.exporters import EXPORTERS
from healthcoop.export.provenance import FORMAT
from healthcoop.export.release import SUMS
from healthcoop.files.location import SCHEMA_PATH
from healthcoop.files.vocabularies import PATHS
from healthcoop.model import FORMAT_VERSION
from healthcoop.site import addresses, rendering
from healthcoop.site.history import commits

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_MOST_COMMITS = 12


def exports(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the files of each export."""
    for name in source.exports.names:
        yield f"data/{name}", partial(source.exports.content, name)


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page, the sums of the exports, the JSON Schema and the vocabularies."""
    yield addresses.DATA, partial(_page, source)
    yield f"data/{SUMS}", source.exports.sums
    for path in _schema_files(source):
        yield f"data/{path}", partial(source.files.__getitem__, path)


def _schema_files(source: "Source") -> list[str]:
    return [path for path in (SCHEMA_PATH, *PATHS.values()) if path in source.files]


def _page(source: "Source") -> bytes:
    exports = source.exports
    provenance = source.provenance
    return rendering.page(
        source,
        addresses.DATA,
        "data.html",
        title="Data",
        description="All records as CSV, Excel, JSON and other formats, and how to cite them.",
        downloads=exports.downloads,
        others={name: EXPORTERS[name] for name in EXPORTERS if name not in exports.downloads},
        sums=SUMS,
        schema_files=_schema_files(source),
        record_format=FORMAT_VERSION,
        export_format=FORMAT,
        bibtex=citations.data_set_bibtex(provenance),
        csl=json.dumps(citations.data_set_csl(provenance), indent=2, ensure_ascii=False),
        commits=commits(source.history)[:_MOST_COMMITS],
    )
