"""Which side of an event was its host, where the article says so."""

import re
from collections.abc import Sequence
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words

_BEFORE = 40  # characters


def find_host(
    article: Article,
    names: Sequence[FoundName],
    sentences: Sequence[Span],
    *,
    event_type: str,
    codes: Sequence[str],
) -> FoundName | None:
    """Return the name of the country that hosted an event: “hosted by Peru”, “visited Peru”."""
    after, visited, before = _cues(article.language)
    cue = visited if event_type == "visit" else before
    for sentence in sentences:
        for name in names:
            if name.code not in codes or name.form != "name" or not sentence.contains(name.span):
                continue
            start = max(sentence.start, name.span.start - _BEFORE)
            hosts = after.match(article.text, name.span.end, sentence.end)
            if hosts or cue.search(article.text[start : name.span.start]):
                return name
    return None


@cache
def _cues(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = words(language, "hosts")
    before = alternatives(table.get("before", ()))
    visited = alternatives((*table.get("before", ()), *table.get("visited", ())))
    return (
        re.compile(rf"\s+{alternatives(table.get('after', ()))}", re.IGNORECASE),
        re.compile(rf"{visited}\s+\Z", re.IGNORECASE),
        re.compile(rf"{before}\s+\Z", re.IGNORECASE),
    )
