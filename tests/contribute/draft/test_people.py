"""People of articles: their names, offices and sides, and who signed."""

import pytest

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.names import find_names
from healthcoop.contribute.draft.people import find_people
from healthcoop.dataset import Dataset
from tests.cases import each
from tests.conftest import ROOT

LETTERS = [chr(code) + "e" for code in range(ord("A"), ord("Z") + 1)]


@pytest.fixture(scope="module")
def vocabulary():
    return Dataset(ROOT).vocabulary


def people(text, vocabulary):
    article = Article(text)
    return find_people(article, find_names(article, vocabulary))


NAMED = [
    ("Norwegian Health Minister Kari Berg spoke.", "Kari Berg NO"),
    ("The Minister of Health of Norway, Kari Berg, spoke.", "Kari Berg NO"),
    ("Kari Berg, Norway's Minister of Health, spoke.", "Kari Berg NO"),
    ("Kari Berg (Minister of Health of Norway) spoke.", "Kari Berg NO"),
    ("Health Minister Kari Berg of Norway spoke.", "Kari Berg NO"),
    ("H.E. Dr. Kari BERG, the Norwegian minister for health, spoke.", "Kari BERG NO"),
    ("Minister of Health and Care Services of Norway Kari Berg spoke.", "Kari Berg NO"),
    ("The Minister of Health, Labour and Welfare of Japan, Ken Sato, spoke.", "Ken Sato JP"),
    ("Deputy Prime Minister and Minister of Health of Norway Kari Berg spoke.", "Kari Berg NO"),
    ("Chile's ambassador to Norway, Ana María de la Cruz, spoke.", "Ana María de la Cruz CL"),
    ("The Ambassador of Chile to Norway Ana Rojas spoke.", "Ana Rojas CL"),
    ("Ola Vik, Head of the WHO Office in Norway, spoke.", "Ola Vik WHO"),
    ("WHO Regional Director for Europe Ola Vik spoke.", "Ola Vik WHO"),
    ("Ola Vik, UNICEF Representative to Chile, spoke.", "Ola Vik UNICEF"),
    ("Assistant to the President of Chile Ana Rojas spoke.", "Ana Rojas CL"),
    ("Omani minister Ali bin Said Al-Harthi spoke.", "Ali bin Said Al-Harthi OM"),
    ("the World Bank (WB) spoke; WB Vice President Ola Vik signed.", "Ola Vik IBRD"),
    (
        "The health ministers of Norway and Chile, Kari Berg and Ana Rojas, met.",
        "Kari Berg NO, Ana Rojas CL",
    ),
    (
        "Kari Berg and Ana Rojas, the health ministers of Norway and Chile, met.",
        "Kari Berg NO, Ana Rojas CL",
    ),
    (
        "The ministers of Norway, Kari Berg; of Chile, Ana Rojas; and of Oman, Ali Said, met.",
        "Kari Berg NO, Ana Rojas CL, Ali Said OM",
    ),
    (
        "Norwegian Minister Kari Berg and her Chilean counterpart Ana Rojas met.",
        "Kari Berg NO, Ana Rojas CL",
    ),
    (
        "Minister Kari Berg met Chile's ambassador Ana Rojas in Oslo, Norway.",
        "Kari Berg NO, Ana Rojas CL",
    ),
    (
        "Kari Berg, Minister of Norway, Ana Rojas, Minister of Chile, and others met.",
        "Kari Berg NO, Ana Rojas CL",
    ),
    ("Chilean ambassador Lord Reed spoke.", "Lord Reed CL"),
    ("A Chilean delegation led by Deputy Minister Ana Rojas came to Norway.", "Ana Rojas CL"),
    ("OSLO. NORDNEWS Kari Berg, Norwegian Health Minister, spoke.", "Kari Berg NO"),
    (
        "Kari Berg, head of the Health Committee’s Training Department, spoke in Norway.",
        "Kari Berg NO",
    ),
    ("The Union of Chilean Nurses (UCN) came. UCN Chair Ana Rojas spoke.", "Ana Rojas CL"),
    ("As Chilean President Ana Rojas noted in May, health matters.", ""),
    ("Cooperation thrives by the support provided by Chilean President Ana Rojas.", ""),
    ("Chilean Health Minister Ana Rojas met Mr. Ola Vik.", "Ana Rojas CL"),
    ("They had the support of the President of Chile Ana Rojas.", ""),
    (
        "President Ana Rojas of Chile values health. Norwegian minister Kari Berg met officials.",
        "Kari Berg NO",
    ),
    ("Former Chilean minister Ana Rojas spoke.", ""),
    ("Red Cross Hospital Oslo and World Health Day are not people.", ""),
    ("Norwegian Health Minister Meets Chilean Ambassador\n\nMinisters met today.", ""),
]


@each(("text", "expected"), NAMED)
def test_people_are_found_with_their_sides(text, expected, vocabulary):
    found = people(text, vocabulary)
    assert ", ".join(f"{person.name} {person.party}" for person in found) == expected


