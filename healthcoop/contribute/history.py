"""What changed in a record: between two states of its data, and over its revisions in git."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
"""By what the items of a list are known again when their order changes."""

Value = str | bool | None
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that came, went or changed; ``field`` is dotted, None stands for absent."""

    field: str
    old: Value
    new: Value

    def to_data(self) -> dict[str, Value]:
        """Give the keys of JSON, in their order."""
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A revision of a record, and what it changed in the one before it.

    ``note`` says what else there is to say: that the file was added, moved or removed, only laid
    out anew, or cannot be read; it is empty where the changes say it all. After a revision that
    cannot be read, the next is compared with the last that can.
    """

    revision: str
    day: str
    author: str
    subject: str
    path: str
    note: str
    changes: tuple[Change, ...]

    def to_data(self) -> dict[str, Any]:
        """Give the keys of JSON, in their order."""
        return {
            "revision": self.revision,
            "day": self.day,
            "author": self.author,
            "subject": self.subject,
            "path": self.path,
            "note": self.note or None,
            "changes": [change.to_data() for change in self.changes],
        }


def history(root: Path, path: str) -> list[State]:
    """Give the revisions of a record's file by git, the latest first; renames are followed.

    ``path`` is below the root. There are none for a file that git does not know. Raises
    HealthcoopError where git cannot say.
    """
    states: list[State] = []
    last: Data = {}
    for revision in reversed(git.revisions(root, path)):
        new, trouble = ({}, "") if revision.removed else _read(root, revision.hash, revision.path)
        old: Data | None = {}
        if revision.before:  # of the parent: the one before in the list may be another branch's
            old, _ = _read(root, f"{revision.hash}^", revision.before)
        changes = () if new is None else tuple(compare(last if old is None else old, new))
        states.append(
            State(
                revision=revision.hash,
                day=revision.day,
                author=revision.author,
                subject=revision.subject,
                path=revision.path,
                note=trouble or _note(revision, changed=bool(changes)),
                changes=changes,
            )
        )
        last = last if new is None else new
    return states[::-1]


def _read(root: Path, commit: str, path: str) -> tuple[Data | None, str]:
    """Give a record's data in a commit, or None and why it cannot be read."""
    try:
        reading = reader.read(git.content(root, commit, path))
    except HealthcoopError as error:
        return None, f"cannot be read: {error.message}"
    if reading.data is None:
        trouble = reading.problems[0]
        place = f"line {trouble.span.line}, column {trouble.span.column}"
        return None, f"cannot be read: {place}: {trouble.message}"
    return reading.data, ""


def _note(revision: git.Revision, *, changed: bool) -> str:
    if revision.removed:
        return "removed"
    if revision.before is None:
        return "added"
    if revision.before != revision.path:
        return f"moved from {revision.before}"
    return "" if changed else "no value changed: laid out anew, or lists in another order"


def compare(old: Data, new: Data) -> list[Change]:
    """Give what changed between two records' plain data, in the order of the new one's fields.

    Items of lists are known again by their names, not by their place: another order is no change.
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
    """Give the items of a list by what they are known by; texts by themselves."""
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
