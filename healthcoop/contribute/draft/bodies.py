"""The ministries, embassies and institutes by which the sides of an event acted."""

import re
from collections.abc import Sequence

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.languages import words

_MOST = 3  # bodies of a side
_AROUND = 120  # characters before a name in which a body of it begins
_WORD = r"[A-ZÀ-Þ][\w’'-]*"
_LINK = r"(?:\s+(?:and|of|for|&|the)){0,2}\s+"


def find_bodies(
    article: Article, names: Sequence[FoundName], sentences: Sequence[Span], code: str
) -> list[Span]:
    """Return where sentences name bodies of a side: “the Ministry of Health of Cuba”.

    Only languages whose table has names of bodies are read, since these are written in English.
    """
    kinds = words(article.language, "bodies").get("kinds", ())
    if not kinds:
        return []
    kind = "|".join(map(re.escape, kinds))
    word = rf"(?!(?:{kind})\b){_WORD}"
    own = re.compile(
        rf"(?:(?:Federal|National|State|Union)\s+)?(?:{kind})\s+(?:of|for)\s+(?:the\s+)?"
        rf"{word}(?:,?{_LINK}{word})*?(?=\s+of\s+(?:the\s+)?\Z)"
    )
    after = re.compile(rf"(?:['’]s?)?\s+((?:{kind})\s+(?:of|for)\s+{word}(?:{_LINK}{word})*)")
    found: dict[str, Span] = {}
    for name, following in zip(names, [*names[1:], None], strict=True):
        sentence = next((each for each in sentences if each.contains(name.span)), None)
        if sentence is None or name.code != code or name.kind != "country":
            continue
        start = max(sentence.start, name.span.start - _AROUND)
        span = _last(own, article.text, start, name.span.start)
        if span is None:
            end = following.span.start if following else sentence.end
            span = _first(after, article.text, name.span.end, min(end, sentence.end))
        if span:
            found.setdefault(article.words(span).casefold(), span)
    return [*found.values()][:_MOST]


def _first(pattern: re.Pattern[str], text: str, start: int, end: int) -> Span | None:
    """Return the match at a place, without the words that only lead to what follows."""
    match = pattern.match(text, start, end)
    if match is None:
        return None
    body = re.sub(r"(?:\s+(?:and|of|for|the|&))*\s*(?:\s[A-Z])?\Z", "", match[1])
    return Span(match.start(1), match.start(1) + len(body))


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> Span | None:
    """Return the last match that ends where the text before a name does."""
    found = None
    for match in pattern.finditer(text[start:end]):
        found = Span(start + match.start(), start + match.end())
    return found
