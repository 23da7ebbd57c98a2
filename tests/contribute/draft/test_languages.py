"""Articles in other languages than English: names in all their forms, and what is reported."""

from dataclasses import replace

import pytest

from healthcoop.contribute.draft.article import Article, load
from healthcoop.contribute.draft.names import find_names
from healthcoop.contribute.draft.reading import read
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
        (
            "az",
            "UNİCEF-in, BMT-nin Uşaq Fondunun, Maliyyə naziri, türkiyəli, Bakıda",
            "UNICEF UNICEF TR AZ",
        ),
    ],
)
def test_names_are_found_in_all_their_forms(language, text, names, vocabulary):
    found = find_names(Article(text, language=language), vocabulary)
    assert [each.code for each in found] == names.split()


@each(
    ("language", "text", "city"),
    [
        ("es", "en Ginebra", "Geneva"),
        ("pt", "em Díli", "Dili"),
        ("fr", "à La Haye", "The Hague"),
        ("ru", "в Москве", "Moscow"),
        ("ru", "в Стамбуле", "Istanbul"),
        ("tr", "Bakü'de", "Baku"),
        ("az", "Cenevrədə", "Geneva"),
    ],
)
def test_cities_are_named_in_english(language, text, city, vocabulary):
    (found,) = find_names(Article(text, language=language), vocabulary)
    assert found.city == city


@pytest.fixture(scope="module")
def drafts(vocabulary):
    def read_drafts(text: str) -> list[str]:
        article = replace(load(text.encode()), published="2024-05-15")
        return [
            f"{each.event.type} {'-'.join(sorted(each.event.codes))}"
            f" {each.date.edtf if each.date else 'no day'}"
            for each in read(article, vocabulary).drafts
        ]

    return read_drafts


