"""Records proposed from articles: every value has its words, and nothing is invented."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.draft.article import MAX_CHARACTERS, Article, Span, load
from healthcoop.contribute.draft.proposal import propose
from healthcoop.contribute.draft.quotes import quote
from healthcoop.contribute.draft.reading import read
from healthcoop.files import reader
from healthcoop.files.canonical import layout
from tests.cases import each

FRAGMENTS = [
    *("Peru", "the Chilean minister of health", "WHO", "Dr. Ana Silva", "in Geneva", "Lima"),
    *("met", "signed", "a memorandum of understanding", "will sign", "received", "also"),
    *("held separate meetings with", "counterparts", "on Monday", "on 5 May 2024", "last year"),
    *("handed over", "by phone", "the agreement", "ambassador to", "of", "and", ",", ".", "\n\n"),
    *("“", "”", "\u200f", "e" + "\u0301" * 12, "\x85", "#", ": ", "- ", "null", "---\n"),
]


@pytest.fixture(scope="module")
def proposals(vocabulary):
    def propose_from(article: Article):
        reading = read(article, vocabulary)
        return propose(reading, vocabulary, collection="c", today=date(2026, 11, 21), taken=())

    return propose_from


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=8, max_size=60))
def test_any_text_gives_valid_yaml_whose_values_have_their_words(proposals, fragments):
    text = " ".join(fragments)
    if len("".join(text.split())) < 50:
        return
    article = replace(load(text.encode()), published="2024-05-06", url="https://news.example/1")
    for proposal in proposals(article):
        parsed = reader.parse(layout(dict(proposal.data)).encode())
        assert parsed.data == proposal.data, parsed.problems
        assert len(proposal.data["parties"]) > 1
        for evidence in proposal.evidence:
            assert " ".join(article.text[evidence.offset :].split()).startswith(evidence.snippet)
        words = proposal.data["sources"][0]["quote"].split()
        assert 0 < len(words) <= 15
        assert " ".join(words) in " ".join(article.text.split())


def test_links_and_ids_of_the_drafts_of_one_article(proposals):
    text = (
        "The health ministers of Peru and Chile met in Lima on 5 May 2024.\n\n"
        "They signed a memorandum of understanding and discussed hospitals for children.\n\n"
        "A joint commission is to meet every year, and the first time in Santiago.\n\n"
        "The minister of Peru also met with the health minister of Brazil about vaccines."
    )
    first, instrument, other = proposals(load(text.encode()))
    assert len({each.data["id"] for each in (first, instrument, other)}) == 3
    assert instrument.data["links"] == [{"rel": "signed-at", "record": first.data["id"]}]
    assert "links" not in first.data
    assert "links" not in other.data


def test_meeting_at_a_conference_is_part_of_it(proposals):
    text = (
        "A conference of the health ministers of Peru, Chile and Brazil was held in Lima on"
        " 5 May 2024.\n\nThe three ministers discussed vaccines, and the training of nurses.\n\n"
        "Hospitals at the borders were another subject of the day, it was reported.\n\n"
        "A meeting was also held between the health ministers of Chile and Brazil."
    )
    conference, meeting = proposals(replace(load(text.encode()), published="2024-05-05"))
    assert conference.data["type"] == "conference"
    assert meeting.data.get("links") == [{"rel": "part-of", "record": conference.data["id"]}]


def test_what_is_missing_is_a_gap_and_no_value(proposals):
    (proposal,) = proposals(load(b"Peru and Chile signed an agreement on vaccines recently."))
    assert {"id", "date", "summary", "sources.url"} <= {gap.field for gap in proposal.gaps}
    assert not {"id", "date", "summary"} & proposal.data.keys()
    assert "date" not in proposal.data["sources"][0]["supports"]


@each(
    ("url", "kind"),
    [
        ("https://moh.gov.pe/news/1", "official"),
        ("https://www.who.int/news/1", "official"),
        ("https://www.paho.org/es/1", "official"),
        ("https://en.trend.az/1", "agency"),
        ("https://www.spa.gov.sa/1", "agency"),  # an agency of a state
        ("https://news.example/1", None),
        ("https://nottrend.az/1", None),
    ],
)
def test_kind_of_a_source_is_given_where_the_host_makes_it_certain(url, kind, proposals):
    article = load(b"Peru and Chile signed an agreement on vaccines in Lima.")
    (proposal,) = proposals(replace(article, url=url))
    assert proposal.data["sources"][0].get("kind") == kind
    assert ("sources.kind" in {gap.field for gap in proposal.gaps}) == (kind is None)


def test_who_signed_for_the_world_bank_signed_for_its_part_that_lends(proposals):
    text = (
        "Nepal and the International Development Association (IDA) signed an agreement on health."
        "\n\nThe agreement was signed by World Bank Country Director Ola Vik."
    )
    (proposal,) = proposals(load(text.encode()))
    assert [(each["name"], each["party"]) for each in proposal.data["people"]] == [
        ("Ola Vik", "IDA")
    ]


def test_recent_event_is_of_the_day_of_publication_or_earlier(proposals):
    article = load(b"Peru and Chile signed an agreement on vaccines recently.")
    (proposal,) = proposals(replace(article, published="2024-05-06"))
    assert proposal.data["date"] == "[..2024-05-06]"
    assert "date" not in proposal.data["sources"][0]["supports"]


def test_day_of_publication_is_approximate_and_not_supported(proposals):
    article = load(b"Health ministers of Peru and Chile met, and spoke about hospitals.")
    (proposal,) = proposals(replace(article, published="2024-05-06"))
    assert proposal.data["date"] == "2024-05-06~"
    assert "date" not in proposal.data["sources"][0]["supports"]


@each(
    ("text", "title"),
    [
        (
            "Peru’s health minister, Ana Silva, received the Chilean ambassador, Eva Rojas, today.",
            "Peru's health minister receives the Chilean ambassador",
        ),
        (
            "The WHO representative in Peru, Eva Rojas, met Peru’s health minister, Ana Silva.",
            "Peru's health minister receives WHO's representative",
        ),
        (
            "The health minister of the Maldives, Ana Silva, visited hospitals in Lima in Peru.",
            "The health minister of the Maldives visits Peru",
        ),
        (
            "Peru’s health minister, Ana Silva, and Chile’s health minister, Eva Rojas, signed a"
            " protocol on malaria.",
            "The health ministers of Peru and Chile sign a protocol on malaria",
        ),
        (
            "Peru, Chile, Bolivia, Brazil and WHO adopted a declaration on malaria.",
            "Four countries and WHO adopt a declaration on malaria",
        ),
        (
            "Peru’s health minister, Ana Silva, met Chile’s health minister Eva Rojas in Lima.",
            "The health ministers of Peru and Chile meet in Lima",
        ),
        (
            "The United Kingdom and the Philippines sign a memorandum of cooperation on vaccines.",
            "The United Kingdom and the Philippines sign a memorandum of understanding on vaccines"
            " and immunisation",
        ),
    ],
)
def test_title_is_composed_from_facts(text, title, proposals):
    (proposal,) = proposals(load(text.encode()))
    assert proposal.data["title"] == title


@each(
    ("language", "text", "roles"),
    [
        (
            "en",
            "Iran's Minister of Health, Saeed Namaki, and Iraqi Health Minister Jaafar Allawi"
            " signed"
            " a memorandum of understanding in Tehran on 6 May 2024. The Iraqi ambassador to Iran,"
            " Saad Qandil, and Iran's Director of Public Health, Ann Rad, attended.",
            [
                *("Minister of Health of Iran", "Minister of Health of Iraq"),
                *("Ambassador of Iraq to Iran", "Iran's Director of Public Health"),
            ],
        ),
        (
            "en",
            "Namibia's Minister of Health and Social Services, Kalumbi Shangula, met British Deputy"
            " Health Minister Jane Smith in London on 6 May 2024.",
            [
                "Minister of Health and Social Services of Namibia",
                "Deputy Minister of Health of the United Kingdom",
            ],
        ),
        (
            "es",
            "El Ministro de Salud Pública de Chile, Doctora Rojas, y la Dra. Ana Pérez López,"
            " Ministra"
            " de Salud de la República del Perú, firmaron en Santiago un memorando de"
            " entendimiento el"
            " 6 de mayo de 2024. El embajador de Perú en Chile, Juan Gómez Soto, asistió a la"
            " firma.",
            [
                *("Minister of Public Health of Chile", "Minister of Health of Peru"),
                "Ambassador of Peru to Chile",
            ],
        ),
        (
            "pt",
            "A ministra da Saúde de Angola, Sílvia Lutucuta, reuniu-se em Luanda a 6 de maio de"
            " 2024"
            " com o embaixador do Brasil em Angola, Rafael Vidal.",
            ["Minister of Health of Angola", "Ambassador of Brazil to Angola"],
        ),
        (
            "fr",
            "Le ministre de la Santé du Sénégal, Ibrahima Sy, a reçu le 6 mai 2024 à Dakar"
            " l'ambassadrice de France au Sénégal, Christine Fages.",
            ["Minister of Health of Senegal", "Ambassador of France to Senegal"],
        ),
        (
            "ru",
            "Министр здравоохранения Республики Узбекистан Асилбек Худаяров и министр"
            " здравоохранения"
            " Казахстана Акмарал Альназарова подписали 6 мая 2024 года в Ташкенте меморандум.",
            ["Minister of Health of Uzbekistan", "Minister of Health of Kazakhstan"],
        ),
        (
            "tr",
            "Sağlık Bakanı Fahrettin Koca, Azerbaycan Sağlık Bakanı Teymur Musayev ile 6 Mayıs"
            " 2024'te"
            " Ankara'da bir araya geldi.",
            ["Minister of Health of Türkiye", "Minister of Health of Azerbaijan"],
        ),
        (
            "az",
            "Azərbaycanın səhiyyə naziri Teymur Musayev 6 may 2024-cü il tarixində Bakıda Kubanın"
            " Azərbaycandakı səfiri Karlos Valdes ilə görüşüb.",
            ["Minister of Health of Azerbaijan", "Ambassador of Cuba to Azerbaijan"],
        ),
    ],
)
def test_offices_are_in_english_in_the_usual_form(language, text, roles, proposals):
    (proposal,) = proposals(Article(text, language=language))
    assert [person["role"] for person in proposal.data["people"]] == roles
    assert not [gap for gap in proposal.gaps if gap.field.endswith(".role")]


def test_office_that_is_not_known_is_a_gap_and_no_honorific_is_part_of_a_name(proposals):
    text = (
        "La jefa de la Oficina de Cooperación de Chile, Marta Lagos Ruiz, y el Ministro de Salud"
        " del"
        " Perú, Doctor Rojas, firmaron un convenio en Santiago el 6 de mayo de 2024."
    )
    (proposal,) = proposals(Article(text, language="es"))
    people = [(person["name"], person["role"]) for person in proposal.data["people"]]
    assert people == [
        ("Marta Lagos Ruiz", "Jefa de la Oficina de Cooperación de Chile"),
        ("Rojas", "Minister of Health of Peru"),
    ]
    assert [(gap.field, gap.reason) for gap in proposal.gaps if "people" in gap.field] == [
        ("people.1.role", "the office in English")
    ]


SIGNED = "Ministers of Peru and Chile signed a health agreement in Lima on 5 May 2024"
MET = "The health ministers of Peru and Chile met in Lima on 5 May 2024"


@each(
    ("language", "text", "term", "gaps"),
    [
        ("en", f"{SIGNED}. It is valid for five years.", "P5Y", []),
        ("en", f"{SIGNED} for a period of 18 months.", "P18M", []),
        ("en", f"{SIGNED}. The memorandum runs for 3 years and is renewable.", "P3Y", ["renewal"]),
        ("en", f"{SIGNED}. Nurses will be trained for a period of 3 years.", None, ["term"]),
        ("en", f"{SIGNED}. It is valid for two years. It is in force for 3 years.", None, ["term"]),
        ("en", f"{SIGNED}. They have worked together for ten years.", None, []),
        ("en", f"{MET}. It is valid for two years.", None, []),
        (
            "es",
            "Los ministros de salud de Perú y Chile firmaron el 5 de mayo de 2024 en Lima un"
            " convenio,"
            " que rige durante tres años.",
            *("P3Y", []),
        ),
        (
            "fr",
            "Le Pérou et le Chili ont signé le 5 mai 2024 à Lima un accord sur la santé, valable"
            " pour"
            " cinq ans.",
            *("P5Y", []),
        ),
        (
            "ru",
            "Узбекистан и Казахстан подписали 6 мая 2024 года в Ташкенте меморандум о"
            " здравоохранении"
            " сроком на пять лет.",
            *("P5Y", []),
        ),
    ],
)
def test_term_is_read_where_it_is_plain_and_else_a_gap(language, text, term, gaps, proposals):
    (proposal,) = proposals(Article(text, language=language))
    assert proposal.data.get("terms", {}).get("term") == term
    assert ("terms.term" in proposal.data["sources"][0]["supports"]) == bool(term)
    fields = [gap.field for gap in proposal.gaps if gap.field.startswith("terms")]
    assert fields == [f"terms.{name}" for name in gaps]


def test_call_has_no_place(proposals):
    text = "In Lima, Peru’s health minister spoke by phone with his Chilean counterpart."
    (proposal,) = proposals(load(text.encode()))
    assert "places" not in proposal.data
    assert not [each for each in proposal.evidence if each.field == "places"]


def test_quote_is_never_a_whole_sentence():
    text = "Ana met Eva. Then " + "word " * 30 + "they signed it " + "word " * 30 + "."
    article = Article(text)
    first, second = article.sentences
    assert quote(article, first) == "Ana met"
    signed = quote(article, replace(second, start=text.index("signed")))
    assert "signed" in signed
    assert len(signed.split()) == 15


@each(
    ("text", "words", "expected"),
    [
        (
            "In the capital, the minister of Peru received Dr. Ana Silva of the Ministry of Health"
            " of Chile on Monday, and spoke of many things.",
            "received",
            "the minister of Peru received Dr. Ana Silva of the Ministry of Health of Chile",
        ),
        (
            "LIMA, 5 May – A memorandum on the training of nurses and midwives was signed here"
            " on Monday, when the ministers of Peru and Chile met.",
            "signed",
            "A memorandum on the training of nurses and midwives was signed here on Monday",
        ),
        (
            "In Lima it was heard that the notes on a grant for clinics were exchanged between"
            " the ambassador of the Empire of Japan and the Ministry of Health of Peru.",
            "were exchanged",
            "In Lima it was heard that the notes on a grant for clinics were exchanged",
        ),
    ],
)
def test_quote_begins_and_ends_with_a_group_of_words(text, words, expected):
    start = text.index(words)
    assert quote(Article(text), Span(start, start + len(words))) == expected


@pytest.mark.slow
@each(
    "unit",
    [
        *("Peru and Chile. ", "Peru\n", ". ", ".", "(", "held a b c d ", "meeting of the of the "),
        "The minister of Peru met the minister of Chile and signed a memorandum with WHO, ",
        "Dr. A. B. Silva, Minister of Health of Peru, also held a meeting with Dr. Kaya of Chile. ",
    ],
)
def test_long_texts_take_bounded_time(unit, proposals):
    started = time.process_time()
    proposals(load(b"Health ministers of Peru and Chile met." + unit.encode() * MAX_CHARACTERS))
    assert time.process_time() - started < 20
