"""``contribute.party_names``: names of parties as registers write them."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.party_names import PartyNames
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files.tree import Tree
from healthcoop.files.vocabularies import load
from tests.cases import each

VOCABULARY = load(Tree(Path(__file__).parents[2]))
ENGLISH = PartyNames(VOCABULARY)
PORTUGUESE = PartyNames(VOCABULARY, ["pt"])

OF_THEIR_TIME = [
    (1834, "Sardinia", "XSAR"),
    (1838, "Two Sicilies", "XTSI"),
    (1841, "Hanseatic Towns", "XHSE"),
    (1843, "Sublime Porte", "TR"),
    (1850, "Sandwich Islands", "XHAW"),
    (1854, "Orange Free State", "XORC"),
    (1861, "Ottoman Empire", "TR"),
    (1862, "Prussia", "XPRU"),
    (1862, "Free City of Bremen", "XBRE"),
    (1866, "Chili", "CL"),
    (1868, "New Granada", "CO"),
    (1874, "South African Republic", "XTRV"),
    (1884, "Corea", "XKOR"),
    (1885, "Independent State of the Congo", "CD"),
    (1889, "Servia", "XSRB"),
    (1891, "AUSTRIA-HUNGARY", "XAUH"),
    (1891, "Muscat", "OM"),
    (1892, "AUSTRIA", "XAUH"),
    (1903, "PERSIA", "IR"),
    (1903, "RUSSIA", "XRUE"),
    (1907, "Hayti", "HT"),
    (1907, "Zanzibar", "XZAN"),
    (1912, "SIAM", "TH"),
    (1926, "Gold Coast", "GH"),
    (1926, "Roumania", "RO"),
    (1926, "Palestine", "XPSM"),
    (1926, "Straits Settlements", "XSTS"),
    (1928, "Kingdom of the Serbs, Croats and Slovenes", "YUCS"),
    (1950, "CEYLON", "LK"),
    (1953, "Belgian Congo", "CD"),
    (1962, "Federation of Malaya", "MY"),
    (1967, "GERMANY FEDERAL REPUBLIC", "DE"),
    (1894, "Queensland", "XQLD"),
    (1900, "Cape of Good Hope", "XCAP"),
    (1967, "German Dem. Rep.", "DDDE"),
    (1967, "GERMANY, DEMOCRATIC REPUBLIC OF", "DDDE"),
    (1967, "VIETNAM, REPUBLIC OF", "XRVN"),
    (1967, "SOVIET UNION", "SUHH"),
    (1975, "Russia", "SUHH"),
    (1975, "YEMEN, PEOPLES'S DEMOCRATIC REPUBLIC OF", "YDYE"),
    (1998, "Yugoslavia", "CSXX"),
    (2001, "United Arab Republic", "EG"),
    (2005, "SERBIA", "CSXX"),
    (2007, "SERBIA", "RS"),
]


@each(("year", "name", "code"), OF_THEIR_TIME)
def test_a_name_means_the_state_of_its_time(year: int, name: str, code: str) -> None:
    """Former states, territories and old spellings are what they were on the day."""
    day = date(year, 6, 1)
    assert ENGLISH.resolve(name, (day, day)).code == code


@each(
    ("name", "code"),
    [
        ("Congo, Republic", "CG"),
        ("congo, dem. rep.", "CD"),
        ("Korea, Dem. Rep.", "KP"),
        ("Korea, North", "KP"),
        ("Rep. of Korea", "KR"),
        ("Virgin Islands (US)", "VI"),
        ("Virgin Islands, U.S.", "VI"),
        ("China, P.R.", "CN"),
        ("Hong Kong, China", "HK"),
        ("Martinique (France)", "MQ"),
        ("Somaliland (France)", "DJ"),
        ("Samoa (American)", "AS"),
        ("Lao People's Dem. Rep.", "LA"),
        ("Socialist Republic of Romania", "RO"),
        ("Polish People's Republic", "PL"),
        ("Yemen A. R.", "YE"),
        ("Government of the Republic of Ghana", "GH"),
        ("GAMBIA THE", "GM"),
        ("St. Christopher And Nevis", "KN"),
        ("Sao Tome & Principe", "ST"),
        ("Iran (Islamic Republic of)", "IR"),
        ("The FYR of Macedonia", "MK"),
        ("Isle Of Man", "IM"),
        ("World Health Organization (WHO)", "WHO"),
        ("PAHO - Pan American Health Organization", "PAHO"),
        ("UNITED NATIONS", "UN"),
    ],
)
def test_order_abbreviations_and_forms_of_state_do_not_matter(name: str, code: str) -> None:
    """A name is found by its words."""
    day = date(2010, 1, 1)
    party = ENGLISH.resolve(name, (day, day))
    assert (party.code, party.organisation) == (code, code in VOCABULARY.organisations)


@each(
    ("name", "code"),
    [
        ("República Tcheca", "CZ"),
        ("República Federativa do Brasil", "BR"),
        ("Governo da República Argentina", "AR"),
        ("Reino Unido", "GB"),
        ("Guiné Bissau", "GW"),
        ("Palestina", "PS"),
        ("Coreia do Sul", "KR"),
        ("Sérvia", "RS"),
        ("R.D. Congo", "CD"),
        ("República Socialista Federativa da Iugoslávia", None),
        ("Organização Mundial de Saúde - OMS", "WHO"),
        ("FAO (Org. das Nações Unidas para Agricultura e Alimentação )", "FAO"),
        ("Estados Unidos", "US"),
    ],
)
def test_names_in_another_language(name: str, code: str | None) -> None:
    """A register in Portuguese is read with its language; a state is resolved while it exists."""
    day = date(2010, 1, 1)
    found = PORTUGUESE.find(name, (day, day))
    assert (None if found.absence else found.code) == code


@each(
    ("name", "nearest"),
    [
        ("Isreal", "Israel"),
        ("Georgia (USA)", "Georgia"),
        ("Georgia US", "Georgia"),
        ("Republic of Germany", "Germany"),
        ("Tchéquie", ""),
        ("Korea (Somewhere)", ""),
        ("WHO - World Heritage Organization", ""),
        ("Samoa, Western and American", ""),
        ("Republic", ""),
        ("and", ""),
        ("of the", ""),
        ("Islands", "Iceland"),
        ("The Islands", ""),
        ("St.", ""),
        ("", ""),
        ("x - " * 1000, ""),
    ],
)
def test_nothing_is_guessed(name: str, nearest: str) -> None:
    """A name that is not known, or may mean two states, is refused with the nearest names."""
    day = date(2010, 1, 1)
    with pytest.raises(UnknownName) as error:
        ENGLISH.resolve(name, (day, day))
    assert nearest == "" or nearest in error.value.nearest


@each(
    ("year", "name", "code", "absence"),
    [
        (1926, "UZBEKISTAN", "UZ", "exists only from 1991-08-31"),
        (1907, "SOVIET UNION", "SUHH", "exists only from 1922-12-30"),
        (1906, "SOUTH AFRICA", "ZA", "exists only from 1910-05-31"),
        (2005, "Czechoslovakia", "CSHH", "existed only until 1992-12-31"),
    ],
)
def test_a_state_of_another_time(year: int, name: str, code: str, absence: str) -> None:
    """What did not exist on the day is found, with the reason, but not resolved."""
    day = date(year, 6, 1)
    party = ENGLISH.find(name, (day, day))
    assert (party.code, party.absence) == (code, absence)
    with pytest.raises(UnknownName, match=absence):
        ENGLISH.resolve(name, (day, day))


@given(st.text(max_size=80))
def test_any_text_is_a_party_or_refused(name: str) -> None:
    """A cell can hold anything."""
    try:
        party = PORTUGUESE.find(name, (None, None))
    except UnknownName:
        return
    assert party.code in VOCABULARY.countries or party.code in VOCABULARY.organisations


def test_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """RapidFuzz is needed only to suggest names."""
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    assert ENGLISH.find("Roumania", (None, None)).code == "RO"
    with pytest.raises(HealthcoopError, match="RapidFuzz") as error:
        ENGLISH.find("Ruritania", (None, None))
    assert error.value.hint == "pip install 'healthcoop[contribute]'"


def test_party_mentions_of_a_register_are_resolved() -> None:
    """All but a few of the 3,250 mentions are a party of their day, or one that joined later."""
    path = Path(__file__).parents[2] / "docs/imports/uk-treaties.csv"
    refused: list[str] = []
    mentions = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date(*map(int, reversed((row["adopted_date"] or row["signed_date"]).split("/"))))
            for name in row["parties"].split("; "):
                mentions += 1
                try:
                    absence = ENGLISH.find(name, (day, day)).absence
                except UnknownName:
                    refused.append(name)
                    continue
                refused += [name] if absence.startswith("existed only until") else []
    assert mentions == 3250
    assert refused == ["Falkland Island Dependencies"]
