"""Edits of a record's plain data, and the difference that they make to its file.

An edited record is written in canonical layout, whatever the layout of its file was.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Any

from healthcoop.files.nodes import Pointer

MAX_LINES = 3000
"""Longer texts are not compared: the time grows with the square of their length."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace a value by other plain data."""

    pointer: Pointer
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a field or an item of a list."""

    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename a field; with a ``value``, which is not None, replace its value too."""

    pointer: Pointer
    name: str
    value: Any = None


Edit = Replace | Remove | Rename


def apply(data: Mapping[str, Any], groups: Sequence[Sequence[Edit]]) -> tuple[dict[str, Any], int]:
    """Return edited data and the number of edits; pointers are those of the data as passed.

    Each group is applied as a whole or not at all. Skipped are groups with a pointer that leads
    nowhere, that overlap an earlier one, would leave a list or mapping empty, or would rename a
    field to a name that is taken.
    """
    plan = _Plan(data)
    for group in groups:
        plan.add(group)
    return plan.rebuild(data, ()), len(plan.edits)


class _Plan:
    """The edits that can be applied together, by pointer."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.edits: dict[Pointer, Edit] = {}
        self._above: set[Pointer] = set()  # each edit's pointer and all that lead to it
        self._removed: Counter[Pointer] = Counter()  # by the list or mapping around
        self._names: set[Pointer] = set()  # what renamed fields will be called

    def add(self, group: Sequence[Edit]) -> None:
        new = {edit.pointer: edit for edit in group}
        removed = Counter(edit.pointer[:-1] for edit in group if isinstance(edit, Remove))
        names = [(*edit.pointer[:-1], edit.name) for edit in group if isinstance(edit, Rename)]
        if (
            len(new) < len(group)
            or any(pointer[:length] in new for pointer in new for length in range(1, len(pointer)))
            or not all(map(self._is_free, group))
            or any(self._removed[at] + n >= len(self._value(at)) for at, n in removed.items())
            or len(set(names)) < len(names)
            or any(name in self._names or self._value(name) is not None for name in names)
        ):
            return
        self.edits |= new
        self._above |= {pointer[: n + 1] for pointer in new for n in range(len(pointer))}
        self._removed += removed
        self._names |= set(names)

    def _is_free(self, edit: Edit) -> bool:
        """Return whether there is something at an edit's pointer that no other edit changes."""
        pointer = edit.pointer
        return (
            self._value(pointer) is not None
            and pointer not in self._above
            and not any(pointer[:length] in self.edits for length in range(1, len(pointer)))
            and not (isinstance(edit, Rename) and isinstance(pointer[-1], int))
        )

    def _value(self, pointer: Pointer) -> Any:
        """Return the value at a pointer; None where there is none (data has no None)."""
        value: Any = self._data
        for part in pointer:
            if isinstance(value, list) and isinstance(part, int):
                value = value[part] if 0 <= part < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
        return value

    def rebuild(self, value: Any, at: Pointer) -> Any:
        edit = self.edits.get(at)
        if isinstance(edit, Replace):
            return edit.value
        if isinstance(edit, Rename) and edit.value is not None:
            return edit.value
        if at and at not in self._above:
            return value
        if isinstance(value, list):
            pointers = [(*at, number) for number in range(len(value))]
            return [
                self.rebuild(item, pointer)
                for pointer, item in zip(pointers, value, strict=True)
                if not isinstance(self.edits.get(pointer), Remove)
            ]
        return dict(self._fields(value, at)) if isinstance(value, dict) else value

    def _fields(self, mapping: Mapping[str, Any], at: Pointer) -> Iterator[tuple[str, Any]]:
        for key, value in mapping.items():
            edit = self.edits.get((*at, key))
            if not isinstance(edit, Remove):
                name = edit.name if isinstance(edit, Rename) else key
                yield name, self.rebuild(value, (*at, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The lines ``old`` from line ``line`` on, counted from 1, become the lines ``new``."""

    line: int
    old: Sequence[str]
    new: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A proposed rewrite of a file.

    ``before`` is the file's text, ``laid_out`` the same data in canonical layout, ``after`` the
    edited data in canonical layout.
    """

    path: str
    before: str
    laid_out: str
    after: str

    def diff(self) -> str | None:
        """Return the unified diff of the file; None where it is too long."""
        return unified(self.path, self.before, self.after)

    def changes(self) -> list[Change]:
        """Return the changed lines of the file."""
        return changes(self.before, self.after)

    def edits(self) -> list[Change]:
        """Return the changed lines without those that only the layout changes."""
        return changes(self.laid_out, self.after)


def changes(old: str, new: str) -> list[Change]:
    """Compare two texts line by line; lines keep their ends. Empty where they are too long."""
    one, other = _lines(old), _lines(new)
    if max(len(one), len(other)) > MAX_LINES:
        return []
    return [
        Change(line=begin + 1, old=one[begin:end], new=other[start:stop])
        for kind, begin, end, start, stop in SequenceMatcher(None, one, other).get_opcodes()
        if kind != "equal"
    ]


def unified(path: str, old: str, new: str, *, target: str = "") -> str | None:
    """Return the unified diff that ``git apply`` takes; None without a change or where too long.

    With ``target``, the file is renamed to it too.
    """
    one, other = _lines(old), _lines(new)
    if old == new or max(len(one), len(other)) > MAX_LINES:
        return None
    before, after = _name(f"a/{path}"), _name(f"b/{target or path}")
    renamed = [f"diff --git {before} {after}\n", f"rename from {path}\n", f"rename to {target}\n"]
    lines = [*(renamed if target else ()), *unified_diff(one, other, before, after)]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _name(path: str) -> str:
    """Write a path as git does: quoted where it has anything in it that ends or hides a name."""
    if path.isprintable() and not re.search(r'["\\]', path):
        return f"{path}\t" if " " in path else path
    written = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{written}"'
