"""Countries, organisations, topics, types, collections and regions: codes, names, validity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from healthcoop.errors import UnknownName
from healthcoop.model.dates import Days, Edtf, read
from healthcoop.model.folding import name_key

KINDS = ("countries", "organisations", "topics", "types", "collections", "regions")
_SINGULAR = {
    "countries": "country",
    "organisations": "organisation",
    "topics": "topic",
    "types": "type",
    "collections": "collection",
    "regions": "region",
}

# Ratios of difflib: the least that is suggested, and the greatest distance from the best. One wrong
# letter in four, or two in eight, have 0.75; below it, words that only sound alike are as frequent
# (“water and sanitation” and “transplantation” have 0.74).
_MIN_RATIO = 0.75
_LONGEST_COMPARED = 60
_MAX_GAP = 0.12
_NEARLY_SAME = 0.85
_MAX_SUGGESTED = 3
_DIRECTIONS = frozenset({"north", "south", "east", "west", "dr"})
_SMALL_WORDS = frozenset({"a", "and", "for", "in", "of", "on", "the", "to", "with"})


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary.

    ``names`` are the other names people search by; ``starts`` and ``ends`` are EDTF text, the days
    between which the code is valid, or None; ``more`` has the fields of this vocabulary alone.
    """

    code: str
    label: str
    definition: str = ""
    kind: str = ""
    names: tuple[str, ...] = ()
    starts: str | None = None
    ends: str | None = None
    former_codes: tuple[str, ...] = ()
    replaced_by: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Term":
        """Return the entry of one item of a vocabulary file."""
        rest = dict(data)
        names = [rest.get("official_name"), rest.get("alpha3"), *rest.pop("names", ())]
        names += [*rest.get("other_names", ()), *rest.get("demonyms", ())]
        return cls(
            code=rest.pop("code"),
            label=rest.pop("label", None) or rest.pop("name"),
            definition=rest.pop("definition", ""),
            kind=rest.pop("kind", ""),
            names=tuple(name for name in names if name),
            starts=rest.pop("from", None),
            ends=rest.pop("until", None),
            former_codes=tuple(rest.pop("former_codes", ())),
            replaced_by=rest.pop("replaced_by", None),
            more=rest,
        )

    def absence(self, days: Days) -> str:
        """Return why a state or organisation did not exist on these days, or an empty text."""
        earliest, latest = days
        starts, ends = _parsed(self.starts), _parsed(self.ends)
        if starts and latest and starts.earliest and latest < starts.earliest:
            return f"exists only from {self.starts}"
        if ends and earliest and ends.latest and earliest > ends.latest:
            return f"existed only until {self.ends}"
        return ""

    @property
    def first_year(self) -> int | None:
        """The year in which a state or organisation began; None where that is not known."""
        starts = _parsed(self.starts)
        return starts.earliest.year if starts and starts.earliest else None

    def to_data(self) -> dict[str, Any]:
        """Return the keys that ``vocab -f json`` promises, in their order."""
        return {
            "code": self.code,
            "label": self.label,
            "kind": self.kind or None,
            "names": list(self.names),
            "definition": self.definition or None,
            "from": self.starts,
            "until": self.ends,
        }


