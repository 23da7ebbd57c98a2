"""The vocabulary of countries and WHO's regions, against ISO and against names that sources use."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pycountry
import pytest
import yaml

from healthcoop.model.dates import parse
from healthcoop.model.folding import name_key

ROOT = Path(__file__).parents[1]
Entry = dict[str, Any]
COUNTRIES: list[Entry] = json.loads((ROOT / "schema/countries.json").read_bytes())["countries"]
BY_CODE: dict[str, Entry] = {entry["code"]: entry for entry in COUNTRIES}
REGIONS: list[Entry] = yaml.safe_load((ROOT / "schema/regions.yaml").read_bytes())["regions"]
WHO_MEMBERS = [member for region in REGIONS for member in region.get("members", ())]
ORGANISATIONS: list[Entry] = yaml.safe_load((ROOT / "schema/organisations.yaml").read_bytes())[
    "organisations"
]

KEYS = ["code", "alpha3", "numeric", "cow", "kind", "name", "official_name"]
KEYS += ["other_names", "demonyms", "from", "until", "successors", "folds_into", "former_codes"]
KEYS += ["replaced_by"]

# Adjectives of two countries: they are ambiguous, and both codes are suggested.
AMBIGUOUS_DEMONYMS = {
    "congolese": {"CD", "CG"},
    "dominican": {"DM", "DO"},
    "korean": {"KP", "KR"},
    "virgin islander": {"VG", "VI"},
}

# Every party of a health treaty in the UK register of treaties, 1891 to 2005, as it stands there.
REGISTER_NAMES = """
ABYSSINIA | AFGHANISTAN | AFRICAN DEVELOPMENT BANK | ALBANIA | ALGERIA | ANDORRA | ANGOLA |
ANTIGUA AND BARBUDA | ARGENTINA | ARGENTINE REPUBLIC | ARMENIA | AUSTRALIA | AUSTRIA |
AUSTRIA-HUNGARY | AZERBAIJAN | Aden Colony | Aden Protectorate | Alaska | Alawites & Djehel Druse
| Algeria | American Samoa | Angola | Anguilla | Antigua | Antilles | Aruba | Australia | Azores |
BAHAMAS | BAHRAIN | BANGLADESH | BARBADOS | BELARUS | BELGIUM | BELIZE | BENIN | BHUTAN | BOLIVIA
| BOSNIA AND HERZEGOVINA | BOTSWANA | BRAZIL | BRUNEI DARUSSALAM | BULGARIA | BURKINA FASO | BURMA
| BURUNDI | BYELORUSSIA S S R | Bahamas | Bahrain | Barbados | Basutoland | Bechuanaland | Belgian
Congo | Berlin West | Bermuda | British Antarctic Territory | British Guiana | British Honduras |
British Indian Ocean Territory | British Solomon Islands | British Togoland | British Virgin
Islands | Brunei | Burma | CAMBODIA | CAMEROON | CANADA | CAPE VERDE | CENTRAL AFRICAN EMPIRE |
CENTRAL AFRICAN REPUBLIC | CEYLON | CHAD | CHILE | CHINA | CHINA P R | COLOMBIA | COMOROS |
COMOROS ISLANDS | CONGO | CONGO, DEMOCRATIC REPUBLIC OF | CONGO, PEOPLES REPUBLIC OF | CONGO,
REPUBLIC OF | COOK ISLANDS | COSTA RICA | COTE D'IVOIRE | CROATIA | CUBA | CYPRUS | CZECH REPUBLIC
| CZECHOSLOVAKIA | Cameroons | Canada | Cape Verde Islands | Cayman Islands | Ceylon | Channel
Islands | Christmas Island | Comoro Islands | Cook Islands | Cyprus | DAHOMEY | DANZIG | DENMARK |
DJIBOUTI | DOMINICA, COMMONWEALTH OF | DOMINICAN REPUBLIC | Dominica | ECUADOR | EGYPT | EL
SALVADOR | EQUATORIAL GUINEA | ERITREA | ESTONIA | ETHIOPIA | EUROPEAN COMMUNITY | EUROPEAN UNION
| East Indies | FIJI | FINLAND | FRANCE | Falkland Island Dependencies | Falkland Islands | Faroe
Islands | Fiji | French Cameroons | French Equatorial Africa | French Guiana | French India |
French Indo-china | French Polynesia | French Settlements In India | French Settlements In Oceania
| French Somaliland | French Togoland | French West Africa | GABON | GAMBIA THE | GEORGIA | GERMAN
DEMOCRATIC REPUBLIC | GERMANY | GERMANY FEDERAL REPUBLIC | GHANA | GREECE | GRENADA | GUATEMALA |
GUINEA | GUINEA BISSAU | GUYANA | Gibraltar | Gilbert & Ellice Colony | Gilbert And Ellice Islands
| Gold Coast | Grenada | Guadeloupe | Guam | Guernsey, Bailiwick of | HAITI | HAYTI | HEJAZ | HOLY
SEE | HONDURAS | HONG KONG SAR | HUNGARY | Hawaii | Hong Kong | ICELAND | INDIA | INDONESIA |
INTERNATIONAL BANK FOR RECONSTRUCTION AND DEVELOPMENT | INTERNATIONAL DEVELOPMENT ASSOCIATION |
IRAN | IRAQ | IRELAND | IRELAND, REPUBLIC OF | ISRAEL | ITALY | IVORY COAST | India | Indies |
Irish Free State | Isle Of Man | Italian Colonies | JAMAICA | JAPAN | JORDAN | Jamaica | Jersey,
Bailiwick of | KAZAKHSTAN | KENYA | KIRIBATI | KOREA | KOREA DEMOCRATIC PEOPLE'S REPUBLIC OF |
KOREA REPUBLIC OF | KUWAIT | KYRGYZSTAN | Kenya | Kuwait | LAO PEOPLE'S DEMOCRATIC REPUBLIC | LAOS
| LATVIA | LEBANON | LESOTHO | LIBERIA | LIBYA | LIECHTENSTEIN | LITHUANIA | LUXEMBOURG | Land
Berlin | Lebanon | Leeward Islands | MACEDONIA THE FYR OF | MADAGASCAR | MALAGASY REPUBLIC |
MALAWI | MALAYA | MALAYSIA | MALDIVES | MALI | MALTA | MARSHALL ISLANDS | MAURITANIA | MAURITIUS |
MEXICO | MICRONESIA | MOLDOVA REPUBLIC OF | MONACO | MONGOLIA | MONTENEGRO | MOROCCO | MOZAMBIQUE
| MYANMAR | Macao | Madagascar | Madagascar And Dependencies | Madeira | Malay States, Federated |
Malay States, Unfederated | Malaya | Malta | Martinique | Mauritania | Mauritius | Montserrat |
Morocco | Mozambique | NAMIBIA | NAURU | NEPAL | NETHERLANDS THE | NEW ZEALAND | NICARAGUA | NIGER
| NIGERIA | NIUE | NORWAY | Natal | Netherlands Antilles | Netherlands West Indies | New Caledonia
| New Guinea | New Hebrides | New Zealand | Newfoundland (CAN) | Newfoundland (UK) | Nigeria |
Nigeria, South | Niue Island | Norfolk Island | North Borneo | Northern Rhodesia | Nyasaland |
OMAN | Orange River Colony | PAKISTAN | PALAU | PANAMA | PAPUA NEW GUINEA | PARAGUAY | PERSIA |
PERU | PHILIPPINES | POLAND | PORTUGAL | Pacific Islands | Palestine | Panama Canal Zone | Papua |
Papua New Guinea | Pitcairn Islands | Pitcairn,Henderson,Ducie & Oeno Islands | Portuguese Guinea
| Portuguese State Of India | Portuguese Timor | Puerto Rico | QATAR | Qatar | ROMANIA | ROUMANIA
| RUSSIA | RUSSIAN FEDERATION | RWANDA | Rhodesia And Nyasaland | Ruanda Urundi | SAINT LUCIA |
SALVADOR | SAMOA | SAN MARINO | SAO TOME AND PRINCIPE | SARAWAK | SAUDI ARABIA | SENEGAL |
SERB-CROAT-SLOVENE STATE | SERBIA | SEYCHELLES | SIAM | SIERRA LEONE | SINGAPORE | SLOVAK REPUBLIC
| SLOVAKIA | SLOVENIA | SOLOMON ISLANDS | SOMALI DEMOCRATIC REPUBLIC | SOMALIA | SOUTH AFRICA |
SOVIET UNION | SPAIN | SRI LANKA | ST KITTS AND NEVIS | ST VINCENT AND THE GRENADINES | SUDAN |
SURINAME | SWAZILAND | SWEDEN | SWEDEN AND NORWAY | SWITZERLAND | SYRIA | SYRIA & GRAND LEBANON |
Sao Tome And Principe | Sarawak | Seychelles | Sierra Leone | Singapore | Solomon Islands |
Solomon Islands Protectorate | Somaliland | South Africa | South Georgia And South Sandwich
Islands | Southern Rhodesia | Sovereign Base Areas | Spain, Territories In Africa | Spanish
Colonies | St Helena | St Helena And Dependencies | St Kitts Nevis Anguilla | St Lucia | St Pierre
and Miquelon | St Vincent | St. Christopher And Nevis | Straits Settlements | Surinam | Swaziland
| Syria | TAIWAN | TAJIKISTAN | TANGANYIKA | TANGANYIKA AND ZANZIBAR | TANZANIA | THAILAND |
TIMOR-LESTE | TOGO | TONGA | TRANSJORDAN | TRINIDAD AND TOBAGO | TUNIS | TUNISIA | TURKEY |
TURKMENISTAN | TUVALU | Tahiti | Tanganyika | The Gambia | Tonga | Transjordan | Trinidad |
Trinidad And Tobago | Trucial States | Tunis | Tunisia | Turks And Caicos Islands | Tuvalu |
UGANDA | UKRAINE | UKRAINE S S R | UN DEVELOPMENT PROGRAMME | UNITED ARAB EMIRATES | UNITED ARAB
REPUBLIC | UNITED KINGDOM | UNITED NATIONS | UNITED STATES OF AMERICA | UPPER VOLTA | URUGUAY |
UZBEKISTAN | Uganda | VANUATU | VATICAN CITY | VENEZUELA | VIETNAM | VIETNAM D R | VIETNAM,
REPUBLIC OF | VIETNAM, SOCIALIST REP OF | Virgin Islands | WESTERN SAMOA | WORLD HEALTH
ORGANIZATION | Weihaiwei | West Indies | Western Samoa (UK) | Windward Islands | YEMEN | YEMEN
ARAB REPUBLIC | YEMEN, PEOPLES'S DEMOCRATIC REPUBLIC OF | YEMEN, REPUBLIC OF | YUGOSLAVIA |
YUGOSLAVIA, FEDERAL REPUBLIC OF | ZAIRE | ZAMBIA | ZANZIBAR | ZIMBABWE | Zanzibar
"""


def spellings(entry: Entry) -> set[str]:
    """Return the folded names and codes of an entry, without its demonyms."""
    names = [entry.get(key) for key in ("code", "alpha3", "name", "label", "official_name")]
    for key in ("other_names", "names", "former_codes"):
        names += entry.get(key, [])
    return {name_key(name) for name in names if name}


def codes_by(entries: Iterable[Entry]) -> dict[str, set[str]]:
    """Return the codes that each folded spelling stands for."""
    codes: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for spelling in spellings(entry):
            codes[spelling].add(entry["code"])
    return codes


CODES = codes_by(COUNTRIES)


def days(entry: Entry) -> tuple[str, str]:
    """Return the first and last day of an entry or membership as text that sorts."""
    first, last = parse(entry.get("from", "0001")), parse(entry.get("until", "9999"))
    return str(first.earliest), str(last.latest)


def test_every_iso_country_has_its_codes_and_names() -> None:
    """ISO 3166-1 is complete, and every name or code of ISO finds its country."""
    for country in pycountry.countries:
        entry = BY_CODE[country.alpha_2]
        assert (entry["alpha3"], entry["numeric"]) == (country.alpha_3, country.numeric)
        for name in ("name", "official_name", "common_name"):
            if iso_name := getattr(country, name, None):
                assert CODES[name_key(iso_name)] == {country.alpha_2}


def test_a_correlates_of_war_number_is_of_one_entry_in_a_year() -> None:
    """Merging on number and year has no duplicate rows, even where states changed."""
    holder: dict[tuple[str, int], str] = {}
    for entry in COUNTRIES:
        for term in entry.get("cow", []):
            assert re.fullmatch("[1-9][0-9]{0,2}", term["number"])
            for year in range(int(term.get("from", 1800)), int(term.get("until", 2100)) + 1):
                assert holder.setdefault((term["number"], year), entry["code"]) == entry["code"]


def test_every_state_but_four_has_a_correlates_of_war_number_today() -> None:
    """The list of 2016 lacks two observers and two associated states; no territory but one has."""
    held = {
        kind: {
            entry["code"]
            for entry in COUNTRIES
            if entry["kind"] == kind and any("until" not in term for term in entry.get("cow", []))
        }
        for kind in ("state", "territory")
    }
    states = {entry["code"] for entry in COUNTRIES if entry["kind"] == "state"}
    assert states - held["state"] == {"CK", "NU", "PS", "VA"}
    assert held["territory"] == {"TW"}


def test_nothing_else_has_a_code_of_two_letters_but_kosovo() -> None:
    """A two-letter code is ISO's, or XK."""
    iso = {country.alpha_2 for country in pycountry.countries}
    assert {code for code in BY_CODE if len(code) == 2} == iso | {"XK"}
    assert all(entry["kind"] != "former" for code, entry in BY_CODE.items() if len(code) == 2)


