"""Statistics on small cases worked out by hand; test_stats_twice covers random ones."""

import json
from datetime import date
from itertools import combinations

import pytest

from healthcoop.index import statistics
from healthcoop.index.pair_report import pair_report
from healthcoop.index.query import Query
from healthcoop.model.spec import FILLED

from .conftest import COUNTRIES

DAY = date(2021, 6, 1)
ORGANISATIONS = ("WHO", "ECO")


def counts_of(index, name, query, *, day=DAY, **options):
    return statistics.run(index, name, query, day=day, **options)


def rows_of(index, name, query, **options):
    return counts_of(index, name, query, **options).rows


def parties(*codes):
    return [{"organisation" if code in ORGANISATIONS else "country": code} for code in codes]


def observer(code):
    (party,) = parties(code)
    return {**party, "role": "observer"}


def pairs_of(index, **options):
    found = counts_of(index, "pairs", Query(), **{"day": DAY, **options})
    return {(row["a"], row["b"]): row["records"] for row in found.rows}, found


@pytest.fixture
def mixed(data):
    data.write("2020-two", parties=parties("TR", "AZ"))
    data.write("2020-beside", parties=parties("AZ", "TR", "WHO"))
    data.write("2020-three", parties=parties("AZ", "TR", "GB"))
    data.write("2020-one", parties=parties("AZ", "WHO"))
    data.write("2020-orgs", parties=parties("WHO", "ECO"))
    data.write("2020-alone", parties=parties("WHO"))
    data.write("2020-crowd", parties=parties("AZ", "WHO", "ECO"))
    with data.in_memory() as index:
        yield index


def test_pairs_count_records_of_exactly_two_countries(mixed):
    counted, found = pairs_of(mixed)
    assert counted == {("AZ", "TR"): 2}
    assert (found.left_out["multilateral"], found.left_out["too_few"]) == (1, 4)


def test_with_organisations_adds_records_of_two_parties(mixed):
    counted, found = pairs_of(mixed, organisations=True)
    assert counted == {("AZ", "TR"): 2, ("AZ", "WHO"): 1, ("ECO", "WHO"): 1}
    assert (found.left_out["multilateral"], found.left_out["too_few"]) == (2, 1)


def test_observers_and_depositaries_are_counted_nowhere(data):
    data.write("2021-notes", type="mou", parties=[*parties("AZ", "WHO"), observer("TR")])
    data.write("2021-two", parties=[*parties("AZ", "TR"), observer("RU")])
    data.write(
        "2021-kept", parties=[*parties("AZ", "TR"), {**observer("ECO"), "role": "depositary"}]
    )
    with data.in_memory() as index:
        counted, found = pairs_of(index)
        assert counted == {("AZ", "TR"): 2}
        assert found.left_out == {
            "multilateral": 0,
            "too_few": 1,
            "too_many": 0,
            "later": 0,
            "not_sides": 2,
        }
        counted, found = pairs_of(index, organisations=True)
        assert counted == {("AZ", "TR"): 2, ("AZ", "WHO"): 1}
        assert found.left_out["not_sides"] == 3
        assert pairs_of(index, multilateral="all")[0] == {("AZ", "TR"): 2}
        countries = counts_of(index, "countries", Query())
        assert {row["country"]: row["records"] for row in countries.rows} == {"AZ": 3, "TR": 2}
        assert countries.left_out == {"not_sides": 2}
        (who,) = rows_of(index, "organisations", Query())
        assert (who["organisation"], who["partners"]) == ("WHO", 1)
        (topic,) = rows_of(index, "topics", Query())
        assert topic["countries"] == 2
        assert counts_of(index, "years", Query()).left_out == {}
        summary = statistics.summary(index, Query(), day=DAY)
    assert (summary["by_country"], summary["pairs"]) == ({"AZ": 3, "TR": 2}, 1)
    assert summary["by_organisation"] == {"WHO": 1}
    assert data.find(countries=("RU",)) == ["2021-two"]
    assert data.find(countries=("TR",)) == ["2021-kept", "2021-notes", "2021-two"]
    assert data.find(lateral=("bilateral",)) == ["2021-kept", "2021-two"]
    assert data.find(lateral=("organisation",)) == ["2021-notes"]


