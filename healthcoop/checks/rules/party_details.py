"""HC5: the level of a party, its ratification, and the money it pays."""

from collections.abc import Iterator

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule


@rule(
    "HC519",
    "level-of-a-country",
    reads="parties",
    severity=Severity.WARNING,
)
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
    for number, party in enumerate(checked.record.parties):
        if not party.level or (party.country and party.bodies):
            continue
        if party.country:
            message = f"{party.country} acted at subnational level, but no body is named."
            hint = "Add “bodies:” with the region, state, province or city that acted."
        else:
            message = f"{party.organisation} is an organisation, and yet it has “level”."
            hint = "Remove “level”."
        yield Problem(message=message, hint=hint, pointer=("parties", number, "level"))


@rule("HC520", "payer-among-parties", reads="funding parties")
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
    for number, sum_ in enumerate(checked.record.funding):
        if sum_.from_ and sum_.from_ not in codes:
            yield Problem(
                message=f"The money comes from “{sum_.from_}”, which is not among the parties.",
                hint=f"The parties are {', '.join(codes)}. Name another payer in “note”.",
                pointer=("funding", number, "from"),
            )


@rule("HC521", "not-ratified-needs-checked", reads="parties terms")
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
    for number, party in enumerate(checked.record.parties):
        if party.ratified == "none" and not (terms and terms.checked):
            yield Problem(
                message=f"{party.code} has “ratified: none”, but “terms” does not say when"
                " somebody looked.",
                hint="Add “checked:” with that day to “terms”, or remove this line.",
                pointer=("parties", number, "ratified"),
            )
