"""HC5: parties and people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.rules.registry import Enrolled, Roster, Subject, roster_rule, rule
from healthcoop.model import dates
from healthcoop.model.folding import name_key
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


@roster_rule("HC506", "name-spelling", severity=Severity.NOTE)
def name_spelling(roster: Roster) -> Iterator[tuple[str, Problem]]:
    """A person's name is spelt alike in all records.

    Noted are names of one party's people that differ only by accents, hyphens, an initial, a
    middle name, or one letter of a word of five letters and more. Names that stand in one record
    together are two people's.
    """
    used: dict[tuple[str, str], list[tuple[Enrolled, int]]] = defaultdict(list)
    for entry in roster:
        for number, name, party in entry.people:
            used[party, name].append((entry, number))
    for party, one, other in _spellings([*used]):
        places, others = used[party, one], used[party, other]
        if not {entry.path for entry, _ in places}.isdisjoint(entry.path for entry, _ in others):
            continue
        later, number = others[0]
        yield (
            later.path,
            Problem(
                message=f"“{other}” is “{one}” in {places[0][0].id}.",
                hint="If they are one person, write the name alike everywhere; if not, accept this "
                "note in schema/accepted.yaml.",
                pointer=("people", number, "name"),
            ),
        )


_BLOCK = 3  # letters; names that begin and end otherwise are not compared


def _spellings(names: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Give (party, name, name) where the two may be one person's, in the order of the names.

    Compared are names of one party whose last or first word begins alike, so that the work does
    not grow with the square of the names.
    """
    blocks: dict[tuple[str, str, int], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for party, name in names:
        words = tuple(name_key(name).split())
        for end in (0, -1) if len(words) > 1 else ():
            blocks[party, words[end][:_BLOCK], end].append((name, words))
    found = (
        (party, one, other)
        for (party, _, _), block in blocks.items()
        for (one, words), (other, others) in combinations(block, 2)
        if _alike(words, others)
    )
    return list(dict.fromkeys(found))


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return (
        "".join(one) == "".join(other) or _differ_by_letter(one, other) or _is_shorter(one, other)
    )


def _is_shorter(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether one name is the other with initials for words, or without words between."""
    short, long = sorted((one, other), key=len)
    if short[-1] != long[-1] or not _stands_for(short[0], long[0]):
        return False
    rest = iter(long[1:-1])
    return all(any(_stands_for(word, other) for other in rest) for word in short[1:-1])


def _stands_for(one: str, other: str) -> bool:
    """Tell whether two words are the same, or one is the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _differ_by_letter(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two names differ in one letter of one long word."""
    if len(one) != len(other):
        return False
    differing = [number for number in range(len(one)) if one[number] != other[number]]
    if len(differing) != 1:
        return False
    number = differing[0]
    short, long = sorted((one[number], other[number]), key=len)
    if len(short) < _LONG or (number == 0 and long in (f"{short}a", f"{short}e")):
        return False  # Daniel and Daniela are two people
    return _is_one_edit(short, long)


_LONG = 5


def _is_one_edit(short: str, long: str) -> bool:
    """Tell whether a letter more, another letter, or two letters exchanged make the difference."""
    if len(long) - len(short) > 1:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or (
        short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
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
