"""Vocabularies: from what people call a thing to its code, with the real files of ``schema/``."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from healthcoop.errors import UnknownName
from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.vocabulary import KINDS, Term, Vocabulary


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return vocabularies.load(Tree(Path(__file__).parents[2]))


@pytest.mark.parametrize(
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
def test_a_country_is_found_by_code_former_code_and_name_in_any_case(
    known: Vocabulary, text: str, code: str
) -> None:
    assert known.find("countries", text) == code


def test_a_country_is_found_by_a_name_typed_with_combining_accents(known: Vocabulary) -> None:
    assert known.find("countries", unicodedata.normalize("NFD", "Türkiye")) == "TR"


@pytest.mark.parametrize("vocabulary", KINDS)
def test_every_entry_is_found_by_its_code_in_any_case_and_by_its_label(
    known: Vocabulary, vocabulary: str
) -> None:
    for code, term in known.terms(vocabulary).items():
        spellings = (code, code.lower(), code.upper(), term.label, term.label.upper())
        assert {known.find(vocabulary, text) for text in spellings} == {code}


@pytest.mark.parametrize("vocabulary", KINDS)
def test_every_other_name_leads_to_its_entry_or_to_the_choice_with_it(
    known: Vocabulary, vocabulary: str
) -> None:
    for code, term in known.terms(vocabulary).items():
        for name in (*term.names, *term.former_codes):
            try:
                found: tuple[str, ...] = (known.find(vocabulary, name),)
            except UnknownName as error:
                found = error.nearest
            assert code in found, name


def test_a_name_of_several_offers_their_codes(known: Vocabulary) -> None:
    with pytest.raises(UnknownName, match="several meanings") as caught:
        known.find("countries", "Congolese")
    assert caught.value.nearest == ("CD", "CG")
    assert caught.value.hint == "Did you mean CD or CG?"


@pytest.mark.parametrize("text", ["who", "WHO", "World Health Organization"])
def test_an_organisation_is_found_where_a_party_is_wanted(known: Vocabulary, text: str) -> None:
    assert known.find_party(text) == "WHO"


def test_a_country_is_found_where_a_party_is_wanted(known: Vocabulary) -> None:
    assert known.find_party("azerbaijan") == "AZ"


def test_an_organisation_is_no_country(known: Vocabulary) -> None:
    with pytest.raises(UnknownName, match="unknown country: WHO"):
        known.find("countries", "WHO")


def test_an_unknown_party_is_told_to_be_neither_country_nor_organisation(
    known: Vocabulary,
) -> None:
    with pytest.raises(UnknownName, match="unknown country or organisation: UNICEFF") as caught:
        known.find_party("UNICEFF")
    assert caught.value.nearest == (known.label("UNICEF"),)


@pytest.mark.parametrize("text", ["", " ", "?", "qqqq"])
def test_what_is_like_no_name_is_unknown_and_offers_nothing(known: Vocabulary, text: str) -> None:
    with pytest.raises(UnknownName) as caught:
        known.find_party(text)
    assert not caught.value.nearest


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Azerbajan", ["Azerbaijan"]),
        ("Turky", ["Türkiye"]),
        ("Kazakstan", ["Kazakhstan"]),
        ("Untied Kingdom", ["United Kingdom"]),
        ("Irak", ["Iraq", "Iran"]),
        ("Austrla", ["Austria", "Australia"]),
    ],
)
def test_a_slip_is_offered_what_is_most_like_it_and_nothing_much_less_so(
    known: Vocabulary, typed: str, offered: list[str]
) -> None:
    assert known.nearest(["countries"], typed) == offered


def test_a_slip_in_a_name_of_several_is_offered_them_all(known: Vocabulary) -> None:
    assert sorted(known.nearest(["countries"], "Koreann")) == ["North Korea", "South Korea"]


def test_no_more_is_offered_than_was_asked_for(known: Vocabulary) -> None:
    assert len(known.nearest(["countries"], "Koreann", limit=1)) == 1


def test_topics_and_types_are_offered_by_code(known: Vocabulary) -> None:
    assert known.nearest(["topics"], "helth system") == ["health-system"]
    with pytest.raises(UnknownName, match="unknown type") as caught:
        known.find("types", "agrement")
    assert caught.value.nearest == ("agreement",)


def test_a_type_is_an_instrument_an_encounter_or_not_known(known: Vocabulary) -> None:
    assert known.kind("mou") == "instrument"
    assert known.kind("visit") == "encounter"
    assert known.kind("summit") == ""
    assert {term.kind for term in known.types.values()} == {"instrument", "encounter"}


def test_a_code_has_a_label_and_an_unknown_one_is_its_own(known: Vocabulary) -> None:
    assert known.label("CU") == "Cuba"
    assert known.label("WHO") == "World Health Organization"
    assert known.label("QQ") == "QQ"


def test_a_search_gives_the_code_then_labels_then_names_that_begin_so_then_the_rest() -> None:
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


def test_a_search_for_a_former_code_gives_its_country_first(known: Vocabulary) -> None:
    assert known.search("countries", "su")[0].code == "SUHH"


def test_a_search_for_the_beginning_of_a_name_folds_accents(known: Vocabulary) -> None:
    codes = [term.code for term in known.search("countries", "TÜRK")]
    assert codes[:3] == ["TC", "TM", "TR"]


def test_a_search_for_a_word_in_the_middle_gives_those_that_begin_with_it_first(
    known: Vocabulary,
) -> None:
    labels = [term.label for term in known.search("countries", "guinea")]
    begin = [label.startswith("Guinea") for label in labels]
    assert begin == sorted(begin, reverse=True)
    assert {"Guinea", "Papua New Guinea"} < set(labels)


def test_a_search_looks_in_definitions(known: Vocabulary) -> None:
    assert [term.code for term in known.search("organisations", "development bank of")] == ["AFDB"]


def test_a_search_without_a_hit_is_empty(known: Vocabulary) -> None:
    assert known.search("topics", "astrology") == []


def test_an_entry_keeps_what_only_its_vocabulary_says() -> None:
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


def test_an_entry_needs_no_more_than_a_code_and_a_label() -> None:
    assert Term.from_data({"code": "mou", "label": "Memorandum"}) == Term("mou", "Memorandum")


def test_an_entry_leaves_the_data_it_was_made_of_as_it_was() -> None:
    data = {"code": "WHO", "label": "World Health Organization", "names": ["OMS"]}
    before = dict(data)
    Term.from_data(data)
    assert data == before


def test_regions_hold_their_members(known: Vocabulary) -> None:
    for region in known.regions.values():
        assert {member["country"] for member in region.more["members"]} <= set(known.countries)


def test_collections_hold_their_method(known: Vocabulary) -> None:
    assert all(term.more["method"] for term in known.collections.values())
