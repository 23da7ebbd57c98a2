"""--text: words, phrases, beginnings, exclusions; folded; and safe against the engine's syntax."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.errors import HealthcoopError
from healthcoop.index.query import Query
from healthcoop.index.records import count
from tests.cases import each


@pytest.fixture
def three(data):
    data.write("2020-a", title="Türkiye and Azerbaijan on sağlık", summary="Joint committee met.")
    data.write(
        "2020-b",
        title="A committee joint in name",
        summary="Nothing else.",
        people=[{"name": "Oqtay Şirəliyev", "native_name": "Октай Ширалиев"}],
        outcomes=["training of nurses", "vaccines against COVID-19"],
        notes="See the archive.",
    )
    data.write(
        "2020-c",
        official_title={"text": "Mémorandum d’entente", "language": "fr"},
        parties=[{"country": "AZ", "bodies": ["TABIB"]}, {"country": "TR"}],
        places=[{"city": "Łódź", "venue": "Əhməd Hotel"}],
    )
    return data


@each(
    ("text", "found"),
    [
        ("saglik", "a"),
        ("SAĞLIK", "a"),
        (unicodedata.normalize("NFD", "sağlık"), "a"),
        ("sireliyev", "b"),
        ("Şirəliyev", "b"),
        ("ширалиев", "b"),
        ("ehmed", "c"),
        ("lodz", "c"),
        ("memorandum", "c"),
        ("d'entente", "c"),
        ("tabib", "c"),
        ("archive", "b"),
        ("nurses", "b"),
        ("covid-19", "b"),
        ("joint committee", "ab"),
        ('"joint committee"', "a"),
        ('"joint committee', "a"),
        ("joint -saglik", "b"),
        ('committee -"joint committee"', "b"),
        ("-committee", "c"),
        ("-committee -tabib", ""),
        ("commit*", "ab"),
        ("commit", ""),
        ('"joint comm"*', "a"),
        ("-commit*", "c"),
        ("joint & committee !", "ab"),
        ("saglik OR tabib", "ac"),
        ("joint saglik OR nurses", "ab"),
        ("committee OR tabib -memorandum", "ab"),
        ("saglik or tabib", ""),
        ('"saglik OR tabib"', ""),
        ("saglik or", ""),
    ],
)
def test_words_match_ignoring_accents_and_case(three, text, found):
    assert [ident[-1] for ident in three.find(texts=(text,))] == list(found)


@each("text", ["OR", "saglik OR", "OR saglik", "saglik OR OR tabib", "saglik OR !"])
def test_or_needs_words_on_both_sides(three, text):
    with pytest.raises(HealthcoopError):
        three.find(texts=(text,))


def test_several_texts_are_combined_with_or(three):
    assert three.find(texts=("saglik", "tabib")) == ["2020-a", "2020-c"]


def test_phrase_does_not_match_across_texts(three):
    assert three.find(texts=('"nurses vaccines"',)) == []
    assert three.find(texts=('"training of nurses"',)) == ["2020-b"]


@each("text", ["", "  ", "!!!", '""', "-", "*", "-*", "¶"])
def test_text_without_a_word_is_an_error(three, text):
    with pytest.raises(HealthcoopError, match="no word"):
        three.find(texts=(text,))


@each(
    "text",
    [
        'joint" OR "saglik',
        "text:joint",
        "words:saglik",
        "NEAR(joint committee)",
        "joint AND",
        "NOT joint",
        "joint)",
        "{joint}",
        "^joint",
        "joint + committee",
        "'; DROP TABLE record; --",
        'a"b"c"',
        "jo\0int",
        "-- joint",
        "＂joint",
        "joint＂ OR ＂saglik",
        '"joint ＂committee"*',
    ],
)
def test_fts5_syntax_has_no_effect(three, text):
    with three.open() as index:
        assert count(index, Query(texts=(text,))) in (0, 1, 2)
        assert count(index, Query()) == 3


def test_fts5_operators_are_ordinary_words(data):
    data.write("2020-a", title="This or that and near nothing")
    assert data.find(texts=("or and near",)) == ["2020-a"]
    assert data.find(texts=("NOT that",)) == []


def test_any_text_gives_a_result_or_a_healthcoop_error(new_data):
    data = new_data()
    data.write("2020-a", title="sağlık")
    with data.in_memory() as index:

        @given(st.text(max_size=20))
        def ask(text):
            with suppress(HealthcoopError):
                assert count(index, Query(texts=(text,))) in (0, 1)

        ask()
