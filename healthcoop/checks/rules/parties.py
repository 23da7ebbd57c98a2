"""HC5: parties and places."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, parsed, rule
from healthcoop.files.fixes import Remove
from healthcoop.files.nodes import Pointer
from healthcoop.model.dates import Days
from healthcoop.model.record import Party
from healthcoop.model.vocabulary import Term


@rule("HC501", "party-one-code", reads="parties")
def party_one_code(checked: CheckedRecord) -> Iterator[Problem]:
    """A party is one country or one organisation, never both or neither.

    Parties are counted and found by this code. A ministry, a hospital or an office of an
    organisation is a body of the party it belongs to.

    Fails:

        parties:
          - country: AZ
          - bodies: [Ministry of Public Health]

    Passes:

        parties:
          - country: AZ
          - country: CU
            bodies: [Ministry of Public Health]
    """
    hint = "Write one of the two; ministries and hospitals go into its “bodies”."
    for number, party in enumerate(checked.record.parties):
        pointer = ("parties", number)
        if party.country and party.organisation:
            yield Problem("This party has both a country and an organisation.", hint, pointer)
        elif not party.code:
            yield Problem("This party has neither a country nor an organisation.", hint, pointer)


@rule("HC502", "party-once", reads="parties")
def party_once(checked: CheckedRecord) -> Iterator[Problem]:
    """Each code is among the parties once; two bodies of one country are one party.

    A country listed twice would be counted as two sides of its own cooperation.

    Fails:

        parties:
          - country: AZ
            bodies: [Ministry of Health]
          - country: CU
          - country: AZ
            bodies: [Central Customs Hospital]

    Passes:

        parties:
          - country: AZ
            bodies: [Ministry of Health, Central Customs Hospital]
          - country: CU
    """
    codes = [party.country or party.organisation for party in checked.record.parties]
    if len(set(codes)) == len(codes):
        return
    seen: set[str] = set()
    for number, party in enumerate(checked.record.parties):
        if party.code and party.code in seen:
            alike = party in checked.record.parties[:number]
            yield Problem(
                f"{party.code} is among the parties twice.",
                "Write it once, with several bodies.",
                _code_pointer(number, party),
                edits=(Remove(("parties", number)),) if alike else (),
                safe=alike,
            )
        seen.add(party.code)


@rule("HC503", "two-parties", reads="parties")
def two_parties(checked: CheckedRecord) -> Iterator[Problem]:
    """An event has two or more parties, or one organisation whose members adopted a text.

    What one country does alone is not cooperation, on any subject. Where the other side is a
    hospital or a company, its country is the party.

    Fails:

        parties:
          - country: AZ

    Passes:

        parties:
          - organisation: WHO
    """
    parties = checked.record.parties
    if len(parties) == 1 and parties[0].country:
        yield Problem(
            f"{parties[0].code} is the only party.",
            "Add the other party. Only an organisation can be the sole party, of a text that its "
            "members adopted.",
            ("parties",),
        )


@rule("HC504", "code-valid-then", reads="parties date")
def code_valid_then(checked: CheckedRecord) -> Iterator[Problem]:
    """A state or organisation is a party only while it exists.

    Checked on the party's own first date, else on the record's; one that acceded, even on an
    unknown day, must exist when it left, or today. Otherwise statistics would count a country that
    was not there; the hint names the state of that time. Statistics can add up a former state with
    its successors. A party with a date of its own may fold in the state that was: registers list
    Russia with the Soviet Union's date.

    Fails:

        date: "1975-10-07"
        parties:
          - country: AZ
          - country: CU

    Passes:

        date: "1975-10-07"
        parties:
          - country: SUHH
          - country: CU
    """
    countries, organisations = checked.vocabulary.countries, checked.vocabulary.organisations
    for number, party in enumerate(checked.record.parties):
        term = countries.get(party.country or "") or organisations.get(party.organisation or "")
        if term and (term.starts or term.ends):
            days = _days(party, checked.record.date, checked.today)
            if days and (reason := term.absence(days)) and not _folds_in(checked, party, days):
                message = f"{term.label} ({term.code}) {reason}."
                yield Problem(message, _other_states(checked, term), _code_pointer(number, party))


@rule("HC508", "nobody-signs-encounter", on="parties.role people.signed", reads="type")
def nobody_signs_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Only an instrument has signatories and a depositary; at an encounter people meet.

    What was signed at a meeting or a visit is a record of its own, linked by `signed-at`, with its
    signatories. Lists of signatories and of what is in force are made from instruments only.

    Fails:

        parties:
          - country: AZ
          - country: CU
        people:
          - {name: Teymur Musayev, party: AZ, signed: true}

    Passes:

        parties:
          - country: AZ
          - country: CU
        people:
          - {name: Teymur Musayev, party: AZ}
    """
    if checked.kind != "encounter":
        return
    hint = "Write a separate record for the instrument signed there, with a link “signed-at”."
    for pointer, party in checked.each("parties.role"):
        if party.role in ("signatory", "depositary"):
            message = f"A {checked.record.type} has no {party.role}: it is an encounter."
            yield Problem(message, hint, pointer, edits=(Remove(pointer),))
    for pointer, person in checked.each("people.signed"):
        message = f"{person.name} cannot sign a {checked.record.type}."
        yield Problem(message, hint, pointer, on_key=True, edits=(Remove(pointer),))


