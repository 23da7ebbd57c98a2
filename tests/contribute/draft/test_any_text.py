"""Any text is read: dates, people and topics are found or not, and their spans are in the text."""

from hypothesis import given
from hypothesis.strategies import lists, sampled_from, text

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.dates import find_dates
from healthcoop.contribute.draft.event_day import event_date
from healthcoop.contribute.draft.names import find_names
from healthcoop.contribute.draft.people import find_people
from healthcoop.contribute.draft.topics import find_topics
from healthcoop.model.edtf import read

PIECES = [
    *("Minister", "minister of Health", "ambassadors of Cuba", "counterpart", "Dr.", "H.E.", "and"),
    *(
        "Ana Rojas",
        "de la Cruz",
        "signed",
        "signed by",
        "8 April",
        "31",
        "2025",
        "08/04/2025",
        "last",
    ),
    *("Thursday", "yesterday", "министр", "министром здравоохранения", "Кубы", "naziri", "Bakanı"),
    *(
        "ministre de la",
        "l’ambassadeur",
        "İ",
        "ǅ",
        "ß",
        "’s",
        "'",
        "(",
        ")",
        ",",
        ".",
        "\n",
        "–",
        "@",
    ),
    *("vaccines", "the Ministry of", "№", "\u0301", "\u200f", "date 2025-02-30", "99 May 0000"),
]


@given(
    lists(sampled_from(PIECES) | text(max_size=4), max_size=40),
    sampled_from(["en", "es", "pt", "fr", "ru", "tr", "az", "xx"]),
    sampled_from(["", "2025-04-11", "2025-04", "0001-01-01", "9999-12-31"]),
)
def test_any_text_is_read(vocabulary, pieces, language, published):
    article = Article(" ".join(pieces), language=language, published=published)
    dates = find_dates(article)
    people = find_people(article, find_names(article, vocabulary))
    topics = find_topics(article, article.sentences, vocabulary)
    chosen = event_date(article, article.sentences, dates)
    assert all(read(date.edtf) for date in [*dates, *([chosen] if chosen else [])])
    assert all(person.name.strip() and person.mentions for person in people)
    spans = [span for person in people for span in (person.span, *person.mentions)]
    spans += [*(date.span for date in dates), *(span for topic in topics for span in topic.spans)]
    assert all(0 <= span.start < span.end <= len(article.text) for span in spans)
