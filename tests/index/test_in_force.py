"""In force: the index and the model agree with a naive implementation of the rule."""

import time
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from healthcoop.index import link_effects, statistics
from healthcoop.index.link_effects import bounds_of
from healthcoop.index.query import Query
from healthcoop.index.records import get, select
from healthcoop.model import succession
from healthcoop.model.status import in_force
from tests.naive.in_force import CERTAIN, NO, Network

DATES = ("2020-03-05", "2020-03", "2020", "2020-03-05~", "202X", "[..2020-04-01]", "2021-02?")
OWN = st.sampled_from([None, None, None, "2020-06", "2021-01-01~", "[..2020-09-01]", "unknown"])
RATIFIED = st.sampled_from([None, None, None, "2020-06", "2021-01-01~", "unknown", "none"])
ROLE = st.sampled_from([None, None, None, "signatory", "observer", "depositary"])
TERMS = st.fixed_dictionaries(
    {"in_force": st.sampled_from([*DATES, "unknown", "none"])},
    optional={
        "provisional": st.sampled_from(["2019-06-01", "2020-01", "[..2020-02-01]"]),
        "term": st.sampled_from(["P1Y", "P6M", "P6M", "indefinite", "unknown"]),
        "period": st.sampled_from(["2020/2021", "2020/..", "2020/"]),
        "renewal": st.sampled_from(["automatic", "by-agreement", "none", "none", "none"]),
        "ended": st.sampled_from(["none", "none", "unknown", "2021-06", "2019"]),
        "end_reason": st.sampled_from(["superseded", "expired"]),
        "checked": st.sampled_from(["2022-02-02", "2019"]),
    },
)
RELATIONS = ("supersedes", "terminates", "renews", "renews", "amends", "follows-up")
LINKS = st.lists(
    st.fixed_dictionaries(
        {
            "rel": st.sampled_from(RELATIONS),
            "record": st.sampled_from(["2020-0", "2020-1", "2020-2", "2020-old", "2020-none"]),
        }
    ),
    max_size=2,
)
CODES = ("AZ", "TR", "CU", "WHO")


def rows_of(index, name, query, **options):
    return statistics.run(index, name, query, **options).rows


def parties(codes, days):
    keys = ("in_force", "acceded", "ratified", "left", "signed", "role")
    return [
        {"organisation" if code == "WHO" else "country": code}
        | {key: day for key, day in zip(keys, own, strict=True) if day}
        for code, own in zip(codes, days, strict=True)
    ]


PARTIES = st.integers(2, 4).flatmap(
    lambda size: st.builds(
        parties,
        st.permutations(CODES).map(lambda codes: codes[:size]),
        st.lists(st.tuples(OWN, OWN, RATIFIED, OWN, OWN, ROLE), min_size=size, max_size=size),
    )
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["mou", "mou", "mou", "mou", "meeting"]),
            "date": st.sampled_from(DATES),
            "parties": PARTIES,
        },
        optional={
            "terms": TERMS,
            "links": LINKS,
            "withdrawn": st.just({"date": "2023", "reason": "wrong"}),
        },
    ),
    min_size=1,
    max_size=4,
)
DAYS = [date(2018, 12, 31) + timedelta(73 * step) for step in range(20)]


def network(index):
    found = list(select(index, Query(withdrawn="include")))
    held = {item.record.id: item.record for item in found if item.kind == "instrument"}
    former = {old: item.record.id for item in found for old in item.record.former_ids}
    return Network(held, lambda ident: former.get(ident, ident))


def test_only_links_of_current_instruments_end_an_instrument(data):
    terms = {"in_force": "2020-01-01", "ended": "none", "checked": "2025-01-01"}
    ending = [{"rel": "supersedes", "record": "2020-a"}]
    data.write("2020-a", type="mou", terms=terms, links=ending)
    data.write("2020-b", links=ending)
    withdrawn = {"date": "2023", "reason": "wrong"}
    data.write("2020-c", type="mou", links=ending, withdrawn=withdrawn)
    day = {"in_force_on": date(2024, 1, 1), "certainty": "certain"}
    assert data.find(**day) == ["2020-a"]
    data.write("2023-d", type="mou", links=ending)
    assert data.find(**day) == []


SINCE = {"in_force": "2020-01-01", "ended": "none", "checked": "2025-01-01"}
LAPSED = {"in_force": "2020-01-01", "term": "P1Y", "renewal": "none"}


