"""An import: the rows of a file become records of one collection, which the import owns.

A record is found again by its first identifier, in whatever collection it is, so that the same
import a second time changes nothing. All rows are read and all records checked before the first
file is written.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from healthcoop.checks import duplicates
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Severity
from healthcoop.contribute import creation, record_ids
from healthcoop.contribute.importing.mapping import ImportMapping
from healthcoop.contribute.importing.records import LeftOut, RecordBuilder, remove_absent
from healthcoop.contribute.importing.rows import Row, read_rows
from healthcoop.contribute.importing.template import RowRefused
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files import atomic, location, reader
from healthcoop.files.canonical import rewrite
from healthcoop.files.tree import Tree
from healthcoop.files.visible import counted
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select, taken_ids
from healthcoop.model.columns import IndexedRecord
from healthcoop.model.dates import DateError
from healthcoop.model.shape import ShapeError
from healthcoop.model.spec import ORDER

COLUMNS: Mapping[str, Literal["text", "integer"]] = {
    "row": "integer",
    **dict.fromkeys(("identifier", "outcome", "record", "reason"), "text"),
}
"""The columns of the report, in their order, each with the kind of its values."""
_CHUNK = 500
_NEW = "new"  # the folder of records that have no path yet

Data = dict[str, Any]
Identifier = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row; ``reason`` says why, or what is worth a look."""

    row: int
    identifier: str = ""
    outcome: str = ""
    record: str = ""
    reason: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return the keys of COLUMNS, None where there is nothing."""
        return {name: getattr(self, name) or None for name in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is imported into which collection.

    ``merge`` makes a row a source of the record of another collection that it repeats; ``update``
    names the fields that are overwritten; without ``write`` nothing is written. Without a mapping,
    each line of a JSONL file is a record as it is.
    """

    path: Path
    collection: str
    mapping: ImportMapping | None = None
    merge: bool = False
    update: Sequence[str] = ()
    write: bool = True


class _Change:
    """A file to be written: its data, what it replaces, and the rows that led to it.

    There may be 200,000: the data is kept as JSON, in a fifth of the memory.
    """

    __slots__ = ("_packed", "before", "path", "results")

    def __init__(self, path: str, data: Data, before: bytes | None, *results: RowResult) -> None:
        self.path = path
        self.before = before
        self.results = [*results]
        self.data = data

    @property
    def data(self) -> Data:
        """A copy of the data; to change the record, it is set."""
        data: Data = json.loads(self._packed)
        return data

    @data.setter
    def data(self, data: Data) -> None:
        self._packed = json.dumps(data, ensure_ascii=False).encode()


def import_file(
    index: Index, tree: Tree, context: CheckContext, request: ImportRequest
) -> list[RowResult]:
    """Import a file and return what became of each row, in their order.

    Raises HealthcoopError for a request that does not fit, a file that cannot be read, and records
    that cannot be written.
    """
    location.check_complete(tree.root)
    _check(index, request)
    run = _Import(index, tree, request)
    builder = RecordBuilder(request.mapping, index.vocabulary) if request.mapping else None
    seen: set[str] = set()
    for row in read_rows(request.path):
        seen.update(row.values)
        if builder and seen and row.record is None:  # of a table, whose rows have all columns
            builder.check_columns(seen)
        run.add(row, builder)
    if builder and seen:
        builder.check_columns(seen)
    run.check(context)
    if run.find_duplicates():
        run.check(context)
    if request.write:
        run.write()
    return sorted(run.results(), key=lambda result: result.row)


def _check(index: Index, request: ImportRequest) -> None:
    index.vocabulary.find("collections", request.collection)
    if request.mapping is None and request.path.suffix.lower() not in (".jsonl", ".ndjson"):
        hint = "Describe its columns in a mapping file: --mapping FILE; see docs/imports/."
        raise HealthcoopError("a table needs a mapping", hint=hint)
    if request.mapping and request.mapping.collection not in ("", request.collection):
        raise HealthcoopError(f"the mapping is for the collection {request.mapping.collection}")
    known = [name for name in ORDER[""] if name not in ("id", "collection")]
    if unknown := [name for name in request.update if name not in known]:
        raise UnknownName("field", unknown[0], otherwise=f"Choose from {', '.join(known)}.")
    if index.problems:
        raise HealthcoopError(
            f"{counted(len(index.problems), 'record')} cannot be read, so rows may be theirs",
            hint="Run healthcoop validate, and fix what it reports first.",
        )


