"""The registry of rules: every code that a finding can have, declared once.

A rule is a function decorated with ``rule``, ``date_rule``, ``text_rule`` or ``corpus_rule``; its
docstring is its page. Problems found by the reader and the schema have codes without a function.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, overload

from healthcoop.checks.findings import Problem, Severity
from healthcoop.errors import UnknownName
from healthcoop.files.nodes import Pointer
from healthcoop.files.tree import UnexpectedFile
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.dates import Edtf
from healthcoop.model.field import Field
from healthcoop.model.record import Record
from healthcoop.model.spec import DATES
from healthcoop.model.vocabulary import Vocabulary


@lru_cache(maxsize=1 << 15)
def parsed(text: str | None) -> Edtf | None:
    """Parse a date; None for an absent or invalid one, and for words such as ``unknown``."""
    return dates.read(text) if text else None


class DateField(NamedTuple):
    """A date of a record; ``when`` is None where the text is not a valid date."""

    field: Field
    pointer: Pointer
    text: str
    when: Edtf | None

    @property
    def name(self) -> str:
        """The name of the field: ``signed``."""
        return str(self.pointer[-1])


@lru_cache(maxsize=1 << 10)
def _paths(name: str, keys: frozenset[str]) -> frozenset[str]:
    return frozenset(f"{name}.{key}" for key in keys)


@dataclass(frozen=True, eq=False, kw_only=True)
class CheckedRecord:
    """A record being checked, with the vocabulary and the date it is checked against.

    ``invalid`` names the top-level fields that violate the schema; they are left out of ``record``,
    and rules that read them do not run.
    """

    path: str
    data: Mapping[str, Any]
    record: Record
    kind: str
    invalid: frozenset[str]
    vocabulary: Vocabulary
    today: date
    # What ``each`` returned before: several rules read the same field.
    _places: dict[str, Sequence[tuple[Pointer, Any]]] = field(default_factory=dict, init=False)

    @cached_property
    def fields(self) -> Set[str]:
        """The paths of all fields that the record has: ``parties``, ``parties.role`` ..."""
        paths = set(self.data)
        for name, value in self.data.items():
            if value.__class__ is dict:
                paths |= _paths(name, frozenset(value))
            elif value.__class__ is list and value and value[0].__class__ is dict:
                paths |= _paths(name, frozenset().union(*value))
        return paths

    def each(self, path: str) -> Sequence[tuple[Pointer, Any]]:
        """Return the pointer to each value of a field, and the part of the record that has it.

        For ``parties.role`` these are ``("parties", 0, "role")`` and the first party, if it has
        a role; for ``parties``, ``("parties", 0)`` and the first party.
        """
        if path not in self._places:
            if path not in self.fields:
                return ()
            part, _, name = path.partition(".")
            parts = getattr(self.record, part)
            places: list[tuple[Pointer, Any]] = [((part,), parts)]
            if isinstance(parts, tuple):
                places = [((part, number), item) for number, item in enumerate(parts)]
            if name:
                places = [((*at, name), item) for at, item in places if getattr(item, name)]
            self._places[path] = places
        return self._places[path]

    @property
    def dates(self) -> Iterator[tuple[str, Pointer, str]]:
        """The path of the field of each date in the record, its place, and its text."""
        fields = self.fields
        for path in [path for path in DATES if path in fields]:
            for pointer, part in self.each(path):
                yield path, pointer, part if path == "date" else getattr(part, str(pointer[-1]))


class RecordSummary(NamedTuple):
    """What the corpus keeps of a record: enough for the rules that compare several.

    ``links`` are (position, relation, id), ``people`` (position, name, code of the party),
    ``identifiers`` (position, scheme, value). A withdrawn record has no date, sides, people or
    identifiers here; ``date`` is the text in the file, valid or not.
    """

    path: str
    id: str
    kind: str = ""
    date: str = ""
    sides: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()
    links: tuple[tuple[int, str, str], ...] = ()
    people: tuple[tuple[int, str, str], ...] = ()
    identifiers: tuple[tuple[int, str, str], ...] = ()
    withdrawn: bool = False
    replaced_by: tuple[str, ...] = ()
    accessed: str = ""


class Corpus(Sequence[RecordSummary]):
    """The summaries of all records, in order of path, and the files that are not records.

    ``changed`` names the files of a change under review, where there is one; with ``only_changed``,
    problems that are not about one of these are not wanted.

    ``read`` returns one whole record, or None where its file is invalid. It parses the file again,
    which takes a thousand times as long as a look-up here.
    """

    def __init__(
        self,
        entries: Iterable[RecordSummary],
        *,
        unexpected_files: Sequence[UnexpectedFile] = (),
        changed: Set[str] = frozenset(),
        only_changed: bool = False,
        read: Callable[[RecordSummary], IndexedRecord | None] = lambda _: None,
    ) -> None:
        """Take the entries in any order."""
        self._entries = sorted(entries, key=attrgetter("path"))
        self.unexpected_files = unexpected_files
        self.changed = changed
        self.only_changed = only_changed
        self.read = read

    @overload
    def __getitem__(self, index: int) -> RecordSummary: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordSummary]: ...
    def __getitem__(self, index: int | slice) -> RecordSummary | list[RecordSummary]:
        """Return an entry by its position in the order of paths."""
        return self._entries[index]

    def __iter__(self) -> Iterator[RecordSummary]:
        """Iterate over the records; faster than by position, as a sequence otherwise does."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._entries)

    def newest_last(self, entry: RecordSummary) -> tuple[bool, bool, str, str]:
        """Return a sort key; of records with one problem, it is reported at the last.

        That is the changed one, else one whose file is not where its id belongs, else the one whose
        sources were read last, else the last by path.
        """
        is_misplaced = entry.path != f"records/{entry.id[:4]}/{entry.id}.yaml"
        return entry.path in self.changed, is_misplaced, entry.accessed, entry.path

    @cached_property
    def oldest_first(self) -> Sequence[RecordSummary]:
        """The records in the order of ``newest_last``."""
        return sorted(self._entries, key=self.newest_last)

    @cached_property
    def by_id(self) -> Mapping[str, RecordSummary]:
        """The records by id; of two with the same id, the first by path."""
        return {entry.id: entry for entry in reversed(self._entries)}


