"""Every filter matches what it should and nothing else, and is declared completely."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.index.query import DEFAULTS, FILTERS, Query, describe, where
from healthcoop.index.records import select
from healthcoop.index.resolution import resolve
from healthcoop.index.selection_notes import in_no_region, without_one, without_side
from healthcoop.model.dates import DateError, parse, widen
from tests.cases import each


def parties(*codes):
    return [{"organisation" if code in ("WHO", "ECO") else "country": code} for code in codes]


def test_records_are_sorted_by_date_then_latest_day_then_id(data):
    data.write("2020-c", date="2020-05")
    data.write("2020-b", date="2020-05-01")
    data.write("2020-a", date="2020-05-01")
    data.write("2020-e", date="2020-05-01/..")
    data.write("2019-z", date="2019-12-31~")
    assert data.find() == ["2019-z", "2020-a", "2020-b", "2020-c", "2020-e"]


def test_records_without_a_first_day_come_last_in_either_direction(data):
    data.write("2020-a", date="2020-05-01")
    data.write("2021-b", date="2021")
    data.write("1990-c", date="[..1990-04-30]")
    data.write("1999-d", date="1999", withdrawn={"date": "2026", "reason": "removed"})
    data.write("1999-e", date=None, withdrawn={"date": "2026", "reason": "removed"})
    with data.open() as index:

        def found(key):
            return [
                item.record.id for item in select(index, Query(withdrawn="include"), sort=[key])
            ]

        assert found("date") == ["1999-d", "2020-a", "2021-b", "1990-c", "1999-e"]
        assert found("-date") == ["2021-b", "2020-a", "1999-d", "1990-c", "1999-e"]


def test_country_matches_any_party_country_or_organisation(data):
    data.write("2020-az-tr")
    data.write("2020-gb-who", parties=parties("GB", "WHO"))
    data.write("2020-cu-no", parties=parties("CU", "NO"))
    assert data.find(countries=("GB", "TR")) == ["2020-az-tr", "2020-gb-who"]
    assert data.find(countries=("WHO",)) == ["2020-gb-who"]
    assert data.find(countries=("NO",)) == ["2020-cu-no"]


def test_not_country_excludes_records_with_any_of_them(data):
    data.write("2020-az-tr")
    data.write("2020-gb-who", parties=parties("GB", "WHO"))
    data.write("2020-az-gb", parties=parties("AZ", "GB"))
    assert data.find(not_countries=("AZ",)) == ["2020-gb-who"]
    assert data.find(not_countries=("TR", "WHO")) == ["2020-az-gb"]
    assert data.find(not_countries=("NO",)) == ["2020-az-gb", "2020-az-tr", "2020-gb-who"]
    assert data.find(countries=("AZ",), not_countries=("TR",)) == ["2020-az-gb"]


def test_level_is_that_of_the_sides(data):
    def region(**more):
        own = {"country": "AZ", "level": "subnational", "bodies": ["Ganja"], **more}
        return [own, {"country": "TR"}]

    data.write("2020-region", parties=region())
    data.write("2020-states")
    data.write("2020-watched", parties=[*region(role="observer"), *parties("GB")])
    assert data.find(level="subnational") == ["2020-region"]
    assert data.find(level="national") == ["2020-states", "2020-watched"]


def test_extended_to_finds_territories_and_not_parties(data):
    extended = [{"country": "GB", "extended_to": ["NO", "CU"]}, {"country": "TR"}]
    data.write("2020-extended", type="mou", parties=extended)
    data.write("2020-party", type="mou", parties=parties("NO", "CU"))
    data.write("2020-other", type="mou")
    assert (
        data.find(extended_to=("NO",)) == data.find(extended_to=("CU", "AZ")) == ["2020-extended"]
    )
    assert data.find(extended_to=("GB",)) == []
    assert data.find(countries=("NO",)) == ["2020-party"]


def test_pair_matches_records_with_both_parties_in_either_order(data):
    data.write("2020-az-tr")
    data.write("2020-tr-who", parties=parties("TR", "WHO"))
    data.write("2020-multi", parties=parties("AZ", "GB", "TR"))
    assert data.find(pairs=(("TR", "AZ"),)) == ["2020-az-tr", "2020-multi"]
    assert data.find(pairs=(("WHO", "TR"), ("AZ", "GB"))) == ["2020-multi", "2020-tr-who"]
    assert data.find(pairs=(("WHO", "AZ"),)) == []


def test_type_kind_topic_and_collection_match_by_code(data):
    data.write("2020-a", type="mou", topics=["workforce", "covid-19"])
    data.write("2020-b", collection="register")
    assert data.find(types=("mou", "agreement")) == ["2020-a"]
    assert data.find(kind="instrument") == ["2020-a"]
    assert data.find(kind="encounter") == ["2020-b"]
    assert data.find(topics=("covid-19",)) == ["2020-a"]
    assert data.find(collections=("register",)) == ["2020-b"]


def test_different_filters_are_combined_with_and(data):
    data.write("2020-a", type="mou")
    data.write("2021-b", type="mou")
    data.write("2020-c")
    assert data.find(types=("mou",), years=("2020",), countries=("AZ",)) == ["2020-a"]


def test_region_uses_membership_on_the_day_of_the_record(data):
    data.write("1990-az-cu", parties=parties("AZ", "CU"))
    data.write("1991-az-cu", date="1991-10-01", parties=parties("AZ", "CU"))
    data.write("2020-gb-cu", date="2020-01-31", parties=parties("GB", "CU"))
    data.write("2021-gb-cu", parties=parties("GB", "CU"))
    assert data.find(regions=("EUR",)) == ["1991-az-cu", "2020-gb-cu"]
    assert len(data.find(regions=("EUR", "AMR"))) == 4


def test_region_includes_its_parts_and_former_states_by_what_they_became(data):
    whole = {"code": "150", "label": "Europe", "kind": "m49-region"}
    part = {
        **{"code": "151", "label": "Eastern Europe", "kind": "m49-subregion"},
        **{"part_of": "150", "countries": ["RU"], "added": ["NO"]},
    }
    data.write_schema(regions=[whole, part])
    data.write("1980-cu-suhh", parties=parties("CU", "SUHH"))
    data.write("2020-az-ru", parties=parties("AZ", "RU"))
    data.write("2020-az-cu", parties=parties("AZ", "CU"))
    data.write("2021-no-who", parties=parties("NO", "WHO"))
    found = ["1980-cu-suhh", "2020-az-ru", "2021-no-who"]
    assert data.find(regions=("150",)) == data.find(regions=("151",)) == found


def test_person_place_and_source_match_parts_of_text_ignoring_accents(data):
    data.write(
        "2020-a",
        people=[{"name": "Fahrettin Koca", "native_name": "Fəxrəddin Qoca"}],
        places=[{"city": "İstanbul", "country": "TR", "venue": "Çırağan Palace"}],
        sources=[{"url": "https://Saglik.gov.tr/100%_done", "publisher": "Sağlık Bakanlığı"}],
    )
    data.write("2020-b")
    for filters in (
        {"persons": ("KOCA",)},
        {"persons": ("fexreddin q",)},
        {"places": ("istanbul",)},
        {"places": ("ciragan",)},
        {"places": ("Istanbul, TR",)},
        {"places": ("TR",)},
        {"places": ("istanbul turkiye",)},
        {"places": ("Palace, Istanbul",)},
        {"sources": ("sağlık.GOV",)},
        {"sources": ("saglik bakanl",)},
        {"sources": ("100%_d",)},
    ):
        assert data.find(**filters) == ["2020-a"], filters
    for filters in ({"persons": ("%",)}, {"places": ("_stanbul",)}, {"sources": ("100_",)}):
        assert data.find(**filters) == [], filters


@each(
    ("filters", "found"),
    [
        ({"since": "2020-06"}, "b d e f"),
        ({"since": "2020-05-31"}, "a b d e f"),
        ({"until": "2020-04"}, "b c f"),
        ({"until": "2020-05"}, "a b c f"),
        ({"since": "2020-05-02", "until": "2020-05-03"}, "a b f"),
        ({"years": ("2021",)}, "d e"),
        ({"years": ("2021", "2019")}, "c d e f"),
        ({"years": ("202X",)}, "a b d e f"),
        ({"since": "2023/2024"}, "e"),
        ({"since": "2021/.."}, "d e"),
        ({"until": "../2019"}, "c f"),
    ],
)
def test_since_until_and_year_match_by_overlap(data, filters, found):
    data.write("2020-a", date="2020-05")
    data.write("2020-b", date="2020")
    data.write("2019-c", date="2019-12-31")
    data.write("2020-d", date="2020-12-31/2021-01-01")
    data.write("2021-e", date="2021-05/..")
    data.write("2020-f", date="[..2020-07-01]")
    assert sorted(ident[-1] for ident in data.find(**filters)) == found.split()


def test_place_is_a_country_by_any_name_or_else_words(data):
    """A code is not part of a word, and a country is not a venue that has its name."""
    for ident, place in {
        "2020-az": {"city": "Baku", "country": "AZ"},
        "2020-no": {"city": "Oslo", "country": "NO", "venue": "Embassy of Türkiye"},
        "2020-tr": {"country": "TR"},
        "2020-venue": {"venue": "The Norwegian Hospital"},
    }.items():
        data.write(ident, places=[place])
    with data.open() as index:
        names = index.vocabulary

    def found(text):
        return data.find(places=resolve(Query(places=(text,)), names).places)

    for name in ("TR", "tr", "Türkiye", "turkiye", "TUR"):
        assert found(name) == ["2020-tr"], name
    assert found("NO") == found("Norway") == found("oslo") == ["2020-no"]
    assert found("norwegian hospital") == found("Hospital") == ["2020-venue"]
    assert found("embassy oslo") == ["2020-no"]
    assert found("Oslo, Norway") == found("oslo,NOR") == found("Oslo, NO") == ["2020-no"]
    assert found("Oslo, Turkey") == found("Oslo, Nowhere") == []
    assert found("hosp") == found("nrw") == found("Baku Oslo") == []
    with pytest.raises(HealthcoopError, match="no word"):
        found("%")


@each(
    ("date", "filters", "found", "loosely"),
    [
        # A month on each side of an approximate day: to 2 March (31 days) and from 31 December.
        ("2024-01-31~", {"since": "2024-03-02"}, False, True),
        ("2024-01-31~", {"since": "2024-03-03"}, False, False),
        ("2024-01-31~", {"until": "2023-12-31"}, False, True),
        ("2024-01-31~", {"until": "2023-12-30"}, False, False),
        ("2024-01-31~", {"years": ("2024",)}, True, True),
        ("2024-01-31?", {"years": ("2023",)}, False, True),
        ("2024-01-31", {"years": ("2023",)}, False, False),
        # A year by ten years.
        ("2024~", {"years": ("2034",)}, False, True),
        ("2024%", {"years": ("2035",)}, False, False),
        # Both bounds must fall in the same widened date.
        ("2024-01-31~", {"since": "2024-02-05", "until": "2024-02-10"}, False, True),
        ("2020~/2024-01-31", {"since": "2024-02"}, False, False),
        ("2020~/2024-01-31", {"until": "2010"}, False, True),
    ],
)
def test_loose_widens_qualified_dates(new_data, date, filters, found, loosely):
    data = new_data()
    data.write("2024-a", date=date)
    assert data.find(**filters) == ["2024-a"] * found
    assert data.find(**filters, loose=True) == ["2024-a"] * loosely


def test_loose_agrees_with_the_widened_days(data):
    """For every form of date and the days around the ends of each, by model.dates.widen."""
    marked = [f"{day}{mark}" for day in ("2020", "2020-03", "2020-03-31", "202X") for mark in "~?%"]
    texts = [*marked, "2020", "2020-03-31", "2020~/2021-05", "2019-02/2020?", "../2020-02-29~"]
    texts += ["2020-02-28%/..", "[2019-12-22..2020-01-02]", "[..2018]"]
    days = {day for text in texts for day in widen(parse(text)) if day}
    near = {day + timedelta(by) for day in days for by in (-1, 0, 1)}
    known = {f"2020-{number}": parse(text) for number, text in enumerate(texts)}
    for ident, edtf in known.items():
        data.write(ident, date=edtf.text)
    with data.open() as index:
        for day in sorted(near):
            for loose, bounds_of in (
                (True, widen),
                (False, lambda edtf: (edtf.earliest, edtf.latest)),
            ):
                bounds = {ident: bounds_of(edtf) for ident, edtf in known.items()}
                query = Query(since=day, until=day, loose=loose)
                assert {item.record.id for item in select(index, query)} == {
                    ident
                    for ident, (first, last) in bounds.items()
                    if (not first or first <= day) and (not last or last >= day)
                }, (day, loose)


@each(
    ("filters", "together"),
    [
        ({"since": "2020", "until": "2010"}, "--since 2020 and --until 2010"),
        ({"since": "2020-05-02", "until": "2020-05-01"}, "--since 2020-05-02 and --until"),
        ({"since": "2020", "until": "2020"}, None),
        ({"since": "2020-12-31", "until": "2020"}, None),
        ({"years": "2019", "since": "2020"}, "--year 2019 and --since 2020"),
        ({"years": ["2019", "2020"], "since": "2020"}, None),
        ({"years": "2021", "until": "2020"}, "--year 2021 and --until 2020"),
        ({"kind": "instrument", "types": "meeting"}, "--kind instrument and --type meeting"),
        ({"kind": "instrument", "types": ["meeting", "mou"]}, None),
        ({"in_force_on": "2020-01-01", "kind": "encounter"}, "--in-force-on 2020-01-01 and --kind"),
        ({"in_force_on": "2020-01-01", "types": "meeting"}, "--in-force-on 2020-01-01 and --type"),
        ({"in_force_on": "2020-01-01", "types": "mou"}, None),
        ({"countries": "AZ", "not_countries": ["TR", "AZ"]}, "--country AZ and --not-country TR"),
        ({"countries": ["AZ", "TR"], "not_countries": "AZ"}, None),
        ({"pairs": [("AZ", "TR")], "not_countries": "TR"}, "--pair AZ TR and --not-country TR"),
    ],
)
def test_filters_that_exclude_each_other_are_an_error(data, filters, together):
    with data.open() as index:
        names = index.vocabulary
    if together is None:
        assert resolve(Query(**filters), names)
    else:
        with pytest.raises(HealthcoopError, match=re.escape(together)):
            resolve(Query(**filters), names)


def test_an_empty_result_names_the_filters_without_which_it_is_not(data):
    data.write("2020-a", topics=["vaccines"])
    data.write("2021-b", topics=["workforce"], type="mou", parties=parties("AZ", "GB"))
    with data.open() as index:
        # No record is of 2019, whatever else is asked: that filter alone empties the result.
        query = Query(years="2019", topics="vaccines")
        assert without_one(index, query) == [("--year 2019", 1)]
        query = Query(years="2020", topics="workforce", countries=["AZ", "GB"])
        assert without_one(index, query) == [("--topic workforce", 1), ("--year 2020", 1)]
        assert without_one(index, Query(years="2019", topics="covid-19")) == []
        query = Query(in_force_on="2022-01-01", certainty="certain")
        assert without_one(index, query) == [
            ("--in-force-on 2022-01-01", 2),
            ("--certainty certain", 1),
        ]


def test_countries_in_no_region_are_counted(data):
    data.write_schema(
        regions=[
            {
                **{"code": "EUR", "label": "European Region"},
                "members": [{"country": "AZ"}, {"country": "GB", "until": "2020"}],
            },
            {"code": "150", "label": "Europe", "kind": "m49-region", "countries": ["AZ", "GB"]},
        ]
    )
    data.write("2019-az-gb", parties=parties("AZ", "GB"))
    data.write("2021-gb-no", parties=parties("GB", "NO"))
    data.write("2021-no-who", parties=parties("NO", "WHO"))
    with data.open() as index:
        assert in_no_region(index, Query(regions="EUR")) == [("WHO", ["GB", "NO"], 2)]
        assert in_no_region(index, Query(regions="150")) == [("M49", ["NO"], 2)]
        assert in_no_region(index, Query(regions="150", years="2019")) == []
        assert in_no_region(index, Query(countries="NO")) == []


def test_an_invalid_date_raises_date_error(data):
    for filters in ({"since": "last May"}, {"until": "2020-13"}, {"years": ("20",)}):
        with pytest.raises(DateError):
            data.find(**filters)


@each(
    "filters",
    [{"since": "../2001"}, {"since": "[..2001]"}, {"until": "2001/.."}, {"until": "2001/"}],
)
def test_a_bound_that_excludes_nothing_is_an_error(data, filters):
    (text,) = filters.values()
    with pytest.raises(HealthcoopError, match=re.escape(f"“{text}” has no")):
        data.find(**filters)


def test_lateral_depends_on_the_number_of_different_countries(data):
    data.write("2020-two", parties=parties("AZ", "TR", "WHO"))
    data.write("2020-three", parties=parties("AZ", "TR", "GB"))
    data.write("2020-one", parties=parties("AZ", "WHO"))
    data.write("2020-none", parties=parties("WHO"))
    data.write("2020-same", parties=parties("AZ", "AZ", "TR"))
    assert data.find(lateral=("bilateral",)) == ["2020-same", "2020-two"]
    assert data.find(lateral=("multilateral",)) == ["2020-three"]
    assert data.find(lateral=("organisation",)) == ["2020-none", "2020-one"]
    assert len(data.find(lateral=("organisation", "multilateral"))) == 3


def test_in_force_on_matches_instruments_only(data):
    terms = {"in_force": "2020-03-01", "ended": "2022-06-30"}
    data.write("2020-a", type="mou", date="2020-01-01", terms=terms)
    data.write("2020-b", type="mou", date="2020-01-01")
    data.write("2020-c", date="2020-01-01")
    assert data.find(in_force_on=date(2020, 2, 1)) == ["2020-b"]
    assert data.find(in_force_on=date(2020, 3, 1)) == ["2020-a", "2020-b"]
    assert data.find(in_force_on=date(2020, 3, 1), certainty="certain") == ["2020-a"]
    assert data.find(in_force_on=date(2022, 6, 30), certainty="certain") == []
    assert data.find(in_force_on=date(2022, 6, 30)) == ["2020-a", "2020-b"]
    assert data.find(in_force_on=date(2022, 7, 1)) == ["2020-b"]


def test_id_is_a_case_sensitive_pattern(data):
    data.write("2020-az-tr-one")
    data.write("2021-az-tr-two")
    assert data.find(ids=("2020-*",)) == ["2020-az-tr-one"]
    assert data.find(ids=("*-t?o", "*-one")) == ["2020-az-tr-one", "2021-az-tr-two"]
    assert data.find(ids=("2020-AZ*",)) == []


def test_withdrawn_records_are_excluded_by_default(data):
    data.write("2020-a")
    data.write("2020-b", withdrawn={"date": "2021", "reason": "double"})
    assert data.find() == ["2020-a"]
    assert data.find(withdrawn="include") == ["2020-a", "2020-b"]
    assert data.find(withdrawn="only") == ["2020-b"]


def test_a_removed_record_is_not_a_problem_and_matches_no_date(data):
    removed = {"date": "2024-01-01", "reason": "removed"}
    data.write_text("2020-a", 'id: 2020-a\nwithdrawn: {date: "2024-01-01", reason: removed}\n')
    with data.open() as index:
        assert index.problems == []
    assert data.find(withdrawn="only") == ["2020-a"]
    assert data.find(withdrawn="include", years=("2020",)) == []
    data.write("2020-b", withdrawn=removed, date=None, type=None, parties=None)
    with data.open() as index:
        assert index.problems == []
    assert data.find(withdrawn="only") == ["2020-a", "2020-b"]


def test_arguments_that_are_not_utf8_match_nothing(data):
    data.write("2020-a")
    bad = "caf\udce9"
    for name in ("persons", "places", "sources", "texts", "ids", "countries", "collections"):
        assert data.find(**{name: (bad,)}) == []


def a_value_of(name):
    """Return some value other than the default for a field of Query."""
    if FILTERS[name].choices:
        value = next(choice for choice in FILTERS[name].choices if choice != DEFAULTS[name])
        return (value,) if DEFAULTS[name] == () else value
    special = {"pairs": (("AZ", "CU"),), "in_force_on": date(2020, 1, 1), "since": "2020"}
    special |= {"loose": True, "until": "2020"}
    return special.get(name, ("2020",))


def test_every_filter_has_an_option_help_sql_words_and_documentation(data, cli_invoke):
    with data.open() as index:
        names = index.vocabulary
    help_text = cli_invoke("list", "--help").stdout
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, entry in FILTERS.items():
        assert entry.help, name
        assert f"{entry.option} " in help_text, name
        assert f"| `{entry.option}" in page, name
        others = {other: a_value_of(other) for other in entry.goes_with[:1]}
        without = Query(**others)
        query = Query(**others, **{name: a_value_of(name)})
        assert where(query) != where(without), name
        assert describe(query, names) != describe(without, names), name


def test_pair_of_a_party_with_itself_is_an_error(data):
    with data.open() as index, pytest.raises(HealthcoopError, match="AZ and AZ are the same"):
        resolve(Query(pairs=[("AZ", "TR"), ("AZ", "Azerbaijan")]), index.vocabulary)


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ({}, 0),
        ({"countries": ("NO",)}, 1),
        ({"countries": ("NO", "AZ")}, 0),
        ({"pairs": (("AZ", "NO"),)}, 1),
        ({"pairs": (("AZ", "NO"), ("AZ", "TR"))}, 0),
        ({"countries": ("NO",), "pairs": (("AZ", "TR"),)}, 1),
        ({"countries": ("NO",), "kind": "instrument"}, 0),
    ],
)
def test_records_that_match_only_by_an_observer_are_counted(data, filters, number):
    observer = {"country": "NO", "role": "observer"}
    data.write("2020-a", parties=[{"country": "AZ"}, {"country": "TR"}, observer])
    data.write("2021-b", parties=[{"country": "AZ"}, {"country": "NO"}])
    with data.open() as index:
        assert without_side(index, Query(**filters)) == number
