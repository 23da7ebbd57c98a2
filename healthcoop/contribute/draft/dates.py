"""Dates in an article: every date that its text gives, as EDTF with the words it came from."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.calendar_words import YEAR, Calendar, calendar
from healthcoop.contribute.draft.written_dates import Parts, WrittenDate, find_written
from healthcoop.model.edtf import numbered, read
from healthcoop.model.folding import fold

Basis = Literal["text", "dateline", "weekday", "relative", "published"]

_URL_DAY = re.compile(
    rf"(?<![0-9])({YEAR})(?P<mark>[-/]?)(0[1-9]|1[0-2])(?P=mark)([0-2][0-9]|3[01])"
    r"(?:[0-9]{6})?(?![0-9])"
)
_LEADING_MONTH = re.compile(rf"\s*date ({YEAR}-[0-9]{{2}})\s")
_URL_MONTH = re.compile(rf"/({YEAR})/(0?[1-9]|1[0-2])(?![0-9])")
_TOP, _BOTTOM = 1200, 400  # characters at the two ends of a text that may give its publication
_STAMP_WORDS = 30  # characters beside the date on the line that gives the day of publication
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(\s*[ap]\.?m\b\.?)?", re.IGNORECASE)
_PLACES = re.compile(r"[\W_]*(?:(?:[^\W\d_a-zа-яё][\w’'.-]*|de|of|and|la)[\s,.;:/()–—-]*){1,8}")
_AFTER_DATELINE = re.compile(r"\s*(?:[.:;/()–—-]|,\s*[/(A-ZА-ЯƏİ])")
_YEARS = (1800, 2200)
_NOWHERE = Span(0, 0)
_FUTURE_WEIGHT = 1.4  # of a day without a year: it is rather past than to come


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in the article: EDTF, how it is known, and how sure the reading is (0 to 1).

    ``span`` is empty for a day of publication that the text does not give.
    """

    span: Span
    edtf: str
    basis: Basis
    confidence: float


@dataclass(frozen=True, slots=True)
class Publication:
    """When the article appeared, against which “Thursday” and dates without a year are read.

    ``first`` and ``last`` are one day, or those of the month or year where no more is known;
    ``span`` is where the text gives the day, and empty where it does not.
    """

    first: date
    last: date
    span: Span = _NOWHERE

    @property
    def day(self) -> date | None:
        """The day, where it is known."""
        return self.first if self.first == self.last else None


def find_dates(article: Article) -> list[FoundDate]:
    """Return the dates of the article in the order of its text.

    Dates that depend on a day of publication which is unknown, and figures that can be read in two
    ways, are left out. Raises HealthcoopError where Babel is not installed.
    """
    words = calendar(article.language)
    written = find_written(article.text, words)
    publication = _publication(article, written, words)
    found = (_found(article.text, each, publication, words) for each in written)
    return [each for each in found if each]


@lru_cache(maxsize=4)  # each event of an article asks for it
def find_publication(article: Article) -> Publication | None:
    """Return the day of publication that the article, its text or its address gives."""
    words = calendar(article.language)
    return _publication(article, find_written(article.text, words), words)


def _publication(
    article: Article, written: list[WrittenDate], words: Calendar
) -> Publication | None:
    days = [each for each in written if each.start.day and each.end is None]
    dateline = next((each for each in days if _is_dateline(article.text, each, words)), None)
    known = _stated_publication(article, days, words)
    if dateline:
        in_year = _resolved(replace(dateline, direction=-1), known)
        return _days(in_year, dateline.span) or known
    if known:
        return known
    years = {each.start.year for each in days if each.start.year}
    return _days(str(years.pop())) if len(years) == 1 else None


def _stated_publication(
    article: Article, days: list[WrittenDate], words: Calendar
) -> Publication | None:
    """Return what the metadata, a line of the text, or the address says, the most exact first."""
    stamps = (each for each in days if each.start.year and _is_stamp(article.text, each, words))
    stamp = next(stamps, None)
    span = stamp.span if stamp else _NOWHERE
    leading = _LEADING_MONTH.match(article.text)
    of_day, of_month = _URL_DAY.search(article.url), _URL_MONTH.search(article.url)
    return (
        (_days(article.published, span) if article.published else None)
        or (_days(_iso(stamp.start), span) if stamp else None)
        or (_days("-".join(of_day.group(1, 3, 4))) if of_day else None)
        or (_days(leading[1]) if leading else None)
        or (_days(numbered(of_month[1], of_month[2])) if of_month else None)
    )


def _days(edtf: str, span: Span = _NOWHERE) -> Publication | None:
    known = read(edtf)
    if known is None or known.earliest is None or known.latest is None:
        return None
    if not _YEARS[0] <= known.earliest.year <= _YEARS[1]:
        return None  # not when an article appeared
    return Publication(known.earliest, known.latest, span)


