"""The index and model.status agree on every day, through what other records end."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthcoop.index.query import Query, select
from healthcoop.model.record import Record
from healthcoop.model.status import entry_into_force, in_force

DATES = ("2020-03-05", "2020-03", "2020", "2020-03-05~", "202X", "[..2020-04-01]", "2021?", "0001")
TERMS = st.fixed_dictionaries(
    {},
    optional={
        "in_force": st.sampled_from([*DATES, "unknown", "2020-05-01/2021"]),
        "term": st.sampled_from(["P1Y", "P6M", "indefinite", "unknown", "nonsense"]),
        "period": st.sampled_from(["2020/2021", "2020/..", "2020/"]),
        "renewal": st.sampled_from(["automatic", "by-agreement", "none"]),
        "ended": st.sampled_from(["none", "unknown", "2021-06", "2019"]),
        "end_reason": st.sampled_from(["superseded", "expired"]),
        "checked": st.sampled_from(["2022-02-02", "2019"]),
    },
)
LINKS = st.lists(
    st.fixed_dictionaries(
        {
            "rel": st.sampled_from(["supersedes", "terminates", "amends"]),
            "record": st.sampled_from(["2020-0", "2020-1", "2020-2", "2020-old", "2020-none"]),
        }
    ),
    max_size=2,
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["mou", "mou", "mou", "meeting"]),
            "date": st.sampled_from(DATES),
        },
        optional={
            "terms": TERMS,
            "links": LINKS,
            "withdrawn": st.just({"date": "2023", "reason": "wrong"}),
            "parties": st.just([{"country": "AZ", "in_force": "2020-07"}, {"country": "TR"}]),
        },
    ),
    min_size=1,
    max_size=4,
)
DAYS = (
    [date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    + [date(2020, 1, 1) + timedelta(31 * month) for month in range(40)]
    + [date(1, 1, 1), date(9999, 12, 31)]
)


def ended_by(records, kinds, ident):
    names = {ident} | ({"2020-old"} if ident == "2020-0" else set())
    return [
        entry_into_force(other)
        for other in records
        if other.id != ident
        and kinds[other.type] == "instrument"
        and not other.withdrawn
        and any(
            link.rel in ("supersedes", "terminates") and link.record in names
            for link in other.links
        )
    ]


def test_only_other_instruments_that_still_count_end_an_instrument(data):
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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=RECORDS)
def test_in_force_on_gives_what_status_says(new_data, made):
    data = new_data()
    for number, fields in enumerate(made):
        former = {"former_ids": ["2020-old"]} if number == 0 else {}
        data.write(f"2020-{number}", **fields, **former)
    kinds = {"mou": "instrument", "meeting": "encounter"}
    with data.in_memory() as index:
        records: list[Record] = [item.record for item in select(index, Query(withdrawn="include"))]
        for day in DAYS:
            answers = {
                record.id: in_force(
                    record, day, ended_by=ended_by(records, kinds, record.id)
                ).answer
                for record in records
                if kinds[record.type] == "instrument"
            }
            for certainty, wanted in (
                ("certain", {"certain"}),
                ("possible", {"certain", "possible"}),
            ):
                query = Query(in_force_on=day, certainty=certainty, withdrawn="include")
                found = {item.record.id for item in select(index, query)}
                assert found == {ident for ident, answer in answers.items() if answer in wanted}