def test_multilateral_records_count_one_or_a_share_for_each_pair(mixed):
    counted, found = pairs_of(mixed, multilateral="all")
    assert counted == {("AZ", "TR"): 3, ("AZ", "GB"): 1, ("GB", "TR"): 1}
    assert (found.left_out["multilateral"], found.left_out["too_few"]) == (0, 4)
    _, found = pairs_of(mixed, multilateral="fractional")
    assert {(row["a"], row["b"]): row["weight"] for row in found.rows} == {
        ("AZ", "TR"): 2.5,
        ("AZ", "GB"): 0.5,
        ("GB", "TR"): 0.5,
    }
    assert [row["records"] for row in found.rows] == [3, 1, 1]


def test_pairs_of_equal_weight_are_sorted_by_records(data):
    data.write("2020-a", parties=parties("AZ", "CU"))
    for number in range(2):
        data.write(f"2020-{number}", parties=parties("GB", "NO", "TR"))
    with data.in_memory() as index:
        rows = rows_of(index, "pairs", Query(), multilateral="fractional")
    assert [(row["a"], row["b"], row["weight"]) for row in rows] == [
        ("GB", "NO", 1.0),
        ("GB", "TR", 1.0),
        ("NO", "TR", 1.0),
        ("AZ", "CU", 1.0),
    ]


def test_keys_are_in_the_documented_order(mixed):
    (pair, *_) = rows_of(mixed, "pairs", Query(), day=DAY)
    (country, *_) = rows_of(mixed, "countries", Query(), day=DAY)
    (year, *_) = rows_of(mixed, "years", Query())
    assert " ".join(pair) == (
        "a b records instruments encounters weight in_force first last topics affinity"
        " years_since_encounter"
    )
    assert " ".join(pair["in_force"]) == "certain possible"
    assert " ".join(country) == (
        "country records instruments encounters partners in_force first last"
    )
    assert " ".join(year) == "year records instruments encounters"
    assert " ".join(statistics.summary(mixed, Query(), day=DAY)) == (
        "records instruments encounters countries organisations pairs first last by_type by_year"
        " by_country by_organisation by_topic by_collection completeness"
    )


def test_fold_former_follows_the_chain_to_its_end(data):
    data.write("1950-a", parties=parties("XSOZ", "CU"))
    data.write("1980-a", parties=parties("DDDE", "CU"))
    data.write("1980-b", parties=parties("DDDE", "DE"))
    data.write("1980-c", parties=parties("CSHH", "CU"))
    with data.in_memory() as index:
        counted, _ = pairs_of(index)
        assert ("CU", "DE") not in counted
        counted, found = pairs_of(index, fold_former=True)
    assert counted == {("CU", "DE"): 2, ("CSHH", "CU"): 1}
    assert found.left_out["too_few"] == 1


def test_affinity_equals_the_formula(data):
    for a, b in combinations(("AZ", "CU", "GB"), 2):
        data.write(f"2020-{a}-{b}".lower(), parties=parties(a, b))
    with data.in_memory() as index:
        # Each has 2 of 3 pairs: 1 * 2*3 / (2*2).
        assert {row["affinity"] for row in rows_of(index, "pairs", Query(), day=DAY)} == {1.5}
    data.write("2020-no-tr", parties=parties("NO", "TR"))
    with data.in_memory() as index:
        rows = rows_of(index, "pairs", Query(), day=DAY)
    assert {(row["a"], row["b"]): row["affinity"] for row in rows} == {
        ("AZ", "CU"): 2.0,
        ("AZ", "GB"): 2.0,
        ("CU", "GB"): 2.0,
        ("NO", "TR"): 8.0,
    }


def test_affinity_includes_pairs_below_the_minimum(data):
    for number in range(2):
        data.write(f"2020-{number}")
    data.write("2020-az-gb", parties=parties("AZ", "GB"))
    with data.in_memory() as index:
        (row,) = rows_of(index, "pairs", Query(), day=DAY, minimum=2)
    assert (row["a"], row["b"], row["affinity"]) == ("AZ", "TR", 2 * 2 * 3 / (3 * 2))


