"""Bodies that acted for a side, and the places of events."""

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.bodies import find_bodies
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
