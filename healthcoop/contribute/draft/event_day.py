"""Which of an article's dates is the day of an event."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.dates import FoundDate, Publication, find_publication
from healthcoop.contribute.draft.groups import pattern
from healthcoop.contribute.languages import words
from healthcoop.model.dates import bounds
from healthcoop.model.folding import fold

_NEAR = 70  # characters before a date, in which a word says what it is the date of
_RECENT = timedelta(days=45)  # what is older is rather the date of another event
_LEAD = 2  # sentences in which an old event may be the article's own
_SOON = timedelta(days=5)  # after its last day, an event of several days is no longer news
_LONGEST = timedelta(days=31)  # of an event that has a first and a last day
_MOST_DAYS = 7  # of which a duration is read
_DATELINE = 2.8  # the score of a dateline; a day in the event's own sentence has 4 and less


def event_date(
    article: Article,
    sentences: Sequence[Span],
    dates: Sequence[FoundDate],
    *,
    lasting: bool = False,
) -> FoundDate | None:
    """Return the date of the event that some sentences report; None where nothing gives one.

    Of a ``lasting`` one, such as a visit, this is from its first to its last day if that is given.

    ``dates`` are those of ``find_dates``. Dates of other events (history, anniversaries, plans) are
    never returned. A day known only from publication is approximate (``2025-04-08~``), and not
    known where the article calls the event recent.
    """
    publication = find_publication(article)
    scored = [(_score(article, each, sentences, publication), each) for each in dates]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best and lasting:
        whole = (pair for pair in scored if pair[0] > 0 and _is_within(best[1], pair[1]))
        best = max(whole, key=lambda pair: pair[0], default=best)
    if best and best[0] > 0:
        same = (each for score, each in scored if score > 0 and each.edtf == best[1].edtf)
        found = max(same, key=lambda each: each.confidence)
        return _of_days(article, sentences, found) if lasting else found
    recent = _table(article)["recent"]
    if publication is None or publication.last - publication.first > _LONGEST:
        return None
    if any(_has_word(recent, fold(article.words(sentence))) for sentence in sentences):
        return None
    known = publication.day.isoformat() if publication.day else f"{publication.first:%Y-%m}"
    return FoundDate(publication.span, f"{known}~", "published", 0.4)


def _score(
    article: Article, each: FoundDate, sentences: Sequence[Span], publication: Publication | None
) -> float:
    """Return how well a date suits the event; 0 or less where it is another event's."""
    if each.basis == "dateline":
        return _DATELINE
    sentence = article.sentence_at(each.span.start)
    if each.basis == "published" or sentence is None or _is_anothers(article, each, sentence):
        return 0
    first, last = _days(each.edtf)
    if publication and first > publication.last:
        return 0
    score = 4.0 if first == last else 2.0 if "-" in each.edtf else 1.0
    if "/" in each.edtf:
        late = publication is not None and publication.first - last > _SOON
        score = 0 if last - first > _LONGEST else 2.5 if late else 3.5
    position = next((n for n, span in enumerate(sentences) if span.contains(each.span)), None)
    if first != last and "/" not in each.edtf and position != 0:
        return 0  # a month or year that the event's own sentence does not give
    if position is None:
        score = 0 if first != last else 3.0 if sentence in article.body[: _LEAD + 1] else 2.5
    else:
        score -= min(0.1 * position, 0.5)
    score += 0.2 * _follows(article, each, "on") - 1.3 * (sentence not in article.body)
    score -= 0.8 * (each.basis == "relative")  # “today” may mean nowadays
    is_last = position == 0 and _is_last(article, each)
    if publication and publication.first - last > _RECENT and not is_last:
        score -= 2 if sentence in article.body[:_LEAD] else 4
    return score


def _days(edtf: str) -> tuple[date, date]:
    first, last = bounds(edtf)
    return date.fromisoformat(first or "0001-01-01"), date.fromisoformat(last or "9999-12-31")


def _is_within(day: FoundDate, each: FoundDate) -> bool:
    """Return whether a date is one of the days of another, which has a first and a last day."""
    (first, last), (start, end) = _days(day.edtf), _days(each.edtf)
    return "/" in each.edtf and start <= first and last <= end


def _of_days(article: Article, sentences: Sequence[Span], found: FoundDate) -> FoundDate:
    """Return the days of “a two-day visit that ended on Friday”, of which one is found."""
    first, last = _days(found.edtf)
    table = words(article.language, "durations")
    for sentence in sentences if first == last else ():
        text = article.words(sentence)
        for count in range(2, _MOST_DAYS + 1):
            if not pattern(tuple(table.get(str(count), ()))).search(text):
                continue
            rest = timedelta(days=count - 1)
            if pattern(tuple(table["ended"])).search(text):
                first = last - rest
            elif pattern(tuple(table["began"])).search(text):
                last = first + rest
            return replace(found, edtf=f"{first}/{last}" if first < last else found.edtf)
    return found


def _is_anothers(article: Article, each: FoundDate, sentence: Span) -> bool:
    """Return whether the words before a date say that it is another event's, or a report's."""
    table = _table(article)
    if _has_word(table["earlier"], fold(article.text[sentence.start : each.span.start])):
        return True
    before = fold(article.text[max(sentence.start, each.span.start - _NEAR) : each.span.start])
    happened = [match.end() for word in table["happened"] for match in _find(word, before)]
    before = before[max(happened, default=0) :]
    if "/" in each.edtf and _has_word(table["occasions"], before):
        return True
    if _has_word((*table["background"], *table["planned"]), before):
        return True
    after = article.text[each.span.end : min(sentence.end, each.span.end + _NEAR // 2)]
    if _has_word((*table["background"], *table["planned"]), fold(after)) and not happened:
        return True
    return _follows(article, each, "beside") or _has_word(
        table["reported"], " ".join(before.split()[-4:])
    )


def _follows(article: Article, each: FoundDate, name: str) -> bool:
    """Return whether a word of a list stands right before a date, or one word before it."""
    before = fold(article.text[max(0, each.span.start - 20) : each.span.start])
    return _has_word(_table(article)[name], " ".join(before.split()[-2:]))


def _is_last(article: Article, each: FoundDate) -> bool:
    """Return whether a date is “last October 20”: the day, however old, of its sentence."""
    after = re.match(r"\s+[\w-]+", article.text[each.span.end : each.span.end + 20])
    last = _table(article)["last"]
    return _follows(article, each, "last") or bool(after and _has_word(last, fold(after[0])))


def _table(article: Article) -> Mapping[str, Any]:
    return {**words("en", "dates"), **words(article.language, "dates")}


def _has_word(cues: Iterable[str], text: str) -> bool:
    return any(_find(cue, text) for cue in cues)


def _find(word: str, text: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(fold(word))}(?!\w)", text))
