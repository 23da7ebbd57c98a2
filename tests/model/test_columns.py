"""Columns: each column of the table, on every real record."""

from pathlib import Path

import pytest

from healthcoop.files import reader, vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.columns import LISTED, IndexedRecord, columns
from healthcoop.model.record import Person, Place, Record, Source, Terms

TREE = Tree(Path(__file__).parents[2])
PATHS = list(TREE)
KNOWN = vocabularies.load(TREE)


@pytest.mark.parametrize("path", PATHS)
def test_every_column_has_a_value_of_its_shape_for_a_real_record(path: str) -> None:
    record = Record.from_data(reader.parse(TREE[path]).data or {})
    listed = IndexedRecord(record.to_data(), path, KNOWN.kind(record.type))
    nothing = IndexedRecord({}, "", "")
    for column in columns().values():
        value = column.value(listed)
        # A column is a list for every record or for none, the empty one included.
        assert isinstance(value, list) == isinstance(column.value(nothing), list), column.name
        if isinstance(value, list):
            assert all(type(item) is str and item for item in value), column.name
        else:
            assert value is None or isinstance(value, str | bool), column.name


@pytest.mark.parametrize("path", PATHS)
def test_the_columns_listed_by_default_are_filled_for_a_real_record(path: str) -> None:
    record = Record.from_data(reader.parse(TREE[path]).data or {})
    if record.withdrawn:
        return
    listed = IndexedRecord(record.to_data(), path, KNOWN.kind(record.type))
    values = {name: columns()[name].value(listed) for name in LISTED}
    assert all(values[name] for name in ("id", "date", "type", "kind", "title", "topics", "path"))
    assert values["countries"] or values["organisations"]
    assert str(values["path"]).endswith(f"/{values['id']}.yaml")


def test_list_gives_these_columns_in_this_order_unless_told_otherwise() -> None:
    contract = "id date type kind title countries[] organisations[] topics[] places[] path"
    nothing = IndexedRecord({}, "", "")
    shown = [
        f"{name}[]" if columns()[name].value(nothing) == [] else name  # empty, never null
        for name in LISTED
    ]
    assert " ".join(shown) == contract


def test_a_column_takes_its_value_from_its_own_part_of_the_record() -> None:
    record = Record.from_data(
        {
            "id": "2023-az-who-visit",
            "online": True,
            "places": [{"city": "Paris", "country": "FR", "venue": "Elysee"}, {"venue": "Palais"}],
            "parties": [
                {"country": "AZ", "bodies": ["Ministry of Health", "Clinic"]},
                {"organisation": "WHO", "bodies": ["Country Office"]},
                {"country": "GB"},
            ],
            "people": [{"name": "Ada", "party": "AZ"}, {"name": "Ben", "party": "GB"}],
            "topics": ["tb", "hiv"],
            "outcomes": ["A clinic"],
            "terms": {"in_force": "2023", "term": "P5Y", "period": "2023/2028", "ended": "none"},
            "sources": [{"url": "https://example.org/1"}, {"url": "https://example.org/2"}],
            "collection": "news",
            "notes": "A note.",
        }
    )
    listed = IndexedRecord(record.to_data(), "records/2023/2023-az-who-visit.yaml", "encounter")
    values = {name: column.value(listed) for name, column in columns().items()}
    assert {name: value for name, value in values.items() if value} == {
        "id": "2023-az-who-visit",
        "kind": "encounter",
        "path": "records/2023/2023-az-who-visit.yaml",
        "online": True,
        "places": ["Paris, FR", "Palais"],
        "countries": ["AZ", "GB"],
        "organisations": ["WHO"],
        "bodies": ["Ministry of Health", "Clinic", "Country Office"],
        "people": ["Ada", "Ben"],
        "topics": ["tb", "hiv"],
        "outcomes": ["A clinic"],
        "in_force": "2023",
        "term": "P5Y",
        "period": "2023/2028",
        "ended": "none",
        "sources": ["https://example.org/1", "https://example.org/2"],
        "collection": "news",
        "notes": "A note.",
    }


def test_the_terms_of_a_record_without_terms_are_none() -> None:
    names = ("in_force", "term", "period", "ended")
    assert not any(columns()[name].value(IndexedRecord({}, "", "")) for name in names)
    without = Record(terms=Terms(renewal="automatic"))
    assert [columns()[name].value(IndexedRecord(without.to_data(), "", "")) for name in names] == [
        None
    ] * 4


def test_a_list_of_a_column_is_the_caller_s_own() -> None:
    record = Record(
        topics=("tb",),
        outcomes=("A clinic",),
        places=(Place("Paris", "FR"),),
        people=(Person("Ada"),),
        sources=(Source("https://example.org"),),
    )
    listed = IndexedRecord(record.to_data(), "", "")
    for column in columns().values():
        value = column.value(listed)
        if isinstance(value, list):
            value.append("more")
            assert column.value(listed) == value[:-1], column.name
