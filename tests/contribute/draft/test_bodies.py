"""Bodies that acted for a side, places and hosts of events."""

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.bodies import find_bodies
from healthcoop.contribute.draft.hosts import find_host
from healthcoop.contribute.draft.names import find_names
from healthcoop.contribute.draft.places import find_place
from tests.cases import each


@each(
    ("text", "code", "bodies"),
    [
        ("the Ministry of Health of Peru signed", "PE", ["Ministry of Health"]),
        (
            "Peru’s Ministry of Health and Sport and the Ministry of Health of Chile",
            "PE",
            ["Ministry of Health and Sport"],
        ),
        (
            "the Federal Ministry of Health of the Republic of Peru",
            "PE",
            ["Federal Ministry of Health"],
        ),
        ("the Embassy of Chile in Peru", "CL", []),
        ("the Minister of Health of Peru and the Ministry of Health of Chile", "PE", []),
        ("the Ministry of Health and WHO office in Peru", "WHO", []),
    ],
)
def test_bodies_are_those_that_stand_beside_the_name_of_their_country(
    text, code, bodies, vocabulary
):
    article = Article(text)
    found = find_bodies(article, find_names(article, vocabulary), article.sentences, code)
    assert [article.words(span) for span in found] == bodies


@each(
    ("text", "place"),
    [
        ("The ministers of Peru and Chile met in Geneva, Switzerland.", "Geneva"),
        ("LIMA, May 5. The ministers met here on Monday, it was reported.", "LIMA"),
        ("LIMA, May 5. The ministers met on Monday on the sidelines of a forum.", None),
        ("The ambassador of Chile in Peru met the minister.", None),
    ],
)
def test_place_is_a_city_in_which_it_took_place(text, place, vocabulary):
    article = Article(text)
    found = find_place(article, find_names(article, vocabulary), article.sentences)
    assert (article.words(found.span) if found else None) == place


@each(
    ("text", "event_type", "host"),
    [
        ("Peru’s minister visited Chile on Monday.", "visit", "CL"),
        ("A delegation of Peru is on an official visit to Chile.", "visit", "CL"),
        ("The forum of Peru and Chile was hosted by Peru.", "conference", "PE"),
        ("Chile hosted a meeting of health ministers with Peru.", "meeting", "CL"),
        ("Peru’s minister, who had visited Chile, met the minister of Chile.", "meeting", None),
        ("Peru and Chile met in Geneva.", "meeting", None),
        ("The minister of Peru hosted the ambassador of Chile.", "meeting", "PE"),
    ],
)
def test_host_is_a_side_of_which_it_is_said(text, event_type, host, vocabulary):
    article = Article(text)
    names = find_names(article, vocabulary)
    found = find_host(article, names, article.sentences, event_type=event_type, codes=["PE", "CL"])
    assert (found.code if found else None) == host
