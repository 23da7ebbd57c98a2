"""People in an article who hold an office: name, office, side, and whether they signed."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.english_offices import without_countries
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.offices import Naming, Phrase, Words, read_words
from healthcoop.contribute.draft.sides import side_stated, sides_by_context
from healthcoop.contribute.draft.signers import find_signers
from healthcoop.contribute.draft.tables import alternatives

_AFTER_NAME = tuple(
    re.compile(rf"(?:\([aPN]\))?{between}")
    for between in ("[,(–—-]", "[,(–—-][TVO]+", "[VO]+T?", ",T?w", ",T?ww")
)
_BETWEEN_NAMES = re.compile("(?:[,;]A?|A)(?:[od]T?P,)?[OT]*")
_BEFORE_NEXT = re.compile("(?:,A?|A)\\Z")
_BETWEEN_CASES = re.compile("AP[OT]*")  # “the ministers of A, X and of B, Y” without prepositions
_NEAR = 12  # words beside an office in which one says what its holder does
_MOST_NAMINGS = 300  # of people with an office: no news names more
_LONGEST_HEADLINE = 200
_PLAIN_WORDS = 2  # words of four letters and more without a capital, which a headline has not
_SHORTEST_STEM, _LONGEST_ENDING = 3, 4  # letters of names in languages with cases
_SHORTEST_MISSPELT = 7
_PARTS_OF_NAMES = frozenset({"sir", "dame", "lord", "lady", "baroness", "sheikh", "sheikha"})


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A holder of an office who took part: the longest name, and where it and the office stand.

    ``office`` has the words of the role without the names of ``office_codes``, countries and
    organisations. ``party`` is a code, or None where the article does not give the side;
    ``mentions`` are all
    places that name the person, in their order; ``confidence`` is between 0 and 1.
    """

    span: Span
    name: str
    role: str
    role_span: Span | None
    party: str | None
    signed: bool
    confidence: float
    mentions: tuple[Span, ...] = ()
    office: str = ""
    office_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Person:
    """Where one person is named; ``parts`` are the folded parts of the longest name."""

    parts: frozenset[str]
    namings: list[Naming]


def find_people(article: Article, names: list[FoundName]) -> list[FoundPerson]:
    """Return the holders of an office who take part in what the article reports.

    ``names`` are those of ``find_names``. Who is only named in somebody's honour, or held the
    office formerly, is left out. Raises HealthcoopError where Babel is not installed.
    """
    read = read_words(article, names)
    namings = sorted((*_together(read), *_one_by_one(read)), key=lambda each: each.name)
    active = (each for each in namings if _takes_part(read, each))
    people = _grouped(read, islice(active, _MOST_NAMINGS))
    mentions = _mentions(read, people)
    stated = [_first(side_stated(read, each) for each in person.namings) for person in people]
    signers = find_signers(read, mentions)
    found = []
    parties = sides_by_context(read, [person.namings for person in people], stated)
    for position, person in enumerate(people):
        office = _first(each.office for each in person.namings)
        longest = _longest_name(read, person, mentions[position])
        span = read.span(_with_title(read, longest))
        role, words, codes = _role(read, office) if office else ("", "", ())
        found.append(
            FoundPerson(
                span=span,
                name=article.words(span),
                role=role,
                role_span=read.span(office) if office else None,
                party=parties[position],
                signed=position in signers,
                confidence=0.5 + 0.2 * (office is not None) + 0.2 * (stated[position] is not None),
                mentions=tuple(read.span(name) for name in mentions[position]),
                office=words,
                office_codes=codes,
            )
        )
    return sorted(found, key=lambda each: each.span)


def _longest_name(read: Words, person: _Person, mentions: list[Phrase]) -> Phrase:
    """Return the first of the names with most parts, in the shortest grammatical case."""
    names = {*mentions, *(naming.name for naming in person.namings)}
    return max(
        names, key=lambda name: (len(_parts(read, name)), -len(read.folded(*name)), -name.start)
    )


def _one_by_one(read: Words) -> Iterator[Naming]:
    """Yield each name that has an office or a title beside it."""
    kinds = read.kinds
    single = [office for office in read.offices if "R" not in kinds[office.start : office.end]]
    starts = {office.start: office for office in single}
    ends = {office.end: office for office in single}
    before = {
        name: ends[start] for name in read.people if (start := _title_start(kinds, name)) in ends
    }
    free = set(single) - set(before.values())
    for name in read.people:
        if _is_headline(read, name):
            continue
        start = _title_start(kinds, name)
        titled = "O" in kinds[start : name.start]
        office = before.get(name)
        if office is None and kinds[start - 1] in ",–—-" and ends.get(start - 1) in free:
            office = ends[start - 1]
        following = _office_after(read, name, starts)
        if following in free and (office is None or not _named_after(read, following)):
            office = office if name in before else following
        free.discard(office)
        alone = name.end - name.start == 1
        sure = name in before and not (alone and read.folded(*before[name]) in read.table["weak"])
        if sure or titled or (office and not alone):
            yield Naming(name, office)


