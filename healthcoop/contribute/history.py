"""What changed in a record: between two versions of its data, and over its git revisions."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.files import git, reader

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "places": ("city", "venue", "country"),
    "parties": ("country", "organisation"),
    "people": ("name",),
    "identifiers": ("scheme",),
    "links": ("record", "title"),
    "sources": ("url",),
}
"""The fields that identify the items of a list when their order changes."""

Value = str | bool | None
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that was added, removed or changed; ``field`` is dotted, None means absent."""

    field: str
    old: Value
    new: Value

    @property
    def place(self) -> tuple[str, str]:
        """The field's parent and name; the name is empty at the top level and in a list."""
        for value in (self.old, self.new):
            if isinstance(value, str) and value and self.field.endswith(f".{value}"):
                return self.field[: -len(value) - 1], ""
        parent, _, name = self.field.rpartition(".")
        return (parent, name) if parent else (name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRevision:
    """A revision of a record, and what it changed compared with the one before it.

    ``note`` says that the file was added, moved or removed, only reformatted, or cannot be parsed;
    otherwise it is empty. After a revision that cannot be parsed, the next is compared with the
    last that could.
    """

    revision: str
    day: str
    author: str
    subject: str
    path: str
    note: str
    changes: tuple[Change, ...]

    def to_data(self) -> dict[str, Any]:
        """Return the keys of the JSON output, in their order."""
        return asdict(self) | {
            "note": self.note or None,
            "changes": [asdict(change) for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """The revisions of a record, the latest first; none for a file that is not in git.

    ``missing`` describes what is not in this clone, and how to fetch it; empty where all is there.
    """

    revisions: tuple[RecordRevision, ...]
    missing: str = ""


_SHALLOW = "older revisions are not in this clone: run “git fetch --unshallow”"
_PARTIAL = "contents of older revisions are not in this clone: run “git log -p --follow -- {}” once"


def history(root: Path, path: str) -> RecordHistory:
    """Return what each git revision changed in a record's file, following renames.

    ``path`` is below the root. Raises HealthcoopError where git fails.
    """
    found = git.revisions(root, path)
    first = git.shallow_commits(root)
    revisions = _compared(root, [each for each in found if each.hash not in first])
    missing = []
    if any(each.hash in first for each in found):
        missing.append(_SHALLOW)
    if any(each.note == _NOT_HERE for each in revisions):
        missing.append(_PARTIAL.format(shlex.quote(path)))
    return RecordHistory(revisions, "; ".join(missing))


_NOT_HERE = "its content, or that before it, is not in this clone"


def _compared(root: Path, found: Sequence[git.Revision]) -> tuple[RecordRevision, ...]:
    """Compare each revision with the one before it."""
    revisions: list[RecordRevision] = []
    last: Data = {}
    for revision in reversed(found):
        new, error = ({}, "") if revision.removed else _data_at(root, revision.hash, revision.path)
        old: Data | None = {}
        if revision.before:  # of the parent: the previous one in the list may be on another branch
            old, former_error = _data_at(root, f"{revision.hash}^", revision.before)
            if former_error == _NOT_HERE:
                new, error = None, _NOT_HERE
        changes = () if new is None else tuple(compare(last if old is None else old, new))
        revisions.append(
            RecordRevision(
                revision=revision.hash,
                day=revision.day,
                author=revision.author,
                subject=revision.subject,
                path=revision.path,
                note=error or _note(revision, changed=bool(changes)),
                changes=changes,
            )
        )
        last = last if new is None else new
    return tuple(revisions[::-1])


def _data_at(root: Path, commit: str, path: str) -> tuple[Data | None, str]:
    """Return a record's data in a commit, or None and why it cannot be parsed."""
    try:
        result = reader.parse(git.content(root, commit, path))
    except git.MissingObject:
        return None, _NOT_HERE
    except HealthcoopError as error:
        return None, f"cannot be read: {error.message}"
    if result.data is None:
        problem = result.problems[0]
        place = f"line {problem.span.line}, column {problem.span.column}"
        return None, f"cannot be parsed: {place}: {problem.message}"
    return result.data, ""


def _note(revision: git.Revision, *, changed: bool) -> str:
    if revision.removed:
        return "removed"
    if revision.before is None:
        return "added"
    if revision.before != revision.path:
        return f"moved from {revision.before}"
    return "" if changed else "no value changed: reformatted, or lists reordered"


def compare(old: Data, new: Data) -> list[Change]:
    """Return the changes between two records' plain data, in the order of the new one's fields.

    Items of lists are matched by identifying fields, not by position: reordering is no change.
    """
    return list(_mapping("", old, new))


def _mapping(at: str, old: Data, new: Data) -> Iterator[Change]:
    for key in [*new, *(key for key in old if key not in new)]:
        yield from _value(f"{at}.{key}" if at else key, key, old.get(key), new.get(key))


def _value(at: str, key: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    shapes = {type(value) for value in (old, new) if value is not None}
    if shapes == {dict}:
        yield from _mapping(at, old or {}, new or {})
    elif shapes == {list}:
        yield from _mapping(at, _by_name(key, old or []), _by_name(key, new or []))
    else:
        yield Change(at, _flat(old), _flat(new))


def _by_name(key: str, items: list[Any]) -> dict[str, Any]:
    """Return the items of a list by their identifying field; texts by themselves."""
    named: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    for item in items:
        name = _name(key, item)
        counts[name] += 1
        named[name if counts[name] == 1 else f"{name} ({counts[name]})"] = item
    return named


def _name(key: str, item: Any) -> str:
    if isinstance(item, dict):
        names = (item.get(name) for name in _NAMED_BY.get(key, ()))
        return next((name for name in names if isinstance(name, str)), "item")
    return item if isinstance(item, str) else "item"


def _flat(value: Any) -> Value:
    return value if value is None or isinstance(value, str | bool) else str(value)