def test_every_former_iso_code_and_name_leads_to_one_entry() -> None:
    """ISO 3166-3 is complete: as entries, or as former codes of states that changed their names."""
    for country in pycountry.historic_countries:
        codes = CODES[name_key(country.alpha_4)]
        assert len(codes) == 1, country.alpha_4
        assert codes <= CODES[name_key(country.alpha_3)]
        # iso-codes misprints this one: “Byelorussian SSR Soviet Socialist Republic”.
        assert country.alpha_4 == "BYAA" or CODES[name_key(country.name)] == codes


def test_codes_outside_iso_begin_with_x() -> None:
    """A code of four letters is ISO 3166-3's, or ours: X and three letters."""
    iso = {country.alpha_4 for country in pycountry.historic_countries}
    ours = {code for code in BY_CODE if len(code) > 2} - iso
    assert ours
    assert all(re.fullmatch("X[A-Z]{3}", code) for code in ours)


def test_no_name_or_code_means_two_entries() -> None:
    """Names and codes, present and former, are unique when folded as the look-up folds them."""
    assert {name: codes for name, codes in CODES.items() if len(codes) > 1} == {}


def test_ambiguous_demonyms_are_the_known_ones() -> None:
    """A demonym means two entries only on purpose, and is never the name of another entry."""
    demonyms: dict[str, set[str]] = defaultdict(set)
    for entry in COUNTRIES:
        for demonym in entry.get("demonyms", ()):
            demonyms[name_key(demonym)].add(entry["code"])
    assert {key: codes for key, codes in demonyms.items() if len(codes) > 1} == AMBIGUOUS_DEMONYMS
    assert all(CODES.get(key, codes) == codes for key, codes in demonyms.items())
    assert {entry["code"] for entry in COUNTRIES if entry["kind"] == "state"} <= set().union(
        *demonyms.values()
    )


