"""EDTF dates and ISO durations: which texts are parsed, and the message and hint for the others."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from healthcoop.model.dates import (
    DateError,
    Edtf,
    add,
    bounds,
    duration,
    parse,
    read,
    widen,
)
from tests.cases import each

T = TypeVar("T")


def attempt(read: Callable[[str], T], text: str) -> T | DateError:
    try:
        return read(text)
    except DateError as error:
        return error


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# Dates as text, built without the code under test

DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31))
PLAIN = st.builds(lambda d, size: d.isoformat()[:size], DAYS, st.sampled_from([4, 7, 10]))
MARKS = st.sampled_from(["", "", "~", "?", "%"])
QUALIFIED = st.builds("{}{}".format, PLAIN, MARKS)
UNSPECIFIED = st.builds(
    lambda d, shape, mark: shape(d.isoformat()) + mark,
    DAYS,
    st.sampled_from(
        [
            lambda text: text[:3] + "X",
            lambda text: text[:2] + "XX",
            lambda text: text[:4] + "-XX",
            lambda text: text[:4] + "-XX-XX",
            lambda text: text[:7] + "-XX",
        ]
    ),
    MARKS,
)
SINGLE = QUALIFIED | UNSPECIFIED


def in_order(joined: str, sides: tuple[str, str]) -> str:
    """Join two dates, the smaller text first, which is the earlier or contains the other."""
    return joined.format(*sorted(sides))


CLOSED = st.builds(in_order, st.just("{}/{}"), st.tuples(QUALIFIED, QUALIFIED))
HALF = st.builds(str.format, st.sampled_from(["{}/..", "{}/", "../{}", "/{}"]), QUALIFIED)
SETS = st.builds(in_order, st.just("[{}..{}]"), st.tuples(PLAIN, PLAIN)) | st.builds(
    "[..{}]".format, PLAIN
)
ANY = SINGLE | CLOSED | HALF | SETS


# Against the edtf package

DIFFERENT_BOUNDS = {
    "{}/..": "the package raises TypeError on an open end; ours has no latest day",
    "../{}": "the package raises TypeError on an open start; ours has no earliest day",
    "[..{}]": "the package raises TypeError; ours has no earliest day",
    "{}/": "the package guesses ten years for the unknown end; ours has no latest day",
    "/{}": "the package guesses ten years for the unknown start; ours has no earliest day",
}
TABLE = [
    *("2022-10-07", "2022-10", "2022", "2024-02", "2023-02", "1900-02", "2000-02", "0987"),
    *("2022-12", "9999-12", "9999", "0001"),
    *("2022~", "2022?", "2022%", "2022-10~", "2022-10-07?", "2024-02-29%"),
    *("202X", "20XX", "2022-XX", "2022-XX-XX", "2022-10-XX", "2024-02-XX", "202X~"),
    *("2025-04-07/2025-04-08", "2004-06/2006-08", "1984~/2004-06", "2004-02-01/2005"),
    *("1984-06-02?/2004-08-08~", "2005/2006-02", "2022/2022", "2022-12/2022", "2022/2022-03"),
    *("[2025-12-22..2025-12-23]", "[2019..2020]"),
]


def package_bounds(text: str) -> tuple[str, str]:
    """Return the bounds that the edtf package computes, as ISO text."""
    parsed = parse_edtf(text)
    lower, upper = parsed.lower_strict(), parsed.upper_strict()
    return "{:04}-{:02}-{:02}".format(*lower[:3]), "{:04}-{:02}-{:02}".format(*upper[:3])


@each("text", TABLE)
def test_bounds_equal_those_of_the_edtf_package(text: str) -> None:
    assert bounds(text) == package_bounds(text)


SAME_PRECISION = st.builds(
    lambda size, days: in_order("[{}..{}]", (days[0][:size], days[1][:size])),
    st.sampled_from([4, 7, 10]),
    st.tuples(DAYS.map(str), DAYS.map(str)),
)


@given(SINGLE | CLOSED | SAME_PRECISION)
def test_bounds_of_any_date_equal_those_of_the_edtf_package(text: str) -> None:
    assert bounds(text) == package_bounds(text)


@each(("form", "reason"), DIFFERENT_BOUNDS.items())
def test_listed_differences_from_the_edtf_package_still_exist(form: str, reason: str) -> None:
    text = form.format("2019")
    ours = bounds(text)
    assert None in ours, reason
    try:
        theirs = package_bounds(text)
    except TypeError:
        return
    assert theirs != ours, reason


def test_set_of_two_precisions_is_parsed_unlike_by_the_edtf_package() -> None:
    with pytest.raises(EDTFParseException):
        package_bounds("[2025-12..2026]")
    assert bounds("[2025-12..2026]") == ("2025-12-01", "2026-12-31")


UNSUPPORTED = {
    "2001-21": "seasons",
    "2001-33": "parts of a year, level 2",
    "Y170000002": "long years",
    "Y-17E7": "exponents, level 2",
    "-1985": "negative years",
    "1950S2": "significant digits, level 2",
    "1985-04-12T23:20:30": "times of day",
    "156X-12-25": "unspecified digits before known ones, level 2",
    "20X2": "unspecified digits before known ones, level 2",
    "1XXX": "three unspecified digits, level 2",
    "?2004-06-~11": "qualified parts, level 2",
    "[1667,1668,1670..1672]": "lists, level 2",
    "[1760-12..]": "that day or later: level 2, and useless without a last day",
    "{1667,1668}": "all of a set, level 2",
    "0000": "a year 0, which Python's dates do not have",
}


@each(("text", "reason"), UNSUPPORTED.items())
def test_forms_refused_here_are_valid_in_the_standard(text: str, reason: str) -> None:
    parse_edtf(text)  # does not raise
    with pytest.raises(DateError):
        parse(text)


INVALID_IN_BOTH = ["2022-02-30", "2022-13", "2022/2020/2019", "2022-1-5", "07.10.2022", "2022~?"]


@each("text", INVALID_IN_BOTH)
def test_texts_that_the_edtf_package_refuses_are_refused(text: str) -> None:
    with pytest.raises((EDTFParseException, ValueError)):
        package_bounds(text)
    with pytest.raises(DateError):
        parse(text)


# The standard's own examples (loc.gov, EDTF specification of 4 February 2019)

STANDARD = {
    # level 0: date
    "1985-04-12": ("1985-04-12", "1985-04-12"),
    "1985-04": ("1985-04-01", "1985-04-30"),
    "1985": ("1985-01-01", "1985-12-31"),
    # level 0: interval
    "1964/2008": ("1964-01-01", "2008-12-31"),
    "2004-06/2006-08": ("2004-06-01", "2006-08-31"),
    "2004-02-01/2005-02-08": ("2004-02-01", "2005-02-08"),
    "2004-02-01/2005-02": ("2004-02-01", "2005-02-28"),
    "2004-02-01/2005": ("2004-02-01", "2005-12-31"),
    "2005/2006-02": ("2005-01-01", "2006-02-28"),
    # level 1: qualified
    "1984?": ("1984-01-01", "1984-12-31"),
    "2004-06~": ("2004-06-01", "2004-06-30"),
    "2004-06-11%": ("2004-06-11", "2004-06-11"),
    # level 1: unspecified digits from the right
    "201X": ("2010-01-01", "2019-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2004-XX": ("2004-01-01", "2004-12-31"),
    "1985-04-XX": ("1985-04-01", "1985-04-30"),
    "1985-XX-XX": ("1985-01-01", "1985-12-31"),
    # level 1: open and unknown ends
    "1985-04-12/..": ("1985-04-12", None),
    "1985-04/..": ("1985-04-01", None),
    "1985/..": ("1985-01-01", None),
    "../1985-04-12": (None, "1985-04-12"),
    "../1985-04": (None, "1985-04-30"),
    "../1985": (None, "1985-12-31"),
    "1985-04-12/": ("1985-04-12", None),
    "1985-04/": ("1985-04-01", None),
    "1985/": ("1985-01-01", None),
    "/1985-04-12": (None, "1985-04-12"),
    "/1985-04": (None, "1985-04-30"),
    "/1985": (None, "1985-12-31"),
    # level 1: qualified ends
    "1984~/2004-06": ("1984-01-01", "2004-06-30"),
    "1984/2004-06~": ("1984-01-01", "2004-06-30"),
    "1984~/2004~": ("1984-01-01", "2004-12-31"),
    "1984?/2004%": ("1984-01-01", "2004-12-31"),
    "1984-06?/2004-08?": ("1984-06-01", "2004-08-31"),
    "1984-06-02?/2004-08-08~": ("1984-06-02", "2004-08-08"),
    "1984-06-02?/": ("1984-06-02", None),
    # level 2: that day or earlier, one of our two
    "[..1760-12-03]": (None, "1760-12-03"),
}
UNSUPPORTED_EXAMPLES = {
    "1985-04-12T23:20:30": "has a time of day",
    "1985-04-12T23:20:30Z": "has a time of day",
    "1985-04-12T23:20:30-04": "has a time of day",
    "1985-04-12T23:20:30+04:30": "has a time of day",
    "Y170000002": "year of more than four digits",
    "Y-170000002": "year of more than four digits",
    "-1985": "negative year",
    "2001-21": "season",
}


@each(("text", "days"), STANDARD.items())
def test_examples_of_the_standard_have_the_expected_bounds(
    text: str, days: tuple[str | None, str | None]
) -> None:
    assert bounds(text) == days


@each(("text", "words"), UNSUPPORTED_EXAMPLES.items())
def test_unsupported_examples_of_the_standard_are_refused_with_their_reason(
    text: str, words: str
) -> None:
    with pytest.raises(DateError, match=words):
        parse(text)


# Attributes of a date


@each(
    ("text", "precision"),
    [
        *(("2022-10-07", "day"), ("2022-10-07~", "day"), ("2022-10", "month")),
        *(("2022-10-XX", "month"), ("2022", "year"), ("2022-XX", "year"), ("2022-XX-XX", "year")),
        *(("202X", "decade"), ("20XX", "century"), ("2022/2023", None), ("[..2022]", None)),
    ],
)
def test_precision_is_that_of_the_known_digits(text: str, precision: str | None) -> None:
    assert parse(text).precision == precision


@each(
    ("text", "approximate", "uncertain"),
    [
        *(("2022", False, False), ("2022~", True, False), ("2022?", False, True)),
        *(("2022%", True, True), ("2022-XX?", False, True), ("20XX~", True, False)),
        *(("2022~/2023", True, False), ("2022/2023?", False, True), ("2022~/2023?", True, True)),
        *(("2022%/..", True, True), ("2022/", False, False), ("[2022..2023]", False, False)),
    ],
)
def test_qualifiers_set_approximate_and_uncertain(
    text: str, approximate: bool, uncertain: bool
) -> None:
    parsed = parse(text)
    assert (parsed.approximate, parsed.uncertain) == (approximate, uncertain)
    assert parsed.qualified == any(mark in text for mark in "~?%")


@given(ANY)
def test_only_a_full_date_without_qualifier_is_exact(text: str) -> None:
    assert parse(text).exact == bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text))


@given(ANY)
def test_qualifiers_do_not_change_the_bounds(text: str) -> None:
    assert bounds(text) == bounds(re.sub("[~?%]", "", text))


@given(QUALIFIED, QUALIFIED)
def test_interval_keeps_both_dates_as_written(one: str, other: str) -> None:
    first, last = sorted((one, other))
    parsed = parse(f"{first}/{last}")
    assert (parsed.starts, parsed.ends) == (parse(first), parse(last))
    assert (parse(f"{first}/..").ends, parse(f"/{last}").starts) == (None, None)


@given(ANY)
def test_earliest_day_is_never_after_the_latest(text: str) -> None:
    parsed = parse(text)
    assert parsed.text == text
    assert parsed.earliest or parsed.latest
    assert (parsed.earliest or date.min) <= (parsed.latest or date.max)


@each(
    ("text", "year"),
    [("2022/2023", 2022), ("[..2026-11-21]", 2026), ("../1985", 1985), ("20XX", 2000)],
)
def test_year_is_that_of_the_earliest_day_or_else_of_the_latest(text: str, year: int) -> None:
    assert parse(text).year == year


def test_dates_sort_by_earliest_then_latest_day_with_open_ends_last() -> None:
    in_order = ["[..2019-05]", "2021", "2022-10-07", "2022-10-07/2022-10-08", "2022-10-07/.."]
    in_order += ["2022-10-08", "[..2022-10-09]", "2022-10-09/2022-10-10"]
    keys = [parse(text).sort_key for text in in_order]
    assert all(one < other for one, other in pairwise(keys))


@given(st.lists(ANY, min_size=3, max_size=3))
def test_sort_order_is_total(texts: list[str]) -> None:
    one, two, three = sorted(parse(text).sort_key for text in texts)
    assert one <= two <= three
    assert one <= three


@given(ANY)
def test_a_date_from_the_cache_equals_one_that_is_not(text: str) -> None:
    assert read(text) == read.__wrapped__(text)


# Widening


@each(
    ("text", "earliest", "latest"),
    [
        ("2022-10-07", "2022-10-07", "2022-10-07"),
        ("2022-10-07~", "2022-09-06", "2022-11-07"),
        ("2022-10-07?", "2022-09-06", "2022-11-07"),
        ("2022-10-07%", "2022-09-06", "2022-11-07"),
        ("2022-10~", "2021-10-01", "2023-10-31"),
        ("2023-02~", "2022-02-01", "2024-02-29"),
        ("2024-02-XX?", "2023-02-01", "2025-02-28"),
        ("2022~", "2012-01-01", "2032-12-31"),
        ("2022-XX-XX~", "2012-01-01", "2032-12-31"),
        ("202X~", "1920-01-01", "2129-12-31"),
        ("19XX~", "0900-01-01", "2999-12-31"),
        ("2022~/2023", "2012-01-01", "2023-12-31"),
        ("2022/2023-05-03?", "2022-01-01", "2023-06-03"),
        ("2022/2023", "2022-01-01", "2023-12-31"),
        ("2022~/..", "2012-01-01", None),
        ("/2023~", None, "2033-12-31"),
        ("[..2023]", None, "2023-12-31"),
        ("[2022..2023]", "2022-01-01", "2023-12-31"),
        ("0001-01-01~", "0001-01-01", "0001-02-01"),
        ("9999-12-31~", "9999-11-30", "9999-12-31"),
        ("9999~", "9989-01-01", "9999-12-31"),
        ("9998-12~", "9997-12-01", "9999-12-31"),
        ("00XX?", "0001-01-01", "1099-12-31"),
    ],
)
def test_qualified_date_is_widened_by_the_next_unit(
    text: str, earliest: str | None, latest: str | None
) -> None:
    assert widen(parse(text)) == (day(earliest), day(latest))


@given(ANY)
def test_widened_range_contains_the_original(text: str) -> None:
    parsed = parse(text)
    earliest, latest = widen(parsed)
    assert (earliest or date.min) <= (parsed.earliest or date.min)
    assert (latest or date.max) >= (parsed.latest or date.max)
    assert parsed.qualified or (earliest, latest) == (parsed.earliest, parsed.latest)


# Invalid dates

REFUSED = {
    "2022-10-07T10:00": ("time of day", "Write 2022-10-07 instead"),
    "2022-10-07 10:00": ("time of day", "Write 2022-10-07 instead"),
    "2022-21": ("season", "the year, 2022"),
    "2022-41": ("season", "[2022-03..2022-05]"),
    "2022-42": ("the month 42", "01 to 12"),
    "2022-13-01": ("the month 13", "Is it 2022-01-13?"),
    "2022-13-13": ("the month 13", "01 to 12"),
    "2022-00-05": ("the month 00", "01 to 12"),
    "2022-13-XX": ("the month 13", "01 to 12"),
    "-0100": ("negative year", "0001 to 9999"),
    "Y12022": ("more than four digits", "0001 to 9999"),
    "19E2": ("exponent", "four digits"),
    "1950S2": ("significant digits", "195X"),
    "2022-02-30": ("February 2022 has 28 days", "01 to 28, or 2022-02"),
    "2024-02-30~": ("February 2024 has 29 days", "01 to 29, or 2024-02"),
    "1900-02-29": ("February 1900 has 28 days", "01 to 28"),
    "2000-02-30": ("February 2000 has 29 days", "01 to 29"),
    "0000": ("year 0000", "0001"),
    "0000-XX": ("year 0000", "0001"),
    "0000-10-07": ("year 0000", "0001"),
    "2022-1-5": ("two digits", "Write 2022-01-05 instead"),
    "2022-5": ("two digits", "Write 2022-05 instead"),
    "2022/10/07": ("hyphens", "Write 2022-10-07 instead"),
    "20221007": ("hyphens", "Write 2022-10-07 instead"),
    "202210": ("hyphens", "Write 2022-10 instead"),
    "07.10.2022": ("year last", "Write 2022-10-07 instead"),
    "07/10/2022": ("two ways", "2022-10-07 for 7 October 2022 or 2022-07-10 for 10 July 2022"),
    "10-07-2022": ("two ways", "2022-07-10 for 10 July 2022 or 2022-10-07 for 7 October 2022"),
    "13/10/2022": ("year last", "Write 2022-10-13 instead"),
    "10/13/2022": ("year last", "Write 2022-10-13 instead"),
    "10-10-2022": ("year last", "Write 2022-10-10 instead"),
    "99/99/2022": ("one slash", "Write 2025-04-07/2025-04-08"),
    "07.10.22": ("two digits", "four digits"),
    "10.2022": ("month before the year", "Write 2022-10 instead"),
    "10/2022": ("month before the year", "Write 2022-10 instead"),
    "October 2022": ("in words", "Write 2022-10 instead"),
    "7 Oct 2022": ("in words", "Write 2022-10-07 instead"),
    "Friday, October 7, 2022": ("in words", "Write 2022-10-07 instead"),
    "Fri 7 October 2022": ("in words", "Write 2022-10-07 instead"),
    "Friday, February 31, 2022": ("not a valid EDTF date", "2022-10-07"),
    "Monday, October 7, 2022": ("not a valid EDTF date", "2022-10-07"),
    "10.13.2022": ("year last", "Write 2022-10-13 instead"),
    "c. 2022": ("word for “about”", "Write 2022~ instead"),
    "circa 2022-10": ("word for “about”", "Write 2022-10~ instead"),
    "c. spring": ("not a valid EDTF date", "2022-10-07"),
    "October 7th, 2022": ("in words", "Write 2022-10-07 instead"),
    "Oktober 2022": ("not a valid EDTF date", "Write 2022-10-07, 2022-10 or 2022"),
    "2022 Oct 7": ("in words", "Write 2022-10-07 instead."),
    "7 octobre 2022": ("in words", "Write 2022-10-07 instead."),
    "1er août 2022": ("in words", "Write 2022-08-01 instead."),
    "3-5 January 2025": ("a slash", "Write 2025-01-03/2025-01-05 instead, if the source"),
    "January 3–5, 2025": ("a slash", "Write 2025-01-03/2025-01-05 instead, if the source"),
    "2025-01-03 to 2025-01-05": ("a slash", "Write 2025-01-03/2025-01-05 instead, if"),
    "from 30 January to 2 February 2025": ("a slash", "Write 2025-01-30/2025-02-02 instead, if"),
    "5-3 January 2025": ("not a valid EDTF date", "2022-10-07"),
    "early January 2025": ("a part of a month", "Write 2025-01~ instead, if the source"),
    "mid-2025": ("a part of a month or year", "Write 2025~ instead, if the source"),
    "early or late 2025": ("not a valid EDTF date", "2022-10-07"),
    "2022-10-00": ("00", "Write 2022-10 instead"),
    "2022-00-00": ("00", "Write 2022 instead"),
    "../..": ("neither start nor end", "at least one"),
    "/": ("neither start nor end", "at least one"),
    "2022/2020": ("ends before it begins", "2020/2022"),
    "2022/23": ("too few digits", "Write 2022/2023."),
    "2009/10": ("too few digits", "2009-10 or 2009/2010"),
    "2022/13": ("is not valid", "2022-10"),
    "2020/2021/2022": ("more than one slash", "one slash"),
    "2022-02-30/2022-03": ("February 2022 has 28 days", "2022-02"),
    "2022-03/2022-3-9": ("two digits", "2022-03-09"),
    "202X/2025": ("unspecified digits", "a year for 202X"),
    "2004-06-XX/2004-07": ("unspecified digits", "Write 2004-06 for 2004-06-XX"),
    "2022/[..2023]": ("more than a single date", "one interval or one set"),
    "2019/open": ("word for an open end", "Write 2019/.. instead"),
    "2019/unknown": ("word for an unknown end", "Write 2019/ instead"),
    "unknown/2019": ("word for an unknown end", "Write /2019 instead"),
    "unknown": ("not a valid EDTF date", "[..2026-11-21]"),
    "2022-10-07..2022-10-09": ("two dates", "[2022-10-07..2022-10-09] if it was on one day"),
    "2022-2023": ("two dates", "2022/2023 if it lasted"),
    "2023-2022": ("not a valid EDTF date", "2022-10-07"),
    "[2022..2020]": ("ends before it begins", "[2020..2022]"),
    "[2019..]": ("no last day", "[2019..2026-11-21]"),
    "[..]": ("no last day", "2026-11-21"),
    "[2019": ("not a complete set", "[2025-12-22..2025-12-23]"),
    "[2019..2020": ("not a complete set", "[2025-12-22..2025-12-23]"),
    "[2019..2020)": ("not a complete set", "[2025-12-22..2025-12-23]"),
    "[2019..2020~]": ("qualifier in a set", "Write [2019..2020] instead"),
    "[2019,2021]": ("lists dates", "[first..last]"),
    "[2019..2020-13]": ("the month 13", "01 to 12"),
    "[2019-02-XX..2020]": ("unspecified digits", "Write 2019-02 for"),
    "[2019~..2020]": ("qualifier in a set", "Write [2019..2020] instead"),
    "[2019..2020]~": ("qualifier in a set", "Write [2019..2020] instead"),
    "[2019]": ("set of one date", "Write 2019 instead"),
    "{2019,2021}": ("several dates", "a/b"),
    "2022-?10": ("qualifier that is not at its end", "Write 2022-10? instead"),
    "~2022": ("qualifier that is not at its end", "Write 2022~ instead"),
    "2022?-10~": ("qualifier that is not at its end", "Write 2022-10% instead"),
    "2022~~": ("qualifier that is not at its end", "Write 2022~ instead"),
    "1XXX": ("an X that is not at its end", "202X"),
    "2022-XX-07": ("an X that is not at its end", "2022-XX-XX"),
    "202x": ("lower-case", "Write 202X instead"),
    "198u": ("lower-case", "Write 198X instead"),
    "２０２２": ("look like digits or hyphens", "Write 2022 instead"),
    "٢٠٢٢-١٠": ("look like digits or hyphens", "Write 2022-10 instead"),
    "2022–10–07": ("hyphen", "Write 2022-10-07 instead"),
    " 2022": ("space or line break", "Write 2022 instead"),
    "2022-10-07\n": ("space or line break", "Write 2022-10-07 instead"),
    "2019 / 2020": ("spaces", "Write 2019/2020 instead"),
    "2022-W40-5": ("not a valid EDTF date", "2022-10-07"),
    "2022-280": ("not a valid EDTF date", "2022-10-07"),
    "": ("not a valid EDTF date", "2022-10-07"),
    "soon": ("not a valid EDTF date", "2022-10-07"),
}


@each(("text", "expected"), REFUSED.items())
def test_invalid_date_has_a_message_and_a_hint(text: str, expected: tuple[str, str]) -> None:
    with pytest.raises(DateError) as caught:
        parse(text)
    words, hint = expected
    assert f"“{text.replace(chr(10), chr(92) + 'n')}”" in caught.value.message
    assert words in caught.value.message
    assert hint in caught.value.hint
    assert str(caught.value) == caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith((".", "?"))


@each("text", [text for text, (_, hint) in REFUSED.items() if hint.endswith(" instead")])
def test_date_suggested_by_a_hint_is_valid(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse(text)
    parse(caught.value.hint.removeprefix("Write ").removesuffix(" instead."))


@each("text", ["“2022-10-07”", "'2022-10-07'", "«2022-10-07»"])
def test_message_on_quotation_marks_does_not_quote_the_date_again(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse(text)
    assert caught.value.message.startswith(f"{text} has quotation marks")
    assert caught.value.instead == "2022-10-07"
    assert caught.value.sure


def test_message_escapes_invisible_characters_and_truncates_long_texts() -> None:
    with pytest.raises(DateError) as caught:
        parse("\u202e2022\x1b")
    assert caught.value.message.isprintable()
    with pytest.raises(DateError) as caught:
        parse("2022-" * 50_000)
    assert "too long" in caught.value.message
    assert len(caught.value.message) < 150


SIMILAR_TEXTS = st.text("0123456789-/.[]~?%XTYES uO,{}", max_size=24)


@settings(max_examples=20 * settings.default.max_examples)
@given(st.text() | SIMILAR_TEXTS)
@example("\ud800")
@example("²022")
@example("[../..]")
@example("[[2022..2023]..2024]")
@example("/..2022")
def test_any_text_is_parsed_or_raises_date_error(text: str) -> None:
    result = attempt(parse, text)
    if isinstance(result, DateError):
        assert result.hint
        assert result.message.endswith(".")
        assert result.message.isprintable()
    else:
        assert text.isascii()
        assert result.text == text


@given(ANY, st.integers(0, 30), st.sampled_from("0123456789-/.[]~?%X "))
def test_date_with_an_inserted_character_is_never_misread(text: str, at: int, char: str) -> None:
    typo = text[:at] + char + text[at:]
    assume(typo != text)
    result = attempt(parse, typo)
    if isinstance(result, Edtf):
        digits = re.findall("[0-9]{4}", typo)
        years = [end.year for end in (result.earliest, result.latest) if end]
        assert not digits or {f"{year:04}" for year in years} <= set(digits)


# Durations


@each(
    ("text", "months", "days"),
    [
        *(("P5Y", 60, 0), ("P18M", 18, 0), ("P2Y6M", 30, 0), ("P90D", 0, 90), ("P4W", 0, 28)),
        *(("P1Y2M3D", 14, 3), ("P1Y3D", 12, 3), ("P0Y6M", 6, 0)),
    ],
)
def test_duration_has_months_and_days(text: str, months: int, days: int) -> None:
    parsed = duration(text)
    assert (parsed.text, parsed.months, parsed.days) == (text, months, days)


@each(
    ("text", "words", "hint"),
    [
        ("PT36H", "hours or minutes", "P90D"),
        ("P1DT2H", "hours or minutes", "P90D"),
        ("P1.5Y", "fraction", "P18M"),
        ("P1,5Y", "fraction", "P18M"),
        ("P0Y", "no length", "P5Y"),
        ("P", "not a valid ISO 8601 duration", "P5Y"),
        ("P5", "not a valid ISO 8601 duration", "P5Y"),
        ("P6M5Y", "not a valid ISO 8601 duration", "P2Y6M"),
        ("P-5Y", "not a valid ISO 8601 duration", "P5Y"),
        ("P٥Y", "not a valid ISO 8601 duration", "P5Y"),
        ("P5Y\n", "not a valid ISO 8601 duration", "P5Y"),
        ("p5y", "lower case", "Write P5Y."),
        ("5 years", "not a valid ISO 8601 duration", "Write P5Y."),
        ("18 Months", "not a valid ISO 8601 duration", "Write P18M."),
        ("five years", "not a valid ISO 8601 duration", "P5Y"),
        ("P" + "9" * 5000 + "Y", "not a valid ISO 8601 duration", "P5Y"),
    ],
)
def test_invalid_duration_has_a_message_and_a_hint(text: str, words: str, hint: str) -> None:
    with pytest.raises(DateError) as caught:
        duration(text)
    assert text[:50].strip() in caught.value.message
    assert words in caught.value.message
    assert hint in caught.value.hint


@given(st.text() | st.text("P0123456789YMWDT.,", max_size=12))
def test_any_text_is_a_duration_or_raises_date_error(text: str) -> None:
    result = attempt(duration, text)
    if isinstance(result, DateError):
        assert result.hint
    else:
        assert result.months + result.days > 0


@each(
    ("start", "text", "end"),
    [
        ("2020-01-31", "P1M", "2020-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2020-12-15", "P1M", "2021-01-15"),
        ("2020-01-31", "P1M1D", "2020-03-01"),
        ("2020-01-01", "P90D", "2020-03-31"),
        ("9999-06-01", "P1Y", "9999-12-31"),
        ("9999-12-31", "P1D", "9999-12-31"),
    ],
)
def test_sum_is_clipped_to_the_last_day_of_the_month_and_to_year_9999(
    start: str, text: str, end: str
) -> None:
    assert add(date.fromisoformat(start), duration(text)) == date.fromisoformat(end)


@given(DAYS, st.integers(1, 99999))
def test_days_are_added_as_days(start: date, count: int) -> None:
    assert add(start, duration(f"P{count}D")) == start + timedelta(count)


@given(DAYS, st.integers(1, 400))
def test_months_are_added_and_the_day_is_kept_if_it_exists(start: date, count: int) -> None:
    end = add(start, duration(f"P{count}M"))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


def test_valid_dates_do_not_import_the_module_of_error_messages() -> None:
    script = (
        "import sys\n"
        "from healthcoop.model import dates\n"
        "dates.parse('[2020-01-01..2020-02-03]'), dates.duration('P5Y')\n"
        "print('healthcoop.model.date_errors' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]
