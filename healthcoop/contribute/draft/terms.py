"""For how long a text was concluded, where an article states it plainly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """What a text's term is said to be: an ISO 8601 duration, empty where it is not plain.

    ``field`` is that of a record that the words are about: ``term`` or ``renewal``.
    """

    field: str
    value: str
    span: Span


def find_terms(
    article: Article, sentences: Iterable[Span], reports: Sequence[Span]
) -> list[FoundTerm]:
    """Return the term and the renewal of a text that sentences about it state.

    ``reports`` are the sentences that say that it was signed. A length that may be that of
    something else, or that is not the only one, has no value; so has every renewal.
    """
    found: list[FoundTerm] = []
    for sentence in dict.fromkeys((*reports, *sentences)):
        found += _in_sentence(article, sentence, is_report=sentence in reports)
    terms = [each for each in found if each.field == "term"]
    lengths = {each.value for each in terms} - {""}
    if len(lengths) > 1:
        terms = [FoundTerm("term", "", each.span) for each in terms]
    plain = [each for each in terms if each.value] or terms
    renewals = [each for each in found if each.field == "renewal"]
    return [*plain[:1], *renewals[:1]]


def _in_sentence(article: Article, sentence: Span, *, is_report: bool) -> Iterator[FoundTerm]:
    for pattern, is_plain in _patterns(article.language):
        for match in pattern.finditer(article.text, sentence.start, sentence.end):
            value = _duration(article.language, match["number"], match["unit"])
            plain = is_plain or is_report
            yield FoundTerm("term", value if plain else "", Span(*match.span()))
    renewed = re.compile(
        alternatives(words(article.language, "terms").get("renewed", ())), re.IGNORECASE
    )
    if said := renewed.search(article.text, sentence.start, sentence.end):
        yield FoundTerm("renewal", "", Span(*said.span()))


def _duration(language: str, number: str, unit: str) -> str:
    table = words(language, "terms")
    counts = (re.compile(alternatives([each]), re.IGNORECASE) for each in table["counts"])
    spelt = (count for count, name in enumerate(counts, 1) if name.fullmatch(number))
    count = int(number) if number.isdecimal() else next(spelt)
    is_year = re.fullmatch(alternatives(table["years"]), unit, re.IGNORECASE)
    return f"P{count}{'Y' if is_year else 'M'}"


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], bool]]:
    """Return patterns of lengths, and whether what they find can only be that of a text."""
    table = words(language, "terms")
    if not table:
        return []
    number = rf"(?P<number>[1-9][0-9]?|{alternatives(table['counts'])})"
    unit = rf"(?P<unit>{alternatives((*table['years'], *table['months']))})"
    length = rf"{number}(?:\s+\([0-9]+\))?[\s-]+{unit}"
    patterns = []
    for name, is_plain in (("lasts", True), ("during", False)):
        before, after = table.get(name, ()), table.get(f"{name}_after", ())
        if before:
            patterns.append((rf"{alternatives(before)}\s+{length}", is_plain))
        if after:
            patterns.append((rf"{length}\s+{alternatives(after)}", is_plain))
    return [(re.compile(each, re.IGNORECASE), is_plain) for each, is_plain in patterns]
