"""How links between instruments limit the days they are in force, and how reasons describe it."""

from collections.abc import Sequence
from datetime import date

import pytest

from healthcoop.model import succession
from healthcoop.model.record import Link, Party, Record, Terms
from healthcoop.model.status import Status, in_force
from healthcoop.model.succession import Instrument, bounds
from tests.cases import each

FOUR = ("AZ", "TR", "GB", "CU")


def instrument(
    ident: str, *links: tuple[str, str | None], codes: Sequence[str] = FOUR, **terms: str
) -> Record:
    """An agreement of the first day of the year that its id begins with."""
    return Record(
        id=ident,
        type="agreement",
        date=f"{ident[:4]}-01-01",
        parties=tuple(Party(country=code) for code in codes),
        terms=Terms(**terms) if terms else None,
        links=tuple(Link(rel=rel, record=target) for rel, target in links),
    )


def status(day: str, record: Record, *others: Record, party: str | None = None) -> Status:
    """Return the status of a record among others, as the index computes it."""
    every = {each.id: each for each in (record, *others)}
    links = [
        (each.id, link.rel, link.record if link.record in every else None)
        for each in every.values()
        for link in each.links
    ]
    limits = bounds({key: Instrument.of(each) for key, each in every.items()}, links)
    return in_force(record, date.fromisoformat(day), party=party, links=limits.get(record.id))


CHECKED = {"in_force": "2000-05-01", "ended": "none", "checked": "2020-06-01"}
LAPSES = {"in_force": "2000-05-01", "term": "P10Y", "renewal": "none"}


@each(
    ("day", "linked", "answer", "reason"),
    [
        (
            "2012-01-01",
            instrument("2008-new", ("supersedes", "2000-old"), in_force="2008-03"),
            "no",
            "not in force after 2008-03-31; "
            "superseded by 2008-new (in force from a day between 2008-03-01 and 2008-03-31); "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            "2012-01-01",
            instrument("2008-new", ("supersedes", "2000-old")),
            "possible",
            "certain only up to 2007-12-31; "
            "superseded by 2008-new (dated 2008-01-01, no entry into force stated); "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            "2012-01-01",
            instrument("2008-new", ("supersedes", "2000-old"), codes=("AZ", "TR", "GB")),
            "possible",
            "certain only up to 2007-12-31; "
            "superseded for some of its parties by 2008-new "
            "(dated 2008-01-01, no entry into force stated); "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            "2012-01-01",
            instrument("2008-notice", ("terminates", "2000-old"), in_force="2008-03-01"),
            "no",
            "not in force after 2008-03-01; terminated by 2008-notice (in force from 2008-03-01); "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            "2012-01-01",
            instrument("2008-new", ("renews", "2000-old"), in_force="2008-03-01"),
            "certain",
            "in force from 2000-05-01; renewed by 2008-new (in force from 2008-03-01); "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            "2012-01-01",
            instrument("2008-new", ("amends", "2000-old"), in_force="2008-03-01"),
            "certain",
            "in force from 2000-05-01; no end is stated, last checked 2020-06-01",
        ),
    ],
)
def test_reason_names_the_linking_record_and_its_entry_into_force(
    day: str, linked: Record, answer: str, reason: str
) -> None:
    assert status(day, instrument("2000-old", **CHECKED), linked) == Status(
        date.fromisoformat(day), answer, reason
    )


ENDED = instrument("2000-old", in_force="2000-05-01", ended="2011")


def test_reason_of_an_amendment_names_the_amended_instrument_and_its_end() -> None:
    amendment = instrument("2003-change", ("amends", "2000-old"), in_force="2003-05-01")
    assert status("2012-01-01", amendment, ENDED) == Status(
        date(2012, 1, 1),
        "no",
        "not in force after 2011-12-31; it amends 2000-old, which ended by 2011-12-31",
    )


def test_amendment_that_was_checked_for_an_end_does_not_end_with_what_it_amends() -> None:
    checked = instrument("2003-change", ("amends", "2000-old"), **CHECKED)
    assert status("2012-01-01", checked, ENDED) == Status(
        date(2012, 1, 1),
        "certain",
        "in force from 2000-05-01; no end is stated, last checked 2020-06-01",
    )
    assert status("2021-01-01", checked, ENDED).answer == "possible"


def test_amendment_of_an_amendment_that_was_checked_for_an_end_does_not_end_either() -> None:
    checked = instrument("2003-change", ("amends", "2000-old"), **CHECKED)
    second = instrument("2005-change", ("amends", "2003-change"), in_force="2005-05-01")
    assert status("2012-01-01", second, checked, ENDED).answer == "possible"


def test_amendment_that_supersedes_what_it_amends_does_not_end_with_it() -> None:
    links = (("amends", "2000-old"), ("supersedes", "2000-old"))
    amendment = instrument("2003-change", *links, in_force="2003-05-01")
    old = instrument("2000-old", **CHECKED)
    assert status("2012-01-01", old, amendment).answer == "no"
    assert status("2012-01-01", amendment, old).answer == "possible"


