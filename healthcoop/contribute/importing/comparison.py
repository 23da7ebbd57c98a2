"""Their rows beside our records: which are the same, what differs, what only one side has.

A row is the same as a record that has its identifier; else as the one that would be reported as its
likely duplicate (``checks/duplicates.py``). A row without parties, as in tables that keep them
elsewhere, is compared by title with the records of days near its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, Literal

from healthcoop.checks import duplicates
from healthcoop.checks.duplicates import day_range
from healthcoop.contribute.importing.mapping import ImportMapping
from healthcoop.contribute.importing.records import LeftOut, RecordBuilder
from healthcoop.contribute.importing.rows import read_rows
from healthcoop.contribute.importing.template import RowRefused
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.dates import DateError
from healthcoop.model.folding import name_key
from healthcoop.model.shape import ShapeError

COLUMNS: Mapping[str, Literal["text", "integer", "list"]] = {
    "state": "text",
    "row": "integer",
    **dict.fromkeys(("identifier", "their_title", "their_date"), "text"),
    **dict.fromkeys(("record", "title", "date", "reason"), "text"),
    "differences": "list",
}
"""The columns of a comparison, in their order, each with the kind of its values."""

KIND = "instrument"
_THEIRS = "theirs"  # the folder of rows, as if they were files
_STEM = 6  # letters of a word that count, so that organisation and organizations are one
_THRESHOLD = 0.1  # of a pair's score: what is compared is shown, and nothing is merged
_AHEAD = 0.05  # of the next one's score: less, and both are named
_LIKE = 0.5  # the share of the words of two titles that must be the same
_OF_PART, _ENOUGH = 0.6, 3  # the greatest share for a title within a longer one; its common words
_NEAR = 366  # days between the dates of one text, which some date by adoption, others by signature


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row, a record, or both.

    ``differences`` are texts ``field: theirs, ours``; of parties, ``+`` is before those that only
    they have, ``-`` before those that only we have.
    """

    state: str
    row: int | None = None
    identifier: str = ""
    their_title: str = ""
    their_date: str = ""
    record: str = ""
    title: str = ""
    date: str = ""
    reason: str = ""
    differences: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the keys of COLUMNS, None where there is nothing."""
        data: dict[str, Any] = {name: getattr(self, name) or None for name in COLUMNS}
        return data | {"differences": [*self.differences]}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that could be read, as a record, and what the comparison says of it."""

    indexed: IndexedRecord
    compared: ComparedRow
    identifiers: frozenset[tuple[str, str]]


def compare(index: Index, path: Path, mapping: ImportMapping, query: Query) -> list[ComparedRow]:
    """Compare the rows of a file with the instruments.

    First each row, in the order of the file, then the instruments that no row is the same as, if
    they match and are between the first and the last date of the rows. Raises HealthcoopError for
    a file that cannot be read, or that lacks a column of the mapping.
    """
    ours = [one for one in select(index, Query()) if one.kind == KIND]
    chosen = {one.path for one in select(index, query)}
    rows, others = _read(path, RecordBuilder(mapping, index.vocabulary))
    found: dict[int, ComparedRow] = {row.row or 0: row for row in others}
    matched: set[str] = set()
    by_identifier = {
        (item.scheme, item.value): indexed
        for indexed in ours
        for item in indexed.record.identifiers
    }
    rest = []
    for row in rows:
        known = [by_identifier[key] for key in row.identifiers if key in by_identifier]
        if known:
            found[row.compared.row or 0] = _both(row, known[0], "the same identifier")
            matched.add(known[0].path)
        else:
            rest.append(row)
    likely = _likely(rest, [indexed for indexed in ours if indexed.path not in matched])
    for row in rest:
        candidates = likely[row.indexed.path]
        if len(candidates) == 1:
            found[row.compared.row or 0] = _both(row, *candidates[0])
            matched.add(candidates[0][0].path)
        elif candidates:
            named = "; ".join(f"{one.record.id} ({reason})" for one, reason in candidates)
            found[row.compared.row or 0] = replace(row.compared, state="ambiguous", reason=named)
            matched.update(one.path for one, _ in candidates)
        else:
            found[row.compared.row or 0] = replace(row.compared, state="theirs")
    unmatched = chosen - matched
    return [
        *(found[number] for number in sorted(found)),
        *_only_ours(rows, (one for one in ours if one.path in unmatched)),
    ]


def _read(path: Path, builder: RecordBuilder) -> tuple[list[_Row], list[ComparedRow]]:
    """Return the rows of a file as records, and those that could not become one."""
    rows, others = [], []
    seen: set[str] = set()
    for row in read_rows(path):
        seen.update(row.values)
        compared = ComparedRow("", row.number)
        try:
            if row.problem:
                raise RowRefused(row.problem)
            builder.check_columns(seen)
            data = builder.build(row)
            indexed = IndexedRecord(data, f"{_THEIRS}/{row.number}", KIND)
            identifiers = [(each.scheme, each.value) for each in indexed.record.identifiers]
            day_range(indexed.record.date)
            title = indexed.record.official_title
            compared = replace(
                compared,
                identifier=identifiers[0][1] if identifiers else "",
                their_title=title.text if title else indexed.record.title,
                their_date=indexed.record.date,
            )
            rows.append(_Row(indexed, compared, frozenset(identifiers)))
        except LeftOut as left_out:
            others.append(replace(compared, state="left-out", reason=left_out.reason))
        except (RowRefused, DateError, ShapeError) as refusal:
            others.append(replace(compared, state="refused", reason=str(refusal)))
    return rows, others


