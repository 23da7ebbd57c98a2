"""Names of countries and organisations in an article, in all the forms that stand for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.inflection import inflected, suffixes
from healthcoop.contribute.draft.tables import name_table
from healthcoop.contribute.languages import words
from healthcoop.contribute.localized_names import country_names
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.model.folding import fold
from healthcoop.model.vocabulary import Term, Vocabulary

Form = Literal["name", "demonym", "capital", "city", "region", "body"]

_SECTIONS: dict[str, Form] = {
    **{
        "spellings": "name",
        "capitals": "capital",
        "cities": "city",
        "regions": "region",
        "bodies": "body",
    }
}
_OLD = "1960"  # states that ended before are in no news article
_CONFIDENCE: dict[Form, float] = {
    **{"name": 0.95, "demonym": 0.9, "region": 0.8, "body": 0.8, "capital": 0.6, "city": 0.4}
}

# What follows a name that it then only qualifies: an airline, a currency, a newspaper, a compound.
_NOT_THE_COUNTRY = re.compile(
    r"(?:['’]s)?(?: (?:Airlines?|Airways|dollars?|liras?|francs?|yuan|rupees?|pounds|won|riyals?"
    r"|dinars?|dirhams?|pesos?|rubles?|Daily|Herald|Tribune|Gazette|Post|News Agency)\b"
    r"|-(?:[a-z]+(?:ed|ing)|born|made|built|run|origin|style|American|wide)\b| ?\$)"
)
# Capitalised words before a name that do not make it a person's: “In Jordan”, “Minister Jordan”.
_NO_FIRST_NAMES = frozenset(
    "In From To For With Between And While As At Today The Of On Both By But When After Before "
    "Since During Under South North East West Northern Southern Eastern Western Central "
    "Greater Visit Health Embassy Ministry Government Kingdom Republic State University President "
    "Minister Ambassador Prime Foreign Parliament City Downtown Near Outside Across".split()
)
_OFFICES = re.compile(
    r" (?:Health|Minister|Ministry|Prime|President|Government|National|State|University|Hospital"
    r"|Foreign|Ambassador|Embassy|Medical|Public|Deputy|Red|Summit|Conference|City|International"
    r"|Declaration|Institute|and|Branch|Office|Province|Governorate)\b"
)


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name that stands for a country or an organisation, or for a place in a country.

    ``code`` is the vocabulary's; ``form`` says how it was named, of which ``city`` never stands for
    the country itself; ``confidence`` is between 0 and 1. ``suffix`` is what the end of the span
    adds to the name, folded: “da” of “Bakıda”. ``city`` is a city's name in English, if known.
    """

    span: Span
    code: str
    kind: Literal["country", "organisation"]
    form: Form
    confidence: float
    suffix: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a folded spelling may stand for, in order of preference; nothing for other meanings."""

    codes: tuple[str, ...]
    kind: Literal["country", "organisation"] = "country"
    form: Form = "name"
    acronym: str = ""  # matched only in these capitals
    stem: bool = False  # an ending may follow
    city: str = ""


def find_names(article: Article, vocabulary: Vocabulary) -> list[FoundName]:
    """Return the names in an article in their order; of overlapping ones, the longest."""
    entries, automaton = _automaton(vocabulary, article.language)
    folded, offsets = _folded(article.text)
    found: list[tuple[int, int, str, _Entry]] = []
    after = suffixes(article.language)
    for last, key in automaton.iter(folded):
        start, end = last - len(key) + 1, last + 1
        suffix = after.match(folded, end) if after else None
        for known in entries[key]:
            entry = known
            if suffix and suffix["demonym"] and entry.form == "name" and entry.kind == "country":
                entry = replace(entry, form="demonym")
            stop = _word_end(folded, end) if entry.stem else suffix.end() if suffix else end
            written = Span(offsets[start], offsets[stop if entry.stem else end])
            if _has_borders(folded, start, stop) and _is_written_as(entry, article, written):
                case = fold(article.text[written.end : offsets[stop]])
                found.append((written.start, offsets[stop], case, entry))
                break
    names: list[FoundName] = []
    taken = 0
    for start, end, case, entry in sorted(found, key=lambda each: (each[0], -each[1])):
        if start < taken:
            continue
        taken = end
        if entry.codes and not _means_another(article.text, start, end):
            names.append(
                FoundName(
                    span=Span(start, end),
                    code="/".join(entry.codes),
                    kind=entry.kind,
                    form=entry.form,
                    confidence=_CONFIDENCE[entry.form],
                    suffix=case.lstrip("'-"),
                    city=entry.city,
                )
            )
    return _with_one_code(names)


def _with_one_code(names: list[FoundName]) -> list[FoundName]:
    """Choose, for a name of several countries, the one that the article names otherwise too."""
    certain = {name.code for name in names if "/" not in name.code}
    chosen = []
    for name in names:
        codes = name.code.split("/")
        if len(codes) == 1:
            chosen.append(name)
            continue
        named = [code for code in codes if code in certain]
        best, confidence = (named[0], name.confidence) if named else (codes[0], 0.6)
        chosen.append(replace(name, code=best, confidence=confidence))
    return chosen


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a folded text, and the offset in the text of each of its characters and its end."""
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        piece = _fold_character(character)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    offsets.append(len(text))
    return "".join(pieces), offsets


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    return fold(character)


