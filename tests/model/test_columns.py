"""The columns of ``list``: their values for example data and for every real record."""

from pathlib import Path

from healthcoop.files import reader, vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model.columns import LISTED, IndexedRecord, columns
from healthcoop.model.record import Person, Place, Record, Source, Terms
from healthcoop.model.spec import fields_of

TREE = Tree(Path(__file__).parents[2])
KNOWN = vocabularies.load(TREE)


def _listed(path: str) -> IndexedRecord:
    data = reader.parse(TREE[path]).data or {}
    return IndexedRecord(data, path, KNOWN.kind(data.get("type", "")))


LISTED_RECORDS = [_listed(path) for path in TREE]


TERMS = {
    **{"in_force": "2023", "provisional": "2022-05", "term": "P5Y", "period": "2023/2028"},
    **{"renewal": "automatic", "renewal_term": "P2Y", "notice": "P6M", "ended": "none"},
    **{"end_reason": "expired", "checked": "2026-01-01"},
}


def test_every_field_of_terms_is_a_column() -> None:
    assert {field.name for field in fields_of("terms")} == TERMS.keys() <= columns().keys()


def test_values_of_columns_have_the_declared_kind_for_every_record() -> None:
    kinds = {
        "list": list,
        "flag": bool,
        "text": str | None,
        "day": str | None,
        "integer": int | None,
    }
    wrong = [
        (listed.path, column.name)
        for listed in [IndexedRecord({}, "", ""), *LISTED_RECORDS]
        for column in columns().values()
        if not isinstance(value := column.value(listed), kinds[column.kind])
        or (isinstance(value, list) and not all(type(item) is str and item for item in value))
    ]
    assert not wrong


def test_default_columns_of_every_record_have_values() -> None:
    incomplete = []
    for listed in LISTED_RECORDS:
        if "withdrawn" in listed.data:
            continue
        values = {name: columns()[name].value(listed) for name in LISTED}
        needed = ("id", "date", "type", "kind", "title", "topics", "path")
        if not all(values[name] for name in needed) or not str(values["path"]).endswith(
            f"/{values['id']}.yaml"
        ):
            incomplete.append(listed.path)
        if not (values["countries"] or values["organisations"]):
            incomplete.append(listed.path)
    assert not incomplete


def test_default_columns_are_the_documented_ones() -> None:
    contract = (
        "id date earliest latest type kind title countries[] organisations[] topics[] places[] path"
    )
    nothing = IndexedRecord({}, "", "")
    shown = [
        f"{name}[]" if columns()[name].value(nothing) == [] else name  # empty, never null
        for name in LISTED
    ]
    assert " ".join(shown) == contract


def test_column_has_the_value_of_its_field() -> None:
    record = Record.from_data(
        {
            "id": "2023-az-who-visit",
            "date": "2023-05",
            "online": True,
            "places": [{"city": "Paris", "country": "FR", "venue": "Elysee"}, {"venue": "Palais"}],
            "parties": [
                {"country": "AZ", "bodies": ["Ministry of Health", "Clinic"]},
                {"organisation": "WHO", "bodies": ["Country Office"]},
                {"country": "SE", "role": "observer"},
                {"country": "GB", "extended_to": ["GI", "HK"]},
                {"country": "NL", "extended_to": ["AW"]},
            ],
            "people": [{"name": "Ada", "party": "AZ"}, {"name": "Ben", "party": "GB"}],
            "topics": ["tb", "hiv"],
            "outcomes": ["A clinic"],
            "terms": TERMS,
            "funding": [
                {
                    "amount": "5",
                    "currency": "EUR",
                    "from": "WHO",
                    "kind": "grant",
                    "note": "a year",
                },
                {"amount": "0.5", "currency": "USD"},
            ],
            "sources": [{"url": "https://example.org/1"}, {"url": "https://example.org/2"}],
            "collection": "news",
            "notes": "A note.",
        }
    )
    path = "records/2023/2023-az-who-visit.yaml"
    listed = IndexedRecord(record.to_data(), path, "encounter", "2023-05-01", "2023-05-31")
    values = {name: column.value(listed) for name, column in columns().items()}
    assert {name: value for name, value in values.items() if value} == {
        "id": "2023-az-who-visit",
        "kind": "encounter",
        "path": "records/2023/2023-az-who-visit.yaml",
        "date": "2023-05",
        "year": 2023,
        "lateral": "multilateral",  # without the observer, of three countries
        "online": True,
        "places": ["Paris, FR", "Palais"],
        "earliest": "2023-05-01",
        "latest": "2023-05-31",
        "countries": ["AZ", "SE", "GB", "NL"],
        "organisations": ["WHO"],
        "sides": ["AZ", "WHO", "GB", "NL"],
        "observers": ["SE"],
        "bodies": ["Ministry of Health", "Clinic", "Country Office"],
        "people": ["Ada", "Ben"],
        "topics": ["tb", "hiv"],
        "outcomes": ["A clinic"],
        **TERMS,
        "extended_to": ["GI", "HK", "AW"],
        "funding": ["5 EUR from WHO (grant): a year", "0.5 USD"],
        "sources": ["https://example.org/1", "https://example.org/2"],
        "collection": "news",
        "notes": "A note.",
    }


def test_columns_of_terms_are_none_without_terms() -> None:
    names = ("in_force", "term", "period", "ended", "renewal_term", "checked")
    assert not any(columns()[name].value(IndexedRecord({}, "", "")) for name in names)
    without = Record(terms=Terms(renewal="automatic"))
    assert [columns()[name].value(IndexedRecord(without.to_data(), "", "")) for name in names] == [
        None
    ] * 6


def test_changing_a_returned_list_does_not_change_the_record() -> None:
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
