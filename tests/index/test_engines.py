"""DuckDB and Spark count what SQLite counts, from the same .sql files."""

import _socket
import json
import socket
import sys
from contextlib import closing
from datetime import date
from functools import partial
from itertools import permutations, product

import pytest

from healthcoop.dataset import Dataset
from healthcoop.dataset.parquet import ParquetDataset
from healthcoop.errors import HealthcoopError
from healthcoop.export.parquet_tables import write_tables
from healthcoop.index import statistics
from healthcoop.index.engines import TABLES, dialect, open_engine
from healthcoop.index.parquet import ParquetTables
from healthcoop.index.query import Query, where
from healthcoop.index.statistics.counting import selection
from healthcoop.index.statistics.cross import DIMENSIONS
from tests.bench import tables
from tests.cases import each

DAY = date(2026, 11, 30)
PAIRING = [
    {"multilateral": multilateral, "organisations": organisations, "fold_former": folded}
    for multilateral, organisations, folded in product(
        ("none", "all", "fractional"), (False, True), (False, True)
    )
]
DYADS = [
    {"multilateral": multilateral, "fold_former": folded}
    for multilateral, folded in product(("none", "all"), (False, True))
]
CASES = [
    *(("pairs", {**options, "minimum": 1}) for options in PAIRING),
    ("pairs", {"minimum": 3}),
    *(("dyad-years", options) for options in DYADS),
    ("countries", {}),
    ("organisations", {}),
    ("topics", {}),
    ("years", {}),
    ("status", {}),
    ("status", {"days": [date(1999, 12, 31), date(2020, 2, 29)]}),
    ("parties", {}),
    ("parties", {"on": date(2015, 1, 1)}),
    ("matrix", {"top": 12}),
    ("network", PAIRING[-1]),
    ("completeness", {}),
    ("completeness", {"by_year": True}),
    ("summary", {}),
]
ALL_DYADS = [case for case in CASES if "all" in case[1].values() and case[0] == "dyad-years"]
"""Of the real records, a million rows each."""
CROSS = [
    ("cross", {"rows": rows, "columns": columns}) for rows, columns in permutations(DIMENSIONS, 2)
]
QUERIES = [
    Query(countries=("DE", "WHO"), kind="instrument"),
    Query(not_countries=("US",), topics=("vaccines", "health-system"), level="national"),
    Query(pairs=(("AZ", "TR"), ("BR", "CU"))),
    Query(regions=("EUR", "143"), withdrawn="include"),
    Query(since="2010-06", until="2020~", loose=True, lateral=("multilateral", "organisation")),
    Query(in_force_on=date(2020, 1, 1), certainty="certain", countries=("DE",)),
    Query(extended_to=("FJ",)),
    Query(types=("mou",), collections=("news-search-2026",), years=("2024", "199X")),
    Query(withdrawn="only"),
    Query(since="2050"),
]


SPARK = [
    ("countries", {}),
    ("pairs", {**PAIRING[-1], "minimum": 1}),
    ("dyad-years", {}),
    ("status", {}),
    ("parties", {}),
    ("cross", {"rows": "topic", "columns": "year"}),
]
"""What Spark counts in tests: each of its statements starts jobs, of seconds together."""
EVERYTHING = Query()


def assert_equal(index, others, cases, query=EVERYTHING):
    for name, options in cases:
        expected = statistics.count(partial(selection, index), name, query, day=DAY, **options)
        rows = [json.dumps(row) for row in expected.rows]
        for other in others:
            found = other.count(name, query, day=DAY, **options)
            assert [json.dumps(row) for row in found.rows] == rows, (name, options, query)
            assert found.left_out == expected.left_out, (name, options, query)
            assert found.columns == expected.columns
        if name == "cross":
            margins = [expected.rows.rows, expected.rows.columns, expected.rows.records]
            assert margins == [found.rows.rows, found.rows.columns, found.rows.records]


@pytest.fixture(scope="module")
def generated(tmp_path_factory, real):
    """Return the folder of the tables of 500 generated records, which tests only read."""
    folder = tmp_path_factory.mktemp("generated-tables")
    tables.write(500, folder, root=real.root)
    return folder


@pytest.fixture(scope="module")
def duckdb(generated):
    opened = ParquetTables.open(str(generated), engine="duckdb")
    yield opened
    opened.close()


@pytest.fixture
def spark(monkeypatch):
    """Return a function that opens a folder with Spark, which talks to Java by sockets.

    Java does not spend minutes on fast code for statements that run once, nor Spark, if ``small``.
    """

    def connect(sock, address):
        assert address[0] in ("127.0.0.1", "localhost"), address
        _socket.socket.connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    opened = []

    def open_(folder, *, small=True):
        opened.append(ParquetTables.open(str(folder), engine="spark"))
        if small:
            settings = opened[-1]._engine._session.conf
            settings.set("spark.sql.codegen.wholeStage", "false")
            settings.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            settings.set("spark.sql.adaptive.enabled", "false")
        return opened[-1]

    yield open_
    for tables_ in opened:
        tables_.close()


