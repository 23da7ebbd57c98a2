"""Which party a register means by a name: of its time, in its language, in its own spelling.

A name is looked up as it is; else by its words, whatever their order and abbreviations; else
without the words for the form of a state, where only one state can be meant. What is found is then
compared with the day: Russia in 1903 is the empire, in 1975 the Soviet Union. Nothing is guessed
by likeness of letters: similar names are only suggested.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TypeVar

from healthcoop.contribute.languages import words
from healthcoop.contribute.localized_names import country_names
from healthcoop.contribute.name_words import FORMS, GOVERNMENT, joined_letters, words_of
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.model.dates import Days
from healthcoop.model.folding import name_key
from healthcoop.model.vocabulary import Term, Vocabulary

_MIN_SCORE = 70
_MAX_NEAREST = 3
_LONGEST = 300
_QUALIFIED = re.compile(r"^(.+?)\s*(?:\((.+)\)|,\s*\(?(.+?)\)?)$")
_DASH = re.compile(r"\s+[-–—/]\s+")

Words = frozenset[str]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class NamedParty:
    """The party that a name means; ``absence`` says why it did not exist on the day, if so."""

    code: str
    organisation: bool
    absence: str = ""


class PartyNames:
    """The names of all countries and organisations, in English and in other languages."""

    def __init__(self, vocabulary: Vocabulary, languages: Iterable[str] = ()) -> None:
        """Load the names; Babel is needed only where a language is named."""
        self._vocabulary = vocabulary
        self._languages = tuple(languages)
        self._found: dict[str, str | None] = {}

    def resolve(self, name: str, days: Days) -> NamedParty:
        """Return the party that existed on the day; raises UnknownName for any other name."""
        party = self.find(name, days)
        if party.absence:
            term = self._terms[party.code]
            raise UnknownName(
                f"party at that time ({term.label} {party.absence})",
                name,
                [self._terms[code].label for code in self._of_the_time(party.code, days)],
            )
        return party

    def find(self, name: str, days: Days) -> NamedParty:
        """Return the party that a name means, even if it existed only before or after the day.

        Where it was another state on that day, this is returned. Raises UnknownName, with the
        nearest names, for a name that means nothing or several things.
        """
        if name not in self._found:
            self._found[name] = self._code(name) if len(name) <= _LONGEST else None
        code = self._found[name]
        if code is None:
            raise UnknownName("party", name, self.nearest(name))
        if absence := self._terms[code].absence(days):
            others = self._of_the_time(code, days)
            if len(others) == 1:
                code, absence = others[0], ""
        return NamedParty(code, code in self._vocabulary.organisations, absence)

    def nearest(self, name: str) -> list[str]:
        """Return the labels of the entries with the most similar names, best first."""
        try:
            from rapidfuzz import fuzz, process
        except ImportError:
            raise HealthcoopError(
                "suggestions for names of parties need RapidFuzz",
                hint="pip install 'healthcoop[contribute]'",
            ) from None
        matches = process.extract(
            name_key(name)[:200],
            self._by_key.keys(),
            scorer=fuzz.token_sort_ratio,
            limit=_MAX_NEAREST * 3,
            score_cutoff=_MIN_SCORE,
        )
        codes = [code for key, _, _ in matches for code in sorted(self._by_key[key])]
        words = words_of(name)
        codes = sorted(self._by_words.get(words) or self._relatives(words - FORMS)) + codes
        return [self._terms[code].label for code in dict.fromkeys(codes)][:_MAX_NEAREST]

    def _code(self, name: str) -> str | None:
        parts = [part.strip(" ,;") for part in _DASH.split(name)]
        return (
            self._exact(name)
            or self._qualified(name)
            or self._by_form(name)
            or (_only(self._code(part) for part in parts if part) if len(parts) > 1 else None)
        )

    def _exact(self, name: str) -> str | None:
        """Return the code of a code or name, or of its words; None where several are meant."""
        if name in self._codes:
            return self._codes[name]
        return _only(self._by_key.get(name_key(name))) or _only(self._by_words.get(words_of(name)))

    def _by_form(self, name: str) -> str | None:
        """Return the code of a name with other words for the form of the state."""
        found = words_of(name)
        forms, core = found & FORMS, found - FORMS
        if not (forms and core) or _ends_in_another(name):
            return None
        relatives = self._relatives(core)
        if len(relatives) <= 1 or forms <= GOVERNMENT:
            return _only(self._by_core.get(core) if relatives else None) or _only(
                self._by_words.get(core)
            )
        fitting = {code for code in relatives if any(forms <= own for own in self._forms[code])}
        return _only(fitting)

    def _relatives(self, core: Words) -> set[str]:
        """Return the states that the words may mean, also by their adjectives: both Germanys."""
        codes = self._by_core.get(core, set())
        cores = {core}
        for code in codes:
            term = self._terms[code]
            own = {words_of(name) - FORMS for name in (term.label, *_demonyms(term))}
            cores |= own if core in own else set()
        return {code for each in cores for code in self._by_core.get(each, ())}

    def _qualified(self, name: str) -> str | None:
        """Return the code of “Somaliland (France)”, “Hong Kong, China” or “UN (United Nations)”."""
        match = _QUALIFIED.match(name)
        if not match:
            return None
        head, other = match[1], match[2] or match[3]
        codes = self._exact(head), self._exact(other)
        if codes[1]:
            own = words_of(head)
            names = (own | words_of(demonym) for demonym in _demonyms(self._terms[codes[1]]))
            if code := _only({_only(self._by_words.get(each)) for each in names} - {None}):
                return code
        if None in codes or codes[0] == codes[1]:
            return codes[0] if codes[1] else None
        territories = [self._territory(part) for part in (head, other)]
        return _only(set(territories) - {None}) if None in territories else None

    def _territory(self, name: str) -> str | None:
        """Return the code of a territory's name that is no part of another one's names."""
        code, own = self._exact(name), words_of(name)
        if code is None or self._terms[code].kind != "territory":
            return None
        alone = all(codes == {code} for known, codes in self._by_words.items() if own <= known)
        return code if alone else None

    def _of_the_time(self, code: str, days: Days) -> list[str]:
        """Return the states of a day that the one of a code continues, or that continue it.

        Before it existed, those with its name and an addition such as “(until 1918)”, or, if it
        exists today, with its number in the list of states of the Correlates of War project. After
        it, what it folds into, or a state with its number that has one of its names.
        """
        countries = self._vocabulary.countries
        if code not in countries:
            return []
        term = countries[code]
        is_later = term.absence(days).startswith("exists only from")
        label, numbers = words_of(term.label), _numbers(term)

        def is_same(other: str, each: Term) -> bool:
            if is_later:
                heads = {words_of(head) for head in _heads(each)}
                return label in heads or bool(term.kind != "former" and numbers & _numbers(each))
            named = numbers & _numbers(each) and self._cores[code] & self._cores[other]
            return bool(named) or other == self._vocabulary.folded_into(code)

        return [
            other
            for other, each in countries.items()
            if other != code and not each.absence(days) and is_same(other, each)
        ]

    @cached_property
    def _terms(self) -> Mapping[str, Term]:
        return {**self._vocabulary.organisations, **self._vocabulary.countries}

    @cached_property
    def _codes(self) -> dict[str, str]:
        """Codes by themselves and by the codes of three letters, in capital letters only."""
        codes = {code: code for code in self._terms}
        return codes | {
            letters: code
            for code, term in self._terms.items()
            if (letters := term.more.get("alpha3"))
        }

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield each name with its code, demonyms and codes apart."""
        for code, term in self._terms.items():
            others = {*_demonyms(term), term.more.get("alpha3")}
            yield from ((name, code) for name in (term.label, *term.names) if name not in others)

    def _local_names(self) -> Iterator[tuple[str, str]]:
        """Yield each name in the other languages; it has priority: Sérvia is not the old Servia."""
        for language in self._languages:
            yield from country_names(language, self._vocabulary).items()
            for code, names in words(language, "organisations").items():
                yield from ((name, code) for name in names if code in self._terms)

    @cached_property
    def _by_key(self) -> dict[str, set[str]]:
        names = _grouped((name_key(name), code) for name, code in self._names())
        return names | _grouped((name_key(name), code) for name, code in self._local_names())

    @cached_property
    def _by_words(self) -> dict[Words, set[str]]:
        """Codes by the words of their names, unless these are only “islands” (Ísland)."""
        names = _grouped((words_of(name), code) for name, code in self._names())
        names |= _grouped((words_of(name), code) for name, code in self._local_names())
        names.pop(words_of("Islands"), None)
        return names

    @cached_property
    def _by_core(self) -> dict[Words, set[str]]:
        """Codes of countries by the words of their names and demonyms, without those for forms."""
        return _grouped((core, code) for code, cores in self._cores.items() for core in cores)

    @cached_property
    def _cores(self) -> dict[str, set[Words]]:
        cores: dict[str, set[Words]] = defaultdict(set)
        for name, code in chain(self._names(), self._local_names()):
            if code in self._vocabulary.countries:
                cores[code].add(words_of(name) - FORMS)
        for code, term in self._vocabulary.countries.items():
            cores[code] |= {words_of(demonym) - FORMS for demonym in _demonyms(term)}
            cores[code].discard(frozenset())
        return cores

    @cached_property
    def _forms(self) -> dict[str, set[Words]]:
        names = chain(self._names(), self._local_names())
        return _grouped((code, words_of(name) & FORMS) for name, code in names)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, set[V]]:
    grouped: dict[K, set[V]] = defaultdict(set)
    for key, value in pairs:
        if key:
            grouped[key].add(value)
    return dict(grouped)


def _demonyms(term: Term) -> Sequence[str]:
    demonyms: Sequence[str] = term.more.get("demonyms", ())
    return demonyms


def _ends_in_another(name: str) -> bool:
    """Return whether a name has the letters of another country: “Georgia US”."""
    return not {"us", "usa", "uk"}.isdisjoint(joined_letters(name_key(name)))


def _numbers(term: Term) -> set[str]:
    return {entry["number"] for entry in term.more.get("cow", ())}


def _heads(term: Term) -> Iterator[str]:
    """Yield the names that have an addition, without it: Serbia for “Serbia (until 1918)”."""
    for name in (term.label, *term.names):
        head, addition, _ = name.partition(" (")
        if addition:
            yield head


def _only(codes: Iterable[str | None] | None) -> str | None:
    found = set(codes or ())
    return found.pop() if len(found) == 1 else None
