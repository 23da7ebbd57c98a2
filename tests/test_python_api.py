"""The Python API: names and codes in queries, records and statistics, and their data frames."""

import json
import re
import shutil
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import pandas
import polars
import pytest

import healthcoop
from healthcoop import Dataset, HealthcoopError, Query
from healthcoop.index import statistics

ROOT = Path(__file__).parents[1]
MINI = Path(__file__).parent / "cli" / "mini"
STATISTICS = (
    *("pairs", "countries", "organisations", "topics", "years", "matrix"),
    *("network", "in_force", "dyad_years", "completeness", "cross"),
    "parties",
)
POSITIONS = {"cross": ("topic", "year")}


@pytest.fixture
def dataset(tmp_path):
    shutil.copytree(MINI, tmp_path / "mini")
    shutil.copy(ROOT / "schema" / "record.schema.json", tmp_path / "mini" / "schema")
    with Dataset.open(tmp_path / "mini", today=date(2026, 11, 21)) as opened:
        yield opened


def found(dataset, **filters):
    return [record.id for record in dataset.records(Query(**filters))]


def test_query_accepts_names_and_single_values(dataset):
    expected = found(dataset, countries=("AZ",))
    assert expected
    for given in ("AZ", "Azerbaijan", ["azerbaijan"], ("AZE",)):
        assert found(dataset, countries=given) == expected
    assert found(dataset, pairs=[("Norway", "Azerbaijan")]) == found(dataset, pairs=[("AZ", "NO")])
    assert Query(countries=["AZ"]) == Query(countries="AZ")
    assert Query(pairs=[["AZ", "NO"]]) == Query(pairs=(("AZ", "NO"),))
    assert repr(Query(countries="AZ", since="2020")) == "Query(countries=('AZ',), since='2020')"
    assert hash(Query(countries=["AZ"])) == hash(Query(countries=("AZ",)))


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"countries": "Azerbajan"}, "unknown country or organisation: Azerbajan"),
        ({"topics": ["vaccins"]}, "unknown topic: vaccins"),
        ({"since": "soon"}, "soon"),
        ({"years": ["20x1"]}, "20x1"),
        ({"kind": "instruments"}, "unknown kind: instruments"),
        ({"withdrawn": "yes"}, "unknown withdrawn: yes"),
        ({"lateral": "both"}, "unknown lateral: both"),
        ({"persons": [" "]}, "no text to search for"),
    ],
)
def test_invalid_query_raises_an_error_with_a_hint(dataset, filters, message):
    with pytest.raises(HealthcoopError) as caught:
        dataset.records(Query(**filters))
    assert message in caught.value.message
    assert caught.value.hint or "no text to search for" in message


@pytest.mark.parametrize(
    "filters",
    [
        *({"years": [2020.5]}, {"since": True}, {"countries": None}, {"in_force_on": 2020}),
        *({"loose": "yes"}, {"contries": "AZ"}, {"kind": ["instrument"]}),
        *({"pairs": [(1, 2)]}, {"pairs": "AZ"}, {"pairs": ["AZ"]}, {"pairs": [("AZ", "NO", "CU")]}),
        *({"pairs": [5]}, {"pairs": 5}, {"pairs": ("AZ", "NO")}),
    ],
)
def test_wrong_type_raises_a_type_error_naming_the_filter(filters):
    with pytest.raises(TypeError, match=next(iter(filters))):
        Query(**filters)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda dataset: dataset.records("AZ"), TypeError, "a Query, not 'AZ'"),
        (lambda dataset: dataset.pairs(multilateral="al"), HealthcoopError, "multilateral: al"),
        (lambda dataset: dataset.matrix(multilateral="no"), HealthcoopError, "multilateral: no"),
        (lambda dataset: dataset.network(lateral="all"), TypeError, "no lateral, only multi"),
        (lambda dataset: dataset.dyad_years(fold=True), TypeError, "no fold, only multi"),
        (lambda dataset: dataset.pairs(minimum="2"), TypeError, "str"),
        (lambda dataset: dataset.parties(on="2020-01-01"), TypeError, "on must be"),
        (lambda dataset: dataset.pairs().ordered("-nothing"), HealthcoopError, "key: -nothing"),
        (lambda dataset: dataset.cross("topic", "subject"), HealthcoopError, "columns: subject"),
        (lambda dataset: dataset.statistic("cross", rows="topic"), HealthcoopError, "columns"),
        (lambda dataset: dataset.cross("year", "year"), HealthcoopError, "both by year"),
        (lambda dataset: dataset.in_force(days=["2020-01-01"]), TypeError, "days"),
    ],
)
def test_invalid_option_of_a_statistic_raises_an_error(dataset, call, error, message):
    with pytest.raises(error, match=message):
        call(dataset)