@pytest.mark.parametrize("multilateral", ["none", "all", "fractional"])
def test_affinity_does_not_depend_on_filters_by_party(data, multilateral):
    for number, codes in enumerate(
        ("AZ TR", "AZ TR", "AZ GB", "GB TR", "AZ CU", "NO CU", "AZ TR GB", "AZ NO GB CU")
    ):
        data.write(f"2020-{number}", parties=parties(*codes.split()))
    data.write("1999-a", parties=parties("AZ", "TR"))
    options = {"day": DAY, "multilateral": multilateral}
    with data.in_memory() as index:

        def affinities(**filters):
            rows = rows_of(index, "pairs", Query(years=("2020",), **filters), **options)
            return {(row["a"], row["b"]): row["affinity"] for row in rows}

        every = affinities()
        assert len(set(every.values())) > 2
        for filters in (
            {"countries": ("AZ",)},
            {"not_countries": ("GB",)},
            {"pairs": (("AZ", "TR"),)},
            {"regions": ("EUR",)},
        ):
            filtered = affinities(**filters)
            assert filtered.items() <= every.items()
            assert ("AZ", "TR") in filtered
        assert ("CU", "NO") in every.keys() - affinities(pairs=(("AZ", "TR"),)).keys()


def test_in_force_takes_superseding_instruments_into_account(data):
    terms = {"in_force": "2020-01-01", "ended": "none", "checked": "2025-01-01"}
    data.write("2020-a", type="mou", terms=terms)
    data.write("2020-b", type="mou", terms=terms)
    data.write("2020-c", type="mou")
    data.write("2020-d")
    with data.in_memory() as index:
        (row,) = rows_of(index, "pairs", Query(), day=DAY)
        assert row["in_force"] == {"certain": 2, "possible": 3}
    data.write(
        "2021-e",
        type="mou",
        date="2021-01-01",
        terms={"in_force": "2021-02-01"},
        links=[{"rel": "supersedes", "record": "2020-a"}],
    )
    with data.in_memory() as index:
        (row,) = rows_of(index, "pairs", Query(), day=DAY)
        assert row["in_force"] == {"certain": 1, "possible": 3}
        country = rows_of(index, "countries", Query())[0]
        assert country["in_force"] == row["in_force"]


def test_instrument_is_in_force_between_two_if_it_is_for_both(data):
    terms = {"in_force": "2020-01-01", "ended": "none", "checked": "2030-01-01"}
    late = {"country": "TR", "in_force": "2020", "left": "2022"}
    first = [{**party, "ratified": "2018"} for party in parties("AZ", "GB")]
    data.write("2020-a", type="mou", date="2018", terms=terms, parties=[*first, late])
    answers = {}
    with data.in_memory() as index:
        for day in (date(2020, 6, 1), date(2021, 6, 1), date(2023, 6, 1)):
            rows = rows_of(index, "pairs", Query(), day=day, multilateral="all")
            answers[day.year] = {(row["a"], row["b"]): [*row["in_force"].values()] for row in rows}
    assert [answers[year]["AZ", "GB"] for year in answers] == [[1, 1], [1, 1], [1, 1]]
    assert [answers[year]["AZ", "TR"] for year in answers] == [[0, 1], [1, 1], [0, 0]]


def test_first_and_last_ignore_records_without_a_date(data):
    def spans():
        everything = Query(withdrawn="include")
        with data.in_memory() as index:
            rows = rows_of(index, "pairs", everything, day=DAY)
            rows += rows_of(index, "countries", everything, day=DAY)
        return {(row["records"], row["first"], row["last"]) for row in rows}

    data.write("1998-a", date=None, withdrawn={"date": "2023", "reason": "wrong"})
    assert spans() == {(1, None, None)}
    data.write("2001-b")
    assert spans() == {(2, "2001", "2001")}


@pytest.fixture
def treaty(data):
    """Write a treaty of 1980 that states joined later, or nobody knows when; return its index."""
    states = {"AT": None, "BA": "1992-03-03", "XK": "2008-02-17", "HR": "1991-10-08"}
    entries = [
        {"code": code, "kind": "state", "name": code, **({"from": day} if day else {})}
        for code, day in states.items()
    ]
    path = data.root / "schema" / "countries.json"
    path.write_text(json.dumps({"countries": [*COUNTRIES, *entries]}), encoding="utf-8")
    joined = {"BA": "2011-09-01", "XK": "2015-05-01", "HR": "unknown"}
    data.write(
        "1980-treaty",
        type="agreement",
        date="1980-10-17",
        parties=[{"country": "AT"}, *({"country": c, "acceded": d} for c, d in joined.items())],
    )
    with data.in_memory() as index:
        yield index


