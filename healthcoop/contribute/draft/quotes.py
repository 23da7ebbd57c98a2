"""The few words of an article that prove an event, cut where a group of words begins or ends."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import product

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.languages import words

_MOST = 15  # words of a quote
_SHORT = 4  # letters of the longest articles, prepositions and conjunctions
_LENGTH = 0.15  # how much a further word counts against a better place to begin or to end
_BEFORE_PAUSE = ',;:.!?”")'
_DASHES = "–—-(/"


def quote(article: Article, trigger: Span) -> str:
    """Return the words of at most one sentence around those that report an event, verbatim.

    They are 15 at most, and never the whole sentence. Of all that have the trigger, those are
    chosen that begin and end best: at a comma, or at a preposition or article.
    """
    sentence = article.sentence_at(trigger.start) or trigger
    found = [
        Span(sentence.start + match.start(), sentence.start + match.end())
        for match in re.finditer(r"\S+", article.text[sentence.start : sentence.end])
    ]
    text = [article.words(span) for span in found]
    joining = _words(article.language, "and", "of")
    never_last = _words(article.language, "and", "of", "signed_by")
    first = next((n for n, span in enumerate(found) if span.end > trigger.start), 0)
    last = next((n for n, span in enumerate(found) if span.end >= trigger.end), first)
    size = min(_MOST, max(len(found) - 1, 1))
    last = max(first, min(last, first + size - 1))
    starts = range(max(0, last - size + 1), first + 1)
    ends = range(last, min(len(found), first + size))
    start, end = max(
        ((n, m) for n, m in product(starts, ends) if m - n < size),
        key=lambda pair: (
            _begins(text, pair[0], joining)
            + (-3 if text[pair[1]] in never_last else _finishes(text, pair[1], joining))
            + _LENGTH * (pair[1] - pair[0])
        ),
    )
    chosen = article.words(Span(found[start].start, found[end].end)).strip(" .,;:–—-")
    return chosen if chosen.count("“") == chosen.count("”") else chosen.strip("“”")


@cache
def _words(language: str, *names: str) -> frozenset[str]:
    table = words(language, "roles")
    return frozenset(word for name in names for word in table.get(name, ()))


def _begins(text: Sequence[str], n: int, joining: Collection[str]) -> int:
    """Return how well a quote begins with a word."""
    if text[n][0].isdigit() or text[n] in joining:
        return -1
    if n == 0 or not text[n - 1].strip(_DASHES) or _pauses(text, n - 1):
        return 3
    if _is_name(text, n - 1) or _is_short(text[n - 1]):
        return -2  # “of | the”, “Ana | Silva”
    return 1 if _is_short(text[n]) else 0


def _finishes(text: Sequence[str], n: int, joining: Collection[str]) -> int:
    """Return how well a quote ends with a word."""
    if n == len(text) - 1 or _pauses(text, n):
        return 3
    counts = text[n].isdigit() and not _is_short(text[n + 1])  # “20 | boxes”
    if counts or _is_short(text[n]) or _is_name(text, n) or text[n].endswith(("'s", "’s")):
        return -3
    if text[n + 1] in joining:
        return -1
    return 2 if _is_short(text[n + 1]) or not text[n + 1].strip(_DASHES) else 0


def _pauses(text: Sequence[str], n: int) -> bool:
    """Return whether a word ends with a comma or the like, which is not that of “Dr.”."""
    return text[n][-1] in _BEFORE_PAUSE and not re.fullmatch(r"(?:\w{1,4}\.)+", text[n])


def _is_short(word: str) -> bool:
    return word.islower() and len(word) <= _SHORT


def _is_name(text: Sequence[str], n: int) -> bool:
    """Return whether a word and the next are of one name, as “Ana | Silva” and “5 | May”."""
    return not _pauses(text, n) and text[n][0].isupper() and text[n + 1][0].isupper()