@pytest.fixture(scope="module")
def index(generated):
    with tables.load(generated) as loaded:
        yield loaded


def test_generated_records_have_what_could_differ(index):
    """Else the equality of the engines would prove little."""
    for condition in (
        "FROM record WHERE sort_day IS NULL",
        "FROM record WHERE earliest IS NULL AND latest NOT NULL",
        "FROM record WHERE countries > 9",
        "FROM party GROUP BY record, code HAVING count(*) > 1",
        "FROM party WHERE side AND first_key IS NULL",
        "FROM party WHERE NOT side",
        "FROM party JOIN term USING (code) WHERE folded_into <> code",
        "FROM link_effect WHERE certain_before NOT NULL AND possible_until IS NULL",
        "FROM party_period WHERE left_until NOT NULL",
    ):
        assert index.connection.execute(f"SELECT 1 {condition}").fetchone(), condition


def test_duckdb_counts_what_sqlite_counts(index, duckdb):
    cases = [("pairs", {**PAIRING[-1], "minimum": 1}), ("years", {}), ("parties", {}), CROSS[3]]
    assert_equal(index, [duckdb], cases)


@each("query", [QUERIES[4]])
def test_duckdb_selects_what_sqlite_selects(query, index, duckdb):
    assert_equal(index, [duckdb], [("pairs", {})], query)


@pytest.mark.slow
def test_duckdb_counts_every_statistic_as_sqlite_does(index, duckdb):
    assert_equal(index, [duckdb], [*CASES, *CROSS[::3]])


@pytest.mark.slow
@each("query", QUERIES)
def test_duckdb_takes_every_filter_as_sqlite_does(query, index, duckdb):
    assert_equal(index, [duckdb], [("pairs", {}), ("countries", {}), ("years", {})], query)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_counts_as_sqlite_does(index, generated, spark):
    opened = spark(generated)
    assert_equal(index, [opened], SPARK)
    assert_equal(index, [opened], [("years", {})], QUERIES[4])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("shared_cache")
def test_real_records_are_counted_alike(tmp_path, spark):
    with Dataset.open() as dataset:
        write_tables(dataset.index, where(Query(withdrawn="include")), tmp_path)
        with closing(ParquetTables.open(str(tmp_path), engine="duckdb")) as duckdb:
            cases = CASES[: len(PAIRING) : 3] + CASES[len(PAIRING) :]
            few = [case for case in cases if case not in ALL_DYADS]
            assert_equal(dataset.index, [duckdb], [*few, *CROSS[::11]])
            assert_equal(dataset.index, [duckdb], ALL_DYADS, Query(since="2000"))
        assert_equal(dataset.index, [spark(tmp_path)], [("pairs", {})])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_many_records_are_counted_alike(tmp_path, few_records, spark):
    tables.write(60_000, tmp_path, root=few_records)
    cases = [(name, {}) for name in ("countries", "dyad-years", "years", "pairs")]
    with (
        closing(ParquetTables.open(str(tmp_path), engine="duckdb")) as duckdb,
        tables.load(tmp_path) as index,
    ):
        assert_equal(index, [duckdb], cases[:2])
        assert_equal(index, [duckdb, spark(tmp_path, small=False)], cases[2:])


def test_affinity_on_the_border_of_two_roundings_is_rounded_up(duckdb, index):
    """8 pairs of 160: 0.00625 is less in binary, and its sum differs with the order."""
    for engine in (index.connection.execute, duckdb._engine.run):
        answer = engine("SELECT round(1.0 / 160 + 1e-9, 4), round(0.2 + 0.03125 + 1e-9, 4)")
        assert [*getattr(answer, "rows", answer)] == [(0.0063, 0.2313)]