class Vocabulary:
    """Every code list of a data set, with look-up of codes by name."""

    def __init__(self, data: Mapping[str, list[dict[str, Any]]]) -> None:
        """Store the entries of each vocabulary, as in its file, by the vocabulary's name."""
        self.data = data

    @cached_property
    def countries(self) -> dict[str, Term]:
        """States, territories and former states by code."""
        return self._terms("countries")

    @cached_property
    def organisations(self) -> dict[str, Term]:
        """Intergovernmental bodies by code."""
        return self._terms("organisations")

    @cached_property
    def topics(self) -> dict[str, Term]:
        """Topics by code."""
        return self._terms("topics")

    @cached_property
    def types(self) -> dict[str, Term]:
        """Types of event by code; ``Term.kind`` is ``instrument`` or ``encounter``."""
        return self._terms("types")

    @cached_property
    def collections(self) -> dict[str, Term]:
        """Descriptions of how batches of records were collected, by code."""
        return self._terms("collections")

    @property
    def usual_collection(self) -> str:
        """The first collection, which is for what was found by searching; empty without any."""
        return next(iter(self.collections), "")

    @cached_property
    def regions(self) -> dict[str, Term]:
        """Regions of the World Health Organization and of M49 by code; see ``model.regions``."""
        return self._terms("regions")

    def terms(self, vocabulary: str) -> dict[str, Term]:
        """Return one vocabulary by its name, a member of KINDS."""
        terms: dict[str, Term] = getattr(self, vocabulary)
        return terms

    def kind(self, event_type: str) -> str:
        """Return ``instrument`` or ``encounter``; empty for an unknown type."""
        term = self.types.get(event_type)
        return term.kind if term else ""

    def label_in(self, vocabulary: str, code: str) -> str:
        """Return the name of an entry; the code itself where it is unknown."""
        term = self.terms(vocabulary).get(code)
        return term.label if term else code

    def label(self, code: str) -> str:
        """Return the name of a country or organisation; the code itself where it is unknown."""
        term = self.countries.get(code) or self.organisations.get(code)
        return term.label if term else code

    def folded_into(self, country: str) -> str | None:
        """Return the end of the chain of ``folds_into``; None where a country folds into none."""
        chain = [country]
        while term := self.countries.get(chain[-1]):
            successor = term.more.get("folds_into")
            if not successor or successor in chain:
                break
            chain.append(successor)
        return chain[-1] if len(chain) > 1 else None

    def find(self, vocabulary: str, text: str) -> str:
        """Return the code for a code, former code or name.

        Raises UnknownName with the nearest names, or with the candidates where several match.
        """
        return self._find((vocabulary,), text)

    def find_party(self, text: str) -> str:
        """Return the code of a country or an organisation; otherwise like ``find``."""
        return self._find(("countries", "organisations"), text)

    def parties_named(self, text: str) -> list[str]:
        """Return the codes of the countries and organisations that have exactly this name."""
        key = name_key(text)
        return [
            code
            for vocabulary in ("countries", "organisations")
            for code in self._names[vocabulary].get(key, ())
        ]

    def search(self, vocabulary: str, text: str) -> list[Term]:
        """Return the entries with the text in their code, names or definition.

        First the one with this code, then labels that begin with it, then other names that do;
        none for a text without letters and digits.
        """
        folded = name_key(text)
        if not folded:
            return []
        found = [(_rank(term, folded), term) for term in self.terms(vocabulary).values()]
        found = [(rank, term) for rank, term in found if rank < _ABSENT]
        return [term for _, term in sorted(found, key=lambda pair: pair[0])]

    def nearest(
        self, vocabularies: Iterable[str], text: str, *, limit: int = _MAX_SUGGESTED
    ) -> list[str]:
        """Return the most similar entries, best first: countries by label, topics by code.

        Entries whose names have all words of the text, if there are no more than ``limit``, come
        before those with a similar spelling, but after those with nearly the same one. A text or a
        name of over 60 characters is similar to none: comparing them takes too long.
        """
        from difflib import SequenceMatcher, get_close_matches

        folded = name_key(text)
        vocabularies = tuple(vocabularies)
        worded = self._with_words(vocabularies, folded, limit)
        spellings: dict[str, list[str]] = {}
        for vocabulary in vocabularies:
            for key, codes in self._names[vocabulary].items():
                if max(len(key), len(folded)) > _LONGEST_COMPARED:
                    continue
                spellings.setdefault(key, []).extend(self._shown(vocabulary, codes))
        # More than the limit, as several spellings may belong to one entry.
        matches = get_close_matches(folded, spellings, n=limit * 3, cutoff=_MIN_RATIO)
        ratios = [SequenceMatcher(None, match, folded).ratio() for match in matches]
        shown = [
            name
            for match, ratio in zip(matches, ratios, strict=True)
            if ratio >= ratios[0] - _MAX_GAP
            for name in spellings[match]
        ]
        nearly_same = bool(ratios) and ratios[0] >= _NEARLY_SAME
        ordered = [*shown, *worded] if nearly_same else worded or shown
        return list(dict.fromkeys(ordered))[:limit]

    def shared(self, text: str) -> list[Term]:
        """Return the other states that a country's name may mean: North Korea by “Korea”."""
        if self._code("countries", text):
            return []
        key = name_key(text)
        codes = self._names["countries"].get(key, ())
        names = {f"{direction} {key}" for direction in _DIRECTIONS}
        return [
            term
            for term in self.countries.values()
            if codes and term.kind == "state" and not term.ends
            if name_key(term.label) in names and term.code not in codes
        ]

    def elsewhere(self, vocabulary: str, text: str) -> list[tuple[str, Term]]:
        """Return the other vocabularies that have an entry of this code or name, and that entry."""
        key = name_key(text)
        return [
            (kind, self.terms(kind)[code])
            for kind in KINDS
            if kind != vocabulary
            for code in self._names[kind].get(key, ())
        ]

    def _with_words(self, vocabularies: Iterable[str], folded: str, limit: int) -> list[str]:
        """Return the entries whose names have all words of a text; none for too many."""
        words = set(folded.split()) - _SMALL_WORDS
        if not words:
            return []
        shown = [
            self._shown(vocabulary, [term.code])[0]
            for vocabulary in vocabularies
            for term in self.terms(vocabulary).values()
            if words <= set(name_key(" ".join((term.code, term.label, *term.names))).split())
        ]
        return shown if len(shown) <= limit else []

    def _terms(self, vocabulary: str) -> dict[str, Term]:
        terms = (Term.from_data(entry) for entry in self.data[vocabulary])
        return {term.code: term for term in terms}

    def _code(self, vocabulary: str, text: str) -> str:
        """Return the code that a text is, in any case; empty for none. Builds no list of names."""
        codes = {entry["code"] for entry in self.data[vocabulary]}
        stripped = text.strip()
        spelt = (stripped, stripped.upper(), stripped.lower())
        return next((code for code in spelt if code in codes), "")

    def _find(self, vocabularies: tuple[str, ...], text: str) -> str:
        for vocabulary in vocabularies:
            if code := self._code(vocabulary, text):
                return code
        found = {
            code for name in vocabularies for code in self._names[name].get(name_key(text), ())
        }
        if len(found) == 1:
            return found.pop()
        what = " or ".join(_SINGULAR[name] for name in vocabularies)
        if found:
            raise UnknownName(f"{what} (it has several meanings)", text, sorted(found))
        near = self.nearest(vocabularies, text)
        if not near:
            near = [term.code for name in vocabularies for term in self.search(name, text)]
            near = near if len(near) <= _MAX_SUGGESTED else []
        if not near and vocabularies == ("topics",):  # “halal vaccines”
            words = name_key(text).split()
            near = [code for word in words for code in self._with_words(vocabularies, word, 1)]
        lists = " and ".join(f"healthcoop vocab {name}" for name in vocabularies)
        raise UnknownName(what, text, near, otherwise=f"See {lists}.")

    @cached_property
    def _names(self) -> dict[str, dict[str, list[str]]]:
        names: dict[str, dict[str, list[str]]] = {}
        for vocabulary in KINDS:
            spellings = names[vocabulary] = {}
            for term in self.terms(vocabulary).values():
                spelt = (term.code, term.label, *term.names, *term.former_codes)
                keys = {name_key(name) for name in spelt}
                for key in keys - {""}:
                    spellings.setdefault(key, []).append(term.code)
        return names

    def _shown(self, vocabulary: str, codes: list[str]) -> list[str]:
        if vocabulary in ("topics", "types", "collections"):
            return codes
        # WHO's regions are known by their codes, those of M49 by their names.
        terms = self.terms(vocabulary)
        return [code if terms[code].kind == "who" else terms[code].label for code in codes]


@lru_cache(maxsize=1 << 10)
def _parsed(text: str | None) -> Edtf | None:
    return read(text) if text else None


_ABSENT = 4


def _rank(term: Term, folded: str) -> int:
    """Return the rank of an entry in a search: 0 is the best, _ABSENT is no match."""
    codes = [name_key(code) for code in (term.code, *term.former_codes)]
    label, *names = [name_key(name) for name in (term.label, *term.names)]
    if folded in codes:
        return 0
    if label.startswith(folded):
        return 1
    if any(name.startswith(folded) for name in (*codes, *names)):
        return 2
    texts = (*codes, label, *names, name_key(term.definition))
    return 3 if any(folded in text for text in texts) else _ABSENT