def _both(row: _Row, ours: IndexedRecord, reason: str) -> ComparedRow:
    """Return a row that is the same as a record, with what differs between them."""
    record = ours.record
    differences = tuple(_differences(row.indexed, ours))
    return replace(
        row.compared,
        state="differs" if differences else "same",
        record=record.id,
        title=record.official_title.text if record.official_title else record.title,
        date=record.date,
        reason=reason,
        differences=differences,
    )


def _differences(theirs: IndexedRecord, ours: IndexedRecord) -> Iterator[str]:
    """Yield what both state, and state differently: days that cannot be the same, parties."""
    for name, one, other in (
        ("date", theirs.record.date, ours.record.date),
        ("terms.in_force", *(_term(each, "in_force") for each in (theirs, ours))),
        ("terms.ended", *(_term(each, "ended") for each in (theirs, ours))),
    ):
        if one and other and not _may_be_the_same(one, other):
            yield f"{name}: {one}, {other}"
    one_side, other_side = (
        {party.code for party in each.record.parties} for each in (theirs, ours)
    )
    if one_side and one_side != other_side:
        theirs_only = [f"+{code}" for code in sorted(one_side - other_side)]
        ours_only = [f"-{code}" for code in sorted(other_side - one_side)]
        yield f"parties: {' '.join([*theirs_only, *ours_only])}"


def _term(indexed: IndexedRecord, name: str) -> str:
    terms = indexed.record.terms
    return (getattr(terms, name) or "") if terms else ""


def _may_be_the_same(one: str, other: str) -> bool:
    """Return whether two dates, or ``none`` and ``unknown``, can mean one day."""
    if dates.read(one) is None or dates.read(other) is None:
        return one == other or "unknown" in (one, other)
    (first, last), (other_first, other_last) = day_range(one), day_range(other)
    return first <= other_last and other_first <= last


def _likely(
    rows: Sequence[_Row], ours: Sequence[IndexedRecord]
) -> dict[str, list[tuple[IndexedRecord, str]]]:
    """Return the records that each row is likely the same as, with the reasons, by its path."""
    found: dict[str, list[tuple[IndexedRecord, str]]] = {row.indexed.path: [] for row in rows}
    with_parties = [row.indexed for row in rows if row.indexed.record.parties]
    scores: dict[str, float] = {}
    pairs, _ = duplicates.find([*with_parties, *ours], threshold=_THRESHOLD, paths=[_THEIRS])
    for pair in pairs:  # the highest score first
        one, other = pair.one, pair.other
        if other.path in found:
            one, other = other, one
        if other.path in found or pair.score <= scores.setdefault(one.path, pair.score) - _AHEAD:
            continue
        found[one.path].append((other, f"{pair.score:.2f}: {', '.join(pair.reasons)}"))
    titled = [_Titled(each) for each in ours]
    for row in rows:
        if not row.indexed.record.parties:
            found[row.indexed.path] = _by_title(_Titled(row.indexed), titled)
    return found


class _Titled:
    """A record, the words of its titles and the days of its date."""

    def __init__(self, indexed: IndexedRecord) -> None:
        self.indexed = indexed
        record = indexed.record
        official = record.official_title.text if record.official_title else ""
        self.words = [_words(text) for text in (official, record.title) if text]
        self.first, self.last = day_range(record.date)


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in name_key(text).split() if len(word) > 3)


def _by_title(theirs: _Titled, instruments: Iterable[_Titled]) -> list[tuple[IndexedRecord, str]]:
    """Return the likeliest records of a title and a date; several where they are equally likely."""
    found = []
    for ours in instruments:
        gap = max(theirs.first - ours.last, ours.first - theirs.last, 0)
        if gap > _NEAR:
            continue
        share = max(map(_share, product(theirs.words, ours.words)), default=0)
        if share >= _LIKE:
            days = "the same day" if not gap else f"{gap:.0f} days apart"
            found.append(((share, -gap), ours.indexed, f"{days}, title {share:.0%} alike"))
    best = max((rank for rank, *_ in found), default=None)
    return [(indexed, reason) for rank, indexed, reason in found if rank == best]


def _share(titles: tuple[frozenset[str], frozenset[str]]) -> float:
    """Return how alike two titles are, 0 to 1: common words of all, or most of a shorter one's."""
    one, other = titles
    common = len(one & other)
    shorter = min(len(one), len(other))
    part = _OF_PART * common / shorter if common >= _ENOUGH else 0.0
    return max(part, common / (len(one | other) or 1))


def _only_ours(rows: Sequence[_Row], ours: Iterable[IndexedRecord]) -> Iterator[ComparedRow]:
    """Yield the records between the first and the last date of the rows, as ``ours``."""
    ranges = [day_range(row.indexed.record.date) for row in rows]
    if not ranges:
        return
    start, end = min(first for first, _ in ranges), max(last for _, last in ranges)
    for indexed in ours:
        record = indexed.record
        first, last = day_range(record.date)
        if first <= end and start <= last:
            title = record.official_title.text if record.official_title else record.title
            yield ComparedRow("ours", record=record.id, title=title, date=record.date)