def statuses(data):
    with data.open() as index:
        return {
            item.record.id: item.status for item in select(index, Query(), day=date(2022, 7, 1))
        }


def test_changing_or_removing_a_file_updates_the_status_of_linked_records(
    data,
):
    data.write("2020-a", type="mou", terms=SINCE, former_ids=["2020-old"])
    data.write("2020-b", type="mou", terms=LAPSED)
    later = {"type": "mou", "terms": {"in_force": "2021-01-01"}}
    without_link = {"2020-a": "certain", "2020-b": "no"}
    assert statuses(data) == without_link
    data.write("2021-c", **later, links=[{"rel": "supersedes", "record": "2020-old"}])
    assert statuses(data) == {"2020-a": "no", "2020-b": "no", "2021-c": "possible"}
    data.write("2021-c", **later, links=[{"rel": "renews", "record": "2020-b"}])
    assert statuses(data) == {"2020-a": "certain", "2020-b": "possible", "2021-c": "possible"}
    data.write("2021-d", **later, links=[{"rel": "terminates", "record": "2021-c"}])
    assert statuses(data)["2020-b"] == "no"  # its renewal was terminated on the first day
    data.path("2021-d").unlink()
    assert statuses(data)["2020-b"] == "possible"
    data.path("2021-c").unlink()
    assert statuses(data) == without_link


def test_link_ends_a_record_that_is_added_later(data):
    data.write(
        "2021-b",
        type="mou",
        terms={"in_force": "2021-01-01"},
        links=[{"rel": "supersedes", "record": "2020-a"}],
    )
    assert statuses(data) == {"2021-b": "possible"}
    path = data.write("2020-b", type="mou", terms=SINCE)
    assert statuses(data)["2020-b"] == "certain"
    path.unlink()
    data.write("2020-a", type="mou", terms=SINCE)
    assert statuses(data) == {"2020-a": "no", "2021-b": "possible"}


def settle():
    """Wait, since what was just written is read again in any case."""
    time.sleep(0.03)


def bound_words(index):
    """Return the effects of links on the instrument of each file."""
    rows = index.connection.execute(
        "SELECT file.path, certain_before, possible_until, words"
        " FROM link_effect JOIN file ON file.id = link_effect.record ORDER BY 1"
    )
    return rows.fetchall()


RENEWING = {
    ident: {"type": "mou", "links": [{"rel": "renews", "record": ident}]}
    for ident in ("2020-0", "2020-old")
}
IDENTS = [f"2020-{number}" for number in range(4)]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(IDENTS),
        st.none()
        | st.fixed_dictionaries(
            {
                "type": st.sampled_from(["mou", "mou", "mou", "meeting"]),
                "terms": st.sampled_from([SINCE, LAPSED]),
                "links": st.lists(
                    st.fixed_dictionaries(
                        {
                            "rel": st.sampled_from(RELATIONS[:4]),
                            "record": st.sampled_from([*IDENTS, "2020-old", "2020-old"]),
                        }
                    ),
                    max_size=2,
                ),
            },
            optional={
                "former_ids": st.sampled_from([["2020-old"], ["2020-old"], ["2020-1"]]),
                "id": st.sampled_from(["2020-old", "2020-2"]),
            },
        ),
    ),
    min_size=1,
    max_size=2,
)


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=st.lists(EDITS, min_size=2, max_size=5))
@example(
    rounds=[
        [("2020-0", {"type": "mou", "former_ids": ["2020-old"]}), ("2020-1", RENEWING["2020-0"])],
        [("2020-2", RENEWING["2020-old"])],
        [("2020-3", {"type": "mou", "id": "2020-old"})],
        [("2020-3", None)],
    ]
)
def test_incremental_link_effects_equal_a_full_build(new_data, rounds):
    data = new_data()
    data.open().close()
    for edits in rounds:
        for ident, fields in edits:
            if fields is None:
                data.path(ident).unlink(missing_ok=True)
            else:
                data.write(ident, **fields)
        settle()
        with data.open() as index, data.in_memory() as rebuilt:
            assert bound_words(index) == bound_words(rebuilt)