def _is_stamp(text: str, each: WrittenDate, words: Calendar) -> bool:
    """Return whether a date is on a line of its own, or nearly, or after “date”."""
    start, end = each.span.start, each.span.end
    if _TOP < start < len(text) - _BOTTOM:
        return False
    line = text.rfind("\n", 0, start) + 1
    before = fold(text[line:start]).strip(" :|-–—,•/")
    if before == "date" and not text[:line].strip():
        return True
    rest, _, _ = text[end:].partition("\n")
    rest = _CLOCK.sub("", rest).strip(" :|-–—,•/()")
    if any(before.startswith(word) or before.endswith(word) for word in words.table["published"]):
        return len(rest) < _STAMP_WORDS
    if len(_CLOCK.sub("", before) + rest) > _STAMP_WORDS:
        return False
    return not any(before.endswith(f" {word}") or before == word for word in words.table["on"])


def _is_dateline(text: str, each: WrittenDate, words: Calendar) -> bool:
    """Return whether a date follows the place in a line such as “BAKU, Azerbaijan, April 8.”."""
    start, end = each.span.start, each.span.end
    if start > _TOP:
        return False
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    if len(before) > 80 or fold(before).strip() in words.table["on"]:
        return False
    stamped = re.match(rf"\s*date {YEAR}-[0-9]{{2}}-[0-9]{{2}}\s+", before)
    places = before[stamped.end() :] if stamped else before
    return bool(
        _PLACES.fullmatch(places) and _AFTER_DATELINE.match(text, end - (text[end - 1] == "."))
    )


def _found(
    text: str, each: WrittenDate, publication: Publication | None, words: Calendar
) -> FoundDate | None:
    is_day = bool(each.start.day) and each.end is None
    in_dateline = is_day and _is_dateline(text, each, words)
    edtf = _resolved(replace(each, direction=-1) if in_dateline else each, publication)
    if read(edtf) is None:
        return None
    if is_day and each.start.year and _is_stamp(text, each, words):
        return FoundDate(each.span, f"{edtf}~", "published", 0.9)
    if in_dateline:
        return FoundDate(each.span, edtf, "dateline", 0.9)
    if each.start.month or each.start.year:
        confidence = 0.95 if each.start.year else 0.85
        if is_day and each.weekday not in (None, date.fromisoformat(edtf).weekday()):
            confidence = 0.5
        return FoundDate(each.span, edtf, "text", confidence if each.start.day else 0.7)
    basis: Basis = "relative" if each.offset else "weekday"
    return FoundDate(each.span, edtf, basis, 0.7 if each.offset else 0.8)


def _resolved(each: WrittenDate, publication: Publication | None) -> str:
    """Return a date as EDTF; empty where a publication day is needed and unknown."""
    if not each.start.year and publication is None:
        return ""
    if publication and not (each.start.year or each.start.month):
        return _counted(each, publication)
    start = each.start
    if publication and not start.year:
        relative = publication.last.year + int(each.offset[:-1]) if each.offset else 0
        start = start._replace(year=relative or _likely_year(each, publication))
    if each.end is None:
        return _iso(start)
    year = each.end.year or start.year + (each.end.month < start.month)
    return f"{_iso(start)}/{_iso(each.end._replace(year=year))}"


def _counted(each: WrittenDate, published: Publication) -> str:
    """Return the date of a weekday or phrase, counted from publication."""
    if each.offset.endswith("y"):
        return str(published.last.year + int(each.offset[:-1]))
    if published.day is None:
        return ""
    if each.offset:
        return _shifted(published.day, each.offset)
    return _on_weekday(published.day, each).isoformat()


def _iso(parts: Parts) -> str:
    """Return a date as EDTF; empty for one that does not exist."""
    figures = [str(part) for part in parts if part]
    edtf = numbered(figures[0], *figures[1:]) if len(figures) > 1 else figures[0]
    return edtf if read(edtf) else ""


def _on_weekday(published: date, each: WrittenDate) -> date:
    """Return the last such day on or before publication; the next where the text says so."""
    back = (published.weekday() - (each.weekday or 0)) % 7
    if each.direction > 0:
        return published + timedelta(days=7 - back)
    return published - timedelta(days=back or 7 * (each.direction < 0))


def _likely_year(each: WrittenDate, published: Publication) -> int:
    """Return the year in which a date without one is nearest to publication, and on its weekday."""

    def distance(year: int) -> tuple[bool, bool, float]:
        found = read(_iso(each.start._replace(year=year)))
        if found is None or found.earliest is None or found.latest is None:
            return True, True, 0
        after = (found.earliest - published.last).days
        before = (published.first - found.latest).days
        wrong_side = after > 0 if each.direction < 0 else before > 0 and each.direction > 0
        wrong_weekday = each.weekday is not None and found.earliest.weekday() != each.weekday
        return wrong_side, wrong_weekday, max(0, before, after * _FUTURE_WEIGHT)

    year = published.first.year
    return min((year - 1, year, year + 1), key=distance)


def _shifted(published: date, offset: str) -> str:
    """Return the day, week, month or year that is ``offset`` from a day, such as ``-1m``."""
    number, unit = int(offset[:-1]), offset[-1]
    if unit == "d":
        return (published + timedelta(days=number)).isoformat()
    if unit == "w":
        monday = published - timedelta(days=published.weekday() - 7 * number)
        return f"[{monday.isoformat()}..{(monday + timedelta(days=6)).isoformat()}]"
    months = published.year * 12 + published.month - 1 + number
    return numbered(str(months // 12), str(months % 12 + 1))
