"""The five articles that the data set started from, told in our own words: what is read of them."""

from dataclasses import replace

import pytest

from healthcoop.contribute.draft.article import load
from healthcoop.contribute.draft.reading import read
from tests.cases import each

HOSPITAL = """Hospital of Azerbaijan's customs and doctors in Britain make a pact

BAKU – A Memorandum of Understanding (MoU) has been signed by the Central Customs Hospital, part
of the State Customs Committee of Azerbaijan, and the Association of British-Azerbaijani Doctors
and Dentists (ABADD), which works in the United Kingdom.

Training, research and exchanges of doctors are what it provides for. It serves the country's
health care, said Dr. Ceyhun Mammadov, head of the State Customs Committee's Medical Services
Department.

For the UK side, ABADD Chair Fidan Israfilbeyli spoke of the health of women and children.

It was signed by Bakhtiyar Musayev, director and chief physician of the Central Customs
Hospital, and Fidan Israfilbeyli representing ABADD.

NO COMMENTS

LEAVE A REPLY
"""
IRAN = """Iran and Uzbekistan want to do more together in medicine

Mohammad Ali Eskandari, Iran's ambassador to Uzbekistan, met with Asilbek Khudayarov, the
Minister of Health of Uzbekistan, not long ago.

Medicines, medical equipment and links between universities were discussed. Uzbekistan would
like to cover a part of its needs with goods from Iran, said the minister.

Similar Posts
"""
CUBA = """Azerbaijani Health Minister Teymur Musayev and the Cuban ambassador, Carlos Enrique Valdes
de la Concepcion, discussed cooperation in health care at a meeting, Azernews reports.

Cuban doctors came to Azerbaijan in 2020 to help against COVID-19, recalled the minister.

This year is the 30th since diplomatic relations were established on March 27, 1992. The embassy
of Cuba was opened on October 12, 2007. In total, ten documents have been signed between
Azerbaijan and Cuba.
"""
WHO = """Azerbaijan and WHO talk about what they do together

On Thursday Foreign Minister of Azerbaijan Jeyhun Bayramov received Hande Harmanci, Head of the
World Health Organization (WHO) Office in Azerbaijan, the ministry said.

COVID-19 and the fair distribution of vaccines were their subjects. Last year's meetings of the
Cooperation Council of Turkic-Speaking States and a special session of the UN General Assembly
were held at the initiative of Azerbaijan, said Bayramov.

Harmanci announced that the WHO regional director will visit Azerbaijan soon. Bayramov told her
of the lands freed from Armenian occupation.
"""
TURKIC = """BAKU, Azerbaijan, April 8. On the sidelines of the 5th meeting of health ministers of
the Organization of Turkic States (OTS), Kazakhstan's Prime Minister Olzhas Bektenov had a meeting
with the health ministers of the OTS member states.

President of Azerbaijan Ilham Aliyev gives much attention to these relations, it was said.

The Minister of Health of Azerbaijan Teymur Musayev thanked Kazakhstan for its help after the
crash of an Azerbaijan Airlines plane near Aktau on December 25 last year.

A meeting was also held with Tamara Duisenova, Assistant to the President of Kazakhstan. Health
care was its subject.

As part of the event, Musayev held several bilateral meetings.

During a meeting with the Minister of Health of Kazakhstan Akmaral Alnazarova, emergency medical
care and the accreditation of hospitals were discussed.

A meeting also took place between Musayev and WHO Regional Director for Europe Hans Henri Kluge.
"""


@pytest.fixture(scope="module")
def drafts(vocabulary):
    def read_drafts(text: str, published: str):
        paragraphs = text.replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
        article = replace(load(paragraphs.encode()), published=published)
        return read(article, vocabulary).drafts

    return read_drafts


@each(
    ("text", "published", "events", "days", "people"),
    [
        (
            HOSPITAL,
            "2025-12-22",
            ["mou AZ GB"],
            ["2025-12-22~"],
            ["Ceyhun Mammadov AZ", "Bakhtiyar Musayev AZ signed", "Fidan Israfilbeyli GB signed"],
        ),
        (
            IRAN,
            "",
            ["meeting IR UZ"],
            [None],
            ["Mohammad Ali Eskandari IR", "Asilbek Khudayarov UZ"],
        ),
        (
            CUBA,
            "2022-10-07",
            ["meeting AZ CU"],
            ["2022-10-07~"],
            ["Teymur Musayev AZ", "Carlos Enrique Valdes de la Concepcion CU"],
        ),
        (
            WHO,
            "2021-06-04",
            ["meeting AZ WHO"],
            ["2021-06-03"],
            ["Jeyhun Bayramov AZ", "Hande Harmanci WHO"],
        ),
        (
            TURKIC,
            "2025-04-08",
            ["meeting OTS KZ AZ", "meeting AZ KZ", "meeting AZ KZ", "meeting AZ WHO"],
            ["2025-04-08"] * 4,
            [
                *("Olzhas Bektenov KZ", "Teymur Musayev AZ", "Teymur Musayev AZ"),
                *("Tamara Duisenova KZ", "Teymur Musayev AZ", "Akmaral Alnazarova KZ"),
                *("Teymur Musayev AZ", "Hans Henri Kluge WHO"),
            ],
        ),
    ],
)
def test_seed_is_read_as_a_person_reads_it(text, *, published, events, days, people, drafts):
    found = drafts(text, published)
    shown = [(each.event.type, {*each.event.codes}) for each in found]
    assert shown == [(event.split()[0], {*event.split()[1:]}) for event in events]
    assert [each.date and each.date.edtf for each in found] == days
    named = [
        f"{person.name} {person.party}{' signed' if person.signed else ''}"
        for each in found
        for person in each.people
    ]
    assert sorted(named) == sorted(people)
