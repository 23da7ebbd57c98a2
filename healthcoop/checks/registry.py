"""The registry of rules: every code that a finding can carry, declared once.

A rule is a function with the ``rule`` decorator around it; its docstring is its page. What the
reader and the schema find has a code here too, declared without a function of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from operator import attrgetter
from typing import overload

from healthcoop.checks.findings import Problem, Severity
from healthcoop.errors import UnknownName
from healthcoop.files.nodes import Pointer
from healthcoop.files.tree import UnexpectedFile
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.record import Record
from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecord:
    """One record under a rule's eyes, and what it is judged by.

    ``broken`` names the top-level fields that the schema already found at fault; they are left
    out of ``record``, and rules that read them do not run.
    """

    path: str
    record: Record
    kind: str
    broken: frozenset[str]
    vocabulary: Vocabulary
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSummary:
    """What the corpus keeps of a record: enough for the rules that look at several.

    ``links`` are (position, relation, id), ``people`` (position, name, code of the party),
    ``identifiers`` (position, scheme, value). A withdrawn record has no date, codes, people or
    identifiers here; ``date`` is the text of the file, whatever it is.
    """

    path: str
    id: str
    kind: str = ""
    date: str = ""
    codes: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()
    links: tuple[tuple[int, str, str], ...] = ()
    people: tuple[tuple[int, str, str], ...] = ()
    identifiers: tuple[tuple[int, str, str], ...] = ()
    withdrawn: bool = False
    replaced_by: tuple[str, ...] = ()


class Corpus(Sequence[RecordSummary]):
    """What is kept of every record, in order of path, and what lies beside the records.

    ``read`` gives one record whole, or None where its file is broken: reading takes a thousand
    times as long as looking here, so a rule asks for few.
    """

    def __init__(
        self,
        entries: Iterable[RecordSummary],
        *,
        unexpected_files: Sequence[UnexpectedFile] = (),
        read: Callable[[RecordSummary], IndexedRecord | None] = lambda _: None,
    ) -> None:
        """Take the entries in any order."""
        self._entries = sorted(entries, key=attrgetter("path"))
        self.unexpected_files = unexpected_files
        self.read = read

    @overload
    def __getitem__(self, index: int) -> RecordSummary: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordSummary]: ...
    def __getitem__(self, index: int | slice) -> RecordSummary | list[RecordSummary]:
        """Give an entry by its number in the order of paths."""
        return self._entries[index]

    def __len__(self) -> int:
        """Count the records."""
        return len(self._entries)

    @cached_property
    def by_id(self) -> Mapping[str, RecordSummary]:
        """The records by their ids; of two with one id, the first by path."""
        return {entry.id: entry for entry in reversed(self._entries)}


TextCheck = Callable[[Pointer, str], Problem | None]
RecordCheck = Callable[[CheckedRecord], Iterator[Problem]]
CorpusCheck = Callable[[Corpus], Iterator[tuple[str, Problem]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A code with its name, severity and page, and the function that looks, if it has one."""

    code: str
    name: str
    severity: Severity
    doc: str
    reads: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    of_text: TextCheck | None = None
    of_record: RecordCheck | None = None
    of_corpus: CorpusCheck | None = None


_RULES: dict[str, Rule] = {}


def declare(code: str, name: str, doc: str, *, severity: Severity = Severity.ERROR) -> None:
    """Register a code that the reader or the schema gives."""
    _add(Rule(code=code, name=name, severity=severity, doc=doc))


def rule(
    code: str,
    name: str,
    *,
    reads: str,
    needs: Sequence[str] = (),
    severity: Severity = Severity.ERROR,
) -> Callable[[RecordCheck], RecordCheck]:
    """Register a function that looks at one record.

    ``reads`` names the fields it wants sound; it is not asked about a record that has none of the
    traits it ``needs`` (see ``traits``), where it needs any.
    """

    def register(check: RecordCheck) -> RecordCheck:
        _add(
            Rule(
                code=code,
                name=name,
                severity=severity,
                doc=check.__doc__ or "",
                reads=frozenset(reads.split()),
                needs=frozenset(needs),
                of_record=check,
            )
        )
        return check

    return register


def text_rule(
    code: str, name: str, *, severity: Severity = Severity.ERROR
) -> Callable[[TextCheck], TextCheck]:
    """Register a function that looks at each unusual text of a record."""

    def register(check: TextCheck) -> TextCheck:
        _add(Rule(code=code, name=name, severity=severity, doc=check.__doc__ or "", of_text=check))
        return check

    return register


def corpus_rule(
    code: str, name: str, *, severity: Severity = Severity.ERROR
) -> Callable[[CorpusCheck], CorpusCheck]:
    """Register a function that looks at the corpus, and gives problems with their paths."""

    def register(check: CorpusCheck) -> CorpusCheck:
        _add(
            Rule(code=code, name=name, severity=severity, doc=check.__doc__ or "", of_corpus=check)
        )
        return check

    return register


def _add(added: Rule) -> None:
    if added.code in _RULES:
        raise ValueError(f"the code {added.code} is taken")
    _RULES[added.code] = added


def rules() -> Mapping[str, Rule]:
    """Give every rule by its code, in order of codes."""
    from healthcoop.checks import rules as families

    families.load()
    return dict(sorted(_RULES.items()))


def find(text: str) -> Rule:
    """Give the rule of a code or name, in any case; raises UnknownName."""
    known = rules()
    wanted = text.strip().lower()
    for rule in known.values():
        if wanted in (rule.code.lower(), rule.name):
            return rule
    names = {rule.name: rule.code for rule in known.values()}
    near = [code for code in known if wanted.upper().startswith(code[:3])]
    near += [names[name] for name in get_close_matches(wanted, names, n=3)]
    otherwise = "“healthcoop validate --list-rules” lists them."
    raise UnknownName("rule", text, near[:3], otherwise=otherwise)
