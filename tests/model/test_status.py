"""Whether an instrument is in force on a day, and why: one case after the other."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from healthcoop.model.dates import Days
from healthcoop.model.record import Party, Record, Terms
from healthcoop.model.status import Bounds, entry_into_force, in_force, span
from healthcoop.model.succession import Instrument, bounds
from tests.cases import each
from tests.naive.in_force import CERTAIN, NO, POSSIBLE


def instrument(signed: str = "2000-01-01", *parties: Party, **terms: str) -> Record:
    """Return an agreement, of AZ and CU by default; without ``terms`` it has none."""
    return Record(
        id="2000-az-cu-agreement",
        type="agreement",
        date=signed,
        parties=parties or (Party(country="AZ"), Party(country="CU")),
        terms=Terms(**terms) if terms else None,
    )


def each_in_force(*days: str | None) -> tuple[Party, ...]:
    return tuple(Party(country=code, in_force=day) for code, day in zip("ABCD", days, strict=False))


def superseded(record: Record, successors: Iterable[Days]) -> Bounds | None:
    """Return the limits set by successors of the same parties with these entries into force."""
    old = Instrument.of(record)
    new = [
        Instrument(f"by-{at}", "2010", begins, None, None, old.parties)
        for at, begins in enumerate(successors)
    ]
    links = [(other.id, "supersedes", old.id) for other in new]
    return bounds({each.id: each for each in (old, *new)}, links).get(old.id)


class Case(NamedTuple):
    """One case of the table: the instrument, and the answer on some days."""

    name: str
    record: Record
    answers: dict[str, str]
    party: str | None = None
    ended_by: tuple[Days, ...] = ()


NONE = {"ended": "none", "checked": "2020-06-01"}
TWO = each_in_force(None, None)
FIVE = {"in_force": "2000-05-01", "term": "P5Y"}
SINCE = {"in_force": "2000-05-01"}
LATER = (date(2010, 3, 1), date(2010, 9, 1))

TABLE = [
    # no: before the earliest possible start
    Case(
        "without terms it is possible from its date on",
        instrument("2000-01-01"),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "a date known by year begins with the year",
        instrument("2000"),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE},
    ),
    Case(
        "a qualified date is widened: no only before the widened range",
        instrument("2000-03-15~"),
        {"2000-02-12": NO, "2000-02-13": POSSIBLE, "2000-03-15": POSSIBLE},
    ),
    Case(
        "a date on one of two days begins with the first",
        instrument("[2000-03-15..2000-03-16]"),
        {"2000-03-14": NO, "2000-03-15": POSSIBLE},
    ),
    Case(
        "a date without earliest day leaves every earlier day possible",
        instrument("[..2000-03-15]"),
        {"1900-01-01": POSSIBLE, "2000-03-16": POSSIBLE},
    ),
    Case(
        "terms.in_force takes precedence over the date",
        instrument("2000-01-01", in_force="2000-05-01"),
        {"2000-04-30": NO, "2000-05-01": POSSIBLE},
    ),
    Case(
        "terms.in_force takes precedence over the date even if it is earlier",
        instrument("2000-01-01", in_force="1999-05-01"),
        {"1999-04-30": NO, "1999-05-01": POSSIBLE},
    ),
    Case(
        "terms.in_force unknown: the date is the start",
        instrument("2000-01-01", in_force="unknown", **NONE),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "terms.in_force of a month is possible through it and certain on its last day",
        instrument(in_force="2000-05", **NONE),
        {"2000-04-30": NO, "2000-05-01": POSSIBLE, "2000-05-30": POSSIBLE, "2000-05-31": CERTAIN},
    ),
    Case(
        "terms.in_force of an uncertain month is widened by a year",
        instrument(in_force="2000-05?", **NONE),
        {"1999-04-30": NO, "1999-05-01": POSSIBLE, "2001-05-30": POSSIBLE, "2001-05-31": CERTAIN},
    ),
    Case(
        "terms.in_force of an approximate year is widened by ten",
        instrument(in_force="2000~", **NONE),
        {"1989-12-31": NO, "1990-01-01": POSSIBLE, "2010-12-30": POSSIBLE, "2010-12-31": CERTAIN},
    ),
    Case(
        "terms.in_force without earliest day: the date is the earliest",
        instrument("2000-01-01", in_force="[..2000-05-01]", **NONE),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2000-05-01": CERTAIN},
    ),
    Case(
        "terms.in_force without earliest day, before the date: its latest is the earliest",
        instrument("2000-01-01", in_force="[..1999-05-01]", **NONE),
        {"1999-04-30": NO, "1999-05-01": CERTAIN},
    ),
    Case(
        "terms.in_force that is an interval starts with it and may end with it",
        instrument(in_force="2000-05-01/2009-08", **NONE),
        {
            "2000-04-30": NO,
            "2000-05-01": CERTAIN,
            "2009-07-31": CERTAIN,
            "2009-08-01": POSSIBLE,
            "2030-01-01": POSSIBLE,
        },
    ),
    Case(
        "terms.in_force that is an open interval is its start",
        instrument(in_force="2000-05-01/..", **NONE),
        {"2000-04-30": NO, "2000-05-01": CERTAIN, "2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
    ),
    Case(
        "terms.in_force that is an interval without start states no start",
        instrument("2000-01-01", in_force="../2009-08-01"),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2009-07-31": POSSIBLE, "2009-08-02": POSSIBLE},
    ),
    Case(
        "terms.in_force that cannot be parsed makes nothing certain",
        instrument("2000-01-01", in_force="in spring", **NONE),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "a date that cannot be parsed excludes nothing",
        instrument("the day after", ended="2010-01-01"),
        {"1900-01-01": POSSIBLE, "2010-01-02": NO},
    ),
    # provisional application
    Case(
        "applied provisionally before it entered into force: possible between",
        instrument("2000-01-01", provisional="2000-03-01", **SINCE, **NONE),
        {"2000-02-29": NO, "2000-03-01": POSSIBLE, "2000-04-30": POSSIBLE, "2000-05-01": CERTAIN},
    ),
    Case(
        "applied provisionally, no entry into force stated: possible from then on",
        instrument("2000-01-01", provisional="2000-03-01", **NONE),
        {"2000-02-29": NO, "2000-03-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "applied provisionally from a day without earliest: possible from the date",
        instrument("2000-01-01", provisional="[..2000-03-01]", **SINCE),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE},
    ),
    Case(
        "applied provisionally later than in force: the earlier counts",
        instrument("2000-01-01", provisional="2001-03-01", **SINCE, **NONE),
        {"2000-04-30": NO, "2000-05-01": CERTAIN},
    ),
    Case(
        "not yet in force when checked: no up to the check, possible after it",
        instrument("2000-01-01", in_force="none", **NONE),
        {"2000-01-01": NO, "2020-06-01": NO, "2020-06-02": POSSIBLE},
    ),
    Case(
        "not yet in force when checked in a month: no up to its first day",
        instrument("2000-01-01", in_force="none", checked="2020-06"),
        {"2020-06-01": NO, "2020-06-02": POSSIBLE},
    ),
    Case(
        "not yet in force, without the day of the check: possible from the date",
        instrument("2000-01-01", in_force="none"),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE},
    ),
    Case(
        "not yet in force when checked, applied provisionally: possible",
        instrument("2000-01-01", in_force="none", provisional="2000-03-01", **NONE),
        {"2000-02-29": NO, "2000-03-01": POSSIBLE, "2020-06-02": POSSIBLE},
    ),
    Case(
        "not yet in force as a whole outweighs the sides' in_force",
        instrument(
            "2000-01-01", *each_in_force("2000-03-01", "2000-03-01"), in_force="none", **NONE
        ),
        {"2000-03-01": NO, "2020-06-02": POSSIBLE},
    ),
    # certain: from the latest stated start
    Case(
        "in_force and a checked absence of an end are certain up to the check",
        instrument(**SINCE, **NONE),
        {
            "2000-04-30": NO,
            "2000-05-01": CERTAIN,
            "2020-06-01": CERTAIN,
            "2020-06-02": POSSIBLE,
            "2100-01-01": POSSIBLE,
        },
    ),
    Case(
        "the date alone is no stated start",
        instrument(**NONE),
        {"2000-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "every side's in_force is a stated start: possible from the first, certain from the last",
        instrument("2000-01-01", *each_in_force("2000-03-01", "2001-02"), **NONE),
        {"2000-02-29": NO, "2000-03-01": POSSIBLE, "2001-02-27": POSSIBLE, "2001-02-28": CERTAIN},
    ),
    Case(
        "one of two sides without in_force: possible from the other's",
        instrument("2000-01-01", *each_in_force("2000-03-01", None), **NONE),
        {"2000-02-29": NO, "2000-03-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "one of three sides without in_force: possible from the date",
        instrument("2000-01-01", *each_in_force("2000-03-01", "2000-03-01", None), **NONE),
        {"1999-12-31": NO, "2000-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
    ),
    Case(
        "one party with in_force unknown leaves the start unstated",
        instrument("2000-01-01", *each_in_force("2000-03-01", "unknown"), **NONE),
        {"2010-01-01": POSSIBLE},
    ),
    Case(
        "every party's in_force counts where terms.in_force is unknown",
        instrument(
            "2000-01-01", *each_in_force("2000-03-01", "2001-02-01"), in_force="unknown", **NONE
        ),
        {"2001-01-31": POSSIBLE, "2001-02-01": CERTAIN},
    ),
    Case(
        "terms.in_force outweighs the parties' own",
        instrument("2000-01-01", *each_in_force("2000-03-01", "2005-01-01"), **SINCE, **NONE),
        {"2000-04-30": NO, "2000-05-01": CERTAIN},
    ),
    Case(
        "every party's in_force without a latest day makes nothing certain",
        instrument("2000-01-01", *each_in_force("2000-03-01", "/2001"), **NONE),
        {"2010-01-01": POSSIBLE},
    ),
    Case(
        "every side's in_force takes precedence over the date even if it is earlier",
        instrument("2000-01-01", *each_in_force("1990-03-01", "1990-03-01"), **NONE),
        {"1990-02-28": NO, "1990-03-01": CERTAIN},
    ),
    Case(
        "every party's in_force without terms is possible only",
        instrument("2000-01-01", *each_in_force("2000-03-01", "2000-03-01")),
        {"2010-01-01": POSSIBLE},
    ),
    # the end: ended
    Case(
        "a stated end is certain before, possible on the day, no after",
        instrument(**SINCE, ended="2010-01-01"),
        {"2000-05-01": CERTAIN, "2009-12-31": CERTAIN, "2010-01-01": POSSIBLE, "2010-01-02": NO},
    ),
    Case(
        "an end known by year is possible through the year",
        instrument(**SINCE, ended="2010"),
        {"2009-12-31": CERTAIN, "2010-01-01": POSSIBLE, "2010-12-31": POSSIBLE, "2011-01-01": NO},
    ),
    Case(
        "a qualified end is widened on both sides",
        instrument(**SINCE, ended="2010-06-15~"),
        {"2010-05-14": CERTAIN, "2010-05-15": POSSIBLE, "2010-07-16": POSSIBLE, "2010-07-17": NO},
    ),
    Case(
        "an end by some day may have been on any day before",
        instrument(**SINCE, ended="[..2010-01-01]"),
        {"2000-05-01": POSSIBLE, "2010-01-01": POSSIBLE, "2010-01-02": NO},
    ),
    Case(
        "an end that cannot be parsed makes nothing certain and nothing no",
        instrument(**FIVE, renewal="none", ended="soon"),
        {"2000-05-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "an end ends an instrument without stated start",
        instrument("2000-01-01", ended="2010-01-01"),
        {"2000-01-01": POSSIBLE, "2010-01-01": POSSIBLE, "2010-01-02": NO},
    ),
    Case(
        "an end before the start means never",
        instrument(**SINCE, ended="1999-01-01"),
        {"1998-01-01": NO, "1999-06-01": NO, "2001-01-01": NO},
    ),
    Case(
        "an end that overlaps the start is possible where they overlap",
        instrument(in_force="2000", ended="2000"),
        {"1999-12-31": NO, "2000-06-01": POSSIBLE, "2001-01-01": NO},
    ),
    Case(
        "ended missing, with a start, is possible only",
        instrument(**SINCE),
        {"2000-05-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "ended unknown, with a start, is possible only, whenever it was checked",
        instrument(**SINCE, ended="unknown", checked="2020-06-01"),
        {"2000-05-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "checked without ended none does not limit the end",
        instrument(**SINCE, checked="2020-06-01"),
        {"2010-01-01": POSSIBLE},
    ),
    Case(
        "ended none without checked makes nothing certain",
        instrument(**SINCE, ended="none"),
        {"2010-01-01": POSSIBLE},
    ),
    Case(
        "checked in a month is certain up to its first day",
        instrument(**SINCE, ended="none", checked="2020-06"),
        {"2020-05-31": CERTAIN, "2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
    ),
    Case(
        "checked on the day of the start makes one day certain",
        instrument(**SINCE, ended="none", checked="2000-05-01"),
        {"2000-04-30": NO, "2000-05-01": CERTAIN, "2000-05-02": POSSIBLE},
    ),
    Case(
        "checked before the start makes nothing certain",
        instrument(**SINCE, ended="none", checked="1999-06-01"),
        {"2000-05-01": POSSIBLE},
    ),
    Case(
        "terminated on an unrecorded day: the term is no longer certain",
        instrument(**FIVE, renewal="none", end_reason="terminated"),
        {"2000-05-01": POSSIBLE, "2005-05-01": POSSIBLE, "2005-05-02": NO},
    ),
    Case(
        "superseded on an unknown day: the term is no longer certain",
        instrument(**FIVE, ended="unknown", end_reason="superseded", checked="2020-06-01"),
        {"2000-05-01": POSSIBLE, "2030-05-01": POSSIBLE},
    ),
    Case(
        "expired does not change the end of the term",
        instrument(**FIVE, renewal="none", end_reason="expired"),
        {"2005-04-30": CERTAIN, "2005-05-02": NO},
    ),
    # the end: term
    Case(
        "a term not renewed is certain before its end, possible on it, no after",
        instrument(**FIVE, renewal="none"),
        {"2000-05-01": CERTAIN, "2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2005-05-02": NO},
    ),
    Case(
        "a term renewed by agreement is possible after its end",
        instrument(**FIVE, renewal="by-agreement"),
        {"2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "a term of which the renewal is missing is possible after its end",
        instrument(**FIVE),
        {"2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "a term of which the renewal is unknown is possible after its end",
        instrument(**FIVE, renewal="unknown"),
        {"2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "a term renewed automatically is certain to its first end, and possible after it",
        instrument(**FIVE, renewal="automatic"),
        {"2000-04-30": NO, "2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "a term renewed automatically without an end is certain up to the check",
        instrument(**FIVE, renewal="automatic", **NONE),
        {"2005-05-01": CERTAIN, "2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
    ),
    Case(
        "a term not renewed and ended early: no after the early end",
        instrument(**FIVE, renewal="none", ended="2002-01-01"),
        {"2001-12-31": CERTAIN, "2002-01-01": POSSIBLE, "2002-01-02": NO},
    ),
    Case(
        "a term not renewed and ended later is possible between",
        instrument(**FIVE, renewal="none", ended="2007-01-01"),
        {"2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2007-01-01": POSSIBLE, "2007-01-02": NO},
    ),
    Case(
        "a term not renewed and ended unknown ends with the term",
        instrument(**FIVE, renewal="none", ended="unknown", checked="2020-06-01"),
        {"2005-04-30": CERTAIN, "2005-05-02": NO},
    ),
    Case(
        "a term not renewed, checked within it, is certain to its end and no after it",
        instrument(**FIVE, renewal="none", ended="none", checked="2002-06-01"),
        {"2002-06-02": CERTAIN, "2005-04-30": CERTAIN, "2005-05-01": POSSIBLE, "2005-05-02": NO},
    ),
    Case(
        "a term not renewed, checked later without an end: possible up to the check",
        instrument(**FIVE, renewal="none", **NONE),
        {"2005-04-30": CERTAIN, "2005-05-02": POSSIBLE, "2020-06-01": POSSIBLE, "2020-06-02": NO},
    ),
    Case(
        "a term from a year ends through a year",
        instrument(in_force="2000", term="P5Y", renewal="none"),
        {
            "2000-12-31": CERTAIN,
            "2004-12-31": CERTAIN,
            "2005-01-01": POSSIBLE,
            "2005-12-31": POSSIBLE,
            "2006-01-01": NO,
        },
    ),
    Case(
        "a term shorter than the uncertainty of its start is never certain",
        instrument(in_force="2000", term="P6M", renewal="none"),
        {"2000-06-30": POSSIBLE, "2000-12-31": POSSIBLE, "2001-06-30": POSSIBLE, "2001-07-01": NO},
    ),
    Case(
        "a term runs only from a stated start, not from the date",
        instrument("2000-01-01", term="P5Y", renewal="none"),
        {"2000-01-01": POSSIBLE, "2004-01-01": POSSIBLE, "2030-01-01": POSSIBLE},
    ),
    Case(
        "a term runs from the parties' own starts where terms.in_force is missing",
        instrument(
            "2000-01-01",
            *each_in_force("2000-03-01", "2001-03-01"),
            term="P5Y",
            renewal="none",
        ),
        {
            "2001-03-01": CERTAIN,
            "2005-02-28": CERTAIN,
            "2005-03-01": POSSIBLE,
            "2006-03-01": POSSIBLE,
            "2006-03-02": NO,
        },
    ),
    Case(
        "an indefinite term is no end, whatever the renewal",
        instrument(**SINCE, term="indefinite", renewal="none"),
        {"2000-05-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "an indefinite term checked without an end is certain up to the check",
        instrument(**SINCE, term="indefinite", **NONE),
        {"2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
    ),
    Case(
        "an unknown term is no end",
        instrument(**SINCE, term="unknown", renewal="none", checked="2020-06-01"),
        {"2010-01-01": POSSIBLE},
    ),
    Case(
        "a term that cannot be parsed may end on any day",
        instrument(**SINCE, term="five years", renewal="none", **NONE),
        {"2000-05-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "an end outweighs a longer or shorter term that may be renewed",
        instrument(**FIVE, ended="2007-01-01", renewal="automatic"),
        {"2006-12-31": CERTAIN, "2007-01-01": POSSIBLE, "2007-01-02": NO},
    ),
    Case(
        "checked within a term that may be renewed: certain to the end of the term",
        instrument(**FIVE, ended="none", checked="2002-06-01"),
        {"2005-04-30": CERTAIN, "2005-05-01": POSSIBLE},
    ),
    # the end: period
    Case(
        "a period of years is certain before its last year, possible in it, no after it",
        instrument(**SINCE, period="2000/2003", renewal="none"),
        {
            "2000-05-01": CERTAIN,
            "2002-12-31": CERTAIN,
            "2003-01-01": POSSIBLE,
            "2003-12-31": POSSIBLE,
            "2004-01-01": NO,
        },
    ),
    Case(
        "a period of days ends on its last",
        instrument(**SINCE, period="2000-05-01/2003-04-30", renewal="none"),
        {"2003-04-29": CERTAIN, "2003-04-30": POSSIBLE, "2003-05-01": NO},
    ),
    Case(
        "a period that may be renewed is possible after its end",
        instrument(**SINCE, period="2000/2003"),
        {"2002-12-31": CERTAIN, "2003-01-01": POSSIBLE, "2004-01-01": POSSIBLE},
    ),
    Case(
        "a period renewed automatically is no end",
        instrument(**SINCE, period="2000/2003", renewal="automatic", **NONE),
        {"2004-01-01": CERTAIN},
    ),
    Case(
        "a period states an end but no start",
        instrument("1999-11-01", period="2000/2003", renewal="none"),
        {"1999-11-01": POSSIBLE, "2002-06-01": POSSIBLE, "2004-01-01": NO},
    ),
    Case(
        "a period of one year may end on any day of it",
        instrument(in_force="1999-11-01", period="2000", renewal="none"),
        {"1999-12-31": CERTAIN, "2000-01-01": POSSIBLE, "2000-12-31": POSSIBLE, "2001-01-01": NO},
    ),
    Case(
        "a period with an approximate end is widened by ten years",
        instrument(in_force="1980", period="1980/2000~", renewal="none"),
        {"1989-12-31": CERTAIN, "1990-01-01": POSSIBLE, "2010-12-31": POSSIBLE, "2011-01-01": NO},
    ),
    Case(
        "an open period is no end",
        instrument(**SINCE, period="2000/..", renewal="none", **NONE),
        {"2020-05-31": CERTAIN, "2100-01-01": POSSIBLE},
    ),
    Case(
        "a period of unknown end may end on any day",
        instrument(**SINCE, period="2000/", renewal="none", **NONE),
        {"2010-01-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    Case(
        "an unknown period is no end",
        instrument(**SINCE, period="unknown", renewal="none", **NONE),
        {"2020-05-31": CERTAIN, "2100-01-01": POSSIBLE},
    ),
    Case(
        "period and term: the earlier limits certain, the later possible",
        instrument(**FIVE, period="2000-05-01/2003-04-30", renewal="none"),
        {"2003-04-29": CERTAIN, "2003-04-30": POSSIBLE, "2005-05-01": POSSIBLE, "2005-05-02": NO},
    ),
    Case(
        "period and a term without start: no day is no",
        instrument("2000-01-01", term="P5Y", period="2000/2001", renewal="none"),
        {"2001-06-01": POSSIBLE, "2100-01-01": POSSIBLE},
    ),
    # successors
    Case(
        "superseded: no after the successor's latest start, certain before its earliest",
        instrument(**SINCE, **NONE),
        {"2010-02-28": CERTAIN, "2010-03-01": POSSIBLE, "2010-09-01": POSSIBLE, "2010-09-02": NO},
        ended_by=(LATER,),
    ),
    Case(
        "superseded by an instrument without a stated start: possible",
        instrument(**SINCE, **NONE),
        {"2010-02-28": CERTAIN, "2010-03-01": POSSIBLE, "2100-01-01": POSSIBLE},
        ended_by=((date(2010, 3, 1), None),),
    ),
    Case(
        "superseded by an instrument without a date: nothing is certain",
        instrument(**SINCE, **NONE),
        {"2005-01-01": POSSIBLE},
        ended_by=((None, None),),
    ),
    Case(
        "a successor makes nothing certain by itself",
        instrument(**SINCE),
        {"2005-01-01": POSSIBLE, "2010-09-02": NO},
        ended_by=(LATER,),
    ),
    Case(
        "an end and a successor: the earlier counts",
        instrument(**SINCE, ended="2020-01-01"),
        {"2010-02-28": CERTAIN, "2010-09-02": NO},
        ended_by=(LATER, (date(2015, 1, 1), date(2015, 1, 1))),
    ),
    # one party
    Case(
        "a party without own dates has the instrument's answer",
        instrument(**SINCE, **NONE),
        {"2000-04-30": NO, "2000-05-01": CERTAIN, "2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a party's own in_force starts later for it",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="2003-02"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2003-01-31": NO, "2003-02-01": POSSIBLE, "2003-02-28": CERTAIN},
        party="AZ",
    ),
    Case(
        "a side that states no consent where another does is possible only",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="2003-02"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2000-05-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="CU",
    ),
    Case(
        "a party's own in_force narrows, it does not start earlier than the instrument",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="1990-02-01"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2000-05-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a party's own in_force alone makes nothing certain",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="2003-02-01"),
            *each_in_force(None, None),
            **NONE,
        ),
        {"2003-01-31": NO, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a party's own in_force without a latest day makes nothing certain for it",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="the same"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a party's own in_force unknown makes nothing certain for it",
        instrument(
            "2000-01-01",
            Party(country="AZ", in_force="unknown"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that acceded is possible from then on and certain a year later",
        instrument(
            "2000-01-01",
            Party(country="AZ", acceded="2004-07-01"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2004-06-30": NO, "2004-07-01": POSSIBLE, "2005-06-30": POSSIBLE, "2005-07-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a side that acceded and has its own in_force is certain from the latter on",
        instrument(
            "2000-01-01",
            Party(country="AZ", acceded="2004-07-01", in_force="2004-10-01"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2004-06-30": NO, "2004-09-30": POSSIBLE, "2004-10-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a party that acceded on an unknown day is possible with the instrument",
        instrument(
            "2000-01-01",
            Party(country="AZ", acceded="unknown"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2000-05-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that acceded shortly before the start is certain a year later",
        instrument(
            "2000-01-01",
            Party(country="AZ", acceded="2000-02-01"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2000-05-01": POSSIBLE, "2001-01-31": POSSIBLE, "2001-02-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a party that acceded on a day that cannot be parsed is possible with the instrument",
        instrument(
            "2000-01-01",
            Party(country="AZ", acceded="later"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-05-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that ratified is possible from then on and certain a year later",
        instrument(
            "2000-01-01",
            Party(country="AZ", ratified="2004-07-01"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2004-06-30": NO, "2005-06-30": POSSIBLE, "2005-07-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a side that ratified in some year is certain a year after its last day",
        instrument(
            "2000-01-01",
            Party(country="AZ", signed="2000-01-01", ratified="2000"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-05-01": POSSIBLE, "2001-12-30": POSSIBLE, "2001-12-31": CERTAIN},
        party="AZ",
    ),
    Case(
        "a party with ratified unknown may have ratified late",
        instrument(
            "2000-01-01",
            Party(country="AZ", ratified="unknown"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"2000-05-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that ratified long before the start is certain with it",
        instrument("1990-01-01", Party(country="AZ", ratified="1991"), *TWO, **SINCE, **NONE),
        {"2000-04-30": NO, "2000-05-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a side that ratified an instrument of unknown start is possible only",
        instrument("1990-01-01", Party(country="AZ", ratified="1991"), *TWO, **NONE),
        {"1990-12-31": NO, "1991-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "of two consents the earlier counts",
        instrument(
            "2000-01-01",
            Party(country="AZ", ratified="2006-01-01", acceded="2004-01-01"),
            *TWO,
            **SINCE,
            **NONE,
        ),
        {"2003-12-31": NO, "2004-12-31": POSSIBLE, "2005-01-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "a side that signed after the start and states no consent is possible only",
        instrument("2000-01-01", Party(country="AZ", signed="2001"), *TWO, **SINCE, **NONE),
        {"2000-05-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that has not ratified is no up to the check and possible after it",
        instrument("2000-01-01", Party(country="AZ", ratified="none"), *TWO, **SINCE, **NONE),
        {"2000-05-01": NO, "2020-06-01": NO, "2020-06-02": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that has not ratified, checked in a month, is no up to its first day",
        instrument(
            "2000-01-01", Party(country="AZ", ratified="none"), *TWO, **SINCE, checked="2020-06"
        ),
        {"2020-06-01": NO, "2020-06-02": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a side that has not ratified does not matter to others that state no consent",
        instrument("2000-01-01", Party(country="AZ", ratified="none"), *TWO, **SINCE, **NONE),
        {"2000-05-01": CERTAIN},
        party="A",
    ),
    Case(
        "a side that has not ratified and acceded all the same is bound",
        instrument(
            "2000-01-01",
            Party(country="AZ", ratified="none", acceded="2004-01-01"),
            *TWO,
            **SINCE,
            **NONE,
        ),
        {"2003-12-31": NO, "2004-12-31": POSSIBLE, "2005-01-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "terms.in_force binds both of two sides, whatever their own dates",
        instrument(
            "2000-01-01",
            Party(country="AZ", ratified="2004-01-01", in_force="2004-02-01"),
            Party(country="CU", ratified="none"),
            **SINCE,
            **NONE,
        ),
        {"2000-04-30": NO, "2000-05-01": CERTAIN},
        party="AZ",
    ),
    Case(
        "of two sides one is not bound before its consent where no start is stated",
        instrument("2000-01-01", Party(country="AZ", ratified="2004-01-01"), Party(country="CU")),
        {"2003-12-31": NO, "2004-01-01": POSSIBLE, "2010-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "an instrument is never in force for an observer",
        instrument(
            "2000-01-01",
            Party(country="AZ", role="observer"),
            Party(country="CU"),
            Party(country="TR"),
            **SINCE,
            **NONE,
        ),
        {"0001-01-01": NO, "2000-04-30": NO, "2010-01-01": NO, "9999-12-31": NO},
        party="AZ",
    ),
    Case(
        "an instrument is never in force for a depositary",
        instrument("2000-01-01", Party(country="AZ", role="depositary"), *TWO, **SINCE, **NONE),
        {"2000-04-30": NO, "2010-01-01": NO},
        party="AZ",
    ),
    Case(
        "an observer needs no in_force for the instrument to be certain",
        instrument(
            "2000-01-01",
            *each_in_force("2000-05-01", "2000-05-01"),
            Party(country="AZ", role="observer"),
            **NONE,
        ),
        {"2000-05-01": CERTAIN},
    ),
    Case(
        "observer and depositary do not count as a third side when one of two has left",
        instrument(
            "2000-01-01",
            Party(country="CU", left="2010-01-01"),
            Party(country="TR"),
            Party(country="AZ", role="observer"),
            Party(organisation="UN", role="depositary"),
            **SINCE,
            **NONE,
        ),
        {"2009-12-31": CERTAIN, "2010-01-01": POSSIBLE},
    ),
    Case(
        "a party that left in a year is certain before it and no after it",
        instrument(
            "2000-01-01",
            *each_in_force(None, None),
            Party(country="AZ", left="2010"),
            **SINCE,
            **NONE,
        ),
        {"2009-12-31": CERTAIN, "2010-01-01": POSSIBLE, "2010-12-31": POSSIBLE, "2011-01-01": NO},
        party="AZ",
    ),
    Case(
        "a party that left on an unknown day is possible only",
        instrument(
            "2000-01-01",
            *each_in_force(None, None),
            Party(country="AZ", left="unknown"),
            **SINCE,
            **NONE,
        ),
        {"2000-05-01": POSSIBLE, "2100-01-01": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a party that left after the check is certain up to the check",
        instrument(
            "2000-01-01",
            *each_in_force(None, None),
            Party(country="AZ", left="2030"),
            **SINCE,
            **NONE,
        ),
        {"2020-06-01": CERTAIN, "2020-06-02": POSSIBLE},
        party="AZ",
    ),
    Case(
        "a party that left an instrument of unknown end ends it for itself",
        instrument(
            "2000-01-01",
            *each_in_force(None, None),
            Party(country="AZ", left="2010-05-01"),
        ),
        {"2010-05-01": POSSIBLE, "2010-05-02": NO},
        party="AZ",
    ),
    Case(
        "one of three parties left: unchanged for the others",
        instrument(
            "2000-01-01",
            *each_in_force(None, None),
            Party(country="AZ", left="2010-05-01"),
            **SINCE,
            **NONE,
        ),
        {"2015-01-01": CERTAIN},
    ),
    Case(
        "one of two parties left: possible",
        instrument(
            "2000-01-01",
            Party(country="CU"),
            Party(country="AZ", left="2010-05-01"),
            **SINCE,
            **NONE,
        ),
        {"2010-04-30": CERTAIN, "2010-05-01": POSSIBLE, "2015-01-01": POSSIBLE},
    ),
    Case(
        "one of two parties left on an unknown day: possible",
        instrument(
            "2000-01-01",
            Party(country="CU"),
            Party(country="AZ", left="unknown"),
            **SINCE,
            **NONE,
        ),
        {"2005-01-01": POSSIBLE},
    ),
    # the ends of the calendar
    Case(
        "a term beyond the year 9999 ends on its last day",
        instrument(in_force="9998-01-01", term="P5Y", renewal="none"),
        {"9999-12-30": CERTAIN, "9999-12-31": POSSIBLE},
    ),
    Case(
        "an end on the first day of year 1 has no day before",
        instrument("0001-01-01", in_force="0001-01-01", ended="0001-01-01"),
        {"0001-01-01": POSSIBLE, "0001-01-02": NO},
    ),
]


@each("case", TABLE)
def test_answers_match_the_decision_table(case: Case) -> None:
    answers = {
        day: in_force(
            case.record,
            date.fromisoformat(day),
            party=case.party,
            links=superseded(case.record, case.ended_by),
        ).answer
        for day in case.answers
    }
    assert answers == case.answers


def test_every_case_of_the_decision_table_has_its_own_name() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)


CODES_LEFT = ("AZ", "TR", None)
RATIFIED = Record(
    id="2003-multi-tobacco-convention",
    type="treaty",
    date="2003-05-21",
    parties=(
        Party(country="US", role="signatory", signed="2004-05-10"),
        Party(country="CZ", signed="2003-06-16", ratified="2012-06-01"),
        Party(country="NO", ratified="2003-06-16"),
        Party(country="ZW", acceded="2014-12-04"),
    ),
    terms=Terms(in_force="2005-02-27", ended="none", checked="2026-11-20"),
)


@each(
    ("code", "ratified", "answers"),
    [
        ("US", None, (POSSIBLE, POSSIBLE, POSSIBLE)),
        ("US", "none", (NO, NO, NO)),
        ("CZ", None, (NO, CERTAIN, CERTAIN)),
        ("NO", None, (CERTAIN, CERTAIN, CERTAIN)),
        ("ZW", None, (NO, POSSIBLE, CERTAIN)),
        (None, None, (CERTAIN, CERTAIN, CERTAIN)),
    ],
)
def test_consent_of_a_side_is_its_own(
    code: str | None, ratified: str | None, answers: tuple[str, ...]
) -> None:
    first, *rest = RATIFIED.parties
    record = replace(RATIFIED, parties=(replace(first, ratified=ratified), *rest))
    days = (date(2008, 1, 1), date(2015, 12, 3), date(2015, 12, 4))
    assert tuple(in_force(record, day, party=code).answer for day in days) == answers


def test_depositary_is_no_third_side_when_one_of_two_has_left() -> None:
    two = (Party(country="AZ", left="2012-01-01"), Party(country="TR"))
    un = Party(organisation="UN", role="depositary")
    for parties in (two, (*two, un)):
        record = instrument("2000-01-01", *parties, **SINCE, **NONE)
        answers = [in_force(record, date(2015, 1, 1), party=code).answer for code in CODES_LEFT]
        assert answers == [NO, POSSIBLE, POSSIBLE]


def test_code_that_is_not_a_party_is_an_error() -> None:
    with pytest.raises(ValueError, match="XK is not a party of 2000-az-cu-agreement"):
        in_force(instrument(), date(2010, 1, 1), party="XK")


# The reason


@each(
    ("record", "day", "reason"),
    [
        (
            instrument(in_force="1975-04-01", ended="none", checked="2026-11-21"),
            "2000-01-01",
            "in force from 1975-04-01; no end is stated, last checked 2026-11-21",
        ),
        (
            instrument(in_force="1975-04-01", ended="none", checked="2026-11-21"),
            "1970-01-01",
            "not in force before 1975-04-01; in force from 1975-04-01",
        ),
        (
            instrument(in_force="1975-04-01", ended="none", checked="2026-11-21"),
            "2030-01-01",
            "certain only up to 2026-11-21; no end is stated, last checked 2026-11-21",
        ),
        (
            instrument(in_force="1975-04", ended="none", checked="2026-11-21"),
            "1975-04-02",
            "certain only from 1975-04-30 on; in force from 1975-04",
        ),
        (
            instrument(),
            "2010-01-01",
            "dated 2000-01-01, and its entry into force is not recorded; its end is not recorded",
        ),
        (
            instrument(""),
            "2010-01-01",
            "without a date, and its entry into force is not recorded; its end is not recorded",
        ),
        (
            instrument(in_force="unknown", ended="unknown", checked="2026-11-21"),
            "2010-01-01",
            "dated 2000-01-01, and its entry into force was searched for and not found; "
            "its end was searched for and not found",
        ),
        (
            instrument(**SINCE, ended="2010-01-01", end_reason="terminated"),
            "2015-01-01",
            "not in force after 2010-01-01; ended 2010-01-01 (terminated)",
        ),
        (
            instrument(**SINCE, ended="1999"),
            "2015-01-01",
            "it ended before it could begin; in force from 2000-05-01; ended 1999",
        ),
        (
            instrument(**SINCE, ended="none", checked="unknown", term="indefinite"),
            "2015-01-01",
            "in force from 2000-05-01; no end is stated, last checked on a day not recorded; "
            "its term is indefinite",
        ),
        (
            instrument(**SINCE, end_reason="terminated"),
            "2015-01-01",
            "in force from 2000-05-01; terminated on a day not recorded",
        ),
        (
            instrument(in_force="2000", term="P5Y", renewal="by-agreement"),
            "2003-01-01",
            "in force from 2000; "
            "its term of 5 years ends on a day between 2005-01-01 and 2005-12-31; "
            "it is renewed by agreement only",
        ),
        (
            instrument(in_force="2002?", ended="2012-03~"),
            "2012-01-01",
            "in force from 2002? (counted as 1992-01-01 to 2012-12-31); "
            "ended 2012-03~ (counted as 2011-03-01 to 2013-03-31)",
        ),
        (
            instrument(in_force="2001/2010-06"),
            "2012-01-01",
            "certain only up to 2010-05-31; in force up to 2010-06",
        ),
        (
            instrument(in_force="../2010"),
            "2005-01-01",
            "in force from a day not recorded; in force up to 2010",
        ),
        (
            instrument(**FIVE, renewal="automatic"),
            "2003-01-01",
            "in force from 2000-05-01; its term of 5 years ends on 2005-05-01; "
            "it is renewed automatically",
        ),
        (
            instrument(term="P5Y", period="2000/2005", renewal="none"),
            "2003-01-01",
            "dated 2000-01-01, and its entry into force is not recorded; "
            "its period is 2000/2005; its term is 5 years from a day not recorded; "
            "no renewal is foreseen",
        ),
        (
            instrument(in_force="2000-05", term="P1Y6M"),
            "2003-01-01",
            "certain only up to 2001-10-31; "
            "its term of 1 year 6 months ends on a day between 2001-11-01 and 2001-11-30; "
            "its renewal is not recorded",
        ),
        (
            instrument(**FIVE, ended="2003-01-01"),
            "2004-01-01",
            "not in force after 2003-01-01; ended 2003-01-01; "
            "its term of 5 years ends on 2005-05-01",
        ),
        (
            instrument("2000-01-01", *each_in_force("2000-03-01", "2001-03"), **NONE),
            "2003-01-01",
            "in force for every side from a day between 2000-03-01 and 2001-03-31; "
            "no end is stated, last checked 2020-06-01",
        ),
        (
            instrument("2000-01-01", *each_in_force("2000-03-01", None)),
            "2003-01-01",
            "in force for one of two sides from 2000-03-01; its end is not recorded",
        ),
        (
            instrument(provisional="2000-03-01", **SINCE),
            "2000-04-01",
            "applied provisionally from 2000-03-01; in force from 2000-05-01; "
            "its end is not recorded",
        ),
        (
            instrument(provisional="2000-03-01", **SINCE, **NONE),
            "2000-04-01",
            "certain only from 2000-05-01 on; "
            "applied provisionally from 2000-03-01; in force from 2000-05-01",
        ),
        (
            instrument(provisional="2000-03-01"),
            "2000-04-01",
            "applied provisionally from 2000-03-01; its entry into force is not recorded; "
            "its end is not recorded",
        ),
        (
            instrument(in_force="none", checked="2020-06-01"),
            "2010-01-01",
            "not in force before 2020-06-02; "
            "dated 2000-01-01, and not yet in force, last checked 2020-06-01",
        ),
        (
            instrument(in_force="none", checked="2020-06-01"),
            "2022-01-01",
            "dated 2000-01-01, and not yet in force, last checked 2020-06-01; "
            "its end is not recorded",
        ),
    ],
)
def test_reason_states_what_the_answer_is_based_on(record: Record, day: str, reason: str) -> None:
    assert in_force(record, date.fromisoformat(day)).reason == reason


@each(
    ("party", "words"),
    [
        (Party(country="AZ", in_force="2003"), "for AZ from 2003"),
        (Party(country="AZ", acceded="2003"), "AZ acceded 2003"),
        (Party(country="AZ", ratified="2003"), "AZ ratified 2003"),
        (Party(country="AZ", ratified="none"), "AZ had not ratified it, last checked 2020-06-01"),
        (Party(country="AZ", acceded="unknown"), "since when for AZ is not recorded"),
        (Party(country="AZ", left="2003"), "AZ left 2003"),
        (Party(country="AZ", left="unknown"), "AZ left on a day not recorded"),
    ],
)
def test_reason_for_a_party_states_its_own_dates(party: Party, words: str) -> None:
    record = instrument("2000-01-01", party, *each_in_force(None, None), **SINCE, **NONE)
    when = span(record, party="AZ")
    assert words in f"{when.since}; {when.until}"


@each(
    ("role", "reason"),
    [
        ("observer", "AZ observed and is not a side"),
        ("depositary", "AZ is the depositary and not a side"),
    ],
)
def test_reason_for_a_party_that_is_not_a_side_is_its_role(role: str, reason: str) -> None:
    record = instrument("2000-01-01", Party(country="AZ", role=role), *TWO, **SINCE, **NONE)
    assert in_force(record, date(2010, 1, 1), party="AZ").reason == reason


@each(
    ("successor", "words"),
    [
        (LATER, "superseded by by-0 (in force from a day between 2010-03-01 and 2010-09-01)"),
        ((LATER[0], None), "superseded by by-0 (dated 2010, no entry into force stated)"),
        ((None, LATER[1]), "superseded by by-0 (in force from 2010-09-01 or earlier)"),
        ((None, None), "superseded by by-0 (dated 2010, no entry into force stated)"),
    ],
)
def test_reason_names_a_successor(successor: Days, words: str) -> None:
    assert (
        words
        in in_force(
            instrument(), date(2005, 1, 1), links=superseded(instrument(), [successor])
        ).reason
    )


def test_entry_into_force_of_a_successor() -> None:
    stated = instrument("2010-03-01", in_force="2010-09")
    assert entry_into_force(stated) == (date(2010, 9, 1), date(2010, 9, 30))
    assert entry_into_force(instrument("2010-03-01")) == (date(2010, 3, 1), None)
