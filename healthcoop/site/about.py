"""The page about the data set: method, collections with what they leave out, figures, privacy."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from healthcoop.checks.registry import rules
from healthcoop.export.descriptor import collection_facts
from healthcoop.index.query import Query
from healthcoop.index.statistics import run
from healthcoop.site import addresses, rendering

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_DATA = "about/index.json"


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page and its data: the collections, and how complete the records are."""
    yield addresses.ABOUT, partial(_page, source)
    yield _DATA, partial(_data, source)


def _page(source: "Source") -> bytes:
    return rendering.page(
        source,
        addresses.ABOUT,
        "about.html",
        title="About",
        description="What this is, how it was made, how it is checked, and what is not in it.",
        data=_DATA,
        rules=len(rules()),
        summary=source.totals,
        **_figures(source),
    )


def _data(source: "Source") -> bytes:
    return rendering.data_file(_figures(source))


def _figures(source: "Source") -> dict[str, Any]:
    numbers = Counter(entry.collection for entry in source.entries)
    completeness = run(source.index, "completeness", Query(), day=source.today).rows
    return {
        "collections": [
            {
                "code": code,
                "label": term.label,
                "definition": term.definition,
                "complete": term.more.get("scope", {}).get("complete"),
                "records": numbers[code],
                "facts": collection_facts(term, source.vocabulary),
            }
            for code, term in source.vocabulary.collections.items()
        ],
        "completeness": [*completeness],
    }