def test_query_understands_singular_names_numbers_and_dates():
    assert Query(country="AZ", type=["mou"]) == Query(countries=("AZ",), types=("mou",))
    assert Query(pair=("AZ", "NO")) == Query(pairs=[("AZ", "NO")])
    assert Query(pair=[("AZ", "NO")]) == Query(pairs=[("AZ", "NO")])
    assert Query(not_country="AZ", id="2022-*") == Query(not_countries="AZ", ids="2022-*")
    assert Query(since=2015, until=date(2020, 5, 1)) == Query(since="2015", until="2020-05-01")
    assert Query(year=2015) == Query(years=[2015]) == Query(years=("2015",))
    assert Query(years=[987, "2020-05"]) == Query(years=("0987", "2020-05"))
    assert Query(in_force_on="2024-01-01") == Query(in_force_on=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"contry": "AZ"}, "there is no filter contry; did you mean country?"),
        ({"country": "AZ", "countries": "GB"}, "countries is given twice"),
        ({"years": [2.5]}, "years must be a date such as '2022-10' or 2022, not 2.5"),
        ({"country": 5}, "countries must be a text, not 5"),
    ],
)
def test_a_slip_in_a_query_has_a_message_of_its_own(filters, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        Query(**filters)


def test_a_text_that_is_not_one_day_is_an_error():
    with pytest.raises(HealthcoopError, match="“2024” is not one day"):
        Query(in_force_on="2024")


def test_timestamp_is_accepted_as_a_day(dataset):
    day = pandas.Timestamp("2022-01-01 23:00")
    assert Query(in_force_on=day) == Query(in_force_on=date(2022, 1, 1))
    (row,) = dataset.in_force(days=[day])
    assert row["day"] == "2022-01-01"


def test_repr_and_dir(dataset):
    assert repr(dataset.records()) == f"<{len(list(dataset.records()))} records>"
    assert str(dataset.root) in repr(dataset)
    assert {"Dataset", "Query", "HealthcoopError"} <= set(dir(healthcoop))


def test_unreadable_file_causes_a_warning(dataset):
    (dataset.root / "records" / "2023" / "2023-bad.yaml").write_text("id: [")
    for call in (dataset.records, dataset.pairs, dataset.years):
        with pytest.warns(UserWarning, match=r"answer: records/2023/2023-bad\.yaml:1: ") as caught:
            assert len(call()) > 0
        assert caught[0].filename == __file__


def test_today_argument_overrides_environment(dataset, monkeypatch):
    monkeypatch.setenv("HEALTHCOOP_TODAY", "2021-02-03")
    assert Dataset.open(dataset.root).today == date(2021, 2, 3)
    assert Dataset.open(dataset.root, today=date(2020, 1, 1)).today == date(2020, 1, 1)


def test_records_can_be_iterated_again_after_closing(dataset):
    records = dataset.records()
    first = list(records)
    assert len(records) == len(first) > 0
    dataset.close()
    assert list(records) == first


def test_records_are_a_sequence(dataset):
    for records in (dataset.records(), dataset.records(sort=["-id"], limit=4)):
        known = [*records]
        last = len(known) - 1
        assert last > 2
        assert (records[0], records[last], records[-1]) == (known[0], known[-1], known[-1])
        slices = [slice(None), slice(1, 3), slice(-2, None), slice(None, None, -2), slice(2, 2)]
        for part in (*slices, slice(3, 0, -1), slice(0, 99, 2)):
            assert records[part] == known[part]
        assert known[1] in records
        assert "nothing" not in records
        assert [*reversed(records)] == known[::-1]
        assert records.index(known[2]) == 2
        for beyond in (last + 1, -last - 2):
            with pytest.raises(IndexError, match=f"no record {beyond}: there are {last + 1}"):
                records[beyond]
    with pytest.raises(TypeError, match=r"not a number: '2020'; Dataset\.record takes an id"):
        records["2020"]


def test_record_frame_has_the_documented_types(dataset):
    records = dataset.records(Query(withdrawn="include"))
    frame, other = records.to_pandas(), records.to_polars()
    assert list(frame.columns) == other.columns == list(records.columns)
    assert len(frame) == len(other) == len(records)
    assert str(frame["earliest"].dtype) == "datetime64[s]"
    assert str(frame["online"].dtype) == "boolean"
    assert str(frame["date"].dtype) == "string"
    assert other.schema["latest"] == polars.Date
    assert other.schema["countries"] == polars.List(polars.String)
    for record, row in zip(records, other.iter_rows(named=True), strict=True):
        assert row["date"] == record.date
        assert row["countries"] == [party.country for party in record.parties if party.country]
    assert all(isinstance(cell, list) for name in ("topics", "places") for cell in frame[name])


def test_open_date_is_missing_and_old_date_is_a_day(dataset):
    frame = dataset.records().to_pandas()
    days = dict(zip(frame["date"], frame["earliest"], strict=True))
    assert min(days.values()) == datetime(1924, 6, 18) or min(days.values()).year < 1990
    for text, day in days.items():
        if text.startswith("[.."):
            assert pandas.isna(day)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_statistic_frame_types_do_not_depend_on_rows(dataset, statistic):
    positions = POSITIONS.get(statistic, ())
    table = getattr(dataset, statistic)(*positions)
    none = getattr(dataset, statistic)(*positions, Query(ids="none"))
    assert len(table) > 0
    full, other = table.to_pandas(), table.to_polars()
    assert list(full.columns) == other.columns == list(table.columns)
    assert repr(table) == f"<{len(table)} rows of {', '.join(table.columns)}>"
    assert len(full) == len(other) == len(table)
    if statistic != "matrix":
        assert none.to_pandas().dtypes.to_dict() == full.dtypes.to_dict()
        assert none.to_polars().schema == other.schema
    flat = {name.removesuffix("_certain").removesuffix("_possible") for name in full.columns}
    keys = {name.removesuffix("_certain").removesuffix("_possible") for name in table[0]}
    assert keys - {"with"} <= flat


def test_statistic_reports_records_not_counted(dataset):
    assert dataset.pairs().left_out["multilateral"] > 0
    assert dataset.pairs(multilateral="all").left_out["multilateral"] == 0
    assert dataset.years().left_out == {}


def test_rows_can_be_ordered_and_limited(dataset):
    table = dataset.countries()
    few = table.ordered("-records", "country", limit=2)
    assert len(few) == 2
    assert [*few] == sorted(table, key=lambda row: (-row["records"], row["country"]))[:2]
    assert few.columns == table.columns
    assert few.left_out == table.left_out
    assert [*table.ordered(limit=1)] == [table[0]]
    (first,) = dataset.dyad_years().ordered("year", limit=1)
    assert first["year"] == min(row["year"] for row in dataset.dyad_years())
    matrix = dataset.matrix().ordered("-AZ")
    assert matrix[0]["with"]["AZ"] == max(row["with"].get("AZ") or 0 for row in matrix)


def test_cross_has_totals_of_different_records(dataset):
    table = dataset.cross("country", "kind")
    assert table.cells.records == len(dataset.records())
    assert table.cells.rows.records == {
        row["country"]: row["records"] for row in dataset.countries()
    }
    assert dataset.countries().cells is None


def test_matrix_frame_is_square_and_symmetric(dataset):
    frame = dataset.matrix(multilateral="all").to_polars()
    codes = frame["country"].to_list()
    assert frame.columns == ["country", "total", *codes]
    for row, code in enumerate(codes):
        assert frame[code][row] is None
        assert frame[code].to_list() == [frame[other][row] for other in codes]


def test_every_statistic_declares_its_columns():
    declared = {name.replace("-", "_") for name in statistics.STATISTICS}
    assert declared - {"status"} | {"in_force"} == set(STATISTICS)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_missing_library_is_named_with_its_extra(dataset, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    for answer in (dataset.records(), dataset.years()):
        with pytest.raises(HealthcoopError) as caught:
            getattr(answer, f"to_{library}")()
        assert caught.value.hint == f"pip install 'healthcoop[{library}]'"


def test_status_of_a_listed_record_is_that_of_its_page(dataset):
    listed = [*dataset.records().indexed()]
    statuses = {item.record.id: dataset.status(item) for item in listed}
    assert statuses == {ident: dataset.record(ident).status for ident in statuses}
    assert {item.kind for item in listed if dataset.status(item) is None} == {"encounter"}


def test_schema_is_the_one_that_is_written(dataset):
    assert json.loads(dataset.json_schema()) == dataset.schema


def test_threads_with_their_own_dataset_get_the_same_answer(dataset):
    expected = [dict(row) for row in dataset.pairs()]
    answers = []

    def call():
        with Dataset.open(dataset.root, today=dataset.today) as mine:
            answers.append([dict(row) for row in mine.pairs()])

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4
