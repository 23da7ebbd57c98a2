"""HC5: people, and how their names are written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, Corpus, RecordSummary, corpus_rule, rule
from healthcoop.files.fixes import Remove, Rename, Replace
from healthcoop.model.folding import fold, name_key


@rule("HC505", "person-has-party", on="people.party", reads="parties")
def person_has_party(checked: CheckedRecord) -> Iterator[Problem]:
    """Each person acted for one of the parties, named by its code.

    Somebody whose country or organisation did not take part is a guest and belongs in the summary;
    or else the party is missing, or its code is mistyped.

    Fails:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan, party: TR}

    Passes:

        people:
          - {name: Teymur Musayev, role: Minister of Health of Azerbaijan, party: AZ}
    """
    codes = [party.code for party in checked.record.parties]
    for pointer, person in checked.each("people.party"):
        if person.party not in codes:
            meant = [code for code in codes if person.party.upper() in _codes_of(checked, code)]
            meant = meant or [code for code in codes if _is_name(checked, code, person.party)]
            yield Problem(
                f"{person.name} acts for “{person.party}”, which is not among the parties.",
                f"Write the code of a party: {', '.join(codes)}.",
                pointer,
                edits=(Replace(pointer, meant[0]),) if len(meant) == 1 else (),
                safe=len(meant) == 1,
            )


def _is_name(checked: CheckedRecord, code: str, text: str) -> bool:
    return checked.vocabulary.label(code).casefold() == text.strip().casefold()


def _codes_of(checked: CheckedRecord, code: str) -> tuple[str, ...]:
    """Return a party's code and its former codes."""
    terms = checked.vocabulary
    term = terms.countries.get(code) or terms.organisations.get(code)
    return (code, *term.former_codes) if term else (code,)


