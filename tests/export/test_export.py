"""Exports as text, the long tables, and what an export says of where it comes from."""

import csv
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from healthcoop import Dataset, HealthcoopError, Query
from healthcoop.cli import cli
from healthcoop.export.exporters import EXPORTERS
from healthcoop.export.provenance import FORMAT
from healthcoop.index.long_tables import long_tables

MINI = Path(__file__).parents[1] / "cli" / "mini"
ROOT = Path(__file__).parents[2]
CITATION = """\
cff-version: 1.2.0
title: A small data set
type: dataset
version: 0.3.0
license: CC-BY-4.0
authors:
  - {family-names: Okafor, given-names: Ada}
  - {name: The Institute}
"""


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "mini"
    shutil.copytree(MINI, folder)
    shutil.copy(ROOT / "schema" / "record.schema.json", folder / "schema")
    (folder / "CITATION.cff").write_text(CITATION)
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    dated = {"GIT_COMMITTER_DATE": "2026-03-04T12:00:00Z", "PATH": "/usr/bin:/bin"}
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "Begin"], check=True, env=dated)
    return folder


@pytest.fixture
def dataset(root):
    with Dataset.open(root) as opened:
        yield opened


def run(root, *words):
    return CliRunner().invoke(cli, ["--root", str(root), "export", *words])


def text(dataset, name, query=None, **options):
    return "".join(dataset.export_text(name, query, **options))


def records(dataset, query=None):
    return [*dataset.records(query)]


def test_json_has_every_field_of_every_record_and_the_provenance(dataset):
    data = json.loads(text(dataset, "json"))
    assert data["format"] == f"healthcoop-export/{FORMAT}"
    expected = records(dataset)
    assert [item["id"] for item in data["records"]] == [one.id for one in expected]
    for item, one in zip(data["records"], expected, strict=True):
        derived = item.pop("derived")
        written = yaml.load((dataset.root / derived["path"]).read_text(), yaml.BaseLoader)
        assert json.dumps(item).replace("true", '"true"') == json.dumps(written) or item == written
        assert one.date in (derived["earliest"], item["date"])


def test_no_record_is_valid_json_too(dataset):
    data = json.loads(text(dataset, "json", Query(ids=["nothing"])))
    assert data["records"] == []


def test_jsonl_and_yaml_have_the_same_records(dataset):
    lines = [json.loads(line) for line in text(dataset, "jsonl").splitlines()]
    assert lines == json.loads(text(dataset, "json"))["records"]
    documents = [*yaml.load_all(text(dataset, "yaml"), Loader=yaml.BaseLoader)]
    plain = [{**line, "derived": None} for line in lines]
    assert [each["id"] for each in documents] == [line["id"] for line in plain]
    assert [each["sources"] for each in documents] == [line["sources"] for line in plain]


def test_wide_csv_has_a_row_a_record_and_no_column_that_depends_on_the_day(dataset):
    rows = [*csv.DictReader(text(dataset, "csv").splitlines(keepends=True))]
    expected = records(dataset)
    assert [row["id"] for row in rows] == [one.id for one in expected]
    for row, one in zip(rows, expected, strict=True):
        assert row["date"] == one.date
        countries = [party.country for party in one.parties if party.country]
        assert row["countries"].split("; ") == (countries or [""])
    assert "status" not in rows[0]


def test_metadata_beside_the_csv_describes_its_columns(dataset, tmp_path):
    written = dataset.export("csv", output=tmp_path / "all.csv")
    assert [path.name for path in written] == ["all.csv", "all.csv-metadata.json"]
    described = json.loads(written[1].read_text())
    names = [column["name"] for column in described["tableSchema"]["columns"]]
    assert names == written[0].read_bytes().split(b"\r\n", 1)[0].decode().split(",")
    assert described["dc:bibliographicCitation"] == dataset.provenance.citation


def test_long_tables_agree_with_the_records(dataset, tmp_path):
    query = Query(countries=["AZ"])
    dataset.export("csv", query, output=tmp_path / "out", variant="tables")
    tables = {
        path.stem: [*csv.DictReader(path.read_text().splitlines(keepends=True))]
        for path in tmp_path.glob("out/*.csv")
    }
    assert tables.keys() == long_tables().keys()
    expected = {one.id: one for one in records(dataset, query)}
    assert [row["id"] for row in tables["records"]] == [*expected]
    assert len(expected) > 1
    for name, parts in (("parties", "parties"), ("people", "people"), ("sources", "sources")):
        numbers = {each.id: len(getattr(each, parts)) for each in expected.values()}
        counted = dict.fromkeys(expected, 0)
        for row in tables[name]:
            counted[row["record"]] += 1
        assert counted == numbers
    for ident, one in expected.items():
        sides = sorted({side.code for side in one.sides})
        pairs = {(a, b) for a in sides for b in sides if a < b}
        rows = [row for row in tables["dyads"] if row["record"] == ident]
        assert {(row["a"], row["b"]) for row in rows} == pairs
        weight = sum(float(row["weight"]) for row in rows)
        assert weight == pytest.approx(len(sides) / 2 if pairs else 0)


