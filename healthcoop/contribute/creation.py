"""New records: an id, the records that may be the same event, the checks, and the file."""

import re
from collections import ChainMap
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from healthcoop.checks import duplicates, engine, summaries, suppressions
from healthcoop.checks.duplicates import DuplicatePair
from healthcoop.checks.findings import Finding, Selection, Severity
from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic
from healthcoop.files.canonical import rewrite
from healthcoop.files.tree import Tree
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select, taken_ids
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.folding import fold, name_key
from healthcoop.model.record import Record
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import FIELDS
from healthcoop.model.vocabulary import Vocabulary

_MOST_CODES = 3
_MOST_WORDS = 4
_LONGEST = 90  # characters, so that a number still fits
_MANY = "multi"
_COMMON = """
a after an agree agreed agrees and as at between by cooperate cooperation discuss discusses
first for from global have health healthcare held her his hold holds in international into its
meet meets of on or over receive receives republic sign signed signing signs state states talk
talks that the their to two understanding visits with
"""  # words that do not distinguish one record of the same parties and year from another


def propose_id(data: Mapping[str, Any], vocabulary: Vocabulary, taken: Container[str]) -> str:
    """Return an id that is not in ``taken``: the year, party codes, a few words of the title.

    The year is that of the earliest day, or the latest where there is none. Raises DateError for
    an invalid date, and ShapeError for data that is no record.
    """
    record = Record.from_data(data)
    date = dates.parse(record.date)
    codes = [party.code for party in record.sides] or [party.code for party in record.parties]
    parties = [_MANY] if len(codes) > _MOST_CODES else [_ascii(code) for code in codes]
    words = [*_words(record, vocabulary)][:_MOST_WORDS] or [record.type or "event"]
    stem = "-".join(filter(None, (f"{date.year:04}", *parties, *words)))[:_LONGEST].rstrip("-")
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(ident for ident in numbered if ident not in taken)


def _words(record: Record, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words of the title that are neither common nor part of a party's name."""
    named = set(_COMMON.split())
    for party in record.parties:
        term = vocabulary.countries.get(party.code) or vocabulary.organisations.get(party.code)
        for name in (term.label, *term.names) if term else ():
            named.update(name_key(name).split())
    for word in name_key(re.sub(r"['’]s?\b", "", record.title)).split():
        plain = _ascii(word)
        if plain and len(plain) > 1 and not {word, word.removesuffix("s")} & named:
            named.add(word)
            yield plain


def _ascii(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", fold(text)))


def likely_duplicates(
    index: Index, data: Mapping[str, Any], *, path: str = ""
) -> list[DuplicatePair]:
    """Return the records that may describe the same event as new data, the likeliest first.

    Type, date and parties are enough: records with the same sides on days that may be the same are
    found, whatever else they state. The new record is ``pair.one`` or ``pair.other``; its path is
    ``path``. Raises DateError and ShapeError.
    """
    kind = index.vocabulary.kind(str(data.get("type")))
    new = IndexedRecord(data, path, kind)
    codes = tuple(party.code for party in new.record.sides)
    others = select(index, Query(countries=codes)) if codes else ()
    records = [new, *(other for other in others if other.path != path)]
    return duplicates.find(records, paths=[path])[0]


def with_id(data: Mapping[str, Any], index: Index) -> dict[str, Any]:
    """Return a record's data with an id: its own or a proposed one.

    Raises HealthcoopError where none can be proposed.
    """
    if "id" in data:
        return dict(data)
    try:
        return {"id": propose_id(data, index.vocabulary, taken_ids(index)), **data}
    except (dates.DateError, ShapeError) as error:
        raise HealthcoopError(f"no id can be proposed: {error}") from None


def check(
    tree: Tree,
    context: engine.CheckContext,
    new: Mapping[str, bytes],
    *,
    index: Index | None = None,
) -> tuple[Finding, ...]:
    """Return the findings about new files, by path, as if they were in the data set.

    Accepted findings are left out. With the ``index``, the other records are taken from it and not
    checked, which is much quicker: what the new files do to them is found in either case.
    """
    context = replace(context, changed=frozenset(new))
    files = ChainMap(dict(new), tree)  # type: ignore[arg-type]
    if index is None:
        findings: Sequence[Finding] = engine.check(files, context).findings
    else:
        checker = engine.Checker(files, context)
        results = _others(index) | {
            result.summary.path: result for result in checker.check_files([*new])
        }
        found = [*checker.check_corpus(dict(sorted(results.items())))]
        findings = [*found, *(one for path in new for one in results[path].findings)]
    remaining, _ = suppressions.remove_accepted(findings, suppressions.read(tree))
    selection = Selection(limits=[new.keys()])
    return tuple(sorted(filter(selection.includes_finding, remaining)))


def _others(index: Index) -> dict[str, engine.FileResult]:
    """Return the summary of each record as its check would, without findings."""
    known = index.vocabulary
    records = select(index, Query(withdrawn="include"))
    some = [summaries.summarise(known, record.path, record.data) for record in records]
    some += [summaries.stub(problem.path) for problem in index.problems]
    return {summary.path: engine.FileResult(summary, []) for summary in some}


def record_path(ident: str) -> str:
    """Return the path of a new record below the root; raises HealthcoopError for an invalid id."""
    field = FIELDS["id"]
    if not re.fullmatch(field.pattern, ident) or len(ident) > (field.most or 0):
        raise HealthcoopError(f"invalid id: {ident}", hint=field.pattern_message)
    return f"records/{ident[:4]}/{ident}.yaml"


def write_new(root: Path, data: dict[str, Any]) -> str:
    """Write a new record in canonical layout; return its path below the root.

    Raises HealthcoopError where the file exists or cannot be written, and CannotReformat for data
    that the reader would refuse.
    """
    path = record_path(str(data.get("id", "")))
    text, _ = rewrite(b"", data)
    atomic.create_text(root / path, text)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A new record: its file's path below the root and text, the findings, whether it exists."""

    path: str
    text: str
    findings: tuple[Finding, ...]
    written: bool

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def create(
    tree: Tree,
    index: Index,
    context: engine.CheckContext,
    data: dict[str, Any],
    *,
    write: bool,
    allow_errors: bool,
) -> NewRecord:
    """Check a new record and write it, with errors only if they are allowed; as ``write_new``."""
    path = record_path(str(data.get("id", "")))
    text, _ = rewrite(b"", data)
    findings = check(tree, context, {path: text.encode()}, index=index)
    record = NewRecord(path=path, text=text, findings=findings, written=False)
    if not write or (record.has_errors and not allow_errors):
        return record
    write_new(tree.root, data)
    return replace(record, written=True)
