"""Which events an article reports, between whom; and which it only recalls or announces."""

from tests.cases import each

FILLER = " Both sides spoke about hospitals and the training of doctors."


@each(
    ("text", "drafts"),
    [
        # several at once, and then a sentence about each
        (
            "Kenya’s health minister has seen delegations of Peru, Chile and Cuba one by one. "
            "Minister Ann Otieno of Kenya also met the minister of Peru, Luis Rey.",
            "meeting KE-CL, meeting KE-CU, meeting KE-PE",
        ),
        (
            "Peru and Chile signed an agreement on the exchange of nurses in Lima on Monday. "
            "The two ministries then also signed a protocol on vaccines.",
            "agreement PE-CL, protocol PE-CL",
        ),
        # several texts of one type, each of them named; two of them without that are one event
        (
            "Peru and Chile signed two agreements: one on malaria, the other on nurses.",
            "agreement PE-CL, agreement PE-CL",
        ),
        (
            "Peru and Chile signed three protocols. The first is on polio, the second is on "
            "hospitals, and the third on tractors.",
            "protocol PE-CL, protocol PE-CL",
        ),
        ("Peru and Chile signed two agreements on malaria in Lima.", "agreement PE-CL"),
        # what is some weeks older than the news
        (
            "On 13 May 2024 the minister of Peru met Chile’s minister on vaccines. "
            "A memorandum on nurses was signed by the two ministers on 15 April 2024.",
            "meeting PE-CL",
        ),
        # a month is no plan
        ("Peru and Chile on 4 May signed an agreement on malaria.", "agreement PE-CL"),
        # who met on a programme, and what was received
        (
            "The programme took the minister of Peru to bilateral talks with Chile’s minister.",
            "meeting PE-CL",
        ),
        # talks in the lead, and the plan they led to
        (
            "Peru and Chile look for ways to stop dengue at an important meeting of experts. "
            "A joint plan of action was approved by both delegations.",
            "action-plan PE-CL, meeting PE-CL",
        ),
        # who met after the signing
        (
            "Peru and Chile signed a health agreement in Lima on Monday morning. Vaccines are in "
            "it. Nurses are in it. Doctors are in it. The ministers held talks on malaria.",
            "agreement PE-CL, meeting PE-CL",
        ),
        # a conference at which a text was adopted, and one that an official attended
        (
            "A declaration on dengue was adopted by Peru and Chile at the 10th conference of the "
            "Organization of American States. The conference was about mosquitoes.",
            "conference PE-CL, declaration PE-CL",
        ),
        # one meeting after the other
        (
            "Minister Ana Paz of Peru met Chile’s minister, Luis Rey. With the minister of Cuba, "
            "Jorge Gil, the topic was tobacco.",
            "meeting PE-CL, meeting PE-CU",
        ),
        (
            "Minister Ana Paz of Peru met with the minister of Chile, Luis Rey, on nurses; "
            "and with the minister of Cuba, Jorge Gil, on malaria.",
            "meeting PE-CL, meeting PE-CU",
        ),
        (
            "The health ministers of Peru, Chile and Cuba met in Lima. "
            "Peru’s minister then held a bilateral meeting with Cuba’s minister.",
            "meeting PE-CL-CU, meeting PE-CU",
        ),
        (
            "Peru, Chile and Cuba signed a declaration on malaria. "
            "Peru and Chile also signed an agreement on patients.",
            "agreement PE-CL, declaration PE-CL-CU",
        ),
        # several texts in one sentence
        (
            "A memorandum on malaria and a protocol on nurses were signed by Peru and Chile.",
            "mou PE-CL, protocol PE-CL",
        ),
        ("Peru and Chile signed a memorandum, an agreement that lasts five years.", "mou PE-CL"),
        (
            "Peru and Chile signed a memorandum on malaria, and a protocol will be signed soon.",
            "mou PE-CL",
        ),
        # what is signed
        ("Peru and Chile signed a memorandum of understanding on vaccines.", "mou PE-CL"),
        (
            "Peru’s health minister and his Chilean counterpart inked an agreement.",
            "agreement PE-CL",
        ),
        (
            "WHO and the Government of Peru adopted a joint declaration in Lima.",
            "declaration WHO-PE",
        ),
        (
            "Ministers of Peru and Chile signed on Monday a letter of intent.",
            "letter-of-intent PE-CL",
        ),
        ("Peru, Chile and Brazil signed an action plan against dengue.", "action-plan PE-CL-BR"),
        ("A deal was signed by Peru and Chile. The protocol is for two years.", "protocol PE-CL"),
        # who met
        ("The Peruvian health minister received the Chilean ambassador.", "meeting PE-CL"),
        ("Peru’s minister met with the head of the WHO office in Peru.", "meeting PE-WHO"),
        ("Peru’s health minister spoke by phone with his Chilean counterpart.", "call PE-CL"),
        ("Chile sent a team of medical experts to Haiti.", "mission CL-HT"),
        (
            "Japan’s ambassador handed over ambulances to the Ministry of Health of Peru.",
            "ceremony JP-PE",
        ),
        ("Peru and Chile have discussed cooperation in medicine.", "meeting PE-CL"),
        # a place, a source, a currency, a person are no sides
        ("The ministers of Peru and Chile met in Geneva, Switzerland.", "meeting PE-CL"),
        (
            "The ministers of Peru and Chile met on the sidelines of the World Health Assembly.",
            "meeting PE-CL",
        ),
        (
            "Peru and Chile signed an agreement for 20 million US dollars, WHO reports.",
            "agreement PE-CL",
        ),
        ("Peru’s ambassador to Chile met the Health Minister of Chile.", "meeting PE-CL"),
        ("A delegation of Peru visited Chile, Bolivia and Ecuador.", "visit PE-CL-BO-EC"),
        (
            "Officials of the Peruvian and Chilean embassies opened talks. The talks were held"
            " during a courtesy call on the minister of health of Bolivia.",
            "meeting PE-CL-BO",
        ),
        # history is no event
        (
            "The health ministers of Peru and Chile met on Tuesday. Last year they signed a"
            " memorandum of understanding. Diplomatic relations were established in 1849.",
            "meeting PE-CL",
        ),
        (
            "The health ministers of Peru and Chile met. In total, ten documents have been signed.",
            "meeting PE-CL",
        ),
        (
            "The ministers of Peru and Chile met. In March 2021 they signed a protocol.",
            "meeting PE-CL",
        ),
        # one meeting with each of several
        (
            "Peru’s minister had separate meetings with his counterparts of Chile and Brazil.",
            "meeting PE-BR, meeting PE-CL",
        ),
    ],
)
def test_events_and_their_sides(text, drafts, events):
    found, _ = events(text + FILLER)
    assert found == drafts.split(", ")


