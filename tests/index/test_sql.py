"""Users' SQL may read the documented views and nothing else."""

import sqlite3
import threading
import time

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.index.query import Query
from healthcoop.index.records import count
from healthcoop.index.sql import describe_views, run_sql, views
from healthcoop.model.spec import fields_of
from tests.cases import each


@pytest.fixture(params=["file", "memory"])
def index(request, data):
    data.write(
        "2020-a",
        type="mou",
        date="2020-05-01",
        terms={"in_force": "2020-06-01", "ended": "none", "checked": "2026-01-01"},
        parties=[
            {"country": "AZ", "bodies": ["Ministry"], "role": "host"},
            {"country": "SUHH", "extended_to": ["CU", "NO"]},
        ],
        people=[{"name": "Şirəliyev", "party": "AZ", "signed": True}],
        places=[{"city": "Baku", "country": "AZ"}],
        outcomes=["a plan"],
        identifiers=[{"scheme": "unts", "value": "1"}],
        funding=[
            {"amount": "15", "currency": "EUR", "from": "AZ"},
            {"amount": "2", "currency": "USD"},
        ],
        former_ids=["2019-a"],
        summary="They signed it.",
    )
    data.write("2021-b", type="mou", links=[{"rel": "supersedes", "record": "2019-a"}])
    data.write("2022-c", withdrawn={"date": "2023", "reason": "double"})
    data.write_text("2022-bad", "id: [")
    with data.open() if request.param == "file" else data.in_memory() as index:
        yield index


def ask(index, statement, **options):
    columns, rows = run_sql(index, statement, **options)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_every_view_exists_and_documents_its_columns(index):
    for view in views():
        columns, rows = run_sql(index, f"SELECT * FROM {view.name}")
        assert columns == tuple(name for name, _ in view.columns)
        assert list(rows), f"{view.name} is empty"
        assert view.doc.endswith(".") or "." in view.doc
        assert view.name in describe_views()


def test_views_return_the_values_of_the_records(index):
    (record,) = ask(index, "SELECT * FROM records WHERE id = '2020-a'")
    assert record["summary"] == "They signed it."
    assert record["path"] == "records/2020/2020-a.yaml"
    assert (record["kind"], record["year"], record["countries"]) == ("instrument", 2020, 2)
    assert record["certain_from"] == "2020-06-01"
    # Its successor may have begun with 2021.
    assert (record["certain_until"], record["possible_until"]) == ("2020-12-31", None)
    assert ask(index, "SELECT target FROM links") == [{"target": "2020-a"}]
    assert ask(index, "SELECT label FROM parties WHERE code = 'SUHH'") == [
        {"label": "Soviet Union"}
    ]
    assert ask(index, "SELECT folded FROM people") == [{"folded": "sireliyev"}]
    assert ask(index, "SELECT folded_into FROM countries WHERE code = 'XSOZ'") == [
        {"folded_into": "DE"}
    ]
    assert ask(index, "SELECT path FROM problems") == [{"path": "records/2022/2022-bad.yaml"}]


def test_what_an_instrument_states_is_in_views(index):
    terms = ask(index, "SELECT record, in_force, ended, checked, renewal FROM terms")
    assert [tuple(row.values()) for row in terms] == [
        ("2020-a", "2020-06-01", "none", "2026-01-01", None)
    ]
    funding = ask(index, "SELECT position, amount, currency, payer FROM funding")
    assert [tuple(row.values()) for row in funding] == [
        (0, "15", "EUR", "AZ"),
        (1, "2", "USD", None),
    ]
    territories = ask(index, "SELECT party, territory FROM extensions")
    assert [tuple(row.values()) for row in territories] == [("SUHH", "CU"), ("SUHH", "NO")]


def test_the_view_of_terms_has_every_field(index):
    (view,) = (view for view in views() if view.name == "terms")
    own = [field.name for field in fields_of("terms")]
    assert [name for name, _ in view.columns] == ["record", *own, "withdrawn"]


def test_withdrawn_records_are_marked(index):
    assert ask(index, "SELECT id FROM records WHERE withdrawn") == [{"id": "2022-c"}]
    assert ask(index, "SELECT DISTINCT record FROM parties WHERE withdrawn = 1") == [
        {"record": "2022-c"}
    ]


