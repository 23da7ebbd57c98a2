"""Topics of events: the phrases that make one, their order, and those of bodies' names."""

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.topics import find_topics
from healthcoop.contribute.languages import words
from healthcoop.model.vocabulary import Vocabulary
from tests.cases import each

TOPICS = [
    ("They spoke about cooperation.", ""),
    ("They spoke about cooperation in health.", "health-system"),
    ("The ministries of health met.", "health-system"),
    ("They spoke about vaccines.", "vaccines"),
    ("Vaccination, TB and malaria were the subjects.", "vaccines, tb, malaria"),
    (
        "Malaria came up. Vaccination and again vaccination were named.",
        "vaccines, malaria",
    ),
    (
        "The Ministry of Maternal Health and Nutrition spoke about cancer.",
        "oncology",
    ),
    ("They spoke about non-communicable diseases.", "ncd"),
    ("They met. They dined. A gift of equipment came.", ""),
    (
        "A gift of equipment came. The equipment is used. More equipment is needed.",
        "medical-devices",
    ),
    (
        "Cancer, HIV, TB, malaria, leprosy, nutrition, telemedicine.",
        "oncology, hiv, tb, malaria, neglected-diseases",
    ),
]


@each(("text", "expected"), TOPICS)
def test_topics_are_those_that_the_text_names_most(text, expected, vocabulary):
    article = Article(text)
    found = find_topics(article, article.sentences, vocabulary)
    assert ", ".join(topic.code for topic in found) == expected


def test_only_the_sentences_of_the_event_count(vocabulary):
    article = Article("They spoke about vaccines. A cancer hospital opened last year.")
    (vaccines,) = find_topics(article, article.sentences[:1], vocabulary)
    assert vaccines.code == "vaccines"
    assert [article.words(span) for span in vaccines.spans] == ["vaccines"]


def test_a_data_set_may_lack_a_topic():
    article = Article("They spoke about vaccines and malaria.")
    vocabulary = Vocabulary({"topics": [{"code": "malaria", "label": "Malaria"}]})
    found = find_topics(article, article.sentences, vocabulary)
    assert [topic.code for topic in found] == ["malaria"]


IN_OTHER_LANGUAGES = [
    ("es", "Hablaron de vacunación y de enfermedades crónicas.", "vaccines, ncd"),
    ("pt", "O ministério da Saúde falou de tuberculose e de oncologia.", "tb, oncology"),
    ("fr", "Ils ont parlé du tourisme médical et du paludisme.", "medical-tourism, malaria"),
    ("ru", "Обсудили онкологию и поставки вакцин.", "oncology, vaccines"),
    ("tr", "Sağlık turizmi ve tıbbi cihazlar konuşuldu.", "medical-tourism, medical-devices"),
    ("az", "Tibbi turizm və onkologiyadan danışılıb.", "medical-tourism, oncology"),
]


@each(("language", "text", "expected"), IN_OTHER_LANGUAGES)
def test_topics_are_found_in_other_languages(language, text, expected, vocabulary):
    article = Article(text, language=language)
    found = find_topics(article, article.sentences, vocabulary)
    assert ", ".join(topic.code for topic in found) == expected


def test_phrases_are_for_topics_that_there_are(vocabulary):
    assert words("en", "topics").keys() == vocabulary.topics.keys()
    for language in ("en", "es", "pt", "fr", "ru", "tr", "az"):
        for section in ("topics", "topic_hints"):
            assert words(language, section).keys() <= vocabulary.topics.keys()


def test_a_long_text_takes_bounded_time(vocabulary):
    article = Article("health vaccines cancer " * 4000)
    assert find_topics(article, article.sentences, vocabulary)