# What makes the language of a short text plain, and adds no event.
MORE = {
    "es": "Las dos partes quieren trabajar en la formación de los médicos y en las vacunas.",
    "pt": "As duas partes querem trabalhar na formação dos médicos e nas vacinas.",
    "fr": "Les deux parties veulent travailler dans la formation des médecins et les vaccins.",
    "ru": "Стороны хотят вместе работать в области подготовки врачей и вакцин.",
    "tr": "İki taraf doktorların eğitimi ve aşılar için birlikte çalışmak istiyor.",
    "az": "Hər iki tərəf həkimlərin təhsili və peyvəndlər üçün birlikdə işləmək istəyir.",
}
REPORTS = [
    (
        "es",
        "El ministro de Salud de Chile y su homóloga azerbaiyana firmaron el 3 de mayo de 2024 un"
        " memorándum de entendimiento.",
        "mou AZ-CL 2024-05-03",
    ),
    (
        "es",
        "La ministra de Salud del Perú recibió este lunes al embajador de Turquía.",
        "meeting PE-TR 2024-05-13",
    ),
    (
        "es",
        "El Gobierno de Cuba y la OPS suscribieron ayer un plan de acción.",
        "action-plan CU-PAHO 2024-05-14",
    ),
    ("es", "Los ministros de Salud de Chile y Perú no firmaron el acuerdo.", ""),
    ("es", "Los ministros de Salud de Chile y Perú firmarán un convenio en junio.", ""),
    (
        "pt",
        "O Ministério da Saúde do Brasil e o governo turco assinaram em 3 de maio de 2024 uma carta"
        " de intenções.",
        "letter-of-intent BR-TR 2024-05-03",
    ),
    (
        "pt",
        "A ministra da Saúde de Angola reuniu-se na segunda-feira com o embaixador de Cuba.",
        "meeting AO-CU 2024-05-13",
    ),
    ("pt", "Os ministros da Saúde de Angola e Cuba assinarão um protocolo em junho.", ""),
    ("pt", "Os ministros da Saúde de Angola e Cuba não assinaram o acordo.", ""),
    (
        "fr",
        "Le ministre de la Santé du Bénin a reçu le 3 mai 2024 l’ambassadeur d’Azerbaïdjan.",
        "meeting AZ-BJ 2024-05-03",
    ),
    (
        "fr",
        "Le ministère de la Santé du Togo et l’OMS ont signé mardi un protocole d’accord.",
        "protocol TG-WHO 2024-05-14",
    ),
    ("fr", "Les ministres de la Santé du Togo et du Bénin signeront un accord en juin.", ""),
    ("fr", "Les ministres de la Santé du Togo et du Bénin n’ont pas signé l’accord.", ""),
    (
        "ru",
        "Министр здравоохранения Азербайджана и его турецкий коллега подписали 3 мая 2024 года"
        " меморандум о взаимопонимании.",
        "mou AZ-TR 2024-05-03",
    ),
    (
        "ru",
        "Министр здравоохранения Узбекистана встретился во вторник с послом Республики Корея.",
        "meeting KR-UZ 2024-05-14",
    ),
    ("ru", "Министры здравоохранения Грузии и Турции подпишут соглашение в июне.", ""),
    ("ru", "Министры здравоохранения Грузии и Турции не подписали соглашение.", ""),
    (
        "tr",
        "Azerbaycan Sağlık Bakanlığı ile Özbekistan Sağlık Bakanlığı arasında 3 Mayıs 2024'te"
        " mutabakat zaptı imzalandı.",
        "mou AZ-UZ 2024-05-03",
    ),
    (
        "tr",
        "Gürcistan Sağlık Bakanı, Azerbaycan'ın büyükelçisi ile salı günü görüştü.",
        "meeting AZ-GE 2024-05-14",
    ),
    ("tr", "Gürcistan ve Azerbaycan sağlık bakanları haziranda bir anlaşma imzalayacak.", ""),
    ("tr", "Gürcistan ve Azerbaycan sağlık bakanları anlaşmayı imzalamadı.", ""),
    (
        "az",
        "Azərbaycan və Türkiyə səhiyyə nazirlikləri mayın 3-də anlaşma memorandumu imzalayıblar.",
        "mou AZ-TR 2024-05-03",
    ),
    (
        "az",
        "Gürcüstanın səhiyyə naziri Türkiyənin səfiri ilə mayın 14-də görüşüb.",
        "meeting GE-TR 2024-05-14",
    ),
    ("az", "Gürcüstan və Türkiyə səhiyyə nazirləri iyunda saziş imzalayacaqlar.", ""),
    ("az", "Gürcüstan və Türkiyə səhiyyə nazirləri sazişi imzalamayıblar.", ""),
    # of several days, of which the last or the first is given, or both in another sentence
    (
        "pt",
        "A ministra da Saúde de Angola terminou uma visita de três dias a Cuba em 10 de maio de"
        " 2024.",
        "visit AO-CU 2024-05-08/2024-05-10",
    ),
    (
        "es",
        "El ministro de Salud del Perú inició una visita de dos días a Chile el 13 de mayo de"
        " 2024.",
        "visit CL-PE 2024-05-13/2024-05-14",
    ),
    # a conference of the ministers of an organisation
    (
        "fr",
        "Les ministres de la Santé de la CEDEAO ont tenu une réunion le 3 mai 2024 avec le Togo.",
        "conference ECOWAS-TG 2024-05-03",
    ),
    # verbs in other forms than the commonest
    (
        "es",
        "Perú y Chile han acordado un plan conjunto de vacunación.",
        "action-plan CL-PE 2024-05-15~",
    ),
    (
        "pt",
        "Um comunicado conjunto foi apresentado por Angola e Cuba.",
        "declaration AO-CU 2024-05-15~",
    ),
    (
        "ru",
        "Министерство здравоохранения Грузии заключило с Турцией соглашение.",
        "agreement GE-TR 2024-05-15~",
    ),
    (
        "tr",
        "Gürcistan Sağlık Bakanı, Azerbaycan'ın büyükelçisini kabul etmiştir.",
        "meeting AZ-GE 2024-05-15~",
    ),
    (
        "tr",
        "Gürcistan ile Azerbaycan arasında protokole imza atılmıştır.",
        "protocol AZ-GE 2024-05-15~",
    ),
    (
        "az",
        "Gürcüstanın səhiyyə naziri Türkiyənin səfiri ilə görüşmüşdür.",
        "meeting GE-TR 2024-05-15~",
    ),
    # who was given something, and gatherings of several
    (
        "es",
        "Una donación de ambulancias recibió ayer el ministro de Salud del Perú del embajador de"
        " Corea.",
        "ceremony KR-PE 2024-05-14",
    ),
    (
        "es",
        "Los ministros de Salud de Chile, Ana Paz; de Perú, Luis Rey; y de Cuba, Eva Sol, han"
        " firmado hoy una declaración en la reunión de ministros de Salud del Mercosur.",
        "declaration CL-CU-PE 2024-05-15",
    ),
    (
        "fr",
        "Des ambulances ont été remises lundi par le gouvernement chinois au ministère de la Santé"
        " du Togo.",
        "ceremony CN-TG 2024-05-13",
    ),
    (
        "ru",
        "Во вторник Детский фонд ООН (ЮНИСЕФ) передал Министерству здравоохранения и социальной"
        " защиты населения Республики Таджикистан вакцины.",
        "ceremony TJ-UNICEF 2024-05-14",
    ),
    (
        "tr",
        "Türkiye'nin büyükelçisi, Gürcistan Sağlık Bakanlığına salı günü on ambulans teslim etti.",
        "ceremony GE-TR 2024-05-14",
    ),
    # a text of one side is no instrument
    ("es", "El ministro de Salud de Chile firmó ayer un decreto sobre los médicos peruanos.", ""),
    ("pt", "O ministro da Saúde do Brasil assinou uma portaria sobre os médicos cubanos.", ""),
    ("fr", "Le ministre français de la Santé a signé un décret sur les médecins algériens.", ""),
    ("ru", "Министр здравоохранения России подписал приказ о врачах из Казахстана.", ""),
    ("tr", "Türkiye Sağlık Bakanı, Azerbaycan'dan gelen doktorlar için bir genelge imzaladı.", ""),
    ("az", "Azərbaycanın səhiyyə naziri türkiyəli həkimlər üçün əmr imzalayıb.", ""),
    # an occasion, a place and an older text are no sides and no events
    (
        "tr",
        "Gürcistan Sağlık Bakanı, Dünya Sağlık Asamblesi sırasında Cenevre'de Türk meslektaşı ile"
        " bir araya geldi.",
        "meeting GE-TR 2024-05-15~",
    ),
    (
        "fr",
        "Les ministres de la Santé du Togo et du Bénin ont tenu, lundi à Genève, une réunion."
        " Le mémorandum d’entente conclu en 2017 a été abordé.",
        "meeting BJ-TG 2024-05-13",
    ),
    (
        "es",
        "Los ministros de Salud de Chile y Perú tuvieron ayer por videoconferencia una reunión"
        " sobre la donación de órganos.",
        "call CL-PE 2024-05-14",
    ),
    (
        "pt",
        "A ministra da Saúde de Angola, à margem da Assembleia Mundial da Saúde em Genebra, teve"
        " ontem um encontro com o ministro cubano.",
        "meeting AO-CU 2024-05-14",
    ),
    ("ru", "Министр здравоохранения Грузии 3 мая 2024 года открыл больницу в Тбилиси.", ""),
    ("az", "Səhiyyə naziri Bakıda mayın 3-də xəstəxananın açılışında iştirak edib.", ""),
    (
        "es",
        "Los ministros de Salud de Chile y Perú se reunirán en junio. La reunión es sobre dengue.",
        "",
    ),
    ("es", "El ministro de Salud de Chile visitó ayer un hospital de Santiago.", ""),
]


@each(("language", "text", "expected"), REPORTS)
def test_reports_are_read_with_type_sides_and_day(language, text, expected, drafts):
    assert "; ".join(drafts(f"{text} {MORE[language]}")) == expected


@each(
    ("language", "text", "announced"),
    [
        (
            "es",
            "Los ministros de Salud de Chile y Perú firmarán un convenio en junio.",
            "agreement",
        ),
        ("pt", "Os ministros da Saúde de Angola e Cuba assinarão um protocolo.", "protocol"),
        ("fr", "Le ministre de la Santé du Togo signera un accord avec le Bénin.", "agreement"),
        ("ru", "Министры здравоохранения Грузии и Турции подпишут меморандум в июне.", "mou"),
        ("tr", "Gürcistan ve Azerbaycan sağlık bakanları bir anlaşma imzalayacak.", "agreement"),
        ("az", "Gürcüstan və Türkiyə səhiyyə nazirləri yol xəritəsi imzalayacaq.", "action-plan"),
    ],
)
def test_what_is_to_come_is_announced(language, text, announced, vocabulary):
    found = read(load(f"{text} {MORE[language]}".encode()), vocabulary)
    assert [each.type for each in found.announced] == [announced]