@each(
    "statement",
    [
        "INSERT INTO records (id) VALUES ('x')",
        "DELETE FROM record",
        "UPDATE record SET title = ''",
        "DROP VIEW records",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x (y)",
        "CREATE TEMP VIEW records AS SELECT 1",
        "ATTACH DATABASE ':memory:' AS other",
        "DETACH DATABASE main",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(record)",
        "SELECT * FROM pragma_table_info('record')",
        "VACUUM INTO 'elsewhere.sqlite'",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "SAVEPOINT x",
        "SELECT * FROM record",
        "SELECT data FROM document",
        "SELECT * FROM span",
        "SELECT * FROM words",
        "SELECT * FROM words_data",
        "SELECT * FROM words WHERE words MATCH 'x'",
        "SELECT * FROM sqlite_master",
        "SELECT id FROM records UNION SELECT ident FROM record",
        "SELECT (SELECT max(data) FROM document) FROM records",
        "SELECT load_extension('x')",
        "SELECT fts5(1)",
        "SELECT readfile('x')",
        "SELECT writefile('x', 'y')",
        "SELECT edit('x')",
        "SELECT * FROM main.record",
        "SELECT * FROM temp.sqlite_master",
        "SELECT rowid FROM record",
        "SELECT count(*) FROM document",
        "SELECT count(*) FROM sqlite_master",
        "SELECT 1 FROM main.SQLITE_SCHEMA",
        "SELECT count(*) FROM pragma_database_list",
        "SELECT value FROM json_each('[1]')",
        "SELECT count(*) FROM dbstat",
        "SELECT name FROM fts5vocab",
        "WITH records AS (SELECT data FROM document) SELECT data FROM records",
        "WITH span AS (SELECT data FROM document) SELECT data FROM span",
        "WITH RECURSIVE parties AS (SELECT 1 FROM record UNION SELECT 2) SELECT * FROM parties",
        "EXPLAIN SELECT id FROM records",
        "QUERY PLAN SELECT id FROM records",
        "EXPLAIN DELETE FROM record",
        "PRAGMA hard_heap_limit = 1",
        "SELECT randomblob(1000000000)",
        "SELECT group_concat(hex(randomblob(1500000))) FROM records",
        "SELECT 'x' LIKE printf('%.*c', 1001, '%')",
        "SELECT zeroblob(1000000000)",
        "SELECT 1; DELETE FROM record",
        "SELECT 1; SELECT 2",
        "SELECT nope FROM records",
        "SELECT * FROM nope",
        "SELECT 'unclosed",
        "HELLO",
        "",
        "-- nothing",
    ],
)
def test_statement_that_does_more_than_read_views_is_refused(index, statement):
    with pytest.raises(HealthcoopError):
        ask(index, statement)
    assert count(index, Query(withdrawn="include")) == 3


def test_error_contains_sqlites_message(index):
    with pytest.raises(HealthcoopError, match="no such column: nope") as caught:
        ask(index, "SELECT nope FROM records")
    assert "--schema" in caught.value.hint


@each(
    ("statement", "message", "hint"),
    [
        ("DELETE FROM records", "may only read the documented views", "--schema"),
        ("VACUUM", "may only read the documented views", "--schema"),
        ("SELECT value FROM json_each('[1]')", "may only read the documented views", "--schema"),
        ("SELECT 1; SELECT 2", "more than one statement", "one after the other"),
        ("SELECT ?", "a parameter has no name", ":name"),
        ("SELECT :code", ":code has no value", "-p code VALUE"),
        ("-- nothing", "no SELECT, or its end is missing", "--schema"),
        ("SELECT (1", "no SELECT, or its end is missing", "--schema"),
        ("SELECT * FROM record", "no such table: record", "Did you mean records?"),
        ("SELECT country FROM regions, problems WHERE nope", "no such column: nope", "--schema"),
        ("SELECT country FROM bodies", "no such column", "columns of bodies: record, party, name,"),
    ],
)
def test_error_has_a_hint(index, statement, message, hint):
    with pytest.raises(HealthcoopError) as caught:
        ask(index, statement)
    assert message in caught.value.message
    assert hint in caught.value.hint


@each(
    ("statement", "place", "meant"),
    [
        ("SELECT id\nFROM recrods", "line 2, column 6", "records"),
        ("SELECT r.titel FROM records AS r", "line 1, column 8", "title"),
        ("SELECT id FROM records WHERE\n\n  year = = 3", None, None),
        ("SELECT id FORM records", "line 1, column 16", None),
        ("SELECT summry, summry FROM records", None, "summary"),
    ],
)
def test_error_has_its_place_if_that_is_certain(index, statement, place, meant):
    with pytest.raises(HealthcoopError) as caught:
        ask(index, statement)
    error = caught.value
    assert error.message.endswith(f"({place})") if place else "line" not in error.message
    assert error.hint.startswith(f"Did you mean {meant}? " if meant else "`healthcoop sql")