@each(
    ("text", "announced"),
    [
        ("Peru and Chile will sign a memorandum of understanding on vaccines next week.", "mou"),
        ("Peru and Chile are to sign a protocol on vaccines.", "protocol"),
        (
            "The Cabinet of Peru approved the signing of a memorandum of cooperation with Chile.",
            "mou",
        ),
        ("A declaration of Peru and Chile is to be signed soon.", "declaration"),
    ],
)
def test_what_is_planned_is_announced_and_not_drafted(text, announced, events):
    assert events(text + " The text is about hospitals.") == ([], [announced])


@each(
    "text",
    [
        "The Ministry of Health of Peru has by now signed memoranda with 55 countries, it says.",
        "Peru met its target for vaccines. Chile has more doctors than ten years ago.",
        "The Peruvian ministry of health opened a hospital for children in the north of Peru.",
    ],
)
def test_no_event_between_countries_gives_no_draft(text, events):
    assert events(text)[0] == []


def test_side_meetings_of_a_conference_are_events_of_their_own(events):
    text = (
        "The health ministers of Peru and Chile met on Monday on the sidelines of a forum."
        " The talks were about vaccines.\n\nThe ministers praised the doctors of both countries."
        " Medical schools were another subject of the talks.\n\n"
        "The Peruvian minister also met with the health minister of Brazil. Hospitals were their"
        " subject.\n\nA meeting was also held with the WHO Regional Director for the Americas."
    )
    found, _ = events(text)
    assert found == ["meeting PE-BR", "meeting PE-CL", "meeting PE-WHO"]


def test_what_is_not_about_health_is_not_drafted(events):
    text = "The foreign ministers of Peru and Chile met in Lima and spoke about fishing and trade."
    assert events(text) == ([], ["meeting"])
