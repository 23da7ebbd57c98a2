"""The figures of countries, organisations and pairs, each counted once for all pages of a build."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from healthcoop.index.pair_report import ReportedRecord, report
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.statistics import Row, run
from healthcoop.model import status
from healthcoop.site.charts import count_years

if TYPE_CHECKING:
    from datetime import date

    from healthcoop.index.database import Index
    from healthcoop.model.columns import IndexedRecord
    from healthcoop.model.status import Status
    from healthcoop.site.entries import Entry

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InForce:
    """An instrument that is in force for a party today, certainly or possibly, and why."""

    entry: "Entry"
    status: "Status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The records of a party, each in one of these lists, the newest event first.

    ``in_force`` has the certain ones first; ``other_instruments`` have ended, or not begun;
    ``observed`` are those of which the party is not a side.
    """

    in_force: Sequence[InForce]
    other_instruments: Sequence[InForce]
    encounters: "Sequence[Entry]"
    observed: "Sequence[Entry]"


@dataclass(frozen=True, kw_only=True)
class PartyFigures:
    """The figures of the countries, organisations and pairs of some entries, on a day.

    ``has_page`` is whether a record is that of an entry.
    """

    index: "Index"
    today: "date"
    entries: "Sequence[Entry]"
    by_party: "Mapping[str, Sequence[Entry]]"
    has_page: "Callable[[IndexedRecord], bool]"

    @cached_property
    def counts(self) -> Mapping[str, Row]:
        """The rows of ``stats countries`` and ``stats organisations``, by code."""
        return {
            row[column]: row
            for name, column in (("countries", "country"), ("organisations", "organisation"))
            for row in self._rows(name)
        }

    def records_of(self, code: str) -> int:
        """Return the number of records with a party among the sides."""
        row = self.counts.get(code)
        return row["records"] if row else 0

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], Row]:
        """The rows of ``stats pairs``, by the codes of the two countries."""
        return {(row["a"], row["b"]): row for row in self._rows("pairs")}

    @cached_property
    def partners(self) -> Mapping[str, Sequence[Row]]:
        """The rows of ``stats pairs --country`` of each country."""
        return _by_party(self.pairs.values())

    @cached_property
    def organisations(self) -> Mapping[str, Sequence[Row]]:
        """The rows of ``stats pairs --with organisations`` that have an organisation, by party."""
        known = self.index.vocabulary.organisations
        rows = self._rows("pairs", organisations=True)
        return _by_party([row for row in rows if row["a"] in known or row["b"] in known])

    @cached_property
    def records(self) -> Mapping[str, ReportedRecord]:
        """What reports have of the record of each entry, by its id; sorted by date and id."""
        return {
            item.data["id"]: ReportedRecord.of(self.index, item)
            for item in select(self.index, Query(), day=self.today)
            if self.has_page(item)
        }

    @cached_property
    def extended_to(self) -> Mapping[str, "Sequence[Entry]"]:
        """The instruments that a party extended to each territory, the newest first."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            extended = self.records[entry.id].extended_to
            for code in sorted({code for _, codes in extended for code in codes}):
                found[code].append(entry)
        return found

    @cached_property
    def territories(self) -> Mapping[str, Mapping[str, int]]:
        """The number of instruments that each party extended to each territory, most first."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for each in self.records.values():
            for party, codes in each.extended_to:
                found[party].update({*codes})
        return {
            code: dict(sorted(numbers.items(), key=lambda one: (-one[1], one[0])))
            for code, numbers in found.items()
        }

    @cached_property
    def report(self) -> Callable[[Pair], Row]:
        """The function that returns what ``pair -f json`` has for two countries, sorted codes.

        A page and its data are made one after the other, from the same report.
        """
        return lru_cache(maxsize=1)(self._report)

    @cached_property
    def listed(self) -> Callable[[str], Listed]:
        """The function that returns the records of a party in their lists."""
        return lru_cache(maxsize=1)(self._listed)

    def _report(self, pair: Pair) -> Row:
        a, b = pair
        both = [each for each in self._reported[a] if b in each.parties]
        return report(self.index, pair, both, self.pairs[pair], day=self.today)

    def _listed(self, code: str) -> Listed:
        answers: dict[str, list[InForce]] = {"certain": [], "possible": [], "no": []}
        encounters: list[Entry] = []
        observed: list[Entry] = []
        for entry in self.by_party[code]:
            if code not in entry.sides:
                observed.append(entry)
            elif entry.kind == "encounter":
                encounters.append(entry)
            else:
                answer = status.answer(self.records[entry.id].spans[code], self.today)
                answers[answer.answer].append(InForce(entry, answer))
        return Listed(
            in_force=(*answers["certain"], *answers["possible"]),
            other_instruments=answers["no"],
            encounters=encounters,
            observed=observed,
        )

    def data(self, code: str) -> dict[str, Any]:
        """Return the data of a party's page.

        ``party`` is its row of ``stats countries`` or ``organisations``, null where it only
        observed; ``pairs`` and ``organisations`` are the rows of ``stats pairs``, ``years`` and
        ``topics`` those of these statistics; ``in_force`` has ``id`` and ``answer``; ``records``
        has ids, the newest event first.
        """
        return {
            "code": code,
            "day": self.today.isoformat(),
            "party": self.counts.get(code),
            "pairs": self.partners.get(code, ()),
            "organisations": self.organisations.get(code, ()),
            "years": count_years(self.by_party[code]),
            "topics": self.topics(code),
            "in_force": [
                {"id": each.entry.id, "answer": each.status.answer}
                for each in self.listed(code).in_force
            ],
            "records": [entry.id for entry in self.by_party[code]],
        }

    def joined_later(self, code: str) -> int:
        """Return how many records a party has been a side of since another year than theirs."""
        days = (
            (entry.year, self.records[entry.id].first_days[code])
            for entry in self.by_party[code]
            if code in entry.sides
        )
        return sum(day is None or day.year != year for year, day in days if year is not None)

    def topics(self, code: str) -> list[Row]:
        """Return the number of a party's records by topic, the most frequent first."""
        numbers = Counter(topic for entry in self.by_party[code] for topic in {*entry.topics})
        return [
            {"topic": topic, "records": numbers[topic]}
            for topic in sorted(numbers, key=lambda topic: (-numbers[topic], topic))
        ]

    @cached_property
    def _reported(self) -> Mapping[str, Sequence[ReportedRecord]]:
        grouped: defaultdict[str, list[ReportedRecord]] = defaultdict(list)
        for each in self.records.values():
            for code in each.parties:
                grouped[code].append(each)
        return grouped

    def _rows(self, name: str, **options: bool) -> Sequence[Row]:
        return run(self.index, name, Query(), day=self.today, **options).rows


def _by_party(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["a"]].append(row)
        grouped[row["b"]].append(row)
    return dict(grouped)


def partner(row: Row, code: str) -> str:
    """Return the other party of a row of pairs."""
    other: str = row["b"] if row["a"] == code else row["a"]
    return other
