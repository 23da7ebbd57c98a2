"""Countries, organisations, topics, types, collections and regions: codes, names, valid when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from healthcoop.errors import UnknownName
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

# Of the ratio of difflib: what is worth offering, and by how much it may fall behind the best.
_ALIKE = 0.7
_LESS_ALIKE = 0.12


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary.

    ``names`` are the other names people search by; ``starts`` and ``ends`` are EDTF text, the days
    between which the code is valid, or None; ``more`` holds what only this vocabulary says.
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
        """Make an entry of one item of a vocabulary file."""
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
    """Every code list of a data set, and the way from a name to its code."""

    def __init__(self, data: Mapping[str, list[dict[str, Any]]]) -> None:
        """Take the entries of each vocabulary, as its file has them, by the vocabulary's name."""
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
        """How batches of records were collected, by code."""
        return self._terms("collections")

    @cached_property
    def regions(self) -> dict[str, Term]:
        """Regions of the World Health Organization by code; ``more["members"]`` lists countries."""
        return self._terms("regions")

    def terms(self, vocabulary: str) -> dict[str, Term]:
        """Give one vocabulary by its name, a member of KINDS."""
        terms: dict[str, Term] = getattr(self, vocabulary)
        return terms

    def kind(self, event_type: str) -> str:
        """Give ``instrument`` or ``encounter``; empty for a type that is not known."""
        term = self.types.get(event_type)
        return term.kind if term else ""

    def label(self, code: str) -> str:
        """Give the name of a country or organisation; the code itself where it is not known."""
        term = self.countries.get(code) or self.organisations.get(code)
        return term.label if term else code

    def find(self, vocabulary: str, text: str) -> str:
        """Give the code that a code, former code or name stands for.

        Raises UnknownName with the nearest names, or with the candidates where several fit.
        """
        return self._find((vocabulary,), text)

    def find_party(self, text: str) -> str:
        """Give the code of a country or an organisation; as ``find``."""
        return self._find(("countries", "organisations"), text)

    def search(self, vocabulary: str, text: str) -> list[Term]:
        """Give the entries that have the text in their code, names or definition.

        First the one whose code it is, then labels that begin with it, then other names that do;
        none for a text without letters and digits.
        """
        wanted = name_key(text)
        if not wanted:
            return []
        found = [(_rank(term, wanted), term) for term in self.terms(vocabulary).values()]
        found = [(rank, term) for rank, term in found if rank < _ABSENT]
        return [term for _, term in sorted(found, key=lambda pair: pair[0])]

    def nearest(self, vocabularies: Iterable[str], text: str, *, limit: int = 3) -> list[str]:
        """Give the entries most like the text, best first: countries by label, topics by code."""
        from difflib import SequenceMatcher, get_close_matches

        wanted = name_key(text)
        spellings: dict[str, list[str]] = {}
        for vocabulary in vocabularies:
            for key, codes in self._names[vocabulary].items():
                spellings.setdefault(key, []).extend(self._shown(vocabulary, codes))
        # More than are wanted, as several spellings may be of one entry.
        matches = get_close_matches(wanted, spellings, n=limit * 3, cutoff=_ALIKE)
        ratios = [SequenceMatcher(None, match, wanted).ratio() for match in matches]
        shown = [
            name
            for match, ratio in zip(matches, ratios, strict=True)
            if ratio >= ratios[0] - _LESS_ALIKE
            for name in spellings[match]
        ]
        return list(dict.fromkeys(shown))[:limit]

    def _terms(self, vocabulary: str) -> dict[str, Term]:
        terms = (Term.from_data(entry) for entry in self.data[vocabulary])
        return {term.code: term for term in terms}

    def _find(self, vocabularies: tuple[str, ...], text: str) -> str:
        wanted = text.strip()
        for vocabulary in vocabularies:  # a code as it stands needs no entries and no names
            codes = {entry["code"] for entry in self.data[vocabulary]}
            for code in (wanted, wanted.upper(), wanted.lower()):
                if code in codes:
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
            near = [term.code for name in vocabularies for term in self.search(name, text)][:3]
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
        if vocabulary in ("countries", "organisations"):
            return [self.terms(vocabulary)[code].label for code in codes]
        return codes


_ABSENT = 4


def _rank(term: Term, wanted: str) -> int:
    """Give the place of an entry among what a search finds: 0 the first, _ABSENT not found."""
    codes = [name_key(code) for code in (term.code, *term.former_codes)]
    label, *names = [name_key(name) for name in (term.label, *term.names)]
    if wanted in codes:
        return 0
    if label.startswith(wanted):
        return 1
    if any(name.startswith(wanted) for name in (*codes, *names)):
        return 2
    texts = (*codes, label, *names, name_key(term.definition))
    return 3 if any(wanted in text for text in texts) else _ABSENT
