"""What the answers of an issue form state, as people write them."""

import pytest

from healthcoop.contribute.draft.stated import (
    stated_date,
    stated_person,
    stated_place,
    stated_sides,
)
from healthcoop.errors import HealthcoopError
from tests.cases import each


@each(
    ("text", "edtf"),
    [
        ("7 October 2022", "2022-10-07"),
        ("October 7, 2022", "2022-10-07"),
        ("on Friday, 7 October 2022", "2022-10-07"),
        ("7.10.2022", "2022-10-07"),
        ("31/10/2022", "2022-10-31"),
        ("2022-10-07~", "2022-10-07~"),
        ("October 2022", "2022-10"),
        ("2022", "2022"),
        ("from 7 to 9 April 2025", "2025-04-07/2025-04-09"),
        ("8 de abril de 2025", "2025-04-08"),
        ("7 octobre 2022", "2022-10-07"),
        ("7 октября 2022 года", "2022-10-07"),
        ("7 Ekim 2022", "2022-10-07"),
    ],
)
def test_dates_are_read_as_people_write_them(text, edtf):
    assert stated_date(text) == edtf


@each(
    "text",
    [
        "07/10/2022",
        "yesterday",
        "about 7 October 2022",
        "7 October",
        "before 2020",
        "7 or 8 May 2020",
    ],
)
def test_what_is_no_certain_date_is_refused(text):
    with pytest.raises(HealthcoopError):
        stated_date(text)


@each(
    ("line", "sides"),
    [
        ("Azerbaijan", ["AZ"]),
        ("the United Kingdom", ["GB"]),
        ("Azerbaijan and Cuba", ["AZ", "CU"]),
        ("Bosnia and Herzegovina", ["BA"]),
        ("Korea, Republic of", ["KR"]),
        ("Zimbabwe, South Africa & WHO", ["ZW", "ZA", "WHO"]),
        ("Cuba: Ministry of Public Health", [("CU", "Ministry of Public Health")]),
        ("Cuba (Ministry of Public Health)", [("CU", "Ministry of Public Health")]),
        ("Ministry of Health, Peru", [("PE", "Ministry of Health")]),
        ("Cuba, State Department", [("CU", "State Department")]),
        ("Ministry of Health of Peru", [("PE", "Ministry of Health")]),
        ("Embassy of Cuba in Azerbaijan", [("CU", "Embassy of Cuba in Azerbaijan")]),
        ("WHO Regional Office for Europe", [("WHO", "WHO Regional Office for Europe")]),
    ],
)
def test_sides_and_their_bodies(line, sides, vocabulary):
    found = stated_sides(line, vocabulary)
    assert [side if side.body else side.code for side in found] == sides


@each(
    ("line", "unknown"),
    [
        ("Azerbajan", "Azerbajan"),
        ("Cuba and Azerbajan", "Azerbajan"),
        ("Cuba, Azerbajan", "Azerbajan"),
        ("Azerbajan, Cuba", "Azerbajan"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_an_unknown_side_is_named_and_never_guessed(line, unknown, vocabulary):
    with pytest.raises(HealthcoopError, match=f": {unknown}$") as error:
        stated_sides(line, vocabulary)
    assert ("Azerbaijan" in error.value.hint) == (unknown != "Atlantis")


@each(
    ("line", "person"),
    [
        ("Ana Sol, Minister of Health of Cuba", ("Ana Sol", "Minister of Health of Cuba", "CU")),
        ("H.E. Dr. Ana Sol - Minister of Health, Cuba", ("Ana Sol", "Minister of Health", "CU")),
        (
            "Ana Sol (Head of the WHO Office in Cuba)",
            ("Ana Sol", "Head of the WHO Office in Cuba", "WHO"),
        ),
        ("Ana Sol, Ambassador of Cuba to Peru", ("Ana Sol", "Ambassador of Cuba to Peru", "CU")),
        ("Jean-Pierre Sol, Minister", ("Jean-Pierre Sol", "Minister", "")),
        ("Drew Sol", ("Drew Sol", "", "")),
    ],
)
def test_people_with_office_and_side(line, person, vocabulary):
    assert stated_person(line, ["CU", "PE", "WHO"], vocabulary) == person


@each(
    ("text", "place"),
    [
        ("Baku, Azerbaijan", ("AZ", "Baku", "", False)),
        ("Baku", ("AZ", "Baku", "", False)),
        ("Hall 3, Baku, Azerbaijan", ("AZ", "Baku", "Hall 3", False)),
        ("Victoria Falls (Zimbabwe)", ("ZW", "Victoria Falls", "", False)),
        ("Azerbaijan", ("AZ", "", "", False)),
        ("by video conference", ("", "", "", True)),
    ],
)
def test_places(text, place, vocabulary):
    assert stated_place(text, vocabulary) == place


def test_a_city_without_its_country_is_not_guessed(vocabulary):
    with pytest.raises(HealthcoopError, match="unknown place: Springfield"):
        stated_place("Springfield", vocabulary)