class _Import:
    """The state of one run: what is there, and what the rows add and change."""

    def __init__(self, index: Index, tree: Tree, request: ImportRequest) -> None:
        self._vocabulary = index.vocabulary
        self._tree = tree
        self._request = request
        self._taken = taken_ids(index)
        self._results: list[RowResult] = []
        self._changes: dict[str, _Change] = {}
        self._seen: dict[Identifier | str, int] = {}
        self._paths: dict[Identifier | str, str] = {}
        self._others: list[IndexedRecord] = []
        for indexed in select(index, Query(withdrawn="include")):
            self._paths[indexed.record.id] = indexed.path
            for item in indexed.record.identifiers:
                self._paths[item.scheme, item.value] = indexed.path
            is_other = indexed.record.collection != request.collection
            if is_other and not indexed.record.withdrawn:
                self._others.append(indexed)

    def results(self) -> Iterator[RowResult]:
        """Yield what became of all rows."""
        yield from self._results
        for change in self._changes.values():
            yield from change.results

    def add(self, row: Row, builder: RecordBuilder | None) -> None:
        """Build the record of a row and compare it with what is there."""
        result = RowResult(row.number)
        try:
            if row.problem:
                raise RowRefused(row.problem)
            data = {"identifiers": builder.identifiers(row)} if builder else _as_is(row)
            key, name = _key(data)
            result = replace(result, identifier=name)
            first = self._seen.setdefault(key, row.number)
            if first != row.number:
                raise RowRefused(f"row {first} has the same identifier")
            if builder:
                data = builder.build(row)
            if path := self._paths.get(key):
                self._compare(result, path, data)
            else:
                self._add_new(result, data)
        except LeftOut as left_out:
            self._results.append(replace(result, outcome="left-out", reason=left_out.reason))
        except (RowRefused, DateError, ShapeError) as refusal:
            self._refuse(result, str(refusal))

    def _refuse(self, result: RowResult, reason: str) -> None:
        self._results.append(replace(result, outcome="refused", record="", reason=reason))

    def _add_new(self, result: RowResult, data: Data) -> None:
        data["collection"] = self._request.collection
        if "id" not in data:
            data["id"] = record_ids.propose_id(data, self._vocabulary, self._taken)
        ident = str(data["id"])
        if ident in self._taken:
            raise RowRefused(f"the id {ident} is that of another record")
        try:
            path = record_ids.record_path(ident)
        except HealthcoopError as error:
            raise RowRefused(error.message) from None
        self._taken.add(ident)
        added = replace(result, outcome="added", record=ident)
        self._changes[path] = _Change(path, data, None, added)

    def _compare(self, result: RowResult, path: str, data: Data) -> None:
        """Compare a row with its record, and change the fields that are to be updated."""
        content = self._tree[path]
        known = reader.parse(content).data or {}
        result = replace(result, record=str(known.get("id")))
        if "withdrawn" in known:
            reason = "its record is withdrawn"
            self._results.append(replace(result, outcome="left-out", reason=reason))
            return
        if known.get("collection") != self._request.collection:
            reason = f"it is in the collection {known.get('collection')}"
            self._results.append(replace(result, outcome="unchanged", reason=reason))
            return
        differing = [name for name in data if name != "id" and _differ(data[name], known.get(name))]
        updated = [name for name in differing if name in self._request.update]
        reason = ", ".join(name for name in differing if name not in updated)
        if not updated:
            outcome = "differs" if differing else "unchanged"
            self._results.append(replace(result, outcome=outcome, reason=reason))
            return
        reason = f"{', '.join(updated)}; differs in {reason}" if reason else ", ".join(updated)
        result = replace(result, outcome="updated", reason=reason)
        changed = {**known, **{name: data[name] for name in updated}}
        self._changes[path] = _Change(path, changed, content, result)

    def find_duplicates(self) -> bool:
        """Find likely duplicates of new records in other collections, and merge or name them.

        Return whether a record of another collection is to be changed.
        """
        new = iter([change for change in self._changes.values() if change.before is None])
        while chunk := [*islice(new, _CHUNK)]:
            by_path = {f"{_NEW}/{change.path}": change for change in chunk}
            compared = [*self._others]
            for path, change in by_path.items():
                data = change.data
                kind = self._vocabulary.kind(str(data.get("type")))
                compared.append(IndexedRecord(data, path, kind))
            found: dict[str, list[tuple[IndexedRecord, str]]] = {}
            for pair in duplicates.find(compared, paths=[_NEW])[0]:
                new_one = pair.one if pair.one.path in by_path else pair.other
                other = pair.other if new_one is pair.one else pair.one
                if other.path not in by_path:
                    reasons = f"{pair.score:.2f}: {', '.join(pair.reasons)}"
                    found.setdefault(new_one.path, []).append((other, reasons))
            for path, others in found.items():
                self._settle(by_path[path], others)
        return any(each.outcome == "merged" for each in self.results())

    def _settle(self, change: _Change, others: list[tuple[IndexedRecord, str]]) -> None:
        """Merge a new record into the one that it repeats, or name those that it may repeat."""
        named = "; ".join(f"{other.record.id} ({reasons})" for other, reasons in others)
        (result,) = change.results
        if not self._request.merge:
            change.results = [replace(result, reason=f"may be the same event as {named}")]
            return
        del self._changes[change.path]
        if len(others) > 1:
            self._refuse(result, f"may be the same event as any of {named}")
            return
        path = others[0][0].path
        target = self._changes.get(path)
        if target is None:
            content = self._tree[path]
            target = _Change(path, dict(reader.parse(content).data or {}), content)
            self._changes[path] = target
        data, new = target.data, change.data
        urls = {source.get("url") for source in data.get("sources", ())}
        added = [each for each in new.get("sources", ()) if each.get("url") not in urls]
        identifiers = data.get("identifiers", [])
        more = [each for each in new.get("identifiers", ()) if each not in identifiers]
        if more:
            data["identifiers"] = [*identifiers, *more]
        for source in added:
            remove_absent(source, data)
        data["sources"] = [*data.get("sources", ()), *added]
        target.data = data
        ident = others[0][0].record.id
        merged = replace(result, outcome="merged", record=ident, reason=named)
        target.results.append(merged)

    def check(self, context: CheckContext) -> None:
        """Check all records to be written; those with an error are refused."""
        while True:
            files: dict[str, bytes] = {}
            refused: dict[str, str] = {}
            for path, change in self._changes.items():
                try:
                    files[path] = rewrite(b"", change.data)[0].encode()
                except HealthcoopError as error:  # its text would be refused or too large
                    refused[path] = error.message
            for finding in creation.check(self._tree, context, files) if files else ():
                if finding.severity is Severity.ERROR and finding.path not in refused:
                    refused[finding.path] = f"{finding.code} {finding.name}: {finding.message}"
            for path, reason in refused.items():
                for result in self._changes.pop(path).results:
                    self._refuse(result, reason)
            if not refused:  # else links may have lost their targets
                return

    def write(self) -> None:
        """Write the files, each whole or not at all."""
        for change in self._changes.values():
            if change.before is None:
                creation.write_new(self._tree.root, change.data)
            else:
                text = rewrite(change.before, change.data)[0]
                atomic.write_text(self._tree.root / change.path, [text], expected=change.before)


def _as_is(row: Row) -> Data:
    data = {name: value for name, value in (row.record or {}).items() if name != "collection"}
    values = [*data.items()]
    while values:
        name, value = values.pop()
        if isinstance(value, dict):
            values += value.items()
        elif isinstance(value, list):
            values += [(name, item) for item in value]
        elif not isinstance(value, str | bool):
            raise RowRefused(f"{name}: {json.dumps(value)} is not text")
    return data


def _key(data: Data) -> tuple[Identifier | str, str]:
    """Return what a record is found again by, and its words: its first identifier, or its id."""
    identifiers = data.get("identifiers")
    first = identifiers[0] if isinstance(identifiers, list) and identifiers else {}
    if isinstance(first, Mapping) and {"scheme", "value"} <= first.keys():
        return (str(first["scheme"]), str(first["value"])), str(first["value"])
    if "id" in data:
        return str(data["id"]), str(data["id"])
    raise RowRefused("it has no identifier, by which its record could be found again")


def _differ(one: Any, other: Any) -> bool:
    """Return whether two values differ in more than the order of a list."""
    if isinstance(one, list) and isinstance(other, list):
        one, other = (
            sorted(json.dumps(item, sort_keys=True) for item in each) for each in (one, other)
        )
    return bool(one != other)