def _title_start(kinds: str, name: Phrase) -> int:
    """Return where the titles and marks before a name begin: “H.E. Dr. X”."""
    start = name.start
    while start and kinds[start - 1] in 'OT“"':
        start -= 1
    return start


def _office_after(read: Words, name: Phrase, starts: Mapping[int, Phrase]) -> Phrase | None:
    """Return the office in “X, the Minister of Health” or “X (Minister of Health)”."""
    for pattern in _AFTER_NAME:
        match = pattern.match(read.kinds, name.end)
        if match and match.end() in starts:
            return starts[match.end()]
    return None


def _with_title(read: Words, name: Phrase) -> Phrase:
    """Return a name of one word with a title such as Lord, without which it is nobody's."""
    before = read.items[name.start - 1]
    titled = before.kind == "O" and before.text.lower() in _PARTS_OF_NAMES
    return Phrase(name.start - 1, name.end) if titled and name.end - name.start == 1 else name


def _named_after(read: Words, office: Phrase | None) -> bool:
    """Return whether a name follows an office after a comma: “the Minister of Health, Dr. X,”."""
    match = re.compile("(?:,T?O*)N").match(read.kinds, office.end) if office else None
    names = {name.start: name for name in read.people}
    name = names.get(match.end() - 1) if match else None
    return name is not None and name.end - name.start > 1


def _together(read: Words) -> Iterator[Naming]:
    """Yield the people of one office in the plural: “the health ministers X and Y”."""
    starts = {_title_start(read.kinds, name): name for name in read.people}
    for office in read.offices:
        plural = "R" in read.kinds[office.start : office.end]
        if not (plural or read.table.get("countries_follow")):
            continue
        between = _BETWEEN_NAMES if plural else _BETWEEN_CASES
        position = office.end + (read.kinds[office.end] in ",:")
        names = []
        while name := starts.get(position):
            names.append(name)
            gap = between.match(read.kinds, name.end)
            position = _title_start(read.kinds, Phrase(gap.end(), 0)) if gap else -1
        if len(names) > 1:
            yield from (Naming(name, office) for name in names)
        elif plural:
            yield from (Naming(name, office) for name in _names_before(read, office))


def _names_before(read: Words, office: Phrase) -> list[Phrase]:
    """Return the names in “X and Y, the health ministers of A and B”; none where there is one."""
    ends = {name.end: name for name in read.people}
    names: list[Phrase] = []
    gap = re.compile(",T?\\Z").search(read.kinds, 0, office.start)
    while gap and (name := ends.get(gap.start())):
        names.insert(0, name)
        gap = _BEFORE_NEXT.search(read.kinds, 0, _title_start(read.kinds, name))
    return names if len(names) > 1 else []


def _is_headline(read: Words, name: Phrase) -> bool:
    """Return whether a name is in a line where verbs have capitals too."""
    lines, start = read.article.paragraphs, read.items[name.start].span.start
    line = lines[bisect_right(lines, start, key=lambda each: each.start) - 1]
    if len(lines) == 1 or line.end - line.start > _LONGEST_HEADLINE:
        return False
    text = read.article.text[line.start : line.end]
    plain = sum(word.islower() for word in re.findall(r"[^\W\d_]{4,}", text))
    return text[-1] not in '.!?…;:”")' and plain < _PLAIN_WORDS


def _takes_part(read: Words, naming: Naming) -> bool:
    """Return whether nothing beside a name says that its bearer is only spoken of."""
    first = min(naming.name.start, naming.office.start if naming.office else naming.name.start)
    last = max(naming.name.end, naming.office.end if naming.office else 0)
    first = _title_start(read.kinds, Phrase(first, last))
    before = _words_only(f". {read.folded(first - _NEAR, first)}")
    if any(before.endswith(f" {_words_only(cue)}") for cue in read.table["mentioned"]):
        return False
    earlier = read.folded(read.sentence(first).start, first).split()
    if set(earlier) & read.table["recalled"]:
        return False
    if naming.office is None:
        return True
    office = read.folded(*naming.office)
    if set(office.split()) & read.table["former"]:
        return False
    codes = {word.code for word in read.items[naming.office.start : naming.office.end]}
    leads = re.search(rf"(?<!-){alternatives(read.table['leaders'])}", office)
    if not leads or codes & read.organisations:
        return True
    end = read.sentence(first).end if read.table.get("verb_last") else last + 4
    following = set(re.findall(r"\w+", read.folded(last, end)))
    preceding = re.sub(r"\W+", " ", f" {read.folded(first - 3, first)}")
    return not following.isdisjoint(read.table["acts"]) or any(
        preceding.endswith(f" {act}") for act in read.table["acts_before"]
    )


