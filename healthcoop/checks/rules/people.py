"""HC5: people, and how their names are written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.files.fixes import Remove, Rename, Replace
from healthcoop.model.folding import fold, name_key


@rule("HC505", "person-has-party", reads="people parties")
def person_has_party(checked: CheckedRecord) -> Iterator[Problem]:
    """Each person acted for one of the parties, named by its code.

    Somebody whose country or organisation took no part is a guest, and belongs in the summary; or
    the party is missing, or its code mistyped.

    Fails:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan, party: TR}

    Passes:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan, party: AZ}
    """
    codes = [party.code for party in checked.record.parties]
    for number, person in enumerate(checked.record.people):
        if person.party and person.party not in codes:
            pointer = ("people", number, "party")
            meant = [code for code in codes if person.party.upper() in _codes_of(checked, code)]
            meant = meant or [code for code in codes if _is_name(checked, code, person.party)]
            yield Problem(
                message=f"{person.name} acts for “{person.party}”, which is not among the parties.",
                hint=f"The parties are {', '.join(codes)}.",
                pointer=pointer,
                edits=(Replace(pointer, meant[0]),) if len(meant) == 1 else (),
                safe=len(meant) == 1,
            )


def _is_name(checked: CheckedRecord, code: str, text: str) -> bool:
    return checked.vocabulary.label(code).casefold() == text.strip().casefold()


def _codes_of(checked: CheckedRecord, code: str) -> tuple[str, ...]:
    """Give a party's code, and those that it had before."""
    terms = checked.vocabulary
    term = terms.countries.get(code) or terms.organisations.get(code)
    return (code, *term.former_codes) if term else (code,)


@rule("HC507", "person-once", reads="people", severity=Severity.WARNING)
def person_once(checked: CheckedRecord) -> Iterator[Problem]:
    """Each person stands once, by name and by Wikidata's item.

    Two reports name one minister in two ways of writing, and two entries come of it. Somebody
    with two offices stands once, with both in `role`. Accept the warning for namesakes.

    Fails:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan, party: AZ}
          - {name: Teymur Musayev, role: Co-chair, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan and co-chair, party: AZ}
    """
    people = checked.record.people
    if len(people) < 2:
        return
    if len({len(person.name) for person in people}) == len(people) and not any(
        person.wikidata for person in people
    ):
        return
    names = [fold(person.name) for person in people]
    items = [person.wikidata for person in people if person.wikidata]
    if len(set(names)) == len(names) and len(set(items)) == len(items):
        return
    seen: dict[str, str] = {}
    for number, (person, name) in enumerate(zip(people, names, strict=True)):
        field = "name" if name in seen else "wikidata"
        first = seen.get(name) or seen.get(person.wikidata or "")
        if first:
            yield Problem(
                message=f"{person.name} is already among the people, as {first}."
                if field == "name"
                else f"{person.name} has the Wikidata item {person.wikidata} of {first}.",
                hint="Make it one entry, or tell the two people apart.",
                pointer=("people", number, field),
            )
        seen[name] = person.name
        if person.wikidata:
            seen[person.wikidata] = person.name


@rule("HC511", "native-name-says-more", reads="people", severity=Severity.WARNING)
def native_name_says_more(checked: CheckedRecord) -> Iterator[Problem]:
    """The native name is the name as it is written at home, where that differs.

    The same text twice tells a reader nothing and makes a search count it twice.

    Fails:

        people:
          - {name: Teymur Musayev, native_name: Teymur Musayev, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, native_name: Teymur Musayev Xudakərəm oğlu, party: AZ}
    """
    for number, person in enumerate(checked.record.people):
        native = person.native_name
        if native and native.casefold() == person.name.casefold():
            yield Problem(
                message=f"The native name “{native}” is the name itself.",
                hint="Write it as it is written at home, or remove the line.",
                pointer=("people", number, "native_name"),
                edits=(Remove(("people", number, "native_name")),),
            )


@rule("HC512", "name-in-latin", reads="people", severity=Severity.WARNING)
def name_in_latin(checked: CheckedRecord) -> Iterator[Problem]:
    """A name is in Latin letters, so that everybody can read and sort it.

    As it is written at home it goes into `native_name`. Take the Latin form from the ministry's
    own English pages where there are some, and from the other records.

    Fails:

        people:
          - {name: Теймур Мусаев, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, native_name: Теймур Мусаев, party: AZ}
    """
    for number, person in enumerate(checked.record.people):
        if person.name.isascii() or _LATIN.search(person.name):
            continue
        at = ("people", number, "name")
        yield Problem(
            message=f"The name “{person.name}” is not in Latin letters.",
            hint="Move it to “native_name”, and give “name” in Latin letters.",
            pointer=at,
            edits=() if person.native_name else (Rename(at, "native_name"),),
        )


