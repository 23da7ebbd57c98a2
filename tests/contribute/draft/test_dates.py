"""Dates of articles: read as written, resolved against publication, and chosen for an event."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis.strategies import dates, sampled_from

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.dates import find_dates, find_publication
from healthcoop.contribute.draft.event_day import event_date
from tests.cases import each

FRIDAY = "2025-04-11"
WORDS = "x" * 60 + "."  # no line of its own for the date that follows
LANGUAGES = ["en", "es", "pt", "fr", "ru", "tr", "az"]

READ = [
    ("They met on April 8", "2025-04-08 text"),
    ("on the 8th of April", "2025-04-08 text"),
    ("signed Apr. 8 in Oslo", "2025-04-08 text"),
    ("on Tuesday, April 8", "2025-04-08 text"),
    ("on 8 April 2024", "2024-04-08 text"),
    ("from 7 to 9 April", "2025-04-07/2025-04-09 text"),
    ("on April 7-9, 2024", "2024-04-07/2024-04-09 text"),
    ("30 March – 2 April 2025", "2025-03-30/2025-04-02 text"),
    ("July 31 to August 2", "2025-07-31/2025-08-02 text"),
    ("He said in March 2023", "2023-03 text"),
    ("it began in 2012", "2012 text"),
    ("last June; next June", "2024-06 text, 2025-06 text"),
    ("on December 25 last year", "2024-12-25 text"),
    ("on 25 December of last year", "2024-12-25 text"),
    (
        "These were the days: 13/04/2025; 04/13/2025; 03.04.2025",
        "2025-04-13 text, 2025-04-13 text, 2025-04-03 text",
    ),
    ("either of two days: 03/04/2025", ""),
    ("no dates: 8.5 April; 31 February 2025; 12/2025/3", ""),
    ("in Persian and Islamic years: 1404/01/19, 12 Farvardin 1404, 9 Shawwal 1446", ""),
    ("it may 8 times march 5 km", ""),
    ("on Thursday", "2025-04-10 weekday"),
    ("last Friday; next Friday", "2025-04-04 weekday, 2025-04-18 weekday"),
    ("yesterday", "2025-04-10 relative"),
    ("last week", "[2025-03-31..2025-04-06] relative"),
    ("last month", "2025-03 relative"),
    ("BAKU, Azerbaijan, April 8. A meeting took place", "2025-04-08 dateline"),
    ("NEW DELHI, Dec 29: Keeping", "2024-12-29 dateline"),
    ("MONTEVIDEO (Xinhua) -- 15 Mar", "2025-03-15 text"),
    (
        "Rome/ (XYZ)/ 05 September 2013/ He met here on Monday",
        "2013-09-05 dateline, 2013-09-02 weekday",
    ),
    ("Two agree\n- September 11, 2024\n- 121", "2024-09-11~ published"),
    ("site.example | Updated: December 20, 2023 L M S\n", "2023-12-20~ published"),
    (" date 2025-04-08 BAKU, April 7. They", "2025-04-08~ published, 2025-04-07 dateline"),
]


@each(("text", "expected"), READ)
def test_dates_are_read_as_written(text, expected):
    found = find_dates(Article(text, published=FRIDAY))
    assert ", ".join(f"{each.edtf} {each.basis}" for each in found) == expected


IN_OTHER_LANGUAGES = [
    (
        "es",
        "del 7 al 9 de abril; el 25 de diciembre del año pasado",
        "2025-04-07/2025-04-09 2024-12-25",
    ),
    (
        "es",
        "el martes; 03/04/2025; 1º de mayo; ayer",
        "2025-04-08 2025-04-03 2025-05-01 2025-04-10",
    ),
    ("pt", "nesta quinta-feira (10); em 25/03; em março de 2023", "2025-04-10 2025-03-25 2023-03"),
    (
        "fr",
        "le 1er avril; jeudi dernier; du 7 au 9 avril",
        "2025-04-01 2025-04-10 2025-04-07/2025-04-09",
    ),
    (
        "ru",
        "в марте 2023 года; в среду; с 7 по 9 апреля",
        "2023-03 2025-04-09 2025-04-07/2025-04-09",
    ),
    (
        "ru",
        "МИНСК, 8 апр – Агентство. В 2012 году 25 декабря прошлого года",
        "2025-04-08 2012 2024-12-25",
    ),
    ("tr", "8 Nisan'da; geçen yıl 25 Aralık; Perşembe günü", "2025-04-08 2024-12-25 2025-04-10"),
    ("tr", "2023 yılında 8-9 Nisan 2024 tarihlerinde", "2023 2024-04-08/2024-04-09"),
    ("az", "18.06.2001-ci il tarixdə", "2001-06-18"),
    ("az", "aprelin 8-də; 2024-cü il aprelin 7-9-da", "2025-04-08 2024-04-07/2024-04-09"),
    ("az", "ötən il dekabrın 25-də; 2023-cü ilin mart ayında", "2024-12-25 2023-03"),
]


@each(("language", "text", "expected"), IN_OTHER_LANGUAGES)
def test_dates_are_read_in_other_languages(language, text, expected):
    found = find_dates(Article(f"{WORDS} {text}", published=FRIDAY, language=language))
    assert " ".join(each.edtf for each in found) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    day=dates(date(1900, 1, 1), date(2099, 12, 31)), width=sampled_from(["full", "long", "medium"])
)
def test_a_date_written_by_the_locale_data_is_read_back(language, day, width):
    written = format_date(day, width, locale=language)
    found = find_dates(Article(f"{WORDS} ({written})", published=FRIDAY, language=language))
    assert [each.edtf for each in found] == [day.isoformat()]


@pytest.mark.slow
def test_plain_dates_are_those_of_dateparser():
    import dateparser  # slow to load

    failures = []
    for language in LANGUAGES:
        for month in range(1, 13):
            written = format_date(date(2024, month, 9), "long", locale=language)
            theirs = dateparser.parse(written, languages=[language])
            (ours,) = find_dates(Article(f"{WORDS} {written}", language=language))
            if theirs and theirs.date().isoformat() != ours.edtf:
                failures.append(written)
    assert failures == []


PUBLICATION = [
    ("2025-04-11", "", "no date", "2025-04-11"),
    ("", "https://a.example/2024/05/29/news.html", "no date", "2024-05-29"),
    ("", "https://a.example/news20240529165333", "no date", "2024-05-29"),
    ("", "https://a.example/2024/05/x", "OSLO, May 3 — Two", "2024-05-03"),
    ("", "https://a.example/2024/05/x", "no date", ""),
    ("", "https://a.example/x", "Posted on 3 May 2024\nTwo ministers met", "2024-05-03"),
    ("", "", "OSLO, May 3 — Two", ""),
]


@each(("published", "url", "text", "expected"), PUBLICATION)
def test_the_day_of_publication_is_found(published, url, text, expected):
    found = find_publication(Article(text, url=url, published=published))
    assert (found.day.isoformat() if found and found.day else "") == expected


EVENTS = [
    ("The ministers met on Tuesday.", "2025-04-08 weekday"),
    ("The ministers met, the agency reported on Tuesday.", "2025-04-11~ published"),
    ("The ministers recently met.", ""),
    ("The ministers met in Oslo.", "2025-04-11~ published"),
    (
        "The ministers met in Oslo. Ties were established on March 27, 1992.",
        "2025-04-11~ published",
    ),
    ("The ministers met. They will meet again on 2 May.", "2025-04-11~ published"),
    ("A protocol that is to be the 15th was signed on Tuesday.", "2025-04-08 weekday"),
    (
        "The ministers met on the sidelines of a forum which runs from 9 to 12 April.",
        "2025-04-11~ published",
    ),
    ("The forum took place on 9-10 April.", "2025-04-09/2025-04-10 text"),
    ("OSLO, April 9. The ministers met.", "2025-04-09 dateline"),
    ("OSLO, April 9. The ministers met on 8 April.", "2025-04-08 text"),
    ("The ministers met in accordance with a deal signed in June 2020.", "2025-04-11~ published"),
    ("Health today matters. The ministers met on Tuesday.", "2025-04-08 weekday"),
    ("The deal has been in force since 1 April. The ministers met.", "2025-04-11~ published"),
]


@each(("text", "expected"), EVENTS)
def test_the_day_of_an_event_is_never_that_of_another(text, expected):
    article = Article(text, published=FRIDAY)
    found = event_date(
        article,
        [span for span in article.sentences if "inister" in article.words(span)]
        or article.sentences,
        find_dates(article),
    )
    assert (f"{found.edtf} {found.basis}" if found else "") == expected


def test_an_old_date_is_the_event_s_only_at_the_beginning():
    lead = Article("On 24 November 2020 the ministers met. They spoke.", published=FRIDAY)
    later = Article(
        "Two ministers spoke. Health was the subject. A meeting was on 24 November 2020.",
        published=FRIDAY,
    )
    for article, expected in ((lead, "2020-11-24"), (later, "2025-04-11~")):
        assert event_date(article, article.sentences, find_dates(article)).edtf == expected


LAST = [
    ("en", "The ministers met last October 20 in Lima.", "2023-10-20"),
    ("en", "LIMA, March 1, 2024 - The ministers met this past October 20.", "2023-10-20"),
    ("es", "Los ministros se reunieron el 20 de octubre pasado.", "2023-10-20"),
    ("fr", "Les ministres se sont rencontrés le 20 octobre dernier.", "2023-10-20"),
    ("en", "The ministers met. Their talks of October 20 came up.", "2024-03-01~"),
]


@each(("language", "text", "expected"), LAST)
def test_the_last_day_of_a_name_is_the_event_s_however_old(language, text, expected):
    before = "Two ministers\n\nHealth\n\n"
    article = Article(before + text, language=language, published="2024-03-01")
    report = article.sentence_at(len(before))
    assert event_date(article, [report], find_dates(article)).edtf == expected


def test_only_the_month_of_publication_is_known():
    article = Article("The ministers met.", url="https://a.example/2010/02/x")
    assert event_date(article, article.sentences, []).edtf == "2010-02~"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["8 " * 20_000, "April " * 20_000, "8-" * 40_000, "1 April to " * 9_000]
)
def test_long_texts_take_bounded_time(text):
    assert isinstance(find_dates(Article(text, published=FRIDAY)), list)


def test_spans_are_the_words():
    article = Article("They met on\nMonday,  7 April, in Oslo.", published=FRIDAY)
    (found,) = find_dates(article)
    assert article.words(found.span) == "Monday, 7 April"
    assert found.span == Span(12, 28)