def test_change_recomputes_only_linked_records(data, monkeypatch):
    later = {"2021-b": "2020-a", "2021-c": "2021-b", "2021-e": "2020-d"}
    for ident in ("2020-a", "2020-d", "2020-f"):
        data.write(ident, type="mou", terms=SINCE)
    for ident, other in later.items():
        data.write(ident, type="mou", links=[{"rel": "supersedes", "record": other}])
    settle()
    data.open().close()
    recomputed = []
    whole = succession.bounds

    def bounds(instruments, links):
        recomputed.append(sorted(each.id for each in instruments.values()))
        return whole(instruments, links)

    monkeypatch.setattr(link_effects, "bounds", bounds)
    data.write("2020-a", type="mou", terms=LAPSED)
    settle()
    data.open().close()
    data.write("2020-f", type="mou", terms=LAPSED)
    settle()
    data.open().close()
    assert recomputed == [["2020-a", "2021-b", "2021-c"], []]


def test_amendment_ends_with_the_instrument_it_amends(data):
    data.write("2020-a", type="mou", terms={"in_force": "2020-01-01", "ended": "2021"})
    amending = [{"rel": "amends", "record": "2020-a"}]
    data.write("2020-b", type="mou", terms={"in_force": "2020-06-01"}, links=amending)
    data.write("2020-c", type="mou", terms=SINCE, links=amending)
    data.write("2020-d", type="mou", links=[{"rel": "amends", "title": "Of another set"}])
    assert statuses(data) == {
        "2020-a": "no",
        "2020-b": "no",
        "2020-c": "certain",  # checked for an end of its own
        "2020-d": "possible",
    }


MEMBERS = [
    {"country": "AZ", "ratified": "2020-01-01"},
    {"country": "TR", "ratified": "2020-01-01", "left": "2021-01-01"},
    {"country": "CU", "acceded": "2022-01-01"},
    {"country": "NO", "in_force": "2020-01-01"},
]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["2020-a"]),
        ({"countries": ("TR",)}, []),
        ({"countries": ("TR", "AZ")}, ["2020-a"]),
        ({"countries": ("CU",)}, ["2020-a"]),
        ({"countries": ("CU",), "certainty": "certain"}, []),
        ({"countries": ("AZ",), "certainty": "certain"}, ["2020-a"]),
        ({"pairs": (("AZ", "TR"),)}, []),
        ({"pairs": (("AZ", "CU"),)}, ["2020-a"]),
        ({"pairs": (("AZ", "CU"),), "certainty": "certain"}, []),
        ({"pairs": (("AZ", "TR"), ("AZ", "NO"))}, ["2020-a"]),
        ({"pairs": (("AZ", "NO"),), "certainty": "certain"}, ["2020-a"]),
    ],
)
def test_in_force_on_applies_to_the_parties_of_the_query(data, filters, found):
    data.write("2020-a", type="mou", terms=SINCE, parties=MEMBERS)
    assert data.find(in_force_on=date(2022, 7, 1), **filters) == found


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({}, "certain"),
        ({"countries": ("CU",)}, "possible"),
        ({"countries": ("CU", "AZ")}, "certain"),
        ({"pairs": (("AZ", "CU"),)}, "possible"),
        ({"pairs": (("AZ", "CU"), ("AZ", "NO"))}, "certain"),
        ({"countries": ("NO",), "pairs": (("AZ", "CU"),)}, "possible"),
    ],
)
def test_status_on_the_day_of_in_force_on_is_for_the_parties_of_the_query(data, filters, status):
    data.write("2020-a", type="mou", terms=SINCE, parties=MEMBERS)
    day = date(2022, 7, 1)
    with data.open() as index:
        (item,) = select(index, Query(in_force_on=day, **filters), day=day)
        assert item.status == status
        (item,) = select(index, Query(**filters), day=day)
        assert item.status == "certain"  # as a whole


def test_instrument_is_never_in_force_for_an_observer(data):
    observer = {"organisation": "WHO", "role": "observer"}
    data.write("2020-a", type="mou", terms=SINCE, parties=[*MEMBERS, observer])
    assert data.find(countries=("WHO",)) == ["2020-a"]
    assert data.find(countries=("WHO",), in_force_on=date(2022, 7, 1)) == []
    assert data.find(pairs=(("AZ", "WHO"),), in_force_on=date(2022, 7, 1)) == []


def test_statistics_combine_own_dates_of_parties_with_links(data):
    members = [{"country": "AZ", "in_force": "2020-06-01"}, {"country": "TR"}]
    data.write("2020-a", type="mou", terms=SINCE, parties=members)

    def forces():
        with data.open() as index:
            rows = rows_of(index, "countries", Query(), day=date(2022, 7, 1))
            rows += rows_of(index, "pairs", Query(), day=date(2022, 7, 1))
            return [row["in_force"] for row in rows]

    assert forces() == [{"certain": 1, "possible": 1}] * 3
    ending = {"type": "meeting", "links": [{"rel": "supersedes", "record": "2020-a"}]}
    data.write("2021-b", **ending)
    assert forces() == [{"certain": 1, "possible": 1}] * 3
    data.write("2021-b", **ending | {"type": "mou"})
    assert forces() == [{"certain": 0, "possible": 2}] * 3


