"""Other forms of a name in languages that decline it: by rules on the ends of words, as data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from healthcoop.contribute.languages import words
from healthcoop.model.folding import fold

_SHORTEST = 3  # letters: shorter words, such as “и”, have one form


def inflected(name: str, endings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the forms of a name: of each word the ending is replaced by those of a table.

    Of several endings the longest that fits counts. The lists have one form for each case, in the
    same order, so that the words of a name agree; a word without a rule stays as it is.
    """
    forms = [_forms(word, endings) for word in name.split(" ")]
    cases = max((len(each) for each in forms), default=0)
    for case in range(cases):
        yield " ".join(
            each[min(case, len(each) - 1)] if each else word
            for each, word in zip(forms, name.split(" "), strict=True)
        )


def _forms(word: str, endings: Mapping[str, Sequence[str]]) -> list[str]:
    if len(word) < _SHORTEST:
        return []
    for length in range(len(word), 0, -1):
        if word[-length:] in endings:
            return [f"{word[:-length]}{new}" for new in endings[word[-length:]]]
    return [f"{word}{new}" for new in endings.get("", ())]


def conjugated(word: str, endings: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a word and its other forms: the longest of a table's endings that fits is replaced.

    An ending that begins with ``=`` is a whole word. A word without a rule has one form.
    """
    if whole := endings.get(f"={word}"):
        return [word, *whole]
    for length in range(len(word) - 1, 0, -1):
        if forms := endings.get(word[-length:]):
            return [word, *(f"{word[:-length]}{form}" for form in forms)]
    return [word]


@cache
def suffixes(language: str) -> re.Pattern[str] | None:
    """Return what finds, in folded text, the suffixes that may follow a name; None for none.

    The group ``demonym`` matches those that make it the name of the country's people.
    """
    table = words(language, "suffixes")
    if not table:
        return None

    def group(section: str) -> str:
        return "|".join(sorted(map(fold, table[section]), key=len, reverse=True))

    marked = rf"(?:{group('marks')})(?:{group('cases')})"
    return re.compile(rf"(?:(?P<demonym>(?:{group('demonyms')}))|{marked})(?!\w)")
