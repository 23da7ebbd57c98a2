"""The words of an article by kind, and the phrases for offices and for people that they form."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.calendar_words import calendar
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.languages import words
from healthcoop.model.folding import fold

_INITIALS = r"(?:[^\W\d_]\.)+(?:-[^\W\d_]\.)*"
_OTHER = r"[0-9]+(?:st|nd|rd|th)?|[^\w\s]"
_WORD = re.compile(rf"{_INITIALS}|['’]s\b|[^\W\d_]+(?:[-’'‘`ʻ](?!s\b)[^\W\d_]+)*|{_OTHER}")
_WORD_IN = {
    # l'ambassadeur, d'Égypte
    "fr": re.compile(rf"{_INITIALS}|[^\W\d_]{{1,2}}['’]|[^\W\d_]+(?:[-’'][^\W\d_]+)*|{_OTHER}"),
    # Koca'nın, UNICEF-in
    **dict.fromkeys(
        ("tr", "az"),
        re.compile(
            rf"{_INITIALS}|['’-](?<=\w['’-])[a-zçğıöşüə]+|[^\W\d_]+(?:[-‘`ʻ][^\W\d_]+)*|{_OTHER}"
        ),
    ),
}
# One letter for each kind of word, so that phrases are found by regular expressions over them:
# H office (R: in the plural, K: “counterpart”), M word in an office's name, P country or
# organisation, C city, o “of”, l other preposition, A “and”, T article, S possessive, V “who is”,
# O honorific, a acronym, N name, p particle of a name, d both o and p, w other. Marks stand for
# themselves.
_KINDS = {
    "plural_heads": "R",
    **{"counterparts": "K", "heads": "H", "modifiers": "M", "of": "o", "links": "l", "and": "A"},
    **{"the": "T", "is": "V"},
}
_BEFORE = "[MPCSa]{0,9}"  # bounded, or long runs take quadratic time
_NOUNS = "[MHPCSa]"
_PART = (
    rf"{_NOUNS}|N(?=[od]T?M)|N(?=,[TO]*N[Np])|[old][olTd]*(?:N{{1,2}}(?=M))?{_NOUNS}+"
    r"|[od]T?N(?=[,;)])|A(?:[od]T?)?M++(?![MPCSa]*[HR])|,(?:[od]T?)?M+(?=,?A(?:[od]T?)?M)"
    r"|,[od]T?M+(?=,[od])|[(\[][aP][)\]]|(?<=H)w(?=[od]T?M)"
)
_OFFICE = re.compile(
    rf"(?:P\([aP]\))?{_BEFORE}(?:(?<=M),(?=M{{1,3}}A){_BEFORE})?(?:(?<=M)A(?=M){_BEFORE})?"
    rf"(?:[HK](?:{_PART})*|R(?:{_PART}|,T?P(?=[,A])|A(?:[od]T?)?P(?![MPCSa]*[HR]))*)"
)
_PERSON = re.compile("(?:(?<=O)C(?=N))?N(?:[NC]|(?:p|dT?)+(?=N))*")
_CAMEL = re.compile(r"[A-ZÇĞİÖŞÜ]{2}[a-zçğıöşü]{2}")  # NSosyal: a trade mark, no name
_DEFINITION = re.compile(r"P(?:[-MNSoAT]*|P)*\([aN](?=\))")
_PARTICLES = frozenset(
    [
        *("al", "el", "bin", "ben", "ibn", "bint", "binti", "abu", "abd", "de", "del", "della"),
        *("da", "das", "do", "dos", "du", "la", "las", "le", "los", "van", "von", "der", "den"),
        *("ter", "zu", "ogly", "oglu", "oğlu", "qizi", "qızı", "kyzy", "uly", "ould", "ag"),
    ]
)
_LONGEST_ACRONYM = 6
_SHORTEST_MONTH = 3  # letters; “Jan” and “Mai” are names of people too


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a mark of punctuation, or a name of ``find_names``, whose code it then has."""

    span: Span
    text: str
    kind: str
    code: str = ""
    is_name: bool = False  # of a country, not an adjective