def _has_borders(folded: str, start: int, end: int) -> bool:
    before, first = folded[start - 1 : start], folded[start]
    last, after = folded[end - 1], folded[end : end + 1]
    begins = before != "@" and not (before.isalnum() and first.isalnum())
    return begins and not (after.isalnum() and last.isalnum())


def _word_end(folded: str, end: int) -> int:
    while end < len(folded) and folded[end].isalpha():
        end += 1
    return end


def _is_written_as(entry: _Entry, article: Article, span: Span) -> bool:
    """Return whether the case of the letters is one in which the entry is meant."""
    written = article.text[span.start : span.end]
    if entry.acronym:
        line = article.text[max(0, span.start - 30) : span.start + 30]
        same = written.replace("İ", "I") == entry.acronym.replace("İ", "I")  # as Turks write them
        return same and (len(written) > 3 or not line.isupper())
    if written in _exact() or not entry.codes:
        return True
    if fold(written) in {fold(name) for name in _exact()}:
        return False
    capital = any(word[0].isupper() or not word[0].isalpha() for word in written.split())
    # In English all names have capitals; elsewhere adjectives, and some peoples' names, do not.
    return capital or (not article.language.startswith("en") and entry.form == "demonym")


def _exact() -> list[str]:
    names: list[str] = name_table()["ambiguous"]["as_written"]
    return names


def _means_another(text: str, start: int, end: int) -> bool:
    """Return whether the name is a person's, or only qualifies something else."""
    if _NOT_THE_COUNTRY.match(text, end):
        return True
    if text[start:end] not in name_table()["ambiguous"]["people"]:
        return False
    before = re.search(r"([^\W\d_][\w.’'-]*) \Z", text[max(0, start - 30) : start])
    if before and before[1][0].isupper() and before[1] not in _NO_FIRST_NAMES:
        return True
    after = re.match(r" [A-Z][a-z]+", text[end : end + 30])
    return bool(after) and not _OFFICES.match(text, end)


@lru_cache(maxsize=8)
def _automaton(vocabulary: Vocabulary, language: str) -> tuple[dict[str, list[_Entry]], Any]:
    """Return what each folded spelling stands for, and the automaton that finds the spellings."""
    try:
        import ahocorasick
    except ImportError as error:
        raise HealthcoopError(
            "reading an article needs pyahocorasick",
            hint="Install it with: pip install 'healthcoop[contribute]'",
        ) from error
    entries: dict[str, list[_Entry]] = {}
    for spelling, entry in _spellings(vocabulary, language):
        _add(entries, fold(spelling.strip()), entry)
    automaton = ahocorasick.Automaton()
    for key in entries:
        automaton.add_word(key, key)
    automaton.make_automaton()
    return entries, automaton


def _add(entries: dict[str, list[_Entry]], key: str, entry: _Entry) -> None:
    """Add an entry to those of its spelling; one that differs only in code is merged with it."""
    known = entries.setdefault(key, [])
    for position, other in enumerate(known):
        alike = (other.form, other.acronym, other.stem) == (entry.form, entry.acronym, entry.stem)
        if alike and other.codes:
            codes = tuple(dict.fromkeys((*other.codes, *entry.codes)))
            city = other.city or entry.city
            known[position] = replace(other, codes=_preferred(key, codes), city=city)
            return
    known.append(entry)