def test_entries_hold_known_keys_in_the_order_of_codes() -> None:
    """Keys come in one order, nothing is empty, and the file is sorted by code."""
    assert [entry["code"] for entry in COUNTRIES] == sorted(BY_CODE)
    for entry in COUNTRIES:
        assert list(entry) == [key for key in KEYS if key in entry]
        assert all(entry.values()), entry["code"]
        assert entry["kind"] in {"state", "territory", "former"}


def test_dates_are_edtf_and_in_order() -> None:
    """Each date is a plain EDTF day, month or year; none ends before it begins; only former end."""
    for entry in [*COUNTRIES, *WHO_MEMBERS]:
        for key in ("from", "until"):
            assert re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", entry.get(key, "2000")), entry
        first, last = days(entry)
        assert first <= last, entry
    assert {entry["code"] for entry in COUNTRIES if "until" in entry} == {
        entry["code"] for entry in COUNTRIES if entry["kind"] == "former"
    }


def test_successors_exist_and_follow() -> None:
    """A former entry has successors that did not end before it, and folds into an existing one."""
    for entry in COUNTRIES:
        assert ("successors" in entry) == (entry["kind"] == "former"), entry["code"]
        for code in entry.get("successors", ()):
            assert days(BY_CODE[code])[1] > days(entry)[1], entry["code"]
        if code := entry.get("folds_into"):
            assert BY_CODE[code]["kind"] != "former", entry["code"]