TextCheck = Callable[[Pointer, str], Problem | None]
DateCheck = Callable[[DateField, date], Problem | None]
RecordCheck = Callable[[CheckedRecord], Iterator[Problem]]
CorpusCheck = Callable[[Corpus], Iterator[tuple[str, Problem]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A code with its name, severity and page, and the function that checks it, if it has one.

    A rule on records runs where the record has one of the fields ``on`` (paths; none is any
    record), and no field that it ``reads`` violates the schema.
    """

    code: str
    name: str
    severity: Severity
    doc: str
    on: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    of_text: TextCheck | None = None
    of_date: DateCheck | None = None
    of_record: RecordCheck | None = None
    of_corpus: CorpusCheck | None = None


_RULES: dict[str, Rule] = {}


def declare(
    code: str, name: str, doc: str, *, severity: Severity = Severity.ERROR, **checks: Any
) -> None:
    """Register a rule; one without a function is what the reader or the schema reports."""
    if code in _RULES:
        raise ValueError(f"duplicate code {code}")
    _RULES[code] = Rule(code=code, name=name, doc=doc, severity=severity, **checks)


def rule(
    code: str, name: str, *, on: str = "", reads: str = "", severity: Severity = Severity.ERROR
) -> Callable[[RecordCheck], RecordCheck]:
    """Register a function that checks one record.

    ``on`` are the paths of fields without which it finds nothing, such as ``people.name``: it runs
    where the record has one of them. ``reads`` names the other fields that it needs valid.
    """

    def register(check: RecordCheck) -> RecordCheck:
        paths = on.split()
        fields = frozenset([*(path.partition(".")[0] for path in paths), *reads.split()])
        kinds = {"of_record": check, "on": frozenset(paths), "reads": fields}
        declare(code, name, check.__doc__ or "", severity=severity, **kinds)
        return check

    return register


def text_rule(
    code: str, name: str, *, severity: Severity = Severity.ERROR
) -> Callable[[TextCheck], TextCheck]:
    """Register a function that checks each text of a record with unusual characters."""

    def register(check: TextCheck) -> TextCheck:
        declare(code, name, check.__doc__ or "", severity=severity, of_text=check)
        return check

    return register


def date_rule(
    code: str, name: str, *, severity: Severity = Severity.ERROR
) -> Callable[[DateCheck], DateCheck]:
    """Register a function of each date of a record and the current day.

    It depends on the field, the text and that day only: it runs once for all equal dates that are
    without a problem.
    """

    def register(check: DateCheck) -> DateCheck:
        declare(code, name, check.__doc__ or "", severity=severity, of_date=check)
        return check

    return register


def corpus_rule(
    code: str, name: str, *, severity: Severity = Severity.ERROR
) -> Callable[[CorpusCheck], CorpusCheck]:
    """Register a function that checks all records together and yields paths with problems."""

    def register(check: CorpusCheck) -> CorpusCheck:
        declare(code, name, check.__doc__ or "", severity=severity, of_corpus=check)
        return check

    return register


def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in order of codes."""
    from healthcoop.checks import rules as families

    families.load()
    return dict(sorted(_RULES.items()))


def find(text: str) -> Rule:
    """Return the rule with a code or name, in any case. Raises UnknownName."""
    known = rules()
    query = text.strip().lower()
    for rule in known.values():
        if query in (rule.code.lower(), rule.name):
            return rule
    names = {rule.name: rule.code for rule in known.values()}
    near = [names[name] for name in get_close_matches(query, names, n=3)]
    otherwise = "“healthcoop validate --list-rules” lists them."
    family = [code for code in known if code.startswith(query[:3].upper())]
    if family and re.fullmatch("hc[0-9]+", query):  # another number is not a likeness
        otherwise = f"The rules of its family are {family[0]} to {family[-1]}. {otherwise}"
    raise UnknownName("rule", text, near, otherwise=otherwise)
