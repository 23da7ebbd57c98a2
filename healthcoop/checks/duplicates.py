"""Likely duplicates: pairs of records that may describe one event, each with its reasons.

Only records of one kind are compared: a meeting and the instrument signed at it are two records.
Blocking: candidate pairs share two parties (or their only one) and are at most ten days apart, so
the work does not grow with the square of the data set. Scoring: a pair gets points for parties,
dates with their uncertainty, type, words of title and summary, people, bodies and cities; the score
is the logistic function of their sum. The weights were set by hand and are tested on pairs that
curators judged (tests/data/duplicates).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from healthcoop.checks.findings import is_below
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.folding import name_key

THRESHOLD = 0.5
"""The score from which a pair is more likely one event than two."""

_MAX_KEY_CODES = 12  # of more parties only the rarest are paired: all pairs would be too many
_MAX_GAP = 10  # days between the dates of two records that can still be one event
_STOP_WORDS = frozenset({"of", "and", "for", "in", "the"})

# Points before the logistic function.
_BASE = -6.0
_WORDS = 6.0
_MAX_OTHER = _WORDS + 0.5 + 2.0 + 0.5 + 0.7  # words, types, people, bodies and cities, all the same
_TYPE_GROUPS = {
    frozenset({"meeting", "visit", "call", "mission", "ceremony"}): 0.0,
    frozenset({"agreement", "mou", "protocol", "exchange-of-notes", "letter-of-intent"}): -0.5,
}
"""Types that reports of one event use for each other, and the points where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    ``links`` are pairs of relation and id, of the links to records.
    """

    path: str
    id: str
    kind: str
    codes: Sequence[str]
    first: float
    last: float
    links: Sequence[tuple[str, str]]


@lru_cache(maxsize=1 << 15)
def day_range(text: str) -> tuple[float, float]:
    """Return the earliest and latest day of a date as ordinals, infinite where unknown.

    A qualified date is widened as for entry into force. Raises DateError.
    """
    earliest, latest = dates.widen(dates.parse(text))
    return (
        earliest.toordinal() if earliest else -math.inf,
        latest.toordinal() if latest else math.inf,
    )


class _Features:
    """What is compared of a record, computed once."""

    def __init__(self, indexed: IndexedRecord) -> None:
        self.indexed = indexed
        self.candidate = _candidate(indexed)
        self.codes = frozenset(self.candidate.codes)
        self.words = _words(indexed)
        date = dates.parse(indexed.record.date)
        self.exact = date.exact
        self.day = date.earliest.toordinal() if date.earliest and date.precision == "day" else None

    @cached_property
    def people(self) -> Mapping[str, set[str]]:
        """The folded last words of people's names, by the code of their party."""
        people: dict[str, set[str]] = defaultdict(set)
        for person in self.indexed.record.people:
            if words := name_key(person.name).split():
                people[person.party or ""].add(words[-1])
        return people

    @cached_property
    def bodies(self) -> Mapping[str, list[frozenset[str]]]:
        """The folded words of each body, without stop words, by the code of its party."""
        return {
            party.code: [frozenset(name_key(body).split()) - _STOP_WORDS for body in party.bodies]
            for party in self.indexed.record.parties
            if party.bodies
        }

    @cached_property
    def cities(self) -> frozenset[str]:
        """The folded names of the cities."""
        places = self.indexed.record.places
        return frozenset(name_key(place.city) for place in places if place.city)


def find(
    records: Iterable[IndexedRecord],
    *,
    threshold: float = THRESHOLD,
    paths: Sequence[str] | None = None,
) -> list[DuplicatePair]:
    """Return the pairs with a score of at least ``threshold``, the highest score first.

    With ``paths``, files or folders, only pairs with a record in one of them.
    """
    by_path = {indexed.path: indexed for indexed in records}
    pairs = candidate_pairs(map(_candidate, by_path.values()))
    indexed = (
        (by_path[one.path], by_path[other.path])
        for one, other in pairs
        if paths is None
        or any(is_below(end.path, folder) for end in (one, other) for folder in paths)
    )
    return score_pairs(indexed, by_path.values(), threshold=threshold)


