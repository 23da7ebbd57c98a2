"""Exports kept from earlier versions: they can be read as documented, and today's say the same."""

import csv
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from healthcoop import Dataset
from healthcoop.export.provenance import FORMAT
from tests.export.test_export import ROOT

KEPT = ROOT / "tests" / "data" / "exports"
FORMATS = sorted(path.name for path in KEPT.iterdir() if path.name.isdigit())
NOW = KEPT / str(FORMAT)
COMPUTED = {"possible_from", "certain_from", "certain_until", "possible_until"}
"""Columns whose values a correction of a rule changes, though not their meaning."""
TYPES = {"integer": int, "decimal": Decimal, "boolean": {"true": True, "false": False}.__getitem__}


def read_tables(folder: Path):
    """Return the rows of each table as docs/exports.md describes it, without healthcoop."""
    described = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    tables = {}
    for table in described["tables"]:
        types = {each["name"]: each["datatype"] for each in table["tableSchema"]["columns"]}
        with (folder / table["url"]).open(encoding="utf-8", newline="") as file:
            tables[table["url"].removesuffix(".csv")] = [
                {
                    name: TYPES.get(types[name], str)(text) if text else None
                    for name, text in row.items()
                }
                for row in csv.DictReader(file, strict=True)
            ]
    return described, tables


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def today(tmp_path):
    """Return a folder with today's exports of the data set that the kept ones were made of."""
    shutil.copytree(NOW / "input", tmp_path / "input")
    shutil.copy(ROOT / "schema" / "record.schema.json", tmp_path / "input" / "schema")
    with Dataset.open(tmp_path / "input") as opened:
        opened.export("json", output=tmp_path / "records.json")
        opened.export("csv", output=tmp_path / "tables", variant="tables")
    return tmp_path


def test_an_export_of_each_format_is_kept():
    assert [str(number) for number in range(1, FORMAT + 1)] == FORMATS


@pytest.mark.parametrize("number", FORMATS)
def test_kept_export_can_be_read_as_documented(number):
    whole = read_json(KEPT / number / "records.json")
    described, tables = read_tables(KEPT / number / "tables")
    assert whole["format"] == described["dc:conformsTo"] == f"healthcoop-export/{number}"
    assert "version 0.3.0" in whole["citation"]
    records = {row["id"]: row for row in tables["records"]}
    assert [*records] == [record["id"] for record in whole["records"]]
    old = records["1985-gb-suhh-health-agreement"]
    assert (old["date"], old["earliest"], old["latest"]) == ("1985-06~", "1985-06-01", "1985-06-30")
    assert (old["year"], old["countries"], old["withdrawn"]) == (1985, 2, False)
    assert old["official_title"] is None
    sides = {
        row["code"]: row["side"]
        for row in tables["parties"]
        if row["record"] == "2022-multi-vaccine-declaration"
    }
    assert sides == {"AZ": True, "CU": True, "GB": True, "NO": True, "TR": True, "WHO": False}
    weights = [
        row["weight"]
        for row in tables["dyads"]
        if row["record"] == "2022-multi-vaccine-declaration" and "AZ" in (row["a"], row["b"])
    ]
    assert weights == [Decimal("0.25")] * 4
    title = records["2023-cu-no-agreement-on-nurses"]["title"]
    (same,) = (each for each in whole["records"] if each["id"] == "2023-cu-no-agreement-on-nurses")
    assert title == f"'{same['title']}"  # no formula for a spreadsheet
    for table in described["tables"]:
        for key in table["tableSchema"].get("foreignKeys", ()):
            target = key["reference"]["resource"].removesuffix(".csv")
            known = {row[key["reference"]["columnReference"]] for row in tables[target]}
            used = {
                row[key["columnReference"]] for row in tables[table["url"].removesuffix(".csv")]
            }
            assert used - {None} <= known


def test_tables_of_today_have_every_column_of_the_kept_ones_with_the_same_values(today):
    kept, old = read_tables(NOW / "tables")
    described, new = read_tables(today / "tables")
    for name, rows in old.items():
        assert len(new[name]) == len(rows)
        for one, other in zip(rows, new[name], strict=True):
            assert one.keys() <= other.keys()
            assert {key: other[key] for key in one if key not in COMPUTED} == {
                key: value for key, value in one.items() if key not in COMPUTED
            }
    types = {
        (table["url"], column["name"]): column["datatype"]
        for table in described["tables"]
        for column in table["tableSchema"]["columns"]
    }
    for table in kept["tables"]:
        for column in table["tableSchema"]["columns"]:
            assert types[table["url"], column["name"]] == column["datatype"]


def test_json_of_today_has_every_key_of_the_kept_one_with_the_same_values(today):
    old, new = read_json(NOW / "records.json"), read_json(today / "records.json")
    assert old.keys() <= new.keys()
    assert old["licences"][0].keys() <= new["licences"][0].keys()
    assert has(new["records"], old["records"])


def has(new, old):
    """Return whether data has everything that other data has, and may have more keys."""
    if isinstance(old, dict):
        return old.keys() <= new.keys() and all(has(new[key], old[key]) for key in old)
    if isinstance(old, list):
        return len(new) == len(old) and all(map(has, new, old))
    return new == old
