"""Comparing the drafts of an article with its gold events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from healthcoop.contribute.draft.reading import Draft
from healthcoop.model.folding import name_key

MEASURES = ("sides", "people", "topics")
SHARES = ("kind", "type", "day")


@dataclass
class Score:
    """Counts over articles: true and false positives and misses, and shares that are right."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, name: str, found: set[str], gold: set[str]) -> None:
        """Count what was found, wrongly found and missed."""
        self.counts[f"{name} right"] += len(found & gold)
        self.counts[f"{name} wrong"] += len(found - gold)
        self.counts[f"{name} missed"] += len(gold - found)
        if found != gold:
            wrong = [*(f"-{each}" for each in sorted(gold - found))]
            wrong += [*(f"+{each}" for each in sorted(found - gold))]
            self.errors.append(f"{name} {' '.join(wrong)}")

    def share(self, name: str, found: str, gold: str) -> None:
        """Count one value that is right or wrong."""
        self.counts[f"{name} right"] += found == gold
        self.counts[f"{name} asked"] += 1
        if found != gold:
            self.errors.append(f"{name} {gold} read as {found or 'nothing'}")

    def value(self, name: str) -> float:
        """Return F1 of sets, the share of values that are right; 1 where nothing was asked."""
        counts = self.counts
        if name in SHARES:
            return counts[f"{name} right"] / (counts[f"{name} asked"] or 1)
        right = 2 * counts[f"{name} right"]
        return right / (right + counts[f"{name} wrong"] + counts[f"{name} missed"] or 1)

    def precision_recall(self, name: str) -> tuple[float, float]:
        """Return the precision and the recall of sets."""
        right = self.counts[f"{name} right"]
        precision = right / (right + self.counts[f"{name} wrong"] or 1)
        return precision, right / (right + self.counts[f"{name} missed"] or 1)

    def __iadd__(self, other: "Score") -> "Score":
        self.counts.update(other.counts)
        self.errors += other.errors
        return self


def data_of(draft: Draft) -> dict[str, Any]:
    """Return the facts of a draft in the layout of gold events."""
    return {
        "kind": draft.event.kind,
        "type": draft.event.type,
        "date": draft.date.edtf if draft.date else None,
        "sides": draft.event.codes,
        "people": [{"name": person.name} for person in draft.people],
        "topics": [topic.code for topic in draft.topics],
    }


def compare(
    drafts: Sequence[dict[str, Any]], gold: dict[str, Any], *, first: bool = False
) -> Score:
    """Return the score of one article; events that nothing matches are counted as missed.

    With ``first``, only the first event of each is compared: how right the main draft is.
    """
    events = gold["events"]
    score = Score()
    pairs = _matched(drafts, events)
    if first:
        pairs = [(each, event) for each, event in pairs if event is events[0] and each][:1]
    score.counts["events right"] += sum(bool(each and event) for each, event in pairs)
    score.counts["events wrong"] += sum(event is None for _, event in pairs)
    score.counts["events missed"] += sum(each is None for each, _ in pairs)
    for draft, event in pairs:
        if event is None:
            score.errors.append(f"no such event: {draft['type']} {' '.join(draft['sides'])}")
            if not first:
                score.add("sides", set(draft["sides"]), set())
        elif draft is None:
            score.errors.append(f"event missed: {event['type']} {' '.join(event['sides'])}")
            for name in SHARES[:2]:
                score.share(name, "", event[name])
            score.add("sides", set(), set(event["sides"]))
        else:
            _compare_event(score, draft, event)
    return score


def _compare_event(score: Score, draft: dict[str, Any], event: dict[str, Any]) -> None:
    for name in ("kind", "type"):
        score.share(name, draft[name], event[name])
    if event["day_in_text"]:
        score.share("day", draft["date"] or "", event["date"])
    score.add("sides", set(draft["sides"]), set(event["sides"]))
    score.add("topics", set(draft["topics"]), set(event["topics"]))
    if event["people"]:
        score.add("people", _people(draft["people"]), _people(event["people"]))


def _people(people: Iterable[dict[str, Any]]) -> set[str]:
    """Return people by last name: reports write first names and titles in many ways."""
    return {name_key(person["name"]).split()[-1] for person in people}


def _matched(
    drafts: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Return the pairs of a draft and an event that are most alike, and what remains of both."""
    size = max(len(drafts), len(events))
    if size > 7:  # too many orders: the most alike pair first
        return _greedily_matched(drafts, events)
    padded = [*drafts, *[None] * (size - len(drafts))]
    wanted = [*events, *[None] * (size - len(events))]
    best = max(
        permutations(padded),
        key=lambda order: sum(_likeness(*pair) for pair in zip(order, wanted, strict=True)),
    )
    return list(zip(best, wanted, strict=True))


def _greedily_matched(
    drafts: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    pairs: list[tuple[dict[str, Any] | None, dict[str, Any] | None]] = []
    left, wanted = list(drafts), list(events)
    while left and wanted:
        draft, event = max(
            ((draft, event) for draft in left for event in wanted),
            key=lambda pair: _likeness(*pair),
        )
        pairs.append((draft, event))
        left.remove(draft)
        wanted.remove(event)
    return [*pairs, *((draft, None) for draft in left), *((None, event) for event in wanted)]


def _likeness(draft: dict[str, Any] | None, event: dict[str, Any] | None) -> float:
    if draft is None or event is None:
        return 0
    sides, gold = set(draft["sides"]), set(event["sides"])
    alike = len(sides & gold) / len(sides | gold)
    return (
        0.1
        + alike
        + 0.6 * (draft["kind"] == event["kind"])
        + 0.3 * (draft["type"] == event["type"])
    )
