"""The report on two countries, or on a country and an organisation: everything they share."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthcoop.index.database import Index
from healthcoop.index.link_effects import bounds_of
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.statistics import Row, run
from healthcoop.model import status
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.dates import Edtf, bounds
from healthcoop.model.first_day import first_days
from healthcoop.model.record import Person
from healthcoop.model.scope import missing
from healthcoop.model.status import Span, spans_of_sides

_RANK = {"no": 0, "possible": 1, "certain": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRecord:
    """What reports on its parties have of a record, without the rest: a site has all in memory.

    ``parties`` are the codes of all, observers and depositaries too. By the code of a side,
    ``first_days`` are the dates from which it belongs to the record, None where unknown, and
    ``spans`` the days on which an instrument is in force for it, links considered. ``extended_to``
    are the parties that extend it to territories, each with these; ``event`` is the row of
    ``events`` in a report.
    """

    kind: str
    topics: frozenset[str]
    collection: str
    people: tuple[Person, ...]
    parties: frozenset[str]
    first_days: Mapping[str, Edtf | None]
    spans: Mapping[str, Span]
    extended_to: tuple[tuple[str, tuple[str, ...]], ...]
    event: Mapping[str, Any]

    @classmethod
    def of(cls, index: Index, item: IndexedRecord) -> "ReportedRecord":
        """Return what reports have of a record of the index, whose status on a day is known."""
        record = item.record
        spans: Mapping[str, Span] = {}
        if item.kind == "instrument":
            spans = spans_of_sides(record, links=bounds_of(index, item.path))
        return cls(
            kind=item.kind,
            topics=frozenset(record.topics),
            collection=record.collection,
            people=record.people,
            parties=frozenset((*record.countries, *record.organisations)),
            first_days=first_days(record),
            spans=spans,
            extended_to=tuple(
                (party.code, party.extended_to) for party in record.parties if party.extended_to
            ),
            event=_event(item),
        )


def pair_report(index: Index, query: Query, *, day: date) -> Row:
    """Return what the two parties of a query's one pair share in the records that match it.

    ``day`` is the current one; what is in force is of the query's ``in_force_on`` where it has one.
    The records are those of which both are sides; only ``events`` and ``gaps`` include those that
    one of them observed. The keys, in this order: ``a b day``; ``records instruments encounters``;
    ``bilateral``, the number that ``stats pairs`` counts for the two, from which ``affinity`` is;
    ``years_since_encounter`` (of 365.2425 days, by the earliest day, else the latest); ``first
    last``; ``in_force`` (``certain``, ``possible``, between the two on the day);
    ``instruments_in_force`` (``id date title answer reason``); ``years`` (``year records
    instruments encounters``, years without a record too); ``gaps`` (``from until``: runs of whole
    years between two records in which none can lie); ``topics`` (``topic records``); ``people``
    (who acted for one of the two, most records first: ``name party role records first last``, the
    role being the latest); ``events`` (``id date earliest latest type kind title countries
    organisations status path``, in order); ``coverage`` (``collection records missing``).
    """
    ((a, b),) = query.pairs
    day = query.in_force_on or day
    listed = [ReportedRecord.of(index, item) for item in select(index, query, day=day)]
    organisations = any(code in index.vocabulary.organisations for code in (a, b))
    counted = run(index, "pairs", query, day=day, organisations=organisations).rows
    row: Row = next((row for row in counted if {row["a"], row["b"]} == {a, b}), {})
    return report(index, (a, b), listed, row, day=day)


def report(
    index: Index, pair: tuple[str, str], listed: Sequence[ReportedRecord], row: Row, *, day: date
) -> Row:
    """Return what ``pair_report`` does, from the records of both parties, sorted by date and id.

    Each has its status on the day. ``row`` is that of ``stats pairs`` for the two; empty for none.
    """
    a, b = pair
    shared = [each for each in listed if a in each.first_days and b in each.first_days]
    answers = [answer for each in shared if (answer := _between(each, pair, day))]
    dated = _dated(shared, pair)
    topics = Counter(topic for each in shared for topic in each.topics)
    collections = Counter(each.collection for each in shared)
    return {
        "a": a,
        "b": b,
        "day": day.isoformat(),
        **_counts(shared),
        "bilateral": row.get("records", 0),
        "affinity": row.get("affinity"),
        "years_since_encounter": _years_since(shared, day),
        "first": dated[0][0].text if dated else None,
        "last": dated[-1][0].text if dated else None,
        "in_force": {
            "certain": sum(answer["answer"] == "certain" for answer in answers),
            "possible": len(answers),
        },
        "instruments_in_force": answers,
        "years": [*_years(dated)],
        "gaps": _gaps([each.event for each in listed if each.event["date"]]),
        "topics": [
            {"topic": topic, "records": topics[topic]}
            for topic in sorted(topics, key=lambda topic: (-topics[topic], topic))
        ],
        "people": _people(shared, pair),
        "events": [each.event for each in listed],
        "coverage": [
            {
                "collection": code,
                "records": collections[code],
                "missing": missing(term),
            }
            for code, term in index.vocabulary.collections.items()
        ],
    }


def _counts(listed: Sequence[ReportedRecord]) -> dict[str, int]:
    instruments = sum(each.kind == "instrument" for each in listed)
    numbers = {"records": len(listed), "instruments": instruments}
    return {**numbers, "encounters": len(listed) - instruments}


def _dated(
    shared: Sequence[ReportedRecord], pair: tuple[str, str]
) -> list[tuple[Edtf, ReportedRecord]]:
    """Return the records with the date from which both are sides, where it is known, in order."""
    dated: list[tuple[Edtf, ReportedRecord]] = []
    for each in shared:
        one, other = (each.first_days[code] for code in pair)
        if one and other:
            dated.append((max(one, other, key=lambda day: day.sort_key), each))
    return sorted(dated, key=lambda each: each[0].sort_key)


def _years(dated: Sequence[tuple[Edtf, ReportedRecord]]) -> Iterator[dict[str, int]]:
    """Yield the numbers of each year from the first to the last, those without a record too."""
    of_year: dict[int, list[ReportedRecord]] = {}
    for day, each in dated:
        of_year.setdefault(day.year, []).append(each)
    for year in range(min(of_year), max(of_year) + 1) if of_year else ():
        yield {"year": year, **_counts(of_year.get(year, []))}


def _between(each: ReportedRecord, pair: tuple[str, str], day: date) -> dict[str, str] | None:
    """Return an instrument's status between two parties; None for one that is not in force."""
    if each.kind != "instrument":
        return None
    answers = (status.answer(each.spans[code], day) for code in pair)
    answer = min(answers, key=lambda one: _RANK[one.answer])
    if answer.answer == "no":
        return None
    return {
        **{name: each.event[name] for name in ("id", "date", "title")},
        **{"answer": answer.answer, "reason": answer.reason},
    }


