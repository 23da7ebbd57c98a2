"""What differs between two states of a data set: record by record, and code by code."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from healthcoop.checks import suppressions
from healthcoop.contribute.edits import references
from healthcoop.contribute.history import Change, Data, compare
from healthcoop.errors import HealthcoopError, InvalidSchema
from healthcoop.files import comparison, reader, vocabularies
from healthcoop.files.comparison import Base, FileVersions
from healthcoop.files.fixes import Replace, apply
from healthcoop.files.tree import Tree, is_read

STATUSES = ("added", "withdrawn", "renamed", "merged", "deleted", "changed")
"""What happened to a record; merged: its id now leads to another record that already existed."""

_MAX_BYTES = 256 * 1024 * 1024
_LISTED = {*vocabularies.PATHS.values(), suppressions.PATH}
"""The files under ``schema/`` that list entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDiff:
    """A record that differs: one of STATUSES, its id and path, and the former ones if others.

    ``lost_ids`` are ids that led to it and now lead to no record. ``before`` and ``after`` are the
    contents of its file, None where there is none. Of a merged record, ``id`` and ``path`` are
    those of the one that it became part of.
    """

    status: str
    id: str
    path: str
    former_id: str | None = None
    former_path: str | None = None
    lost_ids: tuple[str, ...] = ()
    before: bytes | None = None
    after: bytes | None = None

    @property
    def data(self) -> Data:
        """The record's plain data, as it is now or last was; it need not be valid."""
        return _data(self.before if self.after is None else self.after)

    @property
    def changes(self) -> list[Change]:
        """What changed, field by field."""
        return compare(_data(self.before), _data(self.after))

    @property
    def shown_changes(self) -> list[Change]:
        """The changes to show to a reviewer: none where the record came or went as a whole.

        Of one that is withdrawn, what was removed is not repeated: a law may require its removal.
        """
        if self.status == "withdrawn":
            named = (change for change in self.changes if change.new is not None)
            return [change for change in named if not change.field.startswith("withdrawn")]
        return self.changes if self.status in ("renamed", "changed") else []

    def to_data(self) -> dict[str, Any]:
        """Return the keys of the JSON output, in their order."""
        data = self.data
        withdrawn = data.get("withdrawn") if self.status == "withdrawn" else None
        return {
            "status": self.status,
            "id": self.id,
            "path": self.path,
            "former_id": self.former_id,
            "former_path": self.former_path,
            **{name: text_of(data, name) or None for name in ("type", "date", "title")},
            "parties": [code for code, _ in parties(data)],
            "reason": text_of(withdrawn, "reason") or None,
            "replaced_by": texts_of(withdrawn, "replaced_by"),
            "lost_ids": [*self.lost_ids],
            "changes": [asdict(change) for change in self.changes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDiff:
    """An entry of a file under ``schema/`` that was added, removed or changed, by its code."""

    path: str
    code: str
    status: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadFile:
    """A file that cannot be parsed, in the earlier or later state (``revision``), and why."""

    path: str
    revision: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSetDiff:
    """The differences between two states of a data set.

    A state without a commit is the working tree, or nothing at all. ``records`` are in the order of
    STATUSES, then by path; ``entries`` are those of vocabularies. ``followed`` are files in which
    only links changed, to the new ids of renamed records; ``reformatted`` are those without a
    changed value, ``other_files`` those under ``schema/`` that list no entries.
    """

    old: Base
    new: Base
    records: tuple[RecordDiff, ...]
    entries: tuple[EntryDiff, ...]
    unread: tuple[UnreadFile, ...]
    followed: tuple[str, ...]
    reformatted: tuple[str, ...]
    other_files: tuple[str, ...]

    def __bool__(self) -> bool:
        """Return whether there is any difference."""
        files = (*self.unread, *self.followed, *self.reformatted, *self.other_files)
        return bool(self.records or self.entries or files)

    @property
    def counts(self) -> dict[str, int]:
        """The number of records of each status that there is, in the order of STATUSES."""
        counts = Counter(record.status for record in self.records)
        return {status: counts[status] for status in STATUSES if counts[status]}

    def to_data(self) -> dict[str, Any]:
        """Return the keys of the JSON output, in their order."""
        return {
            "old": {"name": self.old.name, "commit": self.old.commit},
            "new": {"name": self.new.name, "commit": self.new.commit},
            "records": [record.to_data() for record in self.records],
            "entries": [asdict(entry) for entry in self.entries],
            "unread": [asdict(file) for file in self.unread],
            "followed": [*self.followed],
            "reformatted": [*self.reformatted],
            "other_files": [*self.other_files],
        }


WORKING_TREE = Base(None, "the working tree")


def diff(files: Tree, old: Base, new: Base = WORKING_TREE) -> DataSetDiff:
    """Compare two commits, or a commit and the files on disk.

    Raises HealthcoopError where git fails, and for more than 256 MiB of files that differ.
    """
    found = comparison.difference(files, old.commit, new.commit)
    states = (old.name, new.name)
    records, entries = _Records(), list[EntryDiff]()
    unread, others = list[UnreadFile](), list[str]()
    size = 0
    for file in found.files:
        size += len(file.old or b"") + len(file.new or b"")
        if size > _MAX_BYTES:
            raise HealthcoopError(
                f"the files that differ have more than {_MAX_BYTES // 1024**2} MiB",
                hint="Compare revisions that are nearer to each other.",
            )
        if file.error:
            unread.append(UnreadFile(path=file.path, revision=new.name, problem=file.error))
        elif is_read(file.path):
            unread += records.add(file, states)
        elif file.path in _LISTED:
            versions = []
            for state, content in zip(states, (file.old, file.new), strict=True):
                try:
                    versions.append(_by_code(file.path, content))
                except InvalidSchema as error:
                    problem = error.message.removeprefix(f"{file.path}:")
                    unread.append(UnreadFile(path=file.path, revision=state, problem=problem))
            if len(versions) == len(states):
                entries += _entries(file.path, *versions)
        else:
            others.append(file.path)
    kept = {PurePosixPath(path).stem for path in found.paths if is_read(path)}
    matched = sorted(records.matched(kept), key=_order)
    return DataSetDiff(
        old=old,
        new=new,
        records=tuple(matched),
        entries=tuple(entries),
        unread=tuple(unread),
        followed=tuple(records.followed),
        reformatted=tuple(records.reformatted),
        other_files=tuple(others),
    )


def _order(record: RecordDiff) -> tuple[int, str]:
    return STATUSES.index(record.status), record.path


class _Version(NamedTuple):
    """What of a record decides to which other one it belongs."""

    path: str
    content: bytes
    ids: tuple[str, ...]  # its own, then the former ones
    rest: bytes  # a digest of everything else

    @property
    def id(self) -> str:
        return self.ids[0]


class _Records:
    """The record files that differ, of which some are one record under two ids."""

    def __init__(self) -> None:
        self.reformatted: list[str] = []
        self.followed: list[str] = []
        self._gone: dict[str, _Version] = {}
        self._came: list[_Version] = []
        self._both: list[tuple[_Version, _Version, str]] = []

    def add(self, file: FileVersions, states: tuple[str, str]) -> Iterator[UnreadFile]:
        """Add a file of two states; yield where it cannot be parsed."""
        parsed: list[_Version | None] = [None, None]
        data: list[Data] = [{}, {}]
        for number, content in enumerate((file.old, file.new)):
            if content is None:
                continue
            result = reader.parse(content)
            if result.data is not None:
                parsed[number] = _version(file.path, content, result.data)
                data[number] = result.data
                continue
            first = result.problems[0]
            place = f"line {first.span.line}, column {first.span.column}"
            problem = f"{place}: {first.message}"
            yield UnreadFile(path=file.path, revision=states[number], problem=problem)
        old, new = parsed
        if old and new:
            one, other = data
            if not compare(one, other):
                self.reformatted.append(file.path)
            else:
                withdrawn = "withdrawn" in other and "withdrawn" not in one
                self._both.append((old, new, "withdrawn" if withdrawn else "changed"))
        elif new:
            self._came.append(new)
        elif old and file.new is None:
            self._gone[file.path] = old

    def matched(self, kept: Set[str]) -> Iterator[RecordDiff]:
        """Yield the records, where ``kept`` are the names of all files of the later state."""
        now = [*self._came, *(new for _, new, _ in self._both)]
        leads_to = {ident: version for version in now for ident in reversed(version.ids)}
        kept = kept | leads_to.keys()
        gone = self._gone.values()
        by_id = {ident: version for version in gone for ident in version.ids[1:]}
        by_id |= {version.id: version for version in gone}
        by_rest = {version.rest: version for version in gone}
        renamed = {}
        for new in self._came:
            former = (by_id.get(ident) for ident in new.ids)
            match = next(filter(None, former), by_rest.get(new.rest))
            if match and self._gone.pop(match.path, None):
                renamed[match.id] = new.id
                yield _record("renamed", match, new, kept)
            else:
                yield _record("added", None, new, kept)
        for old in self._gone.values():
            into = leads_to.get(old.id)
            yield _record("merged" if into else "deleted", old, into, kept)
        for old, new, status in self._both:
            if renamed and not compare(_followed(old, renamed), _data(new.content)):
                self.followed.append(new.path)
            else:
                yield _record(status, old, new, kept)


def _record(status: str, old: _Version | None, new: _Version | None, kept: Set[str]) -> RecordDiff:
    now = new or old
    assert now  # noqa: S101 - there is at least one
    return RecordDiff(
        status=status,
        id=now.id,
        path=now.path,
        former_id=old.id if old and new and (old.id, old.path) != (new.id, new.path) else None,
        former_path=old.path if old and old.path != now.path else None,
        lost_ids=tuple(ident for ident in old.ids if ident not in kept) if old else (),
        before=old.content if old else None,
        after=new.content if new and status != "merged" else None,
    )


def _followed(old: _Version, renamed: Mapping[str, str]) -> Data:
    """Return a record's data with the new ids of the records that it names."""
    data = _data(old.content)
    places = ((pointer, renamed.get(ident)) for pointer, ident in references(data))
    return apply(data, [[Replace(pointer, new)] for pointer, new in places if new])[0]


def _version(path: str, content: bytes, data: Data) -> _Version:
    ident = text_of(data, "id") or PurePosixPath(path).stem
    rest = {key: value for key, value in data.items() if key not in ("id", "former_ids")}
    written = json.dumps(rest, sort_keys=True).encode()
    digest = hashlib.sha256(written, usedforsecurity=False).digest()
    return _Version(path, content, (ident, *texts_of(data, "former_ids")), digest)


def _data(content: bytes | None) -> Data:
    return (reader.parse(content).data if content is not None else None) or {}


def _entries(path: str, old: Mapping[str, Data], new: Mapping[str, Data]) -> Iterator[EntryDiff]:
    for code in dict.fromkeys([*old, *new]):
        one, other = old.get(code), new.get(code)
        if one != other:
            status = "added" if one is None else "removed" if other is None else "changed"
            changes = tuple(compare(one or {}, other or {}))
            yield EntryDiff(path=path, code=code, status=status, changes=changes)


def _by_code(path: str, content: bytes | None) -> dict[str, Data]:
    """Return the entries of a file by code; those of accepted findings by code and record."""
    if content is None:
        return {}
    read = vocabularies.read_json if path.endswith(".json") else vocabularies.read_yaml
    data = read({path: content}, path)
    found: dict[str, Data] = {}
    for items in data.values() if isinstance(data, dict) else ():
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                names = (text_of(item, name) for name in ("code", "record", "pointer"))
                found[" ".join(filter(None, names))] = item
    return found


def text_of(data: Any, name: str) -> str:
    """Return a field that is a text; else an empty one, as for data that is no mapping."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def texts_of(data: Any, name: str) -> list[str]:
    """Return the texts of a field that is a list."""
    return [item for item in _list(data, name) if isinstance(item, str)]


def items_of(data: Any, name: str) -> list[Mapping[str, Any]]:
    """Return the mappings of a field that is a list."""
    return [item for item in _list(data, name) if isinstance(item, Mapping)]


def parties(data: Any) -> list[tuple[str, list[str]]]:
    """Return the code and the bodies of each party."""
    found = items_of(data, "parties")
    return [
        (code, texts_of(party, "bodies"))
        for party in found
        if (code := text_of(party, "country") or text_of(party, "organisation"))
    ]


def _list(data: Any, name: str) -> list[Any]:
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, list) else []
