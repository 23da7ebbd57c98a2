"""HC5: parties and places."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, parsed, rule
from healthcoop.files.fixes import Remove
from healthcoop.model.dates import Days
from healthcoop.model.record import Party
from healthcoop.model.vocabulary import Term


@rule("HC501", "party-one-code", reads="parties")
def party_one_code(checked: CheckedRecord) -> Iterator[Problem]:
    """A party is one country or one organisation, never both or neither.

    Parties are counted and looked up by their one code. A ministry, a hospital or an office of an
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
    for number, party in enumerate(checked.record.parties):
        if bool(party.country) != bool(party.organisation):
            continue
        both = "This party has a country and an organisation."
        yield Problem(
            message=both if party.country else "This party has no country and no organisation.",
            hint="Give it one of the two; ministries and hospitals go into its “bodies”.",
            pointer=("parties", number),
        )


@rule("HC502", "party-once", reads="parties")
def party_once(checked: CheckedRecord) -> Iterator[Problem]:
    """Each code stands once among the parties; two bodies of one country are one party.

    A country that stands twice would be counted as two sides of its own cooperation.

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
                message=f"{party.code} is among the parties twice.",
                hint="Make it one party with several bodies.",
                pointer=("parties", number, "country" if party.country else "organisation"),
                edits=(Remove(("parties", number)),) if alike else (),
                safe=alike,
            )
        seen.add(party.code)


@rule("HC503", "two-parties", reads="parties")
def two_parties(checked: CheckedRecord) -> Iterator[Problem]:
    """An event has two parties or more, or is one organisation's whose members adopted a text.

    What one country does alone is not cooperation between parties, whatever it is about. Where
    the other side is a hospital or a company, its country is the party.

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
            message=f"{parties[0].code} is the only party.",
            hint="Who was the other side? An organisation alone can be party to what its members "
            "adopted; a country cannot.",
            pointer=("parties",),
        )


@rule("HC504", "code-valid-then", reads="parties date")
def code_valid_then(checked: CheckedRecord) -> Iterator[Problem]:
    """A state or organisation is party only while it exists.

    Judged on the party's own first date, else on the record's; who acceded, even on an unknown
    day, must exist when it left, or today. The country of today would make a partner of who was
    not there; the hint names the state of that time. Statistics fold former states on request.

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
        if term is None or not (term.starts or term.ends):
            continue
        days = _days(party, checked.record.date, checked.today)
        if days is None:
            continue
        reason = _absent(term, days)
        if reason:
            yield Problem(
                message=f"{term.label} ({term.code}) {reason}.",
                hint=_then(checked, term),
                pointer=("parties", number, "country" if party.country else "organisation"),
            )


@rule("HC508", "nobody-signs-encounter", reads="type parties people")
def nobody_signs_encounter(checked: CheckedRecord) -> Iterator[Problem]:
    """Only an instrument has signatories and a depositary; at an encounter people meet.

    What was signed at a meeting or a visit is a record of its own, linked by `signed-at`; it says
    who signed. In-force dates and lists of signatories are drawn from instruments alone.

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
    hint = "Make the instrument signed there a record of its own, with a link “signed-at”."
    for number, party in enumerate(checked.record.parties):
        if party.role in ("signatory", "depositary"):
            yield Problem(
                message=f"A {checked.record.type} has no {party.role}: it is an encounter.",
                hint=hint,
                pointer=("parties", number, "role"),
                edits=(Remove(("parties", number, "role")),),
            )
    for number, person in enumerate(checked.record.people):
        if person.signed:
            yield Problem(
                message=f"{person.name} cannot sign a {checked.record.type}.",
                hint=hint,
                pointer=("people", number, "signed"),
                on_key=True,
                edits=(Remove(("people", number, "signed")),),
            )


@rule("HC509", "role-of-all", reads="parties", severity=Severity.WARNING)
def role_of_all(checked: CheckedRecord) -> Iterator[Problem]:
    """Where one receives the others, somebody is received; where some observe, somebody acts.

    A role tells a party from the rest. If all are hosts, the role was meant for the place; if all
    are observers, those who acted are missing.

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
            message=f"All {len(parties)} parties have the role “{role}”.",
            hint="Keep it for the one that received the others, or remove it."
            if role == "host"
            else "Add who acted, or remove the role of those who did.",
            pointer=("parties",),
            on_key=True,
        )


@rule("HC510", "extended-to-party", reads="parties")
def extended_to_party(checked: CheckedRecord) -> Iterator[Problem]:
    """A territory to which a party extends the text is not itself a party.

    It signs for itself or another state acts for it, never both; a country that is in both places
    would be counted as a party that it was not, or left out as one that it was.

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
    for number, party in enumerate(checked.record.parties):
        if not party.extended_to:
            continue
        codes = {other.code for other in checked.record.parties}
        for place, code in enumerate(party.extended_to):
            if code in codes:
                whose = "its own" if code == party.code else "another party's"
                yield Problem(
                    message=f"{party.code} extends the text to {code}, which is {whose} code.",
                    hint="Remove it here, or from the parties if it did not act for itself.",
                    pointer=("parties", number, "extended_to", place),
                )