IN_OTHER_LANGUAGES = [
    ("fr", "Le directeur général adjoint de l’OMS, Ola Vik, a parlé.", "Ola Vik WHO"),
    (
        "fr",
        "Kari Berg et Ana Rojas, ministres de la Santé du Maroc et du Chili, ont parlé.",
        "Kari Berg MA, Ana Rojas CL",
    ),
    ("es", "Firmó por el gobierno cubano Juan Paz, ministro de Salud.", "Juan Paz CU"),
    (
        "ru",
        "Главы ведомств Чили Иван Рос и Кубы Пётр Пас подписали план.",
        "Иван Рос CL, Пётр Пас CU",
    ),
    ("ru", "Прибыл в Чили министр здравоохранения Кубы Иван Рос.", "Иван Рос CU"),
    ("tr", "Küba İş, Sağlık ve Sosyal İşler Bakanı Juan Paz geldi.", "Juan Paz CU"),
    ("az", "Kubanın səhiyyə naziri Xuan Pas gəldi.", "Xuan Pas CU"),
    ("es", "La ministra de Salud de Chile, doctora Ana de la Cruz, habló.", "Ana de la Cruz CL"),
    (
        "es",
        "Firmaron los ministros de Salud de Chile, Ana Rojas, y de Cuba, Juan Paz.",
        "Ana Rojas CL, Juan Paz CU",
    ),
    ("pt", "O embaixador do Chile em Cuba, Dr. João dos Santos, falou.", "João dos Santos CL"),
    ("fr", "M. Jean Petit, ministre de la Santé et de l’Hygiène, a parlé à Cuba.", "Jean Petit CU"),
    ("fr", "L’ambassadeur du Chili à Cuba, SEM Jean PETIT, a parlé.", "Jean PETIT CL"),
    (
        "tr",
        "Sağlık Bakanı Ali Veli, Küba Sağlık Bakanı Juan Paz'ı kabul etti.",
        "Ali Veli TR, Juan Paz CU",
    ),
]


@each(("language", "text", "expected"), IN_OTHER_LANGUAGES)
def test_people_are_found_in_other_languages(language, text, expected, vocabulary):
    article = Article(text, language=language)
    found = find_people(article, find_names(article, vocabulary))
    assert ", ".join(f"{person.name} {person.party}" for person in found) == expected


def test_one_name_in_several_cases_is_one_person(vocabulary):
    article = Article(
        "Министр Иван Петров прибыл. Переговоры с министром Иваном Петровым прошли.", language="ru"
    )
    (person,) = find_people(article, find_names(article, vocabulary))
    assert (person.name, len(person.mentions)) == ("Иван Петров", 2)


SIGNED = [
    ("Norwegian Minister Kari Berg and Chilean Minister Ana Rojas signed a plan.", "Berg, Rojas"),
    (
        "Kari Berg, Norway's minister, and her Chilean counterpart Ana Rojas have today signed it.",
        "Berg, Rojas",
    ),
    (
        "Norwegian Minister Kari Berg signed a plan with her Chilean counterpart Ana Rojas.",
        "Berg, Rojas",
    ),
    (
        "It was signed by Norwegian Minister Kari Berg and Ana Rojas, Minister of Health of Chile.",
        "Berg, Rojas",
    ),
    (
        "It was signed by Norway's Minister Kari Berg in the presence of ambassador Ana Rojas.",
        "Berg",
    ),
    (
        "Norwegian Minister Kari Berg said that the plan signed in May helps Chile.",
        "",
    ),
]


@each(("text", "expected"), SIGNED)
def test_signers_are_found(text, expected, vocabulary):
    found = people(text, vocabulary)
    assert ", ".join(person.name.split()[-1] for person in found if person.signed) == expected


def test_a_person_has_the_longest_name_and_every_mention(vocabulary):
    text = "Minister Berg met them. Norway's health minister Kari Berg spoke. Berg left."
    (person,) = people(text, vocabulary)
    assert (person.name, person.role, person.party) == ("Kari Berg", "Minister", "NO")
    assert [text[span.start : span.end] for span in person.mentions] == [
        "Berg",
        "Kari Berg",
        "Berg",
    ]


def test_a_name_with_one_other_letter_is_the_same_person(vocabulary):
    (person,) = people("Norway's minister Kari Shadmonov spoke. Shadmanov left.", vocabulary)
    assert len(person.mentions) == 2


def test_the_office_of_a_counterpart_is_that_of_the_person_before(vocabulary):
    text = "Norway's Minister of Health Kari Berg met her Chilean counterpart Ana Rojas."
    assert [person.role for person in people(text, vocabulary)] == [
        "Norway's Minister of Health",
        "Minister of Health",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "Minister " * 9000,
        "Minister of " * 9000,
        "Ana " * 20_000,
        "and Ana, " * 9000,
        "Health " * 14_000,
        " ".join(f"Minister {a}{b} Berg." for a in LETTERS for b in LETTERS),
    ],
)
def test_long_texts_take_bounded_time(text, vocabulary):
    assert isinstance(people(text, vocabulary), list)
