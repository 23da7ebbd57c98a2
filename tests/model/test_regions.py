"""Members of regions: WHO's and those of the United Nations' M49, with the real files."""

from pathlib import Path

import pytest

from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.regions import memberships
from healthcoop.model.vocabulary import Vocabulary
from tests.cases import each

Loaded = tuple[Vocabulary, dict[str, set[str]]]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    vocabulary = vocabularies.load(Tree(Path(__file__).parents[2]))
    return vocabulary, regions_by_country(vocabulary)


def regions_by_country(vocabulary: Vocabulary) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: set() for code in vocabulary.countries}
    for membership in memberships(vocabulary):
        found[membership.country].add(membership.region)
    return found


@each(
    ("country", "regions"),
    [
        ("KZ", "EUR 001 142 143"),
        ("EG", "EMR 001 002 015"),
        ("MZ", "AFR 001 002 202 014"),
        ("BR", "AMR 001 019 419 005"),
        ("US", "AMR 001 019 021"),
        ("TR", "EUR 001 142 145"),
        ("NO", "EUR 001 150 154"),
        ("AQ", "001"),
        ("MN", "SEAR WPR 001 142 030"),
        # What M49 lacks.
        ("TW", "001 142 030"),
        ("XK", "001 150 039"),
        ("XCHI", "001 150 154"),
        ("XSBA", "001 142 145"),
        # Former states: the first two fold into one, the others have several successors.
        ("SUHH", "EUR 001 150 151"),
        ("XTAN", "AFR 001 002 202 014"),
        ("CSHH", "EUR 001 150 151"),
        ("YUCS", "EUR 001 150 039"),
        ("XAUH", "EUR 001 150"),
        ("GEHH", "WPR 001 009"),
        ("XKOR", "001 142 030"),
        ("XCMB", "AFR 001 002 202"),
    ],
)
def test_a_country_is_in_the_regions_of_every_level(
    country: str, regions: str, loaded: Loaded
) -> None:
    assert loaded[1][country] == set(regions.split())


def test_m49_puts_each_country_into_one_region_and_one_subregion(loaded: Loaded) -> None:
    """Antarctica, in neither, excepted; an intermediate region is beside a subregion."""
    vocabulary, found = loaded
    antarctic = {"AQ", "BQAQ", "NQAQ"}
    for code, term in vocabulary.countries.items():
        if term.kind == "former":
            continue
        kinds = [vocabulary.regions[region].kind for region in found[code]]
        assert kinds.count("m49-global") == 1, code
        assert kinds.count("m49-region") == (code not in antarctic), code
        assert kinds.count("m49-subregion") == (code not in antarctic), code
        assert kinds.count("m49-intermediate") <= 1, code


def test_m49_has_the_codes_of_iso_but_taiwan_and_nothing_of_ours(loaded: Loaded) -> None:
    vocabulary, _ = loaded
    official = [
        code for term in vocabulary.regions.values() for code in term.more.get("countries", ())
    ]
    assert len(official) == 248
    iso = {code for code, term in vocabulary.countries.items() if len(code) == 2}
    assert iso - {*official} == {"TW", "XK"}