def _preferred(key: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    first = name_table()["preferred"].get(key)
    return (first, *(code for code in codes if code != first)) if first in codes else codes


def _spellings(vocabulary: Vocabulary, language: str) -> Iterator[tuple[str, _Entry]]:
    """Yield every spelling that is searched for, and what it stands for."""
    for phrase in words(language, "other_meanings").get("phrases", ()):
        yield phrase, _Entry(())
    for term in vocabulary.countries.values():
        yield from _country_spellings(term)
    for term in vocabulary.organisations.values():
        yield from _organisation_spellings(term, language)
    yield from _table_spellings()
    if language != "en":
        yield from _language_spellings(language, vocabulary)


def _table_spellings() -> Iterator[tuple[str, _Entry]]:
    """Yield what ``names.toml`` has."""
    table = name_table()
    for phrase in table["other_meanings"]["phrases"]:
        yield phrase, _Entry(())
    for code, names in table["organisations"].items():
        for name in names:
            yield name, _Entry((code,), kind="organisation", acronym=name if name.isupper() else "")
    for section, form in _SECTIONS.items():
        for code, names in table[section].items():
            for name in names:
                yield name, _Entry((code,), form=form, acronym=name if name.isupper() else "")


def _language_spellings(language: str, vocabulary: Vocabulary) -> Iterator[tuple[str, _Entry]]:
    """Yield the names of a language: locale data, our table of other names, and their cases."""
    try:
        names = country_names(language, vocabulary)
    except UnknownName:  # a language that the locale data lack
        names = {}
    cases = words(language, "cases")
    for name, code in names.items():
        for spelling in {name, name.partition(" (")[0]}:
            acronym = spelling if _is_acronym(spelling) else ""
            yield from _with_cases(spelling, _Entry((code,), acronym=acronym), cases)
    for section, form in _SECTIONS.items():
        for code, places in words(language, section).items():
            # Cities of one country by their names in English, or names of its capital.
            capital = name_table()["capitals"][code][0] if form == "capital" else ""
            named = places if isinstance(places, dict) else {capital: places}
            for city, spellings in named.items():
                for place in spellings:
                    yield from _with_cases(place, _Entry((code,), form=form, city=city), cases)
    for code, bodies in words(language, "organisations").items():
        for body in bodies:
            acronym = body if _is_acronym(body) else ""
            yield body, _Entry((code,), kind="organisation", acronym=acronym)
    endings = words(language, "demonym_endings")
    for code, forms in words(language, "demonyms").items():
        for form in forms:
            stem = form.endswith("*")
            entry = _Entry((code,), form="demonym", stem=stem)
            yield from _with_cases(form.rstrip("*"), entry, {} if stem else endings)


def _with_cases(
    name: str, entry: _Entry, endings: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, _Entry]]:
    """Yield a name in all its forms; an acronym and a stem have one."""
    yield name, entry
    if not entry.acronym:
        for form in inflected(name, endings):
            yield form, entry


def _country_spellings(term: Term) -> Iterator[tuple[str, _Entry]]:
    if term.kind == "former" and term.ends and term.ends < _OLD:
        return
    names = (term.label, term.more.get("official_name"), *term.more.get("other_names", ()))
    for name in filter(None, names):
        if "," not in name:
            yield name, _Entry((term.code,), acronym=name if _is_acronym(name) else "")
        if name.startswith("Saint "):
            yield name.replace("Saint ", "St. "), _Entry((term.code,))
    for demonym in term.more.get("demonyms", ()):
        yield demonym, _Entry((term.code,), form="demonym")
        yield f"{demonym}s", _Entry((term.code,), form="demonym")
    if term.code == "US":
        yield "US", _Entry((term.code,), acronym="US")


def _organisation_spellings(term: Term, language: str) -> Iterator[tuple[str, _Entry]]:
    for name in (term.code, term.label, *term.names):
        acronym = _is_acronym(name)
        # Short acronyms of other languages are words in English: BAD, PAM, BIRD.
        foreign = acronym and name != term.code and len(name) <= 4 and language == "en"
        if not foreign:
            entry = _Entry((term.code,), kind="organisation", acronym=name if acronym else "")
            yield name, entry
            yield name.replace("rganization", "rganisation"), entry


def _is_acronym(name: str) -> bool:
    return name.isupper() and len(name) <= 8
