"""HC5: parties and people."""

from collections.abc import Iterator
from datetime import date

from healthcoop.checks.findings import Problem
from healthcoop.checks.rules.registry import Subject, rule
from healthcoop.model import dates
from healthcoop.model.record import Party
from healthcoop.model.vocabulary import Term


@rule("HC501", "party-one-code", reads="parties")
def party_one_code(subject: Subject) -> Iterator[Problem]:
    """A party is one country or one organisation, never both or neither."""
    for number, party in enumerate(subject.record.parties):
        if bool(party.country) != bool(party.organisation):
            continue
        both = "This party has a country and an organisation."
        yield Problem(
            message=both if party.country else "This party has no country and no organisation.",
            hint="Give it one of the two; ministries and hospitals go into its “bodies”.",
            pointer=("parties", number),
        )


@rule("HC502", "party-once", reads="parties")
def party_once(subject: Subject) -> Iterator[Problem]:
    """Each code stands once among the parties; two bodies of one country are one party."""
    seen: set[str] = set()
    for number, party in enumerate(subject.record.parties):
        if party.code and party.code in seen:
            yield Problem(
                message=f"{party.code} is among the parties twice.",
                hint="Make it one party with several bodies.",
                pointer=("parties", number, "country" if party.country else "organisation"),
            )
        seen.add(party.code)


@rule("HC503", "two-parties", reads="parties")
def two_parties(subject: Subject) -> Iterator[Problem]:
    """An event has two parties or more, or is one organisation's whose members adopted a text."""
    parties = subject.record.parties
    if len(parties) == 1 and parties[0].country:
        yield Problem(
            message=f"{parties[0].code} is the only party.",
            hint="Who was the other side? An organisation alone can be party to what its members "
            "adopted; a country cannot.",
            pointer=("parties",),
        )


@rule("HC504", "code-valid-then", reads="parties date")
def code_valid_then(subject: Subject) -> Iterator[Problem]:
    """A state or organisation is party only while it exists.

    Judged on the party's own first date, else on the record's; who acceded, even on an unknown
    day, must exist when it left, or today.
    """
    for number, party in enumerate(subject.record.parties):
        vocabulary = subject.vocabulary
        term = vocabulary.countries.get(party.country or "")
        term = term or vocabulary.organisations.get(party.organisation or "")
        if term is None:
            continue
        days = _days(party, subject.record.date, subject.today)
        if days is None:
            continue
        earliest, latest = days
        reason = ""
        starts, ends = _limit(term.starts, first=True), _limit(term.ends, first=False)
        if starts and latest and latest < starts:
            reason = f"exists only from {term.starts}"
        elif ends and earliest and earliest > ends:
            reason = f"existed only until {term.ends}"
        if reason:
            yield Problem(
                message=f"{term.label} ({term.code}) {reason}.",
                hint=_then(subject, term),
                pointer=("parties", number, "country" if party.country else "organisation"),
            )


@rule("HC505", "person-has-party", reads="people parties")
def person_has_party(subject: Subject) -> Iterator[Problem]:
    """Each person acted for one of the parties, named by its code."""
    codes = [party.code for party in subject.record.parties]
    for number, person in enumerate(subject.record.people):
        if person.party and person.party not in codes:
            yield Problem(
                message=f"{person.name} acts for “{person.party}”, which is not among the parties.",
                hint=f"The parties are {', '.join(codes)}.",
                pointer=("people", number, "party"),
            )


def _days(party: Party, record_date: str, today: date) -> tuple[date | None, date | None] | None:
    if party.acceded:
        left = _parse(party.left)
        return (left.earliest, left.latest) if left else (today, today)
    for text in (party.signed, party.ratified, party.in_force, record_date):
        if when := _parse(text):
            return when.earliest, when.latest
    return None


def _parse(text: str | None) -> dates.Edtf | None:
    try:
        return dates.parse(text) if text and text != "unknown" else None
    except dates.DateError:
        return None


def _limit(text: str | None, *, first: bool) -> date | None:
    when = _parse(text)
    if when is None:
        return None
    return when.earliest if first else when.latest


def _then(subject: Subject, term: Term) -> str:
    """Name what stood in the place of a state that was not there yet, or no longer."""
    countries = subject.vocabulary.countries
    others = [code for code in term.more.get("successors", ()) if code in countries]
    others += [
        code for code, other in countries.items() if term.code in other.more.get("successors", ())
    ]
    if not others:
        return "Check the date and the code."
    names = " or ".join(f"{countries[code].label} ({code})" for code in others)
    return f"Check the date; at another time it was {names}."
