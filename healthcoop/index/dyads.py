"""Pairs by year as rows that merge with other data sets: ISO 3166 and Correlates of War codes."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, overload

from healthcoop.index.chosen import Row
from healthcoop.model.dates import bounds
from healthcoop.model.vocabulary import Term, Vocabulary

_CODES = ("alpha3", "numeric", "cow")


class Rows(Sequence[Row]):
    """The rows of dyad_years.sql with the codes of both sides."""

    def __init__(
        self, counted: Sequence[tuple[Any, ...]], vocabulary: Vocabulary, *, folded: bool
    ) -> None:
        """Take the rows as they were counted, and where the codes stand.

        ``folded`` tells that former states are counted as who they fold into.
        """
        self._counted = counted
        self._codes = cache(lambda code, year: _codes(vocabulary, code, year, folded=folded))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._counted)

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        """Make one row, or some."""
        if isinstance(number, slice):
            return [self._row(*each) for each in self._counted[number]]
        return self._row(*self._counted[number])

    def __iter__(self) -> Iterator[Row]:
        """Make one row after the other."""
        return (self._row(*each) for each in self._counted)

    def _row(self, year: int, a: str, b: str, *numbers: int) -> Row:
        row: Row = {"year": year, "a": a, "b": b}
        both = zip(self._codes(a, year), self._codes(b, year), strict=True)
        for name, (here, there) in zip(_CODES, both, strict=True):
            row[f"a_{name}"] = here
            row[f"b_{name}"] = there
        row["encounters"], row["signed"], row["in_force_certain"], row["in_force_possible"] = (
            numbers
        )
        return row


def last_years(vocabulary: Vocabulary) -> dict[str, int]:
    """Give the last year of each country that is no more."""
    ends = {code: bounds(term.ends)[1] for code, term in vocabulary.countries.items() if term.ends}
    return {code: int(day[:4]) for code, day in ends.items() if day}


def _codes(vocabulary: Vocabulary, code: str, year: int, *, folded: bool) -> tuple[str | None, ...]:
    """Give a country's codes in a year: it may have none, or its number be another's then."""
    term = vocabulary.countries.get(code)
    if term is None:
        return (None,) * len(_CODES)
    number = _number(term, year)
    if number is None and folded:
        number = _inherited(vocabulary, term, year)
    return term.more.get("alpha3"), term.more.get("numeric"), number


def _number(term: Term, year: int) -> str | None:
    for held in term.more.get("cow", ()):
        first = bounds(held["from"])[0] if "from" in held else None
        last = bounds(held["until"])[1] if "until" in held else None
        if (first is None or int(first[:4]) <= year) and (last is None or year <= int(last[:4])):
            number: str = held["number"]
            return number
    return None


def _inherited(vocabulary: Vocabulary, heir: Term, year: int) -> str | None:
    """Give the number that a former state had in a year, where it became the heir's."""
    own = {held["number"] for held in heir.more.get("cow", ())}
    for term in vocabulary.countries.values():
        if term.more.get("folds_into") == heir.code and (number := _number(term, year)) in own:
            return number
    return None
