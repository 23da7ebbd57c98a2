"""Data sets that several tests of exports read: the project's own, and one with odd texts."""

import shutil
from pathlib import Path

import pytest

from healthcoop import Dataset
from healthcoop.files.canonical import dump

ROOT = Path(__file__).parents[2]
MINI = ROOT / "tests" / "cli" / "mini"
ODD = '</title><b>&amp; "x" ]]> ; , : { } \\ %s @misc{evil, END:VEVENT =1+1 é中'
"""A text with what ends a field, begins an element or is a formula in one format or another."""
ODD_RECORD = {
    "id": "2024-az-odd",
    "type": "meeting",
    "title": ODD,
    "date": "2024-05-06",
    "places": [{"city": ODD, "country": "AZ"}],
    "parties": [{"country": "AZ", "bodies": [ODD]}, {"country": "CU"}],
    "people": [{"name": ODD, "role": ODD, "wikidata": ODD}],
    "topics": [ODD],
    "summary": f"{ODD}\nBEGIN:VEVENT\nUID:two",
    "sources": [
        {"url": "javascript:alert(1)", "title": ODD, "language": 'en" x="y', "quote": ODD},
        {"url": f"https://a.example/{ODD}#%zz", "publisher": ODD, "quote": ODD},
    ],
    "collection": "news",
}


@pytest.fixture
def with_record(tmp_path):
    """Return a function that adds a record to a small data set, and returns the data set."""

    def add(data):
        folder = tmp_path / "mini"
        shutil.copytree(MINI, folder, dirs_exist_ok=True)
        shutil.copy(ROOT / "schema" / "record.schema.json", folder / "schema")
        file = folder / "records" / data["id"][:4] / f"{data['id']}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(dump(data), encoding="utf-8")
        return Dataset.open(folder)

    return add


@pytest.fixture
def odd(with_record):
    """Return a small data set with a record of odd texts."""
    return with_record(ODD_RECORD)


@pytest.fixture(params=["odd", pytest.param("real", marks=pytest.mark.slow)])
def either(request):
    """Return the small data set with odd texts; among the slow tests, the project's own too."""
    return request.getfixturevalue(request.param)
