"""The list of countries, and the page of each that has a record."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from healthcoop.model.folding import name_key
from healthcoop.model.regions import memberships
from healthcoop.site import addresses, rendering
from healthcoop.site.party_figures import partner
from healthcoop.site.party_pages import codes_by_name, page_and_data
from healthcoop.site.world import COARSE, Map, world_map

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary
    from healthcoop.site import Content
    from healthcoop.site.source import Source

KINDS = {"state": "State", "territory": "Territory", "former": "Former state or territory"}
LAND = "assets/land.svg"
# The more exact first.
_M49_KINDS = ("m49-intermediate", "m49-subregion", "m49-region")


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the list, its data (the rows of ``stats countries``), and the page of each country."""
    codes = codes_by_name(source, "countries")
    yield addresses.COUNTRIES, partial(_index, source, codes)
    yield "countries/index.json", partial(_data, source, codes)
    yield LAND, _land
    regions = _regions(source.vocabulary)
    for code in codes:
        yield from page_and_data(
            source,
            code,
            addresses.country,
            kind=KINDS[source.vocabulary.countries[code].kind],
            regions=regions.get(code, ()),
            succession=_succession(source.vocabulary, code),
            map=lambda code=code: _map(source, code),
        )


def _land() -> bytes:
    """Return the land below the small maps, in a grey that is seen on light and dark pages."""
    box = f"0 0 {COARSE.width} {COARSE.height}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<path fill="#80868b" fill-opacity=".24" d="{COARSE.land()}"/></svg>\n'
    ).encode()


def _map(source: "Source", code: str) -> Map | None:
    """Return the map of a country's partners; None where it has none on the map."""
    rows = source.figures.partners.get(code, ())
    numbers = {partner(row, code): row["records"] for row in rows}
    found = world_map({code: numbers[code] for code in numbers if source.page_of(code)}, COARSE)
    return found if found.shapes else None


def _index(source: "Source", codes: list[str]) -> bytes:
    label = source.vocabulary.label
    letters = [
        (letter, [*group])
        for letter, group in groupby(codes, key=lambda code: name_key(label(code))[:1].upper())
    ]
    return rendering.page(
        source,
        addresses.COUNTRIES,
        "countries.html",
        title="Countries",
        description="The countries that agreed and met with others about health, by name.",
        data="countries/index.json",
        letters=letters,
        total=len(codes),
    )


def _data(source: "Source", codes: list[str]) -> bytes:
    rows = [source.figures.counts[code] for code in codes if code in source.figures.counts]
    return rendering.data_file(sorted(rows, key=lambda row: (-row["records"], row["country"])))


def _regions(vocabulary: "Vocabulary") -> dict[str, tuple[str, ...]]:
    """Return the names of the present regions of each country: WHO's, and the smallest of M49."""
    found: dict[str, dict[str, str]] = {}
    for member in memberships(vocabulary):
        if not member.ends:
            term = vocabulary.regions[member.region]
            found.setdefault(member.country, {}).setdefault(term.kind, term.label)
    named = {}
    for code, regions in found.items():
        who = f"WHO {regions['who']}" if "who" in regions else None
        m49 = next((regions[kind] for kind in _M49_KINDS if kind in regions), None)
        named[code] = tuple(filter(None, (m49, who)))
    return named


def _succession(vocabulary: "Vocabulary", code: str) -> list[tuple[str, list[str]]]:
    """Return which states continue a former one and which former ones it continues, in words."""
    more: dict[str, Any] = {**vocabulary.countries[code].more}
    continued_by = [more["folds_into"]] if more.get("folds_into") else []
    others = [each for each in more.get("successors", ()) if each not in continued_by]
    before = [
        (former.code, former.more.get("folds_into") == code)
        for former in vocabulary.countries.values()
        if code in former.more.get("successors", ()) or former.more.get("folds_into") == code
    ]
    found = (
        ("Continued by", continued_by),
        ("Other states after it" if continued_by else "States after it", others),
        ("Continues", [each for each, continues in before if continues]),
        ("Before it", [each for each, continues in before if not continues]),
    )
    return [(words, codes) for words, codes in found if codes]