def score_pairs(
    pairs: Iterable[tuple[IndexedRecord, IndexedRecord]],
    sample: Iterable[IndexedRecord],
    *,
    threshold: float = THRESHOLD,
) -> list[DuplicatePair]:
    """Return those of ``pairs`` with a score of at least ``threshold``, the highest first.

    The rarity of words is estimated from ``sample``; where that is the whole data set, the scores
    are those of ``find``.
    """
    weights = _word_weights(sample)
    features: dict[str, _Features] = {}

    def features_of(indexed: IndexedRecord) -> _Features:
        return features.get(indexed.path) or features.setdefault(indexed.path, _Features(indexed))

    scored = (_compare(features_of(one), features_of(other), weights) for one, other in pairs)
    return sorted(
        (pair for pair in scored if pair.score >= threshold),
        key=lambda pair: (-pair.score, pair.one.path, pair.other.path),
    )


def _candidate(indexed: IndexedRecord) -> Candidate:
    record = indexed.record
    codes = [party.code for party in record.parties]
    links = [(link.rel, link.record) for link in record.links if link.record]
    days = day_range(record.date)
    return Candidate(indexed.path, record.id, indexed.kind, codes, *days, links)


def candidate_pairs(candidates: Iterable[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield each pair once that is worth comparing; pairs that curators have linked are not."""
    seen: set[tuple[str, str]] = set()
    for block in _blocks(list(candidates)):
        block.sort(key=lambda candidate: (candidate.first, candidate.path))
        for number, one in enumerate(block):
            for other in block[number + 1 :]:
                if other.first > one.last + _MAX_GAP:
                    break  # sorted by first day: all that follow are farther away
                pair = (one.path, other.path)
                if pair not in seen and not _are_linked(one, other):
                    yield one, other
                seen.add(pair)


def max_points(one: Candidate, other: Candidate) -> float:
    """Return the points of two candidates if everything not known of them yet were the same.

    Used to choose the pairs that are worth reading; with 0 or less the score is below 0.5.
    """
    gap, width = _gap(one, other), _width(one, other)
    near = 1.0 - 0.4 * gap if gap > 0 else 2.5 - min(2.0, width / 200)
    same = set(one.codes) == set(other.codes)
    parties = 2.0 if same else -3.0 if one.kind == "instrument" else 1.0
    return _BASE + _MAX_OTHER + near + parties


def _gap(one: Candidate, other: Candidate) -> float:
    """Return the days between two dates; 0 or less where they may be the same day."""
    return max(one.first, other.first) - min(one.last, other.last)


def _width(one: Candidate, other: Candidate) -> float:
    """Return the days that the less exact of two dates spans."""
    return max(one.last - one.first, other.last - other.first)


def _blocks(candidates: Sequence[Candidate]) -> Iterable[list[Candidate]]:
    """Group the candidates of one kind by each two parties they share, or by their only one."""
    frequency = Counter(code for candidate in candidates for code in set(candidate.codes))
    blocks: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        codes = sorted(set(candidate.codes))
        if len(codes) > _MAX_KEY_CODES:
            codes = sorted(sorted(codes, key=frequency.__getitem__)[:_MAX_KEY_CODES])
        for key in combinations(codes, min(2, len(codes))):
            blocks[(candidate.kind, *key)].append(candidate)
    return (block for block in blocks.values() if len(block) > 1)


def _are_linked(one: Candidate, other: Candidate) -> bool:
    """Return whether the two are linked, or both to a third record by the same relation."""
    return (
        any(target == other.id for _, target in one.links)
        or any(target == one.id for _, target in other.links)
        or not set(one.links).isdisjoint(other.links)
    )


def _words(indexed: IndexedRecord) -> frozenset[str]:
    """Return the folded words of title and summary."""
    return frozenset(name_key(f"{indexed.record.title} {indexed.record.summary}").split())


def _word_weights(records: Iterable[IndexedRecord]) -> Mapping[str, float]:
    """Return each word's inverse document frequency, so that frequent words count little."""
    documents = [_words(indexed) for indexed in records]
    counts = Counter(word for words in documents for word in words)
    weights = {word: math.log(1 + len(documents) / number) for word, number in counts.items()}
    # A word that the sample does not have is as rare as can be.
    return defaultdict(lambda: math.log(1 + len(documents)), weights)


def _compare(one: _Features, other: _Features, weights: Mapping[str, float]) -> DuplicatePair:
    points, reasons = _BASE, []
    for feature in (_parties, _dates, _types, _people, _bodies, _cities):
        value, reason = feature(one, other)
        points += value
        if reason:
            reasons.append(reason)
    similarity = _cosine(one.words, other.words, weights)
    points += _WORDS * similarity
    reasons.append(f"word similarity {similarity:.0%}")
    return DuplicatePair(
        one=one.indexed,
        other=other.indexed,
        score=round(1 / (1 + math.exp(-points)), 3),
        reasons=tuple(reasons),
    )


_Points = tuple[float, str]
"""The points of one feature, and the reason in words; empty where there is nothing to say."""


def _parties(one: _Features, other: _Features) -> _Points:
    both = one.codes & other.codes
    if one.codes == other.codes:
        return 2.0, "the same parties"
    reason = f"{len(both)} part{'ies' if len(both) > 1 else 'y'} in common"
    # One report may omit some of those who were there, but not of those who signed.
    if both in (one.codes, other.codes) and one.indexed.kind != "instrument":
        return 2.0 * len(both) / len(one.codes | other.codes) - 1.0, reason
    return -3.0, reason


def _dates(one: _Features, other: _Features) -> _Points:
    gap = _gap(one.candidate, other.candidate)
    if gap > 0:
        return 1.0 - 0.4 * gap, f"{int(gap)} day{'s' if gap > 1 else ''} apart"
    if one.exact and other.exact:
        return 2.5, f"the same day, {one.indexed.record.date}"
    # Fewer points the more days are possible, and the farther apart two approximate days are.
    apart = abs(one.day - other.day) if one.day and other.day else 0
    width = _width(one.candidate, other.candidate)
    points = 2.0 - min(2.0, width / 200) - 0.15 * apart
    written = dict.fromkeys((one.indexed.record.date, other.indexed.record.date))
    return points, f"perhaps the same day, {' and '.join(written)}"


def _types(one: _Features, other: _Features) -> _Points:
    types = {one.indexed.record.type, other.indexed.record.type}
    if len(types) == 1:
        return 0.5, ""
    return next((points for group, points in _TYPE_GROUPS.items() if types <= group), -2.5), ""


def _people(one: _Features, other: _Features) -> _Points:
    codes = sorted(one.people.keys() & other.people.keys())
    if not codes:
        return 0.0, ""
    points, common, differing = [], [], []
    for code in codes:
        both = one.people[code] & other.people[code]
        common += sorted(both)
        if both:
            points.append(2.0 * len(both) / min(len(one.people[code]), len(other.people[code])))
        else:  # a guest has several meetings in a day: the hosts distinguish them
            points.append(-2.5)
            differing.append(code)
    reasons = [f"people in common: {', '.join(common)}"] if common else []
    reasons += [f"different people for {', '.join(differing)}"] if differing else []
    return sum(points) / len(points), "; ".join(reasons)


def _bodies(one: _Features, other: _Features) -> _Points:
    codes = one.bodies.keys() & other.bodies.keys()
    if not codes:
        return 0.0, ""
    differing = sum(not _share_a_body(one.bodies[code], other.bodies[code]) for code in codes)
    if differing:  # a party may sign several instruments in a day, each by a different body
        points = -3.0 if one.indexed.kind == "instrument" else -2.0
        return points * differing / len(codes), "different bodies"
    return 0.5, "the same bodies"


def _share_a_body(one: list[frozenset[str]], other: list[frozenset[str]]) -> bool:
    """Return whether a body in each list shares most of its words with one in the other."""
    return any(
        len(words & others) >= 0.6 * min(len(words), len(others))
        for words in one
        for others in other
    )


def _cities(one: _Features, other: _Features) -> _Points:
    if not one.cities or not other.cities:
        return 0.0, ""
    return (0.7, "the same city") if one.cities & other.cities else (-1.5, "different cities")


def _cosine(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    # fsum: sets have no fixed order, and the score must not depend on it.
    both = math.fsum(weights[word] ** 2 for word in one & other)
    lengths = [math.sqrt(math.fsum(weights[word] ** 2 for word in words)) for words in (one, other)]
    return both / (lengths[0] * lengths[1]) if both else 0.0