def test_instrument_renewed_in_time_lasts_as_long_as_its_chain_of_renewals() -> None:
    old = instrument("2000-old", **LAPSES)
    first = instrument("2010-first", ("renews", "2000-old"), **LAPSES | {"in_force": "2010-05-01"})
    second = instrument(
        "2020-second", ("renews", "2010-first"), **LAPSES | {"in_force": "2020-05-01"}
    )
    last = "renewed by 2010-first (in force from 2010-05-01); "
    last += "its term of 10 years ends on 2010-05-01; no renewal is foreseen"
    assert status("2011-01-01", old).answer == "no"
    assert status("2011-01-01", old, first) == Status(
        date(2011, 1, 1), "possible", f"certain only up to 2010-04-30; {last}"
    )
    assert status("2021-01-01", old, first).answer == "no"
    assert status("2021-01-01", old, first, second).answer == "possible"
    assert status("2031-01-01", old, first, second).answer == "no"


def test_reason_mentions_a_gap_before_a_renewal() -> None:
    old = instrument("2000-old", **LAPSES)
    late = instrument("2012-late", ("renews", "2000-old"), in_force="2012-05-01")
    assert status("2013-01-01", old, late) == Status(
        date(2013, 1, 1),
        "no",
        "not in force after 2010-05-01; renewed after a gap by 2012-late "
        "(in force from 2012-05-01); its term of 10 years ends on 2010-05-01; "
        "no renewal is foreseen",
    )


def test_two_renewals_of_one_instrument_form_a_chain() -> None:
    old = instrument("2000-old", **LAPSES)
    renewals = [
        instrument(
            f"{year}-again", ("renews", "2000-old"), **LAPSES | {"in_force": f"{year}-05-01"}
        )
        for year in (2020, 2010)
    ]
    assert status("2025-01-01", old, *renewals).answer == "possible"
    assert status("2025-01-01", old, renewals[0]).answer == "no"


def test_superseded_renewal_prolongs_nothing() -> None:
    old = instrument("2000-old", **LAPSES)
    renewal = instrument(
        "2010-again", ("renews", "2000-old"), **LAPSES | {"in_force": "2010-05-01"}
    )
    new = instrument("2015-new", ("supersedes", "2010-again"), in_force="2015-05-01")
    assert status("2014-01-01", old, renewal, new).answer == "possible"
    assert status("2016-01-01", old, renewal, new).answer == "no"


def test_cycle_of_links_terminates() -> None:
    one = instrument("2000-one", ("renews", "2001-two"), ("amends", "2001-two"), **LAPSES)
    two = instrument("2001-two", ("renews", "2000-one"), ("amends", "2000-one"), **LAPSES)
    assert status("2005-01-01", one, two).answer == "possible"
    assert status("2015-01-01", one, two).answer == "no"


def test_work_on_a_chain_of_amendments_does_not_grow_with_its_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day, number = date(2000, 1, 1), 500
    network = {
        key: Instrument(str(key), "2000", (day, day), None, None, frozenset("AB"))
        for key in range(number)
    }
    links = [(key, "amends", key - 1) for key in range(1, number)]
    calls = []
    limited = succession._Network._limited
    monkeypatch.setattr(
        succession._Network, "_limited", lambda *args: calls.append(args) or limited(*args)
    )
    monkeypatch.setattr(succession, "_LONGEST_CHAIN", 10)
    bounds(network, links)
    assert len(calls) <= 11 * number


def test_amendment_of_two_instruments_outlasts_one_of_them() -> None:
    amendment = instrument("2003-change", ("amends", "2000-a"), ("amends", None), **CHECKED)
    old = instrument("2000-a", in_force="2000-05-01", ended="2011")
    assert status("2012-01-01", amendment, old).answer == "certain"


@each(
    ("party", "day", "answer", "words"),
    [
        ("GB", "2014-01-01", "no", "not in force after 2013-01-01; "),
        ("AZ", "2014-01-01", "possible", "certain only up to 2012-12-31; "),
        (None, "2014-01-01", "possible", "certain only up to 2012-12-31; "),
    ],
)
def test_reason_names_the_party_that_left_a_bilateral_instrument(
    party: str | None, day: str, answer: str, words: str
) -> None:
    old = Record(
        date="2000-01-01",
        parties=(Party(country="AZ"), Party(country="GB", left="2013-01-01")),
        terms=Terms(**CHECKED),
    )
    reason = f"{words}no end is stated, last checked 2020-06-01; GB left 2013-01-01"
    assert status(day, old, party=party) == Status(date.fromisoformat(day), answer, reason)


def test_reason_counts_many_parties_that_left() -> None:
    parties = tuple(Party(country=code, left="2013") for code in FOUR)
    record = Record(date="2000-01-01", parties=(*parties, Party(country="DE")))
    assert status("2014-01-01", record).reason.endswith("; 4 of its 5 parties left")


@each(("begins", "answer"), [("2010-05-02", "possible"), ("2010-05-03", "no")])
def test_renewal_in_time_begins_by_the_day_after_the_last_day(begins: str, answer: str) -> None:
    renewal = instrument("2010-again", ("renews", "2000-old"), in_force=begins)
    assert status("2012-01-01", instrument("2000-old", **LAPSES), renewal).answer == answer
