"""Articles in other languages than English: names in all their forms."""

from healthcoop.contribute.draft.article import Article
from healthcoop.contribute.draft.names import find_names
from healthcoop.contribute.localized_names import country_names
from tests.cases import each

SENTENCES = {
    "es": "El ministro de Salud de {} llegó ayer.",
    "pt": "O ministro da Saúde de {} chegou ontem.",
    "fr": "Le ministre de la Santé de {} est arrivé hier.",
    "ru": "Министр приехал из страны {} вчера.",
    "tr": "Sağlık Bakanı {} temsilcisiyle görüştü.",
    "az": "Səhiyyə naziri {} nümayəndəsi ilə görüşüb.",
}
NOT_FOUND = {
    # also the word for a meeting
    *(("es", "Reunión"), ("pt", "Reunião"), ("fr", "La Réunion")),
    ("tr", "Mali"),  # also “financial”, and a name of people
}


@each("language", SENTENCES)
def test_every_name_of_the_locale_data_is_found(language, vocabulary):
    wrong = set()
    for name, code in country_names(language, vocabulary).items():
        article = Article(SENTENCES[language].format(name), language=language)
        if [found.code for found in find_names(article, vocabulary)] != [code]:
            wrong.add((language, name))
    assert wrong == {each for each in NOT_FOUND if each[0] == language}


@each(
    ("language", "text", "names"),
    [
        ("es", "la ministra azerbaiyana y médicos chilenos, ingleses, iraníes", "AZ CL GB IR"),
        ("es", "La OPS/OMS, la ONU, EE. UU. y La Habana indicó en la reunión", "PAHO UN US CU"),
        ("pt", "a ministra azerbaijana, médicos alemães, sul-africanas, espanhóis", "AZ DE ZA ES"),
        ("pt", "A OPAS e Moscovo; a Reunião em Díli", "PAHO RU TL"),
        ("fr", "la ministre azerbaïdjanaise, les Turcs, une délégation grecque", "AZ TR GR"),
        ("fr", "La réunion de l’OMS à Alger avec l’Azerbaïdjan", "WHO DZ AZ"),
        ("ru", "министр Азербайджана с Турцией, Южной Кореей и Египтом", "AZ TR KR EG"),
        ("ru", "Объединённых Арабских Эмиратов, Филиппин и Беларуси", "AE PH BY"),
        ("ru", "Азербайджанская сторона и азербайджанского, турецкими, США, РФ", "AZ AZ TR US RU"),
        ("ru", "Того же дня в Москве с ВОЗ и Того", "RU WHO TG"),
        ("tr", "Azerbaycan'ın bakanı, DSÖ’nün, Çinli, TÜRKİYE'DEN, özbek", "AZ WHO CN TR UZ"),
        ("tr", "Maliye Bakanı İsviçre'nin Cenevre kentine", "CH CH"),
        ("az", "Türkiyənin səhiyyə naziri, özbəkistanlı, Latviyadakı, ÜST-nin", "TR UZ LV WHO"),
        ("az", "BMT-nin Uşaq Fondunun, Maliyyə naziri, türkiyəli, Bakıda", "UNICEF TR AZ"),
    ],
)
def test_names_are_found_in_all_their_forms(language, text, names, vocabulary):
    found = find_names(Article(text, language=language), vocabulary)
    assert [each.code for each in found] == names.split()