@rule("HC509", "role-of-all", on="parties.role", severity=Severity.WARNING)
def role_of_all(checked: CheckedRecord) -> Iterator[Problem]:
    """Not all parties are hosts, and not all are observers.

    A role distinguishes a party from the others. If all are hosts, the role was meant for the
    place; if all are observers, the parties that acted are missing.

    Fails:

        parties:
          - {country: AZ, role: host}
          - {country: CU, role: host}

    Passes:

        parties:
          - {country: AZ, role: host}
          - country: CU
    """
    parties = checked.record.parties
    if len(parties) < 2 or parties[0].role not in ("host", "observer"):
        return
    role = parties[0].role
    if all(party.role == role for party in parties):
        yield Problem(
            f"All {len(parties)} parties have the role “{role}”.",
            "Leave it only on the party that received the others, or remove it."
            if role == "host"
            else "Add the parties that acted, or remove the role from those that did.",
            ("parties",),
            on_key=True,
        )


@rule("HC510", "extended-to-party", on="parties.extended_to")
def extended_to_party(checked: CheckedRecord) -> Iterator[Problem]:
    """A territory to which a party extends the text is not itself a party.

    Either it signs for itself or another state acts for it. If it is in both places, it is not
    clear whether it should be counted as a party.

    Fails:

        type: agreement
        parties:
          - country: GB
            extended_to: [CU]
          - country: CU

    Passes:

        type: agreement
        parties:
          - country: GB
            extended_to: [BM]
          - country: CU
    """
    codes = {party.code for party in checked.record.parties}
    for pointer, party in checked.each("parties.extended_to"):
        for number, code in enumerate(party.extended_to):
            if code in codes:
                whose = "its own" if code == party.code else "another party's"
                message = f"{party.code} extends the text to {code}, which is {whose} code."
                hint = "Remove it here, or from the parties if it did not act for itself."
                yield Problem(message, hint, (*pointer, number))


@rule("HC515", "place-valid-then", on="places.country", reads="date", severity=Severity.WARNING)
def place_valid_then(checked: CheckedRecord) -> Iterator[Problem]:
    """A place is in the state that it belonged to on that day.

    Leningrad was in the Soviet Union, Saint Petersburg is in Russia: sources name the state of
    their time, and a search for the parties of that time expects it.

    Fails:

        date: "1975-10-07"
        parties:
          - country: SUHH
          - country: CU
        places: [{city: Tashkent, country: UZ}]

    Passes:

        date: "1975-10-07"
        parties:
          - country: SUHH
          - country: CU
        places: [{city: Tashkent, country: SUHH}]
    """
    when = parsed(checked.record.date)
    for pointer, place in checked.each("places.country"):
        term = checked.vocabulary.countries.get(place.country)
        if when and term and (reason := term.absence((when.earliest, when.latest))):
            message = f"{term.label} ({term.code}) {reason}."
            yield Problem(message, _other_states(checked, term), pointer)


def _code_pointer(number: int, party: Party) -> Pointer:
    return ("parties", number, "country" if party.country else "organisation")


def _days(party: Party, record_date: str, today: date) -> Days | None:
    if party.acceded:
        left = parsed(party.left)
        return (left.earliest, left.latest) if left else (today, today)
    for text in (party.signed, party.ratified, party.in_force, record_date):
        if when := parsed(text):
            return when.earliest, when.latest
    return None


def _folds_in(checked: CheckedRecord, party: Party, days: Days) -> bool:
    """Whether a party has a date of its own on which a state that folds into it existed."""
    vocabulary = checked.vocabulary
    return bool(party.signed or party.ratified or party.in_force) and any(
        vocabulary.folded_into(code) == party.country and not former.absence(days)
        for code, former in vocabulary.countries.items()
        if former.more.get("folds_into")
    )


def _other_states(checked: CheckedRecord, term: Term) -> str:
    """Return a hint with the predecessors and successors of a state."""
    countries = checked.vocabulary.countries
    others = [code for code in term.more.get("successors", ()) if code in countries]
    others += [
        code for code, other in countries.items() if term.code in other.more.get("successors", ())
    ]
    if not others:
        return "Check the date and the code."
    names = " or ".join(f"{countries[code].label} ({code})" for code in others)
    return f"Check the date; at another time it was {names}."