class Phrase(NamedTuple):
    """A run of words, from the first to before the ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Naming:
    """One place that names a person, and the office beside the name."""

    name: Phrase
    office: Phrase | None


@dataclass(frozen=True)
class Words:
    """The words of an article, and the offices and names of people among them.

    ``kinds`` has one letter for each word; ``table`` is the language's section of words, folded;
    ``organisations`` are the codes among those of the words that are no country's.
    """

    article: Article
    items: list[Word]
    kinds: str
    offices: list[Phrase]
    people: list[Phrase]
    table: Mapping[str, Any]
    organisations: frozenset[str]

    def span(self, phrase: Phrase) -> Span:
        """Return the part of the text that a phrase takes."""
        return Span(self.items[phrase.start].span.start, self.items[phrase.end - 1].span.end)

    def folded(self, start: int, end: int) -> str:
        """Return the folded text from one word to before another, on one line."""
        start, end = max(start, 0), min(end, len(self.items))
        return fold(self.article.words(self.span(Phrase(start, end)))) if start < end else ""

    def sentence(self, index: int) -> Phrase:
        """Return the words of the sentence that a word belongs to."""
        start = self.items[index].span.start
        span = self.article.sentence_at(start) or Span(start, start)
        first = bisect_left(self.items, span.start, key=lambda word: word.span.start)
        return Phrase(first, bisect_left(self.items, span.end, key=lambda word: word.span.start))


def read_words(article: Article, names: list[FoundName]) -> Words:
    """Return the words of the article's paragraphs, a mark of kind ``.`` after each of them."""
    items = [word for paragraph in article.paragraphs for word in _words(article, paragraph, names)]
    items = _with_acronyms(items)
    kinds = "".join(word.kind for word in items)
    table = _table(article.language)
    offices = [Phrase(*match.span()) for match in _OFFICE.finditer(kinds)]
    if table.get("countries_follow"):
        offices = [_without_country(items, office, table["states"]) for office in offices]
    offices = _joined(items, offices)
    masked = list(kinds)
    for office in offices:
        masked[office.start : office.end] = "#" * (office.end - office.start)
    return Words(
        article=article,
        items=items,
        kinds=kinds,
        offices=offices,
        people=[_without_agency(items, match) for match in _PERSON.finditer("".join(masked))],
        table=table,
        organisations=frozenset(name.code for name in names if name.kind == "organisation"),
    )


@cache
def _table(language: str) -> Mapping[str, Any]:
    table = {**words("en", "roles"), **words(language, "roles")}
    return {
        name: frozenset(map(fold, value)) if isinstance(value, list) else value
        for name, value in table.items()
    }


def _without_country(items: list[Word], office: Phrase, states: Collection[str]) -> Phrase:
    """Return an office without the name of a country before it, where none belongs there.

    ``states`` begin the words that make a name of an adjective: “Итальянскую Республику”.
    """
    head = next(n for n in range(*office) if items[n].kind in "HRK")
    names = [
        n
        for n in range(office.start, head)
        if items[n].is_name or fold(items[n].text).startswith(tuple(states))
    ]
    return Phrase(names[-1] + 1 if names else office.start, office.end)


def _without_agency(items: list[Word], match: re.Match[str]) -> Phrase:
    """Return the words of a name without an agency's before it: “OSLO. XINHUA Kari Berg”."""
    start, end = match.span()
    first = items[start].text.isupper() and len(items[start].text) > _LONGEST_ACRONYM // 2
    mixed = end - start > 2 and not items[start + 1].text.isupper()
    agency = first and mixed and (start == 0 or items[start - 1].kind == ".")
    return Phrase(start + agency, end)


def _with_acronyms(items: list[Word]) -> list[Word]:
    """Read acronyms as what the article gives them for: “the World Bank (WB)”."""
    kinds = "".join(word.kind for word in items)
    defined = {}
    for match in _DEFINITION.finditer(kinds):
        code = next(word.code for word in items[match.start() :] if word.code)
        defined[items[match.end() - 1].text] = code
    return [
        replace(word, kind="P", code=defined[word.text]) if word.text in defined else word
        for word in items
    ]


def _joined(items: list[Word], offices: list[Phrase]) -> list[Phrase]:
    """Join two offices of one person: “Deputy Prime Minister and Minister of Health”."""
    joined: list[Phrase] = []
    for office in offices:
        last = joined[-1] if joined else None
        if (
            last
            and office.start == last.end + 1
            and items[last.end].kind == "A"
            and not any(word.code for word in items[last.start : last.end])
        ):
            joined[-1] = Phrase(last.start, office.end)
        else:
            joined.append(office)
    return joined


