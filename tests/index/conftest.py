"""A small data set that tests write records into and query."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthcoop.files.canonical import layout
from healthcoop.files.tree import Tree
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.sync import open_index

COUNTRIES = [
    *(
        {"code": code, "alpha3": alpha3, "kind": "state", "name": name}
        for code, alpha3, name in (
            ("AZ", "AZE", "Azerbaijan"),
            ("CU", "CUB", "Cuba"),
            ("DE", "DEU", "Germany"),
            ("GB", "GBR", "United Kingdom"),
            ("NO", "NOR", "Norway"),
            ("RU", "RUS", "Russian Federation"),
            ("TR", "TUR", "Türkiye"),
        )
    ),
    {"code": "SUHH", "kind": "former", "name": "Soviet Union", "folds_into": "RU"},
    {"code": "CSHH", "kind": "former", "name": "Czechoslovakia"},
    {"code": "DDDE", "kind": "former", "name": "German Democratic Republic", "folds_into": "DE"},
    {"code": "XSOZ", "kind": "former", "name": "Soviet occupation zone", "folds_into": "DDDE"},
]
VOCABULARIES: dict[str, list[dict[str, Any]]] = {
    "organisations": [
        {"code": "WHO", "label": "World Health Organization"},
        {"code": "ECO", "label": "Economic Cooperation Organization"},
    ],
    "topics": [{"code": code, "label": code} for code in ("vaccines", "workforce", "covid-19")],
    "types": [
        {"code": "mou", "label": "Memorandum", "kind": "instrument"},
        {"code": "agreement", "label": "Agreement", "kind": "instrument"},
        {"code": "meeting", "label": "Meeting", "kind": "encounter"},
    ],
    "collections": [
        {"code": "news", "label": "News", "definition": "Found in the news."},
        {"code": "register", "label": "Register", "definition": "A register."},
    ],
    "regions": [
        {
            "code": "EUR",
            "label": "European Region",
            "members": [
                {"country": "AZ", "from": "1991-10"},
                {"country": "TR"},
                {"country": "GB", "until": "2020-01"},
            ],
        },
        {"code": "AMR", "label": "Americas", "members": [{"country": "CU"}]},
    ],
}


class DataSet:
    """A data set in a temporary folder, with a cache beside it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "data"
        self.cache = folder / "cache"
        self.tree = Tree(self.root)
        (self.root / "records").mkdir(parents=True)
        (self.root / "schema").mkdir()
        self.write_schema()

    def write_schema(self, **changes: list[dict[str, Any]]) -> None:
        schema = self.root / "schema"
        (schema / "record.schema.json").write_text('{"$id": "record/1"}')
        (schema / "countries.json").write_text(
            json.dumps({"countries": COUNTRIES}), encoding="utf-8"
        )
        for kind, entries in {**VOCABULARIES, **changes}.items():
            (schema / f"{kind}.yaml").write_text(layout({kind: entries}), encoding="utf-8")

    def path(self, ident: str) -> Path:
        return self.root / "records" / ident[:4] / f"{ident}.yaml"

    def write(self, ident: str, **fields: Any) -> Path:
        """Write a record; a field given as None is left out."""
        data = {
            "id": ident,
            "type": "meeting",
            "title": f"The meeting of {ident}",
            "date": ident[:4],
            "parties": [{"country": "AZ"}, {"country": "TR"}],
            "topics": ["vaccines"],
            "summary": "They met and talked.",
            "sources": [{"url": "https://example.org/page"}],
            "collection": "news",
            **fields,
        }
        return self.write_text(
            ident, layout({key: value for key, value in data.items() if value is not None})
        )

    def write_text(self, ident: str, text: str) -> Path:
        path = self.path(ident)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def open(self, **options: Any) -> Index:
        return open_index(self.tree, **{"cache": self.cache, **options})

    def in_memory(self) -> Index:
        """Build the index in memory."""
        index = self.open(cache=self.root / "schema" / "countries.json")
        assert index.path is None
        return index

    def find(self, **filters: Any) -> list[str]:
        """Return the ids of the matching records, by date and id."""
        with self.open() as index:
            return [item.record.id for item in select(index, Query(**filters))]


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path)


@pytest.fixture
def new_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], DataSet]:
    """Return a function that creates data sets, for tests that need one for each example."""
    return lambda: DataSet(tmp_path_factory.mktemp("data"))
