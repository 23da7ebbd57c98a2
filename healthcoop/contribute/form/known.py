"""What the questions are asked with: vocabularies, the records there are, and the day."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from healthcoop.checks.duplicates import DuplicatePair
from healthcoop.contribute import creation
from healthcoop.contribute.form.answers import party_codes, record_data
from healthcoop.contribute.form.question import Choice
from healthcoop.index.database import Index
from healthcoop.model import dates
from healthcoop.model.shape import ShapeError
from healthcoop.model.vocabulary import Term

Answers = Mapping[str, str]


class Known:
    """The data set as the questions need it; ``today`` is the day on which sources are read."""

    def __init__(self, index: Index, today: str) -> None:
        """Take the index and the day."""
        self.index = index
        self.vocabulary = index.vocabulary
        self.today = today
        self._likely = lru_cache(self._search)

    def kind(self, answers: Answers) -> str:
        """Return ``instrument`` or ``encounter``; empty while the type is unknown."""
        return self.vocabulary.kind(answers.get("type", ""))

    @cached_property
    def countries(self) -> tuple[Choice, ...]:
        """The countries, former ones too."""
        return tuple(map(_named, self.vocabulary.countries.values()))

    @cached_property
    def parties(self) -> tuple[Choice, ...]:
        """The countries and organisations."""
        return (*self.countries, *map(_named, self.vocabulary.organisations.values()))

    def codes(self, vocabulary: str) -> tuple[Choice, ...]:
        """Return the entries of a vocabulary with their definitions."""
        terms = self.vocabulary.terms(vocabulary).values()
        return tuple(Choice(term.code, term.label, term.definition) for term in terms)

    def without_former(self, choices: Iterable[Choice]) -> list[Choice]:
        """Return choices without the former states, which nobody means by half a name."""
        states = self.vocabulary.countries
        return [one for one in choices if one.value not in states or not states[one.value].ends]

    def likely(self, answers: Answers, *, type_: str = "") -> list[Choice]:
        """Return the records of a type with the same sides on days that may be the same."""
        parties = tuple(party_codes(answers))
        try:
            pairs = self._likely(type_ or answers.get("type", ""), answers.get("date", ""), parties)
        except (dates.DateError, ShapeError):
            return []
        others = (pair.other if pair.other.record.id else pair.one for pair in pairs)
        return [
            Choice(other.record.id, f"{other.record.date}: {other.record.title}")
            for other in others
        ]

    def _search(self, type_: str, date: str, parties: tuple[str, ...]) -> list[DuplicatePair]:
        answers = {"type": type_, "date": date}
        answers |= {f"party.{number}": code for number, code in enumerate(parties, 1)}
        data = record_data(answers, self.vocabulary, self.today)
        return creation.likely_duplicates(self.index, data)


def _named(term: Term) -> Choice:
    return Choice(term.code, term.label, ", ".join(term.names))