def _words(article: Article, paragraph: Span, names: list[FoundName]) -> Iterator[Word]:
    position = paragraph.start
    known = [name for name in names if paragraph.contains(name.span)]
    previous = ""
    word = _WORD_IN.get(article.language, _WORD)
    for name in [*known, None]:
        end = name.span.start if name else paragraph.end
        for match in word.finditer(article.text, position, end):
            if match[0] == "." and previous == "O":  # “Dr.”
                continue
            kind = _kind(article, match, previous)
            previous = kind
            yield Word(Span(*match.span()), match[0], kind)
        if name:
            previous = "C" if name.form in ("capital", "city") else "P"
            text = article.text[name.span.start : name.span.end]
            yield Word(name.span, text, previous, name.code, name.form == "name")
            position = name.span.end
    yield Word(Span(paragraph.end, paragraph.end), "", ".")


def _kind(article: Article, match: re.Match[str], previous: str) -> str:
    text = match[0]
    if not text[0].isalpha():
        return _kind_of_mark(text, previous)
    key = fold(text)
    capital = text[0].isupper()
    written = text != "He" and (capital or article.language != "en")
    kind = _kind_in_table(key, article.language)
    of_office = kind == "M" and previous in ("H", "R")  # “directeur général”
    if written and not of_office and key.rstrip(".") in _honorifics(article.language):
        return "O"
    if kind:
        return "d" if kind == "o" and key in _PARTICLES else kind
    if not capital and key in _PARTICLES:
        return "p"
    named = capital and key not in _not_names(article.language) and not _CAMEL.search(text)
    if named or ("-" in key and key.partition("-")[0] in _PARTICLES):  # “al-Kaila”
        return "a" if _is_acronym(article, match, previous) else "N"
    return "w"


def _is_acronym(article: Article, match: re.Match[str], previous: str) -> bool:
    """Return whether capitals are an acronym, not initials (JP Nadda) or a name (Ali VELI)."""
    text = match[0]
    if not text.isupper() or "." in text or not 1 < len(text) <= _LONGEST_ACRONYM:
        return False
    following = article.text[match.end() : match.end() + 3].lstrip()
    return previous != "N" and not (len(text) == 2 and following[:1].isupper())


def _kind_of_mark(text: str, previous: str) -> str:
    if text[0].isdigit():
        return "w" if text.isdigit() else "M"  # “the 36th medical team”
    possessive = len(text) > 1 or (text in "’'" and previous in ("P", "C"))
    return "S" if possessive else text


@lru_cache(maxsize=1 << 14)
def _kind_in_table(key: str, language: str) -> str:
    """Return the kind of a folded word that a table has, whole or by its beginning (*)."""
    exact, beginnings = _kinds_of_words(language)
    if found := exact.get(key):
        return found
    _, hyphen, last = key.rpartition("-")
    if hyphen and "H" in (exact.get(part) for part in key.split("-")):
        return "H"
    if hyphen and exact.get(last) == "M":  # “Integration-designate”
        return "M"
    return next((kind for stem, kind in beginnings if key.startswith(stem)), "")


@cache
def _kinds_of_words(language: str) -> tuple[Mapping[str, str], Sequence[tuple[str, str]]]:
    """Return the kinds of whole words, and those of beginnings of words, the longest first."""
    table = words(language, "roles") or words("en", "roles")
    kinds: dict[str, str] = {}
    for section, kind in reversed(_KINDS.items()):
        for word in table.get(section, ()):
            kinds[fold(word)] = kind
            if language == "en" and kind in "HK":
                kinds[f"{fold(word)}s"] = "R"
    beginnings = [(word[:-1], kind) for word, kind in kinds.items() if word.endswith("*")]
    return kinds, sorted(beginnings, key=lambda each: -len(each[0]))


@cache
def _honorifics(language: str) -> frozenset[str]:
    found = (*words("en", "roles")["honorifics"], *words(language, "roles").get("honorifics", ()))
    return frozenset(fold(word).rstrip(".") for word in found)


@cache
def _not_names(language: str) -> frozenset[str]:
    found = (*words("en", "roles")["not_names"], *words(language, "roles").get("not_names", ()))
    names = calendar(language)
    days = (name for name in (*names.months, *names.weekdays) if len(name) > _SHORTEST_MONTH)
    return frozenset(map(fold, (*found, *days)))
