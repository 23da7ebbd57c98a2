"""Likely duplicates: pairs of records that may tell of one event, each with its reasons.

Only records of one kind are compared: a meeting and the instrument signed at it are two records.
Candidates share two parties (or the only one) and lie near each other in time, so that the work
does not grow with the square of the data set. A pair is scored by its parties, dates with their
uncertainty, type, words of title and summary, people, bodies and cities; the score is a logistic
sum of these. The weights were set by hand on pairs that curators judged, and are tested on them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from healthcoop.model import dates
from healthcoop.model.fields import IndexedRecord
from healthcoop.model.folding import name_key

THRESHOLD = 0.5
"""From this score on, a pair is more likely one event than two."""

_MANY = 12  # of more parties only the rarest make keys: the pairs of all would be too many
_NEAR = 10  # days between two dates from which on they are not one event's


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two records, how likely they tell of one event (0 to 1), and why one may think so."""

    one: IndexedRecord
    other: IndexedRecord
    score: float
    reasons: tuple[str, ...]


_SMALL = frozenset({"of", "and", "for", "in", "the"})


class Sketch(NamedTuple):
    """What makes two records candidates; days as ordinals, open ends infinite.

    ``links`` are (relation, id) of those that lead to records.
    """

    path: str
    id: str
    kind: str
    codes: Sequence[str]
    first: float
    last: float
    links: Sequence[tuple[str, str]]


def days(text: str) -> tuple[float, float]:
    """Give the first and last day that a date may mean, as ordinals; open ends infinite.

    A qualified date is widened as for entry into force. Raises DateError.
    """
    earliest, latest = dates.widen(dates.parse(text))
    return (
        earliest.toordinal() if earliest else -math.inf,
        latest.toordinal() if latest else math.inf,
    )


