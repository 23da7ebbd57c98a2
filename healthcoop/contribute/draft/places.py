"""Where an event took place, where the sentences about it say so."""

import re
from collections.abc import Sequence
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words

_BEFORE = 25  # characters
_DATELINE = 40


def find_place(
    article: Article, names: Sequence[FoundName], sentences: Sequence[Span]
) -> FoundName | None:
    """Return the city in which the event of some sentences took place, or None.

    “In Geneva” says so; a dateline only together with “here”: articles are written elsewhere, too.
    """
    cities = [name for name in names if name.form in ("city", "capital")]
    within, here = _cues(article.language)
    for sentence in sentences:
        for name in cities:
            before = article.text[max(sentence.start, name.span.start - _BEFORE) : name.span.start]
            if sentence.contains(name.span) and within.search(before):
                return name
    first = article.body[0].start if article.body else 0
    dateline = [name for name in cities if first <= name.span.start < first + _DATELINE]
    if dateline and any(here.search(article.text, span.start, span.end) for span in sentences):
        return dateline[0]
    return None


@cache
def _cues(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = words(language, "places")
    within, here = alternatives(table.get("in", ())), alternatives(table.get("here", ()))
    return re.compile(rf"{within}\s+\Z", re.IGNORECASE), re.compile(here, re.IGNORECASE)