def test_tables_of_equal_data_sets_are_equal_files(few_records, tmp_path):
    """The rows of an index are in the order in which the files were read."""
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
        with Dataset.open(few_records) as dataset:
            write_tables(dataset.index, where(Query()), folder)
        (first, *_) = sorted((few_records / "records").rglob("*.yaml"))
        first.write_text(first.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert {path.stem for path in folders[0].iterdir()} == {*TABLES}
    for table in TABLES:
        one, other = ((folder / f"{table}.parquet").read_bytes() for folder in folders)
        assert one == other, table


def test_export_has_the_tables_of_the_records_that_match(few_records, tmp_path):
    with Dataset.open(few_records) as dataset:
        query = Query(kind="encounter")
        dataset.export("parquet", query, output=tmp_path / "out")
        expected = [*dataset.countries(query)]
    with ParquetDataset.open(tmp_path / "out", engine="duckdb") as exported:
        assert [*exported.countries()] == expected
        assert len(expected) > 1
        assert [*exported.countries(Query(country="Azerbaijan"))]
        with pytest.raises(HealthcoopError, match="unknown statistic"):
            exported.statistic("summary")


def test_tables_may_be_folders_of_part_files(generated, tmp_path, duckdb):
    for table in TABLES:
        (tmp_path / table).mkdir()
        (tmp_path / table / "part-0.parquet").write_bytes(
            (generated / f"{table}.parquet").read_bytes()
        )
    with ParquetDataset.open(tmp_path, engine="duckdb", today=DAY) as parts:
        expected = duckdb.count("years", EVERYTHING, day=DAY).rows
        assert [*parts.years()] == expected


@each(
    ("query", "words"),
    [
        (Query(texts=("nurses",)), "--text needs full-text search"),
        (Query(persons=("Ali",)), "--person needs the table person"),
        (Query(sources=("who.int",)), "--source needs the function fold()"),
        (Query(places=("Baku",)), "--place needs the function name_key()"),
        (Query(ids=("2020-*",)), "--id needs patterns with * ? [...]"),
    ],
)
def test_filter_that_cannot_be_translated_is_refused_by_name(query, words, duckdb):
    with pytest.raises(HealthcoopError) as refused:
        duckdb.count("years", query, day=DAY)
    assert refused.value.message == f"{words}, which DuckDB lacks here"


@each(
    ("engine", "module", "words"),
    [
        ("duckdb", "duckdb", "--engine duckdb needs duckdb"),
        ("duckdb", "sqlglot", "--engine duckdb needs sqlglot"),
        ("spark", "pyspark", "--engine spark needs pyspark"),
    ],
)
def test_missing_library_is_named_with_its_extra(engine, module, words, generated, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, module, None)
        for name in ("dialect", f"{engine}_engine"):
            patch.delitem(sys.modules, f"healthcoop.index.engines.{name}", raising=False)
        patch.delattr("healthcoop.index.engines.dialect", raising=False)
        with pytest.raises(HealthcoopError) as absent:
            open_engine(engine, str(generated))
    assert (absent.value.message, absent.value.hint) == (
        words,
        f"pip install 'healthcoop[{engine}]'",
    )


def test_missing_java_is_named(generated, monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(HealthcoopError, match="--engine spark needs Java 17 or later"):
        open_engine("spark", str(generated))


def test_text_of_a_parameter_stays_text(duckdb):
    rows = duckdb._engine.run("SELECT :day || ''", {"day": "it's"}).rows
    assert [*rows] == [("it's",)]


def test_spark_numbers_rows_without_a_single_task():
    script = "INSERT INTO t (id) SELECT id FROM record ORDER BY day, id"
    table = dialect.Table("t", {"position": "BIGINT", "id": "BIGINT"}, ())
    statement, _ = dialect.select(script, "spark", (), {"t": table})
    assert "ROW_NUMBER" not in statement
    assert "FROM (SELECT `id` AS `column_0` FROM `record` ORDER BY `day`, `id`)" in statement


def test_columns_beside_a_minimum_are_of_its_row():
    statement, _ = dialect.select(
        "SELECT code, first, min(key) AS key FROM t GROUP BY code", "duckdb", {}, {}
    )
    assert 'ARG_MIN("first", "key") AS "first"' in statement


@pytest.mark.slow
@pytest.mark.libraries
def test_command_line_counts_tables_without_a_data_set(
    generated, tmp_path, monkeypatch, cli_invoke, index
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Dataset, "open", None)
    options = ["--engine", "duckdb", "--parquet", generated, "--today", DAY]
    done = cli_invoke("stats", "pairs", *options, "--min", 3, "-f", "json")
    expected = statistics.run(index, "pairs", EVERYTHING, day=DAY, minimum=3)
    assert json.loads(done.stdout) == expected.rows
    number = expected.left_out["multilateral"]
    assert f"not counted: {number} records of three countries or more" in done.stderr
    done = cli_invoke("stats", "years", *options, "--country", "Germany", "--since", "2050")
    assert "no record matches" in done.stderr
    table = cli_invoke("stats", "countries", *options, "--limit", 1).stdout
    assert len(table.splitlines()) == 2
    chart = tmp_path / "chart.csv"
    cli_invoke("stats", "countries", *options, "--chart-data", chart)
    assert chart.read_text(encoding="utf-8")


@each(
    ("arguments", "words"),
    [
        (["--engine", "duckdb"], "--engine duckdb needs --parquet DIR"),
        (["--parquet", "x"], "--parquet goes with --engine duckdb or spark"),
        (["--master", "local"], "--master goes with --engine spark"),
        (["--engine", "duckdb", "--parquet", "absent"], "absent/record.parquet"),
        (["--engine", "duckdb", "--parquet", "."], "DuckDB: "),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments, words, cli_invoke, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "record.parquet").write_bytes(b"no Parquet")
    done = cli_invoke("stats", "years", *arguments, exit_code=2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
