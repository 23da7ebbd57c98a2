"""XLSX, SQLite and Parquet, each read back by a program of its own kind."""

import asyncio
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date, datetime

import pytest

from healthcoop import Dataset, HealthcoopError, Query
from healthcoop.dataset.parquet import ParquetDataset
from healthcoop.export import xlsx
from healthcoop.index.long_tables import long_tables, open_long_tables
from tests.conftest import LATER
from tests.export.test_export import ROOT

OLD = Query(countries="GB", until="1960")  # some are older than the days of Excel
BILATERAL = Query(lateral="bilateral")  # treaties of all states make long tables
TODAY = date.fromisoformat(LATER)


@pytest.fixture(scope="module")
def dataset(real):
    return real


@pytest.fixture(scope="module")
def database(dataset, tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "bilateral.db"
    dataset.export("sqlite", BILATERAL, output=path)
    return path


@pytest.fixture
def opened(database):
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def long_rows(dataset, name):
    with open_long_tables(dataset.index, BILATERAL) as rows:
        return [*rows(name)]


def test_database_has_every_row_and_no_broken_reference(dataset, opened):
    for table in long_tables().values():
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = opened.execute(f'SELECT {names} FROM "{table.name}"').fetchall()
        assert sorted(map(repr, rows)) == sorted(
            repr(tuple(int(value) if isinstance(value, bool) else value for value in row))
            for row in long_rows(dataset, table.name)
        )
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_full_text_ignores_accents(opened):
    query = "SELECT count(*) FROM records_fts WHERE records_fts MATCH ?"
    plain = opened.execute(query, ("saude",)).fetchone()
    assert plain == opened.execute(query, ("saúde",)).fetchone()
    assert plain[0] > 10


def test_view_of_pairs_counts_as_the_statistic_does(dataset, opened):
    rows = opened.execute("SELECT a, b, records, instruments, encounters FROM pairs").fetchall()
    expected = [
        tuple(row[name] for name in ("a", "b", "records", "instruments", "encounters"))
        for row in dataset.pairs()
    ]
    assert sorted(rows) == sorted(expected)


def test_database_says_what_it_is(dataset, opened):
    about = dict(opened.execute("SELECT property, value FROM about"))
    assert about["citation"] == dataset.provenance.citation
    assert about["format"] == "healthcoop-export/1"
    licences = dict(opened.execute("SELECT collection, licence FROM licences"))
    assert licences["uk-treaties-online-2026"].startswith("Open Government Licence")


def test_two_records_of_one_id_are_named(tmp_path):
    """A database with a primary key cannot have both, and neither is dropped."""
    root = tmp_path / "data"
    shutil.copytree(ROOT / "schema", root / "schema")
    source = next((ROOT / "records" / "2025").glob("*.yaml"))
    for folder in ("2024", "2025"):
        (root / "records" / folder).mkdir(parents=True)
        shutil.copy(source, root / "records" / folder / source.name)
    with Dataset.open(root) as double, pytest.raises(HealthcoopError, match="the same key"):
        double.export("sqlite", output=tmp_path / "out.db")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.slow
def test_datasette_answers_the_queries_that_its_metadata_has(dataset, tmp_path):
    from datasette.app import Datasette

    database = tmp_path / "healthcoop.db"
    (_, described) = dataset.export("sqlite", output=database, variant="datasette")
    metadata = json.loads(described.read_text())
    site = Datasette([str(database)], metadata=metadata)
    sqlite3.enable_callback_tracebacks(False)  # Datasette prints them, for the whole process

    async def get(path):
        response = await site.client.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    async def answers():
        return (
            await get("/healthcoop/partners.json?code=AZ&_shape=array&_size=max"),
            await get("/healthcoop/in_force.json?day=2010-01-01&_shape=array&_size=max"),
            await get("/healthcoop/pair_by_year.json?one=TR&other=AZ&_shape=array&_size=max"),
            await get("/healthcoop/records.json?_shape=object&_facet=type&_size=1"),
        )

    partners, in_force, by_year, _ = asyncio.run(answers())
    together = dataset.pairs(Query(countries="AZ"), multilateral="all", organisations=True)
    other = {
        row["b"] if row["a"] == "AZ" else row["a"]: row["records"]
        for row in together
        if "AZ" in (row["a"], row["b"])
    }
    assert {row["partner"]: row["records"] for row in partners} == other
    certain = {row["id"] for row in in_force if row["status"] == "certain"}
    listed = dataset.records(Query(in_force_on="2010-01-01", certainty="certain"))
    assert certain == {record.id for record in listed}
    assert len(certain) > 100
    pair = dataset.pairs(Query(pairs=[("AZ", "TR")]), multilateral="all")
    (expected,) = [row["records"] for row in pair if (row["a"], row["b"]) == ("AZ", "TR")]
    assert sum(row["records"] for row in by_year) == expected


@pytest.fixture(scope="module")
def workbook(dataset, tmp_path_factory):
    from openpyxl import load_workbook

    path = tmp_path_factory.mktemp("xlsx") / "az.xlsx"
    dataset.export("xlsx", OLD, output=path)
    return load_workbook(path)


@pytest.mark.slow
@pytest.mark.libraries
def test_workbook_has_typed_cells_and_says_what_they_mean(dataset, workbook):
    assert workbook.sheetnames[:3] == ["about", "records", "parties"]
    sheet = workbook["records"]
    heading = [cell.value for cell in sheet[1]]
    rows = [
        dict(zip(heading, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=2)
    ]
    expected = [*dataset.records(OLD)]
    assert [row["id"] for row in rows] == [record.id for record in expected]
    for row, record in zip(rows, expected, strict=True):
        day = record.date if len(record.date) == len("2020-01-01") else None
        if day and day >= "1900-03-01":
            assert row["earliest"] == datetime.fromisoformat(day)
        elif day:  # Excel has no days before 1900
            assert row["earliest"] == day
    assert {type(row["year"]) for row in rows} == {int}
    assert {type(row["online"]) for row in rows} == {bool}
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(heading)).column_letter}{len(rows) + 1}"
    defined = {(row[0].value, row[1].value) for row in workbook["definitions"].iter_rows(min_row=2)}
    for name in workbook.sheetnames[1:-1]:
        assert {(name, cell.value) for cell in workbook[name][1]} <= defined
    about = {row[0].value: row[1].value for row in workbook["about"].iter_rows(min_row=2)}
    assert about["citation"] == dataset.provenance.citation
    assert workbook.properties.created == datetime.fromisoformat(dataset.provenance.day)