def _years_since(listed: Sequence[ReportedRecord], day: date) -> float | None:
    """Return the years since the last encounter up to a day; None where there is none."""
    events = [each.event for each in listed if each.kind == "encounter"]
    days = [date.fromisoformat(one["earliest"] or one["latest"] or "") for one in events]
    before = [each for each in days if each <= day]
    return round((day - max(before)).days / 365.2425, 1) if before else None


def _gaps(events: Sequence[Mapping[str, Any]]) -> list[dict[str, int]]:
    """Return the runs of whole years, between two records, in which no record can lie.

    The records are in order, so that of those before, only the latest day counts.
    """
    gaps: list[dict[str, int]] = []
    reached = ""
    for event in events:
        earliest, latest = event["earliest"], event["latest"]
        first, last = int((earliest or "0001")[:4]), int(reached[:4] or 9999)
        if first > last + 1:
            gaps.append({"from": last + 1, "until": first - 1})
        reached = max(reached, latest or "9999")
    return gaps


def _people(listed: Sequence[ReportedRecord], pair: tuple[str, str]) -> list[dict[str, Any]]:
    """Return who acted for one of the two, each name once; the records are in order."""
    numbers: Counter[str] = Counter()
    people: dict[str, dict[str, Any]] = {}
    for each in listed:
        names = {one.name: one for one in each.people if one.party in pair}
        for person in names.values():
            numbers[person.name] += 1
            known = people.get(person.name)
            people[person.name] = {
                "name": person.name,
                "party": person.party,
                "role": person.role or (known and known["role"]),
                "records": numbers[person.name],
                "first": known["first"] if known else each.event["date"],
                "last": each.event["date"],
            }
    return sorted(people.values(), key=lambda person: (-person["records"], person["name"]))


def _event(item: IndexedRecord) -> dict[str, Any]:
    record = item.record
    earliest, latest = bounds(record.date) if record.date else (None, None)
    return {
        **{"id": record.id, "date": record.date, "earliest": earliest, "latest": latest},
        **{"type": record.type, "kind": item.kind, "title": record.title},
        **{"countries": [*record.countries], "organisations": [*record.organisations]},
        **{"status": item.status, "path": item.path},
    }