def test_every_reference_of_a_table_is_to_a_column_of_another():
    tables = long_tables()
    found = 0
    for table in tables.values():
        names = {column.name for column in table.columns}
        assert {*table.key} <= names
        for column in table.columns:
            if column.references:
                target, _, name = column.references.partition(".")
                assert tables[target].key == (name,)
                found += 1
    assert found > 10


def test_citation_names_version_commit_and_day(dataset, root):
    commit = subprocess.check_output(["git", "-C", root, "rev-parse", "HEAD"], text=True).strip()
    assert dataset.provenance.citation == (
        "Okafor, Ada; The Institute (2026). A small data set"
        f" (version 0.3.0, commit {commit[:12]}, 2026-03-04) [Data set]."
    )


def test_citation_says_that_files_have_changed(root):
    (root / "schema" / "notes.txt").write_text("new")
    with Dataset.open(root) as dataset:
        assert "with changes that are not committed" in dataset.provenance.citation


def test_data_set_outside_git_and_without_a_citation_file(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(MINI, folder)
    shutil.copy(ROOT / "schema" / "record.schema.json", folder / "schema")
    with Dataset.open(folder) as dataset:
        assert dataset.provenance.citation == (
            "The contributors to this data set. mine: records of health cooperation [Data set]."
        )


def test_invalid_citation_file_is_an_error_with_its_place(root):
    (root / "CITATION.cff").write_text("title: [\n")
    with Dataset.open(root) as dataset, pytest.raises(HealthcoopError, match=r"CITATION\.cff:1:9"):
        dataset.export("json", output=root / "out.json")
    assert not (root / "out.json").exists()


def contents(path):
    """Yield the bytes of a file, or of each file in a folder or an archive."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                yield from map(archive.read, archive.namelist())
        elif file.is_file():
            yield file.read_bytes()


@pytest.mark.parametrize("name", [*EXPORTERS])
def test_same_input_gives_the_same_bytes_which_name_what_they_are_of(dataset, tmp_path, name):
    """The format, the version, the commit and the day; in itself, or in a file beside it."""
    for variant in (None, *EXPORTERS[name].variants):
        exporter = EXPORTERS[name].variants[variant] if variant else EXPORTERS[name]
        outputs = []
        for part in ("one", "two"):
            target = tmp_path / f"{part}-{variant}" / f"out.{exporter.ending}"
            target.parent.mkdir()
            written = dataset.export(name, output=target, variant=variant)
            files = sorted(path for path in target.parent.rglob("*") if path.is_file())
            outputs.append([(path.name, path.read_bytes()) for path in files])
        assert outputs[0] == outputs[1]
        assert outputs[0]
        whole = b"".join(each for path in written for each in contents(path))
        revision = dataset.provenance.revision[:12]
        day = "[2026, 3, 4]" if name == "csl" else "2026-03-04"
        for text in (f"healthcoop-export/{FORMAT}", "0.3.0", revision, day):
            assert text.encode() in whole, text


def test_folder_that_is_not_empty_is_kept(dataset, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept")
    with pytest.raises(HealthcoopError, match="is not empty and has not been overwritten"):
        dataset.export("csv", output=tmp_path / "out", variant="tables")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_failed_export_leaves_no_file(dataset, tmp_path, monkeypatch):
    def fail(extract, folder):
        (folder / "half.csv").write_text("id")
        raise HealthcoopError("no space")

    monkeypatch.setattr("healthcoop.export.csvw.write_tables", fail)
    with pytest.raises(HealthcoopError, match="no space"):
        dataset.export("csv", output=tmp_path / "out", variant="tables")
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("csv", "--tables"), "csv needs a folder: -o DIR"),
        (("json", "--tables", "-o", "x"), "--tables goes with csv"),
        (("cvs",), "cvs"),
    ],
)
def test_wrong_usage_exits_2(root, words, message):
    result = run(root, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_command_writes_to_standard_output_and_cites_on_standard_error(root, dataset):
    result = run(root, "jsonl", "--country", "AZ")
    assert result.exit_code == 0
    assert result.stdout == text(dataset, "jsonl", Query(countries=["AZ"]))
    assert f"cite as: {dataset.provenance.citation}" in result.stderr


@pytest.mark.parametrize("name", ["json", "xlsx", "sqlite", "graphml"])
def test_folder_of_the_output_must_exist(dataset, tmp_path, name):
    with pytest.raises(HealthcoopError, match=r"cannot write .*: No such file or directory"):
        dataset.export(name, output=tmp_path / "none" / "out")


def test_nothing_found_is_said(root):
    result = run(root, "csv", "--year", "1800")
    assert result.exit_code == 0
    assert "--year" in result.stderr
