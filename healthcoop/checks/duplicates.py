"""Likely duplicates: pairs of records that may describe one event, each with its reasons.

Only records of one kind are compared: a meeting and the instrument signed at it are two records.
Two with the same sides, on days that may be the same, are always a pair, whatever their words: who
reports an event differently also titles it differently. Two with similar sides, or some days apart,
are a pair if what else they state agrees: their points for sides, dates, types, people, bodies,
cities and words, set by hand and tested on pairs that curators judged (tests/data/duplicates). The
score is the logistic function of their sum. Linked records are never a pair, nor are two with
different identifiers of one scheme, as two entries of a register.
"""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from itertools import count, islice
from typing import Any, NamedTuple

from healthcoop.checks.findings import is_below
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.folding import name_key

THRESHOLD = 0.5
"""The score from which a pair is reported; all pairs of the same sides and days have it."""

_MAX_EXAMINED = 2_000_000  # candidate pairs; in a data set of very similar records there are more
_MAX_COMPARED = 20_000  # of them, those whose records are compared
_MAX_FOUND = 1_000  # of them, those that are returned
_FEW = 10  # records, each of which is compared with all others
_MAX_GAP = 3  # days between the dates of two records that can still be one event
_MAX_WIDTH = 62  # days that the dates of two with other sides or days span: more are too vague
_MAX_TEXT = 1_200  # characters of title and summary, all that are valid
_FREQUENT_WORDS = frozenset({"health", "minister", "ministers", "ministry", "signed", "with"})
_BASE = -5.0  # points before the logistic function
_SIMILAR_TYPES = (  # that reports of one event use for each other
    {"meeting", "visit", "call", "mission", "ceremony"},
    {"agreement", "mou", "protocol", "exchange-of-notes", "letter-of-intent"},
)


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records, a score from 0 to 1 (1: certainly one event), and the reasons for it."""

    one: IndexedRecord
    other: IndexedRecord
    score: float
    reasons: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """Return the keys that ``duplicates -f json`` promises, in their order."""
        return {
            "score": self.score,
            "id": self.one.record.id,
            "other": self.other.record.id,
            "title": self.one.record.title,
            "other_title": self.other.record.title,
            "path": self.one.path,
            "other_path": self.other.path,
            "reasons": list(self.reasons),
        }


class Candidate(NamedTuple):
    """The facts that decide with which records a record is compared.

    ``first`` and ``last`` are its earliest and latest day as ordinals, infinite where unknown;
    ``links`` are pairs of relation and id, ``identifiers`` of scheme and value.
    """

    path: str
    id: str
    kind: str
    sides: frozenset[str]
    first: float
    last: float
    links: frozenset[tuple[str, str]]
    identifiers: frozenset[tuple[str, str]]


CandidatePair = tuple[Candidate, Candidate]


@lru_cache(maxsize=1 << 15)
def day_range(text: str) -> tuple[float, float]:
    """Return the earliest and latest day of a date as ordinals, infinite where unknown.

    A qualified day is widened by 31 days on each side; a month or a year is wide enough as written.
    Raises DateError.
    """
    date = dates.parse(text)
    earliest, latest = (
        dates.widen(date) if date.precision == "day" else (date.earliest, date.latest)
    )
    return (
        earliest.toordinal() if earliest else -math.inf,
        latest.toordinal() if latest else math.inf,
    )


def find(
    records: Iterable[IndexedRecord],
    *,
    threshold: float = THRESHOLD,
    paths: Sequence[str] | None = None,
) -> tuple[list[DuplicatePair], int]:
    """Return the likeliest pairs with a score of at least ``threshold``, the highest score first.

    With ``paths``, files or folders, only pairs with a record in one of them. The second value is
    the number of pairs left out: beyond a thousand, or not compared because there are too many.
    """
    by_path = {indexed.path: indexed for indexed in records}
    below = {path for path in by_path if any(is_below(path, folder) for folder in paths or ())}
    among = None if paths is None else below
    candidates = map(_candidate, by_path.values())
    pairs, left_out = likeliest(candidates, _MAX_COMPARED, among=among, examined=_MAX_EXAMINED)
    found = score_pairs(pairs, by_path.__getitem__, threshold=threshold)
    return found[:_MAX_FOUND], left_out + len(found[_MAX_FOUND:])


def score_pairs(
    pairs: Iterable[CandidatePair],
    read: Callable[[str], IndexedRecord | None],
    *,
    threshold: float = THRESHOLD,
) -> list[DuplicatePair]:
    """Return those of ``pairs`` with a score of at least ``threshold``, the highest first.

    ``read`` returns the record at a path, or None where it is invalid: it is in no pair.
    """

    @cache
    def features(candidate: Candidate) -> _Features | None:
        indexed = read(candidate.path)
        return _Features(indexed, candidate) if indexed else None

    both = ((features(one), features(other)) for one, other in pairs)
    scored = [_compare(one, other) for one, other in both if one and other]
    return sorted(
        (pair for pair in scored if pair.score >= threshold),
        key=lambda pair: (-pair.score, pair.one.path, pair.other.path),
    )


def likeliest(
    candidates: Iterable[Candidate],
    number: int,
    *,
    among: Set[str] | None = None,
    examined: int,
) -> tuple[list[CandidatePair], int]:
    """Return the ``number`` of pairs that are likeliest by sides and days, and that of the others.

    With ``among``, only pairs with a record at one of these paths. Only the first ``examined``
    pairs on near days are considered and counted, those of the sides with fewest records first.
    """
    counter = count()
    near = islice(_near_pairs(candidates, among), examined)
    pairs = zip((pair for pair in near if _may_be_one_event(*pair)), counter, strict=False)
    ranked = nlargest(number, pairs, key=lambda pair: _rank(*pair[0]))
    return [pair for pair, _ in ranked], next(counter) - len(ranked)


def _near_pairs(candidates: Iterable[Candidate], among: Set[str] | None) -> Iterator[CandidatePair]:
    """Yield each pair of a block on near days, the record that begins first before the other."""

    def order(candidate: Candidate) -> tuple[float, str]:
        return candidate.first, candidate.path

    if among is not None and len(among) <= _FEW:
        candidates = _near_any(list(candidates), among)
    for block, owners in _blocks(sorted(candidates, key=order)):
        own = {one.path for one in owners}
        wanted = [one for one in block if among and one.path in among]
        wanted_owners = [one for one in wanted if one.path in own]
        for position, one in enumerate(block):
            whole = among is None or one.path in among
            if one.path in own:
                others = block if whole else wanted
            else:
                others = owners if whole else wanted_owners
            start = position + 1 if others is block else bisect_right(others, order(one), key=order)
            for number in range(start, len(others)):
                other = others[number]
                if other.first > one.last + _MAX_GAP:
                    break  # all that follow are farther away
                yield one, other


def _near_any(candidates: Sequence[Candidate], among: Set[str]) -> Iterator[Candidate]:
    """Yield the candidates that may form a pair with one of a few: the others need no block."""
    few = [one for one in candidates if one.path in among]
    for other in candidates:
        if any(
            one.kind == other.kind
            and not one.sides.isdisjoint(other.sides)
            and other.first <= one.last + _MAX_GAP
            and one.first <= other.last + _MAX_GAP
            for one in few
        ):
            yield other


def _blocks(candidates: Sequence[Candidate]) -> Iterator[tuple[list[Candidate], list[Candidate]]]:
    """Yield the candidates of one kind with a side, and those of them whose rarest side it is.

    If the sides of one are among those of another, both are in the block of the rarest side of the
    first: the work does not grow with the square of the data set. The smallest blocks come first.
    """
    frequency = Counter(side for candidate in candidates for side in candidate.sides)
    owners: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.sides:
            rarest = min(candidate.sides, key=lambda side: (frequency[side], side))
            owners[candidate.kind, rarest].append(candidate)
    blocks: dict[tuple[str, str], list[Candidate]] = {key: [] for key in owners}
    for candidate in candidates:
        for side in candidate.sides:
            if (block := blocks.get((candidate.kind, side))) is not None:
                block.append(candidate)
    for key in sorted(blocks, key=lambda key: (len(blocks[key]), key)):
        if len(blocks[key]) > 1:
            yield blocks[key], owners[key]


def _may_be_one_event(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates on near days are worth comparing.

    Not those that links distinguish, with each other or of both with a third by the same relation,
    or different identifiers of one scheme.
    """
    if not _are_as_one(one, other) and (
        _width(one, other) > _MAX_WIDTH
        or not (one.sides <= other.sides or other.sides <= one.sides)
    ):
        return False
    if one.links or other.links:
        targets = {target for _, target in one.links | other.links}
        if one.id in targets or other.id in targets or one.links & other.links:
            return False
    if one.identifiers and other.identifiers and one.identifiers.isdisjoint(other.identifiers):
        return {scheme for scheme, _ in one.identifiers}.isdisjoint(dict(other.identifiers))
    return True


