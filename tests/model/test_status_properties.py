"""Properties of any answer to "in force on a day", for instruments with every field and link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from healthcoop.model.dates import Days, add, duration, parse, widen
from healthcoop.model.record import Link, Party, Record, Terms
from healthcoop.model.status import Bounds, Status, answer, in_force, span
from healthcoop.model.succession import Instrument, bounds
from tests.naive.in_force import CERTAIN, NO, POSSIBLE, Network, sides

X = "2000-x"
POINTS = st.dates(date(1995, 1, 1), date(2015, 12, 31)).map(date.isoformat)
SINGLE = st.builds(
    lambda day, size, mark: day[:size] + mark,
    POINTS,
    st.sampled_from([4, 7, 10, 10]),
    st.sampled_from(["", "", "", "~", "?"]),
)
DATES = SINGLE | st.builds("[..{}]".format, POINTS)
MAYBE = st.none() | DATES | st.just("unknown")
PERIODS = st.builds("{}/{}".format, st.just("1995"), SINGLE.filter(lambda text: "~" not in text))
TERMS = st.builds(
    Terms,
    in_force=MAYBE | DATES | st.just("none"),
    provisional=st.none() | st.none() | DATES,
    term=st.none() | st.sampled_from(["P5Y", "P18M", "P90D", "indefinite", "unknown"]),
    period=st.none() | PERIODS | st.sampled_from(["1995/..", "1995/", "unknown"]),
    renewal=st.sampled_from([None, "automatic", "by-agreement", "none", "unknown"]),
    ended=MAYBE | st.just("none"),
    end_reason=st.sampled_from([None, None, "expired", "terminated", "superseded"]),
    checked=st.none() | DATES,
)
OWN = st.none() | st.none() | MAYBE
PARTIES = st.lists(
    st.builds(
        Party,
        signed=OWN,
        ratified=OWN | st.just("none"),
        acceded=OWN,
        in_force=OWN,
        left=OWN,
        role=st.sampled_from([None, None, None, None, "signatory", "observer", "depositary"]),
    ),
    min_size=1,
    max_size=4,
).map(lambda many: tuple(replace(one, country=f"A{at}") for at, one in enumerate(many)))
RECORDS = st.builds(
    Record, id=st.just(X), date=DATES, parties=PARTIES, terms=st.none() | TERMS | TERMS
)
RELATIONS = st.sampled_from(["supersedes", "terminates", "renews", "amends"])
OTHERS = ("2001-a", "2002-b", X)


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Record]:
    """Generate an instrument X and up to two others, linked in any direction."""
    size = draw(st.integers(1, 3))
    found = {}
    for ident in (X, *OTHERS)[:size]:
        targets = st.sampled_from([one for one in OTHERS if one != ident])
        links = st.lists(st.builds(Link, rel=RELATIONS, record=targets), max_size=size - 1)
        found[ident] = replace(draw(RECORDS), id=ident, links=tuple(draw(links)))
    return found


def limits(records: dict[str, Record], ident: str = X) -> Bounds | None:
    """Return the effects of links, as the index computes them."""
    links = [
        (each.id, link.rel, link.record if link.record in records else None)
        for each in records.values()
        for link in each.links
    ]
    instruments = {key: Instrument.of(each) for key, each in records.items()}
    return bounds(instruments, links).get(ident)


ON = st.dates(date(1980, 1, 1), date(2030, 12, 31))
RANK = {NO: 0, POSSIBLE: 1, CERTAIN: 2}


def edges(*records: dict[str, Record]) -> list[date]:
    """Return the days on which an answer about X changes, and those around them."""
    found = []
    for each in records:
        for code in (None, *(party.code for party in each[X].parties)):
            when = span(each[X], party=code, links=limits(each))
            found += [when.possible_from, when.certain_from, when.certain_until]
            found.append(when.possible_until)
    return [
        day + timedelta(step)
        for day in found
        if day and date.min < day < date.max
        for step in (-1, 0, 1)
    ]


@settings(max_examples=3 * settings.default.max_examples)
@given(networks(), st.lists(ON, min_size=1, max_size=10))
def test_answers_agree_with_the_naive_rule_on_every_day(
    records: dict[str, Record], on: list[date]
) -> None:
    naive, links = Network(records), limits(records)
    for day in on + edges(records):
        assert in_force(records[X], day, links=links).answer == naive.answer(X, day), day
        for party in records[X].parties:
            found = in_force(records[X], day, party=party.code, links=links).answer
            assert found == naive.answer(X, day, party.code), (day, party)


def spans(records: dict[str, Record]) -> list[Any]:
    """Return the span of X for the whole and for each party."""
    codes = (None, *(party.code for party in records[X].parties))
    return [span(records[X], party=code, links=limits(records)) for code in codes]


@given(networks(), st.lists(ON, min_size=3, max_size=30))
def test_certainty_over_time_first_rises_and_then_falls(
    records: dict[str, Record], on: list[date]
) -> None:
    for when in spans(records):
        ranks = [RANK[answer(when, day).answer] for day in sorted(on)]
        top = ranks.index(max(ranks))
        assert ranks[: top + 1] == sorted(ranks[: top + 1])
        assert ranks[top:] == sorted(ranks[top:], reverse=True)


@given(networks())
def test_certain_days_are_possible_days(records: dict[str, Record]) -> None:
    for when in spans(records):
        assert (when.certain_from is None) == (when.certain_until is None)
        if when.certain_from and when.certain_until:
            assert (when.possible_from or date.min) <= when.certain_from <= when.certain_until
            assert when.certain_until <= (when.possible_until or date.max)


@given(networks(), st.lists(ON, max_size=10))
def test_answer_for_a_party_is_never_above_that_for_the_whole(
    records: dict[str, Record], on: list[date]
) -> None:
    whole, *own = spans(records)
    for day in on + edges(records):
        top = RANK[answer(whole, day).answer]
        assert all(RANK[answer(when, day).answer] <= top for when in own)


@given(RECORDS, st.lists(ON, max_size=10))
def test_links_of_others_add_no_certainty(record: Record, on: list[date]) -> None:
    ending = Record(
        id="2001-a", date="2001", parties=record.parties, links=(Link("supersedes", X),)
    )
    for day in on + edges({X: record}):
        alone = RANK[in_force(record, day).answer]
        links = limits({X: record, ending.id: ending})
        assert RANK[in_force(record, day, links=links).answer] <= alone


# A fact that speaks for "in force" never lowers an answer


@dataclass(frozen=True)
class Fact:
    """A network with one more fact; ``speaks`` for "in force" on some days, of one side or all."""

    records: dict[str, Record]
    speaks: Callable[[date], bool] = lambda day: True
    side: str | None = None


def with_terms(records: dict[str, Record], **values: str | None) -> dict[str, Record]:
    changed = replace(records[X].terms or Terms(), **values)
    return {**records, X: replace(records[X], terms=changed)}


def with_side(records: dict[str, Record], side: Party, **values: str | None) -> dict[str, Record]:
    parties = (replace(one, **values) if one is side else one for one in records[X].parties)
    return {**records, X: replace(records[X], parties=tuple(parties))}


def is_stated(value: str | None) -> bool:
    return value not in (None, "unknown", "none")


def days(value: str | None) -> Days:
    return widen(parse(value)) if value and is_stated(value) else (None, None)


def is_later(new: str, old: str | None) -> bool:
    pairs = list(zip(days(new), days(old), strict=True))
    return all(one is None or (later and later >= one) for later, one in pairs)


def from_then_on(value: str, terms: Terms) -> Callable[[date], bool]:
    """Speak for the days after a start, up to the end of a term that is not renewed."""
    first, last = days(value)
    assert last
    until = date.max
    if terms.renewal == "none" and terms.term and terms.term.startswith("P"):
        until = add(first, duration(terms.term)) if first else date.min
    return lambda day: last <= day <= until


def checked_for_an_end(records: dict[str, Record], value: str) -> Fact:
    terms = records[X].terms or Terms()
    negative = [terms.in_force, *(party.ratified for party in sides(records[X]))]
    assume(not is_stated(terms.ended) and "none" not in negative)
    assume(terms.ended != "none" or is_later(value, terms.checked))
    return Fact(with_terms(records, ended="none", checked=value))


def entry_into_force(records: dict[str, Record], value: str) -> Fact:
    terms = records[X].terms or Terms()
    own = [is_stated(side.in_force) for side in sides(records[X])]
    assume(not is_stated(terms.in_force) and not (own and all(own)))
    return Fact(with_terms(records, in_force=value), from_then_on(value, terms))


def provisional_application(records: dict[str, Record], value: str) -> Fact:
    terms = records[X].terms or Terms()
    assume(not terms.provisional)
    return Fact(with_terms(records, provisional=value), from_then_on(value, Terms()))


def automatic_renewal(records: dict[str, Record], value: str) -> Fact:
    return Fact(with_terms(records, renewal="automatic"))


def no_end(records: dict[str, Record], value: str) -> Fact:
    terms = records[X].terms or Terms()
    assume(is_stated(terms.ended) and terms.renewal != "none")
    first = days(terms.ended)[0] or date.min
    return Fact(with_terms(records, ended=None, end_reason=None), lambda day: day >= first)


def later_end(records: dict[str, Record], value: str) -> Fact:
    terms = records[X].terms or Terms()
    assume(is_stated(terms.ended) and is_later(value, terms.ended))
    return Fact(with_terms(records, ended=value))


def no_ending_link(records: dict[str, Record], value: str) -> Fact:
    def kept(links: Sequence[Link]) -> tuple[Link, ...]:
        return tuple(link for link in links if link.rel not in ("supersedes", "terminates"))

    return Fact({key: replace(one, links=kept(one.links)) for key, one in records.items()})


def consent(field: str) -> Callable[[dict[str, Record], str], Fact]:
    def add_consent(records: dict[str, Record], value: str) -> Fact:
        side = next((one for one in sides(records[X]) if not is_stated(getattr(one, field))), None)
        assume(side)
        assert side
        speaks = from_then_on(value, records[X].terms or Terms())
        return Fact(with_side(records, side, **{field: value}), speaks, side.code)

    return add_consent


def later_departure(records: dict[str, Record], value: str) -> Fact:
    side = next((one for one in sides(records[X]) if one.left), None)
    assume(side)
    assert side
    later = value if is_stated(side.left) and is_later(value, side.left) else None
    return Fact(with_side(records, side, left=later), side=side.code)


FACTS = [checked_for_an_end, entry_into_force, provisional_application, automatic_renewal, no_end]
FACTS += [later_end, no_ending_link, later_departure]
FACTS += [consent(field) for field in ("ratified", "acceded", "in_force")]


@settings(max_examples=3 * settings.default.max_examples)
@given(networks(), st.sampled_from(FACTS), DATES, st.lists(ON, max_size=10))
def test_fact_that_speaks_for_in_force_lowers_no_answer(
    records: dict[str, Record],
    add_fact: Callable[[dict[str, Record], str], Fact],
    value: str,
    on: list[date],
) -> None:
    fact = add_fact(records, value)
    codes = [fact.side] if fact.side else [side.code for side in sides(records[X])]
    for code in (None, *codes):
        before = span(records[X], party=code, links=limits(records))
        after = span(fact.records[X], party=code, links=limits(fact.records))
        for day in filter(fact.speaks, on + edges(records, fact.records)):
            ranks = [RANK[answer(when, day).answer] for when in (before, after)]
            assert ranks[0] <= ranks[1], (day, code)


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(networks(), st.sampled_from(FACTS), DATES, st.lists(ON, max_size=10))
def test_fact_lowers_no_answer_in_many_cases(
    records: dict[str, Record],
    add_fact: Callable[[dict[str, Record], str], Fact],
    value: str,
    on: list[date],
) -> None:
    test_fact_that_speaks_for_in_force_lowers_no_answer.hypothesis.inner_test(
        records, add_fact, value, on
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(networks(), st.lists(ON, min_size=1, max_size=10))
def test_answers_agree_with_the_naive_rule_in_many_cases(
    records: dict[str, Record], on: list[date]
) -> None:
    test_answers_agree_with_the_naive_rule_on_every_day.hypothesis.inner_test(records, on)


VAGUER = st.sampled_from(["in_force", "ended", "checked", "period", "date"])


@settings(max_examples=5 * settings.default.max_examples)
@given(RECORDS, st.lists(VAGUER, min_size=1, max_size=3, unique=True), POINTS, ON)
def test_answer_for_a_vague_date_is_possible_or_that_of_each_day_in_it(
    record: Record, fields: list[str], known: str, day: date
) -> None:
    terms = record.terms or Terms()
    for vague in (known[:7], known[:4], known + "~", known[:4] + "?"):
        answers = []
        for value in (vague, known):
            values = {
                field: f"1995/{value}" if field == "period" else value
                for field in fields
                if field != "date"
            }
            changed = replace(
                record,
                date=value if "date" in fields else record.date,
                terms=replace(terms, **values),
            )
            answers.append(in_force(changed, day).answer)
        assert answers[0] in (POSSIBLE, answers[1])


@given(RECORDS, ON)
def test_every_reason_is_a_phrase_without_capital_or_full_stop(record: Record, day: date) -> None:
    status: Status = in_force(record, day)
    assert status.reason
    assert status.reason[0].islower()
    assert not status.reason.removesuffix("/..").endswith((".", ";"))
