"""From which day a side belongs to a record."""

from itertools import combinations

from healthcoop.model.first_day import first_day, first_days
from healthcoop.model.record import Record
from tests.cases import each


def record(*sides):
    return Record.from_data({"date": "1980-10-17", "parties": [*sides]})


@each(
    ("own", "expected"),
    [
        ({}, "1980-10-17"),
        ({"left": "1999"}, "1980-10-17"),  # the day of leaving is no beginning
        ({"signed": "1981"}, "1981"),
        ({"signed": "1979-12-31"}, "1979-12-31"),
        ({"acceded": "2011-09-01", "in_force": "2011-10-01"}, "2011-09-01"),
        ({"ratified": "1983-05", "signed": "1983-04-30~"}, "1983-04-30~"),
        ({"in_force": "[..1990-01-01]", "acceded": "1989"}, "1989"),
        ({"ratified": "none"}, "1980-10-17"),
        ({"ratified": "unknown"}, "1980-10-17"),
        ({"acceded": "unknown"}, None),
        ({"acceded": "unknown", "in_force": "2003"}, "2003"),
        ({"signed": "some day"}, None),  # a day, but nobody can read which
    ],
)
def test_first_day_is_the_earliest_own_date_else_that_of_the_record(own, expected):
    found = record({"country": "BA", **own})
    day = first_day(found, found.parties[0])
    assert (day.text if day else None) == expected


def test_a_further_date_never_makes_the_first_day_later():
    dates = {
        "signed": "1981-05",
        "ratified": "1981-06-01",
        "acceded": "[..1990]",
        "in_force": "1979",
    }
    for number in range(1, len(dates)):
        for some in combinations(dates, number):
            before = record({"country": "BA", **{name: dates[name] for name in some}})
            for more in dates.keys() - {*some}:
                own = {name: dates[name] for name in (*some, more)}
                after = record({"country": "BA", **own})
                days = [first_day(one, one.parties[0]).sort_key for one in (before, after)]
                assert days[1] <= days[0]


def test_a_code_named_twice_has_the_earliest_day_of_its_sides():
    found = record(
        {"country": "BA", "acceded": "unknown"},
        {"country": "BA", "acceded": "2011"},
        {"country": "BA", "role": "observer", "signed": "1990"},
    )
    assert {code: day.text for code, day in first_days(found).items()} == {"BA": "2011"}
