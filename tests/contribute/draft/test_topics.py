"""Topics of events: the phrases that make one, their order, and those of bodies' names."""

import pytest

from healthcoop.contribute.draft.article import Article, Span
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
    ("They met. They dined. They talked. They left. A gift of equipment came.", ""),
    ("They met. A gift of equipment came.", "medical-devices"),
    ("They spoke about HIV and other infectious diseases.", "hiv"),
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


def test_words_of_offices_name_no_topic(vocabulary):
    article = Article("The Director of Vaccines, Ana Paz, spoke about malaria.")
    office = Span(article.text.index("Director"), article.text.index(","))
    found = find_topics(article, article.sentences, vocabulary, offices=[office])
    assert [topic.code for topic in found] == ["malaria"]


def test_one_hint_in_the_sentence_that_reports_the_event_is_not_enough(vocabulary):
    article = Article("They met and looked at equipment. They spoke about malaria.")
    reports = article.sentences[:1]
    found = find_topics(article, article.sentences, vocabulary, reports=reports)
    assert [topic.code for topic in found] == ["malaria"]


def test_no_phrase_counts_twice_for_a_topic():
    for language in ("en", "es", "pt", "fr", "ru", "tr", "az"):
        for code, hints in words(language, "topic_hints").items():
            assert not set(hints) & set(words(language, "topics").get(code, ()))


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


@pytest.mark.slow
def test_a_long_text_takes_bounded_time(vocabulary):
    article = Article("health vaccines cancer " * 4000)
    assert find_topics(article, article.sentences, vocabulary)
