"""New records: the records that may be the same event, the checks, and the file."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from healthcoop.checks import additions, duplicates, engine, summaries, suppressions
from healthcoop.checks.duplicates import DuplicatePair
from healthcoop.checks.findings import Finding, Severity
from healthcoop.checks.registry import RecordSummary
from healthcoop.contribute.record_ids import propose_id, record_path
from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic
from healthcoop.files.canonical import rewrite
from healthcoop.files.tree import Tree
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select, taken_ids
from healthcoop.model import dates
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.shape import ShapeError


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
    accepted = suppressions.read(tree)
    if index is not None:
        return additions.check(tree, context, new, others=summaries_in(index), accepted=accepted)
    context = replace(context, changed=frozenset(new))
    files = ChainMap(dict(new), tree)  # type: ignore[arg-type]
    return additions.about(new, engine.check(files, context).findings, accepted)


def summaries_in(index: Index) -> Iterator[RecordSummary]:
    """Yield the summary of each record as its check would."""
    known = index.vocabulary
    for record in select(index, Query(withdrawn="include")):
        yield summaries.summarise(known, record.path, record.data)
    for problem in index.problems:
        yield summaries.stub(problem.path)


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
