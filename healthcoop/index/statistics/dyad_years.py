"""Rows of pairs by year, with the ISO 3166 and Correlates of War codes to merge other data on."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any, overload

from healthcoop.model.dates import bounds
from healthcoop.model.scope import complete_scopes
from healthcoop.model.vocabulary import Term, Vocabulary

Row = dict[str, Any]
"""One row of a statistic: the keys of its JSON, in their order."""


class DyadYears(Sequence[Row]):
    """The runs of dyad_years.sql as one row a year; each is built when it is read."""

    def __init__(
        self,
        runs: Sequence[tuple[Any, ...]],
        vocabulary: Vocabulary,
        *,
        folded: bool,
        day: date,
        collections: Sequence[str],
    ) -> None:
        """Store the runs of years and the vocabulary that has the codes.

        With ``folded``, former states are counted as the states that continue them. ``day`` is the
        last that is counted; ``collections`` are those of the query, empty for all.
        """
        self._runs = runs
        self._starts = array("Q", accumulate(map(_length, runs), initial=0))
        self._codes = cache(lambda code, year: _codes(vocabulary, code, year, folded=folded))
        self._scopes = complete_scopes(vocabulary, collections)
        members = _members(vocabulary) if folded and self._scopes else {}

        @cache
        def searched(kind: str, code: str, year: int) -> bool:
            first, last = date(year, 1, 1), min(date(year, 12, 31), day)
            codes = [each.code for each in members.get(code, ()) if _exists(each, year)] or [code]
            return any(
                kind in scope.kinds and scope.has(codes, first, last) for scope in self._scopes
            )

        self._searched = searched

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._starts[-1]

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        """Build one row, or several."""
        if isinstance(number, slice):
            return [self[each] for each in range(len(self))[number]]
        place = range(len(self))[number]
        run = bisect_right(self._starts, place) - 1
        return self._row(self._runs[run], place - self._starts[run])

    def __iter__(self) -> Iterator[Row]:
        """Build one row after the other."""
        return (self._row(run, later) for run in self._runs for later in range(_length(run)))

    def _row(self, run: tuple[Any, ...], later: int) -> Row:
        """Build the row of a run ``later`` years after its first."""
        a, b, first, _, encounters, signed, certain, possible = run
        year = first + later
        a_alpha3, a_numeric, a_cow = self._codes(a, year)
        b_alpha3, b_numeric, b_cow = self._codes(b, year)
        return {
            "year": year,
            "a": a,
            "b": b,
            "a_alpha3": a_alpha3,
            "b_alpha3": b_alpha3,
            "a_numeric": a_numeric,
            "b_numeric": b_numeric,
            "a_cow": a_cow,
            "b_cow": b_cow,
            "encounters": 0 if later else encounters,
            "signed": 0 if later else signed,
            "in_force_certain": certain,
            "in_force_possible": possible,
            "searched_instruments": self._is_searched("instrument", a, b, year),
            "searched_encounters": self._is_searched("encounter", a, b, year),
        }

    def _is_searched(self, kind: str, a: str, b: str, year: int) -> bool:
        """Return whether a complete collection has all events of either of two in a year."""
        if not self._scopes:
            return False
        return self._searched(kind, a, year) or self._searched(kind, b, year)


def _members(vocabulary: Vocabulary) -> dict[str, list[Term]]:
    """Return by code the states that are counted as one: itself, and those that fold into it."""
    members: dict[str, list[Term]] = defaultdict(list)
    for each in vocabulary.countries.values():
        for code in {each.code, vocabulary.folded_into(each.code) or each.code}:
            members[code].append(each)
    return members


def _exists(term: Term, year: int) -> bool:
    first = bounds(term.starts)[0] if term.starts else None
    last = bounds(term.ends)[1] if term.ends else None
    return (not first or int(first[:4]) <= year) and (not last or year <= int(last[:4]))


def _length(run: tuple[Any, ...]) -> int:
    _, _, first, last, *_ = run
    return int(last) - int(first) + 1


def _codes(
    vocabulary: Vocabulary, code: str, year: int, *, folded: bool
) -> tuple[str | None, str | None, str | None]:
    """Return a country's alpha-3, numeric and COW codes in a year, each None where it has none."""
    term = vocabulary.countries.get(code)
    if term is None:
        return None, None, None
    number = _number(term, year)
    if number is None and folded:
        number = _inherited(vocabulary, term, year)
    return term.more.get("alpha3"), term.more.get("numeric"), number


def _number(term: Term, year: int) -> str | None:
    for entry in term.more.get("cow", ()):
        first = bounds(entry["from"])[0] if "from" in entry else None
        last = bounds(entry["until"])[1] if "until" in entry else None
        if (first is None or int(first[:4]) <= year) and (last is None or year <= int(last[:4])):
            number: str = entry["number"]
            return number
    return None


def _inherited(vocabulary: Vocabulary, successor: Term, year: int) -> str | None:
    """Return the COW number a folded former state had in a year, if its successor has it too."""
    own = {entry["number"] for entry in successor.more.get("cow", ())}
    for term in vocabulary.countries.values():
        if term.more.get("folds_into") == successor.code and (number := _number(term, year)) in own:
            return number
    return None
