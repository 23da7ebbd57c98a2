"""The Data Package, checked by frictionless, the reference implementation of the standard."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from healthcoop import Dataset
from healthcoop.files.canonical import dump
from healthcoop.index.long_tables import long_tables
from tests.export.test_export import ROOT, dataset, root  # noqa: F401 - fixtures


def validated(folder: Path):
    """Return the package that frictionless read, and the errors that it found."""
    from frictionless import Package, system

    with system.use_context(trusted=False):
        package = Package(str(folder / "datapackage.json"))
        report = package.validate()
    return package, report.flatten(["type", "title", "note"])


@pytest.fixture
def package(dataset, tmp_path):
    dataset.export("datapackage", output=tmp_path / "out")
    return tmp_path / "out"


def descriptor(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_package_is_valid_and_has_every_table(package):
    read, errors = validated(package)
    assert errors == []
    assert {*read.resource_names} == {*long_tables()}
    parties = read.get_resource("parties").read_rows()
    assert [(row["record"], row["position"], row["side"]) for row in parties][:2] == [
        ("1985-gb-suhh-health-agreement", 0, True),
        ("1985-gb-suhh-health-agreement", 1, True),
    ]
    first = read.get_resource("records").read_rows()[0]
    assert (first["date"], first["earliest"]) == ("1985-06~", date(1985, 6, 1))


def test_descriptor_is_of_version_2_and_cites(package, dataset):
    data = descriptor(package)
    assert data["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert data["name"] == "a-small-data-set"
    assert data["version"] == "0.3.0"
    assert data["created"] == "2026-03-04T00:00:00Z"
    assert [one["title"] for one in data["contributors"]] == ["Okafor, Ada", "The Institute"]
    assert data["healthcoop"] == dataset.provenance.as_data()
    collections = {*dataset.vocabulary.collections}
    assert {one["collection"] for one in data["sources"]} == collections
    assert {one["collection"] for one in data["healthcoop"]["licences"]} == collections
    assert all({"name", "path", "title"} == one.keys() for one in data["licenses"])
    assert data["licenses"][0]["name"] == "CC-BY-4.0"


def test_columns_have_types_and_code_lists(package):
    fields = {
        (resource["name"], field["name"]): field
        for resource in descriptor(package)["resources"]
        for field in resource["schema"]["fields"]
    }
    types = {name: fields["records", name]["type"] for name in ("earliest", "date", "year")}
    assert types == {"earliest": "date", "date": "string", "year": "integer"}
    assert "EDTF" in fields["records", "date"]["description"]
    assert fields["people", "signed"]["type"] == "boolean"
    assert fields["dyads", "weight"]["type"] == "number"
    assert fields["records", "kind"]["constraints"]["enum"] == ["instrument", "encounter"]
    assert fields["sources", "kind"]["constraints"]["enum"][0] == "official"
    assert fields["records", "id"]["constraints"] == {"required": True}


@pytest.mark.slow
def test_what_is_changed_afterwards_is_found(package):
    changes = {
        "parties": ("1985-gb-suhh-health-agreement,0", "1985-nobody,0", "foreign-key"),
        "records": (",1985-06-01,", ",1985-06,", "type-error"),
        "sources": (",official,", ",rumour,", "constraint-error"),
        "topics": ("1985-gb", "1985-xx", "hash-count"),
    }
    for table, (old, new, _) in changes.items():
        path = package / f"{table}.csv"
        text = path.read_bytes().decode()
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())
    _, errors = validated(package)
    assert {kind for _, _, kind in changes.values()} <= {error[0] for error in errors}


@pytest.mark.slow
def test_hostile_record_is_only_text(root, tmp_path):
    (path,) = root.glob("records/1985/*.yaml")
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    data["title"] = '=HYPERLINK("http://a.example"),"; ../../etc/passwd'
    data["summary"] = '{{ x }}"\n,' * 5 + "{{"
    path.write_text(dump(data), encoding="utf-8")
    with Dataset.open(root) as opened:
        opened.export("datapackage", output=tmp_path / "out")
    read, errors = validated(tmp_path / "out")
    assert errors == []
    (row,) = (row for row in read.get_resource("records").read_rows() if row["id"] == data["id"])
    assert row["title"] == f"'{data['title']}"
    assert row["summary"] == data["summary"]


@pytest.mark.slow
def test_package_without_git_and_citation_leaves_out_what_is_not_known(root, tmp_path):
    shutil.rmtree(root / ".git")
    (root / "CITATION.cff").unlink()
    with Dataset.open(root) as opened:
        opened.export("datapackage", output=tmp_path / "out")
    data = descriptor(tmp_path / "out")
    assert not {"version", "created", "description", "keywords", "licenses"} & data.keys()
    assert data["name"] == "mini"
    assert validated(tmp_path / "out")[1] == []


@pytest.mark.slow
def test_package_of_the_real_records_is_valid(tmp_path):
    with Dataset.open(ROOT) as opened:
        opened.export("datapackage", output=tmp_path / "out")
    assert validated(tmp_path / "out")[1] == []
