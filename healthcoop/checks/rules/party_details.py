"""HC5: the bodies, roles, levels and dates of parties, and the money they pay."""

from collections.abc import Iterator

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.files.fixes import Remove


@rule("HC516", "redundant-body", on="parties.bodies", severity=Severity.WARNING)
def redundant_body(checked: CheckedRecord) -> Iterator[Problem]:
    """A body is a part of the party that acted, named once.

    The party's own name or code adds nothing. A body that is listed twice, differing in capital
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
    for pointer, party in checked.each("parties.bodies"):
        term = vocabulary.countries.get(party.code) or vocabulary.organisations.get(party.code)
        names = (term.label.lower(), term.code.lower()) if term else ()
        keys = [body.lower().removeprefix("the ") for body in party.bodies]
        if len({*keys, *names}) == len(keys) + len(names):
            continue  # as nearly always
        seen: set[str] = set()
        for number, (key, body) in enumerate(zip(keys, party.bodies, strict=True)):
            if key in names:
                message = f"“{body}” is the party itself."
            elif key in seen:
                message = f"“{body}” is among the bodies of {party.code} twice."
            else:
                seen.add(key)
                continue
            hint = "Write the ministry, hospital or embassy that acted, or remove it."
            place = (*pointer, number)
            edit = Remove(pointer if len(party.bodies) == 1 else place)
            yield Problem(message, hint, place, edits=(edit,))


@rule(
    "HC517",
    "observer-is-not-bound",
    on="parties.role",
    reads="people",
    severity=Severity.WARNING,
)
def observer_is_not_bound(checked: CheckedRecord) -> Iterator[Problem]:
    """An observer does not sign, ratify, accede or leave, and nobody signs for it.

    Where it did sign, it is a party like the others: remove the role.

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
    if checked.kind == "encounter":
        return
    observers = {party.code for party in checked.record.parties if party.role == "observer"}
    for name in ("signed", "ratified", "acceded", "in_force", "left"):
        for pointer, party in checked.each(f"parties.{name}"):
            if party.role == "observer":
                message = f"{party.code} is an observer, but has “{name}”."
                hint = "Remove the role if this party is bound, else the date."
                yield Problem(message, hint, pointer, on_key=True)
    for pointer, person in checked.each("people.signed"):
        if person.party in observers:
            message = f"{person.name} signed for {person.party}, which is an observer."
            hint = "Remove the role if it signed as a party, else “signed”."
            yield Problem(message, hint, pointer, on_key=True)


@rule("HC518", "signed-or-acceded", on="parties.acceded", severity=Severity.WARNING)
def signed_or_acceded(checked: CheckedRecord) -> Iterator[Problem]:
    """A party signs and ratifies a text, or accedes to it later in one step.

    Treaty registers list both under headings such as “ratification, accession (a)”: the mark
    beside the day shows which it was.

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
    for pointer, party in checked.each("parties.acceded"):
        if party.signed or party.ratified:
            other = "signed" if party.signed else "ratified"
            message = f"{party.code} has both “{other}” and “acceded”."
            hint = "Remove the one that the treaty register or the depositary does not confirm."
            yield Problem(message, hint, pointer, on_key=True)


@rule("HC519", "level-of-a-country", on="parties.level", severity=Severity.WARNING)
def level_of_a_country(checked: CheckedRecord) -> Iterator[Problem]:
    """`level: subnational` is for a country, and `bodies` names the region or city that acted.

    A party counts as its country at either level. Only `bodies` says which part of it acted.

    Fails:

        parties:
          - {country: AZ, level: subnational}
          - country: CU

    Passes:

        parties:
          - {country: AZ, bodies: [Government of Nakhchivan], level: subnational}
          - country: CU
    """
    for pointer, party in checked.each("parties.level"):
        if party.country and party.bodies:
            continue
        if party.country:
            message = f"{party.country} acted at subnational level, but no body is named."
            hint = "Add “bodies:” with the region, state, province or city that acted."
        else:
            message = f"{party.organisation} is an organisation, which has no “level”."
            hint = "Remove “level”."
        yield Problem(message, hint, pointer)


@rule("HC520", "payer-among-parties", on="funding", reads="parties")
def payer_among_parties(checked: CheckedRecord) -> Iterator[Problem]:
    """Money comes `from` one of the parties, named by its code.

    Name a payer that is not a party in the `note`.

    Fails:

        funding:
          - {amount: "1500000", currency: USD, from: JP}

    Passes:

        funding:
          - {amount: "1500000", currency: USD, from: AZ}
    """
    codes = [party.code for party in checked.record.parties]
    for pointer, funding in checked.each("funding"):
        if funding.from_ and funding.from_ not in codes:
            message = f"The money comes from “{funding.from_}”, which is not among the parties."
            hint = f"The parties are {', '.join(codes)}. Name another payer in “note”."
            yield Problem(message, hint, (*pointer, "from"))


@rule("HC521", "not-ratified-needs-checked", on="parties.ratified", reads="terms")
def not_ratified_needs_checked(checked: CheckedRecord) -> Iterator[Problem]:
    """`ratified: none` needs `terms.checked`, the day on which somebody looked.

    It means that the party signed and had not ratified by that day; it may have done so since.

    Fails:

        type: treaty
        parties:
          - {country: AZ, ratified: none}
          - country: CU

    Passes:

        type: treaty
        parties:
          - {country: AZ, ratified: none}
          - country: CU
        terms: {checked: "2026-11-21"}
    """
    terms = checked.record.terms
    for pointer, party in checked.each("parties.ratified"):
        if party.ratified == "none" and not (terms and terms.checked):
            message = f"{party.code} has “ratified: none”, but “terms.checked” is missing."
            hint = "Add “checked:” with the day of checking to “terms”, or remove this line."
            yield Problem(message, hint, pointer)