def _words_only(text: str) -> str:
    return re.sub(r"\W+", " ", text).rstrip()


def _grouped(read: Words, namings: Iterable[Naming]) -> list[_Person]:
    """Return the people, each with all places that have a part of the longest name."""
    people: list[_Person] = []
    by_stem: dict[str, list[_Person]] = defaultdict(list)
    for naming in sorted(namings, key=lambda each: -len(_parts(read, each.name))):
        parts = _parts(read, naming.name)
        bearers = _bearers(read, parts, by_stem)
        if bearers:
            bearers[0].namings.append(naming)
        else:
            people.append(_Person(parts, [naming]))
            for stem in {part[:_SHORTEST_STEM] for part in parts}:
                by_stem[stem].append(people[-1])
    for person in people:
        person.namings.sort(key=lambda each: each.name)
    return [
        person
        for person in people
        if any(each.office or side_stated(read, each) for each in person.namings)
    ]


def _bearers(
    read: Words, parts: frozenset[str], by_stem: Mapping[str, list[_Person]]
) -> list[_Person]:
    """Return the people whose names have all these parts."""
    stem = min(parts, default="")[:_SHORTEST_STEM]
    return [each for each in by_stem.get(stem, ()) if _is_part(read, parts, each.parts)]


def _parts(read: Words, name: Phrase) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", read.folded(*name)))


def _is_part(read: Words, parts: frozenset[str], name: frozenset[str]) -> bool:
    """Return whether a name has all these parts, but for a letter or for grammatical cases."""
    if parts <= name:
        return True
    same = _is_case_of if read.table.get("inflected") else _is_spelling_of
    return all(any(same(part, other) for other in name) for part in parts)


def _is_spelling_of(one: str, other: str) -> bool:
    """Return whether two words are one, or long and with one other letter: Shadmanov, Shadmonov."""
    if len(one) != len(other) or len(one) < _SHORTEST_MISSPELT:
        return one == other
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _is_case_of(one: str, other: str) -> bool:
    """Return whether two words differ only in their endings."""
    shorter, longer = sorted((one, other), key=len)
    stem = shorter[: max(_SHORTEST_STEM, len(shorter) - 1)]
    return one == other or (longer.startswith(stem) and len(longer) - len(stem) <= _LONGEST_ENDING)


def _mentions(read: Words, people: list[_Person]) -> list[list[Phrase]]:
    """Return the places that name each person, by parts of the name that nobody else has too."""
    by_stem: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        for stem in {part[:_SHORTEST_STEM] for part in person.parts}:
            by_stem[stem].append(person)
    found: dict[int, list[Phrase]] = defaultdict(list)
    for name in read.people:
        bearers = _bearers(read, _parts(read, name), by_stem)
        if len(bearers) == 1:
            found[id(bearers[0])].append(name)
    return [found[id(person)] for person in people]


def _role(read: Words, office: Phrase) -> tuple[str, str, tuple[str, ...]]:
    """Return the office in the article's words, and what ``without_countries`` returns.

    That of a counterpart is the office of the person before.
    """
    if "K" not in read.kinds[office.start : office.end]:
        role = _capitalised(read, read.article.words(read.span(office)))
        return role, *without_countries(read, office)
    named = (each for each in read.offices if "K" not in read.kinds[each.start : each.end])
    earlier = [each for each in named if each.end <= office.start]
    if not earlier:
        return "", "", ()
    kept = [word for word in read.items[slice(*earlier[-1])] if word.kind not in "PCS"]
    while kept and kept[-1].kind in "oldT":
        kept.pop()
    role = _capitalised(read, " ".join(word.text for word in kept))
    return role, without_countries(read, earlier[-1])[0], ()


def _capitalised(read: Words, text: str) -> str:
    dotted = text.startswith("i") and read.article.language in ("tr", "az")
    return f"{'İ' if dotted else text[:1].upper()}{text[1:]}"


def _first(values: Iterator[Any]) -> Any:
    return next((value for value in values if value is not None), None)
