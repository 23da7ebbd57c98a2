"""Vocabularies: finding codes by names, with the real files of ``schema/``."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from healthcoop.errors import UnknownName
from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.vocabulary import KINDS, Term, Vocabulary
from tests.cases import each


@pytest.fixture(scope="module")
def loaded() -> Vocabulary:
    return vocabularies.load(Tree(Path(__file__).parents[2]))


@each(
    ("text", "code"),
    [
        ("AZ", "AZ"),
        ("az", "AZ"),
        ("Az", "AZ"),
        ("AZE", "AZ"),
        ("aze", "AZ"),
        ("Azerbaijan", "AZ"),
        ("azerbaijan", "AZ"),
        ("  AZERBAIJAN ", "AZ"),
        ("Republic of Azerbaijan", "AZ"),
        ("Azərbaycan", "AZ"),
        ("AZERBAYCAN", "AZ"),
        ("Азербайджан", "AZ"),
        ("Azeri", "AZ"),
        ("UK", "GB"),
        ("Britain", "GB"),
        ("Turkey", "TR"),
        ("turkiye", "TR"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Gambia", "GM"),
        ("the Gambia", "GM"),
        ("Viet Nam", "VN"),
        ("HV", "BF"),
        ("hvo", "BF"),
        ("SU", "SUHH"),
        ("no", "NO"),
    ],
)
def test_country_is_found_by_code_former_code_or_name_in_any_case(
    loaded: Vocabulary, text: str, code: str
) -> None:
    assert loaded.find("countries", text) == code


def test_country_is_found_by_a_name_with_combining_accents(loaded: Vocabulary) -> None:
    assert loaded.find("countries", unicodedata.normalize("NFD", "Türkiye")) == "TR"


@each("vocabulary", KINDS)
def test_every_entry_is_found_by_its_code_in_any_case_and_by_its_label(
    loaded: Vocabulary, vocabulary: str
) -> None:
    for code, term in loaded.terms(vocabulary).items():
        spellings = (code, code.lower(), code.upper(), term.label, term.label.upper())
        assert {loaded.find(vocabulary, text) for text in spellings} == {code}


@each("vocabulary", KINDS)
def test_every_other_name_finds_its_entry_or_is_ambiguous(
    loaded: Vocabulary, vocabulary: str
) -> None:
    for code, term in loaded.terms(vocabulary).items():
        for name in (*term.names, *term.former_codes):
            try:
                found: tuple[str, ...] = (loaded.find(vocabulary, name),)
            except UnknownName as error:
                found = error.nearest
            assert code in found, name


def test_ambiguous_name_suggests_the_codes(loaded: Vocabulary) -> None:
    with pytest.raises(UnknownName, match="several meanings") as caught:
        loaded.find("countries", "Congolese")
    assert caught.value.nearest == ("CD", "CG")
    assert caught.value.hint == "Did you mean CD or CG?"


@each("text", ["who", "WHO", "World Health Organization"])
def test_party_may_be_an_organisation(loaded: Vocabulary, text: str) -> None:
    assert loaded.find_party(text) == "WHO"


def test_party_may_be_a_country(loaded: Vocabulary) -> None:
    assert loaded.find_party("azerbaijan") == "AZ"


def test_organisation_is_not_found_as_a_country(loaded: Vocabulary) -> None:
    with pytest.raises(UnknownName, match="unknown country: WHO"):
        loaded.find("countries", "WHO")


def test_unknown_party_error_mentions_countries_and_organisations(
    loaded: Vocabulary,
) -> None:
    with pytest.raises(UnknownName, match="unknown country or organisation: UNICEFF") as caught:
        loaded.find_party("UNICEFF")
    assert caught.value.nearest == (loaded.label("UNICEF"),)


@each("text", ["", " ", "?", "qqqq"])
def test_text_unlike_any_name_has_no_suggestions(loaded: Vocabulary, text: str) -> None:
    with pytest.raises(UnknownName) as caught:
        loaded.find_party(text)
    assert not caught.value.nearest


@each(
    ("typed", "expected"),
    [
        ("Azerbajan", ["Azerbaijan"]),
        ("Turky", ["Türkiye"]),
        ("Kazakstan", ["Kazakhstan"]),
        ("Untied Kingdom", ["United Kingdom"]),
        ("Irak", ["Iraq", "Iran"]),
        ("Austrla", ["Austria", "Australia"]),
    ],
)
def test_misspelt_name_suggests_only_the_most_similar(
    loaded: Vocabulary, typed: str, expected: list[str]
) -> None:
    assert loaded.nearest(["countries"], typed) == expected


def test_equally_similar_names_are_all_suggested(loaded: Vocabulary) -> None:
    assert sorted(loaded.nearest(["countries"], "Koreann")) == [
        "North Korea",
        "South Korea",
    ]


@each(
    ("kind", "typed", "expected"),
    [
        ("topics", "health of children and mothers", ["maternal-child-health"]),
        ("topics", "health of everybody", []),
        ("topics", "child health", ["maternal-child-health"]),
        ("topics", "humn resources", ["health-workforce"]),
        ("topics", "sanitation of water", ["environmental-health"]),
        ("topics", "transplantion", ["transplantation"]),
        ("organisations", "world bnk", ["International Bank for Reconstruction and Development"]),
        ("countries", "Republic", []),
        ("countries", "Timor", ["Timor-Leste"]),
    ],
)
def test_names_with_all_words_come_before_similar_spellings(
    loaded: Vocabulary, kind: str, typed: str, expected: list[str]
) -> None:
    """Nothing is offered where the words fit many entries, or none."""
    assert loaded.nearest([kind], typed) == expected


@each(
    ("kind", "name", "code"),
    [
        ("topics", "health", "health-system"),
        ("topics", "Human Resources", "health-workforce"),
        ("topics", "covid19", "covid-19"),
        ("topics", "water and sanitation", "environmental-health"),
        ("organisations", "world bank", "IBRD"),
        ("organisations", "the United Nations", "UN"),
    ],
)
def test_names_that_people_type_find_their_entry(
    loaded: Vocabulary, kind: str, name: str, code: str
) -> None:
    assert loaded.find(kind, name) == code


def test_one_wrong_letter_in_a_name_of_four_is_still_recognised(loaded: Vocabulary) -> None:
    """The least likeness that is offered."""
    assert loaded.nearest(["countries"], "Cuda") == ["Cuba"]
    assert loaded.nearest(["countries"], "Cdda") == []


def test_number_of_suggestions_is_limited(loaded: Vocabulary) -> None:
    assert len(loaded.nearest(["countries"], "Koreann", limit=1)) == 1


def test_topics_and_types_are_suggested_by_code(loaded: Vocabulary) -> None:
    assert loaded.nearest(["topics"], "helth system") == ["health-system"]
    with pytest.raises(UnknownName, match="unknown type") as caught:
        loaded.find("types", "agrement")
    assert caught.value.nearest == ("agreement",)


def test_kind_of_a_type_is_instrument_encounter_or_empty(loaded: Vocabulary) -> None:
    assert loaded.kind("mou") == "instrument"
    assert loaded.kind("visit") == "encounter"
    assert loaded.kind("summit") == ""
    assert {term.kind for term in loaded.types.values()} == {"instrument", "encounter"}


def test_label_of_an_unknown_code_is_the_code(loaded: Vocabulary) -> None:
    assert loaded.label("CU") == "Cuba"
    assert loaded.label("WHO") == "World Health Organization"
    assert loaded.label("QQ") == "QQ"


def test_search_sorts_by_code_then_label_then_name_then_the_rest() -> None:
    entries: list[dict[str, Any]] = [
        {"code": "AA", "name": "Northern Turia"},
        {"code": "BB", "name": "Hat", "other_names": ["Turban"]},
        {"code": "CC", "name": "Turia"},
        {"code": "DD", "name": "Old", "former_codes": ["TURX"]},
        {"code": "TUR", "name": "Anatolia"},
        {"code": "EE", "name": "Elsewhere"},
        {"code": "FF", "name": "Foreign", "definition": "A land south of Turia."},
    ]
    found = Vocabulary({"countries": entries}).search("countries", "tur")
    assert [term.code for term in found] == ["TUR", "CC", "BB", "DD", "AA", "FF"]


def test_search_for_a_former_code_lists_its_country_first(loaded: Vocabulary) -> None:
    assert loaded.search("countries", "su")[0].code == "SUHH"


def test_search_ignores_accents(loaded: Vocabulary) -> None:
    codes = [term.code for term in loaded.search("countries", "TÜRK")]
    assert codes[:3] == ["TC", "TM", "TR"]


def test_search_lists_names_that_begin_with_the_word_first(
    loaded: Vocabulary,
) -> None:
    labels = [term.label for term in loaded.search("countries", "guinea")]
    begin = [label.startswith("Guinea") for label in labels]
    assert begin == sorted(begin, reverse=True)
    assert {"Guinea", "Papua New Guinea"} < set(labels)


def test_search_includes_definitions(loaded: Vocabulary) -> None:
    found = [term.code for term in loaded.search("organisations", "development bank of")]
    assert found == ["ADB", "AFDB", "IDB", "ISDB"]


def test_search_without_a_match_is_empty(loaded: Vocabulary) -> None:
    assert loaded.search("topics", "astrology") == []


def test_entry_keeps_fields_of_its_vocabulary() -> None:
    term = Term.from_data(
        {
            "code": "XAUH",
            "alpha3": "AUH",
            "kind": "former",
            "name": "Austria-Hungary",
            "official_name": "Austro-Hungarian Monarchy",
            "other_names": ["Dual Monarchy"],
            "demonyms": ["Austro-Hungarian"],
            "from": "1867",
            "until": "1918-11-12",
            "former_codes": ["AH"],
            "replaced_by": "AT",
            "successors": ["AT", "HU"],
        }
    )
    assert (term.code, term.label, term.kind) == ("XAUH", "Austria-Hungary", "former")
    assert (term.starts, term.ends) == ("1867", "1918-11-12")
    assert (term.former_codes, term.replaced_by) == (("AH",), "AT")
    assert set(term.names) == {
        "Austro-Hungarian Monarchy",
        "AUH",
        "Dual Monarchy",
        "Austro-Hungarian",
    }
    assert term.more["successors"] == ["AT", "HU"]
    assert {"code", "name", "kind", "from", "until"}.isdisjoint(term.more)


def test_entry_needs_only_a_code_and_a_label() -> None:
    assert Term.from_data({"code": "mou", "label": "Memorandum"}) == Term("mou", "Memorandum")


def test_from_data_does_not_change_the_data() -> None:
    data = {"code": "WHO", "label": "World Health Organization", "names": ["OMS"]}
    before = dict(data)
    Term.from_data(data)
    assert data == before


@each(
    ("text", "code"),
    [
        ("Africa", "002"),
        ("AFR", "AFR"),
        ("African Region", "AFR"),
        ("143", "143"),
        ("central asia", "143"),
        ("Europe", "150"),
        ("South-eastern Asia", "035"),
        ("SEAR", "SEAR"),
    ],
)
def test_regions_of_who_go_by_code_and_those_of_m49_by_name_or_number(
    loaded: Vocabulary, text: str, code: str
) -> None:
    assert loaded.find("regions", text) == code


@each(
    ("text", "near"),
    [
        ("South Asia", "Southern Asia"),
        ("143x", "Central Asia"),
        ("EURO", "EUR"),
        ("Afrika", "Africa"),
    ],
)
def test_an_unknown_region_suggests_a_spelling_that_is_understood(
    loaded: Vocabulary, text: str, near: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        loaded.find("regions", text)
    assert near in str(caught.value.hint)
    assert loaded.find("regions", near)


def test_every_collection_has_a_method(loaded: Vocabulary) -> None:
    assert all(term.more["method"] for term in loaded.collections.values())


def test_long_texts_are_compared_with_no_name(loaded: Vocabulary) -> None:
    """Comparing some thousand long names with some hundred unknown ones took minutes."""
    name = max((term.label for term in loaded.organisations.values()), key=len)
    assert len(name) > 60
    assert loaded.nearest(["organisations"], f"{name}q") == []