def test_sheet_with_too_many_rows_is_refused(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 20)
    with pytest.raises(HealthcoopError, match="more rows than a sheet of Excel") as caught:
        dataset.export("xlsx", output=tmp_path / "x.xlsx")
    assert "sqlite" in caught.value.hint
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
@pytest.mark.libraries
def test_parquet_has_nested_lists_in_their_types(dataset, tmp_path):
    import duckdb
    from pyarrow import parquet

    dataset.export("parquet", output=tmp_path / "out")
    table = parquet.read_table(tmp_path / "out" / "records.parquet")
    rows = table.to_pylist()
    expected = [*dataset.records()]
    assert [row["id"] for row in rows] == [record.id for record in expected]
    for row, record in zip(rows, expected, strict=True):
        assert [party["country"] or party["organisation"] for party in row["parties"]] == [
            party.code for party in record.parties
        ]
        assert [person["signed"] for person in row["people"]] == [
            person.signed for person in record.people
        ]
        assert [source["url"] for source in row["sources"]] == [each.url for each in record.sources]
        assert (row["terms"] or {}).get("in_force") == (
            record.terms.in_force if record.terms else None
        )
    assert str(table.schema.field("earliest").type) == "date32[day]"
    cited = json.loads(table.schema.metadata[b"healthcoop"])
    assert cited["citation"] == dataset.provenance.citation
    path = tmp_path / "out" / "records.parquet"
    day = "DATE '2010-01-01'"
    certain = duckdb.sql(
        f"SELECT count(*) FROM '{path}' WHERE {day} BETWEEN certain_from AND certain_until"
    ).fetchall()
    listed = dataset.records(Query(in_force_on="2010-01-01", certainty="certain"))
    assert certain == [(len([*listed]),)]
    people = duckdb.sql(f"SELECT count(*) FROM (SELECT unnest(people) FROM '{path}')").fetchall()
    assert people == [(sum(len(record.people) for record in expected),)]


@pytest.mark.slow
def test_parquet_by_year_has_every_record_once(dataset, tmp_path):
    import duckdb
    import pandas

    dataset.export("parquet", output=tmp_path / "out", variant="partition year")
    files = f"read_parquet('{tmp_path}/out/**/*.parquet', hive_partitioning=true)"
    rows = duckdb.sql(f"SELECT id, year FROM {files}").fetchall()
    records = [*dataset.records()]
    assert sorted(ident for ident, _ in rows) == sorted(record.id for record in records)
    years = {record.id: int(record.date[:4]) for record in records if record.date[0] in "12"}
    assert {ident: int(year) for ident, year in rows if ident in years} == years
    assert len(pandas.read_parquet(tmp_path / "out")) == len(records)


@pytest.mark.slow
def test_parquet_folder_is_what_statistics_read(dataset, tmp_path):
    dataset.export("parquet", output=tmp_path / "out")
    with ParquetDataset.open(tmp_path / "out", engine="duckdb", today=TODAY) as tables:
        assert [*tables.pairs()] == [*dataset.pairs()]


@pytest.mark.parametrize(("name", "package"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_missing_package_is_named_with_its_extra(dataset, tmp_path, monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(HealthcoopError) as caught:
        dataset.export(name, output=tmp_path / "out")
    assert caught.value.hint == f"pip install 'healthcoop[{name}]'"
    assert [*tmp_path.iterdir()] == []