_LATIN = re.compile(r"[A-Za-z]")


@rule("HC513", "name-case", reads="people", severity=Severity.WARNING)
def name_case(checked: CheckedRecord) -> Iterator[Problem]:
    """A name has capital letters where names have them, and no whole words of them.

    Lists of delegates print family names in capitals, and some sites write everything small; as
    text both look like shouting or a slip, and the same person gets two spellings. Words of three
    letters and less, and Roman numbers, may be initials and are left alone.

    Fails:

        people:
          - {name: Teymur MUSAYEV, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, party: AZ}
    """
    for number, person in enumerate(checked.record.people):
        name = person.name
        if name == name.title():  # nearly every name
            continue
        words = name.split()
        loud = [word for word in words if len(word) > 3 and word.isupper() and word.strip("IVXLC")]
        if not loud and not name.islower():
            continue
        quiet = " ".join(word.title() if word in loud or not loud else word for word in words)
        at = ("people", number, "name")
        yield Problem(
            message=f"“{loud[0]}” is in capital letters."
            if loud
            else f"“{name}” has no capital letter.",
            hint=f"Write “{quiet}”, or as the person writes it.",
            pointer=at,
            edits=(Replace(at, quiet),) if name.isascii() else (),
        )


@rule("HC514", "name-without-title", reads="people", severity=Severity.WARNING)
def name_without_title(checked: CheckedRecord) -> Iterator[Problem]:
    """A name stands without form of address, degree and office; the office goes into `role`.

    “Dr. Teymur Musayev” and “Teymur Musayev” are else two spellings of one person, and sort under
    D and T; so with a rank, as “Lt. Gen.”. Titles that belong to a name for life (Sir, Sheikh,
    Pehin) stay.

    Fails:

        people:
          - {name: Dr. Teymur Musayev, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, party: AZ}
    """
    for number, person in enumerate(checked.record.people):
        if not person.name.startswith(_TITLES):
            continue
        match = _TITLE.match(person.name)
        if match is None:
            continue
        at, rest = ("people", number, "name"), person.name[match.end() :]
        yield Problem(
            message=f"“{match[0].strip()}” is not part of the name.",
            hint=f"Write “{rest}”; an office goes into “role”.",
            pointer=at,
            edits=(Replace(at, rest),),
        )


_TITLES = (
    *("Dr", "Prof", "Mr", "Ms", "Miss", "Hon", "H.", "HE ", "His ", "Her ", "Mini", "Amba"),
    *("Eng", "Lt", "Brig", "Maj", "Gen", "Col"),
)
_TITLE = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Hon)(?:\.\s*|\s+)|(?:Eng|Lt|Brig|Maj|Gen|Col)\.\s*"
    r"|(?:Professor|Miss|HE|H\. ?E\.|Honou?rable|Minister|Ambassador|(?:His|Her) Excellency)\s+)+"
    r"(?=\S)"
)


@corpus_rule("HC506", "name-spelling", severity=Severity.NOTE)
def name_spelling(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A person's name is spelt alike in all records.

    Noted are names of one party's people that differ only by accents, hyphens, an initial, a
    middle name, or one letter of a word of five letters and more. Names that stand in one record
    together are two people's. One spelling lets all that a person did be found at once; accept
    the note for two people with names alike.

    Fails:

        # records/2022/2022-az-cu-visit.yaml
        people:
          - {name: Teymur Musayev, party: AZ}
        ---
        # records/2023/2023-az-cu-visit.yaml
        date: "2023-05"
        people:
          - {name: Teymur Mussayev, party: AZ}

    Passes:

        # records/2022/2022-az-cu-visit.yaml
        people:
          - {name: Teymur Musayev, party: AZ}
        ---
        # records/2023/2023-az-cu-visit.yaml
        date: "2023-05"
        people:
          - {name: Teymur Musayev, party: AZ}
    """
    used: dict[tuple[str, str], list[tuple[RecordSummary, int]]] = defaultdict(list)
    for entry in corpus:
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
                "note (“healthcoop validate --explain HC901” tells how).",
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
