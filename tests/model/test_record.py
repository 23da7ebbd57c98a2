"""Records: conversion from and to plain data, and errors for data of the wrong shape."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.model.record import Party, Place, Record
from healthcoop.model.shape import Data, ShapeError, build, describe
from tests.cases import each

# Data as in a file: absent fields are left out, never empty. Written from the documentation of the
# fields, not derived from the dataclasses under test.

TEXT = st.text(min_size=1, max_size=12)
TEXTS = st.lists(TEXT, min_size=1, max_size=3)


def part(texts: str, **others: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = dict.fromkeys(texts.split(), TEXT) | others
    return st.fixed_dictionaries({}, optional=fields)


def several(item: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(item, min_size=1, max_size=3)


RECORD = part(
    "id type title date summary text_url collection notes",
    official_title=part("text language"),
    places=several(part("city country venue")),
    online=st.just(True),
    parties=several(
        part(
            "country organisation role level signed ratified acceded in_force left",
            bodies=TEXTS,
            extended_to=TEXTS,
        )
    ),
    people=several(part("name native_name role party wikidata", signed=st.just(True))),
    topics=TEXTS,
    outcomes=TEXTS,
    terms=part(
        "in_force provisional term period renewal renewal_term notice ended end_reason checked"
    ),
    funding=several(part("amount currency from kind note")),
    identifiers=several(part("scheme value")),
    links=several(part("rel record title date url")),
    sources=several(
        part(
            "url kind publisher title published accessed archived language quote",
            supports=TEXTS,
            says=st.dictionaries(TEXT, TEXT, min_size=1, max_size=2),
        )
    ),
    former_ids=TEXTS,
    withdrawn=part("date reason", replaced_by=TEXTS),
)
CANONICAL = [
    *("id", "type", "title", "official_title", "date", "places", "online", "parties", "people"),
    *("topics", "summary", "outcomes", "terms", "funding", "text_url", "identifiers", "links"),
    *("sources", "collection", "former_ids", "withdrawn", "notes"),
]


@given(RECORD)
def test_data_round_trips(data: dict[str, Any]) -> None:
    assert Record.from_data(data).to_data() == data


@given(RECORD)
def test_records_of_equal_data_are_equal_and_have_equal_hashes(data: dict[str, Any]) -> None:
    record = Record.from_data(data)
    assert Record.from_data(record.to_data()) == record
    assert hash(record) == hash(Record.from_data(data))


@given(RECORD, st.permutations(CANONICAL))
def test_data_has_canonical_order_whatever_the_order_of_the_file(
    data: dict[str, Any], order: list[str]
) -> None:
    shuffled = {key: data[key] for key in order if key in data}
    keys = list(Record.from_data(shuffled).to_data())
    assert keys == [key for key in CANONICAL if key in data]


def test_record_has_every_field_of_the_format() -> None:
    assert [field.name for field in dataclasses.fields(Record)] == CANONICAL


def test_record_of_empty_data_has_no_values() -> None:
    assert Record.from_data({}) == Record()
    assert Record().to_data() == {}


def test_false_and_empty_values_are_left_out() -> None:
    data = {"online": False, "topics": [], "title": "", "people": [{"name": "A", "signed": False}]}
    assert Record.from_data(data).to_data() == {"people": [{"name": "A"}]}


def test_unknown_keys_are_ignored_at_every_level() -> None:
    data = {"id": "x", "flavour": ["?"], "parties": [{"country": "AZ", "mood": {}}]}
    assert Record.from_data(data).to_data() == {"id": "x", "parties": [{"country": "AZ"}]}


@given(RECORD)
def test_from_data_does_not_change_the_data(data: dict[str, Any]) -> None:
    before = repr(data)
    Record.from_data(data).to_data().clear()
    assert repr(data) == before


@each(
    ("data", "pointer", "expected", "actual"),
    [
        ([], (), "a mapping", "a list"),
        ({"title": True}, ("title",), "text", "true"),
        ({"title": ["a"]}, ("title",), "text", "a list"),
        ({"date": {"a": "b"}}, ("date",), "text", "a mapping"),
        ({"online": "yes"}, ("online",), "true or false", "“yes”"),
        ({"topics": "hiv"}, ("topics",), "a list", "“hiv”"),
        ({"topics": ["hiv", False]}, ("topics", 1), "text", "false"),
        ({"terms": "P5Y"}, ("terms",), "a mapping", "“P5Y”"),
        ({"terms": {"ended": ["none"]}}, ("terms", "ended"), "text", "a list"),
        ({"parties": {"country": "AZ"}}, ("parties",), "a list", "a mapping"),
        ({"parties": [{}, "AZ"]}, ("parties", 1), "a mapping", "“AZ”"),
        ({"parties": [{"bodies": ["a", {}]}]}, ("parties", 0, "bodies", 1), "text", "a mapping"),
        ({"people": [{"signed": "true"}]}, ("people", 0, "signed"), "true or false", "“true”"),
        ({"sources": [{"says": ["a"]}]}, ("sources", 0, "says"), "a mapping", "a list"),
        ({"sources": [{"says": {"a": []}}]}, ("sources", 0, "says", "a"), "text", "a list"),
        ({"withdrawn": {"replaced_by": "x"}}, ("withdrawn", "replaced_by"), "a list", "“x”"),
    ],
)
def test_shape_error_has_the_pointer_and_both_shapes(
    data: Data, pointer: tuple[str | int, ...], expected: str, actual: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        Record.from_data(data)
    assert caught.value.pointer == pointer
    assert caught.value.message.startswith(f"expected {expected}, found ")
    assert actual in caught.value.message
    assert str(caught.value) == caught.value.message


# Any value that the reader can return: text, true and false, lists, mappings.
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    TEXT | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def _lookup(data: Any, pointer: tuple[str | int, ...]) -> Any:
    for step in pointer:
        data = data[step]
    return data


@given(st.dictionaries(st.sampled_from(CANONICAL), ANYTHING, max_size=4))
def test_any_data_is_a_record_or_raises_a_shape_error_that_points_into_it(
    data: Mapping[str, Any],
) -> None:
    try:
        Record.from_data(data)
    except ShapeError as error:
        message, pointer = error.message, error.pointer
    else:
        return
    assert describe(_lookup(data, pointer)) in message


def test_description_of_a_long_text_is_truncated() -> None:
    assert len(describe("x" * 10_000)) < 60


def test_countries_and_organisations_keep_the_order_of_the_file() -> None:
    codes = [{"country": "TR"}, {"organisation": "WHO"}, {"country": "AZ"}, {"organisation": "EU"}]
    record = Record.from_data({"parties": codes})
    assert record.countries == ("TR", "AZ")
    assert record.organisations == ("WHO", "EU")
    assert [party.code for party in record.parties] == ["TR", "WHO", "AZ", "EU"]
    assert Party().code == ""


@each(
    ("place", "text"),
    [
        (Place("Paris", "FR", "Elysee"), "Paris, FR"),
        (Place(venue="Palais des Nations", country="CH"), "Palais des Nations, CH"),
        (Place(country="FR"), "FR"),
        (Place("Paris"), "Paris"),
        (Place(), ""),
    ],
)
def test_place_as_text_is_city_or_venue_and_country(place: Place, text: str) -> None:
    assert str(place) == text


def test_record_is_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Record().title = "Another"  # type: ignore[misc]


def test_parts_read_from_data_are_frozen() -> None:
    """They are equal to those that are created by their class."""
    place = build(Place, {"city": "Baku"})
    assert place == Place(city="Baku")
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.city = "Havana"  # type: ignore[misc]
