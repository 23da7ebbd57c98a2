"""The list of organisations, and the page of each that has a record."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from healthcoop.site import addresses, rendering
from healthcoop.site.party_pages import codes_by_name, page_and_data

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the list, its data (the rows of ``stats organisations``), and the pages."""
    codes = codes_by_name(source, "organisations")
    yield addresses.ORGANISATIONS, partial(_index, source, codes)
    yield "organisations/index.json", partial(_data, source, codes)
    for code in codes:
        kind = kind_in_words(source.vocabulary.organisations[code].kind)
        yield from page_and_data(
            source,
            code,
            addresses.organisation,
            kind=kind,
            regions=(),
            succession=(),
            map=lambda: None,
        )


def kind_in_words(kind: str) -> str:
    """Return the kind of an organisation: ``UN agency``, ``Fund or partnership``."""
    words = kind.replace("-", " ").replace("un agency", "UN agency")
    return words[:1].upper() + words[1:] if words else "Organisation"


def _index(source: "Source", codes: list[str]) -> bytes:
    return rendering.page(
        source,
        addresses.ORGANISATIONS,
        "organisations.html",
        title="Organisations",
        description="The organisations that agreed and met with countries about health.",
        data="organisations/index.json",
        codes=sorted(codes, key=lambda code: -source.figures.records_of(code)),
        kind_in_words=kind_in_words,
    )


def _data(source: "Source", codes: list[str]) -> bytes:
    rows = [source.figures.counts[code] for code in codes if code in source.figures.counts]
    return rendering.data_file(sorted(rows, key=lambda row: (-row["records"], row["organisation"])))
