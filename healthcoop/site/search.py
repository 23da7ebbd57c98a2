"""What the search of the page "all records" loads: classic scripts that call one function.

A page that is opened from a file share may load neither JSON nor WebAssembly, which Pagefind needs,
and MiniSearch needs every text before the first answer. Both would find other records than ``list
--text``; here the words, and where they stand, are those of the index's own full-text table.

Records are numbered as the page lists them, from 0 for the newest event. ``records.js`` has what
facets count; the words are cut into ranges, ``words-1.js`` with the records of each and
``places-1.js`` with the positions, which only phrases need; ``titles-1.js`` has what a hundred
records are shown by. Only the first is loaded with the page.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from healthcoop.files.visible import visible
from healthcoop.index.record_regions import record_regions
from healthcoop.index.spans import in_force_days
from healthcoop.index.words import word_counts, word_places
from healthcoop.model.folding import LETTERS, fold
from healthcoop.model.regions import memberships
from healthcoop.site import rendering
from healthcoop.site.words import date_in_words, machine_date

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Term
    from healthcoop.site import Content
    from healthcoop.site.entries import Entry
    from healthcoop.site.source import Source

PER_PAGE = 25
"""The records on a page of the list."""

_FOLDER = "records/search"
_TITLES = 100
"""The records of one script with titles."""
_OCCURRENCES = 5_000
"""The most occurrences of the words of one script, unless it has a single word."""
_EPOCH = date(1970, 1, 1).toordinal()
_STATUSES = {None: "-", "no": "0", "possible": "1", "certain": "2"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class _Range(NamedTuple):
    """Words that share a script: the first and the last of them."""

    first: str
    last: str


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the scripts with the data of the search."""
    ranges = _ranges(word_counts(source.index))
    yield _path("records"), partial(_records, source, ranges)
    yield _path("in-force"), partial(_in_force, source)
    numbers = {path: number for number, path in enumerate(_paths(source))}
    occurrences = lru_cache(maxsize=1)(partial(_occurrences, source, numbers))
    for number, each in enumerate(ranges):
        yield _path(f"words-{number}"), partial(_words, partial(occurrences, each), number)
        yield _path(f"places-{number}"), partial(_places, partial(occurrences, each), number)
    for number in range(-(-len(source.entries) // _TITLES)):
        yield _path(f"titles-{number}"), partial(_titles, source, number)


def _path(name: str) -> str:
    return f"{_FOLDER}/{name}.js"


def _script(name: str, data: Any) -> bytes:
    call = f"healthcoopSearch({rendering.script_data(name)},{rendering.script_data(data)});\n"
    return call.encode("utf-8", "backslashreplace")


def _ranges(counts: Sequence[tuple[str, int]]) -> list[_Range]:
    ranges: list[_Range] = []
    size = 0
    for word, occurrences in counts:
        size += occurrences
        if ranges and size <= _OCCURRENCES:
            ranges[-1] = ranges[-1]._replace(last=word)
        else:
            ranges.append(_Range(word, word))
            size = occurrences
    return ranges


_Occurrences = Sequence[tuple[str, Mapping[int, Sequence[int]]]]
"""Words, each with its positions in each record, in the order of their numbers."""


def _occurrences(source: "Source", numbers: Mapping[str, int], words: _Range) -> _Occurrences:
    """Return where the words of a range stand; ``numbers`` are those of records by their paths."""
    found = []
    for word, rows in groupby(word_places(source.index, *words), lambda row: row[0]):
        places: dict[int, list[int]] = {}
        for _, path, position in rows:
            if path in numbers:  # not withdrawn, and with a page
                places.setdefault(numbers[path], []).append(position)
        if places:
            found.append((word, dict(sorted(places.items()))))
    return found


def _words(occurrences: Callable[[], _Occurrences], number: int) -> bytes:
    """Return the script with the records of each word."""
    data: list[str] = []
    for word, places in occurrences():
        data += word, _differences([*places])
    return _script(f"words-{number}", data)


def _places(occurrences: Callable[[], _Occurrences], number: int) -> bytes:
    """Return the script with the positions of each word: one list for each of its records."""
    data = [",".join(map(_differences, places.values())) for _, places in occurrences()]
    return _script(f"places-{number}", data)


def _paths(source: "Source") -> Iterator[str]:
    return (source.record_files[entry.id].path for entry in source.entries)


def _differences(numbers: Sequence[int]) -> str:
    """Return rising numbers as text: the first, then each less the one before, to the base 36."""
    return " ".join(
        _base36(number - before) for before, number in zip([0, *numbers], numbers, strict=False)
    )


def _base36(number: int) -> str:
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return _DIGITS[number] + digits


def _records(source: "Source", ranges: Sequence[_Range]) -> bytes:
    """Return the script with what filters need of every record, and the names of the codes."""
    entries, names = source.entries, source.vocabulary
    parties = _codes(code for entry in entries for code in entry.parties)
    types = _codes(entry.type for entry in entries)
    topics = _codes(code for entry in entries for code in entry.topics)
    named = {**names.organisations, **names.countries}
    data = {
        "today": source.today.isoformat(),
        "perPage": PER_PAGE,
        "perScript": _TITLES,
        "letters": {chr(code): plain for code, plain in LETTERS.items()},
        "words": [each.first for each in ranges],
        "parties": [
            [*_name(code, named), _other_names(named.get(code)), int(code not in names.countries)]
            for code in parties
        ],
        "types": [[*_name(code, names.types), "", names.kind(code)] for code in types],
        "topics": [_name(code, names.topics) for code in topics],
        **_regions(source, parties),
        "ofType": [types[entry.type] for entry in entries],
        "ofParties": [_numbers(entry.parties, parties) for entry in entries],
        "ofTopics": [_numbers(entry.topics, topics) for entry in entries],
        "ofDays": [_days(entry) for entry in entries],
        "ofStatus": "".join(_STATUSES[entry.status] for entry in entries),
    }
    return _script("records", data)


def _regions(source: "Source", parties: Mapping[str, int]) -> dict[str, Any]:
    """Return the regions, those of each party, and those of a record that are not its parties'.

    A state may have been in another region on the day of a record than it is in today.
    """
    terms = source.vocabulary.regions
    numbers = {code: number for number, code in enumerate(terms)}
    today: dict[str, set[str]] = {code: set() for code in parties}
    for member in memberships(source.vocabulary):
        if not member.ends and member.country in today:
            today[member.country].add(member.region)
    found = record_regions(source.index)
    others = []
    for number, (entry, path) in enumerate(zip(source.entries, _paths(source), strict=True)):
        regions = found.get(path, frozenset())
        if regions != frozenset().union(*(today[code] for code in entry.parties)):
            others.append([number, sorted(numbers[code] for code in regions)])
    return {
        "regions": [_region(term) for term in terms.values()],
        "regionsOfParties": [sorted(numbers[code] for code in today[party]) for party in parties],
        "otherRegions": others,
    }


def _region(term: "Term") -> list[str]:
    """Return what a region is called: WHO's by their codes, those of M49 by their names."""
    name = term.code if term.kind == "who" else term.label
    return [visible(name), visible(term.label), fold(term.code), term.kind]


def _codes(codes: Iterator[str]) -> dict[str, int]:
    """Return a number for each code: the most frequent have the shortest."""
    counted = Counter(codes)
    order = sorted(counted, key=lambda code: (-counted[code], code))
    return {code: number for number, code in enumerate(order)}


def _numbers(codes: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
    return [numbers[code] for code in dict.fromkeys(codes)]


def _name(code: str, terms: "Mapping[str, Term]") -> list[str]:
    return [code, visible(terms[code].label if code in terms else code)]


def _other_names(term: "Term | None") -> str:
    """Return the folded names by which a party is found beside its label."""
    return "|".join(dict.fromkeys(map(fold, term.names))) if term else ""


def _days(entry: "Entry") -> list[int | None]:
    """Return the earliest and the latest day of a record; one where they are the same."""
    earliest, latest = map(_day, (entry.earliest, entry.latest))
    return [earliest] if earliest == latest else [earliest, latest]


def _day(iso: str | None) -> int | None:
    """Return the days since 1970."""
    return date.fromisoformat(iso).toordinal() - _EPOCH if iso else None


def _in_force(source: "Source") -> bytes:
    """Return the script with the days of instruments, and of the parties for which they differ.

    For a party that is not a side, the instrument is in force on no day: it ends before it begins.
    """
    codes = _codes(code for entry in source.entries for code in entry.parties)
    days = {(path, party): [*map(_day, rest)] for path, party, *rest in in_force_days(source.index)}
    whole, sides = [], []
    for number, (entry, path) in enumerate(zip(source.entries, _paths(source), strict=True)):
        if entry.kind == "instrument":
            of_all = days[path, None]
            whole.append([number, *of_all])
            for code in entry.parties:
                of_one = days.get((path, code), [1, 0, None, None])
                if of_one != of_all:
                    sides.append([number, codes[code], *of_one])
    return _script("in-force", {"whole": whole, "sides": sides})


def _titles(source: "Source", number: int) -> bytes:
    entries = source.entries[number * _TITLES : (number + 1) * _TITLES]
    data = [
        [
            entry.id,
            visible(entry.title),
            visible(date_in_words(entry.date)),
            machine_date(entry.date) or visible(entry.date and f"EDTF: {entry.date}"),
        ]
        for entry in entries
    ]
    return _script(f"titles-{number}", data)