class _Traits:
    """What is compared of a record, prepared once."""

    def __init__(self, listed: IndexedRecord) -> None:
        self.listed = listed
        self.codes = frozenset(party.code for party in listed.record.parties)
        when = dates.parse(listed.record.date)
        self.first, self.last = days(listed.record.date)
        self.exact = when.exact
        day = when.earliest if when.precision == "day" else None
        self.written = day.toordinal() if day else None

    @property
    def sketch(self) -> Sketch:
        """What makes it a candidate."""
        listed = self.listed
        return Sketch(
            listed.path,
            listed.record.id,
            listed.kind,
            tuple(self.codes),
            self.first,
            self.last,
            [(link.rel, link.record) for link in listed.record.links if link.record],
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of title and summary, folded."""
        record = self.listed.record
        return frozenset(name_key(f"{record.title} {record.summary}").split())

    @cached_property
    def people(self) -> Mapping[str, set[str]]:
        """The last words of the people's names, folded, for each party that sent some."""
        people: dict[str, set[str]] = defaultdict(set)
        for person in self.listed.record.people:
            if words := name_key(person.name).split():
                people[person.party or ""].add(words[-1])
        return people

    @cached_property
    def bodies(self) -> Mapping[str, list[frozenset[str]]]:
        """The words of the bodies of each party that names some, folded, small words left out."""
        return {
            party.code: [frozenset(name_key(body).split()) - _SMALL for body in party.bodies]
            for party in self.listed.record.parties
            if party.bodies
        }

    @cached_property
    def cities(self) -> frozenset[str]:
        """The cities, folded."""
        return frozenset(name_key(place.city) for place in self.listed.record.places if place.city)


def find(records: Iterable[IndexedRecord], *, threshold: float = THRESHOLD) -> list[Likeness]:
    """Give the pairs that score at least ``threshold``, the likeliest first."""
    traits = {listed.path: _Traits(listed) for listed in records}
    weights = _rarity(list(traits.values()))
    pairs = candidates([trait.sketch for trait in traits.values()])
    found = (_compare(traits[one.path], traits[other.path], weights) for one, other in pairs)
    return _likeliest(likeness for likeness in found if likeness.score >= threshold)


def compare(
    pairs: Iterable[tuple[IndexedRecord, IndexedRecord]],
    sample: Iterable[IndexedRecord],
    *,
    threshold: float = THRESHOLD,
) -> list[Likeness]:
    """Give those of some pairs that score at least ``threshold``, the likeliest first.

    How rare a word is, is estimated from ``sample``: where that is the whole data set, the
    scores are those of ``find``.
    """
    weights = _rarity([_Traits(listed) for listed in sample])
    found = (_compare(_Traits(one), _Traits(other), weights) for one, other in pairs)
    return _likeliest(likeness for likeness in found if likeness.score >= threshold)


def _likeliest(found: Iterable[Likeness]) -> list[Likeness]:
    return sorted(found, key=lambda pair: (-pair.score, pair.one.path, pair.other.path))


def candidates(sketches: Iterable[Sketch]) -> Iterator[tuple[Sketch, Sketch]]:
    """Give each pair once that shares a key and lies within ``_NEAR`` days, unless told apart."""
    seen: set[tuple[str, str]] = set()
    for block in _blocks(list(sketches)):
        block.sort(key=lambda sketch: (sketch.first, sketch.path))
        for number, one in enumerate(block):
            for other in block[number + 1 :]:
                if other.first > one.last + _NEAR:
                    break  # the block is in order: none behind it lies nearer
                pair = (one.path, other.path)
                if pair not in seen and not _told_apart(one, other):
                    yield one, other
                seen.add(pair)


def promise(one: Sketch, other: Sketch) -> float:
    """Say how much two candidates have in common, before they are read; 0 or less: too little.

    It is what the score would be at most, if all that is not known of them agreed, and sorts
    the pairs that are worth reading.
    """
    same = set(one.codes) == set(other.codes)
    gap = max(one.first, other.first) - min(one.last, other.last)
    width = max(one.last - one.first, other.last - other.first)
    near = 1.0 - 0.4 * gap if gap > 0 else 2.5 - min(2.0, width / 200)
    return _BASE + _BEST + near + (2.0 if same else -3.0 if one.kind == "instrument" else 1.0)


def _blocks(sketches: Sequence[Sketch]) -> Iterable[list[Sketch]]:
    """Give the records of one kind that share two parties, or that have one and the same alone."""
    frequency = Counter(code for sketch in sketches for code in set(sketch.codes))
    blocks: dict[tuple[str, ...], list[Sketch]] = defaultdict(list)
    for sketch in sketches:
        rarest = sorted(set(sketch.codes), key=lambda code: (frequency[code], code))[:_MANY]
        for key in combinations(sorted(rarest), min(2, len(rarest))):
            blocks[(sketch.kind, *key)].append(sketch)
    return (block for block in blocks.values() if len(block) > 1)


def _told_apart(one: Sketch, other: Sketch) -> bool:
    """Tell whether a curator has linked the two, or both to a third by one relation."""
    if any(target == other.id for _, target in one.links):
        return True
    if any(target == one.id for _, target in other.links):
        return True
    return not set(one.links).isdisjoint(other.links)


def _rarity(traits: Sequence[_Traits]) -> Mapping[str, float]:
    """Give each word's inverse document frequency: the names of the parties tell little."""
    counts = Counter(word for trait in traits for word in trait.words)
    weights = {word: math.log(1 + len(traits) / number) for word, number in counts.items()}
    # A word that is in no record of a sample is as rare as can be.
    return defaultdict(lambda: math.log(1 + len(traits)), weights)


def _compare(one: _Traits, other: _Traits, weights: Mapping[str, float]) -> Likeness:
    score, reasons = _BASE, []
    for trait in (_parties, _days, _types, _people, _bodies, _cities):
        value, reason = trait(one, other)
        score += value
        if reason:
            reasons.append(reason)
    alike = _cosine(one.words, other.words, weights)
    score += _WORDS * alike
    reasons.append(f"words alike {alike:.0%}")
    return Likeness(
        one=one.listed,
        other=other.listed,
        score=round(1 / (1 + math.exp(-score)), 3),
        reasons=tuple(reasons),
    )


_BASE = -6.0
_WORDS = 6.0
_BEST = _WORDS + 0.5 + 2.0 + 0.5 + 0.7  # words, types, people, bodies and cities, all alike
Judged = tuple[float, str]
"""What a trait adds to the score, and the reason in words; empty where it says nothing."""


def _parties(one: _Traits, other: _Traits) -> Judged:
    both = one.codes & other.codes
    if one.codes == other.codes:
        return 2.0, "the same parties"
    reason = f"{len(both)} part{'ies' if len(both) > 1 else 'y'} in common"
    # One report may name fewer of those who were there, but not of those who signed.
    if both in (one.codes, other.codes) and one.listed.kind != "instrument":
        return 2.0 * len(both) / len(one.codes | other.codes) - 1.0, reason
    return -3.0, reason


def _days(one: _Traits, other: _Traits) -> Judged:
    gap = max(one.first, other.first) - min(one.last, other.last)
    if gap > 0:
        return 1.0 - 0.4 * gap, f"{int(gap)} days apart"
    if one.exact and other.exact:
        return 2.5, f"the same day, {one.listed.record.date}"
    # Days that may be the same: the wider they may lie apart, the less it says; and of two days
    # that are both approximate, the farther apart they are written.
    width = max(one.last - one.first, other.last - other.first)
    apart = abs(one.written - other.written) if one.written and other.written else 0
    value = 2.0 - min(2.0, width / 200) - 0.15 * apart
    written = dict.fromkeys((one.listed.record.date, other.listed.record.date))
    return value, f"perhaps the same day, {' and '.join(written)}"


_LIKE_TYPES = {
    frozenset({"meeting", "visit", "call", "mission", "ceremony"}): 0.0,
    frozenset({"agreement", "mou", "protocol", "exchange-of-notes", "letter-of-intent"}): -0.5,
}
"""Types that reports of one event give in one another's place, and what their difference adds."""


def _types(one: _Traits, other: _Traits) -> Judged:
    types = {one.listed.record.type, other.listed.record.type}
    if len(types) == 1:
        return 0.5, ""
    return next((value for group, value in _LIKE_TYPES.items() if types <= group), -2.5), ""


def _people(one: _Traits, other: _Traits) -> Judged:
    codes = sorted(one.people.keys() & other.people.keys())
    if not codes:
        return 0.0, ""
    shares, known, strangers = [], [], []
    for code in codes:
        both = one.people[code] & other.people[code]
        known += sorted(both)
        if both:
            shares.append(2.0 * len(both) / min(len(one.people[code]), len(other.people[code])))
        else:  # a guest has several meetings in a day: who received him tells them apart
            shares.append(-2.5)
            strangers.append(code)
    said = [f"people in common: {', '.join(known)}"] if known else []
    said += [f"other people for {', '.join(strangers)}"] if strangers else []
    return sum(shares) / len(shares), "; ".join(said)


def _bodies(one: _Traits, other: _Traits) -> Judged:
    codes = one.bodies.keys() & other.bodies.keys()
    if not codes:
        return 0.0, ""
    differing = sum(not _alike(one.bodies[code], other.bodies[code]) for code in codes)
    if differing:  # on one day one party signs several instruments, each by another body
        weight = -3.0 if one.listed.kind == "instrument" else -2.0
        return weight * differing / len(codes), "other bodies acted"
    return 0.5, "the same bodies"


def _alike(one: list[frozenset[str]], other: list[frozenset[str]]) -> bool:
    """Tell whether a body of one party shares most of its words with one of the other's."""
    return any(
        len(words & others) >= 0.6 * min(len(words), len(others))
        for words in one
        for others in other
    )


def _cities(one: _Traits, other: _Traits) -> Judged:
    if not one.cities or not other.cities:
        return 0.0, ""
    both = one.cities & other.cities
    return (0.7, "the same city") if both else (-1.5, "other cities")


def _cosine(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    # fsum: a set has no order, and the score must not depend on the one it happens to take.
    both = math.fsum(weights[word] ** 2 for word in one & other)
    lengths = [math.sqrt(math.fsum(weights[word] ** 2 for word in words)) for words in (one, other)]
    return both / (lengths[0] * lengths[1]) if both else 0.0