@rule("HC515", "place-valid-then", reads="places date", severity=Severity.WARNING)
def place_valid_then(checked: CheckedRecord) -> Iterator[Problem]:
    """A place lies in the state that was there on that day.

    Leningrad was in the Soviet Union, Saint Petersburg is in Russia: the state of the day is what
    a source of the day says, and what a search among the parties of that time expects.

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
    for number, place in enumerate(checked.record.places):
        term = checked.vocabulary.countries.get(place.country or "")
        when = parsed(checked.record.date)
        if term is None or when is None or not (term.starts or term.ends):
            continue
        if reason := _absent(term, (when.earliest, when.latest)):
            yield Problem(
                message=f"{term.label} ({term.code}) {reason}.",
                hint=_then(checked, term),
                pointer=("places", number, "country"),
            )


@rule("HC516", "body-says-more", reads="parties", severity=Severity.WARNING)
def body_says_more(checked: CheckedRecord) -> Iterator[Problem]:
    """A body is a part of the party that acted, named once.

    The party's own name or code says nothing more. A body that stands twice, differing by capital
    letters or an article, is counted as two.

    Fails:

        parties:
          - country: AZ
            bodies: [Azerbaijan]
          - country: CU

    Passes:

        parties:
          - country: AZ
            bodies: [Cabinet of Ministers]
          - country: CU
    """
    vocabulary = checked.vocabulary
    for number, party in enumerate(checked.record.parties):
        if not party.bodies:
            continue
        term = vocabulary.countries.get(party.code) or vocabulary.organisations.get(party.code)
        names = (term.label.lower(), term.code.lower()) if term else ()
        if len(party.bodies) == 1 and party.bodies[0].lower().removeprefix("the ") not in names:
            continue
        seen: set[str] = set()
        for place, body in enumerate(party.bodies):
            key = body.lower().removeprefix("the ")
            if key in names:
                message = f"“{body}” is the party itself."
            elif key in seen:
                message = f"“{body}” is among the bodies of {party.code} twice."
            else:
                seen.add(key)
                continue
            pointer = ("parties", number, "bodies", place)
            whole = ("parties", number, "bodies") if len(party.bodies) == 1 else pointer
            yield Problem(
                message=message,
                hint="Name the ministry, hospital or embassy that acted, or remove it.",
                pointer=pointer,
                edits=(Remove(whole),),
            )


@rule("HC517", "observer-is-not-bound", reads="parties people", severity=Severity.WARNING)
def observer_is_not_bound(checked: CheckedRecord) -> Iterator[Problem]:
    """An observer looks on: it does not sign, ratify or leave, and no one signs for it.

    Where it did sign, it is a party like the others, and the role goes.

    Fails:

        type: agreement
        parties:
          - country: AZ
          - country: CU
          - organisation: WHO
            role: observer
            signed: "2022-10-08"

    Passes:

        type: agreement
        parties:
          - country: AZ
          - country: CU
          - {organisation: WHO, role: observer}
    """
    for number, party in enumerate(checked.record.parties):
        if party.role != "observer" or checked.kind == "encounter":
            continue
        for name in ("signed", "ratified", "acceded", "in_force", "left"):
            if getattr(party, name):
                yield Problem(
                    message=f"{party.code} is an observer, and yet it has “{name}”.",
                    hint="Remove the role if it is bound, else the date.",
                    pointer=("parties", number, name),
                    on_key=True,
                )
        for place, person in enumerate(checked.record.people):
            if person.signed and person.party == party.code:
                yield Problem(
                    message=f"{person.name} signed for {party.code}, which is an observer.",
                    hint="Remove the role if it signed as a party, else “signed”.",
                    pointer=("people", place, "signed"),
                    on_key=True,
                )


@rule("HC518", "signed-or-acceded", reads="parties", severity=Severity.WARNING)
def signed_or_acceded(checked: CheckedRecord) -> Iterator[Problem]:
    """A party signs and ratifies a text, or accedes to it later in one step.

    Registers print both under headings such as “ratification, accession (a)”: the mark beside
    the day tells which it was.

    Fails:

        type: treaty
        parties:
          - country: AZ
            ratified: "2023-01-10"
            acceded: "2023-01-10"
          - country: CU

    Passes:

        type: treaty
        parties:
          - country: AZ
            acceded: "2023-01-10"
          - country: CU
    """
    for number, party in enumerate(checked.record.parties):
        if party.acceded and (party.signed or party.ratified):
            other = "signed" if party.signed else "ratified"
            yield Problem(
                message=f"{party.code} has both “{other}” and “acceded”.",
                hint="Keep the one that the register or the depositary says.",
                pointer=("parties", number, "acceded"),
                on_key=True,
            )


def _absent(term: Term, days: Days) -> str:
    """Say in words why a state or organisation cannot have been there on these days."""
    earliest, latest = days
    starts, ends = _limit(term.starts, first=True), _limit(term.ends, first=False)
    if starts and latest and latest < starts:
        return f"exists only from {term.starts}"
    if ends and earliest and earliest > ends:
        return f"existed only until {term.ends}"
    return ""


def _days(party: Party, record_date: str, today: date) -> Days | None:
    if party.acceded:
        left = parsed(party.left)
        return (left.earliest, left.latest) if left else (today, today)
    for text in (party.signed, party.ratified, party.in_force, record_date):
        if when := parsed(text):
            return when.earliest, when.latest
    return None


def _limit(text: str | None, *, first: bool) -> date | None:
    when = parsed(text)
    if when is None:
        return None
    return when.earliest if first else when.latest


def _then(checked: CheckedRecord, term: Term) -> str:
    """Name what stood in the place of a state that was not there yet, or no longer."""
    countries = checked.vocabulary.countries
    others = [code for code in term.more.get("successors", ()) if code in countries]
    others += [
        code for code, other in countries.items() if term.code in other.more.get("successors", ())
    ]
    if not others:
        return "Check the date and the code."
    names = " or ".join(f"{countries[code].label} ({code})" for code in others)
    return f"Check the date; at another time it was {names}."