@rule("HC507", "person-once", on="people", severity=Severity.WARNING)
def person_once(checked: CheckedRecord) -> Iterator[Problem]:
    """Each person is listed once, by name and by Wikidata item.

    Two entries often come from two spellings of one name. Somebody with two offices is listed
    once, with both in `role`. Accept the warning for two people of the same name.

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
                f"{person.name} is already among the people, as {first}."
                if field == "name"
                else f"{person.name} has the Wikidata item {person.wikidata} of {first}.",
                "If they are one person, merge the two entries.",
                ("people", number, field),
            )
        seen[name] = person.name
        if person.wikidata:
            seen[person.wikidata] = person.name


@rule("HC511", "redundant-native-name", on="people.native_name", severity=Severity.WARNING)
def redundant_native_name(checked: CheckedRecord) -> Iterator[Problem]:
    """The native name is the name in the person's own script or spelling, where that differs.

    The same text twice adds nothing, and a search finds it twice.

    Fails:

        people:
          - {name: Teymur Musayev, native_name: Teymur Musayev, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, native_name: Teymur Musayev Xudakərəm oğlu, party: AZ}
    """
    for pointer, person in checked.each("people.native_name"):
        if person.native_name.casefold() == person.name.casefold():
            message = f"The native name “{person.native_name}” is the same as the name."
            hint = "Write it in the person's own script or spelling, or remove the line."
            yield Problem(message, hint, pointer, edits=(Remove(pointer),))


@rule("HC512", "name-in-latin", on="people.name", severity=Severity.WARNING)
def name_in_latin(checked: CheckedRecord) -> Iterator[Problem]:
    """A name is in Latin letters, so that everybody can read and sort it.

    The original script goes into `native_name`. Take the Latin form from the ministry's own
    English pages where there are any, and from the other records.

    Fails:

        people:
          - {name: Теймур Мусаев, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, native_name: Теймур Мусаев, party: AZ}
    """
    for pointer, person in checked.each("people.name"):
        if person.name.isascii() or _LATIN.search(person.name):
            continue
        yield Problem(
            f"The name “{person.name}” is not in Latin letters.",
            "Move it to “native_name”, and write “name” in Latin letters.",
            pointer,
            edits=() if person.native_name else (Rename(pointer, "native_name"),),
        )


_LATIN = re.compile(r"[A-Za-z]")


@rule("HC513", "name-case", on="people.name", severity=Severity.WARNING)
def name_case(checked: CheckedRecord) -> Iterator[Problem]:
    """A name has capital letters at the beginning of its words only.

    Lists of delegates print family names in capitals, and some sites use no capitals; copied from
    there, the same person gets two spellings. Words of up to three letters and Roman numerals may
    be initials and are not checked.

    Fails:

        people:
          - {name: Teymur MUSAYEV, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, party: AZ}
    """
    for pointer, person in checked.each("people.name"):
        name = person.name
        if name == name.title():  # nearly every name
            continue
        words = name.split()
        upper = [word for word in words if len(word) > 3 and word.isupper() and word.strip("IVXLC")]
        if not upper and not name.islower():
            continue
        better = " ".join(word.title() if word in upper or not upper else word for word in words)
        yield Problem(
            f"“{upper[0]}” is in capital letters." if upper else f"“{name}” has no capital letter.",
            f"Write “{better}”, or as the person writes it.",
            pointer,
            edits=(Replace(pointer, better),) if name.isascii() else (),
        )


@rule("HC514", "name-without-title", on="people.name", severity=Severity.WARNING)
def name_without_title(checked: CheckedRecord) -> Iterator[Problem]:
    """A name has no form of address, degree or office; the office goes into `role`.

    Otherwise “Dr. Teymur Musayev” and “Teymur Musayev” are two spellings of one person, sorted
    under D and T. The same is true of ranks such as “Lt. Gen.”. Titles that belong to a name for
    life (Sir, Sheikh, Pehin) may stay.

    Fails:

        people:
          - {name: Dr. Teymur Musayev, party: AZ}

    Passes:

        people:
          - {name: Teymur Musayev, party: AZ}
    """
    for pointer, person in checked.each("people.name"):
        if match := _TITLE.match(person.name):
            rest = person.name[match.end() :]
            message = f"“{match[0].strip()}” is not part of the name."
            hint = f"Write “{rest}”; an office goes into “role”."
            yield Problem(message, hint, pointer, edits=(Replace(pointer, rest),))


_TITLE = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Hon)(?:\.\s*|\s+)|(?:Eng|Lt|Brig|Maj|Gen|Col)\.\s*"
    r"|(?:Professor|Miss|HE|H\. ?E\.|Honou?rable|Minister|Ambassador|(?:His|Her) Excellency)\s+)+"
    r"(?=\S)"
)


@corpus_rule("HC506", "name-spelling", severity=Severity.NOTE)
def name_spelling(corpus: Corpus) -> Iterator[tuple[str, Problem]]:
    """A person's name is spelt the same in all records.

    Compared are people of the same party whose names differ only in accents, hyphens, an initial, a
    middle name, or one letter of a word of five or more letters. Names that are in one record
    together belong to two people. With one spelling, a search finds everything that a person did;
    accept the note for two people with similar names.

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
    parties = None
    if corpus.only_changed:
        changed_ones = (entry for entry in corpus if entry.path in corpus.changed)
        parties = {party for entry in changed_ones for _, _, party in entry.people}
    used: dict[tuple[str, str], list[tuple[RecordSummary, int]]] = defaultdict(list)
    for entry in corpus:
        for number, name, party in entry.people:
            if parties is None or party in parties:
                used[party, name].append((entry, number))
    for party, one, other in _spellings([*used]):
        places, others = used[party, one], used[party, other]
        if not {entry.path for entry, _ in places}.isdisjoint(entry.path for entry, _ in others):
            continue
        changed = [place for place in (*others, *places) if place[0].path in corpus.changed]
        later, number = changed[0] if changed else others[0]
        here, there, elsewhere = other, one, places[0][0]
        if (later, number) in places:
            here, there, elsewhere = one, other, others[0][0]
        message = f"The name “{here}” is spelt “{there}” in {elsewhere.id}."
        hint = (
            "If they are one person, use one spelling everywhere; if not, accept this note "
            "(“healthcoop validate --explain HC901” shows how)."
        )
        concerned = tuple({places[0][0].path, others[0][0].path} - {later.path})
        pointer = ("people", number, "name")
        yield later.path, Problem(message, hint, pointer, others=concerned, symmetric=True)


_BLOCK = 3  # letters at the start of the first or last word that compared names share
_NEIGHBOURS = 40  # in the alphabet, that a name is compared with


def _spellings(names: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return (party, name, name) where two names may be one person's, in the order of names.

    Only names of one party whose first or last words have the same beginning are compared, and of
    many only neighbours: the time does not grow with the square of the number of names.
    """
    blocks: dict[tuple[str, str, int], list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for number, (party, name) in enumerate(names):
        words = tuple(name_key(name).split())
        for end in (0, -1) if len(words) > 1 else ():
            blocks[party, words[end][:_BLOCK], end].append((words, number))
    found = {
        (min(one, other), max(one, other))
        for block in map(sorted, blocks.values())
        for at, (words, one) in enumerate(block)
        for others, other in block[at + 1 : at + 1 + _NEIGHBOURS]
        if _alike(words, others)
    }
    return [(*names[one], names[other][1]) for one, other in sorted(found)]


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return (
        "".join(one) == "".join(other) or _differ_by_letter(one, other) or _is_shorter(one, other)
    )


def _is_shorter(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether a name is another with initials for words, or without middle words."""
    short, long = sorted((one, other), key=len)
    if short[-1] != long[-1] or not _stands_for(short[0], long[0]):
        return False
    rest = iter(long[1:-1])
    return all(any(_stands_for(word, other) for other in rest) for word in short[1:-1])


def _stands_for(one: str, other: str) -> bool:
    """Return whether two words are the same, or one is the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _differ_by_letter(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names differ in one letter of one long word."""
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
    """Return whether words differ by one letter added, replaced, or swapped with the next."""
    if len(long) - len(short) > 1:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or (
        short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    )
