"""The topics: an index, and a page of each with its years, its countries and its newest records."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.index.query import Query
from healthcoop.index.statistics import run
from healthcoop.site import addresses, counting, rendering
from healthcoop.site.charts import count_years

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_NEWEST = 25
_MOST_COUNTRIES = 12


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the index and a page for each topic of the vocabulary, each with its data."""
    yield addresses.TOPICS, partial(_index, source)
    yield "topics/index.json", partial(_index_data, source)
    for code in source.vocabulary.topics:
        yield addresses.topic(code), partial(_page, source, code)
        yield addresses.topic(code, "json"), partial(_data, source, code)


def _index(source: "Source") -> bytes:
    rows = run(source.index, "topics", Query(), day=source.today).rows
    return rendering.page(
        source,
        addresses.TOPICS,
        "topics.html",
        title="Topics",
        description="What the agreements and meetings are about, with the records of each topic.",
        data="topics/index.json",
        rows=rows,
        most=max((row["records"] for row in rows), default=0),
        unused=[code for code in source.vocabulary.topics if code not in source.by_topic],
    )


def _index_data(source: "Source") -> bytes:
    return rendering.data_file([*run(source.index, "topics", Query(), day=source.today).rows])


def _page(source: "Source", code: str) -> bytes:
    term, entries = source.vocabulary.topics[code], source.by_topic.get(code, ())
    return rendering.page(
        source,
        addresses.topic(code),
        "topic.html",
        title=term.label,
        description=term.definition or f"The records about {term.label.lower()}.",
        data=addresses.topic(code, "json"),
        term=term,
        counts=counting.by_kind(entries),
        years=count_years(entries),
        countries=counting.countries(entries, source.vocabulary)[:_MOST_COUNTRIES],
        newest=entries[:_NEWEST],
    )


def _data(source: "Source", code: str) -> bytes:
    term, entries = source.vocabulary.topics[code], source.by_topic.get(code, ())
    return rendering.data_file(
        {
            "code": code,
            "label": term.label,
            "definition": term.definition,
            "names": term.names,
            **counting.by_kind(entries),
            "by_year": count_years(entries),
            "by_country": dict(counting.countries(entries, source.vocabulary)),
            "entries": counting.as_data(entries),
        }
    )