def test_parameters_are_values_not_sql(index):
    columns, rows = run_sql(
        index, "SELECT id, :x AS x FROM records WHERE year = :y", {"x": "'; --", "y": "2020"}
    )
    assert (columns, list(rows)) == (("id", "x"), [("2020-a", "'; --")])
    with pytest.raises(HealthcoopError, match=":y"):
        run_sql(index, "SELECT :y", {"x": "1"})


def test_numeric_parameter_is_compared_as_a_number(index):
    statement = "SELECT id FROM records GROUP BY id HAVING count(*) >= :n AND id < :id"
    _, rows = run_sql(index, statement, {"n": 1, "id": "2021"})
    assert list(rows) == [("2020-a",)]


def test_invalid_utf8_becomes_replacement_characters(index):
    assert ask(index, "SELECT CAST(x'ff41' AS TEXT) AS x") == [{"x": "\ufffdA"}]


def test_damage_found_while_iterating_rebuilds_the_index_and_is_an_error(index, monkeypatch):
    _, rows = run_sql(index, "SELECT id FROM records ORDER BY id")
    assert next(rows) == ("2020-a",)
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def fail(*_):
        monkeypatch.undo()
        raise error

    monkeypatch.setattr("healthcoop.index.sql._Execution.step", fail)
    with pytest.raises(HealthcoopError, match="rebuilt"):
        list(rows)
    assert len(ask(index, "SELECT id FROM records")) == 3


@pytest.mark.slow
def test_overrun_is_called_when_one_instruction_exceeds_the_limit(index, monkeypatch):
    monkeypatch.setattr("healthcoop.index.sql._GRACE", 0.1)
    monkeypatch.setattr("healthcoop.index.sql._WATCH_INTERVAL", 0.05)
    called = threading.Event()
    # A single instruction that searches for each letter of the second text in the first.
    slow = "SELECT length(trim(printf('%.*c', 40000, 'ä'), printf('%.*c', 12000, 'ö') || 'ä'))"
    ask(index, slow, limit_seconds=0.05, overrun=called.set)
    assert called.is_set()


@pytest.mark.slow
def test_time_of_the_caller_does_not_count(index, monkeypatch):
    monkeypatch.setattr("healthcoop.index.sql._GRACE", 0.0)
    monkeypatch.setattr("healthcoop.index.sql._WATCH_INTERVAL", 0.01)
    called = threading.Event()
    _, rows = run_sql(index, "SELECT id FROM records", limit_seconds=0.2, overrun=called.set)
    next(rows)
    time.sleep(0.4)
    assert len(list(rows)) == 2
    assert not called.is_set()


@each(
    "statement",
    [
        "SELECT count(*) AS n FROM records",
        "WITH x AS (SELECT id FROM records) SELECT count(*) AS n FROM x",
        "SELECT count(*) AS n FROM (SELECT DISTINCT id FROM records)",
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3)"
        " SELECT count(*) AS n FROM c",
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3)"
        " SELECT max(i) AS n FROM c, records",
        "VALUES (3)",
        "WITH record AS (SELECT id FROM records) SELECT count(*) AS n FROM record",
        "WITH records AS (SELECT * FROM main.records) SELECT count(*) AS n FROM Records",
        "SELECT count(*) AS n FROM (SELECT 1) AS document, records",
        "/* all */ SELECT count(*) AS n FROM RECORDS; -- of them",
    ],
)
def test_every_form_of_select_is_allowed(index, statement):
    ((number,),) = (row.values() for row in ask(index, statement))
    assert number == 3


@pytest.mark.slow
def test_endless_statement_is_stopped(index):
    endless = "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT i FROM c"
    begun = time.monotonic()
    with pytest.raises(HealthcoopError, match=r"more than 0\.5 s"):
        ask(index, f"SELECT max(i) FROM ({endless})", limit_seconds=0.5)
    assert time.monotonic() - begun < 30
    _, rows = run_sql(index, endless, limit_seconds=0.5)
    assert next(rows) == (1,)
    time.sleep(0.6)  # the caller's time does not count
    assert next(rows) == (2,)
    with pytest.raises(HealthcoopError, match="took more"):
        list(rows)
