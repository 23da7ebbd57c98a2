"""What a collection was searched for: the scope of an entry of ``collections.yaml``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from healthcoop.model.dates import parse
from healthcoop.model.vocabulary import Term, Vocabulary

EVENT_KINDS = ("instrument", "encounter")


def missing(term: Term) -> str | None:
    """Return what a collection states that it leaves out."""
    text: str | None = term.more.get("scope", {}).get("missing")
    return text


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a complete collection: all events of some kinds and parties in some years.

    Without ``parties`` it has those of all; a listed party has those with whichever partner.
    """

    kinds: frozenset[str]
    parties: frozenset[str]
    first: date | None
    last: date | None

    def has(self, codes: Collection[str], first: date, last: date) -> bool:
        """Return whether it has every event of parties from one day to another."""
        in_time = bool(self.first and self.first <= first and self.last and last <= self.last)
        return in_time and (not self.parties or self.parties.issuperset(codes))


def complete_scopes(vocabulary: Vocabulary, collections: Sequence[str] = ()) -> list[Scope]:
    """Return the scopes of the complete collections, or of those among some."""
    return [
        Scope(
            frozenset(scope.get("kinds", EVENT_KINDS)),
            frozenset((*scope.get("countries", ()), *scope.get("organisations", ()))),
            parse(scope["from"]).earliest,
            parse(scope["until"]).latest,
        )
        for code, term in vocabulary.collections.items()
        if (scope := term.more.get("scope", {})).get("complete")
        and (not collections or code in collections)
    ]
