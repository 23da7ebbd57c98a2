"""Names of countries and organisations: forms, borders, case and other meanings."""

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.names import find_names
from tests.cases import each


@each(
    ("text", "names"),
    [
        ("Health ministers of Peru and Chile", "PE CL"),
        ("the Peruvian minister and Chileans", "PE:demonym CL:demonym"),
        ("Lima and Santiago agreed", "PE:capital CL:capital"),
        ("in Geneva and Dubai", "CH:city AE:city"),
        ("US, UK and UAE officials asked us who came", "US GB AE"),
        ("the U.S. and WHO; who else?", "US WHO"),
        ("World Health Organization (WHO)", "WHO WHO"),
        ("Guinea-Bissau, Guinea and Equatorial Guinea", "GW GN GQ"),
        ("South Sudan and Sudan; Niger and Nigeria", "SS SD NE NG"),
        ("a guinea pig, Japanese encephalitis, the Indian Ocean", ""),
        ("Turkish Airlines flew to Turkey for 20 US dollars", "TR"),
        ("Michael Jordan spoke in Jordan", "JO"),
        ("Georgia Petrova of Georgia", "GE"),
        ("Georgia Tech and the State of Georgia", "US:region"),
        ("Cuban-American doctors, Cuban-led teams, Cuban doctors", "US:demonym CU:demonym"),
        ("the North Korean and the South Korean side", "KP:demonym KR:demonym"),
        ("Korean doctors", "KR:demonym"),
        ("Dominica invited the Dominican minister", "DM DM:demonym"),
        ("the Dominican minister", "DO:demonym"),
        ("turkey and china on the table", ""),
        ("Male patients in Malé", "MV:capital"),
        ("Türkiye’s minister, CÔTE D’IVOIRE", "TR CI"),
        ("the NHS and Fiocruz", "GB:body BR:body"),
        ("Azerbaijanis of Baku", "AZ:demonym AZ:capital"),
        ("Latin American and Central American ministers", ""),
    ],
)
def test_names_and_their_codes(text, names, vocabulary):
    found = find_names(Article(text), vocabulary)
    shown = [f"{each.code}:{each.form}".removesuffix(":name") for each in found]
    assert shown == names.split()


@each(
    ("language", "text", "codes"),
    [
        ("es", "El ministro de Alemania y el embajador de Estados Unidos ante la OMS", "DE US WHO"),
        ("pt", "Moçambique e Noruega assinaram", "MZ NO"),
        ("fr", "Le Royaume-Uni et la Côte d’Ivoire, avec l’OMS", "GB CI WHO"),
        ("tr", "Azerbaycan’ın bakanı Almanya’da", "AZ DE"),
    ],
)
def test_names_in_other_languages(language, text, codes, vocabulary):
    found = find_names(Article(text, language=language), vocabulary)
    assert [each.code for each in found] == codes.split()


def test_spans_are_those_of_the_text(vocabulary):
    text = "Ǣ ﬁrst: “Türkiye” and Æthiopia… São Tomé and Príncipe"
    found = find_names(Article(text), vocabulary)
    assert [text[each.span.start : each.span.end] for each in found] == [
        "Türkiye",
        "São Tomé and Príncipe",
    ]
