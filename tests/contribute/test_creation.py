"""``contribute.creation``: ids of new records, their likely duplicates, checks and files."""

from typing import Any

import pytest

from healthcoop.checks.engine import CheckContext
from healthcoop.contribute import creation, record_ids
from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.files import reader
from healthcoop.files.canonical import HEADER, layout
from healthcoop.index.records import taken_ids
from tests.cases import each
from tests.conftest import ROOT

RECORD: dict[str, Any] = {
    "id": "2023-az-cu-vaccines-havana",
    "type": "meeting",
    "title": "The health ministers of Azerbaijan and Cuba discuss vaccines in Havana",
    "date": "2023-05-04",
    "parties": [{"country": "AZ"}, {"country": "CU"}],
    "topics": ["vaccines"],
    "summary": "The ministers spoke of the vaccines that Cuba makes, and will meet again.",
    "sources": [
        {"url": "https://example.org/news/1", "kind": "agency", "supports": ["date", "parties"]}
    ],
    "collection": "news-search-2026",
}


def parties(*codes: str) -> list[dict[str, str]]:
    return [{"country" if len(code) == 2 else "organisation": code} for code in codes]


@pytest.fixture
def dataset(few_records):
    with Dataset.open(few_records) as opened:
        yield opened


@each(
    ("changes", "expected"),
    [
        ({}, "2023-az-cu-ministers-vaccines-havana"),
        ({"date": "[..2021-03]"}, "2021-az-cu-ministers-vaccines-havana"),
        ({"date": "198X"}, "1980-az-cu-ministers-vaccines-havana"),
        ({"parties": parties("TR", "WHO", "EU")}, "2023-tr-who-eu"),
        ({"parties": parties("AZ", "CU", "TR", "IR")}, "2023-multi"),
        ({"title": "Sağlık günü: a day of Ünye’s hospital"}, "2023-az-cu-saglik-gunu-day-unye"),
        ({"title": "Azerbaijan signs an agreement with the Cuban state"}, "2023-az-cu-agreement"),
        ({"title": "Azerbaijan and Cuba sign"}, "2023-az-cu-meeting"),
        ({"title": "健康协议"}, "2023-az-cu-meeting"),
        ({"parties": [*parties("AZ", "CU"), {"country": "TR", "role": "observer"}]}, "2023-az-cu-"),
        ({"title": "x" * 150}, "2023-az-cu-" + "x" * 79),
    ],
)
def test_id_has_the_year_the_parties_and_a_few_words(changes, expected):
    with Dataset.open(ROOT) as own:
        ident = record_ids.propose_id({**RECORD, **changes}, own.vocabulary, ())
    assert ident.startswith(expected)
    assert record_ids.record_path(ident) == f"records/{ident[:4]}/{ident}.yaml"


def test_id_is_not_that_of_another_record(dataset):
    first = record_ids.propose_id(RECORD, dataset.vocabulary, ())
    taken = {first, f"{first}-2"}
    assert record_ids.propose_id(RECORD, dataset.vocabulary, taken) == f"{first}-3"


def test_ids_of_unread_files_and_former_ones_are_taken(dataset, few_records):
    folder = few_records / "records" / "2023"
    folder.mkdir()
    (folder / "2023-az-cu-unread.yaml").write_text("id: [\n", encoding="utf-8")
    (folder / "2023-az-cu-new.yaml").write_text(
        layout({**RECORD, "id": "2023-az-cu-new", "former_ids": ["2023-az-cu-old"]}),
        encoding="utf-8",
    )
    expected = {"2023-az-cu-unread", "2023-az-cu-new", "2023-az-cu-old"}
    assert expected < taken_ids(dataset.index)


@each(
    ("data", "found"),
    [
        ({"type": "meeting", "date": "2022-10-07", "parties": parties("CU", "AZ")}, True),
        ({"type": "visit", "date": "2022-10", "parties": parties("AZ", "CU")}, True),
        ({"type": "mou", "date": "2022-10-07", "parties": parties("AZ", "CU")}, False),
        ({"type": "meeting", "date": "2022-11-07", "parties": parties("AZ", "CU")}, False),
        ({"type": "meeting", "date": "2022-10-07", "parties": parties("AZ", "GE")}, False),
        ({"type": "meeting", "date": "2022-10-07", "parties": []}, False),
    ],
)
def test_sides_and_date_are_enough_to_find_a_duplicate(data, found, dataset):
    pairs = creation.likely_duplicates(dataset.index, data)
    ids = {ident for pair in pairs for ident in (pair.one.record.id, pair.other.record.id)}
    assert ("2022-az-cu-minister-ambassador" in ids) == found
    assert bool(pairs) == found


def test_new_record_is_checked_with_the_others(dataset):
    def codes(data: dict[str, Any]) -> set[str]:
        context = CheckContext(vocabulary=dataset.vocabulary, today=dataset.today)
        new = {record_ids.record_path(data["id"]): layout(data).encode()}
        found = creation.check(dataset.files, context, new)
        assert creation.check(dataset.files, context, new, index=dataset.index) == found
        return {finding.code for finding in found}

    assert not codes(RECORD)
    assert codes({**RECORD, "date": "2022-10-07"}) == {"HC905"}
    assert "HC204" in codes({**RECORD, "topics": ["vacines"]})
    link = {"rel": "related", "record": "2022-az-cu-minister-embassy"}
    assert codes({**RECORD, "links": [link]})
    assert codes({**RECORD, "id": "2024-az-cu-x", "former_ids": ["2022-ro-cu-health-agreement"]})


def test_record_is_written_in_canonical_layout_and_never_over_another(dataset):
    path = creation.write_new(dataset.root, RECORD)
    content = (dataset.root / path).read_bytes()
    assert content.decode().startswith(f"{HEADER}\nid: 2023-az-cu-vaccines-havana\n")
    assert reader.parse(content).data == RECORD
    assert dataset.record(RECORD["id"]).indexed.path == path
    with pytest.raises(HealthcoopError, match="already exists"):
        creation.write_new(dataset.root, {**RECORD, "title": "Another title of the same id"})
    assert (dataset.root / path).read_bytes() == content
    assert len([*(dataset.root / path).parent.iterdir()]) == 1


@each("ident", ["", "../../etc/passwd", "2023/az", "2023-az-cu-x.yaml", "2023-" + "a" * 120])
def test_no_file_is_written_for_an_invalid_id(ident, dataset):
    before = [*dataset.files]
    with pytest.raises(HealthcoopError, match="invalid id"):
        creation.write_new(dataset.root, {**RECORD, "id": ident})
    assert [*dataset.files] == before