def test_names_of_the_treaty_register_mean_one_party() -> None:
    """A party of the register is one country, territory, former state or organisation."""
    codes = codes_by([*COUNTRIES, *ORGANISATIONS])
    names = " ".join(REGISTER_NAMES.split()).split(" | ")
    assert len(names) == 428
    assert [name for name in names if len(codes[name_key(name)]) != 1] == []


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("Uzbekistan", "1990-01-01", None),
        ("Azerbaijan", "2022-10-07", "AZ"),
        ("Soviet Union", "1975-05-29", "SUHH"),
        ("Russia", "1975-05-29", None),
        ("Gold Coast", "1926-06-21", "GH"),
        ("Serbia", "2005-05-23", None),
        ("Serbia and Montenegro", "2005-05-23", "CSXX"),
        ("Czechoslovakia", "1993-01-01", None),
        ("Germany", "1892-01-30", "DE"),
        ("East Germany", "1990-10-03", None),
        ("Turkey", "1892-01-30", "TR"),
        ("Austria-Hungary", "1892-01-30", "XAUH"),
        ("Byelorussia S S R", "1946-07-22", "BY"),
        ("Yemen", "1951-05-25", "YE"),
    ],
)
def test_a_name_means_a_party_only_while_it_existed(name: str, day: str, code: str | None) -> None:
    """Parties of real treaties are valid on their day, and their successors and forerunners not."""
    (found,) = CODES[name_key(name)]
    first, last = days(BY_CODE[found])
    assert (found if first <= day <= last else None) == code


def test_regions_hold_each_country_once_at_a_time() -> None:
    """No country is in two regions of WHO on one day; the 194 members and two associates are in."""
    members = [(member["country"], days(member)) for member in WHO_MEMBERS]
    for code, (first, last) in members:
        assert code in BY_CODE
        others = [other for other in members if other[0] == code and other[1] != (first, last)]
        # Moves known by their month alone overlap in it.
        assert all(last[:7] <= start[:7] or end[:7] <= first[:7] for _, (start, end) in others)
    now = {code for code, (_, last) in members if last.startswith("9999")}
    not_in_who = {"LI", "VA", "XK"}
    states = {entry["code"] for entry in COUNTRIES if entry["kind"] == "state"}
    assert now == states - not_in_who | {"PR", "TK"}
