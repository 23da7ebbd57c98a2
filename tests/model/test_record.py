"""A record: from plain data and back, and what is said of data of another shape."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.model.record import Party, Place, Record
from healthcoop.model.shape import Data, ShapeError, describe

# Data as a file has it: what is absent is left out, never empty. Made from the format's page, and
# not from the dataclasses under test.

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
def test_a_record_gives_back_the_data_it_was_made_of(data: dict[str, Any]) -> None:
    assert Record.from_data(data).to_data() == data


@given(RECORD)
def test_a_record_is_the_one_that_its_data_makes(data: dict[str, Any]) -> None:
    record = Record.from_data(data)
    assert Record.from_data(record.to_data()) == record
    assert hash(record) == hash(Record.from_data(data))


@given(RECORD, st.permutations(CANONICAL))
def test_the_data_come_in_canonical_order_whatever_the_file_s(
    data: dict[str, Any], order: list[str]
) -> None:
    shuffled = {key: data[key] for key in order if key in data}
    given_back = list(Record.from_data(shuffled).to_data())
    assert given_back == [key for key in CANONICAL if key in data]


def test_every_field_of_the_format_is_one_of_the_record() -> None:
    assert [field.name for field in dataclasses.fields(Record)] == CANONICAL


def test_an_empty_file_makes_a_record_whose_every_value_is_absent() -> None:
    assert Record.from_data({}) == Record()
    assert Record().to_data() == {}


def test_what_is_false_or_empty_in_the_file_is_left_out() -> None:
    data = {"online": False, "topics": [], "title": "", "people": [{"name": "A", "signed": False}]}
    assert Record.from_data(data).to_data() == {"people": [{"name": "A"}]}


def test_unknown_keys_are_left_to_the_schema_at_every_level() -> None:
    data = {"id": "x", "flavour": ["?"], "parties": [{"country": "AZ", "mood": {}}]}
    assert Record.from_data(data).to_data() == {"id": "x", "parties": [{"country": "AZ"}]}


@given(RECORD)
def test_making_a_record_leaves_the_data_as_they_were(data: dict[str, Any]) -> None:
    before = repr(data)
    Record.from_data(data).to_data().clear()
    assert repr(data) == before


@pytest.mark.parametrize(
    ("data", "pointer", "wanted", "found"),
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
def test_data_of_another_shape_are_refused_with_the_place_and_both_shapes(
    data: Data, pointer: tuple[str | int, ...], wanted: str, found: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        Record.from_data(data)
    assert caught.value.pointer == pointer
    assert caught.value.message.startswith(f"expected {wanted}, found ")
    assert found in caught.value.message
    assert str(caught.value) == caught.value.message


# What the reader can give in any place: text, true and false, lists, mappings.
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
def test_whatever_the_reader_gives_is_a_record_or_is_refused_with_a_place_in_it(
    data: Mapping[str, Any],
) -> None:
    refusal = None
    try:
        Record.from_data(data)
    except ShapeError as error:
        refusal = error
    if refusal:
        assert describe(_lookup(data, refusal.pointer)) in refusal.message


def test_a_long_text_is_described_by_its_beginning() -> None:
    assert len(describe("x" * 10_000)) < 60


def test_countries_and_organisations_come_in_the_file_s_order() -> None:
    codes = [{"country": "TR"}, {"organisation": "WHO"}, {"country": "AZ"}, {"organisation": "EU"}]
    record = Record.from_data({"parties": codes})
    assert record.countries == ("TR", "AZ")
    assert record.organisations == ("WHO", "EU")
    assert [party.code for party in record.parties] == ["TR", "WHO", "AZ", "EU"]
    assert Party().code == ""


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("Paris", "FR", "Elysee"), "Paris, FR"),
        (Place(venue="Palais des Nations", country="CH"), "Palais des Nations, CH"),
        (Place(country="FR"), "FR"),
        (Place("Paris"), "Paris"),
        (Place(), ""),
    ],
)
def test_a_place_is_its_city_or_else_its_venue_and_its_country(place: Place, text: str) -> None:
    assert str(place) == text


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Record().title = "Another"  # type: ignore[misc]
