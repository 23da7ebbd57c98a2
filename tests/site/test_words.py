"""Dates in words, as the pages of the site write them."""

import pytest

from healthcoop.model.vocabulary import Vocabulary
from healthcoop.site.words import (
    date_in_words,
    fact_name,
    machine_date,
    reason_in_words,
    with_dates,
)

WORDS = {
    "2022-10-07": "7 October 2022",
    "2023-06": "June 2023",
    "1988": "1988",
    "2023-06-12~": "about 12 June 2023",
    "2019?": "2019 (uncertain)",
    "2019%": "about 2019 (uncertain)",
    "2025-04-07/2025-04-08": "7–8 April 2025",
    "2025-04-30/2025-05-02": "30 April – 2 May 2025",
    "2025-12-30/2026-01-02": "30 December 2025 to 2 January 2026",
    "2025/2026": "2025–2026",
    "2020-01-01/2020": "1 January 2020 to 2020",
    "2019/..": "from 2019",
    "../2019": "up to 2019",
    "2019/": "from 2019 to an unknown day",
    "[2025-12-22..2025-12-23]": "between 22 December 2025 and 23 December 2025",
    "[..2026-11-21]": "up to 21 November 2026",
    "2020-05-XX": "an unknown day of May 2020",
    "2020-XX": "an unknown month of 2020",
    "199X": "the 1990s",
    "19XX": "between 1900 and 1999",
    "not a date": "not a date",
    "": "",
}


def test_dates_in_words() -> None:
    assert {text: date_in_words(text) for text in WORDS} == WORDS


@pytest.mark.parametrize("text", ["2022-10-07", "2023-06", "1988"])
def test_machine_dates_are_plain_days_months_and_years(text: str) -> None:
    assert machine_date(text) == text
    assert machine_date(f"{text}~") == machine_date(f"{text}/..") == ""
    assert machine_date("2022-02-30") == ""


def test_sentences_have_their_dates_in_words() -> None:
    assert with_dates("in force from 1964-11-07; ended 1969-12 (expired)") == (
        "in force from 7 November 1964; ended December 1969 (expired)"
    )
    kept = "period 2020-01-01/2021-01-01, about 2020-05~, [2019-01-01..], uk-treaties 2019-1234"
    assert with_dates(kept) == kept


def test_reasons_have_dates_in_words_and_names_of_parties() -> None:
    names = Vocabulary(
        {
            "countries": [{"code": "YDYE", "name": "South Yemen"}],
            "organisations": [{"code": "WHO", "label": "World Health Organization"}],
        }
    )
    reason = "dated 2023-11-17~, and its period is 2025/2026; YDYE left [..1990-05-22]; for WHO"
    assert reason_in_words(reason, names) == (
        "dated about 17 November 2023, and its period is 2025–2026;"
        " South Yemen left up to 22 May 1990; for World Health Organization"
    )
    assert reason_in_words("4 of its 204 parties left", names) == "4 of its 204 parties left"


def test_fields_read_as_people_read_them() -> None:
    assert fact_name("terms.in_force") == "terms: in force"