def test_side_that_acceded_has_no_rows_before(treaty):
    rows = rows_of(treaty, "dyad-years", Query(), multilateral="all")
    spans = {}
    for row in rows:
        spans.setdefault((row["a"], row["b"]), []).append(row["year"])
    assert {pair: (years[0], years[-1]) for pair, years in spans.items()} == {
        ("AT", "BA"): (2011, 2021),
        ("AT", "HR"): (1991, 2021),
        ("AT", "XK"): (2015, 2021),
        ("BA", "HR"): (2011, 2021),
        ("BA", "XK"): (2015, 2021),
        ("HR", "XK"): (2015, 2021),
    }
    assert [(row["a"], row["b"], row["year"]) for row in rows if row["signed"]] == [
        ("AT", "BA", 2011),
        ("AT", "XK", 2015),
        ("BA", "XK", 2015),
    ]


def test_first_and_last_go_by_the_later_side(treaty):
    countries = rows_of(treaty, "countries", Query())
    assert {row["country"]: (row["first"], row["last"]) for row in countries} == {
        "AT": ("1980-10-17", "1980-10-17"),
        "BA": ("2011-09-01", "2011-09-01"),
        "XK": ("2015-05-01", "2015-05-01"),
        "HR": (None, None),
    }
    rows = rows_of(treaty, "pairs", Query(), multilateral="all")
    assert {(row["a"], row["b"]): row["first"] for row in rows} == {
        ("AT", "BA"): "2011-09-01",
        ("AT", "HR"): None,
        ("AT", "XK"): "2015-05-01",
        ("BA", "HR"): None,
        ("BA", "XK"): "2015-05-01",
        ("HR", "XK"): None,
    }
    years = rows_of(treaty, "years", Query())
    assert [row["year"] for row in years] == [1980]  # the record's own
    pair = pair_report(treaty, Query(pairs=(("AT", "BA"),)), day=DAY)
    assert (pair["first"], [row["year"] for row in pair["years"]]) == ("2011-09-01", [2011])
    pair = pair_report(treaty, Query(pairs=(("AT", "HR"),)), day=DAY)
    assert (pair["records"], pair["first"], pair["years"]) == (1, None, [])


def test_record_that_counts_in_no_year_is_reported(data):
    data.write(
        "2020-a", type="mou", parties=[*parties("AZ"), {"country": "TR", "acceded": "unknown"}]
    )
    data.write("2030-a", date="2030", parties=parties("AZ", "TR"))
    with data.in_memory() as index:
        found = counts_of(index, "dyad-years", Query())
        assert [(row["year"], row["signed"]) for row in found.rows] == [(2020, 0), (2021, 0)]
        assert found.left_out["later"] == 2


def test_rows_of_a_former_state_end_and_those_of_its_successor_begin(data):
    countries = [
        *(each for each in COUNTRIES if each["code"] not in ("SUHH", "RU")),
        {"code": "SUHH", "kind": "former", "name": "Soviet Union", "folds_into": "RU"}
        | {"until": "1991-12-26"},
        {"code": "RU", "kind": "state", "name": "Russia", "from": "1991-12-26"},
    ]
    path = data.root / "schema" / "countries.json"
    path.write_text(json.dumps({"countries": countries}), encoding="utf-8")
    data.write("1967-a", type="mou", parties=parties("GB", "SUHH"))
    data.write("1995-a", type="mou", parties=parties("NO", "SUHH"))
    data.write("1967-b", type="mou", parties=parties("CU", "RU"))

    def spans(**options):
        years = {}
        for row in rows_of(index, "dyad-years", Query(), **options):
            years.setdefault((row["a"], row["b"]), []).append((row["year"], row["signed"]))
        return {pair: (rows[0], rows[-1]) for pair, rows in years.items()}

    with data.in_memory() as index:
        assert spans() == {
            ("CU", "RU"): ((1991, 0), (2021, 0)),  # a register lists Russia with the date
            ("GB", "SUHH"): ((1967, 1), (1991, 0)),
        }
        assert counts_of(index, "dyad-years", Query()).left_out["later"] == 2
        assert spans(fold_former=True) == {
            ("CU", "RU"): ((1991, 0), (2021, 0)),
            ("GB", "RU"): ((1967, 1), (2021, 0)),
            ("NO", "RU"): ((1995, 1), (2021, 0)),
        }