def counted(force):
    return {
        "certain": sum(answer == CERTAIN for answer in force),
        "possible": sum(answer != NO for answer in force),
    }


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=RECORDS, fold=st.booleans())
def test_every_answer_equals_the_naive_rule_day_by_day(new_data, made, fold):
    data = new_data()
    for number, fields in enumerate(made):
        former = {"former_ids": ["2020-old"]} if number == 0 else {}
        data.write(f"2020-{number}", **fields, **former)
    every = Query(withdrawn="include")
    with data.in_memory() as index:
        rule = network(index)
        held = rule.instruments.values()
        links = {ident: bounds_of(index, get(index, ident).path) for ident in rule.instruments}
        for day in DAYS:
            expected = {ident: rule.answer(ident, day) for ident in rule.instruments}
            for record in held:
                bounds = links[record.id]
                assert in_force(record, day, links=bounds).answer == expected[record.id]
                for party in record.parties:
                    answer = in_force(record, day, party=party.code, links=bounds).answer
                    assert answer == rule.answer(record.id, day, party.code)
            given_by_list = {item.record.id: item.status for item in select(index, every, day=day)}
            assert {key: value for key, value in given_by_list.items() if value} == expected
            countries = {
                row["country"]: row["in_force"]
                for row in rows_of(index, "countries", every, day=day)
            }
            between = {
                (row["a"], row["b"]): row["in_force"]
                for row in rows_of(
                    index,
                    "pairs",
                    every,
                    day=day,
                    multilateral="all",
                    organisations=True,
                    fold_former=fold,
                )
            }
            for code in CODES[:3]:
                of_it = [record.id for record in held if code in record.countries]
                force = [rule.answer(ident, day, code) for ident in of_it]
                assert countries.get(code, counted([])) == counted(force)
                if force:
                    check_filter(index, day, {"countries": (code,)}, of_it, force)
            for pair in combinations(sorted(CODES), 2):
                of_it = [
                    record.id
                    for record in held
                    if {*pair} <= {party.code for party in record.parties}
                ]
                force = [rule.answer(ident, day, *pair) for ident in of_it]
                assert between.get(pair, counted([])) == counted(force)
                if force:
                    check_filter(index, day, {"pairs": (pair,)}, of_it, force)


def check_filter(index, day, filters, idents, force):
    for certainty, accepted in (("certain", {CERTAIN}), ("possible", {CERTAIN, "possible"})):
        query = Query(withdrawn="include", in_force_on=day, certainty=certainty, **filters)
        fits = {ident for ident, answer in zip(idents, force, strict=True) if answer in accepted}
        assert {item.data["id"] for item in select(index, query)} == fits


def test_former_state_counts_where_its_successor_was_never_in_force(data):
    members = [
        {"country": "SUHH", "left": "1991-12-25"},
        {"country": "RU", "in_force": "2021-01-01"},
        {"country": "TR", "in_force": "2020-01-01"},
    ]
    data.write("2020-a", type="mou", terms=SINCE, parties=members)
    with data.in_memory() as index:
        rows = {
            (fold, row["a"], row["b"]): row["in_force"]["certain"]
            for fold in (False, True)
            for row in rows_of(
                index, "pairs", Query(), day=date(2022, 7, 1), multilateral="all", fold_former=fold
            )
        }
    assert rows[False, "SUHH", "TR"] == 0
    assert rows[False, "RU", "TR"] == rows[True, "RU", "TR"] == 1


@pytest.mark.parametrize(
    "step", [pytest.param(1, marks=pytest.mark.slow), 6], ids=["14 days", "3 days"]
)
def test_index_agrees_with_the_model_on_every_real_record(step, real):
    days = [date(1890, 1, 1) + timedelta(4001 * step) for step in range(13)]
    rule = network(real.index)
    for day in [*days, date(2026, 11, 21)][::-step]:
        found = {item.record.id: item.status for item in select(real.index, Query(), day=day)}
        statuses_ = {key: status for key, status in found.items() if status}
        assert statuses_ == {ident: rule.answer(ident, day) for ident in statuses_}