def _are_as_one(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates have the same sides, on days that may be the same."""
    return one.sides == other.sides and other.first <= one.last


def _rank(one: Candidate, other: Candidate) -> tuple[bool, float, float]:
    """Return a sort key of candidate pairs, the likeliest last."""
    return _are_as_one(one, other), min(one.last - other.first, 0), -_width(one, other)


def _width(one: Candidate, other: Candidate) -> float:
    """Return the days that the less exact of two dates spans."""
    return max(one.last - one.first, other.last - other.first)


def _candidate(indexed: IndexedRecord) -> Candidate:
    record = indexed.record
    return Candidate(
        indexed.path,
        record.id,
        indexed.kind,
        frozenset(party.code for party in record.sides),
        *day_range(record.date),
        frozenset((link.rel, link.record) for link in record.links if link.record),
        frozenset((item.scheme, item.value) for item in record.identifiers),
    )


class _Features:
    """What is compared of a record, computed once; people and bodies by the code of their party."""

    def __init__(self, indexed: IndexedRecord, candidate: Candidate) -> None:
        self.indexed = indexed
        self.candidate = candidate
        record = indexed.record
        self.countries = {party.code for party in record.sides if party.country}
        self.people: dict[str, set[str]] = defaultdict(set)  # the folded last words of their names
        self.surnames: dict[str, str] = {}  # by the folded word
        for person in record.people:
            if name := name_key(person.name).split():
                self.people[person.party or ""].add(name[-1])
                self.surnames[name[-1]] = person.name.split()[-1]
        self.bodies = {
            party.code: _words_of(" ".join(party.bodies)) for party in record.sides if party.bodies
        }
        self.cities = {name_key(place.city) for place in record.places if place.city}
        self.words = _words_of(f"{record.title} {record.summary}"[:_MAX_TEXT]) - _FREQUENT_WORDS


def _words_of(text: str) -> set[str]:
    """Return the folded words of a text, without articles and most prepositions."""
    return {word for word in name_key(text).split() if len(word) > 3}


def _compare(one: _Features, other: _Features) -> DuplicatePair:
    features = (_sides, _dates, _types, _people, _bodies, _cities, _words)
    values = [feature(one, other) for feature in features]
    points = _BASE + sum(value for value, _ in values)
    score = 1 / (1 + math.exp(-points))
    if _are_as_one(one.candidate, other.candidate):
        score = THRESHOLD + (1 - THRESHOLD) * score
    reasons = tuple(reason for _, reason in values if reason)
    return DuplicatePair(one.indexed, other.indexed, round(score, 3), reasons)


_Points = tuple[float, str]  # of one feature, and the reason in words, or an empty text


def _sides(one: _Features, other: _Features) -> _Points:
    sides, others = one.candidate.sides, other.candidate.sides
    if sides == others:
        return 2.0, "the same parties"
    both = len(sides & others)
    reason = f"{both} part{'ies' if both > 1 else 'y'} in common"
    # One report may omit an organisation, or some of those who were there, but not who signed.
    if one.countries != other.countries and one.indexed.kind == "instrument":
        return -4.0, reason
    return 2.0 * both / len(sides | others) - 1.0, reason


def _dates(one: _Features, other: _Features) -> _Points:
    gap = other.candidate.first - one.candidate.last  # the first begins first
    width = _width(one.candidate, other.candidate)
    if gap > 0:
        return 1.0 - 0.6 * gap, f"{int(gap)} day{'s' if gap > 1 else ''} apart"
    # Fewer points the more days are possible.
    points = 2.5 - math.log10(1 + min(width, 1e5))
    written = dict.fromkeys((one.indexed.record.date, other.indexed.record.date))
    same = "perhaps the same day" if width else "the same day"
    return points, f"{same}, {' and '.join(written)}"


def _types(one: _Features, other: _Features) -> _Points:
    types = {one.indexed.record.type, other.indexed.record.type}
    similar = any(types <= group for group in _SIMILAR_TYPES)
    return (0.5 if len(types) == 1 else 0.0 if similar else -3.0), ""


def _people(one: _Features, other: _Features) -> _Points:
    points, common, differing = [], [], []
    for code in sorted(one.people.keys() & other.people.keys()):
        people, others = one.people[code], other.people[code]
        if both := people & others:
            common += [one.surnames[name] for name in sorted(both)]
            points.append(2.0 * len(both) / min(len(people), len(others)))
        else:  # a guest has several meetings in a day: the hosts distinguish them
            differing.append(code)
            points.append(-2.5)
    reasons = [f"people in common: {', '.join(common)}"] if common else []
    reasons += [f"different people for {', '.join(differing)}"] if differing else []
    return sum(points) / max(len(points), 1), "; ".join(reasons)


def _bodies(one: _Features, other: _Features) -> _Points:
    codes = one.bodies.keys() & other.bodies.keys()
    differing = 0
    for code in codes:
        bodies, others = one.bodies[code], other.bodies[code]
        # The same people act for the same body, in whatever language it is named.
        if one.people.get(code, set()).isdisjoint(other.people.get(code, ())):
            differing += len(bodies & others) < 0.6 * min(len(bodies), len(others))
    if differing:  # a party may sign several instruments in a day, each by a different body
        points = -3.0 if one.indexed.kind == "instrument" else -2.0
        return points * differing / len(codes), "different bodies"
    return (0.5 if codes else 0.0), ""


def _cities(one: _Features, other: _Features) -> _Points:
    if not one.cities or not other.cities:
        return 0.0, ""
    return (0.7, "the same city") if one.cities & other.cities else (-1.5, "different cities")


def _words(one: _Features, other: _Features) -> _Points:
    similarity = 2 * len(one.words & other.words) / ((len(one.words) + len(other.words)) or 1)
    return 6.0 * similarity, f"word similarity {similarity:.0%}"