def test_years_that_a_complete_collection_covers_are_searched(data):
    scope = {"complete": True, "countries": ["GB"], "kinds": ["instrument"]}
    scope |= {"from": "2017-06-01", "until": "2020-12-31"}
    collections = [
        {"code": "news", "label": "News", "scope": {"complete": False, "countries": ["AZ"]}},
        {"code": "register", "label": "Register", "scope": scope},
    ]
    data.write_schema(collections=collections)
    data.write("2016-a", parties=parties("AZ", "GB"))
    data.write("2016-b", parties=parties("AZ", "TR"))

    def searched(*, day=DAY, **filters):
        rows = rows_of(index, "dyad-years", Query(**filters), day=day)
        assert not any(row["searched_encounters"] for row in rows)
        return [(row["b"], row["year"]) for row in rows if row["searched_instruments"]]

    with data.in_memory() as index:
        # Of 2017 half a year was not searched, of 2021 nothing.
        assert searched() == [("GB", 2018), ("GB", 2019), ("GB", 2020)]
        # Of the year of the last day, up to that day.
        assert searched(day=date(2019, 3, 1)) == [("GB", 2018), ("GB", 2019)]
        # A selection without the complete collection has zeros that nobody observed.
        assert searched(collections=("news",)) == []
        assert len(searched(collections=("register", "news"), withdrawn="include")) == 3


def test_years_include_those_without_a_record(data):
    data.write("1998-a")
    data.write("2001-b", type="mou", date="[..2001-03-01]")
    with data.in_memory() as index:
        assert [tuple(row.values()) for row in rows_of(index, "years", Query())] == [
            (1998, 1, 0, 1),
            (1999, 0, 0, 0),
            (2000, 0, 0, 0),
            (2001, 1, 1, 0),
        ]


def test_statistics_of_no_records_are_empty(data):
    data.write("2020-a")
    nothing = Query(years=("1900",))
    with data.in_memory() as index:
        counts = counts_of(index, "pairs", nothing)
        assert list(counts.rows) == []
        assert counts.left_out == dict.fromkeys(
            ("multilateral", "too_few", "too_many", "later", "not_sides"), 0
        )
        assert rows_of(index, "countries", nothing) == rows_of(index, "years", nothing) == []
        summary = statistics.summary(index, nothing, day=DAY)
    assert (summary["records"], summary["first"], summary["by_year"]) == (0, None, {})
    assert set(summary["completeness"].values()) == {None}


def test_completeness_counts_only_instruments_for_fields_of_instruments(data):
    data.write("2020-a", type="mou", terms={"in_force": "unknown"}, outcomes=["a plan"])
    data.write("2020-b", type="mou", text_url="https://a.org/b")
    data.write("2020-c", official_title={"text": "Notes of a talk"})
    data.write("2020-d", terms={"ended": "2021"}, places=[{"city": "Baku"}])
    with data.in_memory() as index:
        shares = statistics.summary(index, Query(), day=DAY)["completeness"]
    assert tuple(shares) == FILLED
    assert {name: share for name, share in shares.items() if share} == {
        "terms": 0.5,
        "terms.in_force": 0.5,
        "outcomes": 0.25,
        "text_url": 0.5,
        "places": 0.25,
    }


def test_statistic_leaves_no_temporary_data_behind(mixed):
    first = statistics.summary(mixed, Query(), day=DAY)
    rows_of(mixed, "pairs", Query(countries=("GB",)), multilateral="all", organisations=True)
    assert statistics.summary(mixed, Query(), day=DAY) == first


def test_dyad_years_support_indexing_and_slicing(data):
    data.write("2015-a", date="2015")
    data.write("2018-b", type="mou", date="2018", terms={"ended": "2019-06-01"})
    data.write("2020-c", date="2020", parties=parties("CU", "NO"))
    with data.in_memory() as index:
        found = rows_of(index, "dyad-years", Query(), day=DAY)
    rows = [*found]
    assert [(row["a"], row["year"], row["in_force_possible"]) for row in rows] == [
        *(("AZ", year, 0) for year in (2015, 2016, 2017)),
        ("AZ", 2018, 1),
        *(("AZ", year, 0) for year in (2019, 2020, 2021)),
        *(("CU", year, 0) for year in (2020, 2021)),
    ]
    assert len(found) == len(rows)
    assert [found[number] for number in range(-len(rows), len(rows))] == rows * 2
    assert found[2:8:3] == rows[2:8:3]
    with pytest.raises(IndexError):
        found[len(rows)]
